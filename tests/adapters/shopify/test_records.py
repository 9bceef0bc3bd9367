"""Hand-overs, customer records, stock levels, and what the other topics mean."""

from datetime import UTC, datetime

import pytest
from attrs import evolve

from omo_adapters.inbound import Ignored, NotUnderstood, Personal, Understood
from omo_adapters.shopify import Setting, learned_items
from omo_core.events import VERSION_MAX
from omo_core.identifiers import EventId, LocationId, OrderId, ProfileId, Sku
from omo_core.instants import EPOCH
from omo_core.members import Claim, ConsentSeen, ProfileSeen, ProfilesJoined, TagsChanged, TagsSeen
from omo_core.stock.events import StockCounted
from omo_core.trade import HandedLine, HandedOver
from tests.adapters.shopify.bodies import (
    CONTEXT,
    Body,
    customer,
    events,
    fulfillment,
    level,
    line,
    only,
    order,
    outcome,
    raw,
)

WHEN = datetime(2026, 1, 7, tzinfo=UTC)
TIMED = Setting(CONTEXT, when=WHEN)


def test_goods_that_left_are_handed_over() -> None:
    assert only("fulfillments/create", fulfillment()) == HandedOver(
        id=EventId("handover/shopify:8001"),
        at=datetime(2026, 1, 6, 2, tzinfo=UTC),
        version=1_767_664_801_000_000,
        source="shopify",
        order=OrderId("shopify:5001"),
        location=LocationId("S1"),
        how="shipped",
        lines=(HandedLine(line="11", sku=Sku("TEE"), units=2),),
    )


@pytest.mark.parametrize("source", ["web", "pos"])
def test_a_hand_over_is_the_same_by_itself_and_inside_of_its_order(source: str) -> None:
    _, embedded = events("orders/fulfilled", order(fulfillments=[fulfillment()], source_name=source))
    assert embedded == only("fulfillments/update", fulfillment())


@pytest.mark.parametrize("status", ["cancelled", "error", "failure"])
def test_a_hand_over_taken_back_goes_before_the_same_second(status: str) -> None:
    found = only("fulfillments/update", fulfillment(status=status))
    assert found.cancelled
    assert found.version == only("fulfillments/create", fulfillment()).version + 1


@pytest.mark.parametrize("status", ["pending", "open"])
def test_nothing_has_left_while_a_service_has_yet_to_send_it(status: str) -> None:
    assert isinstance(outcome("fulfillments/create", fulfillment(status=status)), Ignored)
    assert len(events("orders/updated", order(fulfillments=[fulfillment(status=status)]))) == 1


def test_lines_that_move_no_stock_are_not_handed_over() -> None:
    found = outcome("fulfillments/create", fulfillment(line_items=[line(gift_card=True), line(12, quantity=0)]))
    assert found == Ignored(reason="no line of the fulfilment moves stock")


def test_a_place_without_a_location_is_named_by_its_service() -> None:
    found = only("fulfillments/create", fulfillment(location_id=None, service="third-party"))
    assert found.location == "shopify:service:third-party"


def test_a_fulfilment_that_was_picked_up_was_collected() -> None:
    assert only("fulfillments/update", fulfillment(shipment_status="picked_up")).how == "collected"


def claim(kind: str, value: str, proof: str) -> Claim:
    return Claim(kind=kind, fingerprint=CONTEXT.fingerprint(kind, value), proof=proof)  # type: ignore[arg-type]


def test_a_customer_record_is_fingerprints_consents_and_tags_and_the_rest_is_personal() -> None:
    version = 1_767_574_800_000_000
    assert outcome("customers/update", customer(default_address={"city": "Hong Kong"})) == Understood(
        events=(
            ProfileSeen(
                id=EventId("profile/shopify:7"),
                at=datetime(2025, 3, 1, 1, tzinfo=UTC),
                version=version,
                source="shopify",
                profile=ProfileId("shopify:7"),
                claims=(
                    claim("shopify", "7", "platform"),
                    claim("email", "mei@example.com", "login"),
                    claim("phone", "+85291234567", "typed"),
                ),
                updated_at=datetime(2026, 1, 5, 1, tzinfo=UTC),
            ),
            ConsentSeen(
                id=EventId("consent/shopify:7+email"),
                at=datetime(2025, 4, 1, 1, tzinfo=UTC),
                version=1_743_469_200_000_000,
                source="shopify",
                profile=ProfileId("shopify:7"),
                channel="email",
                allowed=True,
            ),
            TagsSeen(
                id=EventId("tags/shopify:7"),
                at=datetime(2026, 1, 5, 1, tzinfo=UTC),
                version=version,
                source="shopify",
                profile=ProfileId("shopify:7"),
                tags=("staff", "vip"),
            ),
        ),
        personal=(
            Personal(
                profile=ProfileId("shopify:7"),
                version=version,
                fields={
                    "first_name": "Mei",
                    "last_name": "Chan",
                    "email": "Mei@Example.com",
                    "phone": "9123 4567",
                    "name": "Mei Chan",
                    "address_city": "Hong Kong",
                },
            ),
        ),
    )


