"""The vault in SQLite: personal data in a table of its own, overwritten with zeros when it is erased."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Final

from omo_adapters.storage.database import MARK_LOG, Database, translated, write_anew
from omo_core.identifiers import ProfileId

_ERASED: Final = 2**63 - 1
"""Stands in a row that was erased: no source's version is as high."""


_UNFINISHED: Final = """
    SELECT DISTINCT json_extract(body, '$.profile') AS name FROM event
    WHERE kind = 'record_erased'
    AND NOT EXISTS (SELECT 1 FROM personal WHERE profile = json_extract(event.body, '$.profile') AND version = ?)
    ORDER BY name"""


class SqliteVault:
    """Personal data by profile, in the same file as the journal but never part of it."""

    def __init__(self, database: Database) -> None:
        """Use a database that is open."""
        self.database = database
        self._key: bytes | None = None

    def keep(self, profile: ProfileId, version: int, fields: Mapping[str, str]) -> None:
        """Keep a profile's personal fields unless a higher version is kept, or a greater content under this one."""
        self.keep_all([(profile, version, fields)])

    def keep_all(self, records: list[tuple[ProfileId, int, Mapping[str, str]]]) -> None:
        """Keep many profiles' fields in one commit."""
        rows = [
            (profile, version, json.dumps(dict(fields), ensure_ascii=False, sort_keys=True))
            for profile, version, fields in records
        ]
        with self.database.writing() as connection:
            connection.executemany(
                "INSERT INTO personal (profile, version, fields) VALUES (?,?,?) ON CONFLICT (profile) DO UPDATE "
                "SET version = excluded.version, fields = excluded.fields "
                "WHERE (excluded.version, excluded.fields) > (version, fields)",
                rows,
            )

    def look(self, profile: ProfileId) -> Mapping[str, str]:
        """Give a profile's personal fields; empty when unknown or erased."""
        with self.database.reading() as connection:
            row = connection.execute("SELECT fields FROM personal WHERE profile = ?", (profile,)).fetchone()
        return {} if row is None else dict(json.loads(row[0]))

    def erase(self, profile: ProfileId) -> bool:
        """Remove a profile's personal fields so that no byte of them stays in the live files."""
        return self.erase_all([profile]) > 0

    def erase_all(self, profiles: Sequence[ProfileId]) -> int:
        """Erase several at once, which costs as much as one; says how many there were.

        An empty row stays of each, of the highest version there is, so that a late delivery brings nothing back.
        """
        database = self.database
        with database.turn(), translated(database.path):
            with database.writing() as connection:
                gone = 0
                for profile in profiles:
                    gone += connection.execute(
                        "UPDATE personal SET version = ?, fields = '{}' WHERE profile = ? AND version < ?",
                        (_ERASED, profile, _ERASED),
                    ).rowcount
                    connection.execute(
                        "INSERT INTO personal (profile, version, fields) VALUES (?,?,'{}') ON CONFLICT DO NOTHING",
                        (profile, _ERASED),
                    )
                write_anew(connection, "personal", "profile")
                connection.execute(MARK_LOG)
            database.empty_log()
        return gone

    def unfinished(self) -> list[ProfileId]:
        """Name the records that the journal says are erased, and that are not."""
        with self.database.reading() as connection:
            return [ProfileId(row[0]) for row in connection.execute(_UNFINISHED, (_ERASED,))]

    def key(self) -> bytes:
        """Give the secret that fingerprints are keyed with; it is drawn the first time it is asked for."""
        if self._key is None:
            with self.database.writing() as connection:
                connection.execute(
                    "INSERT INTO secret (name, value) VALUES ('fingerprint', ?) ON CONFLICT DO NOTHING",
                    (secrets.token_bytes(32),),
                )
                row = connection.execute("SELECT value FROM secret WHERE name = 'fingerprint'").fetchone()
            self._key = bytes(row[0])
        return self._key
