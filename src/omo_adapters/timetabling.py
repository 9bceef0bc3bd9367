"""From what a shop wrote about its hours to a timetable: opening hours, public holidays, lead times, the carrier."""

from __future__ import annotations

from collections.abc import Container
from datetime import date
from zoneinfo import ZoneInfo

from attrs import frozen

from omo_adapters.config_models import ShopConfig
from omo_adapters.errors import Misconfigured
from omo_adapters.stock_models import CarrierModel, WorkModel
from omo_core.errors import Malformed
from omo_core.identifiers import LocationId
from omo_core.instants import zone
from omo_core.stock.calendars import MIDNIGHT, Calendar, Hours, LeadTime
from omo_core.stock.timetables import Timetable, Workplace, always_open

NEEDED = "opening hours and holidays need: pip install 'omo[calendar]'"


def timetable_of(config: ShopConfig) -> Timetable:
    """Make the timetable that a shop's settings say; what is wrong is named with its place."""
    where = zone(config.zone)
    stock = config.stock
    holidays = _holidays(stock.holidays)
    usual = _workplace("stock.work", stock.work, where, holidays)
    places = {
        LocationId(place.id): _workplace(f"locations.{place.id}.work", _filled(place.work, stock.work), where, holidays)
        for place in config.locations
        if place.work.model_fields_set
    }
    timetable = Timetable(
        carrier=_calendar("stock.carrier", stock.carrier, where, holidays), usual=usual, places=places
    )
    timetable.check()
    return timetable


def _filled(own: WorkModel, usual: WorkModel) -> WorkModel:
    """A location says what differs; the rest is as usual."""
    return usual.model_copy(update={name: getattr(own, name) for name in own.model_fields_set})


def _workplace(path: str, model: WorkModel, where: ZoneInfo, holidays: Container[date] | None) -> Workplace:
    lead = LeadTime(
        cut_off=model.cut_off or MIDNIGHT, handling_days=model.handling_days, transit_days=model.transit_days
    )
    return Workplace(calendar=_calendar(path, model, where, holidays), lead=lead, pickup_minutes=model.pickup_minutes)


def _calendar(path: str, model: CarrierModel, where: ZoneInfo, holidays: Container[date] | None) -> Calendar:
    if not model.hours:
        return _Shut(always_open(where), frozenset(model.shut))
    try:
        from omo_adapters.calendars import OpeningHours  # noqa: PLC0415  (an extra: it may not be there)
    except ImportError:
        raise Misconfigured(f"{path}.hours: {NEEDED}") from None
    try:
        return OpeningHours(model.hours, where, frozenset(model.shut), holidays=holidays)
    except Malformed as complaint:
        raise complaint.under(path) from None


@frozen
class _Shut:
    """A calendar with days off."""

    calendar: Calendar
    shut: frozenset[date]

    @property
    def zone(self) -> ZoneInfo:
        return self.calendar.zone

    def hours(self, day: date) -> Hours:
        return () if day in self.shut else self.calendar.hours(day)


def _holidays(name: str) -> Container[date] | None:
    if not name:
        return None
    country, _, part = name.partition("-")
    try:
        from omo_adapters.calendars import public_holidays  # noqa: PLC0415  (an extra, and slow to import)
    except ImportError:
        raise Misconfigured(f"stock.holidays: {NEEDED}") from None
    try:
        return public_holidays(country, subdivision=part or None)
    except Malformed as complaint:
        raise Malformed("stock.holidays", complaint.why) from None
