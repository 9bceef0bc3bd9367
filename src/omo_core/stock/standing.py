"""What can be asked of an article: where it lies, who waits for it, what is free, what is on its way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from omo_core.identifiers import LocationId, OrderId, Sku
from omo_core.instants import EPOCH
from omo_core.stock.holds import Holds, Own
from omo_core.stock.places import (
    AllocationMove,
    Incoming,
    Lot,
    Movement,
    Place,
    Promise,
    Removal,
    Share,
    Transfer,
    going_first,
)
from omo_core.stock.transferring import TransferId

K = TypeVar("K")


class Standing:
    """One article in all locations: the state of the fold, and the answers read from it.

    Nobody but the fold (``position``) and the keeper of memos writes to it.
    """

    __slots__ = (
        "_allocated",
        "_leaving",
        "_lines_of",
        "_pooled",
        "book",
        "composed",
        "doubts",
        "early",
        "free_counted",
        "gained",
        "holds",
        "incoming",
        "last",
        "lines",
        "names",
        "places",
        "promises",
        "serials",
        "sku",
        "transfers",
    )

    def __init__(
        self, sku: Sku, *, lines: list[Movement] | None = None, book: list[AllocationMove] | None = None
    ) -> None:
        """Start empty; with ``lines`` or ``book``, write there every movement of goods, of allocations."""
        self.sku = sku
        self.places: dict[LocationId, Place] = {}
        self.promises: dict[tuple[OrderId, str], Promise] = {}
        self.holds = Holds()
        self.incoming: dict[str, Incoming] = {}
        self.transfers: dict[TransferId, Transfer] = {}
        self.serials: dict[str, str] = {}
        """Where each serial number was seen last: a location, or ``order/…``."""
        self.doubts: dict[str, tuple[str, str]] = {}
        """Serial numbers that turned up in a second place without leaving the first."""
        self.lines = lines
        self.book = book
        self.last: tuple[datetime, int, str] = (EPOCH, -1, "")
        """The canonical place of the last event fed."""
        self.free_counted = EPOCH
        """When free units were last counted: what was held then is part of what is on hand."""
        self.gained = EPOCH
        """When something last happened that may have freed units."""
        self.early: dict[OrderId, None] = {}
        """Orders that something was heard of, but not yet what was bought: their hand-overs wait for it."""
        self.names: dict[OrderId, OrderId] = {}
        """The other names of orders that wait."""
        self.composed: dict[tuple[OrderId, str], int] = {}
        """Order lines of kits: how many units of this article one kit takes."""
        self._allocated: dict[LocationId | None, int] = {}
        self._pooled: dict[str, int] = {}
        """What is allocated in the pool, by channel."""
        self._leaving: dict[LocationId, int] = {}
        self._lines_of: dict[OrderId, dict[str, None]] = {}

    def on_hand(self, location: LocationId) -> int:
        """Give what lies there; negative when more was sold than was known to be there."""
        place = self.places.get(location)
        return place.on_hand if place is not None else 0

    def unavailable(self, location: LocationId) -> int:
        """Give what lies there but is not for sale."""
        place = self.places.get(location)
        return sum(place.set_aside.values()) if place is not None and place.set_aside else 0

    def expired(self, location: LocationId, at: datetime) -> int:
        """Give what lies there of lots that may not be sold any more."""
        place = self.places.get(location)
        if place is None or not place.lots:
            return 0
        return sum(lot.units for lot in place.lots.values() if lot.expires_at <= at)

    def allocated(self, location: LocationId | None) -> int:
        """Give what order lines wait for at a location; for none, in the pool."""
        return self._allocated.get(location, 0)

    def owed(self, channel: str, at: datetime, *, own: Own = None) -> int:
        """Give what a channel has promised and holds in its pool."""
        return self._pooled.get(channel, 0) + self.holds.pooled(channel, at, own=own)

    def channels(self) -> tuple[str, ...]:
        """Name the channels that have promised or held anything in their pool, in order of name."""
        return tuple(sorted({*self._pooled, *self.holds.channels()}))

    def leaving(self, location: LocationId) -> int:
        """Give what a location has promised to other locations and not sent yet."""
        return self._leaving.get(location, 0)

    def held(self, location: LocationId | None, at: datetime, *, own: Own = None) -> int:
        """Give what live holds hold at a location (none: in the pool), the asker's own hold left out."""
        return self.holds.units(location, at, own=own)

    def free_raw(self, location: LocationId, at: datetime, *, own: Own = None) -> int:
        """Give what can be promised at a location; negative when it is promised or sold beyond what is there."""
        taken = self.unavailable(location) + self.allocated(location) + self.held(location, at, own=own)
        return self.on_hand(location) - taken - self.expired(location, at) - self.leaving(location)

    def free(self, location: LocationId, at: datetime, *, own: Own = None) -> int:
        """Give what can be promised at a location, never below zero."""
        return max(0, self.free_raw(location, at, own=own))

    def free_in_pool(self, pool: Iterable[LocationId], at: datetime, *, own: Own = None) -> int:
        """Give what can be promised over all these locations; each is clamped before summing.

        One store's deficit never eats another's stock, but what the pool itself owes and holds does.
        """
        return max(0, self.pool_raw(pool, at, own=own))

    def pool_raw(self, pool: Iterable[LocationId], at: datetime, *, own: Own = None) -> int:
        """Give the pool's free units; negative by what the pool owes beyond what is there (backorders)."""
        there = sum(self.free(location, at, own=own) for location in dict.fromkeys(pool))
        return there - self.allocated(None) - self.held(None, at, own=own)

    def expected(self, pool: Iterable[LocationId], by: datetime) -> int:
        """Give what deliveries and transfers from elsewhere will have brought to these locations by an instant."""
        places = frozenset(pool)
        supplied = sum(one.units for one in self.incoming.values() if one.location in places and one.due_at <= by)
        return supplied + sum(
            transfer.in_transit
            for transfer in self.transfers.values()
            if transfer.destination in places and transfer.due_at <= by
        )

    def in_transit(self, location: LocationId | None = None) -> int:
        """Give what left another location for this one (none: for any) and has not arrived."""
        return sum(t.in_transit for t in self.transfers.values() if location in (None, t.destination))

    def locations(self) -> tuple[LocationId, ...]:
        """Name every location that the history knows, in order of name."""
        waiting = (location for location, units in self._allocated.items() if location is not None and units)
        leaving = (location for location, units in self._leaving.items() if units)
        return tuple(sorted({*self.places, *waiting, *leaving, *self.holds.locations()}))

    def promises_of(self, order: OrderId) -> tuple[Promise, ...]:
        """Give the lines of an order that wait for this article, in the order they were sold."""
        name = self.names.get(order, order)
        return tuple(self.promises[name, line] for line in self._lines_of.get(name, ()))

    def at_risk(self, location: LocationId) -> tuple[Promise, ...]:
        """Name the promises that what lies there can't keep: the latest made are at risk first, ties by order id."""
        left = self.on_hand(location) - self.unavailable(location)
        risky = []
        waiting = [(promise, promise.at_location(location)) for promise in self.promises.values()]
        for promise, units in sorted(waiting, key=lambda pair: (pair[0].at, pair[0].order, pair[0].line)):
            left -= units
            if units and left < 0:
                risky.append(promise)
        return tuple(risky)

    def lots_for(
        self, location: LocationId, units: int, at: datetime, *, removal: Removal = "fefo"
    ) -> tuple[tuple[str, int], ...]:
        """Say which lots a picker takes, and how many of each; the rest (lot ``""``) is of no known lot."""
        place = self.places.get(location)
        picked: list[tuple[str, int]] = []
        for lot in going_first(_fresh(place, at), removal) if place is not None else ():
            taken = min(lot.units, units)
            if taken:
                picked.append((lot.lot, taken))
                units -= taken
        return tuple([*picked, ("", units)] if units else picked)

    def expect(self, promises: Iterable[Promise]) -> None:
        """Take up promises that were folded before."""
        for promise in promises:
            self.promises[promise.order, promise.line] = promise
            self._lines_of.setdefault(promise.order, {})[promise.line] = None
            for share in promise.shares:
                self._allocate_units(promise, share, share.units)

    def expect_transfers(self, transfers: Iterable[Transfer]) -> None:
        """Take up transfers that were folded before."""
        for transfer in transfers:
            self.transfers[transfer.transfer] = transfer
            self._leave(transfer.origin, transfer.ordered)

    def _allocate_units(self, promise: Promise, share: Share, units: int) -> None:
        """Add to, or take off, what is allocated where a part lies."""
        _add(self._allocated, share.location, units)
        if share.location is None:
            _add(self._pooled, promise.channel, units)

    def _leave(self, origin: LocationId, units: int) -> None:
        _add(self._leaving, origin, units)


def _add(sums: dict[K, int], key: K, units: int) -> None:
    """Add to a sum; what has come to nothing is forgotten."""
    total = sums.get(key, 0) + units
    if total:
        sums[key] = total
    else:
        sums.pop(key, None)


def _fresh(place: Place, at: datetime) -> list[Lot]:
    return [lot for lot in place.lots.values() if lot.expires_at > at]
