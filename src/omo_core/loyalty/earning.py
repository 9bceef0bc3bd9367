"""How many points a purchase earns, and what is left of them after refunds.

The order's basis is what is paid for goods that earn, less what was paid with means that do not. Points are derived
from the whole basis once; after a refund they are derived again from what is left, at the rates pinned at purchase.
The difference is clawed back: parts never round differently from the whole, and a full refund takes all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from omo_core.loyalty.programme import Earning, Rounding, Version
from omo_core.money import split
from omo_core.trade import Sale, SaleLine

Fraction = tuple[int, int]


@frozen(kw_only=True)
class Back:
    """What of a purchase was given back so far."""

    lines: Mapping[str, int]
    """Money per line id."""
    shipping: int = 0
    loose: int = 0
    """Money that belongs to no line."""
    idle: Mapping[str, int] | None = None
    """Money per means of payment; None where a refund did not say, then it counts pro rata."""
    whole: bool = False
    """Everything was given back."""


NOTHING = Back(lines={}, idle={})


def rules_for(version: Version, sale: Sale, tier: str) -> tuple[Earning, ...]:
    """Name the earning rules that a purchase falls under, in the programme's order."""
    rules = version.earnings
    if len(rules) == 1:  # as in most programmes
        return rules if _falls_under(rules[0], sale, tier) else ()
    return tuple([rule for rule in rules if _falls_under(rule, sale, tier)])


def _falls_under(rule: Earning, sale: Sale, tier: str) -> bool:
    return (
        rule.currency == sale.currency
        and (not rule.channels or sale.channel in rule.channels)
        and (not rule.stores or sale.location in rule.stores)
        and (not rule.tiers or tier in rule.tiers)
    )


def worth(
    version: Version, rules: Sequence[Earning], sale: Sale, multiplier: Fraction, back: Back = NOTHING
) -> tuple[int, int]:
    """Give what a purchase counts for tiers (minor units) and the points it is worth, less what was given back.

    The points of the rules that it falls under add up. For tiers counts whatever any rule in its money counts, once,
    also a rule for other channels, stores or tiers: a tier rests on what is bought anywhere.
    """
    if back.whole:
        return 0, 0
    counting = _counting(version, sale.currency)
    basis, points = _basis(counting, sale, back), 0
    for rule in rules:
        counts = basis if len(counting) == 1 else _basis((rule,), sale, back)
        points += _points_by(rule, sale, counts, multiplier if rule.multiplied else (1, 1), back)
    if version.cap and points > version.cap:
        points = version.cap if version.over_cap == "cut" else 0
    return basis, points


def _counting(version: Version, code: str) -> tuple[Earning, ...]:
    """Name the rules that say what of a purchase counts; without any, the usual things do."""
    rules = version.earnings
    if len(rules) != 1 or rules[0].currency != code:
        rules = version.earnings_in(code)
    return rules or (Earning(currency=code, per=0),)


def _points_by(rule: Earning, sale: Sale, basis: int, multiplier: Fraction, back: Back) -> int:
    """Give a rule's points for what counts by it; where nothing of an order does, it is no order to the rule."""
    if basis == 0:
        return 0
    if rule.per == 0:
        return rule.flat
    parts = _parts(rule, sale, basis, back) if rule.each_line else (basis,)
    return rule.flat + sum([points_for(part, rule, multiplier) for part in parts])


def _parts(rule: Earning, sale: Sale, basis: int, back: Back) -> Sequence[int]:
    """Part what counts between the lines; what is off the order as a whole is off each of them in proportion."""
    left = [max(0, _line_left((rule,), line, back.lines.get(line.line, 0))) for line in sale.lines]
    if rule.shipping:
        left.append(max(0, sale.shipping - back.shipping))
    return left if sum(left) == basis else split(basis, left)


def _basis(rules: Sequence[Earning], sale: Sale, back: Back) -> int:
    """Give what the order counts for by rules; by several, what any of them counts."""
    total = _eligible(rules, sale)
    if back is NOTHING and not sale.tenders:
        return total
    left = total if back is NOTHING else min(total, _eligible_left(rules, sale, back))
    idle = min(total, sum([tender.amount for tender in sale.tenders if _is_idle(tender.kind, rules)]))
    if idle <= 0:
        return left
    if back.idle is None:
        return (total - idle) * left // total
    idle_back = sum([amount for kind, amount in back.idle.items() if _is_idle(kind, rules)])
    return max(0, left - max(0, idle - idle_back))


def _is_idle(kind: str, rules: Sequence[Earning]) -> bool:
    """Say whether what is paid with a means of payment earns by none of the rules."""
    return all(kind in rule.idle_tenders for rule in rules)


def _eligible(rules: Sequence[Earning], sale: Sale) -> int:
    """Give what the order's lines and delivery count for before tenders are looked at."""
    total = sale.shipping if sale.shipping > 0 and any(rule.shipping for rule in rules) else 0
    for line in sale.lines:
        total += _counts(rules, line)
    return max(0, total)


def _eligible_left(rules: Sequence[Earning], sale: Sale, back: Back) -> int:
    lines = sum([_line_left(rules, line, back.lines.get(line.line, 0)) for line in sale.lines])
    shipping = max(0, sale.shipping - back.shipping) if any(rule.shipping for rule in rules) else 0
    return max(0, lines + shipping - back.loose)


def _counts(rules: Sequence[Earning], line: SaleLine) -> int:
    """Give the part of a line that counts, in minor units: by the rule that counts most of it."""
    if len(rules) == 1:  # as in most programmes
        return _counts_by(rules[0], line)
    return max([_counts_by(rule, line) for rule in rules], key=abs)


def _counts_by(rule: Earning, line: SaleLine) -> int:
    """Give the part of a line that counts by one rule; a line that takes money off counts against."""
    if line.kind != "goods" and (line.kind == "fee" or not rule.gift_cards):
        return 0
    if line.category in rule.idle_categories or line.sku in rule.idle_skus:
        return 0
    if (rule.only_categories and line.category not in rule.only_categories) or (
        rule.only_skus and line.sku not in rule.only_skus
    ):
        return 0
    return line.amount if rule.tax else line.amount - line.tax


def _line_left(rules: Sequence[Earning], line: SaleLine, back: int) -> int:
    """Give what of a line still counts; where only its net part counts, money back counts in the same proportion."""
    counts = _counts(rules, line)
    if counts == 0 or back <= 0:
        return counts
    if back >= line.amount:
        return 0
    return split(counts, (line.amount - back, back))[0]


def points_for(amount: int, rule: Earning, multiplier: Fraction) -> int:
    """Turn a basis into points: whole steps, the rest rounded as the rule says, then the tier's multiplier."""
    base = _rounded(amount * rule.points, rule.per, rule.rounding, step=rule.points)
    top, bottom = multiplier
    return base if top == bottom else _rounded(base * top, bottom, rule.rounding, step=1)


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
