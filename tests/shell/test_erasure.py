"""Law 12: erased is erased, to the last byte, and the books still balance."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from omo_adapters.inbound import Context, Understood
from omo_adapters.member_questions import export
from omo_adapters.shop import Shop, open_shop
from omo_adapters.shopify.topics import Setting, translate
from omo_adapters.storage.quarantine import SetAside, SqliteQuarantine
from omo_core.decisions import Accepted
from omo_core.events import Event
from omo_core.identifiers import EventId, OrderId, ProfileId, RequestId, Sku
from omo_core.loyalty import simple_programme
from omo_core.members.commands import ForgetMember, JoinProfiles
from omo_core.trade import Sale, SaleLine

NOW = datetime(2026, 6, 1, tzinfo=UTC)
CANARIES = ("+85291234567", "9123 4567", "canary@example.com", "Canary@Example.com", "金絲雀", "\\u91d1\\u7d72\\u96c0")
SHOPIFY, CRM = ProfileId("shopify:7"), ProfileId("crm:1")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with open_shop(tmp_path / "omo.db", simple_programme("HKD", per=1000, zone_name="Asia/Hong_Kong")) as made:
        yield made


def customer(updated: str = "2026-05-01T00:00:00Z") -> dict[str, object]:
    return {
        "id": 7,
        "admin_graphql_api_id": "gid://shopify/Customer/7",
        "created_at": "2026-05-01T00:00:00Z",
        "updated_at": updated,
        "first_name": "金絲雀",
        "email": "Canary@Example.com",
        "verified_email": True,
        "phone": "9123 4567",
    }


def deliver(shop: Shop, topic: str, body: dict[str, object]) -> None:
    outcome = translate(topic, json.dumps(body).encode(), Setting(Context(key=shop.vault.key()), when=NOW))
    assert isinstance(outcome, Understood), outcome
    for personal in outcome.personal:
        shop.vault.keep(personal.profile, personal.version, personal.fields)
    shop.record(*outcome.events)


def sale(number: int, profile: ProfileId, amount: int) -> Sale:
    line = SaleLine(line="1", sku=Sku("TEE"), units=1, amount=amount)
    return Sale(
        id=EventId(f"sale/{number}"),
        at=NOW - timedelta(days=5),
        order=OrderId(str(number)),
        profile=profile,
        currency="HKD",
        lines=(line,),
    )


def put_aside(shop: Shop, raw: bytes) -> SqliteQuarantine:
    assert shop.database is not None
    quarantine = SqliteQuarantine(shop.database)
    quarantine.put(
        [
            SetAside(
                kind="shopify:customers/update", place="delivery", path="id", reason="broken", raw=raw, received_at=NOW
            )
        ]
    )
    return quarantine


def found_in_files(folder: Path) -> list[tuple[str, str]]:
    return [
        (path.name, canary)
        for path in sorted(folder.iterdir())
        for canary in CANARIES
        for encoding in ("utf-8", "utf-16-le")
        if canary.encode(encoding) in path.read_bytes()
    ]


def forget(profile: ProfileId, request: str = "f1") -> ForgetMember:
    return ForgetMember(request=RequestId(request), at=NOW, profile=profile, role="privacy")


def live(shop: Shop) -> None:
    deliver(shop, "customers/create", customer())
    deliver(shop, "customers/update", customer("2026-05-02T00:00:00Z"))
    shop.record(shop.profile(CRM, at=NOW - timedelta(days=9), email="canary@example.com"))
    shop.record(sale(1, SHOPIFY, 60_000), sale(2, CRM, 40_000))


def test_no_byte_of_an_erased_customer_stays_in_live_files(shop: Shop, tmp_path: Path) -> None:
    live(shop)
    put_aside(shop, json.dumps({**customer(), "id": "broken"}, ensure_ascii=False).encode())
    put_aside(shop, json.dumps({"phone": "9123 4567"}).encode())
    assert found_in_files(tmp_path)
    assert isinstance(shop.execute(forget(SHOPIFY)), Accepted)
    assert found_in_files(tmp_path) == []


def test_documents_of_others_stay_in_quarantine(shop: Shop) -> None:
    live(shop)
    quarantine = put_aside(shop, b"{broken")
    shop.execute(forget(SHOPIFY))
    assert [document.raw for document in quarantine.each()] == [b"{broken"]


def test_the_other_of_two_merged_records_is_as_if_never_merged(shop: Shop) -> None:
    live(shop)
    assert shop.account(CRM).spendable == 100
    shop.execute(forget(SHOPIFY))
    member, erased = shop.member(CRM), shop.member(SHOPIFY)
    assert member is not None
    assert erased is not None
    assert (member.profiles, erased.profiles, erased.erased) == ((CRM,), (SHOPIFY,), True)
    assert (shop.account(CRM).spendable, shop.account(SHOPIFY).spendable) == (40, 60)
    assert shop.find(email="canary@example.com") == (member,)


def test_a_late_retry_does_not_revive_the_erased(shop: Shop, tmp_path: Path) -> None:
    live(shop)
    deliver(shop, "customers/redact", {"customer": {"id": 7, "email": "canary@example.com"}, "shop_id": 1})
    deliver(shop, "customers/update", customer("2026-05-03T00:00:00Z"))
    deliver(shop, "customers/create", customer())
    assert dict(shop.vault.look(SHOPIFY)) == {}
    assert found_in_files(tmp_path) == []
    member = shop.member(CRM)
    assert member is not None
    assert member.profiles == (CRM,)


def test_an_erasure_asked_again_is_answered_again(shop: Shop) -> None:
    live(shop)
    assert shop.execute(forget(SHOPIFY)) == shop.execute(forget(SHOPIFY))


def test_all_of_a_member_can_be_forgotten(shop: Shop, tmp_path: Path) -> None:
    live(shop)
    whole = ForgetMember(request=RequestId("f1"), at=NOW, profile=CRM, role="privacy", whole=True)
    answer = shop.execute(whole)
    assert isinstance(answer, Accepted)
    assert sorted(event.profile for event in answer.events) == [CRM, SHOPIFY]  # type: ignore[attr-defined]
    assert shop.find(email="canary@example.com") == ()


def test_what_is_handed_over_is_what_came_from_the_record(shop: Shop) -> None:
    live(shop)
    join = JoinProfiles(request=RequestId("j"), at=NOW, one=CRM, other=SHOPIFY, reason="x")
    shop.execute(join)
    theirs = export(shop, SHOPIFY)
    assert theirs.personal["email"] == "Canary@Example.com"
    assert {order(event) for event in theirs.events} == {"1", ""}
    assert export(shop, CRM).personal == {}


def order(event: Event) -> str:
    return event.order if isinstance(event, Sale) else ""


def test_the_books_are_the_same_in_any_order_and_after_starting_again(tmp_path: Path, shop: Shop) -> None:
    live(shop)
    shop.execute(forget(SHOPIFY))
    before = shop.account(CRM, as_of=NOW), shop.account(SHOPIFY, as_of=NOW), shop.member(CRM), shop.member(SHOPIFY)
    shop.forget_states()
    assert (
        shop.account(CRM, as_of=NOW),
        shop.account(SHOPIFY, as_of=NOW),
        shop.member(CRM),
        shop.member(SHOPIFY),
    ) == before
    other = open_shop(tmp_path / "other.db", shop.rules)
    with other:
        for entry in reversed(shop.journal.after(0, limit=100)):  # type: ignore[attr-defined]
            other.record(entry.event)
        at = NOW + timedelta(days=1)
        assert other.account(CRM, as_of=at).spendable == shop.account(CRM, as_of=at).spendable
        assert other.member(CRM) == before[2]
