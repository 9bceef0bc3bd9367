"""Units of measure: exact, or refused. An article is counted in one base unit; the others are so many of it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from attrs import field, frozen

from omo_core.decisions import require
from omo_core.errors import Malformed
from omo_core.quantities import UNITS_MAX, text, whole


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
            require(name != self.base, f"in_base.{name}", "is the base unit itself, of which it is always one")
            require(_exact(size, f"in_base.{name}") > 0, f"in_base.{name}", "is not above zero")

    def units(self, amount: Fraction | int, unit: str) -> int:
        """Give an amount in base units; refused unless it is a whole number of them."""
        size = self._size(unit)
        exact = _exact(amount, "amount") * size
        if exact.denominator != 1:
            raise Malformed("amount", f"{amount} {unit} is {exact} {self.base}, which is not a whole number")
        if abs(exact.numerator) > UNITS_MAX:
            raise Malformed("amount", f"{amount} {unit} is more than {UNITS_MAX} {self.base}")
        return exact.numerator

    def amount(self, units: int, unit: str) -> Fraction:
        """Give base units in another unit, exactly."""
        size = self._size(unit)
        return Fraction(_counted(units) * size.denominator, size.numerator)

    def whole(self, units: int, unit: str) -> tuple[int, int]:
        """Say how many whole units of a pack there are, and the base units that are left over."""
        size = self._size(unit)
        packs = Fraction(_counted(units)) // size
        rest = units - packs * size
        if rest.denominator != 1:
            raise Malformed("unit", f"{packs} {unit} is not a whole number of {self.base}")
        return packs, rest.numerator

    def _size(self, unit: str) -> Fraction:
        size = Fraction(1) if unit == self.base else self.in_base.get(unit)
        if size is None:
            raise Malformed("unit", f"{unit!r:.40} is none of {', '.join((self.base, *sorted(self.in_base)))}")
        return Fraction(size)


def _exact(amount: object, path: str) -> Fraction:
    """Accept a whole number or a fraction; what a machine rounds is neither."""
    if type(amount) is int or isinstance(amount, Fraction):
        return Fraction(amount)
    raise Malformed(path, f"{amount!r:.40} is neither a whole number nor a fraction")


def _counted(units: int) -> int:
    return whole(units, "units", low=-UNITS_MAX, high=UNITS_MAX)
