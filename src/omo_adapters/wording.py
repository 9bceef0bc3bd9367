"""Words that people write about customers: tags and notes, said with their words and shown with them.

Events know a tag by its keyed fingerprint and a note by its id; the words lie in the vault. A tag that the vault does
not know is shown as it stands in the event: an application may write plain words there, which are never erased.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Final

from attrs import evolve, frozen

from omo_adapters.keeping import Words, keep_words, shelf_of, tag_keys
from omo_adapters.shop import Shop
from omo_adapters.wiring import Answer
from omo_core.decisions import Accepted
from omo_core.errors import Malformed
from omo_core.events import current
from omo_core.identifiers import EventId, ProfileId, profile_stream
from omo_core.members import Member, NoteTaken
from omo_core.members.commands import NoteProfile, TagProfile

NOTE_MAX: Final = 5000
"""The longest note, in characters."""


@frozen(kw_only=True)
class Note:
    """What a member of staff wrote about a customer."""

    id: EventId
    profile: ProfileId
    at: datetime
    actor: str
    words: str
    """Empty where they were never kept, or are erased."""


def tag(shop: Shop, command: TagProfile) -> Answer:
    """Put tags on a record, or take them off, by their words."""
    command.check()
    added, removed = (tag_keys(shop.vault.key(), words) for words in (command.added, command.removed))
    answer = shop.execute(evolve(command, added=tuple(added), removed=tuple(removed)))
    if isinstance(answer, Accepted) and added:
        keep_words(shop.journal, shop.vault, [Words(profile=command.profile, words=added)])
    return answer


def note(shop: Shop, command: NoteProfile, words: str) -> Answer:
    """Write something about a customer down. Asked again under the same request, it is written once."""
    _check(words)
    said = hmac.digest(shop.vault.key(), f"note\0{words}".encode(), sha256)[:16].hex()
    answer = shop.execute(evolve(command, said=f"note:{said}"))
    if isinstance(answer, Accepted):
        written = [Words(profile=command.profile, words={event.id: words}) for event in answer.events]
        keep_words(shop.journal, shop.vault, written, "notes")
    return answer


def _check(words: object) -> None:
    if type(words) is not str or not words.strip():
        raise Malformed("words", "is empty" if type(words) is str else f"{words!r:.40} is not text")
    if len(words) > NOTE_MAX:
        raise Malformed("words", f"has {len(words)} characters, the limit is {NOTE_MAX}")
    if "\0" in words or any("\ud800" <= sign <= "\udfff" for sign in words):
        raise Malformed("words", "has a character in it that no store can hold")


def tags(shop: Shop, member: Member) -> tuple[str, ...]:
    """Give a member's tags in words, in order."""
    words: dict[str, str] = {}
    for profile in member.profiles:
        words |= shop.vault.look(shelf_of(profile, "tags"))
    return tuple(sorted({words.get(each, each) for each in member.tags}))


def notes(shop: Shop, profiles: Iterable[ProfileId]) -> tuple[Note, ...]:
    """Give what was written about the bearer of some records, oldest first."""
    found: list[Note] = []
    for profile in profiles:
        words = shop.vault.look(shelf_of(profile, "notes"))
        for event in current(shop.journal.read((profile_stream(profile),)).events):
            if isinstance(event, NoteTaken) and event.profile == profile:
                mine = words.get(event.id, "")
                found.append(Note(id=event.id, profile=profile, at=event.at, actor=event.actor, words=mine))
    return tuple(sorted(found, key=lambda each: (each.at, each.id)))
