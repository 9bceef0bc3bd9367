import pytest

from omo_core.errors import Malformed
from omo_core.money import AMOUNT_MAX, Money, currency, decimal_text, minor_units, split
from omo_core.quantities import POINTS_MAX, UNITS_MAX, points, units, whole


@pytest.mark.parametrize(
    ("text", "code", "amount"),
    [
        ("398.00", "HKD", 39_800),
        ("398", "HKD", 39_800),
        ("398.5", "HKD", 39_850),
        ("398.500", "HKD", 39_850),
        ("-5.00", "HKD", -500),
        ("0", "HKD", 0),
        ("1200", "JPY", 1_200),
        ("1200.00", "JPY", 1_200),
        ("1.234", "KWD", 1_234),
        ("10000000000000.00", "HKD", AMOUNT_MAX),
    ],
)
def test_a_plain_decimal_is_read_exactly(text: str, code: str, amount: int) -> None:
    assert minor_units(text, code) == amount


@pytest.mark.parametrize(
    "text",
    [
        "١٢٣",
        "１００",
        "1_000",
        " 1 ",
        "1,000.00",
        "+5",
        "1e2",
        "0x10",
        "",
        "-0",
        "-0.00",
        "NaN",
        "Infinity",
        "1E+1000000",
        ".5",
        "5.",
        "--5",
        "1.2.3",
        "398.005",
        "10000000000000.01",
        "9" * 5_000,
        "1\n",
        "1\0",
        "½",
    ],
)
def test_what_is_no_plain_decimal_is_malformed(text: str) -> None:
    with pytest.raises(Malformed) as complaint:
        minor_units(text, "HKD", "total")
    assert complaint.value.path == "total"
    assert len(str(complaint.value)) < 120


@pytest.mark.parametrize("code", ["XXX", "hkd", "HKÐ", "", "HK", "HKD "])
def test_an_unknown_currency_is_refused_and_never_guessed(code: str) -> None:
    with pytest.raises(Malformed):
        currency(code)


@pytest.mark.parametrize(
    ("amount", "code", "text"), [(39_800, "HKD", "398.00"), (-5, "HKD", "-0.05"), (7, "JPY", "7"), (1, "KWD", "0.001")]
)
def test_minor_units_are_written_as_people_write_them(amount: int, code: str, text: str) -> None:
    assert decimal_text(amount, code) == text


def test_two_currencies_never_meet_in_one_sum() -> None:
    assert str(Money.of("10", "HKD") + Money.of("0.05", "HKD")) == "HKD 10.05"
    assert Money.of("10", "HKD") - Money.of("20", "HKD") == Money(-1_000, "HKD")
    for sum_up in (Money.__add__, Money.__sub__):
        with pytest.raises(Malformed, match="HKD and TWD do not add up"):
            sum_up(Money.of("10", "HKD"), Money.of("10", "TWD"))


@pytest.mark.parametrize(
    ("all_of_it", "weights", "parts"),
    [
        (10_000, (1, 1, 1), (3_334, 3_333, 3_333)),
        (1, (1, 1, 1), (1, 0, 0)),
        (2, (1, 3), (0, 2)),
        (100, (0, 1), (0, 100)),
        (-10_000, (1, 1, 1), (-3_334, -3_333, -3_333)),
        (7, (5, 3, 1), (4, 2, 1)),
        (0, (4, 5), (0, 0)),
    ],
)
def test_largest_remainders_get_what_is_left_over(
    all_of_it: int, weights: tuple[int, ...], parts: tuple[int, ...]
) -> None:
    assert split(all_of_it, weights) == parts


@pytest.mark.parametrize("weights", [(0, 0), (), (1, -1)])
def test_nothing_is_shared_out_over_no_weight(weights: tuple[int, ...]) -> None:
    with pytest.raises(Malformed):
        split(100, weights)


@pytest.mark.parametrize("value", [True, 1.0, 1e1, "10", None, 2**63, pytest.param(10**5_000, id="long"), float("nan")])
def test_only_whole_numbers_within_bounds_are_counts(value: object) -> None:
    for accept in (points, units):
        with pytest.raises(Malformed) as complaint:
            accept(value)
        assert len(str(complaint.value)) < 120


def test_the_caps_themselves_are_allowed() -> None:
    assert points(POINTS_MAX) == POINTS_MAX
    assert units(UNITS_MAX) == UNITS_MAX
    assert whole(0, "n", low=0, high=0) == 0
    for beyond in (lambda: points(POINTS_MAX + 1), lambda: points(0), lambda: units(UNITS_MAX + 1), lambda: units(-1)):
        with pytest.raises(Malformed):
            beyond()
