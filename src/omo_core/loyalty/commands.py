"""What somebody may ask about points."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from attrs import field, frozen

from omo_core.decisions import Command, require
from omo_core.identifiers import HoldId, OrderId, ProfileId
from omo_core.instants import utc
from omo_core.money import AMOUNT_MAX
from omo_core.quantities import POINTS_MAX, flag, points, text, whole


def _utc_or_none(value: object) -> datetime | None:
    return None if value is None else utc(value, "until")


def _expiry_or_none(value: object) -> datetime | None:
    return None if value is None else utc(value, "expires_at")


@frozen(kw_only=True)
class PointsCommand(Command):
    """Something asked of the points of the member that bears a record."""

    profile: ProfileId
    programme: str = ""
    """Which kind of points; empty: the shop's main one."""

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        Command.check(self)
        text(self.profile, "profile")
        text(self.programme, "programme", empty=True)


@frozen(kw_only=True)
class PayingCommand(PointsCommand):
    """Something asked of points that pay, or are to pay, for an order: the programme's terms hold for it."""

    points: int
    order: OrderId | None = None
    """The purchase they pay for, if any."""
    currency: str = ""
    """The money they are worth; empty when they buy something that has no price in money. Money is always its own."""
    order_amount: int = 0
    """What the whole order costs, in minor units, for the programme's limits per order; 0 where nobody told: then what
    is known of the order counts."""
    channel: str = ""
    store: str = ""

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        PointsCommand.check(self)
        points(self.points)
        if self.order is not None:
            text(self.order, "order")
        text(self.currency, "currency", empty=True)
        whole(self.order_amount, "order_amount", low=0, high=AMOUNT_MAX)
        text(self.channel, "channel", empty=True)
        text(self.store, "store", empty=True)


@frozen(kw_only=True)
class RedeemPoints(PayingCommand):
    """Spend points of the member that bears this record."""

    kind: ClassVar[str] = "redeem_points"


@frozen(kw_only=True)
class AdjustPoints(PointsCommand):
    """Give or take points by hand; taking goes no lower than zero."""

    kind: ClassVar[str] = "adjust_points"

    points: int
    reason: str
    once: str = ""
    """Names what a person gets once: asked for again, it is refused."""
    expires_at: datetime | None = field(default=None, converter=_expiry_or_none)
    """The instant (exclusive) from which they are gone; without one, the programme's rule says."""
    never_expires: bool = False

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        PointsCommand.check(self)
        text(self.once, "once", empty=True)
        require(not self.once or self.points > 0, "once", "names something that is given, and the points are taken")
        whole(self.points, "points", low=-POINTS_MAX, high=POINTS_MAX)
        require(self.points != 0, "points", "is zero")
        text(self.reason, "reason")
        flag(self.never_expires, "never_expires")
        ends = self.expires_at is not None
        require(not (ends and self.never_expires), "never_expires", "but an end is named too")
        require(not (ends or self.never_expires) or self.points > 0, "points", "are taken: there is nothing to end")
        require(self.expires_at is None or self.expires_at > self.at, "expires_at", "is not after they are given")
        require(bool(self.actor), "actor", "an adjustment needs somebody who answers for it")


@frozen(kw_only=True)
class HoldPoints(PayingCommand):
    """Set points apart for a purchase that is not certain yet."""

    kind: ClassVar[str] = "hold_points"

    hold: HoldId
    until: datetime | None = field(default=None, converter=_utc_or_none)
    """Exclusive; without one, the programme's own time."""

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        PayingCommand.check(self)
        text(self.hold, "hold")
        require(self.until is None or self.until > self.at, "until", "is not after the hold begins")


@frozen(kw_only=True)
class CaptureHold(PayingCommand):
    """Spend points of a hold, all of it or part; without an order or a currency, for those that it was opened for."""

    kind: ClassVar[str] = "capture_hold"

    hold: HoldId

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        PayingCommand.check(self)
        text(self.hold, "hold")


@frozen(kw_only=True)
class VoidHold(PointsCommand):
    """Let go what a hold still holds."""

    kind: ClassVar[str] = "void_hold"

    hold: HoldId

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        PointsCommand.check(self)
        text(self.hold, "hold")


@frozen(kw_only=True)
class TransferPoints(PointsCommand):
    """Give points to another member; they keep their expiry."""

    kind: ClassVar[str] = "transfer_points"

    receiver: ProfileId
    points: int
    reason: str = ""

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        PointsCommand.check(self)
        text(self.receiver, "receiver")
        require(self.receiver != self.profile, "receiver", "is the giver")
        points(self.points)
        text(self.reason, "reason", empty=True)


@frozen(kw_only=True)
class GrantTier(PointsCommand):
    """Put a member into a tier by hand, until an instant; what is earned goes its own way underneath."""

    kind: ClassVar[str] = "grant_tier"

    tier: str
    until: datetime = field(converter=utc)
    """Exclusive."""
    reason: str
    reviewed: bool = True
    """Whether it is reviewed at its end, as a tier that was earned, or just ends."""

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        PointsCommand.check(self)
        text(self.tier, "tier")
        text(self.reason, "reason")
        flag(self.reviewed, "reviewed")
        require(self.until > self.at, "until", "is not after it begins")
        require(bool(self.actor), "actor", "a tier that is given needs somebody who answers for it")


@frozen(kw_only=True)
class ReinstatePoints(PointsCommand):
    """Give back points that had expired on or after an instant; they live until another."""

    kind: ClassVar[str] = "reinstate_points"

    expired_since: datetime = field(converter=utc)
    expires_at: datetime = field(converter=utc)
    """Exclusive."""
    reason: str

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        PointsCommand.check(self)
        text(self.reason, "reason")
        require(self.expires_at > self.at, "expires_at", "is not after they come back")
        require(bool(self.actor), "actor", "points that are given back need somebody who answers for them")
