"""Answers about what locations can pack: a place is held when planned, confirmed when committed, let go when not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from attrs import evolve, frozen

from omo_core.decisions import Accepted, Refused
from omo_core.events import Event
from omo_core.identifiers import EventId, HoldId, LocationId, OrderId, RequestId
from omo_core.instants import FOREVER
from omo_core.stock.commands import HoldSlots, ReleaseSlots
from omo_core.stock.deciding import Answer
from omo_core.stock.refusals import Full, HoldExists, HoldUnknown, SlotsFull
from omo_core.stock.rules import StockRules
from omo_core.stock.slots import NOBODY, Slot, SlotHeld, Spot
from omo_core.stock.sourcing.problem import Site

Slots = Mapping[Spot, Slot]


def room(
    slot: Slot, rules: StockRules, at: datetime, *, hold: HoldId | None = None, orders: frozenset[OrderId] = NOBODY
) -> int | None:
    """Give how many parcels more a slot takes; what the asker has in it already is free to it. None: any number."""
    most = rules.parcels_max(slot.location, slot.slot)
    return None if most is None else max(0, most - slot.taken(at, hold=hold, orders=orders))


def sites_with_slots(
    network: Iterable[Site],
    slots: Mapping[LocationId, Slot],
    rules: StockRules,
    at: datetime,
    *,
    hold: HoldId | None = None,
    orders: frozenset[OrderId] = NOBODY,
) -> tuple[Site, ...]:
    """Fill in how many parcels each location can still pack in its slot, and how many it has to pack already."""
    return tuple(_with_slot(site, slots.get(site.location), rules, at, hold, orders) for site in network)


def _with_slot(
    site: Site, slot: Slot | None, rules: StockRules, at: datetime, hold: HoldId | None, orders: frozenset[OrderId]
) -> Site:
    if slot is None:
        return site
    free = room(slot, rules, at, hold=hold, orders=orders)
    both = [limit for limit in (site.capacity, free) if limit is not None]
    return evolve(site, capacity=min(both, default=None), load=slot.load(at))


def decide_hold_slots(slots: Slots, rules: StockRules, command: HoldSlots) -> Answer:
    """Keep all the places that were asked for until an instant, or none of them."""
    asked: dict[Spot, int] = {}
    for one in command.slots:
        asked[one.spot] = asked.get(one.spot, 0) + one.parcels
    if any(_of_hold(slots[spot], command.hold, command.at) for spot in asked):
        return Refused(HoldExists(hold=command.hold))
    full = [
        Full(location=spot[0], slot=spot[1], asked=parcels, free=free)
        for spot, parcels in asked.items()
        if (free := room(slots[spot], rules, command.at)) is not None and free < parcels
    ]
    if full:
        return Refused(SlotsFull(full=tuple(full)))
    return Accepted(
        tuple(
            SlotHeld(
                id=EventId(f"slot/{command.request}/{number}"),
                at=command.at,
                source="omo",
                hold=command.hold,
                location=spot[0],
                slot=spot[1],
                parcels=parcels,
                until=command.until,
                order=command.order,
            )
            for number, (spot, parcels) in enumerate(asked.items(), 1)
        )
    )


def decide_release_slots(slots: Slots, command: ReleaseSlots) -> Answer:
    """Let go the places that a hold still keeps in these slots; what was confirmed goes with its order."""
    spots = dict.fromkeys(one.spot for one in command.slots)
    live = [one for spot in spots for one in _of_hold(slots[spot], command.hold, command.at) if not one.confirmed]
    if not live:
        return Refused(HoldUnknown(hold=command.hold))
    return Accepted(tuple(_let_go(one) for one in live))


def _of_hold(slot: Slot, hold: HoldId, at: datetime) -> list[SlotHeld]:
    return [one for one in slot.kept if one.hold == hold and one.until > at]


def _let_go(one: SlotHeld) -> SlotHeld:
    return evolve(one, version=one.version + 1, released=True)


@frozen(kw_only=True)
class Docket:
    """What a commitment must know of the places for its parcels."""

    rules: StockRules
    slots: Slots
    """Every slot that it may need, and every one in which its order or hold has a place."""
    orders: frozenset[OrderId]
    """The order's names."""
    order: OrderId
    """The first of them."""
    request: RequestId
    at: datetime
    slot: str = ""
    """The slot that is asked for; without one, the order's own at a location, else the day's."""
    hold: HoldId | None = None
    stays: frozenset[LocationId] = frozenset()
    """Locations from which the order gets units that the commitment does not touch."""
    collected_at: LocationId | None = None
    """The customer collects there: what lies there needs no parcel."""

    def confirm(self, locations: Iterable[LocationId]) -> tuple[Event, ...] | SlotsFull:
        """Give the order its place at each location that sends it something, and let go those it does not need."""
        places = [self._place(one) for one in dict.fromkeys(locations) if one != self.collected_at]
        full = tuple(place for place in places if isinstance(place, Full))
        if full:
            return SlotsFull(full=full)
        chosen = {place.id: place for place in places if isinstance(place, SlotHeld)}
        known = {one.id: one for one in self._mine()}
        events = [place for name, place in chosen.items() if known.get(name) != place]
        unused = [
            one
            for name, one in known.items()
            if name not in chosen and not (one.confirmed and one.location in self.stays)
        ]
        return (*events, *map(_let_go, unused))

    def _place(self, location: LocationId) -> SlotHeld | Full | None:
        """Find the place of a parcel at a location: one that the order has, one that was held for it, or a new one."""
        mine = [one for one in self._mine() if one.location == location and self.slot in ("", one.slot)]
        if mine:
            best = min(mine, key=lambda one: (not one.confirmed, one.id))
            return best if best.confirmed else evolve(best, version=best.version + 1, until=FOREVER, order=self.order)
        slot = self.slots[location, self.slot or self.rules.day_of(self.at)]
        free = room(slot, self.rules, self.at, hold=self.hold, orders=self.orders)
        if free is None:
            return None
        if free < 1:
            return Full(location=location, slot=slot.slot, asked=1, free=free)
        return SlotHeld(
            id=EventId(f"slot/{self.request}/{location}"),
            at=self.at,
            source="omo",
            hold=HoldId(self.request),
            location=location,
            slot=slot.slot,
            order=self.order,
        )

    def _mine(self) -> list[SlotHeld]:
        """Give the live places of the order, and of the hold, in order of their documents."""
        found = [
            one
            for slot in self.slots.values()
            for one in slot.kept
            if one.until > self.at and (one.order in self.orders or (self.hold is not None and one.hold == self.hold))
        ]
        return sorted(found, key=lambda one: one.id)


def with_slots(answer: Answer, docket: Docket | None, locations: Iterable[LocationId]) -> Answer:
    """Add to a commitment what it confirms and lets go; refuse it where a slot is full."""
    if docket is None or isinstance(answer, Refused):
        return answer
    confirmed = docket.confirm(locations)
    return Refused(confirmed) if isinstance(confirmed, SlotsFull) else Accepted((*answer.events, *confirmed))
