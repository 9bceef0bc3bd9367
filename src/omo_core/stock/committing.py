"""Answers about where an order's units come from: committed, re-decided, and fixed once picking starts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Final

from attrs import evolve

from omo_core.decisions import Accepted, Refused
from omo_core.identifiers import EventId, LocationId, OrderId, Sku
from omo_core.stock.claims import order_claim
from omo_core.stock.commands import AllocateLine, SourcedLine, SourceOrder, StartPicking
from omo_core.stock.deciding import Answer
from omo_core.stock.kits import counted
from omo_core.stock.line_events import AllocationId, Part, PickingStarted, UnitsAllocated
from omo_core.stock.places import Promise, Share
from omo_core.stock.refusals import (
    AllocationUnknown,
    LineUnknown,
    MoreThanAwaited,
    NotAllocatedThere,
    NotEnoughUnits,
    PickingUnderway,
    PromisedToOthers,
    StockRefusal,
    WasShort,
)
from omo_core.stock.rules import StockRules
from omo_core.stock.shifting import losers_at, refuse_shift, shift_of
from omo_core.stock.standing import Standing
from omo_core.trade import HandedOver

Stock = Mapping[Sku, Standing]
NO_RULES: Final = StockRules()


def decide_allocate(
    positions: Standing, command: AllocateLine, rules: StockRules = NO_RULES, *, then: Standing | None = None
) -> Answer:
    """Assign a waiting line, or the part of it that is named, to a location that has the units free, or to the pool.

    Neither may take what is there for others: see ``shifting``.
    """
    promise = _promise(positions, OrderId(command.order), command.line)
    if promise is None:
        return Refused(LineUnknown(order=command.order, line=command.line))
    meant = [share for share in promise.shares if command.allocation in ("", promise.name_of(share))]
    moved = [share for share in meant if not share.picking]
    if not meant:
        return Refused(AllocationUnknown(order=command.order, line=command.line, allocation=command.allocation))
    if not moved:
        return Refused(PickingUnderway(order=command.order, location=_picked_at(meant)))
    staying = [share for share in promise.shares if not share.picking and share not in moved]
    given = _given([*staying, *(evolve(share, location=command.location) for share in moved)])
    again = _asked_again(promise, given)
    if again is not None:
        return Refused(again)
    shift = shift_of([promise], promise.order)
    for location, units in given.items():
        shift.give(location, units)
    hindrance = refuse_shift(positions, rules, command.at, shift, then)
    if hindrance is not None:
        return Refused(hindrance)
    rest, parts = _shared_out(command, staying, moved)
    event = UnitsAllocated(
        id=EventId(f"allocation/{command.request}"),
        at=_after(promise, command.at),
        source="omo",
        order=promise.order,
        line=command.line,
        sku=command.sku,
        location=rest,
        parts=parts,
    )
    return Accepted((event,))


def _shared_out(
    command: AllocateLine, staying: Sequence[Share], moved: Sequence[Share]
) -> tuple[LocationId | None, tuple[Part, ...]]:
    """Say where all of a line lies when a part of it moves: by name, and where what has no name lies."""
    if not staying:
        return command.location, ()
    rest = command.location if any(not one.allocation for one in moved) else None
    names = (AllocationId(f"{command.request}/{number}") for number in count(1))
    lying = [*staying, *(evolve(one, location=command.location) for one in moved if one.allocation)]
    return rest, tuple(
        Part(allocation=one.allocation or next(names), location=one.location, units=one.units)
        for one in lying
        if one.allocation or one.location != rest
    )


def _given(shares: Iterable[Share]) -> dict[LocationId | None, int]:
    given: dict[LocationId | None, int] = {}
    for share in shares:
        given[share.location] = given.get(share.location, 0) + share.units
    return given


def decide_source(
    stock: Stock, command: SourceOrder, rules: StockRules = NO_RULES, *, then: Stock | None = None
) -> Answer:
    """Commit a plan: every line waits for that much, and every location has it free, all lines together.

    Nothing of it may be what is there for others: see ``shifting``. What stays in a place as safety stock is not free.
    """
    for line in command.lines:
        refusal = _refuse_line(stock[line.sku], command.order, line)
        if refusal is not None:
            return Refused(refusal)
    hindrances = [
        _hindrance(stock[sku], command, sku, rules, (then or stock)[sku])
        for sku in dict.fromkeys(line.sku for line in command.lines)
    ]
    short = [short for each in hindrances if isinstance(each, NotEnoughUnits) for short in each.shortages]
    if short:
        return Refused(NotEnoughUnits(shortages=tuple(short)))
    taken = next((each for each in hindrances if each is not None), None)
    if taken is not None:
        return Refused(taken)
    return Accepted(tuple(_allocated(stock[line.sku], command, line) for line in command.lines))


def _refuse_line(positions: Standing, order: OrderId, line: SourcedLine) -> StockRefusal | None:
    promise = _promise(positions, order, line.line)
    if promise is None:
        return LineUnknown(order=order, line=line.line)
    asked, awaited = sum(part.units for part in line.parts), _loose(promise)
    if not awaited:
        return PickingUnderway(order=order, location=_picked_at(promise.shares))
    if asked > awaited:
        return MoreThanAwaited(order=order, line=line.line, asked=asked, awaited=awaited)
    return _asked_again(promise, {part.location: part.units for part in line.parts})


def _hindrance(
    positions: Standing, command: SourceOrder, sku: Sku, rules: StockRules, then: Standing
) -> NotEnoughUnits | PromisedToOthers | None:
    """Say why a plan may not have its units of one article, all lines together."""
    lines = [(line, _promise(positions, command.order, line.line)) for line in command.lines if line.sku == sku]
    promises = [promise for _, promise in lines if promise is not None]
    shift = shift_of(promises, promises[0].order)
    for line, promise in lines:
        for part in line.parts:
            shift.give(part.location, part.units)
        left = 0 if promise is None else _loose(promise) - sum(part.units for part in line.parts)
        if left:
            shift.give(None, left)
    return refuse_shift(positions, rules, command.at, shift, then)


def _asked_again(promise: Promise, given: Mapping[LocationId | None, int]) -> WasShort | None:
    """A location that could not give a line keeps at most what it still has of it; what it picks is not up again."""
    loose = _given(share for share in promise.shares if not share.picking)
    for location, units in given.items():
        if location is not None and location in promise.short_at and units > loose.get(location, 0):
            return WasShort(order=promise.order, line=promise.line, location=location)
    return None


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


def decide_picking(stock: Stock, command: StartPicking, rules: StockRules = NO_RULES) -> Answer:
    """Let a location begin to pick what is allocated to it; until then it could still be taken elsewhere.

    What is picked comes first in its place, so nobody may pick what is there for somebody who came before.
    """
    skus = counted(command.skus, rules.opened_kits)
    promises = [promise for sku in skus for promise in stock[sku].promises_of(command.order)]
    shares = [
        share
        for promise in promises
        for share in promise.shares
        if share.location == command.location and command.allocation in ("", promise.name_of(share))
    ]
    if not shares:
        return Refused(NotAllocatedThere(order=command.order, location=command.location))
    if all(share.picking for share in shares):
        return Refused(PickingUnderway(order=command.order, location=command.location))
    taken = _taken(stock, rules, command.location, command.at, promises[0].order)
    if taken is not None:
        return Refused(taken)
    event = PickingStarted(
        id=EventId(f"picking/{command.request}"),
        at=max(_after(promise, command.at) for promise in promises),
        source="omo",
        order=command.order,
        location=command.location,
        skus=skus,
        actor=command.actor,
        allocation=command.allocation,
    )
    return Accepted((event,))


def refuse_leaving(stock: Stock, rules: StockRules, event: HandedOver, at: datetime) -> PromisedToOthers | None:
    """Say why units may not leave a counter on a command: they are there for somebody who came before.

    A parcel or a customer who has left is a fact and is booked, whoever came before.
    """
    leaving: dict[Sku, int] = {}
    for line in event.lines:
        for sku, positions in stock.items():
            per = positions.units_per(event.order, line.line, line.sku)
            leaving[sku] = leaving.get(sku, 0) + per * line.units
    for sku, units in leaving.items():
        others = losers_at(stock[sku], rules, event.location, at, order_claim(event.order), units) if units else ()
        if others:
            return PromisedToOthers(sku=sku, others=others)
    return None


def _taken(
    stock: Stock, rules: StockRules, location: LocationId, at: datetime, order: OrderId
) -> PromisedToOthers | None:
    for sku, positions in stock.items():
        others = losers_at(positions, rules, location, at, order_claim(order), 0)
        if others:
            return PromisedToOthers(sku=sku, others=others)
    return None


def _promise(positions: Standing, order: OrderId, line: str) -> Promise | None:
    return positions.promises.get((positions.names.get(order, order), line))


def _picked_at(shares: Iterable[Share]) -> LocationId:
    """Name where the first of these is being picked; what is picked lies somewhere."""
    return next(share.location for share in shares if share.location is not None)


def _after(promise: Promise, at: datetime) -> datetime:
    """A decision stands after everything that it was made on, whatever the asker's clock says."""
    return max(at, promise.settled_at + timedelta(microseconds=1))


def _loose(promise: Promise) -> int:
    return sum(share.units for share in promise.shares if not share.picking)
