"""No command keeps a promise with units that are there for somebody else, or that are to stay where they are."""

from omo_core.stock import Backorder, Buffer, PickedShort, StartPicking, at_risk
from omo_core.stock.sequence import pool_sequence
from omo_core.stock.sourcing import Problem, needs_of, plan, sites_with_stock
from omo_core.stock.sourcing.problem import Site
from tests.core.stock.shops import allocate, count, hold, move, on, pickup, shop, sold, source, web, why


def test_what_a_basket_holds_is_given_to_no_order_that_lay_elsewhere() -> None:
    world = shop(pool=("WH",))
    world.record(count("WH", 1), count("S1", 1), sold("P1", on(2), 1, handing="pickup", where="S1"))
    assert why(world.execute(hold("B1", on(2), 1, until=on(9)))) == ""
    for number, command in enumerate((allocate("a1", "P1", "WH"), allocate("a2", "P1", None), source("a3", "P1"))):
        assert why(world.execute(command)) == "not_enough_units", number
    assert world.stock("TEE").pool_raw(("WH",), on(5)) == 0


def test_what_one_store_lacks_is_not_taken_from_what_a_basket_holds() -> None:
    world = shop(pool=())
    world.record(count("S1", 0), count("WH", 1), web("W1", on(2), 1, where="S1"))
    assert why(world.execute(hold("B1", on(2), 1, until=on(9)))) == ""
    for command in (allocate("a1", "W1", "WH"), allocate("a2", "W1", None), source("a3", "W1", ("WH", 1))):
        assert why(world.execute(command)) == "not_enough_units"


def test_goods_that_arrive_go_to_who_has_waited_longest_whoever_is_packed_first() -> None:
    world = shop(pool=("WH",), backorders=(Backorder(depth=10),))
    world.record(count("WH", 0), web("W1", on(2), 3), web("W2", on(3), 3), move("1", on(4), "WH", 3))
    answer = world.execute(source("late", "W2", ("WH", 3)))
    assert answer.reason.others == ("W1/1",)
    assert answer.reason.say() == "What is there of TEE is promised to W1/1."
    assert why(world.execute(allocate("late2", "W2", "WH"))) == "promised_to_others"
    assert why(world.execute(source("first", "W1", ("WH", 3)))) == ""
    world.record(move("2", on(6), "WH", 3))
    assert why(world.execute(source("late3", "W2", ("WH", 3), at=on(7)))) == ""


def test_channels_that_are_served_first_are_served_first() -> None:
    world = shop(pool=("WH",), priorities={"vip": -1}, backorders=(Backorder(depth=9),))
    world.record(count("WH", 2), web("W1", on(2), 2), web("V1", on(3), 2, channel="vip"))
    served = pool_sequence(world.stock("TEE"), world.rules.stock, on(4))
    assert [(one.name, one.now) for one in served] == [("V1/1", 2), ("W1/1", 0)]
    assert why(world.execute(source("a", "W1", ("WH", 2)))) == "promised_to_others"
    assert why(world.execute(source("b", "V1", ("WH", 2)))) == ""
    ahead = hold("B1", on(4), 2, until=on(9), channel="vip", ahead=True)
    world.record(move("1", on(4), "WH", 2))  # there for W1 now
    answer = world.execute(ahead)
    assert (answer.reason.kind, answer.reason.others) == ("promised_to_others", ("W1/1",))


def test_demand_beyond_the_horizon_locks_nothing() -> None:
    world = shop(pool=("WH",))
    world.record(count("WH", 2), web("W1", on(2), 2), web("W2", on(20), 2))
    served = pool_sequence(world.stock("TEE"), world.rules.stock, on(1), horizon=on(10))
    assert [(one.name, one.before, one.now, one.uncovered) for one in served] == [("W1/1", 0, 2, 0), ("W2/1", 2, 0, 2)]


