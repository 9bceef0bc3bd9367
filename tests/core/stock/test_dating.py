"""When an order can be handed over: first come first served, out of stock, deliveries, hours, holidays and lead time.

5 January 2026 is a Monday. The depot works Monday to Friday and takes a day; the carrier rests on Sunday; the store is
open every day from 10 to 20 Hong Kong time.
"""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from omo_adapters.shop import Shop
from omo_core.errors import Malformed
from omo_core.stock import Buffer, Kit, SupplyExpected, TransferOrdered, TransferSent, Wanted
from omo_core.stock.calendars import LeadTime, Week, with_holidays
from omo_core.stock.dating import PromiseDate
from omo_core.stock.sourcing import Parcel, Picked, Plan, Score
from omo_core.stock.timetables import Timetable, Workplace
from omo_core.trade import KitPart
from tests.core.stock.shops import count, on, shop, sold, source, web, why

HK = ZoneInfo("Asia/Hong_Kong")


def week(*hours: tuple[int, int] | None) -> Week:
    days = tuple(() if each is None else ((time(each[0]), time(each[1])),) for each in hours)
    return Week(zone=HK, weekly=days)


DEPOT = Workplace(
    calendar=week(*[(9, 18)] * 5, None, None), lead=LeadTime(cut_off=time(14), handling_days=1, transit_days=1)
)
STORE = Workplace(calendar=week(*[(10, 20)] * 7), lead=LeadTime(transit_days=1), pickup_minutes=120)
TIMES = Timetable(carrier=week(*[(8, 20)] * 6, None), usual=STORE, places={"WH": DEPOT})
MONDAY = on(5, 2)
"""10:00 in Hong Kong."""


def due(document: str, place: str, units: int, at: datetime, told: datetime | None = None) -> SupplyExpected:
    return SupplyExpected(
        id=f"po/{document}/{place}/{told}",
        at=told or on(1),
        sku="TEE",
        location=place,
        units=units,
        document=document,
        due_at=at,
    )


def told(found: PromiseDate | None) -> list[tuple[Any, ...]]:
    assert found is not None
    return [
        (part.units, part.because, part.location, part.sourced, part.documents, part.dated.on) for part in found.parts
    ]


def jan(day: int) -> date:
    return date(2026, 1, day)


def ask(world: Shop, order: str = "W1", at: datetime = MONDAY, **more: Any) -> PromiseDate | None:
    return world.promise_date(order, TIMES, at=at, **more)


def test_what_lies_in_a_place_comes_when_the_place_and_the_carrier_have_worked() -> None:
    world = shop()
    world.record(count("WH", 3), web("W1", on(4), 2, "WH"))
    found = ask(world)
    assert found is not None
    assert (found.on, found.parts[0].dated.leaves_on) == (jan(7), jan(6))
    assert told(found) == [(2, "there", "WH", True, (), jan(7))]
    after_cut_off = ask(world, at=on(5, 6))
    assert after_cut_off is not None
    assert after_cut_off.on == jan(8)


def test_whoever_was_promised_first_is_served_first_and_deliveries_fill_in_that_turn() -> None:
    world = shop(pool=("WH",))
    world.record(count("WH", 3), due("PO1", "WH", 2, on(8, 1)), due("PO2", "WH", 5, on(12, 1)))
    world.record(web("W1", on(3), 2), web("W2", on(4), 2), web("W3", on(4, 13), 3))
    assert told(ask(world, "W1")) == [(2, "there", "WH", False, (), jan(7))]
    assert told(ask(world, "W2")) == [
        (1, "coming", "WH", False, ("PO1",), jan(10)),  # there on Thursday, leaves on Friday
        (1, "there", "WH", False, (), jan(7)),
    ]
    last = ask(world, "W3")
    assert last is not None
    assert [part[:2] + part[4:5] for part in told(last)] == [
        (2, "coming", ("PO2",)),
        (1, "coming", ("PO1",)),
    ]
    assert last.on == jan(14)


