"""What every context hears of: sales, refunds, goods handed over.

A ``Sale`` is one version of one sighting of a purchase; ``purchases`` says how sightings become purchases.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Final, Literal

from attrs import field, frozen

from omo_core.errors import Malformed
from omo_core.events import Event, check_items, check_lines, check_serials, check_texts
from omo_core.identifiers import (
    LocationId,
    OrderId,
    ProfileId,
    Sku,
    StreamName,
    order_stream,
    profile_stream,
    stock_stream,
)
from omo_core.instants import utc
from omo_core.kit_parts import KitPart
from omo_core.money import AMOUNT_MAX, currency
from omo_core.quantities import flag, one_of, text, units, whole

Handing = Literal["carried", "ship", "pickup", "none"]
"""How a line reaches the customer: carried out of the store, shipped, picked up later; ``none`` moves no goods."""
Status = Literal["open", "paid", "cancelled"]
Restock = Literal["none", "cancel", "return"]
"""What a refund does to stock: nothing; the units never left and are free again; they came back into a location."""

HANDINGS: Final = ("carried", "ship", "pickup", "none")
STATUSES: Final = ("open", "paid", "cancelled")
RESTOCKS: Final = ("none", "cancel", "return")


def _utc_or_none(value: object) -> datetime | None:
    return None if value is None else utc(value, "ended_at")


@frozen(kw_only=True)
class SaleLine:
    """One line of a purchase, as the customer pays for it."""

    line: str
    """The line's id within its order; refunds and hand-overs name it."""
    sku: Sku
    units: int
    amount: int
    """What is paid for the whole line in minor units: after its share of all discounts, tax included."""
    tax: int = 0
    """The part of ``amount`` that is tax."""
    discount: int = 0
    """What was taken off, already subtracted from ``amount``."""
    category: str = ""
    handing: Handing = "carried"
    location: LocationId | None = None
    """Whose stock it leaves: the store for carried goods; for the rest, where it was sourced, if that is known."""
    kind: Literal["goods", "gift_card", "fee"] = "goods"
    """Gift cards and fees move no stock; a programme says whether they earn."""
    parts: tuple[KitPart, ...] = ()
    """Of a kit, what it was made of when it was sold: its parts leave the shelves, the kit itself has none."""
    lot: str = ""
    """The lot that the units are of, where it is known; a kit's parts have none."""

    @property
    def moves_stock(self) -> bool:
        """Say whether goods leave a location for this line."""
        return self.kind == "goods" and self.handing != "none" and self.units > 0

    def check(self) -> None:
        """Raise ``Malformed`` when the line can't mean anything."""
        text(self.line, "line")
        text(self.sku, "sku")
        units(self.units, "units")
        whole(self.amount, "amount", low=-AMOUNT_MAX, high=AMOUNT_MAX)
        whole(self.tax, "tax", low=-AMOUNT_MAX, high=AMOUNT_MAX)
        whole(self.discount, "discount", low=-AMOUNT_MAX, high=AMOUNT_MAX)
        text(self.category, "category", empty=True)
        one_of(self.handing, HANDINGS, "handing")
        one_of(self.kind, ("goods", "gift_card", "fee"), "kind")
        if self.location is not None:
            text(self.location, "location")
        check_items(self.parts, "parts", KitPart)
        text(self.lot, "lot", empty=True)

    @property
    def skus(self) -> tuple[Sku, ...]:
        """Name the articles whose stock the line takes from."""
        return tuple(part.sku for part in self.parts) or (self.sku,)


@frozen(kw_only=True)
class Tender:
    """A means of payment and how much was paid with it; negative when it was given back."""

    kind: str
    """``cash``, ``card``, ``points``, ``gift_card``, ``store_credit``, ``voucher``, or a name of the shop's own."""
    amount: int

    def check(self) -> None:
        """Raise ``Malformed`` when the tender can't mean anything."""
        text(self.kind, "kind")
        whole(self.amount, "amount", low=-AMOUNT_MAX, high=AMOUNT_MAX)


@frozen(kw_only=True)
class Sale(Event):
    """A purchase was made, or its document changed. Never refused: it has happened."""

    kind: ClassVar[str] = "sale"
    rank: ClassVar[int] = 30

    order: OrderId
    also: tuple[OrderId, ...] = ()
    """Other names of the same purchase, by which refunds or the other sighting know it."""
    authority: int = 0
    """Which sighting counts when a purchase is seen twice: the till's own file (1) over a platform's copy (0)."""
    profile: ProfileId | None = None
    """The customer record that it was bought on; none when anonymous."""
    channel: str = "store"
    """``web``, ``store``, ``app``, ``line`` or a name of the shop's own."""
    location: LocationId | None = None
    """The store that rang it up; none for the web."""
    staff: str = ""
    currency: str
    lines: tuple[SaleLine, ...]
    shipping: int = 0
    """What the customer pays for delivery, tax included."""
    tenders: tuple[Tender, ...] = ()
    status: Status = "paid"
    ended_at: datetime | None = field(default=None, converter=_utc_or_none)
    """When it was cancelled."""

    @property
    def homes(self) -> tuple[StreamName, ...]:
        """Live in the order's history, under each of its names."""
        return (order_stream(self.order), *(order_stream(other) for other in self.also))

    @property
    def streams(self) -> tuple[StreamName, ...]:
        """Stand in the profile's history and in that of each article."""
        skus = dict.fromkeys(stock_stream(sku) for line in self.lines if line.moves_stock for sku in line.skus)
        return (profile_stream(self.profile), *skus) if self.profile is not None else tuple(skus)

    def check(self) -> None:
        """Raise ``Malformed`` when the sale can't mean anything."""
        Event.check(self)
        text(self.order, "order")
        check_texts(self.also, "also")
        if self.profile is not None:
            text(self.profile, "profile")
        text(self.channel, "channel")
        text(self.staff, "staff", empty=True)
        currency(self.currency)
        whole(self.shipping, "shipping", low=-AMOUNT_MAX, high=AMOUNT_MAX)
        whole(self.authority, "authority", low=0, high=9)
        one_of(self.status, STATUSES, "status")
        check_lines(self.lines, SaleLine)
        check_items(self.tenders, "tenders", Tender)
        if len({line.line for line in self.lines}) != len(self.lines):
            raise Malformed("lines", "two lines have the same id")


