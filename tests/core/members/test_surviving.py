"""Whose word counts about a field: the trusted source's, the newest, the oldest, the longest; the same in any order."""

from itertools import permutations
from random import Random

import pytest

from omo_core.identifiers import EventId, ProfileId
from omo_core.members import DEFAULT_RULES, FieldRule, Sighting, Survivor, survive
from tests.core.members.observations import day


def says(profile: str, field: str = "name", source: str = "crm", at: int = 0, length: int = 5) -> Sighting:
    return Sighting(
        field=field,
        profile=ProfileId(profile),
        source=source,
        event=EventId(f"profile/{profile}"),
        version=at,
        at=day(at),
        length=length,
    )


def winner(rule: FieldRule, *sightings: Sighting) -> tuple[str, str]:
    (found,) = survive(sightings, (rule,))
    return found.profile, found.decided


NEWEST, OLDEST, LONGEST = (FieldRule(field="*", prefer=prefer) for prefer in ("newest", "oldest", "longest"))  # type: ignore[arg-type]


def test_the_only_one_that_says_something_is_believed() -> None:
    assert winner(NEWEST, says("a")) == ("a", "only")


def test_the_newest_the_oldest_or_the_longest_counts() -> None:
    young, old = says("young", at=9, length=2), says("old", at=1, length=8)
    assert winner(NEWEST, young, old) == ("young", "newest")
    assert winner(OLDEST, young, old) == ("old", "oldest")
    assert winner(LONGEST, young, old) == ("old", "longest")


def test_a_trusted_source_goes_before_all_that() -> None:
    rule = FieldRule(field="*", prefer="newest", sources=("crm", "shopify"))
    crm, web, till = says("c", at=1), says("w", source="shopify:main", at=5), says("t", source="till", at=9)
    assert winner(rule, till, web, crm) == ("c", "source")
    assert winner(rule, till, web) == ("w", "source")
    assert winner(rule, till, says("u", source="line", at=3)) == ("t", "newest")


def test_of_one_source_the_preference_decides() -> None:
    rule = FieldRule(field="*", prefer="longest", sources=("crm",))
    assert winner(rule, says("a", length=3), says("b", length=9), says("c", source="web", length=20)) == (
        "b",
        "longest",
    )


def test_ties_go_to_the_newest_and_then_by_id() -> None:
    assert winner(LONGEST, says("a", at=1), says("b", at=2)) == ("b", "newest")
    assert winner(LONGEST, says("b", at=1), says("a", at=1)) == ("a", "id")
    assert winner(OLDEST, says("b", at=1), says("a", at=1)) == ("a", "id")


def test_a_field_has_a_rule_of_its_own_or_that_of_all_others() -> None:
    rules = (FieldRule(field="*", prefer="oldest"), FieldRule(field="email", prefer="newest"))
    found = survive(
        (says("a", at=1), says("b", at=2), says("a", "email", at=1), says("b", "email", at=2), says("b", "birthday")),
        rules,
    )
    assert [(each.field, each.profile, each.among) for each in found] == [
        ("birthday", "b", 1),
        ("email", "b", 2),
        ("name", "a", 2),
    ]
    assert [each.profile for each in survive((says("a", at=1), says("b", at=2)), ())] == ["b"]


def test_a_survivor_names_the_observation_it_came_with() -> None:
    assert survive((says("a", at=3), says("b", at=1)), DEFAULT_RULES.fields) == (
        Survivor(
            field="name",
            profile=ProfileId("a"),
            source="crm",
            event=EventId("profile/a"),
            version=3,
            decided="newest",
            among=2,
        ),
    )


def test_every_order_gives_the_same() -> None:
    random = Random(31)
    for _ in range(300):
        rules = tuple(
            FieldRule(
                field=name,
                prefer=random.choice(("newest", "oldest", "longest")),
                sources=tuple(random.sample(("crm", "web", "till"), random.randint(0, 3))),
            )
            for name in ("*", "name")
        )
        sightings = [
            says(
                profile,
                random.choice(("name", "email")),
                random.choice(("crm", "web", "till")),
                random.randint(0, 2),
                random.randint(1, 3),
            )
            for profile in random.sample("abcde", random.randint(1, 5))
        ]
        expected = survive(sightings, rules)
        assert all(survive(order, rules) == expected for order in permutations(sightings))


def test_who_wins_wins_against_each_alone() -> None:
    random = Random(32)
    for _ in range(300):
        rule = FieldRule(field="*", prefer=random.choice(("newest", "oldest", "longest")), sources=("web",))
        sightings = [
            says(profile, "name", random.choice(("crm", "web")), random.randint(0, 3), random.randint(1, 3))
            for profile in "abcde"
        ]
        best = winner(rule, *sightings)[0]
        first = next(each for each in sightings if each.profile == best)
        assert all(winner(rule, first, other)[0] == best for other in sightings if other is not first)


@pytest.mark.parametrize(("source", "rank"), [("crm", 0), ("crm:hk", 0), ("crmx", 2), ("shopify", 1), ("", 2)])
def test_a_source_stands_for_its_parts_only(source: str, rank: int) -> None:
    assert FieldRule(field="*", sources=("crm", "shopify")).trust(source) == rank
