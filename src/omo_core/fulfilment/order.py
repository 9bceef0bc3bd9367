"""One order, as read off its history: what was bought, what has left, what came back, and its state."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from attrs import evolve, frozen

from omo_core.events import Event, current
from omo_core.fulfilment.events import OrderReady
from omo_core.fulfilment.flow import State
from omo_core.identifiers import LocationId, OrderId, ProfileId, Sku
from omo_core.instants import FOREVER
from omo_core.purchases import purchases
from omo_core.trade import HandedOver, Refund, Sale


@frozen(kw_only=True)
class LineState:
    """One line of an order."""

    line: str
    sku: Sku
    units: int
    amount: int
    handing: str
    location: LocationId | None
    handed_over: int
    refunded: int
    """Units given up or given back, whether or not they had left."""
    given_up: int = 0
    """Those of them that never left and never will."""

    @property
    def open(self) -> int:
        """Give the units that are still waited for."""
        if self.handing in ("carried", "none"):
            return 0
        return max(0, self.units - self.given_up - max(self.handed_over, self.refunded - self.given_up))


@frozen(kw_only=True)
class Order:
    """An order at the end of what is known of it."""

    order: OrderId
    state: State
    sale: Sale | None = None
    profile: ProfileId | None = None
    placed_at: datetime | None = None
    lines: tuple[LineState, ...] = ()
    refunded: int = 0
    """Money given back so far, in minor units."""
    handovers: tuple[HandedOver, ...] = ()
    ready_at: LocationId | None = None
    """The store where it was laid ready last."""


def order(name: OrderId, events: Iterable[Event], *, until: datetime = FOREVER) -> Order:
    """Read an order off its history, or what it was at an instant."""
    latest = current(event for event in events if event.at <= until)
    sale = next((sale for sale in purchases(latest) if name in (sale.order, *sale.also)), None)
    if sale is None:
        return Order(order=name, state="unknown")
    if sale.ended_at is not None and sale.ended_at > until:
        sale = evolve(sale, status="paid", ended_at=None)
    names = (sale.order, *sale.also)
    mine = [event for event in latest if isinstance(event, HandedOver | Refund | OrderReady) and event.order in names]
    handovers = tuple(event for event in mine if isinstance(event, HandedOver) and not event.cancelled)
    refunds = [event for event in mine if isinstance(event, Refund)]
    lines = _lines(sale, handovers, refunds)
    ready = [event.location for event in mine if isinstance(event, OrderReady)]
    return Order(
        order=sale.order,
        state=_state(sale, lines, bool(ready)),
        sale=sale,
        profile=sale.profile,
        placed_at=sale.at,
        lines=lines,
        refunded=sum(sum(line.amount for line in r.lines) + r.shipping + r.adjustment for r in refunds),
        handovers=handovers,
        ready_at=ready[-1] if ready else None,
    )


def _lines(sale: Sale, handovers: Iterable[HandedOver], refunds: Iterable[Refund]) -> tuple[LineState, ...]:
    handed = _handed(sale, handovers)
    back: dict[str, int] = {}
    given_up: dict[str, int] = {}
    for refund in refunds:
        for given in refund.lines:
            back[given.line] = back.get(given.line, 0) + given.units
            if given.restock == "cancel":
                given_up[given.line] = given_up.get(given.line, 0) + given.units
    return tuple(
        LineState(
            line=line.line,
            sku=line.sku,
            units=line.units,
            amount=line.amount,
            handing=line.handing,
            location=line.location,
            handed_over=line.units if line.handing == "carried" else handed.get(line.line, 0),
            refunded=back.get(line.line, 0),
            given_up=given_up.get(line.line, 0),
        )
        for line in sale.lines
    )


def _handed(sale: Sale, handovers: Iterable[HandedOver]) -> dict[str, int]:
    """Give the units of each line that have left; of a kit whose parts left by themselves, those that are whole."""
    left: dict[str, dict[Sku, int]] = {}
    for event in handovers:
        for one in event.lines:
            units = left.setdefault(one.line, {})
            units[one.sku] = units.get(one.sku, 0) + one.units
    handed = {line: sum(units.values()) for line, units in left.items()}
    for line in sale.lines:
        units = left.get(line.line, {})
        if line.parts and units:
            takes: dict[Sku, int] = {}
            for part in line.parts:
                takes[part.sku] = takes.get(part.sku, 0) + part.units
            handed[line.line] = units.get(line.sku, 0) + min(units.get(sku, 0) // each for sku, each in takes.items())
    return handed


def _state(sale: Sale, lines: tuple[LineState, ...], ready: bool) -> State:
    if sale.status == "cancelled":
        return "cancelled"
    waiting = sum(line.open for line in lines)
    left = sum(line.handed_over for line in lines)
    if waiting == 0:
        return "handed_over" if left else "cancelled"
    if left:
        return "part_handed_over"
    if sale.status == "open":
        return "open"
    return "ready" if ready else "placed"
