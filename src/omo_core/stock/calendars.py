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
from omo_core.errors import Malformed
from omo_core.events import check_tuple
from omo_core.instants import FOREVER, add_days, local_day, utc
from omo_core.quantities import whole

Hours = tuple[tuple[time, time], ...]
"""From when to when a place is open on a day; an end of 00:00 is midnight."""
LOOK_AHEAD_DAYS: Final = 400
"""A place that does not open within so many days is taken to be shut for good."""
MINUTES_MAX: Final = 525_600
DAYS_MAX: Final = 36_500
MIDNIGHT: Final = time(0)


class Calendar(Protocol):
    """When a place works."""

    @property
    def zone(self) -> ZoneInfo:
        """Give the time zone of its days."""
        ...

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
        days = len(check_tuple(self.weekly, "weekly"))
        require(days == 7, "weekly", f"has {days} days")
        require(isinstance(self.zone, ZoneInfo), "zone", f"{self.zone!r:.40} is not a time zone")
        require(isinstance(self.special, Mapping), "special", f"{self.special!r:.40} is not a mapping")
        for number, hours in enumerate(self.weekly):
            _check_hours(hours, f"weekly[{number}]")
        for day, hours in self.special.items():
            _check_hours(hours, f"special.{day}")

    def hours(self, day: date) -> Hours:
        """Give the opening hours of a day."""
        return self.special.get(day, self.weekly[day.weekday()])


def _ends(opening: object, path: str) -> tuple[time, time]:
    match opening:
        case (time() as opens, time() as closes):
            return opens, closes
    raise Malformed(path, f"{opening!r:.40} is not a time of opening and one of closing")


def _check_hours(hours: Hours, path: str) -> None:
    last = None
    for opening in check_tuple(hours, path):
        opens, closes = _ends(opening, path)
        require(opens.tzinfo is None and closes.tzinfo is None, path, "a time of day has no zone of its own")
        require(closes == MIDNIGHT or opens < closes, path, f"{opens} to {closes} ends before it begins")
        require(last is None or (last != MIDNIGHT and last <= opens), path, f"{opens} is before {last}, when it shuts")
        last = closes


@frozen(kw_only=True)
class LeadTime:
    """How long a place needs, and the carrier after it."""

    cut_off: time = MIDNIGHT
    """Orders from then on count for the next working day; so do those that come when the place has shut for the day.
    00:00: that alone counts."""
    handling_days: int = 0
    """Working days of the place between the order's day and the parcel's."""
    transit_days: int = 1
    """Working days of the carrier between the parcel's day and the customer's."""

    def check(self) -> None:
        """Raise ``Malformed`` when the lead time can't mean anything."""
        require(isinstance(self.cut_off, time), "cut_off", f"{self.cut_off!r:.40} is not a time of day")
        whole(self.handling_days, "handling_days", low=0, high=365)
        whole(self.transit_days, "transit_days", low=0, high=365)


def ship_day(calendar: Calendar, lead: LeadTime, at: datetime) -> date | None:
    """Say on which day a parcel leaves that is asked for at an instant; none when the place stays shut."""
    lead.check()
    local = utc(at).astimezone(calendar.zone)
    late = lead.cut_off != MIDNIGHT and local.time() >= lead.cut_off
    late = late or _shut_by(calendar.hours(local.date()), local.time())
    first = add_days(local.date(), 1) if late else local.date()
    return _working_day(calendar, first, lead.handling_days)


def arrival_day(
    calendar: Calendar,
    lead: LeadTime,
    at: datetime,
    *,
    carrier: Calendar | None = None,
    available_at: datetime | None = None,
) -> date | None:
    """Say on which day the customer has it: from now, or from when the last of it is in stock, if that is later.

    None when a place stays shut, and for what comes nobody knows when.
    """
    if available_at == FOREVER:
        return None
    start = utc(at) if available_at is None else max(utc(at), utc(available_at, "available_at"))
    sent = ship_day(calendar, lead, start)
    return None if sent is None else _working_day(carrier or calendar, sent, lead.transit_days)


def ready_at(calendar: Calendar, at: datetime, minutes: int) -> datetime | None:
    """Say when a store has an order ready that needs so many minutes of its opening hours; none when it stays shut."""
    since = utc(at)
    left = timedelta(minutes=whole(minutes, "minutes", low=0, high=MINUTES_MAX))
    for opens, closes in _openings(calendar, local_day(since, calendar.zone)):
        start = max(opens, since)
        if start < closes and start + left <= closes:
            return start + left
        left -= max(timedelta(0), closes - start)
    return None


def _shut_by(hours: Hours, clock: time) -> bool:
    """Say whether a place has shut for the day, or does not open on it at all."""
    return all(closes != MIDNIGHT and closes <= clock for _, closes in hours)


def _openings(calendar: Calendar, first: date) -> Iterator[tuple[datetime, datetime]]:
    """Give opening hours from the day before on, until a place has been shut for too long."""
    day, shut = add_days(first, -1), 0
    while shut < LOOK_AHEAD_DAYS and day.year < FOREVER.year:
        hours = calendar.hours(day)
        shut = 0 if hours else shut + 1
        for opens, closes in hours:
            ends = add_days(day, 1) if closes == MIDNIGHT else day
            yield _instant(day, opens, calendar.zone), _instant(ends, closes, calendar.zone)
        day = add_days(day, 1)


def _instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def _working_day(calendar: Calendar, first: date, after: int) -> date | None:
    """Give a day, or the first after it, on which the place works, and so many working days more."""
    day, left, shut = first, after, 0
    while shut < LOOK_AHEAD_DAYS and day.year < FOREVER.year:
        shut += 1
        if calendar.hours(day):
            if not left:
                return day
            left, shut = left - 1, 0
        day = add_days(day, 1)
    return None


def removal_day(received_on: date, *, life_days: int, removal_days: int = 0) -> tuple[date, date]:
    """Give the days on which a lot expires and from which it is not sold any more."""
    expires = add_days(received_on, whole(life_days, "life_days", low=0, high=DAYS_MAX))
    return expires, add_days(expires, -whole(removal_days, "removal_days", low=0, high=DAYS_MAX))


def with_holidays(week: Week, days: Iterable[date]) -> Week:
    """Shut a place on some days, unless it says itself when it is open on them."""
    shut: dict[date, Hours] = dict.fromkeys(days, ())
    return Week(zone=week.zone, weekly=week.weekly, special={**shut, **week.special})
