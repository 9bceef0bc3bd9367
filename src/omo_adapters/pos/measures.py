"""How a till's decimal quantities become whole units: pieces are counted, weighed goods in thousandths."""

from __future__ import annotations

import re
from typing import Final

from omo_core.errors import Malformed

_QUANTITY: Final = re.compile(r"(-?)([0-9]{1,12})(?:\.([0-9]{0,12}))?", re.ASCII)

PIECES: Final = frozenset({"", "EA", "EACH", "PC", "PCE", "PCS", "C62", "H87", "ST", "UNIT"})
"""Units of measure that mean "so many of them", as tills and UN/ECE Recommendation 20 spell them."""
THOUSANDTHS: Final = {"GRM": 1, "G": 1, "MLT": 1, "ML": 1, "MMT": 1, "MM": 1, "CMT": 10, "CM": 10}
"""Small units are counted in the thousandths of the big one (420 g and 0.42 kg are both 420). Every other unit of
measure (kg, lb, l, m …) is a big one: it has a thousand."""


def whole_units(quantity: str, unit: str = "", path: str = "quantity") -> int:
    """Read a decimal quantity as whole units.

    Pieces must be whole. Weighed goods are counted in thousandths of their unit; a scale that is finer than that is
    rounded half up, which is less than it can weigh.
    """
    found = _QUANTITY.fullmatch(quantity)
    if found is None:
        raise Malformed(path, f"{quantity[:40]!r} is not a plain decimal quantity")
    sign, digits, part = found.group(1), found.group(2), found.group(3) or ""
    name = unit.upper()
    if name in PIECES:
        if part.strip("0"):
            raise Malformed(path, f"{quantity[:40]!r} pieces are not whole; weighed goods need a unit such as kg")
        value = int(digits)
    else:
        scale = 10 ** len(part)
        value = (2 * int(digits + part) * THOUSANDTHS.get(name, 1000) + scale) // (2 * scale)
    return -value if sign else value


def is_fraction(quantity: str) -> bool:
    """Say whether a quantity can't be a number of pieces."""
    return bool(quantity.partition(".")[2].strip("0"))
