"""What somebody may ask about points."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from omo_core.decisions import Command, require
from omo_core.identifiers import OrderId, ProfileId
from omo_core.quantities import POINTS_MAX, points, text, whole


@frozen(kw_only=True)
class RedeemPoints(Command):
    """Spend points of the member that bears this record."""

    kind: ClassVar[str] = "redeem_points"

    profile: ProfileId
    points: int
    order: OrderId | None = None
    """The purchase they pay for, if any."""
    currency: str = ""
    """The money they are worth; empty when they buy something that has no price in money."""

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        Command.check(self)
        text(self.profile, "profile")
        points(self.points)
        if self.order is not None:
            text(self.order, "order")
        text(self.currency, "currency", empty=True)


@frozen(kw_only=True)
class AdjustPoints(Command):
    """Give or take points by hand; taking goes no lower than zero."""

    kind: ClassVar[str] = "adjust_points"

    profile: ProfileId
    points: int
    reason: str

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        Command.check(self)
        text(self.profile, "profile")
        whole(self.points, "points", low=-POINTS_MAX, high=POINTS_MAX)
        require(self.points != 0, "points", "is zero")
        text(self.reason, "reason")
        require(bool(self.actor), "actor", "an adjustment needs somebody who answers for it")