def test_a_location_that_was_short_for_a_line_is_not_asked_again_for_it() -> None:
    world = shop()
    world.record(count("S1", 5), count("WH", 5), web("W1", on(2), 3, where="S1"))
    world.execute(StartPicking(request="p", at=on(2, 13), order="W1", location="S1", skus=("TEE",)))
    world.record(
        PickedShort(
            id="short", at=on(2, 14), order="W1", line="1", sku="TEE", location="S1", units=2, reason="not found"
        )
    )
    answer = world.execute(source("again", "W1", ("S1", 2)))
    assert (answer.reason.kind, answer.reason.location) == ("was_short", "S1")
    assert why(world.execute(source("other", "W1", ("WH", 2)))) == ""
    world.record(web("W2", on(3), 2))
    assert why(world.execute(source("w2", "W2", ("S1", 2)))) == ""  # for another order it may be
    lone = shop()
    lone.record(count("S1", 5), web("W1", on(2), 1, where="S1"))
    lone.record(PickedShort(id="s", at=on(3), order="W1", line="1", sku="TEE", location="S1", units=1, reason="x"))
    assert why(lone.execute(allocate("back", "W1", "S1"))) == "was_short"


def test_a_location_that_picks_a_part_and_was_short_of_the_rest_is_not_asked_for_the_rest() -> None:
    world = shop(pool=("S1", "WH"))
    world.record(count("S1", 9), count("WH", 9), web("W1", on(2), 3, where="S1"))
    world.execute(StartPicking(request="p", at=on(2, 13), order="W1", location="S1", skus=("TEE",)))
    world.record(
        PickedShort(id="s", at=on(2, 14), order="W1", line="1", sku="TEE", location="S1", units=1, reason="nf")
    )
    assert why(world.execute(source("again", "W1", ("S1", 1)))) == "was_short"
    assert why(world.execute(allocate("back", "W1", "S1"))) == "was_short"
    assert why(world.execute(allocate("other", "W1", "WH"))) == ""  # what S1 picks stays there
    assert [(one.location, one.units) for one in world.stock("TEE").awaited("W1")] == [("S1", 2), ("WH", 1)]
    world.execute(StartPicking(request="q", at=on(6), order="W1", location="WH", skus=("TEE",)))
    assert why(world.execute(allocate("all", "W1", None, at=on(7)))) == "picking_underway"


SAFE = (Buffer(location="S1", units=5),)


def test_safety_stock_is_given_to_no_order_of_the_web() -> None:
    world = shop(safety=SAFE)
    world.record(count("S1", 5), count("WH", 3), web("W1", on(2), 3))
    tees = {"TEE": world.stock("TEE")}
    network = [Site(location="S1"), Site(location="WH", parcel_cost=5)]
    sites = sites_with_stock(network, tees, "W1", on(3), world.rules.stock)
    assert [dict(site.free) for site in sites] == [{"TEE": 0}, {"TEE": 3}]
    made = plan(Problem(needs=needs_of(tees, "W1"), sites=sites))
    assert [parcel.location for parcel in made.parcels] == ["WH"]
    assert why(world.execute(source("s1", "W1", ("S1", 3)))) == "not_enough_units"
    assert why(world.execute(allocate("s2", "W1", "S1"))) == "not_enough_units"
    assert why(world.execute(source("wh", "W1", ("WH", 3)))) == ""


def test_what_is_kept_back_is_kept_from_pickup_orders_of_the_web_but_not_from_who_stands_in_the_store() -> None:
    world = shop(safety=(Buffer(location="S1", units=2),), buffers=(Buffer(channel="web", units=2),))
    world.record(count("S1", 5), count("WH", 3))
    assert why(world.execute(pickup("P4", on(2), "S1", 4))) == "not_in_store"
    assert why(world.execute(pickup("P3", on(2), "S1", 3))) == ""
    assert why(world.execute(pickup("P2", on(2), "S1", 1))) == "not_in_store"
    assert why(world.execute(hold("web", on(2), 1, until=on(9), channel="web", location="WH"))) == ""
    assert why(world.execute(hold("web2", on(2), 1, until=on(9), channel="web", location="WH"))) == "not_enough_units"
    assert why(world.execute(pickup("S2", on(2), "S1", 2, channel="store"))) == ""
    assert world.stock("TEE").free_raw("S1", on(3)) == 0


