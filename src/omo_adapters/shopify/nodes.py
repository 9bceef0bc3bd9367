"""GraphQL's shape of Shopify's documents turned into that of the webhooks, so that one set of rules reads both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from omo_adapters.shopify.shapes import gid_number
from omo_core.errors import Malformed

Node = Mapping[str, object]


def kind_of(node: Node) -> str:
    """Say what a node is: by its type name where the query asked for it, else by its global id."""
    named = node.get("__typename")
    gid = node.get("id")
    if isinstance(named, str):
        return named
    return gid.removeprefix("gid://shopify/").partition("/")[0] if isinstance(gid, str) else ""


def members(value: object, path: str) -> list[Node]:
    """List the nodes of a list, of a connection with ``nodes``, or of one with ``edges``."""
    if isinstance(value, Mapping):
        nodes = value.get("nodes")
        value = [one.get("node") for one in members(value.get("edges"), path)] if nodes is None else nodes
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise Malformed(path, "is not a list of nodes")
    return value


def order_body(node: Node, lines: Sequence[Node], ways: Sequence[Node]) -> Node:
    """Shape an order."""
    rounding = _part(node, "totalCashRoundingAdjustment")
    return _stated(
        {
            **_named(node),
            "created_at": node.get("createdAt"),
            "updated_at": node.get("updatedAt"),
            "processed_at": node.get("processedAt"),
            "cancelled_at": node.get("cancelledAt"),
            "currency": node.get("currencyCode"),
            "financial_status": _lower(node, "displayFinancialStatus"),
            "source_name": node.get("sourceName"),
            "source_identifier": node.get("sourceIdentifier"),
            "location_id": _number(_part(node, "retailLocation")),
            "user_id": _number(_part(node, "staffMember")),
            "test": node.get("test"),
            "taxes_included": node.get("taxesIncluded"),
            "customer": _named(_part(node, "customer")) or None,
            "payment_gateway_names": node.get("paymentGatewayNames"),
            "total_price": _amount(node, "totalPriceSet"),
            "total_tip_received": _amount(node, "totalTipReceivedSet"),
            "original_total_duties_set": _money(node, "originalTotalDutiesSet"),
            "original_total_additional_fees_set": _money(node, "originalTotalAdditionalFeesSet"),
            "total_cash_rounding_payment_adjustment_set": _money(rounding, "paymentSet"),
            "line_items": [_order_line(line) for line in lines],
            "shipping_lines": [_shipping_line(way) for way in ways],
        }
    )


def refund_body(node: Node, order: str) -> Node:
    """Shape a refund of the order with this number."""
    duties = members(node.get("duties"), "duties")
    return _stated(
        {
            **_named(node),
            "order_id": int(order),
            "created_at": node.get("createdAt"),
            "processed_at": node.get("processedAt"),
            "refund_line_items": [_refunded(one) for one in members(node.get("refundLineItems"), "refundLineItems")],
            "refund_shipping_lines": [
                _stated(
                    {
                        "shipping_line": _stated({"id": _number(_part(one, "shippingLine"))}),
                        "subtotal_amount_set": _money(one, "subtotalAmountSet"),
                        "tax_amount_set": _money(one, "taxAmountSet"),
                    }
                )
                for one in members(node.get("refundShippingLines"), "refundShippingLines")
            ],
            "order_adjustments": [
                _stated({"amount_set": _money(one, "amountSet"), "tax_amount_set": _money(one, "taxAmountSet")})
                for one in (*members(node.get("orderAdjustments"), "orderAdjustments"),)
            ],
            "duties": [_stated({"amount_set": _money(one, "amountSet")}) for one in duties],
            "transactions": [_transaction(one) for one in members(node.get("transactions"), "transactions")],
        }
    )


def fulfillment_body(node: Node, order: str, lines: Iterable[Node]) -> Node:
    """Shape a fulfilment of the order with this number."""
    return _stated(
        {
            **_named(node),
            "order_id": int(order),
            "status": _lower(node, "status"),
            "shipment_status": _lower(node, "displayStatus"),
            "created_at": node.get("createdAt"),
            "updated_at": node.get("updatedAt"),
            "location_id": _number(_part(node, "location")),
            "service": _part(node, "service").get("handle"),
            "line_items": [{**_article(_part(one, "lineItem")), "quantity": one.get("quantity")} for one in lines],
        }
    )


def customer_body(node: Node) -> Node:
    """Shape a customer record."""
    email, phone = _part(node, "defaultEmailAddress"), _part(node, "defaultPhoneNumber")
    tags = node.get("tags")
    return _stated(
        {
            **_named(node),
            "created_at": node.get("createdAt"),
            "updated_at": node.get("updatedAt"),
            "first_name": node.get("firstName"),
            "last_name": node.get("lastName"),
            "verified_email": node.get("verifiedEmail"),
            "note": node.get("note"),
            "tags": ",".join(str(tag) for tag in tags) if isinstance(tags, list) else tags,
            "email": email.get("emailAddress"),
            "phone": phone.get("phoneNumber"),
            "email_marketing_consent": _stated(
                {"state": _lower(email, "marketingState"), "consent_updated_at": email.get("marketingUpdatedAt")}
            ),
            "sms_marketing_consent": _stated(
                {"state": _lower(phone, "marketingState"), "consent_updated_at": phone.get("marketingUpdatedAt")}
            ),
            "default_address": node.get("defaultAddress"),
        }
    )


def level_body(node: Node, item: str) -> Node:
    """Shape an article's level in one place."""
    available = [
        one.get("quantity") for one in members(node.get("quantities"), "quantities") if one.get("name") == "available"
    ]
    return _stated(
        {
            "inventory_item_id": int(item),
            "location_id": _number(_part(node, "location")),
            "available": available[0] if available else None,
            "updated_at": node.get("updatedAt"),
        }
    )


