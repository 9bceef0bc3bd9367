"""Of all that was said about a consent the word that counts; where it is not clear, it is a no."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from random import Random

import pytest

from omo_core.errors import Malformed
from omo_core.events import Event
from omo_core.identifiers import EventId, ProfileId
from omo_core.members import ConsentSeen, ProfileSeen
from omo_core.members.consenting import words

A = ProfileId("a")


def at(days: int) -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=days)


def states(allowed: bool | None, days: int, version: int = 0, document: str = "profile/a") -> ProfileSeen:
    consents = () if allowed is None else (("email", allowed),)
    return ProfileSeen(id=EventId(document), at=at(days), version=version, profile=A, consents=consents)


def word(allowed: bool | None, days: int, version: int = 0, document: str = "consent/a") -> ConsentSeen:
    return ConsentSeen(id=EventId(document), at=at(days), version=version, profile=A, channel="email", allowed=allowed)


def counts(*events: Event) -> bool | None:
    """Give what counts, in whatever order the events come."""
    found = {frozenset(words(order).items()) for order in permutations(events)}
    assert len(found) == 1
    (whole,) = found
    assert len(whole) == 1, "one consent, however it is spelled"
    ((_, what),) = whole
    return what.allowed


def test_a_no_that_a_record_newly_states_counts_over_an_older_yes() -> None:
    assert counts(word(True, 1), states(False, 50, 50)) is False
    assert counts(states(None, 0), word(True, 1), states(False, 50, 50)) is False


def test_a_no_that_a_record_goes_on_stating_is_as_old_as_its_first_version() -> None:
    assert counts(states(False, 0, 0), word(True, 1), states(False, 50, 50)) is True
    assert counts(states(False, 0, 0), word(True, 1), states(True, 2, 2), states(False, 50, 50)) is False


def test_a_yes_that_a_record_states_takes_no_no_back() -> None:
    assert counts(word(False, 1), states(True, 50, 50)) is False
    assert counts(word(False, 1), states(True, 50, 50), word(True, 60, 1)) is True


def test_at_the_same_instant_the_no_counts() -> None:
    assert counts(word(True, 1), states(False, 1)) is False
    assert counts(word(True, 1), word(False, 1)) is False
    assert counts(word(True, 1), word(False, 1, document="consent/b")) is False
    assert counts(states(True, 1), states(False, 1)) is False


def test_of_two_contents_of_one_version_the_stricter_counts() -> None:
    assert counts(word(True, 2, 5), word(False, 1, 5)) is False
    assert counts(word(True, 2, 5), word(None, 1, 5)) is None
    assert counts(states(False, 1, 5), states(True, 9, 5)) is False


def test_a_question_that_was_not_answered_takes_an_earlier_yes_back_and_no_no() -> None:
    assert counts(states(True, 0), word(None, 1)) is None
    assert counts(states(False, 0), word(None, 1)) is False
    assert counts(word(None, 1), states(True, 2, 2)) is True


def test_of_two_documents_of_a_record_the_stricter_counts() -> None:
    assert counts(states(True, 9), states(False, 1, document="profile/other")) is False


def test_capitals_and_the_two_ways_to_name_a_purpose_make_no_other_consent() -> None:
    loud = ConsentSeen(id=EventId("x"), at=at(1), profile=A, channel="Email", allowed=True, purpose="Marketing")
    assert counts(loud, word(False, 2)) is False
    receipts = ConsentSeen(id=EventId("y"), at=at(1), profile=A, channel="email", allowed=True, purpose="Receipts")
    assert set(words((receipts, word(False, 1)))) == {(A, "email"), (A, "email/receipts")}
    for wrong in ({"channel": "email/receipts"}, {"channel": "email", "purpose": "a/b"}):
        with pytest.raises(Malformed):
            ConsentSeen(id=EventId("z"), at=at(1), profile=A, allowed=True, **wrong).check()


def test_no_order_and_no_repetition_changes_what_counts_and_one_more_no_never_makes_a_yes() -> None:
    random = Random(4)
    for _ in range(400):
        events: list[Event] = [
            random.choice((states, word))(
                random.choice((True, False, None)), random.randint(0, 3), random.randint(0, 2)
            )
            for _ in range(random.randint(1, 5))
        ]
        found = words(events)
        assert words(random.sample(events, len(events)) + events[:2]) == found
        top = max(event.version for event in events)
        refused = word(False, 9, top + 1)
        assert words([*events, refused])[A, "email"].allowed is False
