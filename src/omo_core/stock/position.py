"""Where an article lies, who waits for it, and what is free: the fold over one article's history.

Counts set, movements add, in event time: a sale that is uploaded late, from before a count, is absorbed by the count.
Demand is a *promise*: an order line that is not carried out of the store waits until it is handed over, cancelled or
refunded. A promise lies on a location, or on the pool until it is sourced.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from attrs import Factory, define, frozen

from omo_core.events import Event, canonical
from omo_core.identifiers import HoldId, LocationId, OrderId, Sku
from omo_core.instants import EPOCH, FOREVER
from omo_core.purchases import Cancelled
from omo_core.stock.events import StockCounted, StockMoved, StockSetAside, UnitsAllocated, UnitsHeld
from omo_core.stock.holds import Holds
from omo_core.stock.timeline import may_free, timeline
from omo_core.trade import HandedOver, Refund, Sale

NOWHERE: Final = LocationId("unknown")
"""Where goods are booked whose source did not say which location they left."""
_OF_ONE_ARTICLE = (StockCounted, StockMoved, StockSetAside, UnitsAllocated, UnitsHeld)


@define
class Promise:
    """An order line that waits for units."""

    order: OrderId
    line: str
    at: datetime
    units: int
    """What is still waited for."""
    location: LocationId | None
    """Where it will come from; none until it is sourced."""


@define
class Place:
    """One location's stock of the article, in units."""

    on_hand: int = 0
    set_aside: dict[str, int] = Factory(dict)
    """Not for sale, by reason."""


@frozen(kw_only=True)
class Movement:
    """One line of an article's ledger: the deltas of a location sum to what is on hand."""

    at: datetime
    event: str
    location: LocationId
    units: int
    what: str
    on_hand: int
    """Afterwards."""


