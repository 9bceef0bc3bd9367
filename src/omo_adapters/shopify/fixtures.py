"""What becomes of a folder of sample payloads, as a table: ``python -m omo_adapters.shopify.fixtures FOLDER``.

Samples are marked as test orders, which a shop's own import leaves out; here they are read like real ones.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Literal

from attrs import frozen
from rich.console import Console
from rich.table import Table

from omo_adapters.inbound import Context, Ignored, NotUnderstood, Outcome, Understood
from omo_adapters.shopify.topics import HANDLERS, Setting, learned_items, translate
from omo_adapters.shopify.webhooks import topic_of_path
from omo_core.errors import Malformed
from omo_core.identifiers import Sku

_KEY: Final = b"sample payloads, sample fingerprints"
_NOT_PAYLOADS: Final = frozenset({"schemas", "meta"})


@frozen
class Row:
    """What became of one sample."""

    version: str
    topic: str
    outcome: Literal["recorded", "ignored", "quarantined"]
    what: str


def fixture_table(folder: Path) -> list[Row]:
    """Read every sample below a folder; what its catalogue documents teach is known to all others."""
    samples = list(_samples(folder))
    items: dict[str, Sku] = {}
    for _, topic, raw in samples:
        items.update(_learned(topic, raw))
    setting = Setting(Context(key=_KEY, items=items), test_orders=True)
    return [_row(version, topic, translate(topic, raw, setting)) for version, topic, raw in samples]


def _samples(folder: Path) -> Iterator[tuple[str, str, bytes]]:
    for path in sorted(folder.rglob("*.json")):
        parts = path.relative_to(folder).parts
        if not _NOT_PAYLOADS.intersection(parts):
            version = parts[parts.index("payloads") - 1] if "payloads" in parts[1:] else folder.name
            topic = topic_of_path(parts) or _topic_of_name(parts[-1]) or "/".join(parts).removesuffix(".json")
            yield version, topic, _unwrapped(path.read_bytes())


def _topic_of_name(name: str) -> str:
    """Read the topic out of a name such as ``orders_create_pos_completed_hkd.json``."""
    return next((topic for topic in HANDLERS if name.startswith(f"{topic.replace('/', '_')}_")), "")


def _unwrapped(raw: bytes) -> bytes:
    """Take a sample out of its wrapping: an edited one says beside it what it was derived from."""
    outer = json.loads(raw, parse_float=str)
    if isinstance(outer, dict) and {"_derived_from", "payload"} <= outer.keys():
        return json.dumps(outer["payload"]).encode()
    return raw


def _learned(topic: str, raw: bytes) -> dict[str, Sku]:
    try:
        return dict(learned_items(topic, raw))
    except Malformed:
        return {}


def _row(version: str, topic: str, outcome: Outcome) -> Row:
    match outcome:
        case Understood():
            return Row(version, topic, "recorded", ", ".join(event.kind for event in outcome.events))
        case Ignored():
            return Row(version, topic, "ignored", outcome.reason)
        case NotUnderstood():
            return Row(version, topic, "quarantined", f"{outcome.path}: {outcome.reason}")


def main(arguments: Sequence[str]) -> int:
    """Print the table."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        Console(stderr=True).print("usage: python -m omo_adapters.shopify.fixtures FOLDER")
        return 2
    rows = fixture_table(Path(arguments[0]))
    table = Table("version", "topic", "outcome", "what", box=None, pad_edge=False)
    for row in rows:
        table.add_row(row.version, row.topic, row.outcome, row.what)
    console = Console()
    console.print(table)
    counts = (f"{sum(row.outcome == name for row in rows)} {name}" for name in ("recorded", "ignored", "quarantined"))
    console.print(f"{len(rows)} samples: {', '.join(counts)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
