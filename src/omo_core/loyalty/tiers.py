"""Which tier a member is in: what was done in all channels in a window, kept for a term, then reviewed.

The window of a day is made of whole local days up to now: on 5 November with six months, everything since the start
of 5 May counts. What counts are purchases: their spend, the points they earned, their number; never the spendable
balance, so redeeming points costs nobody a tier.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from attrs import Factory, define, frozen

from omo_core.errors import Malformed
from omo_core.instants import EPOCH, FOREVER, add_days, add_months, local_day, start_of_day
from omo_core.loyalty.ladder import Ladder, Standard, Tier

_INSTANT = timedelta(microseconds=1)
"""The smallest step of time: "after an instant" is "from the next one on"."""


@define
class Counted:
    """A purchase as the ladder counts it; what is given back is taken off."""

    at: datetime
    order: str
    spend: int
    points: int

    @property
    def visits(self) -> int:
        """Count a purchase as a visit as long as anything is left of it."""
        return int(self.spend > 0)


@frozen
class Measures:
    """What was reached in a window."""

    spend: int = 0
    points: int = 0
    visits: int = 0


@define
class Standing:
    """The working state of the tier fold; held by the account fold only."""

    level: int = 0
    """Place on the ladder, 0 is the lowest."""
    since: datetime | None = None
    until: datetime = FOREVER
    """When it is reviewed (the tier is kept up to this instant); ``FOREVER`` where it never is."""
    in_grace: bool = False
    """The tier would be lost, but for the grace days that run until ``until``."""
    counts_from: datetime = EPOCH
    """What was counted before does not count any more (overshoot lost, window by term)."""
    won_from: datetime = EPOCH
    """From when on what was done, up to ``since``, has won the present rung."""
    first: datetime | None = None
    """When the member's first purchase was: the anniversary."""
    floor: int = 0
    """A rung that was granted by hand or paid for, below which nobody falls until ``floor_until``."""
    floor_until: datetime = EPOCH
    counted: list[Counted] = Factory(list)
    """Every purchase that ever counted, in the order of time."""
    head: int = 0
    """The place of the first purchase in the present window; the sums are of it and what follows."""
    summed_from: datetime = EPOCH
    spend: int = 0
    points: int = 0
    visits: int = 0


def window_start(standing: Standing, ladder: Ladder, at: datetime, where: ZoneInfo) -> datetime:
    """Give the first instant that still counts at ``at``."""
    return max(standing.counts_from, _window_begins(standing, ladder, at, where))


@lru_cache(maxsize=1 << 14)
def _months_before(day: date, months: int, where: ZoneInfo) -> datetime:
    return start_of_day(add_months(day, -months), where)


def _window_begins(standing: Standing, ladder: Ladder, at: datetime, where: ZoneInfo) -> datetime:
    if ladder.window == "rolling":
        return _months_before(local_day(at, where), ladder.months, where)
    if ladder.window == "calendar_year":
        return start_of_day(date(local_day(at, where).year, 1, 1), where)
    if ladder.window == "anniversary":
        return start_of_day(_year_of(standing, at, where), where)
    return EPOCH


def _year_of(standing: Standing, at: datetime, where: ZoneInfo) -> date:
    """Give the first day of the member's own year that an instant lies in."""
    joined = local_day(standing.first or at, where)
    years = local_day(at, where).year - joined.year
    begins = add_months(joined, 12 * years)
    return begins if begins <= local_day(at, where) else add_months(joined, 12 * (years - 1))


def measures(standing: Standing, ladder: Ladder, start: datetime, end: datetime) -> Measures:
    """Add up what counts from an instant until another (exclusive); of single orders, the best of each measure."""
    counting = [entry for entry in standing.counted if start <= entry.at < end]
    gather = max if ladder.single_order else sum
    if not counting:
        return Measures()
    return Measures(
        gather(entry.spend for entry in counting),
        gather(entry.points for entry in counting),
        sum(entry.visits for entry in counting),
    )


