"""Units of measure: exact, or refused. An article is counted in one base unit; the others are so many of it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from attrs import field, frozen

from omo_core.decisions import require
from omo_core.errors import Malformed
from omo_core.quantities import UNITS_MAX, text


@frozen(kw_only=True)
class Measures:
    """How an article is counted, packed and weighed."""

    base: str
    """What stock counts: ``piece``, or ``gram`` for what is sold by weight."""
    in_base: Mapping[str, Fraction] = field(factory=dict)
    """How many base units another unit is: ``{"case": 12}``, ``{"kg": 1000}``."""

    def check(self) -> None:
        """Raise ``Malformed`` when a unit can't mean anything."""
        text(self.base, "base")
        for name, size in self.in_base.items():
            text(name, "in_base")
            require(size > 0, f"in_base.{name}", "is not above zero")

    def units(self, amount: Fraction | int, unit: str) -> int:
        """Give an amount in base units; refused unless it is a whole number of them."""
        size = self._size(unit)
        exact = Fraction(amount) * size
        if exact.denominator != 1:
            raise Malformed("amount", f"{amount} {unit} is {exact} {self.base}, which is not a whole number")
        if abs(exact.numerator) > UNITS_MAX:
            raise Malformed("amount", f"{amount} {unit} is more than {UNITS_MAX} {self.base}")
        return exact.numerator

    def amount(self, units: int, unit: str) -> Fraction:
        """Give base units in another unit, exactly."""
        size = self._size(unit)
        return Fraction(units * size.denominator, size.numerator)

    def whole(self, units: int, unit: str) -> tuple[int, int]:
        """Say how many whole units of a pack there are, and the base units that are left over."""
        size = self._size(unit)
        packs = Fraction(units) // size
        rest = units - packs * size
        if rest.denominator != 1:
            raise Malformed("unit", f"{packs} {unit} is not a whole number of {self.base}")
        return packs, rest.numerator

    def _size(self, unit: str) -> Fraction:
        size = Fraction(1) if unit == self.base else self.in_base.get(unit)
        if size is None:
            raise Malformed("unit", f"{unit[:40]!r} is none of {', '.join((self.base, *sorted(self.in_base)))}")
        return Fraction(size)
