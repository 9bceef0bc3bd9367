"""The exact planner against an independent solver, the greedy strategies, and many orders at once.

``python -m benchmarks.sourcing`` prints every table; ``--short`` takes fewer instances. Instances are random with a
fixed seed. The solver (HiGHS, as a mixed-integer programme) shares no code with the planner: it is given the numbers.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from statistics import median

from attrs import evolve, frozen

from omo_adapters.optimizing.balances import balance_article
from omo_adapters.optimizing.models import INFINITE, Model
from omo_adapters.optimizing.neighbours import plan_batch
from omo_core.identifiers import LocationId, Sku
from omo_core.stock.balancing import Imbalance, Lane, Level, balance_greedily
from omo_core.stock.sourcing import STRATEGIES, Need, Policy, Problem, Site, check_plan, plan
from omo_core.stock.sourcing.batching import Batch, check_batch, cost_of, in_turn

SEED = 5
LINES = 5


def instance(dice: random.Random, locations: int) -> Problem:
    """Five lines of one to three units; a location has an article with probability 0.35."""
    needs = tuple(Need(line=str(i), sku=Sku(f"s{i}"), units=dice.randint(1, 3)) for i in range(LINES))
    sites = []
    for number in range(locations):
        distance = dice.randint(0, 1_000)
        free = {Sku(f"s{i}"): dice.randint(1, 4) for i in range(LINES) if dice.random() < 0.35}
        sites.append(
            Site(
                location=LocationId(f"L{number:03d}"),
                free=free,
                distance=distance,
                parcel_cost=600 + distance * 6 // 10,
                unit_cost=100 + distance // 10,
                priority=number,
            )
        )
    return Problem(needs=needs, sites=tuple(sites))


def solved(problem: Problem, parcels: int | None = None, *, aim: str = "cost") -> int | None:
    """Let HiGHS find the least cost (or number of parcels) of serving everything; none when that can't be done."""
    model = Model()
    uses = [model.column(site.parcel_cost if aim == "cost" else 1, 1) for site in problem.sites]
    for need in problem.needs:
        terms = []
        for site, used in zip(problem.sites, uses, strict=True):
            cap = min(need.units, site.free.get(need.sku, 0))
            if cap:
                column = model.column(site.unit_cost if aim == "cost" else 0, cap)
                model.row([(column, 1.0), (used, -float(cap))], -INFINITE, 0)
                terms.append((column, 1.0))
        if not terms:
            return None
        model.row(terms, need.units, need.units)
    if parcels is not None:
        model.row([(used, 1.0) for used in uses], parcels, parcels)
    solution = model.solve(seconds=120)
    return round(solution.cost) if solution.found else None


@frozen(kw_only=True)
class Row:
    """What came of one size."""

    locations: int
    instances: int
    compared: int
    equal: int
    unproven: int
    median_ms: float
    p99_ms: float
    gaps: dict[str, tuple[float, float]]
    """Per strategy, the mean and the greatest cost above the best, in percent."""


def measure(locations: int, count: int, aims: tuple[str, ...], seed: int = SEED, compared: int | None = None) -> Row:
    """Plan random orders exactly and greedily, and ask the solver for the first of them."""
    dice = random.Random(seed)
    times, gaps = [], {name: list[float]() for name in STRATEGIES}
    equal = unproven = asked = 0
    for number in range(count):
        problem = evolve(instance(dice, locations), policy=Policy(aims=aims))  # type: ignore[arg-type]  # names of aims
        before = time.perf_counter()
        made = plan(problem)
        times.append((time.perf_counter() - before) * 1_000)
        unproven += not made.proven
        for name in STRATEGIES:
            other = plan(evolve(problem, policy=evolve(problem.policy, strategy=name)), explain=False)
            if made.complete:
                gaps[name].append(100 * (other.score.cost - made.score.cost) / made.score.cost)
        if made.complete and made.proven and (compared is None or number < compared):
            asked += 1
            equal += check_plan(problem, made) == () and _agrees(problem, made.score.parcels, made.score.cost, aims)
    times.sort()
    return Row(
        locations=locations,
        instances=count,
        compared=asked,
        equal=equal,
        unproven=unproven,
        median_ms=median(times),
        p99_ms=times[int(len(times) * 0.99)],
        gaps={name: (sum(each) / max(1, len(each)), max(each, default=0)) for name, each in gaps.items()},
    )


