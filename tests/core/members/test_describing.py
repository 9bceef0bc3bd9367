"""Consents and tags of a record, whichever document speaks of them; and which record is the earliest."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

from omo_core.events import Event
from omo_core.identifiers import EventId, Fingerprint, ProfileId
from omo_core.members import (
    DEFAULT_RULES,
    Claim,
    ConsentSeen,
    Member,
    ProfileSeen,
    TagsChanged,
    TagsSeen,
    resolve,
)

DAY = datetime(2026, 1, 1, tzinfo=UTC)
CARD = Claim(kind="card", fingerprint=Fingerprint("card:1"))


def at(days: int) -> datetime:
    return DAY + timedelta(days=days)


def seen(
    profile: str,
    days: int = 0,
    version: int = 0,
    deleted: bool = False,
    consents: tuple[tuple[str, bool], ...] = (),
    tags: tuple[str, ...] = (),
) -> ProfileSeen:
    return ProfileSeen(
        id=EventId(f"profile/{profile}"),
        at=at(days),
        version=version,
        profile=ProfileId(profile),
        claims=() if deleted else (CARD,),
        consents=consents,
        tags=tags,
        deleted=deleted,
    )


def consent(
    profile: str, channel: str, allowed: bool | None, version: int = 1, purpose: str = "marketing"
) -> ConsentSeen:
    return ConsentSeen(
        id=EventId(f"consent/{profile}:{channel}:{purpose}"),
        at=at(version),
        version=version,
        profile=ProfileId(profile),
        channel=channel,
        allowed=allowed,
        purpose=purpose,
    )


def only(*events: Event) -> Member:
    found = {resolve(order, DEFAULT_RULES).members for order in permutations(events)}
    ((member,),) = found
    return member


def test_a_word_on_one_channel_overrides_what_the_record_states_of_it() -> None:
    record = seen("a", consents=(("email", True), ("sms", True)))
    assert only(record, consent("a", "email", False)).consents == (("email", False), ("sms", True))


def test_the_latest_word_counts_and_an_unanswered_question_takes_a_yes_back() -> None:
    words = (consent("a", "email", True, 1), consent("a", "email", None, 2))
    assert only(seen("a"), *words).consents == ()
    assert only(seen("a"), *words, consent("a", "email", True, 3)).consents == (("email", True),)


def test_consent_is_kept_apart_by_purpose() -> None:
    words = (consent("a", "email", False), consent("a", "email", True, purpose="receipts"))
    assert only(seen("a"), *words).consents == (("email", False), ("email/receipts", True))


def test_of_two_records_the_stricter_word_counts() -> None:
    assert only(seen("a"), seen("b"), consent("a", "email", True), consent("b", "email", False)).consents == (
        ("email", False),
    )


def test_tags_are_the_last_list_with_the_changes_since() -> None:
    def change(days: int, added: tuple[str, ...] = (), removed: tuple[str, ...] = ()) -> TagsChanged:
        return TagsChanged(
            id=EventId(f"tags/a:{days}"), at=at(days), profile=ProfileId("a"), added=added, removed=removed
        )

    listed = TagsSeen(id=EventId("tags/a"), at=at(2), version=2, profile=ProfileId("a"), tags=("vip", "old"))
    assert only(seen("a"), change(1, ("gone",)), listed, change(3, ("new",), ("old",))).tags == ("new", "vip")
    assert only(seen("a", tags=("x",)), change(1, ("y",))).tags == ("x", "y")


def test_a_later_version_or_a_deletion_does_not_change_who_is_the_earliest() -> None:
    old, younger = seen("z", 0), seen("b", 5)
    assert only(old, younger).id == "z"
    assert only(old, younger, seen("z", 9, version=1)).id == "z"
    late = {member.id for member in resolve((old, younger, seen("b", -9, 1, deleted=True)), DEFAULT_RULES).members}
    assert late == {"z", "b"}
    order = [member.id for member in resolve((old, younger, seen("b", -9, 1, deleted=True)), DEFAULT_RULES).members]
    assert order == ["z", "b"]
