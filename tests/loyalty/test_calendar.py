"""Ends of points and windows of tiers, day by day and zone by zone."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from tests.loyalty import calendar_check as check


@pytest.fixture(scope="module")
def calendar() -> check.Calendar:
    return check.Calendar()


@pytest.mark.parametrize("zone", check.ZONES)
def test_days_months_and_years_are_those_of_the_calendar(calendar: check.Calendar, zone: str) -> None:
    assert sum(check.check_day(calendar, day, ZoneInfo(zone)) for day in check.days(37)) > 15_000


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("zone", check.ZONES)
def test_every_day_of_131_years(calendar: check.Calendar, zone: str) -> None:
    every = check.days()
    assert len(every) == 47_847
    assert sum(check.check_day(calendar, day, ZoneInfo(zone)) for day in every) == 47_847 * 15
