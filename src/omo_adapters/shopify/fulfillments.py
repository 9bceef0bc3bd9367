"""A fulfilment says that goods left a location; the same event whether it comes by itself or inside of its order.

A till fulfils what the customer carries away in the same second. By itself such a fulfilment looks like any other, so
it always becomes a hand-over, and stock leaves aside hand-overs of lines that its sale says were carried.
"""

from __future__ import annotations

from typing import Final

from omo_adapters.inbound import Context, Ignored, Outcome, Understood
from omo_adapters.shopify import ids
from omo_adapters.shopify.articles import article, counted, line_number
from omo_adapters.shopify.decoding import instant
from omo_adapters.shopify.payloads import Fulfillment
from omo_core.errors import Malformed
from omo_core.instants import micros
from omo_core.trade import HandedLine, HandedOver

LEFT: Final = {"success": False, "cancelled": True, "error": True, "failure": True}
"""Whether a fulfilment in a state was taken back. ``pending`` and ``open`` wait for a service: nothing has left."""
WAITING: Final = ("pending", "open")


def read_fulfillment(fulfillment: Fulfillment, context: Context) -> Outcome:
    """Give the fulfilment as an event, once goods have left."""
    found = hand_over(fulfillment, context, str(fulfillment.order_id))
    if found is not None:
        return Understood(events=(found,))
    if fulfillment.status in WAITING:
        return Ignored(reason="the fulfilment service has not sent the goods yet")
    return Ignored(reason="no line of the fulfilment moves stock")


def hand_over(fulfillment: Fulfillment, context: Context, order: str) -> HandedOver | None:
    """Give the fulfilment of the order with this number; none while nothing has left, or when nothing counted has."""
    if fulfillment.status in WAITING:
        return None
    cancelled = LEFT.get(fulfillment.status)
    if cancelled is None:
        raise Malformed("status", f"{fulfillment.status!r:.40} is not one that is known")
    lines = tuple(
        HandedLine(line=line_number(line), sku=article(line), units=line.quantity)
        for line in fulfillment.line_items
        if line.quantity and counted(line)
    )
    if not lines:
        return None
    updated = instant(fulfillment.updated_at or fulfillment.created_at, "updated_at")
    found = HandedOver(
        id=ids.handover_event(fulfillment.number),
        at=instant(fulfillment.created_at or fulfillment.updated_at, "created_at"),
        # Shopify states seconds: taken back within the same second goes before sent.
        version=micros(updated) + cancelled,
        source=ids.SOURCE,
        order=ids.order_id(order),
        location=context.location("shopify", _place(fulfillment)),
        how="collected" if fulfillment.shipment_status == "picked_up" else "shipped",
        lines=lines,
        cancelled=cancelled,
    )
    found.check()
    return found


def _place(fulfillment: Fulfillment) -> str:
    """Name where goods left: the location, else the service that keeps stock without one."""
    if fulfillment.location_id is not None:
        return str(fulfillment.location_id)
    return f"service:{fulfillment.service or 'manual'}"
