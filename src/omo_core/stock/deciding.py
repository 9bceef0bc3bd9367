"""Answers to commands about stock. The demand of one command is summed per article before anything is checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from attrs import evolve, frozen

from omo_core.decisions import Accepted, Refused
from omo_core.identifiers import EventId, HoldId, LocationId, Sku
from omo_core.stock.commands import AllocateLine, HoldUnits, ReleaseHold, Wanted
from omo_core.stock.events import UnitsAllocated, UnitsHeld
from omo_core.stock.position import Positions
from omo_core.stock.refusals import HoldExists, HoldUnknown, LineUnknown, NotEnoughUnits, Short, StockRefusal

Answer = Accepted | Refused[StockRefusal]


@frozen(kw_only=True)
class StockRules:
    """What a shop decided about its stock."""

    pool: tuple[LocationId, ...] = ()
    """The locations that the web may promise from; empty means every location that has ever had the article."""

    def pool_of(self, positions: Positions) -> tuple[LocationId, ...]:
        """Name the locations whose stock the pool is made of."""
        return self.pool or positions.locations()


def demand(lines: Iterable[Wanted]) -> dict[Sku, int]:
    """Sum what is wanted per article, in the order first asked."""
    total: dict[Sku, int] = {}
    for line in lines:
        total[line.sku] = total.get(line.sku, 0) + line.units
    return total


def decide_hold(
    stock: Mapping[Sku, Positions],
    rules: StockRules,
    command: HoldUnits,
    *,
    then: Mapping[Sku, Positions] | None = None,
) -> Answer:
    """Hold all that was asked for, or nothing.

    ``then`` is the stock as of the command's instant, where something dated later may have brought goods.
    """
    wanted = demand(command.lines)
    if any(command.hold in stock[sku].holds for sku in wanted):
        return Refused(HoldExists(hold=command.hold))
    short = [
        Short(sku=sku, location=command.location, asked=asked, free=free)
        for sku, asked in wanted.items()
        if (free := _free(stock[sku], (then or stock)[sku], rules, command)) < asked
    ]
    if short:
        return Refused(NotEnoughUnits(shortages=tuple(short)))
    return Accepted(tuple(_held(command, sku, units) for sku, units in wanted.items()))


def free_for(
    positions: Positions,
    rules: StockRules,
    location: LocationId | None,
    at: datetime,
    *,
    own: HoldId | None = None,
    then: Positions | None = None,
) -> int:
    """Give what may be promised in a location, or in the pool where none is named; the asker's own hold is free to it.

    What is promised in one store also leaves the pool: both come off the same shelves, so the smaller of the two
    counts. So it is with what is known and ``then``, what there was at the instant that is asked for: goods that come
    in June fill no order in January, while every promise known counts, whenever it was made.
    """
    if then is not None and then is not positions:
        return min(free_for(each, rules, location, at, own=own) for each in (positions, then))
    pool = rules.pool_of(positions)
    in_pool = positions.free_in_pool(pool, at, own=own)
    if location is None:
        return in_pool
    here = positions.free(location, at, own=own)
    return min(here, in_pool) if location in pool else here


def _free(positions: Positions, then: Positions, rules: StockRules, command: HoldUnits) -> int:
    return free_for(positions, rules, command.location, command.at, then=then)


def _held(command: HoldUnits, sku: Sku, units: int) -> UnitsHeld:
    return UnitsHeld(
        id=EventId(f"hold/{command.request}/{sku}"),  # a hold that has ended may be made again under its name
        at=command.at,
        source="omo",
        hold=command.hold,
        sku=sku,
        units=units,
        location=command.location,
        until=command.until,
    )


def decide_release(positions: Positions, command: ReleaseHold) -> Answer:
    """End a hold that is alive."""
    held = positions.holds.get(command.hold)
    if held is None or held.until <= command.at:
        return Refused(HoldUnknown(hold=command.hold))
    return Accepted((released(held),))


def released(held: UnitsHeld) -> UnitsHeld:
    """Give the version of a hold that ends it."""
    return evolve(held, version=held.version + 1, released=True)


def decide_allocate(positions: Positions, command: AllocateLine, *, then: Positions | None = None) -> Answer:
    """Assign a waiting line to a location that has the units free, or put it back to the pool.

    ``then`` is the stock as of the command's instant, as for ``decide_hold``.
    """
    promise = next(
        (p for p in positions.promises.values() if (p.order, p.line) == (command.order, command.line) and p.units), None
    )
    if promise is None:
        return Refused(LineUnknown(order=command.order, line=command.line))
    if command.location is not None and command.location != promise.location:
        free = min(each.free(command.location, command.at) for each in (positions, then or positions))
        if free < promise.units:
            short = Short(sku=command.sku, location=command.location, asked=promise.units, free=free)
            return Refused(NotEnoughUnits(shortages=(short,)))
    event = UnitsAllocated(
        id=EventId(f"allocation/{command.request}"),
        at=command.at,
        source="omo",
        order=promise.order,
        line=command.line,
        sku=command.sku,
        location=command.location,
    )
    return Accepted((event,))
