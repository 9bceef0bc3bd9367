"""How far the numbers of a written programme may go, told in the shop's words."""

from __future__ import annotations

from typing import Final

STEP_POINTS_MAX: Final = 1_000_000
MONTHS_MAX: Final = 1_200
DAYS_MAX: Final = 3_650


def within(value: int, low: int, high: int, why: str) -> int:
    """Accept a number within bounds; the complaint says what the number is for."""
    if not low <= value <= high:
        raise ValueError(f"{value if abs(value) < 10**30 else 'the number'} is not within {low} and {high}: {why}")
    return value
