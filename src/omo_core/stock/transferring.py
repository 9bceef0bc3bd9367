"""Goods that are on their way: expected from a supplier, or between two of the shop's own locations."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, NewType

from attrs import field, frozen

from omo_core.errors import Malformed
from omo_core.events import Event, check_serials
from omo_core.identifiers import LocationId, Sku, StreamName, stock_stream, transfer_stream
from omo_core.instants import FOREVER, utc
from omo_core.quantities import flag, text, units

TransferId = NewType("TransferId", str)
"""Names goods that go from one location to another together."""


def _due(value: object) -> datetime:
    return FOREVER if value == FOREVER else utc(value, "due_at")


def _withdrawn_at(value: object) -> datetime | None:
    return None if value is None else utc(value, "withdrawn_at")


def _expires_at(value: object) -> datetime | None:
    return None if value is None else utc(value, "expires_at")


def _check_units(lot: str, serials: tuple[str, ...], units: int) -> None:
    text(lot, "lot", empty=True)
    check_serials(serials, units)


@frozen(kw_only=True)
class _OfArticle(Event):
    sku: Sku
    units: int

    @property
    def streams(self) -> tuple[StreamName, ...]:
        """Stand in the article's history."""
        return (stock_stream(self.sku),)

    def check(self) -> None:
        """Raise ``Malformed`` when the statement can't mean anything."""
        Event.check(self)
        text(self.sku, "sku")
        units(self.units, "units")


@frozen(kw_only=True)
class SupplyExpected(_OfArticle):
    """So many units of a delivery are still to come; the latest statement counts, receipts that name it come off."""

    kind: ClassVar[str] = "supply_expected"
    rank: ClassVar[int] = 19

    document: str
    """The purchase order or shipping notice, as receipts name it."""
    location: LocationId
    due_at: datetime = field(default=FOREVER, converter=_due)
    """From when on it can be counted on; without one, nobody knows."""

    def check(self) -> None:
        """Raise ``Malformed`` when the statement can't mean anything."""
        _OfArticle.check(self)
        text(self.document, "document")
        text(self.location, "location")


@frozen(kw_only=True)
class _OfTransfer(_OfArticle):
    transfer: TransferId

    @property
    def streams(self) -> tuple[StreamName, ...]:
        """Stand in the article's history, and in that of the transfer with all its articles."""
        return (stock_stream(self.sku), transfer_stream(self.transfer))

    def check(self) -> None:
        """Raise ``Malformed`` when the statement can't mean anything."""
        _OfArticle.check(self)
        text(self.transfer, "transfer")


@frozen(kw_only=True)
class TransferOrdered(_OfTransfer):
    """Units of one location are to go to another; until they leave they are promised to it."""

    kind: ClassVar[str] = "transfer_ordered"
    rank: ClassVar[int] = 23

    origin: LocationId
    destination: LocationId
    due_at: datetime = field(default=FOREVER, converter=_due)
    withdrawn: bool = False
    """A later version: nothing more of it will leave."""
    withdrawn_at: datetime | None = field(default=None, converter=_withdrawn_at)
    """When it was withdrawn; without it, an order that was withdrawn never was."""

    def check(self) -> None:
        """Raise ``Malformed`` when the order can't mean anything."""
        _OfTransfer.check(self)
        text(self.origin, "origin")
        text(self.destination, "destination")
        flag(self.withdrawn, "withdrawn")
        if self.withdrawn_at is not None and not self.withdrawn:
            raise Malformed("withdrawn_at", "is said of a transfer that was not withdrawn")
        if self.origin == self.destination:
            raise Malformed("destination", "is where the goods are already")


@frozen(kw_only=True)
class TransferSent(_OfTransfer):
    """Units of a transfer left a location; they are in transit until they are received."""

    kind: ClassVar[str] = "transfer_sent"
    rank: ClassVar[int] = 23

    origin: LocationId
    destination: LocationId
    due_at: datetime = field(default=FOREVER, converter=_due)
    final: bool = False
    """Nothing more of the order will leave."""
    lot: str = ""
    """The lot that the units are of; without one, they are of the lots that expire first of those still for sale."""
    serials: tuple[str, ...] = ()
    """The serial numbers of the units, where they are known."""

    def check(self) -> None:
        """Raise ``Malformed`` when the statement can't mean anything."""
        _OfTransfer.check(self)
        text(self.origin, "origin")
        text(self.destination, "destination")
        flag(self.final, "final")
        _check_units(self.lot, self.serials, self.units)


@frozen(kw_only=True)
class TransferReceived(_OfTransfer):
    """Units of a transfer arrived."""

    kind: ClassVar[str] = "transfer_received"
    rank: ClassVar[int] = 24

    location: LocationId
    damaged: int = 0
    """How many of them are not for sale."""
    final: bool = True
    """Nothing more will come: what is missing was lost on the way, and is shown as such."""
    lot: str = ""
    """The lot that the units are of; without one, they are of what was sent."""
    expires_at: datetime | None = field(default=None, converter=_expires_at)
    """From when on units of the lot are not for sale; without it, what is known of the lot."""
    serials: tuple[str, ...] = ()
    """The serial numbers of the units, where they are known."""

    def check(self) -> None:
        """Raise ``Malformed`` when the statement can't mean anything."""
        _OfTransfer.check(self)
        text(self.location, "location")
        units(self.damaged, "damaged")
        flag(self.final, "final")
        _check_units(self.lot, self.serials, self.units)
        if self.damaged > self.units:
            raise Malformed("damaged", f"{self.damaged} of {self.units} units can't be damaged")
