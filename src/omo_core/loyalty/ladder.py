"""The ladder of tiers, as data: what earns a rung, over which window, how long it is kept and what keeps it."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from omo_core.loyalty.expiry import Expiry

Window = Literal["rolling", "calendar_year", "anniversary", "lifetime", "term"]
Upgrade = Literal["at_once", "at_review"]
Downgrade = Literal["to_earned", "by_one", "never"]
Overshoot = Literal["kept", "lost", "excess"]
RefundPolicy = Literal["at_review", "immediate", "protect"]


@frozen(kw_only=True)
class Standard:
    """What has to be reached: any one of the named measures is enough; a measure of 0 is not asked for."""

    spend: int = 0
    """In minor units of the ladder's currency."""
    points: int = 0
    """Points earned by purchases (claw-backs taken off); never the spendable balance."""
    visits: int = 0
    """Purchases that count; one that is given back in full does not."""

    def met_by(self, spend: int, points: int, visits: int) -> bool:
        """Say whether these measures reach it; a standard that asks for nothing is reached by everybody."""
        if not (self.spend or self.points or self.visits):
            return True
        return (
            (self.spend > 0 and spend >= self.spend)
            or (self.points > 0 and points >= self.points)
            or (self.visits > 0 and visits >= self.visits)
        )


@frozen(kw_only=True)
class Tier:
    """A rung of the ladder."""

    name: str
    at_least: int = 0
    """The spend in the window that earns it, in minor units of the ladder's currency."""
    points: int = 0
    """Or the points earned in it; 0 does not count."""
    visits: int = 0
    """Or the purchases in it; 0 does not count."""
    keep: Standard | None = None
    """What keeps it at a review; the same as what earns it unless said otherwise."""
    multiplier: tuple[int, int] = (1, 1)
    """Points earned while in this tier are multiplied by this fraction, rounded like the earning itself."""
    expiry: Expiry | None = None
    """When points earned while in this tier are gone; none: as everybody's."""
    sold_as: tuple[str, ...] = ()
    """Articles that put whoever buys them into the tier: a paid membership."""
    sold_months: int = 12
    """For how long each of them does."""

    @property
    def reach(self) -> Standard:
        """Give what earns the tier; the first rung asks for nothing."""
        return Standard(spend=self.at_least, points=self.points, visits=self.visits)

    def reached_by(self, spend: int, points: int, visits: int) -> bool:
        """Say whether any one of the measures earns the tier."""
        return (
            (0 < self.at_least <= spend)
            or (0 < self.points <= points)
            or (0 < self.visits <= visits)
            or not (self.at_least or self.points or self.visits)
        )

    @property
    def keeps(self) -> Standard:
        """Give what keeps the tier."""
        return self.reach if self.keep is None else self.keep


@frozen(kw_only=True)
class Ladder:
    """Tiers on what a member does in all channels."""

    currency: str
    tiers: tuple[Tier, ...]
    """Lowest first; the first is everybody's."""
    window: Window = "rolling"
    """What counts: the last ``months`` months; this calendar year; the member's own year since the first purchase;
    everything; or what came since the present tier was entered."""
    months: int = 12
    """The length of a rolling window, to the day, in the programme's zone."""
    single_order: bool = False
    """Whether one order must reach the standard by itself, or all in the window together."""
    term_months: int = 12
    """A tier reached is kept so long, then reviewed; with the windows by year, until that year's end and as many
    months more as exceed twelve. 0: for ever."""
    grace_days: int = 0
    """A tier that is due to be lost is kept so many days more."""
    upgrade: Upgrade = "at_once"
    downgrade: Downgrade = "to_earned"
    overshoot: Overshoot = "kept"
    """Whether what was counted towards a rung still counts after it is reached: all of it, none, or as much as was
    more than the rung asked for."""
    refund: RefundPolicy = "at_review"
    """Whether a refund can cost the tier at once, at the next review, or never."""

    @property
    def sells(self) -> bool:
        """Say whether any tier can be bought."""
        return any(tier.sold_as for tier in self.tiers)

    def place_of(self, name: str) -> int | None:
        """Find a rung by its name."""
        return next((place for place, tier in enumerate(self.tiers) if tier.name == name), None)
