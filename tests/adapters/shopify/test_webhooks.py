"""Deliveries, kept deliveries and folders of bodies."""

import pytest
from attrs import evolve

from omo_adapters.errors import Misconfigured
from omo_adapters.inbound import Ignored, NotUnderstood, Understood
from omo_adapters.shopify import Secret, read_dump, read_folder_member, read_webhook, write_dump
from omo_core.errors import Malformed
from tests.adapters.shopify.bodies import CONTEXT, order, raw
from tests.adapters.shopify.test_signature import signed

BODY = raw(order())
HEADERS = (("X-Shopify-Topic", "orders/create"), ("X-Shopify-Webhook-Id", "w1"))


def test_a_delivery_is_checked_unless_somebody_has_checked_it() -> None:
    with pytest.raises(Misconfigured):
        read_webhook(HEADERS, BODY, CONTEXT)
    found = read_webhook(HEADERS, BODY, CONTEXT, verified=True)
    assert (found.kind, found.place, found.raw) == ("shopify:orders/create", "delivery w1", BODY)
    assert isinstance(found.outcome, Understood)


def test_secrets_may_be_given_beside_the_context() -> None:
    headers = (*HEADERS, ("X-Shopify-Hmac-Sha256", signed(BODY, b"s")))
    assert isinstance(read_webhook(headers, BODY, CONTEXT, secrets=[Secret(b"s")]).outcome, Understood)


def test_a_delivery_without_a_topic_waits_in_quarantine() -> None:
    found = read_webhook({}, BODY, CONTEXT, verified=True)
    assert found.outcome == NotUnderstood(path="topic", reason="the delivery does not say its topic")


@pytest.mark.parametrize("body", [BODY, b"", b"\n\nx", b"\r\n\r\n"])
def test_a_kept_delivery_comes_back_byte_for_byte(body: bytes) -> None:
    assert read_dump(write_dump(HEADERS, body)) == (HEADERS, body)


def test_a_delivery_kept_by_other_hands_is_read_too() -> None:
    dump = b"POST /webhooks HTTP/1.1\r\nX-Shopify-Topic: orders/create\r\n\r\n{}"
    assert read_dump(dump) == ((("X-Shopify-Topic", "orders/create"),), b"{}")


@pytest.mark.parametrize("dump", [b"", b"X-Shopify-Topic: orders/create\n", b"A: b\nno header\n\n{}"])
def test_what_is_no_kept_delivery_is_malformed(dump: bytes) -> None:
    with pytest.raises(Malformed):
        read_dump(dump)


@pytest.mark.parametrize("header", [("A", "b\nc"), ("A:", "b"), ("A B", "c")])
def test_a_header_that_would_not_come_back_is_not_kept(header: tuple[str, str]) -> None:
    with pytest.raises(Malformed):
        write_dump([header], b"")


def test_a_folder_says_the_topic_of_a_bare_body() -> None:
    found = read_folder_member(("2026", "orders", "create.json"), BODY, CONTEXT)
    assert (found.kind, found.place) == ("shopify:orders/create", "2026/orders/create.json")
    assert read_folder_member(("customer.tags_added.json",), b"{}", CONTEXT).kind == "shopify:customer.tags_added"


def test_a_bare_body_elsewhere_takes_the_topic_that_the_user_names() -> None:
    assert isinstance(read_folder_member(("a.json",), BODY, CONTEXT).outcome, NotUnderstood)
    assert isinstance(read_folder_member(("a.json",), BODY, CONTEXT, "orders/create").outcome, Understood)


def test_a_kept_delivery_in_a_folder_is_checked_where_the_shop_has_secrets() -> None:
    dump = write_dump(HEADERS, BODY)
    assert isinstance(read_folder_member(("a.http",), dump, CONTEXT).outcome, Understood)
    found = read_folder_member(("a.http",), dump, evolve(CONTEXT, secrets=(b"s",)))
    assert found.outcome == NotUnderstood(path="hmac-sha256", reason="the delivery is not signed")


def test_a_broken_file_in_a_folder_does_not_stop_the_rest() -> None:
    assert isinstance(read_folder_member(("a.http",), b"nothing", CONTEXT).outcome, NotUnderstood)
    assert isinstance(read_folder_member(("carts", "create.json"), b"nothing", CONTEXT).outcome, Ignored)
