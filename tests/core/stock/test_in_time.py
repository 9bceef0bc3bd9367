"""What was held, ordered and expected is shown as it was at each instant; what has ended was there until it ended."""

from datetime import timedelta

from attrs import evolve

from omo_core.stock import (
    Backorder,
    ReleaseHold,
    RenewHold,
    StockCounted,
    StockRules,
    SupplyExpected,
    TransferOrdered,
    TransferReceived,
    TransferSent,
    UnitsHeld,
    positions,
)
from omo_core.stock.sequence import pool_sequence
from tests.core.stock.shops import NOW, count, hold, move, on, shop, sold, transfer, web, why

# Holds.


def test_a_hold_that_was_released_was_held_until_then() -> None:
    world = shop()
    world.record(count("S1", 5))
    world.execute(hold("B1", on(2, 10), 2, until=on(2, 20)))
    assert why(world.execute(ReleaseHold(request="l", at=on(2, 15), hold="B1", sku="TEE"))) == ""
    for at, units in ((on(2, 11), 2), (on(2, 14, 59), 2), (on(2, 15), 0), (on(2, 16), 0)):
        assert world.stock("TEE", as_of=at).held(None, at) == units, at
    assert world.stock("TEE").held(None, on(2, 11)) == 0  # it is free at once, also for a slower clock


def test_a_hold_can_not_be_released_before_it_was_made() -> None:
    world = shop()
    world.record(count("S1", 5))
    world.execute(hold("B1", on(2, 10), 2, until=on(2, 20)))
    world.execute(ReleaseHold(request="l", at=on(2, 9), hold="B1", sku="TEE"))
    world.forget_states()
    assert world.stock("TEE").held(None, on(2, 11)) == 0


def test_free_units_that_were_counted_while_a_hold_lived_left_out_what_it_held() -> None:
    world = shop()
    world.record(count("S1", 5))
    world.execute(hold("B1", on(2, 10), 2, until=on(2, 20), location="S1"))
    world.execute(ReleaseHold(request="l", at=on(2, 15), hold="B1", sku="TEE"))
    assert world.stock("TEE").on_hand("S1") == 5
    world.record(StockCounted(id="c", at=on(2, 12), sku="TEE", location="S1", units=4, basis="available"))
    assert world.stock("TEE").on_hand("S1") == 6
    world.record(StockCounted(id="d", at=on(2, 16), sku="TEE", location="S1", units=4, basis="available"))
    assert world.stock("TEE").on_hand("S1") == 4


def test_a_hold_that_an_older_release_let_go_never_was() -> None:
    made = UnitsHeld(id="h", at=on(2, 10), hold="B1", sku="TEE", units=2, until=on(2, 20))
    told = positions("TEE", [made, evolve(made, version=1, released=True)], until=on(2, 11))
    assert told.held(None, on(2, 11)) == 0


def test_a_basket_changes_its_hold_in_one_step_and_keeps_its_place_in_line() -> None:
    world = shop(pool=("WH",), backorders=(Backorder(depth=9),))
    world.record(count("WH", 5))
    assert why(world.execute(hold("B1", on(2), 5, until=on(9)))) == ""
    assert why(world.execute(hold("B1", on(3), 4, until=on(9), request="x"))) == "hold_exists"
    assert why(world.execute(hold("B1", on(3), 4, until=on(9), request="less", instead=True))) == ""
    world.record(web("W1", on(4), 1))
    assert why(world.execute(hold("B1", on(5), 5, until=on(9), request="more", instead=True))) == "not_enough_units"
    assert why(world.execute(hold("B1", on(5), 3, until=on(9), request="less2", instead=True))) == ""
    assert [(part.units, part.stands_since) for part in world.stock("TEE").holds["B1"]] == [(3, on(2))]
    for at, units in ((on(2, 13), 5), (on(3, 13), 4), (on(5, 13), 3)):
        assert world.stock("TEE", as_of=at).held(None, at) == units
    assert why(world.execute(hold("B1", on(6), 6, until=on(9), request="ahead", instead=True, ahead=True))) == ""
    served = pool_sequence(world.stock("TEE"), world.rules.stock, on(7))
    assert [(one.name, one.asked, one.now) for one in served] == [("hold/B1", 3, 3), ("W1/1", 1, 1), ("hold/B1", 3, 1)]


