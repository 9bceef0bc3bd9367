"""A step about goods that come back without a receipt."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from omo_adapters.complaints import Shape
from omo_adapters.scenarios.scene import Scene
from omo_adapters.scenarios.steps import FactStep
from omo_adapters.scenarios.trading import tenders_of
from omo_adapters.written import Amount, Name
from omo_core.events import Event
from omo_core.identifiers import EventId, LocationId, OrderId
from omo_core.trade import Refund, RefundLine


class BroughtLineModel(Shape):
    """An article that came back, and the money that was given back for it."""

    sku: Name
    units: int = 1
    amount: Amount


class BroughtBackStep(FactStep):
    """`brought_back = "R7"`: goods come back, and nobody has the receipt."""

    brought_back: Name
    """What the return's own document is called."""
    by: Name | None = None
    """Who brought them; without it, nobody's points move."""
    lines: tuple[BroughtLineModel, ...] = Field(strict=False)
    tenders: dict[str, Amount] = Field(default_factory=dict)
    """How it was paid back, where the source says so."""
    currency: str | None = None
    returned_to: Name | None = None
    """The location that took the goods back; without it, no stock moves."""
    version: int = 0

    def events(self, scene: Scene, at: datetime) -> tuple[Event, ...]:
        """Give the return, after the record of who brought it if no step describes it."""
        seen = () if self.by is None else scene.bearer(self.by)[1]
        code = self.currency or scene.currency
        event = Refund(
            id=EventId(self.id or f"refund/{self.brought_back}"),
            at=at,
            version=self.version,
            order=OrderId(self.brought_back),
            currency=code,
            lines=tuple(self._line(line, str(place), scene, code) for place, line in enumerate(self.lines, 1)),
            tenders=tenders_of(self.tenders, scene, code),
            profile=None if self.by is None else scene.bearer(self.by)[0],
        )
        return (*seen, event)

    def _line(self, line: BroughtLineModel, place: str, scene: Scene, code: str) -> RefundLine:
        return RefundLine(
            line=place,
            sku=scene.article(line.sku),
            units=line.units,
            amount=line.amount.units(code, "amount"),
            restock="none" if self.returned_to is None else "return",
            location=None if self.returned_to is None else LocationId(self.returned_to),
        )
