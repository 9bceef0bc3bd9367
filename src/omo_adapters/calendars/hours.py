"""Opening hours in the notation of OpenStreetMap, and the public holidays of a place."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import opening_hours

from omo_core.errors import Malformed
from omo_core.stock.calendars import Hours


class OpeningHours:
    """A place's calendar read from text: ``Mo-Fr 10:00-21:00; Sa,Su 11:00-19:00; 2026 Feb 17-19 off``."""

    def __init__(self, text: str, zone: ZoneInfo, shut: frozenset[date] = frozenset()) -> None:
        """Read opening hours; on ``shut`` days the place is shut whatever the text says."""
        self.zone = zone
        self.shut = shut
        try:
            self._hours = opening_hours.OpeningHours(text)
        except opening_hours.ParserError as broken:  # type: ignore[attr-defined]  # its stubs leave it out
            raise Malformed("hours", f"{text[:60]!r} can't be read: {broken}") from None

    def hours(self, day: date) -> Hours:
        """Give the opening hours of a day; what runs past midnight ends the day and begins the next."""
        if day in self.shut:
            return ()
        start = datetime.combine(day, time(0))
        end = start + timedelta(days=1)
        return tuple(
            (max(opens, start).time(), time(0) if closes is None or closes >= end else closes.time())
            for opens, closes, state, _ in self._hours.intervals(start, end)
            if state == opening_hours.State.OPEN
        )


def public_holidays(country: str, years: range, *, subdivision: str | None = None) -> frozenset[date]:
    """Name the public holidays of a country (``HK``, ``JP``), or of a part of it, in some years."""
    try:
        return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=years))
    except NotImplementedError as unknown:
        raise Malformed("country", str(unknown)) from None
