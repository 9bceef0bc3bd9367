"""How far a long run has come, so that an interrupted one goes on where it was."""

from __future__ import annotations

from omo_adapters.storage.database import Database


class SqliteProgress:
    """Named counters in SQLite."""

    def __init__(self, database: Database) -> None:
        """Use a database that is open."""
        self.database = database

    def done(self, name: str) -> int:
        """Say how far a run has come; 0 when it was never begun."""
        with self.database.reading() as connection:
            row = connection.execute("SELECT done FROM progress WHERE name = ?", (name,)).fetchone()
        return 0 if row is None else int(row[0])

    def reach(self, marks: dict[str, int]) -> None:
        """Note how far some runs have come."""
        with self.database.writing() as connection:
            connection.executemany(
                "INSERT INTO progress (name, done) VALUES (?,?) ON CONFLICT (name) DO UPDATE SET done = excluded.done",
                list(marks.items()),
            )

    def forget(self, name: str) -> None:
        """Drop a run's mark, once it is through."""
        with self.database.writing() as connection:
            connection.execute("DELETE FROM progress WHERE name = ?", (name,))
