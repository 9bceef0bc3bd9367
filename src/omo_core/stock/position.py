"""Where an article lies, who waits for it, and what is free: the fold over one article's history.

Counts set, movements add, in event time: a sale that is uploaded late, from before a count, is absorbed by the count.
Demand is a *promise*: an order line that is not carried out of the store waits until it is handed over, cancelled or
refunded. A promise lies on a location, or on the pool until it is sourced; it may be shared out over several.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from attrs import evolve

from omo_core.events import Event, canonical
from omo_core.identifiers import EventId, HoldId, OrderId, Sku
from omo_core.instants import FOREVER
from omo_core.purchases import Cancelled
from omo_core.stock.events import StockCounted, StockMoved, StockSetAside, UnitsHeld
from omo_core.stock.line_events import PickedShort, PickingStarted, SerialsNamed, UnitsAllocated
from omo_core.stock.places import NOWHERE, AllocationMove, Gone, Misfit, Movement, Promise
from omo_core.stock.promising import Promising
from omo_core.stock.timeline import HoldEnded, TransferWithdrawn, may_free, timeline
from omo_core.stock.transferring import SupplyExpected, TransferOrdered, TransferReceived, TransferSent
from omo_core.stock.travelling import Travelling
from omo_core.trade import HandedOver, Refund, RefundLine, Sale, SaleLine

OF_ONE_ARTICLE: Final = (
    StockCounted,
    StockMoved,
    StockSetAside,
    UnitsHeld,
    HoldEnded,
    UnitsAllocated,
    PickedShort,
    SerialsNamed,
    SupplyExpected,
    TransferOrdered,
    TransferWithdrawn,
    TransferSent,
    TransferReceived,
)


class Positions(Travelling, Promising):
    """One article in all locations: the working state of the fold, and the answers read from it."""

    __slots__ = ()

    def feed(self, event: Event) -> None:
        """Let one event happen; events come in canonical order. What is another article's changes nothing."""
        if not isinstance(event, HoldEnded):  # it matters to counts of free units only: see ``extends``
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
        elif isinstance(event, HoldEnded):
            self._end_hold(event.hold, event.document, event.at)
        elif isinstance(event, UnitsAllocated):
            self._allocate(event)
        elif isinstance(event, PickingStarted):
            self._pick(event)
        elif isinstance(event, PickedShort):
            self._shelf_effect(event, self._picked_short(event))
        elif isinstance(event, SerialsNamed):
            self._name_serials(event)
        elif isinstance(event, SupplyExpected):
            self._expect_supply(event)
        elif isinstance(event, TransferOrdered | TransferSent | TransferReceived):
            self._transfer(event)
        elif isinstance(event, TransferWithdrawn):
            self._withdraw(event.transfer)

    def extends(self, event: Event, *, first: bool = False) -> bool:
        """Say whether feeding this event now gives what folding everything anew would.

        ``first`` promises that nothing was ever heard of the document; without it only a version 0 is taken for new.
        Of a sale, nobody may have heard under another document either.
        """
        if isinstance(event, UnitsHeld) and event.version:
            part = self.holds.part(event.hold, event.id)
            return part is not None and _changed_at(part, event) >= self.free_counted
        if isinstance(event, StockCounted) and event.basis == "available" and event.at <= self.let_go:
            return False
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
            if self.misfits is not None:
                gone = Gone(carried=line.handing == "carried")
                self.gone.update(dict.fromkeys(((name, line.line) for name in (sale.order, *sale.also)), gone))
            if line.handing == "carried":
                self._move(sale, line.location or sale.location or NOWHERE, -units, "sold", lot=_lot(line))
                self._note_gone(sale.order, line.line, units)
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
                self.composed[name, line.line] = line.sku, each
        return each * line.units

    def _handed_over(self, event: HandedOver) -> None:
        """Goods left that a line was waiting for.

        Carried lines have left with their sale already, a second report of one hand-over finds nothing waiting, and
        a parcel that was taken back never left.
        """
        for line in () if event.cancelled else event.lines:
            units = line.units * self.units_per(event.order, line.line, line.sku)
            for allocation, left in self._settle(event, line, units, event.location) if units else ():
                lot = line.lot if line.sku == self.sku else ""
                self._move(event, event.location, -left, event.how, lot=lot, allocation=allocation)
                self._place(event.location).look(left, left)
                self._note_gone(event.order, line.line, left)

    def _refund(self, refund: Refund) -> None:
        for line in refund.lines:
            units = line.units * self.units_per(refund.order, line.line, line.sku)
            if units and line.restock == "return":
                self._return(refund, line, units)
            elif units and line.restock == "cancel":
                self._settle(refund, line, units, line.location)

    def _return(self, refund: Refund, line: RefundLine, units: int) -> None:
        """Units came back into a location, of the lot and with the numbers that are named."""
        location = line.location or NOWHERE
        self._move(refund, location, units, "returned")
        gone = self.gone.get((refund.order, line.line))
        if gone is not None:
            self._misfit(refund, "more_than_left", line, location, max(0, units - gone.units))
            self._note_gone(refund.order, line.line, -units)
        if line.sku != self.sku:
            return
        if line.lot:
            self._add_lot(location, line.lot, units, refund.at)
        for serial in line.serials:
            self._see_serial(serial, location, f"order/{refund.order}")

    def _note_gone(self, order: OrderId, line: str, units: int) -> None:
        """Remember how many units of a line left, where what does not fit is asked for; fewer when they came back."""
        gone = self.gone.get((order, line))
        if gone is not None:
            gone.units = max(0, gone.units + units)

    def _hold(self, event: UnitsHeld) -> None:
        if event.released:
            self._end_hold(event.hold, event.id, event.released_at or event.at)
        else:
            self.holds.put(event)

    def _end_hold(self, hold: HoldId, document: EventId, at: datetime) -> None:
        self.let_go = max(self.let_go, at)
        part = self.holds.part(hold, document)
        if part is not None:
            self.holds.drop(part)


def _changed_at(part: UnitsHeld, event: UnitsHeld) -> datetime:
    """Say from when on a new version of a hold says something else; a release says it from then on only."""
    as_it_was = evolve(event, version=part.version, released=False, released_at=None)
    if event.released_at is not None and as_it_was == part:
        return max(event.at, event.released_at)
    return min(part.at, event.at)


def _lot(line: SaleLine) -> str:
    """A kit's parts have no lot that its line could name."""
    return "" if line.parts else line.lot


def positions(
    sku: Sku,
    events: Iterable[Event],
    *,
    until: datetime = FOREVER,
    lines: list[Movement] | None = None,
    book: list[AllocationMove] | None = None,
    misfits: list[Misfit] | None = None,
) -> Positions:
    """Fold an article's history, or what had happened by an instant; write down its movements and allocations."""
    folded = Positions(sku, lines=lines, book=book, misfits=misfits)
    for event in timeline(event for event in events if event.at <= until):
        if event.at <= until:  # an ending may come later than what ends: a sale, a hold
            folded.feed(event)
    return folded
