"""Answers to commands about points."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from attrs import frozen

from omo_core.decisions import Accepted, Refused
from omo_core.events import Event, canonical
from omo_core.identifiers import EventId, OrderId, ProfileId
from omo_core.instants import FOREVER
from omo_core.loyalty import moves
from omo_core.loyalty.commands import (
    AdjustPoints,
    CaptureHold,
    HoldPoints,
    PointsCommand,
    RedeemPoints,
    TransferPoints,
    VoidHold,
)
from omo_core.loyalty.events import (
    HoldCaptured,
    HoldVoided,
    PointsEvent,
    PointsGranted,
    PointsHeld,
    PointsRedeemed,
    PointsTransferred,
)
from omo_core.loyalty.folding import Folding
from omo_core.loyalty.ledger import Ledger
from omo_core.loyalty.paying import Till, against_terms, currency_of
from omo_core.loyalty.redeeming import worth_in
from omo_core.loyalty.refusals import (
    GivenBefore,
    HoldEnded,
    HoldNotKnown,
    HoldTaken,
    LoyaltyRefusal,
    MemberUnknown,
    MoreThanHeld,
    NotEnoughPoints,
    ProgrammeNotOpen,
    SameMember,
)
from omo_core.loyalty.replaying import fold

Answer = Accepted | Refused[LoyaltyRefusal]


@frozen
class Case:
    """What a decision about one member's points is made on."""

    folding: Folding
    """The fold of everything that is known; the decision may let time pass in it."""
    history: Callable[[], Sequence[Event]]
    """Everything that is known, for the rare question about the past."""

    @property
    def profiles(self) -> Collection[ProfileId]:
        """Name the member's records."""
        return self.folding.profiles

    def as_of(self, command: PointsCommand) -> Folding:
        """Fold what had happened by the command's instant."""
        if not self.is_late(command):
            self.folding.advance(command.at)
            return self.folding
        past = self._fold(self.history(), until=command.at)
        past.advance(command.at)
        return past

    def since(self, command: PointsCommand) -> Ledger:
        """Give the lots after all that is known to have happened; that somebody asked since what is left is not."""
        if not self.is_late(command):
            return self.folding.ledger
        return self._fold(self.history()).ledger

    def is_late(self, command: PointsCommand) -> bool:
        """Say whether the command asks for an instant that lies before something already known."""
        return command.at < self.folding.clock

    def till(self, order: OrderId | None, besides: str = "") -> Till:
        """Say what is known of an order that points are to pay for; ``besides`` the points of one hold."""
        if order is None:
            return Till(bought=None, already=0)
        known = self._fold(self.history()) if self.folding.partial else self.folding
        bought = known.purchases.get(order)
        names = (order,) if bought is None else bought.names()
        return Till(bought=bought, already=self.folding.ledger.paid_for(names, besides))

    def fits(self, now: Folding, points: int, event: PointsEvent) -> bool:
        """Say whether points are there to be taken, at the command's instant and in hindsight.

        Where the event takes its place before events already known (a till whose clock is behind, the very instant
        of another event), the points must have been there then *and* must not be missing for what was redeemed since.
        """
        return now.ledger.spendable >= points and self.is_harmless(event)

    def _fold(self, events: Sequence[Event], *, until: datetime = FOREVER) -> Folding:
        return fold(self.folding.programme, events, self.profiles, until=until, joined=self.folding.joined)

    def is_harmless(self, event: PointsEvent) -> bool:
        """Say whether nothing that is known to have happened since would go short because of an event."""
        if canonical(event) > self.folding.last:
            return True
        trial = self._fold([*self.history(), event])
        trial.advance(self.folding.clock)
        then, after = self.folding.ledger, trial.ledger
        return (after.overdrawn, after.debt, after.forgiven) == (then.overdrawn, then.debt, then.forgiven)


def decide_redeem(case: Case, command: RedeemPoints) -> Answer:
    """Allow a redemption that the programme's terms allow and that can be paid from usable points."""
    version = case.folding.programme.version_at(command.at)
    if version is None:
        return Refused(ProgrammeNotOpen())
    currency = currency_of(case.folding.programme, command)
    refusal = against_terms(version, command, currency, case.till(command.order))
    if refusal is not None:
        return Refused(refusal)
    now = case.as_of(command)
    event = PointsRedeemed(
        id=EventId(f"redemption/{command.request}"),
        at=command.at,
        source="omo",
        profile=command.profile,
        programme=command.programme,
        points=command.points,
        order=command.order,
        amount=worth_in(version, currency, command.points, command.channel, command.store),
        currency=currency,
        actor=command.actor,
    )
    if not case.fits(now, command.points, event):
        return Refused(_not_enough(command.points, now))
    return Accepted((event,))


