"""From what a shop wrote about its stock to the rules, the sourcing policy and the sites that it means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import asin, cos, radians, sin, sqrt
from typing import Final
from zoneinfo import ZoneInfo

from attrs import Factory, frozen

from omo_adapters.stock_models import (
    BackorderModel,
    BufferModel,
    MeasuresModel,
    ScopeModel,
    SiteModel,
    SourcingModel,
    StockRulesModel,
)
from omo_adapters.written import Written, instant
from omo_core.errors import Malformed
from omo_core.identifiers import LocationId, Sku
from omo_core.instants import EPOCH, FOREVER
from omo_core.kit_parts import KitPart
from omo_core.stock import Backorder, Buffer, Capacity, Kit, Measures, StockRules
from omo_core.stock.sourcing import STRATEGIES, Policy, Site

_POINT: Final = re.compile(r"\s*(-?[0-9]{1,2}(?:\.[0-9]{1,9})?)\s*,\s*(-?[0-9]{1,3}(?:\.[0-9]{1,9})?)\s*", re.ASCII)
_EARTH_METRES: Final = 12_742_000
"""The earth's mean diameter."""
Point = tuple[float, float]


def stock_rules(model: StockRulesModel, where: ZoneInfo, pool: tuple[LocationId, ...]) -> StockRules:
    """Give the rules that were written; a day without a time begins in the shop's zone."""
    rules = StockRules(
        pool=pool,
        pools={channel: tuple(map(LocationId, names)) for channel, names in model.pools.items()},
        buffers=tuple(_buffer(one, where) for one in model.buffers),
        safety=tuple(_buffer(one, where) for one in model.safety),
        backorders=tuple(_backorder(one, where) for one in model.backorders),
        tags={Sku(sku): frozenset(names) for sku, names in model.tags.items()},
        kits=tuple(_kit(sku, parts) for sku, parts in model.kits.items()),
        capacities=tuple(Capacity(**one.model_dump()) for one in model.capacities),
        zone=where,
    )
    rules.check()
    return rules


def _scope(model: ScopeModel, where: ZoneInfo) -> dict[str, object]:
    return {
        "channel": model.channel,
        "location": model.location,
        "sku": model.sku,
        "tags": frozenset(model.tags),
        "starts_at": EPOCH if model.since is None else instant(model.since, where, "since"),
        "ends_at": FOREVER if model.until is None else instant(model.until, where, "until"),
    }


def _buffer(model: BufferModel, where: ZoneInfo) -> Buffer:
    return Buffer(units=model.units, **_scope(model, where))  # type: ignore[arg-type]  # one dict for all rules


def _backorder(model: BackorderModel, where: ZoneInfo) -> Backorder:
    scope = _scope(model, where)
    return Backorder(depth=model.depth, incoming=model.incoming, **scope)  # type: ignore[arg-type]  # as above


def _kit(sku: str, parts: Mapping[str, int]) -> Kit:
    return Kit(sku=Sku(sku), parts=tuple(KitPart(sku=Sku(part), units=units) for part, units in parts.items()))


def locations_named(model: StockRulesModel) -> Iterable[tuple[str, str]]:
    """Name every location that rules speak of, with the place in the settings."""
    for channel, names in model.pools.items():
        yield from ((f"stock.pools.{channel}", name) for name in names)
    said = {
        "buffers": [rule.location for rule in model.buffers],
        "safety": [rule.location for rule in model.safety],
        "backorders": [rule.location for rule in model.backorders],
        "capacities": [rule.location for rule in model.capacities],
    }
    for path, locations in said.items():
        yield from ((f"stock.{path}[{place}].location", name) for place, name in enumerate(locations) if name)


def measures_of(models: Mapping[str, MeasuresModel]) -> Mapping[Sku, Measures]:
    """Give the measures that were written, by sku."""
    found: dict[Sku, Measures] = {}
    for sku, model in models.items():
        measures = Measures(base=model.base, in_base={name: Fraction(*size) for name, size in model.units.items()})
        try:
            measures.check()
        except Malformed as complaint:
            raise complaint.under(f"stock.measures.{sku}") from None
        found[Sku(sku)] = measures
    return found


