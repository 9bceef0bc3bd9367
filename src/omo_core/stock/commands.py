"""What somebody may ask of stock."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from attrs import field, frozen

from omo_core.decisions import Command, require
from omo_core.events import check_items, check_texts, check_tuple
from omo_core.identifiers import HoldId, LocationId, OrderId, Sku
from omo_core.instants import FOREVER, utc
from omo_core.quantities import LINES_MAX, flag, text, units
from omo_core.stock.transferring import TransferId


def _some(items: object, path: str, *, low: int = 1) -> None:
    count = len(check_tuple(items, path))
    require(low <= count <= LINES_MAX, path, f"has {count} entries, the limit is {LINES_MAX}")


@frozen(kw_only=True)
class Wanted:
    """So many units of an article."""

    sku: Sku
    units: int

    def check(self) -> None:
        """Raise ``Malformed`` when the wish can't mean anything."""
        text(self.sku, "sku")
        units(self.units, "units", low=1)


@frozen(kw_only=True)
class HoldUnits(Command):
    """Set units apart for somebody until an instant; all of them or none."""

    kind: ClassVar[str] = "hold_units"

    hold: HoldId
    lines: tuple[Wanted, ...]
    location: LocationId | None = None
    """In one location; none holds them in the pool."""
    until: datetime = field(converter=utc)
    """Exclusive."""
    channel: str = ""
    """Whose pool, buffer and backorders count."""
    ahead: bool = False
    """Also from what is not there yet, as far as the shop's rules for backorders go."""
    instead: bool = False
    """In place of what a hold of that name holds of these articles by now: that much is free to it, and it keeps its
    place in line."""

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        Command.check(self)
        text(self.hold, "hold")
        _some(self.lines, "lines")
        check_items(self.lines, "lines", Wanted)
        if self.location is not None:
            text(self.location, "location")
        require(self.until > self.at, "until", "is not after the hold begins")
        flag(self.ahead, "ahead")
        flag(self.instead, "instead")
        require(not (self.ahead and self.location is not None), "ahead", "is a matter of the pool, not of one location")
        text(self.channel, "channel", empty=True)


@frozen(kw_only=True)
class RenewHold(Command):
    """Let a hold that lives end at another instant."""

    kind: ClassVar[str] = "renew_hold"

    hold: HoldId
    skus: tuple[Sku, ...]
    until: datetime = field(converter=utc)
    """Exclusive."""

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        Command.check(self)
        text(self.hold, "hold")
        _some(self.skus, "skus")
        check_texts(self.skus, "skus")
        require(self.until > self.at, "until", "is not after the hold is renewed")


@frozen(kw_only=True)
class ReleaseHold(Command):
    """Let go what a hold still holds of an article, or of several: all of them or none."""

    kind: ClassVar[str] = "release_hold"

    hold: HoldId
    sku: Sku
    also: tuple[Sku, ...] = ()
    """Further articles that it holds."""

    @property
    def skus(self) -> tuple[Sku, ...]:
        """Name the articles, each once."""
        return tuple(dict.fromkeys((self.sku, *self.also)))

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        Command.check(self)
        text(self.hold, "hold")
        text(self.sku, "sku")
        _some(self.also, "also", low=0)
        check_texts(self.also, "also")


@frozen(kw_only=True)
class AllocateLine(Command):
    """Assign what an order line still waits for to a location, or put it back to the pool."""

    kind: ClassVar[str] = "allocate_line"

    order: str
    line: str
    sku: Sku
    location: LocationId | None
    allocation: str = ""
    """Which part of the line moves, as the plan named it; without one, all of it that nobody is picking."""

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        Command.check(self)
        text(self.order, "order")
        text(self.line, "line")
        text(self.sku, "sku")
        text(self.allocation, "allocation", empty=True)
        if self.location is not None:
            text(self.location, "location")


@frozen(kw_only=True)
class From:
    """So many units of a line from one location."""

    location: LocationId
    units: int

    def check(self) -> None:
        """Raise ``Malformed`` when the part can't mean anything."""
        text(self.location, "location")
        units(self.units, "units", low=1)