def _order_line(node: Node) -> Node:
    remarks = members(node.get("customAttributes"), "customAttributes")
    return _stated(
        {
            **_priced_line(node),
            "current_quantity": node.get("currentQuantity"),
            "properties": [_stated({"name": one.get("key"), "value": one.get("value")}) for one in remarks],
        }
    )


def _priced_line(node: Node) -> Node:
    return _stated(
        {
            **_article(node),
            "price_set": _money(node, "originalUnitPriceSet"),
            "total_discount_set": _money(node, "totalDiscountSet"),
            **_discounts_and_taxes(node),
        }
    )


def _article(node: Node) -> Node:
    return _stated(
        {
            **_named(node),
            "sku": node.get("sku"),
            "variant_id": _number(_part(node, "variant")),
            "quantity": node.get("quantity"),
            "gift_card": node.get("isGiftCard"),
            "requires_shipping": node.get("requiresShipping"),
        }
    )


def _shipping_line(node: Node) -> Node:
    return _stated(
        {
            "id": _number(node),
            "code": node.get("code"),
            "title": node.get("title"),
            "delivery_category": node.get("deliveryCategory"),
            "is_removed": node.get("isRemoved"),
            "price_set": _money(node, "originalPriceSet"),
            **_discounts_and_taxes(node),
        }
    )


def _discounts_and_taxes(node: Node) -> Node:
    shares = members(node.get("discountAllocations"), "discountAllocations")
    taxes = members(node.get("taxLines"), "taxLines")
    return {
        "discount_allocations": [_stated({"amount_set": _money(one, "allocatedAmountSet")}) for one in shares],
        "tax_lines": [_stated({"price_set": _money(one, "priceSet"), "rate": one.get("rate")}) for one in taxes],
    }


def _refunded(node: Node) -> Node:
    return _stated(
        {
            "quantity": node.get("quantity"),
            "line_item": _priced_line(_part(node, "lineItem")),
            "location_id": _number(_part(node, "location")),
            "restock_type": _lower(node, "restockType"),
            "subtotal_set": _money(node, "subtotalSet"),
            "total_tax_set": _money(node, "totalTaxSet"),
        }
    )


def _transaction(node: Node) -> Node:
    paid = _part(_part(node, "amountSet"), "presentmentMoney")
    return _stated(
        {
            "kind": _lower(node, "kind"),
            "status": _lower(node, "status"),
            "gateway": node.get("gateway"),
            "test": node.get("test"),
            "amount": paid.get("amount"),
            "currency": paid.get("currencyCode"),
        }
    )


EMPTY: Final[Node] = {}


def _part(node: Node, name: str) -> Node:
    found = node.get(name)
    if found is None:
        return EMPTY
    if not isinstance(found, Mapping):
        raise Malformed(name, "is not an object")
    return found


def _stated(fields: Node) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not None}


def _named(node: Node) -> Node:
    gid = node.get("id")
    return {} if gid is None else {"id": _number(node), "admin_graphql_api_id": gid}


def _number(node: Node) -> int | None:
    gid = node.get("id")
    return None if gid is None else int(gid_number(str(gid), "id"))


def _lower(node: Node, name: str) -> object:
    found = node.get(name)
    return found.lower() if isinstance(found, str) else found


def _money(node: Node, name: str) -> Node | None:
    found = _part(_part(node, name), "shopMoney")
    if not found:
        return None
    return {"shop_money": _stated({"amount": found.get("amount"), "currency_code": found.get("currencyCode")})}


def _amount(node: Node, name: str) -> object:
    return _part(_part(node, name), "shopMoney").get("amount")
