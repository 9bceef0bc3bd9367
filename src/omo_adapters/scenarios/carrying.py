"""Steps about goods on their way and in the picker's hands: supply, transfers, short picks, serial numbers."""

from __future__ import annotations

from datetime import datetime

from omo_adapters.scenarios.scene import Scene
from omo_adapters.scenarios.steps import FactStep, RequestStep
from omo_adapters.written import Moment, Name, Names
from omo_core.decisions import Command
from omo_core.errors import Malformed
from omo_core.events import Event
from omo_core.identifiers import EventId, LocationId, OrderId, RequestId, Sku
from omo_core.instants import FOREVER
from omo_core.stock import (
    OrderTransfer,
    PickedShort,
    SerialsNamed,
    SupplyExpected,
    TransferId,
    TransferReceived,
    TransferSent,
    Wanted,
)
from omo_core.stock.line_events import Effect


def _due(scene: Scene, due: Moment | None) -> datetime:
    return FOREVER if due is None else scene.instant(due, "due")


class SupplyStep(FactStep):
    """`supply = "TEE"`: so many units of a delivery are still to come; receipts that name its document come off."""

    supply: Name
    location: Name
    units: int
    document: Name
    due: Moment | None = None
    """From when on it can be counted on."""

    def events(self, scene: Scene, at: datetime) -> tuple[Event, ...]:
        """Give the expectation."""
        number = scene.number("supply")
        event = SupplyExpected(
            id=EventId(self.id or f"supply/{number}"),
            at=at,
            sku=scene.article(self.supply),
            units=self.units,
            location=LocationId(self.location),
            document=self.document,
            due_at=_due(scene, self.due),
        )
        return (event,)


class SentStep(FactStep):
    """`sent = "T1"`: units of a transfer left a location."""

    sent: Name
    sku: Name
    units: int
    origin: Name
    destination: Name
    due: Moment | None = None
    final: bool = False
    """Nothing more of it will leave."""
    lot: str = ""
    serials: Names = ()

    def events(self, scene: Scene, at: datetime) -> tuple[Event, ...]:
        """Give what left."""
        number = scene.number(f"sent/{self.sent}")
        event = TransferSent(
            id=EventId(self.id or f"sent/{self.sent}/{number}"),
            at=at,
            sku=scene.article(self.sku),
            units=self.units,
            transfer=TransferId(self.sent),
            origin=LocationId(self.origin),
            destination=LocationId(self.destination),
            due_at=_due(scene, self.due),
            final=self.final,
            lot=self.lot,
            serials=self.serials,
        )
        return (event,)


class ArrivedStep(FactStep):
    """`arrived = "T1"`: units of a transfer arrived; what is missing then was lost on the way."""

    arrived: Name
    sku: Name
    units: int
    location: Name
    damaged: int = 0
    final: bool = True
    """Nothing more of it will come."""
    lot: str = ""
    serials: Names = ()

    def events(self, scene: Scene, at: datetime) -> tuple[Event, ...]:
        """Give what arrived."""
        number = scene.number(f"arrived/{self.arrived}")
        event = TransferReceived(
            id=EventId(self.id or f"arrived/{self.arrived}/{number}"),
            at=at,
            sku=scene.article(self.sku),
            units=self.units,
            transfer=TransferId(self.arrived),
            location=LocationId(self.location),
            damaged=self.damaged,
            final=self.final,
            lot=self.lot,
            serials=self.serials,
        )
        return (event,)


class PickedShortStep(FactStep):
    """`picked_short = "1001"`: a location could not give what was allocated there; the line waits for it again."""

    picked_short: Name
    line: Name = "1"
    sku: Name | None = None
    """Of a kit, which of its parts; else the line's article."""
    location: Name
    units: int
    reason: Name = "not found"
    effect: Effect = "none"
    """What follows for the shelf: `none`, `missing`, `empty`, `damaged`."""
    allocation: str = ""
    """Which part of the line it was, where the location had several."""

    def events(self, scene: Scene, at: datetime) -> tuple[Event, ...]:
        """Give the report."""
        number = scene.number(f"short/{self.picked_short}")
        event = PickedShort(
            id=EventId(self.id or f"short/{self.picked_short}/{number}"),
            at=at,
            order=OrderId(self.picked_short),
            line=self.line,
            sku=article_of(scene, self.picked_short, self.line, self.sku),
            location=LocationId(self.location),
            units=self.units,
            reason=self.reason,
            effect=self.effect,
            allocation=self.allocation,
        )
        return (event,)


class SerialsStep(FactStep):
    """`serials_named = "1001"`: these are the very units that an order line got."""

    serials_named: Name
    line: Name = "1"
    numbers: Names

    def events(self, scene: Scene, at: datetime) -> tuple[Event, ...]:
        """Give the numbers."""
        number = scene.number(f"serials/{self.serials_named}")
        event = SerialsNamed(
            id=EventId(self.id or f"serials/{self.serials_named}/{number}"),
            at=at,
            order=OrderId(self.serials_named),
            line=self.line,
            sku=article_of(scene, self.serials_named, self.line, None),
            serials=self.numbers,
        )
        return (event,)


class OrderTransferStep(RequestStep):
    """`order_transfer = "T1"`: may these units go from one location to another? All of them or none."""

    order_transfer: Name
    units: dict[str, int]
    """Units per article."""
    origin: Name
    destination: Name
    due: Moment | None = None

    def command(self, scene: Scene, at: datetime, request: str) -> Command:
        """Give the wish."""
        return OrderTransfer(
            request=RequestId(request),
            at=at,
            actor=self.actor,
            transfer=TransferId(self.order_transfer),
            origin=LocationId(self.origin),
            destination=LocationId(self.destination),
            lines=tuple(Wanted(sku=scene.article(sku), units=units) for sku, units in self.units.items()),
            due_at=_due(scene, self.due),
        )


def article_of(scene: Scene, order: str, line: str, sku: str | None) -> Sku:
    """Name the article that an order line waits for."""
    if sku is not None:
        return scene.article(sku)
    found = next((known.sku for known in scene.needed_sale(order, "order").lines if known.line == line), None)
    if found is None:
        raise Malformed("line", f"the sale has no line {line!r}")
    return scene.article(found)
