"""How far the numbers of a written programme may go, told in the shop's words."""

from __future__ import annotations

from typing import Any, Final

from attrs import frozen
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

STEP_POINTS_MAX: Final = 1_000_000
MONTHS_MAX: Final = 1_200
DAYS_MAX: Final = 3_650


def within(value: int, low: int, high: int, why: str) -> int:
    """Accept a number within bounds; the complaint says what the number is for."""
    if not low <= value <= high:
        raise ValueError(f"{value if abs(value) < 10**30 else 'the number'} is not within {low} and {high}: {why}")
    return value


@frozen
class Within:
    """Bounds of a whole number of a written file, for the reader and for the schema that editors check with."""

    low: int
    high: int
    why: str

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read a number and complain of one out of bounds."""
        return core_schema.no_info_after_validator_function(self._accept, handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Say the bounds to editors."""
        return {**handler(core), "minimum": self.low, "maximum": self.high}

    def _accept(self, value: int) -> int:
        return within(value, self.low, self.high, self.why)
