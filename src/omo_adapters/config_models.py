"""The shape of ``shop.toml``: what a shop says about itself, checked field by field before anything is made of it."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from phonenumbers import SUPPORTED_REGIONS
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from omo_adapters.identity_models import IdentityModel
from omo_adapters.stock_models import SiteModel, StockSettingsModel, WorkModel
from omo_adapters.stock_settings import locations_named
from omo_core.errors import Malformed
from omo_core.instants import zone
from omo_core.money import DIGITS
from omo_core.quantities import TEXT_MAX

Name = Annotated[str, StringConstraints(min_length=1, max_length=TEXT_MAX)]
Words = Annotated[str, StringConstraints(max_length=TEXT_MAX)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", use_attribute_docstrings=True)


class LocationConfig(_Section):
    """A place that holds stock or rings up sales."""

    id: Name
    """The shop's own name of it, in every event; never changed."""
    name: Words = ""
    """For people."""
    kind: Literal["store", "warehouse", "online"] = "store"
    in_pool: bool = True
    """Whether the web may promise from it."""
    sourcing: SiteModel = SiteModel()
    """What orders cost that come from there, and how far it is."""
    work: WorkModel = WorkModel()
    """When it works, and how long it needs for an order."""
    aliases: dict[Name, Name | list[Name]] = {}
    """What sources call it: ``{ shopify = "905684977", till = ["9", "09"] }``."""


class ShopifyConfig(_Section):
    """What Shopify's documents need."""

    secret_env: list[Name] = []
    """Environment variables that hold the webhook secrets, newest first."""
    secret_files: list[Name] = []
    """Files that hold one secret each, newest first; relative ones stand beside the database."""


class ShopConfig(_Section):
    """A shop's settings."""

    name: Name
    currency: Name
    """For documents that name none, and for reports."""
    zone: Name
    """The time zone of the shop's days, and of timestamps that name none."""
    region: Name
    """Where phone numbers without a country code belong: ``HK``, ``TW``."""
    locations: list[LocationConfig] = []
    online_location: Words = ""
    """The location that web orders are sourced from until something else is said."""
    items: dict[Name, Name] = {}
    """What sources call an article to its sku: ``"shopify:inventory_item:271878346596884015" = "TEE-M"``."""
    items_file: Words = ""
    """A CSV file with the columns ``item,sku``, read when the settings are; beside ``shop.toml``."""
    shopify: ShopifyConfig = ShopifyConfig()
    programme: dict[str, object] | None = None
    """The loyalty programme, inline."""
    more_programmes: list[dict[str, object]] = []
    """Further programmes, each with a name of its own: other kinds of points, store credit, gift cards."""
    programme_file: Words = ""
    """Or a TOML file of its own, beside ``shop.toml``."""
    identity: IdentityModel = IdentityModel()
    stock: StockSettingsModel = StockSettingsModel()
    """Pools, buffers, backorders, kits, capacities, measures, and what is wanted of a plan."""
    late_hours: Annotated[int, Field(ge=1, le=87_600)] = 24
    """An import calls a fact late when it happened so many hours before the newest one known."""

    @field_validator("currency")
    @classmethod
    def _known_currency(cls, code: str) -> str:
        if code not in DIGITS:
            raise ValueError(f"unknown currency {code!r}")
        return code

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            zone(name)
        except Malformed as complaint:
            raise ValueError(complaint.why) from None
        return name

    @field_validator("region")
    @classmethod
    def _known_region(cls, code: str) -> str:
        if code not in SUPPORTED_REGIONS:
            raise ValueError(f"unknown region {code!r}; two capitals such as HK or TW")
        return code

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        ids = [location.id for location in self.locations]
        if len(set(ids)) != len(ids):
            raise ValueError("two locations have the same id")
        if self.online_location and self.online_location not in ids:
            raise ValueError(f"online_location {self.online_location!r} is none of the locations")
        named = [
            *locations_named(self.stock),
            *(("stock.sourcing.excluded", one) for one in self.stock.sourcing.excluded),
        ]
        for path, name in named if ids else ():
            if name not in ids:
                raise ValueError(f"{path}: {name!r} is none of the locations")
        if self.programme is not None and self.programme_file:
            raise ValueError("programme and programme_file are both given; keep one")
        return self
