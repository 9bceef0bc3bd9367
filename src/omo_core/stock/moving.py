"""How goods come, go and are counted: the part of the fold that moves what lies somewhere."""

from __future__ import annotations

from datetime import datetime

from omo_core.events import Event
from omo_core.identifiers import LocationId
from omo_core.stock.events import StockCounted, StockMoved
from omo_core.stock.line_events import PickedShort, SerialsNamed
from omo_core.stock.places import Incoming, Lot, Movement, Place
from omo_core.stock.standing import Standing
from omo_core.stock.transferring import SupplyExpected


class Moving(Standing):
    """Moves goods."""

    __slots__ = ()

    def _place(self, location: LocationId) -> Place:
        place = self.places.get(location)
        if place is None:
            place = self.places[location] = Place()
        return place

    def _move(
        self,
        event: Event,
        location: LocationId,
        units: int,
        what: str,
        *,
        lot: str = "",
        allocation: str = "",
        thrown_away: bool = False,
    ) -> list[Lot]:
        """Book units in or out; gives which lots went. What was thrown away had expired, as far as anything had."""
        place = self._place(location)
        place.on_hand += units
        gone: list[Lot] = []
        if place.lots and units < 0:
            gone = place.drop_lots(-units, lot) if thrown_away else place.give_lots(-units, event.at, lot)
            place.trim_lots()
        if self.lines is not None and units:
            self.lines.append(
                Movement(
                    at=event.at,
                    event=event.id,
                    location=location,
                    units=units,
                    what=what,
                    on_hand=place.on_hand,
                    allocation=allocation,
                )
            )
        return gone

    def _add_lot(
        self, location: LocationId, lot: str, units: int, at: datetime, expires_at: datetime | None = None
    ) -> None:
        """Say of which lot units are that came; when a lot expires is known of it wherever it lies."""
        if expires_at is not None:
            self.expiries[lot] = expires_at
        place = self._place(location)
        place.add_lot(lot, units, self.expiries.get(lot), at)
        place.trim_lots()

    def _moved(self, event: StockMoved) -> None:
        """Units came or went; a receipt comes off the delivery that it names, a lot and serials follow."""
        thrown_away = event.reason == "expired"
        self._move(event, event.location, event.units, event.reason, lot=event.lot, thrown_away=thrown_away)
        if event.lot and event.units > 0:
            self._add_lot(event.location, event.lot, event.units, event.at, event.expires_at)
        if event.document and event.units > 0:
            self._received(event.document, event.location, event.units)
        for serial in event.serials:
            self._see_serial(serial, event.location if event.units > 0 else "", event.location)

    def _received(self, document: str, location: LocationId, units: int) -> None:
        """Take what came off what is expected of a delivery: there first, then where it was to go instead."""
        mine = [one for one in self.incoming.values() if one.document == document]
        for one in sorted(mine, key=lambda one: (one.location != location, one.due_at, one.location)):
            came = min(one.units, units)
            one.units -= came
            units -= came
            if not one.units:
                del self.incoming[document, one.location]

    def _count(self, event: StockCounted) -> None:
        units = event.units
        if event.basis == "available":
            self.free_counted = event.at
            units += self.unavailable(event.location) + self.allocated(event.location) + self.leaving(event.location)
            units += self.held(event.location, event.at) + self.expired(event.location, event.at)
        elif event.location in self.places:
            self._place(event.location).look(self.on_hand(event.location), event.units)
        self._move(event, event.location, units - self.on_hand(event.location), "counted", thrown_away=True)

    def _expect_supply(self, event: SupplyExpected) -> None:
        self.incoming.pop((event.document, event.location), None)
        if event.units:
            incoming = Incoming(event.document, event.location, event.units, event.due_at)
            self.incoming[event.document, event.location] = incoming

    def _shelf_effect(self, event: PickedShort, allocation: str) -> None:
        """Let a short pick correct the location's record, as its effect says; nobody misses more than lay there."""
        place = self._place(event.location)
        there = max(0, place.on_hand)
        if event.effect != "none":  # nobody says that the record was wrong, or right
            place.look(min(event.units, there), 0)
        if event.effect == "missing":
            if event.units > there:
                self._misfit(event, "more_than_lay_there", event, event.location, event.units - there)
            self._move(event, event.location, -min(event.units, there), event.reason, allocation=allocation)
        elif event.effect == "empty":
            self._move(event, event.location, min(0, -place.on_hand), event.reason, allocation=allocation)
        elif event.effect == "damaged":
            place.set_aside["damaged"] = place.set_aside.get("damaged", 0) + event.units

    def _name_serials(self, event: SerialsNamed) -> None:
        for serial in event.serials:
            self._see_serial(serial, f"order/{event.order}")

    def _see_serial(self, serial: str, now: str, *came_from: str) -> None:
        """Follow a unit to where it is now (nowhere, when it left); one that can't have got there is doubtful."""
        known = self.serials.pop(serial, None)
        if known is not None and known not in (now, *came_from):
            sold_or_back = bool(now) and now.startswith("order/") != known.startswith("order/")
            if not sold_or_back:
                self.doubts[serial] = (known, now or f"left {came_from[0]}")
        if now:
            self.serials[serial] = now
