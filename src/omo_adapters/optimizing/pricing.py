"""The best plan of each order of a batch when every unit and every parcel bears a price of its own.

Orders with few states are gone over together (``passing``), an order with too many is given to the solver by itself.
Prices and values are whole numbers of thousandths, so that what no plan can beat is known to the last digit.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, prod

import numpy as np
from attrs import Factory, define

from omo_adapters.optimizing.batches import build
from omo_adapters.optimizing.passing import NEVER, Bearing, Kind, Numbers, Offer, best_of_kind
from omo_core.identifiers import LocationId, Sku
from omo_core.stock.sourcing.batching import Batch
from omo_core.stock.sourcing.scoring import Scored

FINE = 1_000
"""Prices are whole numbers of thousandths of a minor unit."""
STATES_MAX = 5_000
"""An order with more states goes to the solver."""
TOGETHER_MAX = 40_000
"""So many states are gone over together."""
DEAR = 1 << 40
"""An order that could cost so much, in minor units, goes to the solver: thousandths of it might not fit."""
SOLVER_SECONDS = 2.0

Shelf = tuple[LocationId, Sku | None]
"""An article in a location; without an article, the parcels that the location can still send."""
Places = dict[LocationId, int]


@define
class Pricer:
    """All orders of a batch, ready to be priced again and again."""

    views: Sequence[Scored]
    missing_cost: int
    shelves: dict[Shelf, int]
    """Every shelf that bears a price, by its number."""
    kinds: list[Kind] = Factory(list)
    large: list[int] = Factory(list)
    """Orders for the solver."""

    def __attrs_post_init__(self) -> None:
        """Sort the orders by what they need."""
        names = sorted({site.location for view in self.views for site in view.sites})
        places = {name: number for number, name in enumerate(names)}
        alike: dict[tuple[int | None, tuple[int, ...]], list[int]] = {}
        for number, view in enumerate(self.views):
            limit, shape = _limit(view), tuple(sorted(item.units for item in view.items))
            if _states(limit, shape) > STATES_MAX or _could_cost(view, self.missing_cost) > DEAR:
                self.large.append(number)
            else:
                alike.setdefault((limit, shape), []).append(number)
        for (limit, shape), numbers in alike.items():
            most = max(1, TOGETHER_MAX // _states(limit, shape))
            for start in range(0, len(numbers), most):
                self.kinds.append(self._kind(numbers[start : start + most], limit, shape, places))

    def offers(self, prices: Numbers, left: Numbers, orders: Sequence[int]) -> dict[int, Offer]:
        """Give the best plan of each of these orders at prices per shelf, from what is left on each."""
        wanted = frozenset(orders)
        found: dict[int, Offer] = {}
        for kind in self.kinds:
            rows = [row for row, number in enumerate(kind.orders) if number in wanted]
            if rows:
                found.update(best_of_kind(kind, rows, prices, left))
        found.update((number, self._solved(number, prices, left)) for number in self.large if number in wanted)
        return {number: found[number] for number in orders}

    def _kind(self, orders: list[int], limit: int | None, shape: tuple[int, ...], places: Places) -> Kind:
        size = (len(orders), len(shape), len(places))
        kind = Kind(
            orders=orders,
            limit=limit,
            shape=shape,
            items=[],
            sites=[],
            fixed=np.full((len(orders), len(places)), NEVER, dtype=np.int64),
            units=np.zeros(size, dtype=np.int64),
            caps=np.zeros(size, dtype=np.int64),
            missing=np.zeros(size[:2], dtype=np.int64),
            on_parcels=Bearing.of(()),
            on_units=Bearing.of(()),
        )
        parcels: list[tuple[int, int, int]] = []
        units: list[tuple[int, int, int]] = []
        for row, number in enumerate(orders):
            self._fill(kind, row, self.views[number], places)
            parcels += self._parcel_shelves(kind, row, self.views[number])
            units += self._unit_shelves(kind, row, self.views[number])
        kind.on_parcels, kind.on_units = Bearing.of(parcels), Bearing.of(units)
        return kind

    def _fill(self, kind: Kind, row: int, view: Scored, places: Places) -> None:
        """Write one order's numbers down."""
        kind.items.append(sorted(range(len(view.items)), key=lambda item: (view.items[item].units, item)))
        kind.sites.append({places[site.location]: number for number, site in enumerate(view.sites)})
        for place, number in kind.sites[row].items():
            kind.fixed[row, place] = view.fixed[number] * FINE
            for axis, item in enumerate(kind.items[row]):
                kind.units[row, axis, place] = view.unit[item][number] * FINE
                kind.caps[row, axis, place] = view.caps[item][number]
        for axis, item in enumerate(kind.items[row]):
            kind.missing[row, axis] = missing_weight(view, item) * self.missing_cost * FINE

    def _parcel_shelves(self, kind: Kind, row: int, view: Scored) -> list[tuple[int, int, int]]:
        width = kind.fixed.shape[1]
        found = []
        for place, site in kind.sites[row].items():
            shelf = self.parcel_shelf(view, site)
            if shelf is not None:
                found.append((row * width + place, shelf, 1))
        return found

    def _unit_shelves(self, kind: Kind, row: int, view: Scored) -> list[tuple[int, int, int]]:
        _, count, width = kind.units.shape
        return [
            ((row * count + axis) * width + place, self.shelves[view.sites[site].location, sku], times)
            for place, site in kind.sites[row].items()
            for axis, item in enumerate(kind.items[row])
            if view.caps[item][site]
            for sku, times in per_item(view, item).items()
        ]

    def parcel_shelf(self, view: Scored, site: int) -> int | None:
        """Number what bears the price of a location's parcels; nothing where they are not limited, or not sent."""
        location = view.sites[site].location
        return None if location == view.problem.pickup_at else self.shelves.get((location, None))

    def _solved(self, number: int, prices: Numbers, left: Numbers) -> Offer:
        """Let the solver plan one large order; its bound stands for the value."""
        view = self.views[number]
        built = build(Batch(problems=(view.problem,), missing_cost=self.missing_cost))
        model = built.model
        for (_, item, site), column in built.units.items():
            for sku, times in per_item(view, item).items():
                shelf = self.shelves[view.sites[site].location, sku]
                model.costs[column] += float(prices[shelf]) / FINE * times
                model.highs[column] = min(model.highs[column], float(left[shelf] // times))
        for (_, site), column in built.uses.items():
            parcels = self.parcel_shelf(view, site)
            if parcels is not None:
                model.costs[column] += float(prices[parcels]) / FINE
                model.highs[column] = min(1.0, float(left[parcels]))
        solution = model.solve(seconds=SOLVER_SECONDS, gap=1e-6)
        taken = tuple(
            (item, site, units)
            for (_, item, site), column in built.units.items()
            if solution.found and (units := round(solution.values[column]))
        )
        return Offer(floor((solution.bound - 1) * FINE) if solution.found else 0, taken)


def missing_weight(view: Scored, item: int) -> int:
    """Give how many units are missing when one of an item is."""
    kind = view.items[item]
    return sum(kind.wanted.values()) if kind.whole else 1


def per_item(view: Scored, item: int) -> dict[Sku, int]:
    """Give what one of an item takes off which shelf."""
    kind = view.items[item]
    return dict(kind.wanted) if kind.whole else dict.fromkeys(kind.wanted, 1)


def _limit(view: Scored) -> int | None:
    limit = view.problem.policy.parcels_max
    return limit if limit is not None and limit < sum(item.units for item in view.items) else None


def _states(limit: int | None, shape: tuple[int, ...]) -> int:
    return prod(units + 1 for units in shape) * (1 if limit is None else limit + 1)


def _could_cost(view: Scored, missing_cost: int) -> int:
    units = sum(item.units * max([*costs, 0]) for item, costs in zip(view.items, view.unit, strict=True))
    missing = sum(missing_weight(view, item) * kind.units for item, kind in enumerate(view.items))
    return sum(view.fixed) + units + missing * missing_cost
