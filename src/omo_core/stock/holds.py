"""The holds on an article, so that what is held at an instant is known without looking at each of them.

An article that everybody wants has thousands of holds, most of them run out; a decision asks once or twice per
location what is held there. So each location's holds stand in order of their ends, parted at the instant that was
asked last: what is held at the next one is that sum and the few holds that end in between.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from datetime import datetime

from omo_core.identifiers import HoldId, LocationId
from omo_core.stock.events import UnitsHeld


class Holds(Mapping[HoldId, UnitsHeld]):
    """Every hold that was not released, by its id."""

    __slots__ = ("_at", "_by_id")

    def __init__(self) -> None:
        """Start empty."""
        self._by_id: dict[HoldId, UnitsHeld] = {}
        self._at: dict[LocationId | None, _Ends] = {}

    def __getitem__(self, hold: HoldId) -> UnitsHeld:
        """Give a hold."""
        return self._by_id[hold]

    def __iter__(self) -> Iterator[HoldId]:
        """Name the holds, in the order they were put."""
        return iter(self._by_id)

    def __len__(self) -> int:
        """Count the holds."""
        return len(self._by_id)

    def put(self, hold: UnitsHeld) -> None:
        """Add a hold, in place of one with the same id."""
        self.drop(hold.hold)
        self._by_id[hold.hold] = hold
        self._at.setdefault(hold.location, _Ends()).add(hold)

    def drop(self, name: HoldId) -> None:
        """Let go of a hold, if there is one."""
        hold = self._by_id.pop(name, None)
        if hold is not None and self._at[hold.location].remove(hold):
            del self._at[hold.location]

    def units(self, location: LocationId | None, at: datetime, *, own: HoldId | None = None) -> int:
        """Give what is held at a location (none: in the pool) at an instant, the asker's own hold left out."""
        there = self._at.get(location)
        if there is None:
            return 0
        mine = self._by_id.get(own) if own is not None else None
        less = mine.units if mine is not None and mine.location == location and mine.until > at else 0
        return there.live(at) - less

    def locations(self) -> list[LocationId]:
        """Name the locations where there are holds, live or not."""
        return [location for location in self._at if location is not None]


class _Ends:
    """One location's holds in order of their ends, parted into those before a mark and those after it."""

    __slots__ = ("_ends", "_mark", "_units_after")

    def __init__(self) -> None:
        self._ends: list[tuple[datetime, HoldId, int]] = []
        self._mark = 0
        self._units_after = 0

    def add(self, hold: UnitsHeld) -> None:
        key = (hold.until, hold.hold, hold.units)
        place = bisect_left(self._ends, key)
        self._ends.insert(place, key)
        if place < self._mark:
            self._mark += 1
        else:
            self._units_after += hold.units

    def remove(self, hold: UnitsHeld) -> bool:
        """Take a hold out; says whether it was the last."""
        place = bisect_left(self._ends, (hold.until, hold.hold, hold.units))
        del self._ends[place]
        if place < self._mark:
            self._mark -= 1
        else:
            self._units_after -= hold.units
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
