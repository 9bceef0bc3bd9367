"""What a record says besides who bears it: consents and tags, each from the events that speak of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import define, field

from omo_core.events import Event, current
from omo_core.identifiers import ProfileId
from omo_core.members.consenting import words
from omo_core.members.events import ConsentSeen, ProfileSeen, ProfilesJoined, TagsChanged, TagsSeen
from omo_core.members.statements import (
    ClaimSettled,
    KeyShared,
    MatchProposed,
    NumberRecycled,
    ProfilesParted,
    RecordErased,
    TraitsSeen,
)

DESCRIBING = (
    ProfileSeen,
    ProfilesJoined,
    ConsentSeen,
    TagsSeen,
    TagsChanged,
    ProfilesParted,
    ClaimSettled,
    NumberRecycled,
    KeyShared,
    RecordErased,
    TraitsSeen,
    MatchProposed,
)
"""The kinds of event that say who is who, and what may be said to them."""


@define
class Described:
    """A record's own consents and tags."""

    consents: dict[str, bool] = field(factory=dict)
    """By ``consent_key``; a question that was not answered is not in it."""
    tags: dict[str, None] = field(factory=dict)


def describe(known: Iterable[Event]) -> Mapping[ProfileId, Described]:
    """Fold everything that is known into each record's consents and tags.

    Tags are those last seen all together, with the changes since; a change at that very instant is put on again, which
    changes nothing that the list already knew.
    """
    events = list(known)
    latest = current(events)
    described: dict[ProfileId, Described] = {}
    for event in latest:
        if isinstance(event, ProfileSeen):
            described.setdefault(event.profile, Described()).tags.update(dict.fromkeys(event.tags))
    for (profile, key), word in words(events).items():
        if word.allowed is not None:
            described.setdefault(profile, Described()).consents[key] = word.allowed
    _tag(described, latest)
    return described


def _tag(described: dict[ProfileId, Described], events: list[Event]) -> None:
    since = {}
    for event in events:
        if isinstance(event, TagsSeen):
            described.setdefault(event.profile, Described()).tags = dict.fromkeys(event.tags)
            since[event.profile] = event.at
    for event in events:
        if isinstance(event, TagsChanged) and (event.profile not in since or event.at >= since[event.profile]):
            tags = described.setdefault(event.profile, Described()).tags
            tags.update(dict.fromkeys(event.added))
            for tag in event.removed:
                tags.pop(tag, None)
