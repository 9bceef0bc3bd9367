from itertools import permutations

import pytest

from omo_adapters.testing.samples import card, joined, moment, seen
from omo_core.errors import Malformed
from omo_core.events import Event
from omo_core.identifiers import Fingerprint, ProfileId
from omo_core.members import DEFAULT_RULES, Claim, fingerprint, neighbours, resolve

KEY = b"k" * 32


def phone(proof: str = "otp", **more: object) -> Claim:
    return Claim(kind="phone", fingerprint=Fingerprint("phone:a"), proof=proof, **more)


def groups(*events: Event) -> list[tuple[str, ...]]:
    return [member.profiles for member in resolve(events, DEFAULT_RULES).members]


@pytest.mark.parametrize(
    ("name", "events", "expected"),
    [
        ("one card, one person", [seen("a", card()), seen("b", card())], [("a", "b")]),
        ("two cards, two people", [seen("a", card("1")), seen("b", card("2"))], [("a",), ("b",)]),
        ("a phone that both have proven", [seen("a", phone()), seen("b", phone("clerk"))], [("a", "b")]),
        ("a phone that one merely typed", [seen("a", phone()), seen("b", phone("typed"))], [("a",), ("b",)]),
        ("a phone that one has given up", [seen("a", phone(until=moment(0))), seen("b", phone())], [("a",), ("b",)]),
        (
            "a card over a third",
            [seen("a", card("1")), seen("b", card("1"), card("2")), seen("c", card("2"))],
            [("a", "b", "c")],
        ),
        ("a deleted record links nobody", [seen("a", card()), seen("b", card(), deleted=True)], [("a",), ("b",)]),
        ("staff said so", [seen("a"), seen("b"), joined("j", "a", "b")], [("a", "b")]),
        (
            "staff took it back",
            [seen("a"), seen("b"), joined("j", "a", "b"), joined("j", "a", "b", version=1, withdrawn=True)],
            [("a",), ("b",)],
        ),
        (
            "joins go round in a circle",
            [joined("x", "a", "b"), joined("y", "b", "c"), joined("z", "c", "a")],
            [("a", "b", "c")],
        ),
        (
            "the newer version of a record counts",
            [seen("a", card()), seen("b", card()), seen("b", version=1)],
            [("a",), ("b",)],
        ),
    ],
)
def test_who_is_one_person(name: str, events: list[Event], expected: list[tuple[str, ...]]) -> None:
    for told in permutations(events):
        assert sorted(map(sorted, groups(*told))) == sorted(map(sorted, expected)), name


def test_a_card_that_too_many_bear_links_nobody_and_opens_old_links_again() -> None:
    limit = next(rule.profiles_max for rule in DEFAULT_RULES.keys if rule.kind == "card")
    crowd = [seen(f"p{number}", card()) for number in range(limit)]
    assert len(groups(*crowd)) == 1
    one_more = resolve([*crowd, seen("q", card())], DEFAULT_RULES)
    assert len(one_more.members) == limit + 1
    assert [each.fingerprint for each in one_more.demoted] == ["card:4711"]


def test_a_member_is_named_after_the_record_that_was_seen_first() -> None:
    told = [seen("z", card(), when=1), seen("a", card(), when=2)]
    (member,) = resolve(told, DEFAULT_RULES).members
    assert (member.id, member.profiles) == ("z", ("z", "a"))


def test_a_new_version_makes_a_record_no_younger() -> None:
    told = [seen("z", card(), when=1), seen("a", card(), when=2), seen("z", card(), when=9, version=1)]
    assert [member.id for member in resolve(told, DEFAULT_RULES).members] == ["z"]


def test_consents_merge_to_the_stricter_one() -> None:
    told = [
        seen("a", card(), consents=(("email", True), ("sms", True))),
        seen("b", card(), consents=(("email", False),)),
    ]
    (member,) = resolve(told, DEFAULT_RULES).members
    assert member.consents == (("email", False), ("sms", True))


def test_a_link_says_by_what() -> None:
    (member,) = resolve([seen("a", card()), seen("b", card()), joined("j", "a", "b")], DEFAULT_RULES).members
    assert [(link.by, link.evidence) for link in member.links] == [("card", "card:4711"), ("joined", "join/j")]


def test_a_record_that_was_never_seen_is_a_member_of_its_own() -> None:
    partition = resolve((), DEFAULT_RULES, also=(ProfileId("b"), ProfileId("a")))
    assert [member.profiles for member in partition.members] == [("a",), ("b",)]
    assert partition.member_of(ProfileId("c")) is None


def test_neighbours_are_where_more_of_a_person_may_be() -> None:
    told = [seen("a", card(), phone("typed")), joined("j", "a", "c")]
    assert neighbours(told, DEFAULT_RULES) == ("profile/a", "claim/card:4711", "profile/c")


def test_a_record_is_not_joined_to_itself() -> None:
    with pytest.raises(Malformed):
        joined("j", "a", "a").check()


def test_the_same_digits_as_a_card_and_as_a_phone_never_meet() -> None:
    prints = {fingerprint(KEY, kind, "91234567").partition(":")[2] for kind in ("card", "phone")}
    assert len(prints) == 2
    assert fingerprint(KEY, "card", "4711") == fingerprint(KEY, "card", "4711")
    assert fingerprint(KEY, "card", "4711") != fingerprint(b"x" * 32, "card", "4711")
