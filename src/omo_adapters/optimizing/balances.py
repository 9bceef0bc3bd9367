"""Rebalancing as a flow of least cost: surplus flows over lanes to where units are missing.

A pure flow has whole numbers at its best corner, so a linear programme per article is enough, and what it costs is a
bound for whatever else a lane asks. Looking ahead, goods may go over a third location, where they are waited for.
Where lanes would carry less than is worth starting for, the choice of lanes that start is made with the flow, as a
mixed-integer programme that begins with the greedy proposal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil

from attrs import evolve

from omo_adapters.optimizing.models import INFINITE, Model
from omo_core.identifiers import LocationId
from omo_core.stock.balancing import Balance, Imbalance, Lane, balance_greedily, cost_of_moves, faults, in_order

Carried = Mapping[tuple[LocationId, LocationId], int]


def balance_article(problem: Imbalance, *, seconds: float = 10.0) -> Balance:
    """Propose what should go where, for one article; never worse than greedy, and nobody gets more than they lack."""
    greedy = balance_greedily(problem)
    lanes = _useful(problem)
    carried, bound = _flow(problem, lanes, seconds)
    if carried is not None and any(
        0 < carried.get((lane.origin, lane.destination), 0) < lane.minimum for lane in lanes
    ):
        start = {(move.origin, move.destination): move.units for move in greedy.moves}
        carried, whole = _flow(problem, lanes, seconds, start)
        bound = max(bound, whole)
    moves = in_order(problem, _without_circles(lanes, carried or {}))
    total, missing = cost_of_moves(problem, moves)
    if carried is None or faults(problem, moves) or total > greedy.cost:
        return evolve(greedy, bound=bound)
    return Balance(sku=problem.sku, moves=moves, missing=missing, cost=total, bound=bound, method="min-cost flow")


def _useful(problem: Imbalance) -> list[Lane]:
    """Leave out lanes that can't be part of anything worth doing."""
    lanes = [lane for lane in problem.lanes if lane.unit_cost < problem.missing_cost]
    fed = {level.location for level in problem.levels if problem.gives(level)}
    feeding = {level.location for level in problem.levels if level.need}
    if problem.ahead:
        fed, feeding = _reached(fed, lanes, forwards=True), _reached(feeding, lanes, forwards=False)
    return [lane for lane in lanes if lane.origin in fed and lane.destination in feeding]


def _reached(places: set[LocationId], lanes: Sequence[Lane], *, forwards: bool) -> set[LocationId]:
    """Name the places that can be reached over lanes, from these or to these."""
    while True:
        ends = [(lane.origin, lane.destination) if forwards else (lane.destination, lane.origin) for lane in lanes]
        more = {end for start, end in ends if start in places} - places
        if not more:
            return places
        places |= more


def _without_circles(lanes: Sequence[Lane], carried: Carried) -> Carried:
    """Take out what only goes round in a circle, which lanes that cost nothing may: nobody could begin it.

    A lane's minimum comes first; a circle that can't go without breaking one stays, and the proposal is then refused.
    """
    left = {way: units for way, units in sorted(carried.items()) if units}
    least = {(lane.origin, lane.destination): lane.minimum for lane in lanes}
    while circle := _circle(left):
        units = min(left[way] for way in circle)
        if any(0 < left[way] - units < least[way] for way in circle):
            break
        left = {way: each - (units if way in circle else 0) for way, each in left.items()}
        left = {way: each for way, each in left.items() if each}
    return left


def _circle(carried: Carried) -> list[tuple[LocationId, LocationId]]:
    """Find lanes that lead back to where they began: leave out what leads nowhere until nothing more is."""
    ways = list(carried)
    while True:
        starts = {origin for origin, _ in ways}
        onward = [way for way in ways if way[1] in starts]
        if len(onward) == len(ways):
            break
        ways = onward
    path: list[tuple[LocationId, LocationId]] = []
    at = ways[0][0] if ways else None
    while at is not None and at not in {origin for origin, _ in path}:
        path.append(next(way for way in ways if way[0] == at))
        at = path[-1][1]
    return path[[origin for origin, _ in path].index(at) :] if at is not None else []


def _flow(
    problem: Imbalance, lanes: Sequence[Lane], seconds: float, start: Carried | None = None
) -> tuple[Carried | None, int]:
    """Solve one flow; gives what each lane carries and a cost that no proposal beats, missing units included.

    Given what to start from, lanes carry their minimum or nothing; else they may carry less.
    """
    if not lanes:
        return {}, sum(level.need for level in problem.levels) * problem.missing_cost
    model = Model()
    at: dict[LocationId, list[tuple[int, float]]] = {level.location: [] for level in problem.levels}
    columns = []
    spare = sum(problem.gives(level) for level in problem.levels)  # no lane carries more, so it bounds a start tightly
    for lane in lanes:
        column = model.column(lane.unit_cost, min(lane.most, spare), whole=start is not None)
        columns.append(column)
        for location, sign in ((lane.origin, 1.0), (lane.destination, -1.0)):
            if location in at:
                at[location].append((column, sign))
    values = [] if start is None else [float(start.get((lane.origin, lane.destination), 0)) for lane in lanes]
    for level in problem.levels:
        came = -sum(sign * values[column] for column, sign in at[level.location]) if values else 0.0
        if level.need:
            at[level.location].append((model.column(problem.missing_cost, level.need, whole=False), -1.0))
            values += [level.need - came] if start is not None else []
        if at[level.location]:  # nobody gives more than the surplus, nobody gets more than the need
            model.row(at[level.location], -level.need, problem.gives(level) - level.need)
    if start is not None:
        values += _starting(model, lanes, columns, values)
    solution = model.solve(seconds=seconds, start=values or None)
    if not solution.found:
        return None, 0
    carried = {
        (lane.origin, lane.destination): round(solution.values[column])
        for lane, column in zip(lanes, columns, strict=True)
    }
    return carried, max(0, ceil(solution.bound - 1e-6))


def _starting(model: Model, lanes: Sequence[Lane], columns: Sequence[int], values: Sequence[float]) -> list[float]:
    """A lane that starts carries its minimum at least; gives the values to start from."""
    started = []
    for lane, column in zip(lanes, columns, strict=True):
        if lane.minimum > 1:
            starts = model.column(0, 1)
            model.row([(column, 1.0), (starts, -float(lane.minimum))], 0, INFINITE)
            model.row([(column, 1.0), (starts, -model.highs[column])], -INFINITE, 0)
            started.append(float(values[column] > 0))
    return started
