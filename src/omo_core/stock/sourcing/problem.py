"""What a plan is asked for: what an order needs, what each location could give, and what the shop wants of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final, Literal

from attrs import evolve, frozen

from omo_core.decisions import require
from omo_core.events import check_items, check_tuple
from omo_core.identifiers import LocationId, OrderId, Sku
from omo_core.quantities import LINES_MAX, UNITS_MAX, names, numbers, one_of, text, units, whole
from omo_core.stock.rules import StockRules
from omo_core.stock.sourcing.learning import confidence_of
from omo_core.stock.standing import Standing

Aim = Literal["parcels", "cost", "distance"]
Pickup = Literal["none", "own", "any"]
"""Whether customers collect there: not at all, from its own stock, or also what is brought in."""
AIMS: Final = ("parcels", "cost", "distance")
GREEDY: Final = ("nearest", "priority", "balance", "overstock", "fewest", "cheapest")
"""The greedy strategies by name."""
TRUST_MAX: Final = 1_000
NODES_MAX: Final = 20_000
"""How many partial plans are looked at before a greedy one is taken."""
NOTHING: Final[Mapping[Sku, int]] = MappingProxyType({})


@frozen(kw_only=True)
class Need:
    """Units of an order line that are to be sourced."""

    line: str
    """The line's id; of a kit, each part's article is a need of its own."""
    sku: Sku
    units: int
    value: int = 0
    """What one unit is worth, in minor units; of lines of one article that differ, their average counts."""
    together: str = ""
    """Lines that bear the same word come from one location, all units of them."""

    def check(self) -> None:
        """Raise ``Malformed`` when the need can't mean anything."""
        text(self.line, "line")
        text(self.sku, "sku")
        units(self.units, "units", low=1)
        whole(self.value, "value", low=0, high=10**12)
        text(self.together, "together", empty=True)


@frozen(kw_only=True)
class Site:
    """A location as sourcing sees it."""

    location: LocationId
    free: Mapping[Sku, int] = NOTHING
    distance: int = 0
    """From there to the customer; any unit of length, the same for all."""
    parcel_cost: int = 0
    """What a parcel from there costs, in minor units."""
    unit_cost: int = 0
    """What picking one unit costs there."""
    unit_costs: Mapping[Sku, int] = NOTHING
    """For articles of which a unit costs something else; a scarce one may bear a price of its own."""
    priority: int = 0
    """Lower goes first."""
    zone: str = ""
    capacity: int | None = None
    """How many more parcels it can send; none: any number."""
    load: int = 0
    """How many orders it is busy with."""
    pickup: Pickup = "none"
    surplus: Mapping[Sku, int] = NOTHING
    """Units above what it should have; ``overstock`` clears the greatest first."""
    confidence: Mapping[Sku, int] = NOTHING
    """How far its record can be trusted, per thousand; 1,000 where nothing is known."""
    short_lines: frozenset[str] = frozenset()
    """Lines of this order that it could not give before; it is not asked for their articles again."""

    def check(self) -> None:
        """Raise ``Malformed`` when the site can't mean anything."""
        text(self.location, "location")
        for path, number in (("distance", self.distance), ("parcel_cost", self.parcel_cost), ("load", self.load)):
            whole(number, path, low=0, high=10**12)
        for path, number in (("unit_cost", self.unit_cost), ("priority", self.priority)):
            whole(number, path, low=0 if path == "unit_cost" else -(10**12), high=10**12)
        if self.capacity is not None:
            whole(self.capacity, "capacity", low=-UNITS_MAX, high=UNITS_MAX)
        text(self.zone, "zone", empty=True)
        one_of(self.pickup, ("none", "own", "any"), "pickup")
        names(self.short_lines, "short_lines")
        numbers(self.confidence, "confidence", low=0, high=TRUST_MAX)
        numbers(self.free, "free", low=-UNITS_MAX, high=10**12)
        numbers(self.surplus, "surplus", low=-UNITS_MAX, high=10**12)
        numbers(self.unit_costs, "unit_costs", low=0, high=10**12)


