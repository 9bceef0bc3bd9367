"""What happens to stock besides sales, refunds and hand-overs (which stock hears of through ``trade``)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Final, Literal

from attrs import evolve, field, frozen

from omo_core.errors import Malformed
from omo_core.events import Event, check_serials
from omo_core.identifiers import HoldId, LocationId, Sku, StreamName, stock_stream
from omo_core.instants import utc
from omo_core.quantities import UNITS_MAX, flag, text, units, whole

Basis = Literal["on_hand", "available"]
"""What was counted: all units in the place, or those free to sell (as platforms report it)."""
BASES: Final = ("on_hand", "available")


def _expires_at(value: object) -> datetime | None:
    return None if value is None else utc(value, "expires_at")


def _since(value: object) -> datetime | None:
    return None if value is None else utc(value, "since")


def _released_at(value: object) -> datetime | None:
    return None if value is None else utc(value, "released_at")


@frozen(kw_only=True)
class StockCounted(Event):
    """Units were counted, or an outside system stated its level. A count sets; it absorbs whatever happened before."""

    kind: ClassVar[str] = "stock_counted"
    rank: ClassVar[int] = 20

    sku: Sku
    location: LocationId
    units: int
    basis: Basis = "on_hand"

    @property
    def streams(self) -> tuple[StreamName, ...]:
        """Stand in the article's history."""
        return (stock_stream(self.sku),)

    def check(self) -> None:
        """Raise ``Malformed`` when the count can't mean anything."""
        Event.check(self)
        text(self.sku, "sku")
        text(self.location, "location")
        low = -UNITS_MAX if self.basis == "available" else 0
        whole(self.units, "units", low=low, high=UNITS_MAX)
        if self.basis not in BASES:
            raise Malformed("basis", f"{self.basis!r:.40} is none of {', '.join(BASES)}")


@frozen(kw_only=True)
class StockMoved(Event):
    """Units came or went for another reason than a sale: received, damaged, found, lost, transferred out or in."""

    kind: ClassVar[str] = "stock_moved"
    rank: ClassVar[int] = 22

    sku: Sku
    location: LocationId
    units: int
    """Positive came, negative went."""
    reason: str
    document: str = ""
    """The delivery note, transfer order or report it belongs to."""
    lot: str = ""
    """The lot that the units are of; without one, what goes is taken off the lot that expires first of those still for
    sale, and what goes as ``expired`` off those that are not."""
    expires_at: datetime | None = field(default=None, converter=_expires_at)
    """From when on units of the lot are not for sale."""
    serials: tuple[str, ...] = ()
    """The serial numbers of the units, where they are known."""

    @property
    def streams(self) -> tuple[StreamName, ...]:
        """Stand in the article's history."""
        return (stock_stream(self.sku),)

    def check(self) -> None:
        """Raise ``Malformed`` when the movement can't mean anything."""
        Event.check(self)
        text(self.sku, "sku")
        text(self.location, "location")
        whole(self.units, "units", low=-UNITS_MAX, high=UNITS_MAX)
        text(self.reason, "reason")
        text(self.document, "document", empty=True)
        text(self.lot, "lot", empty=True)
        check_serials(self.serials, self.units)


@frozen(kw_only=True)
class StockSetAside(Event):
    """So many units of a location are not for sale for a reason; the latest statement per reason counts."""

    kind: ClassVar[str] = "stock_set_aside"
    rank: ClassVar[int] = 21

    sku: Sku
    location: LocationId
    units: int
    reason: str
    """``damaged``, ``quality_control``, ``safety_stock`` or a name of the shop's own."""

    @property
    def streams(self) -> tuple[StreamName, ...]:
        """Stand in the article's history."""
        return (stock_stream(self.sku),)

    def check(self) -> None:
        """Raise ``Malformed`` when the statement can't mean anything."""
        Event.check(self)
        text(self.sku, "sku")
        text(self.location, "location")
        units(self.units, "units")
        text(self.reason, "reason")


@frozen(kw_only=True)
class UnitsHeld(Event):
    """Units were set apart for somebody until an instant: a basket in checkout."""

    kind: ClassVar[str] = "units_held"
    rank: ClassVar[int] = 25

    hold: HoldId
    sku: Sku
    units: int
    location: LocationId | None = None
    """Where; none holds them in the pool of all locations."""
    until: datetime = field(converter=utc)
    """Exclusive."""
    released: bool = False
    """A later version: the hold has ended."""
    channel: str = ""
    """Whose pool, where it holds in the pool."""
    since: datetime | None = field(default=None, converter=_since)
    """Since when it stands in line, where that is not when it was made."""
    ahead: bool = False
    """Also of what was not there yet, as far as the shop's rules for backorders went."""
    released_at: datetime | None = field(default=None, converter=_released_at)
    """When it was let go; without it, a hold that was released never was."""

    @property
    def streams(self) -> tuple[StreamName, ...]:
        """Stand in the article's history."""
        return (stock_stream(self.sku),)

    @property
    def stands_since(self) -> datetime:
        """Say since when it stands in line."""
        return self.at if self.since is None else self.since

    def ended(self, at: datetime) -> UnitsHeld:
        """Give the version of the hold that ends it; it can't end before it was made."""
        return evolve(self, version=self.version + 1, released=True, released_at=max(at, self.at))

    def check(self) -> None:
        """Raise ``Malformed`` when the hold can't mean anything."""
        Event.check(self)
        text(self.hold, "hold")
        text(self.sku, "sku")
        units(self.units, "units", low=1)
        flag(self.released, "released")
        flag(self.ahead, "ahead")
        if self.released_at is not None and not self.released:
            raise Malformed("released_at", "is said of a hold that was not released")
        text(self.channel, "channel", empty=True)
        if self.location is not None:
            text(self.location, "location")
