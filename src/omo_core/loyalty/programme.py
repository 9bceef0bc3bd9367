"""The rules of a loyalty programme as dated data.

A programme is a list of versions, each in force from an instant until the next. An event keeps the version of its
own day for ever: what was bought under the old rate is refunded under the old rate.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

from attrs import frozen

from omo_core.errors import Malformed
from omo_core.instants import EPOCH, zone
from omo_core.money import currency
from omo_core.quantities import POINTS_MAX, whole

Rounding = Literal["floor", "half_up", "half_even", "ceil"]
ROUNDINGS: Final = ("floor", "half_up", "half_even", "ceil")
ExpiryKind = Literal["never", "days", "months", "end_of_month", "end_of_quarter", "end_of_year"]
EXPIRIES: Final = ("never", "days", "months", "end_of_month", "end_of_quarter", "end_of_year")
DebtPolicy = Literal["debt", "clamp", "limit"]
RefundPolicy = Literal["at_review", "immediate", "protect"]


@frozen(kw_only=True)
class Earning:
    """What a purchase in one currency earns."""

    currency: str
    points: int = 1
    """Points per whole step."""
    per: int
    """The step, in minor units."""
    rounding: Rounding = "floor"
    """What becomes of a part of a step; once per order, on the order's whole basis."""
    tax: bool = True
    """Whether tax earns."""
    shipping: bool = False
    """Whether delivery earns."""
    idle_tenders: tuple[str, ...] = ("points", "gift_card", "store_credit")
    """Means of payment that do not earn."""
    idle_categories: tuple[str, ...] = ()
    idle_skus: tuple[str, ...] = ()
    gift_cards: bool = False
    """Whether buying a gift card earns (it will when it is spent, otherwise)."""


@frozen(kw_only=True)
class Expiry:
    """When points are gone. Stored as an exclusive instant: the start of a day in the programme's zone."""

    kind: ExpiryKind = "end_of_month"
    after: int = 12
    """How many days or months after the day they became usable; for ``end_of_year``, how many years."""


@frozen(kw_only=True)
class Redemption:
    """What points are worth in one currency, as a means of payment."""

    currency: str
    points: int = 1
    """The step: points are redeemed in whole multiples of it."""
    amount: int
    """What a step is worth, in minor units."""
    minimum: int = 0
    """The fewest points in one redemption."""


@frozen(kw_only=True)
class Tier:
    """A rung of the ladder."""

    name: str
    at_least: int = 0
    """The spend in the window that earns it, in minor units of the ladder's currency."""
    multiplier: tuple[int, int] = (1, 1)
    """Points earned while in this tier are multiplied by this fraction, rounded like the earning itself."""


@frozen(kw_only=True)
class Ladder:
    """Tiers on what a member spends in all channels."""

    currency: str
    tiers: tuple[Tier, ...]
    """Lowest first; the first is everybody's, at 0."""
    months: int = 12
    """The rolling window: spend of so many months counts, to the day, in the programme's zone."""
    term_months: int = 12
    """A tier reached is kept so long, then reviewed."""
    refund: RefundPolicy = "at_review"
    """Whether a refund can cost the tier at once, at the next review, or never."""


@frozen(kw_only=True)
class Version:
    """The rules in force from one instant until the next version's."""

    name: str = "1"
    since: datetime = EPOCH
    earnings: tuple[Earning, ...] = ()
    pending_days: int = 0
    """Points become usable so many days after the sale."""
    expiry: Expiry = Expiry()
    spending: Literal["soonest_expiry", "oldest"] = "soonest_expiry"
    redemptions: tuple[Redemption, ...] = ()
    debt: DebtPolicy = "debt"
    """What a claw-back does when the points are spent: owe them, forgive them, or owe up to ``debt_limit``."""
    debt_limit: int = 0
    ladder: Ladder | None = None

    def earning_in(self, code: str) -> Earning | None:
        """Find the rate of a currency; a currency without one earns nothing, it is never converted."""
        return next((earning for earning in self.earnings if earning.currency == code), None)

    def redemption_in(self, code: str) -> Redemption | None:
        """Find what points are worth in a currency."""
        return next((redemption for redemption in self.redemptions if redemption.currency == code), None)


