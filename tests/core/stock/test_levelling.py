"""What rebalancing goes by: what lies there, sells, and will come without anybody's doing."""

from datetime import timedelta

import pytest

from omo_core.errors import Malformed
from omo_core.stock import Buffer, SupplyExpected, TransferSent
from omo_core.stock.balancing import Level
from omo_core.stock.levelling import Cover, levels_of
from tests.core.stock.shops import count, on, shop, sold, transfer, web, why

AT = on(20)
COVER = Cover(days=10, looking_back_days=10, display_min=1)


def levels(world, **more) -> dict[str, Level]:  # type: ignore[no-untyped-def]  # a shop, and whatever is asked
    found = levels_of(world.stock("TEE"), world.stock_ledger("TEE"), world.rules.stock, AT, COVER, **more)
    return {level.location: level for level in found}


def test_what_sold_in_the_days_looked_back_on_is_what_a_place_needs_more_of() -> None:
    world = shop()
    world.record(count("S1", 30), *(sold(f"C{n}", on(9 + n), 2) for n in range(11)))  # the first two are too long ago
    (store,) = levels(world).values()
    assert (store.free, store.sells) == (8, 1_800)
    assert (store.target, store.need, store.surplus) == (18, 10, 0)


def test_what_is_ordered_sent_or_expected_in_time_is_not_brought_again() -> None:
    world = shop(pool=("WH",))
    world.record(count("WH", 50), count("S1", 0))
    assert why(world.execute(transfer("t1", "T1", 4, on(2)))) == ""
    assert levels(world)["S1"].inbound == 4
    sent = {"at": on(3), "sku": "TEE", "transfer": "T1", "origin": "WH", "destination": "S1"}
    world.record(TransferSent(id="s1", units=3, **sent))
    assert levels(world)["S1"].inbound == 4

    def due(name: str, units: int, **when: object) -> SupplyExpected:
        told = {"at": on(4), "sku": "TEE", "location": "S1", "document": name}
        return SupplyExpected(id=name, units=units, **told, **when)

    world.record(due("in time", 10, due_at=AT + timedelta(days=10)), due("some day", 100))
    world.record(due("too late", 1_000, due_at=AT + timedelta(days=11)), due("overdue", 9_999, due_at=on(19)))
    assert levels(world)["S1"].inbound == 114


def test_what_others_wait_for_and_safety_stock_are_not_spared() -> None:
    world = shop(pool=("WH",), safety=(Buffer(location="WH", units=6),))
    world.record(count("WH", 10), web("W1", on(2), 3))
    (depot,) = levels(world).values()
    assert (depot.free, depot.spare, depot.target, depot.surplus) == (10, 7, 6, 4)
    world.record(web("W2", on(3), 4))
    (depot,) = levels(world).values()
    assert (depot.spare, depot.surplus) == (3, 3)


def test_a_place_that_never_had_it_has_a_level_when_it_is_named_once() -> None:
    world = shop()
    world.record(count("WH", 10))
    assert list(levels(world, also=("S9", "WH"))) == ["WH", "S9"]
    assert levels(world, also=("S9",))["S9"].need == 1


@pytest.mark.parametrize("wrong", [{"days": -1}, {"looking_back_days": 0}, {"display_min": -1}, {"days": 1.5}])
def test_a_wish_that_can_mean_nothing_is_malformed(wrong: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        levels_of(shop().stock("TEE"), (), shop().rules.stock, AT, Cover(**wrong))  # type: ignore[arg-type]
