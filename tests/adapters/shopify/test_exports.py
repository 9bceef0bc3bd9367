"""A bulk export gives the same events as the webhooks."""

import gzip
import json
import random
from pathlib import Path
from typing import Any

import pytest

from omo_adapters.inbound import Ignored, NotUnderstood, Parcel, Understood
from omo_adapters.shopify.exports import QUERIES, exported_items, query, read_export
from omo_core.events import Event
from tests.adapters.shopify.bodies import (
    CONTEXT,
    Body,
    customer,
    events,
    fulfillment,
    level,
    line,
    money,
    order,
    outcome,
    refund,
    refunded_line,
)


def gid(kind: str, number: int) -> str:
    return f"gid://shopify/{kind}/{number}"


def shop(amount: str) -> Body:
    return {"shopMoney": {"amount": amount, "currencyCode": "HKD"}}


def tax(amount: str, rate: float) -> Body:
    return {"rate": rate, "priceSet": shop(amount)}


LINE = {
    "id": gid("LineItem", 11),
    "sku": "TEE",
    "variant": {"id": gid("ProductVariant", 71)},
    "quantity": 2,
    "currentQuantity": 2,
    "isGiftCard": False,
    "requiresShipping": True,
    "customAttributes": [{"key": "gift", "value": "yes"}],
    "originalUnitPriceSet": shop("100.0"),
    "discountAllocations": [{"allocatedAmountSet": shop("20.0")}],
    "totalDiscountSet": shop("0.0"),
    "taxLines": [tax("9.0", 0.05)],
}
ORDER = {
    "id": gid("Order", 5001),
    "createdAt": "2026-01-05T04:00:00Z",
    "processedAt": "2026-01-05T04:00:00Z",
    "updatedAt": "2026-01-05T04:00:03Z",
    "cancelledAt": None,
    "currencyCode": "HKD",
    "displayFinancialStatus": "PAID",
    "sourceName": "pos",
    "sourceIdentifier": "905684977-3-1002",
    "retailLocation": {"id": gid("Location", 905684977)},
    "staffMember": {"id": gid("StaffMember", 42)},
    "test": False,
    "taxesIncluded": False,
    "customer": {"id": gid("Customer", 7)},
    "paymentGatewayNames": ["cash"],
    "totalPriceSet": shop("230.0"),
    "totalTipReceivedSet": shop("10.0"),
    "originalTotalDutiesSet": None,
    "originalTotalAdditionalFeesSet": None,
    "totalCashRoundingAdjustment": {"paymentSet": shop("-0.05")},
}
WAY = {
    "id": gid("ShippingLine", 1),
    "code": "SF",
    "title": "SF Express",
    "deliveryCategory": None,
    "isRemoved": False,
    "originalPriceSet": shop("30.0"),
    "discountAllocations": [],
    "taxLines": [tax("1.0", 0.05)],
}
WEBHOOK = order(
    source_name="pos",
    source_identifier="905684977-3-1002",
    location_id=905684977,
    user_id=42,
    taxes_included=False,
    payment_gateway_names=["cash"],
    total_price="230.00",
    total_tip_received="10.00",
    total_cash_rounding_payment_adjustment_set=money("-0.05"),
    line_items=[line(discount_allocations=[{"amount": "20.00"}], tax_lines=[{"price": "9.00", "rate": 0.05}])],
    shipping_lines=[{"id": 1, "code": "SF", "price": "30.00", "tax_lines": [{"price": "1.00", "rate": 0.05}]}],
)


def below(parent: Body, child: Body) -> Body:
    return {**child, "__parentId": parent["id"]}


def written(*nodes: Body) -> list[bytes]:
    return [json.dumps(node).encode() + b"\n" for node in nodes]


def parcels(*nodes: Body) -> list[Parcel]:
    return list(read_export(written(*nodes), CONTEXT))


def read(*nodes: Body) -> tuple[Event, ...]:
    (found,) = parcels(*nodes)
    assert isinstance(found.outcome, Understood), found.outcome
    return found.outcome.events


def test_an_exported_order_is_the_same_event_as_its_webhook() -> None:
    assert read(ORDER, below(ORDER, LINE), below(ORDER, WAY)) == events("orders/updated", WEBHOOK)


