"""When points are gone, as data."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

ExpiryKind = Literal[
    "never", "days", "months", "end_of_month", "end_of_quarter", "end_of_year", "fixed_dates", "inactivity"
]


@frozen(kw_only=True)
class Expiry:
    """When points are gone. Stored as an exclusive instant: the start of a day in the programme's zone."""

    kind: ExpiryKind = "end_of_month"
    after: int = 12
    """How many days or months after the day they became usable; for ``end_of_year`` and ``fixed_dates``, how many
    year's ends or dates to pass over first; for ``inactivity``, months without any purchase or redemption."""
    dates: tuple[tuple[int, int], ...] = ()
    """Month and day of the last usable days of each year, for ``fixed_dates``."""
