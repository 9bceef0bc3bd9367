"""What can be promised for when: cut-off, handling, transit, opening hours, holidays."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from omo_core.errors import Malformed
from omo_core.instants import FOREVER
from omo_core.stock.calendars import Hours, LeadTime, Week, arrival_day, ready_at, removal_day, ship_day, with_holidays

HK = ZoneInfo("Asia/Hong_Kong")
DAY = ((time(10), time(20)),)
STORE = Week(zone=HK, weekly=(DAY, DAY, DAY, DAY, DAY, ((time(11), time(13)), (time(14), time(18))), ()))
"""Open Monday to Friday, on Saturday with a break, shut on Sunday. 5 January 2026 is a Monday."""
LEAD = LeadTime(cut_off=time(15), handling_days=1, transit_days=2)


def hk(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=HK).astimezone(UTC)


@pytest.mark.parametrize(
    ("asked", "sent", "there"),
    [
        (hk(5, 14, 59), 6, 8),
        (hk(5, 15), 7, 9),  # after the cut-off it counts for Tuesday
        (hk(9, 16), 12, 14),  # Friday afternoon: Saturday, handled on Monday
        (hk(10, 23), 13, 15),  # Saturday night: Monday
        (hk(11, 9), 13, 15),  # Sunday: Monday
    ],
)
def test_a_parcel_leaves_and_arrives_on_working_days(asked: datetime, sent: int, there: int) -> None:
    assert ship_day(STORE, LEAD, asked) == date(2026, 1, sent)
    assert arrival_day(STORE, LEAD, asked) == date(2026, 1, there)


def test_goods_that_are_still_to_come_and_holidays_move_the_promise() -> None:
    assert arrival_day(STORE, LEAD, hk(5, 10), available_at=hk(8, 10)) == date(2026, 1, 12)
    shut = with_holidays(STORE, [date(2026, 1, 6), date(2026, 1, 7)])
    assert arrival_day(shut, LEAD, hk(5, 10)) == date(2026, 1, 10)


@pytest.mark.parametrize(
    ("asked", "minutes", "ready"),
    [
        (hk(5, 11), 60, hk(5, 12)),
        (hk(5, 8), 60, hk(5, 11)),
        (hk(5, 19, 30), 60, hk(6, 10, 30)),
        (hk(10, 12, 30), 90, hk(10, 15)),
        (hk(10, 17, 30), 60, hk(12, 10, 30)),
    ],
)
def test_an_order_is_ready_after_so_many_minutes_of_opening_hours(
    asked: datetime, minutes: int, ready: datetime
) -> None:
    assert ready_at(STORE, asked, minutes) == ready


def test_a_place_that_never_opens_promises_nothing() -> None:
    shut = Week(zone=HK, weekly=((),) * 7)
    assert (ship_day(shut, LEAD, hk(5, 9)), arrival_day(shut, LEAD, hk(5, 9)), ready_at(shut, hk(5, 9), 5)) == (
        None,
    ) * 3


def test_a_night_shop_is_open_until_midnight() -> None:
    night = Week(zone=HK, weekly=(((time(20), time(0)),),) * 7)
    night.check()
    assert ready_at(night, hk(5, 23, 30), 60) == hk(6, 20, 30)


def test_a_lot_is_taken_off_sale_before_it_expires() -> None:
    assert removal_day(date(2024, 1, 1), life_days=30, removal_days=15) == (date(2024, 1, 31), date(2024, 1, 16))


def test_hours_that_end_before_they_begin_are_malformed() -> None:
    with pytest.raises(Malformed, match="ends before"):
        Week(zone=HK, weekly=(((time(10), time(9)),),) + ((),) * 6).check()


SHUT_AT_SIX = Week(zone=HK, weekly=(((time(9), time(18)),),) * 7)


def test_what_is_asked_for_after_closing_does_not_leave_that_day() -> None:
    no_cut_off = LeadTime(handling_days=0)
    assert ship_day(SHUT_AT_SIX, no_cut_off, hk(5, 17, 59)) == date(2026, 1, 5)
    for late in (hk(5, 18), hk(5, 23)):
        assert ship_day(SHUT_AT_SIX, no_cut_off, late) == date(2026, 1, 6)
        assert ship_day(SHUT_AT_SIX, LeadTime(cut_off=time(23, 59)), late) == date(2026, 1, 6)
    assert ship_day(SHUT_AT_SIX, no_cut_off, hk(5, 1)) == date(2026, 1, 5)  # before it opens
    night = Week(zone=HK, weekly=(((time(20), time(0)),),) * 7)
    assert ship_day(night, no_cut_off, hk(5, 23, 59)) == date(2026, 1, 5)


def test_what_comes_nobody_knows_when_arrives_nobody_knows_when() -> None:
    assert arrival_day(STORE, LEAD, hk(5, 10), available_at=FOREVER) is None
    last = datetime(9998, 12, 30, 12, tzinfo=UTC)
    assert ship_day(STORE, LeadTime(handling_days=30), last) is None  # beyond the calendar
    assert ready_at(STORE, last, 10_000) is None


def test_many_working_days_are_counted_however_long_that_takes() -> None:
    mondays = Week(zone=HK, weekly=(DAY, *((),) * 6))
    sent = ship_day(mondays, LeadTime(handling_days=100), hk(5, 10))
    assert sent == date(2026, 1, 5) + timedelta(weeks=100)
    assert ready_at(mondays, hk(5, 10), 100 * 600) == hk(5, 20) + timedelta(weeks=99)


def test_minutes_that_fill_the_day_are_over_when_it_shuts() -> None:
    assert ready_at(STORE, hk(5, 19), 60) == hk(5, 20)
    assert ready_at(STORE, hk(5, 20), 0) == hk(6, 10)  # shut by then


@pytest.mark.parametrize(
    ("hours", "complaint"),
    [
        (((time(9), time(13)), (time(12), time(18))), r"weekly\[0\]: 12:00:00 is before 13:00:00"),
        (((time(14), time(18)), (time(9), time(13))), r"weekly\[0\]: 09:00:00 is before 18:00:00"),
        (((time(9), time(0)), (time(1), time(2))), r"weekly\[0\]"),
        (((time(9, tzinfo=UTC), time(18)),), "no zone of its own"),
    ],
)
def test_hours_that_overlap_or_are_in_disorder_are_malformed(hours: Hours, complaint: str) -> None:
    with pytest.raises(Malformed, match=complaint):
        Week(zone=HK, weekly=(hours,) + ((),) * 6).check()
    with pytest.raises(Malformed, match=r"special\.2026-01-01"):
        Week(zone=HK, weekly=((),) * 7, special={date(2026, 1, 1): hours}).check()


def test_an_instant_without_a_zone_is_malformed_wherever_it_is_asked_about() -> None:
    naive = datetime(2026, 1, 5, 12)  # noqa: DTZ001  (that is what is asked about)
    asked: tuple[Callable[[], object], ...] = (
        lambda: ship_day(STORE, LEAD, naive),
        lambda: arrival_day(STORE, LEAD, naive),
        lambda: arrival_day(STORE, LEAD, hk(5, 9), available_at=naive),
        lambda: ready_at(STORE, naive, 5),
    )
    for each in asked:
        with pytest.raises(Malformed, match="has no time zone"):
            each()


def test_numbers_that_can_mean_nothing_are_malformed() -> None:
    asked: tuple[Callable[[], object], ...] = (
        lambda: ready_at(STORE, hk(5, 9), -1),
        lambda: ready_at(STORE, hk(5, 9), 10**9),
        lambda: ship_day(STORE, LeadTime(handling_days=-1), hk(5, 9)),
        lambda: arrival_day(STORE, LeadTime(transit_days=366), hk(5, 9)),
        lambda: removal_day(date(2026, 1, 1), life_days=-1),
        lambda: removal_day(date(2026, 1, 1), life_days=1, removal_days=-1),
        lambda: removal_day(date(9999, 1, 1), life_days=9_999),
    )
    for each in asked:
        with pytest.raises(Malformed):
            each()


@pytest.mark.parametrize("odd", [None, "x", -1, 1.5, [], {}, (1,), ((time(9),),), ((9, 18),), b"x"])
def test_a_week_of_anything_else_is_malformed(odd: Any) -> None:
    week = ((),) * 6
    for wrong in (
        lambda: Week(zone=HK, weekly=odd),
        lambda: Week(zone=HK, weekly=(odd, *week)),
        lambda: Week(zone=HK, weekly=((), *week), special={date(2026, 1, 1): odd}),
        lambda: Week(zone=odd, weekly=((), *week)),
        lambda: LeadTime(cut_off=odd),
    ):
        with pytest.raises(Malformed):
            wrong().check()
