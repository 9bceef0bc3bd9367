"""The demo's shop: made anew in a folder, with a clock that goes through the week."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from attrs import define, frozen

from omo_adapters.config import ShopSettings, read_files, read_settings
from omo_adapters.demo.brand import DAYS, SECRET, at
from omo_adapters.importing import Books
from omo_adapters.inbound import Context
from omo_adapters.shop import Shop
from omo_adapters.storage.database import Database
from omo_adapters.storage.memos import SqliteMemos
from omo_adapters.storage.settings import SqliteSettings
from omo_adapters.storage.sqlite import SqliteJournal
from omo_adapters.storage.vault import SqliteVault

DATABASE: Final = "shop.db"
REPORT: Final = "report.html"
_OWN: Final = (
    "shop.toml",
    "programme.toml",
    "webhook.secret",
    REPORT,
    *(f"{DATABASE}{end}" for end in ("", "-wal", "-shm", "-turn")),
)


@define
class Clock:
    """What time it is in the demo."""

    now: datetime

    def __call__(self) -> datetime:
        """Give the present."""
        return self.now


@frozen(kw_only=True)
class Stage:
    """An open shop, its books, and where everything lies."""

    shop: Shop
    journal: SqliteJournal
    database: Database
    memos: SqliteMemos
    settings: ShopSettings
    books: Books
    clock: Clock
    folder: Path
    week: Path

    def context(self) -> Context:
        """Give what readers must know, with what was learned so far."""
        return self.settings.context(self.shop.vault.key(), self.books.settings.learned(), (SECRET,))

    def name_of(self, location: str) -> str:
        """Give a location's name."""
        return self.settings.location_name(location)


@contextmanager
def week_folder() -> Iterator[Path]:
    """Give the folder of the bundled week, wherever the package was installed."""
    with as_file(files("omo_adapters.demo") / "week") as folder:
        yield folder


@contextmanager
def opened(folder: Path, week: Path) -> Iterator[Stage]:
    """Make the shop in a folder; what an earlier demo left there is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in _OWN:
        (folder / name).unlink(missing_ok=True)
    _write_settings(folder, week)
    text = read_files(folder / "shop.toml")
    settings = read_settings(text)
    database = Database(folder / DATABASE)
    try:
        SqliteSettings(database).keep(text.texts())
        clock = Clock(at(DAYS[0], 9))
        journal, vault, memos = SqliteJournal(database), SqliteVault(database), SqliteMemos(database, settings.rules)
        shop = Shop(journal, vault, settings.rules, memos=memos, now=clock, region=settings.config.region)
        shop.database = database
        books = Books.of(database)
        yield Stage(
            shop=shop,
            journal=journal,
            database=database,
            memos=memos,
            settings=settings,
            books=books,
            clock=clock,
            folder=folder,
            week=week,
        )
    finally:
        database.close()


def _write_settings(folder: Path, week: Path) -> None:
    """Put the settings beside the database, as a shop would have them; the secret stays in a file of its own."""
    secret = folder / "webhook.secret"
    secret.write_bytes(SECRET + b"\n")
    shop = (week / "shop.toml").read_text("utf-8")
    (folder / "shop.toml").write_text(shop.replace('"webhook.secret"', _quoted(secret)), "utf-8")
    (folder / "programme.toml").write_bytes((week / "programme.toml").read_bytes())


def _quoted(path: Path) -> str:
    text = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
