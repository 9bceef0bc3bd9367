"""How many points a purchase earns, and what is left of them after refunds.

The order's basis is what is paid for goods that earn, less what was paid with means that do not. Points are derived
from the whole basis once; after a refund they are derived again from what is left, at the rate pinned at purchase.
The difference is clawed back: parts never round differently from the whole, and a full refund takes all.
"""

from __future__ import annotations

from collections.abc import Mapping

from omo_core.loyalty.programme import Earning, Rounding
from omo_core.money import split
from omo_core.trade import Sale, SaleLine


def line_earns(earning: Earning, line: SaleLine) -> int:
    """Give the part of a line's amount that counts for points, in minor units."""
    if line.kind == "fee" or (line.kind == "gift_card" and not earning.gift_cards):
        return 0
    if line.category in earning.idle_categories or line.sku in earning.idle_skus:
        return 0
    return max(0, line.amount if earning.tax else line.amount - line.tax)


def eligible(earning: Earning, sale: Sale) -> int:
    """Give what the order's goods count for points before tenders are looked at."""
    if not earning.idle_categories and not earning.idle_skus and earning.tax:
        goods = sum(line.amount for line in sale.lines if line.kind == "goods" and line.amount > 0)
        if earning.gift_cards:
            goods += sum(line.amount for line in sale.lines if line.kind == "gift_card" and line.amount > 0)
    else:
        goods = sum(line_earns(earning, line) for line in sale.lines)
    return goods + (max(0, sale.shipping) if earning.shipping else 0)


def idle(earning: Earning, sale: Sale) -> int:
    """Give what was paid with means of payment that do not earn."""
    return max(0, sum(tender.amount for tender in sale.tenders if tender.kind in earning.idle_tenders))


def basis(earning: Earning, sale: Sale) -> int:
    """Give what the order counts for points and tiers, in minor units."""
    whole = eligible(earning, sale)
    return max(0, whole - idle(earning, sale)) if sale.tenders else whole


def basis_left(earning: Earning, sale: Sale, refunded: Mapping[str, int], loose: int, idle_back: int | None) -> int:
    """Give what is left of the basis after refunds.

    ``refunded`` is the money given back so far per line id, ``loose`` what was given back without a line, and
    ``idle_back`` what of it went back to means that do not earn; unknown (None), it is taken pro rata.
    """
    whole = eligible(earning, sale)
    left = max(0, sum(_line_left(earning, line, refunded.get(line.line, 0)) for line in sale.lines) - loose)
    if earning.shipping:
        left += max(0, sale.shipping - refunded.get("shipping", 0))
    unearning = min(idle(earning, sale), whole)
    if unearning == 0 or whole == 0:
        return min(left, whole)
    if idle_back is None:
        return (whole - unearning) * min(left, whole) // whole
    return max(0, min(left, whole) - max(0, unearning - idle_back))


def _line_left(earning: Earning, line: SaleLine, back: int) -> int:
    """Give what of a line still counts; where only its net part counts, money back counts in the same proportion."""
    counts = line_earns(earning, line)
    if counts == 0 or back <= 0:
        return counts
    if back >= line.amount:
        return 0
    return split(counts, (line.amount - back, back))[0]


def points_for(amount: int, earning: Earning, multiplier: tuple[int, int]) -> int:
    """Turn a basis into points: whole steps, the rest rounded as the rule says, then the tier's multiplier."""
    base = _rounded(amount * earning.points, earning.per, earning.rounding, step=earning.points)
    top, bottom = multiplier
    return base if top == bottom else _rounded(base * top, bottom, earning.rounding, step=1)


def _rounded(amount: int, per: int, rounding: Rounding, *, step: int) -> int:
    """Divide, rounding to a whole number of ``step``: 10 points per 2.00 gives 30 for 7.00, not 35."""
    steps, rest = divmod(amount, per * step)
    if rounding == "floor" or rest == 0:
        return steps * step
    if rounding == "ceil":
        return (steps + 1) * step
    double = 2 * rest - per * step
    up = double > 0 or (double == 0 and (rounding == "half_up" or steps % 2 == 1))
    return (steps + up) * step
