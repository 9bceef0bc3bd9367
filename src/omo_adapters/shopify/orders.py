"""An order becomes a sale in one of its versions, and whatever refunds and hand-overs it carries with it.

What a line's units and amount are, when orders change after the fact:

* Units and amount are **as ordered**. What is taken back later, by refund or by return, is a refund's business, and
  every refund is an event of its own. ``current_quantity`` is what is left, so counting it would subtract twice.
* An order that is *edited* loses lines in two ways. Shopify writes most removals down as a refund without money
  (``restock_type`` ``cancel``), which is met by the rule above. Units that are gone from ``current_quantity`` though no
  refund of the same body takes them back were never sold: they are left out, with their share of the amount.
* Nothing is left out where the body does not state its refunds at all.

Everything is in the shop's currency and with tax; what the customer was shown in another currency is not kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from omo_adapters.inbound import Context, Ignored, Outcome, Understood, receipt_order
from omo_adapters.shopify import ids
from omo_adapters.shopify.amounts import allocated, in_shop_money, means, moved, stated, taxes
from omo_adapters.shopify.articles import article, counted, line_number
from omo_adapters.shopify.decoding import instant
from omo_adapters.shopify.fulfillments import hand_over
from omo_adapters.shopify.payloads import Order, OrderLine
from omo_adapters.shopify.pickups import place_of_pickup
from omo_adapters.shopify.refunds import refund_event
from omo_core.errors import Malformed
from omo_core.events import Event
from omo_core.identifiers import LocationId, OrderId, ProfileId, Sku
from omo_core.instants import micros
from omo_core.money import currency, split
from omo_core.trade import Handing, Sale, SaleLine, Status, Tender

FINANCIAL: Final[dict[str, tuple[Status, int]]] = {
    "pending": ("open", 0),
    "authorized": ("open", 1),
    "expired": ("open", 2),
    "partially_paid": ("open", 3),
    "paid": ("paid", 4),
    "partially_refunded": ("paid", 5),
    "refunded": ("paid", 6),
    "voided": ("open", 7),
}
"""Shopify's financial states: what each means for the sale, and how far along it is.

Authorised money has not been taken, a part is not the whole, so both leave the sale open. What was refunded was paid
once; the refund is an event of its own. A voided order was never paid; where it was also cancelled, that counts.
"""

CHANNELS: Final = {"pos": "store", "web": "web", "line": "line", "whatsapp": "whatsapp", "app": "app"}
"""``source_name`` to channel. Drafts, and apps that Shopify knows by a number, sell on the web."""


def read_order(order: Order, context: Context, *, test_orders: bool = False) -> Outcome:
    """Give a sale, and the refunds and hand-overs that stand in the order's body."""
    if order.test and not test_orders:
        return Ignored(reason="test order")
    return Understood(events=tuple(_events(order, context)))


def _events(order: Order, context: Context) -> Iterator[Event]:
    yield sale(order, context)
    for place, refund in enumerate(order.refunds or ()):
        try:
            yield refund_event(refund, context, order.number)
        except Malformed as complaint:
            raise complaint.under(f"refunds[{place}]") from None
    for place, fulfillment in enumerate(order.fulfillments):
        try:
            handed = hand_over(fulfillment, context, order.number)
        except Malformed as complaint:
            raise complaint.under(f"fulfillments[{place}]") from None
        if handed is not None:
            yield handed


def sale(order: Order, context: Context) -> Sale:
    """Give the order as one version of a sale."""
    code = currency(order.currency)
    in_store = order.source_name == "pos"
    store = context.location("shopify", str(order.location_id)) if in_store and order.location_id is not None else None
    lines = tuple(_lines(order, context, store))
    shipping = _shipping(order, code)
    lines += tuple(_extras(order, code, sum(line.amount for line in lines) + shipping))
    status, _ = _financial(order)
    found = Sale(
        id=ids.sale_event(order.number),
        at=instant(order.processed_at or order.created_at, "processed_at"),
        version=_version(order),
        source=ids.SOURCE,
        order=ids.order_id(order.number),
        also=_receipt(order, context) if in_store else (),
        profile=_bearer(order),
        channel=CHANNELS.get(order.source_name, "web"),
        location=store,
        staff=f"shopify:{order.user_id}" if order.user_id is not None else "",
        currency=code,
        lines=lines,
        shipping=shipping,
        tenders=_tenders(order, code) if status == "paid" else (),
        status="cancelled" if order.cancelled_at else status,
        ended_at=instant(order.cancelled_at, "cancelled_at") if order.cancelled_at else None,
    )
    found.check()
    return found


def _financial(order: Order) -> tuple[Status, int]:
    found = FINANCIAL.get(order.financial_status)
    if found is None:
        raise Malformed("financial_status", f"{order.financial_status!r:.40} is not one that is known")
    return found


def _version(order: Order) -> int:
    """Number an order's version by when it was updated.

    Shopify states seconds, and a till's order is created, paid and fulfilled within one. So the state that is further
    along goes first within a second, in the microseconds that Shopify leaves free.
    """
    _, progress = _financial(order)
    at = instant(order.updated_at or order.created_at, "updated_at")
    return micros(at) + progress + (len(FINANCIAL) if order.cancelled_at else 0)


def _bearer(order: Order) -> ProfileId | None:
    return None if order.customer is None else ids.profile_id(order.customer.number)


