"""Steps about points that are set apart, change hands, come back after they expired; and about tiers given by hand."""

from __future__ import annotations

from datetime import datetime

from pydantic import model_validator

from omo_adapters.scenarios.scene import Scene
from omo_adapters.scenarios.steps import FactStep, RequestStep
from omo_adapters.written import Moment, Name, Seconds
from omo_core.decisions import Command
from omo_core.events import Event
from omo_core.identifiers import EventId, HoldId, OrderId, RequestId
from omo_core.loyalty import (
    CaptureHold,
    ExpiredPointsReinstated,
    HoldPoints,
    TierGranted,
    TransferPoints,
    VoidHold,
)


class TierGrantedStep(FactStep):
    """`tier_granted = "Gold"`: put into a tier by hand, or paid for; until then nothing takes it away."""

    tier_granted: Name
    by: Name
    until: Moment
    """The instant from which it is over: a day is its first instant."""
    reason: Name = "granted"
    programme: str = ""
    actor: str = ""
    withdrawn: bool = False
    version: int = 0

    def events(self, scene: Scene, at: datetime) -> tuple[Event, ...]:
        """Give the grant."""
        profile, seen = scene.bearer(self.by)
        number = scene.number("tier")
        event = TierGranted(
            id=EventId(f"tier/{self.id or self.name or number}"),
            at=at,
            version=self.version,
            profile=profile,
            programme=self.programme,
            tier=self.tier_granted,
            until=scene.instant(self.until, "until"),
            reason=self.reason,
            actor=self.actor,
            withdrawn=self.withdrawn,
        )
        return (*seen, event)


class ReinstatedStep(FactStep):
    """`reinstated = "2026-01-05"`: what expired on that day or later is given back."""

    reinstated: Moment
    by: Name
    expires: Moment
    """The instant from which it is gone again."""
    reason: Name = "reinstated"
    programme: str = ""
    actor: str = ""

    def events(self, scene: Scene, at: datetime) -> tuple[Event, ...]:
        """Give the reinstatement."""
        profile, seen = scene.bearer(self.by)
        number = scene.number("reinstated")
        event = ExpiredPointsReinstated(
            id=EventId(f"reinstated/{self.id or self.name or number}"),
            at=at,
            profile=profile,
            programme=self.programme,
            expired_since=scene.instant(self.reinstated, "reinstated"),
            expires_at=scene.instant(self.expires, "expires"),
            reason=self.reason,
            actor=self.actor,
        )
        return (*seen, event)


class HoldPointsStep(RequestStep):
    """`hold_points = 40`: may these points be set apart? Asked of omo."""

    hold_points: int
    by: Name
    called: Name
    """What the hold is called."""
    until: Moment | None = None
    """Without it, as long as the programme says."""
    lasts: Seconds | None = None
    """Or how long: "15 min"."""
    programme: str = ""

    @model_validator(mode="after")
    def _one_end(self) -> HoldPointsStep:
        if self.until is not None and self.lasts is not None:
            raise ValueError("says its end in two ways: until and lasts")
        return self

    def command(self, scene: Scene, at: datetime, request: str) -> Command:
        """Give the wish."""
        end = None if self.until is None else scene.instant(self.until, "until")
        return HoldPoints(
            request=RequestId(request),
            at=at,
            actor=self.actor,
            profile=scene.bearer(self.by)[0],
            programme=self.programme,
            hold=HoldId(self.called),
            points=self.hold_points,
            until=scene.later(at, self.lasts) if self.lasts is not None else end,
        )


class CapturePointsStep(RequestStep):
    """`capture_points = 30`: may these points of a hold be spent? Asked of omo."""

    capture_points: int
    by: Name
    of: Name
    """What the hold is called."""
    order: Name | None = None
    """The purchase they pay for."""
    programme: str = ""

    def command(self, scene: Scene, at: datetime, request: str) -> Command:
        """Give the wish."""
        return CaptureHold(
            request=RequestId(request),
            at=at,
            actor=self.actor,
            profile=scene.bearer(self.by)[0],
            programme=self.programme,
            hold=HoldId(self.of),
            points=self.capture_points,
            order=None if self.order is None else OrderId(self.order),
        )


class VoidPointsStep(RequestStep):
    """`void_points = "basket"`: may the rest of a hold be let go? Asked of omo."""

    void_points: Name
    by: Name
    programme: str = ""

    def command(self, scene: Scene, at: datetime, request: str) -> Command:
        """Give the wish."""
        return VoidHold(
            request=RequestId(request),
            at=at,
            actor=self.actor,
            profile=scene.bearer(self.by)[0],
            programme=self.programme,
            hold=HoldId(self.void_points),
        )


class TransferStep(RequestStep):
    """`transfer = 25`: may these points go to another member? Asked of omo."""

    transfer: int
    by: Name
    to: Name
    """The receiver's record."""
    reason: str = ""
    programme: str = ""

    def facts(self, scene: Scene) -> tuple[Event, ...]:
        """Give what makes giver and receiver known."""
        return (*scene.bearer(self.by)[1], *scene.bearer(self.to)[1])

    def command(self, scene: Scene, at: datetime, request: str) -> Command:
        """Give the wish."""
        return TransferPoints(
            request=RequestId(request),
            at=at,
            actor=self.actor,
            profile=scene.bearer(self.by)[0],
            programme=self.programme,
            receiver=scene.bearer(self.to)[0],
            points=self.transfer,
            reason=self.reason,
        )
