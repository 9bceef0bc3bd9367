"""What lies around some records: everything that may say who they are, read until nothing new turns up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from attrs import define

from omo_core.events import Event
from omo_core.identifiers import Fingerprint, ProfileId, StreamName, claim_stream, profile_stream
from omo_core.members import IdentityRules, neighbours
from omo_core.members.explaining import less
from omo_core.ports import Entry, Journal


@define
class Around:
    """What was read around some records: every event once, in order of arrival, then what is not written yet."""

    events: tuple[Event, ...]
    versions: dict[StreamName, int]
    position: int


def read_around(
    journal: Journal,
    profiles: Sequence[ProfileId],
    rules: IdentityRules,
    staged: Sequence[Event] = (),
    *,
    keys: Sequence[Fingerprint] = (),
    known_at: datetime | None = None,
    unless: str = "",
) -> Around:
    """Read everything around some records: follow claims and statements until nothing new turns up.

    ``staged`` are events that are not written yet but count already; ``keys`` are claims to begin with too. With
    ``unless``, what would lie around them without that identifier or statement is read as well.
    """
    entries: dict[int, Entry] = {}
    versions: dict[StreamName, int] = {}
    todo: Sequence[StreamName] = (*map(profile_stream, profiles), *map(claim_stream, keys))
    position = None
    events: tuple[Event, ...] = ()
    while todo:
        reading = journal.read(todo, known_at=known_at)
        position = reading.position if position is None else min(position, reading.position)
        versions.update(reading.versions)
        entries.update((entry.position, entry) for entry in reading.entries)
        mine = [event for event in staged if any(name in versions for name in (*event.homes, *event.streams))]
        events = (*(entry.event for _, entry in sorted(entries.items())), *mine)
        near = neighbours(events, rules, profiles, keys)
        if unless:
            near = (*near, *neighbours(less(events, unless), rules, profiles, keys))
        todo = [name for name in dict.fromkeys(near) if name not in versions]
    return Around(events, versions, position or 0)