def measures_now(standing: Standing, ladder: Ladder, at: datetime, where: ZoneInfo) -> Measures:
    """Add up what counts at the present instant of the fold, going on from the sums of the instant before."""
    start = window_start(standing, ladder, at, where)
    if ladder.single_order:
        return measures(standing, ladder, start, FOREVER)
    if start < standing.summed_from:
        standing.head = standing.spend = standing.points = standing.visits = 0
        for entry in standing.counted:
            _sum(standing, entry.spend, entry.points, entry.visits)
    standing.summed_from = start
    while standing.head < len(standing.counted) and standing.counted[standing.head].at < start:
        entry = standing.counted[standing.head]
        _sum(standing, -entry.spend, -entry.points, -entry.visits)
        standing.head += 1
    return Measures(standing.spend, standing.points, standing.visits)


def _sum(standing: Standing, spend: int, points: int, visits: int) -> None:
    standing.spend += spend
    standing.points += points
    standing.visits += visits


def level_for(ladder: Ladder, reached: Measures) -> int:
    """Give the highest rung that is earned."""
    for place in range(len(ladder.tiers) - 1, 0, -1):
        if ladder.tiers[place].reached_by(reached.spend, reached.points, reached.visits):
            return place
    return 0


def _met(standard: Standard, reached: Measures) -> bool:
    return standard.met_by(reached.spend, reached.points, reached.visits)


def tier_now(standing: Standing, ladder: Ladder | None) -> Tier | None:
    """Give the rung a member stands on."""
    return None if ladder is None else ladder.tiers[min(standing.level, len(ladder.tiers) - 1)]


def count(standing: Standing, ladder: Ladder, entry: Counted, where: ZoneInfo) -> None:
    """Count a purchase, and move up at once where it reaches a higher rung and the ladder says so."""
    if standing.first is None or entry.at < standing.first:
        standing.first = entry.at
    standing.counted.append(entry)
    _sum(standing, entry.spend, entry.points, entry.visits)
    if ladder.upgrade == "at_once":
        _move_up(standing, ladder, entry.at, where)
    if standing.until == FOREVER and ladder.upgrade == "at_review":
        standing.until = _term_end(standing, ladder, entry.at, local_day(entry.at, where), where)


def uncount(standing: Standing, ladder: Ladder, at: datetime, taken: Counted, where: ZoneInfo) -> None:
    """Take back what a refunded order counted for; whether that costs the tier now is the ladder's to say."""
    if ladder.refund == "protect":
        return
    # Each order is counted once, and what is returned was most often bought lately.
    for place in range(len(standing.counted) - 1, -1, -1):
        entry = standing.counted[place]
        if entry.order == taken.order:
            spend, points, visits = min(entry.spend, taken.spend), min(entry.points, taken.points), entry.visits
            entry.spend -= spend
            entry.points -= points
            if place >= standing.head:
                _sum(standing, -spend, -points, entry.visits - visits)
            break
    if ladder.refund == "immediate" and standing.since is not None:
        then = measures(standing, ladder, standing.won_from, standing.since + _INSTANT)
        now = measures_now(standing, ladder, at, where)
        earned = max(level_for(ladder, then), level_for(ladder, now), _floor(standing, at))
        if earned < standing.level:
            _enter(standing, ladder, earned, at, local_day(at, where), where)


def review(standing: Standing, ladder: Ladder, where: ZoneInfo) -> None:
    """Judge a tier at the end of its term: kept if its standard is met, else down as the ladder says.

    The review falls on the start of a day; the next term is counted from the last day of the one that has ended, so
    that a year of membership stays a year however often it is renewed.
    """
    at = standing.until
    start = _review_begins(standing, ladder, at, where)
    reached = measures(standing, ladder, start, at)
    level = level_for(ladder, reached)
    if level <= standing.level and not _kept(standing, ladder, reached, at):
        if ladder.grace_days and not standing.in_grace:
            standing.in_grace = True
            standing.until = start_of_day(add_days(local_day(at, where), ladder.grace_days), where)
            return
        level = max(_lower(standing, ladder, reached), _floor(standing, at))
    else:
        level = max(level, standing.level)
    standing.won_from = start
    _enter(standing, ladder, level, at, add_days(local_day(at, where), -1), where)


