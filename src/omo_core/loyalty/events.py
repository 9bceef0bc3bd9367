"""What happens to points besides sales and refunds. Each event names the programme whose points it speaks of."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from attrs import field, frozen

from omo_core.errors import Malformed
from omo_core.events import Event, check_items, check_tuple
from omo_core.identifiers import HoldId, OrderId, ProfileId, StreamName, order_stream, profile_stream
from omo_core.instants import utc
from omo_core.money import AMOUNT_MAX, currency
from omo_core.quantities import LINES_MAX, flag, points, text, whole


def _utc_or_none(value: object) -> datetime | None:
    return None if value is None else utc(value, "expires_at")


@frozen(kw_only=True)
class PointsEvent(Event):
    """Something that happened to one record's points."""

    profile: ProfileId
    """The record that was presented; after an unmerge the event stays with it."""
    programme: str = ""
    """Which kind of points; empty: the shop's main one."""
    actor: str = ""
    withdrawn: bool = False
    """A later version takes it back: it never came about."""

    @property
    def streams(self) -> tuple[StreamName, ...]:
        """Stand in the record's history."""
        return (profile_stream(self.profile),)

    def check(self) -> None:
        """Raise ``Malformed`` when the event can't mean anything."""
        Event.check(self)
        text(self.profile, "profile")
        text(self.programme, "programme", empty=True)
        text(self.actor, "actor", empty=True)
        flag(self.withdrawn, "withdrawn")


@frozen(kw_only=True)
class PointsRedeemed(PointsEvent):
    """Points were spent: by a command that omo accepted, or at a till that was offline (then they may leave debt)."""

    kind: ClassVar[str] = "points_redeemed"
    rank: ClassVar[int] = 32

    points: int
    order: OrderId | None = None
    """The purchase that they paid for; a refund of it gives them back."""
    amount: int = 0
    """What they were worth, in minor units of ``currency``."""
    currency: str = ""

    @property
    def homes(self) -> tuple[StreamName, ...]:
        """Live in the order's history, so that its refunds reach the points."""
        return (order_stream(self.order),) if self.order is not None else ()

    def check(self) -> None:
        """Raise ``Malformed`` when the redemption can't mean anything."""
        PointsEvent.check(self)
        points(self.points)
        if self.order is not None:
            text(self.order, "order")
        whole(self.amount, "amount", low=0, high=AMOUNT_MAX)
        if self.amount or self.currency:
            currency(self.currency)


@frozen(kw_only=True)
class PointsGranted(PointsEvent):
    """Points were given or taken by hand, with a reason: a goodwill gesture, an opening balance, a correction."""

    kind: ClassVar[str] = "points_granted"
    rank: ClassVar[int] = 31

    points: int
    """Positive gives, negative takes."""
    expires_at: datetime | None = field(default=None, converter=_utc_or_none)
    """The instant (exclusive) from which they are gone; without one, the programme's rule says."""
    never_expires: bool = False
    reason: str
    once: str = ""
    """Names what a person gets once (``welcome``, ``birthday/2026``): of a member's grants of one name the earliest
    counts, so that two records that turn out to be one person have it once."""

    def check(self) -> None:
        """Raise ``Malformed`` when the grant can't mean anything."""
        PointsEvent.check(self)
        points(abs(self.points) if type(self.points) is int else self.points)
        text(self.reason, "reason")
        flag(self.never_expires, "never_expires")
        text(self.once, "once", empty=True)
        if self.once and self.points < 0:
            raise Malformed("once", "names something that is given, and the points are taken")


@frozen(kw_only=True)
class PointsHeld(PointsEvent):
    """Points were set apart until an instant, to be captured or let go."""

    kind: ClassVar[str] = "points_held"
    rank: ClassVar[int] = 33

    hold: HoldId
    points: int
    until: datetime = field(converter=utc)
    """Exclusive."""
    order: OrderId | None = None
    currency: str = ""
    """The money they are to pay in, if any."""

    def check(self) -> None:
        """Raise ``Malformed`` when the hold can't mean anything."""
        PointsEvent.check(self)
        text(self.hold, "hold")
        points(self.points)
        if self.order is not None:
            text(self.order, "order")
        text(self.currency, "currency", empty=True)


