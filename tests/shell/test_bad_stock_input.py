"""Odd input about stock through the public door: a typed no, a typed error, or a fact that is kept; nothing is lost.

Whatever is refused or malformed changes nothing and writes no event, within 100 ms of the process's own time and 50 MB.
"""

import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from omo_adapters.desk import Rules
from omo_adapters.shop import Shop, memory_shop
from omo_core.decisions import Accepted, Command, Refused
from omo_core.errors import Malformed
from omo_core.events import Event
from omo_core.quantities import LINES_MAX, UNITS_MAX
from omo_core.stock import (
    AllocateLine,
    From,
    HoldSlots,
    HoldUnits,
    InSlot,
    OrderTransfer,
    ReleaseHold,
    ReleaseSlots,
    RenewHold,
    SourcedLine,
    SourceOrder,
    StartPicking,
    StockCounted,
    StockMoved,
    StockRules,
    Wanted,
)
from omo_core.trade import HandedLine, HandedOver, Refund, RefundLine, Sale, SaleLine
from tests.shell.asking import PROGRAMME, seen_stock

AT = datetime(2026, 1, 5, 8, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
ASKED = {"request": "r", "at": AT}


@pytest.fixture
def shop() -> Shop:
    world = memory_shop(Rules(programme=PROGRAMME, stock=StockRules(pool=("S1", "WH"))), now=lambda: LATER)
    world.record(count("c1", 5), order("W1", 2))
    return world


def count(name: str, units: object, *, at: datetime = AT - timedelta(hours=2), **more: object) -> StockCounted:
    return StockCounted(**{"id": name, "at": at, "sku": "TEE", "location": "S1", "units": units, **more})


def order(name: str, units: int) -> Sale:
    line = SaleLine(line="1", sku="TEE", units=units, amount=100, handing="ship")
    return Sale(id=f"sale/{name}", at=AT - timedelta(hours=1), order=name, currency="HKD", channel="web", lines=(line,))


def hold(*lines: Wanted, **more: object) -> HoldUnits:
    return HoldUnits(**{**ASKED, "hold": "B1", "lines": lines, "location": "S1", "until": LATER, **more})


def wanted(units: object = 1, sku: object = "TEE") -> Wanted:
    return Wanted(sku=sku, units=units)


def source(*parts: From, **more: object) -> SourceOrder:
    line = SourcedLine(line="1", sku="TEE", parts=parts)
    return SourceOrder(**{**ASKED, "order": "W1", "lines": (line,), **more})


def said_to(shop: Shop, item: Command | Event) -> str:
    try:
        (answer,) = shop.run((item,))
    except Malformed as complaint:
        return complaint.path
    return answer.reason.kind if isinstance(answer, Refused) else "accepted"


def refuses(shop: Shop, item: Command | Event) -> str:
    """Give what is said to an odd item, which changes nothing and does not take long."""
    skus = ("TEE", "CAP", "NOSUCH")
    before = [seen_stock(shop.stock(sku)) for sku in skus], shop.journal.read(()).position
    started = time.process_time()
    said = said_to(shop, item)
    seconds = time.process_time() - started
    assert ([seen_stock(shop.stock(sku)) for sku in skus], shop.journal.read(()).position) == before
    assert seconds < 0.1
    return said


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (hold(wanted(0)), "lines[0].units"),
        (hold(wanted(-1)), "lines[0].units"),
        (hold(wanted(1.5)), "lines[0].units"),
        (hold(wanted("1")), "lines[0].units"),
        (hold(wanted(True)), "lines[0].units"),
        (hold(wanted(None)), "lines[0].units"),
        (hold(wanted(UNITS_MAX + 1)), "lines[0].units"),
        (hold(wanted(1, "")), "lines[0].sku"),
        (hold(wanted(1, "T\nEE")), "lines[0].sku"),
        (hold(wanted(1, "x" * 201)), "lines[0].sku"),
        (hold(), "lines"),
        (hold(*[wanted()] * (LINES_MAX + 1)), "lines"),
        (hold(wanted(), location=""), "location"),
        (hold(wanted(), until=AT), "until"),
        (hold(wanted(), ahead=True), "ahead"),
        (hold(wanted(3), wanted(3)), "not_enough_units"),
        (hold(*[wanted()] * LINES_MAX), "not_enough_units"),
        (hold(wanted(UNITS_MAX)), "not_enough_units"),
        (hold(wanted(1, "NOSUCH")), "not_enough_units"),
        (hold(wanted(), location="NOWHERE"), "not_enough_units"),
        (ReleaseHold(**ASKED, hold="never", sku="TEE"), "hold_unknown"),
        (RenewHold(**ASKED, hold="never", skus=("TEE",), until=LATER), "hold_unknown"),
        (RenewHold(**ASKED, hold="never", skus=(), until=LATER), "skus"),
        (AllocateLine(**ASKED, order="W9", line="1", sku="TEE", location="S1"), "line_unknown"),
        (AllocateLine(**ASKED, order="W1", line="9", sku="TEE", location="S1"), "line_unknown"),
        (AllocateLine(**ASKED, order="W1", line="1", sku="NOSUCH", location="S1"), "line_unknown"),
        (AllocateLine(**ASKED, order="W1", line="1", sku="TEE", location="NOWHERE"), "not_enough_units"),
        (source(From(location="S1", units=0)), "lines[0].parts[0].units"),
        (source(From(location="S1", units=1), From(location="S1", units=1)), "lines[0].parts"),
        (source(From(location="S1", units=3)), "more_than_awaited"),
        (source(From(location="NOWHERE", units=1)), "not_enough_units"),
        (source(From(location="S1", units=1), order="W9"), "line_unknown"),
        (source(lines=()), "lines"),
        (StartPicking(**ASKED, order="W9", location="S1", skus=("TEE",)), "not_allocated_there"),
        (StartPicking(**ASKED, order="W1", location="S1", skus=("TEE",)), "not_allocated_there"),
        (
            OrderTransfer(**ASKED, transfer="T", origin="S1", destination="S1", lines=(wanted(),)),
            "destination",
        ),
        (
            OrderTransfer(**ASKED, transfer="T", origin="WH", destination="S1", lines=(wanted(),)),
            "not_enough_units",
        ),
        (
            HoldSlots(**ASKED, hold="B", slots=(InSlot(location="S1", slot="d", parcels=0),), until=LATER),
            "slots[0].parcels",
        ),
        (ReleaseSlots(**ASKED, hold="never", slots=(InSlot(location="S1", slot="d"),)), "hold_unknown"),
        (count("x", -1), "units"),
        (count("x", 1.5), "units"),
        (count("x", UNITS_MAX + 1), "units"),
        (count("x", 1, location=""), "location"),
        (count("x", 1, basis="guessed"), "basis"),
        (StockMoved(id="x", at=AT, sku="TEE", location="S1", units=1, reason=""), "reason"),
        (StockMoved(id="x", at=AT, sku="TEE", location="S1", units=1, reason="r", serials=("A", "B")), "serials"),
    ],
)
def test_what_can_not_be_is_refused_by_name_and_changes_nothing(shop: Shop, item: Command | Event, said: str) -> None:
    assert refuses(shop, item) == said