@frozen(kw_only=True)
class Programme:
    """A loyalty programme: its time zone and its versions, earliest first."""

    zone: ZoneInfo
    versions: tuple[Version, ...]
    name: str = "points"

    def version_at(self, at: datetime) -> Version | None:
        """Find the version in force at an instant; none before the first begins."""
        place = bisect_right(self.versions, at, key=lambda version: version.since)
        return self.versions[place - 1] if place else None

    def check(self) -> None:
        """Raise ``Malformed`` naming the field when the programme contradicts itself."""
        if not self.versions:
            raise Malformed("versions", "a programme needs at least one version")
        starts = [version.since for version in self.versions]
        if starts != sorted(set(starts)):
            raise Malformed("versions", "must begin at different instants, earliest first")
        for place, version in enumerate(self.versions):
            try:
                _check_version(version)
            except Malformed as complaint:
                raise complaint.under(f"versions[{place}]") from None


def _check_version(version: Version) -> None:
    for place, earning in enumerate(version.earnings):
        path = f"earnings[{place}]"
        currency(earning.currency, f"{path}.currency")
        whole(earning.points, f"{path}.points", low=1, high=1_000_000)
        whole(earning.per, f"{path}.per", low=1, high=POINTS_MAX)
        _known(earning.rounding, ROUNDINGS, f"{path}.rounding")
    _known(version.expiry.kind, EXPIRIES, "expiry.kind")
    whole(version.expiry.after, "expiry.after", low=0, high=36_500)
    whole(version.pending_days, "pending_days", low=0, high=3_650)
    whole(version.debt_limit, "debt_limit", low=0, high=POINTS_MAX)
    for place, redemption in enumerate(version.redemptions):
        path = f"redemptions[{place}]"
        currency(redemption.currency, f"{path}.currency")
        whole(redemption.points, f"{path}.points", low=1, high=POINTS_MAX)
        whole(redemption.amount, f"{path}.amount", low=1, high=POINTS_MAX)
        whole(redemption.minimum, f"{path}.minimum", low=0, high=POINTS_MAX)
    if version.ladder is not None:
        _check_ladder(version.ladder)


def _check_ladder(ladder: Ladder) -> None:
    currency(ladder.currency, "ladder.currency")
    whole(ladder.months, "ladder.months", low=1, high=1200)
    whole(ladder.term_months, "ladder.term_months", low=1, high=1200)
    steps = [tier.at_least for tier in ladder.tiers]
    if not steps or steps[0] != 0:
        raise Malformed("ladder.tiers", "the first tier must be everybody's: at_least = 0")
    if steps != sorted(set(steps)):
        raise Malformed("ladder.tiers", "each tier must ask for more than the one before")
    if len({tier.name for tier in ladder.tiers}) != len(steps):
        raise Malformed("ladder.tiers", "two tiers have the same name")
    for place, tier in enumerate(ladder.tiers):
        for part in tier.multiplier:
            whole(part, f"ladder.tiers[{place}].multiplier", low=1, high=1_000_000)


def _known(value: str, allowed: tuple[str, ...], path: str) -> None:
    if value not in allowed:
        raise Malformed(path, f"{value!r:.40} is none of {', '.join(allowed)}")


def simple_programme(code: str, *, per: int, zone_name: str, worth: int = 1) -> Programme:
    """Make the smallest real programme: a point per ``per`` minor units, a point worth ``worth`` minor units."""
    version = Version(
        earnings=(Earning(currency=code, per=per),),
        redemptions=(Redemption(currency=code, amount=worth),),
    )
    programme = Programme(zone=zone(zone_name), versions=(version,))
    programme.check()
    return programme
