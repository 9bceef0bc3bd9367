"""What can be asked of an article: where it lies, who waits for it, what is free, what is on its way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from omo_core.identifiers import LocationId, OrderId, Sku
from omo_core.instants import EPOCH
from omo_core.stock.holds import Holds, Own
from omo_core.stock.line_events import Awaited, PickedShort
from omo_core.stock.places import (
    AllocationMove,
    Gone,
    Incoming,
    Lot,
    Misfit,
    Movement,
    Place,
    Promise,
    Removal,
    Share,
    Transfer,
    going_first,
)
from omo_core.stock.transferring import TransferId
from omo_core.trade import HandedLine, HandedOver, Refund, RefundLine

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
        "expiries",
        "free_counted",
        "gained",
        "gone",
        "holds",
        "incoming",
        "last",
        "let_go",
        "lines",
        "misfits",
        "names",
        "places",
        "promises",
        "serials",
        "sku",
        "transfers",
    )

    def __init__(
        self,
        sku: Sku,
        *,
        lines: list[Movement] | None = None,
        book: list[AllocationMove] | None = None,
        misfits: list[Misfit] | None = None,
    ) -> None:
        """Start empty; write every movement of goods, of allocations, and what does not fit, where a list is given."""
        self.sku = sku
        self.places: dict[LocationId, Place] = {}
        self.promises: dict[tuple[OrderId, str], Promise] = {}
        self.holds = Holds()
        self.incoming: dict[tuple[str, LocationId], Incoming] = {}
        """By document and location."""
        self.transfers: dict[TransferId, Transfer] = {}
        self.serials: dict[str, str] = {}  # where each number was seen last: a location, ``order/…``, ``transfer/…``
        self.doubts: dict[str, tuple[str, str]] = {}  # numbers that turned up elsewhere without leaving
        self.expiries: dict[str, datetime] = {}
        """When lots expire, wherever they lie and even when nothing is left of them: a unit may come back."""
        self.lines, self.book, self.misfits = lines, book, misfits
        self.gone: dict[tuple[OrderId, str], Gone] = {}
        """What left of order lines, by every name of the order; kept only where what does not fit is asked for."""
        self.last: tuple[datetime, int, str] = (EPOCH, -1, "")
        """The canonical place of the last event fed."""
        self.free_counted = EPOCH
        """When free units were last counted: what was held then is part of what is on hand."""
        self.let_go = EPOCH
        """When a hold was last let go: a count of free units from before that knew it as held."""
        self.gained = EPOCH
        """When something last happened that may have freed units."""
        self.early: dict[OrderId, None] = {}
        """Orders that something was heard of, but not yet what was bought: their hand-overs wait for it."""
        self.names: dict[OrderId, OrderId] = {}
        """The other names of orders that wait."""
        self.composed: dict[tuple[OrderId, str], tuple[Sku, int]] = {}
        """Of lines of kits: the kit, and what one of it takes of this article."""
        self._allocated: dict[LocationId | None, int] = {}
        self._pooled: dict[str, int] = {}  # what is allocated in the pool, by channel
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

    def expected(self, pool: Iterable[LocationId], by: datetime, *, since: datetime = EPOCH) -> int:
        """Give what deliveries and transfers from elsewhere will have brought to these locations by an instant.

        What was due before ``since`` and has not come is overdue: nobody can say any more when it comes.
        """
        places = frozenset(pool)
        coming = [(one.location, one.due_at, one.units) for one in self.incoming.values()]
        coming += [(one.destination, one.due_at, one.in_transit) for one in self.transfers.values()]
        return sum(units for place, due, units in coming if place in places and since <= due <= by)

    def in_transit(self, location: LocationId | None = None) -> int:
        """Give what left another location for this one (none: for any) and has not arrived."""
        return sum(t.in_transit for t in self.transfers.values() if location in (None, t.destination))

    def locations(self) -> tuple[LocationId, ...]:
        """Name every location that the history knows, in order of name."""
        waiting = (location for location, units in self._allocated.items() if location is not None and units)
        leaving = (location for location, units in self._leaving.items() if units)
        return tuple(sorted({*self.places, *waiting, *leaving, *self.holds.locations()}))

    def units_per(self, order: OrderId, line: str, sku: Sku) -> int:
        """Give how many units of this article one of what a document names of an order's line is.

        A kit is what it takes of it; a part of a kit may be named by itself, where parts leave from several places.
        """
        kit, each = self.composed.get((order, line), (self.sku, 1))
        return each if sku == kit else int(sku == self.sku)

    def promises_of(self, order: OrderId) -> tuple[Promise, ...]:
        """Give the lines of an order that wait for this article, in the order they were sold."""
        name = self.names.get(order, order)
        return tuple(self.promises[name, line] for line in self._lines_of.get(name, ()))

    def awaited(self, order: OrderId) -> tuple[Awaited, ...]:
        """Say where the units lie that an order waits for."""
        return tuple(
            Awaited(
                line=promise.line,
                sku=self.sku,
                allocation=promise.name_of(share),
                location=share.location,
                units=share.units,
                settled_at=promise.settled_at,
            )
            for promise in self.promises_of(order)
            for share in promise.shares
        )

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

    def _misfit(
        self,
        event: HandedOver | Refund | PickedShort,
        what: str,
        line: HandedLine | RefundLine | PickedShort,
        location: LocationId | None,
        units: int,
    ) -> None:
        """Keep what a fact says beyond what could be booked of it."""
        if self.misfits is None or not units:
            return
        gone = self.gone.get((event.order, line.line))
        if what == "not_awaited" and gone is not None and gone.carried:
            return  # it left with its sale, and somebody reports the hand-over as well
        self.misfits.append(
            Misfit(
                at=event.at,
                event=event.id,
                what=what,
                order=event.order,
                line=line.line,
                location=location,
                units=units,
                allocation=line.allocation,
            )
        )

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
