"""Every way in which three clients of four steps each can come between one another, on one article.

A client reads (what is free, and the version), decides, appends with the version it has read, and decides again when
somebody was faster. All 34,650 orders of the twelve steps are tried, over the core's own fold and decisions: once with
clients who hold units, once with clients who each ask for something else.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from math import factorial

from omo_core.decisions import Accepted, Command
from omo_core.events import Event
from omo_core.stock import (
    AllocateLine,
    HoldUnits,
    OrderTransfer,
    ReleaseHold,
    StockCounted,
    StockRules,
    Wanted,
    decide_allocate,
    decide_hold,
    decide_order_transfer,
    decide_release,
    positions,
)
from omo_core.trade import Sale, SaleLine
from tests.core.stock.test_stock_laws import deficit

AT = datetime(2026, 1, 1, tzinfo=UTC)
TEE, S1, S2 = "TEE", "S1", "S2"
CLIENTS, STEPS = 3, 4
"""Ask for one thing: read, write; ask for another: read, write."""
RULES = StockRules()
Asking = tuple[Command, Command]


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


def hold(name: str, units: int, location: str | None) -> HoldUnits:
    lines = (Wanted(sku=TEE, units=units),)
    return HoldUnits(request=name, at=AT, hold=name, lines=lines, location=location, until=AT + timedelta(minutes=1))


@cache
def decided(history: tuple[Event, ...], command: Command) -> tuple[Event, ...]:
    """What a client that has read this history would append."""
    stock = {TEE: positions(TEE, history)}
    if isinstance(command, HoldUnits):
        answer = decide_hold(stock, RULES, command)
    elif isinstance(command, OrderTransfer):
        answer = decide_order_transfer(stock, RULES, command)
    elif isinstance(command, AllocateLine):
        answer = decide_allocate(stock[TEE], command)
    else:
        answer = decide_release(stock, command)
    return answer.events if isinstance(answer, Accepted) else ()


def played(begun: tuple[Event, ...], clients: tuple[Asking, ...], order: tuple[int, ...], *, expects: bool):
    """Let clients take their steps in an order; gives the history in the end."""
    journal = begun
    read: dict[int, tuple[Event, ...]] = {}
    taken = [0] * len(clients)
    for client in order:
        asking, writes = divmod(taken[client], 2)
        taken[client] += 1
        if not writes:
            read[client] = journal
            continue
        events = decided(read[client], clients[client][asking])
        if expects and events and read[client] != journal:  # stale: read and decide again, as one turn
            events = decided(journal, clients[client][asking])
        journal += events
    return journal


def test_the_orders_are_all_that_there_are_and_each_once() -> None:
    tried = list(orders((STEPS,) * CLIENTS))
    assert len(tried) == len(set(tried)) == factorial(CLIENTS * STEPS) // factorial(STEPS) ** CLIENTS == 34_650
    assert all(order.count(client) == STEPS for order in tried for client in range(CLIENTS))


# --- three who hold units --------------------------------------------------------------------------------------------

STOCK = 3
COUNTED = (StockCounted(id="count/1", at=AT, sku=TEE, location=S1, units=STOCK),)
HOLDERS: tuple[Asking, ...] = tuple((hold(f"h{who}/1", 1, S1), hold(f"h{who}/2", 2, S1)) for who in range(CLIENTS))


def held(history: tuple[Event, ...]) -> int:
    return sum(event.units for event in history[len(COUNTED) :])


def test_no_interleaving_of_three_clients_sells_what_is_not_there() -> None:
    outcomes = {held(played(COUNTED, HOLDERS, order, expects=True)) for order in orders((STEPS,) * CLIENTS)}
    assert outcomes == {STOCK}  # demand is 9: it never oversells, and never leaves a unit that somebody asked for


def test_without_expectations_some_interleavings_do() -> None:
    outcomes = {held(played(COUNTED, HOLDERS, order, expects=False)) for order in orders((STEPS,) * CLIENTS)}
    assert max(outcomes) == 5


# --- three who each ask for something else ---------------------------------------------------------------------------

WAITS = Sale(
    id="sale/O",
    at=AT - timedelta(hours=1),
    order="O",
    currency="HKD",
    lines=(SaleLine(line="1", sku=TEE, units=1, amount=1, handing="ship"),),
)
BEGUN = (
    StockCounted(id="count/1", at=AT - timedelta(hours=2), sku=TEE, location=S1, units=3),
    StockCounted(id="count/2", at=AT - timedelta(hours=2), sku=TEE, location=S2, units=1),
    WAITS,
)
WEB = (hold("web", 2, None), ReleaseHold(request="let-go", at=AT, hold="web", sku=TEE))
COUNTER = (hold("counter", 1, S1), hold("more", 2, S1))
OFFICE = (
    AllocateLine(request="commit", at=AT, order="O", line="1", sku=TEE, location=S1),
    OrderTransfer(
        request="move",
        at=AT,
        transfer="T",
        origin=S1,
        destination=S2,
        lines=(Wanted(sku=TEE, units=2),),
    ),
)


@cache
def owed(history: tuple[Event, ...]) -> int:
    return deficit(positions(TEE, history), AT)


def owed_by(*, expects: bool) -> Callable[[tuple[int, ...]], int]:
    return lambda order: owed(played(BEGUN, (WEB, COUNTER, OFFICE), order, expects=expects))


def test_no_interleaving_of_holding_letting_go_committing_and_moving_owes_what_is_not_there() -> None:
    ends = {played(BEGUN, (WEB, COUNTER, OFFICE), order, expects=True) for order in orders((STEPS,) * CLIENTS)}
    assert len(ends) == 20  # it matters who is faster
    assert {owed(history) for history in ends} == {0}


def test_without_expectations_some_owe() -> None:
    assert max(map(owed_by(expects=False), orders((STEPS,) * CLIENTS))) > 0
