"""What happens to the units that order lines wait for: assigned to places, picked, not found, named."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Final, Literal, NewType

from attrs import frozen

from omo_core.errors import Malformed
from omo_core.events import Event, check_items, check_texts, check_tuple
from omo_core.identifiers import LocationId, OrderId, Sku, StreamName, order_stream, stock_stream
from omo_core.quantities import LINES_MAX, text, units

AllocationId = NewType("AllocationId", str)
"""Names the part of an order line that one location is to give; empty for what was not sourced in parts."""
Effect = Literal["none", "missing", "empty", "damaged"]
"""What a short pick says of the shelf: nothing; the units are not there; nothing at all is there; they are broken."""
EFFECTS: Final = ("none", "missing", "empty", "damaged")


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
class Awaited:
    """Units that an order line waits for in one place, as stock tells fulfilment."""

    line: str
    sku: Sku
    """The article, which is a part where the line is of a kit."""
    allocation: AllocationId
    location: LocationId | None
    """None: in the pool."""
    units: int
    settled_at: datetime
    """When something was last decided or done about it; what follows from it stands after that."""


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
    allocation: str = ""
    """Which part of each line, as the plan named it; without one, all that is allocated there."""

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
        text(self.allocation, "allocation", empty=True)
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
