"""Goods that come later fill no order now, and no promise is forgotten because it was made later."""

from datetime import timedelta

import pytest

from omo_adapters.shop import Shop, memory_shop
from omo_adapters.testing.samples import START, counted, line, moved, refund, sale
from omo_core.decisions import Accepted
from omo_core.fulfilment import OrderLine, PlacePickupOrder
from omo_core.identifiers import HoldId, LocationId, OrderId, RequestId, Sku
from omo_core.stock import AllocateLine, HoldUnits, Wanted
from tests.shell.asking import RULES

S1, TEE = LocationId("S1"), Sku("TEE")
JUNE = 60 * 24 * 150


@pytest.fixture
def shop() -> Shop:
    return memory_shop(RULES, now=lambda: START + timedelta(days=200))


def hold(shop: Shop, units: int, at: int, name: str = "h1") -> bool:
    when = START + timedelta(minutes=at)
    command = HoldUnits(
        request=RequestId(name), at=when, hold=HoldId(name), lines=(Wanted(sku=TEE, units=units),), location=S1,
        until=when + timedelta(days=1),
    )  # fmt: skip
    return isinstance(shop.execute(command), Accepted)


def test_a_delivery_in_june_can_be_held_in_june_and_not_in_january(shop: Shop) -> None:
    shop.record(moved(10, JUNE))
    assert not hold(shop, 1, 5, "january")
    assert hold(shop, 10, JUNE, "june")


def test_what_was_there_can_be_held_though_more_comes_later(shop: Shop) -> None:
    shop.record(counted(3, 0), moved(10, JUNE))
    assert not hold(shop, 4, 5, "four")
    assert hold(shop, 3, 5, "three")


def test_a_promise_made_later_counts(shop: Shop) -> None:
    shop.record(counted(3, 0), sale("o1", JUNE, line("1", units=2, handing="pickup", location="S1")))
    assert not hold(shop, 2, 5, "two")
    assert hold(shop, 1, 5, "one")


def test_units_given_up_in_june_are_promised_in_january(shop: Shop) -> None:
    shop.record(
        counted(3, 0),
        sale("o1", 1, line("1", units=2, handing="pickup", location="S1")),
        refund("r1", "o1", JUNE, units=2, restock="cancel"),
    )
    assert not hold(shop, 2, 5, "january")
    assert hold(shop, 3, JUNE, "june")


def test_no_pickup_is_placed_on_goods_of_june(shop: Shop) -> None:
    shop.record(moved(10, JUNE))
    wanted = OrderLine(line="1", sku=TEE, units=1, amount=100)
    command = PlacePickupOrder(
        request=RequestId("p1"), at=START, order=OrderId("o9"), location=S1, currency="HKD", lines=(wanted,)
    )
    assert not isinstance(shop.execute(command), Accepted)


def test_no_line_is_assigned_to_goods_of_june(shop: Shop) -> None:
    shop.record(sale("o1", 1, line("1", units=2, handing="ship")), moved(10, JUNE))
    command = AllocateLine(
        request=RequestId("a1"), at=START + timedelta(minutes=5), order="o1", line="1", sku=TEE, location=S1
    )
    assert not isinstance(shop.execute(command), Accepted)
