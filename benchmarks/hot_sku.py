"""Everybody wants the same article: sixty-four callers hold units of one sku, against one caller doing so.

Every hold is decided on what is free after all earlier ones, so none of this can be done side by side; what helps is
that those who wait share one commit. The oversold check at the end is part of the benchmark.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from benchmarks.arms import Arm, Figure, Goal, Table, alternate, per_operation
from benchmarks.flush import delayed
from benchmarks.sale import CALLERS, flush_told
from benchmarks.workload import START, rules
from omo_adapters.shop import Shop, open_shop
from omo_core.decisions import Accepted
from omo_core.identifiers import EventId, HoldId, LocationId, RequestId, Sku
from omo_core.stock import HoldUnits, StockCounted, Wanted

SKU = Sku("HOT")
STORE = LocationId("S1")


def measure(folder: Path, delays: Sequence[int], rounds: int = 7, each: int = 10) -> list[Figure]:
    """Measure holds on one sku."""
    figures: list[Figure] = []
    for delay in delays:
        with delayed(delay):
            figures += _measure(folder, delay, rounds, each)
    return figures


def _measure(folder: Path, delay: int, rounds: int, each: int) -> list[Figure]:
    one, many = each * (5 if delay else 20), each * CALLERS
    shops = {arm: _stocked(folder / f"hot-{delay}-{arm}.sqlite3", rounds * many) for arm in ("one", "many")}
    numbers = {arm: count() for arm in shops}

    def hold(arm: str) -> Accepted:
        number = next(numbers[arm])
        answer = shops[arm].execute(_wish(number, START + timedelta(seconds=number)))
        if not isinstance(answer, Accepted):
            raise TypeError(f"there was stock, but: {answer}")
        return answer

    def alone(_: int) -> float:
        return per_operation(one, lambda: [hold("one") for _ in range(one)])

    def busy(_: int) -> None:
        for _ in range(each):
            hold("many")

    with ThreadPoolExecutor(CALLERS) as callers:

        def together(_: int) -> float:
            return per_operation(many, lambda: list(callers.map(busy, range(CALLERS))))

        seen = alternate([Arm("one", alone), Arm("many", together)], rounds)
    last = _wish(next(numbers["many"]), START + timedelta(days=1))
    if isinstance(shops["many"].execute(last), Accepted):
        raise TypeError("more was held than lay there")
    for shop in shops.values():
        shop.close()
    table = Table(section="Many callers", unit="hold", operations=many)
    what = f"{CALLERS} callers holding one hot article against one, {flush_told(delay)}"
    table.add(what, seen, ("many", "one"), Goal(bound=8) if delay else None)
    return table.figures


def _stocked(path: Path, units: int) -> Shop:
    shop = open_shop(path, rules())
    counted = StockCounted(id=EventId("count/1"), at=START - timedelta(days=1), sku=SKU, location=STORE, units=units)
    shop.record(counted)
    return shop


def _wish(number: int, at: datetime) -> HoldUnits:
    return HoldUnits(
        request=RequestId(f"hold-{number}"),
        at=at,
        hold=HoldId(f"cart-{number}"),
        lines=(Wanted(sku=SKU, units=1),),
        location=STORE,
        until=START + timedelta(days=30),
    )
