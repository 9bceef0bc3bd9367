"""Who gets what is there and what is to come: first promised, first served.

The promise of each line depends only on who stands before it, never on the order in which parcels are packed. Goods
that arrive fill the line that has waited longest first; nothing has to be moved for that, it is read off the sequence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import pairwise

from attrs import frozen

from omo_core.identifiers import LocationId
from omo_core.instants import EPOCH, FOREVER
from omo_core.stock.pooling import Shelves, bits
from omo_core.stock.rules import StockRules
from omo_core.stock.standing import Standing


@frozen(kw_only=True)
class Waiting:
    """Somebody who waits for units."""

    name: str
    units: int
    at: datetime
    """Since when, or for when; who is earlier comes first."""
    priority: int = 0
    """Lower comes before, whatever the time."""


@frozen(kw_only=True)
class Served:
    """What somebody gets."""

    name: str
    asked: int
    before: int
    """What those before ask for together."""
    now: int
    later: tuple[tuple[datetime, int], ...] = ()
    """What comes for them, and when."""
    uncovered: int = 0
    """What nobody has announced yet."""

    @property
    def complete_at(self) -> datetime | None:
        """Say when everything is there; the beginning of time when it is, none when nobody knows."""
        if self.uncovered:
            return None
        return max((at for at, _ in self.later), default=datetime.min.replace(tzinfo=FOREVER.tzinfo))


def in_sequence(
    there: int,
    waiting: Iterable[Waiting],
    coming: Iterable[tuple[datetime, int]] = (),
    *,
    horizon: datetime = FOREVER,
) -> tuple[Served, ...]:
    """Serve by priority, then time, then name; demand beyond the horizon locks nothing and gets nothing yet."""
    pots = [(datetime.min.replace(tzinfo=FOREVER.tzinfo), max(0, there)), *sorted(coming)]
    served, before = [], 0
    for one in sorted(waiting, key=lambda each: (each.priority, each.at, each.name)):
        given = _take(pots, one.units) if one.at <= horizon else []
        now = sum(units for at, units in given if at.year == 1)
        later = tuple((at, units) for at, units in given if at.year != 1)
        got = now + sum(units for _, units in later)
        served.append(
            Served(name=one.name, asked=one.units, before=before, now=now, later=later, uncovered=one.units - got)
        )
        before += one.units if one.at <= horizon else 0
    return tuple(served)


def _take(pots: list[tuple[datetime, int]], units: int) -> list[tuple[datetime, int]]:
    given = []
    while units and pots:
        at, there = pots[0]
        taken = min(there, units)
        if taken:
            given.append((at, taken))
        units -= taken
        pots[0] = (at, there - taken)
        if there == taken:
            pots.pop(0)
    return given


def pool_sequence(positions: Standing, rules: StockRules, at: datetime) -> tuple[Served, ...]:
    """Say what each order line that waits in a pool, and each hold on one, gets of what is there and to come.

    Whoever was promised first is served first, over all channels; where their pools overlap, nobody is given a unit
    that an earlier one needs, nor kept from one that no earlier one can use.
    """
    waiting = [*_promised(positions), *_held(positions, at)]
    known = dict.fromkeys((*positions.locations(), *(place for _, place, _ in _coming(positions))))
    numbers = {place: number for number, place in enumerate(known)}
    pools = {channel: bits(numbers, rules.pool_of(positions, channel)) for _, channel in waiting}
    coming = [(max(due, at), place, units) for due, place, units in _coming(positions) if due < FOREVER]
    raw = {place: positions.free_raw(place, at) for place in numbers}
    shelves = {time: _free_by(raw, coming, time) for time in (EPOCH, *sorted({due for due, _, _ in coming}))}
    if len(set(pools.values())) > 1:
        return _in_turn(waiting, pools, shelves)
    pool = next(iter(pools.values()), 0)
    there = {time: sum(n for place, n in enumerate(free) if pool >> place & 1) for time, free in shelves.items()}
    arriving = [(time, there[time] - there[before]) for before, time in pairwise(shelves)]
    return in_sequence(there[EPOCH], [one for one, _ in waiting], arriving)


def _promised(positions: Standing) -> Iterator[tuple[Waiting, str]]:
    for promise in positions.promises.values():
        units = promise.at_location(None)
        if units:
            yield Waiting(name=f"{promise.order}/{promise.line}", units=units, at=promise.at), promise.channel


def _held(positions: Standing, at: datetime) -> Iterator[tuple[Waiting, str]]:
    for part in positions.holds.parts():
        if part.location is None and part.until > at:
            yield Waiting(name=f"hold/{part.hold}", units=part.units, at=part.at), part.channel


def _coming(positions: Standing) -> Iterator[tuple[datetime, LocationId, int]]:
    for one in positions.incoming.values():
        yield one.due_at, one.location, one.units
    for transfer in positions.transfers.values():
        yield transfer.due_at, transfer.destination, transfer.in_transit


def _free_by(
    raw: Mapping[LocationId, int], coming: Iterable[tuple[datetime, LocationId, int]], time: datetime
) -> tuple[int, ...]:
    """Give what will be free in each place by a time; what a place lacks itself is made up for first."""
    there = dict(raw)
    for due, place, units in coming:
        if due <= time and place in there:
            there[place] += units
    return tuple(max(0, units) for units in there.values())


def _in_turn(
    waiting: Iterable[tuple[Waiting, str]],
    pools: Mapping[str, int],
    shelves: Mapping[datetime, tuple[int, ...]],
) -> tuple[Served, ...]:
    """Serve one after the other from pools that overlap; what each can have by each time depends on those before it."""
    owed: dict[datetime, dict[int, int]] = {time: {} for time in shelves}
    served, before = [], 0
    for one, channel in sorted(waiting, key=lambda pair: (pair[0].priority, pair[0].at, pair[0].name)):
        pool, had, parts = pools[channel], 0, dict[datetime, int]()
        for time, free in shelves.items():
            got = max(had, min(one.units, Shelves(free, owed[time]).room_in(pool)))
            owed[time][pool] = owed[time].get(pool, 0) + got
            parts[time], had = got - had, got
        now = parts.pop(EPOCH)
        later = tuple((time, units) for time, units in parts.items() if units)
        served.append(
            Served(name=one.name, asked=one.units, before=before, now=now, later=later, uncovered=one.units - had)
        )
        before += one.units
    return tuple(served)
