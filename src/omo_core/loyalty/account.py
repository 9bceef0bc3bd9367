"""What a member has at an instant, frozen, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from attrs import frozen

from omo_core.events import Event
from omo_core.identifiers import ProfileId
from omo_core.instants import FOREVER
from omo_core.loyalty import tiers
from omo_core.loyalty.folding import Folding, fold
from omo_core.loyalty.ledger import Line, Lot
from omo_core.loyalty.programme import Ladder, Programme


@frozen(kw_only=True)
class LotView:
    """Points that were credited together."""

    id: str
    """The order or grant that they come from."""
    left: int
    usable_from: datetime
    expires_at: datetime | None
    """Exclusive; none when they never expire."""
    pending: bool


@frozen(kw_only=True)
class TierView:
    """Where a member stands on the ladder."""

    name: str
    since: datetime | None
    until: datetime | None
    """When it is reviewed; none on the lowest rung."""
    spend: int
    """What counts in the window now, in minor units of the ladder's currency."""
    next: str
    """The next rung; empty on the highest."""
    missing: int
    """How much more spend reaches the next rung today."""
    to_keep: int
    """How much more spend in the window would keep the present rung if it were reviewed today."""


@frozen(kw_only=True)
class Account:
    """What a member has at an instant. ``earned = spendable + pending + spent + expired + clawed_back - debt``."""

    as_of: datetime
    earned: int
    """All that was ever credited by purchases and grants."""
    spendable: int
    pending: int
    """Earned, but not usable yet."""
    spent: int
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
    tier: TierView | None
    """None where the programme has no ladder."""


def account(programme: Programme, events: Iterable[Event], profiles: Collection[ProfileId], as_of: datetime) -> Account:
    """Give the account of a member that bears these records, as of an instant.

    All that happened at or before the instant counts; what ends at it has ended.
    """
    return view(fold(programme, events, profiles, until=as_of), as_of)


def statement(
    programme: Programme, events: Iterable[Event], profiles: Collection[ProfileId], as_of: datetime
) -> tuple[Line, ...]:
    """Give every movement of points up to an instant: which event, how many points, by which rule."""
    lines: list[Line] = []
    fold(programme, events, profiles, until=as_of, lines=lines).advance(as_of)
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
        spent=ledger.spent,
        expired=ledger.expired,
        clawed_back=ledger.clawed_back,
        debt=ledger.debt,
        returned_expired=ledger.returned_expired,
        forgiven=ledger.forgiven,
        lots=tuple(_lot(lot) for lot in lots),
        tier=None if ladder is None else _tier(folding, ladder, as_of),
    )


def _lot(lot: Lot) -> LotView:
    return LotView(
        id=lot.id,
        left=lot.left,
        usable_from=lot.usable_from,
        expires_at=None if lot.expires_at == FOREVER else lot.expires_at,
        pending=lot.pending,
    )


def _tier(folding: Folding, ladder: Ladder, as_of: datetime) -> TierView:
    standing = folding.standing
    spend = tiers.spend_in_window(standing, ladder, as_of, folding.programme.zone)
    level = min(standing.level, len(ladder.tiers) - 1)
    above = ladder.tiers[level + 1] if level + 1 < len(ladder.tiers) else None
    return TierView(
        name=ladder.tiers[level].name,
        since=standing.since,
        until=None if standing.until == FOREVER else standing.until,
        spend=spend,
        next=above.name if above else "",
        missing=max(0, above.at_least - spend) if above else 0,
        to_keep=max(0, ladder.tiers[level].at_least - spend),
    )
