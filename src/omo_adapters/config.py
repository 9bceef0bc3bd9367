"""A shop's settings: ``shop.toml`` read, checked, and turned into the rules and the readers' context.

The text is kept in the database as it was written, with the files that it names, so that every later command needs
the database alone. Secrets are never kept: the settings name an environment variable or a file that holds them.
"""

from __future__ import annotations

import csv
import io
import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from attrs import Factory, frozen
from pydantic import ValidationError

from omo_adapters.config_models import ShopConfig
from omo_adapters.desk import Rules
from omo_adapters.errors import Misconfigured
from omo_adapters.identity_settings import identity_rules, placeholders
from omo_adapters.inbound import Context
from omo_adapters.names.evidence import evidence
from omo_adapters.placeholders import Placeholders
from omo_adapters.programmes import read_programme
from omo_adapters.ruling import rules_of
from omo_adapters.stock_settings import Network, measures_of, policy_of, stock_rules
from omo_adapters.timetabling import timetable_of
from omo_core.errors import Malformed
from omo_core.identifiers import LocationId, Sku
from omo_core.instants import zone
from omo_core.loyalty import Programme, simple_programme
from omo_core.members import IdentityRules
from omo_core.money import DIGITS
from omo_core.stock import Measures
from omo_core.stock.sourcing import Policy
from omo_core.stock.timetables import Timetable

SHOP: Final = "shop.toml"
PROGRAMME: Final = "programme.toml"
ITEMS: Final = "items.csv"
FILE_BYTES_MAX: Final = 16 << 20
"""The longest settings file."""


@frozen(kw_only=True)
class SettingsText:
    """The settings as they were written: what the database keeps."""

    shop: str
    programme: str = ""
    items: str = ""

    def texts(self) -> Mapping[str, str]:
        """Give each text by the name that it is kept under."""
        return {SHOP: self.shop, PROGRAMME: self.programme, ITEMS: self.items}


@frozen(kw_only=True)
class ShopSettings:
    """Everything that a shop's settings say."""

    config: ShopConfig
    rules: Rules
    items: Mapping[str, Sku] = Factory(dict)
    """What sources call an article to its sku, as the settings say; what was learned counts where they say nothing."""
    locations: Mapping[str, LocationId] = Factory(dict)
    """What sources call each location to the shop's own id."""
    measures: Mapping[Sku, Measures] = Factory(dict)
    """The units that articles are counted, packed and weighed in."""
    policy: Policy
    """What the shop wants of a plan."""
    network: Network
    """The locations as sourcing sees them."""

    def timetable(self) -> Timetable:
        """Give when places work and how long they need; reading holidays takes a moment, so only who asks waits."""
        try:
            return timetable_of(self.config)
        except Malformed as complaint:
            raise Misconfigured(f"{SHOP}: {complaint}") from None

    def location_name(self, location: str) -> str:
        """Give a location's name for people."""
        named = (place.name for place in self.config.locations if place.id == location)
        return next(named, "") or location

    def context(self, key: bytes, learned: Mapping[str, Sku] | None = None, secrets: tuple[bytes, ...] = ()) -> Context:
        """Give what readers must know; ``learned`` items count where the settings say nothing."""
        return Context(
            key=key,
            currency=self.config.currency,
            zone=self.config.zone,
            region=self.config.region,
            locations=self.locations,
            items={**(learned or {}), **self.items},
            secrets=secrets,
            placeholders=self.rules.placeholders,
            names=evidence(self.config.identity.names),
        )


def read_files(path: Path) -> SettingsText:
    """Read ``shop.toml`` and the files that it names, which stand beside it."""
    shop = _text_of(path)
    config = _shaped(shop, path.name)
    programme = _text_of(path.parent / config.programme_file) if config.programme_file else ""
    items = _text_of(path.parent / config.items_file) if config.items_file else ""
    return SettingsText(shop=shop, programme=programme, items=items)


def read_settings(text: SettingsText) -> ShopSettings:
    """Make a shop's settings of their text; what is wrong is named with its place."""
    config = _shaped(text.shop, SHOP)
    programme = _programme(config, text.programme)
    pool = tuple(LocationId(place.id) for place in config.locations if place.in_pool and place.kind != "online")
    more = tuple(_more(config, place) for place in range(len(config.more_programmes)))
    items = {name: Sku(sku) for name, sku in (*_items(text.items), *config.items.items())}
    try:
        identity, blocked = _identity(config)
        stock = stock_rules(config.stock, zone(config.zone), pool)
        return ShopSettings(
            config=config,
            rules=rules_of(Rules(programme=programme, more=more, identity=identity, placeholders=blocked, stock=stock)),
            items=items,
            locations=dict(_aliases(config)),
            measures=measures_of(config.stock.measures),
            policy=policy_of(config.stock.sourcing, config.currency),
            network=_network(config),
        )
    except Malformed as complaint:
        raise Misconfigured(f"{SHOP}: {complaint}") from None


