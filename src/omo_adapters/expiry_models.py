"""The shape of a written expiry rule: everybody's, or a tier's own."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from omo_adapters.bounds import Within
from omo_adapters.complaints import Shape
from omo_adapters.written import MonthDay
from omo_core.loyalty.expiry import Expiry, ExpiryKind


class ExpiryModel(Shape):
    """When points are gone."""

    kind: ExpiryKind = "end_of_month"
    """`never`; so many `days` or `months` after they became usable; the end of a month, quarter or year; on
    `fixed_dates`; or for want of any purchase or redemption (`inactivity`)."""
    after: Annotated[int, Within(0, 36_500, "how long points live")] = 12
    """How many days or months; for `end_of_year` years, for `fixed_dates` how many dates to pass over first."""
    dates: tuple[MonthDay, ...] = Field(default=(), strict=False)
    """For `fixed_dates`: the last usable days of each year, such as ["06-30", "12-31"]."""

    @model_validator(mode="after")
    def _agrees(self) -> ExpiryModel:
        if self.kind == "never" and "after" in self.model_fields_set:
            raise ValueError("points that never expire have no `after`")
        if self.kind == "inactivity" and self.after == 0:
            raise ValueError("0 months without activity: points would be gone as soon as they come")
        if self.kind == "fixed_dates" and not self.dates:
            raise ValueError('fixed_dates needs dates, such as dates = ["12-31"]')
        if self.kind != "fixed_dates" and self.dates:
            raise ValueError(f'dates are for kind = "fixed_dates", not for "{self.kind}"')
        return self

    def rule(self) -> Expiry:
        """Give the rule; fixed dates pass over none unless that is said."""
        unsaid = self.kind == "fixed_dates" and "after" not in self.model_fields_set
        return Expiry(kind=self.kind, after=0 if unsaid else self.after, dates=self.dates)
