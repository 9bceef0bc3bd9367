"""What a location can pack in a day, or in a part of one: who has a parcel's place in it.

A slot's history is a stream of its own, in which everything that happens to its orders stands as well: an order that is
cancelled gives its place back by that alone, and one that has left is work that is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar, Final

from attrs import field, frozen

from omo_core.events import Event, current
from omo_core.identifiers import EventId, HoldId, LocationId, OrderId, StreamName, order_stream, slot_stream
from omo_core.instants import FOREVER, utc
from omo_core.purchases import purchases
from omo_core.quantities import flag, text, units
from omo_core.trade import HandedOver, Refund, Sale

Spot = tuple[LocationId, str]
"""A slot of a location."""
NOBODY: Final[frozenset[OrderId]] = frozenset()


def _until(value: object) -> datetime:
    return FOREVER if value == FOREVER else utc(value, "until")


@frozen(kw_only=True)
class SlotHeld(Event):
    """A location keeps the place of a parcel in a slot: until an instant when planned, for good once committed."""

    kind: ClassVar[str] = "slot_held"
    rank: ClassVar[int] = 26

    hold: HoldId
    location: LocationId
    slot: str
    """A day or a part of one, as the shop writes it: ``2026-12-24``, ``2026-12-24/am``."""
    parcels: int = 1
    until: datetime = field(default=FOREVER, converter=_until)
    """Exclusive; without one it is confirmed."""
    order: OrderId | None = None
    """Whose parcel, once that is known."""
    released: bool = False
    """A later version: the place is free again."""

    @property
    def homes(self) -> tuple[StreamName, ...]:
        """Live in the order's history."""
        return (order_stream(self.order),) if self.order is not None else ()

    @property
    def streams(self) -> tuple[StreamName, ...]:
        """Stand in the slot's history."""
        return (slot_stream(self.location, self.slot),)

    def check(self) -> None:
        """Raise ``Malformed`` when the statement can't mean anything."""
        Event.check(self)
        text(self.hold, "hold")
        text(self.location, "location")
        text(self.slot, "slot")
        units(self.parcels, "parcels", low=1)
        if self.order is not None:
            text(self.order, "order")
        flag(self.released, "released")

    @property
    def spot(self) -> Spot:
        """Name the slot."""
        return self.location, self.slot

    @property
    def confirmed(self) -> bool:
        """Say whether it is kept for good."""
        return self.until == FOREVER


@frozen(kw_only=True)
class Slot:
    """One slot of a location: the places in it that are kept, those of orders that ended left out."""

    location: LocationId
    slot: str
    kept: tuple[SlotHeld, ...] = ()
    """In order of their documents."""
    left: frozenset[EventId] = frozenset()
    """Those of them whose parcel has left."""

    def taken(self, at: datetime, *, hold: HoldId | None = None, orders: frozenset[OrderId] = NOBODY) -> int:
        """Give how many parcels have a place, but for those of the asker's own hold or order."""
        others = (one for one in self.kept if one.order not in orders and (hold is None or one.hold != hold))
        return sum(one.parcels for one in others if one.until > at)

    def load(self, at: datetime) -> int:
        """Give how many parcels are still to be packed for orders that were committed."""
        return sum(one.parcels for one in self.kept if one.confirmed and one.at <= at and one.id not in self.left)


def slot_of(location: LocationId, slot: str, events: Iterable[Event]) -> Slot:
    """Read a slot off its history."""
    latest = current(events)
    named, ended = _orders(latest)
    mine = [
        one
        for one in latest
        if isinstance(one, SlotHeld) and one.spot == (location, slot) and not one.released and one.order not in ended
    ]
    gone = {
        named.get(one.order, one.order)
        for one in latest
        if isinstance(one, HandedOver) and one.location == location and not one.cancelled
    }
    left = frozenset(one.id for one in mine if one.order is not None and named.get(one.order, one.order) in gone)
    return Slot(location=location, slot=slot, kept=tuple(sorted(mine, key=lambda one: one.id)), left=left)


def _orders(latest: list[Event]) -> tuple[Mapping[OrderId, OrderId], frozenset[OrderId]]:
    """Give each order's first name by all its names, and all names of those that were cancelled, or given up whole."""
    sales = purchases(latest)
    named = {name: sale.order for sale in sales for name in (sale.order, *sale.also)}
    given_up: dict[tuple[OrderId, str], int] = {}
    for refund in latest:
        for line in refund.lines if isinstance(refund, Refund) else ():
            if isinstance(refund, Refund) and line.restock == "cancel":
                key = (named.get(refund.order, refund.order), line.line)
                given_up[key] = given_up.get(key, 0) + line.units
    ended = [sale for sale in sales if sale.status == "cancelled" or _given_up(sale, given_up)]
    return named, frozenset(name for sale in ended for name in (sale.order, *sale.also))


def _given_up(sale: Sale, given_up: Mapping[tuple[OrderId, str], int]) -> bool:
    waited = [line for line in sale.lines if line.moves_stock and line.handing != "carried"]
    return bool(waited) and all(given_up.get((sale.order, line.line), 0) >= line.units for line in waited)
