"""What is neither fact nor command, or says no instant, is refused before anything is written."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest

from omo_adapters.errors import StoreUnavailable
from omo_adapters.shop import Shop, memory_shop, open_shop
from omo_adapters.testing.samples import START, granted, sale
from omo_core.errors import Malformed
from omo_core.identifiers import EventId, OrderId, ProfileId, RequestId, Sku
from omo_core.loyalty import RedeemPoints
from omo_core.ports import Recorded
from omo_core.purchases import Cancelled
from tests.shell.asking import RULES

NOW = START + timedelta(days=1)
ASKED = RedeemPoints(request=RequestId("r1"), at=START, profile=ProfileId("p1"), points=10)


@pytest.fixture
def shop() -> Shop:
    return memory_shop(RULES, now=lambda: NOW)


def test_a_fact_is_not_executed(shop: Shop) -> None:
    with pytest.raises(Malformed, match="record takes what happened"):
        shop.execute(granted("g1", 100))  # type: ignore[arg-type]
    assert shop.history(ProfileId("p1")) == ()


def test_a_command_is_not_recorded(shop: Shop) -> None:
    shop.record(granted("g1", 100))
    with pytest.raises(Malformed, match="execute takes commands"):
        shop.record(ASKED)  # type: ignore[arg-type]
    assert shop.account(ProfileId("p1")).spendable == 100


@pytest.mark.parametrize("item", [None, "sale", object()])
def test_what_is_neither_is_refused(shop: Shop, item: object) -> None:
    with pytest.raises(Malformed, match="neither an event nor a command"):
        shop.run([item])  # type: ignore[list-item]


def test_a_derived_event_is_not_stored(shop: Shop) -> None:
    with pytest.raises(Malformed, match="Cancelled is not an event that omo stores"):
        shop.record(Cancelled(id=EventId("c"), at=START, order=OrderId("o")))


def test_recording_nothing_gives_nothing_new(shop: Shop) -> None:
    assert shop.record() == Recorded(position=0)


NAIVE = datetime(2026, 1, 5)  # noqa: DTZ001  (on purpose)
QUESTIONS: list[Callable[..., object]] = [
    lambda shop, **when: shop.account(ProfileId("p1"), **when),
    lambda shop, **when: shop.statement(ProfileId("p1"), **when),
    lambda shop, **when: shop.stock(Sku("TEE"), **when),
    lambda shop, **when: shop.stock_ledger(Sku("TEE"), **when),
    lambda shop, **when: shop.order(OrderId("o"), **when),
]


@pytest.mark.parametrize("path", ["as_of", "known_at"])
@pytest.mark.parametrize("ask", QUESTIONS)
def test_an_instant_without_a_zone_is_refused(shop: Shop, ask: Callable[..., object], path: str) -> None:
    with pytest.raises(Malformed, match=f"^{path}: "):
        ask(shop, **{path: NAIVE})


def test_a_closed_shop_says_that_it_is_closed(tmp_path: Path) -> None:
    shop = open_shop(tmp_path / "shop.db", RULES)
    shop.record(granted("g1", 100))
    shop.close()
    shop.close()
    for ask in (lambda: shop.record(granted("g2", 1)), lambda: shop.account(ProfileId("p1"))):
        with pytest.raises(StoreUnavailable, match="is closed"):
            ask()


def test_nobody_gets_the_outcome_of_others_whose_facts_were_written_with_theirs(shop: Shop) -> None:
    """Whoever is written together with others hears of their own facts only."""
    together, outcomes = Barrier(8), dict[str, Recorded]()

    def call(name: str) -> None:
        together.wait()
        for count in range(20):
            outcome = shop.record(sale(f"{name}-{count}"))
            outcomes[f"{name}-{count}"] = outcome

    threads = [Thread(target=call, args=(f"till{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(len(outcome.new) == 1 and name in outcome.new[0] for name, outcome in outcomes.items())
