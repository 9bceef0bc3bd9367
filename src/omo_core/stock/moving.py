"""How goods come, go and are counted: the part of the fold that moves what lies somewhere."""

from __future__ import annotations

from omo_core.events import Event
from omo_core.identifiers import LocationId
from omo_core.instants import FOREVER
from omo_core.stock.events import PickedShort, SerialsNamed, StockCounted, StockMoved
from omo_core.stock.places import Incoming, Movement, Place, Transfer
from omo_core.stock.standing import Standing
from omo_core.stock.transferring import SupplyExpected, TransferOrdered, TransferReceived, TransferSent


class Moving(Standing):
    """Moves goods."""

    __slots__ = ()

    def _place(self, location: LocationId) -> Place:
        place = self.places.get(location)
        if place is None:
            place = self.places[location] = Place()
        return place

    def _move(self, event: Event, location: LocationId, units: int, what: str, lot: str = "") -> None:
        """Book units in or out; what goes is taken off the named lot, else off those that must go first."""
        place = self._place(location)
        place.on_hand += units
        if place.lots and units < 0:
            place.take_lots(-units, lot)
            place.trim_lots()
        if self.lines is not None and units:
            self.lines.append(
                Movement(at=event.at, event=event.id, location=location, units=units, what=what, on_hand=place.on_hand)
            )

    def _moved(self, event: StockMoved) -> None:
        """Units came or went; a receipt comes off the delivery that it names, a lot and serials follow."""
        self._move(event, event.location, event.units, event.reason, event.lot)
        if event.lot and event.units > 0:
            place = self._place(event.location)
            place.add_lot(event.lot, event.units, event.expires_at, event.at)
            place.trim_lots()
        expected = self.incoming.get(event.document) if event.document and event.units > 0 else None
        if expected is not None:
            expected.units = max(0, expected.units - event.units)
            if not expected.units:
                del self.incoming[event.document]
        for serial in event.serials:
            self._see_serial(serial, event.location if event.units > 0 else "", event.location)

    def _count(self, event: StockCounted) -> None:
        units = event.units
        if event.basis == "available":
            self.free_counted = event.at
            units += self.unavailable(event.location) + self.allocated(event.location) + self.leaving(event.location)
            units += self.held(event.location, event.at) + self.expired(event.location, event.at)
        elif event.location in self.places:
            self._place(event.location).look(self.on_hand(event.location), event.units)
        self._move(event, event.location, units - self.on_hand(event.location), "counted")

    def _expect_supply(self, event: SupplyExpected) -> None:
        self.incoming.pop(event.document, None)
        if event.units:
            self.incoming[event.document] = Incoming(event.document, event.location, event.units, event.due_at)

    def _transfer(self, event: TransferOrdered | TransferSent | TransferReceived) -> None:
        transfer = self.transfers.get(event.transfer)
        if transfer is None:
            here = event.location if isinstance(event, TransferReceived) else event.origin
            there = event.location if isinstance(event, TransferReceived) else event.destination
            transfer = self.transfers[event.transfer] = Transfer(event.transfer, here, there)
        if isinstance(event, TransferOrdered):
            self._order_transfer(transfer, 0 if event.withdrawn else max(0, event.units - transfer.sent))
            transfer.due_at = event.due_at
        elif isinstance(event, TransferSent):
            transfer.destination = event.destination
            transfer.due_at = transfer.due_at if event.due_at == FOREVER else event.due_at
            transfer.sent += event.units
            self._order_transfer(transfer, 0 if event.final else max(0, transfer.ordered - event.units))
            self._move(event, event.origin, -event.units, "sent")
        else:
            transfer.received += event.units
            self._arrive(event)
            transfer.closed = transfer.closed or event.final
        over = transfer.closed and not transfer.ordered and not transfer.discrepancy
        if over or (isinstance(event, TransferOrdered) and not transfer.ordered and not transfer.sent):
            del self.transfers[event.transfer]

    def _order_transfer(self, transfer: Transfer, units: int) -> None:
        self._leave(transfer.origin, units - transfer.ordered)
        transfer.ordered = units

    def _arrive(self, event: TransferReceived) -> None:
        self._move(event, event.location, event.units, "arrived")
        if event.damaged:
            aside = self._place(event.location).set_aside
            aside["damaged"] = aside.get("damaged", 0) + event.damaged

    def _shelf_effect(self, event: PickedShort) -> None:
        """Let a short pick correct the location's record, as its effect says."""
        place = self._place(event.location)
        if event.effect != "none":  # nobody says that the record was wrong, or right
            place.look(event.units, 0)
        if event.effect == "missing":
            self._move(event, event.location, -event.units, event.reason)
        elif event.effect == "empty":
            self._move(event, event.location, min(0, -place.on_hand), event.reason)
        elif event.effect == "damaged":
            place.set_aside["damaged"] = place.set_aside.get("damaged", 0) + event.units

    def _name_serials(self, event: SerialsNamed) -> None:
        for serial in event.serials:
            self._see_serial(serial, f"order/{event.order}")

    def _see_serial(self, serial: str, now: str, came_from: str = "") -> None:
        """Follow a unit to where it is now (nowhere, when it left); one that can't have got there is doubtful."""
        known = self.serials.pop(serial, None)
        left_another = not now and known != came_from
        in_two_places = bool(now) and known != now and now.startswith("order/") == (known or now).startswith("order/")
        if known is not None and (left_another or in_two_places):
            self.doubts[serial] = (known, now or f"left {came_from}")
        if now:
            self.serials[serial] = now
