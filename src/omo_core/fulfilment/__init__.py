"""Fulfilment: an order from placed to handed over."""

from omo_core.fulfilment.commands import CancelOrder, CollectOrder, MarkReady, OrderLine, PlacePickupOrder
from omo_core.fulfilment.deciding import decide_cancel, decide_collect, decide_place, decide_ready
from omo_core.fulfilment.events import OrderReady
from omo_core.fulfilment.flow import TRANSITIONS, State, Step, allowed
from omo_core.fulfilment.order import LineState, Order, order
from omo_core.fulfilment.refusals import (
    FulfilmentRefusal,
    GoodsElsewhere,
    Missing,
    NotInStore,
    OrderExists,
    OrderUnknown,
    WrongState,
)

__all__ = [
    "TRANSITIONS",
    "CancelOrder",
    "CollectOrder",
    "FulfilmentRefusal",
    "GoodsElsewhere",
    "LineState",
    "MarkReady",
    "Missing",
    "NotInStore",
    "Order",
    "OrderExists",
    "OrderLine",
    "OrderReady",
    "OrderUnknown",
    "PlacePickupOrder",
    "State",
    "Step",
    "WrongState",
    "allowed",
    "decide_cancel",
    "decide_collect",
    "decide_place",
    "decide_ready",
    "order",
]
