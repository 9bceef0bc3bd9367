"""Steps that ask for something about an order: place, ready, collect, cancel."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from omo_adapters.scenarios.scene import Scene
from omo_adapters.scenarios.steps import LineModel, RequestStep
from omo_adapters.scenarios.trading import tenders_of
from omo_adapters.written import Amount, Name
from omo_core.decisions import Command
from omo_core.fulfilment import CancelOrder, CollectOrder, MarkReady, OrderLine, PlacePickupOrder
from omo_core.identifiers import HoldId, LocationId, OrderId, RequestId


class PlaceStep(RequestStep):
    """`place = "1001"`: may this be bought online and picked up in that store? Asked of omo."""

    place: Name
    by: Name | None = None
    location: Name
    lines: tuple[LineModel, ...] = Field(strict=False)
    tenders: dict[str, Amount] = Field(default_factory=dict)
    basket: Name | None = None
    """The hold on the goods while the customer paid; the order takes it over."""
    channel: Name = "web"
    currency: str | None = None

    def command(self, scene: Scene, at: datetime, request: str) -> Command:
        """Give the wish."""
        code = self.currency or scene.currency
        return PlacePickupOrder(
            request=RequestId(request),
            at=at,
            actor=self.actor,
            order=OrderId(self.place),
            profile=None if self.by is None else scene.bearer(self.by)[0],
            channel=self.channel,
            location=LocationId(self.location),
            currency=code,
            lines=tuple(self._line(line, str(i + 1), scene, code) for i, line in enumerate(self.lines)),
            tenders=tenders_of(self.tenders, scene, code),
            hold=None if self.basket is None else HoldId(self.basket),
        )

    def _line(self, line: LineModel, place: str, scene: Scene, code: str) -> OrderLine:
        return OrderLine(
            line=line.line or place,
            sku=scene.article(line.sku),
            units=line.units,
            amount=line.amount.units(code, "amount"),
            tax=scene.money(line.tax, "tax", code),
        )


class ReadyStep(RequestStep):
    """`ready = "1001"`: the store has picked the order."""

    ready: Name

    def command(self, scene: Scene, at: datetime, request: str) -> Command:  # noqa: ARG002
        """Give the wish."""
        return MarkReady(request=RequestId(request), at=at, actor=self.actor, order=OrderId(self.ready))


class CollectStep(RequestStep):
    """`collect = "1001"`: the customer is at the counter."""

    collect: Name

    def command(self, scene: Scene, at: datetime, request: str) -> Command:  # noqa: ARG002
        """Give the wish."""
        return CollectOrder(request=RequestId(request), at=at, actor=self.actor, order=OrderId(self.collect))


class CancelStep(RequestStep):
    """`cancel = "1001"`: may the whole order be given up? Asked of omo."""

    cancel: Name

    def command(self, scene: Scene, at: datetime, request: str) -> Command:  # noqa: ARG002
        """Give the wish."""
        return CancelOrder(request=RequestId(request), at=at, actor=self.actor, order=OrderId(self.cancel))
