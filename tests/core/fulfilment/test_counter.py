"""What leaves a counter is what was allocated there, by name; nobody gets another order's goods."""

from omo_core.fulfilment import CollectOrder, MarkReady
from omo_core.kit_parts import KitPart
from omo_core.stock import Kit, SourcedLine, SourceOrder, StockCounted
from omo_core.stock.commands import From
from omo_core.trade import HandedOver, Sale, SaleLine
from tests.core.stock.shops import allocate, count, on, pickup, shop, sold, source, why


def collect(request: str, order: str, where: str | None = None, *, day: int = 6) -> CollectOrder:
    return CollectOrder(request=request, at=on(day), order=order, location=where)


def test_an_order_whose_goods_lie_elsewhere_is_not_collected_with_somebody_elses() -> None:
    world = shop(pool=())
    world.record(count("S1", 1), count("S2", 1))
    assert why(world.execute(pickup("P1", on(2), "S2"))) == ""
    assert why(world.execute(allocate("a", "P1", "S1"))) == ""
    assert why(world.execute(pickup("P2", on(5, 13), "S2"))) == ""
    answer = world.execute(collect("c1", "P1"))
    assert (answer.reason.kind, answer.reason.location, answer.reason.elsewhere) == ("goods_elsewhere", "S2", ("S1",))
    assert answer.reason.say() == "Goods of order P1 wait in S1, not in S2."
    assert why(world.execute(MarkReady(request="r1", at=on(6), order="P1"))) == "goods_elsewhere"
    handed = world.execute(collect("c2", "P1", "S1")).events[0]
    assert isinstance(handed, HandedOver)
    assert (handed.location, [(one.units, one.allocation) for one in handed.lines]) == ("S1", [(1, "P1/1")])
    tees = world.stock("TEE")
    assert (tees.on_hand("S1"), tees.on_hand("S2"), tees.free_raw("S2", on(7))) == (0, 1, 0)
    assert world.at_risk("TEE") == ()
    assert why(world.execute(collect("c3", "P2"))) == ""


def test_once_laid_ready_in_another_store_it_is_collected_there() -> None:
    world = shop(pool=())
    world.record(count("S1", 1), count("S2", 1))
    world.execute(pickup("P1", on(2), "S2"))
    world.execute(allocate("a", "P1", "S1"))
    assert why(world.execute(MarkReady(request="r", at=on(6), order="P1", location="S1"))) == ""
    assert world.execute(collect("c", "P1")).events[0].location == "S1"


def test_goods_that_no_place_was_asked_for_yet_can_not_be_collected() -> None:
    world = shop(pool=("S1",))
    world.record(count("S1", 2), sold("P1", on(2), 1, handing="pickup", where="S1"))
    world.execute(allocate("a", "P1", None))
    answer = world.execute(collect("c", "P1"))
    assert answer.reason.say() == "Goods of order P1 wait in no place yet, not in S1."


def test_what_is_shipped_is_not_handed_over_at_the_counter_and_what_waits_in_another_store_stays_there() -> None:
    world = shop(pool=())
    world.record(count("S1", 5), count("S2", 5))
    lines = tuple(
        SaleLine(line=name, sku="TEE", units=1, amount=1, handing=handing, location=where)
        for name, handing, where in (("1", "pickup", "S1"), ("2", "ship", "S1"), ("3", "pickup", "S2"))
    )
    world.record(Sale(id="s", at=on(2), order="P1", currency="HKD", lines=lines))
    (handed,) = world.execute(collect("c1", "P1")).events
    assert (handed.location, [line.line for line in handed.lines]) == ("S1", ["1"])
    (handed,) = world.execute(collect("c2", "P1", "S2")).events
    assert (handed.location, [line.line for line in handed.lines]) == ("S2", ["3"])
    assert why(world.execute(collect("c3", "P1"))) == "wrong_state"


def test_each_part_of_a_line_leaves_by_its_name() -> None:
    world = shop(pool=())
    world.record(count("S1", 5), sold("P1", on(2), 3, handing="pickup", where="S1"))
    world.execute(source("plan", "P1", ("S1", 2)))
    world.execute(allocate("rest", "P1", "S1", allocation="P1/1"))
    (handed,) = world.execute(collect("c", "P1")).events
    assert sorted((line.units, line.allocation) for line in handed.lines) == [(1, "P1/1"), (2, "plan/1")]
    named = [line.allocation for line in world.stock_ledger("TEE") if line.what == "collected"]
    assert sorted(named) == ["P1/1", "plan/1"]
    assert world.misfits("TEE") == ()


def test_nobody_collects_what_is_there_for_who_came_before_but_a_customer_who_left_has_left() -> None:
    world = shop(pool=())
    world.record(count("S1", 2), sold("P1", on(2), 1, handing="pickup", where="S1"))
    world.record(sold("P2", on(3), 1, handing="pickup", where="S1"), sold("C", on(4), 1))
    answer = world.execute(collect("c2", "P2"))
    assert (answer.reason.kind, answer.reason.others) == ("promised_to_others", ("P1/1",))
    assert why(world.execute(collect("c1", "P1"))) == ""
    assert why(world.execute(collect("c3", "P2"))) == ""  # takes nobody's turn any more


def test_a_kit_is_collected_with_its_parts_from_the_counter_where_all_of_them_are() -> None:
    kit = Kit(sku="SET", parts=(KitPart(sku="TEE", units=2), KitPart(sku="CAP", units=1)))
    world = shop(pool=(), kits=(kit,))
    for place in ("S1", "S2"):
        world.record(count(place, 4), StockCounted(id=f"caps/{place}", at=on(1), sku="CAP", location=place, units=4))
    world.record(sold("P1", on(2), 1, handing="pickup", where="S1", sku="SET"))
    caps = SourcedLine(line="1", sku="CAP", parts=(From(location="S2", units=1),))
    world.execute(SourceOrder(request="plan", at=on(3), order="P1", lines=(caps,)))
    assert world.execute(collect("c1", "P1")).reason.elsewhere == ("S2",)
    world.execute(
        SourceOrder(
            request="back",
            at=on(4),
            order="P1",
            lines=(SourcedLine(line="1", sku="CAP", parts=(From(location="S1", units=1),)),),
        )
    )
    (handed,) = world.execute(collect("c2", "P1")).events
    assert [(line.sku, line.units, line.allocation) for line in handed.lines] == [("SET", 1, "")]
    assert (world.stock("TEE").on_hand("S1"), world.stock("CAP").on_hand("S1")) == (2, 3)
