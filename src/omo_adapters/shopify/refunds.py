"""A refund says the same whether it comes by itself (``refunds/create``) or inside of every later version of its order.

So it is read from its own fields alone. Lines, shipping and adjustment add up to the money that was given back:

* Shopify states a line's subtotal and tax apart, and does not say whether the subtotal contains the tax. The money that
  moved tells; where none moved, the lines' tax rates tell (``_tax_on_top``).
* An order adjustment is signed as in the shop's books. Here, what goes to the customer is positive.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Final

from attrs import frozen

from omo_adapters.inbound import Context, Ignored, Outcome, Understood
from omo_adapters.shopify import ids
from omo_adapters.shopify.amounts import allocated, in_shop_money, moved, stated
from omo_adapters.shopify.articles import article, line_number
from omo_adapters.shopify.decoding import instant
from omo_adapters.shopify.payloads import OrderAdjustment, Refund, RefundedLine
from omo_core.errors import Malformed
from omo_core.money import currency
from omo_core.trade import Refund as RefundEvent
from omo_core.trade import RefundLine, Restock

RESTOCKS: Final[dict[str, Restock]] = {
    "no_restock": "none",
    "cancel": "cancel",
    "return": "return",
    "legacy_restock": "return",
}
"""What Shopify did with the units: nothing; they had never left and are free again; they came back into a location."""


def read_refund(refund: Refund, context: Context, *, test_orders: bool = False) -> Outcome:
    """Give the refund as an event."""
    if refund.transactions and all(one.test for one in refund.transactions) and not test_orders:
        return Ignored(reason="refund of a test payment")
    return Understood(events=(refund_event(refund, context, str(refund.order_id)),))


def refund_event(refund: Refund, context: Context, order: str) -> RefundEvent:
    """Give the refund as an event of the order with this number."""
    code = currency(_currency(refund, context))
    books = _books(refund, code)
    tenders = moved(refund.transactions, ("refund",), code)
    paid = None if tenders is None else sum(tender.amount for tender in tenders)
    on_top = _tax_on_top(refund, books, paid, code)
    found = RefundEvent(
        id=ids.refund_event(refund.number),
        at=instant(refund.processed_at or refund.created_at, "processed_at"),
        source=ids.SOURCE,
        order=ids.order_id(order),
        currency=code,
        lines=tuple(
            _line(one, context, amount + tax * on_top)
            for one, (amount, tax) in zip(refund.refund_line_items, books.lines, strict=True)
        ),
        shipping=books.shipping[0] + books.shipping[1] * on_top,
        adjustment=books.adjustment[0] + books.adjustment[1] * on_top,
        tenders=tenders or (),
    )
    found.check()
    return found


def _currency(refund: Refund, context: Context) -> str:
    """Find the shop's currency, which a refund names only beside its amounts."""
    sets = [one.subtotal_set for one in refund.refund_line_items]
    sets += [one.subtotal_amount_set for one in refund.refund_shipping_lines]
    sets += [one.amount_set for one in refund.order_adjustments]
    sets += [one.amount_set for one in refund.duties]
    named = (both.shop_money.currency_code for both in sets if both is not None)
    return next((code for code in named if code), context.currency)


@frozen
class _Books:
    """What a refund states, each as (amount, tax)."""

    lines: tuple[tuple[int, int], ...]
    shipping: tuple[int, int]
    adjustment: tuple[int, int]

    @property
    def tax(self) -> int:
        return sum(tax for _, tax in self.lines) + self.shipping[1] + self.adjustment[1]

    @property
    def before_tax(self) -> int:
        return sum(amount for amount, _ in self.lines) + self.shipping[0] + self.adjustment[0]


def _books(refund: Refund, code: str) -> _Books:
    lines = tuple(
        (
            in_shop_money(one.subtotal, one.subtotal_set, code, f"refund_line_items[{place}].subtotal"),
            in_shop_money(one.total_tax, one.total_tax_set, code, f"refund_line_items[{place}].total_tax"),
        )
        for place, one in enumerate(refund.refund_line_items)
    )
    duties = sum(stated(one.amount_set, code, "duties.amount_set") for one in refund.duties)
    other = _adjusted([one for one in refund.order_adjustments if one.kind != "shipping_refund"], code)
    return _Books(lines, _shipping(refund, code), (other[0] + duties, other[1]))


def _shipping(refund: Refund, code: str) -> tuple[int, int]:
    """Read delivery costs given back: from version 2024-10 on they have a list of their own, before, an adjustment."""
    if not refund.refund_shipping_lines:
        return _adjusted([one for one in refund.order_adjustments if one.kind == "shipping_refund"], code)
    lines = refund.refund_shipping_lines
    return (
        sum(stated(one.subtotal_amount_set, code, "refund_shipping_lines.subtotal_amount_set") for one in lines),
        sum(stated(one.tax_amount_set, code, "refund_shipping_lines.tax_amount_set") for one in lines),
    )


def _adjusted(adjustments: list[OrderAdjustment], code: str) -> tuple[int, int]:
    return (
        -sum(in_shop_money(one.amount, one.amount_set, code, "order_adjustments.amount") for one in adjustments),
        -sum(in_shop_money(one.tax_amount, one.tax_amount_set, code, "order_adjustments.tax") for one in adjustments),
    )


def _line(one: RefundedLine, context: Context, amount: int) -> RefundLine:
    restock = RESTOCKS.get(one.restock_type)
    if restock is None:
        raise Malformed("refund_line_items.restock_type", f"{one.restock_type!r:.40} is not one that is known")
    return RefundLine(
        line=line_number(one.line_item),
        sku=article(one.line_item),
        units=one.quantity,
        amount=amount,
        restock=restock,
        location=None if one.location_id is None else context.location("shopify", str(one.location_id)),
    )


def _tax_on_top(refund: Refund, books: _Books, paid: int | None, code: str) -> bool:
    """Say whether subtotals are without their tax: as the money tells, else as the rates tell, else they contain it."""
    if books.tax == 0:
        return False
    if paid == books.before_tax + books.tax:
        return True
    if paid == books.before_tax:
        return False
    return _rates_say_on_top(refund, code)


def _rates_say_on_top(refund: Refund, code: str) -> bool:
    """Compare the taxes with what the lines' rates come to on top of the price, and inside of it."""
    stated_tax = on_top = inside = Decimal(0)
    for one in refund.refund_line_items:
        line = one.line_item
        price = in_shop_money(line.price, line.price_set, code, "refund_line_items.line_item.price") * line.quantity
        base = Decimal(price - allocated(line.discount_allocations, code, "refund_line_items.line_item"))
        rates = [_rate(str(tax.rate)) for tax in line.tax_lines]
        stated_tax += sum(
            in_shop_money(tax.price, tax.price_set, code, "refund_line_items.line_item.tax_lines")
            for tax in line.tax_lines
        )
        on_top += base * sum(rates)
        inside += base * sum(rates) / (1 + sum(rates))
    return abs(stated_tax - on_top) < abs(stated_tax - inside)


def _rate(text: str) -> Decimal:
    try:
        rate = Decimal(text)
    except InvalidOperation:
        rate = Decimal(-1)
    if not 0 <= rate <= 100:
        raise Malformed("refund_line_items.line_item.tax_lines.rate", f"{text!r:.40} is not a tax rate")
    return rate
