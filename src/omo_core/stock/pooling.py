"""What a channel, or whoever stands in a store, may still promise of the places that channels share.

Each channel promises from a pool of places, and pools may overlap. A unit is never promised twice; but what only the
marketplace's warehouse may give does not stand in the web's way. So what channels owe is not summed: it is shared out
over the places as well as it can be, and a promise may be made as long as nobody else's is kept worse for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Final

from attrs import evolve, frozen

from omo_core.identifiers import LocationId
from omo_core.quantities import UNITS_MAX
from omo_core.stock.holds import Own
from omo_core.stock.rules import StockRules
from omo_core.stock.standing import Standing

BEYOND: Final = UNITS_MAX**2
"""More than anybody can ask for, and more than lies anywhere."""


@frozen
class Shelves:
    """What is free in some places, and what is owed from them by pools; a pool is a set of places, as bits."""

    free: tuple[int, ...]
    """Per place, never below zero."""
    owed: Mapping[int, int]
    """By pool: what is promised and held in it."""

    def room_in(self, pool: int) -> int:
        """Give how much more may be promised on a pool; negative by what is promised on it beyond what is there."""
        mine = self.owed.get(pool, 0)
        others = evolve(self, owed={**self.owed, pool: 0}).kept()
        return evolve(self, owed={**self.owed, pool: BEYOND}).kept() - others - mine

    def room_at(self, place: int) -> int:
        """Give how much of what is free in a place (by its number) no pool needs."""
        without = tuple(0 if number == place else units for number, units in enumerate(self.free))
        return self.free[place] - (self.kept() - evolve(self, free=without).kept())

    def lacking(self) -> int:
        """Give what can't be kept of what is owed, however it is shared out."""
        return sum(self.owed.values()) - self.kept()

    def kept(self) -> int:
        """Give what can be kept of what is owed: the greatest flow from pools to places."""
        pools = [(pool, units) for pool, units in self.owed.items() if units]
        kinds: dict[int, int] = {}
        for number, units in enumerate(self.free):
            takers = sum(1 << who for who, (pool, _) in enumerate(pools) if pool >> number & 1)
            if takers and units:
                kinds[takers] = kinds.get(takers, 0) + units
        return _Flow([units for _, units in pools], kinds).greatest()


class _Flow:
    """Units from whoever wants them to places, those alike taken together; grown path by path until none is left."""

    def __init__(self, wanted: Sequence[int], kinds: Mapping[int, int]) -> None:
        self._wanted = list(wanted)
        self._kinds = list(kinds)
        """Who may take from the places of each kind, as bits."""
        self._spare = list(kinds.values())
        self._flow = [[0] * len(self._kinds) for _ in wanted]

    def greatest(self) -> int:
        wanted = sum(self._wanted)
        while path := self._path():
            who = path[0][0]
            moved = min(self._wanted[who], self._spare[path[-1][1]])
            for (_, kind), (giver, _) in pairwise(path):
                moved = min(moved, self._flow[giver][kind])
            self._wanted[who] -= moved
            self._spare[path[-1][1]] -= moved
            for taker, kind in path:
                self._flow[taker][kind] += moved
            for (_, kind), (giver, _) in pairwise(path):
                self._flow[giver][kind] -= moved
        return wanted - sum(self._wanted)

    def _path(self) -> list[tuple[int, int]]:
        """Find the shortest way from somebody who wants units to places that have some, past those who could change."""
        queue = [(who, list[tuple[int, int]]()) for who, units in enumerate(self._wanted) if units]
        met = {who for who, _ in queue}
        for who, path in queue:
            for kind, takers in enumerate(self._kinds):
                if not takers >> who & 1:
                    continue
                step = [*path, (who, kind)]
                if self._spare[kind]:
                    return step
                for giver, flow in enumerate(self._flow):
                    if flow[kind] and giver not in met:
                        met.add(giver)
                        queue.append((giver, step))
        return []


