"""Whole numbers that are counted, never measured: points and units, with the caps that keep them sane.

A weighed article is counted in thousandths of its unit (0.42 kg is 420), so that no rule needs a fraction.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Final

from omo_core.errors import Malformed

POINTS_MAX: Final = 10**12
"""The most points that one event may move; far above any programme, far below what storage can't add up."""
UNITS_MAX: Final = 10**9
"""The most units that one line or count may state (a million kilograms of a weighed article)."""
LINES_MAX: Final = 10_000
"""The most lines that one document may have."""
TEXT_MAX: Final = 200
"""The longest identifier, in characters."""


def whole(value: object, path: str, *, low: int, high: int) -> int:
    """Accept a whole number within bounds; ``True`` and ``1.0`` are not whole numbers here."""
    if type(value) is not int:
        raise Malformed(path, f"{value!r:.40} is not a whole number")
    if not low <= value <= high:
        raise Malformed(path, f"{value if abs(value) < 10**30 else 'the number'} is not within {low} and {high}")
    return value


def points(value: object, path: str = "points", *, low: int = 1) -> int:
    """Accept a number of points that an event may move."""
    return whole(value, path, low=low, high=POINTS_MAX)


def units(value: object, path: str = "units", *, low: int = 0) -> int:
    """Accept a number of units that a line or a count may state."""
    return whole(value, path, low=low, high=UNITS_MAX)


def flag(value: object, path: str) -> bool:
    """Accept yes or no; 1 and ``"true"`` are neither."""
    if type(value) is not bool:
        raise Malformed(path, f"{value!r:.40} is neither true nor false")
    return value


def names(value: object, path: str, *, empty: bool = False) -> frozenset[str]:
    """Accept a set of names."""
    if not isinstance(value, frozenset):
        raise Malformed(path, f"{value!r:.40} is not a frozenset of names")
    for name in sorted(value, key=repr):
        text(name, path, empty=empty)
    return value


def numbers(value: object, path: str, *, low: int, high: int) -> Mapping[str, int]:
    """Accept whole numbers by name."""
    if not isinstance(value, Mapping):
        raise Malformed(path, f"{value!r:.40} is not a mapping")
    for name, number in value.items():
        text(name, path)
        whole(number, path, low=low, high=high)
    return value


def one_of(value: str, allowed: tuple[str, ...], path: str) -> str:
    """Accept one of some words."""
    if value not in allowed:
        raise Malformed(path, f"{value!r:.40} is none of {', '.join(allowed)}")
    return value


def text(value: object, path: str, *, empty: bool = False) -> str:
    """Accept an identifier: not too long, no control characters, nothing that a store can't hold."""
    if type(value) is not str:
        raise Malformed(path, f"{value!r:.40} is not text")
    if not value and not empty:
        raise Malformed(path, "is empty")
    if len(value) > TEXT_MAX:
        raise Malformed(path, f"has {len(value)} characters, the limit is {TEXT_MAX}")
    if not value.isprintable() and any(_unwritable(sign) for sign in value):
        raise Malformed(path, "has a control character or an unpaired surrogate in it")
    return value


def _unwritable(sign: str) -> bool:
    """Say whether a sign has no place in a name: line breaks, controls, what turns or hides other signs.

    Spaces of any width, joiners and emoji are writing; so is what this Python's tables don't know yet, since what is
    accepted must not depend on them.
    """
    if sign in "\u200c\u200d" or "\U000e0020" <= sign <= "\U000e007f":
        return False
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp")
