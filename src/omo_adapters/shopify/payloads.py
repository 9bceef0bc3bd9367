"""The fields of Shopify's webhook bodies that omo uses, and nothing else of them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from omo_adapters.shopify.shapes import (
    Amount,
    DiscountAllocation,
    Document,
    Many,
    MoneySet,
    Number,
    Payload,
    Quantity,
    TaxLine,
)


class Property(Payload):
    """A remark that a storefront put on a line."""

    name: str = ""
    value: object = ""


class Article(Document):
    """What orders, refunds and fulfilments all say of a line."""

    sku: str = ""
    variant_id: Number | None = None
    quantity: Quantity
    gift_card: bool = False
    requires_shipping: bool = True


class PricedLine(Article):
    """A line with what it cost."""

    price: Amount = ""
    price_set: MoneySet | None = None
    total_discount: Amount = ""
    total_discount_set: MoneySet | None = None
    discount_allocations: Many[DiscountAllocation] = ()
    tax_lines: Many[TaxLine] = ()


class OrderLine(PricedLine):
    """A line of an order."""

    current_quantity: Quantity | None = None
    properties: Many[Property] = ()


class ShippingLine(Payload):
    """A way of delivery that was chosen, and its price."""

    id: Number | None = None
    code: str = ""
    title: str = ""
    delivery_category: str = ""
    is_removed: bool = False
    price: Amount = ""
    price_set: MoneySet | None = None
    discount_allocations: Many[DiscountAllocation] = ()
    tax_lines: Many[TaxLine] = ()


class Transaction(Payload):
    """A movement of money."""

    kind: str = ""
    status: str = ""
    gateway: str = ""
    amount: Amount = ""
    currency: str = ""
    test: bool = False


class RefundedLine(Payload):
    """A line, or part of it, in a refund."""

    quantity: Quantity
    line_item_id: Number | None = None
    line_item: PricedLine
    location_id: Number | None = None
    restock_type: str = "no_restock"
    subtotal: Amount = ""
    subtotal_set: MoneySet | None = None
    total_tax: Amount = ""
    total_tax_set: MoneySet | None = None


class Named(Payload):
    """A reference to another part of the same order."""

    id: Number | None = None


class RefundedShipping(Payload):
    """Delivery costs given back (from API version 2024-10 on)."""

    shipping_line: Named | None = None
    subtotal_amount_set: MoneySet | None = None
    tax_amount_set: MoneySet | None = None


class RefundedDuty(Payload):
    """Customs duties given back."""

    amount_set: MoneySet | None = None


class OrderAdjustment(Payload):
    """A difference between what a refund's lines come to and what was given back.

    Signed as in the shop's books: what was given back beyond the lines is negative, what was kept is positive.
    """

    kind: str = ""
    amount: Amount = ""
    amount_set: MoneySet | None = None
    tax_amount: Amount = ""
    tax_amount_set: MoneySet | None = None


class Refund(Document):
    """``refunds/create``, and each of an order's ``refunds``."""

    order_id: Number
    created_at: str = ""
    processed_at: str = ""
    refund_line_items: Many[RefundedLine]
    order_adjustments: Many[OrderAdjustment] = ()
    refund_shipping_lines: Many[RefundedShipping] = ()
    duties: Many[RefundedDuty] = ()
    transactions: Many[Transaction] = ()


class Fulfillment(Document):
    """``fulfillments/*``, and each of an order's ``fulfillments``."""

    order_id: Number
    status: str
    created_at: str = ""
    updated_at: str = ""
    location_id: Number | None = None
    service: str = ""
    shipment_status: str = ""
    line_items: Many[Article] = ()


class Reference(Document):
    """A customer as an order names it. An order's copy of the record is not complete, so it only counts as a name."""


class Order(Document):
    """``orders/*`` and each order of an export."""

    created_at: str
    updated_at: str = ""
    processed_at: str = ""
    cancelled_at: str = ""
    currency: str
    financial_status: str = "pending"
    source_name: str = "web"
    source_identifier: str = ""
    location_id: Number | None = None
    user_id: Number | None = None
    test: bool = False
    taxes_included: bool = False
    customer: Reference | None = None
    line_items: Many[OrderLine]
    shipping_lines: Many[ShippingLine] = ()
    refunds: Many[Refund] | None = None
    fulfillments: Many[Fulfillment] = ()
    payment_gateway_names: Many[str] = ()
    transactions: Many[Transaction] = ()
    total_price: Amount
    total_price_set: MoneySet | None = None
    total_tip_received: Amount = ""
    original_total_duties_set: MoneySet | None = None
    original_total_additional_fees_set: MoneySet | None = None
    total_cash_rounding_payment_adjustment_set: MoneySet | None = None


class InventoryLevel(Payload):
    """``inventory_levels/*``."""

    inventory_item_id: Number
    location_id: Number
    available: Annotated[int, Field(gt=-(10**10), lt=10**10)] | None = None
    updated_at: str = ""
    admin_graphql_api_id: str = ""

    @property
    def item(self) -> str:
        """Give the article's exact number: the global id carries it as a parameter."""
        exact = self.admin_graphql_api_id.partition("?inventory_item_id=")[2]
        return exact if exact.isascii() and exact.isdigit() and len(exact) <= 20 else str(self.inventory_item_id)


class Variant(Document):
    """An article of a product."""

    sku: str = ""
    inventory_item_id: Number | None = None


class Product(Document):
    """``products/create`` and ``products/update``."""

    variants: Many[Variant]


class InventoryItem(Document):
    """``inventory_items/create`` and ``update``."""

    sku: str = ""
