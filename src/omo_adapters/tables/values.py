"""What people write into cells: days, instants, whole numbers, yes and no."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from omo_adapters.inbound import local_instant
from omo_core.errors import Malformed

_DAY: Final = re.compile(r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})", re.ASCII)
_WHOLE: Final = re.compile(r"(-?[0-9]{1,15})(?:\.0+)?", re.ASCII)

_YES: Final = frozenset({"yes", "y", "true", "1", "是", "有", "同意", "接受"})
_NO: Final = frozenset({"no", "n", "false", "0", "否", "無", "不同意", "不接受", "拒絕"})


def day_of(text: str, path: str) -> date:
    """Read a day with the year first (``2026-01-05``, ``2026/1/5``); the other orders mean different days elsewhere."""
    found = _DAY.fullmatch(text)
    if found is None:
        raise Malformed(path, f"{text[:40]!r} is not a day such as 2026-01-05")
    try:
        return date(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        raise Malformed(path, f"{text[:40]!r} is not in the calendar") from None


@lru_cache(maxsize=1 << 12)  # the rows of a sheet were mostly written down together
def instant_of(text: str, zone: str, path: str) -> datetime:
    """Read a date and time, or a day as its first instant, in a zone unless it states its offset."""
    day, gap, clock = text.replace("T", " ").partition(" ")
    written = f"{day_of(day, path).isoformat()}T{clock.strip() if gap else '00:00'}"
    return local_instant(written, zone, path)


def whole_of(text: str, path: str) -> int:
    """Read a whole number; a spreadsheet's ``12.0`` is one, ``1,200`` is not (in half of the world it is 1.2)."""
    found = _WHOLE.fullmatch(text)
    if found is None:
        raise Malformed(path, f"{text[:40]!r} is not a whole number")
    return int(found[1])


def yes_or_no(text: str, path: str) -> bool:
    """Read an answer in English or Chinese; what is neither is refused, since consent is never guessed."""
    answer = text.casefold()
    if answer in _YES or answer in _NO:
        return answer in _YES
    raise Malformed(path, f"{text[:40]!r} is neither yes nor no")
