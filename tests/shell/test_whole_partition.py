"""Everybody at once is everybody one by one; a document is found by its id; a provider's numbers are its own."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from attrs import evolve

from omo_adapters.member_questions import review
from omo_adapters.shop import Shop, memory_shop, open_shop
from omo_adapters.testing.samples import sale
from omo_core.identifiers import EventId
from omo_core.loyalty import simple_programme
from omo_core.members import Claim, MatchProposed, ProfilesJoined

NOW = datetime(2026, 6, 1, tzinfo=UTC)
PROGRAMME = simple_programme("HKD", per=1000, zone_name="Asia/Hong_Kong")


@pytest.fixture(params=["memory", "sqlite"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    made = memory_shop(PROGRAMME) if request.param == "memory" else open_shop(tmp_path / "omo.db", PROGRAMME)
    with made:
        made.record(made.profile("crm:1", at=NOW, phone="9123 4567", email="a@example.com"))
        made.record(made.profile("web:2", at=NOW, phone="9123 4567"))
        made.record(made.profile("web:3", at=NOW, email="b@example.com"))
        made.record(made.profile("web:4", at=NOW))
        made.record(evolve(sale("only-bought"), profile="till:5"))
        made.record(ProfilesJoined(id=EventId("joined/x"), at=NOW, one="web:3", other="web:4"))
        made.record(MatchProposed(id=EventId("match/x"), at=NOW, one="crm:1", other="web:3", likeness=700_000))
        yield made


def test_everybody_at_once_is_everybody_one_by_one(shop: Shop) -> None:
    whole = shop.partition()
    assert sorted(member.id for member in whole.members) == ["crm:1", "till:5", "web:3"]
    assert {member.id: member for member in whole.members} == {member.id: member for member in shop.members()}
    for member in whole.members:
        assert shop.member(member.profiles[-1]) == member


def test_the_queue_of_all_is_that_of_each(shop: Shop) -> None:
    (item,) = shop.partition().stopped
    assert (item.one, item.other, item.by) == ("crm:1", "web:3", "match")
    assert review(shop, "web:4") == (item,)
    assert review(shop, "till:5") == ()


def test_a_survey_gives_the_same_persons_in_numbers(shop: Shop) -> None:
    shop.record(shop.profile("web:3", at=NOW, version=1, email="c@example.com"))
    whole, found = shop.partition(), shop.survey()
    assert (found.records, found.members, found.sizes) == (5, 3, ((1, 1), (2, 2)))
    assert (found.stopped, found.demoted) == (whole.stopped, whole.demoted)
    assert found.together("crm:1", "web:2")
    assert not found.together("crm:1", "web:3")


def test_a_document_is_found_with_all_its_versions(shop: Shop) -> None:
    said = shop.document("joined/x")
    back = evolve(said[0], version=1, withdrawn=True)
    shop.record(back)
    assert shop.document("joined/x") == (*said, back)
    assert shop.document("joined/y") == ()


def test_the_same_number_of_two_providers_is_two_identifiers(shop: Shop) -> None:
    one, other = (shop.fingerprint("app", "7", provider) for provider in ("north", "south"))
    assert len({one, other, shop.fingerprint("app", "7")}) == 3
    for name, key, provider in (("a", one, "north"), ("b", other, "south"), ("c", one, "north")):
        claim = Claim(kind="app", fingerprint=key, proof="login", provider=provider)
        shop.record(evolve(shop.profile(name, at=NOW), claims=(claim,)))
    found = [shop.member(name) for name in ("a", "b")]
    assert [member.profiles for member in found if member is not None] == [("a", "c"), ("b",)]
