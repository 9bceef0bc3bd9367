"""When the shop's places work, and how long they and the carrier need."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from attrs import evolve, field, frozen

from omo_core.identifiers import LocationId
from omo_core.instants import add_days, local_day, start_of_day
from omo_core.quantities import whole
from omo_core.stock.calendars import MINUTES_MAX, Calendar, LeadTime, Week, arrival_day, ready_at, ship_day

NO_LEAD: Final = LeadTime()
ROUND_THE_CLOCK: Final = ((time(0), time(0)),)


def always_open(zone: ZoneInfo) -> Week:
    """Give the calendar of a place that never shuts."""
    return Week(zone=zone, weekly=(ROUND_THE_CLOCK,) * 7)


@frozen(kw_only=True)
class Dated:
    """When units leave, and when the customer has them or can collect them; none where nobody can say."""

    leaves_on: date | None = None
    on: date | None = None
    ready_at: datetime | None = None


@frozen(kw_only=True)
class Workplace:
    """When a place works, and how long it needs for an order."""

    calendar: Calendar
    lead: LeadTime = NO_LEAD
    pickup_minutes: int = 0
    """Minutes of its opening hours until what lies there is ready to be collected."""

    def check(self) -> None:
        """Raise ``Malformed`` when the workplace can't mean anything."""
        if isinstance(self.calendar, Week):
            self.calendar.check()
        self.lead.check()
        whole(self.pickup_minutes, "pickup_minutes", low=0, high=MINUTES_MAX)


@frozen(kw_only=True)
class Timetable:
    """Every place's working hours and lead time, and the carrier's days."""

    carrier: Calendar
    usual: Workplace
    """Of places that say nothing of their own."""
    places: Mapping[LocationId, Workplace] = field(factory=dict)

    @classmethod
    def simple(cls, zone: ZoneInfo, lead: LeadTime = NO_LEAD, *, pickup_minutes: int = 0) -> Timetable:
        """Give the timetable of a shop that never shuts."""
        calendar = always_open(zone)
        usual = Workplace(calendar=calendar, lead=lead, pickup_minutes=pickup_minutes)
        return cls(carrier=calendar, usual=usual)

    def check(self) -> None:
        """Raise ``Malformed`` when the timetable can't mean anything."""
        for workplace in (self.usual, *self.places.values()):
            workplace.check()
        if isinstance(self.carrier, Week):
            self.carrier.check()

    def at(self, place: LocationId) -> Workplace:
        """Give a place's hours and lead time."""
        return self.places.get(place, self.usual)

    def sent(self, origin: LocationId, since: datetime) -> Dated:
        """Say when what is in a place from an instant on leaves it, and when it is where it is sent."""
        place = self.at(origin)
        arrives = arrival_day(place.calendar, place.lead, since, carrier=self.carrier)
        return Dated(leaves_on=ship_day(place.calendar, place.lead, since), on=arrives)

    def collected(self, store: LocationId, origin: LocationId, since: datetime) -> Dated:
        """Say when it is ready to be collected in a store; what is brought in is ready after the day it arrives."""
        moved = Dated() if origin == store else self.sent(origin, since)
        place = self.at(store)
        zone = place.calendar.zone
        if origin != store:
            if moved.on is None:
                return moved
            since = start_of_day(add_days(moved.on, 1), zone)
        ready = ready_at(place.calendar, since, place.pickup_minutes)
        return evolve(moved, ready_at=ready, on=None if ready is None else local_day(ready, zone))
