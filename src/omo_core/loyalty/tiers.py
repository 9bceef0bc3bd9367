"""Which tier a member is in: what was done in all channels in a window, kept for a term, then reviewed.

The window of a day is made of whole local days up to now: on 5 November with six months, everything since the start
of 5 May counts. What counts are purchases: their spend, the points they earned, their number; never the spendable
balance, so redeeming points costs nobody a tier.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from omo_core.errors import Malformed
from omo_core.instants import EPOCH, FOREVER, add_days, add_months, local_day, start_of_day
from omo_core.loyalty.ladder import Ladder, RefundPolicy, Standard
from omo_core.loyalty.standing import Counted, Measures, Standing

_INSTANT = timedelta(microseconds=1)
"""The smallest step of time: "after an instant" is "from the next one on"."""


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
    first, last = (bisect_left(standing.counted, at, key=lambda entry: entry.at) for at in (start, end))
    counting = standing.counted[first:last]
    gather = max if ladder.single_order else sum
    if not counting:
        return Measures()
    return Measures(
        gather([entry.spend for entry in counting]),
        gather([entry.points for entry in counting]),
        sum([entry.visits for entry in counting]),
    )


def measures_now(standing: Standing, ladder: Ladder, at: datetime, where: ZoneInfo) -> Measures:
    """Add up what counts at the present instant of the fold, going on from the sums of the instant before."""
    start = window_start(standing, ladder, at, where)
    if ladder.single_order:
        return measures(standing, ladder, start, FOREVER)
    if start < standing.summed_from:
        standing.head = standing.spend = standing.points = standing.visits = 0
        for entry in standing.counted:
            standing.sum(entry.spend, entry.points, entry.visits)
    standing.summed_from = start
    while standing.head < len(standing.counted) and standing.counted[standing.head].at < start:
        entry = standing.counted[standing.head]
        standing.sum(-entry.spend, -entry.points, -entry.visits)
        standing.head += 1
    return Measures(standing.spend, standing.points, standing.visits)


def level_for(ladder: Ladder, reached: Measures) -> int:
    """Give the highest rung that is earned."""
    for place in range(len(ladder.tiers) - 1, 0, -1):
        if ladder.tiers[place].reached_by(reached.spend, reached.points, reached.visits):
            return place
    return 0


def _met(standard: Standard, reached: Measures) -> bool:
    return standard.met_by(reached.spend, reached.points, reached.visits)


def count(standing: Standing, ladder: Ladder, entry: Counted, where: ZoneInfo) -> None:
    """Count a purchase, and move up at once where it reaches a higher rung and the ladder says so."""
    if standing.first is None or entry.at < standing.first:
        standing.first = entry.at
    standing.add(entry)
    if ladder.upgrade == "at_once":
        _move_up(standing, ladder, entry.at, where)
    if standing.until == FOREVER and ladder.upgrade == "at_review":
        standing.until = _term_end(standing, ladder, entry.at, local_day(entry.at, where), where)


def uncount(
    standing: Standing, ladder: Ladder, policy: RefundPolicy, at: datetime, taken: Counted, where: ZoneInfo
) -> None:
    """Take back what a refunded order counted for; whether that costs the tier now is the policy's to say."""
    if policy == "protect":
        return
    _take_off(standing, taken)
    if policy == "immediate" and standing.since is not None:
        then = measures(standing, ladder, standing.won_from, standing.since + _INSTANT)
        now = measures_now(standing, ladder, at, where)
        earned = max(level_for(ladder, then), level_for(ladder, now))
        if earned < standing.level:
            _enter(standing, ladder, earned, at, local_day(at, where), where)


def _take_off(standing: Standing, taken: Counted) -> None:
    """Lower what a purchase counts for, and what upgrades had left over of it."""
    # Each order is counted once, and what is returned was most often bought lately.
    for place in range(len(standing.counted) - 1, -1, -1):
        entry = standing.counted[place]
        if entry.order == taken.order:
            taken.visits = int(0 < entry.basis <= taken.basis)
            for lowered in (place, *_left_over_of(standing, place)):
                _lower(standing, lowered, taken)
            return


def _left_over_of(standing: Standing, place: int) -> list[int]:
    """Find what an upgrade left over of an entry, what the next one left over of that, and so on."""
    found, instants = [], [standing.counted[place].at]
    for later in range(place + 1, len(standing.counted)):
        entry = standing.counted[later]
        if entry.since is not None and entry.since <= instants[-1] < entry.at:
            found.append(later)
            instants.append(entry.at)
    return found


def _lower(standing: Standing, place: int, taken: Counted) -> None:
    entry = standing.counted[place]
    spend, points, visits = (
        min(entry.spend, taken.spend),
        min(entry.points, taken.points),
        min(entry.visits, taken.visits),
    )
    entry.basis -= min(entry.basis, taken.basis)
    entry.spend -= spend
    entry.points -= points
    entry.visits -= visits
    if place >= standing.head:
        standing.sum(-spend, -points, -visits)


