"""Month, year and day arithmetic of points and tiers against a calendar that was written out day by day."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from omo_core.instants import add_days, add_months, local_day, start_of_day
from omo_core.loyalty.expiring import expires_at, last_usable_day
from omo_core.loyalty.ladder import Ladder, Tier
from omo_core.loyalty.programme import Expiry
from omo_core.loyalty.terms import window_begins

ZONES = ("Asia/Hong_Kong", "Asia/Taipei", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe", "UTC")
FIRST, LAST = date(1970, 1, 1), date(2100, 12, 31)
INSTANT = timedelta(microseconds=1)
RULES = (
    Expiry(kind="days", after=30),
    Expiry(kind="months", after=1),
    Expiry(kind="months", after=12),
    Expiry(kind="end_of_month", after=12),
    Expiry(kind="end_of_quarter", after=0),
    Expiry(kind="end_of_year", after=1),
    Expiry(kind="fixed_dates", after=0, dates=((2, 29), (8, 31))),
)
LADDER = Ladder(currency="HKD", tiers=(Tier(name="base"),), months=6)


class Calendar:
    """Every day from 1969 to 2103, written out; nothing is calculated but the next day."""

    def __init__(self) -> None:
        self.days = [date(1969, 1, 1)]
        while self.days[-1] < date(2103, 12, 31):
            self.days.append(self.days[-1] + timedelta(days=1))
        self.months: list[list[date]] = []
        for day in self.days:
            if day.day == 1:
                self.months.append([])
            self.months[-1].append(day)
        self.place = {day: place for place, month in enumerate(self.months) for day in month}

    def months_later(self, day: date, months: int) -> date:
        """The same day so many months later, or that month's last."""
        month = self.months[self.place[day] + months]
        return month[min(day.day, len(month)) - 1]

    def end_of_month(self, day: date, months: int) -> date:
        """The last day of the month so many months later."""
        return self.months[self.place[day] + months][-1]

    def last_day(self, rule: Expiry, day: date) -> date:
        """The last day on which points that became usable on a day can be used."""
        if rule.kind == "days":
            return self.days[bisect_left(self.days, day) + rule.after]
        if rule.kind == "months":
            return self.months_later(day, rule.after)
        if rule.kind == "end_of_month":
            return self.end_of_month(day, rule.after)
        if rule.kind == "end_of_quarter":
            return next(
                self.end_of_month(day, more) for more in range(3) if self.end_of_month(day, more).month % 3 == 0
            )
        if rule.kind == "end_of_year":
            return self.end_of_month(self.months_later(day, 12 * rule.after), 12 - day.month)
        return next(each for each in self.days[bisect_left(self.days, day) :] if self.is_date(rule, each))

    def is_date(self, rule: Expiry, day: date) -> bool:
        """Say whether a rule names a day; 29 February is the 28th where there is none."""
        last = self.months[self.place[day]][-1]
        return any(day.month == month and day.day == min(wanted, last.day) for month, wanted in rule.dates)


def days(step: int = 1) -> Sequence[date]:
    """Every day, or every so-manyth and all around leap days and jumps of the clock."""
    odd = {date(1972, 2, 29), date(2000, 2, 29), date(2011, 12, 29), date(2011, 12, 30), date(2011, 12, 31),
           date(2024, 2, 29), date(2100, 2, 28), date(2100, 3, 1)}  # fmt: skip
    every = [FIRST + timedelta(days=number) for number in range(0, (LAST - FIRST).days + 1, step)]
    return sorted({*every, *odd}) if step > 1 else every


def check_start(day: date, where: ZoneInfo) -> None:
    """A day starts at the first instant that belongs to it, or, if it was skipped, to the next one."""
    start = start_of_day(day, where)
    assert start.tzinfo is UTC
    assert local_day(start, where) >= day
    assert local_day(start - INSTANT, where) < day


def check_day(calendar: Calendar, day: date, where: ZoneInfo) -> int:
    """Check everything that is counted from a day; gives how many things that were."""
    check_start(day, where)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=where)
    usable = noon.astimezone(UTC)
    here = local_day(usable, where)  # a day that was skipped is the next one
    for rule in RULES:
        gone = expires_at(rule, usable, where)
        last = calendar.last_day(rule, here)
        assert gone == start_of_day(last + timedelta(days=1), where), (rule.kind, day, where.key)
        assert local_day(gone - INSTANT, where) <= last < local_day(gone, where), (rule.kind, day, where.key)
        assert last_usable_day(gone, where) in (last, last + timedelta(days=1)), (rule.kind, day, where.key)
    for months in (-6, -1, 1, 6, 12, 24):
        if date(1969, 7, 1) < here < date(2101, 1, 1):
            assert add_months(here, months) == calendar.months_later(here, months)
    assert add_days(here, 365) == calendar.days[bisect_left(calendar.days, here) + 365]
    if here >= date(1969, 8, 1):
        assert window_begins(LADDER, usable, where, None) == start_of_day(calendar.months_later(here, -6), where)
    return len(RULES) + 8