def test_a_phone_or_email_that_is_none_is_no_claim_but_stays_in_the_vault() -> None:
    found = outcome("customers/create", customer(phone="555-SHIP", email="not an address"))
    assert isinstance(found, Understood)
    assert [one.kind for one in found.events[0].claims] == ["shopify"]  # type: ignore[attr-defined]
    assert found.personal[0].fields["phone"] == "555-SHIP"


def test_an_email_that_nobody_verified_is_only_typed() -> None:
    assert events("customers/create", customer(verified_email=False))[0].claims[1].proof == "typed"  # type: ignore[attr-defined]


BARE = {"email_marketing_consent": None, "tags": None}
"""What customer webhooks of today leave out."""


def test_an_email_of_a_record_without_consents_and_tags_is_the_same_record() -> None:
    assert only("customers/update", customer(**BARE)) == events("customers/update", customer())[0]


@pytest.mark.parametrize(("state", "allowed"), [("SUBSCRIBED", True), ("unsubscribed", False), ("pending", None)])
def test_a_dated_consent_is_said_in_its_own_version(state: str, allowed: bool | None) -> None:
    consent = {"state": state, "consent_updated_at": "2026-01-02T00:00:00Z"}
    found = events("customers/update", customer(**{**BARE, "email_marketing_consent": consent}))[1]
    by_topic = only(
        "customers_email_marketing_consent/update", {"customer_id": 7, "email_marketing_consent": consent}, TIMED
    )
    assert found == by_topic
    assert (found.allowed, found.version) == (allowed, 1_767_312_000_000_000)  # type: ignore[attr-defined]


def test_a_consent_without_a_date_counts_as_of_the_record_or_the_delivery() -> None:
    consent = {"state": "unsubscribed"}
    found = events("customers/update", customer(**{**BARE, "email_marketing_consent": consent}))[1]
    assert found.at == datetime(2026, 1, 5, 1, tzinfo=UTC)
    by_topic = only("customers_marketing_consent/update", {"id": 7, "sms_marketing_consent": consent}, TIMED)
    assert (by_topic.at, by_topic.channel, by_topic.allowed) == (WHEN, "sms", False)


def test_a_customer_who_was_never_asked_has_said_nothing() -> None:
    consent = {"state": "not_subscribed", "updated_at": None}
    topic = "customers_whats_app_marketing_consent/update"
    body = {"customer_id": 7, "whats_app_marketing_consent": consent}
    assert outcome(topic, body) == Ignored(reason="the customer was never asked")
    said = {**consent, "updated_at": "2026-01-02T00:00:00Z", "state": "subscribed"}
    assert only(topic, {**body, "whats_app_marketing_consent": said}).channel == "whatsapp"


TAGS: Body = {"customerId": "gid://shopify/Customer/7", "tags": ["vip", "b"], "occurredAt": "2026-01-06T00:00:00Z"}


def test_tags_that_come_by_themselves_are_changes() -> None:
    added = only("customer.tags_added", TAGS)
    assert added == TagsChanged(
        id=added.id,
        at=datetime(2026, 1, 6, tzinfo=UTC),
        source="shopify",
        profile=ProfileId("shopify:7"),
        added=("b", "vip"),
    )
    removed = only("customer.tags_removed", TAGS)
    assert (removed.removed, removed.added) == (("b", "vip"), ())
    assert len({added.id, removed.id, only("customer.tags_added", {**TAGS, "tags": ["c"]}).id}) == 3


def test_a_change_of_no_tags_waits_for_somebody_to_look() -> None:
    assert outcome("customer.tags_added", {**TAGS, "tags": [" "]}) == NotUnderstood(path="tags", reason="names no tag")


@pytest.mark.parametrize("text", ["a\u0000b", "\ud800"])
def test_personal_data_that_no_store_can_hold_is_not_understood(text: str) -> None:
    found = outcome("customers/create", customer(first_name=text))
    assert found == NotUnderstood(path="first_name", reason="has a character in it that no store can hold")


def test_no_personal_data_is_in_any_event() -> None:
    shown = repr(events("customers/update", customer()))
    assert not [word for word in ("Mei", "Chan", "xample", "9123", "4567") if word in shown]


def test_a_redaction_erases_the_record_and_keeps_nothing_of_what_it_says() -> None:
    body = {
        "shop_id": 1,
        "customer": {"id": 7, "email": "mei@example.com", "phone": "91234567"},
        "orders_to_redact": [],
    }
    erased = only("customers/redact", body, TIMED)
    assert (erased.kind, erased.profile, erased.at) == ("record_erased", "shopify:7", WHEN)
    asked = only("customers/data_request", {**body, "data_request": {"id": 9999}}, TIMED)
    assert (asked.kind, asked.id) == ("export_requested", "export/shopify:7:9999")
    assert not [word for word in ("mei", "9123") if word in repr((erased, asked))]


