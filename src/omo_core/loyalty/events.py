"""What happens to points besides sales and refunds."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from attrs import field, frozen

from omo_core.events import Event
from omo_core.identifiers import OrderId, ProfileId, StreamName, order_stream, profile_stream
from omo_core.instants import utc
from omo_core.money import AMOUNT_MAX, currency
from omo_core.quantities import flag, points, text, whole


def _utc_or_none(value: object) -> datetime | None:
    return None if value is None else utc(value, "expires_at")


@frozen(kw_only=True)
class PointsRedeemed(Event):
    """Points were spent: by a command that omo accepted, or at a till that was offline (then they may leave debt)."""

    kind: ClassVar[str] = "points_redeemed"
    rank: ClassVar[int] = 32

    profile: ProfileId
    """The record that was presented; after an unmerge the redemption stays with it."""
    points: int
    order: OrderId | None = None
    """The purchase that they paid for; a refund of it gives them back."""
    amount: int = 0
    """What they were worth, in minor units of ``currency``."""
    currency: str = ""
    actor: str = ""
    withdrawn: bool = False
    """A later version takes it back: the redemption never came about."""

    @property
    def homes(self) -> tuple[StreamName, ...]:
        """Live in the order's history, so that its refunds reach the points."""
        return (order_stream(self.order),) if self.order is not None else ()

    @property
    def streams(self) -> tuple[StreamName, ...]:
        """Stand in the record's history."""
        return (profile_stream(self.profile),)

    def check(self) -> None:
        """Raise ``Malformed`` when the redemption can't mean anything."""
        Event.check(self)
        text(self.profile, "profile")
        points(self.points)
        if self.order is not None:
            text(self.order, "order")
        text(self.actor, "actor", empty=True)
        flag(self.withdrawn, "withdrawn")
        whole(self.amount, "amount", low=0, high=AMOUNT_MAX)
        if self.amount or self.currency:
            currency(self.currency)


@frozen(kw_only=True)
class PointsGranted(Event):
    """Points were given or taken by hand, with a reason: a goodwill gesture, an opening balance, a correction."""

    kind: ClassVar[str] = "points_granted"
    rank: ClassVar[int] = 31

    profile: ProfileId
    points: int
    """Positive gives, negative takes."""
    expires_at: datetime | None = field(default=None, converter=_utc_or_none)
    """The instant (exclusive) from which they are gone; without one, the programme's rule says."""
    never_expires: bool = False
    reason: str
    actor: str = ""
    withdrawn: bool = False
    """A later version takes it back."""

    @property
    def streams(self) -> tuple[StreamName, ...]:
        """Stand in the record's history."""
        return (profile_stream(self.profile),)

    def check(self) -> None:
        """Raise ``Malformed`` when the grant can't mean anything."""
        Event.check(self)
        text(self.profile, "profile")
        points(abs(self.points) if type(self.points) is int else self.points)
        text(self.reason, "reason")
        flag(self.never_expires, "never_expires")
        flag(self.withdrawn, "withdrawn")
        text(self.actor, "actor", empty=True)