def policy_of(model: SourcingModel, currency: str) -> Policy:
    """Give what the shop wants of a plan."""
    for path, name in (("strategy", model.strategy), ("fallback", model.fallback)):
        if name not in STRATEGIES and (name != "exact" or path == "fallback"):
            raise Malformed(f"stock.sourcing.{path}", f"{name!r:.40} is none of exact, {', '.join(STRATEGIES)}")
    policy = Policy(
        aims=model.aims,
        strategy=model.strategy,
        fallback=model.fallback,
        parcels_max=model.max_parcels,
        parcel_value_min=_minor(model.min_parcel_value, currency, "stock.sourcing.min_parcel_value"),
        zones=frozenset(model.zones),
        excluded=frozenset(map(LocationId, model.excluded)),
        confidence_min=model.min_confidence,
        risk_cost=_minor(model.risk_cost, currency, "stock.sourcing.risk_cost"),
        load_cost=_minor(model.load_cost, currency, "stock.sourcing.load_cost"),
        nodes_max=model.search,
    )
    policy.check()
    return policy


def _minor(written: Written | None, currency: str, path: str) -> int:
    return 0 if written is None else written.units(currency, path)


@frozen(kw_only=True)
class Network:
    """The shop's locations as sourcing sees them."""

    sites: Mapping[LocationId, SiteModel] = Factory(dict)
    destinations: Mapping[str, str] = Factory(dict)
    currency: str

    def check(self) -> None:
        """Raise ``Malformed`` when a point, or what a location costs, can't mean anything."""
        for name, point in self.destinations.items():
            point_of(point, f"stock.destinations.{name}")
        for location in self.sites:
            self.site(location, 0, None).check()

    def destination(self, name: str) -> Point | None:
        """Give where an order goes: a destination of the settings, or latitude and longitude; none when not said."""
        return point_of(self.destinations.get(name, name), "destination") if name else None

    def metres(self, origin: LocationId, destination: LocationId) -> int:
        """Give the way from one location to another; nothing where the settings do not say where they are."""
        ends = [self.sites.get(place, SiteModel()).at for place in (origin, destination)]
        if not all(ends):
            return 0
        here, there = (point_of(end, f"locations.{end}.sourcing.at") for end in ends)
        return metres_between(here, there)

    def site(self, location: LocationId, rank: int, to: Point | None) -> Site:
        """Give one location, with its way to where an order goes."""
        model = self.sites.get(location, SiteModel())
        path = f"locations.{location}.sourcing"
        here = point_of(model.at, f"{path}.at") if model.at else None
        metres = metres_between(here, to) if here is not None and to is not None else 0
        per_km = _minor(model.parcel_cost_per_km, self.currency, f"{path}.parcel_cost_per_km")
        return Site(
            location=location,
            distance=metres,
            parcel_cost=_minor(model.parcel_cost, self.currency, f"{path}.parcel_cost") + per_km * metres // 1_000,
            unit_cost=_minor(model.unit_cost, self.currency, f"{path}.unit_cost"),
            priority=rank if model.priority is None else model.priority,
            zone=model.zone,
            pickup=model.pickup,
        )


def point_of(text: str, path: str) -> Point:
    """Read latitude and longitude."""
    found = _POINT.fullmatch(text)
    if found is None or not (-90 <= float(found[1]) <= 90 and -180 <= float(found[2]) <= 180):
        raise Malformed(path, f"{text[:60]!r} is not a latitude and a longitude such as 22.2819, 114.1580")
    return float(found[1]), float(found[2])


def metres_between(one: Point, other: Point) -> int:
    """Give the way between two points as the crow flies, in whole metres."""
    (north, east), (to_north, to_east) = (tuple(map(radians, point)) for point in (one, other))
    half = sin((to_north - north) / 2) ** 2 + cos(north) * cos(to_north) * sin((to_east - east) / 2) ** 2
    return round(_EARTH_METRES * asin(min(1.0, sqrt(half))))
