"""How many points a purchase earns, and what is left of them after refunds.

The order's basis is what is paid for goods that earn, less what was paid with means that do not. Points are derived
from the whole basis once; after a refund they are derived again from what is left, at the rates pinned at purchase.
The difference is clawed back: parts never round differently from the whole, and a full refund takes all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from attrs import frozen

from omo_core.loyalty.programme import Earning, Rounding, Version
from omo_core.money import split
from omo_core.quantities import POINTS_MAX
from omo_core.trade import Sale, SaleLine

Fraction = tuple[int, int]


@frozen(kw_only=True)
class Back:
    """What of a purchase was given back so far."""

    lines: Mapping[str, int]
    """Money per line id."""
    shipping: int = 0
    loose: int = 0
    """Money that belongs to no line; below zero for a fee that was kept back, which earns nothing."""
    tenders: Mapping[str, int] = MappingProxyType({})
    """Money per means of payment."""
    whole: bool = False
    """Everything was given back."""


NOTHING = Back(lines={})


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

    The points of the rules that it falls under add up; no order earns more than can be written down. For tiers counts
    whatever any rule in its money counts, once, also a rule for other channels, stores or tiers: a tier rests on what
    is bought anywhere. Or, if the ladder says so, all goods, whichever of them earn.
    """
    if back.whole:
        return 0, 0
    counting = _counting(version, sale.currency)
    basis, points = _basis(counting, sale, back), 0
    for rule in rules:
        counts = basis if counting == (rule,) else _basis((rule,), sale, back)
        points += _points_by(rule, sale, counts, multiplier if rule.multiplied else (1, 1), back)
    if version.cap and points > version.cap:
        points = version.cap if version.over_cap == "cut" else 0
    return basis, min(points, POINTS_MAX)


def _counting(version: Version, code: str) -> tuple[Earning, ...]:
    """Name the rules that say what of a purchase counts for tiers; without any, the usual things do."""
    if version.ladder is not None and version.ladder.counts == "goods":
        return (_all_goods(code),)
    rules = version.earnings
    if len(rules) != 1 or rules[0].currency != code:
        rules = version.earnings_in(code)
    return rules or (_all_goods(code),)


@lru_cache(maxsize=64)
def _all_goods(code: str) -> Earning:
    """Count all goods, with their tax, without delivery, as far as they are paid with money."""
    return Earning(currency=code, per=0)


def _points_by(rule: Earning, sale: Sale, basis: int, multiplier: Fraction, back: Back) -> int:
    """Give a rule's points for what counts by it; where nothing of an order does, it is no order to the rule."""
    if basis == 0:
        return 0
    if rule.per == 0:
        return rule.flat
    if not rule.each_line:
        return rule.flat + points_for(basis, rule, multiplier)
    return rule.flat + sum([points_for(part, rule, multiplier) for part in _parts(rule, sale, basis, back)])


def _parts(rule: Earning, sale: Sale, basis: int, back: Back) -> Sequence[int]:
    """Part what counts between the lines; what is off the order as a whole is off each of them in proportion."""
    left = [max(0, _line_left((rule,), line, back.lines.get(line.line, 0))) for line in sale.lines]
    if rule.shipping:
        left.append(max(0, sale.shipping - back.shipping))
    return left if sum(left) == basis else split(basis, left)


def _basis(rules: Sequence[Earning], sale: Sale, back: Back) -> int:
    """Give what the order counts for by rules; by several, what any of them counts.

    What is off the order as a whole, a means of payment that does not earn or money back for no line, is off all goods
    in proportion, whether they earn or not. Neither tax nor delivery that does not earn bears any of it.
    """
    total = _eligible(rules, sale)
    if back is NOTHING and not sale.tenders:
        return total
    idle = max(0, _idle(rules, sale, back))
    if back is NOTHING and not idle:
        return total
    counts, earning, other = _left(rules, sale, back)
    off = min(max(0, back.loose) + idle, earning + other)
    share = split(off, (earning, other))[0] if off else 0
    return min(total, max(0, counts - share))


def _idle(rules: Sequence[Earning], sale: Sale, back: Back) -> int:
    """Give what was paid, and not given back, with means of payment that earn by none of the rules."""
    idle = 0
    for tender in sale.tenders:
        if _is_idle(tender.kind, rules):
            idle += tender.amount
    if idle and back.tenders:
        idle -= sum([amount for kind, amount in back.tenders.items() if _is_idle(kind, rules)])
    return idle


def _is_idle(kind: str, rules: Sequence[Earning]) -> bool:
    if len(rules) == 1:  # as in most programmes
        return kind in rules[0].idle_tenders
    return all(kind in rule.idle_tenders for rule in rules)


def _eligible(rules: Sequence[Earning], sale: Sale) -> int:
    """Give what the order's lines and delivery count for before tenders are looked at."""
    total = sale.shipping if sale.shipping > 0 and any(rule.shipping for rule in rules) else 0
    for line in sale.lines:
        total += _counts(rules, line)
    return max(0, total)


def _left(rules: Sequence[Earning], sale: Sale, back: Back) -> tuple[int, int, int]:
    """Give what is left of what counts, and what is left to pay for goods that count, and for others."""
    counts = earning = other = 0
    for line in sale.lines:
        gone = back.lines.get(line.line, 0)
        part = _line_left(rules, line, gone)
        counts += part
        if _counts(rules, line):
            earning += max(0, line.amount - gone)
        else:
            other += max(0, line.amount - gone)
    if any(rule.shipping for rule in rules):
        delivery = max(0, sale.shipping - back.shipping)
        counts, earning = counts + delivery, earning + delivery
    return counts, earning, other


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
