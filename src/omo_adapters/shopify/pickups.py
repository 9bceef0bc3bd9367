"""Which lines of an order are picked up in a store.

Shopify's order bodies do not state the way of delivery, so it is read from what they do have, surest first:

1. the line says so: a property ``_pickupstore`` (as storefront apps for pickup set it), whose value is the store;
2. the shop says so: the context maps ``shopify:pickup:<code>`` for the code of the order's shipping line. Shopify's own
   local pickup writes the location's name as code, so a shop maps one entry per store;
3. the shipping line says so: a delivery category, code or title out of ``WORDS``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from attrs import frozen

from omo_adapters.inbound import Context
from omo_adapters.shopify.payloads import OrderLine, ShippingLine
from omo_core.identifiers import LocationId

PROPERTY: Final = "_pickupstore"
WORDS: Final = frozenset(
    "pickup|pick up|pick_up|pick-up|local pickup|local_pickup|store pickup|in-store pickup|in store pickup|"
    "click and collect|click & collect|自取|門市自取|門店自取|到店取貨|门店自取|到店自取".split("|")
)
"""What shipping lines for pickup are called, in full and whatever the case."""


@frozen
class Pickup:
    """A line waits in a store."""

    location: LocationId | None
    """Which one, where that is known."""


def place_of_pickup(ways: Sequence[ShippingLine], line: OrderLine, context: Context) -> Pickup | None:
    """Say whether, and where, a line is picked up; ``ways`` are the order's shipping lines that still stand."""
    store = next((one.value for one in line.properties if one.name == PROPERTY), None)
    if store is not None:
        return Pickup(context.locations.get(f"shopify:{store}"))
    for way in ways:
        known = context.locations.get(f"shopify:pickup:{way.code}")
        if known is not None:
            return Pickup(known)
        if not WORDS.isdisjoint((way.delivery_category.lower(), way.code.strip().lower(), way.title.strip().lower())):
            return Pickup(None)
    return None
