"""Instants in UTC, and the calendar of a programme's own time zone.

An instant is an aware ``datetime`` in UTC. A day, a month or a year is a matter of the programme's zone. Every end
is exclusive: what ends on a day ends at the start of the next one.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from omo_core.errors import Malformed

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
FOREVER: Final = datetime(9999, 12, 31, tzinfo=UTC)
"""Stands for "never ends" where an instant is needed for sorting; never shown as a date."""
_EARLIEST: Final = datetime(1900, 1, 1, tzinfo=UTC)


def utc(value: object, path: str = "at") -> datetime:
    """Accept an aware instant between 1900 and 9998 and give it in UTC; a naive one is refused, never guessed."""
    if not isinstance(value, datetime):
        raise Malformed(path, f"{value!r:.40} is not an instant")
    if value.tzinfo is not UTC:
        if value.utcoffset() is None:
            raise Malformed(path, f"{value.isoformat()} has no time zone")
        try:
            value = value.astimezone(UTC)
        except OverflowError:
            raise Malformed(path, "is outside of the calendar") from None
    if value.fold or type(value) is not datetime:  # two spellings of one instant must not look like two contents
        value = datetime.combine(date(value.year, value.month, value.day), value.time().replace(fold=0), UTC)
    if not _EARLIEST <= value < FOREVER:
        raise Malformed(path, f"{value.isoformat()} is outside of 1900 to 9998")
    return value


def zone(name: str, path: str = "zone") -> ZoneInfo:
    """Look a time zone up by its IANA name, such as ``Asia/Hong_Kong``."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Malformed(path, f"unknown time zone {name!r:.60}") from None


@lru_cache(maxsize=1 << 14)
def start_of_day(day: date, where: ZoneInfo) -> datetime:
    """Give the first instant of a local day.

    Where midnight falls into a gap of the clock, or the whole day was skipped (Apia, 30 December 2011), that is the
    instant the clock jumped; where midnight happens twice, it is the first.
    """
    return datetime(day.year, day.month, day.day, tzinfo=where).astimezone(UTC)


def local_day(at: datetime, where: ZoneInfo) -> date:
    """Say which day it is in the shop at an instant."""
    return at.astimezone(where).date()


def add_months(day: date, months: int) -> date:
    """Move a day by whole months, clamped to the month's end: 31 January plus one month is 28 or 29 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise Malformed("months", f"{day} and {months} months is outside of the calendar")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_days(day: date, days: int) -> date:
    """Move a day by whole days."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise Malformed("days", f"{day} and {days} days is outside of the calendar") from None


def micros(at: datetime) -> int:
    """Count the microseconds since 1970: how a source's ``updated_at`` becomes a version number."""
    return (at - EPOCH) // timedelta(microseconds=1)
