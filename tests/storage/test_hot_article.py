"""Eight processes and one article that everybody wants: what is sold is the smaller of stock and demand."""

import multiprocessing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from omo_adapters.desk import Rules
from omo_adapters.shop import Shop, open_shop
from omo_core.decisions import Accepted
from omo_core.stock import HoldUnits, StockCounted, UnitsHeld, Wanted
from tests.shell.asking import PROGRAMME

AT = datetime(2026, 1, 5, tzinfo=UTC)
PROCESSES = 8


def ask(shop: Shop, who: int, number: int) -> bool:
    """Ask for one unit, as one decision."""
    command = HoldUnits(
        request=f"r{who}/{number}",
        at=AT,
        hold=f"h{who}/{number}",
        lines=(Wanted(sku="TEE", units=1),),
        until=AT + timedelta(hours=1),
    )
    return isinstance(shop.execute(command), Accepted)


def naive(shop: Shop, who: int, number: int, meet: Any) -> bool:
    """The control: look, then write; nothing ties the two together."""
    free = shop.stock("TEE", as_of=AT).free("S1", AT)
    meet.wait(timeout=60)
    if free < 1:
        return False
    hold = UnitsHeld(
        id=f"hold/{who}/{number}",
        at=AT,
        hold=f"h{who}/{number}",
        sku="TEE",
        units=1,
        location="S1",
        until=AT + timedelta(hours=1),
    )
    shop.record(hold)
    return True


def sell(path: Path, who: int, times: int, meet: Any, results: Any, careful: bool) -> None:
    with open_shop(path, Rules(programme=PROGRAMME), now=lambda: AT) as shop:
        meet.wait(timeout=60)
        results.put(sum(ask(shop, who, n) if careful else naive(shop, who, n, meet) for n in range(times)))


def sold(path: Path, stock: int, times: int, *, careful: bool) -> int:
    """Let eight processes sell at once; gives how often they said yes."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["omo_adapters.shop"])
    meet, results = context.Barrier(PROCESSES), context.Queue()
    with open_shop(path, Rules(programme=PROGRAMME), now=lambda: AT) as shop:
        shop.record(StockCounted(id="count/1", at=AT, sku="TEE", location="S1", units=stock))
        crowd = [
            context.Process(target=sell, args=(path, who, times, meet, results, careful)) for who in range(PROCESSES)
        ]
        for each in crowd:
            each.start()
        yes = sum(results.get(timeout=100) for _ in crowd)
        for each in crowd:
            each.join()
        assert shop.stock("TEE").held("S1", AT) + shop.stock("TEE").held(None, AT) == yes
        return yes


@pytest.mark.parametrize(("stock", "times"), [(20, 5), (60, 5)])
def test_eight_processes_sell_the_smaller_of_stock_and_demand(tmp_path: Path, stock: int, times: int) -> None:
    assert sold(tmp_path / "shop.sqlite3", stock, times, careful=True) == min(stock, PROCESSES * times)


def test_without_one_decision_they_oversell(tmp_path: Path) -> None:
    assert sold(tmp_path / "shop.sqlite3", 5, 3, careful=False) > 5


@pytest.mark.long
@pytest.mark.parametrize("attempt", range(10))
def test_ten_rounds_of_eight_processes(tmp_path: Path, attempt: int) -> None:
    stock = 10 + 13 * attempt
    assert sold(tmp_path / "shop.sqlite3", stock, 15, careful=True) == min(stock, PROCESSES * 15)
    assert sold(tmp_path / "naive.sqlite3", 5, 3, careful=False) > 5
