"""A shop's settings and what it has learned about its articles, in the shop's own database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from omo_adapters.storage.database import Database
from omo_core.identifiers import Sku

_ITEM: Final = "item/"
"""Before the name of each article that a catalogue document taught."""
_PUT: Final = "INSERT INTO setting (name, value) VALUES (?,?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"


class SqliteSettings:
    """Named texts, and learned articles beside them."""

    def __init__(self, database: Database) -> None:
        """Use a database that is open."""
        self.database = database

    def text(self, name: str) -> str | None:
        """Give a text as it was kept; none when it never was."""
        with self.database.reading() as connection:
            row = connection.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def keep(self, texts: Mapping[str, str]) -> None:
        """Keep some texts, all or none, in place of those that were kept under their names."""
        with self.database.writing() as connection:
            connection.executemany(_PUT, list(texts.items()))

    def learned(self) -> dict[str, Sku]:
        """Give what sources call an article to its sku, as catalogue documents said."""
        with self.database.reading() as connection:
            rows = connection.execute(
                "SELECT substr(name, ?), value FROM setting WHERE name >= ? AND name < ?",
                (len(_ITEM) + 1, _ITEM, _ITEM[:-1] + "0"),
            ).fetchall()
        return {name: Sku(sku) for name, sku in rows}

    def learn(self, items: Mapping[str, Sku]) -> None:
        """Keep what a catalogue document said; the latest word counts."""
        if items:
            self.keep({f"{_ITEM}{name}": sku for name, sku in items.items()})
