"""What a location can pack: held when planned, confirmed when committed, let go when not; never one parcel too many."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from omo_adapters.desk import Rules
from omo_adapters.shop import Shop, memory_shop, open_shop
from omo_adapters.testing.strategies.events import histories, shuffled
from omo_adapters.testing.strategies.goods import DAYS_OF_WORK
from omo_adapters.testing.strategies.world import LOCATIONS
from omo_core.decisions import Accepted, Refused
from omo_core.events import Event
from omo_core.fulfilment import CancelOrder, OrderLine, PlacePickupOrder
from omo_core.instants import EPOCH, FOREVER
from omo_core.stock import (
    AllocateLine,
    Capacity,
    From,
    HoldSlots,
    InSlot,
    ReleaseSlots,
    SlotHeld,
    SourcedLine,
    SourceOrder,
    StartPicking,
    StockCounted,
    StockRules,
    slot_of,
)
from omo_core.stock.capacity import Docket, decide_hold_slots, sites_with_slots
from omo_core.stock.sourcing import Problem, Site, needs_of, plan, sites_with_stock
from omo_core.trade import HandedLine, HandedOver, Refund, RefundLine, Sale, SaleLine
from tests.properties.test_limits import hammer
from tests.shell.asking import PROGRAMME

AT = datetime(2026, 1, 5, 4, tzinfo=UTC)  # noon in Hong Kong
TODAY = "2026-01-05"
RULES = StockRules(
    pool=("S1", "WH"),
    capacities=(
        Capacity(location="S1", parcels=2),
        Capacity(location="S1", parcels=1, first="2026-01-06", last="2026-01-06"),
    ),
)


@pytest.fixture(params=["memory", "sqlite"])
def shop(request: pytest.FixtureRequest) -> Iterator[Shop]:
    rules = Rules(programme=PROGRAMME, stock=RULES)
    opened = memory_shop(rules, now=lambda: AT) if request.param == "memory" else open_shop(":memory:", rules)
    opened.now = lambda: AT
    with opened as world:
        counts = (
            StockCounted(id=f"c/{place}", at=AT - timedelta(days=1), sku="TEE", location=place, units=20)
            for place in ("S1", "WH")
        )
        world.record(*counts)
        yield world


def order(world: Shop, name: str, units: int = 2) -> None:
    lines = tuple(
        SaleLine(line=line, sku="TEE", units=units // 2, amount=100, handing="ship") for line in ("1", "2") if units > 1
    ) or (SaleLine(line="1", sku="TEE", units=1, amount=100, handing="ship"),)
    at = AT - timedelta(hours=1)
    world.record(Sale(id=f"sale/{name}", at=at, order=name, currency="HKD", channel="web", lines=lines))


def source(world: Shop, name: str, *places: str, request: str = "", minutes: int = 0, **more: object) -> str:
    """Commit the lines of an order to places, in turn; gives yes or why not."""
    lines = tuple(
        SourcedLine(line=str(number), sku="TEE", parts=(From(location=place, units=1),))
        for number, place in enumerate(places, 1)
    )
    ask = SourceOrder(
        request=request or f"p/{name}", at=AT + timedelta(minutes=minutes), order=name, lines=lines, **more
    )
    return why(world.execute(ask))


def why(answer: Accepted | Refused) -> str:
    return answer.reason.say() if isinstance(answer, Refused) else "yes"


def taken(world: Shop, slot: str = TODAY, place: str = "S1", minutes: int = 0) -> int:
    return world.slot(place, slot).taken(AT + timedelta(minutes=minutes))


FULL = "S1 can pack 0 parcels more in 2026-01-05, not 1."


def test_the_last_place_is_given_once_and_a_place_without_a_limit_takes_everybody(shop: Shop) -> None:
    for name in ("W1", "W2", "W3"):
        order(shop, name)
    assert [source(shop, name, "S1", "S1") for name in ("W1", "W2", "W3")] == ["yes", "yes", FULL]
    assert taken(shop) == 2
    assert shop.stock("TEE").allocated("S1") == 4  # nothing of the third was committed
    assert source(shop, "W3", "S1", "S1", request="tomorrow", slot="2026-01-06") == "yes"
    assert source(shop, "W3", "WH", "WH", request="elsewhere") == "yes"
    assert [taken(shop), taken(shop, "2026-01-06"), taken(shop, place="WH")] == [2, 0, 0]


def test_a_plan_holds_its_place_and_the_commitment_confirms_it(shop: Shop) -> None:
    order(shop, "W1")
    order(shop, "W2")
    hold = HoldSlots(
        request="h1",
        at=AT,
        hold="B1",
        slots=(InSlot(location="S1", slot=TODAY, parcels=2),),
        until=AT + timedelta(minutes=15),
    )
    assert why(shop.execute(hold)) == "yes"
    assert why(shop.execute(evolve(hold, request="h2"))) == "A hold is called B1 already."
    assert source(shop, "W2", "S1", "S1") == FULL
    assert source(shop, "W1", "S1", "S1", hold="B1") == "yes"
    assert [taken(shop), taken(shop, minutes=99)] == [2, 2]  # for good now
    assert shop.slot("S1", TODAY).load(AT) == 2


def test_a_place_that_is_not_confirmed_ends_by_itself_or_is_let_go(shop: Shop) -> None:
    order(shop, "W1")
    for name, parcels in (("B1", 1), ("B2", 1)):
        asked = (InSlot(location="S1", slot=TODAY, parcels=parcels),)
        ask = HoldSlots(request=name, at=AT, hold=name, slots=asked, until=AT + timedelta(minutes=15))
        assert why(shop.execute(ask)) == "yes"
    assert source(shop, "W1", "S1", "S1", request="soon", minutes=14) == FULL
    let_go = ReleaseSlots(
        request="l1", at=AT + timedelta(minutes=1), hold="B1", slots=(InSlot(location="S1", slot=TODAY),)
    )
    assert why(shop.execute(let_go)) == "yes"
    assert why(shop.execute(evolve(let_go, request="l2"))) == "There is no hold B1, or it has ended."
    assert taken(shop, minutes=1) == 1
    assert taken(shop, minutes=15) == 0
    assert source(shop, "W1", "S1", "S1", request="late", minutes=15) == "yes"
    assert why(shop.execute(evolve(let_go, request="l3", hold="p/W1"))) == "There is no hold p/W1, or it has ended."


def test_a_place_that_is_not_needed_any_more_is_let_go_with_the_commitment(shop: Shop) -> None:
    order(shop, "W1")
    ask = HoldSlots(
        request="h",
        at=AT,
        hold="B1",
        order="W1",
        slots=(InSlot(location="S1", slot=TODAY), InSlot(location="S1", slot="2026-01-06")),
        until=AT + timedelta(minutes=15),
    )
    assert why(shop.execute(ask)) == "yes"
    assert source(shop, "W1", "S1", "WH", slot=TODAY) == "yes"
    assert [taken(shop), taken(shop, "2026-01-06")] == [1, 0]
    half = SourceOrder(
        request="half",
        at=AT,
        order="W1",
        lines=(SourcedLine(line="2", sku="TEE", parts=(From(location="S1", units=1),)),),
    )
    assert why(shop.execute(half)) == "yes"
    assert taken(shop) == 1  # both lines go in one parcel
    back = AllocateLine(request="b", at=AT, order="W1", line="1", sku="TEE", location=None)
    assert why(shop.execute(back)) == "yes"
    assert taken(shop) == 1  # the other line still does
    assert why(shop.execute(evolve(back, request="b2", line="2"))) == "yes"
    assert taken(shop) == 0


def test_moving_a_line_needs_a_place_too_and_what_is_picked_keeps_its_own(shop: Shop) -> None:
    for name in ("W1", "W2", "W3"):
        order(shop, name)
    assert [source(shop, name, "S1", "S1") for name in ("W1", "W2")] == ["yes", "yes"]
    move = AllocateLine(request="m", at=AT, order="W3", line="1", sku="TEE", location="S1")
    assert why(shop.execute(move)) == FULL
    pick = StartPicking(request="pick", at=AT, order="W1", location="S1", skus=("TEE",))
    assert why(shop.execute(pick)) == "yes"
    assert source(shop, "W2", "WH", "WH", request="away") == "yes"
    assert why(shop.execute(evolve(move, request="m2"))) == "yes"
    assert taken(shop) == 2


def test_an_order_that_ends_gives_its_place_back_and_one_that_left_does_not(shop: Shop) -> None:
    for name in ("W1", "W2", "W3"):
        order(shop, name)
    assert [source(shop, name, "S1", "S1") for name in ("W1", "W2")] == ["yes", "yes"]
    assert why(shop.execute(CancelOrder(request="c", at=AT, order="W1"))) == "yes"
    assert taken(shop) == 1
    parcel = tuple(HandedLine(line=line, sku="TEE", units=1) for line in ("1", "2"))
    shop.record(HandedOver(id="out", at=AT, order="W2", location="S1", how="shipped", lines=parcel))
    assert [taken(shop), shop.slot("S1", TODAY).load(AT)] == [1, 0]
    assert source(shop, "W3", "S1", "S1") == "yes"
    assert [taken(shop), shop.slot("S1", TODAY).load(AT)] == [2, 1]
    given_up = tuple(RefundLine(line=line, sku="TEE", units=1, amount=0, restock="cancel") for line in ("1", "2"))
    shop.record(Refund(id="r", at=AT, order="W3", currency="HKD", lines=given_up))
    assert taken(shop) == 1


def test_what_is_collected_in_the_store_needs_no_parcel(shop: Shop) -> None:
    for name in ("W1", "W2"):
        order(shop, name)
        assert source(shop, name, "S1", "S1") == "yes"
    line = OrderLine(line="1", sku="TEE", units=1, amount=100)
    ask = PlacePickupOrder(request="o", at=AT, order="P1", location="S1", currency="HKD", lines=(line,))
    assert why(shop.execute(ask)) == "yes"
    assert source(shop, "P1", "S1") == "yes"


def test_a_plan_sees_what_can_still_be_packed_and_how_busy_a_store_is(shop: Shop) -> None:
    for name in ("W1", "W2", "W3"):
        order(shop, name)
    assert source(shop, "W1", "S1", "S1") == "yes"
    network = (Site(location="S1"), Site(location="WH", parcel_cost=500, capacity=9))

    def planned() -> tuple[list[str], dict[str, str]]:
        tees = {"TEE": shop.stock("TEE")}
        slots = {place: shop.slot(place, TODAY) for place in ("S1", "WH")}
        sites = sites_with_slots(sites_with_stock(network, tees, "W3", AT), slots, RULES, AT, orders=frozenset(("W3",)))
        made = plan(Problem(needs=needs_of(tees, "W3"), sites=sites))
        return [parcel.location for parcel in made.parcels], {one.location: one.why for one in made.verdicts}

    assert planned() == (["S1"], {"S1": "chosen", "WH": "costs_more"})
    slots = {"S1": shop.slot("S1", TODAY)}
    assert [(site.capacity, site.load) for site in sites_with_slots(network, slots, RULES, AT)] == [(1, 1), (9, 0)]
    assert source(shop, "W2", "S1", "S1") == "yes"
    assert planned() == (["WH"], {"S1": "no_capacity", "WH": "chosen"})


def test_commitments_of_one_batch_see_each_other(shop: Shop) -> None:
    for name in ("W1", "W2", "W3"):
        order(shop, name, 1)
    asks = [
        SourceOrder(
            request=name,
            at=AT,
            order=name,
            lines=(SourcedLine(line="1", sku="TEE", parts=(From(location="S1", units=1),)),),
        )
        for name in ("W1", "W2", "W3")
    ]
    answers = shop.run([asks[0], asks[1], CancelOrder(request="c", at=AT, order="W1"), asks[2]])
    assert [why(answer) for answer in answers] == ["yes"] * 4
    assert taken(shop) == 2


def test_threads_never_pack_more_than_a_store_can(tmp_path) -> None:
    rules = Rules(programme=PROGRAMME, stock=evolve(RULES, capacities=(Capacity(parcels=5),)))
    with open_shop(tmp_path / "shop.sqlite3", rules, now=lambda: AT) as shop:
        shop.record(StockCounted(id="c", at=AT - timedelta(days=1), sku="TEE", location="S1", units=99))

        def ask(who: str) -> bool:
            order(shop, who, 1)
            return source(shop, who, "S1", request=f"p{who}") == "yes"

        assert hammer(ask, threads=4, times=4) == 5
        assert taken(shop) == 5


@given(st.data())
def test_any_order_and_repetition_gives_the_same_slots(data: st.DataObject) -> None:
    history = data.draw(histories(SlotHeld, Sale, Refund, HandedOver))
    told = data.draw(shuffled(history))
    world = memory_shop(PROGRAMME)
    for event in told:
        world.record(event)
    for place in LOCATIONS:
        for slot in DAYS_OF_WORK:
            expected = slot_of(place, slot, history)
            assert slot_of(place, slot, told) == expected
            assert world.slot(place, slot) == expected
            assert expected.load(FOREVER) <= expected.taken(EPOCH)


# Every way in which three clients of four steps each can come between one another: read and hold, read and confirm.

SPOT = ("S1", TODAY)
LAST = StockRules(capacities=(Capacity(parcels=1),))


def orders(left: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Every order in which clients can take their steps."""
    if not any(left):
        yield ()
        return
    for client, steps in enumerate(left):
        if steps:
            rest = tuple(one - (other == client) for other, one in enumerate(left))
            for later in orders(rest):
                yield (client, *later)


