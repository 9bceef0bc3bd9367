"""Small bodies as Shopify sends them, for tests to change one thing in."""

import json
from typing import Any

from omo_adapters.inbound import Context, Outcome, Understood
from omo_adapters.shopify import Setting, translate
from omo_core.events import Event
from omo_core.identifiers import LocationId, Sku

Body = dict[str, Any]

CONTEXT = Context(
    key=b"k" * 32,
    locations={"shopify:905684977": LocationId("S1"), "shopify:pickup:Causeway Bay": LocationId("S2")},
    items={"shopify:inventory_item:88": Sku("TEE")},
)


def money(amount: str, currency: str = "HKD") -> Body:
    return {
        "shop_money": {"amount": amount, "currency_code": currency},
        "presentment_money": {"amount": "1.00", "currency_code": "USD"},
    }


def line(number: int = 11, **changes: Any) -> Body:
    return {
        "id": number,
        "admin_graphql_api_id": f"gid://shopify/LineItem/{number}",
        "sku": "TEE",
        "variant_id": 71,
        "quantity": 2,
        "current_quantity": 2,
        "price": "100.00",
        "gift_card": False,
        "requires_shipping": True,
        "tax_lines": [],
        "discount_allocations": [],
        **changes,
    }


def order(**changes: Any) -> Body:
    return {
        "id": 5001,
        "admin_graphql_api_id": "gid://shopify/Order/5001",
        "created_at": "2026-01-05T12:00:00+08:00",
        "processed_at": "2026-01-05T12:00:00+08:00",
        "updated_at": "2026-01-05T12:00:03+08:00",
        "currency": "HKD",
        "financial_status": "paid",
        "source_name": "web",
        "taxes_included": True,
        "total_price": "200.00",
        "customer": {"id": 7, "admin_graphql_api_id": "gid://shopify/Customer/7"},
        "line_items": [line()],
        "shipping_lines": [],
        "refunds": [],
        "fulfillments": [],
        "payment_gateway_names": ["shopify_payments"],
        **changes,
    }


def refunded_line(number: int = 11, **changes: Any) -> Body:
    return {
        "id": 900 + number,
        "quantity": 1,
        "line_item_id": number,
        "line_item": line(number),
        "location_id": 905684977,
        "restock_type": "return",
        "subtotal": 100.0,
        "total_tax": 0.0,
        "subtotal_set": money("100.00"),
        "total_tax_set": money("0.00"),
        **changes,
    }


def paid_back(amount: str, **changes: Any) -> Body:
    return {"kind": "refund", "status": "success", "gateway": "cash", "amount": amount, "currency": "HKD", **changes}


def refund(**changes: Any) -> Body:
    return {
        "id": 6001,
        "admin_graphql_api_id": "gid://shopify/Refund/6001",
        "order_id": 5001,
        "created_at": "2026-01-06T10:00:00+08:00",
        "processed_at": "2026-01-06T10:00:00+08:00",
        "refund_line_items": [refunded_line()],
        "order_adjustments": [],
        "transactions": [paid_back("100.00")],
        **changes,
    }


def fulfillment(**changes: Any) -> Body:
    return {
        "id": 8001,
        "admin_graphql_api_id": "gid://shopify/Fulfillment/8001",
        "order_id": 5001,
        "status": "success",
        "created_at": "2026-01-06T10:00:00+08:00",
        "updated_at": "2026-01-06T10:00:01+08:00",
        "location_id": 905684977,
        "line_items": [line()],
        **changes,
    }


def customer(**changes: Any) -> Body:
    return {
        "id": 7,
        "admin_graphql_api_id": "gid://shopify/Customer/7",
        "created_at": "2025-03-01T09:00:00+08:00",
        "updated_at": "2026-01-05T09:00:00+08:00",
        "first_name": "Mei",
        "last_name": "Chan",
        "email": "Mei@Example.com",
        "verified_email": True,
        "phone": "9123 4567",
        "tags": "vip, staff",
        "email_marketing_consent": {"state": "subscribed", "consent_updated_at": "2025-04-01T09:00:00+08:00"},
        "sms_marketing_consent": {"state": "not_subscribed"},
        **changes,
    }


def level(**changes: Any) -> Body:
    return {
        "inventory_item_id": 88,
        "location_id": 905684977,
        "available": 10,
        "updated_at": "2026-01-05T09:00:00Z",
        "admin_graphql_api_id": "gid://shopify/InventoryLevel/905684977?inventory_item_id=88",
        **changes,
    }


def raw(body: Body) -> bytes:
    return json.dumps(body).encode()


def outcome(topic: str, body: Body, setting: Setting | None = None) -> Outcome:
    return translate(topic, raw(body), setting or Setting(CONTEXT))


def events(topic: str, body: Body, setting: Setting | None = None) -> tuple[Event, ...]:
    found = outcome(topic, body, setting)
    assert isinstance(found, Understood), found
    return found.events


def only(topic: str, body: Body, setting: Setting | None = None) -> Any:
    (found,) = events(topic, body, setting)
    return found
