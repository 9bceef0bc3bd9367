"""Steps about stock: counted, moved, set aside, held; hold, release, allocate."""

from __future__ import annotations

from datetime import datetime, timedelta

from omo_adapters.scenarios.scene import Scene
from omo_adapters.scenarios.steps import FactStep, RequestStep
from omo_adapters.written import Moment, Name, Names
from omo_core.decisions import Command
from omo_core.errors import Malformed
from omo_core.events import Event
from omo_core.identifiers import EventId, HoldId, LocationId, OrderId, RequestId
from omo_core.stock import AllocateLine, HoldUnits, ReleaseHold, UnitsAllocated, UnitsHeld, Wanted
from omo_core.stock.events import Basis, StockCounted, StockMoved, StockSetAside


def _place(name: str | None) -> LocationId | None:
    return None if name is None else LocationId(name)


class CountedStep(FactStep):
    """`counted = "TEE"`: so many units lie in a location; a count sets."""

    counted: Name
    location: Name
    units: int
    basis: Basis = "on_hand"
    """`available` for a platform's number of what is free to sell."""

    def events(self, scene: Scene, at: datetime) -> tuple[Event, ...]:
        """Give the count."""
        number = scene.number("count")
        event = StockCounted(
            id=EventId(self.id or f"count/{number}"),
            at=at,
            sku=scene.article(self.counted),
            location=LocationId(self.location),
            units=self.units,
            basis=self.basis,
        )
        return (event,)


class MovedStep(FactStep):
    """`moved = "TEE"`: units came (positive) or went (negative) for another reason than a sale."""

    moved: Name
    location: Name
    units: int
    reason: Name = "received"
    document: str = ""
    lot: str = ""
    expires: Moment | None = None
    """From when on the lot is not for sale."""
    serials: Names = ()

    def events(self, scene: Scene, at: datetime) -> tuple[Event, ...]:
        """Give the movement."""
        number = scene.number("move")
        event = StockMoved(
            id=EventId(self.id or f"move/{number}"),
            at=at,
            sku=scene.article(self.moved),
            location=LocationId(self.location),
            units=self.units,
            reason=self.reason,
            document=self.document,
            lot=self.lot,
            expires_at=None if self.expires is None else scene.instant(self.expires, "expires"),
            serials=self.serials,
        )
        return (event,)


class SetAsideStep(FactStep):
    """`set_aside = "TEE"`: so many units are not for sale for a reason; the latest statement per reason counts."""

    set_aside: Name
    location: Name
    units: int
    reason: Name = "damaged"

    def events(self, scene: Scene, at: datetime) -> tuple[Event, ...]:
        """Give the statement."""
        number = scene.number("aside")
        event = StockSetAside(
            id=EventId(self.id or f"aside/{number}"),
            at=at,
            sku=scene.article(self.set_aside),
            location=LocationId(self.location),
            units=self.units,
            reason=self.reason,
        )
        return (event,)


class HeldStep(FactStep):
    """`held = "B1"`: units were set apart by another system, whether or not they are there."""

    held: Name
    sku: Name
    units: int
    location: Name | None = None
    """Without one, in the pool."""
    channel: str = ""
    until: Moment

    def events(self, scene: Scene, at: datetime) -> tuple[Event, ...]:
        """Give the hold."""
        event = UnitsHeld(
            id=EventId(self.id or f"hold/{self.held}/{self.sku}/{self.location or 'pool'}"),
            at=at,
            hold=HoldId(self.held),
            channel=self.channel,
            sku=scene.article(self.sku),
            units=self.units,
            location=_place(self.location),
            until=scene.instant(self.until, "until"),
        )
        return (event,)


class AllocatedStep(FactStep):
    """`allocated = "1001"`: another system assigned what a line waits for to a location."""

    allocated: Name
    line: Name = "1"
    location: Name | None = None
    """Without one, back to the pool."""

    def events(self, scene: Scene, at: datetime) -> tuple[Event, ...]:
        """Give the assignment."""
        number = scene.number("allocation")
        event = UnitsAllocated(
            id=EventId(self.id or f"allocation/{number}"),
            at=at,
            order=OrderId(self.allocated),
            line=self.line,
            sku=scene.article(_sku(scene, self.allocated, self.line, "allocated")),
            location=_place(self.location),
        )
        return (event,)


class HoldStep(RequestStep):
    """`hold = "B1"`: may these units be set apart? All of them or none."""

    hold: Name
    units: dict[str, int]
    """Units per article."""
    location: Name | None = None
    """Without one, in the pool."""
    until: Moment | None = None
    minutes: int = 15
    channel: str = ""
    """Whose pool, buffers and backorders count."""
    ahead: bool = False
    """Also from what is not there yet, as far as the rules go."""
    instead: bool = False
    """In place of what the hold has of these articles."""

    def command(self, scene: Scene, at: datetime, request: str) -> Command:
        """Give the wish."""
        end = at + timedelta(minutes=self.minutes) if self.until is None else scene.instant(self.until, "until")
        return HoldUnits(
            request=RequestId(request),
            at=at,
            actor=self.actor,
            hold=HoldId(self.hold),
            lines=tuple(Wanted(sku=scene.article(sku), units=units) for sku, units in self.units.items()),
            location=_place(self.location),
            until=end,
            channel=self.channel,
            ahead=self.ahead,
            instead=self.instead,
        )


class ReleaseStep(RequestStep):
    """`release = "B1"`: let go what a hold still holds of an article."""

    release: Name
    sku: Name
    also: Names = ()
    """Further articles; all of them or none."""

    def command(self, scene: Scene, at: datetime, request: str) -> Command:
        """Give the wish."""
        return ReleaseHold(
            request=RequestId(request),
            at=at,
            actor=self.actor,
            hold=HoldId(self.release),
            sku=scene.article(self.sku),
            also=tuple(map(scene.article, self.also)),
        )


class AllocateStep(RequestStep):
    """`allocate = "1001"`: may what a line waits for come from this location? Asked of omo."""

    allocate: Name
    line: Name = "1"
    location: Name | None = None
    """Without one, back to the pool."""
    allocation: str = ""
    """Which part of the line; without one, all that nobody picks."""

    def command(self, scene: Scene, at: datetime, request: str) -> Command:
        """Give the wish."""
        return AllocateLine(
            request=RequestId(request),
            at=at,
            actor=self.actor,
            order=self.allocate,
            line=self.line,
            sku=scene.article(_sku(scene, self.allocate, self.line, "allocate")),
            location=_place(self.location),
            allocation=self.allocation,
        )


def _sku(scene: Scene, order: str, line: str, path: str) -> str:
    sale = scene.needed_sale(order, path)
    found = next((known.sku for known in sale.lines if known.line == line), None)
    if found is None:
        raise Malformed("line", f"the sale has no line {line!r}")
    return found
