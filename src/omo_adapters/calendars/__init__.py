"""Calendars made by libraries, for `pip install omo[calendar]`: opening hours as people write them, public holidays."""

from omo_adapters.calendars.hours import OpeningHours, public_holidays

__all__ = ["OpeningHours", "public_holidays"]
