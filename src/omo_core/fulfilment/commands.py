"""What somebody may ask about an order."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from omo_core.decisions import Command, require
from omo_core.events import check_items, check_tuple
from omo_core.identifiers import HoldId, LocationId, OrderId, ProfileId, Sku
from omo_core.money import AMOUNT_MAX, currency
from omo_core.quantities import LINES_MAX, text, units, whole
from omo_core.trade import Tender


@frozen(kw_only=True)
class OrderLine:
    """An article in an order, at the price the customer was quoted."""

    line: str
    sku: Sku
    units: int
    amount: int
    """For the whole line in minor units, after discounts, tax included."""
    tax: int = 0

    def check(self) -> None:
        """Raise ``Malformed`` when the line can't mean anything."""
        text(self.line, "line")
        text(self.sku, "sku")
        units(self.units, "units", low=1)
        whole(self.amount, "amount", low=0, high=AMOUNT_MAX)
        whole(self.tax, "tax", low=0, high=AMOUNT_MAX)


@frozen(kw_only=True)
class PlacePickupOrder(Command):
    """Buy online, pick up in this store, from this store's own stock; paid for already."""

    kind: ClassVar[str] = "place_pickup_order"

    order: OrderId
    profile: ProfileId | None = None
    channel: str = "web"
    location: LocationId
    currency: str
    lines: tuple[OrderLine, ...]
    tenders: tuple[Tender, ...] = ()
    hold: HoldId | None = None
    """The basket's own hold, which the order takes over."""

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        Command.check(self)
        text(self.order, "order")
        if self.profile is not None:
            text(self.profile, "profile")
        text(self.channel, "channel")
        text(self.location, "location")
        currency(self.currency)
        require(
            0 < len(check_tuple(self.lines, "lines")) <= LINES_MAX,
            "lines",
            f"has {len(self.lines)} lines, the limit is {LINES_MAX}",
        )
        check_items(self.lines, "lines", OrderLine)
        check_items(self.tenders, "tenders", Tender)
        require(len({line.line for line in self.lines}) == len(self.lines), "lines", "two lines have the same id")
        if self.hold is not None:
            text(self.hold, "hold")


@frozen(kw_only=True)
class _OnOrder(Command):
    order: OrderId

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        Command.check(self)
        text(self.order, "order")


@frozen(kw_only=True)
class _AtCounter(_OnOrder):
    location: LocationId | None = None
    """The store whose counter it is; without one, the store that the order is to be picked up in."""

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything."""
        _OnOrder.check(self)
        if self.location is not None:
            text(self.location, "location")


@frozen(kw_only=True)
class MarkReady(_AtCounter):
    """The store has picked the order; it can be collected."""

    kind: ClassVar[str] = "mark_ready"


@frozen(kw_only=True)
class CollectOrder(_AtCounter):
    """The customer is at the counter and takes the goods."""

    kind: ClassVar[str] = "collect_order"


@frozen(kw_only=True)
class CancelOrder(_OnOrder):
    """Give the whole order up before it is handed over."""

    kind: ClassVar[str] = "cancel_order"