def test_a_hold_moves_to_another_place_in_one_step() -> None:
    world = shop(pool=())
    world.record(count("S1", 2), count("S2", 2))
    world.execute(hold("B1", on(2), 2, until=on(9), location="S1"))
    assert why(world.execute(hold("B1", on(3), 2, until=on(9), request="m", location="S2", instead=True))) == ""
    assert [world.stock("TEE").held(place, on(4)) for place in ("S1", "S2")] == [0, 2]


def test_a_hold_of_several_articles_is_let_go_all_or_none() -> None:
    world = shop(pool=())
    world.record(count("S1", 2), count("S1", 2, sku="CAP"))
    world.execute(hold("B1", on(2), 1, until=on(9)))
    both = ReleaseHold(request="l", at=on(3), hold="B1", sku="TEE", also=("CAP",))
    assert why(world.execute(both)) == "hold_unknown"
    assert world.stock("TEE").held(None, on(4)) == 1
    world.execute(hold("B1", on(3), 1, until=on(9), sku="CAP", request="caps"))
    assert why(world.execute(evolve(both, request="l2"))) == ""
    assert [world.stock(sku).held(None, on(4)) for sku in ("TEE", "CAP")] == [0, 0]


def renew(request: str, at: object, until: object) -> RenewHold:
    return RenewHold(request=request, at=at, hold="B1", skus=("TEE",), until=until)


def test_a_hold_is_not_renewed_with_units_that_somebody_was_promised_from_its_end_on() -> None:
    world = shop(pool=())
    world.record(count("S1", 2))
    world.execute(hold("B1", on(2, 10), 2, until=on(2, 11)))
    assert why(world.execute(hold("B2", on(2, 11, 1), 2, until=on(9)))) == ""
    late = world.execute(renew("r", on(2, 10, 59), on(3)))  # by a clock that is slow
    assert why(late) == "not_enough_units"
    assert world.stock("TEE").pool_raw(("S1",), on(2, 12)) == 0


def test_a_hold_whose_units_have_gone_can_not_be_renewed_but_cut_short() -> None:
    world = shop(pool=())
    world.record(count("S1", 2))
    world.execute(hold("B1", on(2, 10), 2, until=on(2, 12), location="S1"))
    world.record(sold("C", on(2, 11), 1))
    assert why(world.execute(renew("long", on(2, 11, 30), on(2, 13)))) == "not_enough_units"
    assert why(world.execute(renew("short", on(2, 11, 30), on(2, 11, 45)))) == ""


# Transfers.


def test_a_transfers_name_is_taken_for_ever() -> None:
    world = shop()
    world.record(count("WH", 50), count("S1", 0), count("WH", 9, sku="CAP"))
    assert why(world.execute(transfer("t1", "T1", 5, on(2)))) == ""
    legs = {"sku": "TEE", "units": 5, "transfer": "T1"}
    world.record(TransferSent(id="s", at=on(3), origin="WH", destination="S1", **legs))
    world.record(TransferReceived(id="a", at=on(4), location="S1", **legs))
    assert "T1" not in world.stock("TEE").transfers
    assert why(world.execute(transfer("t2", "T1", 8, on(5)))) == "transfer_exists"
    assert why(world.execute(transfer("t3", "T1", 1, on(5), sku="CAP", destination="S2"))) == "transfer_exists"
    assert why(world.execute(transfer("t4", "T2", 8, on(5)))) == ""
    for _ in range(2):
        assert (world.stock("TEE").leaving("WH"), world.stock("TEE").free("WH", on(6))) == (8, 37)
        world.forget_states()


def test_a_name_that_only_a_parcel_note_used_is_taken_too() -> None:
    world = shop()
    world.record(count("WH", 5))
    world.record(TransferSent(id="s", at=on(3), sku="TEE", units=1, transfer="T1", origin="WH", destination="S1"))
    assert why(world.execute(transfer("t", "T1", 1, on(4), sku="CAP"))) == "transfer_exists"
    assert [why(answer) for answer in world.run([transfer("a", "T2", 1, on(5)), transfer("b", "T2", 1, on(5))])] == [
        "",
        "transfer_exists",
    ]


def test_a_transfer_that_was_withdrawn_was_leaving_until_then() -> None:
    world = shop()
    world.record(count("WH", 5))
    (ordered,) = world.execute(transfer("t1", "T1", 5, on(2))).events
    assert isinstance(ordered, TransferOrdered)
    world.record(evolve(ordered, version=1, withdrawn=True, withdrawn_at=on(4)))
    assert [world.stock("TEE", as_of=on(day)).leaving("WH") for day in (1, 3, 5)] == [0, 5, 0]
    assert world.stock("TEE").free("WH", on(5)) == 5


