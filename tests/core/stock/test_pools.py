"""Pools of channels that overlap: nothing is promised twice, and nothing is refused that could be kept."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import chain, combinations

from hypothesis import given
from hypothesis import strategies as st

from omo_adapters.desk import Rules
from omo_adapters.shop import Shop, memory_shop
from omo_core.decisions import Refused
from omo_core.stock import (
    AllocateLine,
    Buffer,
    From,
    HoldUnits,
    PickedShort,
    SourcedLine,
    SourceOrder,
    StockCounted,
    StockMoved,
    StockRules,
    SupplyExpected,
    Wanted,
)
from omo_core.stock.pooling import Shelves
from omo_core.stock.sequence import pool_sequence
from omo_core.trade import Sale, SaleLine
from tests.shell.asking import PROGRAMME

AT = datetime(2026, 1, 2, 12, tzinfo=UTC)
POOLS = {"web": ("S1", "WH"), "market": ("WH", "MK")}


def shop(**units: int) -> Shop:
    """The web promises from S1 and WH, the marketplace from WH and MK; everybody else from S1 alone."""
    rules = StockRules(pool=("S1",), pools=POOLS, buffers=(Buffer(channel="market", units=0),))
    world = memory_shop(Rules(programme=PROGRAMME, stock=rules), now=lambda: AT)
    for place, count in units.items():
        world.record(StockCounted(id=f"c/{place}", at=AT - timedelta(days=1), sku="TEE", location=place, units=count))
    return world


def hold(world: Shop, name: str, units: int, channel: str = "", location: str | None = None) -> str:
    """Ask for a hold; gives yes, or what is said to be free."""
    ask = HoldUnits(
        request=f"r/{name}",
        at=AT,
        hold=name,
        lines=(Wanted(sku="TEE", units=units),),
        channel=channel,
        location=location,
        until=AT + timedelta(hours=1),
    )
    answer = world.execute(ask)
    return f"{answer.reason.shortages[0].free} free" if isinstance(answer, Refused) else "yes"


def order(name: str, units: int, channel: str, *, minute: int = 0, location: str | None = None) -> Sale:
    line = SaleLine(line="1", sku="TEE", units=units, amount=100, handing="ship", location=location)
    at = AT - timedelta(hours=1) + timedelta(minutes=minute)
    return Sale(id=f"sale/{name}", at=at, order=name, currency="HKD", channel=channel, lines=(line,))


def test_what_another_channel_can_take_elsewhere_does_not_stand_in_the_way() -> None:
    world = shop(S1=5, WH=3)
    world.record(order("W1", 5, "web"))
    assert hold(world, "m1", 4, "market") == "3 free"  # S1 can keep all that the web owes
    assert hold(world, "m2", 3, "market") == "yes"
    assert hold(world, "w1", 1, "web") == "0 free"


def test_what_another_channel_can_only_take_there_is_kept_for_it() -> None:
    world = shop(S1=1, WH=3)
    world.record(order("W1", 3, "web"))  # at least two of them from WH
    assert hold(world, "m1", 2, "market") == "1 free"
    assert hold(world, "m2", 1, "market") == "yes"


def test_a_store_may_not_sell_over_the_counter_what_any_channel_needs_of_it() -> None:
    world = shop(S1=2, WH=2, MK=2)
    world.record(order("M1", 3, "market"))
    assert hold(world, "mk", 2, location="MK") == "1 free"
    world = shop(MK=2)
    world.record(order("M1", 2, "market"))
    assert hold(world, "mk", 1, location="MK") == "0 free"


def test_a_plan_leaves_what_another_channel_needs() -> None:
    world = shop(S1=3, WH=3)
    world.record(order("W1", 3, "web"), order("M1", 3, "market"))
    plan = SourceOrder(
        request="p1",
        at=AT,
        order="W1",
        lines=(SourcedLine(line="1", sku="TEE", parts=(From(location="WH", units=3),)),),
    )
    answer = world.execute(plan)
    assert isinstance(answer, Refused)
    assert [(short.location, short.asked, short.free) for short in answer.reason.shortages] == [(None, 3, 0)]
    move = AllocateLine(request="a1", at=AT, order="W1", line="1", sku="TEE", location="WH")
    assert isinstance(world.execute(move), Refused)
    assert not isinstance(world.execute(AllocateLine(**{**_fields(move), "request": "a2", "location": "S1"})), Refused)


def _fields(command: AllocateLine) -> dict[str, object]:
    return {name: getattr(command, name) for name in ("request", "at", "order", "line", "sku", "location")}


def test_what_lies_elsewhere_can_not_be_put_back_to_a_pool_that_has_no_room() -> None:
    world = shop(S1=1, MK=2)
    world.record(order("W1", 1, "web"), order("W2", 2, "web", location="MK"))
    back = AllocateLine(request="a1", at=AT, order="W2", line="1", sku="TEE", location=None)
    answer = world.execute(back)
    assert isinstance(answer, Refused)
    assert answer.reason.say() == "2 of TEE were asked for, 0 are free in all places together."
    world.record(StockMoved(id="lost", at=AT - timedelta(minutes=1), sku="TEE", location="MK", units=-2, reason="lost"))
    again = AllocateLine(request="a2", at=AT, order="W2", line="1", sku="TEE", location=None)
    assert isinstance(world.execute(again), Refused)  # what one place lacks is no reason for a pool to lack it
    world.record(
        PickedShort(id="short", at=AT, order="W2", line="1", sku="TEE", location="MK", units=2, reason="not_found")
    )
    assert world.stock("TEE").allocated(None) == 3  # that it was not found is a fact, and puts it back


def test_one_channels_debts_never_stop_another_that_shares_nothing_with_it() -> None:
    world = shop(S1=4, MK=0)
    world.record(order("M1", 9, "market"))
    assert hold(world, "w1", 4, "web") == "yes"


def test_receipts_fill_the_first_promise_that_can_use_them() -> None:
    world = shop(S1=0, WH=1, MK=0)
    world.record(
        order("W1", 2, "web", minute=1),
        order("M1", 1, "market", minute=2),
        order("W2", 1, "web", minute=3),
        *(
            SupplyExpected(
                id=f"po/{place}", at=AT, document=place, sku="TEE", location=place, units=units, due_at=_in(days)
            )
            for place, units, days in (("S1", 2, 1), ("MK", 1, 2))
        ),
    )
    served = pool_sequence(world.stock("TEE"), world.rules.stock, AT)
    assert [(one.name, one.now, one.later, one.uncovered) for one in served] == [
        ("W1/1", 1, ((_in(1), 1),), 0),
        ("M1/1", 0, ((_in(1), 1),), 0),  # once S1 has its two, the web needs nothing of WH
        ("W2/1", 0, ((_in(2), 1),), 0),  # and once MK has its own, the marketplace does not either
    ]


def _in(days: int) -> datetime:
    return AT + timedelta(days=days)


# Against trying every way to share units out.


def kept_by_hand(free: tuple[int, ...], owed: Mapping[int, int]) -> int:
    """What can be kept at most: for every set of pools, no more than lies in their places, and what others owe."""
    groups = list(owed.items())
    most = sum(owed.values())
    for chosen in chain.from_iterable(combinations(groups, size) for size in range(len(groups) + 1)):
        places = 0
        for pool, _ in chosen:
            places |= pool
        there = sum(units for number, units in enumerate(free) if places >> number & 1)
        most = min(most, there + sum(owed.values()) - sum(units for _, units in chosen))
    return most


FREE = st.lists(st.integers(0, 4), min_size=4, max_size=4).map(tuple)
OWED = st.dictionaries(st.integers(0, 15), st.integers(0, 6), max_size=4)


@given(FREE, OWED)
def test_what_can_be_kept_is_what_no_set_of_pools_lacks(free: tuple[int, ...], owed: dict[int, int]) -> None:
    assert Shelves(free, owed).kept() == kept_by_hand(free, owed)


@given(FREE, OWED, st.integers(0, 15), st.integers(0, 3))
def test_just_so_much_can_be_promised_that_nothing_else_is_kept_worse(
    free: tuple[int, ...], owed: dict[int, int], pool: int, place: int
) -> None:
    shelves = Shelves(free, owed)
    room = shelves.room_in(pool)
    lacking = sum(owed.values()) - kept_by_hand(free, owed)

    def lacks(more: int) -> int:
        then = {**owed, pool: owed.get(pool, 0) + more}
        return sum(then.values()) - kept_by_hand(free, then)

    if room >= 0:
        assert lacks(room) == lacking
    assert lacks(max(0, room) + 1) > lacking
    at_place = shelves.room_at(place)

    def after(taken: int) -> int:
        left = tuple(units - taken if number == place else units for number, units in enumerate(free))
        return sum(owed.values()) - kept_by_hand(left, owed)

    assert after(at_place) == lacking
    assert at_place == free[place] or after(at_place + 1) > lacking
