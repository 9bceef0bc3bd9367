"""Only genuine deliveries are read (WH-01 to WH-11 of the shared bad inputs)."""

import base64
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from omo_adapters.errors import Forged, Misconfigured
from omo_adapters.inbound import NotUnderstood
from omo_adapters.shopify import Secret, read_webhook, verify
from omo_adapters.shopify.signature import Headers
from tests.adapters.shopify.bodies import CONTEXT, order, raw

SECRET = Secret(b"omo-test-secret")
BODY = b'{"id":1,"admin_graphql_api_id":"gid://shopify/Order/1","total_price":"100.00","currency":"HKD"}'
SIGNATURE = "ZqFV1CM8i39Js0Qad9GoM77iFgms5zXUKW7f7IwAeBE="
NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


def signed(body: bytes, secret: bytes = SECRET.value) -> str:
    return base64.b64encode(hmac.digest(secret, body, "sha256")).decode()


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Shopify-Hmac-SHA256": SIGNATURE},
        {"x-shopify-hmac-sha256": SIGNATURE},
        {"Shopify-Hmac-Sha256": SIGNATURE},
        [("X-Shopify-Hmac-SHA256", SIGNATURE), ("x-shopify-hmac-sha256", SIGNATURE)],
    ],
)
def test_a_genuine_body_passes_whatever_the_headers_look_like(headers: Headers) -> None:
    verify(BODY, headers, [SECRET])


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Shopify-Hmac-SHA256": ""},
        [("X-Shopify-Hmac-SHA256", SIGNATURE), ("X-Shopify-Hmac-SHA256", "A" * 43 + "=")],
        [("X-Shopify-Hmac-SHA256", SIGNATURE), ("Shopify-Hmac-SHA256", "A" * 43 + "=")],
        {"X-Shopify-Hmac-SHA256": base64.b64decode(SIGNATURE).hex()},
        {"X-Shopify-Hmac-SHA256": base64.b64encode(base64.b64decode(SIGNATURE)[:16]).decode()},
        {"X-Shopify-Hmac-SHA256": SIGNATURE.lower()},
        {"X-Shopify-Hmac-SHA256": SIGNATURE.replace("E=", "F=")},
        {"X-Shopify-Hmac-SHA256": f" {SIGNATURE}"},
        {"X-Shopify-Hmac-SHA256": SIGNATURE.rstrip("=")},
        {"X-Shopify-Hmac-SHA256": f"{SIGNATURE}\u00e9"},
    ],
    ids=["none", "empty", "twice", "twice, two styles", "hex", "cut", "lower", "loose bits", "space", "bare", "accent"],
)
def test_a_missing_doubled_or_respelled_signature_is_forged(headers: Headers) -> None:
    with pytest.raises(Forged):
        verify(BODY, headers, [SECRET])


@pytest.mark.parametrize("body", [BODY.replace(b"100.00", b"900.00"), BODY.replace(b",", b", "), b""])
def test_another_body_is_forged_even_when_its_json_is_equal(body: bytes) -> None:
    with pytest.raises(Forged):
        verify(body, {"X-Shopify-Hmac-SHA256": SIGNATURE}, [SECRET])


@given(place=st.integers(0, len(BODY) - 1), bit=st.integers(0, 7))
def test_no_single_bit_of_the_body_can_change(place: int, bit: int) -> None:
    changed = bytearray(BODY)
    changed[place] ^= 1 << bit
    with pytest.raises(Forged):
        verify(bytes(changed), {"X-Shopify-Hmac-SHA256": SIGNATURE}, [SECRET])


@given(place=st.integers(0, len(SIGNATURE) - 1), letter=st.characters(codec="latin-1"))
def test_no_single_letter_of_the_signature_can_change(place: int, letter: str) -> None:
    changed = SIGNATURE[:place] + letter + SIGNATURE[place + 1 :]
    if changed != SIGNATURE:
        with pytest.raises(Forged):
            verify(BODY, {"X-Shopify-Hmac-SHA256": changed}, [SECRET])


def test_an_old_secret_is_good_for_an_hour_after_its_rotation() -> None:
    headers = {"X-Shopify-Hmac-SHA256": signed(BODY, b"old")}
    lately = Secret.retired(b"old", NOW - timedelta(minutes=59))
    long_ago = Secret.retired(b"old", NOW - timedelta(hours=2))
    verify(BODY, headers, [SECRET, lately], NOW)
    for secret, now in ((long_ago, NOW), (lately, NOW + timedelta(minutes=1)), (lately, None)):
        with pytest.raises(Forged):
            verify(BODY, headers, [SECRET, secret], now)


def test_without_a_secret_nothing_is_taken_for_genuine() -> None:
    for secrets in ([], [Secret(b"")]):
        with pytest.raises(Misconfigured):
            verify(BODY, {"X-Shopify-Hmac-SHA256": signed(BODY, b"")}, secrets)


def test_a_secret_does_not_show_itself() -> None:
    assert "omo-test" not in repr(SECRET)


def test_headers_say_where_a_delivery_came_from() -> None:
    headers = {
        "X-Shopify-Hmac-Sha256": SIGNATURE,
        "X-Shopify-Topic": "orders/create",
        "X-Shopify-Shop-Domain": "a.myshopify.com",
        "X-Shopify-Webhook-Id": "w1",
        "X-Shopify-Event-Id": "e1",
        "X-Shopify-Triggered-At": "2026-01-05T12:00:00Z",
        "X-Shopify-API-Version": "2026-07",
        "Host": "omo.example",
    }
    found = verify(BODY, headers, [SECRET])
    assert (found.topic, found.shop, found.webhook_id, found.event_id) == (
        "orders/create",
        "a.myshopify.com",
        "w1",
        "e1",
    )
    assert (found.triggered_at, found.api_version) == (NOW, "2026-07")
    assert verify(BODY, {**headers, "X-Shopify-Triggered-At": "soon"}, [SECRET]).triggered_at is None


def test_an_order_that_is_sent_as_a_refund_gives_nothing_back() -> None:
    body = raw(order())
    headers = {"X-Shopify-Hmac-Sha256": signed(body), "X-Shopify-Topic": "refunds/create"}
    found = read_webhook(headers, body, evolve(CONTEXT, secrets=(SECRET.value,)))
    assert isinstance(found.outcome, NotUnderstood)
    assert found.raw == body


def test_a_replay_with_fresh_headers_means_the_same_events() -> None:
    body = raw(order())
    first = {"X-Shopify-Hmac-Sha256": signed(body), "X-Shopify-Topic": "orders/paid", "X-Shopify-Webhook-Id": "w1"}
    again = {
        **first,
        "X-Shopify-Webhook-Id": "w2",
        "X-Shopify-Event-Id": "e2",
        "X-Shopify-Shop-Domain": "other.myshopify.com",
        "X-Shopify-Triggered-At": "2026-01-08T12:00:00Z",
    }
    context = evolve(CONTEXT, secrets=(SECRET.value,))
    assert read_webhook(first, body, context).outcome == read_webhook(again, body, context).outcome
