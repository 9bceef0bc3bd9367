"""What lay on the shelves when somebody counted: the stock of the week, kept in the simplest way there is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Final

from omo_adapters.demo.brand import ARTICLES, HOT, NOVELTY, PLACES, WAREHOUSE, Place
from omo_adapters.demo.week_plan import Plan, Receipt, WebOrder

HOT_UNITS: Final = {"kwai-chung": 45, "central": 8, "mong-kok": 7, "tsuen-wan": 6}


@dataclass(kw_only=True)
class Shelves:
    """Opening stock, and everything that moved."""

    plan: Plan
    opening: dict[tuple[str, str], int]
    moves: list[tuple[datetime, str, str, int]] = field(default_factory=list)

    def receive(self, place: Place, sku: str, units: int, when: datetime) -> None:
        """Put more on a shelf."""
        self.moves.append((when, place.id, sku, units))

    def on_hand(self, place: Place, sku: str, when: datetime) -> int:
        """Count a shelf at an instant."""
        moved = sum(units for at, where, what, units in self.moves if at <= when and (where, what) == (place.id, sku))
        return self.opening.get((place.id, sku), 0) + moved

    def available(self, place: Place, sku: str, when: datetime) -> int:
        """Give what is on a shelf and waits for nobody."""
        waiting = sum(
            line.units
            for order in self.plan.orders
            if order.pickup is place and _waits(order, when)
            for line in order.lines
            if line.article.sku == sku
        )
        return self.on_hand(place, sku, when) - waiting


def _waits(order: WebOrder, when: datetime) -> bool:
    ends = (end for end in (order.fulfilled_at, order.cancelled_at) if end is not None)
    return order.at <= when and all(end > when for end in ends)


def stocked(plan: Plan, random: Random) -> Shelves:
    """Fill the shelves on Sunday evening, and let the week take from them."""
    opening = {
        (place.id, article.sku): HOT_UNITS[place.id] if article is HOT else _some(random, place)
        for place in PLACES
        for article in ARTICLES
        if article is not NOVELTY
    }
    shelves = Shelves(plan=plan, opening=opening)
    for receipt in plan.receipts:
        _ring_up(shelves, receipt)
    for order in plan.orders:
        _send_out(shelves, order)
    return shelves


def _some(random: Random, place: Place) -> int:
    return random.randrange(70, 130) if place is WAREHOUSE else random.randrange(9, 19)


def _ring_up(shelves: Shelves, receipt: Receipt) -> None:
    sign = {"sale": -1, "return": 1, "void": 1}.get(receipt.kind, 0)
    for line in receipt.lines:
        shelves.moves.append((receipt.at, receipt.store.id, line.article.sku, sign * line.units))


def _send_out(shelves: Shelves, order: WebOrder) -> None:
    place = order.pickup or WAREHOUSE
    if order.fulfilled_at is not None:
        for line in order.lines:
            shelves.moves.append((order.fulfilled_at, place.id, line.article.sku, -line.units))
    back = order.given_back
    if back is not None and back.location is not None:
        for which in back.lines:
            line = order.lines[which]
            shelves.moves.append((back.at, back.location.id, line.article.sku, line.units))
