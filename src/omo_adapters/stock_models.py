"""The shape of what a shop says about its stock, in ``shop.toml`` and in scenarios: rules, measures, sourcing."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from omo_adapters.complaints import Shape
from omo_adapters.written import Amount, Clock, Day, Moment, Name, Names, Ratio
from omo_core.quantities import TEXT_MAX, UNITS_MAX

Words = Annotated[str, Field(max_length=TEXT_MAX)]
Units = Annotated[int, Field(ge=0, le=UNITS_MAX)]
PerThousand = Annotated[int, Field(ge=0, le=1_000)]


class ScopeModel(Shape):
    """Where and when a rule counts; what it does not name, it does not ask."""

    channel: Words = ""
    location: Words = ""
    sku: Words = ""
    tags: Names = ()
    """The article must bear all of them."""
    since: Moment | None = None
    until: Moment | None = None
    """Exclusive."""


class BufferModel(ScopeModel):
    """Units that are kept back."""

    units: Units


class BackorderModel(ScopeModel):
    """How far a channel may promise beyond what is free."""

    depth: Units = 0
    """So many units that nobody has announced yet."""
    incoming: bool = False
    """Also what is expected to come."""


class CapacityModel(Shape):
    """How many parcels a location can pack in a slot."""

    parcels: Units
    location: Words = ""
    """Without one, each."""
    first: Words = ""
    """From this slot on: a day such as `2026-12-01`."""
    last: Words = ""
    """Up to this slot, itself included."""


class MeasuresModel(Shape):
    """The units that an article is counted, packed and weighed in."""

    base: Name
    """What stock counts: `piece`, or `gram` for what is sold by weight."""
    units: dict[Name, Ratio] = Field(default_factory=dict)
    """How many base units another unit is: `{ case = 12, kg = 1000, lb = "453.59237" }`."""


class SourcingModel(Shape):
    """What the shop wants of a plan."""

    strategy: Name = "exact"
    fallback: Name = "fewest"
    """The greedy strategy that is taken when the exact search would take too long."""
    aims: tuple[Literal["parcels", "cost", "distance"], ...] = Field(
        default=("parcels", "cost", "distance"), strict=False
    )
    """What is made as small as possible first, second, third."""
    max_parcels: Annotated[int, Field(ge=1, le=1_000)] | None = None
    min_parcel_value: Amount | None = None
    """Where an order is split, no parcel is worth less."""
    zones: Names = ()
    """If any are named, only locations in them are asked."""
    excluded: Names = ()
    """Locations that are not asked."""
    min_confidence: PerThousand = 0
    """Per thousand: a location is not asked for what its record is trusted less for."""
    risk_cost: Amount | None = None
    """What it costs when a unit is not found."""
    load_cost: Amount | None = None
    """What each parcel that a location still has to pack adds to the next one's cost."""
    search: Annotated[int, Field(ge=1, le=10**9)] = 20_000
    """How many partial plans are looked at before the fallback is taken."""
    together: tuple[Names, ...] = Field(default=(), strict=False)
    """Groups of articles that come from one location if an order has several of them."""


class SiteModel(Shape):
    """A location as sourcing sees it."""

    at: Words = ""
    """Latitude and longitude: `22.2819, 114.1580`."""
    zone: Words = ""
    priority: Annotated[int, Field(ge=0, le=10**6)] | None = None
    """Lower goes first; without one, in the order of the settings."""
    parcel_cost: Amount | None = None
    parcel_cost_per_km: Amount | None = None
    unit_cost: Amount | None = None
    """What picking one unit costs."""
    pickup: Literal["none", "own", "any"] = "none"
    """Whether customers collect there: not at all, from its own stock, or also what is brought in."""


class CarrierModel(Shape):
    """On which days the carrier works."""

    hours: Words = ""
    """In the notation of OpenStreetMap: `Mo-Sa 09:00-18:00; PH off`. Without any, always."""
    shut: Annotated[tuple[Day, ...], Field(max_length=1_000)] = Field(default=(), strict=False)
    """Days on which nothing is done, whatever the hours say."""


class WorkModel(CarrierModel):
    """When a location works, and how long it needs for an order. What is not said is as `stock.work` says."""

    cut_off: Clock | None = None
    """Orders from then on count for the next working day: `"15:00"`."""
    handling_days: Annotated[int, Field(ge=0, le=365)] = 0
    """Working days of the location between the order's day and the parcel's."""
    transit_days: Annotated[int, Field(ge=0, le=365)] = 1
    """Working days of the carrier between the parcel's day and the customer's."""
    pickup_minutes: Annotated[int, Field(ge=0, le=525_600)] = 0
    """Minutes of its opening hours until what lies there is ready to be collected."""


class StockRulesModel(Shape):
    """What the shop decided about its stock. Of rules that fit, the last one counts."""

    pools: dict[Name, Names] = Field(default_factory=dict)
    """For channels that may promise from other locations than the rest: `{ market = ["depot"] }`."""
    buffers: tuple[BufferModel, ...] = Field(default=(), strict=False)
    """Per channel: what it never promises of an article."""
    safety: tuple[BufferModel, ...] = Field(default=(), strict=False)
    """Per location: what stays there whatever the web asks for."""
    backorders: tuple[BackorderModel, ...] = Field(default=(), strict=False)
    tags: dict[Name, Names] = Field(default_factory=dict)
    """What rules may ask of articles, by sku."""
    kits: dict[Name, dict[Name, Annotated[int, Field(ge=1, le=UNITS_MAX)]]] = Field(default_factory=dict)
    """What articles are made of: `{ SET = { TEE = 2, CAP = 1 } }`."""
    capacities: tuple[CapacityModel, ...] = Field(default=(), strict=False)


class StockSettingsModel(StockRulesModel):
    """What ``shop.toml`` says of stock."""

    measures: dict[Name, MeasuresModel] = Field(default_factory=dict)
    """By sku."""
    destinations: dict[Name, Name] = Field(default_factory=dict)
    """Names for places that orders go to, with latitude and longitude: `{ kowloon = "22.3193, 114.1694" }`."""
    sourcing: SourcingModel = SourcingModel()
    work: WorkModel = WorkModel()
    """When locations work that do not say it themselves, and how long they need."""
    carrier: CarrierModel = CarrierModel()
    holidays: Words = ""
    """Whose public holidays `PH` means in opening hours: a country, or a part of it: `HK`, `GB-ENG`."""
