"""What staff type when a customer gives nothing joins nobody."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest

from omo_adapters import placeholders
from omo_adapters.config import SettingsText, read_settings
from omo_adapters.inbound import Context
from omo_adapters.placeholders import Placeholders, guarded
from omo_adapters.shop import memory_shop, open_shop
from omo_adapters.tables import read_members
from omo_core.errors import Malformed
from omo_core.identifiers import ProfileId
from omo_core.loyalty import simple_programme
from omo_core.members import DEFAULT_RULES, fingerprint
from omo_core.members.reasons import Blocked

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PROGRAMME = simple_programme("HKD", per=1000, zone_name="Asia/Hong_Kong")


@pytest.mark.parametrize(
    ("kind", "value"),
    [("email", "test@test.com"), ("phone", "9876 5432"), ("card", "12345678"), ("app", "null"), ("shopify", "0")],
)
@pytest.mark.parametrize("stored", [False, True])
def test_a_shop_blocks_the_usual_placeholders(kind: str, value: str, stored: bool, tmp_path: Path) -> None:
    with open_shop(tmp_path / "omo.db", PROGRAMME) if stored else memory_shop(PROGRAMME) as shop:
        for name in ("crm:1", "crm:2"):
            shop.record(shop.profile(name, at=NOW, **{kind: value}))
        member = shop.member(ProfileId("crm:1"))
        assert member is not None
        assert member.profiles == ("crm:1",)


@pytest.mark.parametrize("region", ["HK", "TW", "US"])
@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("phone", "+886912345678"),
        ("phone", "+8613800138000"),
        ("phone", "+85298765432"),
        ("email", "no@email.com"),
        ("email", "123@123.com"),
    ],
)
def test_placeholders_of_the_neighbours_are_blocked_everywhere(region: str, kind: str, value: str) -> None:
    assert fingerprint(b"key", kind, value) in guarded(DEFAULT_RULES, b"key", region).blocked


def test_a_shop_adds_its_own() -> None:
    rules = guarded(DEFAULT_RULES, b"key", "HK", Placeholders(values=(("phone", "2123 4567"),)))
    assert fingerprint(b"key", "phone", "+85221234567") in rules.blocked
    assert guarded(rules, b"key", "HK") == rules
    with pytest.raises(Malformed):
        guarded(DEFAULT_RULES, b"key", "HK", Placeholders(values=(("phone", "no number"),)))
    assert guarded(DEFAULT_RULES, b"key", "HK", Placeholders(usual=False)) == DEFAULT_RULES


BORNE = (("null", "north"), ("Null", "north"), ("null", "south"), ("U1", "north"), ("U1", "north"), ("U1", "south"))


def test_a_placeholder_is_blocked_whoever_hands_it_out() -> None:
    rows = "".join(f"{number},{value},{provider}\n" for number, (value, provider) in enumerate((*BORNE, *BORNE)))
    text = f"member_id,line,line_provider\n{rows}".encode()
    with memory_shop(PROGRAMME) as shop:
        for parcel in read_members(BytesIO(text), Context(key=shop.vault.key()), as_of=NOW):
            shop.take(parcel)
        found = shop.partition()
        blocked = {shop.fingerprint("line", value, provider) for value, provider in BORNE[:3]}
    assert sorted(member.profiles for member in found.members if len(member.profiles) > 1) == [
        ("crm:10", "crm:3", "crm:4", "crm:9"),
        ("crm:11", "crm:5"),
    ]
    assert {each.fingerprint for each in found.demoted} == blocked
    assert {each.why for each in found.demoted} == {Blocked()}


def test_a_shops_own_placeholder_is_blocked_whoever_hands_it_out() -> None:
    text = 'name = "S"\ncurrency = "HKD"\nzone = "Asia/Hong_Kong"\nregion = "HK"\n[identity]\nblocked = ["line:U0"]\n'
    settings = read_settings(SettingsText(shop=text))
    rows = "".join(f"{number},U{number // 2},north\n" for number in range(4))
    with memory_shop(settings.rules) as shop:
        context = settings.context(shop.vault.key())
        for parcel in read_members(BytesIO(f"member_id,line,line_provider\n{rows}".encode()), context, as_of=NOW):
            shop.take(parcel)
        found = shop.partition()
        assert context.fingerprint("line", "U0", "north") == shop.fingerprint("line", "U0", "south")
    assert sorted(member.profiles for member in found.members) == [("crm:0",), ("crm:1",), ("crm:2", "crm:3")]
    assert [each.why for each in found.demoted] == [Blocked()]


@pytest.mark.mutants
def test_a_shops_own_placeholder_that_is_hashed_with_its_provider_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = placeholders.Placeholders.hashed
    monkeypatch.setattr(
        placeholders.Placeholders, "hashed", lambda _, *given: real(placeholders.Placeholders(), *given)
    )
    with pytest.raises(AssertionError):
        test_a_shops_own_placeholder_is_blocked_whoever_hands_it_out()


@pytest.mark.mutants
def test_a_placeholder_that_is_hashed_with_its_provider_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placeholders, "_known", lambda region: frozenset())
    with pytest.raises(AssertionError):
        test_a_placeholder_is_blocked_whoever_hands_it_out()
