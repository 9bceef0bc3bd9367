"""What can't be kept is named, wherever it lies; what a fact says beyond what could be booked is kept as a misfit."""

import pytest

from omo_core.errors import Malformed
from omo_core.instants import EPOCH
from omo_core.kit_parts import KitPart
from omo_core.stock import Kit, PickedShort, StockSetAside, SupplyExpected, kits_in, opened
from omo_core.stock.reconciling import Stated, reconcile
from omo_core.stock.sequence import Waiting, in_sequence
from omo_core.trade import HandedLine, HandedOver, Refund, RefundLine
from tests.core.stock.shops import count, hold, move, on, shop, sold, source, transfer, web


def risks(world: object, **more: object) -> list[tuple[str, str | None, int, int]]:
    return [(risk.name, risk.location, risk.units, risk.promised) for risk in world.at_risk("TEE", **more)]


def test_a_web_order_that_the_till_sold_away_is_at_risk_in_the_pool() -> None:
    world = shop()
    world.record(count("S1", 2), web("W1", on(2), 2), sold("C1", on(3), 2))
    assert risks(world) == [("W1/1", None, 2, 2)]
    world.record(move("in", on(4), "WH", 1))
    assert risks(world) == [("W1/1", None, 1, 2)]


def test_only_what_is_short_is_at_risk_and_where_it_is() -> None:
    world = shop()
    world.record(count("S1", 3), count("WH", 2), web("W1", on(2), 5))
    world.execute(source("p", "W1", ("S1", 3), ("WH", 2)))
    world.record(sold("C1", on(6), 1))
    assert risks(world) == [("W1/1", "S1", 1, 3)]


def test_what_is_set_aside_held_or_leaving_keeps_no_promise() -> None:
    world = shop(pool=())
    world.record(count("S1", 4))
    world.execute(hold("B1", on(2), 1, until=on(20), location="S1"))
    world.execute(transfer("t", "T1", 1, on(3), origin="S1", destination="S2"))
    world.record(
        web("W1", on(4), 2, "S1"), StockSetAside(id="a", at=on(5), sku="TEE", location="S1", units=1, reason="damaged")
    )
    assert risks(world, as_of=on(6)) == [("W1/1", "S1", 1, 2)]
    world.record(sold("C1", on(6), 2))
    assert risks(world, as_of=on(7)) == [("transfer/T1", "S1", 1, 1), ("W1/1", "S1", 2, 2)]


def test_a_promise_that_waits_for_a_delivery_says_until_when() -> None:
    world = shop(pool=("WH",))
    world.record(
        count("WH", 1),
        web("W1", on(2), 3),
        SupplyExpected(id="po", at=on(1), sku="TEE", units=1, document="PO", location="WH", due_at=on(20)),
    )
    (risk,) = world.at_risk("TEE", as_of=on(3))
    assert (risk.units, risk.promised, risk.expected) == (2, 3, ((on(20), 1),))


def parcel(name: str, units: int, *, line: str = "1", allocation: str = "", day: int = 5) -> HandedOver:
    handed = HandedLine(line=line, sku="TEE", units=units, allocation=allocation)
    return HandedOver(id=name, at=on(day), order="W1", location="S1", how="shipped", lines=(handed,))


def misfits(world: object) -> list[tuple[str, str, int]]:
    return [(one.event, one.what, one.units) for one in world.misfits("TEE")]


def test_a_parcel_of_more_than_was_ordered_books_what_was_and_keeps_the_rest_in_mind() -> None:
    world = shop()
    world.record(count("S1", 9), web("W1", on(2), 3), parcel("p", 5))
    assert world.stock("TEE").on_hand("S1") == 6
    assert misfits(world) == [("p", "not_awaited", 2)]


def test_a_parcel_for_an_allocation_that_nobody_made_is_noted() -> None:
    world = shop()
    world.record(count("S1", 9), web("W1", on(2), 3), parcel("p", 1, allocation="plan/7"), parcel("q", 1, line="9"))
    assert world.stock("TEE").on_hand("S1") == 8
    assert misfits(world) == [("p", "unknown_allocation", 1), ("q", "not_awaited", 1)]


def test_letting_go_what_nobody_waits_for_is_noted() -> None:
    world = shop()
    back = RefundLine(line="1", sku="TEE", units=2, amount=0, restock="cancel")
    world.record(count("S1", 9), web("W1", on(2), 1))
    world.record(Refund(id="r", at=on(3), order="W1", currency="HKD", lines=(back,)))
    assert misfits(world) == [("r", "not_awaited", 1)]
    assert world.stock("TEE").allocated(None) == 0


