"""A choice of whole plans, one for each order, over shelves that they share: the master problem, kept in HiGHS.

Each column is one plan of one order. As fractions of plans may be chosen, its cost is a bound that is often better than
the bound of the whole model; which plans it lacks is for the pricing to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import highspy
import numpy as np
from attrs import Factory, define, frozen

from omo_adapters.optimizing.passing import Numbers, Taken
from omo_adapters.optimizing.pricing import FINE, Shelf, missing_weight, per_item
from omo_core.stock.sourcing.plan import Plan
from omo_core.stock.sourcing.scoring import Scored

INFINITE = highspy.kHighsInf


@frozen
class Column:
    """One plan of one order."""

    order: int
    taken: Taken
    cost: int
    uses: Mapping[int, int]
    """What it takes of which shelf."""

    def fits(self, left: Numbers) -> bool:
        """Say whether the shelves have that much left."""
        return all(left[shelf] >= units for shelf, units in self.uses.items())

    def take_from(self, left: Numbers) -> None:
        """Take what it uses off the shelves."""
        for shelf, units in self.uses.items():
            left[shelf] -= units


@define
class Master:
    """Plans to choose from, and what is fixed of the choice."""

    views: Sequence[Scored]
    missing_cost: int
    shelves: Mapping[Shelf, int]
    stock: Numbers
    """What lies on each shelf."""
    columns: list[Column] = Factory(list)
    fixed: dict[int, Column] = Factory(dict)
    """The plans that are decided, by order."""
    _known: dict[tuple[int, Taken], None] = Factory(dict)
    _solver: highspy.Highs = Factory(highspy.Highs)

    def __attrs_post_init__(self) -> None:
        """Give each order a row and each shelf a row; giving nothing is always a plan."""
        self._solver.setOptionValue("output_flag", False)
        self._solver.setOptionValue("threads", 1)
        for _ in self.views:
            self._solver.addRow(1.0, 1.0, 0, [], [])
        for units in self.stock:
            self._solver.addRow(-INFINITE, float(units), 0, [], [])
        for order in range(len(self.views)):
            self.add(order, ())

    @property
    def open(self) -> list[int]:
        """Name the orders that nothing is decided of."""
        return [order for order in range(len(self.views)) if order not in self.fixed]

    @property
    def decided(self) -> int:
        """Give what the decided plans cost."""
        return sum(column.cost for column in self.fixed.values())

    def left(self) -> Numbers:
        """Give what the decided plans leave on each shelf."""
        left = self.stock.copy()
        for column in self.fixed.values():
            column.take_from(left)
        return left

    def add(self, order: int, taken: Taken) -> bool:
        """Add a plan; says whether it was not there."""
        if (order, taken) in self._known:
            return False
        self._known[order, taken] = None
        column = self._column(order, taken)
        rows = [order, *(len(self.views) + shelf for shelf in column.uses)]
        values = [1.0, *(float(units) for units in column.uses.values())]
        self._solver.addCol(float(column.cost), 0.0, INFINITE, len(rows), rows, values)
        self.columns.append(column)
        return True

    def add_plans(self, plans: Sequence[Plan]) -> None:
        """Add whole plans, one for each order."""
        for order, (view, made) in enumerate(zip(self.views, plans, strict=True)):
            self.add(order, taken_by(view, made))

    def solve(self) -> tuple[float, Numbers]:
        """Choose fractions of plans; gives what that costs, and the price of each shelf in thousandths."""
        self._solver.run()
        duals = np.array(self._solver.getSolution().row_dual[len(self.views) :])
        prices = np.maximum(0, np.rint(-duals * FINE)).astype(np.int64)
        return float(self._solver.getInfo().objective_function_value), prices

    def shares(self) -> list[float]:
        """Give how much of each plan was chosen."""
        return list(self._solver.getSolution().col_value)

    def decide(self, chosen: Sequence[int]) -> None:
        """Decide plans, by their numbers; what no longer fits beside them can't be chosen any more."""
        for number in chosen:
            self.fixed[self.columns[number].order] = self.columns[number]
        left = self.left()
        for number, column in enumerate(self.columns):
            mine = self.fixed.get(column.order)
            fits = mine is column or (mine is None and column.fits(left))
            self._solver.changeColBounds(number, 1.0 if mine is column else 0.0, INFINITE if fits else 0.0)

    def _column(self, order: int, taken: Taken) -> Column:
        view = self.views[order]
        uses: dict[int, int] = {}
        missing = {item: kind.units for item, kind in enumerate(view.items)}
        for item, site, units in taken:
            missing[item] -= units
            location = view.sites[site].location
            for sku, times in per_item(view, item).items():
                shelf = self.shelves[location, sku]
                uses[shelf] = uses.get(shelf, 0) + times * units
        sites = sorted({site for _, site, _ in taken})
        for site in sites:
            location = view.sites[site].location
            if (location, None) in self.shelves and location != view.problem.pickup_at:
                uses[self.shelves[location, None]] = 1
        cost = sum(view.fixed[site] for site in sites)
        cost += sum(view.unit[item][site] * units for item, site, units in taken)
        cost += sum(missing_weight(view, item) * units for item, units in missing.items()) * self.missing_cost
        return Column(order, taken, cost, uses)


def taken_by(view: Scored, made: Plan) -> Taken:
    """Write a plan down by the numbers of its order's view."""
    places = {site.location: number for number, site in enumerate(view.sites)}
    item_of = {need.line: item for item, kind in enumerate(view.items) for need in kind.needs}
    taken: dict[tuple[int, int], int] = {}
    for parcel in made.parcels:
        for picked in parcel.picked:
            place = item_of[picked.line], places[parcel.location]
            taken[place] = taken.get(place, 0) + picked.units
    whole = {item: sum(kind.wanted.values()) for item, kind in enumerate(view.items) if kind.whole}
    return tuple(sorted((item, site, units // whole.get(item, 1)) for (item, site), units in taken.items()))
