"""The holds on an article, so that what is held at an instant is known without looking at each of them.

A hold has a part for each document that speaks of it: a basket may hold units in two stores, under one name. Each part
counts, whatever the others say, and the name stands for all of them.

An article that everybody wants has thousands of holds, most of them run out; a decision asks once or twice per
location what is held there. So each location's parts stand in order of their ends, parted at the instant that was
asked last: what is held at the next one is that sum and the few that end in between.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from datetime import datetime

from omo_core.identifiers import EventId, HoldId, LocationId
from omo_core.stock.events import UnitsHeld

Own = HoldId | frozenset[HoldId] | None
"""The asker's own hold, or holds: what they hold is free to the asker."""


class Holds(Mapping[HoldId, tuple[UnitsHeld, ...]]):
    """Every hold that was not released, by its id, in its parts."""

    __slots__ = ("_at", "_parts", "_pooled")

    def __init__(self) -> None:
        """Start empty."""
        self._parts: dict[HoldId, dict[EventId, UnitsHeld]] = {}
        self._at: dict[LocationId, _Ends] = {}
        self._pooled: dict[str, _Ends] = {}
        """What is held in the pool, by channel."""

    def __getitem__(self, hold: HoldId) -> tuple[UnitsHeld, ...]:
        """Give a hold's parts, in the order they were put."""
        return tuple(self._parts[hold].values())

    def __iter__(self) -> Iterator[HoldId]:
        """Name the holds, in the order they were put."""
        return iter(self._parts)

    def __len__(self) -> int:
        """Count the holds."""
        return len(self._parts)

    def live(self, hold: HoldId, at: datetime) -> tuple[UnitsHeld, ...]:
        """Give those parts of a hold that have not run out."""
        return tuple(part for part in self._parts.get(hold, {}).values() if part.until > at)

    def parts(self) -> Iterator[UnitsHeld]:
        """Give every part of every hold."""
        return (part for parts in self._parts.values() for part in parts.values())

    def part(self, hold: HoldId, document: EventId) -> UnitsHeld | None:
        """Give the part of a hold that a document speaks of."""
        return self._parts.get(hold, {}).get(document)

    def put(self, part: UnitsHeld) -> None:
        """Add a part, in place of what its document said before."""
        self.drop(part)
        self._parts.setdefault(part.hold, {})[part.id] = part
        if part.location is None:
            self._pooled.setdefault(part.channel, _Ends()).add(part)
        else:
            self._at.setdefault(part.location, _Ends()).add(part)

    def drop(self, told: UnitsHeld) -> None:
        """Let go of the part of a hold that a document speaks of, if there is one."""
        parts = self._parts.get(told.hold, {})
        part = parts.pop(told.id, None)
        if part is None:
            return
        if not parts:
            del self._parts[told.hold]
        if part.location is None:
            if self._pooled[part.channel].remove(part):
                del self._pooled[part.channel]
        elif self._at[part.location].remove(part):
            del self._at[part.location]

    def units(self, location: LocationId | None, at: datetime, *, own: Own = None) -> int:
        """Give what is held at a location (none: in the pool) at an instant, the asker's own holds left out."""
        if location is None:
            return sum(self.pooled(channel, at, own=own) for channel in self._pooled)
        there = self._at.get(location)
        if there is None:
            return 0
        return there.live(at) - sum(part.units for part in self._mine(own, at) if part.location == location)

    def pooled(self, channel: str, at: datetime, *, own: Own = None) -> int:
        """Give what a channel holds in its pool at an instant, the asker's own holds left out."""
        there = self._pooled.get(channel)
        if there is None:
            return 0
        mine = (part for part in self._mine(own, at) if part.location is None and part.channel == channel)
        return there.live(at) - sum(part.units for part in mine)

    def locations(self) -> list[LocationId]:
        """Name the locations where there are holds, live or not."""
        return list(self._at)

    def channels(self) -> list[str]:
        """Name the channels that hold something in their pool, live or not."""
        return list(self._pooled)

    def _mine(self, own: Own, at: datetime) -> Iterator[UnitsHeld]:
        names = () if own is None else (own,) if isinstance(own, str) else sorted(own)
        return (part for name in names for part in self.live(name, at))


class _Ends:
    """One place's holds in order of their ends, parted into those before a mark and those after it."""

    __slots__ = ("_ends", "_mark", "_units_after")

    def __init__(self) -> None:
        self._ends: list[tuple[datetime, EventId, int]] = []
        self._mark = 0
        self._units_after = 0

    def add(self, part: UnitsHeld) -> None:
        key = (part.until, part.id, part.units)
        place = bisect_left(self._ends, key)
        self._ends.insert(place, key)
        if place < self._mark:
            self._mark += 1
        else:
            self._units_after += part.units

    def remove(self, part: UnitsHeld) -> bool:
        """Take a part out; says whether it was the last."""
        place = bisect_left(self._ends, (part.until, part.id, part.units))
        del self._ends[place]
        if place < self._mark:
            self._mark -= 1
        else:
            self._units_after -= part.units
        return not self._ends

    def live(self, at: datetime) -> int:
        """Move the mark to an instant (ends are exclusive) and give the units after it."""
        ends = self._ends
        while self._mark < len(ends) and ends[self._mark][0] <= at:
            self._units_after -= ends[self._mark][2]
            self._mark += 1
        while self._mark and ends[self._mark - 1][0] > at:
            self._mark -= 1
            self._units_after += ends[self._mark][2]
        return self._units_after
