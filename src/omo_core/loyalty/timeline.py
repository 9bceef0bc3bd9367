"""What moves a member's points, each thing once, in the one order."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from heapq import merge

from omo_core.events import Event, canonical, current
from omo_core.identifiers import ProfileId
from omo_core.loyalty.events import PointsEvent, PointsTransferred
from omo_core.loyalty.programme import Programme
from omo_core.purchases import cancelled, purchases
from omo_core.trade import HandedOver, Refund


def timeline(
    events: Iterable[Event], profiles: Collection[ProfileId], programme: Programme | None = None
) -> list[Event]:
    """Give what moves the points of a member that bears these records, each thing once, in canonical order.

    Other records' sales are among it where the history holds them: the member may have paid for one with points,
    and a refund of it gives them back. With a ``programme``, only its points; without, those that name none.
    """
    latest = current(events)
    sales = purchases(latest)
    rest = [event for event in latest if _moves_points(event, profiles, programme)]
    ends = [cancelled(sale) for sale in sales if sale.status == "cancelled"]
    return list(merge(sorted(sales, key=canonical), sorted([*rest, *ends], key=canonical), key=canonical))


def _moves_points(event: Event, profiles: Collection[ProfileId], programme: Programme | None) -> bool:
    if isinstance(event, Refund | HandedOver):
        return True
    if not isinstance(event, PointsEvent) or event.withdrawn:
        return False
    if not (programme.is_meant(event.programme) if programme is not None else event.programme == ""):
        return False
    return event.profile in profiles or (isinstance(event, PointsTransferred) and event.receiver in profiles)
