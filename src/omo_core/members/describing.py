"""What a record says besides who bears it: consents and tags, each from the events that speak of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import define, field

from omo_core.events import Event
from omo_core.identifiers import ProfileId
from omo_core.members.events import MARKETING, ConsentSeen, ProfileSeen, ProfilesJoined, TagsChanged, TagsSeen
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


def consent_key(channel: str, purpose: str) -> str:
    """Name a consent: by its channel, and by its purpose too where that is not marketing (``email/receipts``)."""
    return channel if purpose == MARKETING else f"{channel}/{purpose}"


def describe(latest: Iterable[Event]) -> Mapping[ProfileId, Described]:
    """Fold what counts (one version of each document, in canonical order) into each record's consents and tags.

    A word on one channel overrides what the record itself states of that channel. Tags are those last seen all
    together, with the changes since; a change at that very instant is put on again, which changes nothing that the
    list already knew.
    """
    events = list(latest)
    described: dict[ProfileId, Described] = {}
    for event in events:
        if isinstance(event, ProfileSeen):
            mine = described.setdefault(event.profile, Described())
            mine.consents.update(event.consents)
            mine.tags.update(dict.fromkeys(event.tags))
    _hear(described, events)
    _tag(described, events)
    return described


def _hear(described: dict[ProfileId, Described], events: Iterable[Event]) -> None:
    for event in events:
        if isinstance(event, ConsentSeen):
            said = described.setdefault(event.profile, Described()).consents
            said.pop(consent_key(event.channel, event.purpose), None)
            if event.allowed is not None:
                said[consent_key(event.channel, event.purpose)] = event.allowed


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
