"""Answers about where an order's units come from: committed, re-decided, and fixed once picking starts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from attrs import Factory, define

from omo_core.decisions import Accepted, Refused
from omo_core.identifiers import EventId, LocationId, OrderId, Sku
from omo_core.stock.commands import AllocateLine, SourcedLine, SourceOrder, StartPicking
from omo_core.stock.deciding import Answer
from omo_core.stock.events import AllocationId, Part, PickingStarted, UnitsAllocated
from omo_core.stock.places import Promise
from omo_core.stock.pooling import pool_lack
from omo_core.stock.refusals import (
    LineUnknown,
    MoreThanAwaited,
    NotAllocatedThere,
    NotEnoughUnits,
    PickingUnderway,
    Short,
    StockRefusal,
)
from omo_core.stock.rules import StockRules
from omo_core.stock.standing import Standing

Stock = Mapping[Sku, Standing]
NO_RULES: Final = StockRules()


def decide_allocate(
    positions: Standing, command: AllocateLine, rules: StockRules = NO_RULES, *, then: Standing | None = None
) -> Answer:
    """Assign a waiting line to a location that has the units free, or put it back to the pool.

    Neither may take what channels owe others: see ``pooling``.
    """
    promise = _promise(positions, OrderId(command.order), command.line)
    if promise is None:
        return Refused(LineUnknown(order=command.order, line=command.line))
    picked_at = next((share.location for share in promise.shares if share.picking), None)
    if picked_at is not None:
        return Refused(PickingUnderway(order=command.order, location=picked_at))
    asked = promise.units - promise.at_location(command.location)
    shift = _Shift().add(promise, {command.location: promise.units})
    known = (positions, then or positions)
    free = asked - max(shift.lack(each, rules, command.at) for each in known)
    if command.location is not None:
        free = min(free, *(each.free(command.location, command.at) for each in known))
    if free < asked:
        short = Short(sku=command.sku, location=command.location, asked=asked, free=max(0, free))
        return Refused(NotEnoughUnits(shortages=(short,)))
    event = UnitsAllocated(
        id=EventId(f"allocation/{command.request}"),
        at=_after(promise, command.at),
        source="omo",
        order=promise.order,
        line=command.line,
        sku=command.sku,
        location=command.location,
    )
    return Accepted((event,))


def decide_source(
    stock: Stock, command: SourceOrder, rules: StockRules = NO_RULES, *, then: Stock | None = None
) -> Answer:
    """Commit a plan: every line waits for that much, and every location has it free, all lines together.

    Nothing of it may be what channels owe others: see ``pooling``.
    """
    for line in command.lines:
        refusal = _refuse_line(stock[line.sku], command.order, line)
        if refusal is not None:
            return Refused(refusal)
    known = (stock, then or stock)
    short = next((found for each in known if (found := _shortages(each, command))), ())
    short = short or next((found for each in known if (found := _owed_elsewhere(each, rules, command))), ())
    if short:
        return Refused(NotEnoughUnits(shortages=short))
    return Accepted(tuple(_allocated(stock[line.sku], command, line) for line in command.lines))


def _refuse_line(positions: Standing, order: OrderId, line: SourcedLine) -> StockRefusal | None:
    promise = _promise(positions, order, line.line)
    if promise is None:
        return LineUnknown(order=order, line=line.line)
    asked, awaited = sum(part.units for part in line.parts), _loose(promise)
    if not awaited:
        picked_at = next(share.location for share in promise.shares if share.location is not None)
        return PickingUnderway(order=order, location=picked_at)
    if asked > awaited:
        return MoreThanAwaited(order=order, line=line.line, asked=asked, awaited=awaited)
    return None


def _shortages(stock: Stock, command: SourceOrder) -> tuple[Short, ...]:
    """Name what is asked of a location beyond what it has free; what these lines had there already is free to them."""
    asked: dict[tuple[Sku, LocationId], int] = {}
    own: dict[tuple[Sku, LocationId], int] = {}
    for line in command.lines:
        for part in line.parts:
            asked[line.sku, part.location] = asked.get((line.sku, part.location), 0) + part.units
        promise = _promise(stock[line.sku], command.order, line.line)
        for share in promise.shares if promise is not None else ():
            if share.location is not None and not share.picking:
                own[line.sku, share.location] = own.get((line.sku, share.location), 0) + share.units
    return tuple(
        Short(sku=sku, location=location, asked=units, free=free)
        for (sku, location), units in asked.items()
        if units > (had := own.get((sku, location), 0))
        and units > (free := max(0, stock[sku].free_raw(location, command.at) + had))
    )


@define
class _Shift:
    """What a decision shifts: by how much more is free in places, and by how much more channels owe in the pool."""

    free: dict[LocationId, int] = Factory(dict)
    owed: dict[str, int] = Factory(dict)

    def add(self, promise: Promise, given: Mapping[LocationId | None, int]) -> _Shift:
        """Add that a line is shared out anew, but for what is being picked."""
        for share in promise.shares:
            if not share.picking:
                self._put(promise, share.location, -share.units)
        for location, units in given.items():
            self._put(promise, location, units)
        return self

    def _put(self, promise: Promise, location: LocationId | None, units: int) -> None:
        if location is None:
            self.owed[promise.channel] = self.owed.get(promise.channel, 0) + units
        else:
            self.free[location] = self.free.get(location, 0) - units

    def lack(self, positions: Standing, rules: StockRules, at: datetime) -> int:
        """Give how many units more could not be kept afterwards; none when it gets no worse."""
        return max(0, pool_lack(positions, rules, at, self.free, self.owed))


def _owed_elsewhere(stock: Stock, rules: StockRules, command: SourceOrder) -> tuple[Short, ...]:
    """Name the articles of which a plan takes what channels owe others, or leaves more to a pool than it has."""
    shifts: dict[Sku, _Shift] = {}
    asked: dict[Sku, int] = {}
    for line in command.lines:
        promise = _promise(stock[line.sku], command.order, line.line)
        if promise is None:
            continue
        given: dict[LocationId | None, int] = {part.location: part.units for part in line.parts}
        given[None] = _loose(promise) - sum(given.values())
        shifts.setdefault(line.sku, _Shift()).add(promise, given)
        asked[line.sku] = asked.get(line.sku, 0) + _loose(promise)
    lacks = {sku: shift.lack(stock[sku], rules, command.at) for sku, shift in shifts.items()}
    return tuple(
        Short(sku=sku, location=None, asked=asked[sku], free=asked[sku] - lack) for sku, lack in lacks.items() if lack
    )


def _allocated(positions: Standing, command: SourceOrder, line: SourcedLine) -> UnitsAllocated:
    promise = _promise(positions, command.order, line.line)
    return UnitsAllocated(
        id=EventId(f"allocation/{command.request}/{line.line}/{line.sku}"),
        at=command.at if promise is None else _after(promise, command.at),
        source="omo",
        order=promise.order if promise is not None else command.order,
        line=line.line,
        sku=line.sku,
        location=None,
        parts=tuple(
            Part(allocation=AllocationId(f"{command.request}/{number}"), location=part.location, units=part.units)
            for number, part in enumerate(line.parts, 1)
        ),
    )


def decide_picking(stock: Stock, command: StartPicking) -> Answer:
    """Let a location begin to pick what is allocated to it; until then it could still be taken elsewhere."""
    promises = [promise for sku in dict.fromkeys(command.skus) for promise in stock[sku].promises_of(command.order)]
    shares = [share for promise in promises for share in promise.shares if share.location == command.location]
    if not shares:
        return Refused(NotAllocatedThere(order=command.order, location=command.location))
    if all(share.picking for share in shares):
        return Refused(PickingUnderway(order=command.order, location=command.location))
    event = PickingStarted(
        id=EventId(f"picking/{command.request}"),
        at=max(_after(promise, command.at) for promise in promises),
        source="omo",
        order=command.order,
        location=command.location,
        skus=tuple(dict.fromkeys(command.skus)),
        actor=command.actor,
    )
    return Accepted((event,))


def _promise(positions: Standing, order: OrderId, line: str) -> Promise | None:
    return positions.promises.get((positions.names.get(order, order), line))


def _after(promise: Promise, at: datetime) -> datetime:
    """A decision stands after everything that it was made on, whatever the asker's clock says."""
    return max(at, promise.settled_at + timedelta(microseconds=1))


def _loose(promise: Promise) -> int:
    return sum(share.units for share in promise.shares if not share.picking)
