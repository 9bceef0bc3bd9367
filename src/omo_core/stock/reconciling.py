"""Our level against somebody else's, difference by difference, with the likely reason where the history shows one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from attrs import frozen

from omo_core.decisions import require
from omo_core.identifiers import LocationId, Sku
from omo_core.stock.events import StockCounted
from omo_core.stock.places import Movement
from omo_core.stock.standing import Standing

Measure = Literal["on_hand", "available"]


@frozen(kw_only=True)
class Stated:
    """What an outside count or platform says."""

    sku: Sku
    location: LocationId
    units: int
    basis: Measure = "on_hand"


@frozen(kw_only=True)
class Difference:
    """One place where the two do not agree."""

    sku: Sku
    location: LocationId
    basis: Measure
    ours: int
    theirs: int
    why: str
    """``unknown_there``, ``unknown_here``; ``not_heard_there`` when our last movements make the difference;
    ``promised_here`` when they count units that we have promised or set aside; else ``unexplained``."""
    because_of: tuple[str, ...] = ()
    """Events that account for it."""

    @property
    def units(self) -> int:
        """Give what they have more than we; negative when it is less."""
        return self.theirs - self.ours


def reconcile(
    positions: Standing, stated: Iterable[Stated], at: datetime, ledger: Sequence[Movement] = ()
) -> tuple[Difference, ...]:
    """Name every location in which an outside level differs from ours."""
    told = _told(positions.sku, stated)
    differences = []
    for (location, of), one in sorted(told.items()):
        ours = _ours(positions, location, of, at)
        if ours != one.units:
            differences.append(_explained(positions, one, ours, ledger))
    bases = {basis for _, basis in told} or {"on_hand"}
    basis: Measure = "available" if bases == {"available"} else "on_hand"
    places = {location for location, _ in told}
    untold = [place for place in positions.locations() if place not in places and positions.on_hand(place)]
    missing = [
        Difference(
            sku=positions.sku,
            location=place,
            basis=basis,
            ours=_ours(positions, place, basis, at),
            theirs=0,
            why="unknown_there",
        )
        for place in untold
    ]
    return (*differences, *missing)


def _told(sku: Sku, stated: Iterable[Stated]) -> dict[tuple[LocationId, Measure], Stated]:
    """Give what is stated of each place; two statements of one place that do not agree can't both be meant."""
    told: dict[tuple[LocationId, Measure], Stated] = {}
    for place, one in enumerate(stated):
        if one.sku == sku:
            known = told.setdefault((one.location, one.basis), one)
            same = known.units == one.units
            require(same, f"stated[{place}].units", f"is {one.units}, but {one.location} has {known.units} already")
    return told


def _ours(positions: Standing, location: LocationId, basis: Measure, at: datetime) -> int:
    return positions.on_hand(location) if basis == "on_hand" else positions.free_raw(location, at)


def _explained(positions: Standing, one: Stated, ours: int, ledger: Sequence[Movement]) -> Difference:
    why, events = "unexplained", tuple[str, ...]()
    if one.location not in positions.places:
        why = "unknown_here"
    elif one.basis == "available" and one.units == positions.on_hand(one.location):
        why = "promised_here"
    else:
        events = _last_movements(one, ours, ledger)
        why = "not_heard_there" if events else why
    return Difference(
        sku=one.sku,
        location=one.location,
        basis=one.basis,
        ours=ours,
        theirs=one.units,
        why=why,
        because_of=events,
    )


def _last_movements(one: Stated, ours: int, ledger: Sequence[Movement]) -> tuple[str, ...]:
    """Name the latest movements whose absence would make our level theirs; the fewest that do."""
    level, events = ours, []
    for movement in reversed([line for line in ledger if line.location == one.location]):
        level -= movement.units
        events.append(movement.event)
        if level == one.units:
            return tuple(events)
    return ()


def as_counts(stated: Iterable[Stated], at: datetime, source: str, event_id: str) -> tuple[StockCounted, ...]:
    """Turn what somebody states into counts, for whoever decides that they are right."""
    return tuple(
        StockCounted(
            id=f"{event_id}/{one.sku}/{one.location}",
            at=at,
            source=source,
            sku=one.sku,
            location=one.location,
            units=one.units,
            basis=one.basis,
        )
        for one in stated
    )