def review(standing: Standing, ladder: Ladder, where: ZoneInfo) -> None:
    """Judge a tier at the end of its term: kept if its standard is met, else down as the ladder says.

    The review falls on the start of a day; the next term is counted from the last day of the one that has ended, so
    that a year of membership stays a year however often it is renewed.
    """
    at = standing.until
    start = review_begins(standing, ladder, at, where)
    reached = measures(standing, ladder, start, at)
    level = level_for(ladder, reached)
    if level <= standing.level and not _kept(standing, ladder, reached):
        if ladder.grace_days and not standing.in_grace:
            standing.in_grace = True
            standing.until = start_of_day(add_days(local_day(at, where), ladder.grace_days), where)
            return
        level = _fallen_to(standing, ladder, reached)
    else:
        level = max(level, standing.level)
    standing.won_from = start
    _enter(standing, ladder, level, at, add_days(local_day(at, where), -1), where, reached=reached)


def keeps_granted(standing: Standing, ladder: Ladder, level: int, at: datetime, where: ZoneInfo) -> bool:
    """Judge a tier whose grant is over: who has done meanwhile what keeps it has earned it from now on."""
    start = review_begins(standing, ladder, at, where)
    reached = measures(standing, ladder, start, at)
    earned = max(level_for(ladder, reached), level if _met(ladder.tiers[level].keeps, reached) else 0)
    if earned < level:
        return False
    standing.won_from = start
    _enter(standing, ladder, earned, at, add_days(local_day(at, where), -1), where, reached=reached)
    return True


def change_ladder(standing: Standing, old: Ladder, new: Ladder, at: datetime, where: ZoneInfo) -> None:
    """Move a member from one version's ladder to the next one's: into the tier of the same name.

    Nobody gains or loses a tier by that; it is reviewed when it would have been. Who is in a tier that the new ladder
    does not have is where what counts now puts them, but no lower than the next lower tier that is still there.
    """
    if new.currency != old.currency:
        standing.spend = 0
        for entry in standing.counted:
            entry.spend = 0
    for grant in standing.grants:
        grant.level = _same_or_below(old, new, grant.level)
    name = old.tiers[standing.level].name
    standing.level = _same_or_below(old, new, standing.level)
    if new.place_of(name) is None:
        level = max(standing.level, level_for(new, measures_now(standing, new, at, where)))
        _enter(standing, new, level, at, local_day(at, where), where)


def _same_or_below(old: Ladder, new: Ladder, level: int) -> int:
    """Find the tier of the same name, else the next lower one that is still there."""
    places = (new.place_of(tier.name) for tier in reversed(old.tiers[: level + 1]))
    return next((place for place in places if place is not None), 0)


def _kept(standing: Standing, ladder: Ladder, reached: Measures) -> bool:
    if standing.level == 0 or ladder.downgrade == "never":
        return True
    return _met(ladder.tiers[standing.level].keeps, reached)


def _fallen_to(standing: Standing, ladder: Ladder, reached: Measures) -> int:
    """Give the rung that a member falls to: one down, or the highest whose keeping standard is still met."""
    if ladder.downgrade == "by_one":
        return standing.level - 1
    below = range(standing.level - 1, 0, -1)
    return next((place for place in below if _met(ladder.tiers[place].keeps, reached)), 0)


def review_begins(standing: Standing, ladder: Ladder, at: datetime, where: ZoneInfo) -> datetime:
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
    if level > standing.level or (standing.in_grace and _kept(standing, ladder, reached)):
        standing.won_from = start
        _enter(standing, ladder, max(level, standing.level), at, local_day(at, where), where, reached=reached)


def _enter(
    standing: Standing,
    ladder: Ladder,
    level: int,
    at: datetime,
    day: date,
    where: ZoneInfo,
    *,
    reached: Measures | None = None,
) -> None:
    """Begin a new term on a rung, counted from a day."""
    higher = level > standing.level
    if ladder.window == "term" or (ladder.overshoot != "kept" and higher):
        standing.counts_from = at + _INSTANT
        if higher and ladder.overshoot == "excess" and reached is not None and not ladder.single_order:
            standing.add(_left_over(standing, ladder.tiers[level].reach, reached))
    standing.level, standing.since, standing.in_grace = level, at, False
    reviewed = level > 0 or ladder.upgrade == "at_review"
    standing.until = _term_end(standing, ladder, at, day, where) if reviewed else FOREVER


def _left_over(standing: Standing, asked: Standard, reached: Measures) -> Counted:
    """Give what was done beyond what a rung asks for, as an entry that goes on counting."""
    return Counted(
        at=standing.counts_from,
        order="",
        basis=0,
        spend=max(0, reached.spend - asked.spend),
        points=max(0, reached.points - asked.points),
        visits=max(0, reached.visits - asked.visits),
        since=standing.won_from,
    )


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
