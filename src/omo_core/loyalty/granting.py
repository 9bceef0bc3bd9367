"""Tiers that are given by hand or bought: for a while they lift a member above what was earned."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from omo_core.errors import Malformed
from omo_core.instants import FOREVER, add_days, add_months, local_day, start_of_day
from omo_core.loyalty.ladder import Ladder, Tier
from omo_core.loyalty.standing import Grant, Standing

_INSTANT: Final = timedelta(microseconds=1)


def floor(standing: Standing, at: datetime) -> int:
    """Give the highest rung that is granted at an instant."""
    return max([grant.level for grant in standing.grants if grant.since <= at < grant.until], default=0)


def level_at(standing: Standing, at: datetime) -> int:
    """Give the rung a member stands on: the earned one, or a higher one that is granted."""
    return max(standing.level, floor(standing, at)) if standing.grants else standing.level


def tier_at(standing: Standing, ladder: Ladder | None, at: datetime) -> Tier | None:
    """Give the tier that a member is in."""
    return None if ladder is None else ladder.tiers[min(level_at(standing, at), len(ladder.tiers) - 1)]


def grant(standing: Standing, ladder: Ladder, name: str, at: datetime, until: datetime) -> None:
    """Put a member on a rung by hand; a tier that the ladder does not have is none."""
    level = ladder.place_of(name)
    if level is not None and until > at:
        standing.grants.append(Grant(level, at, until))


def sell(standing: Standing, bought: Grant, where: ZoneInfo) -> None:
    """Put a member on a rung that was paid for."""
    standing.grants.append(bought)
    _reckon(standing, where)


def shorten(standing: Standing, order: str, tier: str, months: int, where: ZoneInfo) -> None:
    """Leave of a membership what was not given back; nothing: as if it had never been bought."""
    for each in standing.grants:
        if (each.order, each.tier) == (order, tier):
            each.months = months
    standing.grants = [each for each in standing.grants if each.months or not each.order]
    _reckon(standing, where)


def _reckon(standing: Standing, where: ZoneInfo) -> None:
    """Say when each membership ends: it lasts through its last day, and one bought meanwhile goes on from there."""
    ends: dict[str, datetime] = {}
    for each in standing.grants:
        if each.order:
            end = ends.get(each.tier, each.since)
            begins = each.since if end <= each.since else end - _INSTANT
            each.until = ends[each.tier] = _end_of_term(begins, each.months, where)


def _end_of_term(begins: datetime, months: int, where: ZoneInfo) -> datetime:
    """Give the start of the first day after so many months, counted from the day of an instant."""
    try:
        return min(start_of_day(add_days(add_months(local_day(begins, where), months), 1), where), FOREVER)
    except (Malformed, OverflowError):
        return FOREVER  # beyond the calendar is never


def next_end(standing: Standing, after: datetime) -> datetime:
    """Say when the next grant is over."""
    return min([each.until for each in standing.grants if each.until > after], default=FOREVER)


def covered_until(standing: Standing, level: int, at: datetime) -> datetime:
    """Say how long grants keep a member on a rung or above, one after the other."""
    end = at
    while True:
        later = [each.until for each in standing.grants if each.level >= level and each.since <= end < each.until]
        if not later:
            return end
        end = max(later)


def begun(standing: Standing, level: int, at: datetime) -> datetime | None:
    """Say since when a granted rung is there."""
    alive = [each.since for each in standing.grants if each.level == level and each.since <= at < each.until]
    return min(alive, default=None)
