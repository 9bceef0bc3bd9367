"""Opening hours and holidays, read by libraries, promise the same as plain data."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from omo_adapters.calendars import OpeningHours, public_holidays
from omo_core.errors import Malformed
from omo_core.stock.calendars import Hours, LeadTime, arrival_day, ready_at

HK = ZoneInfo("Asia/Hong_Kong")


def test_written_hours_are_read_with_breaks_nights_and_days_off() -> None:
    store = OpeningHours("Mo-Fr 10:00-20:00; Sa 11:00-13:00,14:00-18:00", HK)
    assert store.hours(date(2026, 1, 5)) == ((time(10), time(20)),)
    assert store.hours(date(2026, 1, 10)) == ((time(11), time(13)), (time(14), time(18)))
    assert store.hours(date(2026, 1, 11)) == ()
    assert OpeningHours("Mo-Su 20:00-24:00", HK).hours(date(2026, 1, 5)) == ((time(20), time(0)),)


def test_public_holidays_move_the_promise() -> None:
    days = public_holidays("HK", range(2026, 2027))
    assert date(2026, 2, 17) in days  # the first day of the lunar year
    store = OpeningHours("Mo-Sa 10:00-20:00", HK, days)
    asked = datetime(2026, 2, 16, 12, tzinfo=HK).astimezone(UTC)
    assert arrival_day(store, LeadTime(handling_days=0, transit_days=1), asked) == date(2026, 2, 20)
    assert ready_at(store, asked.replace(hour=11, minute=30), 60) == datetime(2026, 2, 20, 10, 30, tzinfo=HK)


def test_what_the_hours_say_of_public_holidays_counts_on_them() -> None:
    days = public_holidays("HK")  # of any year
    new_year, lunar = date(2026, 1, 1), date(2031, 1, 23)  # a Thursday, and the first day of a lunar year

    def on(text: str, day: date) -> Hours:
        return OpeningHours(text, HK, holidays=days).hours(day)

    for text in ("Mo-Fr 10:00-21:00; PH off", "PH closed; Mo-Fr 10:00-21:00", "Mo-Fr 10:00-21:00; Sa,Su,PH off"):
        assert on(text, new_year) == on(text, lunar) == on(text, date(2026, 1, 3)) == ()
        assert on(text, date(2026, 1, 2)) == ((time(10), time(21)),)
    short = 'Mo-Sa 10:00-21:00; Su, PH 12:00-18:00 "PH: with fewer hands"'
    assert on(short, new_year) == on(short, date(2026, 1, 4)) == ((time(12), time(18)),)
    assert on(short, date(2026, 1, 2)) == ((time(10), time(21)),)
    assert on("PH 12:00-18:00", date(2026, 1, 2)) == ()


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ("Mo-Fr 10:00-21:00; PH off", "nobody says which days"),
        ("Mo-Fr 10:00-21:00; PH -1 day 10:00-12:00", "PH can stand for"),
        ("Mo-Fr 10:00-21:00; SH off", "school holidays"),
        ("sunrise-sunset", "the sun"),
    ],
)
def test_what_nobody_could_keep_is_refused_not_passed_over(wrong: str, complaint: str) -> None:
    with pytest.raises(Malformed, match=complaint):
        OpeningHours(wrong, HK)


@pytest.mark.parametrize("wrong", ["Mx-Fr 10:00", "open when we like"])
def test_hours_that_can_not_be_read_are_malformed(wrong: str) -> None:
    with pytest.raises(Malformed, match="can't be read"):
        OpeningHours(wrong, HK)


def test_an_unknown_country_is_malformed() -> None:
    with pytest.raises(Malformed):
        public_holidays("XX", range(2026, 2027))