def _agrees(problem: Problem, parcels: int, cost: int, aims: Sequence[str]) -> bool:
    if aims[0] == "cost":
        return solved(problem) == cost
    return solved(problem, aim="parcels") == parcels and solved(problem, parcels) == cost


def scarce_batch(seed: int = SEED, orders: int = 300, locations: int = 30, skus: int = 120) -> Batch:
    """Orders of two to six lines over stock that is short of what they want."""
    dice = random.Random(seed)
    free = {
        f"L{number}": {Sku(f"s{i}"): dice.randint(1, 6) for i in range(skus) if dice.random() < 0.13}
        for number in range(locations)
    }
    places = {name: (dice.randint(0, 1_000), dice.randint(0, 1_000)) for name in free}
    return Batch(problems=tuple(_orders(dice, free, places, orders, skus)), missing_cost=5_000)


def _orders(
    dice: random.Random,
    free: dict[str, dict[Sku, int]],
    places: dict[str, tuple[int, int]],
    orders: int,
    skus: int,
) -> Iterator[Problem]:
    for _ in range(orders):
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
        yield Problem(needs=needs, sites=tuple(sites), policy=Policy(aims=("cost",)))


def batch_rows(batch: Batch, seconds: float) -> Iterator[tuple[str, int, float, float]]:
    """Give what each way of planning a batch costs, how far above the bound that is in percent, and its seconds."""
    before = time.perf_counter()
    plans, bound = plan_batch(batch, seconds=seconds, gap=0.001, clock=time.monotonic)
    took = time.perf_counter() - before
    if check_batch(batch, plans):
        raise SystemExit("the batch's plans break something")
    yield "batch", cost_of(batch, plans), 100 * (cost_of(batch, plans) - bound) / bound, took
    for name, strategy in (("one by one, exact", "exact"), ("one by one, nearest first", "nearest")):
        before = time.perf_counter()
        cost = cost_of(batch, in_turn(batch, Policy(aims=("cost",), strategy=strategy)))
        yield name, cost, 100 * (cost - bound) / bound, time.perf_counter() - before


def imbalances(seed: int = SEED, skus: int = 1_000, locations: int = 100) -> list[Imbalance]:
    """Articles that lie where they do not sell."""
    dice = random.Random(seed)
    places = [(dice.randint(0, 1_000), dice.randint(0, 1_000)) for _ in range(locations)]
    problems = []
    for number in range(skus):
        levels = tuple(
            Level(
                location=LocationId(f"L{place}"),
                free=dice.randint(0, 12),
                sells=dice.randint(0, 900),
                cover_days=10,
                display_min=1,
            )
            for place in range(locations)
        )
        lanes = tuple(
            Lane(origin=one.location, destination=other.location, unit_cost=10 + _far(places[i], places[j]) // 10)
            for i, one in enumerate(levels)
            if one.surplus
            for j, other in enumerate(levels)
            if other.need
        )
        problems.append(Imbalance(sku=Sku(f"s{number}"), levels=levels, lanes=lanes, missing_cost=400))
    return problems


def _far(one: tuple[int, int], other: tuple[int, int]) -> int:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def rebalanced(problems: Sequence[Imbalance]) -> Iterator[tuple[str, int, float]]:
    """Give what rebalancing costs and how long it takes, as a flow and greedily."""
    for name, work in (("min-cost flow", balance_article), ("cheapest lane first", balance_greedily)):
        before = time.perf_counter()
        cost = sum(work(problem).cost for problem in problems)
        yield name, cost, time.perf_counter() - before


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="fewer instances")
    parser.add_argument("--only", choices=("plan", "batch", "balance"))
    asked = parser.parse_args()
    count = 50 if asked.short else 1_000
    if asked.only in (None, "plan"):
        for aims in (("parcels", "cost", "distance"), ("cost", "distance")):
            for locations in (10, 50, 200):
                row = measure(locations, count, aims, compared=min(count, 1_000 if locations < 200 else 300))
                print(aims, row, flush=True)
    if asked.only in (None, "batch"):
        for line in batch_rows(scarce_batch(), 30 if asked.short else 180):
            print(line, flush=True)
    if asked.only in (None, "balance"):
        for line in rebalanced(imbalances(skus=50 if asked.short else 1_000)):
            print(line, flush=True)


if __name__ == "__main__":
    main()
