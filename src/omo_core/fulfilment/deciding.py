"""Answers to commands about orders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from attrs import evolve

from omo_core.decisions import Accepted, Refused
from omo_core.events import Event
from omo_core.fulfilment.commands import CancelOrder, CollectOrder, MarkReady, PlacePickupOrder
from omo_core.fulfilment.events import OrderReady
from omo_core.fulfilment.flow import Step, allowed
from omo_core.fulfilment.order import LineState, Order
from omo_core.fulfilment.refusals import (
    FulfilmentRefusal,
    GoodsElsewhere,
    Missing,
    NotInStore,
    OrderExists,
    OrderUnknown,
    WrongState,
)
from omo_core.identifiers import EventId, LocationId, Sku
from omo_core.kit_parts import KitPart
from omo_core.stock.events import UnitsHeld
from omo_core.stock.line_events import Awaited
from omo_core.trade import HandedLine, HandedOver, Sale, SaleLine

Answer = Accepted | Refused[FulfilmentRefusal]
Kits = Mapping[Sku, tuple[KitPart, ...]]
NO_KITS: Final[Kits] = MappingProxyType({})


def decide_place(
    order: Order, free: Mapping[Sku, int], holds: tuple[UnitsHeld, ...], command: PlacePickupOrder, kits: Kits = NO_KITS
) -> Answer:
    """Promise a pickup order from the store's free stock, all of it or nothing.

    ``free`` is what the stock context says is free in that store for this order, its own hold included; ``holds``
    are the basket's own holds, which end with the order; ``kits`` are what kits are made of, for they take their parts.
    """
    if order.state != "unknown":
        return Refused(OrderExists(order=command.order))
    wanted: dict[Sku, int] = {}
    for line in command.lines:
        for part in kits.get(line.sku) or (KitPart(sku=line.sku, units=1),):
            wanted[part.sku] = wanted.get(part.sku, 0) + line.units * part.units
    missing = [Missing(sku=s, asked=asked, free=free[s]) for s, asked in wanted.items() if free[s] < asked]
    if missing:
        return Refused(NotInStore(location=command.location, missing=tuple(missing)))
    ended = [hold.ended(command.at) for hold in holds]
    return Accepted((_sale(command, kits), *ended))


def _sale(command: PlacePickupOrder, kits: Kits) -> Sale:
    return Sale(
        id=EventId(f"sale/{command.order}"),
        at=command.at,
        source="omo",
        order=command.order,
        profile=command.profile,
        channel=command.channel,
        currency=command.currency,
        lines=tuple(
            SaleLine(
                line=line.line,
                sku=line.sku,
                units=line.units,
                amount=line.amount,
                tax=line.tax,
                handing="pickup",
                location=command.location,
                parts=kits.get(line.sku, ()),
            )
            for line in command.lines
        ),
        tenders=command.tenders,
    )


def decide_ready(order: Order, command: MarkReady, awaited: Sequence[Awaited] = ()) -> Answer:
    """Lay an order ready at the counter where its goods are."""
    refusal = _refuse(order, "mark_ready", command, awaited)
    if refusal is not None:
        return refusal
    event = OrderReady(
        id=EventId(f"ready/{order.order}"),
        at=command.at,
        source="omo",
        order=order.order,
        location=_counter(order, command, awaited),
        actor=command.actor,
    )
    return Accepted((event,))


def decide_collect(order: Order, command: CollectOrder, awaited: Sequence[Awaited] = ()) -> Answer:
    """Hand over at one counter everything that is to be picked up there and still waited for.

    ``awaited`` is what stock says about where the order's units lie: what leaves the counter is what was allocated
    there, by name.
    """
    refusal = _refuse(order, "collect", command, awaited)
    if refusal is not None:
        return refusal
    counter = _counter(order, command, awaited)
    lines = [line for line in _picked_up(order) if _lies_at(line, counter, awaited)]
    names = {line.line for line in lines}
    settled = (one.settled_at + timedelta(microseconds=1) for one in awaited if one.line in names)
    event = HandedOver(
        id=EventId(f"handover/{command.request}"),
        at=max((command.at, *settled)),
        source="omo",
        order=order.order,
        location=counter,
        how="collected",
        lines=tuple(handed for line in lines for handed in _handed(line, awaited)),
    )
    return Accepted((event,))


def _handed(line: LineState, awaited: Iterable[Awaited]) -> tuple[HandedLine, ...]:
    """Name the allocations that a line's units are of; a kit's, where all of its parts are of the same."""
    parts = [one for one in awaited if one.line == line.line]
    if all(one.sku == line.sku for one in parts):
        left, handed = line.open, []
        for one in parts:
            units = min(left, one.units)
            left -= units
            handed.append(HandedLine(line=line.line, sku=line.sku, units=units, allocation=one.allocation))
        rest = [HandedLine(line=line.line, sku=line.sku, units=left)] if left else []
        return tuple(one for one in (*handed, *rest) if one.units)
    names = {one.allocation for one in parts}
    return (
        HandedLine(line=line.line, sku=line.sku, units=line.open, allocation=min(names) if len(names) == 1 else ""),
    )


def decide_cancel(order: Order, command: CancelOrder) -> Answer:
    """End an order of which nothing has left; money and points follow from the sale's new version."""
    refusal = _refuse(order, "cancel", command)
    if refusal is not None or order.sale is None:
        return refusal or Refused(OrderUnknown(order=command.order))
    ended: Event = evolve(order.sale, version=order.sale.version + 1, status="cancelled", ended_at=command.at)
    return Accepted((ended,))


def _refuse(
    order: Order, step: Step, command: MarkReady | CollectOrder | CancelOrder, awaited: Sequence[Awaited] = ()
) -> Refused[FulfilmentRefusal] | None:
    if order.state == "unknown":
        return Refused(OrderUnknown(order=command.order))
    wrong = Refused(WrongState(order=order.order, state=order.state, asked=step))
    if not allowed(order.state, step):
        return wrong
    if isinstance(command, CancelOrder):
        return None
    lines, counter = _picked_up(order), _counter(order, command, awaited)
    if not lines or not counter:
        return wrong
    due = [line for line in lines if line.location in (None, counter)]
    away = [line for line in due if not _lies_at(line, counter, awaited)]
    if away or not any(_lies_at(line, counter, awaited) for line in lines):
        names = {line.line for line in away or lines}
        places = {one.location for one in awaited if one.line in names and one.location not in (None, counter)}
        elsewhere = tuple(sorted(place for place in places if place is not None))
        return Refused(GoodsElsewhere(order=order.order, location=counter, elsewhere=elsewhere))
    return None


def _picked_up(order: Order) -> list[LineState]:
    """Give the lines that are to be picked up and are still waited for."""
    return [line for line in order.lines if line.handing == "pickup" and line.open > 0]


def _lies_at(line: LineState, counter: LocationId, awaited: Iterable[Awaited]) -> bool:
    """Say whether all of a line waits at a counter; what stock does not count waits where the order says."""
    places = {one.location for one in awaited if one.line == line.line}
    return places == {counter} if places else line.location in (None, counter)


def _counter(order: Order, command: MarkReady | CollectOrder, awaited: Iterable[Awaited]) -> LocationId:
    """Name the counter: the one asked about, where the order was laid ready, where it was to be, or where goods lie."""
    lines = _picked_up(order)
    said = (command.location, order.ready_at, *(line.location for line in lines), *(one.location for one in awaited))
    return next((place for place in said if place is not None), LocationId(""))