def test_what_nobody_announced_has_no_day() -> None:
    world = shop(pool=("WH",))
    world.record(count("WH", 1), due("PO1", "WH", 1, on(2)), web("W1", on(3), 2))  # PO1 is overdue
    found = ask(world)
    assert found is not None
    assert found.on is None
    assert told(found) == [
        (1, "unknown", None, False, (), None),
        (1, "there", "WH", False, (), jan(7)),
    ]
    world.record(due("PO1", "WH", 1, on(8, 1), told=on(4)))
    again = ask(world)
    assert again is not None
    assert again.on == jan(10)


def test_until_it_is_sourced_the_day_holds_wherever_it_comes_from_and_by_a_plan_it_is_the_plan_s() -> None:
    world = shop(pool=("S1", "WH"))
    world.record(count("WH", 3), count("S1", 3), web("W1", on(4), 2))
    assert told(ask(world)) == [(2, "there", "WH", False, (), jan(7))]
    picked = (Picked(line="1", sku="TEE", units=2),)
    score = Score(parcels=1, cost=0, distance=0)
    plan = Plan(parcels=(Parcel(location="S1", picked=picked),), score=score, bound=score, proven=True, method="exact")
    assert told(ask(world, plan=plan)) == [(2, "there", "S1", True, (), jan(6))]
    assert why(world.execute(source("plan", "W1", ("S1", 2)))) == ""
    assert told(ask(world, at=on(6, 2))) == [(2, "there", "S1", True, (), jan(7))]


def test_a_place_that_lacks_what_it_promised_waits_for_its_own_delivery() -> None:
    world = shop(pool=("S1", "WH"))
    world.record(count("S1", 2), count("WH", 9), web("W1", on(3), 2, "S1"), web("W2", on(4), 1, "S1"))
    world.record(sold("C1", on(4, 14), 1), due("PO", "S1", 3, on(9, 1)))
    assert told(ask(world, "W1")) == [
        (1, "coming", "S1", True, ("PO",), jan(10)),
        (1, "there", "S1", True, (), jan(6)),
    ]
    assert [part[1] for part in told(ask(world, "W2"))] == ["coming"]


def test_goods_under_way_between_places_come_when_their_transfer_is_due() -> None:
    world = shop(pool=("S1",))
    sent = {"sku": "TEE", "units": 4, "transfer": "T1", "origin": "WH", "destination": "S1"}
    world.record(count("WH", 4), TransferOrdered(id="t1", at=on(2), due_at=on(7, 1), **sent))
    world.record(web("W1", on(4), 1))
    assert told(ask(world)) == [(1, "unknown", None, False, (), None)]  # it has not left
    world.record(TransferSent(id="t2", at=on(4), due_at=on(7, 1), final=True, **sent))
    assert told(ask(world)) == [(1, "coming", "S1", False, ("T1",), jan(8))]


def test_what_is_collected_is_ready_after_so_many_minutes_or_the_day_after_it_is_brought_in() -> None:
    world = shop(pool=("S1", "WH"))
    world.record(count("S1", 1), count("WH", 5))
    here = world.date_if_ordered([Wanted(sku="TEE", units=1)], TIMES, collect_at="S1", at=MONDAY)
    assert (here.on, here.ready_at) == (jan(5), on(5, 4))  # 12:00, two hours after it opened
    late = world.date_if_ordered([Wanted(sku="TEE", units=1)], TIMES, collect_at="S1", at=on(5, 11))
    assert late.ready_at == on(6, 3)  # one hour this evening, one tomorrow morning
    brought = world.date_if_ordered([Wanted(sku="TEE", units=2)], TIMES, collect_at="S1", at=MONDAY)
    assert (brought.on, brought.ready_at) == (jan(8), on(8, 4))  # with the store on Wednesday


def test_an_order_that_is_collected_is_dated_where_it_lies() -> None:
    world = shop(pool=("S1", "WH"))
    world.record(count("S1", 2), count("WH", 5), sold("P1", on(4), 2, handing="pickup", where="S1"))
    found = ask(world, "P1")
    assert found is not None
    assert (found.on, found.ready_at) == (jan(5), on(5, 4))


