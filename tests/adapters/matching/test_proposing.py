"""What a matcher proposes becomes an item for review, once; what it no longer finds is taken back."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from attrs import define

from omo_adapters.matching import Proposed, propose_matches
from omo_adapters.shop import Shop, memory_shop, open_shop
from omo_core.decisions import Accepted
from omo_core.identifiers import EventId, ProfileId
from omo_core.loyalty import simple_programme
from omo_core.members import MatchProposed
from omo_core.members.commands import ResolveReview
from omo_core.ports import Proposal

NOW = datetime(2026, 6, 1, tzinfo=UTC)
PROGRAMME = simple_programme("HKD", per=1000, zone_name="Asia/Hong_Kong")


@define
class SameName:
    """Finds records of one name alike."""

    likeness: int = 700_000
    asked: Mapping[str, Mapping[str, str]] | None = None

    def propose(self, records: Mapping[ProfileId, Mapping[str, str]]) -> Iterable[Proposal]:
        self.asked = records
        names = sorted(records)
        for place, one in enumerate(names):
            for other in names[place + 1 :]:
                if records[one]["name"] == records[other]["name"]:
                    yield Proposal(one=other, other=one, likeness=self.likeness)


@pytest.fixture(params=["memory", "sqlite"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    made = memory_shop(PROGRAMME) if request.param == "memory" else open_shop(tmp_path / "omo.db", PROGRAMME)
    with made:
        for name, called, phone in (
            ("crm:1", "Ann Lee", "9123 4567"),
            ("web:2", "Ann Lee", "9123 4567"),
            ("web:3", "Ann Lee", "9222 3333"),
            ("web:4", "Bo Chan", "9333 4444"),
        ):
            made.record(made.profile(name, at=NOW, phone=phone))
            made.vault.keep(name, 0, {"name": called})
        yield made


def run(shop: Shop, matcher: SameName) -> Proposed:
    return propose_matches(shop, matcher, shop.survey())


def waiting(shop: Shop) -> list[tuple[str, str]]:
    return [(item.one, item.other) for item in shop.survey().waiting]


def test_only_pairs_that_are_two_members_wait_for_review(shop: Shop) -> None:
    assert run(shop, SameName()) == Proposed(records=4, pairs=2, new=2, known=0, taken_back=0)
    assert waiting(shop) == [("crm:1", "web:3"), ("web:2", "web:3")]
    assert shop.survey().members == 3


def test_asked_again_nothing_is_written(shop: Shop) -> None:
    run(shop, SameName())
    before = shop.journal.read(()).position
    assert run(shop, SameName()) == Proposed(records=4, pairs=2, new=0, known=2, taken_back=0)
    assert shop.journal.read(()).position == before


def test_another_likeness_is_the_next_version(shop: Shop) -> None:
    run(shop, SameName())
    assert run(shop, SameName(likeness=600_000)).new == 2
    versions = shop.document("match/crm:1+web:3")
    assert [(event.version, event.likeness) for event in versions] == [(0, 700_000), (1, 600_000)]  # type: ignore[attr-defined]


def test_what_is_not_found_alike_any_more_is_taken_back(shop: Shop) -> None:
    run(shop, SameName())
    shop.vault.keep("web:3", 1, {"name": "Cy Wong"})
    assert run(shop, SameName()) == Proposed(records=4, pairs=0, new=0, known=0, taken_back=2)
    assert waiting(shop) == []
    assert run(shop, SameName()).taken_back == 0
    shop.vault.keep("web:3", 2, {"name": "Ann Lee"})
    assert run(shop, SameName()).new == 2


def test_what_was_decided_stays_decided(shop: Shop) -> None:
    run(shop, SameName())
    for request, other, same in (("r1", "web:3", True), ("r2", "web:4", False)):
        shop.record(
            MatchProposed(id=EventId("match/by-hand"), at=NOW, source="ann", one="crm:1", other="web:4", likeness=1)
        )
        asked = ResolveReview(
            request=request, at=NOW, role="manager", one="crm:1", other=other, same=same, reason="asked her"
        )
        assert isinstance(shop.execute(asked), Accepted)
    assert waiting(shop) == []
    assert run(shop, SameName()) == Proposed(records=4, pairs=0, new=0, known=0, taken_back=0)
    assert shop.survey().members == 2


def test_the_erased_are_not_looked_at(shop: Shop) -> None:
    shop.vault.erase("web:3")
    matcher = SameName()
    run(shop, matcher)
    assert matcher.asked is not None
    assert list(matcher.asked) == ["crm:1", "web:2", "web:4"]