def test_children_may_stand_anywhere() -> None:
    orders = [{**ORDER, "id": gid("Order", n)} for n in range(1, 30)]
    nodes = [
        *orders,
        *(below(one, {**LINE, "id": gid("LineItem", 100 + n)}) for n, one in enumerate(orders)),
        *(below(one, {**WAY, "id": gid("ShippingLine", 200 + n)}) for n, one in enumerate(orders)),
    ]
    straight = {event for parcel in parcels(*nodes) for event in parcel.outcome.events}  # type: ignore[union-attr]
    random.Random(7).shuffle(nodes)
    shuffled = parcels(*nodes)
    assert len(shuffled) == 29
    assert {event for parcel in shuffled for event in parcel.outcome.events} == straight  # type: ignore[union-attr]


def test_a_parcel_can_be_read_again_by_itself() -> None:
    (first,) = parcels(below(ORDER, LINE), ORDER, below(ORDER, WAY))
    (again,) = read_export(first.raw.split(b"\n"), CONTEXT)
    assert again.outcome == first.outcome


def test_an_order_may_also_have_its_children_inside() -> None:
    inside = {**ORDER, "lineItems": {"nodes": [LINE]}, "shippingLines": {"edges": [{"node": WAY}]}}
    assert read(inside) == events("orders/updated", WEBHOOK)


def test_exported_refunds_are_the_same_events_as_their_webhooks() -> None:
    taxed = line(tax_lines=[{"price": "9.00", "rate": 0.05}], discount_allocations=[{"amount": "20.00"}])
    webhook = refund(
        refund_line_items=[refunded_line(line_item=taxed, subtotal_set=money("90.00"), total_tax_set=money("4.50"))],
        refund_shipping_lines=[{"shipping_line": {"id": 1}, "subtotal_amount_set": money("30.00")}],
        order_adjustments=[{"amount": "-3.00", "amount_set": money("-3.00"), "kind": "refund_discrepancy"}],
        transactions=[
            {"kind": "refund", "status": "success", "gateway": "cash", "amount": "127.50", "currency": "HKD"}
        ],
    )
    node = {
        "id": gid("Order", 5001),
        "refunds": [
            {
                "id": gid("Refund", 6001),
                "createdAt": "2026-01-06T02:00:00Z",
                "processedAt": "2026-01-06T02:00:00Z",
                "duties": None,
                "refundLineItems": {
                    "nodes": [
                        {
                            "quantity": 1,
                            "restockType": "RETURN",
                            "location": {"id": gid("Location", 905684977)},
                            "subtotalSet": shop("90.0"),
                            "totalTaxSet": shop("4.5"),
                            "lineItem": LINE,
                        }
                    ]
                },
                "refundShippingLines": {
                    "nodes": [{"shippingLine": {"id": gid("ShippingLine", 1)}, "subtotalAmountSet": shop("30.0")}]
                },
                "orderAdjustments": {"nodes": [{"amountSet": shop("-3.0")}]},
                "transactions": {
                    "nodes": [
                        {
                            "kind": "REFUND",
                            "status": "SUCCESS",
                            "gateway": "cash",
                            "test": False,
                            "amountSet": {"presentmentMoney": {"amount": "127.5", "currencyCode": "HKD"}},
                        }
                    ]
                },
            }
        ],
    }
    (found,) = read(node)
    assert (found,) == events("refunds/create", webhook)
    assert found.lines[0].amount == 94_50  # type: ignore[attr-defined]


def test_exported_fulfilments_are_the_same_events_as_their_webhooks() -> None:
    root = {"id": gid("FulfillmentOrder", 1), "orderId": gid("Order", 5001)}
    node = {
        "id": gid("Fulfillment", 8001),
        "status": "SUCCESS",
        "displayStatus": "FULFILLED",
        "createdAt": "2026-01-06T02:00:00Z",
        "updatedAt": "2026-01-06T02:00:01Z",
        "location": {"id": gid("Location", 905684977)},
        "service": {"handle": "manual"},
    }
    sent = {"id": gid("FulfillmentLineItem", 3), "quantity": 2, "lineItem": LINE}
    nodes = (root, below(root, node), below(node, sent), below(node, sent))
    assert read(*nodes) == events("fulfillments/update", fulfillment())
    assert [one.outcome for one in parcels(root)] == [Ignored(reason="nothing was sent yet")]


