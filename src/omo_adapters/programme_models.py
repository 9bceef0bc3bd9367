"""The shape of a written programme: what a shop manager may say, field by field, and what contradicts itself.

Bounds that a currency has no part in are checked here, in the shop's words; what remains is checked by
``Programme.check``. The published schema (``docs/reference/programme.schema.json``) is made from these models.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from omo_adapters.complaints import Shape
from omo_adapters.written import Amount, Moment, Name, Ratio
from omo_core.loyalty.ladder import RefundPolicy
from omo_core.loyalty.programme import DebtPolicy, ExpiryKind, Rounding
from omo_core.money import DIGITS
from omo_core.quantities import POINTS_MAX

STEP_POINTS_MAX: Final = 1_000_000
MONTHS_MAX: Final = 1_200


def _currency(code: str) -> str:
    if code not in DIGITS:
        raise ValueError(f"unknown currency {code!r:.20}: an ISO 4217 code such as HKD is wanted")
    return code


Currency = Annotated[str, AfterValidator(_currency)]


def _within(value: int, low: int, high: int, why: str) -> int:
    if not low <= value <= high:
        raise ValueError(f"{value if abs(value) < 10**30 else 'the number'} is not within {low} and {high}: {why}")
    return value


class EarningModel(Shape):
    """What a purchase in one currency earns."""

    currency: Currency | None = None
    """Without one, the programme's."""
    points: int = 1
    """Points per whole step."""
    per: Amount
    """The step: "10.00" gives points for every whole ten."""
    rounding: Rounding = "floor"
    """What becomes of a part of a step; once per order."""
    tax: bool = True
    """Whether tax earns."""
    shipping: bool = False
    """Whether delivery earns."""
    idle_tenders: tuple[Name, ...] = Field(default=("points", "gift_card", "store_credit"), strict=False)
    """Means of payment that do not earn."""
    idle_categories: tuple[Name, ...] = Field(default=(), strict=False)
    """Categories that do not earn."""
    idle_skus: tuple[Name, ...] = Field(default=(), strict=False)
    """Articles that do not earn."""
    gift_cards: bool = False
    """Whether buying a gift card earns."""

    @field_validator("points")
    @classmethod
    def _points(cls, value: int) -> int:
        return _within(value, 1, STEP_POINTS_MAX, "points that one step earns")


class ExpiryModel(Shape):
    """When points are gone."""

    kind: ExpiryKind = "end_of_month"
    """`never`, so many `days` or `months` after they became usable, or the end of a month, quarter or year."""
    after: int = 12
    """How many days or months; for `end_of_quarter` months, for `end_of_year` years."""

    @field_validator("after")
    @classmethod
    def _after(cls, value: int) -> int:
        return _within(value, 0, 36_500, "how long points live")

    @model_validator(mode="after")
    def _agrees(self) -> ExpiryModel:
        if self.kind == "never" and "after" in self.model_fields_set:
            raise ValueError("points that never expire have no `after`")
        return self


class RedemptionModel(Shape):
    """What points are worth in one currency, as a means of payment."""

    currency: Currency | None = None
    """Without one, the programme's."""
    points: int = 1
    """The step: points are redeemed in whole multiples of it."""
    amount: Amount
    """What a step is worth."""
    minimum: int = 0
    """The fewest points in one redemption."""

    @field_validator("points", "minimum")
    @classmethod
    def _whole(cls, value: int, info: ValidationInfo) -> int:
        low = 1 if info.field_name == "points" else 0
        return _within(value, low, POINTS_MAX, "points of one redemption")


class TierModel(Shape):
    """A rung of the ladder."""

    name: Name
    at_least: Amount | None = None
    """The spend in the window that earns it; the first rung is everybody's and asks for none."""
    multiplier: Ratio = (1, 1)
    """Points earned while in this tier are multiplied by this, exactly: "1.5" or "3/2"."""

    @field_validator("multiplier")
    @classmethod
    def _multiplier(cls, value: tuple[int, int]) -> tuple[int, int]:
        for part in value:
            _within(part, 1, STEP_POINTS_MAX, "a tier multiplies points by something above zero")
        return value


class LadderModel(Shape):
    """Tiers on what a member spends in all channels."""

    currency: Currency | None = None
    """Without one, the programme's."""
    tiers: tuple[TierModel, ...] = Field(strict=False)
    """Lowest first."""
    months: int = 12
    """The rolling window whose spend counts."""
    term_months: int = 12
    """A tier reached is kept so long, then reviewed."""
    refund: RefundPolicy = "at_review"
    """Whether a refund can cost the tier at once, at the next review, or never."""

    @field_validator("months", "term_months")
    @classmethod
    def _months(cls, value: int, info: ValidationInfo) -> int:
        what = "a window without months counts no spend" if info.field_name == "months" else "how long a tier is kept"
        return _within(value, 1, MONTHS_MAX, what)


class RulesModel(Shape):
    """The rules of one time."""

    currency: Currency | None = None
    """For every part below that names none."""
    earnings: tuple[EarningModel, ...] = Field(default=(), strict=False)
    """One per currency; a currency without one earns nothing."""
    pending_days: int = 0
    """Points become usable so many days after the sale."""
    expiry: ExpiryModel = ExpiryModel()
    spending: Literal["soonest_expiry", "oldest"] = "soonest_expiry"
    """Which points are spent first."""
    redemptions: tuple[RedemptionModel, ...] = Field(default=(), strict=False)
    """One per currency."""
    debt: DebtPolicy = "debt"
    """What a claw-back does when the points are spent: owe them, forgive them (`clamp`), or owe up to `debt_limit`."""
    debt_limit: int = 0
    ladder: LadderModel | None = None

    @field_validator("pending_days")
    @classmethod
    def _pending(cls, value: int) -> int:
        return _within(value, 0, 3_650, "days until points are usable")

    @model_validator(mode="after")
    def _agrees(self) -> RulesModel:
        if self.debt == "limit" and "debt_limit" not in self.model_fields_set:
            raise ValueError('debt = "limit" needs a debt_limit')
        if self.debt != "limit" and self.debt_limit:
            raise ValueError(f'a debt_limit means nothing with debt = "{self.debt}"; say debt = "limit"')
        _within(self.debt_limit, 0, POINTS_MAX, "points that may be owed")
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
    zone: Name
    """The shop's time zone, such as `Asia/Hong_Kong`: its days, months and years count."""
    versions: tuple[VersionModel, ...] = Field(default=(), strict=False)
    """Earliest first. Without any, the rules above hold from the beginning."""

    @model_validator(mode="after")
    def _one_or_the_other(self) -> ProgrammeModel:
        flat = sorted(self.model_fields_set & (set(RulesModel.model_fields) - {"currency"}))
        if self.versions and flat:
            raise ValueError(f"with versions, rules stand inside a version: move {', '.join(flat)}")
        return self
