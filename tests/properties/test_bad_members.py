"""Bad input about members, put to a shop: a typed error, a refusal or an item for review; nothing is lost."""

from datetime import UTC, datetime

import pytest
from attrs import evolve

from omo_adapters.shop import Shop, memory_shop
from omo_core.decisions import Refused
from omo_core.errors import Malformed
from omo_core.identifiers import EventId
from omo_core.loyalty import simple_programme
from omo_core.members import Claim, ProfilesJoined, ProfilesParted
from omo_core.members.commands import JoinProfiles
from omo_core.members.events import CLAIMS_MAX

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def shop() -> Shop:
    return memory_shop(simple_programme("HKD", per=1000, zone_name="Asia/Hong_Kong"), now=lambda: NOW)


def persons(shop: Shop) -> list[tuple[str, ...]]:
    return sorted(tuple(sorted(member.profiles)) for member in shop.partition().members)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("phone", "0000000000"),
        ("phone", "00000000"),
        ("phone", "001 65 9456 7890"),
        ("phone", "9123 4567 ext 5"),
        ("phone", "9123\u200b4567"),
        ("email", "m\u0131ke@example.com"),
        ("email", "\uff4dike@example.com"),
        ("email", "mike@example.com\u202e"),
        ("email", "mi\u00adke@example.com"),
        ("email", "mike@exa mple.com"),
        ("email", "@"),
        ("card", "\u0131 1"),
        ("card", "\u202e4711"),
        ("line", "U1\u200b"),
        ("shopify", ""),
    ],
)
def test_what_is_no_certain_identifier_is_a_typed_error_and_writes_nothing(shop: Shop, kind: str, value: str) -> None:
    with pytest.raises(Malformed) as complaint:
        shop.record(shop.profile("crm:1", at=NOW, **{kind: value}))
    assert complaint.value.path == kind
    assert shop.journal.read(()).position == 0


@pytest.mark.parametrize(
    ("kind", "value"),
    [("phone", "12345678"), ("phone", "0912345678"), ("email", "test@test.com"), ("app", "null"), ("card", "00000000")],
)
def test_a_placeholder_joins_nobody(shop: Shop, kind: str, value: str) -> None:
    try:
        shop.record(shop.profile("crm:1", at=NOW, **{kind: value}), shop.profile("crm:2", at=NOW, **{kind: value}))
    except Malformed:
        assert shop.journal.read(()).position == 0
        return
    assert persons(shop) == [("crm:1",), ("crm:2",)]


def test_two_zeros_before_a_country_code_are_a_plus(shop: Shop) -> None:
    shop.record(shop.profile("crm:1", at=NOW, phone="0085291234567"), shop.profile("crm:2", at=NOW, phone="9123 4567"))
    assert persons(shop) == [("crm:1", "crm:2")]


def test_ten_thousand_claims_on_one_record_are_a_typed_error(shop: Shop) -> None:
    claims = tuple(Claim(kind="app", fingerprint=f"app:{number:032x}", proof="login") for number in range(10_000))
    with pytest.raises(Malformed, match=str(CLAIMS_MAX)):
        shop.record(evolve(shop.profile("crm:1", at=NOW), claims=claims))
    assert shop.journal.read(()).position == 0


def joined(one: str, other: str) -> ProfilesJoined:
    return ProfilesJoined(id=EventId(f"joined/{one}+{other}"), at=NOW, one=one, other=other)


def test_a_cycle_of_statements_and_opposite_merges_at_once_are_one_person(shop: Shop) -> None:
    shop.record(joined("a", "b"), joined("b", "a"), joined("b", "c"), joined("c", "a"))
    assert persons(shop) == [("a", "b", "c")]


def test_joined_and_parted_at_one_instant_waits_for_somebody(shop: Shop) -> None:
    shop.record(joined("a", "b"), ProfilesParted(id=EventId("parted/1"), at=NOW, ones=("a",), others=("b",)))
    assert persons(shop) == [("a",), ("b",)]
    assert [(item.one, item.other) for item in shop.partition().waiting] == [("a", "b")]


def test_a_record_is_not_joined_to_itself_nor_to_nobody(shop: Shop) -> None:
    shop.record(shop.profile("crm:1", at=NOW))
    ask = JoinProfiles(request="r1", at=NOW, one="crm:1", other="crm:1", reason="x")
    with pytest.raises(Malformed):
        shop.execute(ask)
    assert isinstance(shop.execute(evolve(ask, other="crm:9")), Refused)
    with pytest.raises(Malformed):
        shop.record(joined("a", "a"))