def _network(config: ShopConfig) -> Network:
    network = Network(
        sites={LocationId(place.id): place.sourcing for place in config.locations},
        destinations=config.stock.destinations,
        currency=config.currency,
    )
    network.check()
    return network


def secrets_of(config: ShopConfig, folder: Path) -> tuple[bytes, ...]:
    """Fetch the webhook secrets that the settings name; a file's name counts from the database's folder.

    One that is not there is refused: without it every forged delivery would pass for a kept one.
    """
    found = []
    for name in config.shopify.secret_env:
        value = os.environ.get(name, "").strip()
        if not value:
            raise Misconfigured(f"the environment variable {name} is not set, but the settings say it holds a secret")
        found.append(value.encode())
    for file in config.shopify.secret_files:
        found.append(_text_of(folder / file).strip().encode())
        if not found[-1]:
            raise Misconfigured(f"{file} is empty, but the settings say it holds a secret")
    return tuple(found)


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            raw = stream.read(FILE_BYTES_MAX + 1)
    except OSError as trouble:
        raise Misconfigured(f"{path} can't be read: {trouble.strerror}") from None
    if len(raw) > FILE_BYTES_MAX:
        raise Misconfigured(f"{path} is longer than {FILE_BYTES_MAX} bytes")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Misconfigured(f"{path} is not UTF-8 text") from None


def _table(text: str, name: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as complaint:
        raise Misconfigured(f"{name} is not TOML: {complaint}") from None


def _shaped(text: str, name: str) -> ShopConfig:
    try:
        return ShopConfig.model_validate(_table(text, name))
    except ValidationError as complaint:
        first = complaint.errors(include_url=False, include_context=False, include_input=False)[0]
        path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]).lstrip(".")
        why = first["msg"].removeprefix("Value error, ")
        raise Misconfigured(f"{name}: {path[:200]}: {why}" if path else f"{name}: {why}") from None


def _programme(config: ShopConfig, text: str) -> Programme:
    """Read the programme; a shop that states none gives one point per whole unit of money, worth one minor unit."""
    name = SHOP if config.programme is not None else PROGRAMME
    given = config.programme if config.programme is not None else _table(text, PROGRAMME) if text else None
    try:
        if given is None:
            per = 10 ** DIGITS[config.currency]
            return simple_programme(config.currency, per=per, zone_name=config.zone)
        return read_programme({"zone": config.zone, "currency": config.currency, **given})
    except Malformed as complaint:
        raise Misconfigured(f"{name}: programme: {complaint}") from None


def _more(config: ShopConfig, place: int) -> Programme:
    """Read one of the further programmes; it needs a name to be told from the first."""
    given = config.more_programmes[place]
    try:
        return read_programme(
            {"zone": config.zone, **({} if "unit" in given else {"currency": config.currency}), **given}
        )
    except Malformed as complaint:
        raise Misconfigured(f"{SHOP}: {complaint.under(f'more_programmes[{place}]')}") from None


def _identity(config: ShopConfig) -> tuple[IdentityRules, Placeholders]:
    try:
        return identity_rules(config.identity), placeholders(config.identity, config.region)
    except Malformed as complaint:
        raise complaint.under("identity") from None


def _aliases(config: ShopConfig) -> Iterable[tuple[str, LocationId]]:
    seen: dict[str, str] = {}
    for place in config.locations:
        for source, names in place.aliases.items():
            for name in [names] if isinstance(names, str) else names:
                alias = f"{source}:{name}"
                if seen.setdefault(alias, place.id) != place.id:
                    raise Misconfigured(f"{SHOP}: {alias} is an alias of both {seen[alias]} and {place.id}")
                yield alias, LocationId(place.id)
    if config.online_location:
        yield "shopify:default", LocationId(config.online_location)


def _items(text: str) -> Iterable[tuple[str, str]]:
    if not text:
        return
    rows = csv.reader(io.StringIO(text), strict=True)
    try:
        if next(rows, None) != ["item", "sku"]:
            raise Misconfigured(f"{ITEMS}: its first line must be: item,sku")
        for row in rows:
            if row and (len(row) != 2 or not all(row)):
                raise Misconfigured(f"{ITEMS}: line {rows.line_num} is not an item and a sku")
            if row:
                yield row[0], row[1]
    except csv.Error as complaint:
        raise Misconfigured(f"{ITEMS}: line {rows.line_num}: {complaint}") from None
