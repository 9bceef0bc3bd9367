"""What the benchmarks sell: a seeded stream of orders, as Shopify's webhook bytes and as the sales they mean.

An order has 1 to 5 lines of 2,000 articles and about 7 kB of body, of which omo needs a tenth: the rest stands in
because real bodies have it and it has to be read past.
"""

from __future__ import annotations

import hmac
import json
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from attrs import frozen

from benchmarks.arms import SEED
from omo_adapters.desk import Rules
from omo_adapters.inbound import Context, Understood
from omo_adapters.shopify import read_webhook
from omo_core.events import Event
from omo_core.identifiers import LocationId
from omo_core.instants import zone
from omo_core.loyalty import Earning, Expiry, Ladder, Programme, Redemption, Tier, Version

ARTICLES = 2_000
MEMBERS = 20_000
START = datetime(2025, 1, 1, tzinfo=UTC)
SECRET = b"a webhook secret of the benchmarks"
CONTEXT = Context(
    key=b"a fingerprint key of the benchmarks",
    secrets=(SECRET,),
    locations={"shopify:905684977": LocationId("S1")},
)


def programme() -> Programme:
    """Give the programme of the benchmarks: a point per dollar, gone after a year, tiers on the last twelve months."""
    version = Version(
        earnings=(Earning(currency="HKD", per=100),),
        expiry=Expiry(kind="end_of_month", after=12),
        redemptions=(Redemption(currency="HKD", points=100, amount=500),),
        ladder=Ladder(
            currency="HKD",
            tiers=(
                Tier(name="Member"),
                Tier(name="Silver", at_least=500_000, multiplier=(3, 2)),
                Tier(name="Gold", at_least=2_000_000, multiplier=(2, 1)),
            ),
        ),
    )
    return Programme(zone=zone("Asia/Hong_Kong"), versions=(version,))


def rules() -> Rules:
    """Give the rules of the benchmarks' shop."""
    return Rules(programme=programme())


@frozen
class Delivery:
    """A webhook as it comes over the wire."""

    headers: dict[str, str]
    raw: bytes


def deliveries(count: int, seed: int = SEED) -> list[Delivery]:
    """Make so many signed deliveries of ``orders/create``."""
    return [_delivery(json.dumps(body).encode()) for body in order_bodies(count, seed)]


def events_of(delivery: Delivery) -> tuple[Event, ...]:
    """Check, read and translate a delivery."""
    outcome = read_webhook(delivery.headers, delivery.raw, CONTEXT).outcome
    if not isinstance(outcome, Understood):
        raise TypeError(f"a benchmark's own order was not understood: {outcome}")
    return outcome.events


def _delivery(raw: bytes) -> Delivery:
    signature = b64encode(hmac.digest(SECRET, raw, sha256)).decode()
    headers = {
        "Content-Type": "application/json",
        "X-Shopify-Topic": "orders/create",
        "X-Shopify-Shop-Domain": "example.myshopify.com",
        "X-Shopify-Hmac-Sha256": signature,
        "X-Shopify-Api-Version": "2026-07",
        "X-Shopify-Webhook-Id": sha256(raw).hexdigest()[:32],
    }
    return Delivery(headers, raw)


