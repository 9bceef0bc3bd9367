"""How many points may pay for an order, and what they are worth."""

from __future__ import annotations

from attrs import frozen

from omo_core.loyalty.programme import Redemption, Version


@frozen(kw_only=True)
class Allowance:
    """The most points that a rule lets pay, and which part of the rule allows no more."""

    points: int
    limit: str
    """``asked`` where nothing but the wish sets it."""


def worth(terms: Redemption, points: int) -> int:
    """Give what points are worth, in minor units; a part of a step is worth nothing."""
    return points // terms.points * terms.amount


def worth_in(version: Version, currency: str, points: int, channel: str = "", store: str = "") -> int:
    """Give what points are worth in a currency and place; nothing where they pay in none."""
    terms = version.redemption_in(currency, channel, store)
    return 0 if terms is None else worth(terms, points)


def allowance(terms: Redemption, asked: int, order_amount: int | None, already: int = 0) -> Allowance:
    """Give how many of the points asked for may pay for an order of so much, in whole steps.

    ``already`` so many points pay for it. Without an amount (None), only the limits that do not depend on it apply.
    """
    limits = [("asked", asked), *((name, max(0, points - already)) for name, points in _limits(terms, order_amount))]
    name, points = min(limits, key=lambda limit: limit[1])
    whole_steps = points // terms.points * terms.points
    return Allowance(points=whole_steps if whole_steps >= terms.minimum else 0, limit=name)


def _limits(terms: Redemption, order_amount: int | None) -> list[tuple[str, int]]:
    """Give the most points that each part of the rule lets pay for one order."""
    limits = []
    if terms.maximum:
        limits.append(("maximum", terms.maximum))
    if terms.max_amount:
        limits.append(("max_amount", _points_worth(terms, terms.max_amount)))
    if order_amount is not None:
        limits.append(("order", _points_worth(terms, order_amount)))
        if terms.max_percent < 100:
            limits.append(("max_percent", _points_worth(terms, order_amount * terms.max_percent // 100)))
        if terms.bands:
            limits.append(("bands", _band(terms, order_amount)))
    return limits


def quote_redemption(terms: Redemption | None, spendable: int, asked: int, order_amount: int | None) -> Allowance:
    """Give how many points a member can redeem for an order at most, up to what was asked for."""
    if terms is None:
        return Allowance(points=0, limit="currency")
    allowed = allowance(terms, min(asked, spendable), order_amount)
    by_balance = allowed.limit == "asked" and asked > spendable
    return Allowance(points=allowed.points, limit="balance") if by_balance else allowed


def _points_worth(terms: Redemption, amount: int) -> int:
    """Give the most points, in whole steps, that are worth no more than an amount."""
    return amount // terms.amount * terms.points


def _band(terms: Redemption, order_amount: int) -> int:
    """Give what the highest band that the order reaches allows; below the first, nothing."""
    return next((points for start, points in reversed(terms.bands) if order_amount >= start), 0)
