"""Shopify's three privacy topics, from the signed delivery to the last byte."""

import base64
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from omo_adapters.forgetting import SourceForgotten, forget_source, open_requests
from omo_adapters.inbound import Context, NotUnderstood
from omo_adapters.member_questions import export
from omo_adapters.shop import Shop, open_shop
from omo_adapters.shopify import read_webhook
from omo_adapters.wording import note
from omo_core.decisions import Accepted, Refused
from omo_core.identifiers import ProfileId, RequestId
from omo_core.loyalty import simple_programme
from omo_core.members.commands import ExportMember, ForgetMember, NoteProfile
from tests.shell.test_erasure import CRM, SHOPIFY, customer, found_in_files, sale

SECRET = b"not a real secret"
BEGAN = datetime(2026, 6, 2, tzinfo=UTC)
PERSONAL = ("+85291234567", "9123 4567", "canary@example.com", "Canary@Example.com", "金絲雀", "Zanzibar", "allergic")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    clock = iter(BEGAN + timedelta(minutes=number) for number in range(10**6))
    programme = simple_programme("HKD", per=1000, zone_name="Asia/Hong_Kong")
    with open_shop(tmp_path / "omo.db", programme, now=lambda: next(clock)) as made:
        yield made


def deliver(shop: Shop, topic: str, body: dict[str, object], number: int = 1) -> object:
    raw = json.dumps(body).encode()
    signature = base64.b64encode(hmac.digest(SECRET, raw, sha256)).decode()
    headers = {
        "X-Shopify-Topic": topic,
        "X-Shopify-Hmac-Sha256": signature,
        "X-Shopify-Shop-Domain": "tea.myshopify.com",
        "X-Shopify-Webhook-Id": f"{topic}/{number}",
        "X-Shopify-Triggered-At": shop.now().isoformat(),
        "X-Shopify-API-Version": "2026-01",
    }
    return shop.take(read_webhook(headers, raw, Context(key=shop.vault.key(), secrets=(SECRET,)), shop.now()))


def live(shop: Shop) -> None:
    deliver(shop, "customers/create", customer())
    shop.record(shop.profile(CRM, at=BEGAN - timedelta(days=9), email="canary@example.com"))
    shop.record(sale(1, SHOPIFY, 60_000), sale(2, CRM, 40_000))
    ask = NoteProfile(request=RequestId("n"), at=shop.now(), profile=SHOPIFY, actor="ann")
    assert isinstance(note(shop, ask, "allergic to nuts"), Accepted)


def about(number: int = 1) -> dict[str, object]:
    return {
        "shop_id": 1,
        "shop_domain": "tea.myshopify.com",
        "customer": {"id": 7, "email": "canary@example.com", "phone": "+85291234567"},
        "orders_requested": [1],
        "data_request": {"id": number},
    }


def test_a_request_for_a_copy_is_open_until_it_is_handed_over(shop: Shop) -> None:
    live(shop)
    deliver(shop, "customers/data_request", about())
    deliver(shop, "customers/data_request", about())
    (waiting,) = open_requests(shop)
    assert waiting.profile == SHOPIFY
    copy = export(shop, SHOPIFY)
    assert copy.personal["name"] == "金絲雀"
    assert list(copy.notes.values()) == ["allergic to nuts"]
    assert {getattr(event, "order", None) for event in copy.events} == {None, "1"}
    given = ExportMember(request=RequestId("e"), at=shop.now(), profile=SHOPIFY, role="privacy", actor="ann")
    assert isinstance(shop.execute(given), Accepted)
    assert open_requests(shop) == ()
    deliver(shop, "customers/data_request", about(2), number=2)
    assert len(open_requests(shop)) == 1


def test_a_redaction_erases_the_record_and_closes_its_requests(shop: Shop, tmp_path: Path) -> None:
    live(shop)
    deliver(shop, "customers/data_request", about())
    before = shop.account(CRM).spendable
    assert found_in_files(tmp_path, PERSONAL)
    deliver(shop, "customers/redact", {**about(), "orders_to_redact": [1]})
    assert found_in_files(tmp_path, PERSONAL) == []
    assert open_requests(shop) == ()
    member = shop.member(CRM)
    assert member is not None
    assert member.profiles == (CRM,)
    assert (before, shop.account(CRM).spendable, shop.account(SHOPIFY).spendable) == (100, 40, 60)


def test_a_shop_that_is_gone_waits_to_be_forgotten_and_is(shop: Shop, tmp_path: Path) -> None:
    live(shop)
    deliver(shop, "customers/create", {**customer(), "id": 8, "admin_graphql_api_id": "gid://shopify/Customer/8"})
    deliver(shop, "customers/update", {**about(), "id": "broken"})
    waits = deliver(shop, "shop/redact", {"shop_id": 1, "shop_domain": "tea.myshopify.com"})
    assert isinstance(waits, NotUnderstood)
    assert "omo members forget-source shopify" in waits.reason
    asked = ForgetMember(request=RequestId("gone"), at=shop.now(), profile=ProfileId("shopify:"), role="clerk")
    assert isinstance(forget_source(shop, "shopify", asked), Refused)
    assert len(list(shop.quarantine.each())) == 2
    allowed = ForgetMember(request=RequestId("gone"), at=shop.now(), profile=ProfileId("shopify:"), role="privacy")
    assert forget_source(shop, "shopify", allowed) == SourceForgotten(records=2, documents=1), "one was about them"
    assert forget_source(shop, "shopify", allowed) == SourceForgotten(records=2, documents=0), "answered again"
    assert list(shop.quarantine.each()) == []
    assert found_in_files(tmp_path, PERSONAL) == []
    assert shop.account(CRM).spendable == 40
    assert (shop.account(SHOPIFY).spendable, dict(shop.vault.look(CRM))) == (60, {})