def order_bodies(count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Make orders as Shopify writes them."""
    chance = Random(seed)
    for number in range(count):
        at = START + timedelta(seconds=37 * number)
        lines = [_line(chance, number, place) for place in range(chance.choice((1, 1, 2, 2, 3, 3, 4, 5)))]
        yield _order(chance, number, at, lines)


def _money(cents: int) -> dict[str, Any]:
    money = {"amount": _decimal(cents), "currency_code": "HKD"}
    return {"shop_money": money, "presentment_money": money}


def _decimal(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _line(chance: Random, number: int, place: int) -> dict[str, Any]:
    article, units = chance.randrange(ARTICLES), chance.choice((1, 1, 1, 2, 3))
    price = chance.randrange(900, 60_000)
    name = f"Article number {article} in its usual size"
    own = 487_817_672_276 * 10**5 + number * 10 + place
    return {
        "id": own,
        "admin_graphql_api_id": f"gid://shopify/LineItem/{own}",
        "attributed_staffs": [],
        "current_quantity": units,
        "fulfillable_quantity": 0,
        "fulfillment_service": "manual",
        "fulfillment_status": "fulfilled",
        "gift_card": False,
        "grams": 100,
        "name": name,
        "price": _decimal(price),
        "price_set": _money(price),
        "product_exists": True,
        "product_id": 788_032_119_674 * 10**4 + article,
        "properties": [],
        "quantity": units,
        "requires_shipping": True,
        "sku": f"SKU-{article:05d}",
        "taxable": True,
        "title": name,
        "total_discount": "0.00",
        "total_discount_set": _money(0),
        "variant_id": 457_924_702 * 10**6 + article,
        "variant_inventory_management": "shopify",
        "variant_title": None,
        "vendor": "Example",
        "tax_lines": [],
        "duties": [],
        "discount_allocations": [],
    }


def _order(chance: Random, number: int, at: datetime, lines: list[dict[str, Any]]) -> dict[str, Any]:
    total = sum(line["quantity"] * round(float(line["price"]) * 100) for line in lines)
    own, customer = 820_982_911 * 10**8 + number, 115_310_627 * 10**6 + chance.randrange(MEMBERS)
    sums = ("current_subtotal_price", "current_total_price", "subtotal_price", "total_line_items_price", "total_price")
    nothing = ("current_total_discounts", "current_total_tax", "total_discounts", "total_tax")
    return {
        "id": own,
        "admin_graphql_api_id": f"gid://shopify/Order/{own}",
        **dict.fromkeys(("app_id", "browser_ip", "cancel_reason", "cancelled_at", "cart_token", "closed_at", "note")),
        "buyer_accepts_marketing": True,
        "confirmed": True,
        "contact_email": f"member-{customer}@example.com",
        "created_at": at.isoformat(),
        "currency": "HKD",
        "customer_locale": "zh-TW",
        "discount_codes": [],
        "email": f"member-{customer}@example.com",
        "financial_status": "paid",
        "fulfillment_status": "fulfilled",
        "location_id": 905_684_977,
        "name": f"#{number + 1001}",
        "number": number,
        "order_number": number + 1001,
        "order_status_url": f"https://example.myshopify.com/548380009/orders/{own:x}/authenticate?key={own:x}",
        "payment_gateway_names": ["cash"],
        "presentment_currency": "HKD",
        "processed_at": at.isoformat(),
        "source_name": "pos",
        "tags": "",
        "taxes_included": True,
        "test": False,
        **{name: _decimal(total) for name in sums},
        **{f"{name}_set": _money(total) for name in sums},
        **dict.fromkeys(nothing, "0.00"),
        **{f"{name}_set": _money(0) for name in nothing},
        "total_tip_received": "0.00",
        "total_weight": 0,
        "updated_at": at.isoformat(),
        "user_id": 548_380_009,
        "billing_address": _address(),
        "customer": {
            "id": customer,
            "admin_graphql_api_id": f"gid://shopify/Customer/{customer}",
            "first_name": "Mei",
            "last_name": "Chan",
            "state": "enabled",
            "verified_email": True,
            "email": f"member-{customer}@example.com",
            "currency": "HKD",
            "default_address": _address(),
        },
        "discount_applications": [],
        "fulfillments": [],
        "line_items": lines,
        "payment_terms": None,
        "refunds": [],
        "shipping_address": None,
        "shipping_lines": [],
        "tax_lines": [],
    }


def _address() -> dict[str, Any]:
    return {
        "first_name": "Mei",
        "last_name": "Chan",
        "address1": "1 Example Road",
        "address2": None,
        "city": "Hong Kong",
        "province": "Hong Kong Island",
        "country": "Hong Kong",
        "zip": None,
        "phone": "+852 9123 4567",
        "name": "Mei Chan",
        "province_code": "HK",
        "country_code": "HK",
    }
