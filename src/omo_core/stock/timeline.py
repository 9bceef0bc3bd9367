"""What moves an article's stock, in the order in which the fold meets it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from omo_core.events import Event, canonical, current
from omo_core.identifiers import OrderId
from omo_core.purchases import Cancelled, cancelled, purchases
from omo_core.stock.events import OF_ORDERS, PickedShort, StockCounted, StockMoved, StockSetAside, UnitsAllocated
from omo_core.stock.transferring import SupplyExpected, TransferOrdered, TransferReceived, TransferSent
from omo_core.trade import HandedOver, Refund, Sale


def timeline(events: Iterable[Event]) -> Iterator[Event]:
    """Give what moves stock, each thing once, in canonical order.

    An order's promises stand before its hand-overs, whatever the clocks of its sources say: a parcel that left a
    second before its order was written down is still that order's.
    """
    latest = current(events)
    sales = purchases(latest)
    ends = [cancelled(sale) for sale in sales if sale.status == "cancelled"]
    rest = [event for event in latest if not isinstance(event, Sale)]
    placed = {name: sale.at for sale in sales for name in (sale.order, *sale.also)}
    return iter(sorted([*sales, *rest, *ends], key=lambda event: _place_in_time(event, placed)))


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
    TransferSent,
    TransferReceived,
)
"""What may bring goods, or let go what goods were kept for; a parcel lets go what was kept at another location."""


def may_free(event: Event) -> bool:
    """Say whether an event may bring goods, or let go what goods were kept for."""
    return event.units > 0 if isinstance(event, StockMoved) else isinstance(event, FREEING)
