"""Opening hours in the notation of OpenStreetMap, and the public holidays of a place."""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import holidays
import opening_hours

from omo_core.errors import Malformed
from omo_core.stock.calendars import Hours

_DAYS: Final = r"(?:[A-Z][a-z](?:-[A-Z][a-z])?|PH)"
_RULE: Final = re.compile(rf"({_DAYS}(?:\s*,\s*{_DAYS})*)\s+(.*)", re.DOTALL)
_COMMENT: Final = re.compile(r'"[^"]*"')
_UNKNOWN: Final = {
    "PH": "PH can stand for a rule's days only, alone or with days of the week",
    "SH": "nobody knows the school holidays (SH); name the days",
    "sunrise|sunset|dawn|dusk": "the sun keeps no opening hours here; name the times",
}
SHUT: Final = ("off", "closed")


class OpeningHours:
    """A place's calendar read from text: ``Mo-Fr 10:00-21:00; Sa,Su 11:00-19:00; PH off; 2026 Feb 17-19 off``."""

    def __init__(
        self,
        text: str,
        zone: ZoneInfo,
        shut: Container[date] = frozenset(),
        *,
        holidays: Container[date] | None = None,
    ) -> None:
        """Read opening hours.

        On ``shut`` days the place is shut whatever the text says. What it says of public holidays (``PH``) counts on
        ``holidays``, over what it says of days of the week; it must then be known which days they are.
        """
        self.zone = zone
        self.shut = shut
        week, festive = _parted(text)
        if festive is not None and holidays is None:
            raise Malformed(
                "hours", f"{text[:60]!r} speaks of public holidays (PH), but nobody says which days they are"
            )
        self.holidays: Container[date] = frozenset() if festive is None or holidays is None else holidays
        self._festive = None if festive is None or festive in SHUT else _read(festive)
        self._hours = _read(week)

    def hours(self, day: date) -> Hours:
        """Give the opening hours of a day; what runs past midnight ends the day and begins the next."""
        if day in self.shut:
            return ()
        if day in self.holidays:
            return () if self._festive is None else _on(self._festive, day)
        return _on(self._hours, day)


def _parted(text: str) -> tuple[str, str | None]:
    """Part what counts in the week from what counts on public holidays; the last word about these counts."""
    bare = _COMMENT.sub("", text)
    week, festive = [], None
    for rule in bare.split(";"):
        found = _RULE.fullmatch(rule.strip())
        days = [day.strip() for day in found[1].split(",")] if found else []
        if found is None or "PH" not in days or found[2].startswith(("+", "-")):  # days before or after a holiday
            week.append(rule.strip())
            continue
        festive = found[2].strip()
        others = ",".join(day for day in days if day != "PH")
        week += [f"{others} {festive}"] if others else []
    left = "; ".join(rule for rule in week if rule)
    for words, why in _UNKNOWN.items():
        if re.search(rf"\b(?:{words})\b", f"{left} {festive or ''}"):
            raise Malformed("hours", f"{text[:60]!r} can't be kept: {why}")
    return left or "off", festive


def _read(text: str) -> opening_hours.OpeningHours:
    try:
        return opening_hours.OpeningHours(text)
    except opening_hours.ParserError as broken:  # type: ignore[attr-defined]  # its stubs leave it out
        raise Malformed("hours", f"{text[:60]!r} can't be read: {broken}") from None


def _on(hours: opening_hours.OpeningHours, day: date) -> Hours:
    start = datetime.combine(day, time(0))
    end = start + timedelta(days=1)
    return tuple(
        (max(opens, start).time(), time(0) if closes is None or closes >= end else closes.time())
        for opens, closes, state, _ in hours.intervals(start, end)
        if state == opening_hours.State.OPEN
    )


def public_holidays(country: str, years: range | None = None, *, subdivision: str | None = None) -> Container[date]:
    """Name the public holidays of a country (``HK``, ``JP``), or of a part of it: in some years, or in any."""
    try:
        known = holidays.country_holidays(country, subdiv=subdivision, years=years)
    except NotImplementedError as unknown:
        raise Malformed("country", str(unknown)) from None
    return known if years is None else frozenset(known)
