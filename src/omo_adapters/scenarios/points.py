"""Steps about points: given by hand, redeemed at an offline till, asked for."""

from __future__ import annotations

from datetime import datetime

from pydantic import model_validator

from omo_adapters.scenarios.scene import Scene
from omo_adapters.scenarios.steps import FactStep, RequestStep
from omo_adapters.written import Amount, Moment, Name
from omo_core.decisions import Command
from omo_core.events import Event
from omo_core.identifiers import EventId, OrderId, RequestId
from omo_core.loyalty import AdjustPoints, PointsGranted, PointsRedeemed, RedeemPoints


class GrantedStep(FactStep):
    """`granted = 500`: points given by hand; negative takes."""

    granted: int
    by: Name
    reason: Name = "goodwill"
    expires: Moment | None = None
    """The instant from which they are gone: a day is its first instant. Without it, the programme's rule says."""
    never_expires: bool = False
    once: str = ""
    """Names what a person gets once: of a member's grants of one name the earliest counts."""
    programme: str = ""
    """Which points, where the shop has several kinds."""
    actor: str = ""
    withdrawn: bool = False
    version: int = 0

    @model_validator(mode="after")
    def _one_end(self) -> GrantedStep:
        if self.expires is not None and self.never_expires:
            raise ValueError("points that never expire have no `expires`")
        return self

    def events(self, scene: Scene, at: datetime) -> tuple[Event, ...]:
        """Give the grant."""
        profile, seen = scene.bearer(self.by)
        number = scene.number("grant")
        event = PointsGranted(
            id=EventId(f"grant/{self.id or self.name or number}"),
            at=at,
            version=self.version,
            profile=profile,
            programme=self.programme,
            points=self.granted,
            expires_at=None if self.expires is None else scene.instant(self.expires, "expires"),
            never_expires=self.never_expires,
            once=self.once,
            reason=self.reason,
            actor=self.actor,
            withdrawn=self.withdrawn,
        )
        return (*seen, event)


class RedeemedStep(FactStep):
    """`redeemed = 100`: points spent at a till that could not ask; what is missing becomes debt."""

    redeemed: int
    by: Name
    order: Name | None = None
    """The purchase that they paid for."""
    amount: Amount | None = None
    """What they were worth."""
    programme: str = ""
    withdrawn: bool = False
    version: int = 0

    def events(self, scene: Scene, at: datetime) -> tuple[Event, ...]:
        """Give the redemption."""
        profile, seen = scene.bearer(self.by)
        number = scene.number("redemption")
        event = PointsRedeemed(
            id=EventId(f"redemption/{self.id or self.name or number}"),
            at=at,
            version=self.version,
            profile=profile,
            programme=self.programme,
            points=self.redeemed,
            order=None if self.order is None else OrderId(self.order),
            amount=scene.money(self.amount, "amount"),
            currency=scene.currency if self.amount is not None else "",
            withdrawn=self.withdrawn,
        )
        return (*seen, event)


class RedeemStep(RequestStep):
    """`redeem = 100`: may these points be spent? Asked of omo."""

    redeem: int
    by: Name
    order: Name | None = None
    """The purchase they pay for."""
    currency: str | None = None
    """The money they are worth; without it, the scenario's if the programme says what points are worth in it."""
    order_amount: Amount | None = None
    """What the whole order costs, for limits per order."""
    channel: str = ""
    store: str = ""
    programme: str = ""

    def command(self, scene: Scene, at: datetime, request: str) -> Command:
        """Give the wish."""
        code = self.currency if self.currency is not None else scene.redeemable_in(self.programme, at)
        return RedeemPoints(
            request=RequestId(request),
            at=at,
            actor=self.actor,
            profile=scene.bearer(self.by)[0],
            programme=self.programme,
            points=self.redeem,
            order=None if self.order is None else OrderId(self.order),
            currency=code,
            order_amount=scene.money(self.order_amount, "order_amount", code or None),
            channel=self.channel,
            store=self.store,
        )


class AdjustStep(RequestStep):
    """`adjust = -50`: may somebody give or take these points by hand? Asked of omo."""

    adjust: int
    by: Name
    reason: Name = "correction"
    once: str = ""
    """Names what a person gets once."""
    expires: Moment | None = None
    """The instant from which they are gone; without it, the programme's rule says."""
    never_expires: bool = False
    programme: str = ""

    def command(self, scene: Scene, at: datetime, request: str) -> Command:
        """Give the wish."""
        return AdjustPoints(
            request=RequestId(request),
            at=at,
            actor=self.actor or "staff",
            profile=scene.bearer(self.by)[0],
            programme=self.programme,
            points=self.adjust,
            reason=self.reason,
            once=self.once,
            expires_at=None if self.expires is None else scene.instant(self.expires, "expires"),
            never_expires=self.never_expires,
        )
