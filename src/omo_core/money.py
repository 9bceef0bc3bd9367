"""Money in whole minor units of a named currency: parsing, showing and splitting without losing a cent.

Rules work on the bare integers (``amount`` fields beside one ``currency``); ``Money`` is for the edges.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from attrs import frozen

from omo_core.errors import Malformed

AMOUNT_MAX: Final = 10**15
"""The largest amount, in minor units, that any document may state (ten trillion of a two-digit currency)."""

DIGITS: Final[dict[str, int]] = dict.fromkeys(
    (
        "AED ARS AUD BDT BGN BOB BRL CAD CHF CNY COP CRC CZK DKK DOP EGP EUR GBP GEL GHS HKD HUF IDR ILS INR KES KZT "
        "LKR MAD MOP MUR MXN MYR NGN NOK NPR NZD PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TRY TTD TWD TZS UAH "
        "USD UYU UZS ZAR"
    ).split(),
    2,
)
"""Decimal digits of each known currency, after ISO 4217. A currency that is not here is refused, never guessed."""
DIGITS.update(dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(), 0))
DIGITS.update(dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3))

_DECIMAL: Final = re.compile(r"(-?)([0-9]{1,16})(?:\.([0-9]{1,9}))?", re.ASCII)


def currency(code: str, path: str = "currency") -> str:
    """Accept an ISO 4217 code in capitals that omo knows the digits of."""
    if code not in DIGITS:
        raise Malformed(path, f"unknown currency {code!r}")
    return code


def minor_units(text: str, code: str, path: str = "amount") -> int:
    """Read a plain decimal such as ``"398.00"`` as minor units of ``code``, exactly.

    Only ASCII digits with an optional leading minus and one point are machine format: thousands separators,
    exponents, spaces and other scripts' digits are refused. More decimals than the currency has are accepted when
    they are zeros (``"398.000"``), since some sources always print three.
    """
    digits = DIGITS[currency(code, path)]
    found = _DECIMAL.fullmatch(text)
    if found is None:
        raise Malformed(path, f"{text[:40]!r} is not a plain decimal amount")
    sign, whole, part = found.groups("")
    if len(part) != digits:
        if part[digits:].strip("0"):
            raise Malformed(path, f"{text[:40]!r} has more decimals than {code} ({digits})")
        part = part[:digits].ljust(digits, "0")
    value = int(whole + part)
    if value > AMOUNT_MAX:
        raise Malformed(path, f"{text[:40]!r} is above the largest amount")
    if sign and value == 0:
        raise Malformed(path, f"{text[:40]!r} is less than nothing")
    return -value if sign else value


def decimal_text(amount: int, code: str) -> str:
    """Write minor units back as the plain decimal that ``minor_units`` reads."""
    digits = DIGITS[currency(code)]
    sign, value = ("-" if amount < 0 else ""), abs(amount)
    if digits == 0:
        return f"{sign}{value}"
    whole, part = divmod(value, 10**digits)
    return f"{sign}{whole}.{part:0{digits}d}"


@frozen(order=False)
class Money:
    """An amount with its currency; two currencies never meet in one sum."""

    amount: int
    """Whole minor units (cents); negative for money going back."""
    currency: str
    """ISO 4217 code."""

    @classmethod
    def of(cls, text: str, code: str) -> Money:
        """Read ``Money.of("398.00", "HKD")``."""
        return cls(minor_units(text, code), code)

    def __add__(self, other: Money) -> Money:
        """Add two amounts of one currency."""
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        """Subtract an amount of the same currency."""
        return Money(self.amount - self._same(other), self.currency)

    def __str__(self) -> str:
        """Show code and plain decimal: ``HKD 398.00``."""
        return f"{self.currency} {decimal_text(self.amount, self.currency)}"

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise Malformed("currency", f"{self.currency} and {other.currency} do not add up")
        return other.amount


def split(whole: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Share ``whole`` out by ``weights`` so that the parts sum to it exactly and none is off by a whole unit.

    Largest remainder: every part is rounded towards zero, then the units left over go one each to the largest
    remainders; equal remainders are served by larger weight, then by position. Works for points as for money, and
    for negative wholes (a refund) by mirror image. Which part gets which share depends on the weights alone, so
    permuting the weights permutes the parts among equal weights at most.
    """
    total = sum(weights)
    if any(weight < 0 for weight in weights):
        raise Malformed("weights", "a weight is negative")
    if total == 0:
        raise Malformed("weights", "all weights are zero")
    sign, size = (-1 if whole < 0 else 1), abs(whole)
    parts = [size * weight // total for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(size * weights[i] % total), -weights[i], i))
    for i in order[: size - sum(parts)]:
        parts[i] += 1
    return tuple(sign * part for part in parts)
