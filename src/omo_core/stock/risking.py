"""Which promises can't be kept by what is there: in each place, on the pools, whatever made the goods go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from attrs import frozen

from omo_core.identifiers import LocationId
from omo_core.stock.rules import StockRules
from omo_core.stock.sequence import Served, place_sequence, pool_sequence
from omo_core.stock.standing import Standing


@frozen(kw_only=True)
class AtRisk:
    """A promise of which units are not there."""

    name: str
    """``W1/1`` for an order's line, ``hold/…`` for a hold, ``transfer/…`` for what is to leave for another place."""
    order: str
    """The order; empty for holds and transfers."""
    location: LocationId | None
    """Where it lies; none for the pool."""
    units: int
    """How many are not there now."""
    promised: int
    at: datetime
    """Since when it stands in line."""
    expected: tuple[tuple[datetime, int], ...] = ()
    """What of them is announced for it, and for when; of the rest nobody knows."""


def at_risk(positions: Standing, rules: StockRules, at: datetime) -> tuple[AtRisk, ...]:
    """Name every promise that what is there can't keep: place by place in order of name, then the pool.

    Whoever was promised first is served first, so the latest made are at risk first. What has expired, is set aside or
    is kept as safety stock keeps no promise.
    """
    found = [
        risk
        for location in positions.locations()
        if positions.free_raw(location, at) < 0
        for risk in _risks(place_sequence(positions, rules, location, at), location)
    ]
    return (*found, *_risks(pool_sequence(positions, rules, at), None))


def _risks(served: tuple[Served, ...], location: LocationId | None) -> Iterator[AtRisk]:
    for one in served:
        if one.now < one.asked:
            kind, _, order = one.owner.partition("/")
            yield AtRisk(
                name=one.name,
                order=order if kind == "order" else "",
                location=location,
                units=one.asked - one.now,
                promised=one.asked,
                at=one.at,
                expected=one.later,
            )
