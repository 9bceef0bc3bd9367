"""The rules of a loyalty programme as dated data.

A programme is a list of versions, each in force from an instant until the next. An event keeps the version of its
own day for ever: what was bought under the old rate is refunded under the old rate. ``checking`` says which rules
contradict each other.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime
from typing import Final, Literal, get_args
from zoneinfo import ZoneInfo

from attrs import field, frozen

from omo_core.instants import EPOCH, zone
from omo_core.loyalty.expiry import Expiry
from omo_core.loyalty.ladder import Ladder

Rounding = Literal["floor", "half_up", "half_even", "ceil"]
ROUNDINGS: Final[tuple[Rounding, ...]] = get_args(Rounding)
OverCap = Literal["cut", "nothing"]
PendingAfter = Literal["sale", "handover"]
Spending = Literal["soonest_expiry", "oldest"]
RedemptionKind = Literal["tender", "discount"]
Capture = Literal["releases_rest", "keeps_rest"]
DebtPolicy = Literal["debt", "clamp", "limit"]
Merging = Literal["as_one", "as_recorded"]


Ladders = tuple[tuple[datetime, Ladder | None], ...]
"""From when on which ladder is in force; none where tiers end."""


@frozen(kw_only=True)
class Earning:
    """What a purchase in one currency earns. Several rules may match one purchase; their points add up."""

    currency: str
    points: int = 1
    """Points per whole step."""
    per: int
    """The step, in minor units; 0 for a rule that only gives ``flat`` points."""
    flat: int = 0
    """Points for each order that the rule matches, whatever it costs."""
    rounding: Rounding = "floor"
    """What becomes of a part of a step."""
    each_line: bool = False
    """Whether every line is rounded for itself, or once the whole order."""
    tax: bool = True
    """Whether tax earns."""
    shipping: bool = False
    """Whether delivery earns."""
    idle_tenders: tuple[str, ...] = ("points", "gift_card", "store_credit")
    """Means of payment that do not earn."""
    idle_categories: tuple[str, ...] = ()
    idle_skus: tuple[str, ...] = ()
    only_categories: tuple[str, ...] = ()
    """If any are named, nothing else earns by this rule."""
    only_skus: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    """If any are named, purchases in other channels do not earn by this rule."""
    stores: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    """If any are named, members in other tiers do not earn by this rule."""
    gift_cards: bool = False
    """Whether buying a gift card earns (it will when it is spent, otherwise)."""
    multiplied: bool = True
    """Whether the tier's multiplier applies."""


@frozen(kw_only=True)
class Redemption:
    """What points are worth in one currency, and how many may pay for one order."""

    currency: str
    kind: RedemptionKind = "tender"
    """A tender pays; a discount lowers the price (and so what the order earns)."""
    points: int = 1
    """The step: points are redeemed in whole multiples of it."""
    amount: int
    """What a step is worth, in minor units."""
    minimum: int = 0
    """The fewest points in one redemption or hold."""
    maximum: int = 0
    """The most points that pay for one order, in one redemption where none is named; 0 for no such limit."""
    max_amount: int = 0
    """The most money that points may pay of one order, in minor units; 0 for no such limit."""
    max_percent: int = 100
    """The largest part of an order that points may pay, in whole percent."""
    bands: tuple[tuple[int, int], ...] = ()
    """From which order amount (minor units) how many points at most; below the first band, none."""
    channels: tuple[str, ...] = ()
    """If any are named, points pay by this rule in no other channel."""
    stores: tuple[str, ...] = ()

    def pays_in(self, channel: str, store: str) -> bool:
        """Say whether points pay by this rule in a channel and store; what is not told is not checked."""
        wrong_channel = self.channels and channel and channel not in self.channels
        wrong_store = self.stores and store and store not in self.stores
        return not (wrong_channel or wrong_store)

    def leaves_to(self, other: Redemption) -> bool:
        """Say whether there is a place where this rule does not pay and another one does."""
        places = ((self.channels, other.channels), (self.stores, other.stores))
        return any(mine and not (theirs and set(theirs) <= set(mine)) for mine, theirs in places)


DEFAULT_EXPIRY: Final = Expiry()


