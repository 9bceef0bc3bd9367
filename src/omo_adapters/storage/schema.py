"""The tables of an omo database, and the steps from one release's tables to the next.

``event`` is the truth. ``entry`` says which events stand in which stream, ``stream`` counts them. ``answer`` keeps
what requests were told, ``personal`` and ``secret`` are the vault; ``memo`` can be dropped at any time. ``setting``,
``quarantine`` and ``progress`` belong to the tools around the journal.
"""

from __future__ import annotations

from typing import Final

APPLICATION_ID: Final = 0x6F6D6F31
"""Marks a SQLite file as omo's: the letters ``omo1``."""

MIGRATIONS: Final[tuple[str, ...]] = (
    """
    CREATE TABLE event (
        pos INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        version INTEGER NOT NULL,
        kind TEXT NOT NULL,
        shape INTEGER NOT NULL,
        recorded_at INTEGER NOT NULL,
        conflict INTEGER NOT NULL DEFAULT 0,
        again INTEGER NOT NULL DEFAULT 0,
        body TEXT NOT NULL,
        digest BLOB NOT NULL
    ) STRICT;
    CREATE INDEX event_document ON event (id, version);
    CREATE TABLE stream (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        version INTEGER NOT NULL CHECK (version > 0)
    ) STRICT;
    CREATE TABLE entry (
        stream INTEGER NOT NULL,
        pos INTEGER NOT NULL,
        home INTEGER NOT NULL,
        PRIMARY KEY (stream, pos)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX entry_home ON entry (stream, pos) WHERE home = 1;
    CREATE TABLE answer (
        request TEXT PRIMARY KEY,
        asked BLOB NOT NULL,
        kind TEXT NOT NULL,
        body BLOB NOT NULL
    ) STRICT;
    CREATE TABLE personal (
        profile TEXT PRIMARY KEY,
        version INTEGER NOT NULL,
        fields TEXT NOT NULL
    ) STRICT;
    CREATE TABLE secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
    CREATE TABLE memo (
        name TEXT PRIMARY KEY,
        position INTEGER NOT NULL,
        versions TEXT NOT NULL,
        state BLOB NOT NULL
    ) STRICT;
    CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    CREATE TABLE quarantine (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        place TEXT NOT NULL,
        path TEXT NOT NULL,
        reason TEXT NOT NULL,
        raw BLOB NOT NULL,
        digest BLOB NOT NULL UNIQUE,
        received_at INTEGER NOT NULL,
        settled_at INTEGER
    ) STRICT;
    CREATE TABLE progress (name TEXT PRIMARY KEY, done INTEGER NOT NULL) STRICT;
    """,
    """
    CREATE INDEX event_erased ON event (pos) WHERE kind = 'record_erased';
    """,
)
"""Step n leads from schema version n to n + 1. A step that was released is never changed."""

SCHEMA_VERSION: Final = len(MIGRATIONS)
