"""What is known of a member: by whose word, with the observation it came from, and never stored."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from attrs import evolve

from omo_adapters.desk import Rules
from omo_adapters.shop import Shop, memory_shop, open_shop
from omo_core.decisions import Accepted
from omo_core.identifiers import EventId
from omo_core.loyalty import simple_programme
from omo_core.members import DEFAULT_RULES, FieldRule, ProfilesJoined
from omo_core.members.commands import ForgetMember

NOW = datetime(2026, 6, 1, tzinfo=UTC)
FIELDS = (
    FieldRule(field="name", sources=("crm", "shopify")),
    FieldRule(field="address", prefer="longest"),
    FieldRule(field="*", prefer="newest"),
)
RULES = Rules(
    programme=simple_programme("HKD", per=1000, zone_name="Asia/Hong_Kong"),
    identity=evolve(DEFAULT_RULES, fields=FIELDS),
)
JOINED = ProfilesJoined(id=EventId("joined/1"), at=NOW, one="crm:1", other="shopify:2")


def day(number: int) -> datetime:
    return NOW - timedelta(days=100 - number)


@pytest.fixture(params=["memory", "sqlite"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    made = memory_shop(RULES, now=lambda: NOW) if request.param == "memory" else open_shop(tmp_path / "omo.db", RULES)
    with made:
        yield made


def see(shop: Shop, record: str, at: int, version: int = 1, **fields: str) -> None:
    seen = shop.profile(record, at=day(0), version=version)
    shop.record(evolve(seen, source=record.partition(":")[0], updated_at=day(at)))
    shop.vault.keep(record, version, fields)


def told(shop: Shop, record: str = "crm:1") -> dict[str, tuple[str, str, str]]:
    return {each.field: (each.value, each.profile, each.decided) for each in shop.known(record)}


def both(shop: Shop) -> None:
    see(shop, "crm:1", 1, name="Amy Lee", phone="9123 4567", address_city="HK", address_address1="1 Long Street")
    see(shop, "shopify:2", 9, first_name="Mei", last_name="Lee", name="Mei Lee", phone="9222 3333", address_city="TW")
    shop.record(JOINED)


def test_each_field_comes_from_the_record_that_the_rules_believe(shop: Shop) -> None:
    both(shop)
    assert told(shop) == {
        "name": ("Amy Lee", "crm:1", "source"),
        "phone": ("9222 3333", "shopify:2", "newest"),
        "address": ("1 Long Street, HK", "crm:1", "longest"),
    }
    assert told(shop, "shopify:2") == told(shop)


def test_what_belongs_together_comes_from_one_record(shop: Shop) -> None:
    both(shop)
    known = {each.field: each for each in shop.known("crm:1")}
    assert dict(known["name"].values) == {"name": "Amy Lee"}
    assert dict(known["address"].values) == {"address_city": "HK", "address_address1": "1 Long Street"}


def test_a_value_names_the_observation_that_it_came_with(shop: Shop) -> None:
    both(shop)
    see(shop, "crm:1", 20, version=2, name="Amy L.", phone="9444 5555")
    name = next(each for each in shop.known("crm:1") if each.field == "name")
    assert (name.value, name.event, name.version, name.source) == ("Amy L.", "profile/crm:1", 2, "crm")
    assert [event.version for event in shop.document(name.event)] == [1, 2]


def test_a_trusted_source_that_says_nothing_does_not_win(shop: Shop) -> None:
    see(shop, "crm:1", 9, name="", birthday="1990-02-09")
    see(shop, "shopify:2", 1, name="Mei Lee")
    shop.record(JOINED)
    assert told(shop)["name"] == ("Mei Lee", "shopify:2", "only")


def test_parted_again_each_has_its_own(shop: Shop) -> None:
    both(shop)
    shop.record(evolve(JOINED, version=1, withdrawn=True))
    assert told(shop)["phone"] == ("9123 4567", "crm:1", "only")
    assert told(shop, "shopify:2")["name"] == ("Mei Lee", "shopify:2", "only")


def test_the_erased_say_nothing_any_more(shop: Shop) -> None:
    both(shop)
    forget = ForgetMember(request="f1", at=NOW, profile="crm:1", role="privacy")
    assert isinstance(shop.execute(forget), Accepted)
    assert told(shop) == {}
    assert told(shop, "shopify:2")["name"] == ("Mei Lee", "shopify:2", "only")


def test_a_record_that_only_the_vault_knows_says_what_it_has(shop: Shop) -> None:
    both(shop)
    shop.vault.keep("till:3", 0, {"name": "Ah Mei", "shoe": "37"})
    shop.record(ProfilesJoined(id=EventId("joined/2"), at=NOW, one="crm:1", other="till:3"))
    assert told(shop)["shoe"] == ("37", "till:3", "only")
    assert told(shop)["name"][1] == "crm:1"
    assert shop.known("nobody:1") == ()


def test_every_order_of_hearing_gives_the_same() -> None:
    versions = (("crm:1", 1, "Ann"), ("crm:1", 2, "Anna"), ("crm:1", 2, "Anne"), ("shopify:2", 1, "Bo"))
    found = []
    for order in permutations(versions):
        with memory_shop(RULES, now=lambda: NOW) as shop:
            for record, version, name in order:
                see(shop, record, version, version, name=name)
            shop.record(JOINED)
            found.append(shop.known("shopify:2"))
    assert [each.value for each in found[0]] == ["Anne"]
    assert all(known == found[0] for known in found)
