"""Who gets what is there and what is to come: first promised, first served.

The promise of each line depends only on who stands before it, never on the order in which parcels are packed. Goods
that arrive fill the line that has waited longest first; nothing has to be moved for that, it is read off the sequence.
In a place, what is being picked comes before all others, for somebody has it in hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import pairwise

from attrs import frozen

from omo_core.identifiers import LocationId, Sku
from omo_core.instants import EPOCH, FOREVER
from omo_core.quantities import UNITS_MAX, whole
from omo_core.stock.claims import Waiting, place_claims, pool_claims
from omo_core.stock.pooling import Shelves, bits
from omo_core.stock.rules import StockRules
from omo_core.stock.standing import Standing

Claims = Iterable[tuple[Waiting, str]]
"""Who waits in a pool, and of which channel."""


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
    owner: str = ""
    at: datetime = EPOCH
    """Since when they wait."""

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
    for _, units in (pairs := list(coming)):
        whole(units, "coming", low=0, high=UNITS_MAX**2)
    pots = [(datetime.min.replace(tzinfo=FOREVER.tzinfo), max(0, there)), *sorted(pairs)]
    served, before = [], 0
    for one in sorted(waiting, key=lambda each: each.turn):
        one.check()
        given = _take(pots, one.units) if one.at <= horizon else []
        now = sum(units for at, units in given if at.year == 1)
        later = tuple((at, units) for at, units in given if at.year != 1)
        served.append(_served(one, before, now, later))
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


def _served(one: Waiting, before: int, now: int, later: tuple[tuple[datetime, int], ...]) -> Served:
    got = now + sum(units for _, units in later)
    return Served(
        name=one.name,
        asked=one.units,
        before=before,
        now=now,
        later=later,
        uncovered=one.units - got,
        owner=one.owner,
        at=one.at,
    )


def place_sequence(
    positions: Standing, rules: StockRules, location: LocationId, at: datetime, claims: Iterable[Waiting] | None = None
) -> tuple[Served, ...]:
    """Say what each order line, hold and transfer that counts on a place gets of what lies there."""
    there = positions.on_hand(location) - positions.unavailable(location) - positions.expired(location, at)
    return in_sequence(there, place_claims(positions, rules, location, at) if claims is None else claims)


def pool_sequence(
    positions: Standing, rules: StockRules, at: datetime, *, horizon: datetime = FOREVER
) -> tuple[Served, ...]:
    """Say what each order line that waits in a pool, and each hold on one, gets of what is there and to come.

    Whoever was promised first is served first, over all channels; where their pools overlap, nobody is given a unit
    that an earlier one needs, nor kept from one that no earlier one can use. Safety stock serves nobody. A buffer does
    not stand in the way: it was kept back so that what was promised can be kept. A delivery that is overdue comes for
    nobody until a new date is told.
    """
    coming = [one for one in _coming(positions, at) if one[0] < FOREVER]
    places = dict.fromkeys((*positions.locations(), *(place for _, place, _ in coming)))
    raw = {place: positions.free_raw(place, at) for place in places}
    return _in_pools(positions, rules, at, pool_claims(positions, rules, at), raw, coming, horizon=horizon)


def served_of(
    positions: Standing, rules: StockRules, at: datetime, claims: Claims, raw: Mapping[LocationId, int]
) -> tuple[Served, ...]:
    """Say what these who wait in pools would get if so much were free in each place."""
    return _in_pools(positions, rules, at, claims, raw)


def _coming(positions: Standing, at: datetime) -> Iterator[tuple[datetime, LocationId, int]]:
    for one in positions.incoming.values():
        if one.due_at >= at:
            yield one.due_at, one.location, one.units
    for transfer in positions.transfers.values():
        if transfer.due_at >= at:
            yield transfer.due_at, transfer.destination, transfer.in_transit


@frozen
class _View:
    """What a channel sees: its pool, as bits, and how much of each place stays there whatever it asks for."""

    pool: int
    kept: tuple[int, ...]

    def of(self, free: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(max(0, units - kept) for units, kept in zip(free, self.kept, strict=True))

    def there(self, free: tuple[int, ...]) -> int:
        return sum(units for place, units in enumerate(self.of(free)) if self.pool >> place & 1)


def _in_pools(
    positions: Standing,
    rules: StockRules,
    at: datetime,
    claims: Claims,
    raw: Mapping[LocationId, int],
    coming: Iterable[tuple[datetime, LocationId, int]] = (),
    *,
    horizon: datetime = FOREVER,
) -> tuple[Served, ...]:
    waiting = list(claims)
    numbers = {place: number for number, place in enumerate(raw)}
    views = {
        channel: _View(bits(numbers, rules.pool_of(positions, channel)), _kept(rules, positions.sku, raw, at, channel))
        for channel in dict.fromkeys(channel for _, channel in waiting)
    }
    expected = list(coming)
    free = {time: _free_by(raw, expected, time) for time in (EPOCH, *sorted({due for due, _, _ in expected}))}
    if len(set(views.values())) > 1:
        return _in_turn(waiting, views, free, horizon)
    view = next(iter(views.values()), _View(0, (0,) * len(raw)))
    there = {time: view.there(units) for time, units in free.items()}
    arriving = [(time, there[time] - there[before]) for before, time in pairwise(free)]
    return in_sequence(there[EPOCH], [one for one, _ in waiting], arriving, horizon=horizon)


def _kept(rules: StockRules, sku: Sku, places: Iterable[LocationId], at: datetime, channel: str) -> tuple[int, ...]:
    return tuple(rules.kept_in(place, sku, at, channel) if rules.safety else 0 for place in places)


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
    waiting: Claims, views: Mapping[str, _View], shelves: Mapping[datetime, tuple[int, ...]], horizon: datetime
) -> tuple[Served, ...]:
    """Serve one after the other from pools that overlap; what each can have by each time depends on those before it."""
    owed: dict[datetime, dict[int, int]] = {time: {} for time in shelves}
    served, before = [], 0
    for one, channel in sorted(waiting, key=lambda pair: pair[0].turn):
        if one.at > horizon:
            served.append(_served(one, before, 0, ()))
            continue
        view, had, parts = views[channel], 0, dict[datetime, int]()
        for time, free in shelves.items():
            room = Shelves(view.of(free), owed[time]).room_in(view.pool)
            got = max(had, min(one.units, room))
            owed[time][view.pool] = owed[time].get(view.pool, 0) + got
            parts[time], had = got - had, got
        now = parts.pop(EPOCH)
        served.append(_served(one, before, now, tuple((time, units) for time, units in parts.items() if units)))
        before += one.units
    return tuple(served)
