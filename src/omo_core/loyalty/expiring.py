"""When points become usable and when they are gone, as instants in the programme's zone (ends are exclusive)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from omo_core.errors import Malformed
from omo_core.instants import FOREVER, add_days, add_months, local_day, start_of_day
from omo_core.loyalty.expiry import Expiry, ExpiryKind
from omo_core.loyalty.ladder import Tier
from omo_core.loyalty.programme import Programme


def _days(day: date, expiry: Expiry) -> date:
    return add_days(day, expiry.after + 1)


def _months(day: date, expiry: Expiry) -> date:
    return add_days(add_months(day, expiry.after), 1)


def _end_of_month(day: date, expiry: Expiry) -> date:
    return add_months(day.replace(day=1), expiry.after + 1)


def _end_of_quarter(day: date, expiry: Expiry) -> date:
    first = add_months(day.replace(day=1), expiry.after)
    return add_months(first.replace(month=(first.month - 1) // 3 * 3 + 1), 3)


def _end_of_year(day: date, expiry: Expiry) -> date:
    return add_months(date(day.year, 1, 1), 12 * (expiry.after + 1))


def _fixed_dates(day: date, expiry: Expiry) -> date:
    """The first of the dates on or after the day, after passing over as many as the rule says."""
    dates = sorted(set(expiry.dates))
    years = range(day.year, day.year + expiry.after // len(dates) + 3)
    coming = (_clamped(year, month, last) for year in years for month, last in dates)
    return add_days([each for each in coming if each >= day][expiry.after], 1)


def _clamped(year: int, month: int, day: int) -> date:
    """A year without 29 February ends that month on the 28th."""
    return date(year, month, min(day, monthrange(year, month)[1]))


FIRST_DAY_GONE: Final[Mapping[ExpiryKind, Callable[[date, Expiry], date]]] = MappingProxyType(
    {
        "days": _days,
        "months": _months,
        "end_of_month": _end_of_month,
        "end_of_quarter": _end_of_quarter,
        "end_of_year": _end_of_year,
        "fixed_dates": _fixed_dates,
    }
)
"""For each kind, the first day on which points that became usable on a day are gone.

``months`` with 1 from 31 January: last usable day 28 February, gone on 1 March. ``end_of_month`` with 12 from any
day of January 2025: last usable day 31 January 2026, gone on 1 February 2026. Points that live by activity have no
day of their own (``gone_after_inactivity``).
"""


@lru_cache(maxsize=1 << 14)
def _gone(expiry: Expiry, day: date, where: ZoneInfo) -> datetime:
    try:
        return min(start_of_day(FIRST_DAY_GONE[expiry.kind](day, expiry), where), FOREVER)
    except (Malformed, ValueError, OverflowError):
        return FOREVER  # beyond the calendar is never: a till with a wild clock must not spoil an account


def expires_at(expiry: Expiry, usable_from: datetime, where: ZoneInfo) -> datetime:
    """Say from which instant points are gone; ``FOREVER`` when no day of their own is set."""
    if expiry.kind in ("never", "inactivity") or usable_from == FOREVER:
        return FOREVER
    return _gone(expiry, local_day(usable_from, where), where)


def tier_expiry(tier: Tier | None, expiry: Expiry) -> Expiry:
    """Give the expiry rule of a tier: its own if it has one, else everybody's."""
    return expiry if tier is None or tier.expiry is None else tier.expiry


def may_lapse(expiry: Expiry) -> bool:
    """Say whether points may go for want of activity: where no rule sets their end, now or by a later version."""
    return expiry.kind in ("never", "inactivity")


def gone_after_inactivity(months: int, active: datetime, where: ZoneInfo) -> datetime:
    """Say when points lapse for want of activity: months after the last day with any, to the day."""
    return _lapse(months, local_day(active, where), where)


@lru_cache(maxsize=1 << 12)
def _lapse(months: int, last: date, where: ZoneInfo) -> datetime:
    try:
        return start_of_day(add_days(add_months(last, months), 1), where)
    except (Malformed, OverflowError):
        return FOREVER


def lapses_at(programme: Programme, active: datetime) -> datetime:
    """Say when points are gone for want of activity, by the rule that will be in force then.

    A rule that is switched on later takes nothing before its own full length after it began.
    """
    versions = programme.versions
    ends = [version.since for version in versions[1:]] + [FOREVER]
    for version, end in zip(versions, ends, strict=True):
        if version.expiry.kind == "inactivity":
            gone = gone_after_inactivity(version.expiry.after, max(active, version.since), programme.zone)
            if gone < end:
                return gone
    return FOREVER


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
