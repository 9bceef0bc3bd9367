"""Why points are not moved, in order of precedence: where several apply, the first is given."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from omo_core.decisions import Refusal
from omo_core.identifiers import ProfileId


@frozen(kw_only=True)
class MemberUnknown(Refusal):
    """Nobody bears this record: it was never seen."""

    kind: ClassVar[str] = "member_unknown"
    worth_retrying: ClassVar[bool] = True
    profile: ProfileId


@frozen(kw_only=True)
class ProgrammeNotOpen(Refusal):
    """No version of the programme is in force at that instant."""

    kind: ClassVar[str] = "programme_not_open"


@frozen(kw_only=True)
class CurrencyNotRedeemable(Refusal):
    """The programme says nothing about what points are worth in this currency."""

    kind: ClassVar[str] = "currency_not_redeemable"
    currency: str


@frozen(kw_only=True)
class NotAStep(Refusal):
    """Points are redeemed in whole steps only, and from a minimum."""

    kind: ClassVar[str] = "not_a_step"
    asked: int
    step: int
    minimum: int


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


LoyaltyRefusal = MemberUnknown | ProgrammeNotOpen | CurrencyNotRedeemable | NotAStep | NotEnoughPoints
