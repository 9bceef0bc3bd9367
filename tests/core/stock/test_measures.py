"""Units of measure: exact, or refused with the field's path."""

from fractions import Fraction
from typing import Any

import pytest

from omo_core.errors import Malformed
from omo_core.stock import Measures

TEA = Measures(
    base="gram", in_base={"kg": Fraction(1_000), "tin": 125, "lb": Fraction("453.59237"), "third": Fraction(1, 3)}
)


def test_an_amount_is_a_whole_number_of_base_units_or_refused() -> None:
    TEA.check()
    assert (TEA.units(3, "tin"), TEA.units(Fraction("0.5"), "kg"), TEA.units(-2, "kg")) == (375, 500, -2_000)
    assert (TEA.units(6, "third"), TEA.units(7, "gram"), TEA.units(100_000, "lb")) == (2, 7, 45_359_237)
    assert TEA.amount(375, "tin") == 3
    assert TEA.amount(1, "third") == 3
    assert TEA.whole(1_130, "tin") == (9, 5)
    assert TEA.whole(-1, "tin") == (-1, 124)


@pytest.mark.parametrize(
    ("amount", "unit", "path"),
    [
        (float("nan"), "kg", "amount"),
        (float("inf"), "kg", "amount"),
        (0.5, "kg", "amount"),
        (True, "kg", "amount"),
        ("1", "kg", "amount"),
        (None, "kg", "amount"),
        (Fraction(1, 3), "kg", "amount"),
        (10**9, "kg", "amount"),
        (1, "box", "unit"),
        (1, "", "unit"),
    ],
)
def test_an_amount_that_is_not_exact_is_malformed(amount: Any, unit: str, path: str) -> None:
    with pytest.raises(Malformed) as told:
        TEA.units(amount, unit)
    assert told.value.path == path


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"base": ""}, "base"),
        ({"in_base": {"gram": 5}}, "in_base.gram"),
        ({"in_base": {"kg": 0}}, "in_base.kg"),
        ({"in_base": {"kg": -1}}, "in_base.kg"),
        ({"in_base": {"kg": float("nan")}}, "in_base.kg"),
        ({"in_base": {"kg": "1000"}}, "in_base.kg"),
        ({"in_base": {"": 2}}, "in_base"),
    ],
)
def test_measures_that_can_mean_nothing_are_malformed(wrong: dict[str, Any], path: str) -> None:
    with pytest.raises(Malformed) as told:
        Measures(**{"base": "gram", **wrong}).check()
    assert told.value.path == path


def test_units_that_are_not_counted_are_malformed() -> None:
    for ask in (TEA.amount, TEA.whole):
        with pytest.raises(Malformed):
            ask(1.5, "tin")  # type: ignore[arg-type]
