"""Stock: what lies where, what is promised, what is free."""

from omo_core.stock.commands import AllocateLine, HoldUnits, ReleaseHold, Wanted
from omo_core.stock.deciding import StockRules, decide_allocate, decide_hold, decide_release, demand, released
from omo_core.stock.events import StockCounted, StockMoved, StockSetAside, UnitsAllocated, UnitsHeld
from omo_core.stock.position import NOWHERE, Movement, Place, Positions, Promise, positions
from omo_core.stock.refusals import HoldExists, HoldUnknown, LineUnknown, NotEnoughUnits, Short, StockRefusal
from omo_core.stock.timeline import timeline

__all__ = [
    "NOWHERE",
    "AllocateLine",
    "HoldExists",
    "HoldUnits",
    "HoldUnknown",
    "LineUnknown",
    "Movement",
    "NotEnoughUnits",
    "Place",
    "Positions",
    "Promise",
    "ReleaseHold",
    "Short",
    "StockCounted",
    "StockMoved",
    "StockRefusal",
    "StockRules",
    "StockSetAside",
    "UnitsAllocated",
    "UnitsHeld",
    "Wanted",
    "decide_allocate",
    "decide_hold",
    "decide_release",
    "demand",
    "positions",
    "released",
    "timeline",
]
