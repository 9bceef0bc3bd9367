"""What stands in a database, listed a page at a time: names of streams, rows of events, answers that were given."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from omo_adapters.codecs.events import decode
from omo_adapters.storage.database import Database
from omo_core.events import Event
from omo_core.identifiers import EventId, ProfileId, StreamName

PAGE = 1000


@frozen(kw_only=True)
class EventRow:
    """An event as it is written, before anything is made of it."""

    position: int
    id: str
    version: int
    kind: str
    shape: int
    recorded_at: int
    conflict: bool
    body: str
    digest: bytes


def stream_names(database: Database, prefix: str) -> Iterator[StreamName]:
    """Give the names of all streams of one sort (``profile/``), in order of name."""
    last, end = prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)
    query = "SELECT name FROM stream WHERE name > ? AND name < ? ORDER BY name LIMIT ?"
    while True:
        with database.reading() as connection:
            names = [str(row[0]) for row in connection.execute(query, (last, end, PAGE))]
        yield from map(StreamName, names)
        if len(names) < PAGE:
            return
        last = names[-1]


def event_rows(database: Database) -> Iterator[EventRow]:
    """Give every event's row, in order of arrival."""
    last = 0
    columns = "pos, id, version, kind, shape, recorded_at, conflict, body, digest"
    query = f"SELECT {columns} FROM event WHERE pos > ? ORDER BY pos LIMIT ?"  # noqa: S608  (constants)
    while True:
        with database.reading() as connection:
            rows = connection.execute(query, (last, PAGE)).fetchall()
        for pos, id_, version, kind, shape, recorded_at, conflict, body, digest in rows:
            yield EventRow(
                position=pos, id=id_, version=version, kind=kind, shape=shape, recorded_at=recorded_at,
                conflict=bool(conflict), body=body, digest=bytes(digest),
            )  # fmt: skip
        if len(rows) < PAGE:
            return
        last = rows[-1][0]


def document_events(database: Database, name: EventId) -> tuple[Event, ...]:
    """Give every version that is kept of a document, in order of arrival."""
    with database.reading() as connection:
        rows = connection.execute("SELECT kind, shape, body FROM event WHERE id = ? ORDER BY pos", (name,)).fetchall()
    return tuple(decode(*row) for row in rows)


def events_of_kinds(database: Database, kinds: Sequence[str]) -> Iterator[Event]:
    """Give every event of some kinds, in order of arrival; the others are passed over unread."""
    last, wanted = 0, json.dumps(list(kinds))
    query = """
        SELECT pos, kind, shape, body FROM event
        WHERE pos > ? AND kind IN (SELECT value FROM json_each(?)) ORDER BY pos LIMIT ?"""
    while True:
        with database.reading() as connection:
            rows = connection.execute(query, (last, wanted, PAGE)).fetchall()
        for _, kind, shape, body in rows:
            yield decode(kind, shape, body)
        if len(rows) < PAGE:
            return
        last = rows[-1][0]


def events_by_document(database: Database, kinds: Sequence[str]) -> Iterator[Event]:
    """Give every event of some kinds, all versions of one document side by side, in order of their ids."""
    last: tuple[str, int, int] = ("", -1, 0)
    wanted = json.dumps(list(kinds))
    query = """
        SELECT id, version, pos, kind, shape, body FROM event
        WHERE (id, version, pos) > (?,?,?) AND kind IN (SELECT value FROM json_each(?))
        ORDER BY id, version, pos LIMIT ?"""
    while True:
        with database.reading() as connection:
            rows = connection.execute(query, (*last, wanted, PAGE)).fetchall()
        for *_, kind, shape, body in rows:
            yield decode(kind, shape, body)
        if len(rows) < PAGE:
            return
        last = rows[-1][:3]


def personal_fields(database: Database) -> Iterator[tuple[ProfileId, Mapping[str, str]]]:
    """Give what the vault keeps of each record, in order of the records' names; the erased are passed over.

    Words of tags and notes, on shelves whose names begin with ``omo:``, are not fields of a record.
    """
    last = ""
    query = """
        SELECT profile, fields FROM personal
        WHERE profile > ? AND fields != '{}' AND substr(profile, 1, 4) != 'omo:' ORDER BY profile LIMIT ?"""
    while True:
        with database.reading() as connection:
            rows = connection.execute(query, (last, PAGE)).fetchall()
        for profile, fields in rows:
            yield ProfileId(profile), json.loads(fields)
        if len(rows) < PAGE:
            return
        last = rows[-1][0]


def stream_entries(database: Database) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Give every stream with the positions of the events that stand in it, in order of name."""
    last = ""
    names = "SELECT id, name FROM stream WHERE name > ? ORDER BY name LIMIT ?"
    while True:
        with database.reading() as connection:
            page = connection.execute(names, (last, PAGE)).fetchall()
            for number, name in page:
                rows = connection.execute("SELECT pos FROM entry WHERE stream = ? ORDER BY pos", (number,))
                yield str(name), tuple(row[0] for row in rows)
        if len(page) < PAGE:
            return
        last = page[-1][1]


def answer_bodies(database: Database) -> Iterator[tuple[str, bytes]]:
    """Give every answer that was kept, by its request."""
    last = ""
    query = "SELECT request, body FROM answer WHERE request > ? ORDER BY request LIMIT ?"
    while True:
        with database.reading() as connection:
            page = connection.execute(query, (last, PAGE)).fetchall()
        for request, body in page:
            yield str(request), bytes(body)
        if len(page) < PAGE:
            return
        last = page[-1][0]


def sources(database: Database) -> list[tuple[str, str, int]]:
    """Count the events by who says so and by kind."""
    query = """
        SELECT coalesce(json_extract(body, '$.source'), ''), kind, count(*) FROM event
        GROUP BY 1, 2 ORDER BY 1, 2"""
    with database.reading() as connection:
        return [(str(source), str(kind), int(count)) for source, kind, count in connection.execute(query)]
