"""The laws, for stock: any order, ledger is level, nothing promised that is not there, asked twice, refused."""

from collections import Counter
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from omo_adapters.desk import Rules
from omo_adapters.shop import Shop, memory_shop
from omo_adapters.testing.strategies.commands import one_command
from omo_adapters.testing.strategies.events import histories, one_event, shuffled
from omo_adapters.testing.strategies.goods import about_stock
from omo_adapters.testing.strategies.goods_commands import stock_commands
from omo_adapters.testing.strategies.world import SKUS
from omo_core.decisions import Accepted, Command, Refused
from omo_core.events import Event
from omo_core.fulfilment import PlacePickupOrder
from omo_core.stock import (
    AllocationMove,
    Backorder,
    HoldUnits,
    Movement,
    Positions,
    StockCounted,
    StockMoved,
    StockRules,
    positions,
)
from omo_core.trade import HandedOver, Refund, Sale
from tests.shell.asking import PROGRAMME, seen_stock

KINDS = (*about_stock(), Sale, Refund, HandedOver)
COMMANDS = (*stock_commands(), PlacePickupOrder)


def a_few_kinds() -> st.SearchStrategy[tuple[Event, ...]]:
    """Draw a history of a few kinds at a time: of all at once, a dozen events would hardly ever touch each other."""
    some = st.lists(st.sampled_from(KINDS), max_size=3, unique=True)
    drawn = some.map(lambda kinds: one_event(StockCounted, StockMoved, *kinds))
    return drawn.flatmap(lambda event: st.lists(event, min_size=4, max_size=14)).map(tuple)


def shop() -> Shop:
    return memory_shop(Rules(programme=PROGRAMME, stock=StockRules(backorders=(Backorder(channel="web", depth=2),))))


def deficit(article: Positions, at: datetime) -> int:
    """How many units are promised that are not there, in each location and in the pool; added up anew."""
    places = article.locations()
    live = [hold for hold in article.holds.parts() if hold.until > at]
    shares = [share for promise in article.promises.values() for share in promise.shares]
    free = {}
    for place in (*places, None):
        taken = sum(hold.units for hold in live if hold.location == place)
        taken += sum(share.units for share in shares if share.location == place)
        there = 0
        if place is not None:
            there = article.on_hand(place) - article.unavailable(place) - article.expired(place, at)
            there -= sum(one.ordered for one in article.transfers.values() if one.origin == place)
        free[place] = there - taken
    pool = free.pop(None) + sum(max(0, units) for units in free.values())
    return sum(max(0, -units) for units in free.values()) + max(0, -pool)


@given(st.data())
def test_any_order_and_repetition_gives_the_same_positions(data: st.DataObject) -> None:
    history = data.draw(a_few_kinds())
    one, other = shop(), shop()
    for event in history:
        one.record(event)
        one.stock(SKUS[0])  # keeps a state that the next event must extend or spoil
    other.record(*data.draw(shuffled(history)))
    for sku in SKUS:
        assert seen_stock(one.stock(sku)) == seen_stock(other.stock(sku))


def shares_of(article: Positions) -> Counter[tuple[str, str, str, str | None]]:
    """What each allocation still waits for."""
    sums: Counter[tuple[str, str, str, str | None]] = Counter()
    for promise in article.promises.values():
        for share in promise.shares:
            sums[promise.order, promise.line, promise.name_of(share), share.location] += share.units
    return sums


def sums_of(book: list[AllocationMove]) -> Counter[tuple[str, str, str, str | None]]:
    """What the book of allocations adds up to."""
    sums: Counter[tuple[str, str, str, str | None]] = Counter()
    for move in book:
        sums[move.order, move.line, move.allocation, move.location] += move.units
    return Counter({key: units for key, units in sums.items() if units})


@given(histories(*KINDS))
def test_the_ledger_is_the_level_and_every_sum_is_the_sum_of_its_parts(history: tuple[Event, ...]) -> None:
    for sku in SKUS:
        ledger: list[Movement] = []
        book: list[AllocationMove] = []
        folded = positions(sku, history, lines=ledger, book=book)
        assert shares_of(folded) == sums_of(book)
        for place, kept in folded.places.items():
            assert kept.on_hand == sum(line.units for line in ledger if line.location == place)
            assert sum(lot.units for lot in kept.lots.values()) <= max(0, kept.on_hand)
            assert all(lot.units > 0 for lot in kept.lots.values())
            assert kept.found <= kept.looked
        shares = [share for promise in folded.promises.values() for share in promise.shares]
        for place in (*folded.locations(), None):
            assert folded.allocated(place) == sum(share.units for share in shares if share.location == place)
        assert all(share.units > 0 for share in shares)
        for place in folded.locations():
            leaving = [transfer.ordered for transfer in folded.transfers.values() if transfer.origin == place]
            assert folded.leaving(place) == sum(leaving)


@given(histories(*KINDS))
def test_received_is_on_hand_left_or_on_its_way(history: tuple[Event, ...]) -> None:
    ledger: list[Movement] = []
    folded = positions(SKUS[0], history, lines=ledger)
    came = sum(line.units for line in ledger if line.units > 0)
    went = -sum(line.units for line in ledger if line.units < 0)
    assert came == sum(place.on_hand for place in folded.places.values()) + went


@settings(max_examples=150)
@given(st.lists(st.one_of(one_event(*KINDS), one_command(*COMMANDS), one_command(*COMMANDS)), max_size=20))
def test_no_command_promises_what_is_not_there(day: list[Event | Command]) -> None:
    world = shop()
    for item in day:
        if isinstance(item, Event):
            world.record(item)
            continue
        before = {sku: deficit(world.stock(sku), item.at) for sku in SKUS}
        answer = world.execute(item)
        allowed = 2 if isinstance(item, HoldUnits) and item.ahead and item.channel == "web" else 0
        for sku in SKUS:
            after = deficit(world.stock(sku), item.at)
            assert after <= max(before[sku], allowed), (item, answer)


@settings(max_examples=150)
@given(st.lists(st.one_of(one_event(StockCounted, StockMoved), one_command(HoldUnits)), max_size=10))
def test_no_hold_takes_what_another_holds(day: list[Event | Command]) -> None:
    test_no_command_promises_what_is_not_there.hypothesis.inner_test(day)


@settings(max_examples=150)
@given(st.lists(st.one_of(one_event(*KINDS), one_command(*COMMANDS)), max_size=12), one_command(*COMMANDS))
def test_asked_twice_is_answered_once_and_a_refusal_changes_nothing(
    day: list[Event | Command], command: Command
) -> None:
    world = shop()
    world.run(day)
    before = [repr(seen_stock(world.stock(sku))) for sku in SKUS]
    answer = world.execute(command)
    after = [repr(seen_stock(world.stock(sku))) for sku in SKUS]
    if isinstance(answer, Refused):
        assert after == before
    assert world.execute(command) == answer
    assert [repr(seen_stock(world.stock(sku))) for sku in SKUS] == after
    assert isinstance(answer, Accepted | Refused)


@settings(max_examples=150)
@given(st.lists(st.one_of(one_event(*KINDS), one_command(*COMMANDS)), max_size=16))
def test_the_kept_state_is_the_fold_of_the_journal(day: list[Event | Command]) -> None:
    world = shop()
    for item in day:
        world.run([item])
        for sku in SKUS:
            kept = seen_stock(world.stock(sku))
            assert kept == seen_stock(positions(sku, world._stock_history(sku, None)))
