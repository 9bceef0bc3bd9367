"""What contradicts itself in a programme, told by the field and in the shop's words."""

from __future__ import annotations

from typing import get_args

from omo_core.errors import Malformed
from omo_core.events import check_texts
from omo_core.loyalty.checking_ladders import (
    DAYS_MAX,
    MONTHS_MAX,
    RATE_MAX,
    check_ladder,
    check_replaced,
    under,
)
from omo_core.loyalty.expiry import Expiry, ExpiryKind
from omo_core.loyalty.ladder import Ladder
from omo_core.loyalty.programme import Earning, Programme, Redemption, Rounding, Version
from omo_core.money import AMOUNT_MAX, currency
from omo_core.quantities import POINTS_MAX, flag, one_of, text, whole

_PLACES_AND_GOODS = ("idle_categories", "idle_skus", "only_categories", "only_skus", "channels", "stores")


def check_programme(programme: Programme) -> None:
    """Raise ``Malformed`` naming the field when a programme contradicts itself."""
    text(programme.name, "name")
    text(programme.brand, "brand", empty=True)
    text(programme.tender, "tender")
    one_of(programme.merging, ("as_one", "as_recorded"), "merging")
    if programme.unit != "points":
        currency(programme.unit, "unit")
    if not programme.versions:
        raise Malformed("versions", "a programme needs at least one version")
    starts = [version.since for version in programme.versions]
    if starts != sorted(set(starts)):
        raise Malformed("versions", "must begin at different instants, earliest first")
    if len({version.name for version in programme.versions}) != len(starts):
        raise Malformed("versions", "two versions have the same name")
    for place, version in enumerate(programme.versions):
        under(f"versions[{place}]", _check_version, version)
        before = [each.ladder for each in programme.versions[:place]]
        under(f"versions[{place}].ladder", check_replaced, version.ladder, before)
        for number, redemption in enumerate(version.redemptions if programme.unit != "points" else ()):
            under(f"versions[{place}].redemptions[{number}]", _check_money_worth, redemption, programme.unit)


def _check_version(version: Version) -> None:
    for place, earning in enumerate(version.earnings):
        if earning in version.earnings[:place]:
            raise Malformed(f"earnings[{place}]", "stands twice: every purchase would earn by it twice over")
        under(f"earnings[{place}]", _check_earning, earning, version.ladder)
    for place, redemption in enumerate(version.redemptions):
        under(f"redemptions[{place}]", _check_redemption, redemption)
    for place, redemption in enumerate(version.redemptions):
        before = [rule for rule in version.redemptions[:place] if rule.currency == redemption.currency]
        if not all(rule.leaves_to(redemption) for rule in before):
            raise Malformed(f"redemptions[{place}]", "never counts: an earlier rule is for all its places")
    under("expiry", _check_expiry, version.expiry)
    whole(version.cap, "cap", low=0, high=POINTS_MAX)
    one_of(version.over_cap, ("cut", "nothing"), "over_cap")
    if version.over_cap == "nothing" and not version.cap:
        raise Malformed("over_cap", "says what becomes of an order over the cap, but there is no cap")
    whole(version.pending_days, "pending_days", low=0, high=DAYS_MAX)
    one_of(version.pending_after, ("sale", "handover"), "pending_after")
    one_of(version.spending, ("soonest_expiry", "oldest"), "spending")
    whole(version.hold_seconds, "hold_seconds", low=1, high=DAYS_MAX * 86_400)
    one_of(version.capture, ("releases_rest", "keeps_rest"), "capture")
    one_of(version.debt, ("debt", "clamp", "limit"), "debt")
    whole(version.debt_limit, "debt_limit", low=0, high=POINTS_MAX)
    if version.debt_limit and version.debt != "limit":
        raise Malformed("debt_limit", f"says how much may be owed, but the policy is {version.debt!r}")
    if version.ladder is not None:
        under("ladder", check_ladder, version.ladder, _check_expiry)


