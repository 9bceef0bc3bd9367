"""One durable sale from webhook bytes to commit, against bare SQLite running the same statements.

Three ways in: one sale at a time, twenty in one batch, sixty-four callers at once; each with and without a flush that
takes a fixed time. All stores lie in memory (tmpfs) with ``synchronous=FULL``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from attrs import frozen

from benchmarks.arms import Arm, Comparison, Figure, Goal, Table, alternate, per_operation
from benchmarks.bare import BareStore, Statement, keep_statements
from benchmarks.flush import delayed
from benchmarks.workload import Delivery, deliveries, events_of, rules
from omo_adapters.shop import Shop, open_shop
from omo_core.events import Event
from omo_core.ports import Recorded

BATCH = 20
CALLERS = 64
T = TypeVar("T")


@frozen(kw_only=True)
class Size:
    """How much each arm does in a round."""

    rounds: int = 9
    sales: int = 400
    """At once without a delay; with it a quarter of that."""
    each: int = 15
    """What each of the callers sells."""


def measure(folder: Path, delays: Sequence[int], size: Size | None = None) -> list[Figure]:
    """Measure sales one by one, in batches, and from many callers."""
    size = size or Size()
    figures: list[Figure] = []
    for delay in delays:
        count = size.sales // 4 if delay else size.sales
        with delayed(delay):
            figures += _against_bare(folder, delay, 1, count, size.rounds)
            figures += _against_bare(folder, delay, BATCH, max(BATCH, size.sales // BATCH * BATCH), size.rounds)
            figures += _callers(folder, delay, size)
    return figures


def flush_told(delay: int) -> str:
    """Name a regime."""
    return f"flush {delay / 1000:g} ms" if delay else "no flush delay"


def _parted(things: Sequence[T], size: int) -> list[Sequence[T]]:
    return [things[start : start + size] for start in range(0, len(things), size)]


def _rehearsed(folder: Path, batches: Sequence[Sequence[Event]]) -> list[list[Statement]]:
    """Let omo do all the work once, and give the statements that each batch came to."""
    shop = open_shop(folder / "rehearsal.sqlite3", rules())
    database = shop.database
    if database is None:
        raise TypeError("a shop in a file has a database")
    keeping = keep_statements(database)
    statements = []
    for batch in batches:
        shop.record(*batch)
        statements.append(keeping.taken())
    shop.close()
    return statements


def _against_bare(folder: Path, delay: int, batch: int, count: int, rounds: int) -> list[Figure]:
    """Sell in batches of a size: from webhook bytes, from ready events, and the bare statements."""
    name = f"{batch}-{delay}"
    orders = _parted(deliveries(count * rounds), batch)
    ready = [tuple(event for order in part for event in events_of(order)) for part in orders]
    (folder / name).mkdir()
    statements = _rehearsed(folder / name, ready)
    from_bytes, from_events = (open_shop(folder / name / f"{arm}.sqlite3", rules()) for arm in ("bytes", "events"))
    bare = BareStore(folder / name / "bare.sqlite3")
    share = count // batch

    def all_of(work: Callable[[int], object]) -> Callable[[int], float]:
        def run(turn: int) -> float:
            todo = range(turn * share, (turn + 1) * share)
            return per_operation(count, lambda: [work(place) for place in todo])

        return run

    seen = alternate(
        [
            Arm("bare", all_of(lambda place: bare.run(statements[place]))),
            Arm("events", all_of(lambda place: from_events.record(*ready[place]))),
            Arm("bytes", all_of(lambda place: _sell(from_bytes, orders[place]))),
        ],
        rounds,
    )
    for store in (from_bytes, from_events, bare):
        store.close()
    title = "one sale" if batch == 1 else f"batch of {batch} sales"
    table = Table(section="Durable sales against bare SQLite", unit="sale", operations=count)
    goal = Goal(bound=0.4 if batch > 1 else 0.8 if delay else 0.5)
    table.add(f"{title} from webhook bytes, {flush_told(delay)}", seen, ("bytes", "bare"), goal)
    table.add(f"{title} from ready events, {flush_told(delay)}", seen, ("events", "bare"), goal)
    return table.figures


def _sell(shop: Shop, orders: Sequence[Delivery]) -> Recorded:
    return shop.record(*(event for order in orders for event in events_of(order)))


def _callers(folder: Path, delay: int, size: Size) -> list[Figure]:
    """Sell from many threads at once, each waiting until its own sale is durable."""
    from_bytes = _many(folder, f"bytes-{delay}", delay, size, events_of)
    translated = {id(order): events_of(order) for order in from_bytes.orders}
    from_events = _many(folder, f"events-{delay}", delay, size, lambda order: translated[id(order)], from_bytes.orders)
    table = Table(section="Many callers", unit="sale", operations=size.each * CALLERS)
    goal = Goal(bound=8) if delay else None
    for way, many in (("webhook bytes", from_bytes), ("ready events", from_events)):
        what = f"{CALLERS} callers selling from {way} against one, {flush_told(delay)}"
        table.add(what, many.seen, ("many", "one"), goal)
    return table.figures


@frozen
class _Callers:
    seen: Comparison
    orders: list[Delivery]


def _many(
    folder: Path,
    name: str,
    delay: int,
    size: Size,
    read: Callable[[Delivery], Sequence[Event]],
    orders: list[Delivery] | None = None,
) -> _Callers:
    alone_each, together_each = size.each * (4 if delay else 16), size.each * CALLERS
    one, many = (open_shop(folder / f"callers-{name}-{arm}.sqlite3", rules()) for arm in ("one", "many"))
    orders = orders or deliveries(max(alone_each, together_each) * size.rounds)

    def sell(shop: Shop, mine: Sequence[Delivery]) -> None:
        for order in mine:
            shop.record(*read(order))

    def alone(turn: int) -> float:
        mine = orders[turn * alone_each : (turn + 1) * alone_each]
        return per_operation(alone_each, lambda: sell(one, mine))

    with ThreadPoolExecutor(CALLERS) as callers:

        def together(turn: int) -> float:
            parts = _parted(orders[turn * together_each : (turn + 1) * together_each], size.each)
            return per_operation(together_each, lambda: list(callers.map(lambda mine: sell(many, mine), parts)))

        seen = alternate([Arm("one", alone), Arm("many", together)], size.rounds)
    one.close()
    many.close()
    return _Callers(seen, orders)
