"""The journal in SQLite: one row an event, one row for each stream that it stands in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import lru_cache
from sqlite3 import Connection
from typing import Final

from omo_adapters.codecs.events import SHAPES, decode, encode
from omo_adapters.storage.chain import digest
from omo_adapters.storage.database import Database
from omo_adapters.storage.families import STRAYED, family_of
from omo_core.events import Event
from omo_core.identifiers import EventId, RequestId, StreamName, request_stream
from omo_core.instants import EPOCH, micros
from omo_core.ports import Answer, Batch, Entry, Reading, Recorded, Stale

_COLUMNS: Final = "pos, kind, shape, recorded_at, conflict, again, body"
_KEPT: Final = "SELECT DISTINCT id FROM event WHERE id IN (SELECT value FROM json_each(?))"
_SAME: Final = "SELECT kind, shape, body FROM event WHERE id = ? AND version = ?"
_OTHER: Final = "SELECT kind, shape, body, again FROM event WHERE id = ? LIMIT 1"
_INSERT: Final = """
    INSERT INTO event (pos, id, version, kind, shape, recorded_at, conflict, again, body, digest)
    VALUES (?,?,?,?,?,?,?,?,?,?)"""
_TIP: Final = "SELECT pos, digest FROM event ORDER BY pos DESC LIMIT 1"
_VERSIONS: Final = "SELECT name, version FROM stream WHERE name IN (SELECT value FROM json_each(?))"
_FRESH: Final = """
    SELECT name, version, (SELECT count(*) FROM entry WHERE stream = stream.id AND pos > ?2)
    FROM stream WHERE name IN (SELECT value FROM json_each(?1))"""
_READ: Final = f"""
    SELECT {_COLUMNS} FROM event WHERE pos IN (
        SELECT entry.pos FROM stream JOIN entry ON entry.stream = stream.id AND entry.pos > ?2
        WHERE stream.name IN (SELECT value FROM json_each(?1)))
    ORDER BY pos"""  # noqa: S608
_ANSWERED: Final = "SELECT request FROM answer WHERE request IN (SELECT value FROM json_each(?)) LIMIT 1"
_RECALL: Final = "SELECT asked, kind, body FROM answer WHERE request = ?"
_JOIN: Final = """
    INSERT INTO entry (stream, pos, home) SELECT id, ?2, ?3 FROM stream WHERE name = ?1
    ON CONFLICT DO NOTHING"""


_ENTER: Final = "INSERT INTO entry (stream, pos, home) VALUES (?,?,?)"


@lru_cache(maxsize=256)
def _touch(count: int) -> str:
    """Count more events in so many streams, whether or not they exist yet."""
    return (
        f"INSERT INTO stream (name, version) VALUES {','.join(['(?,?)'] * count)} "  # noqa: S608
        "ON CONFLICT (name) DO UPDATE SET version = version + excluded.version RETURNING id, name, version"
    )


_CAME_BEFORE: Final = 1
"""Marks an event that came when something was kept under its id already."""
_CHUNK: Final = 200
"""How many streams one statement touches at most."""


class SqliteJournal:
    """A journal and a feed in one SQLite file."""

    def __init__(self, database: Database) -> None:
        """Use a database that is open."""
        self.database = database

    def read(self, streams: Iterable[StreamName], *, after: int = 0, known_at: datetime | None = None) -> Reading:
        """Read some streams at one moment."""
        names = list(dict.fromkeys(streams))
        wanted = json.dumps(names)
        with self.database.reading() as connection:
            rows = connection.execute(_READ, (wanted, after)).fetchall()
            counted = connection.execute(_FRESH, (wanted, after)).fetchall()
            position = _last(connection)
        entries = (_entry(row) for row in rows)
        versions, fresh = dict.fromkeys(names, 0), dict.fromkeys(names, 0)
        versions.update((name, version) for name, version, _ in counted)
        fresh.update((name, count) for name, _, count in counted)
        return Reading(
            entries=tuple(entry for entry in entries if known_at is None or entry.recorded_at <= known_at),
            versions=versions,
            fresh=fresh,
            position=position,
        )

    def append(self, batch: Batch, *, recorded_at: datetime) -> Recorded | Stale:
        """Write a batch, all or nothing."""
        with self.database.writing() as connection:
            stale = _stale(connection, batch.expects) or _answered(connection, batch.answers)
            if stale is not None:
                return stale
            written = _Writing(connection, micros(recorded_at), batch.events)
            for event in batch.events:
                written.keep(event)
            written.flush()
            for answer in batch.answers:
                connection.execute(
                    "INSERT INTO answer (request, asked, kind, body) VALUES (?,?,?,?)",
                    (answer.request, answer.asked, answer.kind, answer.body),
                )
        return Recorded(
            position=written.tip[0],
            versions=written.versions,
            new=tuple(written.new),
            known=tuple(written.known),
            conflicts=tuple(written.conflicts),
        )

    def recall(self, request: RequestId) -> Answer | None:
        """Give the answer that was kept for a request."""
        with self.database.reading() as connection:
            row = connection.execute(_RECALL, (request,)).fetchone()
        return None if row is None else Answer(request=request, asked=row[0], kind=row[1], body=row[2])

    def turn(self) -> AbstractContextManager[None]:
        """Keep other threads and other processes that use omo waiting."""
        return self.database.turn()

    def after(self, position: int, *, limit: int) -> Sequence[Entry]:
        """Read on from a position."""
        query = f"SELECT {_COLUMNS} FROM event WHERE pos > ? ORDER BY pos LIMIT ?"  # noqa: S608
        with self.database.reading() as connection:
            rows = connection.execute(query, (position, limit)).fetchall()
        return tuple(_entry(row) for row in rows)


class _Writing:
    """One append in progress, inside its transaction.

    Rows are written in bulk. Whatever has to look at what is kept already (the same document once more, a home that
    others may live in) first lets the rows that wait be written.
    """

    def __init__(self, connection: Connection, recorded_at: int, events: Sequence[Event]) -> None:
        self.connection = connection
        self.recorded_at = recorded_at
        self.tip: tuple[int, bytes] = connection.execute(_TIP).fetchone() or (0, b"")
        """The place and digest of the last event."""
        self.versions: dict[StreamName, int] = {}
        self.new: list[EventId] = []
        self.known: list[EventId] = []
        self.conflicts: list[EventId] = []
        names = json.dumps([event.id for event in events])
        self._kept: set[EventId] = (
            {row[0] for row in connection.execute(_KEPT, (names,)).fetchall()} if events else set()
        )
        """Documents that something is kept of."""
        self._rows: list[tuple[object, ...]] = []
        self._standing: list[tuple[int, tuple[StreamName, ...], tuple[StreamName, ...]]] = []
        """Events that wait to stand somewhere: position, all streams, and those of them that are homes."""

    def keep(self, event: Event) -> None:
        """Write one event unless the journal has it."""
        body = encode(event).decode()
        again, conflict = 0, False
        if event.id in self._kept:
            self.flush()
            same = self.connection.execute(_SAME, (event.id, event.version)).fetchall()
            if any(row[2] == body or decode(*row) == event for row in same):
                self.known.append(event.id)
                return
            conflict = self._conflicts(event, same)
            again = _again(self.connection, event)
        kind = event.kind
        row = (event.id, event.version, kind, SHAPES[kind], self.recorded_at, body)
        position = self.tip[0] + 1
        self.tip = (position, digest(self.tip[1], row))
        self._rows.append((position, *row[:5], int(conflict), again, body, self.tip[1]))
        self._kept.add(event.id)
        self.new.append(event.id)
        self._standing.append((position, tuple(dict.fromkeys((*event.homes, *event.streams))), event.homes))
        strayed = bool(again & STRAYED)
        if event.homes or strayed:
            self.flush()
            if strayed or any(self.versions[name] > 1 for name in event.homes):
                self._travel_together(event, position, [event.id] if strayed else [])

    def _conflicts(self, event: Event, same: Sequence[object]) -> bool:
        """Mark a document and version that is kept with another content."""
        if same:
            self.conflicts.append(event.id)
            row = (event.id, event.version)
            self.connection.execute("UPDATE event SET conflict = 1 WHERE id = ? AND version = ?", row)
        return bool(same)

    def flush(self) -> None:
        """Write the rows that wait, and let their events stand in their streams."""
        rows, self._rows = self._rows, []
        standing, self._standing = self._standing, []
        if not rows:
            return
        self.connection.executemany(_INSERT, rows)
        more: dict[StreamName, int] = {}
        for _, names, _ in standing:
            for name in names:
                more[name] = more.get(name, 0) + 1
        streams = self._touch(more)
        self.connection.executemany(
            _ENTER,
            [(streams[name], position, name in homes) for position, names, homes in standing for name in names],
        )

    def _touch(self, more: Mapping[StreamName, int]) -> dict[StreamName, int]:
        """Count more events in streams, whether or not they exist yet; gives their numbers."""
        streams: dict[StreamName, int] = {}
        names = list(more)
        for start in range(0, len(names), _CHUNK):
            part = names[start : start + _CHUNK]
            values = [value for name in part for value in (name, more[name])]
            for stream, name, version in self.connection.execute(_touch(len(part)), values).fetchall():
                streams[name] = stream
                self.versions[name] = version
        return streams

    def _travel_together(self, event: Event, position: int, ids: Sequence[EventId]) -> None:
        """Where others live in its home, let all of them stand in all streams that any of them stands in."""
        family, all_homes = family_of(self.connection, event.homes, ids)
        if len(family) == 1:
            return
        if len(event.homes) == 1 and not ids:  # the others, of that one home, stand in the same streams by now
            others = {place: each for place, each in family.items() if place != position}
            own = dict.fromkeys((*event.homes, *event.streams))
            theirs = dict.fromkeys(name for each in others.values() for name in (*each.homes, *each.streams))
            self._join([name for name in theirs if name not in own], [position])
            self._join([name for name in own if name not in theirs], list(others))
            return
        streams = dict.fromkeys(name for each in family.values() for name in (*each.homes, *each.streams))
        for name in streams:
            for place in family:
                home = name in family[place].homes and name in all_homes
                if self.connection.execute(_JOIN, (name, place, home)).rowcount:
                    self._touch({name: 1})

    def _join(self, names: Sequence[StreamName], positions: Sequence[int]) -> None:
        """Let events stand in streams that are not theirs by nature, and in which none of them stands yet."""
        streams = self._touch(dict.fromkeys(names, len(positions)))
        rows = [(streams[name], position, False) for name in names for position in positions]
        self.connection.executemany(_ENTER, rows)


def _again(connection: Connection, event: Event) -> int:
    """Say whether the document is kept already, and whether only its id holds its versions together."""
    other = connection.execute(_OTHER, (event.id,)).fetchone()
    if other is None:
        return 0
    known = decode(*other[:3])
    together = {*known.homes} & {*event.homes} or {*known.homes, *known.streams} == {*event.homes, *event.streams}
    if together and not other[3] & STRAYED:
        return _CAME_BEFORE
    connection.execute("UPDATE event SET again = again | ? WHERE id = ?", (STRAYED, event.id))
    return _CAME_BEFORE | STRAYED


def _stale(connection: Connection, expects: Mapping[StreamName, int]) -> Stale | None:
    if not expects:
        return None
    found = dict(connection.execute(_VERSIONS, (json.dumps(list(expects)),)).fetchall())
    for name, expected in expects.items():
        if found.get(name, 0) != expected:
            return Stale(stream=name, expected=expected, found=found.get(name, 0))
    return None


def _answered(connection: Connection, answers: Sequence[Answer]) -> Stale | None:
    if not answers:
        return None
    row = connection.execute(_ANSWERED, (json.dumps([answer.request for answer in answers]),)).fetchone()
    return None if row is None else Stale(stream=request_stream(row[0]), expected=0, found=1)


def _entry(row: tuple[int, str, int, int, int, int, str]) -> Entry:
    pos, kind, shape, recorded_at, conflict, again, body = row
    return Entry(
        position=pos,
        recorded_at=EPOCH + timedelta(microseconds=recorded_at),
        event=decode(kind, shape, body),
        conflict=bool(conflict),
        again=bool(again & _CAME_BEFORE),
    )


def _last(connection: Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(pos), 0) FROM event").fetchone()[0])
