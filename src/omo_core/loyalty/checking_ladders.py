"""What contradicts itself in a ladder of tiers, told by the field and in the shop's words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, get_args

from omo_core.errors import Malformed
from omo_core.loyalty.expiry import Expiry
from omo_core.loyalty.ladder import Counts, Downgrade, Ladder, Overshoot, RefundPolicy, Standard, Tier, Upgrade, Window
from omo_core.money import AMOUNT_MAX, currency
from omo_core.quantities import POINTS_MAX, flag, one_of, text, whole

RATE_MAX: Final = 1_000_000
"""The most points per step, and the largest multiplier."""
DAYS_MAX: Final = 36_500
MONTHS_MAX: Final = 1_200


def check_ladder(ladder: Ladder, check_expiry: Callable[[Expiry], None]) -> None:
    """Raise ``Malformed`` naming the field when a ladder contradicts itself."""
    currency(ladder.currency)
    one_of(ladder.counts, get_args(Counts), "counts")
    one_of(ladder.window, get_args(Window), "window")
    flag(ladder.single_order, "single_order")
    whole(ladder.months, "months", low=1, high=MONTHS_MAX)
    whole(ladder.term_months, "term_months", low=0, high=MONTHS_MAX)
    whole(ladder.grace_days, "grace_days", low=0, high=DAYS_MAX)
    one_of(ladder.upgrade, get_args(Upgrade), "upgrade")
    one_of(ladder.downgrade, get_args(Downgrade), "downgrade")
    one_of(ladder.overshoot, get_args(Overshoot), "overshoot")
    one_of(ladder.refund, get_args(RefundPolicy), "refund")
    _check_times(ladder)
    _check_tiers(ladder)
    for place, tier in enumerate(ladder.tiers):
        under(f"tiers[{place}]", _check_tier, tier, check_expiry)
    for low, high in zip(ladder.tiers[1:], ladder.tiers[2:], strict=False):
        _check_order(low, high)


def _check_times(ladder: Ladder) -> None:
    if ladder.window != "rolling" and ladder.months != 12:
        raise Malformed("months", f"is the length of a rolling window, but the window is {ladder.window!r}")
    if ladder.window == "lifetime" and ladder.term_months not in (0, 12):
        raise Malformed("term_months", "says when a tier is reviewed, but with the window 'lifetime' none ever is")
    if ladder.grace_days and (ladder.downgrade == "never" or not ladder.reviews):
        raise Malformed("grace_days", "mean nothing where no tier is ever lost at a review")
    if ladder.upgrade == "at_review" and not ladder.reviews:
        raise Malformed("upgrade", "waits for a review that never comes")
    if ladder.downgrade == "by_one" and not ladder.reviews:
        raise Malformed("downgrade", "says what a review does, but no tier is ever reviewed")
    if ladder.downgrade == "never" and ladder.refund == "immediate":
        raise Malformed("refund", "costs a tier at once, but downgrade says that none is ever lost")
    if ladder.single_order and ladder.overshoot == "excess":
        raise Malformed("overshoot", "of a single order nothing is left over that could count on")


def _check_tiers(ladder: Ladder) -> None:
    if not ladder.tiers:
        raise Malformed("tiers", "a ladder needs at least the tier that everybody is in")
    first, names = ladder.tiers[0], [tier.name for tier in ladder.tiers]
    if first.reach.asks or first.keep is not None:
        raise Malformed("tiers", "the first tier must be everybody's: it asks for nothing")
    if first.sold_as or first.replaces:
        field = "sold_as" if first.sold_as else "replaces"
        raise Malformed(f"tiers[0].{field}", "the first tier is everybody's: nobody has to be put there")
    if len(set(names)) != len(names):
        raise Malformed("tiers", "two tiers have the same name")
    for tier in ladder.tiers[1:]:
        if not tier.reach.asks:
            raise Malformed("tiers", f"{tier.name!r} asks for nothing, so nobody would stay below it")
    sold = [sku for tier in ladder.tiers for sku in tier.sold_as]
    if len(set(sold)) != len(sold):
        raise Malformed("tiers", "one article puts its buyers into two tiers")
    replaced = [name for tier in ladder.tiers for name in tier.replaces]
    for name in replaced:
        if name in names or replaced.count(name) > 1:
            raise Malformed("tiers", f"there are two tiers for who was in {name!r:.60}")


def _check_tier(tier: Tier, check_expiry: Callable[[Expiry], None]) -> None:
    text(tier.name, "name")
    for name, standard in (("reach", tier.reach), ("keep", tier.keeps)):
        whole(standard.spend, f"{name}.spend", low=0, high=AMOUNT_MAX)
        whole(standard.points, f"{name}.points", low=0, high=POINTS_MAX)
        whole(standard.visits, f"{name}.visits", low=0, high=RATE_MAX)
    if tier.keep is not None:
        _check_keep(tier, tier.keep)
    for part in tier.multiplier:
        whole(part, "multiplier", low=1, high=RATE_MAX)
    if tier.expiry is not None:
        under("expiry", check_expiry, tier.expiry)
        if tier.expiry.kind == "inactivity":
            raise Malformed("expiry.kind", "a tier's own points can't live by activity, only everybody's can")
    whole(tier.sold_months, "sold_months", low=1, high=MONTHS_MAX)
    if tier.sold_months != 12 and not tier.sold_as:
        raise Malformed("sold_months", "says how long a membership lasts that nothing is sold as")
    for field, names in (("sold_as", tier.sold_as), ("replaces", tier.replaces)):
        for place, name in enumerate(names):
            text(name, f"{field}[{place}]")


def _check_keep(tier: Tier, keep: Standard) -> None:
    if not keep.asks:
        raise Malformed("keep", "asks for nothing; a tier that is never lost says downgrade = 'never' in the ladder")
    pairs = [(asks, reach) for asks, reach in zip(_amounts(keep), _amounts(tier.reach), strict=True) if asks]
    if keep != tier.reach and all(0 < reach <= asks for asks, reach in pairs):
        raise Malformed("keep", "asks for more than what reaches the tier: who is reviewed would reach it again")


def _check_order(low: Tier, high: Tier) -> None:
    """A higher rung must ask for more than a lower one, by every measure that both name, and for no less to keep it."""
    pairs = zip(_amounts(low.reach), _amounts(high.reach), strict=True)
    if any(0 < more <= less for less, more in pairs):
        raise Malformed("tiers", f"{high.name!r} must ask for more than {low.name!r} below it")
    if high.visits == 1:
        raise Malformed("tiers", f"any purchase reaches {high.name!r}, so nobody would be in {low.name!r} below it")
    pairs = zip(_amounts(low.keeps), _amounts(high.keeps), strict=True)
    if any(0 < more < less for less, more in pairs):
        raise Malformed("tiers", f"{high.name!r} must ask for no less than {low.name!r} below it to be kept")


def check_replaced(ladder: Ladder | None, before: Sequence[Ladder | None]) -> None:
    """Raise ``Malformed`` when a tier stands for one that no version before has."""
    known = [tier.name for each in before if each is not None for tier in each.tiers[1:]]
    for place, tier in enumerate(ladder.tiers if ladder is not None else ()):
        for number, name in enumerate(tier.replaces):
            if name not in known:
                raise Malformed(f"tiers[{place}].replaces[{number}]", f"no version before has a tier {name!r:.60}")


def _amounts(standard: Standard) -> tuple[int, int, int]:
    return standard.spend, standard.points, standard.visits


def under(path: str, check: Callable[..., None], *values: object) -> None:
    """Check a part of something; the complaint names the whole path."""
    try:
        check(*values)
    except Malformed as complaint:
        raise complaint.under(path) from None
