"""Eight processes and one article that everybody wants: what is sold is the smaller of stock and demand.

The control beside it has the same shop, stock, demand and callers; it looks and then writes, and it must oversell, or
the test would show nothing.
"""

from pathlib import Path

import pytest

from benchmarks.crowd import PROCESSES, ROUNDS, ask, crowd, look_then_write


def sells_what_there_is(folder: Path, stock: int, times: int) -> None:
    careful = crowd(folder / "asked.sqlite3", stock, times, ask)
    assert careful.demand == PROCESSES * times
    assert careful.sold == careful.held == min(stock, careful.demand)


def oversells(folder: Path, stock: int, times: int) -> None:
    naive = crowd(folder / "written.sqlite3", stock, times, look_then_write)
    assert naive.held == naive.sold
    assert naive.oversold > 0


def test_eight_processes_sell_what_there_is_and_without_one_decision_they_oversell(tmp_path: Path) -> None:
    sells_what_there_is(tmp_path, stock=15, times=5)
    oversells(tmp_path, stock=15, times=5)


def test_what_is_there_for_everybody_is_sold_to_everybody(tmp_path: Path) -> None:
    sells_what_there_is(tmp_path, stock=45, times=5)


@pytest.mark.long
@pytest.mark.parametrize("attempt", range(ROUNDS))
def test_ten_rounds_of_eight_processes(tmp_path: Path, attempt: int) -> None:
    stock = 6 + 6 * attempt
    sells_what_there_is(tmp_path, stock, times=15)
    oversells(tmp_path, stock, times=15)
