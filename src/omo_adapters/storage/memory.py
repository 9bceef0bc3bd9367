"""The journal, vault and feed in plain dictionaries: the model that every other store is compared with.

Read this first when you write a store of your own; it is the contract in the fewest lines.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from threading import RLock

from attrs import evolve

from omo_core.events import Event
from omo_core.identifiers import EventId, ProfileId, RequestId, StreamName, request_stream
from omo_core.ports import Answer, Batch, Entry, Reading, Recorded, Stale


class MemoryJournal:
    """A journal and a feed that forget everything when the process ends."""

    def __init__(self) -> None:
        """Start empty."""
        self._lock = RLock()
        self._entries: list[Entry] = []
        self._streams: dict[StreamName, dict[int, None]] = {}
        """Positions of the events in each stream."""
        self._versions: dict[StreamName, int] = {}
        self._homes: dict[StreamName, list[int]] = {}
        self._documents: dict[EventId, list[int]] = {}
        self._answers: dict[RequestId, Answer] = {}

    def read(self, streams: Iterable[StreamName], *, after: int = 0, known_at: datetime | None = None) -> Reading:
        """Read some streams at one moment."""
        with self._lock:
            names = list(dict.fromkeys(streams))
            fresh = {name: [place for place in self._streams.get(name, ()) if place > after] for name in names}
            places = sorted({place for found in fresh.values() for place in found})
            entries = (self._entries[place - 1] for place in places)
            return Reading(
                entries=tuple(entry for entry in entries if known_at is None or entry.recorded_at <= known_at),
                versions={name: self._versions.get(name, 0) for name in names},
                fresh={name: len(found) for name, found in fresh.items()},
                position=len(self._entries),
            )

    def append(self, batch: Batch, *, recorded_at: datetime) -> Recorded | Stale:
        """Write a batch, all or nothing."""
        with self._lock:
            for name, expected in batch.expects.items():
                found = self._versions.get(name, 0)
                if found != expected:
                    return Stale(stream=name, expected=expected, found=found)
            for answer in batch.answers:
                if answer.request in self._answers:
                    return Stale(stream=request_stream(answer.request), expected=0, found=1)
            touched: dict[StreamName, None] = {}
            told = [(self._keep(event, recorded_at, touched), event.id) for event in batch.events]
            self._answers.update((answer.request, answer) for answer in batch.answers)
            return Recorded(
                position=len(self._entries),
                versions={name: self._versions[name] for name in touched},
                new=tuple(name for outcome, name in told if outcome != "known"),
                known=tuple(name for outcome, name in told if outcome == "known"),
                conflicts=tuple(name for outcome, name in told if outcome == "conflict"),
            )

    def recall(self, request: RequestId) -> Answer | None:
        """Give the answer that was kept for a request."""
        return self._answers.get(request)

    def turn(self) -> AbstractContextManager[None]:
        """Keep other threads waiting."""
        return self._turn()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with self._lock:
            yield

    def after(self, position: int, *, limit: int) -> Sequence[Entry]:
        """Read on from a position."""
        with self._lock:
            return tuple(self._entries[position : position + limit])

    def _keep(self, event: Event, recorded_at: datetime, touched: dict[StreamName, None]) -> str:
        document = self._documents.setdefault(event.id, [])
        same = [place for place in document if self._entries[place - 1].event.version == event.version]
        if any(self._entries[place - 1].event == event for place in same):
            return "known"
        position = len(self._entries) + 1
        entry = Entry(
            position=position, recorded_at=recorded_at, event=event, conflict=bool(same), again=bool(document)
        )
        self._entries.append(entry)
        for other in same:
            self._entries[other - 1] = evolve(self._entries[other - 1], conflict=True)
        document.append(position)
        for home in event.homes:
            self._homes.setdefault(home, []).append(position)
        self._travel_together(position, touched)
        return "conflict" if same else "new"

    def _travel_together(self, position: int, touched: dict[StreamName, None]) -> None:
        """Let all events that share a home or an id stand in all streams that any of them stands in."""
        family, streams = self._family(position)
        for name in streams:
            stream = self._streams.setdefault(name, {})
            missing = sorted(family - stream.keys())
            if missing:
                stream.update(dict.fromkeys(missing))
                self._versions[name] = self._versions.get(name, 0) + len(missing)
                touched[name] = None

    def _family(self, position: int) -> tuple[set[int], list[StreamName]]:
        family, streams, todo = {position}, dict[StreamName, None](), [position]
        walked: set[str] = set()
        while todo:
            event = self._entries[todo.pop() - 1].event
            streams.update(dict.fromkeys((*event.homes, *event.streams)))
            groups = {f"id/{event.id}": self._documents[event.id], **{home: self._homes[home] for home in event.homes}}
            for name in [name for name in groups if name not in walked]:
                walked.add(name)
                todo += [other for other in groups[name] if other not in family]
                family.update(groups[name])
        return family, list(streams)


def _text(fields: Mapping[str, str]) -> str:
    return json.dumps(dict(fields), ensure_ascii=False, sort_keys=True)


class MemoryVault:
    """Personal data that is forgotten when the process ends."""

    def __init__(self, key: bytes) -> None:
        """Keep fingerprints keyed with this secret."""
        self._key = key
        self._profiles: dict[ProfileId, tuple[int, Mapping[str, str]]] = {}
        self._erased: dict[ProfileId, None] = {}

    def keep(self, profile: ProfileId, version: int, fields: Mapping[str, str]) -> None:
        """Keep a profile's personal fields unless a higher version is kept, or a greater content under this one."""
        known_version, known = self._profiles.get(profile, (-1, {}))
        if profile not in self._erased and (version, _text(fields)) > (known_version, _text(known)):
            self._profiles[profile] = (version, dict(fields))

    def look(self, profile: ProfileId) -> Mapping[str, str]:
        """Give a profile's personal fields."""
        return self._profiles.get(profile, (0, {}))[1]

    def erase(self, profile: ProfileId) -> bool:
        """Remove a profile's personal fields; nothing that comes later is kept."""
        self._erased[profile] = None
        return self._profiles.pop(profile, None) is not None

    def key(self) -> bytes:
        """Give the secret that fingerprints are keyed with."""
        return self._key
