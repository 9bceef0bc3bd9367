"""Why points are not moved, in order of precedence: where several apply, the first is given."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from omo_core.decisions import Refusal
from omo_core.identifiers import EventId, HoldId, ProfileId
from omo_core.loyalty.lots import Ending


@frozen(kw_only=True)
class MemberUnknown(Refusal):
    """Nobody bears this record: it was never seen."""

    kind: ClassVar[str] = "member_unknown"
    worth_retrying: ClassVar[bool] = True
    profile: ProfileId

    def say(self) -> str:
        """Say it to people."""
        return f"Nothing was ever heard of {self.profile}."


@frozen(kw_only=True)
class ProgrammeNotOpen(Refusal):
    """No version of the programme is in force at that instant, or the shop has no such programme."""

    kind: ClassVar[str] = "programme_not_open"

    def say(self) -> str:
        """Say it to people."""
        return "No version of the programme is in force at that instant."


@frozen(kw_only=True)
class CurrencyNotRedeemable(Refusal):
    """The programme says nothing about what points are worth in this currency."""

    kind: ClassVar[str] = "currency_not_redeemable"
    currency: str

    def say(self) -> str:
        """Say it to people."""
        return f"The programme does not say what points are worth in {self.currency}."


@frozen(kw_only=True)
class NotRedeemableHere(Refusal):
    """Points do not pay in this channel, or not in this store."""

    kind: ClassVar[str] = "not_redeemable_here"
    channel: str
    store: str

    def say(self) -> str:
        """Say it to people."""
        return f"Points do not pay in {' '.join(part for part in (self.channel, self.store) if part)}."


@frozen(kw_only=True)
class NotAStep(Refusal):
    """Points are redeemed in whole steps only, and from a minimum."""

    kind: ClassVar[str] = "not_a_step"
    asked: int
    step: int
    minimum: int

    def say(self) -> str:
        """Say it to people."""
        return f"Points are redeemed in steps of {self.step}, {self.minimum} at least; {self.asked} were asked for."


@frozen(kw_only=True)
class OverLimit(Refusal):
    """Fewer points may pay for one order than that."""

    kind: ClassVar[str] = "over_limit"
    asked: int
    allowed: int
    limit: str
    """Which rule allows no more: ``maximum``, ``max_amount``, ``max_percent``, ``bands`` or ``order``."""

    def say(self) -> str:
        """Say it to people."""
        return f"{self.asked} points were asked for, {self.allowed} may pay for this order ({self.limit})."


@frozen(kw_only=True)
class HoldTaken(Refusal):
    """A hold goes by that id already, or did."""

    kind: ClassVar[str] = "hold_taken"
    hold: HoldId

    def say(self) -> str:
        """Say it to people."""
        return f"A hold is, or was, called {self.hold}."


@frozen(kw_only=True)
class HoldNotKnown(Refusal):
    """The member has no such hold and never had."""

    kind: ClassVar[str] = "hold_not_known"
    worth_retrying: ClassVar[bool] = True
    hold: HoldId

    def say(self) -> str:
        """Say it to people."""
        return f"The member has no hold {self.hold}."


@frozen(kw_only=True)
class HoldEnded(Refusal):
    """The hold was captured, voided, or has run out of time: it is resolved once only."""

    kind: ClassVar[str] = "hold_ended"
    hold: HoldId
    how: Ending

    def say(self) -> str:
        """Say it to people."""
        how = "has run out of time" if self.how == "timed_out" else f"was {self.how}"
        return f"The hold {self.hold} {how}."


@frozen(kw_only=True)
class MoreThanHeld(Refusal):
    """The hold holds fewer points than that."""

    kind: ClassVar[str] = "more_than_held"
    hold: HoldId
    asked: int
    held: int

    def say(self) -> str:
        """Say it to people."""
        return f"{self.asked} points were asked for, {self.held} are held as {self.hold}."


@frozen(kw_only=True)
class SameMember(Refusal):
    """Giver and receiver are one person."""

    kind: ClassVar[str] = "same_member"
    profile: ProfileId

    def say(self) -> str:
        """Say it to people."""
        return f"{self.profile} is the giver's own record."


@frozen(kw_only=True)
class GivenBefore(Refusal):
    """A person gets it once, and the member has had it."""

    kind: ClassVar[str] = "given_before"
    once: str
    grant: EventId
    """By which grant."""

    def say(self) -> str:
        """Say it to people."""
        return f"The member has had {self.once} ({self.grant})."


@frozen(kw_only=True)
class TierUnknown(Refusal):
    """The programme has no such tier to be won at that instant."""

    kind: ClassVar[str] = "tier_unknown"
    tier: str
    known: tuple[str, ...]

    def say(self) -> str:
        """Say it to people."""
        there = f"there are {', '.join(self.known)}" if self.known else "there are none"
        return f"There is no tier {self.tier} to be given; {there}."


@frozen(kw_only=True)
class NothingExpired(Refusal):
    """No points have expired since then that could come back."""

    kind: ClassVar[str] = "nothing_expired"

    def say(self) -> str:
        """Say it to people."""
        return "No points have expired since then."


@frozen(kw_only=True)
class NotEnoughPoints(Refusal):
    """The member has fewer points to spend than that."""

    kind: ClassVar[str] = "not_enough_points"
    worth_retrying: ClassVar[bool] = True
    asked: int
    spendable: int
    pending: int
    """Earned, but not yet usable."""
    debt: int
    """Owed; the next points earned repay it first."""
    held: int = 0
    """Set apart for something else."""

    def say(self) -> str:
        """Say it to people."""
        later = f", {self.pending} are not usable yet" if self.pending else ""
        held = f", {self.held} are held" if self.held else ""
        owed = f", {self.debt} are owed" if self.debt else ""
        return f"{self.asked} points were asked for, {self.spendable} can be spent{later}{held}{owed}."


LoyaltyRefusal = (
    MemberUnknown
    | ProgrammeNotOpen
    | CurrencyNotRedeemable
    | NotRedeemableHere
    | NotAStep
    | OverLimit
    | HoldTaken
    | HoldNotKnown
    | HoldEnded
    | MoreThanHeld
    | SameMember
    | GivenBefore
    | TierUnknown
    | NothingExpired
    | NotEnoughPoints
)