class Positions:
    """One article in all locations: the working state of the fold, and the answers read from it."""

    __slots__ = (
        "_allocated",
        "early",
        "free_counted",
        "gained",
        "holds",
        "last",
        "lines",
        "names",
        "places",
        "promises",
        "sku",
    )

    def __init__(self, sku: Sku, *, lines: list[Movement] | None = None) -> None:
        """Start empty; with ``lines``, write every movement of goods there."""
        self.sku = sku
        self.places: dict[LocationId, Place] = {}
        self.promises: dict[tuple[OrderId, str], Promise] = {}
        self.holds = Holds()
        self.lines = lines
        self.last: tuple[datetime, int, str] = (EPOCH, -1, "")
        """The canonical place of the last event fed."""
        self.free_counted = EPOCH
        """When free units were last counted: what was held then is part of what is on hand."""
        self.gained = EPOCH  # when something last happened that may have freed units
        self.early: dict[OrderId, None] = {}
        """Orders that something was heard of, but not yet what was bought: their hand-overs wait for it."""
        self._allocated: dict[LocationId | None, int] = {}
        self.names: dict[OrderId, OrderId] = {}
        """The other names of orders that wait."""

    def on_hand(self, location: LocationId) -> int:
        """Give what lies there; negative when more was sold than was known to be there."""
        place = self.places.get(location)
        return place.on_hand if place is not None else 0

    def unavailable(self, location: LocationId) -> int:
        """Give what lies there but is not for sale."""
        place = self.places.get(location)
        return sum(place.set_aside.values()) if place is not None else 0

    def allocated(self, location: LocationId | None) -> int:
        """Give what order lines wait for at a location; for none, in the pool."""
        return self._allocated.get(location, 0)

    def held(self, location: LocationId | None, at: datetime, *, own: HoldId | None = None) -> int:
        """Give what live holds hold at a location (none: in the pool), the asker's own hold left out."""
        return self.holds.units(location, at, own=own)

    def free_raw(self, location: LocationId, at: datetime, *, own: HoldId | None = None) -> int:
        """Give what can be promised at a location; negative when it is promised or sold beyond what is there."""
        taken = self.unavailable(location) + self.allocated(location) + self.held(location, at, own=own)
        return self.on_hand(location) - taken

    def free(self, location: LocationId, at: datetime, *, own: HoldId | None = None) -> int:
        """Give what can be promised at a location, never below zero."""
        return max(0, self.free_raw(location, at, own=own))

    def free_in_pool(self, pool: Iterable[LocationId], at: datetime, *, own: HoldId | None = None) -> int:
        """Give what can be promised over all these locations; each is clamped before summing.

        One store's deficit never eats another's stock, but what the pool itself owes and holds does.
        """
        there = sum(self.free(location, at, own=own) for location in dict.fromkeys(pool))
        return max(0, there - self.allocated(None) - self.held(None, at, own=own))

    def locations(self) -> tuple[LocationId, ...]:
        """Name every location that the history knows, in order of name."""
        waiting = (location for location, units in self._allocated.items() if location is not None and units)
        return tuple(sorted({*self.places, *waiting, *self.holds.locations()}))

    def at_risk(self, location: LocationId) -> tuple[Promise, ...]:
        """Name the promises that what lies there can't keep: the latest made are at risk first, ties by order id."""
        left = self.on_hand(location) - self.unavailable(location)
        risky = []
        for promise in sorted(self.promises.values(), key=lambda p: (p.at, p.order, p.line)):
            if promise.location == location and promise.units:
                left -= promise.units
                if left < 0:
                    risky.append(promise)
        return tuple(risky)

    def feed(self, event: Event) -> None:
        """Let one event happen; events come in canonical order. What is another article's changes nothing."""
        self.last = max(self.last, canonical(event))
        if isinstance(event, _OF_ONE_ARTICLE) and event.sku != self.sku:
            return
        self.gained = max(self.gained, event.at) if may_free(event) else self.gained
        if isinstance(event, Sale):
            self._sale(event)
        elif isinstance(event, HandedOver):
            self._handed_over(event)
        elif isinstance(event, Refund):
            self._refund(event)
        elif isinstance(event, Cancelled):
            self._cancel(event)
        elif isinstance(event, StockCounted):
            self._count(event)
        elif isinstance(event, StockMoved):
            self._move(event, event.location, event.units, event.reason)
        elif isinstance(event, StockSetAside):
            self._place(event.location).set_aside[event.reason] = event.units
        elif isinstance(event, UnitsHeld):
            self._hold(event)
        elif isinstance(event, UnitsAllocated):
            self._allocate(event)

    def extends(self, event: Event, *, first: bool = False) -> bool:
        """Say whether feeding this event now gives what folding everything anew would.

        ``first`` promises that nothing was ever heard of the document; without it only a version 0 is taken for new.
        Of a sale, nobody may have heard under another document either.
        """
        if isinstance(event, UnitsHeld) and event.released:
            hold = self.holds.get(event.hold)
            return hold is not None and hold.id == event.id and hold.at >= self.free_counted
        if canonical(event) <= self.last or not (first or event.version == 0):
            return False
        if isinstance(event, Sale):
            return event.status != "cancelled" and not any(name in self.early for name in (event.order, *event.also))
        return True

    def _place(self, location: LocationId) -> Place:
        return self.places.setdefault(location, Place())

    def _move(self, event: Event, location: LocationId, units: int, what: str) -> None:
        place = self._place(location)
        place.on_hand += units
        if self.lines is not None and units:
            self.lines.append(
                Movement(at=event.at, event=event.id, location=location, units=units, what=what, on_hand=place.on_hand)
            )

    def _sale(self, sale: Sale) -> None:
        for line in sale.lines:
            if line.sku != self.sku or not line.moves_stock:
                continue
            if line.handing == "carried":
                self._move(sale, line.location or sale.location or NOWHERE, -line.units, "sold")
            elif sale.status != "cancelled" or sale.ended_at is not None:
                for name in (sale.order, *sale.also):
                    self.names[name] = sale.order
                key = (sale.order, line.line)
                self.promises[key] = Promise(sale.order, line.line, sale.at, 0, line.location)
                self._wait(key, line.units)

    def expect(self, promises: Iterable[Promise]) -> None:
        """Take up promises that were folded before."""
        for promise in promises:
            self.promises[promise.order, promise.line] = promise
            self._allocated[promise.location] = self._allocated.get(promise.location, 0) + promise.units

    def _wait(self, key: tuple[OrderId, str], units: int) -> None:
        """Let a line wait for more units, or for fewer; a line that waits for none is forgotten."""
        promise = self.promises[key]
        promise.units += units
        self._allocated[promise.location] = self._allocated.get(promise.location, 0) + units
        if promise.units == 0:
            del self.promises[key]

    def _settle(self, order: OrderId, line: str, units: int) -> int:
        """Take units off what a line waits for, as far as it waits; says how many."""
        key = (self.names.get(order, order), line)
        promise = self.promises.get(key)
        if promise is None:
            self.early[order] = None
            return 0
        settled = min(promise.units, units)
        if settled:
            self._wait(key, -settled)
        return settled

    def _handed_over(self, event: HandedOver) -> None:
        """Goods left that a line was waiting for.

        Carried lines have left with their sale already, a second report of one hand-over finds nothing waiting, and
        a parcel that was taken back never left.
        """
        for line in () if event.cancelled else event.lines:
            if line.sku == self.sku:
                left = self._settle(event.order, line.line, line.units)
                self._move(event, event.location, -left, event.how)

    def _refund(self, refund: Refund) -> None:
        for line in refund.lines:
            if line.sku != self.sku:
                continue
            if line.restock == "return":
                self._move(refund, line.location or NOWHERE, line.units, "returned")
            elif line.restock == "cancel":
                self._settle(refund.order, line.line, line.units)

    def _cancel(self, event: Cancelled) -> None:
        order = self.names.get(event.order, event.order)
        for key in [key for key in self.promises if key[0] == order]:
            self._wait(key, -self.promises[key].units)

    def _count(self, event: StockCounted) -> None:
        units = event.units
        if event.basis == "available":
            self.free_counted = event.at
            where = event.location
            units += self.unavailable(where) + self.allocated(where) + self.held(where, event.at)
        self._move(event, event.location, units - self.on_hand(event.location), "counted")

    def _hold(self, event: UnitsHeld) -> None:
        if event.released:
            hold = self.holds.get(event.hold)
            if hold is not None and hold.id == event.id:
                self.holds.drop(event.hold)
        else:
            self.holds.put(event)

    def _allocate(self, event: UnitsAllocated) -> None:
        promise = self.promises.get((self.names.get(event.order, event.order), event.line))
        if promise is None:
            self.early[event.order] = None
            return
        for location, units in ((promise.location, -promise.units), (event.location, promise.units)):
            self._allocated[location] = self._allocated.get(location, 0) + units
        promise.location = event.location


def positions(
    sku: Sku, events: Iterable[Event], *, until: datetime = FOREVER, lines: list[Movement] | None = None
) -> Positions:
    """Fold an article's history, or what had happened by an instant."""
    folded = Positions(sku, lines=lines)
    for event in timeline(event for event in events if event.at <= until):
        if event.at <= until:  # a sale's cancellation may come later than the sale
            folded.feed(event)
    return folded