def decide_adjust(case: Case, command: AdjustPoints) -> Answer:
    """Allow points to be given at any time, and taken as far as there are any; what a person gets once, once."""
    if case.folding.programme.version_at(command.at) is None:
        return Refused(ProgrammeNotOpen())
    if command.once in case.folding.given:
        return Refused(GivenBefore(once=command.once, grant=case.folding.given[command.once]))
    event = PointsGranted(
        id=EventId(f"grant/{command.request}"),
        at=command.at,
        source="omo",
        profile=command.profile,
        programme=command.programme,
        points=command.points,
        reason=command.reason,
        once=command.once,
        expires_at=command.expires_at,
        never_expires=command.never_expires,
        actor=command.actor,
    )
    if command.points < 0:
        now = case.as_of(command)
        if not case.fits(now, -command.points, event):
            return Refused(_not_enough(-command.points, now))
    return Accepted((event,))


def decide_hold(case: Case, command: HoldPoints) -> Answer:
    """Set points apart that are there, until an instant."""
    version = case.folding.programme.version_at(command.at)
    if version is None:
        return Refused(ProgrammeNotOpen())
    currency = currency_of(case.folding.programme, command)
    refusal = against_terms(version, command, currency, case.till(command.order))
    if refusal is not None:
        return Refused(refusal)
    now = case.as_of(command)
    known = case.folding.ledger
    if moves.find(known, command.profile, command.hold) is not None:
        return Refused(HoldTaken(hold=command.hold))
    event = PointsHeld(
        id=EventId(f"points-hold/{command.request}"),  # two members may call their holds by one name
        at=command.at,
        source="omo",
        profile=command.profile,
        programme=command.programme,
        hold=command.hold,
        points=command.points,
        until=command.until or command.at + timedelta(seconds=version.hold_seconds),
        order=command.order,
        currency=currency,
        actor=command.actor,
    )
    if not case.fits(now, command.points, event):
        return Refused(_not_enough(command.points, now))
    return Accepted((event,))


def decide_capture(case: Case, command: CaptureHold) -> Answer:
    """Spend points of a hold that is alive, as far as it goes."""
    now = case.as_of(command)
    refusal = _hold_state(case, now, command)
    if refusal is not None:
        return Refused(refusal)
    key = moves.find(now.ledger, command.profile, command.hold) or ""
    alive, rules = now.ledger.holds[key], now.rules(command.at)
    order = command.order or (OrderId(alive.order) if alive.order else None)
    currency = currency_of(case.folding.programme, command, alive.currency)
    refusal = against_terms(rules, command, currency, case.till(order, key), opens=False)
    if refusal is not None:
        return Refused(refusal)
    if command.points > alive.points:
        return Refused(MoreThanHeld(hold=command.hold, asked=command.points, held=alive.points))
    event = HoldCaptured(
        id=EventId(f"capture/{command.request}"),
        at=command.at,
        source="omo",
        profile=command.profile,
        programme=command.programme,
        hold=command.hold,
        points=command.points,
        order=order,
        ends=rules.capture == "releases_rest",
        amount=worth_in(rules, currency, command.points, command.channel, command.store),
        currency=currency,
        actor=command.actor,
    )
    if not case.is_harmless(event):
        return Refused(_not_enough(command.points, now))
    return Accepted((event,))


def decide_void(case: Case, command: VoidHold) -> Answer:
    """Let go a hold that is alive."""
    refusal = _hold_state(case, case.as_of(command), command)
    if refusal is not None:
        return Refused(refusal)
    event = HoldVoided(
        id=EventId(f"void/{command.request}"),
        at=command.at,
        source="omo",
        profile=command.profile,
        programme=command.programme,
        hold=command.hold,
        actor=command.actor,
    )
    return Accepted((event,))


def _hold_state(case: Case, now: Folding, command: CaptureHold | VoidHold) -> LoyaltyRefusal | None:
    """Say why a hold can't be resolved: it must be alive at the command's instant and not have ended since."""
    held = moves.find(now.ledger, command.profile, command.hold)
    if held is None:
        return HoldNotKnown(hold=command.hold)
    how = now.ledger.ended_holds.get(held) or case.since(command).ended_holds.get(held)
    return None if how is None else HoldEnded(hold=command.hold, how=how)


def decide_transfer(case: Case, command: TransferPoints) -> Answer:
    """Let points that are there change hands; each keeps its expiry."""
    if case.folding.programme.version_at(command.at) is None:
        return Refused(ProgrammeNotOpen())
    if command.receiver in case.profiles:
        return Refused(SameMember(profile=command.receiver))
    now = case.as_of(command)
    if now.ledger.spendable < command.points:
        return Refused(_not_enough(command.points, now))
    event = PointsTransferred(
        id=EventId(f"transfer/{command.request}"),
        at=command.at,
        source="omo",
        profile=command.profile,
        programme=command.programme,
        receiver=command.receiver,
        parcels=moves.parcels(now.ledger, command.points, now.rules(command.at).spending, now.lapses()),
        reason=command.reason,
        actor=command.actor,
    )
    if not case.fits(now, command.points, event):
        return Refused(_not_enough(command.points, now))
    return Accepted((event,))


def _not_enough(asked: int, now: Folding) -> NotEnoughPoints:
    ledger = now.ledger
    return NotEnoughPoints(
        asked=asked, spendable=ledger.spendable, pending=ledger.pending, debt=ledger.debt, held=ledger.held
    )


def unknown(command: PointsCommand) -> Refused[LoyaltyRefusal]:
    """Answer for a record that was never seen."""
    return Refused(MemberUnknown(profile=command.profile))