@pytest.mark.parametrize("lines", [LINES_MAX, LINES_MAX + 1])
def test_a_no_to_very_many_lines_takes_little_memory(shop: Shop, lines: int) -> None:
    ask = hold(*[wanted()] * lines)
    tracemalloc.start()
    try:
        assert said_to(shop, ask) in ("not_enough_units", "lines")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 50 << 20


def test_a_time_without_a_zone_is_refused_where_it_is_said() -> None:
    with pytest.raises(Malformed) as complaint:
        count("x", 1, at=datetime(2026, 1, 5))  # noqa: DTZ001  (that is what is wrong)
    assert complaint.value.path == "at"


# What happened has happened.


def on_hand(shop: Shop) -> int:
    return shop.stock("TEE").on_hand("S1")


def test_a_parcel_told_twice_and_a_second_one_move_what_was_waited_for_once(shop: Shop) -> None:
    parcel = HandedOver(
        id="p1",
        at=AT,
        order="W1",
        location="S1",
        how="shipped",
        lines=(HandedLine(line="1", sku="TEE", units=2),),
    )
    shop.record(parcel)
    assert shop.record(parcel).known == ("p1",)
    shop.record(HandedOver(id="p2", at=AT, order="W1", location="S1", how="shipped", lines=parcel.lines))
    assert (on_hand(shop), shop.stock("TEE").allocated(None)) == (3, 0)
    assert {"p1", "p2"} <= {event.id for event in shop.history_of("TEE")}


