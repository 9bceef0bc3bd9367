"""What the fold of an article keeps: places with their lots, promises with their parts, goods on their way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final, Literal

from attrs import Factory, define, frozen

from omo_core.identifiers import LocationId, OrderId
from omo_core.instants import EPOCH, FOREVER
from omo_core.stock.line_events import AllocationId
from omo_core.stock.transferring import TransferId

NOWHERE: Final = LocationId("unknown")
"""Where goods are booked whose source did not say which location they left."""
UNSOURCED: Final = AllocationId("")
"""The part of a line that is not split into allocations of its own."""
Removal = Literal["fefo", "fifo", "lifo"]
"""Which lot goes first: the one that expires first, the one that came first, the one that came last."""


@define
class Lot:
    """Units of one lot in one location."""

    lot: str
    units: int
    expires_at: datetime = FOREVER
    """From when on they are not for sale."""
    in_at: datetime = EPOCH
    """When the lot first came."""


def going_first(lots: Iterable[Lot], removal: Removal = "fefo") -> list[Lot]:
    """Order lots by which goes first; ties by the lot that came first, then by its name."""
    came = sorted(lots, key=lambda lot: (lot.in_at, lot.lot))
    if removal == "lifo":
        return came[::-1]
    return sorted(came, key=lambda lot: lot.expires_at) if removal == "fefo" else came


@define
class Place:
    """One location's stock of the article, in units."""

    on_hand: int = 0
    set_aside: dict[str, int] = Factory(dict)
    """Not for sale, by reason."""
    lots: dict[str, Lot] = Factory(dict)
    """What of it is known to be of which lot; never more than lies there."""
    looked: int = 0
    """How many units the record said were there whenever somebody looked: at counts and picks."""
    found: int = 0
    """How many of those were there."""

    def give_lots(self, units: int, at: datetime, named: str = "") -> list[Lot]:
        """Take units that went to somebody off the lots, and say which.

        The named lot goes first, then what expires first of what is still for sale, then what is of no known lot; what
        has expired goes only when there is nothing else.
        """
        unknown = max(0, self.on_hand + units - sum(lot.units for lot in self.lots.values()))
        fresh = [lot for lot in going_first(self.lots.values()) if lot.expires_at > at]
        taken = self._take(units, [*self._named(named), *fresh])
        left = units - sum(lot.units for lot in taken) - unknown
        return [*taken, *self._take(left, going_first(self.lots.values()))]

    def drop_lots(self, units: int, named: str = "") -> list[Lot]:
        """Take units that are gone off the lots, and say which: the named lot first, then what expires first."""
        return self._take(units, [*self._named(named), *going_first(self.lots.values())])

    def _named(self, named: str) -> list[Lot]:
        return [self.lots[named]] if named in self.lots else []

    def _take(self, units: int, lots: Iterable[Lot]) -> list[Lot]:
        taken = []
        for lot in lots:
            some = min(lot.units, units)
            if some > 0:
                taken.append(Lot(lot.lot, some, lot.expires_at, lot.in_at))
                lot.units -= some
                units -= some
            if lot.units == 0:
                self.lots.pop(lot.lot, None)
        return taken

    def add_lot(self, name: str, units: int, expires_at: datetime | None, at: datetime) -> None:
        """Put units to a lot; what the place owed already is gone again."""
        lot = self.lots.setdefault(name, Lot(name, 0, FOREVER, at))
        lot.units += units
        lot.expires_at = lot.expires_at if expires_at is None else expires_at

    def trim_lots(self) -> None:
        """Lots never say that there is more than there is; what has expired was thrown away first."""
        surplus = sum(lot.units for lot in self.lots.values()) - max(0, self.on_hand)
        if surplus > 0:
            self.drop_lots(surplus)

    def look(self, said: int, there: int) -> None:
        """Learn from somebody who looked: the record said so many, so many were there."""
        if said > 0:
            self.looked += said
            self.found += min(said, max(0, there))


@define
class Share:
    """A part of what a line waits for, and where it will come from."""

    allocation: AllocationId
    location: LocationId | None
    """None until it is sourced."""
    units: int
    picking: bool = False
    """Picking has started: it stays where it is."""


@define
class Promise:
    """An order line that waits for units."""

    order: OrderId
    line: str
    at: datetime
    channel: str = ""
    """Whose pool it lies on while it has no location."""
    shares: list[Share] = Factory(list)
    short_at: list[LocationId] = Factory(list)
    """Locations that could not give it; not asked again."""
    settled_at: datetime = EPOCH
    """When something was last decided or done about it; the next decision stands after that."""

    @property
    def units(self) -> int:
        """Give what is still waited for."""
        return sum(share.units for share in self.shares)

    @property
    def location(self) -> LocationId | None:
        """Name the location that all of it will come from; none when there is none, or several."""
        first = self.shares[0].location if self.shares else None
        return first if all(share.location == first for share in self.shares) else None

    def at_location(self, location: LocationId | None) -> int:
        """Give what will come from a location."""
        return sum(share.units for share in self.shares if share.location == location)

    def name_of(self, share: Share) -> AllocationId:
        """Name a part: as the plan named it, else after its order line, of which there is one such part per place."""
        return share.allocation or AllocationId(f"{self.order}/{self.line}")


@define
class Incoming:
    """What of a delivery is expected in a location."""

    document: str
    location: LocationId
    units: int
    due_at: datetime


@define
class Transfer:
    """Goods between two locations."""

    transfer: TransferId
    origin: LocationId
    destination: LocationId
    at: datetime = EPOCH
    """When it was first heard of: since when it stands in line for what it takes."""
    ordered: int = 0
    """Still to leave."""
    sent: int = 0
    received: int = 0
    due_at: datetime = FOREVER
    closed: bool = False
    lots: list[Lot] = Factory(list)
    """What of it is known to be of which lot, while it is on its way."""

    @property
    def in_transit(self) -> int:
        """Give what left and is still to arrive."""
        return 0 if self.closed else max(0, self.sent - self.received)

    @property
    def discrepancy(self) -> int:
        """Give what arrived beyond what left, once nothing more will come; negative when units were lost."""
        return self.received - self.sent if self.closed else 0


@define(kw_only=True)
class Gone:
    """What left of an order line, and is with the customer."""

    carried: bool
    """It left with its sale."""
    units: int = 0


@frozen(kw_only=True)
class AllocationMove:
    """One line of an article's book of allocations: what a location's (or the pool's) lines sum to is allocated there.

    No units leave an allocation without a line that names it, and the event that did it.
    """

    at: datetime
    event: str
    order: OrderId
    line: str
    allocation: AllocationId
    location: LocationId | None
    units: int
    """Positive: the allocation got them; negative: it was consumed, or let go."""
    what: str
    """``promised``, ``sourced``, ``shipped``, ``collected``, ``cancelled``, ``picked short``."""


@frozen(kw_only=True)
class Misfit:
    """What a fact says beyond what could be booked of it: it is kept, never silently dropped."""

    at: datetime
    event: str
    what: str
    """``not_awaited``: nothing, or nothing more, of the line was waited for; ``unknown_allocation``: the line has none
    of that name; ``not_allocated_there``: more was not found than the place was to give; ``more_than_lay_there``: more
    was not found than the record said lay there; ``more_than_left``: more came back than had left."""
    order: OrderId
    line: str
    location: LocationId | None
    units: int
    """How many were not booked, or not as told."""
    allocation: str = ""


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
    allocation: str = ""
    """Which allocation the units were of, where an order waited for them."""
