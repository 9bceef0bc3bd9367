"""Many orders over the same stock as one mixed-integer programme.

For each order, item and location: how many units; for each order and location: whether it sends a parcel. What nobody
gives costs its margin. Locations that have nothing an order needs have no column, which keeps the model small.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from attrs import Factory, define, evolve

from omo_adapters.optimizing.models import INFINITE, Model, Solution
from omo_core.identifiers import LocationId, Sku
from omo_core.stock.sourcing.batching import Batch, check_batch, cost_of
from omo_core.stock.sourcing.dealing import Shared
from omo_core.stock.sourcing.plan import Plan
from omo_core.stock.sourcing.planning import planned
from omo_core.stock.sourcing.scoring import Scored, scored

GROUP_SECONDS_MAX = 30.0


@define
class Built:
    """A model and what its columns mean."""

    model: Model = Factory(Model)
    views: list[Scored] = Factory(list)
    units: dict[tuple[int, int, int], int] = Factory(dict)
    """Order, item, location: the column that says how many."""
    uses: dict[tuple[int, int], int] = Factory(dict)
    """Order, location: the column that says whether a parcel is sent."""
    missing: dict[tuple[int, int], int] = Factory(dict)


def build(batch: Batch) -> Built:
    """Write a batch down as a model; its only aim is cost."""
    built = Built()
    for number, problem in enumerate(batch.problems):
        view = scored(evolve(problem, policy=evolve(problem.policy, aims=("cost",))), own_first=False)
        built.views.append(view)
        _add_order(built, number, view, batch.missing_cost)
    _add_shelves(built)
    return built


def _add_order(built: Built, number: int, view: Scored, missing_cost: int) -> None:
    model = built.model
    for site, fixed in enumerate(view.fixed):
        built.uses[number, site] = model.column(fixed, 1)
    for item, kind in enumerate(view.items):
        weight = sum(kind.wanted.values()) if kind.whole else 1
        missing = built.missing[number, item] = model.column(missing_cost * weight, kind.units, whole=kind.whole)
        terms = [(missing, 1.0)]
        for site, cap in enumerate(view.caps[item]):
            if cap:
                column = built.units[number, item, site] = model.column(view.unit[item][site], cap, whole=kind.whole)
                model.row([(column, 1.0), (built.uses[number, site], -float(cap))], -INFINITE, 0)
                terms.append((column, 1.0))
        model.row(terms, kind.units, kind.units)
    limit = view.problem.policy.parcels_max
    if limit is not None:
        model.row([(built.uses[number, site], 1.0) for site in range(len(view.sites))], 0, limit)


def _add_shelves(built: Built) -> None:
    """No shelf gives more than it has, no location sends more parcels than it can, all orders together."""
    shelves: dict[tuple[LocationId, Sku], list[tuple[int, float]]] = {}
    free: dict[tuple[LocationId, Sku], int] = {}
    for (number, item, site), column in built.units.items():
        view = built.views[number]
        kind, place = view.items[item], view.sites[site]
        for sku, units in kind.wanted.items():
            shelves.setdefault((place.location, sku), []).append((column, float(units if kind.whole else 1)))
            free[place.location, sku] = place.free.get(sku, 0)
    for shelf, terms in shelves.items():
        built.model.row(terms, 0, free[shelf])
    parcels: dict[LocationId, list[tuple[int, float]]] = {}
    limits: dict[LocationId, int] = {}
    for (number, site), column in built.uses.items():
        place = built.views[number].sites[site]
        if place.capacity is not None and place.location != built.views[number].problem.pickup_at:
            parcels.setdefault(place.location, []).append((column, 1.0))
            limits[place.location] = place.capacity
    for location, terms in parcels.items():
        built.model.row(terms, 0, limits[location])


def solve(
    batch: Batch, plans: Sequence[Plan], *, seconds: float, gap: float, threads: int = 1
) -> tuple[tuple[Plan, ...], int]:
    """Plan a batch, starting from plans that can be kept; gives the plans and a cost that no plans can beat."""
    built = build(batch)
    start = _as_start(built, plans)
    solution = built.model.solve(seconds=seconds, gap=gap, start=start, threads=threads)
    return _better(batch, built, plans, solution), max(0, ceil(solution.bound - 1e-6)) if solution.found else 0


def _whole(built: Built, solution: Solution) -> Solution:
    """Share the units out once more with the parcels fixed: that is a flow, whose best corner is in whole units."""
    model = built.model
    lows, highs = list(model.lows), list(model.highs)
    for column in built.uses.values():
        model.lows[column] = model.highs[column] = float(round(solution.values[column]))
    fixed = model.solve(seconds=GROUP_SECONDS_MAX, relaxed=True)
    model.lows, model.highs = lows, highs
    return fixed if fixed.found else solution


def _better(batch: Batch, built: Built, plans: Sequence[Plan], solution: Solution) -> tuple[Plan, ...]:
    """Read a solution, unless it breaks something or is no better than what there was."""
    if not solution.found:
        return tuple(plans)
    solution = _whole(built, solution)
    found = tuple(_read(built, number, solution) for number in range(len(batch.problems)))
    worse = bool(check_batch(batch, found)) or cost_of(batch, found) >= cost_of(batch, plans)
    return tuple(plans) if worse else found


def _read(built: Built, number: int, solution: Solution) -> Plan:
    view = built.views[number]
    shared: Shared = [
        [
            (site, round(solution.values[built.units[number, item, site]]))
            for site in range(len(view.sites))
            if (number, item, site) in built.units and round(solution.values[built.units[number, item, site]])
        ]
        for item in range(len(view.items))
    ]
    return planned(view, shared, method="highs")


def _as_start(built: Built, plans: Sequence[Plan]) -> list[float]:
    """Write plans as values of the model's columns, for the solver to start from."""
    values = [0.0] * len(built.model.costs)
    for number, made in enumerate(plans):
        view = built.views[number]
        places = {site.location: position for position, site in enumerate(view.sites)}
        item_of = {need.line: item for item, kind in enumerate(view.items) for need in kind.needs}
        for (order, item), column in built.missing.items():
            if order == number:
                values[column] = float(view.items[item].units)
        for parcel in made.parcels:
            site = places[parcel.location]
            values[built.uses[number, site]] = 1.0
            for picked in parcel.picked:
                item = item_of[picked.line]
                share = picked.units / sum(view.items[item].wanted.values()) if view.items[item].whole else picked.units
                values[built.units[number, item, site]] += share
                values[built.missing[number, item]] -= share
    return values
