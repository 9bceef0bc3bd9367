"""When a place is open, and what can be promised for when: lead time, cut-off, opening hours, holidays.

The core takes a calendar as a port; ``Week`` is one made of plain data. Days and times of day are those of the place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from attrs import field, frozen

from omo_core.decisions import require
from omo_core.instants import local_day
from omo_core.quantities import whole

Hours = tuple[tuple[time, time], ...]
"""From when to when a place is open on a day; an end of 00:00 is midnight."""
LOOK_AHEAD_DAYS: Final = 400
"""A place that does not open within so many days is taken to be shut for good."""


class Calendar(Protocol):
    """When a place works."""

    zone: ZoneInfo

    def hours(self, day: date) -> Hours:
        """Give the opening hours of a day, in order; none when it is shut."""
        ...


@frozen(kw_only=True)
class Week:
    """A calendar of plain data: the same week again and again, but for named days."""

    zone: ZoneInfo
    weekly: tuple[Hours, ...]
    """Seven, Monday first."""
    special: Mapping[date, Hours] = field(factory=dict)
    """Days with other hours; none at all on a holiday."""

    def check(self) -> None:
        """Raise ``Malformed`` when the calendar can't mean anything."""
        require(len(self.weekly) == 7, "weekly", f"has {len(self.weekly)} days")
        for hours in (*self.weekly, *self.special.values()):
            for opens, closes in hours:
                require(closes == time(0) or opens < closes, "hours", f"{opens} to {closes} ends before it begins")

    def hours(self, day: date) -> Hours:
        """Give the opening hours of a day."""
        return self.special.get(day, self.weekly[day.weekday()])


@frozen(kw_only=True)
class LeadTime:
    """How long a place needs, and the carrier after it."""

    cut_off: time = time(0)
    """Orders from then on count for the next working day; 00:00: there is no cut-off."""
    handling_days: int = 0
    """Working days of the place between the order's day and the parcel's."""
    transit_days: int = 1
    """Working days of the carrier between the parcel's day and the customer's."""

    def check(self) -> None:
        """Raise ``Malformed`` when the lead time can't mean anything."""
        whole(self.handling_days, "handling_days", low=0, high=365)
        whole(self.transit_days, "transit_days", low=0, high=365)


def ship_day(calendar: Calendar, lead: LeadTime, at: datetime) -> date | None:
    """Say on which day a parcel leaves that is asked for at an instant; none when the place stays shut."""
    local = at.astimezone(calendar.zone)
    today = local.date()
    late = lead.cut_off != time(0) and local.time() >= lead.cut_off
    first = _working_day(calendar, today + timedelta(days=1) if late or not calendar.hours(today) else today, 0)
    return None if first is None else _working_day(calendar, first, lead.handling_days)


def arrival_day(
    calendar: Calendar,
    lead: LeadTime,
    at: datetime,
    *,
    carrier: Calendar | None = None,
    available_at: datetime | None = None,
) -> date | None:
    """Say on which day the customer has it: from now, or from when the last of it is in stock, if that is later."""
    sent = ship_day(calendar, lead, at if available_at is None else max(at, available_at))
    return None if sent is None else _working_day(carrier or calendar, sent, lead.transit_days)


def ready_at(calendar: Calendar, at: datetime, minutes: int) -> datetime | None:
    """Say when a store has an order ready that needs so many minutes of its opening hours; none when it stays shut."""
    left = timedelta(minutes=minutes)
    for opens, closes in _openings(calendar, local_day(at, calendar.zone)):
        start = max(opens, at)
        if start + left <= closes:
            return start + left
        left -= max(timedelta(0), closes - start)
    return None


def _openings(calendar: Calendar, first: date) -> Iterator[tuple[datetime, datetime]]:
    for ahead in range(-1, LOOK_AHEAD_DAYS):
        day = first + timedelta(days=ahead)
        for opens, closes in calendar.hours(day):
            ends = day + timedelta(days=1) if closes == time(0) else day
            yield _instant(day, opens, calendar.zone), _instant(ends, closes, calendar.zone)


def _instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def _working_day(calendar: Calendar, first: date, after: int) -> date | None:
    """Give a day, or the first after it, on which the place works, and so many working days more."""
    left = after + 1
    for ahead in range(LOOK_AHEAD_DAYS):
        day = first + timedelta(days=ahead)
        if calendar.hours(day) and (ahead > 0 or after == 0 or calendar.hours(first)):
            left -= 1
            if left == 0:
                return day
    return None


def removal_day(received_on: date, *, life_days: int, removal_days: int = 0) -> tuple[date, date]:
    """Give the days on which a lot expires and from which it is not sold any more."""
    expires = received_on + timedelta(days=life_days)
    return expires, expires - timedelta(days=removal_days)


def with_holidays(week: Week, days: Iterable[date]) -> Week:
    """Shut a place on some days, unless it says itself when it is open on them."""
    shut: dict[date, Hours] = dict.fromkeys(days, ())
    return Week(zone=week.zone, weekly=week.weekly, special={**shut, **week.special})
