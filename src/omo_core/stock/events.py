"""What happens to stock besides sales, refunds and hand-overs (which stock hears of through ``trade``)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Final, Literal, NewType

from attrs import field, frozen

from omo_core.errors import Malformed
from omo_core.events import Event, check_items, check_texts, check_tuple
from omo_core.identifiers import HoldId, LocationId, OrderId, Sku, StreamName, order_stream, stock_stream
from omo_core.instants import utc
from omo_core.quantities import LINES_MAX, UNITS_MAX, flag, text, units, whole

AllocationId = NewType("AllocationId", str)
"""Names the part of an order line that one location is to give; empty for what was not sourced in parts."""
Basis = Literal["on_hand", "available"]
"""What was counted: all units in the place, or those free to sell (as platforms report it)."""
BASES: Final = ("on_hand", "available")
Effect = Literal["none", "missing", "empty", "damaged"]
"""What a short pick says of the shelf: nothing; the units are not there; nothing at all is there; they are broken."""
EFFECTS: Final = ("none", "missing", "empty", "damaged")


def _utc_or_none(value: object) -> datetime | None:
    return None if value is None else utc(value, "expires_at")


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
    """The lot that the units are of; without one, what goes is taken from the lot that must go first."""
    expires_at: datetime | None = field(default=None, converter=_utc_or_none)
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
        if len(check_tuple(self.serials, "serials")) > min(abs(self.units), LINES_MAX):
            raise Malformed("serials", f"{len(self.serials)} serial numbers for {self.units} units")
        check_texts(self.serials, "serials")


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
        text(self.channel, "channel", empty=True)
        if self.location is not None:
            text(self.location, "location")


@frozen(kw_only=True)
class Part:
    """So many units of an order line are to come from one location."""

    allocation: AllocationId
    location: LocationId | None
    """None leaves them to the pool."""
    units: int

    def check(self) -> None:
        """Raise ``Malformed`` when the part can't mean anything."""
        text(self.allocation, "allocation", empty=True)
        if self.location is not None:
            text(self.location, "location")
        units(self.units, "units", low=1)


@frozen(kw_only=True)
class _OfOrder(Event):
    order: OrderId

    @property
    def homes(self) -> tuple[StreamName, ...]:
        """Live in the order's history."""
        return (order_stream(self.order),)


@frozen(kw_only=True)
class _OfLine(_OfOrder):
    line: str
    sku: Sku

    @property
    def streams(self) -> tuple[StreamName, ...]:
        """Stand in the article's history."""
        return (stock_stream(self.sku),)

    def check(self) -> None:
        """Raise ``Malformed`` when the statement can't mean anything."""
        Event.check(self)
        text(self.order, "order")
        text(self.line, "line")
        text(self.sku, "sku")


@frozen(kw_only=True)
class UnitsAllocated(_OfLine):
    """The units that an order line still waits for were assigned to a location; the latest statement counts."""

    kind: ClassVar[str] = "units_allocated"
    rank: ClassVar[int] = 33

    location: LocationId | None
    """Where they will come from; none puts them back to the pool."""
    parts: tuple[Part, ...] = ()
    """Where they will come from when it is not one location for all; what the parts leave over goes to ``location``."""

    def check(self) -> None:
        """Raise ``Malformed`` when the allocation can't mean anything."""
        _OfLine.check(self)
        if self.location is not None:
            text(self.location, "location")
        check_items(self.parts, "parts", Part)
        if len({part.allocation for part in self.parts}) != len(self.parts) or len(self.parts) > LINES_MAX:
            raise Malformed("parts", "two parts are the same allocation")


@frozen(kw_only=True)
class PickingStarted(_OfOrder):
    """A location began to pick an order: what is allocated there stays there."""

    kind: ClassVar[str] = "picking_started"
    rank: ClassVar[int] = 34

    location: LocationId
    skus: tuple[Sku, ...]
    """The articles of the order that it picks."""
    actor: str = ""

    @property
    def streams(self) -> tuple[StreamName, ...]:
        """Stand in the history of each article."""
        return tuple(dict.fromkeys(stock_stream(sku) for sku in self.skus))

    def check(self) -> None:
        """Raise ``Malformed`` when the statement can't mean anything."""
        Event.check(self)
        text(self.order, "order")
        text(self.location, "location")
        text(self.actor, "actor", empty=True)
        check_texts(self.skus, "skus")


@frozen(kw_only=True)
class PickedShort(_OfLine):
    """A location could not give units that were allocated there: the line waits for them again, from elsewhere."""

    kind: ClassVar[str] = "picked_short"
    rank: ClassVar[int] = 36

    location: LocationId
    units: int
    reason: str
    effect: Effect = "none"
    """What follows for the location's stock. It is data, so that a shop may name reasons of its own."""
    allocation: str = ""
    """Which allocation of the line it was, where the location had several."""

    def check(self) -> None:
        """Raise ``Malformed`` when the report can't mean anything."""
        _OfLine.check(self)
        text(self.location, "location")
        units(self.units, "units", low=1)
        text(self.reason, "reason")
        text(self.allocation, "allocation", empty=True)
        if self.effect not in EFFECTS:
            raise Malformed("effect", f"{self.effect!r:.40} is none of {', '.join(EFFECTS)}")


@frozen(kw_only=True)
class SerialsNamed(_OfLine):
    """These are the very units that an order line got."""

    kind: ClassVar[str] = "serials_named"
    rank: ClassVar[int] = 37

    serials: tuple[str, ...]

    def check(self) -> None:
        """Raise ``Malformed`` when the statement can't mean anything."""
        _OfLine.check(self)
        if not 0 < len(check_tuple(self.serials, "serials")) <= LINES_MAX:
            raise Malformed("serials", f"has {len(self.serials)} serial numbers, the limit is {LINES_MAX}")
        check_texts(self.serials, "serials")


OF_ORDERS: Final = (UnitsAllocated, PickingStarted, PickedShort, SerialsNamed)
"""What stock hears about orders; it waits for the sale, whatever the clocks say."""
