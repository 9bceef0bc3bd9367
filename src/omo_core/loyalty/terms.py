"""When a tier's window begins and when its term ends, as instants in the programme's zone.

The window of a day is made of whole local days up to now: on 5 November with six months, everything since the start
of 5 May counts. A term lasts through its last day.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from omo_core.errors import Malformed
from omo_core.instants import EPOCH, FOREVER, add_days, add_months, local_day, start_of_day
from omo_core.loyalty.ladder import Ladder

INSTANT: Final = timedelta(microseconds=1)
"""The smallest step of time: "after an instant" is "from the next one on"."""


def window_begins(ladder: Ladder, at: datetime, where: ZoneInfo, first: datetime | None) -> datetime:
    """Give the first instant that a window which ends now looks back on; ``first`` is the first purchase's."""
    if ladder.window == "rolling":
        return _months_before(local_day(at, where), ladder.months, where)
    if ladder.window == "calendar_year":
        return start_of_day(date(local_day(at, where).year, 1, 1), where)
    if ladder.window == "anniversary":
        return start_of_day(_year_of(first, at, where), where)
    return EPOCH


def reviewed_from(ladder: Ladder, at: datetime, where: ZoneInfo, first: datetime | None) -> datetime:
    """Give the first instant that a review looks back on: with windows by year, of the last year that is over.

    A review within a year looks at the year before and at what came since.
    """
    if ladder.window == "calendar_year":
        return start_of_day(date(local_day(at, where).year - 1, 1, 1), where)
    if ladder.window == "anniversary":
        begins = start_of_day(_year_of(first, at, where), where)
        return start_of_day(_year_of(first, begins - INSTANT, where), where)
    return window_begins(ladder, at, where, first)


def term_ends(ladder: Ladder, at: datetime, day: date, where: ZoneInfo, first: datetime | None) -> datetime:
    """Give the start of the first day after a term that is counted from a day, or from the year of an instant.

    Reached on 1 June, a tier of twelve months lasts through 1 June.
    """
    more = max(0, ladder.term_months - 12)
    try:
        if ladder.window == "calendar_year":
            end = add_months(date(local_day(at, where).year + 1, 1, 1), more)
        elif ladder.window == "anniversary":
            end = _year_of(first, at, where, later=12 + more)
        else:
            end = add_days(add_months(day, ladder.term_months), 1)
        return min(start_of_day(end, where), FOREVER)
    except (Malformed, ValueError, OverflowError):
        return FOREVER  # beyond the calendar is never


@lru_cache(maxsize=1 << 14)
def _months_before(day: date, months: int, where: ZoneInfo) -> datetime:
    return start_of_day(add_months(day, -months), where)


def _year_of(first: datetime | None, at: datetime, where: ZoneInfo, *, later: int = 0) -> date:
    """Give the first day of the member's own year that an instant lies in, or the day so many months later.

    Months are counted from the day of the first purchase: who came on 29 February begins on 28 February in other years.
    """
    today = local_day(at, where)
    joined = local_day(first or at, where)
    months = 12 * (today.year - joined.year)
    if add_months(joined, months) > today:
        months -= 12
    return add_months(joined, months + later)
