"""Who has a claim on an article's units: order lines that wait, holds that live, transfers that are to leave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from attrs import frozen

from omo_core.identifiers import LocationId
from omo_core.quantities import UNITS_MAX, whole
from omo_core.stock.events import UnitsHeld
from omo_core.stock.places import Promise
from omo_core.stock.rules import StockRules
from omo_core.stock.standing import Standing


@frozen(kw_only=True)
class Waiting:
    """Somebody who waits for units."""

    name: str
    units: int
    at: datetime
    """Since when, or for when; who is earlier comes first."""
    priority: int = 0
    """Lower comes before, whatever the time."""
    owner: str = ""
    """Whose it is: an order, a hold or a transfer."""
    picking: bool = False
    """Somebody has it in hand: it comes before all others in its place."""

    @property
    def turn(self) -> tuple[bool, int, datetime, str]:
        """Say when it is served; lower goes first."""
        return not self.picking, self.priority, self.at, self.name

    def check(self) -> None:
        """Raise ``Malformed`` when nobody can wait for that many."""
        whole(self.units, "units", low=0, high=UNITS_MAX**2)


def order_claim(order: str) -> str:
    """Name an order as the owner of claims."""
    return f"order/{order}"


def hold_claim(hold: str) -> str:
    """Name a hold as the owner of claims."""
    return f"hold/{hold}"


def place_claims(positions: Standing, rules: StockRules, location: LocationId, at: datetime) -> Iterator[Waiting]:
    """Give every claim on what lies in a place."""
    for promise in positions.promises.values():
        for share in promise.shares:
            if share.location == location:
                yield _promised(promise, share.units, rules, picking=share.picking)
    for part in positions.holds.parts():
        if part.location == location and part.until > at:
            yield held_claim(part, rules)
    for transfer in positions.transfers.values():
        if transfer.origin == location and transfer.ordered:
            name = f"transfer/{transfer.transfer}"
            yield Waiting(name=name, owner=name, units=transfer.ordered, at=transfer.at)


def pool_claims(positions: Standing, rules: StockRules, at: datetime) -> Iterator[tuple[Waiting, str]]:
    """Give every claim that lies on a pool, with the channel whose pool it is."""
    for promise in positions.promises.values():
        units = promise.at_location(None)
        if units:
            yield _promised(promise, units, rules), promise.channel
    for part in positions.holds.parts():
        if part.location is None and part.until > at:
            yield held_claim(part, rules), part.channel


def _promised(promise: Promise, units: int, rules: StockRules, *, picking: bool = False) -> Waiting:
    return Waiting(
        name=f"{promise.order}/{promise.line}",
        owner=order_claim(promise.order),
        units=units,
        at=promise.at,
        priority=rules.priority_of(promise.channel),
        picking=picking,
    )


def held_claim(part: UnitsHeld, rules: StockRules) -> Waiting:
    """Give the claim that a part of a hold makes."""
    name = hold_claim(part.hold)
    return Waiting(
        name=name,
        owner=name,
        units=part.units,
        at=part.stands_since,
        priority=rules.priority_of(part.channel),
    )