def grant(standing: Standing, ladder: Ladder, name: str, at: datetime, until: datetime) -> None:
    """Put a member on a rung by hand or for a fee; until the given instant nothing takes it away."""
    level = next((place for place, tier in enumerate(ladder.tiers) if tier.name == name), 0)
    standing.floor, standing.floor_until = level, until
    if level > standing.level:
        standing.level, standing.since, standing.until, standing.in_grace = level, at, until, False
    elif level == standing.level > 0:
        standing.until, standing.in_grace = max(until, standing.until), False


def _kept(standing: Standing, ladder: Ladder, reached: Measures, at: datetime) -> bool:
    if standing.level == 0 or ladder.downgrade == "never" or _floor(standing, at) >= standing.level:
        return True
    return _met(ladder.tiers[min(standing.level, len(ladder.tiers) - 1)].keeps, reached)


def _lower(standing: Standing, ladder: Ladder, reached: Measures) -> int:
    """Give the rung that a member falls to: one down, or the highest whose keeping standard is still met."""
    if ladder.downgrade == "by_one":
        return standing.level - 1
    below = range(min(standing.level, len(ladder.tiers)) - 1, 0, -1)
    return next((place for place in below if _met(ladder.tiers[place].keeps, reached)), 0)


def _floor(standing: Standing, at: datetime) -> int:
    return standing.floor if at < standing.floor_until else 0


def _review_begins(standing: Standing, ladder: Ladder, at: datetime, where: ZoneInfo) -> datetime:
    """Give the first instant that a review looks back on: with windows by year, the year that has just ended."""
    if ladder.window == "calendar_year":
        start = start_of_day(date(add_days(local_day(at, where), -1).year, 1, 1), where)
    elif ladder.window == "anniversary":
        start = start_of_day(_year_of(standing, at - _INSTANT, where), where)
    else:
        start = _window_begins(standing, ladder, at, where)
    return max(start, standing.counts_from)


def _move_up(standing: Standing, ladder: Ladder, at: datetime, where: ZoneInfo) -> None:
    reached = measures_now(standing, ladder, at, where)
    start = standing.summed_from if not ladder.single_order else window_start(standing, ladder, at, where)
    level = level_for(ladder, reached)
    if level > standing.level or (standing.in_grace and _kept(standing, ladder, reached, at)):
        standing.won_from = start
        _enter(standing, ladder, max(level, standing.level), at, local_day(at, where), where)


def _enter(standing: Standing, ladder: Ladder, level: int, at: datetime, day: date, where: ZoneInfo) -> None:
    """Begin a new term on a rung, counted from a day."""
    if ladder.window == "term" or (ladder.overshoot == "lost" and level > standing.level):
        standing.counts_from = at + _INSTANT
    standing.level, standing.since, standing.in_grace = level, at, False
    reviewed = level > 0 or ladder.upgrade == "at_review"
    standing.until = _term_end(standing, ladder, at, day, where) if reviewed else FOREVER


def _term_end(standing: Standing, ladder: Ladder, at: datetime, day: date, where: ZoneInfo) -> datetime:
    """Give the start of the first day after a term: reached on 1 June, a tier of twelve months lasts through 1 June."""
    if ladder.term_months == 0 or ladder.window == "lifetime":
        return FOREVER
    more = max(0, ladder.term_months - 12)
    try:
        if ladder.window == "calendar_year":
            end = add_months(date(local_day(at, where).year + 1, 1, 1), more)
        elif ladder.window == "anniversary":
            end = add_months(_year_of(standing, at, where), 12 + more)
        else:
            end = add_days(add_months(day, ladder.term_months), 1)
        return min(start_of_day(end, where), FOREVER)
    except (Malformed, ValueError, OverflowError):
        return FOREVER  # beyond the calendar is never
