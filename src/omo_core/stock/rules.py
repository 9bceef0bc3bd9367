"""What a shop decided about its stock, as dated data: pools, what is kept back, how far it may promise ahead.

Where several rules fit, the last one counts: write the general ones first, the exceptions after them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from attrs import define, field, frozen

from omo_core.decisions import require
from omo_core.events import check_items
from omo_core.identifiers import LocationId, Sku
from omo_core.instants import EPOCH, FOREVER, local_day
from omo_core.quantities import UNITS_MAX, text, whole
from omo_core.stock.kits import Kit, Kits, opened
from omo_core.stock.places import NOWHERE
from omo_core.stock.standing import Standing


@frozen(kw_only=True)
class Scope:
    """Where and when a rule counts; what it does not name, it does not ask."""

    channel: str = ""
    location: str = ""
    sku: str = ""
    tags: frozenset[str] = frozenset()
    """The article must bear all of them."""
    starts_at: datetime = EPOCH
    ends_at: datetime = FOREVER
    """Exclusive."""

    def fits(self, channel: str, location: str, sku: str, tags: frozenset[str], at: datetime) -> bool:
        """Say whether the rule counts here and now."""
        return (
            self.channel in ("", channel)
            and self.location in ("", location)
            and self.sku in ("", sku)
            and self.tags <= tags
            and self.starts_at <= at < self.ends_at
        )

    def check(self) -> None:
        """Raise ``Malformed`` when the rule can't mean anything."""
        for name in (self.channel, self.location, self.sku, *sorted(self.tags)):
            text(name, "scope", empty=True)
        require(self.starts_at < self.ends_at, "ends_at", "is not after the rule starts")


@frozen(kw_only=True)
class Buffer(Scope):
    """Units that a channel never promises (per channel, after pooling) or that stay in a place (before pooling)."""

    units: int

    def check(self) -> None:
        """Raise ``Malformed`` when the rule can't mean anything."""
        Scope.check(self)
        whole(self.units, "units", low=0, high=UNITS_MAX)


@frozen(kw_only=True)
class Backorder(Scope):
    """How far a channel may promise beyond what is free."""

    depth: int = 0
    """So many units that nobody has announced yet."""
    incoming: bool = False
    """Also what is expected to come (a pre-order), unless it is overdue."""

    def check(self) -> None:
        """Raise ``Malformed`` when the rule can't mean anything."""
        Scope.check(self)
        whole(self.depth, "depth", low=0, high=UNITS_MAX)


GREENWICH: Final = ZoneInfo("UTC")


@frozen(kw_only=True)
class Capacity:
    """How many parcels a location can pack in each slot, or in the slots of some days."""

    parcels: int
    location: str = ""
    """Empty: each location."""
    first: str = ""
    """From this slot on, as slots are written: ``2026-12-01``."""
    last: str = ""
    """Up to this slot, itself and its parts included."""

    def check(self) -> None:
        """Raise ``Malformed`` when the rule can't mean anything."""
        whole(self.parcels, "parcels", low=0, high=UNITS_MAX)
        for path in ("location", "first", "last"):
            text(getattr(self, path), path, empty=True)

    def fits(self, location: LocationId, slot: str) -> bool:
        """Say whether the rule counts for a slot."""
        late = bool(self.last) and slot[: len(self.last)] > self.last
        return self.location in ("", location) and slot >= self.first and not late


S = TypeVar("S", bound=Scope)
DATED: Final = FOREVER - timedelta(microseconds=1)
"""Everything is due by then that has a date at all."""


@define(slots=False, frozen=True, kw_only=True)
class StockRules:
    """What a shop decided about its stock."""

    pool: tuple[LocationId, ...] = ()
    """The locations that the web may promise from; empty means every known location that has ever had the article."""
    pools: Mapping[str, tuple[LocationId, ...]] = field(factory=dict)
    """For channels that may promise from other locations than the rest."""
    buffers: tuple[Buffer, ...] = ()
    """Per channel, taken once from the pool."""
    safety: tuple[Buffer, ...] = ()
    """Per location, taken from each before pooling; whoever stands in the store may still have them."""
    backorders: tuple[Backorder, ...] = ()
    tags: Mapping[Sku, frozenset[str]] = field(factory=dict)
    """What rules may ask of articles: ``winter``, ``sale``."""
    kits: tuple[Kit, ...] = ()
    capacities: tuple[Capacity, ...] = ()
    """What locations can pack; where none fits, any number of parcels."""
    zone: ZoneInfo = GREENWICH
    """Whose days slots are, where a commitment names none."""
    priorities: Mapping[str, int] = field(factory=dict)
    """Channels that are served before others (lower) or after them (higher), whenever they were promised; else 0."""
    counters: frozenset[str] = frozenset(("", "store"))
    """Channels of who stands in the store: safety stock and buffers are not kept from them there."""

    def check(self) -> None:
        """Raise ``Malformed`` when a rule can't mean anything."""
        for path, rules in (("buffers", self.buffers), ("safety", self.safety)):
            check_items(rules, path, Buffer)
        check_items(self.backorders, "backorders", Backorder)
        check_items(self.kits, "kits", Kit)
        check_items(self.capacities, "capacities", Capacity)
        for channel, rank in self.priorities.items():
            whole(rank, f"priorities.{channel}", low=-1_000, high=1_000)
        require(len(self.opened_kits) == len(self.kits), "kits", "two kits have the same sku")

    @cached_property
    def opened_kits(self) -> Kits:
        """Give what each kit is made of, down to articles that are counted."""
        return opened(self.kits)

    def pool_of(self, positions: Standing, channel: str = "") -> tuple[LocationId, ...]:
        """Name the locations whose stock the pool is made of; nothing can be sent from where nobody knows."""
        named = self.pools.get(channel, self.pool)
        return named or tuple(place for place in positions.locations() if place != NOWHERE)

    def kept_back(self, channel: str, sku: Sku, at: datetime) -> int:
        """Give what a channel never promises of an article."""
        rule = self._last(self.buffers, channel, "", sku, at)
        return rule.units if rule is not None else 0

    def kept_in(self, location: LocationId, sku: Sku, at: datetime, channel: str = "") -> int:
        """Give what stays in a location whatever the web asks for."""
        rule = self._last(self.safety, channel, location, sku, at)
        return rule.units if rule is not None else 0

    def parcels_max(self, location: LocationId, slot: str) -> int | None:
        """Give how many parcels a location can pack in a slot; none where nobody said."""
        return next((rule.parcels for rule in reversed(self.capacities) if rule.fits(location, slot)), None)

    def day_of(self, at: datetime) -> str:
        """Name the slot of a whole day."""
        return local_day(at, self.zone).isoformat()

    def priority_of(self, channel: str) -> int:
        """Say in which turn a channel is served; lower comes first."""
        return self.priorities.get(channel, 0)

    def ahead(self, positions: Standing, channel: str, at: datetime) -> int:
        """Give how many units beyond the free ones a channel may promise."""
        rule = self._last(self.backorders, channel, "", positions.sku, at)
        if rule is None:
            return 0
        if not rule.incoming:
            return rule.depth
        return rule.depth + positions.expected(self.pool_of(positions, channel), DATED, since=at)

    def _last(self, rules: Iterable[S], channel: str, location: str, sku: Sku, at: datetime) -> S | None:
        tags = self.tags.get(sku, frozenset())
        return next((rule for rule in reversed(tuple(rules)) if rule.fits(channel, location, sku, tags, at)), None)
