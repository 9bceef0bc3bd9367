"""Where an article lies, who waits for it, and what is free: the fold over one article's history.

Counts set, movements add, in event time: a sale that is uploaded late, from before a count, is absorbed by the count.
Demand is a *promise*: an order line that is not carried out of the store waits until it is handed over, cancelled or
refunded. A promise lies on a location, or on the pool until it is sourced; it may be shared out over several.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from omo_core.events import Event, canonical
from omo_core.identifiers import OrderId, Sku
from omo_core.instants import FOREVER
from omo_core.purchases import Cancelled
from omo_core.stock.events import (
    PickedShort,
    PickingStarted,
    SerialsNamed,
    StockCounted,
    StockMoved,
    StockSetAside,
    UnitsAllocated,
    UnitsHeld,
)
from omo_core.stock.moving import Moving
from omo_core.stock.places import NOWHERE, AllocationMove, Movement, Promise
from omo_core.stock.promising import Promising
from omo_core.stock.timeline import may_free, timeline
from omo_core.stock.transferring import SupplyExpected, TransferOrdered, TransferReceived, TransferSent
from omo_core.trade import HandedOver, Refund, Sale, SaleLine

OF_ONE_ARTICLE: Final = (
    StockCounted,
    StockMoved,
    StockSetAside,
    UnitsHeld,
    UnitsAllocated,
    PickedShort,
    SerialsNamed,
    SupplyExpected,
    TransferOrdered,
    TransferSent,
    TransferReceived,
)


class Positions(Moving, Promising):
    """One article in all locations: the working state of the fold, and the answers read from it."""

    __slots__ = ()

    def feed(self, event: Event) -> None:
        """Let one event happen; events come in canonical order. What is another article's changes nothing."""
        self.last = max(self.last, canonical(event))
        if isinstance(event, OF_ONE_ARTICLE) and event.sku != self.sku:
            return
        self.gained = max(self.gained, event.at) if may_free(event) else self.gained
        if isinstance(event, Sale):
            self._sale(event)
        elif isinstance(event, HandedOver):
            self._handed_over(event)
        elif isinstance(event, Refund):
            self._refund(event)
        elif isinstance(event, Cancelled):
            self._cancel(event)
        elif isinstance(event, StockCounted):
            self._count(event)
        elif isinstance(event, StockMoved):
            self._moved(event)
        elif isinstance(event, StockSetAside):
            self._place(event.location).set_aside[event.reason] = event.units
        elif isinstance(event, UnitsHeld):
            self._hold(event)
        elif isinstance(event, UnitsAllocated):
            self._allocate(event)
        elif isinstance(event, PickingStarted):
            self._pick(event)
        elif isinstance(event, PickedShort):
            self._shelf_effect(event)
            self._picked_short(event)
        elif isinstance(event, SerialsNamed):
            self._name_serials(event)
        elif isinstance(event, SupplyExpected):
            self._expect_supply(event)
        elif isinstance(event, TransferOrdered | TransferSent | TransferReceived):
            self._transfer(event)

    def extends(self, event: Event, *, first: bool = False) -> bool:
        """Say whether feeding this event now gives what folding everything anew would.

        ``first`` promises that nothing was ever heard of the document; without it only a version 0 is taken for new.
        Of a sale, nobody may have heard under another document either.
        """
        if isinstance(event, UnitsHeld) and event.version:
            part = self.holds.part(event.hold, event.id)
            return part is not None and part.at >= self.free_counted
        if canonical(event) <= self.last or not (first or event.version == 0):
            return False
        if isinstance(event, Sale):
            return event.status != "cancelled" and not any(name in self.early for name in (event.order, *event.also))
        return True

    def _sale(self, sale: Sale) -> None:
        for line in sale.lines:
            units = self._taken_by(sale, line)
            if units == 0:
                continue
            if line.handing == "carried":
                self._move(sale, line.location or sale.location or NOWHERE, -units, "sold")
            elif sale.status != "cancelled" or sale.ended_at is not None:
                for name in sale.also:
                    self.names[name] = sale.order
                self._promise(sale, Promise(sale.order, line.line, sale.at, sale.channel), line.location, units)

    def _taken_by(self, sale: Sale, line: SaleLine) -> int:
        """Give the units of this article that a line takes; of a kit, what its parts take."""
        if not line.moves_stock:
            return 0
        if not line.parts:
            return line.units if line.sku == self.sku else 0
        each = sum(part.units for part in line.parts if part.sku == self.sku)
        if each or line.sku == self.sku:
            for name in (sale.order, *sale.also):
                self.composed[name, line.line] = each
        return each * line.units

    def _per(self, order: OrderId, line: str, sku: Sku) -> int:
        """Give how many units of this article one unit of an order's line is."""
        return self.composed.get((order, line), 1 if sku == self.sku else 0)

    def _handed_over(self, event: HandedOver) -> None:
        """Goods left that a line was waiting for.

        Carried lines have left with their sale already, a second report of one hand-over finds nothing waiting, and
        a parcel that was taken back never left.
        """
        for line in () if event.cancelled else event.lines:
            units = line.units * self._per(event.order, line.line, line.sku)
            if units:
                left = self._settle(event, line, units, event.location)
                self._move(event, event.location, -left, event.how)
                if left:
                    self._place(event.location).look(left, left)

    def _refund(self, refund: Refund) -> None:
        for line in refund.lines:
            units = line.units * self._per(refund.order, line.line, line.sku)
            if units and line.restock == "return":
                self._move(refund, line.location or NOWHERE, units, "returned")
            elif units and line.restock == "cancel":
                self._settle(refund, line, units, line.location)

    def _hold(self, event: UnitsHeld) -> None:
        if event.released:
            self.holds.drop(event)
        else:
            self.holds.put(event)


def positions(
    sku: Sku,
    events: Iterable[Event],
    *,
    until: datetime = FOREVER,
    lines: list[Movement] | None = None,
    book: list[AllocationMove] | None = None,
) -> Positions:
    """Fold an article's history, or what had happened by an instant; write down its movements and allocations."""
    folded = Positions(sku, lines=lines, book=book)
    for event in timeline(event for event in events if event.at <= until):
        if event.at <= until:  # a sale's cancellation may come later than the sale
            folded.feed(event)
    return folded
