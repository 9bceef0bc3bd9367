"""Plays the demo: ``python -m omo_adapters.demo [--out FOLDER] [--week FOLDER]``; ``make demo`` does it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from rich.console import Console

from omo_adapters.demo.bars import bars
from omo_adapters.demo.brand import DAYS, HOT, NAME
from omo_adapters.demo.deliveries_seen import arrivals
from omo_adapters.demo.member_story import CARD, member_story
from omo_adapters.demo.opening import DATABASE, REPORT, Stage, opened, week_folder
from omo_adapters.demo.proving import again, balanced, events_of, seen_twice, shuffled
from omo_adapters.demo.stock_story import hot_story
from omo_adapters.demo.taking_in import Week, play
from omo_adapters.demo.telling import command, console, heading, say, what_came_in, what_waits, what_was_asked
from omo_adapters.demo.telling_stories import debtor, one_article, one_member, proof
from omo_adapters.errors import AdapterError
from omo_adapters.reporting import gather, to_html
from omo_adapters.verifying import verify


def _arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make demo", description="A week of a small shop, and what omo says of it.")
    parser.add_argument("--out", type=Path, default=Path("out/demo"), help="where the shop is made (out/demo)")
    return parser.parse_args(given)


def main(given: Sequence[str]) -> int:
    """Make the shop, live through its week, and tell about it."""
    arguments = _arguments(given)
    out, began = console(), perf_counter()
    with week_folder() as week, opened(arguments.out, week) as stage:
        _introduce(out)
        lived = _live(out, stage)
        good = _tell(out, stage, lived)
    _farewell(out, arguments.out, perf_counter() - began)
    return 0 if good else 1


def _introduce(out: Console) -> None:
    out.print()
    out.print(f"[bold]{NAME}[/bold]  canvas bags and tees from Hong Kong: a web shop, three stores, a warehouse")
    say(out, "A made-up brand in the week of 9 to 15 November 2026, in the files that its systems really write.")


def _live(out: Console, stage: Stage) -> Week:
    heading(out, 1, "What came in")
    with bars(out, stage) as shown:
        return play(stage, shown)


def _tell(out: Console, stage: Stage, lived: Week) -> bool:
    events = events_of(stage)
    what_came_in(out, lived, arrivals(stage.week), seen_twice(events))
    heading(out, 2, "What was asked while a customer waited")
    what_was_asked(out, lived.told)
    heading(out, 3, "One member: web shop, LINE, two stores")
    one_member(out, member_story(stage))
    out.print()
    debtor(out, stage)
    heading(out, 4, "One bag: a warehouse and three stores")
    one_article(out, hot_story(stage))
    heading(out, 5, "What waits in quarantine, with its bytes")
    what_waits(out, stage.books.quarantine.open(), stage.folder)
    heading(out, 6, "What is proven")
    twice, mixed, sums = again(stage), shuffled(stage, events), balanced(stage, events)
    checked = verify(stage.shop, stage.database, stage.memos)
    proof(out, twice, mixed, sums, checked)
    found = gather(stage.shop, stage.database, stage.settings, stage.books)
    (stage.folder / REPORT).write_text(to_html(found), "utf-8")
    return not twice.new and mixed.here == mixed.there and checked.good


def _farewell(out: Console, folder: Path, seconds: float) -> None:
    shop, sunday = ("--db", folder / DATABASE), ("--as-of", DAYS[-1].isoformat())
    heading(out, 7, "Go on from here")
    command(out, "member", *shop, *sunday, "--why", CARD)
    command(out, "stock", *shop, *sunday, "--why", HOT.sku)
    command(out, "quarantine", "list", *shop)
    say(out, f"The week in charts, one page that needs no network: {folder / REPORT}")
    out.print()
    say(out, f"{seconds:.1f} seconds, one SQLite file, no network.")


def run() -> int:
    """Play, and end in a sentence where the folder can't be written or nobody reads on."""
    try:
        return main(sys.argv[1:])
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (OSError, AdapterError) as trouble:
        print(f"demo: {trouble}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(run())
