"""Promises from the pool to the parcel: parts, picking, short picks, transfers, kits, lots, buffers, backorders."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from attrs import evolve

from omo_adapters.desk import Rules
from omo_adapters.shop import Shop, memory_shop
from omo_core.decisions import Accepted, Refused
from omo_core.errors import Malformed
from omo_core.kit_parts import KitPart
from omo_core.stock import (
    AllocateLine,
    Backorder,
    Buffer,
    From,
    HoldUnits,
    Kit,
    Measures,
    OrderTransfer,
    PickedShort,
    ReleaseHold,
    RenewHold,
    SerialsNamed,
    SourcedLine,
    SourceOrder,
    StartPicking,
    StockCounted,
    StockMoved,
    StockRules,
    SupplyExpected,
    TransferReceived,
    TransferSent,
    UnitsHeld,
    Wanted,
    kits_in,
)
from omo_core.stock.sequence import pool_sequence
from omo_core.stock.sourcing import confidence_of, needs_of, sites_with_stock
from omo_core.stock.sourcing.problem import Site
from omo_core.trade import HandedLine, HandedOver, Refund, RefundLine, Sale, SaleLine
from tests.shell.asking import PROGRAMME

POOL = ("S1", "S2", "WH")


def on(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 1, day, hour, tzinfo=UTC)


def shop(**rules: object) -> Shop:
    world = memory_shop(Rules(programme=PROGRAMME, stock=StockRules(pool=POOL, **rules)), now=lambda: on(28))
    world.record(*(count(place, units) for place, units in (("S1", 5), ("S2", 3), ("WH", 10))))
    return world


def count(place: str, units: int, day: int = 1, sku: str = "TEE") -> StockCounted:
    return StockCounted(id=f"count/{place}/{day}/{sku}", at=on(day), sku=sku, location=place, units=units)


def web_order(order: str, units: int, day: int = 2, sku: str = "TEE", **more: object) -> Sale:
    line = SaleLine(line="1", sku=sku, units=units, amount=100 * units, handing="ship", **more)
    return Sale(id=f"sale/{order}", at=on(day), order=order, currency="HKD", channel="web", lines=(line,))


def source(order: str, *parts: tuple[str, int], request: str = "plan", day: int = 3) -> SourceOrder:
    froms = tuple(From(location=place, units=units) for place, units in parts)
    return SourceOrder(request=request, at=on(day), order=order, lines=(SourcedLine(line="1", sku="TEE", parts=froms),))


def allocated(world: Shop) -> dict[str | None, int]:
    tees = world.stock("TEE")
    return {place: tees.allocated(place) for place in (*POOL, None) if tees.allocated(place)}


def why(answer: Accepted | Refused) -> str:
    return answer.reason.kind if isinstance(answer, Refused) else "accepted"


# --- committing and re-deciding --------------------------------------------------------------------------------------


def test_a_promise_goes_from_the_pool_to_locations_and_can_be_decided_again() -> None:
    world = shop()
    world.record(web_order("W1", 6))
    assert allocated(world) == {None: 6}
    assert why(world.execute(source("W1", ("S1", 4), ("S2", 2)))) == "accepted"
    assert allocated(world) == {"S1": 4, "S2": 2}
    assert why(world.execute(source("W1", ("WH", 6), request="again"))) == "accepted"
    assert allocated(world) == {"WH": 6}
    assert why(world.execute(source("W1", ("S1", 1), request="part"))) == "accepted"
    assert allocated(world) == {"S1": 1, None: 5}


def test_what_an_order_has_at_a_location_already_is_free_to_it() -> None:
    world = shop()
    world.record(web_order("W1", 5), web_order("W2", 1))
    assert why(world.execute(source("W1", ("S1", 5)))) == "accepted"
    assert why(world.execute(source("W1", ("S1", 5), request="again"))) == "accepted"
    assert why(world.execute(source("W2", ("S1", 1), request="other"))) == "not_enough_units"


def test_a_plan_that_gives_more_than_is_awaited_or_names_no_line_is_refused() -> None:
    world = shop()
    world.record(web_order("W1", 2))
    assert why(world.execute(source("W1", ("S1", 3)))) == "more_than_awaited"
    assert why(world.execute(source("W9", ("S1", 1), request="r2"))) == "line_unknown"


def test_once_picking_has_started_the_units_stay_where_they_are() -> None:
    world = shop()
    world.record(web_order("W1", 4))
    pick = StartPicking(request="pick", at=on(4), order="W1", location="S1", skus=("TEE",))
    assert why(world.execute(pick)) == "not_allocated_there"
    world.execute(source("W1", ("S1", 2), ("WH", 2)))
    assert why(world.execute(evolve(pick, request="pick2"))) == "accepted"
    assert why(world.execute(evolve(pick, request="pick3"))) == "picking_underway"
    assert why(world.execute(source("W1", ("S2", 2), request="again"))) == "accepted"
    assert allocated(world) == {"S1": 2, "S2": 2}
    move = AllocateLine(request="m", at=on(4), order="W1", line="1", sku="TEE", location="WH")
    assert why(world.execute(move)) == "accepted"  # what nobody picks may move
    assert allocated(world) == {"S1": 2, "WH": 2}
    assert why(world.execute(evolve(move, request="n", allocation="plan/1"))) == "picking_underway"


@pytest.mark.parametrize(
    ("effect", "on_hand", "free"), [("none", 5, 5), ("missing", 3, 3), ("empty", 0, 0), ("damaged", 5, 3)]
)
def test_a_short_pick_puts_the_line_back_and_corrects_the_shelf(effect: str, on_hand: int, free: int) -> None:
    world = shop()
    world.record(web_order("W1", 2))
    world.execute(source("W1", ("S1", 2)))
    short = PickedShort(
        id="short/1", at=on(5), order="W1", line="1", sku="TEE", location="S1", units=2, reason="x", effect=effect
    )
    world.record(short)
    tees = world.stock("TEE")
    assert (tees.on_hand("S1"), tees.free("S1", on(6)), allocated(world)) == (on_hand, free, {None: 2})
    assert tees.promises["W1", "1"].short_at == ["S1"]
    sites = sites_with_stock([Site(location=place) for place in POOL], {"TEE": tees}, "W1", on(6))
    assert [site.short_lines for site in sites] == [frozenset({"1"}), frozenset(), frozenset()]
    assert needs_of({"TEE": tees}, "W1")[0].units == 2
    trusted = confidence_of(tees, "S1")
    assert (trusted < 950) is (effect != "none")


def test_a_parcel_from_elsewhere_consumes_the_allocation_and_the_shelf_it_left() -> None:
    world = shop()
    world.record(web_order("W1", 3))
    world.execute(source("W1", ("S1", 2), ("WH", 1)))
    line = HandedLine(line="1", sku="TEE", units=2)
    world.record(HandedOver(id="p/1", at=on(5), order="W1", location="S2", how="shipped", lines=(line,)))
    tees = world.stock("TEE")
    assert (tees.on_hand("S1"), tees.on_hand("S2"), tees.on_hand("WH")) == (5, 1, 10)
    assert allocated(world) == {"WH": 1}
    back = RefundLine(line="1", sku="TEE", units=1, amount=100, restock="return", location="S1")
    world.record(Refund(id="r/1", at=on(9), order="W1", currency="HKD", lines=(back,)))
    assert world.stock("TEE").on_hand("S1") == 6


def test_a_named_allocation_is_the_one_that_is_consumed() -> None:
    world = shop()
    world.record(web_order("W1", 4))
    world.execute(source("W1", ("S1", 2), ("WH", 2)))
    line = HandedLine(line="1", sku="TEE", units=1, allocation="plan/2")
    world.record(HandedOver(id="p/1", at=on(5), order="W1", location="S1", how="shipped", lines=(line,)))
    assert allocated(world) == {"S1": 2, "WH": 1}


def moves(world: Shop) -> list[tuple[str, str | None, int, str]]:
    return [(one.allocation, one.location, one.units, one.what) for one in world.allocations("TEE")]


def test_the_book_names_the_allocation_that_each_movement_consumes() -> None:
    world = shop()
    world.record(web_order("W1", 6))
    world.execute(source("W1", ("S1", 4), ("S2", 2)))
    line = HandedLine(line="1", sku="TEE", units=1)
    let_go = RefundLine(line="1", sku="TEE", units=1, amount=0, restock="cancel", allocation="plan/1")
    world.record(
        HandedOver(id="p/1", at=on(4), order="W1", location="S1", how="shipped", lines=(line,)),
        Refund(id="r/1", at=on(5), order="W1", currency="HKD", lines=(let_go,)),
        PickedShort(
            id="s/1", at=on(6), order="W1", line="1", sku="TEE", location="S2", units=2, reason="x", allocation="plan/2"
        ),
    )
    assert moves(world) == [
        ("W1/1", None, 6, "promised"),
        ("W1/1", None, -6, "sourced"),
        ("plan/1", "S1", 4, "sourced"),
        ("plan/2", "S2", 2, "sourced"),
        ("plan/1", "S1", -1, "shipped"),
        ("plan/1", "S1", -1, "cancelled"),
        ("plan/2", "S2", -2, "picked short"),
        ("W1/1", None, 2, "picked short"),
    ]
    assert allocated(world) == {"S1": 2, None: 2}
    assert {one.event for one in world.allocations("TEE", as_of=on(4))} == {"sale/W1", "allocation/plan/1/TEE", "p/1"}


# --- holds -----------------------------------------------------------------------------------------------------------


def hold(units: int, *, request: str = "h1", day: int = 2, **more: object) -> HoldUnits:
    return HoldUnits(
        request=request,
        at=on(day),
        hold=more.pop("hold", "B1"),
        lines=(Wanted(sku=more.pop("sku", "TEE"), units=units),),
        until=on(day) + timedelta(minutes=15),
        **more,
    )


def test_a_hold_is_renewed_while_it_lives_and_must_be_made_anew_after() -> None:
    world = shop()
    world.execute(hold(18))
    renew = RenewHold(
        request="n1", at=on(2) + timedelta(minutes=10), hold="B1", skus=("TEE",), until=on(2) + timedelta(minutes=40)
    )
    assert why(world.execute(renew)) == "accepted"
    assert world.stock("TEE").held(None, on(2) + timedelta(minutes=30)) == 18
    late = evolve(renew, request="n2", at=on(3), until=on(4))
    assert why(world.execute(late)) == "hold_unknown"
    assert why(world.execute(hold(1, request="h2", day=3))) == "accepted"


def test_one_hold_may_hold_in_several_places_and_all_of_it_is_the_owners() -> None:
    world = shop()
    until = on(9)
    world.record(
        *(
            UnitsHeld(
                id=f"h/{basket}/{place}", at=on(2), hold=basket, sku="TEE", units=units, location=place, until=until
            )
            for basket, place, units in (("B1", "S1", 2), ("B1", "WH", 1), ("B2", "S1", 2), ("B1", None, 3))
        )
    )
    tees = world.stock("TEE", as_of=on(3))
    assert [tees.free(place, on(3)) for place in POOL] == [1, 3, 9]
    assert tees.free_in_pool(POOL, on(3)) == 10
    assert tees.free_in_pool(POOL, on(3), own="B1") == 16
    assert tees.free_in_pool(POOL, on(3), own=frozenset(("B1", "B2"))) == 18
    assert why(world.execute(hold(1, request="again", day=3))) == "hold_exists"
    renew = RenewHold(request="n", at=on(3), hold="B1", skus=("TEE",), until=on(12))
    assert why(world.execute(renew)) == "accepted"
    assert [world.stock("TEE").held(place, on(11)) for place in (*POOL, None)] == [2, 0, 1, 3]
    let_go = ReleaseHold(request="l", at=on(4), hold="B1", sku="TEE")
    assert why(world.execute(let_go)) == "accepted"
    assert [world.stock("TEE").held(place, on(5)) for place in (*POOL, None)] == [2, 0, 0, 0]
    assert why(world.execute(evolve(let_go, request="l2"))) == "hold_unknown"


def test_buffers_keep_a_channel_away_and_safety_stock_every_channel_but_not_the_counter() -> None:
    buffers = (
        Buffer(units=2),
        Buffer(channel="market", units=5),
        Buffer(channel="market", units=9, starts_at=on(10), ends_at=on(20)),
    )
    world = shop(buffers=buffers, safety=(Buffer(units=1), Buffer(location="S2", units=4)))
    # 18 in all; 1 stays in S1 and in WH, all 3 in S2; then 2 for everybody, 5 (9 in the middle of the month) for one.
    for channel, day, free in (("web", 2, 11), ("market", 3, 8), ("market", 12, 4), ("market", 21, 8)):
        for units, yes in ((free + 1, "not_enough_units"), (free, "accepted")):
            ask = hold(units, request=f"{channel}{day}{units}", hold=f"{channel}{day}", day=day, channel=channel)
            assert why(world.execute(ask)) == yes
    counter = hold(3, request="counter", hold="C", location="S2", day=25)
    assert why(world.execute(counter)) == "accepted"


def test_backorders_go_as_deep_as_allowed_and_receipts_fill_the_first_promise_first() -> None:
    world = shop(backorders=(Backorder(channel="web", depth=2, incoming=True),))
    world.record(SupplyExpected(id="po/1", at=on(1), document="PO1", sku="TEE", location="WH", units=4, due_at=on(20)))
    world.record(web_order("W1", 16, day=2), web_order("W2", 4, day=3))
    assert why(world.execute(hold(5, ahead=True, channel="web", day=4))) == "not_enough_units"
    assert why(world.execute(hold(4, ahead=True, channel="web", day=4, request="h2"))) == "accepted"
    assert why(world.execute(hold(1, channel="web", hold="B2", day=4, request="h3"))) == "not_enough_units"
    served = pool_sequence(world.stock("TEE"), world.rules.stock, on(4))
    assert [(one.name, one.now, one.later, one.uncovered) for one in served] == [
        ("W1/1", 16, (), 0),
        ("W2/1", 2, ((on(20), 2),), 0),
        ("hold/B1", 0, ((on(20), 2),), 2),
    ]
    world.record(StockMoved(id="m/1", at=on(5), sku="TEE", location="WH", units=1, reason="received", document="PO1"))
    served = pool_sequence(world.stock("TEE"), world.rules.stock, on(5))
    assert [(one.name, one.now, one.later) for one in served] == [("W1/1", 16, ()), ("W2/1", 3, ((on(20), 1),))]
    assert world.stock("TEE").incoming["PO1", "WH"].units == 3


# --- transfers, deliveries -------------------------------------------------------------------------------------------


def test_a_transfer_is_promised_sent_in_transit_received_and_tells_what_was_lost() -> None:
    world = shop()
    ask = OrderTransfer(
        request="t", at=on(2), transfer="T1", origin="WH", destination="S1", lines=(Wanted(sku="TEE", units=6),)
    )
    assert why(world.execute(evolve(ask, request="t0", lines=(Wanted(sku="TEE", units=11),)))) == "not_enough_units"
    assert why(world.execute(ask)) == "accepted"
    assert why(world.execute(evolve(ask, request="t2"))) == "transfer_exists"
    assert (world.stock("TEE").leaving("WH"), world.stock("TEE").free("WH", on(2))) == (6, 4)
    common = {"sku": "TEE", "transfer": "T1"}
    world.record(TransferSent(id="s/1", at=on(3), units=6, origin="WH", destination="S1", due_at=on(5), **common))
    tees = world.stock("TEE")
    assert (tees.leaving("WH"), tees.on_hand("WH"), tees.in_transit("S1"), tees.on_hand("S1")) == (0, 4, 6, 5)
    assert (tees.expected(POOL, on(4)), tees.expected(POOL, on(5))) == (0, 6)
    world.record(TransferReceived(id="a/1", at=on(6), units=4, location="S1", damaged=1, final=True, **common))
    tees = world.stock("TEE")
    assert (tees.on_hand("S1"), tees.unavailable("S1"), tees.in_transit("S1")) == (9, 1, 0)
    assert tees.transfers["T1"].discrepancy == -2


# --- kits, lots, serials, measures -----------------------------------------------------------------------------------

KIT = Kit(sku="SET", parts=(KitPart(sku="TEE", units=2), KitPart(sku="CAP", units=1)))


def test_selling_a_kit_takes_its_parts_and_returning_it_brings_them_back() -> None:
    world = shop(kits=(KIT,))
    world.record(count("S1", 2, sku="CAP"))
    assert kits_in(KIT.parts, {"TEE": 5, "CAP": 2}) == 2
    assert why(world.execute(hold(3, sku="SET", location="S1"))) == "not_enough_units"
    world.record(web_order("W1", 2, sku="SET"))
    assert (world.stock("TEE").allocated(None), world.stock("CAP").allocated(None)) == (4, 2)
    left = HandedLine(line="1", sku="SET", units=1)
    world.record(HandedOver(id="p/1", at=on(5), order="W1", location="S1", how="shipped", lines=(left,)))
    assert (world.stock("TEE").on_hand("S1"), world.stock("CAP").on_hand("S1")) == (3, 1)
    back = RefundLine(line="1", sku="SET", units=1, amount=100, restock="return", location="S2")
    world.record(Refund(id="r/1", at=on(6), order="W1", currency="HKD", lines=(back,)))
    assert (world.stock("TEE").on_hand("S2"), world.stock("CAP").on_hand("S2")) == (5, 1)
    assert world.stock("SET").locations() == ()


def test_a_kit_that_contains_itself_is_refused() -> None:
    deep = (KIT, Kit(sku="CAP", parts=(KitPart(sku="SET", units=1),)))
    with pytest.raises(Malformed, match="contains itself"):
        shop(kits=deep)


def received(number: int, units: int, lot: str, day: int, expires: int | None) -> StockMoved:
    return StockMoved(
        id=f"lot/{number}",
        at=on(day),
        sku="EGG",
        location="S1",
        units=units,
        reason="received",
        lot=lot,
        expires_at=None if expires is None else on(expires),
    )


def test_the_lot_that_expires_first_goes_first_and_expired_units_are_not_free() -> None:
    world = shop()
    world.record(received(1, 5, "L1", 2, 10), received(2, 2, "L2", 3, 14), received(3, 1, "L3", 4, 20))
    eggs = world.stock("EGG")
    assert eggs.lots_for("S1", 6, on(5)) == (("L1", 5), ("L2", 1))
    assert eggs.lots_for("S1", 6, on(5), removal="lifo") == (("L3", 1), ("L2", 2), ("L1", 3))
    assert (eggs.free("S1", on(9)), eggs.free("S1", on(10)), eggs.free("S1", on(20))) == (8, 3, 0)
    line = SaleLine(line="1", sku="EGG", units=6, amount=1)
    world.record(Sale(id="sale/c", at=on(6), order="C", currency="HKD", location="S1", lines=(line,)))
    assert {lot.lot: lot.units for lot in world.stock("EGG").places["S1"].lots.values()} == {"L2": 1, "L3": 1}
    world.record(count("S1", 1, day=7, sku="EGG"))
    assert {lot.lot: lot.units for lot in world.stock("EGG").places["S1"].lots.values()} == {"L3": 1}


def test_serial_numbers_are_followed_and_one_in_two_places_is_doubted() -> None:
    world = shop()
    come = StockMoved(id="m/1", at=on(2), sku="TV", location="S1", units=2, reason="received", serials=("A", "B"))
    world.record(come, web_order("W1", 1, day=3, sku="TV"))
    world.record(SerialsNamed(id="n/1", at=on(4), order="W1", line="1", sku="TV", serials=("A",)))
    assert world.stock("TV").serials == {"A": "order/W1", "B": "S1"}
    world.record(evolve(come, id="m/2", at=on(5), location="S2", units=1, serials=("B",)))
    assert world.stock("TV").doubts == {"B": ("S1", "S2")}
    with pytest.raises(Malformed, match="serial numbers"):
        evolve(come, units=1).check()


def test_units_convert_exactly_or_not_at_all() -> None:
    apples = Measures(
        base="gram", in_base={"kg": Fraction(1000), "lb": Fraction(45_359_237, 100_000), "bag": Fraction(1500)}
    )
    apples.check()
    assert apples.units(Fraction("0.42"), "kg") == 420
    assert (apples.amount(750, "kg"), apples.whole(4_000, "bag")) == (Fraction(3, 4), (2, 1000))
    with pytest.raises(Malformed, match="not a whole number"):
        apples.units(1, "lb")
    with pytest.raises(Malformed, match="none of"):
        apples.units(1, "box")


def test_the_parts_of_a_kit_may_leave_from_several_places_each_by_itself() -> None:
    world = shop(kits=(KIT,))
    world.record(count("S2", 4, sku="CAP"), web_order("W1", 2, sku="SET"))

    def leave(number: int, location: str, sku: str, units: int) -> None:
        left = HandedLine(line="1", sku=sku, units=units)
        world.record(
            HandedOver(id=f"p/{number}", at=on(5), order="W1", location=location, how="shipped", lines=(left,))
        )

    def standing() -> list[object]:
        stock = [world.stock("TEE"), world.stock("CAP")]
        found = world.order("W1")
        return [
            [each.on_hand("S1") for each in stock],
            [each.on_hand("S2") for each in stock],
            found.lines[0].handed_over,
        ]

    before = standing()
    leave(1, "S1", "TEE", 3)
    assert (world.stock("TEE").allocated(None), world.stock("CAP").allocated(None)) == (1, 2)
    assert standing() == [[before[0][0] - 3, before[0][1]], before[1], 0]
    leave(2, "S2", "CAP", 2)
    assert (world.stock("CAP").on_hand("S2"), world.order("W1").lines[0].handed_over) == (2, 1)
    leave(3, "S1", "TEE", 1)
    done = world.order("W1")
    assert (done.lines[0].handed_over, done.state) == (2, "handed_over")
    assert (world.stock("TEE").allocated(None), world.stock("CAP").allocated(None)) == (0, 0)
    back = RefundLine(line="1", sku="CAP", units=1, amount=100, restock="return", location="S2")
    world.record(Refund(id="r/1", at=on(6), order="W1", currency="HKD", lines=(back,)))
    assert (world.stock("CAP").on_hand("S2"), world.stock("TEE").on_hand("S2")) == (3, before[1][0])