@frozen(kw_only=True)
class SourcedLine:
    """Where the units that a line waits for are to come from; what is not named waits in the pool."""

    line: str
    sku: Sku
    parts: tuple[From, ...]

    def check(self) -> None:
        """Raise ``Malformed`` when the line can't mean anything."""
        text(self.line, "line")
        text(self.sku, "sku")
        _some(self.parts, "parts", low=0)
        check_items(self.parts, "parts", From)
        distinct = {part.location for part in self.parts}
        require(len(distinct) == len(self.parts), "parts", "two parts are from the same location")


@frozen(kw_only=True)
class SourceOrder(Command):
    """Commit what an order waits for to locations: all of the plan or nothing. Whose plan it is does not matter."""

    kind: ClassVar[str] = "source_order"

    order: OrderId
    lines: tuple[SourcedLine, ...]
    slot: str = ""
    """When it is to be packed, where locations have a capacity; else in the slots that the order has, or today."""
    hold: HoldId | None = None
    """The hold that kept the places for its parcels."""

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        Command.check(self)
        text(self.order, "order")
        text(self.slot, "slot", empty=True)
        if self.hold is not None:
            text(self.hold, "hold")
        _some(self.lines, "lines")
        check_items(self.lines, "lines", SourcedLine)
        named = {(line.line, line.sku) for line in self.lines}
        require(len(named) == len(self.lines), "lines", "two lines are the same")


@frozen(kw_only=True)
class InSlot:
    """The places of so many parcels in a slot of a location."""

    location: LocationId
    slot: str
    parcels: int = 1

    def check(self) -> None:
        """Raise ``Malformed`` when the wish can't mean anything."""
        text(self.location, "location")
        text(self.slot, "slot")
        units(self.parcels, "parcels", low=1)

    @property
    def spot(self) -> tuple[LocationId, str]:
        """Name the slot."""
        return self.location, self.slot


@frozen(kw_only=True)
class HoldSlots(Command):
    """Keep places for parcels where a plan would have them packed, until it is committed; all of them or none."""

    kind: ClassVar[str] = "hold_slots"

    hold: HoldId
    slots: tuple[InSlot, ...]
    until: datetime = field(converter=utc)
    """Exclusive."""
    order: OrderId | None = None
    """Whose parcels, where there is an order yet: what it does not use is let go when it is committed."""

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        Command.check(self)
        text(self.hold, "hold")
        _some(self.slots, "slots")
        check_items(self.slots, "slots", InSlot)
        require(self.until > self.at, "until", "is not after the hold begins")
        if self.order is not None:
            text(self.order, "order")


@frozen(kw_only=True)
class ReleaseSlots(Command):
    """Let go what a hold still keeps in these slots."""

    kind: ClassVar[str] = "release_slots"

    hold: HoldId
    slots: tuple[InSlot, ...]

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        Command.check(self)
        text(self.hold, "hold")
        _some(self.slots, "slots")
        check_items(self.slots, "slots", InSlot)


@frozen(kw_only=True)
class StartPicking(Command):
    """A location begins to pick what is allocated to it of an order; from now on it stays there."""

    kind: ClassVar[str] = "start_picking"

    order: OrderId
    location: LocationId
    skus: tuple[Sku, ...]
    allocation: str = ""
    """Which part of each line, as the plan named it; without one, all that is allocated there."""

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        Command.check(self)
        text(self.order, "order")
        text(self.location, "location")
        _some(self.skus, "skus")
        check_texts(self.skus, "skus")
        text(self.allocation, "allocation", empty=True)


@frozen(kw_only=True)
class OrderTransfer(Command):
    """Promise units of one location to another, all of them or none."""

    kind: ClassVar[str] = "order_transfer"

    transfer: TransferId
    origin: LocationId
    destination: LocationId
    lines: tuple[Wanted, ...]
    due_at: datetime = FOREVER

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        Command.check(self)
        text(self.transfer, "transfer")
        text(self.origin, "origin")
        text(self.destination, "destination")
        require(self.origin != self.destination, "destination", "is where the goods are already")
        _some(self.lines, "lines")
        check_items(self.lines, "lines", Wanted)
