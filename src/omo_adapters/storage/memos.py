"""Folded states in SQLite, beside the journal. Dropping the table changes nothing but time."""

from __future__ import annotations

import contextlib
import json
from typing import Final

from omo_adapters.codecs.memos import (
    MEMO_FORMAT,
    decode_person,
    decode_stock,
    encode_person,
    encode_stock,
    programme_digest,
)
from omo_adapters.desk import Rules
from omo_adapters.errors import StoreUnavailable
from omo_adapters.states import Kept, Person
from omo_adapters.storage.database import Database
from omo_core.identifiers import ProfileId, Sku
from omo_core.stock import Positions

WORTH_KEEPING: Final = 64
"""A state is written down when so many events were read since it last was; shorter histories are quick to fold."""


class SqliteMemos:
    """Folds of persons and articles as of some version of their streams."""

    def __init__(self, database: Database, rules: Rules) -> None:
        """Use a database that is open; memos made under other rules are not seen."""
        self.database = database
        self._programmes = rules.programmes
        self._digest = programme_digest(rules.programmes, rules.identity)

    def person(self, profile: ProfileId) -> Kept[Person] | None:
        """Give a kept person, or nothing."""
        row = self._row(f"person/{self._digest}/{profile}")
        if row is None:
            return None
        position, versions, state = row
        found = decode_person(state, self._programmes)
        return None if found is None else Kept(Person(*found, known=True), json.loads(versions), position)

    def article(self, sku: Sku) -> Kept[Positions] | None:
        """Give a kept article, or nothing."""
        row = self._row(f"article/{MEMO_FORMAT}/{sku}")
        if row is None:
            return None
        position, versions, state = row
        found = decode_stock(state)
        return None if found is None else Kept(found, json.loads(versions), position)

    def keep_person(self, kept: Kept[Person]) -> None:
        """Keep a person as far as it is folded, under each of its records, once enough had to be read for it."""
        if kept.read < WORTH_KEEPING:
            return
        state = encode_person(kept.state.member, kept.state.foldings)
        names = [f"person/{self._digest}/{profile}" for profile in kept.state.member.profiles]
        self._write(names, kept, state)

    def keep_article(self, kept: Kept[Positions]) -> None:
        """Keep an article as far as it is folded, once enough had to be read for it."""
        if kept.read >= WORTH_KEEPING:
            self._write([f"article/{MEMO_FORMAT}/{kept.state.sku}"], kept, encode_stock(kept.state))

    def drop(self) -> int:
        """Drop every memo; says how many there were."""
        with self.database.writing() as connection:
            return connection.execute("DELETE FROM memo").rowcount

    def _row(self, name: str) -> tuple[int, str, bytes] | None:
        with self.database.reading() as connection:
            row = connection.execute("SELECT position, versions, state FROM memo WHERE name = ?", (name,)).fetchone()
        return None if row is None else (row[0], row[1], row[2])

    def _write(self, names: list[str], kept: Kept[Person] | Kept[Positions], state: bytes) -> None:
        """Write a memo, or leave it: what was asked is answered, and what was done is durable, without it."""
        kept.read = 0
        versions = json.dumps(kept.versions)
        with contextlib.suppress(StoreUnavailable), self.database.writing() as connection:
            connection.executemany(
                "INSERT INTO memo (name, position, versions, state) VALUES (?,?,?,?) ON CONFLICT (name) DO UPDATE "
                "SET position = excluded.position, versions = excluded.versions, state = excluded.state",
                [(name, kept.position, versions, state) for name in names],
            )
