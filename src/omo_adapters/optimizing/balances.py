"""Rebalancing as a flow of least cost: surplus flows over lanes to where units are missing.

A pure flow has whole numbers at its best corner, so a linear programme per article is enough. Lanes that would carry
less than is worth starting for are closed one after the other, the emptiest first, and the rest is solved again.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve

from omo_adapters.optimizing.models import INFINITE, Model
from omo_core.identifiers import LocationId
from omo_core.stock.balancing import Balance, Imbalance, Lane, Move, balance_greedily, cost_of_moves, faults


def balance_article(problem: Imbalance, *, seconds: float = 10.0) -> Balance:
    """Propose what should go where, for one article; never worse than greedy."""
    greedy = balance_greedily(problem)
    lanes = _useful(problem)
    bound: int | None = None
    while True:
        moves, cost = _flow(problem, lanes, seconds)
        if moves is None:
            return evolve(greedy, bound=bound or 0)
        bound = cost if bound is None else bound
        small = [(move.units - lane.minimum, number) for number, lane in enumerate(lanes) for move in _on(moves, lane)]
        short = [(missing, number) for missing, number in small if missing < 0]
        if not short:
            break
        closed = min(short)[1]
        lanes = [lane for number, lane in enumerate(lanes) if number != closed]
    total, missing = cost_of_moves(problem, moves)
    if faults(problem, moves) or total > greedy.cost:
        return evolve(greedy, bound=bound)
    return Balance(
        sku=problem.sku, moves=tuple(moves), missing=missing, cost=total, bound=bound, method="min-cost flow"
    )


def _on(moves: Sequence[Move], lane: Lane) -> list[Move]:
    return [move for move in moves if (move.origin, move.destination) == (lane.origin, lane.destination)]


def _useful(problem: Imbalance) -> list[Lane]:
    """Leave out lanes that can't be part of anything worth doing."""
    lanes = [lane for lane in problem.lanes if lane.unit_cost < problem.missing_cost]
    fed = _reached({level.location for level in problem.levels if level.surplus}, lanes, forwards=True)
    feeding = _reached({level.location for level in problem.levels if level.need}, lanes, forwards=False)
    return [lane for lane in lanes if lane.origin in fed and lane.destination in feeding]


def _reached(places: set[LocationId], lanes: Sequence[Lane], *, forwards: bool) -> set[LocationId]:
    """Name the places that can be reached over lanes, from these or to these."""
    while True:
        ends = [(lane.origin, lane.destination) if forwards else (lane.destination, lane.origin) for lane in lanes]
        more = {end for start, end in ends if start in places} - places
        if not more:
            return places
        places |= more


def _flow(problem: Imbalance, lanes: Sequence[Lane], seconds: float) -> tuple[list[Move] | None, int]:
    """Solve one flow; gives the moves and the cost, missing units included."""
    model = Model()
    known = {level.location for level in problem.levels}
    at: dict[str, list[tuple[int, float]]] = {level.location: [] for level in problem.levels}
    for lane in lanes:
        column = model.column(lane.unit_cost, lane.most, whole=False)
        if lane.origin in known:
            at[lane.origin].append((column, 1.0))
        if lane.destination in known:
            at[lane.destination].append((column, -1.0))
    for level in problem.levels:
        if level.need:
            at[level.location].append((model.column(problem.missing_cost, level.need, whole=False), -1.0))
        if at[level.location]:
            model.row(at[level.location], -INFINITE, level.surplus - level.need)
    if not lanes:
        return [], sum(level.need for level in problem.levels) * problem.missing_cost
    solution = model.solve(seconds=seconds)
    if not solution.found:
        return None, 0
    moves = [
        Move(origin=lane.origin, destination=lane.destination, units=units)
        for lane, value in zip(lanes, solution.values, strict=False)
        if (units := round(value))
    ]
    return moves, round(solution.cost)
