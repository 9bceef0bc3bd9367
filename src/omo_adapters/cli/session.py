"""An open shop for the length of one command, and the options that every command shares."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from attrs import evolve, frozen

from omo_adapters.cli.exits import BadArgument
from omo_adapters.config import ITEMS, PROGRAMME, SHOP, SettingsText, ShopSettings, read_settings, secrets_of
from omo_adapters.errors import Misconfigured, StoreBusy
from omo_adapters.importing.writing import Books
from omo_adapters.inbound import Context, local_instant
from omo_adapters.placeholders import guarded
from omo_adapters.shop import Shop
from omo_adapters.storage.database import Database
from omo_adapters.storage.memos import SqliteMemos
from omo_adapters.storage.settings import SqliteSettings
from omo_adapters.storage.sqlite import SqliteJournal
from omo_adapters.storage.vault import SqliteVault
from omo_core.errors import Malformed
from omo_core.instants import start_of_day

DbOption = Annotated[
    Path, typer.Option("--db", envvar="OMO_DB", metavar="FILE", help="The shop's database.", show_default=True)
]
JsonOption = Annotated[bool, typer.Option("--json", help="Give one JSON document on stdout, errors as JSON on stderr.")]
WhyOption = Annotated[bool, typer.Option("--why", help="Show what each number comes from.")]
AsOfOption = Annotated[
    str, typer.Option("--as-of", metavar="INSTANT", help="As it was then: 2026-03-31 (its end) or 2026-03-31T18:00.")
]
KnownAtOption = Annotated[str, typer.Option("--known-at", metavar="INSTANT", help="By what omo had heard of by then.")]
AtOption = Annotated[str, typer.Option("--at", metavar="INSTANT", help="When it happened; now, unless said.")]
RequestOption = Annotated[
    str,
    typer.Option("--request", metavar="ID", help="Names this asking: asked again under one id, it is done once."),
]
DEFAULT_DB = Path("shop.db")


@frozen(kw_only=True)
class Session:
    """One shop, its settings, and the books beside its journal."""

    shop: Shop
    database: Database
    settings: ShopSettings
    books: Books
    memos: SqliteMemos

    @property
    def zone(self) -> ZoneInfo:
        """Give the shop's time zone."""
        return ZoneInfo(self.settings.config.zone)

    @property
    def currency(self) -> str:
        """Give the shop's own currency."""
        return self.settings.config.currency

    def context(self) -> Context:
        """Give what readers must know, with what was learned so far and the secrets that are set."""
        secrets = secrets_of(self.settings.config, Path(self.database.path).parent)
        return self.settings.context(self.shop.vault.key(), self.books.settings.learned(), secrets)

    def instant(self, text: str, path: str) -> datetime | None:
        """Read an instant in the shop's zone; a day alone means its end. None when nothing was said."""
        if not text:
            return None
        try:
            if len(text) == 10:
                day = local_instant(f"{text}T12:00", self.settings.config.zone, path).date()
                return start_of_day(day + timedelta(days=1), self.zone) - timedelta(microseconds=1)
            return local_instant(text, self.settings.config.zone, path)
        except Malformed:
            raise BadArgument(f"{path} {text[:40]!r} is not a day such as 2026-03-31 or 2026-03-31T18:00") from None

    def end(self, text: str, path: str) -> datetime | None:
        """Read through which day something lasts, or until which instant (exclusive)."""
        last = self.instant(text, path)
        return last + timedelta(microseconds=1) if last is not None and len(text) == 10 else last

    def moment(self, text: str) -> datetime:
        """Read when something happened; now when nothing was said."""
        return self.instant(text, "--at") or self.shop.now()


@contextmanager
def opened(path: Path) -> Iterator[Session]:
    """Open a shop that is there; close it whatever happens."""
    database = Database(path, create=False)
    try:
        settings = read_settings(kept_text(SqliteSettings(database), path))
        journal, vault = SqliteJournal(database), SqliteVault(database)
        given = settings.rules
        identity = guarded(given.identity, vault.key(), settings.config.region, given.placeholders)
        rules = evolve(given, identity=identity)
        memos = SqliteMemos(database, rules)
        shop = Shop(journal, vault, rules, memos=memos, region=settings.config.region)
        shop.database = database
        with suppress(StoreBusy):  # somebody reads just now: the next command tries again
            shop.finish_erasures()
        yield Session(shop=shop, database=database, settings=settings, books=Books.of(database), memos=memos)
    finally:
        database.close()


def kept_text(settings: SqliteSettings, path: Path) -> SettingsText:
    """Give the settings that a database keeps."""
    shop = settings.text(SHOP)
    if shop is None:
        raise Misconfigured(f"{path} has no settings; give it some with: omo config set-file shop.toml")
    return SettingsText(shop=shop, programme=settings.text(PROGRAMME) or "", items=settings.text(ITEMS) or "")