def _check_earning(earning: Earning, ladder: Ladder | None) -> None:
    currency(earning.currency)
    whole(earning.per, "per", low=0, high=AMOUNT_MAX)
    whole(earning.flat, "flat", low=0, high=POINTS_MAX)
    if earning.per == 0 and earning.flat == 0:
        raise Malformed("per", "is 0, so that a purchase would earn without end; a rule that earns per order says flat")
    whole(earning.points, "points", low=1, high=RATE_MAX)
    one_of(earning.rounding, get_args(Rounding), "rounding")
    for name in ("each_line", "tax", "shipping", "gift_cards", "multiplied"):
        flag(getattr(earning, name), name)
    for name in ("idle_tenders", *_PLACES_AND_GOODS, "tiers"):
        check_texts(getattr(earning, name), name)
    if set(earning.only_categories) & set(earning.idle_categories):
        raise Malformed("only_categories", "a category both earns and does not earn")
    if set(earning.only_skus) & set(earning.idle_skus):
        raise Malformed("only_skus", "an article both earns and does not earn")
    for name in earning.tiers:
        if ladder is None or name not in {tier.name for tier in ladder.tiers}:
            raise Malformed("tiers", f"there is no tier {name!r:.40}")


def _check_redemption(redemption: Redemption) -> None:
    currency(redemption.currency)
    one_of(redemption.kind, ("tender", "discount"), "kind")
    whole(redemption.points, "points", low=1, high=POINTS_MAX)
    whole(redemption.amount, "amount", low=1, high=AMOUNT_MAX)
    whole(redemption.minimum, "minimum", low=0, high=POINTS_MAX)
    whole(redemption.maximum, "maximum", low=0, high=POINTS_MAX)
    whole(redemption.max_amount, "max_amount", low=0, high=AMOUNT_MAX)
    whole(redemption.max_percent, "max_percent", low=1, high=100)
    check_texts(redemption.channels, "channels")
    check_texts(redemption.stores, "stores")
    if redemption.maximum and redemption.minimum > redemption.maximum:
        raise Malformed("minimum", "is more than the maximum")
    fewest = -(-max(redemption.minimum, 1) // redemption.points)
    if redemption.maximum and fewest * redemption.points > redemption.maximum:
        raise Malformed("maximum", f"is less than {fewest * redemption.points}, the fewest points in whole steps")
    if redemption.max_amount and fewest * redemption.amount > redemption.max_amount:
        raise Malformed("max_amount", "is less than the fewest points are worth")
    starts = [start for start, _ in redemption.bands]
    if starts != sorted(set(starts)):
        raise Malformed("bands", "must begin at different amounts, lowest first")
    for start, points in redemption.bands:
        whole(start, "bands", low=0, high=AMOUNT_MAX)
        whole(points, "bands", low=0, high=POINTS_MAX)


def _check_money_worth(redemption: Redemption, unit: str) -> None:
    """Store credit is money already: it pays what it is, in its own currency."""
    if redemption.currency != unit:
        raise Malformed("currency", f"is {redemption.currency}, but these lots are money in {unit}")
    if redemption.points != redemption.amount:
        raise Malformed("amount", f"differs from the step: a unit of {unit} is worth a unit of {unit}")


def _check_expiry(expiry: Expiry) -> None:
    one_of(expiry.kind, get_args(ExpiryKind), "kind")
    whole(expiry.after, "after", low=0, high=DAYS_MAX if expiry.kind == "days" else MONTHS_MAX)
    if expiry.kind == "inactivity" and expiry.after == 0:
        raise Malformed("after", "is 0 months, so that points would be gone as soon as they come")
    if (expiry.kind == "fixed_dates") != bool(expiry.dates):
        raise Malformed("dates", "are for fixed_dates, which needs at least one")
    for month, day in expiry.dates:
        whole(month, "dates", low=1, high=12)
        whole(day, "dates", low=1, high=29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31)
