"""The ladder of tiers, as data: what earns a rung, over which window, how long it is kept and what keeps it.

A rung is known by its name, also from one version of a programme to the next. The first is everybody's: it is not
won, and goes by no name where it is written down (``""``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from attrs import field, frozen

from omo_core.loyalty.expiry import Expiry

Counts = Literal["earning", "goods"]
Window = Literal["rolling", "calendar_year", "anniversary", "lifetime", "term"]
Upgrade = Literal["at_once", "at_review"]
Downgrade = Literal["to_earned", "by_one", "never"]
Overshoot = Literal["kept", "lost", "excess"]
RefundPolicy = Literal["at_review", "immediate", "protect"]


@frozen
class Measures:
    """What somebody did in a window."""

    spend: int = 0
    points: int = 0
    visits: int = 0

    def plus(self, other: Measures) -> Measures:
        """Add what was done besides."""
        return Measures(self.spend + other.spend, self.points + other.points, self.visits + other.visits)

    def beyond(self, other: Measures) -> Measures:
        """Give what was done beyond that, by each measure."""
        return Measures(
            max(0, self.spend - other.spend), max(0, self.points - other.points), max(0, self.visits - other.visits)
        )


@frozen(kw_only=True)
class Standard:
    """What has to be reached: any one of the named measures is enough; a measure of 0 is not asked for."""

    spend: int = 0
    """In minor units of the ladder's currency."""
    points: int = 0
    """Points earned by purchases (claw-backs taken off); never the spendable balance."""
    visits: int = 0
    """Purchases that count; one that is given back in full does not."""

    @property
    def asks(self) -> bool:
        """Say whether it asks for anything."""
        return bool(self.spend or self.points or self.visits)

    def met_by(self, done: Measures) -> bool:
        """Say whether this reaches it; a standard that asks for nothing is reached by everybody."""
        return (
            (0 < self.spend <= done.spend)
            or (0 < self.points <= done.points)
            or (0 < self.visits <= done.visits)
            or not self.asks
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
    replaces: tuple[str, ...] = ()
    """Tiers of the version before that this one stands for: who was in one of them is in this one."""

    @property
    def reach(self) -> Standard:
        """Give what earns the tier; the first rung asks for nothing."""
        return Standard(spend=self.at_least, points=self.points, visits=self.visits)

    def reached_by(self, done: Measures) -> bool:
        """Say whether any one of the measures earns the tier."""
        return (
            (0 < self.at_least <= done.spend)
            or (0 < self.points <= done.points)
            or (0 < self.visits <= done.visits)
            or not (self.at_least or self.points or self.visits)
        )

    def held_by(self, done: Measures) -> bool:
        """Say whether the tier is kept by this: by what keeps it, or because it would be reached anew."""
        return self.keeps.met_by(done) or self.reached_by(done)

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
    counts: Counts = "earning"
    """What of a purchase counts as spend: what any earning rule counts, once; or all goods, whatever earns."""
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
    """Whether a refund costs the tier at once, as if what came back had never been bought; at the next review; or not
    if it is of a purchase that has counted for the present tier. What came back never counts for reaching one."""

    sells: bool = field(init=False, eq=False, repr=False)
    """Whether any tier can be bought."""
    _places: Mapping[str, int] = field(init=False, eq=False, repr=False)

    @sells.default
    def _sells(self) -> bool:
        return any(tier.sold_as for tier in self.tiers)

    @_places.default
    def _by_name(self) -> Mapping[str, int]:
        return {tier.name: place for place, tier in reversed(list(enumerate(self.tiers)))}

    @property
    def reviews(self) -> bool:
        """Say whether a tier is ever reviewed."""
        return self.term_months > 0 and self.window != "lifetime"

    def place(self, name: str) -> int | None:
        """Find a rung by name; the nameless one is everybody's. None where the ladder has no such rung."""
        return self._places.get(name) if name else 0

    def reached(self, done: Measures) -> int:
        """Give the place of the highest rung that is earned."""
        for place in range(len(self.tiers) - 1, 0, -1):
            if self.tiers[place].reached_by(done):
                return place
        return 0

    def held(self, done: Measures, below: int) -> int:
        """Give the place of the highest rung below one that is kept by this."""
        return next((place for place in range(below - 1, 0, -1) if self.tiers[place].held_by(done)), 0)

    def carried(self, name: str, before: Ladder) -> str:
        """Say which rung of this ladder somebody stands on who stood on a rung of the one before it.

        The one of the same name, or that replaces it; else the nearest below it that this ladder still has.
        """
        for older in reversed(before.tiers[1 : (before.place(name) or 0) + 1]):
            for place, tier in enumerate(self.tiers):
                if older.name == tier.name or older.name in tier.replaces:
                    return tier.name if place else ""
        return ""
