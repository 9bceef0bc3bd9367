"""Which tier a member is in: spend of all channels in a rolling window, kept for a term, then reviewed.

The window of a day is the local days from the same date so many months earlier until now: on 5 November with six
months, spend since the start of 5 May counts. Never the spendable balance: redeeming points costs nobody a tier.
"""

from __future__ import annotations

from bisect import insort
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from attrs import Factory, define

from omo_core.errors import Malformed
from omo_core.instants import FOREVER, add_months, local_day, start_of_day
from omo_core.loyalty.programme import Ladder


@define
class Standing:
    """The working state of the tier fold; held by the account fold only."""

    level: int = 0
    """Place on the ladder, 0 is the lowest."""
    since: datetime | None = None
    until: datetime = FOREVER
    """When it is reviewed (the tier is kept up to this instant); ``FOREVER`` on the lowest rung."""
    spends: list[tuple[datetime, str, int]] = Factory(list)
    """What counts: when, which order, how much is left of it."""
    counted: int = 0
    """The sum of ``spends``."""


def multiplier(standing: Standing, ladder: Ladder | None) -> tuple[int, int]:
    """Give the fraction that points earned in the present tier are multiplied by."""
    if ladder is None:
        return 1, 1
    return ladder.tiers[min(standing.level, len(ladder.tiers) - 1)].multiplier


def window_start(ladder: Ladder, at: datetime, where: ZoneInfo) -> datetime:
    """Give the first instant whose spend still counts at ``at``."""
    return _start(local_day(at, where), ladder.months, where)


@lru_cache(maxsize=1 << 14)
def _start(day: date, months: int, where: ZoneInfo) -> datetime:
    return start_of_day(add_months(day, -months), where)


def spend_in_window(standing: Standing, ladder: Ladder, at: datetime, where: ZoneInfo) -> int:
    """Give the spend that counts at an instant."""
    start = window_start(ladder, at, where)
    return sum(amount for spent_at, _, amount in standing.spends if spent_at >= start)


def level_for(ladder: Ladder, spend: int) -> int:
    """Give the highest rung that a spend earns."""
    for place in range(len(ladder.tiers) - 1, 0, -1):
        if spend >= ladder.tiers[place].at_least:
            return place
    return 0


def forget_old(standing: Standing, ladder: Ladder, at: datetime, where: ZoneInfo) -> None:
    """Let go the spend that has left the window."""
    # A month has 28 days at least, and a clock is put forward by less than a day: most often the calendar can rest.
    if not standing.spends or at - standing.spends[0][0] < timedelta(days=28 * ladder.months - 1):
        return
    start = window_start(ladder, at, where)
    old = 0
    for spent_at, _, amount in standing.spends:
        if spent_at >= start:
            break
        standing.counted -= amount
        old += 1
    del standing.spends[:old]


def count(standing: Standing, ladder: Ladder, at: datetime, order: str, amount: int, where: ZoneInfo) -> bool:
    """Count spend, and move up at once where it reaches a higher rung; says whether the tier changed."""
    forget_old(standing, ladder, at, where)
    insort(standing.spends, (at, order, amount))
    standing.counted += amount
    reached = level_for(ladder, standing.counted)
    if reached <= standing.level:
        return False
    _enter(standing, ladder, reached, at, where)
    return True


def uncount(standing: Standing, ladder: Ladder, at: datetime, order: str, amount: int, where: ZoneInfo) -> bool:
    """Take back spend of a refunded order; says whether that cost the tier at once."""
    if ladder.refund == "protect":
        return False
    forget_old(standing, ladder, at, where)
    # Each order is counted once, and what is returned was most often bought lately.
    for place in range(len(standing.spends) - 1, -1, -1):
        spent_at, name, left = standing.spends[place]
        if name == order:
            taken = min(left, amount)
            standing.spends[place] = (spent_at, name, left - taken)
            standing.counted -= taken
            break
    earned = level_for(ladder, standing.counted)
    if ladder.refund != "immediate" or earned >= standing.level:
        return False
    _enter(standing, ladder, earned, at, where)
    return True


def review(standing: Standing, ladder: Ladder, where: ZoneInfo) -> bool:
    """Judge a tier at the end of its term: kept for another term if still earned, else down to what is earned."""
    at = standing.until
    forget_old(standing, ladder, at, where)
    before = standing.level
    _enter(standing, ladder, min(before, level_for(ladder, standing.counted)), at, where)
    return standing.level != before


def _enter(standing: Standing, ladder: Ladder, level: int, at: datetime, where: ZoneInfo) -> None:
    standing.level = level
    standing.since = at
    standing.until = _term_end(ladder, at, where) if level > 0 else FOREVER


def _term_end(ladder: Ladder, at: datetime, where: ZoneInfo) -> datetime:
    try:
        return min(start_of_day(add_months(local_day(at, where), ladder.term_months), where), FOREVER)
    except (Malformed, OverflowError):
        return FOREVER  # beyond the calendar is never
