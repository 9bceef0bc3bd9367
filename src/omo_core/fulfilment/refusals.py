"""Why an order does not go on, in order of precedence: where several apply, the first is given."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from omo_core.decisions import Refusal
from omo_core.identifiers import LocationId, OrderId, Sku


@frozen(kw_only=True)
class OrderExists(Refusal):
    """A purchase goes by that id already."""

    kind: ClassVar[str] = "order_exists"
    order: OrderId

    def say(self) -> str:
        """Say it to people."""
        return f"There is an order {self.order} already."


@frozen(kw_only=True)
class OrderUnknown(Refusal):
    """No purchase goes by that id."""

    kind: ClassVar[str] = "order_unknown"
    worth_retrying: ClassVar[bool] = True
    order: OrderId

    def say(self) -> str:
        """Say it to people."""
        return f"There is no order {self.order}."


@frozen(kw_only=True)
class WrongState(Refusal):
    """The order is not in a state from which this can be done."""

    kind: ClassVar[str] = "wrong_state"
    order: OrderId
    state: str
    asked: str

    def say(self) -> str:
        """Say it to people."""
        return f"The order {self.order} is {self.state}: the step {self.asked!r} does not lead on from there."


@frozen(kw_only=True)
class GoodsElsewhere(Refusal):
    """Goods of the order are to come from somewhere else: they can't be handed over at this counter."""

    kind: ClassVar[str] = "goods_elsewhere"
    order: OrderId
    location: LocationId
    """The counter."""
    elsewhere: tuple[LocationId, ...]
    """Where they are to come from; empty when that is not decided."""

    def say(self) -> str:
        """Say it to people."""
        where = f"in {', '.join(self.elsewhere)}" if self.elsewhere else "in no place yet"
        return f"Goods of order {self.order} wait {where}, not in {self.location}."


@frozen(kw_only=True)
class Missing(Refusal):
    """Fewer units of one article are free in the store than the order wants of it, all lines together."""

    kind: ClassVar[str] = "missing"
    sku: Sku
    asked: int
    free: int

    def say(self) -> str:
        """Say it to people."""
        return f"{self.asked} of {self.sku} were asked for, {self.free} are free there."


@frozen(kw_only=True)
class NotInStore(Refusal):
    """The store does not have all of it free; nothing was promised."""

    kind: ClassVar[str] = "not_in_store"
    worth_retrying: ClassVar[bool] = True
    location: LocationId
    missing: tuple[Missing, ...]
    """Every article that falls short, in the order asked."""

    def say(self) -> str:
        """Say it to people."""
        return " ".join(missing.say() for missing in self.missing)


FulfilmentRefusal = OrderExists | OrderUnknown | WrongState | GoodsElsewhere | NotInStore
