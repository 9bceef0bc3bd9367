"""What of a document goes to the vault: a record's personal fields, and the words of its tags and notes.

A record's fields are replaced as its source's versions say. Words are only ever added, and lie on shelves of their own
beside the record, one for its tags and one for its notes: whoever erases the record erases those too. Words that a
document says about a customer never reach the journal: events know a tag by its keyed fingerprint.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

from attrs import evolve, frozen

from omo_adapters.inbound import Personal
from omo_adapters.storage.vault import SqliteVault
from omo_core.events import Event
from omo_core.identifiers import Fingerprint, ProfileId
from omo_core.members import ProfileSeen, TagsChanged, TagsSeen, fingerprint
from omo_core.ports import Journal, Vault

Shelf = Literal["tags", "notes"]
SHELVES: Final[tuple[Shelf, ...]] = ("tags", "notes")
OURS: Final = "omo:"
"""Begins the names of the vault's shelves; no source's record may begin so."""


@frozen(kw_only=True)
class Words:
    """Words that somebody wrote about a record's bearer."""

    profile: ProfileId
    words: Mapping[str, str]
    """By the fingerprint of the tag, or the id of the note."""


def shelf_of(profile: ProfileId, shelf: Shelf) -> ProfileId:
    """Name the place in the vault where a record's tags, or the notes on it, have their words."""
    return f"{OURS}{shelf}/{profile}"


def places_of(profile: ProfileId) -> tuple[ProfileId, ...]:
    """Name every place in the vault that holds something of a record, the record's own fields last."""
    return (*(shelf_of(profile, shelf) for shelf in SHELVES), profile)


def tag_keys(key: bytes, tags: Iterable[str]) -> Mapping[Fingerprint, str]:
    """Give tags by the fingerprints that events know them by."""
    return {fingerprint(key, "tag", tag): tag for tag in tags}


def without_words(events: Sequence[Event], key: bytes) -> tuple[tuple[Event, ...], tuple[Words, ...]]:
    """Give what a document means with its tags as fingerprints, and the words apart."""
    bare: list[Event] = []
    words: list[Words] = []
    for event in events:
        match event:
            case ProfileSeen(tags=tags) | TagsSeen(tags=tags) if tags:
                found = tag_keys(key, tags)
                bare.append(evolve(event, tags=tuple(found)))
            case TagsChanged(added=added, removed=removed) if added or removed:
                found = tag_keys(key, added)
                bare.append(evolve(event, added=tuple(found), removed=tuple(tag_keys(key, removed))))
            case _:
                bare.append(event)
                continue
        words.append(Words(profile=event.profile, words=found))
    return tuple(bare), tuple(words)


def keep_personal(vault: Vault, personal: Iterable[Personal]) -> None:
    """Keep the personal fields of records."""
    _keep_all(vault, [(one.profile, one.version, one.fields) for one in personal])


def keep_words(journal: Journal, vault: Vault, words: Iterable[Words], shelf: Shelf = "tags") -> None:
    """Add words to those that are kept; a word that is there already stays as it is."""
    new: dict[ProfileId, dict[str, str]] = {}
    for one in words:
        new.setdefault(shelf_of(one.profile, shelf), {}).update(one.words)
    if not new:
        return
    with journal.turn():  # nobody else adds a word between looking and keeping
        rows: list[tuple[ProfileId, int, Mapping[str, str]]] = []
        for place, found in sorted(new.items()):
            known = vault.look(place)
            if not found.keys() <= known.keys():
                both = {**found, **known}
                rows.append((place, len(both), both))
        _keep_all(vault, rows)


def _keep_all(vault: Vault, rows: list[tuple[ProfileId, int, Mapping[str, str]]]) -> None:
    if isinstance(vault, SqliteVault):
        if rows:
            vault.keep_all(rows)
        return
    for profile, version, fields in rows:
        vault.keep(profile, version, fields)
