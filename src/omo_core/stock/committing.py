"""Answers about where an order's units come from: committed, re-decided, and fixed once picking starts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from omo_core.decisions import Accepted, Refused
from omo_core.identifiers import EventId, LocationId, OrderId, Sku
from omo_core.stock.commands import AllocateLine, SourcedLine, SourceOrder, StartPicking
from omo_core.stock.deciding import Answer
from omo_core.stock.events import AllocationId, Part, PickingStarted, UnitsAllocated
from omo_core.stock.places import Promise
from omo_core.stock.refusals import (
    LineUnknown,
    MoreThanAwaited,
    NotAllocatedThere,
    NotEnoughUnits,
    PickingUnderway,
    Short,
    StockRefusal,
)
from omo_core.stock.standing import Standing

Stock = Mapping[Sku, Standing]


def decide_allocate(positions: Standing, command: AllocateLine, *, then: Standing | None = None) -> Answer:
    """Assign a waiting line to a location that has the units free, or put it back to the pool."""
    promise = _promise(positions, OrderId(command.order), command.line)
    if promise is None:
        return Refused(LineUnknown(order=command.order, line=command.line))
    picked_at = next((share.location for share in promise.shares if share.picking), None)
    if picked_at is not None:
        return Refused(PickingUnderway(order=command.order, location=picked_at))
    if command.location is not None:
        asked = promise.units - promise.at_location(command.location)
        free = min(each.free(command.location, command.at) for each in (positions, then or positions))
        if free < asked:
            short = Short(sku=command.sku, location=command.location, asked=asked, free=free)
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


def decide_source(stock: Stock, command: SourceOrder, *, then: Stock | None = None) -> Answer:
    """Commit a plan: every line waits for that much, and every location has it free, all lines together."""
    for line in command.lines:
        refusal = _refuse_line(stock[line.sku], command.order, line)
        if refusal is not None:
            return Refused(refusal)
    short = _shortages(stock, command) or _shortages(then or stock, command)
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
