"""The shape of a written programme: what a shop manager may say, field by field, and what contradicts itself.

Bounds that a currency has no part in are checked here, in the shop's words; what remains is checked by
``check_programme``. The published schema (``docs/reference/programme.schema.json``) is made from these models.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator, model_validator

from omo_adapters.bounds import DAYS_MAX, STEP_POINTS_MAX, Within, within
from omo_adapters.complaints import Shape
from omo_adapters.expiry_models import ExpiryModel
from omo_adapters.ladder_models import LadderModel
from omo_adapters.written import Currency, Least, Moment, Name, Names, Price, Seconds
from omo_core.loyalty.programme import (
    Capture,
    DebtPolicy,
    Merging,
    OverCap,
    PendingAfter,
    RedemptionKind,
    Rounding,
    Spending,
)
from omo_core.money import DIGITS
from omo_core.quantities import POINTS_MAX


class EarningModel(Shape):
    """What a purchase in one currency earns. Where several rules match a purchase, their points add up."""

    currency: Currency | None = None
    """Without one, the programme's."""
    points: Annotated[int, Within(1, STEP_POINTS_MAX, "points that one step earns")] = 1
    """Points per whole step."""
    per: Price | None = None
    """The step: "10.00" gives points for every whole ten. Without one, the rule only gives its `flat` points."""
    flat: Annotated[int, Within(0, POINTS_MAX, "points that one order earns")] = 0
    """Points for each order that the rule matches, whatever it costs."""
    rounding: Rounding = "floor"
    """What becomes of a part of a step."""
    each_line: bool = False
    """Whether every line is rounded for itself, or once the whole order."""
    tax: bool = True
    """Whether tax earns."""
    shipping: bool = False
    """Whether delivery earns."""
    idle_tenders: Names = ("points", "gift_card", "store_credit")
    """Means of payment that do not earn."""
    idle_categories: Names = ()
    """Categories that do not earn."""
    idle_skus: Names = ()
    """Articles that do not earn."""
    only_categories: Names = ()
    """If any are named, nothing else earns by this rule."""
    only_skus: Names = ()
    """If any are named, no other article earns by this rule."""
    channels: Names = ()
    """If any are named, purchases in other channels do not earn by this rule."""
    stores: Names = ()
    """If any are named, purchases in other locations do not earn by this rule."""
    tiers: Names = ()
    """If any are named, members in other tiers do not earn by this rule."""
    gift_cards: bool = False
    """Whether buying a gift card earns."""
    multiplied: bool = True
    """Whether the tier's multiplier applies."""

    @model_validator(mode="after")
    def _earns(self) -> EarningModel:
        if self.per is None and self.flat == 0:
            raise ValueError("says neither per (a step of money) nor flat (points per order): nothing would be earned")
        if self.per is None and ("points" in self.model_fields_set or "each_line" in self.model_fields_set):
            raise ValueError("points and each_line are about steps; without per, say flat")
        return self


class BandModel(Shape):
    """From which order amount how many points at most."""

    at_least: Least
    points: Annotated[int, Within(0, POINTS_MAX, "points that may pay for an order of that size")]


class RedemptionModel(Shape):
    """What points are worth in one currency, and how many may pay for one order."""

    currency: Currency | None = None
    """Without one, the programme's."""
    kind: RedemptionKind = "tender"
    """A `tender` pays; a `discount` lowers the price."""
    points: Annotated[int, Within(1, POINTS_MAX, "points of one redemption")] = 1
    """The step: points are redeemed in whole multiples of it."""
    amount: Price
    """What a step is worth."""
    minimum: Annotated[int, Within(0, POINTS_MAX, "points of one redemption")] = 0
    """The fewest points in one redemption."""
    maximum: Annotated[int, Within(0, POINTS_MAX, "points of one redemption")] = 0
    """The most points that pay for one order, in one redemption where none is named; 0 for no such limit."""
    max_amount: Price | None = None
    """The most money that points may pay of one order."""
    max_percent: Annotated[int, Within(1, 100, "percent of an order that points may pay")] = 100
    """The largest part of an order that points may pay, in whole percent."""
    bands: tuple[BandModel, ...] = Field(default=(), strict=False)
    """From which order amount how many points at most; below the first band, none."""
    channels: Names = ()
    """If any are named, points pay in no other channel."""
    stores: Names = ()
    """If any are named, points pay in no other location."""


