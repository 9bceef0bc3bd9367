"""Rebalancing: a flow of least cost beside the cheapest lane first, and beside a second way to find the least cost."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence

from omo_adapters.optimizing.balances import balance_article
from omo_core.identifiers import LocationId, Sku
from omo_core.stock.balancing import Imbalance, Lane, Level, balance_greedily, faults

SEED = 5
LOCATIONS = 100
SKUS = 1_000
MISSING_COST = 400
CHECKED = 50
"""How many articles the second way is asked about."""


def imbalances(seed: int = SEED, skus: int = SKUS, locations: int = LOCATIONS, minimum: int = 1) -> list[Imbalance]:
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
            Lane(
                origin=one.location,
                destination=other.location,
                unit_cost=10 + _far(places[i], places[j]) // 10,
                minimum=minimum,
            )
            for i, one in enumerate(levels)
            if one.surplus
            for j, other in enumerate(levels)
            if other.need
        )
        problems.append(Imbalance(sku=Sku(f"s{number}"), levels=levels, lanes=lanes, missing_cost=MISSING_COST))
    return problems


def _far(one: tuple[int, int], other: tuple[int, int]) -> int:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def cheapest_paths(problem: Imbalance) -> int:
    """Give what the best proposal costs, found in another way: units go on the cheapest path that still has room.

    Lanes may carry as few as they like here. In whole numbers, without a solver: the textbook's successive shortest
    paths, where going back over a lane undoes what it carried.
    """
    levels = {level.location: level for level in problem.levels}
    net = _Net(list(levels))
    for lane in problem.lanes:
        if problem.ahead or (levels[lane.origin].surplus and levels[lane.destination].need):
            net.add(lane.origin, lane.destination, lane.most, lane.unit_cost)
    for level in problem.levels:
        net.add("<from>", level.location, problem.gives(level), 0)
        net.add(level.location, "<to>", level.need, 0)
    total = sum(level.need for level in problem.levels) * problem.missing_cost
    while (path := net.cheapest("<from>", "<to>")) is not None:
        units, cost = min(net.room[arc] for arc in path), sum(net.cost[arc] for arc in path)
        if cost >= problem.missing_cost:
            break
        for arc in path:
            net.room[arc] -= units
            net.room[arc ^ 1] += units
        total += units * (cost - problem.missing_cost)
    return total


class _Net:
    """Arcs in pairs, there and back; the way back has room for what went there."""

    def __init__(self, names: Sequence[str]) -> None:
        self._out: dict[str, list[int]] = {name: [] for name in (*names, "<from>", "<to>")}
        self._ends: list[str] = []
        self.room: list[int] = []
        self.cost: list[int] = []

    def add(self, start: str, end: str, room: int, cost: int) -> None:
        for here, there, units, price in ((start, end, room, cost), (end, start, 0, -cost)):
            self._out[here].append(len(self._ends))
            self._ends.append(there)
            self.room.append(units)
            self.cost.append(price)

    def cheapest(self, start: str, goal: str) -> list[int] | None:
        """Find the cheapest path that still has room (Bellman and Ford, since the way back costs less than nothing)."""
        far, came, changed = {start: 0}, dict[str, int](), [start]
        while changed:
            following: dict[str, None] = {}
            for here in changed:
                for arc in self._out[here]:
                    there, cost = self._ends[arc], far[here] + self.cost[arc]
                    if self.room[arc] and (there not in far or cost < far[there]):
                        far[there], came[there] = cost, arc
                        following[there] = None
            changed = list(following)
        if goal not in far:
            return None
        path, at = [], goal
        while at != start:
            path.append(came[at])
            at = self._ends[came[at] ^ 1]
        return path


def measured(skus: int = SKUS, checked: int = CHECKED) -> dict[str, object]:
    """Balance every article in both ways, and ask the second way about some."""
    problems = imbalances(skus=skus)
    ways = {}
    for way, work in (("min-cost flow", balance_article), ("cheapest lane first", balance_greedily)):
        before = time.perf_counter()
        found = [work(problem) for problem in problems]
        ways[way] = {"cost": sum(each.cost for each in found), "seconds": time.perf_counter() - before}
        if any(faults(problem, each.moves) for problem, each in zip(problems, found, strict=True)):
            raise SystemExit(f"{way} breaks something")
        if way == "min-cost flow":
            best = found
    return {
        "seed": SEED,
        "locations": LOCATIONS,
        "skus": skus,
        "lanes": sum(len(problem.lanes) for problem in problems),
        "ways": ways,
        "bound": sum(each.bound for each in best),
        "checked": min(checked, skus),
        "equal": sum(
            cheapest_paths(problem) == each.cost
            for problem, each in zip(problems[:checked], best[:checked], strict=True)
        ),
    }
