"""What a member has at an instant, frozen, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from attrs import frozen

from omo_core.events import Event
from omo_core.identifiers import ProfileId
from omo_core.instants import FOREVER
from omo_core.joinings import Joining
from omo_core.loyalty.folding import Folding
from omo_core.loyalty.lots import ORIGINS, Hold, Line, Lot, Origin
from omo_core.loyalty.programme import Programme
from omo_core.loyalty.replaying import fold
from omo_core.loyalty.tier_view import TierView, tier_view


@frozen(kw_only=True)
class LotView:
    """Points that were credited together."""

    id: str
    """The order, grant or transfer that they come from."""
    of: Origin
    """Which of these it is."""
    left: int
    usable_from: datetime
    expires_at: datetime | None
    """Exclusive; none when they never expire."""
    pending: bool


@frozen(kw_only=True)
class HoldView:
    """Points that are set apart."""

    hold: str
    profile: str
    """The record that it was opened for."""
    points: int
    until: datetime
    """Exclusive."""


@frozen(kw_only=True)
class Account:
    """What a member has at an instant.

    ``earned = spendable + pending + held + spent + given + expired + clawed_back - debt``.
    """

    as_of: datetime
    earned: int
    """All that was ever credited by purchases and grants."""
    spendable: int
    pending: int
    """Earned, but not usable yet."""
    held: int
    """Set apart; neither spendable nor spent."""
    spent: int
    given: int
    """Given to other members."""
    expired: int
    clawed_back: int
    debt: int
    """Owed: repaid by the next points that become usable."""
    returned_expired: int
    """Of what refunds gave back, how much had expired by then."""
    forgiven: int
    """What claw-backs could not find and the programme does not want back."""
    lots: tuple[LotView, ...]
    """Lots with points left, soonest expiry first."""
    holds: tuple[HoldView, ...]
    """Holds that are alive, the first to run out first."""
    tier: TierView | None
    """None where the programme has no ladder."""


def account(
    programme: Programme,
    events: Iterable[Event],
    profiles: Collection[ProfileId],
    as_of: datetime,
    joined: Sequence[Joining] = (),
) -> Account:
    """Give the account of a member that bears these records, as of an instant.

    All that happened at or before the instant counts; what ends at it has ended. ``joined`` says since when the records
    are one (``Member.joined``), for programmes that earn as recorded.
    """
    return view(fold(programme, events, profiles, until=as_of, joined=joined), as_of)


def statement(
    programme: Programme,
    events: Iterable[Event],
    profiles: Collection[ProfileId],
    as_of: datetime,
    joined: Sequence[Joining] = (),
) -> tuple[Line, ...]:
    """Give every movement of points up to an instant: which event, how many points, by which rule."""
    lines: list[Line] = []
    fold(programme, events, profiles, until=as_of, lines=lines, joined=joined).advance(as_of)
    return tuple(lines)


def view(folding: Folding, as_of: datetime) -> Account:
    """Freeze a fold at an instant at or after the last event that it was fed."""
    folding.advance(as_of)
    ledger, ladder = folding.ledger, folding.rules(as_of).ladder
    lots = sorted(
        (lot for lot in ledger.lots.values() if lot.left), key=lambda lot: (lot.expires_at, lot.usable_from, lot.id)
    )
    return Account(
        as_of=as_of,
        earned=ledger.earned,
        spendable=ledger.spendable,
        pending=ledger.pending,
        held=ledger.held,
        spent=ledger.spent,
        given=ledger.given,
        expired=ledger.expired,
        clawed_back=ledger.clawed_back,
        debt=ledger.debt,
        returned_expired=ledger.returned_expired,
        forgiven=ledger.forgiven,
        lots=tuple(_lot(lot) for lot in lots),
        holds=tuple(_hold(hold) for hold in sorted(ledger.holds.values(), key=_by_end)),
        tier=None if ladder is None else tier_view(folding.tiers, ladder, as_of),
    )


def _lot(lot: Lot) -> LotView:
    origin, _, name = lot.id.partition(":")
    return LotView(
        id=name,
        of=ORIGINS[origin],
        left=lot.left,
        usable_from=lot.usable_from,
        expires_at=None if lot.expires_at == FOREVER else lot.expires_at,
        pending=lot.pending,
    )


def _by_end(hold: Hold) -> tuple[datetime, str, str]:
    return hold.until, hold.id, hold.profile


def _hold(hold: Hold) -> HoldView:
    return HoldView(hold=hold.id, profile=hold.profile, points=hold.points, until=hold.until)