@frozen(kw_only=True)
class Policy:
    """What a shop wants of a plan."""

    aims: tuple[Aim, ...] = ("parcels", "cost", "distance")
    """What is made as small as possible first, second, third."""
    strategy: str = "exact"
    """``exact``, or a greedy one of ``STRATEGIES``."""
    fallback: str = "fewest"
    """The greedy strategy that is taken when the exact search would take too long."""
    parcels_max: int | None = None
    parcel_value_min: int = 0
    """Where an order is split, no parcel is worth less."""
    zones: frozenset[str] = frozenset()
    """Empty: any."""
    excluded: frozenset[LocationId] = frozenset()
    must: frozenset[LocationId] = frozenset()
    """Locations that are used in any case; asks what a plan with them would cost."""
    confidence_min: int = 0
    """Per thousand; a location is not asked for what its record is trusted less for."""
    risk_cost: int = 0
    """What it costs when a unit is not found, in minor units."""
    load_cost: int = 0
    """What each order that a location is busy with adds to a parcel from there."""
    nodes_max: int = NODES_MAX

    def check(self) -> None:
        """Raise ``Malformed`` when the policy can't mean anything."""
        for aim in check_tuple(self.aims, "aims"):
            require(aim in AIMS, "aims", f"{aim!r:.40} is none of {', '.join(AIMS)}")
        require(bool(self.aims) and len(set(self.aims)) == len(self.aims), "aims", "are none, or one is named twice")
        for path, known in (("strategy", ("exact", *GREEDY)), ("fallback", GREEDY)):
            one_of(getattr(self, path), known, path)
        for path in ("zones", "excluded", "must"):
            names(getattr(self, path), path, empty=path == "zones")  # that of places without one
        if self.parcels_max is not None:
            whole(self.parcels_max, "parcels_max", low=1, high=UNITS_MAX)
        for path in ("parcel_value_min", "risk_cost", "load_cost"):
            whole(getattr(self, path), path, low=0, high=10**12)
        whole(self.confidence_min, "confidence_min", low=0, high=TRUST_MAX)
        whole(self.nodes_max, "nodes_max", low=1, high=10**9)


@frozen(kw_only=True)
class Problem:
    """One order, the locations it may come from, and what is wanted."""

    needs: tuple[Need, ...]
    sites: tuple[Site, ...]
    policy: Policy = Policy()
    pickup_at: LocationId | None = None
    """The order is collected there; what comes from elsewhere is transferred in."""

    def check(self) -> None:
        """Raise ``Malformed`` when the problem can't mean anything."""
        lines = len(check_tuple(self.needs, "needs"))
        require(0 < lines <= LINES_MAX, "needs", f"has {lines} lines, the limit is {LINES_MAX}")
        check_items(self.needs, "needs", Need)
        check_items(self.sites, "sites", Site)
        require(isinstance(self.policy, Policy), "policy", f"{self.policy!r:.40} is not a policy")
        self.policy.check()
        require(len({site.location for site in self.sites}) == len(self.sites), "sites", "one stands there twice")
        asked = {(need.line, need.sku) for need in self.needs}
        require(len(asked) == lines, "needs", "one line asks for an article twice")
        known = {site.location for site in self.sites}
        unknown = sorted(self.policy.must - known)
        require(not unknown, "policy.must", f"names {', '.join(unknown[:3])}, of which nothing is known")
        if self.pickup_at is not None:
            where = text(self.pickup_at, "pickup_at")
            require(where in known, "pickup_at", f"is {where}, of which nothing is known")


def needs_of(
    stock: Mapping[Sku, Standing], order: OrderId, values: Mapping[str, int] | None = None
) -> tuple[Need, ...]:
    """Say what of an order is still to be sourced or may still be sourced anew: all that is not being picked."""
    needs = []
    for sku in sorted(stock):
        for promise in stock[sku].promises_of(order):
            loose = sum(share.units for share in promise.shares if not share.picking)
            if loose:
                needs.append(
                    Need(line=f"{promise.line}", sku=sku, units=loose, value=(values or {}).get(promise.line, 0))
                )
    return tuple(sorted(needs, key=lambda need: (need.line, need.sku)))


def sites_with_stock(
    network: Iterable[Site],
    stock: Mapping[Sku, Standing],
    order: OrderId,
    at: datetime,
    rules: StockRules | None = None,
) -> tuple[Site, ...]:
    """Fill in what each location has free for an order (its own allocations included) and how far that is trusted.

    With the shop's rules, what stays in a location as safety stock is not free: a plan that took it would be refused.
    """
    return tuple(_with_stock(site, stock, order, at, rules or StockRules()) for site in network)


def _with_stock(site: Site, stock: Mapping[Sku, Standing], order: OrderId, at: datetime, rules: StockRules) -> Site:
    free: dict[Sku, int] = {}
    trusted: dict[Sku, int] = {}
    short: list[str] = []
    for sku, positions in stock.items():
        promises = positions.promises_of(order)
        own = sum(
            share.units
            for promise in promises
            for share in promise.shares
            if share.location == site.location and not share.picking
        )
        raw = positions.free_raw(site.location, at)
        channel = promises[0].channel if promises else ""
        kept = rules.kept_in(site.location, sku, at, channel) if rules.safety else 0
        free[sku] = max(0, raw - min(kept, max(0, raw)) + own)
        trusted[sku] = confidence_of(positions, site.location)
        short += [promise.line for promise in promises if site.location in promise.short_at]
    return evolve(site, free=free, confidence=trusted, short_lines=frozenset(short))