def test_what_left_with_its_sale_may_be_reported_again() -> None:
    world = shop()
    world.record(count("S1", 9), sold("W1", on(2), 1), parcel("p", 1))
    assert (misfits(world), world.stock("TEE").on_hand("S1")) == ([], 8)


def test_what_comes_back_beyond_what_left_is_booked_and_noted() -> None:
    world = shop()
    world.record(count("S1", 9), web("W1", on(2), 3), parcel("p", 2), sold("C1", on(3), 1, also=("till/7",)))

    def back(name: str, order: str, units: int, day: int) -> Refund:
        line = RefundLine(line="1", sku="TEE", units=units, amount=0, restock="return", location="S1")
        return Refund(id=name, at=on(day), order=order, currency="HKD", lines=(line,))

    world.record(back("r1", "W1", 1, 6), back("r2", "W1", 4, 7), back("r3", "till/7", 1, 6), back("r4", "C1", 1, 7))
    world.record(back("r5", "nobody", 2, 8))  # bought before omo heard of anything
    assert world.stock("TEE").on_hand("S1") == 9 - 2 - 1 + 1 + 4 + 1 + 1 + 2
    assert misfits(world) == [("r2", "more_than_left", 3), ("r4", "more_than_left", 1)]


@pytest.mark.parametrize("effect", ["missing", "empty"])
def test_nobody_misses_more_than_lay_there(effect: str) -> None:
    world = shop()
    world.record(count("S1", 5), web("W1", on(2), 3, "S1"))
    short = {"order": "W1", "line": "1", "sku": "TEE", "location": "S1", "reason": "x", "effect": effect}
    world.record(PickedShort(id="s", at=on(3), units=9, **short))
    tees = world.stock("TEE")
    assert (tees.on_hand("S1"), tees.allocated("S1"), tees.allocated(None)) == (0, 0, 3)
    noted = misfits(world)
    assert ("s", "not_allocated_there", 6) in noted
    assert (("s", "more_than_lay_there", 4) in noted) is (effect == "missing")


def test_a_parcel_of_nothing_is_malformed() -> None:
    with pytest.raises(Malformed, match="lines"):
        shop().record(HandedOver(id="p", at=on(3), order="W1", location="S1", how="shipped", lines=()))


def test_a_unit_is_named_once() -> None:
    with pytest.raises(Malformed, match="serials: names a unit twice"):
        shop().record(move("m", on(3), "S1", 2, serials=("A1", "A1")))


def test_nobody_waits_for_less_than_nothing() -> None:
    with pytest.raises(Malformed, match="units"):
        in_sequence(5, [Waiting(name="a", units=-1, at=EPOCH)])
    with pytest.raises(Malformed, match="coming"):
        in_sequence(5, [], [(on(2), -1)])


def test_kits_in_kits_are_opened_once_each() -> None:
    deep = [
        Kit(sku=f"K{depth}", parts=tuple(KitPart(sku=f"K{depth + 1}", units=1) for _ in range(2)))
        for depth in range(29)
    ]
    assert opened(deep)["K0"] == (KitPart(sku="K29", units=2**29),)
    assert kits_in(opened(deep)["K27"], {"K29": 9}) == 2
    with pytest.raises(Malformed, match="takes more than"):
        opened([*deep, Kit(sku="K29", parts=(KitPart(sku="K30", units=2),))])
    shared = [
        Kit(sku=name, parts=tuple(KitPart(sku=part, units=1) for part in parts)) for name, parts in SHARED.items()
    ]
    assert {part.sku: part.units for part in opened(shared)["A"]} == {"D": 3, "E": 1}
    with pytest.raises(Malformed, match="contains itself"):
        opened([*shared, Kit(sku="D", parts=(KitPart(sku="B", units=1),))])


SHARED = {"A": ("C", "B", "E"), "B": ("C", "C"), "C": ("D",)}


def test_two_statements_of_one_place_that_contradict_each_other_are_malformed() -> None:
    world = shop()
    world.record(count("S1", 5))
    one, other = (Stated(sku="TEE", location="S1", units=units) for units in (5, 7))
    assert reconcile(world.stock("TEE"), [one, one], on(3)) == ()
    with pytest.raises(Malformed, match=r"stated\[1\]"):
        reconcile(world.stock("TEE"), [one, other], on(3))


def test_a_place_that_they_do_not_know_is_compared_on_their_own_basis() -> None:
    world = shop()
    world.record(count("S1", 7), count("WH", 1), web("W1", on(2), 2, "S1"))
    stated = [Stated(sku="TEE", location="WH", units=1, basis="available")]
    (missing,) = reconcile(world.stock("TEE"), stated, on(3))
    assert (missing.location, missing.why, missing.ours, missing.units) == ("S1", "unknown_there", 5, -5)
