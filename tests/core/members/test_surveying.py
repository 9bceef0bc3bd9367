"""A whole base read document by document gives the persons that the set of its events gives."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from random import Random

import pytest
from attrs import evolve

from omo_core.events import Event
from omo_core.identifiers import EventId, ProfileId
from omo_core.members import IdentityRules, ProfileSeen, TraitsSeen, resolve
from omo_core.members.surveying import SURVEYED, Survey, survey
from tests.core.members.observations import RULES, claim, erased, joined, observations, seen, settled, surname
from tests.core.members.test_laws import RULE_SETS


def by_document(events: Iterable[Event], random: Random) -> list[Event]:
    """Put the versions of each document side by side, documents and versions in any order."""
    shuffled = [event for event in events if isinstance(event, SURVEYED)]
    random.shuffle(shuffled)
    documents = [list(group) for _, group in groupby(sorted(shuffled, key=attrgetter("id")), key=attrgetter("id"))]
    random.shuffle(documents)
    return [event for document in documents for event in document]


def surveyed(events: Sequence[Event], rules: IdentityRules, random: Random) -> Survey:
    def again(profiles: Sequence[ProfileId]) -> Iterable[Event]:
        return [event for event in events if getattr(event, "profile", None) in profiles]

    return survey(by_document(events, random), rules, again, also=("z",))


def several_documents(events: Sequence[Event], random: Random) -> list[Event]:
    """Let some records be spoken of by a second document."""
    return [
        evolve(event, id=EventId(f"other/{event.kind}/{event.profile}"))
        if isinstance(event, ProfileSeen | TraitsSeen) and random.random() < 0.3
        else event
        for event in events
    ]


def compare(sets: int, size: int, seed: int) -> None:
    random = Random(seed)
    for number in range(sets):
        events = several_documents(observations(random, size), random)
        rules = RULE_SETS[number % len(RULE_SETS)]
        expected = resolve(events, rules, also=("z",))
        found = surveyed(events, rules, random)
        assert found.members == len(expected.members), (seed, number)
        assert found.records == sum(len(member.profiles) for member in expected.members)
        assert (found.demoted, found.stopped, found.waiting) == (
            expected.demoted,
            expected.stopped,
            expected.waiting,
        ), (seed, number)
        assert sum(count for _, count in found.links) == sum(len(member.links) for member in expected.members)
        for member in expected.members:
            assert all(found.together(member.profiles[0], each) for each in member.profiles), (seed, number)


def test_a_base_read_document_by_document_gives_the_same_persons() -> None:
    compare(400, 25, seed=21)


@pytest.mark.long
def test_a_base_read_document_by_document_gives_the_same_persons_at_length() -> None:
    compare(10_000, 40, seed=22)


def test_of_several_tills_the_same_one_is_named_whichever_was_read_first() -> None:
    email = claim("email", 1)
    tills = [evolve(seen(name, email, at=at), inferred=True) for name, at in (("x", 3), ("y", 2), ("z", 1))]
    events = [seen("a", claim("email", 1, until=10)), *tills]
    items = {resolve(order, RULES).stopped for order in (events, events[::-1])}
    items |= {surveyed(events, RULES, Random(seed)).stopped for seed in range(10)}
    assert len(items) == 1


def test_a_survey_tells_sizes_and_what_made_the_links() -> None:
    phone, email = claim("phone", 1), claim("email", 1)
    events = (
        seen("a", phone, email),
        seen("b", phone),
        seen("c", email),
        seen("d"),
        seen("e", claim("phone", 2)),
        settled("d", claim("phone", 2, "otp")),
        joined("f", "g"),
        erased("h"),
        surname("i", "chan"),
    )
    found = surveyed(events, evolve(RULES, records_max=10), Random(1))
    assert (found.records, found.members) == (9, 5)
    assert found.sizes == ((1, 2), (2, 2), (3, 1))
    assert found.links == (("email", 1), ("joined", 1), ("phone", 2))
    assert found.together("e", "d")
    assert not found.together("a", "d")
    assert not found.together("a", "nobody")
    assert found.together("nobody", "nobody")
