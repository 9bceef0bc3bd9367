"""What happens to stock besides sales, refunds and hand-overs (which stock hears of through ``trade``)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Final, Literal

from attrs import field, frozen

from omo_core.errors import Malformed
from omo_core.events import Event
from omo_core.identifiers import HoldId, LocationId, OrderId, Sku, StreamName, order_stream, stock_stream
from omo_core.instants import utc
from omo_core.quantities import UNITS_MAX, flag, text, units, whole

Basis = Literal["on_hand", "available"]
"""What was counted: all units in the place, or those free to sell (as platforms report it)."""
BASES: Final = ("on_hand", "available")


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

    @property
    def streams(self) -> tuple[StreamName, ...]:
        """Stand in the article's history."""
        return (stock_stream(self.sku),)

    def check(self) -> None:
        """Raise ``Malformed`` when the hold can't mean anything."""
        Event.check(self)
        text(self.hold, "hold")
        text(self.sku, "sku")
        units(self.units, "units", low=1)
        flag(self.released, "released")
        if self.location is not None:
            text(self.location, "location")


@frozen(kw_only=True)
class UnitsAllocated(Event):
    """The units that an order line still waits for were assigned to a location; the latest statement counts."""

    kind: ClassVar[str] = "units_allocated"
    rank: ClassVar[int] = 33

    order: OrderId
    line: str
    sku: Sku
    location: LocationId | None
    """Where they will come from; none puts them back to the pool."""

    @property
    def homes(self) -> tuple[StreamName, ...]:
        """Live in the order's history."""
        return (order_stream(self.order),)

    @property
    def streams(self) -> tuple[StreamName, ...]:
        """Stand in the article's history."""
        return (stock_stream(self.sku),)

    def check(self) -> None:
        """Raise ``Malformed`` when the allocation can't mean anything."""
        Event.check(self)
        text(self.order, "order")
        text(self.line, "line")
        text(self.sku, "sku")
        if self.location is not None:
            text(self.location, "location")
