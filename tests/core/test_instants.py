from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest

from omo_core.errors import Malformed
from omo_core.instants import add_days, add_months, local_day, micros, start_of_day, utc, zone
from omo_core.quantities import text


class Nowhere(tzinfo):
    def utcoffset(self, dt):
        return None


class Stamp(datetime):
    """What other libraries give instead of a datetime."""


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (datetime(2026, 1, 1), "has no time zone"),  # noqa: DTZ001  (that is the case)
        (datetime(2026, 1, 1, tzinfo=Nowhere()), "has no time zone"),
        (datetime(1899, 12, 31, tzinfo=UTC), "outside of 1900 to 9998"),
        (datetime(9999, 12, 31, tzinfo=UTC), "outside of 1900 to 9998"),
        (datetime(1, 1, 1, tzinfo=ZoneInfo("Asia/Hong_Kong")), "outside of the calendar"),
        ("2026-01-01", "is not an instant"),
        (None, "is not an instant"),
        (1_767_225_600, "is not an instant"),
    ],
)
def test_an_instant_that_is_none_is_refused_with_its_path(value: object, why: str) -> None:
    with pytest.raises(Malformed, match=why) as complaint:
        utc(value, "receipt.at")
    assert complaint.value.path == "receipt.at"


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 1, 1, 8, tzinfo=ZoneInfo("Asia/Hong_Kong")),
        datetime(2026, 1, 1, fold=1, tzinfo=UTC),
        Stamp(2026, 1, 1, tzinfo=UTC),
        Stamp(2026, 1, 1, 8, tzinfo=ZoneInfo("Asia/Hong_Kong")),
    ],
)
def test_one_instant_has_one_spelling(value: datetime) -> None:
    assert repr(utc(value)) == repr(datetime(2026, 1, 1, tzinfo=UTC))


def test_the_second_of_two_equal_local_hours_stays_the_second() -> None:
    new_york = ZoneInfo("America/New_York")
    assert utc(datetime(2025, 11, 2, 1, 30, tzinfo=new_york)) == datetime(2025, 11, 2, 5, 30, tzinfo=UTC)
    assert utc(datetime(2025, 11, 2, 1, 30, fold=1, tzinfo=new_york)) == datetime(2025, 11, 2, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "name", "first"),
    [
        (date(2026, 1, 1), "Asia/Hong_Kong", datetime(2025, 12, 31, 16, tzinfo=UTC)),
        # Apia skipped 30 December 2011 whole: the day begins, and ends, when the clock jumps.
        (date(2011, 12, 30), "Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),
        (date(2011, 12, 31), "Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),
        # Lord Howe moves its clock by half an hour, at 2 o'clock.
        (date(2026, 4, 5), "Australia/Lord_Howe", datetime(2026, 4, 4, 13, tzinfo=UTC)),
        (date(2026, 4, 6), "Australia/Lord_Howe", datetime(2026, 4, 5, 13, 30, tzinfo=UTC)),
        # New York: 23 hours on 8 March 2026, 25 on 1 November.
        (date(2026, 3, 8), "America/New_York", datetime(2026, 3, 8, 5, tzinfo=UTC)),
        (date(2026, 3, 9), "America/New_York", datetime(2026, 3, 9, 4, tzinfo=UTC)),
        (date(2026, 11, 2), "America/New_York", datetime(2026, 11, 2, 5, tzinfo=UTC)),
        # Sao Paulo's clock jumped over midnight; Havana's midnight came twice.
        (date(2018, 11, 4), "America/Sao_Paulo", datetime(2018, 11, 4, 3, tzinfo=UTC)),
        (date(2026, 11, 1), "America/Havana", datetime(2026, 11, 1, 4, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_its_first_instant(day: date, name: str, first: datetime) -> None:
    assert start_of_day(day, zone(name)) == first


@pytest.mark.parametrize("name", ["Asia/Hong_Kong", "Pacific/Apia", "Australia/Lord_Howe", "America/New_York", "UTC"])
def test_the_first_instant_of_a_day_lies_in_it_and_the_one_before_does_not(name: str) -> None:
    where = zone(name)
    for number in range(400):
        day = date(2025, 12, 1) + timedelta(days=number)
        first = start_of_day(day, where)
        assert local_day(first, where) == day
        assert local_day(first - timedelta(microseconds=1), where) == day - timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 1, 31), -1, date(2025, 12, 31)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_months_are_clamped_to_the_end_of_the_month(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then


def test_beyond_the_calendar_is_malformed() -> None:
    for move in (lambda: add_months(date(9999, 12, 1), 1), lambda: add_days(date(9999, 12, 31), 1)):
        with pytest.raises(Malformed):
            move()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "Asia/Taipei\n", "Mars/Olympus", "", "/etc/localtime", "a" * 5000]
)
def test_a_zone_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(Malformed) as complaint:
        zone(name, "programme.zone")
    assert complaint.value.path == "programme.zone"
    assert len(str(complaint.value)) < 120


def test_a_version_number_is_the_instant_to_the_microsecond() -> None:
    assert micros(datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC)) == 1_767_225_600_000_001


@pytest.mark.parametrize(
    "good", ["9123 4567", "李小龍", "Crème brûlée", "a" * 200, "全角\u3000空白", "👩\u200d👧", "no\u00a0break"]
)
def test_shops_write_in_any_script(good: str) -> None:
    assert text(good, "name") == good


@pytest.mark.parametrize(
    "bad", ["", "a\0b", "a\nb", "\ud800", "a" * 201, "\x7f", "a\u2028b", "\u202egnp.exe", "a\u200bb", 7, None, b"x"]
)
def test_what_no_store_can_hold_is_refused(bad: object) -> None:
    with pytest.raises(Malformed):
        text(bad, "name")
