"""Which real documents omo reads: ``python -m benchmarks.fixtures_table [FOLDER]`` counts what becomes of each.

The folder is the one of public samples that stands beside the repository (or where ``OMO_SHARED`` says): Shopify's
documented webhook bodies, POSLog files of tills in use, ARTS digital receipts. With ``--all`` every document has its
own line.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from attrs import frozen
from rich.console import Console
from rich.table import Table

from omo_adapters.inbound import Context, Ignored, NotUnderstood, Parcel, Understood
from omo_adapters.pos import read_digital_receipt, read_poslog
from omo_adapters.shopify.fixtures import fixture_table

CONTEXT = Context(key=b"sample documents, sample fingerprints", currency="USD", zone="America/New_York", region="US")
Reader = Callable[[BinaryIO, Context], Iterator[Parcel]]


@frozen
class Seen:
    """What became of one document."""

    source: str
    kind: str
    outcome: str
    what: str


def documents(folder: Path) -> Iterator[Seen]:
    """Read every sample that omo has a reader for."""
    for samples in sorted(folder.glob("shopify-webhook-docs/*")) + sorted(folder.glob("shopify-derived")):
        for row in fixture_table(samples):
            yield Seen(samples.name, row.topic, row.outcome, row.what)
    yield from _parcels(folder.glob("poslog-*/*.xml"), read_poslog)
    yield from _parcels(folder.glob("arts-digital-receipt-*/*.xml"), read_digital_receipt)


def _parcels(paths: Iterable[Path], reader: Reader) -> Iterator[Seen]:
    for path in sorted(paths):
        with path.open("rb") as stream:
            for parcel in reader(stream, CONTEXT):
                yield Seen(path.parent.name, parcel.kind, *_outcome(parcel))


def _outcome(parcel: Parcel) -> tuple[str, str]:
    match parcel.outcome:
        case Understood(events=events):
            return "recorded", ", ".join(event.kind for event in events)
        case Ignored(reason=reason):
            return "ignored", reason
        case NotUnderstood(path=path, reason=reason):
            return "quarantined", f"{path}: {reason}"


def show(seen: list[Seen], *, every: bool) -> None:
    """Print every document, or how many of each source came to what."""
    console = Console(width=150)
    if every:
        table = Table("source", "kind", "outcome", "what", box=None)
        for one in seen:
            table.add_row(one.source, one.kind, one.outcome, one.what)
    else:
        counts = Counter((one.source, one.outcome) for one in seen)
        table = Table("source", "recorded", "ignored", "quarantined", box=None)
        for source in dict.fromkeys(one.source for one in seen):
            table.add_row(source, *(str(counts[source, name]) for name in ("recorded", "ignored", "quarantined")))
    console.print(table)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    beside = Path(os.environ.get("OMO_SHARED", Path(__file__).parents[2] / "shared")) / "fixtures"
    parser.add_argument("folder", nargs="?", type=Path, default=beside)
    parser.add_argument("--all", action="store_true", help="one line per document")
    options = parser.parse_args()
    if not options.folder.is_dir():
        print(f"there is no folder of samples at {options.folder}", file=sys.stderr)
        return 2
    show(list(documents(options.folder)), every=options.all)
    return 0


if __name__ == "__main__":
    sys.exit(main())