def test_an_exported_customer_is_the_same_record_as_its_webhook() -> None:
    node = {
        "id": gid("Customer", 7),
        "createdAt": "2025-03-01T01:00:00Z",
        "updatedAt": "2026-01-05T01:00:00Z",
        "firstName": "Mei",
        "lastName": "Chan",
        "verifiedEmail": True,
        "note": None,
        "tags": ["vip", "staff"],
        "defaultEmailAddress": {
            "emailAddress": "Mei@Example.com",
            "marketingState": "SUBSCRIBED",
            "marketingUpdatedAt": "2025-04-01T01:00:00Z",
        },
        "defaultPhoneNumber": {"phoneNumber": "9123 4567", "marketingState": "NOT_SUBSCRIBED"},
        "defaultAddress": None,
    }
    (found,) = parcels(node)
    assert found.outcome == outcome("customers/update", customer())


ITEM = {"id": gid("InventoryItem", 88), "sku": "TEE", "variant": {"id": gid("ProductVariant", 71)}, "tracked": True}
LEVEL = {
    "id": gid("InventoryLevel", 905684977) + "?inventory_item_id=88",
    "updatedAt": "2026-01-05T09:00:00Z",
    "location": {"id": gid("Location", 905684977)},
    "quantities": [{"name": "available", "quantity": 10}],
}


def test_exported_levels_are_the_same_counts_as_their_webhooks() -> None:
    assert read(ITEM, below(ITEM, LEVEL)) == events("inventory_levels/update", level())


def test_exported_levels_name_their_articles() -> None:
    nameless = {"id": gid("InventoryItem", 89), "sku": None, "variant": {"id": gid("ProductVariant", 72)}}
    assert list(exported_items([*written(ITEM, below(ITEM, LEVEL), nameless), b"\n"])) == [
        ("shopify:inventory_item:88", "TEE"),
        ("shopify:inventory_item:89", "shopify:variant:72"),
    ]


def loop(number: int, parent: int) -> Body:
    return {"id": gid("LineItem", number), "__parentId": gid("LineItem", parent)}


@pytest.mark.parametrize(
    ("lines", "reasons"),
    [
        ([b"not json"], ["is not JSON"]),
        ([b'{"id": 5}'], ["is not a global id"]),
        ([b"{}"], ["the line does not say what it is"]),
        (written(below(ORDER, LINE)), ["names no node of this file"]),
        (written(loop(1, 2), loop(2, 1)), ["names no node of this file"] * 2),
        (written({"id": gid("Order", 1), "createdAt": 5}), ["Field required"]),
        (written({**ITEM, "inventoryLevels": 5}), ["is not a list of nodes"]),
    ],
)
def test_what_can_not_be_read_is_put_aside_with_its_reason(lines: list[bytes], reasons: list[str]) -> None:
    found = [parcel.outcome for parcel in read_export(lines, CONTEXT)]
    assert all(isinstance(one, NotUnderstood) for one in found)
    assert [one.reason for one in found if isinstance(one, NotUnderstood)][: len(reasons)] == reasons or reasons == [
        "Field required"
    ]


def test_a_broken_line_does_not_stop_the_rest() -> None:
    found = list(read_export([b"{", b"", *written(ITEM, below(ITEM, LEVEL))], CONTEXT))
    assert [(one.place, type(one.outcome)) for one in found] == [("line 1", NotUnderstood), ("line 3", Understood)]


def test_kinds_without_a_use_are_left_alone() -> None:
    assert parcels({"id": gid("Metafield", 1)})[0].outcome == Ignored(reason="omo has no use for this kind of node")


@pytest.mark.shared
@pytest.mark.parametrize("name", QUERIES)
def test_each_query_fits_the_real_schema(name: str, shared: Path) -> None:
    graphql: Any = pytest.importorskip("graphql", reason="graphql-core is not installed")
    packed = shared / "fixtures/shopify-admin-graphql-schema/admin_2026-07.graphql.gz"
    schema = graphql.build_schema(gzip.decompress(packed.read_bytes()).decode(), assume_valid=True)
    assert [error.message for error in graphql.validate(schema, graphql.parse(query(name)))] == []
