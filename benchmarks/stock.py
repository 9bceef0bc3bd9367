"""Everything that is measured about stock: ``python -m benchmarks.stock`` prints it.

``--save`` keeps what was measured in benchmarks/results/stock.json and writes docs/explanation/figures-stock.md from
what is kept. ``--quick`` measures the times again (minutes) and leaves the comparisons, which take long, as they were
kept; ``--full`` also imports a million articles; ``--short`` tries every part at a small size and keeps nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from benchmarks import balances, batches, crowd, sourcing, stock_import, stock_scale
from benchmarks.arms import fast_folder, machine
from benchmarks.stock_figures import KEPT, kept, write_page
from benchmarks.stock_import import apart

SKUS = 50_000
SKUS_FULL = 1_000_000


@frozen(kw_only=True)
class Size:
    """How much is measured."""

    instances: int = 1_000
    families: tuple[batches.Family, ...] = batches.FAMILIES
    articles: int = balances.SKUS
    checked: int = balances.CHECKED
    promises: int = 10_000
    locations: int = 500
    skus: int = SKUS
    rounds: int = crowd.ROUNDS
    processes: int = 2


SHORT = Size(
    instances=20,
    families=tuple(
        evolve(each, orders=12, locations=8, skus=10, seconds=3, solver_seconds=5, seeds=(1,))
        for each in batches.FAMILIES[-2:]
    ),
    articles=10,
    checked=3,
    promises=200,
    locations=500,
    skus=500,
    rounds=2,
    processes=1,
)


def _each(size: Size, work: Callable[..., dict[str, object]], **more: Any) -> Iterator[dict[str, object]]:
    for aims in sourcing.AIMS:
        for locations in sourcing.SIZES:
            yield work(aims, locations, size.instances, **more)


def _in_folder(work: Callable[[Path], object], *, fast: bool) -> object:
    with tempfile.TemporaryDirectory(dir=fast_folder() if fast else None) as folder:
        return work(Path(folder))


def parts(size: Size) -> Mapping[str, Callable[[], object]]:
    """Name every part, in the order in which they are measured."""
    return {
        "plan_times": lambda: list(_each(size, sourcing.timed)),
        "balance": lambda: balances.measured(size.articles, size.checked),
        "article": lambda: _in_folder(
            lambda folder: apart(stock_scale.measured, folder, size.locations, size.promises), fast=True
        ),
        "import": lambda: _in_folder(lambda folder: stock_import.measured(folder, size.skus), fast=True),
        "crowd": lambda: _in_folder(lambda folder: crowd.rounds(folder, size.rounds), fast=False),
        "plans": lambda: list(_each(size, sourcing.compared, processes=size.processes)),
        "batches": lambda: batches.run(size.families, size.processes),
        "import_full": lambda: _in_folder(lambda folder: stock_import.measured(folder, SKUS_FULL), fast=False),
    }


QUICK = ("plan_times", "balance", "article", "import")
LONG = (*QUICK, "crowd", "plans", "batches")


def _growing(found: object) -> Iterator[object]:
    """Give what was found; what is found row by row each time that there is one more, so that a long run loses none."""
    if not isinstance(found, Iterator):
        yield found
        return
    rows: list[object] = []
    for row in found:
        rows.append(row)
        yield list(rows)


def chosen(options: argparse.Namespace) -> tuple[str, ...]:
    """Say which parts are measured."""
    if options.only:
        return tuple(options.only)
    if options.quick:
        return QUICK
    return (*LONG, "import_full") if options.full else LONG


def main() -> int:
    """Measure, print, keep each part as soon as it is there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("only", nargs="*", help=f"some of {', '.join(parts(Size()))}; without a name all but the last")
    parser.add_argument("--save", action="store_true", help="keep what was measured and write the page")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--quick", action="store_true", help="only what takes minutes; the rest stays as it was kept")
    how.add_argument("--full", action="store_true", help="also a million articles in twenty locations")
    how.add_argument("--short", action="store_true", help="every part at a small size; keeps nothing")
    options = parser.parse_args()
    every = parts(SHORT if options.short else Size())
    unknown = [name for name in options.only if name not in every]
    if unknown or (options.short and options.save):
        parser.error(f"there is no {unknown[0]}" if unknown else "what is short is not kept")
    for name in chosen(options):
        about = {"machine": machine(), "niceness": os.nice(0)}
        for found in _growing(every[name]()):
            if options.save:
                told = {**about, "found": found}
                KEPT.write_text(json.dumps({**kept(), name: told}, indent=1) + "\n", "utf-8")
                write_page()
        sys.stdout.write(json.dumps({name: found}, indent=1) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