def test_a_count_of_the_future_counts_when_its_time_has_come(shop: Shop) -> None:
    shop.record(count("c9", 50, at=datetime(2031, 1, 1, tzinfo=UTC)))
    assert on_hand(shop) == 5
    assert isinstance(shop.execute(hold(wanted(6))), Refused)
    assert shop.stock("TEE", as_of=datetime(2031, 1, 2, tzinfo=UTC)).on_hand("S1") == 50


@pytest.mark.parametrize("told", [("c2", "c3", "c4"), ("c4", "c3", "c2"), ("c3", "c4", "c2", "c3")])
def test_counts_out_of_order_leave_the_last_one_by_its_time(shop: Shop, told: tuple[str, ...]) -> None:
    counts = {name: count(name, 10 * n, at=AT + timedelta(minutes=n)) for n, name in enumerate(("c2", "c3", "c4"), 1)}
    for name in told:
        shop.record(counts[name])
    assert on_hand(shop) == 30


def _refund(units: int, way: str, name: str = "W1") -> Refund:
    line = RefundLine(line="1", sku="TEE", units=units, amount=0, restock=way, location="S1")  # type: ignore[arg-type]
    return Refund(id=f"r/{name}/{way}/{units}", at=AT, order=name, currency="HKD", lines=(line,))


@pytest.mark.parametrize(
    ("fact", "level", "waits"),
    [
        (lambda: _refund(9, "cancel"), 5, 0),
        (lambda: _refund(1, "cancel", "W9"), 5, 2),
        (lambda: _refund(3, "return", "W9"), 8, 2),
        (lambda: StockMoved(id="m", at=AT, sku="TEE", location="S1", units=-9, reason="lost"), -4, 2),
        (lambda: count("zero", 0, at=AT), 0, 2),
    ],
)
def test_an_odd_fact_is_kept_and_moves_what_it_can(
    shop: Shop, fact: Callable[[], Event], level: int, waits: int
) -> None:
    shop.record(fact())
    tees = shop.stock("TEE")
    assert (tees.on_hand("S1"), tees.allocated(None)) == (level, waits)
    assert fact().id in {event.id for event in shop.history_of("TEE")}
    assert sum(line.units for line in shop.stock_ledger("TEE") if line.location == "S1") == level


def test_two_contents_under_one_id_are_both_kept(shop: Shop) -> None:
    assert shop.record(count("c1", 7)).conflicts == ("c1",)
    assert [event.units for event in shop.history_of("TEE") if event.id == "c1"] == [5, 7]
    assert on_hand(shop) in (5, 7)


def test_ten_thousand_lines_are_one_wish(shop: Shop) -> None:
    shop.record(count("c2", LINES_MAX + 2, at=AT))
    answer = shop.execute(hold(*[wanted()] * LINES_MAX))
    assert isinstance(answer, Accepted)
    assert [event.units for event in answer.events] == [LINES_MAX]
