"""What time has brought, to be told to members and outlets: each thing once, however often the clock is asked.

A notice is derived from the fold, never the other way round: no balance depends on whether or when anybody asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final, Literal

from attrs import evolve, frozen

from omo_core.events import Event
from omo_core.identifiers import ProfileId
from omo_core.instants import add_days, local_day, start_of_day
from omo_core.joinings import Joining
from omo_core.loyalty.account import LotView, view
from omo_core.loyalty.lots import Line, lot_of
from omo_core.loyalty.programme import Programme
from omo_core.loyalty.replaying import fold

What = Literal[
    "points_activated",
    "points_expired",
    "points_expire_soon",
    "hold_timed_out",
    "tier_kept",
    "tier_lost",
    "tier_won",
    "tier_in_grace",
    "tier_renamed",
]


@frozen(kw_only=True)
class Notice:
    """Something that time has brought about for one member."""

    id: str
    """The same each time it is derived: whoever tells it on tells it once per id."""
    what: What
    at: datetime
    subject: str
    """The lot, hold or tier that it is about."""
    points: int = 0
    until: datetime | None = None
    """When points that expire soon are gone (exclusive)."""


_TOLD: Final = MappingProxyType[str, What](
    {
        "activated": "points_activated",
        "expired": "points_expired",
        "hold timed out": "hold_timed_out",
        "tier kept": "tier_kept",
        "tier lost": "tier_lost",
        "tier won": "tier_won",
        "tier in grace": "tier_in_grace",
        "tier renamed": "tier_renamed",
    }
)


def notices(
    programme: Programme,
    events: Iterable[Event],
    profiles: Collection[ProfileId],
    since: datetime,
    until: datetime,
    *,
    soon_days: int = 30,
    joined: Sequence[Joining] = (),
) -> tuple[Notice, ...]:
    """Give what time brought from an instant (exclusive) until another (inclusive), in order of time.

    Points "expire soon" from the start of the day that lies ``soon_days`` before they are gone, as far as they have
    not been spent when the clock is asked; who begins to ask later is told of them too, as long as they are there.
    """
    lines: list[Line] = []
    folding = fold(programme, events, profiles, until=until, lines=lines, joined=joined)
    lots = view(folding, until).lots
    found = [_told(line) for line in lines if since < line.at <= until and line.what in _TOLD]
    for lot in lots:
        at = _soon(programme, lot, soon_days)
        if at is not None and at <= until:
            found.append(_notice("points_expire_soon", at, lot_of(lot.of, lot.id), lot.left, lot.expires_at))
    return tuple(sorted(_each_once(found), key=lambda notice: (notice.at, notice.id)))


def _each_once(found: Iterable[Notice]) -> Iterable[Notice]:
    """Tell in one what is about one thing at one instant: points of two redemptions that a refund brought too late."""
    by_id: dict[str, Notice] = {}
    for notice in found:
        known = by_id.get(notice.id)
        by_id[notice.id] = notice if known is None else evolve(known, points=known.points + notice.points)
    return by_id.values()


def _soon(programme: Programme, lot: LotView, soon_days: int) -> datetime | None:
    """Say from when a lot counts as expiring soon; not before it has become usable."""
    if lot.expires_at is None or lot.pending:
        return None
    day = add_days(local_day(lot.expires_at, programme.zone), -soon_days)
    return max(start_of_day(day, programme.zone), lot.usable_from)


def _told(line: Line) -> Notice:
    return _notice(_TOLD[line.what], line.at, line.tier or line.lot or line.event, line.amount)


def _notice(what: What, at: datetime, subject: str, points: int, until: datetime | None = None) -> Notice:
    day = at if until is None else until
    return Notice(
        id=f"{what}/{subject}/{day.isoformat()}", what=what, at=at, subject=subject, points=points, until=until
    )
