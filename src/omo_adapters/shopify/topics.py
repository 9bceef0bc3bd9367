"""Every topic of Shopify, and what omo makes of it: the one table that says what is recorded and what is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, TypeVar

from attrs import frozen

from omo_adapters.inbound import Context, Ignored, NotUnderstood, Outcome, understand
from omo_adapters.shopify.consents import (
    read_email_consent,
    read_sms_consent,
    read_tags,
    read_whatsapp_consent,
)
from omo_adapters.shopify.customers import (
    read_customer,
    read_data_request,
    read_deletion,
    read_merge,
    read_redaction,
)
from omo_adapters.shopify.decoding import shaped
from omo_adapters.shopify.fulfillments import read_fulfillment
from omo_adapters.shopify.orders import read_order
from omo_adapters.shopify.payloads import (
    Fulfillment,
    InventoryItem,
    InventoryLevel,
    Order,
    Product,
    Refund,
)
from omo_adapters.shopify.records import (
    Customer,
    DeletedCustomer,
    EmailConsent,
    Merge,
    PrivacyRequest,
    SmsConsent,
    TagsMoved,
    WhatsAppConsent,
)
from omo_adapters.shopify.refunds import read_refund
from omo_adapters.shopify.shapes import Document, expect_kind
from omo_adapters.shopify.stock import inventory_items, product_items, read_end_of_level, read_level
from omo_adapters.strict_json import decode
from omo_core.identifiers import Sku

Body = Mapping[str, object]


@frozen
class Setting:
    """What a handler is told besides the body."""

    context: Context
    when: datetime | None = None
    """When the delivery was triggered, as its headers claim; for bodies that have no time."""
    test_orders: bool = False
    """Read orders that are marked as tests, which otherwise mean nothing."""


Handler = Callable[[Body, Setting], Outcome]
D = TypeVar("D", bound=Document)


def _document(model: type[D], kind: str, body: Body) -> D:
    found = shaped(model, body)
    expect_kind(found, kind)
    return found


def _order(body: Body, setting: Setting) -> Outcome:
    return read_order(_document(Order, "Order", body), setting.context, test_orders=setting.test_orders)


def _refund(body: Body, setting: Setting) -> Outcome:
    return read_refund(_document(Refund, "Refund", body), setting.context, test_orders=setting.test_orders)


def _fulfillment(body: Body, setting: Setting) -> Outcome:
    return read_fulfillment(_document(Fulfillment, "Fulfillment", body), setting.context)


def _customer(body: Body, setting: Setting) -> Outcome:
    return read_customer(_document(Customer, "Customer", body), setting.context)


def _deletion(body: Body, setting: Setting) -> Outcome:
    return read_deletion(_document(DeletedCustomer, "Customer", body), setting.when)


def _merge(body: Body, setting: Setting) -> Outcome:
    return read_merge(shaped(Merge, body), setting.when)


def _email_consent(body: Body, setting: Setting) -> Outcome:
    return read_email_consent(shaped(EmailConsent, body), setting.when)


def _sms_consent(body: Body, setting: Setting) -> Outcome:
    return read_sms_consent(shaped(SmsConsent, body), setting.when)


def _whatsapp_consent(body: Body, setting: Setting) -> Outcome:
    return read_whatsapp_consent(shaped(WhatsAppConsent, body), setting.when)


def _tags_added(body: Body, _: Setting) -> Outcome:
    return read_tags(shaped(TagsMoved, body), added=True)


def _tags_removed(body: Body, _: Setting) -> Outcome:
    return read_tags(shaped(TagsMoved, body), added=False)


def _redaction(body: Body, setting: Setting) -> Outcome:
    return read_redaction(shaped(PrivacyRequest, body), setting.when)


def _data_request(body: Body, setting: Setting) -> Outcome:
    return read_data_request(shaped(PrivacyRequest, body), setting.when)


def _level(body: Body, setting: Setting) -> Outcome:
    return read_level(shaped(InventoryLevel, body), setting.context)


def _end_of_level(body: Body, setting: Setting) -> Outcome:
    return read_end_of_level(shaped(InventoryLevel, body), setting.context, setting.when)


def _product(body: Body, _: Setting) -> Outcome:
    return Ignored(reason=f"catalogue: names {len(product_items(_document(Product, 'Product', body)))} articles")


def _item(body: Body, _: Setting) -> Outcome:
    return Ignored(
        reason=f"catalogue: names {len(inventory_items(_document(InventoryItem, 'InventoryItem', body)))} articles"
    )


HANDLERS: Final[Mapping[str, Handler]] = {
    **dict.fromkeys(
        (
            "orders/create",
            "orders/updated",
            "orders/paid",
            "orders/cancelled",
            "orders/fulfilled",
            "orders/partially_fulfilled",
        ),
        _order,
    ),
    "refunds/create": _refund,
    "fulfillments/create": _fulfillment,
    "fulfillments/update": _fulfillment,
    **dict.fromkeys(("customers/create", "customers/update", "customers/enable", "customers/disable"), _customer),
    "customers/delete": _deletion,
    "customers/merge": _merge,
    "customers/redact": _redaction,
    "customers/data_request": _data_request,
    "customers_marketing_consent/update": _sms_consent,
    "customers_email_marketing_consent/update": _email_consent,
    "customers_whats_app_marketing_consent/update": _whatsapp_consent,
    "customer.tags_added": _tags_added,
    "customer.tags_removed": _tags_removed,
    "inventory_levels/update": _level,
    "inventory_levels/connect": _level,
    "inventory_levels/disconnect": _end_of_level,
    "products/create": _product,
    "products/update": _product,
    "inventory_items/create": _item,
    "inventory_items/update": _item,
}
"""Topics whose body is read."""

IGNORED: Final[Mapping[str, str]] = {
    "orders/edited": "an edit states changes only; the order itself follows as orders/updated",
    "orders/delete": "only orders without money or goods can be deleted; what was recorded stays on the record",
    "orders/link_requested": "a customer asked for the order's page",
    "orders/risk_assessment_changed": "fraud risk is not omo's matter",
    "orders/shopify_protect_eligibility_changed": "payment insurance is not omo's matter",
    "order_transactions/create": "a payment shows in its order, which follows as orders/updated",
    "tender_transactions/create": "a payment shows in its order, which follows as orders/updated",
    "products/delete": "what was sold under a sku stays on the record",
    "inventory_items/delete": "what was counted under a sku stays on the record",
    "customers/purchasing_summary": "omo derives totals from the orders themselves",
    "bulk_operations/finish": "an export is ready; download it and import the file",
}
"""Single topics that mean nothing to omo, and why."""

IGNORED_FAMILIES: Final[Mapping[str, str]] = {
    "app": "the app's own installation is not trade",
    "carts": "nothing is bought yet",
    "checkouts": "nothing is bought yet",
    "draft_orders": "nothing is bought yet; a completed draft comes as orders/create",
    "customer.joined_segment": "segments are Shopify's own reading of customers",
    "customer.left_segment": "segments are Shopify's own reading of customers",
    "customer_groups": "segments are Shopify's own reading of customers",
    "segments": "segments are Shopify's own reading of customers",
    "discounts": "what a discount took off shows on each order line",
    "fulfillment_events": "tracking of a parcel that has left",
    "fulfillment_holds": "omo does its own sourcing",
    "fulfillment_orders": "omo does its own sourcing; what left shows as a fulfilment",
    "inventory_shipments": "units in transit between locations show as levels once they are received",
    "inventory_transfers": "units in transit between locations show as levels once they are received",
    "locations": "the shop maps locations itself (Context.locations)",
    "markets": "prices are settled before an order comes in",
    "returns": "a return that is settled comes as a refund",
    "reverse_deliveries": "a return that is settled comes as a refund",
    "reverse_fulfillment_orders": "a return that is settled comes as a refund",
    "shop": "the shop's own settings are not trade",
    "variants": "levels come as inventory_levels/update, per location",
}
"""Families of topics (all that share the first part) that mean nothing to omo, and why."""

_PRIVACY: Final = (
    "the shop is gone: omo members forget-source shopify erases its customers, within the time the law gives"
)

HELD: Final[Mapping[str, str]] = {
    "shop/redact": _PRIVACY,
}
"""Topics that must not pass unseen: they wait in quarantine until somebody has seen to them, and why."""


def is_known(topic: str) -> bool:
    """Say whether a topic stands in the tables."""
    return topic in HANDLERS or topic in HELD or topic in IGNORED or topic.partition("/")[0] in IGNORED_FAMILIES


def translate(topic: str, raw: bytes, setting: Setting) -> Outcome:
    """Say what a body means that came under a topic. It never raises for what the body says."""
    if topic in HELD:
        return NotUnderstood(path="topic", reason=HELD[topic])
    handler = HANDLERS.get(topic)
    if handler is not None:
        return understand(lambda: handler(decode(raw), setting))
    reason = IGNORED.get(topic) or IGNORED_FAMILIES.get(topic.partition("/")[0])
    return Ignored(reason=reason or "topic is not handled")


def learned_items(topic: str, raw: bytes) -> Mapping[str, Sku]:
    """Say which inventory items a catalogue document names, as ``Context.items`` wants it; nothing for other topics.

    Levels name articles by inventory item only. An import reads its catalogue documents first, keeps what they teach
    in its configuration or beside its journal, and only then reads the levels.
    """
    if topic in ("products/create", "products/update"):
        return product_items(_document(Product, "Product", decode(raw)))
    if topic in ("inventory_items/create", "inventory_items/update"):
        return inventory_items(_document(InventoryItem, "InventoryItem", decode(raw)))
    return {}