def test_a_promise_that_only_safety_stock_could_keep_is_at_risk() -> None:
    world = shop(safety=SAFE)
    world.record(count("S1", 5), count("WH", 0), web("W1", on(2), 1))
    (risk,) = at_risk(world.stock("TEE"), world.rules.stock, on(3))
    assert (risk.name, risk.location, risk.units) == ("W1/1", None, 1)


def test_picking_takes_nobodys_turn() -> None:
    world = shop(pool=())
    world.record(count("S1", 1), web("W1", on(2), 1, where="S1"), web("W2", on(3), 1, where="S1"))
    second = StartPicking(request="p2", at=on(4), order="W2", location="S1", skus=("TEE",))
    assert world.execute(second).reason.others == ("W1/1",)
    assert why(world.execute(StartPicking(request="p1", at=on(4), order="W1", location="S1", skus=("TEE",)))) == ""


def test_what_is_in_the_pickers_hands_comes_before_an_older_promise() -> None:
    world = shop(pool=())
    world.record(count("S1", 2), web("W1", on(2), 1, where="S1"), web("W2", on(3), 1, where="S1"))
    world.execute(StartPicking(request="p2", at=on(4), order="W2", location="S1", skus=("TEE",)))
    world.record(sold("C1", on(5), 1))
    (risk,) = world.at_risk("TEE")
    assert (risk.name, risk.units) == ("W1/1", 1)


def test_part_of_a_line_moves_by_its_name_and_the_rest_stays() -> None:
    world = shop()
    world.record(count("S1", 3), count("S2", 3), count("WH", 3), web("W1", on(2), 4))
    world.execute(source("plan", "W1", ("S1", 2), ("WH", 1)))
    assert why(world.execute(allocate("m0", "W1", "S2", allocation="plan/9"))) == "allocation_unknown"
    assert why(world.execute(allocate("m1", "W1", "S2", allocation="plan/1"))) == ""
    tees = world.stock("TEE")
    assert [tees.allocated(place) for place in ("S1", "S2", "WH", None)] == [0, 2, 1, 1]
    assert why(world.execute(allocate("m2", "W1", "S2", allocation="W1/1"))) == ""  # what was not sourced yet
    assert {(one.allocation, one.location, one.units) for one in world.stock("TEE").awaited("W1")} == {
        ("plan/1", "S2", 2),
        ("plan/2", "WH", 1),
        ("W1/1", "S2", 1),
    }
    pick = StartPicking(request="p", at=on(6), order="W1", location="S2", skus=("TEE",), allocation="plan/1")
    assert why(world.execute(pick)) == ""
    shares = world.stock("TEE").promises["W1", "1"].shares
    assert {share.allocation: share.picking for share in shares} == {"plan/1": True, "plan/2": False, "": False}
    assert why(world.execute(allocate("m3", "W1", "S1", allocation="plan/1"))) == "picking_underway"
    assert why(world.execute(allocate("m4", "W1", "S1", allocation="plan/2"))) == ""


def test_what_an_order_has_is_free_to_it_however_often_it_is_decided_in_one_instant() -> None:
    world = shop(pool=("S1", "WH"))
    world.record(count("S1", 3), count("WH", 2), web("W1", on(2), 3))
    for number, where in enumerate(("S1", None, "S1", None, "S1")):
        assert why(world.execute(allocate(f"a{number}", "W1", where))) == "", number
    assert why(world.execute(source("b", "W1", ("S1", 1), ("WH", 2)))) == ""
    assert why(world.execute(source("c", "W1", ("S1", 3)))) == ""
    assert why(world.execute(StartPicking(request="p", at=on(5), order="W1", location="S1", skus=("TEE",)))) == ""
    assert world.stock("TEE").free("S1", on(6)) == 0
    world.record(web("W2", on(3), 1))
    assert why(world.execute(allocate("d", "W2", "S1"))) == "not_enough_units"
