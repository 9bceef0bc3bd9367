"""How goods get from one location to another: the part of the fold that follows transfers, with lots and serials."""

from __future__ import annotations

from datetime import datetime

from omo_core.instants import FOREVER
from omo_core.stock.moving import Moving
from omo_core.stock.places import Lot, Transfer, going_first
from omo_core.stock.transferring import TransferId, TransferOrdered, TransferReceived, TransferSent


class Travelling(Moving):
    """Follows goods on their way."""

    __slots__ = ()

    def _transfer(self, event: TransferOrdered | TransferSent | TransferReceived) -> None:
        transfer = self.transfers.get(event.transfer)
        if transfer is None:
            here = event.location if isinstance(event, TransferReceived) else event.origin
            there = event.location if isinstance(event, TransferReceived) else event.destination
            transfer = self.transfers[event.transfer] = Transfer(event.transfer, here, there, event.at)
        if isinstance(event, TransferOrdered):
            self._order_transfer(transfer, 0 if event.withdrawn else max(0, event.units - transfer.sent))
            transfer.due_at = event.due_at
        elif isinstance(event, TransferSent):
            self._send(transfer, event)
        else:
            self._arrive(transfer, event)
        self._forget_transfer(transfer)

    def _withdraw(self, name: TransferId) -> None:
        """Nothing more of a transfer will leave."""
        transfer = self.transfers.get(name)
        if transfer is not None:
            self._order_transfer(transfer, 0)
            self._forget_transfer(transfer)

    def _forget_transfer(self, transfer: Transfer) -> None:
        """A transfer of which nothing is to leave, nothing is on its way and nothing was lost is over."""
        never_began = not transfer.sent and not transfer.received
        if not transfer.ordered and (never_began or (transfer.closed and not transfer.discrepancy)):
            del self.transfers[transfer.transfer]

    def _order_transfer(self, transfer: Transfer, units: int) -> None:
        self._leave(transfer.origin, units - transfer.ordered)
        transfer.ordered = units

    def _send(self, transfer: Transfer, event: TransferSent) -> None:
        """Units left: what they are of goes with them, and what was said to have arrived before is there already."""
        arrived = max(0, transfer.received - transfer.sent)
        transfer.destination = event.destination
        transfer.due_at = transfer.due_at if event.due_at == FOREVER else event.due_at
        transfer.sent += event.units
        self._order_transfer(transfer, 0 if event.final else max(0, transfer.ordered - event.units))
        for lot in self._move(event, event.origin, -event.units, "sent", lot=event.lot):
            there = min(arrived, lot.units)
            arrived -= there
            if there:
                self._add_lot(event.destination, lot.lot, there, event.at, _expiry(lot))
            if lot.units > there and not transfer.closed:
                transfer.lots.append(Lot(lot.lot, lot.units - there, lot.expires_at, lot.in_at))
        for serial in event.serials:
            self._see_serial(serial, f"transfer/{event.transfer}", event.origin)

    def _arrive(self, transfer: Transfer, event: TransferReceived) -> None:
        """Units arrived, with the lot that is named, else with those that were sent; what is missing then is lost."""
        transfer.received += event.units
        self._move(event, event.location, event.units, "arrived")
        left = event.units
        for lot in going_first(transfer.lots):
            if left and event.lot in ("", lot.lot):
                some = min(left, lot.units)
                self._add_lot(event.location, lot.lot, some, event.at, event.expires_at or _expiry(lot))
                lot.units -= some
                left -= some
        if left and event.lot:
            self._add_lot(event.location, event.lot, left, event.at, event.expires_at)
        transfer.closed = transfer.closed or event.final
        transfer.lots = [] if transfer.closed else [lot for lot in transfer.lots if lot.units]
        if event.damaged:
            aside = self._place(event.location).set_aside
            aside["damaged"] = aside.get("damaged", 0) + event.damaged
        for serial in event.serials:
            self._see_serial(serial, event.location, f"transfer/{event.transfer}", transfer.origin)


def _expiry(lot: Lot) -> datetime | None:
    """Give when a lot expires, if it is known to."""
    return None if lot.expires_at == FOREVER else lot.expires_at