@frozen(kw_only=True)
class HoldCaptured(PointsEvent):
    """Points of a hold were spent. A capture of a hold that had ended is a redemption like any other."""

    kind: ClassVar[str] = "hold_captured"
    rank: ClassVar[int] = 34

    hold: HoldId
    points: int
    order: OrderId | None = None
    ends: bool = True
    """Whether the rest of the hold is let go."""
    amount: int = 0
    """What the points paid for, in minor units; 0 where they bought something that has no price in money."""
    currency: str = ""

    @property
    def homes(self) -> tuple[StreamName, ...]:
        """Live in the order's history, so that its refunds reach the points."""
        return (order_stream(self.order),) if self.order is not None else ()

    def check(self) -> None:
        """Raise ``Malformed`` when the capture can't mean anything."""
        PointsEvent.check(self)
        text(self.hold, "hold")
        points(self.points)
        flag(self.ends, "ends")
        whole(self.amount, "amount", low=0, high=AMOUNT_MAX)
        text(self.currency, "currency", empty=True)
        if self.order is not None:
            text(self.order, "order")


@frozen(kw_only=True)
class HoldVoided(PointsEvent):
    """What a hold still held was let go before its time."""

    kind: ClassVar[str] = "hold_voided"
    rank: ClassVar[int] = 34

    hold: HoldId

    def check(self) -> None:
        """Raise ``Malformed`` when the release can't mean anything."""
        PointsEvent.check(self)
        text(self.hold, "hold")


@frozen(kw_only=True)
class Parcel:
    """Points that change hands together, and keep their expiry."""

    points: int
    expires_at: datetime | None = field(default=None, converter=_utc_or_none)

    def check(self) -> None:
        """Raise ``Malformed`` when the parcel can't mean anything."""
        points(self.points)


@frozen(kw_only=True)
class PointsTransferred(PointsEvent):
    """One record's bearer gave points to another's."""

    kind: ClassVar[str] = "points_transferred"
    rank: ClassVar[int] = 33

    receiver: ProfileId
    parcels: tuple[Parcel, ...]
    """As they were taken from the giver's lots when it was decided."""
    reason: str = ""

    @property
    def points(self) -> int:
        """Give how many points changed hands."""
        return sum(parcel.points for parcel in self.parcels)

    @property
    def streams(self) -> tuple[StreamName, ...]:
        """Stand in both records' histories."""
        return (profile_stream(self.profile), profile_stream(self.receiver))

    def check(self) -> None:
        """Raise ``Malformed`` when the transfer can't mean anything."""
        PointsEvent.check(self)
        text(self.receiver, "receiver")
        text(self.reason, "reason", empty=True)
        if self.receiver == self.profile:
            raise Malformed("receiver", "is the giver")
        if not 0 < len(check_tuple(self.parcels, "parcels")) <= LINES_MAX:
            raise Malformed("parcels", f"has {len(self.parcels)} parcels")
        check_items(self.parcels, "parcels", Parcel)


@frozen(kw_only=True)
class TierGranted(PointsEvent):
    """A member was put into a tier by hand, or paid for it; until the given instant nothing takes it away."""

    kind: ClassVar[str] = "tier_granted"
    rank: ClassVar[int] = 29

    tier: str
    until: datetime = field(converter=utc)
    """Exclusive."""
    reason: str
    reviewed: bool = True
    """Whether it is reviewed at its end, as a tier that was earned, or just ends, as one that was paid for may."""

    def check(self) -> None:
        """Raise ``Malformed`` when the grant can't mean anything."""
        PointsEvent.check(self)
        text(self.tier, "tier")
        text(self.reason, "reason")
        flag(self.reviewed, "reviewed")


@frozen(kw_only=True)
class ExpiredPointsReinstated(PointsEvent):
    """Points that had expired on or after an instant were given back, and live until another."""

    kind: ClassVar[str] = "expired_points_reinstated"
    rank: ClassVar[int] = 31

    expired_since: datetime = field(converter=utc)
    expires_at: datetime = field(converter=utc)
    """The instant (exclusive) from which they are gone again."""
    reason: str

    def check(self) -> None:
        """Raise ``Malformed`` when the reinstatement can't mean anything."""
        PointsEvent.check(self)
        text(self.reason, "reason")
