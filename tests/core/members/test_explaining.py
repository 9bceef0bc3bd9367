"""Why, why not, and what if: as data and in words."""

from random import Random

from omo_core.events import Event
from omo_core.identifiers import ProfileId
from omo_core.members import Link, resolve
from omo_core.members.explaining import REMEDIES, TEXTS, WhatIf, Why, WhyNot, in_words, what_if_without, why, why_not
from omo_core.members.reasons import NamesDisagree, Stopped, TooManyBearers, Unverified
from omo_core.members.resolving import Partition
from tests.core.members.observations import RULES, claim, joined, observations, parted, seen, surname

PHONE, EMAIL, CARD = claim("phone", 1), claim("email", 1), claim("card", 1)
A, B, C = ProfileId("a"), ProfileId("b"), ProfileId("c")
CHAIN: tuple[Event, ...] = (seen("a", PHONE), seen("b", PHONE, EMAIL), seen("c", EMAIL))


def found(events: tuple[Event, ...], one: ProfileId = A, other: ProfileId = C) -> Why:
    result = why(events, RULES, one, other)
    assert result is not None
    return result


def test_why_is_the_shortest_chain_with_its_bridges() -> None:
    result = found(CHAIN)
    assert result.chain == (
        Link(one=A, other=B, by="phone", evidence="phone:1"),
        Link(one=B, other=C, by="email", evidence="email:1"),
    )
    assert result.bridges == ("phone:1", "email:1")
    assert in_words(result) == (
        "a and c are member a: a and b share the phone phone:1; b and c share the email email:1. "
        "Without phone:1 or email:1 they would be two members."
    )


def test_a_second_way_means_that_no_link_is_a_bridge() -> None:
    result = found((seen("a", PHONE, CARD), seen("c", PHONE, CARD)))
    assert len(result.chain) == 1
    assert result.bridges == ()


def test_a_statement_can_be_the_bridge() -> None:
    assert found((seen("a"), seen("c"), joined("a", "c"))).bridges == ("joined/a+c",)


def test_there_is_no_why_for_two_persons_and_no_why_not_for_one() -> None:
    assert why((seen("a"), seen("c")), RULES, A, C) is None
    assert why_not(CHAIN, RULES, A, C) is None


def refusal(*events: Event) -> WhyNot:
    result = why_not(events, RULES, A, B)
    assert result is not None
    return result


def test_why_not_names_the_guard_and_what_would_change_it() -> None:
    result = refusal(seen("a", PHONE), seen("b", PHONE), surname("a", "chan"), surname("b", "wong"))
    assert result.stopped == (Stopped(one=A, other=B, by="phone", evidence="phone:1", why=NamesDisagree()),)
    assert in_words(result) == (
        "a and b are two members. The phone phone:1: their names have nothing in common. "
        "They are one if staff says that they are one person, or a name is corrected or completed, "
        "or a one-time password proves it."
    )


def test_why_not_names_a_key_that_links_nobody() -> None:
    result = refusal(*(seen(name, PHONE) for name in "abcd"))
    assert [each.why for each in result.demoted] == [TooManyBearers(bearers=4, limit=3)]
    assert "too many records bear it (4, the limit is 3)" in in_words(result)


def test_why_not_names_a_key_that_nobody_verified() -> None:
    assert [item.why for item in refusal(seen("a", PHONE), seen("b", claim("phone", 1, "typed"))).stopped] == [
        Unverified()
    ]


def test_why_not_says_that_they_share_nothing() -> None:
    assert in_words(refusal(seen("a"), seen("b"))) == (
        "a and b are two members. They share nothing. They are one if staff says that they are one person, "
        "or they share a further identifier."
    )


def test_what_if_shows_only_who_would_be_otherwise() -> None:
    result = what_if_without((*CHAIN, seen("d", CARD)), RULES, "phone:1")
    assert [member.profiles for member in result.before] == [(A, B, C)]
    assert [member.profiles for member in result.after] == [(A,), (B, C)]
    assert in_words(result) == "Without phone:1 1 member would be 2 members (a: a; b: b, c)."
    assert in_words(what_if_without(CHAIN, RULES, "card:9")) == "Without card:9 nothing would change."


def test_every_pair_has_either_a_why_or_a_why_not_with_words() -> None:
    random = Random(12)
    for _ in range(150):
        events = observations(random, 14, records=5)
        one, other = (ProfileId(name) for name in random.sample("abcde", 2))
        result = [each for each in (why(events, RULES, one, other), why_not(events, RULES, one, other)) if each]
        assert len(result) == 1
        assert in_words(result[0])
        assert isinstance(what_if_without(events, RULES, "phone:1"), WhatIf)


def test_without_a_bridge_they_are_two_and_without_another_link_one() -> None:
    random = Random(13)
    bridges = 0
    for _ in range(400):
        events = observations(random, 14, records=5)
        one, other = (ProfileId(name) for name in random.sample("abcde", 2))
        result = why(events, RULES, one, other)
        for bridge in result.bridges if result else ():
            after = what_if_without(events, RULES, bridge).after
            assert all(not {one, other} <= {*member.profiles} for member in after)
            bridges += 1
    assert bridges > 20


def test_every_reason_and_remedy_has_words() -> None:
    from omo_core.members.reasons import Reason, Remedy  # noqa: PLC0415

    assert {each.kind for each in Reason.__args__} == {*TEXTS}  # type: ignore[attr-defined]
    assert {*Remedy.__args__} == {*REMEDIES}  # type: ignore[attr-defined]
    assert Partition(members=()).member_of(A) is None
    assert resolve((parted("a", "b"),), RULES).stopped == ()
