"""Bare SQLite that runs exactly the statements that omo's journal runs for the same work.

The statements are not written down here, where they would drift from the journal's: omo does the work once on a
connection that keeps every statement with its values, and the bare arm runs them again on an empty database with the
same tables and settings. What is left out is everything that omo does around them: reading, checking and encoding
the event, deciding which statement comes next, taking turns with other processes, answering.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from omo_adapters.storage.database import Database

Statement = tuple[str, Sequence[Any]]
"""SQL with its values; a list is the values of one statement after the other."""


class Keeping:
    """A connection that keeps what is run on it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.statements: list[Statement] = []

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    def execute(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        self.statements.append((sql, tuple(values)))
        return self._connection.execute(sql, values)

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> sqlite3.Cursor:
        table = [tuple(row) for row in rows]
        if table:
            self.statements.append((sql, table))
        return self._connection.executemany(sql, table)

    def close(self) -> None:
        self._connection.close()

    def taken(self) -> list[Statement]:
        """Hand over what was kept since the last time."""
        statements, self.statements = self.statements, []
        return statements


def keep_statements(database: Database) -> Keeping:
    """Let a database keep every statement from now on."""
    keeping = Keeping(database.connection)
    database.connection = keeping  # type: ignore[assignment]  # it has all that the journal uses
    return keeping


class BareStore:
    """An omo database's tables and settings, and nothing else of omo."""

    def __init__(self, path: Path) -> None:
        Database(path).close()
        database = Database(path)
        self.connection = database.connection
        self._database = database

    def run(self, statements: Iterable[Statement]) -> None:
        """Run statements and fetch what they give."""
        execute, executemany = self.connection.execute, self.connection.executemany
        for sql, values in statements:
            if isinstance(values, list):
                executemany(sql, values)
            else:
                execute(sql, values).fetchall()

    def close(self) -> None:
        self._database.close()
