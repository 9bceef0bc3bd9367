"""Points: events folded against a bare loop, an account after one new event against a full fold, a year's accounts.

``python -m benchmarks.loyalty`` prints the tables; ``--year`` adds all accounts of a real grocer's year on one and on
all cores; ``--save`` keeps what was measured and writes docs/explanation/figures-loyalty.md.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from attrs import evolve

from benchmarks import completejourney
from benchmarks.arms import Arm, Figure, Table, alternate, fast_folder, machine, peak_rss_mib, per_operation
from benchmarks.fold import PROFILE, history
from benchmarks.loyalty_figures import PAGE, RESULTS, page
from benchmarks.workload import programme, rules
from omo_adapters.codecs.memos import encode_person
from omo_adapters.shop import Shop, open_shop
from omo_adapters.states import read_person
from omo_core.events import Event
from omo_core.identifiers import EventId, OrderId, ProfileId
from omo_core.instants import start_of_day
from omo_core.loyalty import PointsRedeemed, fold
from omo_core.trade import Refund, Sale

EVENTS = 1_000


def bare_loop(events: Sequence[Event]) -> tuple[int, int]:
    """The least that anybody does with these events: look at each, add up what was paid and what was redeemed."""
    paid = redeemed = 0
    for event in events:
        if isinstance(event, Sale):
            for line in event.lines:
                paid += line.amount
        elif isinstance(event, Refund):
            for back in event.lines:
                paid -= back.amount
        elif isinstance(event, PointsRedeemed):
            redeemed += event.points
    return paid, redeemed


def folding(rounds: int, count: int = EVENTS) -> list[Figure]:
    """Events folded per second against the bare loop over the same decoded events."""
    events, rule = history(count), programme()
    table = Table(section="Events folded against a bare loop", unit="event", operations=count)
    again = max(1, 200_000 // count // 10)

    def looped(_: int) -> float:
        return per_operation(count * again, lambda: [bare_loop(events) for _ in range(again)])

    seen = alternate(
        [
            Arm("fold", lambda _: per_operation(count, lambda: fold(rule, events, {PROFILE}))),
            Arm("statement", lambda _: per_operation(count, lambda: fold(rule, events, {PROFILE}, lines=[]))),
            Arm("loop", looped),
        ],
        rounds,
    )
    table.add("folded into an account", seen, ("fold", "loop"), reading="time")
    table.add("with every line of the statement", seen, ("statement", "loop"), reading="time")
    return table.figures


def one_more(folder: Path, rounds: int, count: int = EVENTS) -> list[Figure]:
    """An account after one new event, by what is kept, against reading and folding everything."""
    events, identity = history(count), rules().identity
    clock = [events[-1].at]
    shop = open_shop(folder / "one-more.sqlite3", rules(), now=lambda: clock[0])
    shop.record(*events)
    shop.account(PROFILE)
    bought = next(event for event in reversed(events) if isinstance(event, Sale))
    fresh = iter(range(10_000))

    def another() -> None:
        number = next(fresh)
        clock[0] = at = events[-1].at + timedelta(hours=number + 1)
        name = OrderId(f"more:{number}")
        shop.record(evolve(bought, id=EventId(f"sale/{name}"), order=name, at=at))

    def kept(_: int) -> float:
        another()
        return per_operation(1, lambda: shop.account(PROFILE))

    def reopened(_: int) -> float:
        another()
        shop.forget_states()
        return per_operation(1, lambda: shop.account(PROFILE))

    def full(_: int) -> float:
        another()
        return per_operation(1, lambda: read_person(shop.journal, PROFILE, shop.rules.programmes, identity))

    folded = fold(programme(), events, {PROFILE})
    seen = alternate(
        [
            Arm("kept", kept),
            Arm("reopened", reopened),
            Arm("full", full),
            Arm("fold", lambda _: per_operation(1, lambda: fold(programme(), events, {PROFILE}))),
        ],
        rounds,
    )
    shop.close()
    section = f"An account of {count:,} events after one new event"
    table = Table(section=section, unit="account", operations=1)
    note = f"the kept state is {len(encode_person(_member(shop), {'points': folded})):,} bytes"
    table.add("kept in the process, against reading and folding all", seen, ("kept", "full"))
    table.add("kept beside the journal, new process, against the same", seen, ("reopened", "full"), note=note)
    table.add("kept in the process, against folding decoded events", seen, ("kept", "fold"))
    return table.figures


def _member(shop: Shop) -> Any:
    with open_shop(":memory:", rules()) as other:
        other.record(*history(10))
        member = other.member(PROFILE)
        if member is None:
            raise ValueError(f"nobody bears {PROFILE} in {shop}")
        return member


def memory(count: int = EVENTS) -> dict[str, int]:
    """How many bytes a folded account of so many events holds, and how many its events do."""
    events, rule = history(count), programme()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    kept = fold(rule, events, {PROFILE})
    held = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return {"events": count, "account_bytes": held, "lots": len(kept.ledger.lots)}


def year(folder: Path, baskets: int, rounds: int) -> dict[str, Any]:
    """All accounts of the year from the journal alone: one process, then one per core, taking turns."""
    path = folder / "year.sqlite3"
    with open_shop(path, completejourney.rules()) as shop:
        profiles, told = completejourney.import_year(shop, baskets)
    at = start_of_day(completejourney.DAYS[-1], completejourney.ZONE)
    seen: dict[str, list[float]] = {"one": [], "all": []}
    for turn in range(rounds):
        for arm in ("one", "all")[:: 1 if turn % 2 == 0 else -1]:
            seen[arm].append(_timed(arm, path, profiles, at))
    ratios = sorted(one / every for one, every in zip(seen["one"], seen["all"], strict=True))
    return {
        "accounts": len(profiles),
        "baskets": told["baskets"],
        "events": told["events"],
        "one_process_seconds": round(min(seen["one"]), 1),
        "all_cores_seconds": round(min(seen["all"]), 1),
        "ratio": {
            "median": round(ratios[len(ratios) // 2], 2),
            "low": round(ratios[0], 2),
            "high": round(ratios[-1], 2),
        },
        "rounds": rounds,
        "peak_rss_mib": round(peak_rss_mib()),
    }


def _timed(arm: str, path: Path, profiles: Sequence[ProfileId], at: Any) -> float:
    if arm == "all":
        return completejourney.derive_on_all_cores(path, profiles, at)
    started = time.perf_counter()
    completejourney.derive(path, profiles, at)
    return time.perf_counter() - started


def measure(folder: Path, rounds: int = 15, count: int = EVENTS) -> list[Figure]:
    """Measure everything but the year."""
    return [*folding(rounds, count), *one_more(folder, rounds, count)]


def main() -> int:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--year", action="store_true", help="also all accounts of the year")
    parser.add_argument("--baskets", type=int, default=completejourney.BASKETS)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--save", action="store_true", help="keep what was measured and write the page")
    options = parser.parse_args()
    kept = RESULTS / "loyalty.json"
    told: dict[str, Any] = {"machine": machine()}
    with tempfile.TemporaryDirectory(dir=fast_folder()) as folder:
        told["figures"] = [figure.told() for figure in measure(Path(folder), options.rounds)]
        told["memory"] = memory()
        if options.year:
            told["year"] = year(Path(folder), options.baskets, 3)
        elif kept.exists():
            told["year"] = json.loads(kept.read_text("utf-8")).get("year")
    if options.save:
        kept.write_text(json.dumps(told, indent=1, sort_keys=True) + "\n", "utf-8")
    text = page(told, json.loads((RESULTS / "laws.json").read_text("utf-8")))
    if options.save:
        PAGE.write_text(text, "utf-8")
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
