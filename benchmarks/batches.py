"""Many orders over scarce stock: planned together, one after the other, and by a solver that shares no code with omo.

A family of instances says how many of the locations have an article and how scarce it is; each has several seeds. The
solver gets the whole batch as one mixed-integer programme, in the plain form of the textbook, and a time. What it found
and the cost that it says nothing can beat stand beside ours, and so does our own bound.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from attrs import frozen

from omo_adapters.optimizing.models import INFINITE, Model, Solution
from omo_adapters.optimizing.neighbours import plan_batch
from omo_core.identifiers import LocationId, Sku
from omo_core.stock.sourcing import Need, Policy, Problem, Site
from omo_core.stock.sourcing.batching import Batch, check_batch, cost_of, in_turn

GOAL_PERCENT = 0.5
MISSING_COST = 5_000
GAP = 0.0005
"""How near to the bound is near enough to stop early."""


@frozen(kw_only=True)
class Family:
    """One kind of batch."""

    name: str
    orders: int = 300
    locations: int = 30
    skus: int = 120
    chance: float
    """That a location has an article."""
    units_most: int
    """A location that has it has from one to so many units."""
    seconds: float = 60
    solver_seconds: float = 180
    seeds: tuple[int, ...] = (1, 2, 3)


FAMILIES = (
    Family(name="sparse, very scarce", chance=0.10, units_most=6),
    Family(name="sparse, scarce", chance=0.13, units_most=6),
    Family(name="sparse, hardly scarce", chance=0.16, units_most=6),
    Family(name="middling, scarce", chance=0.18, units_most=4),
    Family(name="dense, scarce", chance=0.23, units_most=3),
    Family(
        name="dense, scarce, 30 orders",
        orders=30,
        skus=12,
        chance=0.23,
        units_most=3,
        seconds=30,
    ),
)


def scarce_batch(family: Family, seed: int) -> Batch:
    """Orders of two to six lines of one or two units each, over shelves that they share."""
    dice = random.Random(f"{family.name}/{seed}")
    free = {
        f"L{number:02d}": {
            Sku(f"s{i}"): dice.randint(1, family.units_most)
            for i in range(family.skus)
            if dice.random() < family.chance
        }
        for number in range(family.locations)
    }
    places = {name: (dice.randint(0, 1_000), dice.randint(0, 1_000)) for name in free}
    problems = tuple(_order(dice, free, places, family.skus) for _ in range(family.orders))
    return Batch(problems=problems, missing_cost=MISSING_COST)


def _order(
    dice: random.Random, free: dict[str, dict[Sku, int]], places: dict[str, tuple[int, int]], skus: int
) -> Problem:
    x, y = dice.randint(0, 1_000), dice.randint(0, 1_000)
    wanted = dice.sample(range(skus), dice.randint(2, 6))
    sites = []
    for name, (east, north) in places.items():
        distance = abs(east - x) + abs(north - y)
        sites.append(
            Site(
                location=LocationId(name),
                free=free[name],
                distance=distance,
                parcel_cost=600 + distance * 6 // 10,
                unit_cost=100 + distance // 10,
            )
        )
    needs = tuple(Need(line=str(n), sku=Sku(f"s{i}"), units=dice.randint(1, 2)) for n, i in enumerate(wanted))
    return Problem(needs=needs, sites=tuple(sites), policy=Policy(aims=("cost",)))


def whole_model(batch: Batch) -> Model:
    """Write a batch down as the textbook does: who sends, how many of what, what nobody sends; shelves as they are."""
    model = Model()
    shelves: dict[tuple[LocationId, Sku], list[tuple[int, float]]] = {}
    free: dict[tuple[LocationId, Sku], int] = {}
    for problem in batch.problems:
        sends = {site.location: model.column(site.parcel_cost, 1) for site in problem.sites}
        for need in problem.needs:
            terms = [(model.column(batch.missing_cost, need.units), 1.0)]
            for site in problem.sites:
                there = site.free.get(need.sku, 0)
                if there:
                    column = model.column(site.unit_cost, min(there, need.units))
                    model.row([(column, 1.0), (sends[site.location], -float(min(there, need.units)))], -INFINITE, 0)
                    terms.append((column, 1.0))
                    shelves.setdefault((site.location, need.sku), []).append((column, 1.0))
                    free[site.location, need.sku] = there
            model.row(terms, need.units, need.units)
    for shelf, terms in shelves.items():
        model.row(terms, -INFINITE, free[shelf])
    return model


def measured(family: Family, seed: int) -> dict[str, object]:
    """Plan one batch in every way; times are processor seconds, so that other work on the machine does not count."""
    batch = scarce_batch(family, seed)
    ways: list[dict[str, object]] = []
    before = time.process_time()
    plans, bound = plan_batch(batch, seconds=family.seconds, gap=GAP, clock=time.process_time)
    ways.append({"way": "batch", "cost": cost_of(batch, plans), "seconds": time.process_time() - before})
    if check_batch(batch, plans):
        raise SystemExit("the batch's plans break something")
    for way, strategy in (("in turn, exact", "exact"), ("in turn, nearest first", "nearest")):
        before = time.process_time()
        cost = cost_of(batch, in_turn(batch, Policy(aims=("cost",), strategy=strategy)))
        ways.append({"way": way, "cost": cost, "seconds": time.process_time() - before})
    before = time.process_time()
    solution: Solution = whole_model(batch).solve(seconds=family.solver_seconds)
    return {
        "family": family.name,
        "seed": seed,
        "orders": family.orders,
        "locations": family.locations,
        "skus": family.skus,
        "chance": family.chance,
        "wanted": sum(need.units for problem in batch.problems for need in problem.needs),
        "there": sum(sum(site.free.values()) for site in batch.problems[0].sites),
        "seconds_allowed": family.seconds,
        "ways": ways,
        "bound": bound,
        "solver": {
            "cost": round(solution.cost) if solution.found else None,
            "bound": solution.bound,
            "seconds": time.process_time() - before,
            "seconds_allowed": family.solver_seconds,
        },
    }


def run(families: Sequence[Family] = FAMILIES, processes: int = 2) -> Iterator[dict[str, object]]:
    """Plan every batch of every family, in processes that give way to others; every family's first batch first."""
    work = sorted(((family, seed) for family in families for seed in family.seeds), key=lambda each: each[1])
    with ProcessPoolExecutor(processes, get_context("spawn"), initializer=_give_way, max_tasks_per_child=1) as crowd:
        yield from crowd.map(measured, *zip(*work, strict=True))


def _give_way() -> None:
    os.nice(19)