@cache
def decided(history: tuple[Event, ...], client: int, confirms: int) -> tuple[Event, ...]:
    """What a client that has read this history would append: its plan's hold, then its commitment."""
    slots = {SPOT: slot_of(*SPOT, history)}
    if not confirms:
        ask = HoldSlots(
            request=f"h{client}",
            at=AT,
            hold=f"B{client}",
            slots=(InSlot(location="S1", slot=TODAY),),
            until=AT + timedelta(minutes=1),
        )
        answer = decide_hold_slots(slots, LAST, ask)
        return answer.events if isinstance(answer, Accepted) else ()
    docket = Docket(
        rules=LAST,
        slots=slots,
        orders=frozenset((f"W{client}",)),
        order=f"W{client}",
        request=f"p{client}",
        at=AT,
        hold=f"B{client}",
    )
    confirmed = docket.confirm(("S1",))
    return confirmed if isinstance(confirmed, tuple) else ()


def packed(turns: tuple[int, ...], *, expects: bool) -> int:
    """Let clients take their steps in an order; gives the parcels that were confirmed in the end."""
    journal: tuple[Event, ...] = ()
    read: dict[int, tuple[Event, ...]] = {}
    steps = [0, 0, 0]
    for client in turns:
        confirms, writes = divmod(steps[client], 2)
        steps[client] += 1
        if not writes:
            read[client] = journal
            continue
        events = decided(read[client], client, confirms)
        if expects and events and read[client] != journal:  # stale: read and decide again, as one turn
            events = decided(journal, client, confirms)
        journal += events
    return slot_of(*SPOT, journal).load(AT)


def test_no_interleaving_of_three_clients_takes_the_last_place_twice() -> None:
    outcomes = [packed(turns, expects=True) for turns in orders((4, 4, 4))]
    assert len(outcomes) == 34_650
    assert set(outcomes) == {1}


def test_without_expectations_some_interleavings_do() -> None:
    assert max(packed(turns, expects=False) for turns in orders((4, 4, 4))) == 3