def test_an_order_only_names_its_customer() -> None:
    assert len(events("orders/create", order(customer=customer()))) == 1


def test_a_deleted_record_is_gone_when_the_delivery_says() -> None:
    gone = only("customers/delete", {"id": 7, "admin_graphql_api_id": "gid://shopify/Customer/7"}, TIMED)
    assert (gone.deleted, gone.at, gone.version, gone.claims) == (True, WHEN, 1_767_744_000_000_000, ())
    untimed = only("customers/delete", {"id": 7})
    assert (untimed.at, untimed.version) == (EPOCH, VERSION_MAX)


def merged(status: str) -> Body:
    gid = "gid://shopify/Customer/"
    return {
        "admin_graphql_api_customer_kept_id": f"{gid}1",
        "admin_graphql_api_customer_deleted_id": f"{gid}2",
        "status": status,
    }


def test_records_that_shopify_merged_are_joined_and_a_failed_merge_means_nothing() -> None:
    assert only("customers/merge", merged("completed"), TIMED) == ProfilesJoined(
        id=EventId("joined/shopify:1:2"),
        at=WHEN,
        source="shopify",
        one=ProfileId("shopify:1"),
        other=ProfileId("shopify:2"),
        reason="merged in Shopify",
    )
    assert outcome("customers/merge", merged("failed")) == Ignored(reason="the merge is failed, not completed")


@pytest.mark.parametrize("topic", ["inventory_levels/update", "inventory_levels/connect"])
def test_a_level_is_a_count_of_what_is_free_to_sell(topic: str) -> None:
    assert only(topic, level()) == StockCounted(
        id=EventId("level/shopify:88:905684977"),
        at=datetime(2026, 1, 5, 9, tzinfo=UTC),
        version=1_767_603_600_000_000,
        source="shopify",
        sku=Sku("TEE"),
        location=LocationId("S1"),
        units=10,
        basis="available",
    )


def test_an_oversold_level_is_negative_and_an_untracked_one_is_none() -> None:
    assert only("inventory_levels/update", level(available=-3)).units == -3
    assert isinstance(outcome("inventory_levels/update", level(available=None)), Ignored)


def test_a_level_that_ended_counts_nothing_from_then_on() -> None:
    ended = {"inventory_item_id": 88, "location_id": 905684977}
    found = only("inventory_levels/disconnect", ended, TIMED)
    assert (found.id, found.units, found.at) == ("level/shopify:88:905684977", 0, WHEN)
    assert isinstance(outcome("inventory_levels/disconnect", ended), Ignored)


def test_an_article_that_nobody_knows_waits_until_the_catalogue_names_it() -> None:
    exact = "gid://shopify/InventoryLevel/1?inventory_item_id=271878346596884015"
    body = level(inventory_item_id=271878346596884000, admin_graphql_api_id=exact)
    found = outcome("inventory_levels/update", body)
    assert isinstance(found, NotUnderstood)
    assert "import the products" in found.reason
    taught = learned_items("inventory_items/create", raw({"id": 271878346596884015, "sku": "SUN"}))
    assert only("inventory_levels/update", body, Setting(evolve(CONTEXT, items=taught))).sku == "SUN"


def test_products_teach_which_sku_an_inventory_item_is() -> None:
    variants = [
        {"id": 1, "sku": "TEE-S", "inventory_item_id": 11},
        {"id": 2, "sku": "", "inventory_item_id": 12},
        {"id": 3, "sku": "TEE-L", "inventory_item_id": None},
    ]
    body = {"id": 9, "variants": variants}
    assert learned_items("products/update", raw(body)) == {
        "shopify:inventory_item:11": "TEE-S",
        "shopify:inventory_item:12": "shopify:variant:2",
    }
    assert outcome("products/update", body) == Ignored(reason="catalogue: names 2 articles")
    assert learned_items("orders/create", b"{}") == {}


@pytest.mark.parametrize("topic", ["shop/redact"])
def test_a_privacy_request_stays_visible(topic: str) -> None:
    found = outcome(topic, {})
    assert isinstance(found, NotUnderstood)
    assert "forget-source shopify" in found.reason


@pytest.mark.parametrize("topic", ["carts/create", "checkouts/update", "orders/edited", "locations/create"])
def test_a_topic_that_means_nothing_says_why(topic: str) -> None:
    found = outcome(topic, {})
    assert isinstance(found, Ignored)
    assert found.reason != "topic is not handled"


def test_a_topic_that_nobody_has_heard_of_is_left_alone() -> None:
    assert outcome("planets/align", {}) == Ignored(reason="topic is not handled")
