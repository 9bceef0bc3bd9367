"""Eight processes and one article that everybody wants: asked as one decision, or looked at and then written.

Both arms have the same shop, stock, demand and callers, who begin at one moment and then go as fast as they can. The
one asks omo (``HoldUnits``), the other is what is easily written by hand: look what is free, and if there is enough,
write down that it is held. Nothing is staged in between; what is lost there is lost because others came between.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from benchmarks.workload import rules
from omo_adapters.shop import Shop, open_shop
from omo_core.decisions import Accepted
from omo_core.identifiers import EventId, HoldId, LocationId, RequestId, Sku
from omo_core.stock import HoldUnits, StockCounted, UnitsHeld, Wanted

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier

PROCESSES = 8
ROUNDS = 10
AT = datetime(2026, 1, 5, tzinfo=UTC)
UNTIL = AT + timedelta(hours=1)
TEE, STORE = Sku("TEE"), LocationId("S1")
Way = Callable[[Shop, int, int], bool]


def ask(shop: Shop, who: int, number: int) -> bool:
    """Ask for one unit, as one decision."""
    command = HoldUnits(
        request=RequestId(f"r{who}/{number}"),
        at=AT,
        hold=HoldId(f"h{who}/{number}"),
        lines=(Wanted(sku=TEE, units=1),),
        until=UNTIL,
    )
    return isinstance(shop.execute(command), Accepted)


def look_then_write(shop: Shop, who: int, number: int) -> bool:
    """The control: look, then write; nothing ties the two together."""
    if shop.stock(TEE).free(STORE, AT) < 1:
        return False
    hold = UnitsHeld(
        id=EventId(f"hold/{who}/{number}"),
        at=AT,
        hold=HoldId(f"h{who}/{number}"),
        sku=TEE,
        units=1,
        location=STORE,
        until=UNTIL,
    )
    shop.record(hold)
    return True


@frozen(kw_only=True)
class Round:
    """What came of one crowd."""

    stock: int
    demand: int
    sold: int
    """How often somebody was told yes."""
    held: int
    """What the shop says is held afterwards."""

    @property
    def oversold(self) -> int:
        """Give how many were promised that were not there."""
        return max(0, self.sold - self.stock)

    def told(self) -> dict[str, int]:
        """Give it for JSON."""
        return {"stock": self.stock, "demand": self.demand, "sold": self.sold, "held": self.held}


def crowd(path: Path, stock: int, times: int, way: Way) -> Round:
    """Let eight processes want so many units each, all at once."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["omo_adapters.shop"])
    meet, results = context.Barrier(PROCESSES), context.Queue()
    with open_shop(path, rules(), now=lambda: AT) as shop:
        shop.record(StockCounted(id=EventId("count/1"), at=AT, sku=TEE, location=STORE, units=stock))
        callers = [
            context.Process(target=_sell, args=(path, who, times, meet, results, way)) for who in range(PROCESSES)
        ]
        for caller in callers:
            caller.start()
        sold = sum(results.get(timeout=100) for _ in callers)
        for caller in callers:
            caller.join()
        article = shop.stock(TEE)
        held = article.held(STORE, AT) + article.held(None, AT)
    return Round(stock=stock, demand=PROCESSES * times, sold=sold, held=held)


def _sell(path: Path, who: int, times: int, meet: Barrier, results: Any, way: Way) -> None:
    with open_shop(path, rules(), now=lambda: AT) as shop:
        shop.stock(TEE)
        meet.wait(timeout=60)
        results.put(sum(way(shop, who, number) for number in range(times)))


def rounds(folder: Path, count: int = ROUNDS, times: int = 15) -> list[dict[str, object]]:
    """Let both arms sell ever more stock to the same demand; the last round has enough for everybody."""
    told = []
    for number in range(count):
        stock = 6 + 6 * number if number < count - 1 else PROCESSES * times
        careful = crowd(folder / f"asked-{number}.sqlite3", stock, times, ask)
        naive = crowd(folder / f"written-{number}.sqlite3", stock, times, look_then_write)
        told.append({"asked": careful.told(), "looked_then_wrote": naive.told()})
    return told
