"""Laws 1, 2, 3, 4, 5 and 10 of stock on walks through a shop's day, in memory and in a database with kept states."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from omo_adapters.storage import memos
from tests.core.stock.walking import StockWalk


class InDatabase(StockWalk):
    """Every state is kept beside the journal, and read back when it was forgotten in memory."""

    store = "sqlite"


def walk(kind: type[StockWalk], **wishes: object) -> None:
    """Walk as often and as far as the profile says."""
    usual = {"deadline": None, "suppress_health_check": list(HealthCheck)}
    run_state_machine_as_test(kind, settings=settings(**{**usual, **wishes}))


def test_the_laws_of_stock_hold_on_every_walk() -> None:
    walk(StockWalk)


def test_the_laws_of_stock_hold_in_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memos, "WORTH_KEEPING", 1)
    walk(InDatabase)


@pytest.mark.long
@pytest.mark.parametrize("kind", [StockWalk, InDatabase])
def test_the_laws_of_stock_at_length(kind: type[StockWalk], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memos, "WORTH_KEEPING", 1)
    walk(kind)