def pool_raw(positions: Standing, rules: StockRules, at: datetime, *, channel: str = "", own: Own = None) -> int:
    """Give what a channel may promise; negative by what is promised beyond it.

    Its buffer stays, and in each place the safety stock that is kept from it.
    """
    pool = tuple(dict.fromkeys(rules.pool_of(positions, channel)))
    kept: dict[LocationId, int] = {}
    for place in pool if rules.safety else ():
        units = rules.kept_in(place, positions.sku, at, channel)
        kept[place] = -min(units, positions.free(place, at, own=own))
    if rules.pools:
        laid_out, numbers = shelves(positions, rules, at, own=own, changed=kept)
        room = laid_out.room_in(bits(numbers, pool))
    else:
        room = positions.pool_raw(pool, at, own=own) + sum(kept.values())
    return room - rules.kept_back(channel, positions.sku, at)


def shelves(
    positions: Standing,
    rules: StockRules,
    at: datetime,
    *,
    own: Own = None,
    changed: Mapping[LocationId, int] | None = None,
    owing: Mapping[str, int] | None = None,
) -> tuple[Shelves, Mapping[LocationId, int]]:
    """Lay out an article's places and what channels owe from them; gives each place's number as well.

    ``changed`` says by how much what is free in a place would differ, ``owing`` by how much what a channel owes.
    """
    other, more = changed or {}, owing or {}
    numbers = {place: number for number, place in enumerate(dict.fromkeys((*positions.locations(), *other)))}
    free = tuple(max(0, positions.free_raw(place, at, own=own) + other.get(place, 0)) for place in numbers)
    owed: dict[int, int] = {}
    for channel in dict.fromkeys((*positions.channels(), *more)):
        pool = bits(numbers, rules.pool_of(positions, channel))
        owed[pool] = owed.get(pool, 0) + positions.owed(channel, at, own=own) + more.get(channel, 0)
    return Shelves(free, owed), numbers


def bits(numbers: Mapping[LocationId, int], pool: Sequence[LocationId]) -> int:
    """Give a pool as bits; places that never had the article have none."""
    return sum(1 << numbers[place] for place in dict.fromkeys(pool) if place in numbers)


def free_for(
    positions: Standing,
    rules: StockRules,
    location: LocationId | None,
    at: datetime,
    *,
    own: Own = None,
    channel: str = "",
    then: Standing | None = None,
) -> int:
    """Give what may be promised in a location, or in the pool where none is named; the asker's own hold is free to it.

    What is promised in one store also leaves the pools that it belongs to: both come off the same shelves, so the
    smaller of the two counts. Buffers and safety stock keep the web away, also from a single store; they are not kept
    from who stands in it (``StockRules.counters``). So it is with what is known and ``then``, what there was at the
    instant that is asked for: goods that come in June fill no order in January, while every promise known counts,
    whenever it was made.
    """
    if then is not None and then is not positions:
        return min(free_for(each, rules, location, at, own=own, channel=channel) for each in (positions, then))
    if location is None:
        return max(0, pool_raw(positions, rules, at, channel=channel, own=own))
    here = _spare_at(positions, rules, location, at, own)
    if channel in rules.counters or not (rules.safety or rules.buffers):
        return here
    if rules.safety:
        lying = positions.free(location, at, own=own)
        here = min(here, max(0, lying - rules.kept_in(location, positions.sku, at, channel)))
    if location in rules.pool_of(positions, channel):
        here = min(here, max(0, pool_raw(positions, rules, at, channel=channel, own=own)))
    return here


def _spare_at(positions: Standing, rules: StockRules, location: LocationId, at: datetime, own: Own) -> int:
    """Give what is free in a location and no pool needs."""
    here = positions.free(location, at, own=own)
    if rules.pools:
        laid_out, numbers = shelves(positions, rules, at, own=own)
        return laid_out.room_at(numbers[location]) if location in numbers else here
    pool = rules.pool_of(positions)
    return min(here, positions.free_in_pool(pool, at, own=own)) if location in pool else here