def test_if_it_were_ordered_now_it_stands_behind_all_others_and_safety_stock_serves_nobody() -> None:
    world = shop(pool=("WH",), safety=(Buffer(location="WH", units=1),))
    world.record(count("WH", 4), web("W1", on(4), 2), due("PO1", "WH", 9, on(9)))
    wanted = [Wanted(sku="TEE", units=1)]
    assert told(world.date_if_ordered(wanted, TIMES, at=MONDAY)) == [(1, "there", "WH", False, (), jan(7))]
    assert [part[:2] for part in told(world.date_if_ordered(wanted * 2, TIMES, at=MONDAY))] == [
        (1, "coming"),
        (1, "there"),
    ]
    assert world.order("an order placed now").sale is None  # nothing was written


def test_a_kit_is_there_when_all_its_parts_are() -> None:
    kit = Kit(sku="SET", parts=(KitPart(sku="TEE", units=2), KitPart(sku="CAP", units=1)))
    world = shop(pool=("S1", "WH"), kits=(kit,))
    world.record(count("S1", 9), count("WH", 9, sku="CAP"))
    found = world.date_if_ordered([Wanted(sku="SET", units=1)], TIMES, at=MONDAY)
    assert [(part.sku, part.units, part.location, part.dated.on) for part in found.parts] == [
        ("CAP", 1, "WH", jan(7)),
        ("TEE", 2, "S1", jan(6)),
    ]
    at_counter = world.date_if_ordered([Wanted(sku="SET", units=1)], TIMES, collect_at="S1", at=MONDAY)
    assert at_counter.on == jan(8)


def test_holidays_move_the_day() -> None:
    shut = evolve(TIMES, places={"WH": evolve(DEPOT, calendar=with_holidays(DEPOT.calendar, [jan(6)]))})
    world = shop(pool=("WH",))
    world.record(count("WH", 3), web("W1", on(4), 2, "WH"))
    found = world.promise_date("W1", shut, at=MONDAY)
    assert found is not None
    assert found.on == jan(8)


def test_what_can_not_be_meant_is_malformed_and_what_waits_for_nothing_has_no_parts() -> None:
    world = shop()
    world.record(count("WH", 3), sold("C1", on(4), 1))
    assert ask(world, "never") is None
    done = ask(world, "C1")
    assert done is not None
    assert (done.on, done.parts) == (None, ())
    for wrong in ([], [Wanted(sku="TEE", units=0)]):
        with pytest.raises(Malformed, match="wanted"):
            world.date_if_ordered(wrong, TIMES)
    with pytest.raises(Malformed, match="time zone"):
        world.promise_date("C1", TIMES, at=datetime(2026, 1, 5))  # noqa: DTZ001  (that is what is asked about)
    bad = evolve(TIMES, usual=evolve(STORE, pickup_minutes=-1))
    with pytest.raises(Malformed, match="pickup_minutes"):
        world.promise_date("C1", bad)


@settings(max_examples=60)
@given(st.data())
def test_parts_sum_to_what_waits_nobody_is_promised_a_unit_twice_and_more_stock_is_never_later(
    data: st.DataObject,
) -> None:
    world, richer = shop(pool=("S1", "WH")), shop(pool=("S1", "WH"))
    lying = {place: data.draw(st.integers(0, 4)) for place in ("S1", "WH")}
    coming = [
        due(f"PO{n}", data.draw(st.sampled_from(("S1", "WH"))), data.draw(st.integers(1, 3)), on(6 + n))
        for n in range(2)
    ]
    wanted = [data.draw(st.integers(1, 4)) for _ in range(3)]
    orders = [web(f"W{n}", on(2, n), units) for n, units in enumerate(wanted)]
    for each, more in ((world, 0), (richer, 2)):
        each.record(*(count(place, units + more) for place, units in lying.items()), *coming, *orders)
    found = [ask(world, f"W{n}") for n in range(3)]
    for units, one in zip(wanted, found, strict=True):
        assert one is not None
        assert sum(part.units for part in one.parts) == units
    there = sum(part.units for one in found if one for part in one.parts if part.because == "there")
    later = sum(part.units for one in found if one for part in one.parts if part.because == "coming")
    assert there == min(sum(wanted), sum(lying.values()))
    assert there + later == min(sum(wanted), sum(lying.values()) + sum(one.units for one in coming))
    for n, one in enumerate(found):
        other = ask(richer, f"W{n}")
        assert one is not None
        assert other is not None
        assert one.on is None or (other.on is not None and other.on <= max(one.on, jan(7)))