class RulesModel(Shape):
    """The rules of one time."""

    currency: Currency | None = None
    """For every part below that names none."""
    earnings: tuple[EarningModel, ...] = Field(default=(), strict=False)
    """What purchases earn; a currency without a rule earns nothing, it is never converted."""
    cap: Annotated[int, Within(0, POINTS_MAX, "points that one order may earn")] = 0
    """The most points that one order may earn; 0 for no cap."""
    over_cap: OverCap = "cut"
    """Whether an order over the cap earns the cap (`cut`) or `nothing`."""
    pending_days: Annotated[int, Within(0, DAYS_MAX, "days until points are usable")] = 0
    """Points become usable so many days later."""
    pending_after: PendingAfter = "sale"
    """What the days are counted from: the `sale`, or the `handover` of the whole order."""
    expiry: ExpiryModel = ExpiryModel()
    spending: Spending = "soonest_expiry"
    """Which points are spent first."""
    redemptions: tuple[RedemptionModel, ...] = Field(default=(), strict=False)
    """What points are worth; of several in one currency, the first that is for the channel and store counts."""
    hold: Seconds = 900
    """How long points that are set apart stay so, unless the command says otherwise: "15 min", "2 hours"."""
    capture: Capture = "releases_rest"
    """Whether capturing a part of a hold lets the rest go (`releases_rest`) or leaves it held (`keeps_rest`)."""
    debt: DebtPolicy = "debt"
    """What a claw-back does when the points are spent: owe them, forgive them (`clamp`), or owe up to `debt_limit`."""
    debt_limit: Annotated[int, Within(0, POINTS_MAX, "points that may be owed")] = 0
    ladder: LadderModel | None = None

    @field_validator("hold")
    @classmethod
    def _hold(cls, value: int) -> int:
        return within(value, 1, DAYS_MAX * 86_400, "seconds that a hold lives")

    @model_validator(mode="after")
    def _agrees(self) -> RulesModel:
        if self.debt == "limit" and "debt_limit" not in self.model_fields_set:
            raise ValueError('debt = "limit" needs a debt_limit')
        if self.debt != "limit" and self.debt_limit:
            raise ValueError(f'a debt_limit means nothing with debt = "{self.debt}"; say debt = "limit"')
        if self.over_cap == "nothing" and not self.cap:
            raise ValueError('over_cap = "nothing" means nothing without a cap')
        return self


class VersionModel(RulesModel):
    """The rules in force from one day until the next version's."""

    name: Name
    """What this version is called in statements; must stay, since every event keeps the version of its day."""
    since: Moment | None = None
    """From when, in the shop's time; without it, from the beginning."""


class ProgrammeModel(RulesModel):
    """A loyalty programme: one set of rules, or dated versions of them."""

    name: Name = "points"
    """What its points are called; events name it where a shop has several programmes."""
    brand: str = ""
    """Whose points they are, for the books of a house of several brands."""
    unit: Annotated[str, Field(json_schema_extra={"pattern": "^(points|[A-Z]{3})$"})] = "points"
    """`points`, or a currency: then it keeps store credit or gift cards, and counts their money in minor units."""
    tender: Name | None = None
    """The means of payment that they stand under in sales and refunds: `points`, or for money `store_credit`."""
    merging: Merging = "as_one"
    """At whose rate the records of a merged member earn: `as_one`, as if they had always been one member; or
    `as_recorded`, what was bought before they were one keeps the rate that it had."""
    zone: Name
    """The shop's time zone, such as `Asia/Hong_Kong`: its days, months and years count."""
    versions: tuple[VersionModel, ...] = Field(default=(), strict=False)
    """Earliest first. Without any, the rules above hold from the beginning."""

    @field_validator("unit")
    @classmethod
    def _unit(cls, value: str) -> str:
        if value != "points" and value not in DIGITS:
            raise ValueError(f"{value!r:.20} is neither points nor a currency such as HKD")
        return value

    @model_validator(mode="after")
    def _one_or_the_other(self) -> ProgrammeModel:
        flat = sorted(self.model_fields_set & (set(RulesModel.model_fields) - {"currency"}))
        if self.versions and flat:
            raise ValueError(f"with versions, rules stand inside a version: move {', '.join(flat)}")
        return self
