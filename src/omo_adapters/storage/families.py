"""Which events of a journal in SQLite travel together: those that share a home, or an id where nothing else does."""

from __future__ import annotations

import json
from collections.abc import Iterable
from sqlite3 import Connection
from typing import Final

from omo_adapters.codecs.events import decode
from omo_core.events import Event
from omo_core.identifiers import EventId, StreamName

_FAMILY: Final = """
    SELECT event.pos, kind, shape, body, again FROM stream JOIN entry ON entry.stream = stream.id AND entry.home = 1
    JOIN event ON event.pos = entry.pos WHERE stream.name IN (SELECT value FROM json_each(?1))
    UNION SELECT pos, kind, shape, body, again FROM event WHERE id IN (SELECT value FROM json_each(?2))"""
STRAYED: Final = 2
"""Marks all of a document whose versions neither share a home nor stand in the same streams by themselves: a grant
that was moved to another record."""


def family_of(
    connection: Connection, homes: Iterable[StreamName], ids: Iterable[EventId]
) -> tuple[dict[int, Event], dict[StreamName, None]]:
    """Give every event that shares a home or an id with one of these, directly or over a third, by position."""
    family: dict[int, Event] = {}
    seen: dict[StreamName, None] = {}
    done: dict[EventId, None] = {}
    todo, strayed = list(dict.fromkeys(homes)), list(ids)
    while todo or strayed:
        seen.update(dict.fromkeys(todo))
        done.update(dict.fromkeys(strayed))
        rows = connection.execute(_FAMILY, (json.dumps(todo), json.dumps(strayed))).fetchall()
        found = {row[0]: decode(*row[1:4]) for row in rows if row[0] not in family}
        family.update(found)
        todo = list(dict.fromkeys(home for event in found.values() for home in event.homes if home not in seen))
        strayed = list(dict.fromkeys(family[row[0]].id for row in rows if row[4] & STRAYED))
        strayed = [name for name in strayed if name not in done]
    return dict(sorted(family.items())), seen
