"""What can be promised for when: cut-off, handling, transit, opening hours, holidays."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from omo_core.errors import Malformed
from omo_core.stock.calendars import LeadTime, Week, arrival_day, ready_at, removal_day, ship_day, with_holidays

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
