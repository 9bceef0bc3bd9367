"""What somebody may ask of stock."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from attrs import field, frozen

from omo_core.decisions import Command, require
from omo_core.events import check_items, check_tuple
from omo_core.identifiers import HoldId, LocationId, Sku
from omo_core.instants import utc
from omo_core.quantities import LINES_MAX, text, units


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

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        Command.check(self)
        text(self.hold, "hold")
        require(
            0 < len(check_tuple(self.lines, "lines")) <= LINES_MAX,
            "lines",
            f"has {len(self.lines)} lines, the limit is {LINES_MAX}",
        )
        check_items(self.lines, "lines", Wanted)
        if self.location is not None:
            text(self.location, "location")
        require(self.until > self.at, "until", "is not after the hold begins")


@frozen(kw_only=True)
class ReleaseHold(Command):
    """Let go what a hold still holds of an article."""

    kind: ClassVar[str] = "release_hold"

    hold: HoldId
    sku: Sku

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        Command.check(self)
        text(self.hold, "hold")
        text(self.sku, "sku")


@frozen(kw_only=True)
class AllocateLine(Command):
    """Assign what an order line still waits for to a location, or put it back to the pool."""

    kind: ClassVar[str] = "allocate_line"

    order: str
    line: str
    sku: Sku
    location: LocationId | None

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        Command.check(self)
        text(self.order, "order")
        text(self.line, "line")
        text(self.sku, "sku")
        if self.location is not None:
            text(self.location, "location")
