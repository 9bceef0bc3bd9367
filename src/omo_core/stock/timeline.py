"""What moves an article's stock, in the order in which the fold meets it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import ClassVar

from attrs import evolve, frozen

from omo_core.events import Event, canonical, current
from omo_core.identifiers import EventId, HoldId, OrderId, Sku
from omo_core.purchases import Cancelled, cancelled, purchases
from omo_core.stock.events import StockCounted, StockMoved, StockSetAside, UnitsHeld
from omo_core.stock.line_events import OF_ORDERS, PickedShort, UnitsAllocated
from omo_core.stock.transferring import SupplyExpected, TransferId, TransferOrdered, TransferReceived, TransferSent
from omo_core.trade import HandedOver, Refund, Sale


@frozen(kw_only=True)
class HoldEnded(Event):
    """A hold was let go before its time. Derived from the hold's own document, never stored."""

    rank: ClassVar[int] = 26

    sku: Sku
    hold: HoldId
    document: EventId


@frozen(kw_only=True)
class TransferWithdrawn(Event):
    """A transfer was given up. Derived from the order's own document, never stored."""

    rank: ClassVar[int] = 24

    sku: Sku
    transfer: TransferId


def timeline(events: Iterable[Event]) -> Iterator[Event]:
    """Give what moves stock, each thing once, in canonical order.

    An order's promises stand before its hand-overs, whatever the clocks of its sources say: a parcel that left a
    second before its order was written down is still that order's.
    """
    latest = current(events)
    sales = purchases(latest)
    ends = [cancelled(sale) for sale in sales if sale.status == "cancelled"]
    rest = [part for event in latest if not isinstance(event, Sale) for part in _begun_and_ended(event)]
    placed = {name: sale.at for sale in sales for name in (sale.order, *sale.also)}
    return iter(sorted([*sales, *rest, *ends], key=lambda event: _place_in_time(event, placed)))


def _begun_and_ended(event: Event) -> tuple[Event, ...]:
    """What was given up later was there until then: give both, each at its instant."""
    if isinstance(event, UnitsHeld) and event.released_at is not None:
        at = max(event.at, event.released_at)
        name = EventId(f"{event.id}/ended")
        ended = HoldEnded(id=name, at=at, sku=event.sku, hold=event.hold, document=event.id)
        return evolve(event, released=False, released_at=None), ended
    if isinstance(event, TransferOrdered) and event.withdrawn_at is not None:
        at = max(event.at, event.withdrawn_at)
        name = EventId(f"{event.id}/withdrawn")
        withdrawn = TransferWithdrawn(id=name, at=at, sku=event.sku, transfer=event.transfer)
        return evolve(event, withdrawn=False, withdrawn_at=None), withdrawn
    return (event,)


def _place_in_time(event: Event, placed: Mapping[OrderId, datetime]) -> tuple[datetime, int, str]:
    at, rank, name = canonical(event)
    if isinstance(event, (HandedOver, Refund, Cancelled, *OF_ORDERS)):
        at = max(at, placed.get(event.order, at))
    return at, rank, name


FREEING = (
    StockCounted,
    StockSetAside,
    Refund,
    Cancelled,
    UnitsAllocated,
    HandedOver,
    PickedShort,
    SupplyExpected,
    TransferOrdered,
    TransferWithdrawn,
    TransferSent,
    TransferReceived,
)
"""What may bring goods, or let go what goods were kept for; a parcel lets go what was kept at another location."""


def may_free(event: Event) -> bool:
    """Say whether an event may bring goods, or let go what goods were kept for."""
    return event.units > 0 if isinstance(event, StockMoved) else isinstance(event, FREEING)