@frozen(kw_only=True)
class RefundLine:
    """A line, or part of it, that was given money back for."""

    line: str
    """The sale line's id."""
    sku: Sku
    units: int
    amount: int
    """Money given back for it in minor units, tax included."""
    restock: Restock = "none"
    location: LocationId | None = None
    """Where the units went back into stock; for those that never left, where they were allocated, if that is known."""
    allocation: str = ""
    """Which allocation of the line is let go, where units that never left come from several."""
    lot: str = ""
    """The lot of units that came back, where it is known."""
    serials: tuple[str, ...] = ()
    """The serial numbers of units that came back, where they are known."""

    def check(self) -> None:
        """Raise ``Malformed`` when the line can't mean anything."""
        text(self.line, "line")
        text(self.sku, "sku")
        units(self.units, "units")
        whole(self.amount, "amount", low=0, high=AMOUNT_MAX)
        one_of(self.restock, RESTOCKS, "restock")
        text(self.allocation, "allocation", empty=True)
        text(self.lot, "lot", empty=True)
        check_serials(self.serials, self.units)
        if self.location is not None:
            text(self.location, "location")


@frozen(kw_only=True)
class Refund(Event):
    """Money was given back for a purchase. It may arrive before the purchase does."""

    kind: ClassVar[str] = "refund"
    rank: ClassVar[int] = 40

    order: OrderId
    currency: str
    lines: tuple[RefundLine, ...] = ()
    adjustment: int = 0
    """Money given back that belongs to no line (goodwill, a shop's correction), in minor units."""
    shipping: int = 0
    tenders: tuple[Tender, ...] = ()
    """How it was given back, as positive amounts, where the source says so."""
    profile: ProfileId | None = None
    """Who brought goods back without a receipt, if that is known; ``order`` is then a name of the return's own."""

    @property
    def homes(self) -> tuple[StreamName, ...]:
        """Live in the order's history."""
        return (order_stream(self.order),)

    @property
    def streams(self) -> tuple[StreamName, ...]:
        """Stand in the history of each article that moves, and of whoever has no receipt."""
        skus = dict.fromkeys(stock_stream(line.sku) for line in self.lines if line.restock != "none")
        return (profile_stream(self.profile), *skus) if self.profile is not None else tuple(skus)

    def check(self) -> None:
        """Raise ``Malformed`` when the refund can't mean anything."""
        Event.check(self)
        text(self.order, "order")
        if self.profile is not None:
            text(self.profile, "profile")
        currency(self.currency)
        whole(self.adjustment, "adjustment", low=-AMOUNT_MAX, high=AMOUNT_MAX)
        whole(self.shipping, "shipping", low=0, high=AMOUNT_MAX)
        check_lines(self.lines, RefundLine)
        check_items(self.tenders, "tenders", Tender)


@frozen(kw_only=True)
class HandedLine:
    """Units of an order line that were handed over."""

    line: str
    sku: Sku
    units: int
    allocation: str = ""
    """Which allocation of the line it was, where the line comes from several."""
    lot: str = ""
    """The lot that the units are of, where it is known; a kit's parts have none."""

    def check(self) -> None:
        """Raise ``Malformed`` when the line can't mean anything."""
        text(self.line, "line")
        text(self.sku, "sku")
        units(self.units, "units", low=1)
        text(self.allocation, "allocation", empty=True)
        text(self.lot, "lot", empty=True)


@frozen(kw_only=True)
class HandedOver(Event):
    """Goods of an order left a location: shipped, or collected at the counter."""

    kind: ClassVar[str] = "handed_over"
    rank: ClassVar[int] = 35

    order: OrderId
    location: LocationId
    how: Literal["shipped", "collected"]
    lines: tuple[HandedLine, ...]
    cancelled: bool = False
    """The source took it back: the parcel never left."""

    @property
    def homes(self) -> tuple[StreamName, ...]:
        """Live in the order's history."""
        return (order_stream(self.order),)

    @property
    def streams(self) -> tuple[StreamName, ...]:
        """Stand in the history of each article."""
        return tuple(dict.fromkeys(stock_stream(line.sku) for line in self.lines))

    def check(self) -> None:
        """Raise ``Malformed`` when the hand-over can't mean anything."""
        Event.check(self)
        text(self.order, "order")
        text(self.location, "location")
        one_of(self.how, ("shipped", "collected"), "how")
        flag(self.cancelled, "cancelled")
        check_lines(self.lines, HandedLine)
        if not self.lines and not self.cancelled:
            raise Malformed("lines", "are none: nothing has left")
