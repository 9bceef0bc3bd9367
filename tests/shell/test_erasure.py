"""Law 12: erased is erased, to the last byte, and the books still balance."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from omo_adapters import shop as shop_module
from omo_adapters.errors import StoreBusy
from omo_adapters.inbound import Context, Parcel, Understood
from omo_adapters.member_questions import export
from omo_adapters.shop import Shop, open_shop
from omo_adapters.shopify.topics import Setting, translate
from omo_adapters.storage.quarantine import SetAside, SqliteQuarantine
from omo_adapters.storage.vault import SqliteVault
from omo_adapters.wording import note, notes, tag, tags
from omo_core.decisions import Accepted, Refused
from omo_core.errors import Malformed
from omo_core.events import Event
from omo_core.identifiers import EventId, OrderId, ProfileId, RequestId, Sku
from omo_core.loyalty import PointsRedeemed, simple_programme
from omo_core.members import ProfileSeen
from omo_core.members.commands import ForgetMember, JoinProfiles, NoteProfile, TagProfile
from omo_core.trade import Refund, Sale, SaleLine

NOW = datetime(2026, 6, 1, tzinfo=UTC)
CANARIES = (
    "+85291234567",
    "9123 4567",
    "9123-4567",
    "canary@example.com",
    "Canary@Example.com",
    "金絲雀",
    "\\u91d1\\u7d72\\u96c0",
    "Zanzibar",
    "allergic to canaries",
)
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
        "tags": "Zanzibar friend, wholesale",
    }


def deliver(shop: Shop, topic: str, body: dict[str, object]) -> None:
    raw = json.dumps(body).encode()
    outcome = translate(topic, raw, Setting(Context(key=shop.vault.key()), when=NOW))
    assert isinstance(outcome, Understood), outcome
    shop.take(Parcel(kind=f"shopify:{topic}", place="delivery", raw=raw, outcome=outcome))


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


def found_in_files(folder: Path, canaries: tuple[str, ...] = CANARIES) -> list[tuple[str, str]]:
    return [
        (path.name, canary)
        for path in sorted(folder.iterdir())
        for canary in canaries
        for encoding in ("utf-8", "utf-16-le", "big5hkscs")
        if canary.encode(encoding, "ignore") in path.read_bytes()
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
    put_aside(shop, json.dumps({"phone": "9123-4567"}).encode())
    put_aside(shop, "7,金絲雀,pending".encode("big5hkscs"))
    ask = NoteProfile(request=RequestId("n"), at=NOW, profile=SHOPIFY, actor="ann")
    assert isinstance(note(shop, ask, "allergic to canaries"), Accepted)
    assert isinstance(tag(shop, TagProfile(request="t", at=NOW, profile=SHOPIFY, added=("Zanzibar",))), Accepted)
    shop.member(SHOPIFY)
    shop.account(SHOPIFY)
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
    assert theirs.tags == ("Zanzibar friend", "wholesale")
    assert (export(shop, CRM).personal, export(shop, CRM).tags) == ({}, ())


def test_a_copy_has_the_refunds_of_ones_own_and_nobody_elses_points(shop: Shop) -> None:
    live(shop)
    back = Refund(id="refund/1", at=NOW, order="1", currency="HKD", adjustment=60_000)
    paid = PointsRedeemed(id="paid", at=NOW, profile=CRM, points=10, order="1")
    shop.record(back, paid)
    assert back in export(shop, SHOPIFY).events
    assert paid not in export(shop, SHOPIFY).events


def test_a_note_is_written_once_and_shown_with_its_words(shop: Shop) -> None:
    live(shop)
    ask = NoteProfile(request=RequestId("n"), at=NOW, profile=SHOPIFY, actor="ann")
    assert note(shop, ask, "allergic to canaries") == note(shop, ask, "allergic to canaries")
    (written,) = notes(shop, (SHOPIFY, CRM))
    assert (written.words, written.actor) == ("allergic to canaries", "ann")
    other = note(shop, ask, "something else")
    assert isinstance(other, Refused)
    assert other.reason.kind == "request_reused"
    assert dict(export(shop, SHOPIFY).notes) == {written.id: "allergic to canaries"}
    for wrong in ("", " ", "x" * 5001, "\0", "\ud800", 7):
        with pytest.raises(Malformed):
            note(shop, ask, wrong)  # type: ignore[arg-type]


def test_a_note_about_nobody_keeps_no_words(shop: Shop, tmp_path: Path) -> None:
    ask = NoteProfile(request=RequestId("n"), at=NOW, profile=ProfileId("crm:none"))
    assert isinstance(note(shop, ask, "allergic to canaries"), Refused)
    assert found_in_files(tmp_path) == []


def test_tags_are_shown_in_words_and_stand_in_the_journal_as_fingerprints(shop: Shop) -> None:
    live(shop)
    member = shop.member(SHOPIFY)
    assert member is not None
    assert all(each.startswith("tag:") for each in member.tags)
    assert tags(shop, member) == ("Zanzibar friend", "wholesale")
    gone = TagProfile(request="t", at=NOW, profile=SHOPIFY, removed=("wholesale",), added=("vip",))
    assert isinstance(tag(shop, gone), Accepted)
    member = shop.member(SHOPIFY)
    assert member is not None
    assert tags(shop, member) == ("Zanzibar friend", "vip")
    shop.record(ProfileSeen(id="profile/app:1", at=NOW, profile="app:1", tags=("plain",)))
    plain = shop.member(ProfileId("app:1"))
    assert plain is not None
    assert tags(shop, plain) == ("plain",)


def test_what_is_said_of_the_erased_later_keeps_no_words(shop: Shop, tmp_path: Path) -> None:
    live(shop)
    shop.execute(forget(SHOPIFY))
    deliver(
        shop,
        "customer.tags_added",
        {"customerId": "gid://shopify/Customer/7", "tags": ["Zanzibar"], "occurredAt": "2026-06-02T00:00:00Z"},
    )
    assert found_in_files(tmp_path) == []


def test_a_document_with_the_same_name_only_loses_the_name(shop: Shop) -> None:
    live(shop)
    quarantine = put_aside(shop, '{"name": "金絲雀", "sku": "TEE"}'.encode())
    put_aside(shop, b'{"sku": "tee", "city": "Kowloon"}')
    shop.execute(forget(SHOPIFY))
    assert [document.raw for document in quarantine.each()] == [
        b'{"name": "xxxxxxxxx", "sku": "TEE"}',
        b'{"sku": "tee", "city": "Kowloon"}',
    ]


def test_a_document_with_a_further_phone_or_e_mail_of_theirs_goes_too(shop: Shop, tmp_path: Path) -> None:
    live(shop)
    further = {"phone": "+85291234567", "phone_2": "+85292223333", "email_3": "third@example.com"}
    shop.vault.keep(CRM, 1, further)
    quarantine = put_aside(shop, b'{"tel": "(852) 9222 3333"}')
    put_aside(shop, b'{"mail": "Third@Example.com"}')
    shop.execute(forget(CRM))
    assert list(quarantine.each()) == []
    assert found_in_files(tmp_path, ("9222 3333", "Third@", "third@")) == []


def test_a_birthday_is_taken_out_where_the_name_stands_too(shop: Shop) -> None:
    live(shop)
    shop.vault.keep(CRM, 1, {"name": "Zanzibar Quirinus", "birthday": "1971-03-04"})
    quarantine = put_aside(shop, b"7,Zanzibar Quirinus,1971-03-04")
    put_aside(shop, b"8,Somebody Else,1971-03-04")
    shop.execute(forget(CRM))
    assert [each.raw for each in quarantine.each()] == [
        b"7,xxxxxxxxxxxxxxxxx,xxxxxxxxxx",
        b"8,Somebody Else,1971-03-04",
    ]


def test_a_document_whose_bytes_are_gone_does_not_come_back_by_coming_again(shop: Shop, tmp_path: Path) -> None:
    live(shop)
    raw = json.dumps({"phone": "+852 9123 4567", "id": "broken"}).encode()
    put_aside(shop, raw)
    shop.execute(forget(SHOPIFY))
    quarantine = put_aside(shop, raw)
    assert list(quarantine.each()) == []
    assert found_in_files(tmp_path) == []


def test_a_reason_of_a_document_that_is_done_with_is_cleaned_too(shop: Shop, tmp_path: Path) -> None:
    live(shop)
    assert shop.database is not None
    quarantine = SqliteQuarantine(shop.database)
    aside = SetAside(
        kind="csv:members", place="row 1", path="phone", reason="'9123 4567' is odd", raw=b"x", received_at=NOW
    )
    quarantine.put([aside])
    quarantine.settle([document.id for document in quarantine.each()], NOW)
    shop.execute(forget(SHOPIFY))
    assert found_in_files(tmp_path) == []


def test_an_erasure_that_was_interrupted_is_finished_by_whoever_comes_next(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(shop)

    def fails(*_: object) -> int:
        raise StoreBusy("somebody reads")

    with monkeypatch.context() as patch:
        patch.setattr(SqliteVault, "erase_all", fails)
        with pytest.raises(StoreBusy):
            shop.execute(forget(SHOPIFY))
    assert found_in_files(tmp_path)
    again = shop.execute(forget(SHOPIFY, "another request"))
    assert isinstance(again, Refused)
    assert found_in_files(tmp_path) == []


def test_opening_a_shop_finishes_an_erasure_that_was_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programme = simple_programme("HKD", per=1000, zone_name="Asia/Hong_Kong")
    with open_shop(tmp_path / "omo.db", programme) as shop, monkeypatch.context() as patch:
        live(shop)
        patch.setattr(Shop, "finish_erasures", lambda _: None)
        patch.setattr(shop_module, "scrub", lambda *_: None)
        shop.execute(forget(SHOPIFY))
    assert found_in_files(tmp_path)
    with open_shop(tmp_path / "omo.db", programme):
        assert found_in_files(tmp_path) == []


def test_a_log_that_somebody_reads_is_emptied_once_they_are_done(shop: Shop, tmp_path: Path) -> None:
    live(shop)
    assert shop.database is not None
    other = sqlite3.connect(tmp_path / "omo.db", isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM event").fetchone()
    shop.database.connection.execute("PRAGMA busy_timeout = 50")
    with pytest.raises(StoreBusy):
        shop.execute(forget(SHOPIFY))
    other.execute("COMMIT")
    other.close()
    shop.finish_erasures()
    assert found_in_files(tmp_path) == []


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