def _receipt(order: Order, context: Context) -> tuple[OrderId, ...]:
    """Name the order by the till's receipt too: ``<location>-<device>-<receipt>``."""
    location, _, rest = order.source_identifier.partition("-")
    device, _, receipt = rest.partition("-")
    if not (location.isdigit() and device and receipt):
        return ()
    return (receipt_order(context.location("shopify", location), device, receipt),)


DEFAULT_LOCATION: Final = "shopify:default"
"""Under which ``Context.locations`` has the place that Shopify takes web orders off, where there is one. Its levels
leave out what it promised there already; only if omo's promise lies there too is it not taken off twice."""


def _lines(order: Order, context: Context, store: LocationId | None) -> Iterator[SaleLine]:
    gone = _never_sold(order)
    delivered = [line for line in order.shipping_lines if not line.is_removed]
    for place, line in enumerate(order.line_items):
        path = f"line_items[{place}]"
        pickup = place_of_pickup(delivered, line, context)
        handing: Handing = "none"
        location: LocationId | None = None
        if counted(line):
            if pickup is not None:
                handing, location = "pickup", pickup.location
            elif order.source_name == "pos" and not delivered:
                handing, location = "carried", store
            else:
                handing, location = "ship", context.locations.get(DEFAULT_LOCATION)
        yield _line(order, line, handing, location, gone.get(line_number(line), 0) if gone else 0, path)


def _line(
    order: Order, line: OrderLine, handing: Handing, location: LocationId | None, gone: int, path: str
) -> SaleLine:
    code = order.currency
    discount = allocated(line.discount_allocations, code, path) if line.discount_allocations else 0
    if not line.discount_allocations:
        discount = in_shop_money(line.total_discount, line.total_discount_set, code, f"{path}.total_discount")
    tax = taxes(line.tax_lines, code, path)
    amount = in_shop_money(line.price, line.price_set, code, f"{path}.price") * line.quantity - discount
    amount += 0 if order.taxes_included else tax
    kept = (line.quantity - gone, gone)
    return SaleLine(
        line=line_number(line),
        sku=article(line),
        units=kept[0],
        amount=split(amount, kept)[0] if gone else amount,
        tax=split(tax, kept)[0] if gone else tax,
        discount=split(discount, kept)[0] if gone else discount,
        handing=handing,
        location=location,
        kind="gift_card" if line.gift_card else _fee_or_goods(order, line, amount),
    )


def _fee_or_goods(order: Order, line: OrderLine, amount: int) -> Literal["goods", "fee"]:
    """Tell a tip from goods: Shopify writes it as a line that is no article, and states the same sum as tip."""
    if line.sku or line.variant_id is not None:
        return "goods"
    tip = in_shop_money(order.total_tip_received, None, order.currency, "total_tip_received")
    return "fee" if tip and amount == tip else "goods"


def _never_sold(order: Order) -> dict[str, int]:
    """Count the units that an edit removed without a refund that would take them back."""
    fewer = [
        (line, line.quantity - line.current_quantity)
        for line in order.line_items
        if line.current_quantity is not None and line.current_quantity < line.quantity
    ]
    if order.refunds is None or not fewer:
        return {}
    back: dict[str, int] = {}
    for refund in order.refunds:
        for one in refund.refund_line_items:
            number = line_number(one.line_item)
            back[number] = back.get(number, 0) + one.quantity
    gone = {line_number(line): units - back.get(line_number(line), 0) for line, units in fewer}
    return {number: units for number, units in gone.items() if units > 0}


def _shipping(order: Order, code: str) -> int:
    """Sum what delivery costs after its discounts, with tax; a way that was removed counts only if it was refunded."""
    refunded = {
        one.shipping_line.id for r in order.refunds or () for one in r.refund_shipping_lines if one.shipping_line
    }
    total = 0
    for place, line in enumerate(order.shipping_lines):
        if line.is_removed and line.id not in refunded:
            continue
        path = f"shipping_lines[{place}]"
        total += in_shop_money(line.price, line.price_set, code, f"{path}.price")
        total -= allocated(line.discount_allocations, code, path)
        total += 0 if order.taxes_included else taxes(line.tax_lines, code, path)
    return total


def _total(order: Order, code: str) -> int:
    return in_shop_money(order.total_price, order.total_price_set, code, "total_price")


def _extras(order: Order, code: str, so_far: int) -> Iterator[SaleLine]:
    """Give tips, duties and fees as lines, as far as the order's total says that no line has them yet."""
    missing = _total(order, code) - so_far
    for name, amount in (
        ("tip", in_shop_money(order.total_tip_received, None, code, "total_tip_received")),
        ("duties", stated(order.original_total_duties_set, code, "original_total_duties_set")),
        ("fees", stated(order.original_total_additional_fees_set, code, "original_total_additional_fees_set")),
    ):
        if 0 < amount <= missing:
            missing -= amount
            yield SaleLine(line=name, sku=Sku(f"shopify:{name}"), units=1, amount=amount, handing="none", kind="fee")


def _tenders(order: Order, code: str) -> tuple[Tender, ...]:
    """Say how the order was paid, where that is certain.

    Orders name their gateways without amounts. One gateway took everything (with the rounding of cash at the till);
    of several, nobody knows which took how much, unless the body has the transactions.
    """
    if order.transactions:
        return moved(order.transactions, ("sale", "capture"), code) or ()
    if len(set(order.payment_gateway_names)) != 1:
        return ()
    rounding = stated(
        order.total_cash_rounding_payment_adjustment_set, code, "total_cash_rounding_payment_adjustment_set"
    )
    return (Tender(kind=means(order.payment_gateway_names[0]), amount=_total(order, code) + rounding),)
