"""``omo init`` and ``omo config``: a shop's database, and what the shop says about itself in it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from omo_adapters.cli.exits import BadArgument
from omo_adapters.cli.session import DEFAULT_DB, DbOption, JsonOption, kept_text
from omo_adapters.cli.telling import plain, table, tell
from omo_adapters.config import SHOP, SettingsText, ShopSettings, read_files, read_settings
from omo_adapters.errors import StoreUnavailable
from omo_adapters.storage.database import Database
from omo_adapters.storage.settings import SqliteSettings
from omo_adapters.storage.vault import SqliteVault
from omo_adapters.toml import toml_text

config_app = typer.Typer(help="Show or replace what the shop says about itself.", no_args_is_help=True)


def init(
    *,
    db: DbOption = DEFAULT_DB,
    config: Annotated[Path | None, typer.Option("--config", metavar="FILE", help="The shop's shop.toml.")] = None,
    name: Annotated[str, typer.Option(help="The shop's name, where there is no shop.toml yet.")] = "Shop",
    currency: Annotated[str, typer.Option(help="Its currency.")] = "HKD",
    zone: Annotated[str, typer.Option(help="Its time zone.")] = "Asia/Hong_Kong",
    region: Annotated[str, typer.Option(help="Where phone numbers without a country code belong.")] = "HK",
    as_json: JsonOption = False,
) -> None:
    """Make a shop: a database with the shop's settings in it."""
    if config is not None:
        text = read_files(config)
    else:
        text = SettingsText(shop=toml_text({"name": name, "currency": currency, "zone": zone, "region": region}))
    settings = read_settings(text)
    settings.timetable()  # what is wrong with it is said now, not when somebody asks for a day
    _refuse_folder(db)
    database = Database(db)
    try:
        kept = SqliteSettings(database)
        if kept.text(SHOP) is not None:
            raise BadArgument(f"{db} is a shop already; change its settings with: omo config set-file shop.toml")
        kept.keep(text.texts())
        SqliteVault(database).key()
    finally:
        database.close()
    tell({"db": str(db), **_overview(settings)}, lambda out: _show_made(out, db, settings), as_json=as_json)


def _refuse_folder(db: Path) -> None:
    if not db.parent.is_dir():
        raise StoreUnavailable(f"there is no folder {db.parent} to put the database into")
    if db.is_dir():
        raise StoreUnavailable(f"{db} is a folder")


def _show_made(out: Console, db: Path, settings: ShopSettings) -> None:
    out.print(f"{plain(settings.config.name)} is set up in {plain(db)}.")
    out.print("Next: omo import FILE_OR_FOLDER")


@config_app.command("show")
def show(db: DbOption = DEFAULT_DB, as_json: JsonOption = False) -> None:
    """Show the settings as they were written; save them with: omo config show > shop.toml."""
    database = Database(db, create=False)
    try:
        text = kept_text(SqliteSettings(database), db)
    finally:
        database.close()
    tell(_overview(read_settings(text)), lambda out: out.out(text.shop.rstrip("\n")), as_json=as_json)


@config_app.command("set-file")
def set_file(
    file: Annotated[Path, typer.Argument(metavar="SHOP_TOML", help="The new settings.")],
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Replace the settings by those of a file. What was imported before stays as it was understood then."""
    text = read_files(file)
    settings = read_settings(text)
    settings.timetable()
    database = Database(db, create=False)
    try:
        SqliteSettings(database).keep(text.texts())
    finally:
        database.close()
    tell(_overview(settings), lambda out: _show_overview(out, settings), as_json=as_json)


def _overview(settings: ShopSettings) -> dict[str, object]:
    programme = settings.rules.programme
    return {
        **settings.config.model_dump(mode="json", exclude={"programme", "items", "shopify"}),
        "programme": {"name": programme.name, "versions": [version.name for version in programme.versions]},
        "items": len(settings.items),
        "pool": list(settings.rules.stock.pool),
    }


def _show_overview(out: Console, settings: ShopSettings) -> None:
    config = settings.config
    out.print(f"{plain(config.name)}: {config.currency}, {config.zone}, {config.region}")
    if config.locations:
        rows = [(place.id, place.name, place.kind, "yes" if place.in_pool else "no") for place in config.locations]
        out.print(table(("location", "name", "kind", "in pool"), rows))
