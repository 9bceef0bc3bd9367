"""Answers to commands about points."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from attrs import frozen

from omo_core.decisions import Accepted, Refused
from omo_core.events import Event
from omo_core.identifiers import EventId, ProfileId
from omo_core.loyalty.commands import AdjustPoints, RedeemPoints
from omo_core.loyalty.events import PointsGranted, PointsRedeemed
from omo_core.loyalty.folding import Folding, fold
from omo_core.loyalty.programme import Redemption
from omo_core.loyalty.refusals import (
    CurrencyNotRedeemable,
    LoyaltyRefusal,
    MemberUnknown,
    NotAStep,
    NotEnoughPoints,
    ProgrammeNotOpen,
)

Answer = Accepted | Refused[LoyaltyRefusal]


@frozen
class Case:
    """What a decision about one member's points is made on."""

    folding: Folding
    """The fold of everything that is known; the decision may let time pass in it."""
    profiles: Collection[ProfileId]
    history: Callable[[], Sequence[Event]]
    """Everything that is known, for the rare question about the past."""

    def spendable_at(self, command: RedeemPoints | AdjustPoints) -> Folding:
        """Fold what had happened by the command's instant."""
        if command.at >= self.folding.clock:
            self.folding.advance(command.at)
            return self.folding
        past = fold(self.folding.programme, self.history(), self.profiles, until=command.at)
        past.advance(command.at)
        return past


def decide_redeem(case: Case, command: RedeemPoints) -> Answer:
    """Allow a redemption that can be paid from points usable at its instant, now and in hindsight.

    Asked for an instant that lies before events already known (a till whose clock is behind), the points must have
    been there then *and* must not be missing for what was redeemed since.
    """
    version = case.folding.programme.version_at(command.at)
    if version is None:
        return Refused(ProgrammeNotOpen())
    terms = version.redemption_in(command.currency) if command.currency else None
    if command.currency and terms is None:
        return Refused(CurrencyNotRedeemable(currency=command.currency))
    if terms is not None and (command.points % terms.points or command.points < terms.minimum):
        return Refused(NotAStep(asked=command.points, step=terms.points, minimum=terms.minimum))
    event = _redeemed(command, terms)
    late = command.at < case.folding.clock
    now = case.spendable_at(command)
    if now.ledger.spendable < command.points or (late and not _fits_hindsight(case, event)):
        return Refused(_not_enough(command.points, now))
    return Accepted((event,))


def decide_adjust(case: Case, command: AdjustPoints) -> Answer:
    """Allow points to be given at any time, and taken as far as there are any."""
    if case.folding.programme.version_at(command.at) is None:
        return Refused(ProgrammeNotOpen())
    event = PointsGranted(
        id=EventId(f"grant/{command.request}"),
        at=command.at,
        source="omo",
        profile=command.profile,
        points=command.points,
        reason=command.reason,
        actor=command.actor,
    )
    if command.points < 0:
        late = command.at < case.folding.clock
        now = case.spendable_at(command)
        if now.ledger.spendable < -command.points or (late and not _fits_hindsight(case, event)):
            return Refused(_not_enough(-command.points, now))
    return Accepted((event,))


def _redeemed(command: RedeemPoints, terms: Redemption | None) -> PointsRedeemed:
    return PointsRedeemed(
        id=EventId(f"redemption/{command.request}"),
        at=command.at,
        source="omo",
        profile=command.profile,
        points=command.points,
        order=command.order,
        amount=command.points // terms.points * terms.amount if terms is not None else 0,
        currency=command.currency,
        actor=command.actor,
    )


def _fits_hindsight(case: Case, event: Event) -> bool:
    """Say whether nothing that was redeemed, taken or clawed back later would be missing because of this event."""
    trial = fold(case.folding.programme, [*case.history(), event], case.profiles)
    trial.advance(case.folding.clock)
    then, now = case.folding.ledger, trial.ledger
    return (now.overdrawn, now.debt, now.forgiven) == (then.overdrawn, then.debt, then.forgiven)


def _not_enough(asked: int, now: Folding) -> NotEnoughPoints:
    ledger = now.ledger
    return NotEnoughPoints(asked=asked, spendable=ledger.spendable, pending=ledger.pending, debt=ledger.debt)


def unknown(command: RedeemPoints | AdjustPoints) -> Refused[LoyaltyRefusal]:
    """Answer for a record that was never seen."""
    return Refused(MemberUnknown(profile=command.profile))
