"""How amounts, moments and fractions are written by hand in a programme or a scenario.

Money is decimal text (``"398.00"``) or, where somebody counts in cents, ``{ minor = 39800 }``: a bare number could
mean either and is refused. A day or a time without an offset is the shop's own.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from fractions import Fraction
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from attrs import frozen
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
)

from omo_core.errors import Malformed
from omo_core.instants import start_of_day, utc
from omo_core.money import AMOUNT_MAX, DIGITS, minor_units
from omo_core.quantities import TEXT_MAX, whole

_DURATION: Final = re.compile(r"([0-9]{1,9}) ?(s|sec|min|h|hours?|days?)", re.ASCII)
_SECONDS: Final = {
    "s": 1,
    "sec": 1,
    "min": 60,
    "h": 3_600,
    "hour": 3_600,
    "hours": 3_600,
    "day": 86_400,
    "days": 86_400,
}
_MONTH_DAY: Final = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", re.ASCII)
_FRACTION: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6}|/[0-9]{1,9})?", re.ASCII)
_LOCAL: Final = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_MOMENT: Final = re.compile(_LOCAL, re.ASCII)
_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)


@frozen
class Written:
    """An amount as somebody wrote it; what it is in minor units depends on the currency."""

    text: str = ""
    minor: int | None = None

    def units(self, code: str, path: str) -> int:
        """Give it in minor units of a currency."""
        if self.minor is not None:
            return whole(self.minor, f"{path}.minor", low=-AMOUNT_MAX, high=AMOUNT_MAX)
        return minor_units(self.text, code, path)


def _amount(given: object) -> Written:
    if isinstance(given, Written):
        return given
    if isinstance(given, str):
        return Written(given)
    if isinstance(given, dict) and set(given) == {"minor"} and type(given["minor"]) is int:
        return Written(minor=given["minor"])
    if type(given) is int or type(given) is float:
        raise ValueError(f'{given!r:.40} could be dollars or cents: write "{given!r:.40}" or {{ minor = … }}')
    raise ValueError(f'{given!r:.60} is not an amount such as "398.00" or {{ minor = 39800 }}')


def _fraction(given: object) -> tuple[int, int]:
    if type(given) is int and 0 <= given < 10**9:
        return given, 1
    if not isinstance(given, str) or _FRACTION.fullmatch(given) is None or re.search("/0+$", given):
        raise ValueError(f'{given!r:.60} is not a fraction such as "1.5" or "3/2" (in quotes)')
    top, slash, bottom = given.partition("/")
    exact = Fraction(top)
    return (int(top), int(bottom)) if slash else (exact.numerator, exact.denominator)


def _moment(given: object) -> date:
    if isinstance(given, date):
        return given
    if isinstance(given, str) and _MOMENT.fullmatch(given) is not None:
        try:
            return datetime.fromisoformat(given) if len(given) > 10 else date.fromisoformat(given)
        except ValueError:
            raise ValueError(f"{given!r} is not in the calendar") from None
    raise ValueError(f"{given!r:.60} is not a day or time such as 2026-01-05 or 2026-01-05 10:00")


def _day(given: object) -> date:
    read = _moment(given)
    if type(read) is date:
        return read
    raise ValueError(f"{given!s:.60} is a time, not a day such as 2026-01-05")


def _clock(given: object) -> time:
    if isinstance(given, str) and _CLOCK.fullmatch(given) is not None:
        given = time.fromisoformat(given)
    if isinstance(given, time) and given.tzinfo is None:
        return given
    raise ValueError(f'{given!r:.40} is not a time of day such as "15:00"')


def _duration(given: object) -> int:
    found = _DURATION.fullmatch(given) if isinstance(given, str) else None
    if found is None:
        raise ValueError(f'{given!r:.40} is not a time such as "15 min", "2 hours" or "3 days" (in quotes)')
    return int(found.group(1)) * _SECONDS[found.group(2)]


def duration_text(seconds: int) -> str:
    """Write seconds in the largest unit that they are whole in."""
    for size, unit in ((86_400, "days"), (3_600, "hours"), (60, "min")):
        if seconds and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} sec"


def _month_day(given: object) -> tuple[int, int]:
    found = _MONTH_DAY.fullmatch(given) if isinstance(given, str) else None
    if found is None or (found.group(1) in ("02", "04", "06", "09", "11") and found.group(2) == "31"):
        raise ValueError(f'{given!r:.40} is not a day of the year such as "06-30" (month and day, in quotes)')
    if found.group(0) == "02-30":
        raise ValueError("'02-30' is not in any calendar")
    return int(found.group(1)), int(found.group(2))


def _currency(code: str) -> str:
    if code not in DIGITS:
        raise ValueError(f"unknown currency {code!r:.20}: an ISO 4217 code such as HKD is wanted")
    return code


def _not_blank(given: object) -> object:
    if isinstance(given, str) and not given.strip():
        raise ValueError("is empty")
    return given


_DECIMAL: Final = r"[0-9]{1,16}(\.[0-9]{1,9})?$"


def _money_schema(pattern: str, **bounds: int) -> dict[str, Any]:
    """Say to editors how money is written: as decimal text, or in minor units."""
    minor = {"type": "integer", **bounds}
    table = {"type": "object", "properties": {"minor": minor}, "required": ["minor"], "additionalProperties": False}
    return {"anyOf": [{"type": "string", "pattern": pattern}, table]}


_FRACTION_SCHEMA: Final = {
    "anyOf": [{"type": "string", "pattern": f"^{_FRACTION.pattern}$"}, {"type": "integer", "minimum": 0}]
}
_MOMENT_SCHEMA: Final = {"type": "string", "pattern": f"^{_LOCAL}$"}
_DAY_SCHEMA: Final = {"type": "string", "format": "date"}
_CLOCK_SCHEMA: Final = {"type": "string", "pattern": f"^{_CLOCK.pattern}$"}
_DURATION_SCHEMA: Final = {"type": "string", "pattern": f"^{_DURATION.pattern}$"}
_MONTH_DAY_SCHEMA: Final = {"type": "string", "pattern": f"^{_MONTH_DAY.pattern}$"}
_AS_TEXT: Final = PlainSerializer(str, return_type=str)

Amount = Annotated[Written, PlainValidator(_amount), WithJsonSchema(_money_schema(f"^-?{_DECIMAL}")), _AS_TEXT]
"""Money as written."""
Price = Annotated[
    Written, PlainValidator(_amount), WithJsonSchema(_money_schema(f"^(?=.*[1-9]){_DECIMAL}", minimum=1)), _AS_TEXT
]
"""Money above zero; what is not is told where its currency is known."""
Least = Annotated[Written, PlainValidator(_amount), WithJsonSchema(_money_schema(f"^{_DECIMAL}", minimum=0)), _AS_TEXT]
"""Money that is not below zero."""
Ratio = Annotated[tuple[int, int], PlainValidator(_fraction), WithJsonSchema(_FRACTION_SCHEMA), _AS_TEXT]
"""An exact fraction."""
Moment = Annotated[
    date, PlainValidator(_moment), WithJsonSchema({"type": "string", "pattern": f"^{_LOCAL}$"}), _AS_TEXT
]
"""A day, or a day with a time (then it is a ``datetime``)."""
Day = Annotated[date, PlainValidator(_day), WithJsonSchema(_DAY_SCHEMA), _AS_TEXT]
"""A day."""
Clock = Annotated[time, PlainValidator(_clock), WithJsonSchema(_CLOCK_SCHEMA), _AS_TEXT]
"""A time of day: ``"15:00"``."""
Seconds = Annotated[int, PlainValidator(_duration), WithJsonSchema(_DURATION_SCHEMA), PlainSerializer(duration_text)]
"""A length of time as written: ``"15 min"``."""
MonthDay = Annotated[tuple[int, int], PlainValidator(_month_day), WithJsonSchema(_MONTH_DAY_SCHEMA), _AS_TEXT]
"""A day of every year: ``"06-30"``."""
Currency = Annotated[str, AfterValidator(_currency), WithJsonSchema({"type": "string", "pattern": "^[A-Z]{3}$"})]
"""The code of a currency that omo knows the digits of."""
Name = Annotated[str, StringConstraints(min_length=1, max_length=TEXT_MAX), BeforeValidator(_not_blank)]
"""A name of something."""
Names = Annotated[tuple[Name, ...], Field(strict=False)]
"""A list of names."""


def instant(moment: date, where: ZoneInfo, path: str = "at") -> datetime:
    """Give the instant that was written; a day alone is its first instant."""
    try:
        if not isinstance(moment, datetime):
            return utc(start_of_day(moment, where), path)
        return utc(moment if moment.tzinfo is not None else moment.replace(tzinfo=where), path)
    except OverflowError:
        raise Malformed(path, f"{moment} is outside of the calendar") from None
