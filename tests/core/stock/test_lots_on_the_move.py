"""Lots and serial numbers go where the goods go; what has expired is sold to nobody while there is anything else."""

from attrs import evolve

from omo_core.stock import SerialsNamed, TransferReceived, TransferSent
from omo_core.trade import HandedLine, HandedOver, Refund, RefundLine
from tests.core.stock.shops import allocate, count, move, on, shop, sold, source, web, why


def lots(world: object, place: str) -> dict[str, int]:
    there = world.stock("TEE").places.get(place)
    return {name: lot.units for name, lot in there.lots.items()} if there is not None else {}


def two_lots() -> object:
    world = shop()
    world.record(
        move("old", on(2), "S1", 5, lot="OLD", expires_at=on(10)),
        move("new", on(3), "S1", 5, lot="NEW", expires_at=on(30)),
    )
    return world


def test_a_sale_takes_nothing_that_has_expired() -> None:
    world = two_lots()
    assert world.stock("TEE").lots_for("S1", 3, on(11)) == (("NEW", 3),)
    world.record(sold("C", on(11), 3))
    assert lots(world, "S1") == {"OLD": 5, "NEW": 2}
    assert world.stock("TEE").free("S1", on(11)) == 2


def test_a_parcel_and_a_transfer_take_nothing_that_has_expired() -> None:
    world = two_lots()
    world.record(web("W1", on(4), 2, "S1"))
    line = HandedLine(line="1", sku="TEE", units=2)
    world.record(HandedOver(id="p", at=on(11), order="W1", location="S1", how="shipped", lines=(line,)))
    sent = {"sku": "TEE", "transfer": "T1", "origin": "S1", "destination": "WH"}
    world.record(TransferSent(id="t", at=on(12), units=2, **sent))
    assert lots(world, "S1") == {"OLD": 5, "NEW": 1}
    assert [(lot.lot, lot.units) for lot in world.stock("TEE").transfers["T1"].lots] == [("NEW", 2)]


def test_before_it_expires_the_older_lot_goes_first() -> None:
    world = two_lots()
    world.record(sold("C", on(9), 6))
    assert lots(world, "S1") == {"NEW": 4}


def test_units_of_no_known_lot_go_before_what_has_expired() -> None:
    world = two_lots()
    world.record(move("loose", on(4), "S1", 2), sold("C", on(11), 7))
    assert lots(world, "S1") == {"OLD": 5}
    assert world.stock("TEE").free_raw("S1", on(11)) == 0
    world.record(sold("D", on(12), 1))  # then there is nothing else
    assert lots(world, "S1") == {"OLD": 4}


def test_a_named_lot_is_the_one_that_went() -> None:
    world = two_lots()
    world.record(web("W1", on(4), 2, "S1"))
    line = HandedLine(line="1", sku="TEE", units=2, lot="NEW")
    world.record(HandedOver(id="p", at=on(5), order="W1", location="S1", how="shipped", lines=(line,)))
    sale = sold("C", on(6), 1)
    world.record(evolve(sale, lines=(evolve(sale.lines[0], lot="NEW"),)))
    assert lots(world, "S1") == {"OLD": 5, "NEW": 2}


def test_what_is_thrown_away_and_what_a_count_misses_had_expired() -> None:
    world = two_lots()
    world.record(move("bin", on(11), "S1", -2, reason="expired"))
    assert lots(world, "S1") == {"OLD": 3, "NEW": 5}
    world.record(move("lost", on(11, 13), "S1", -1, reason="lost"))
    assert lots(world, "S1") == {"OLD": 3, "NEW": 4}
    world.record(count("S1", 4, at=on(12)))
    assert lots(world, "S1") == {"NEW": 4}


def sent(name: str, day: int, units: int, **more: object) -> TransferSent:
    common = {"sku": "TEE", "transfer": "T1", "origin": "WH", "destination": "S1"}
    return TransferSent(id=f"sent/{name}", at=on(day), units=units, **{**common, **more})


def arrived(name: str, day: int, units: int, **more: object) -> TransferReceived:
    return TransferReceived(
        id=f"arrived/{name}", at=on(day), units=units, **{"sku": "TEE", "transfer": "T1", "location": "S1", **more}
    )


