"""One article in very many locations with very many open promises, in a shop in a SQLite file.

What a question, a promise, a commitment and a release take there, each durable when it returns; from nothing, from the
state kept beside the journal, and from the one kept in memory. The file lies in memory (tmpfs), so no disk is measured.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import median

from benchmarks.arms import peak_rss_mib
from benchmarks.workload import rules
from omo_adapters.codecs.memos import encode_stock
from omo_adapters.shop import Shop, open_shop
from omo_adapters.storage.memos import SqliteMemos
from omo_core.decisions import Accepted, Command
from omo_core.events import Event
from omo_core.identifiers import EventId, HoldId, LocationId, OrderId, RequestId, Sku
from omo_core.stock import (
    AllocateLine,
    HoldUnits,
    OrderTransfer,
    ReleaseHold,
    StockCounted,
    TransferId,
    Wanted,
    positions,
)
from omo_core.trade import Sale, SaleLine

AT = datetime(2026, 1, 5, tzinfo=UTC)
TEE = Sku("TEE")
UNITS = 1_000


def history(locations: int, promises: int) -> Iterator[Event]:
    """A count in each location, and so many orders of one unit that wait for it."""
    for number in range(locations):
        place = LocationId(f"L{number:03d}")
        yield StockCounted(id=EventId(f"c/{number}"), at=AT, sku=TEE, location=place, units=UNITS)
    for number in range(promises):
        yield Sale(
            id=EventId(f"s/{number}"),
            at=AT + timedelta(seconds=number),
            order=OrderId(f"o{number}"),
            currency="HKD",
            lines=(SaleLine(line="1", sku=TEE, units=1, amount=1, handing="ship"),),
        )


def spread(times: Sequence[float]) -> dict[str, float]:
    """Sum up seconds as milliseconds."""
    ordered = sorted(1_000 * each for each in times)
    return {"median_ms": median(ordered), "p99_ms": ordered[int(len(ordered) * 0.99)], "times": len(ordered)}


def repeated(times: int, work: Callable[[], object]) -> dict[str, float]:
    """Do a piece of work so many times."""
    seconds = []
    for _ in range(times):
        before = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - before)
    return spread(seconds)


def measured(folder: Path, locations: int = 500, promises: int = 10_000, times: int = 200) -> dict[str, object]:
    """Measure everything about the one article."""
    events = list(history(locations, promises))
    folded = repeated(5, lambda: positions(TEE, events))
    tracemalloc.start()
    state = positions(TEE, events)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    with open_shop(folder / "article.sqlite3", rules()) as shop:
        before = time.perf_counter()
        for start in range(0, len(events), 500):
            shop.record(*events[start : start + 500])
        recorded = time.perf_counter() - before
        told = {
            "locations": locations,
            "promises": promises,
            "state_mib": held / 2**20,
            "memo_bytes": len(encode_stock(state)),
            "recorded_per_second": len(events) / recorded,
            "folded": folded,
            "questions": _questions(shop, locations),
            "commands": _commands(shop, min(times, promises)),
        }
    return {**told, "peak_rss_mib": peak_rss_mib()}


def _questions(shop: Shop, locations: int) -> dict[str, object]:
    """Ask what is free in every location and over all of them."""
    pool = [LocationId(f"L{number:03d}") for number in range(locations)]
    at = AT + timedelta(days=1)
    memos = SqliteMemos(shop.database, shop.rules)  # type: ignore[arg-type]  # it is in a file

    def ask() -> None:
        article = shop.stock(TEE)
        if sum(article.free(place, at) for place in pool) < article.free_in_pool(pool, at):
            raise SystemExit("the pool has more than its locations")

    def from_nothing() -> None:
        shop.forget_states()
        memos.drop()
        ask()

    def kept_beside() -> None:
        shop.forget_states()
        ask()

    return {
        "nothing kept: read and folded": repeated(5, from_nothing),
        "kept beside the journal": repeated(20, kept_beside),
        "kept in memory": repeated(200, ask),
    }


def _commands(shop: Shop, times: int) -> dict[str, object]:
    """Ask for things, one after the other; each answer is durable."""
    clock = count()

    def doing(make: Callable[[int, datetime], Command]) -> Callable[[], None]:
        numbers = count()

        def done() -> None:
            answer = shop.execute(make(next(numbers), AT + timedelta(days=1, seconds=next(clock))))
            if not isinstance(answer, Accepted):
                raise TypeError(f"there was stock, but: {answer}")

        return done

    return {name: repeated(times, doing(make)) for name, make in _ASKED.items()}


def _hold(number: int, at: datetime, location: LocationId | None = None) -> Command:
    name = f"{location or 'pool'}/{number}"
    return HoldUnits(
        request=RequestId(f"hold/{name}"),
        at=at,
        hold=HoldId(name),
        lines=(Wanted(sku=TEE, units=1),),
        location=location,
        until=at + timedelta(days=1),
    )


_ASKED: dict[str, Callable[[int, datetime], Command]] = {
    "promise in the pool": _hold,
    "promise in one location": lambda number, at: _hold(number, at, LocationId(f"L{number % 500:03d}")),
    "order line committed to a location": lambda number, at: AllocateLine(
        request=RequestId(f"allocate/{number}"),
        at=at,
        order=OrderId(f"o{number}"),
        line="1",
        sku=TEE,
        location=LocationId(f"L{number % 500:03d}"),
    ),
    "transfer ordered": lambda number, at: OrderTransfer(
        request=RequestId(f"transfer/{number}"),
        at=at,
        transfer=TransferId(f"t{number}"),
        origin=LocationId("L001"),
        destination=LocationId("L002"),
        lines=(Wanted(sku=TEE, units=1),),
    ),
    "promise released": lambda number, at: ReleaseHold(
        request=RequestId(f"release/{number}"), at=at, hold=HoldId(f"pool/{number}"), sku=TEE
    ),
}
