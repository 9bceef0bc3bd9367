"""Answers to commands about orders."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from attrs import evolve

from omo_core.decisions import Accepted, Refused
from omo_core.events import Event
from omo_core.fulfilment.commands import CancelOrder, CollectOrder, MarkReady, PlacePickupOrder
from omo_core.fulfilment.events import OrderReady
from omo_core.fulfilment.flow import Step, allowed
from omo_core.fulfilment.order import LineState, Order
from omo_core.fulfilment.refusals import FulfilmentRefusal, Missing, NotInStore, OrderExists, OrderUnknown, WrongState
from omo_core.identifiers import EventId, LocationId, Sku
from omo_core.stock.events import UnitsHeld
from omo_core.trade import HandedLine, HandedOver, KitPart, Sale, SaleLine

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
    ended = [evolve(hold, version=hold.version + 1, released=True) for hold in holds]
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


def decide_ready(order: Order, command: MarkReady) -> Answer:
    """Lay an order ready once the store that it waits at is known."""
    refusal = _refuse(order, "mark_ready", command)
    if refusal is not None:
        return refusal
    location = _counter(order)
    event = OrderReady(
        id=EventId(f"ready/{order.order}"),
        at=command.at,
        source="omo",
        order=order.order,
        location=location,
        actor=command.actor,
    )
    return Accepted((event,))


def decide_collect(order: Order, command: CollectOrder) -> Answer:
    """Hand over everything that is still waited for."""
    refusal = _refuse(order, "collect", command)
    if refusal is not None:
        return refusal
    waiting = [line for line in order.lines if line.open]
    event = HandedOver(
        id=EventId(f"handover/{command.request}"),
        at=command.at,
        source="omo",
        order=order.order,
        location=_counter(order),
        how="collected",
        lines=tuple(HandedLine(line=line.line, sku=line.sku, units=line.open) for line in waiting),
    )
    return Accepted((event,))


def decide_cancel(order: Order, command: CancelOrder) -> Answer:
    """End an order of which nothing has left; money and points follow from the sale's new version."""
    refusal = _refuse(order, "cancel", command)
    if refusal is not None or order.sale is None:
        return refusal or Refused(OrderUnknown(order=command.order))
    ended: Event = evolve(order.sale, version=order.sale.version + 1, status="cancelled", ended_at=command.at)
    return Accepted((ended,))


def _refuse(
    order: Order, step: Step, command: MarkReady | CollectOrder | CancelOrder
) -> Refused[FulfilmentRefusal] | None:
    if order.state == "unknown":
        return Refused(OrderUnknown(order=command.order))
    if not allowed(order.state, step) or (step != "cancel" and not any(_picked_up(line) for line in order.lines)):
        return Refused(WrongState(order=order.order, state=order.state, asked=step))
    return None


def _picked_up(line: LineState) -> bool:
    return line.handing == "pickup" and line.open > 0 and line.location is not None


def _counter(order: Order) -> LocationId:
    """Name the store that the order waits at: that of its first waiting line."""
    return next(line.location for line in order.lines if _picked_up(line) and line.location is not None)