def test_a_lot_arrives_with_its_expiry() -> None:
    world = shop()
    world.record(move("in", on(2), "WH", 5, lot="L", expires_at=on(10)))
    world.record(sent("1", 3, 5), arrived("1", 4, 5))
    tees = world.stock("TEE")
    assert (lots(world, "WH"), lots(world, "S1")) == ({}, {"L": 5})
    assert (tees.expired("S1", on(11)), tees.free("S1", on(9)), tees.free("S1", on(11))) == (5, 5, 0)


def test_lots_arrive_whatever_the_clocks_of_the_two_places_say() -> None:
    world = shop()
    world.record(move("in", on(2), "WH", 5, lot="L", expires_at=on(10)))
    world.record(arrived("1", 3, 3, final=False), sent("1", 4, 5))
    assert (lots(world, "S1"), world.stock("TEE").in_transit("S1")) == ({"L": 3}, 2)
    world.record(arrived("2", 5, 2))
    assert (lots(world, "S1"), "T1" in world.stock("TEE").transfers) == ({"L": 5}, False)


def test_a_lot_that_was_named_is_the_one_that_travels_and_what_was_lost_is_of_no_lot() -> None:
    world = shop()
    world.record(move("a", on(2), "WH", 3, lot="A", expires_at=on(10)), move("b", on(2), "WH", 3, lot="B"))
    world.record(sent("1", 3, 2, lot="B"), sent("2", 3, 2), arrived("1", 4, 1, lot="B", final=False))
    assert (lots(world, "WH"), lots(world, "S1")) == ({"A": 1, "B": 1}, {"B": 1})
    world.record(arrived("2", 5, 2))
    assert lots(world, "S1") == {"A": 2, "B": 1}
    assert world.stock("TEE").transfers["T1"].discrepancy == -1
    assert world.stock("TEE").expired("S1", on(11)) == 2
    world.record(arrived("3", 6, 1, transfer="T2", lot="C", expires_at=on(20)))
    assert world.stock("TEE").expired("S1", on(21)) == 3


def test_a_unit_that_comes_back_is_of_its_lot_and_expires_with_it() -> None:
    world = shop()
    world.record(move("in", on(2), "S1", 1, lot="L", expires_at=on(10)), sold("C", on(3), 1))
    back = RefundLine(line="1", sku="TEE", units=1, amount=100, restock="return", location="S2", lot="L")
    world.record(Refund(id="r", at=on(4), order="C", currency="HKD", lines=(back,)))
    assert (lots(world, "S2"), world.stock("TEE").free("S2", on(11))) == ({"L": 1}, 0)


def test_a_serial_number_follows_its_unit_there_and_back() -> None:
    world = shop()
    world.record(move("in", on(2), "WH", 2, serials=("A", "B")))
    world.record(sent("1", 3, 1, serials=("A",)))
    assert world.stock("TEE").serials == {"A": "transfer/T1", "B": "WH"}
    world.record(arrived("1", 4, 1, serials=("A",)), web("W1", on(5), 1, "S1"))
    assert world.stock("TEE").serials["A"] == "S1"
    world.record(SerialsNamed(id="n", at=on(6), order="W1", line="1", sku="TEE", serials=("A",)))
    back = RefundLine(line="1", sku="TEE", units=1, amount=100, restock="return", location="S2", serials=("A",))
    world.record(Refund(id="r", at=on(7), order="W1", currency="HKD", lines=(back,)))
    assert (world.stock("TEE").serials["A"], world.stock("TEE").doubts) == ("S2", {})


def test_a_number_that_only_the_receiver_named_is_not_doubted_but_one_from_elsewhere_is() -> None:
    world = shop()
    world.record(move("in", on(2), "WH", 1, serials=("A",)), move("in2", on(2), "S2", 1, serials=("B",)))
    world.record(sent("1", 3, 2), arrived("1", 4, 2, serials=("A", "B")))
    assert world.stock("TEE").serials == {"A": "S1", "B": "S1"}
    assert world.stock("TEE").doubts == {"B": ("S2", "S1")}


def test_expired_goods_keep_no_promise() -> None:
    world = two_lots()
    world.record(web("W1", on(4), 6, "S1"))
    (risk,) = world.at_risk("TEE", as_of=on(11))
    assert (risk.name, risk.location, risk.units, risk.promised) == ("W1/1", "S1", 1, 6)
    world.record(web("W2", on(5), 1))
    assert why(world.execute(source("p", "W2", ("S1", 1), at=on(11)))) == "not_enough_units"
    assert why(world.execute(allocate("a", "W2", "S1", at=on(11)))) == "not_enough_units"