@frozen(kw_only=True)
class Version:
    """The rules in force from one instant until the next version's."""

    name: str = "1"
    since: datetime = EPOCH
    earnings: tuple[Earning, ...] = ()
    cap: int = 0
    """The most points that one order may earn; 0 for no cap."""
    over_cap: OverCap = "cut"
    """Whether an order over the cap earns the cap or nothing."""
    pending_days: int = 0
    """Points become usable so many days later, at the start of the day; 0 is at once."""
    pending_after: PendingAfter = "sale"
    """What the days are counted from. After ``handover``, points wait until the whole order has left the shop."""
    expiry: Expiry = DEFAULT_EXPIRY
    spending: Spending = "soonest_expiry"
    redemptions: tuple[Redemption, ...] = ()
    hold_seconds: int = 900
    """How long a hold lives unless the command says otherwise."""
    capture: Capture = "releases_rest"
    """Whether capturing part of a hold ends it, or leaves the rest held."""
    debt: DebtPolicy = "debt"
    """What a claw-back does when the points are spent: owe them, forgive them, or owe up to ``debt_limit``."""
    debt_limit: int = 0
    ladder: Ladder | None = None

    def earnings_in(self, code: str) -> tuple[Earning, ...]:
        """Find the rates of a currency; a currency without one earns nothing, it is never converted."""
        return tuple(earning for earning in self.earnings if earning.currency == code)

    def redemption_in(self, code: str, channel: str = "", store: str = "") -> Redemption | None:
        """Find what points are worth in a currency: by the first rule for that place; of no place, by the first."""
        rules = (rule for rule in self.redemptions if rule.currency == code)
        return next((rule for rule in rules if rule.pays_in(channel, store)), None)


def _zone(given: ZoneInfo | str) -> ZoneInfo:
    return zone(given) if isinstance(given, str) else given


@frozen(kw_only=True)
class Programme:
    """A loyalty programme, or a purse of money: its time zone and its versions, earliest first."""

    zone: ZoneInfo = field(converter=_zone)
    """The clock of its days: a zone, or its IANA name."""
    versions: tuple[Version, ...]
    name: str = "points"
    """What the points are called; events name it where a shop has several kinds."""
    main: bool = True
    """Whether an event that names no programme speaks of this one."""
    brand: str = ""
    """Whose points they are, for the books of a house of several brands."""
    unit: str = "points"
    """``points``, or a currency: then the lots are store credit or a gift card's money, in minor units."""
    tender: str = "points"
    """The means of payment that these stand under in sales and refunds."""
    merging: Merging = "as_one"
    """At whose rate the records of a merged member earn. ``as_one``: at the rate that the merged member would have had
    on each purchase's day, as if it had always been one. ``as_recorded``: what was bought before the records were one
    keeps the rate that it had; from then on they are one. The tier counts what all of them spent, either way."""

    def is_meant(self, name: str) -> bool:
        """Say whether an event or command that names a programme, or none, speaks of this one."""
        return name == self.name or (self.main and name == "")

    @property
    def may_lapse(self) -> bool:
        """Say whether any version lets points go for want of activity."""
        return any(version.expiry.kind == "inactivity" for version in self.versions)

    @property
    def ladders(self) -> Ladders:
        """Give every change of the ladder, earliest first; none in a programme without tiers."""
        found: list[tuple[datetime, Ladder | None]] = []
        before: Ladder | None = None
        for version in self.versions:
            if version.ladder != before:
                found.append((version.since, version.ladder))
            before = version.ladder
        return tuple(found)

    def version_at(self, at: datetime) -> Version | None:
        """Find the version in force at an instant; none before the first begins."""
        if len(self.versions) == 1:
            return self.versions[0] if self.versions[0].since <= at else None
        place = bisect_right(self.versions, at, key=lambda version: version.since)
        return self.versions[place - 1] if place else None


def simple_programme(code: str, *, per: int, zone_name: str, worth: int = 1) -> Programme:
    """Make the smallest real programme: a point per ``per`` minor units, a point worth ``worth`` minor units."""
    version = Version(
        earnings=(Earning(currency=code, per=per),),
        redemptions=(Redemption(currency=code, amount=worth),),
    )
    return Programme(zone=zone_name, versions=(version,))
