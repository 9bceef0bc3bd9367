"""All quick benchmarks: ``python -m benchmarks.run`` prints their tables, and with ``--save`` keeps them.

Takes a few minutes. Every figure is a ratio between arms that took turns; ``benchmarks.completejourney`` is the long
one. See docs/explanation/figures.md for what the figures mean and what they came to.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import codec, fold, hot_sku, importing, lookup, sale
from benchmarks.arms import SEED, fast_folder, machine
from benchmarks.figures import cells, save
from benchmarks.flush import DELAY_US, preloaded, seen_delay_us, start_anew_with_shim

MODULE = "benchmarks.run"


def benchmarks(folder: Path, delays: tuple[int, ...], events: int) -> Mapping[str, Callable[[], list[Any]]]:
    """Name every benchmark."""
    return {
        "codec": codec.measure,
        "fold": lambda: fold.measure(folder),
        "importing": lambda: importing.measure(folder),
        "lookup": lambda: lookup.measure(events),
        "sale": lambda: sale.measure(folder, delays),
        "hot_sku": lambda: hot_sku.measure(folder, delays),
    }


def run(only: list[str], events: int, without_delay: str) -> dict[str, Any]:
    """Run the benchmarks and give everything that was measured."""
    delays = (0, DELAY_US) if preloaded() else (0,)
    told: dict[str, Any] = {
        "machine": machine(),
        "seed": SEED,
        "flush_delay_us": {"asked": DELAY_US, "seen": round(seen_delay_us(DELAY_US))} if preloaded() else None,
        "without_delay": without_delay,
        "events_in_lookup": events,
        "figures": [],
        "lookup": [],
    }
    with tempfile.TemporaryDirectory(dir=fast_folder()) as folder:
        for name, measure in benchmarks(Path(folder), delays, events).items():
            if only and name not in only:
                continue
            started = time.monotonic()
            kind = "lookup" if name == "lookup" else "figures"
            told[kind] += [figure.told() for figure in measure()]
            print(f"  {name}: {time.monotonic() - started:.0f} s", file=sys.stderr)
    return told


def show(told: Mapping[str, Any]) -> None:
    """Print the tables."""
    console = Console(width=150)
    for section, rows in cells(told).items():
        table = Table(*rows[0], title=section, title_justify="left")
        for row in rows[1:]:
            table.add_row(*row)
        console.print(table)


def main() -> int:
    """Run, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("only", nargs="*", help="codec, fold, importing, lookup, sale, hot_sku; all without a name")
    parser.add_argument("--events", type=int, default=lookup.EVENTS, help="how large a store lookups search")
    parser.add_argument("--save", action="store_true", help="write benchmarks/results and docs/explanation/figures.md")
    options = parser.parse_args()
    without_delay = start_anew_with_shim(MODULE)
    warnings.simplefilter("ignore", DeprecationWarning)  # of what is compared with
    told = run(options.only, options.events, without_delay)
    show(told)
    if options.save and not options.only:
        save("bench", told)
    return 0


if __name__ == "__main__":
    sys.exit(main())
