"""The shape of a written ladder: tiers, what earns them, how long they are kept and what keeps them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator, model_validator

from omo_adapters.bounds import DAYS_MAX, MONTHS_MAX, STEP_POINTS_MAX, Within, within
from omo_adapters.complaints import Shape
from omo_adapters.expiry_models import ExpiryModel
from omo_adapters.written import Currency, Least, Name, Names, Ratio
from omo_core.loyalty.expiry import Expiry
from omo_core.loyalty.ladder import Counts, Downgrade, Overshoot, RefundPolicy, Upgrade, Window
from omo_core.quantities import POINTS_MAX


class StandardModel(Shape):
    """What has to be reached: any one of the named measures is enough."""

    spend: Least | None = None
    points: Annotated[int, Within(0, POINTS_MAX, "what keeps a tier")] = 0
    """Points earned by purchases."""
    visits: Annotated[int, Within(0, POINTS_MAX, "what keeps a tier")] = 0
    """Purchases that count."""

    @model_validator(mode="after")
    def _says_something(self) -> StandardModel:
        if not self.model_fields_set:
            raise ValueError('says nothing; a tier that is never lost says downgrade = "never" in the ladder')
        return self


class TierModel(Shape):
    """A rung of the ladder."""

    name: Name
    at_least: Least | None = None
    """The spend in the window that earns it; the first rung is everybody's and asks for none."""
    points: Annotated[int, Within(0, POINTS_MAX, "what earns a tier")] = 0
    """Or so many points earned by purchases in the window; 0: not by points."""
    visits: Annotated[int, Within(0, POINTS_MAX, "what earns a tier")] = 0
    """Or so many purchases in the window; 0: not by visits."""
    keep: StandardModel | None = None
    """What keeps it at a review; without it, the same as what earns it."""
    multiplier: Ratio = (1, 1)
    """Points earned while in this tier are multiplied by this, exactly: "1.5" or "3/2"."""
    expiry: ExpiryModel | None = None
    """When points earned while in this tier are gone; without it, as everybody's."""
    expiry_months: Annotated[int, Within(0, MONTHS_MAX, "how long points of a tier live")] | None = None
    """Short for an `expiry` at the end of the month so many months later; 0: for ever."""
    sold_as: Names = ()
    """Articles that put whoever buys them into the tier: a paid membership."""
    sold_months: Annotated[int, Within(1, MONTHS_MAX, "how long a membership that is paid for lasts")] = 12
    """For how long; bought again meanwhile, it lasts so much longer."""
    replaces: Names = ()
    """Tiers of the version before that this one stands for, under its new name: who was in one is in this one."""

    @model_validator(mode="after")
    def _agrees(self) -> TierModel:
        if self.expiry is not None and self.expiry_months is not None:
            raise ValueError("says when its points are gone in two ways: expiry and expiry_months")
        if "sold_months" in self.model_fields_set and not self.sold_as:
            raise ValueError("sold_months says how long a membership lasts that nothing is sold_as")
        return self

    def own_expiry(self) -> Expiry | None:
        """Give the tier's own expiry rule, if it has one."""
        if self.expiry is not None or self.expiry_months is None:
            return None if self.expiry is None else self.expiry.rule()
        if self.expiry_months == 0:
            return Expiry(kind="never")
        return Expiry(kind="end_of_month", after=self.expiry_months)

    @field_validator("multiplier")
    @classmethod
    def _multiplier(cls, value: tuple[int, int]) -> tuple[int, int]:
        for part in value:
            within(part, 1, STEP_POINTS_MAX, "a tier multiplies points by something above zero")
        return value


class LadderModel(Shape):
    """Tiers on what a member does in all channels."""

    currency: Currency | None = None
    """Without one, the programme's."""
    tiers: tuple[TierModel, ...] = Field(strict=False, json_schema_extra={"minItems": 1})
    """Lowest first."""
    counts: Counts = "earning"
    """What of a purchase counts as spend: what any earning rule counts, once (`earning`), or all `goods`, whichever
    earn, as far as they are paid with money."""
    window: Window = "rolling"
    """What counts: the last `months` months (`rolling`); this `calendar_year`; the member's own year since the first
    purchase (`anniversary`); everything (`lifetime`); or what came since the present tier was reached (`term`)."""
    months: Annotated[int, Within(1, MONTHS_MAX, "a window without months counts no spend")] = 12
    """The length of a rolling window."""
    single_order: bool = False
    """Whether one order must reach a tier by itself."""
    term_months: Annotated[int, Within(0, MONTHS_MAX, "how long a tier is kept")] = 12
    """A tier reached is kept so long, then reviewed; 0: for ever. With windows by year, until the year ends, and as
    many months more as exceed twelve."""
    grace_days: Annotated[int, Within(0, DAYS_MAX, "days that a tier is kept beyond its term")] = 0
    """A tier that is due to be lost is kept so many days more, and what is bought then still counts for keeping it."""
    upgrade: Upgrade = "at_once"
    """Whether a tier that is reached is entered `at_once` or `at_review`."""
    downgrade: Downgrade = "to_earned"
    """At a review, down to the tier that is still earned (`to_earned`), one rung at most (`by_one`), or `never`."""
    overshoot: Overshoot = "kept"
    """Whether what was spent to reach a tier counts on (`kept`), not at all (`lost`), or as much as was more than the
    tier asked for (`excess`)."""
    refund: RefundPolicy = "at_review"
    """Whether a refund costs the tier at once, as if what came back had never been bought (`immediate`); at the next
    review (`at_review`); or not, if it is of a purchase that has counted for the present tier (`protect`)."""

    @model_validator(mode="after")
    def _agrees(self) -> LadderModel:
        if "months" in self.model_fields_set and self.window != "rolling":
            raise ValueError(f'months is the length of a rolling window, but window = "{self.window}"')
        if self.grace_days and (self.downgrade == "never" or self.term_months == 0 or self.window == "lifetime"):
            raise ValueError("grace_days means nothing where no tier is ever lost at a review")
        if self.window == "lifetime" and self.term_months not in (0, 12):
            raise ValueError('term_months says when a tier is reviewed, but with window = "lifetime" none ever is')
        return self
