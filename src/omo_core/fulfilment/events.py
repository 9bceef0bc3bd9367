"""What happens to an order besides being sold, handed over and refunded (see ``trade``)."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from omo_core.events import Event
from omo_core.identifiers import LocationId, OrderId, StreamName, order_stream
from omo_core.quantities import text


@frozen(kw_only=True)
class OrderReady(Event):
    """The goods of a pickup order lie ready at the counter."""

    kind: ClassVar[str] = "order_ready"
    rank: ClassVar[int] = 34

    order: OrderId
    location: LocationId
    actor: str = ""

    @property
    def homes(self) -> tuple[StreamName, ...]:
        """Live in the order's history."""
        return (order_stream(self.order),)

    def check(self) -> None:
        """Raise ``Malformed`` when the statement can't mean anything."""
        Event.check(self)
        text(self.order, "order")
        text(self.location, "location")
        text(self.actor, "actor", empty=True)