def test_goods_that_leave_for_another_store_stand_in_line_like_everybody() -> None:
    world = shop(pool=())
    world.record(count("WH", 3), web("W1", on(2), 1, "WH"))
    world.execute(transfer("t1", "T1", 2, on(3)))
    world.record(web("W2", on(4), 1, "WH"))
    assert [(risk.name, risk.units) for risk in world.at_risk("TEE")] == [("W2/1", 1)]
    world.record(count("WH", 1, at=on(5)))
    assert [(risk.name, risk.units) for risk in world.at_risk("TEE")] == [("transfer/T1", 2), ("W2/1", 1)]


# Counts from the future.


def test_a_count_from_the_future_does_not_set_todays_number() -> None:
    world = shop()
    world.record(count("S1", 10), count("S1", 50, at=on(1) + timedelta(days=1826)), sold("C", on(2), 4))
    assert world.stock("TEE").on_hand("S1") == 6
    assert why(world.execute(hold("B1", on(3), 7, until=on(9)))) == "not_enough_units"
    assert why(world.execute(hold("B1", on(3), 6, until=on(9), request="h2"))) == ""


# Deliveries.


def po(name: str, place: str, units: int, due: int = 20) -> SupplyExpected:
    return SupplyExpected(
        id=f"po/{name}", at=on(1), sku="TEE", units=units, document="PO", location=place, due_at=on(due)
    )


def coming(world: object) -> dict[str, int]:
    return {one.location: one.units for one in world.stock("TEE").incoming.values()}


def test_one_delivery_may_go_to_several_places() -> None:
    world = shop()
    world.record(po("a", "WH", 4), po("b", "S1", 3))
    assert coming(world) == {"WH": 4, "S1": 3}
    world.record(move("1", on(5), "S1", 2, document="PO"))
    assert coming(world) == {"WH": 4, "S1": 1}
    world.record(move("2", on(6), "S1", 2, document="PO"))  # one of them was to go to the warehouse
    assert coming(world) == {"WH": 3}
    world.record(evolve(po("c", "WH", 0), at=on(7)))
    assert coming(world) == {}


def test_what_is_overdue_is_promised_to_nobody_until_a_new_date_is_told() -> None:
    rules = StockRules(pool=("WH",), backorders=(Backorder(incoming=True),))
    world = shop(pool=("WH",), backorders=rules.backorders)
    world.record(po("a", "WH", 4), web("W1", on(2), 1))
    assert rules.ahead(world.stock("TEE"), "web", on(20)) == 4
    assert rules.ahead(world.stock("TEE"), "web", on(20, 13)) == 0
    assert why(world.execute(hold("B1", on(21), 1, until=NOW, ahead=True))) == "not_enough_units"
    assert pool_sequence(world.stock("TEE"), rules, on(21))[0].uncovered == 1
    world.record(evolve(po("a", "WH", 4, due=25), version=1))
    assert why(world.execute(hold("B1", on(21), 1, until=NOW, ahead=True, request="h2"))) == ""
    assert pool_sequence(world.stock("TEE"), rules, on(21))[0].later == ((on(25), 1),)


# Clocks that are wrong.


def test_a_count_of_a_day_to_come_says_nothing_yet() -> None:
    for name, units in (("none", 0), ("many", 99)):
        world = shop(pool=("S1",))
        world.record(count("S1", 17), count("S1", units, at=on(28).replace(year=2031)))
        assert world.stock("TEE").free("S1", NOW) == 17, name
        short = world.execute(hold("B1", on(27), 18, until=on(29), location="S1")).reason.shortages
        assert [(one.asked, one.free) for one in short] == [(18, 17)], name
        assert why(world.execute(hold("B2", on(27), 17, until=on(29), location="S1"))) == "", name
        assert [line.on_hand for line in world.stock_ledger("TEE")] == [17, units], name


def test_a_count_of_yesterday_is_known_to_whoever_asks_for_the_day_before() -> None:
    world = shop(pool=("S1",))
    world.record(count("S1", 17), count("S1", 0, at=on(27)))
    assert why(world.execute(hold("B1", on(26), 1, until=on(28), location="S1"))) == "not_enough_units"


def test_a_promise_of_a_day_to_come_is_kept_from_today() -> None:
    world = shop(pool=("S1",))
    world.record(count("S1", 3), web("W1", on(28).replace(year=2031), 2))
    assert why(world.execute(hold("B1", on(27), 2, until=on(29)))) == "not_enough_units"
    assert why(world.execute(hold("B1", on(27), 1, until=on(29), request="again"))) == ""
