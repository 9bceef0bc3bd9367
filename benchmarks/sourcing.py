"""The exact planner against an independent solver, and the greedy strategies beside it.

Each instance is random with a seed of its own, which its row and number give. The solver (HiGHS, as a mixed-integer
programme) shares no code with the planner: it is given the numbers, and asked for one aim after the other. What can't
be served whole is compared too: both then serve as much as there is.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from statistics import mean, median

from attrs import evolve, frozen

from omo_adapters.optimizing.models import INFINITE, Model
from omo_core.identifiers import LocationId, Sku
from omo_core.stock.sourcing import STRATEGIES, Need, Policy, Problem, Site, check_plan, plan
from omo_core.stock.sourcing.problem import Aim

SEED = 5
LINES = 5
SIZES = (10, 50, 200)
GOALS_MS = {10: 1.0, 50: 2.0, 200: 30.0}
"""The median that each number of locations should stay under."""
AIMS: tuple[tuple[Aim, ...], ...] = (("parcels", "cost", "distance"), ("cost", "distance"))
SOLVER_SECONDS = 120.0


def instance(locations: int, number: int, seed: int = SEED) -> Problem:
    """Five lines of one to three units; a location has an article with probability 0.35."""
    dice = random.Random(f"{seed}/{locations}/{number}")
    needs = tuple(Need(line=str(i), sku=Sku(f"s{i}"), units=dice.randint(1, 3)) for i in range(LINES))
    sites = []
    for place in range(locations):
        distance = dice.randint(0, 1_000)
        free = {Sku(f"s{i}"): dice.randint(1, 4) for i in range(LINES) if dice.random() < 0.35}
        sites.append(
            Site(
                location=LocationId(f"L{place:03d}"),
                free=free,
                distance=distance,
                parcel_cost=600 + distance * 6 // 10,
                unit_cost=100 + distance // 10,
                priority=place,
            )
        )
    return Problem(needs=needs, sites=tuple(sites))


def solved(problem: Problem, aims: Sequence[Aim]) -> tuple[int, ...] | None:
    """Let HiGHS make one aim after the other as small as can be; none when it did not finish."""
    found: list[int] = []
    for aim in aims:
        model, costs = _model(problem)
        for earlier, value in zip(aims, found, strict=False):
            model.row(list(enumerate(costs[earlier])), value, value)
        model.costs = list(costs[aim])
        solution = model.solve(seconds=SOLVER_SECONDS)
        if not solution.found or solution.cost - solution.bound > 0.5:
            return None
        found.append(round(solution.cost))
    return tuple(found)


def _model(problem: Problem) -> tuple[Model, dict[Aim, list[float]]]:
    """Write an order down; gives what each column costs by each aim."""
    model = Model()
    costs: dict[Aim, list[float]] = {"parcels": [], "cost": [], "distance": []}

    def column(high: float, parcels: float, cost: float, distance: float) -> int:
        for aim, value in (("parcels", parcels), ("cost", cost), ("distance", distance)):
            costs[aim].append(value)  # type: ignore[index]  # all three are aims
        return model.column(0, high)

    uses = [column(1, 1, site.parcel_cost, site.distance) for site in problem.sites]
    for need in problem.needs:
        terms = []
        for site, used in zip(problem.sites, uses, strict=True):
            cap = min(need.units, site.free.get(need.sku, 0))
            if cap:
                taken = column(cap, 0, site.unit_cost, 0)
                model.row([(taken, 1.0), (used, -float(cap))], -INFINITE, 0)
                terms.append((taken, 1.0))
        served = min(need.units, sum(site.free.get(need.sku, 0) for site in problem.sites))
        if served:
            model.row(terms, served, served)
    return model, costs


@frozen(kw_only=True)
class Compared:
    """What came of one instance."""

    equal: bool
    """The plan keeps every rule, and is as good as the solver's by every aim."""
    finished: bool
    """The search stayed within its nodes."""
    solver: bool
    """The solver finished too."""
    above: dict[str, float]
    """Per strategy, how far its plan costs above the exact one, in percent; nothing where goods were missing."""


def compare(aims: tuple[Aim, ...], locations: int, number: int, seed: int = SEED) -> Compared:
    """Plan one instance exactly and greedily, and ask the solver."""
    problem = evolve(instance(locations, number, seed), policy=Policy(aims=aims))
    made = plan(problem)
    best = solved(problem, aims)
    mine = tuple(getattr(made.score, aim) for aim in aims)
    above = {}
    if made.complete:
        for name in STRATEGIES:
            other = plan(evolve(problem, policy=evolve(problem.policy, strategy=name)), explain=False)
            above[name] = 100 * (other.score.cost - made.score.cost) / made.score.cost
    equal = best == mine and check_plan(problem, made) == ()
    return Compared(equal=equal, finished=made.proven, solver=best is not None, above=above)


def compared(
    aims: tuple[Aim, ...], locations: int, count: int, *, seed: int = SEED, processes: int = 1
) -> dict[str, object]:
    """Compare so many instances of one size, in several processes that give way to others."""
    work = partial(compare, aims, locations, seed=seed)
    if processes > 1:
        with ProcessPoolExecutor(processes, get_context("spawn"), initializer=_give_way) as crowd:
            rows = list(crowd.map(work, range(count), chunksize=10))
    else:
        rows = [work(number) for number in range(count)]
    gaps = {name: [row.above[name] for row in rows if row.above] for name in STRATEGIES}
    return {
        "aims": list(aims),
        "locations": locations,
        "instances": count,
        "seed": seed,
        "compared": sum(row.solver and row.finished for row in rows),
        "equal": sum(row.equal for row in rows),
        "unfinished": sum(not row.finished for row in rows),
        "solver_unfinished": sum(not row.solver for row in rows),
        "whole": sum(bool(row.above) for row in rows),
        "above_percent": {name: [mean(each), max(each)] for name, each in gaps.items() if each},
    }


def _give_way() -> None:
    os.nice(19)


def timed(aims: tuple[Aim, ...], locations: int, count: int, seed: int = SEED) -> dict[str, object]:
    """Time the same instances one after the other, reasons included."""
    times = []
    for number in range(count):
        problem = evolve(instance(locations, number, seed), policy=Policy(aims=aims))
        before = time.perf_counter()
        plan(problem)
        times.append((time.perf_counter() - before) * 1_000)
    times.sort()
    middle = median(times)
    return {
        "aims": list(aims),
        "locations": locations,
        "instances": count,
        "seed": seed,
        "median_ms": middle,
        "p99_ms": times[int(len(times) * 0.99)],
        "most_ms": times[-1],
        "goal_ms": GOALS_MS.get(locations),
        "met": middle <= GOALS_MS.get(locations, 0) if locations in GOALS_MS else None,
    }
