"""When points become usable and when they are gone, as instants in the programme's zone (ends are exclusive)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from omo_core.errors import Malformed
from omo_core.instants import FOREVER, add_days, add_months, local_day, start_of_day
from omo_core.loyalty.programme import Expiry, ExpiryKind


def _days(day: date, after: int) -> date:
    return add_days(day, after + 1)


def _months(day: date, after: int) -> date:
    return add_days(add_months(day, after), 1)


def _end_of_month(day: date, after: int) -> date:
    return add_months(day.replace(day=1), after + 1)


def _end_of_quarter(day: date, after: int) -> date:
    first = add_months(day.replace(day=1), after)
    return add_months(first.replace(month=(first.month - 1) // 3 * 3 + 1), 3)


def _end_of_year(day: date, after: int) -> date:
    return date(day.year + after + 1, 1, 1)


FIRST_DAY_GONE: Final[Mapping[ExpiryKind, Callable[[date, int], date]]] = MappingProxyType(
    {
        "days": _days,
        "months": _months,
        "end_of_month": _end_of_month,
        "end_of_quarter": _end_of_quarter,
        "end_of_year": _end_of_year,
    }
)
"""For each kind, the first day on which points that became usable on a day are gone.

``months`` with 1 from 31 January: last usable day 28 February, gone on 1 March. ``end_of_month`` with 12 from any
day of January 2025: last usable day 31 January 2026, gone on 1 February 2026.
"""


@lru_cache(maxsize=1 << 14)
def _gone(expiry: Expiry, day: date, where: ZoneInfo) -> datetime:
    try:
        return min(start_of_day(FIRST_DAY_GONE[expiry.kind](day, expiry.after), where), FOREVER)
    except (Malformed, ValueError, OverflowError):
        return FOREVER  # beyond the calendar is never: a till with a wild clock must not spoil an account


def expires_at(expiry: Expiry, usable_from: datetime, where: ZoneInfo) -> datetime:
    """Say from which instant points are gone; ``FOREVER`` when they never are."""
    if expiry.kind == "never" or usable_from == FOREVER:
        return FOREVER
    return _gone(expiry, local_day(usable_from, where), where)


def usable_from(at: datetime, pending_days: int, where: ZoneInfo) -> datetime:
    """Say from when points may be spent: at once, or from the start of the day so many days later."""
    if pending_days == 0:
        return at
    try:
        return min(start_of_day(add_days(local_day(at, where), pending_days), where), FOREVER)
    except (Malformed, OverflowError):
        return FOREVER


def last_usable_day(expires: datetime, where: ZoneInfo) -> date | None:
    """Say the day a member is told; none when the points never expire."""
    return None if expires == FOREVER else add_days(local_day(expires, where), -1)
