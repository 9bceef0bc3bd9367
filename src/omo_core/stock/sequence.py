"""Who gets what is there and what is to come: first promised, first served.

The promise of each line depends only on who stands before it, never on the order in which parcels are packed. Goods
that arrive fill the line that has waited longest first; nothing has to be moved for that, it is read off the sequence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from attrs import frozen

from omo_core.identifiers import LocationId
from omo_core.instants import FOREVER
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


def pool_sequence(positions: Standing, pool: Sequence[LocationId], at: datetime) -> tuple[Served, ...]:
    """Say what each order line that waits in the pool, and each hold on it, gets of what is there and to come."""
    waiting = [
        Waiting(name=f"{promise.order}/{promise.line}", units=units, at=promise.at)
        for promise in positions.promises.values()
        if (units := promise.at_location(None))
    ]
    waiting += [
        Waiting(name=f"hold/{hold.hold}", units=hold.units, at=hold.at)
        for hold in positions.holds.values()
        if hold.location is None and hold.until > at
    ]
    there = sum(positions.free(location, at) for location in dict.fromkeys(pool))
    places = frozenset(pool)
    coming = [
        (one.due_at, one.units)
        for one in positions.incoming.values()
        if one.location in places and one.due_at < FOREVER
    ]
    coming += [
        (transfer.due_at, transfer.in_transit)
        for transfer in positions.transfers.values()
        if transfer.destination in places and transfer.in_transit and transfer.due_at < FOREVER
    ]
    return in_sequence(there, waiting, coming)
