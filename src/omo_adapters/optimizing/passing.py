"""The best plans of orders of one kind, found by passing the locations one after the other.

Of what was passed, only that matters which an order was given so far (and how many parcels it was sent, where they are
limited). So all such states are gone over, location by location; nothing is left out, and what comes out is the best
there is, in whole numbers. Orders that need the same numbers of units are gone over together. Of plans that cost the
same, the one stays that was found first: it does without the later location, and takes fewer units there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from attrs import define, frozen
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
NEVER = 1 << 58
"""More than anything costs."""
Taken = tuple[tuple[int, int, int], ...]
"""What a plan takes: item, location and units, by the numbers of its order's view."""


@frozen
class Offer:
    """An order's best plan at some prices."""

    value: int
    """What it costs, prices included; no plan of the order costs less."""
    taken: Taken


@frozen
class Bearing:
    """Which numbers of an array bear the price of which shelf, and how often."""

    at: NDArray[np.intp]
    shelves: NDArray[np.intp]
    times: Numbers

    @classmethod
    def of(cls, found: Sequence[tuple[int, int, int]]) -> Bearing:
        """Keep places, shelves and times as arrays."""
        table = np.array(found, dtype=np.int64).reshape(-1, 3)
        return cls(table[:, 0].astype(np.intp), table[:, 1].astype(np.intp), table[:, 2])

    def added(self, numbers: Numbers, prices: Numbers) -> Numbers:
        """Give numbers with their prices added."""
        priced = numbers.copy()
        np.add.at(priced.reshape(-1), self.at, prices[self.shelves] * self.times)
        return priced

    def capped(self, numbers: Numbers, left: Numbers) -> Numbers:
        """Give numbers, none above what its shelf has left."""
        capped = numbers.copy()
        np.minimum.at(capped.reshape(-1), self.at, left[self.shelves] // self.times)
        return capped


@define
class Kind:
    """Orders that need the same numbers of units, one row each; locations in the order of their names."""

    orders: list[int]
    limit: int | None
    """How many parcels each may send, where that is fewer than its units."""
    shape: tuple[int, ...]
    """How many units of each item."""
    items: list[list[int]]
    """Per row: which of its view's items stands where."""
    sites: list[dict[int, int]]
    """Per row: the view's number of each location."""
    fixed: Numbers
    """Row, location: what a parcel costs."""
    units: Numbers
    """Row, item, location: what one costs."""
    caps: Numbers
    """Row, item, location: how many it could give."""
    missing: Numbers
    """Row, item: what one costs that is not given."""
    on_parcels: Bearing
    on_units: Bearing


@frozen
class Step:
    """How one location was passed: in which states it is used, and how many of each item it then gives."""

    used: NDArray[np.bool_]
    gives: tuple[NDArray[np.int16], ...]


def best_of_kind(kind: Kind, rows: Sequence[int], prices: Numbers, left: Numbers) -> Iterator[tuple[int, Offer]]:
    """Give the best plan of some of the orders, by their numbers, when no shelf gives more than it has left."""
    fixed = kind.on_parcels.added(kind.fixed, prices)[rows]
    shut = kind.on_parcels.capped(np.ones_like(kind.fixed), left)[rows] <= 0
    units = kind.on_units.added(kind.units, prices)[rows]
    caps = kind.on_units.capped(kind.caps, left)[rows]
    caps[np.broadcast_to(shut[:, None, :], caps.shape)] = 0
    cheapest, steps = _pass(kind, fixed, units, caps)
    total = cheapest + _missing(kind, rows)
    best = total.reshape(len(rows), -1).argmin(axis=1)
    for place, row in enumerate(rows):
        state = tuple(int(each) for each in np.unravel_index(best[place], total.shape[1:]))
        value = int(total[(place, *state)])
        yield kind.orders[row], Offer(value, tuple(sorted(_back(kind, steps, place, row, state))))


def _pass(kind: Kind, fixed: Numbers, units: Numbers, caps: Numbers) -> tuple[Numbers, list[Step | None]]:
    """Pass all locations; gives what each state costs at least, and the way there."""
    limits = () if kind.limit is None else (kind.limit + 1,)
    dims = (*limits, *(most + 1 for most in kind.shape))
    cheapest = np.full((len(fixed), *dims), NEVER, dtype=np.int64)
    cheapest.reshape(len(fixed), -1)[:, 0] = 0
    steps: list[Step | None] = []
    for place in range(fixed.shape[1]):
        if not caps[:, :, place].any():
            steps.append(None)
            continue
        opened = _opened(cheapest, fixed[:, place], limited=kind.limit is not None)
        gives = []
        for axis in range(len(kind.shape)):
            opened, took = _given(opened, axis + 1 + len(limits), units[:, axis, place], caps[:, axis, place])
            gives.append(took)
        used = opened < cheapest
        np.copyto(cheapest, opened, where=used)
        steps.append(Step(used, tuple(gives)))
    return cheapest, steps


def _opened(cheapest: Numbers, fixed: Numbers, *, limited: bool) -> Numbers:
    """Let every state use one more location."""
    cost = fixed.reshape(-1, *(1,) * (cheapest.ndim - 1))
    if not limited:
        return cheapest + cost
    opened = np.full_like(cheapest, NEVER)
    opened[:, 1:] = cheapest[:, :-1] + cost
    return opened


def _given(before: Numbers, axis: int, unit: Numbers, cap: Numbers) -> tuple[Numbers, NDArray[np.int16]]:
    """Let the location give as many of one item as is best for each state."""
    after, took = before.copy(), np.zeros(before.shape, dtype=np.int16)
    source, target, chosen = (np.moveaxis(array, axis, -1) for array in (before, after, took))
    size = target.shape[-1]
    for count in range(1, min(size - 1, int(cap.max(initial=0))) + 1):
        cost = np.where(cap >= count, unit * count, NEVER).reshape(-1, *(1,) * (target.ndim - 1))
        other = source[..., : size - count] + cost
        better = other < target[..., count:]
        np.copyto(target[..., count:], other, where=better)
        chosen[..., count:][better] = count
    return after, took


def _missing(kind: Kind, rows: Sequence[int]) -> Numbers:
    """Give what each state costs for what it was not given."""
    extra = 0 if kind.limit is None else 1
    depth = len(kind.shape) + extra
    total = np.zeros((len(rows), *(1,) * depth), dtype=np.int64)
    for axis, most in enumerate(kind.shape):
        lacks = most - np.arange(most + 1).reshape(-1, *(1,) * (depth - axis - extra - 1))
        total = total + lacks * kind.missing[rows, axis].reshape(-1, *(1,) * depth)
    return total


def _back(
    kind: Kind, steps: Sequence[Step | None], place: int, row: int, state: tuple[int, ...]
) -> Iterator[tuple[int, int, int]]:
    """Go the way back from a state and say what was taken where."""
    extra = 0 if kind.limit is None else 1
    at = list(state)
    for location in range(len(steps) - 1, -1, -1):
        step = steps[location]
        if step is None or not step.used[(place, *at)]:
            continue
        for axis in range(len(kind.shape) - 1, -1, -1):
            count = int(step.gives[axis][(place, *at)])
            if count:
                yield kind.items[row][axis], kind.sites[row][location], count
                at[axis + extra] -= count
        if extra:
            at[0] -= 1
