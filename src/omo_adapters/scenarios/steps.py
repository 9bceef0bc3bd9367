"""What the steps of a scenario have in common: facts that happened, and requests that are answered."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final

from pydantic import BeforeValidator, Field

from omo_adapters.complaints import Shape, did_you_mean
from omo_adapters.inbound import Personal
from omo_adapters.scenarios.scene import Scene
from omo_adapters.written import Amount, Moment, Name
from omo_core.decisions import Command, RequestReused
from omo_core.events import Event
from omo_core.fulfilment.refusals import FulfilmentRefusal
from omo_core.loyalty.refusals import LoyaltyRefusal
from omo_core.members.refusals import MemberRefusal
from omo_core.stock.refusals import StockRefusal

REFUSALS: Final[Mapping[str, tuple[str, ...]]] = {
    refusal.kind: tuple(field.name for field in refusal.__attrs_attrs__)
    for union in (MemberRefusal, LoyaltyRefusal, StockRefusal, FulfilmentRefusal)
    for refusal in (*union.__args__, RequestReused)
}
"""Every kind of refusal with the numbers that explain it."""


class Step(Shape):
    """One thing that happens in a story."""

    at: Moment | None = None
    """When it happened, in the shop's time; without it, when the step before did."""
    heard: Moment | None = None
    """When omo heard of it; without it, when it happened, or with the step before if that is later."""
    name: str = ""
    """What other steps and failures call it."""


class FactStep(Step):
    """A step that says what happened."""

    id: Name | None = None
    """The document's id, where its natural one would not do."""

    @abstractmethod
    def events(self, scene: Scene, at: datetime) -> tuple[Event, ...]:
        """Give what happened."""

    def personal(self) -> tuple[Personal, ...]:
        """Give what the vault is to keep; most facts are nobody's personal data."""
        return ()


def _answer(given: object) -> object:
    """Read ``"not_enough_points"`` as ``{ refused = "not_enough_points" }``, and check the words."""
    if given == "accepted":
        return {}
    table = {"refused": given} if isinstance(given, str) else given
    if not isinstance(table, dict):
        raise ValueError('is "accepted", a kind of refusal, or a table')  # noqa: TRY004 - pydantic wants ValueError
    kind = table.get("refused")
    if kind is None:
        odd = next((word for word in table if word != "worth"), None)
        if odd is not None:
            raise ValueError(f"{odd!r:.60} is not told of what is accepted; did you mean refused or worth?")
        return table
    if kind not in REFUSALS:
        raise ValueError(f"{kind!r:.60} is not a kind of refusal{did_you_mean(str(kind), REFUSALS)}")
    for number in table:
        if number != "refused" and number not in REFUSALS[kind]:
            raise ValueError(f"{kind} does not say {number!r:.60}{did_you_mean(str(number), REFUSALS[kind])}")
    return table


Answer = Annotated[dict[str, object], BeforeValidator(_answer)]
"""What a request is expected to be answered: empty when it is accepted."""


class RequestStep(Step):
    """A step that asks omo for something; unless it says otherwise, it expects to be accepted."""

    request: Name | None = None
    """The request's id: the same id again is the same request. Without one, each step is its own."""
    actor: str = ""
    """Who asks."""
    answer: Answer = Field(default={}, validate_default=True)
    """``"accepted"``, the kind of a refusal, or a table with ``refused`` and the numbers that explain it."""

    def facts(self, scene: Scene) -> tuple[Event, ...]:
        """Give what makes the asker known, where no step describes the record."""
        by = getattr(self, "by", None)
        return scene.bearer(by)[1] if isinstance(by, str) else ()

    @abstractmethod
    def command(self, scene: Scene, at: datetime, request: str) -> Command:
        """Give what is asked."""


class LineModel(Shape):
    """A line of a purchase."""

    sku: Name
    units: int = 1
    amount: Amount
    """What is paid for the whole line, after discounts, tax included."""
    line: Name | None = None
    """Its id; without one, its place: 1, 2, 3."""
    tax: Amount | None = None
    discount: Amount | None = None
    category: str = ""
    location: Name | None = None
    """Whose stock it leaves; for carried goods the store of the sale."""
