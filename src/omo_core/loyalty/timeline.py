"""What moves a member's points, each thing once, in the one order."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from heapq import merge

from omo_core.events import Event, canonical, current
from omo_core.identifiers import ProfileId
from omo_core.loyalty.events import PointsGranted, PointsRedeemed
from omo_core.purchases import cancelled, purchases
from omo_core.trade import Refund


def timeline(events: Iterable[Event], profiles: Collection[ProfileId]) -> list[Event]:
    """Give what moves the points of a member that bears these records, each thing once, in canonical order.

    Sales that turned out to be another record's are left out, together with what follows from them.
    """
    latest = current(events)
    sales = [sale for sale in purchases(latest) if sale.profile in profiles]
    rest = [
        event
        for event in latest
        if isinstance(event, Refund)
        or (isinstance(event, PointsRedeemed | PointsGranted) and event.profile in profiles and not event.withdrawn)
    ]
    ends = [cancelled(sale) for sale in sales if sale.status == "cancelled"]
    return list(merge(sorted(sales, key=canonical), sorted([*rest, *ends], key=canonical), key=canonical))
