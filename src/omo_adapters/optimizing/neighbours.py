"""Better plans for a batch, a few orders at a time.

A whole batch is hard on a solver, a few orders are easy. So orders that want the same articles are planned anew
together, everybody else's plans kept, again and again until no such group finds anything better. Then the whole batch
is given to the solver with that to start from, which mostly proves how good it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from attrs import evolve

from omo_adapters.optimizing.batches import solve
from omo_core.stock.sourcing.batching import Batch, cost_of, in_turn, left_by
from omo_core.stock.sourcing.plan import Plan
from omo_core.stock.sourcing.problem import Problem

GROUP = 20
"""How many orders are planned anew together."""
GROUP_SECONDS = 3.0


def plan_batch(batch: Batch, *, seconds: float, gap: float, clock: Callable[[], float]) -> tuple[tuple[Plan, ...], int]:
    """Plan a batch within a time; gives the plans and a cost that no plans can beat (0 when nothing is known)."""
    if not batch.problems:
        return (), 0
    ends = clock() + seconds
    cheap = evolve(batch, problems=tuple(map(_by_cost, batch.problems)))
    plans = in_turn(cheap)
    better = improve(cheap, plans, until=ends - seconds / 5, clock=clock)
    left = max(0.1, ends - clock())
    return solve(cheap, better, seconds=left, gap=gap)


def _by_cost(problem: Problem) -> Problem:
    return evolve(problem, policy=evolve(problem.policy, aims=("cost",)))


def improve(batch: Batch, plans: Sequence[Plan], *, until: float, clock: Callable[[], float]) -> tuple[Plan, ...]:
    """Plan groups of orders anew until a round over all of them brings nothing, or the time is over."""
    kept = list(plans)
    related = _related(batch.problems)
    todo = list(range(len(kept)))
    while todo and clock() < until:
        changed: set[int] = set()
        covered: set[int] = set()
        for seed in todo:
            if seed in covered or clock() >= until:
                continue
            group = related[seed]
            covered.update(group[: GROUP // 2])
            if _group(batch, kept, group):
                changed.update(group)
        todo = sorted({other for number in changed for other in related[number][:5]})
    return tuple(kept)


def _group(batch: Batch, kept: list[Plan], group: Sequence[int]) -> bool:
    """Plan one group anew on what the others leave; says whether that was better."""
    others = [made for number, made in enumerate(kept) if number not in group]
    part = Batch(
        problems=left_by(others, [batch.problems[number] for number in group]), missing_cost=batch.missing_cost
    )
    before = [kept[number] for number in group]
    after, _ = solve(part, before, seconds=GROUP_SECONDS, gap=0.0)
    if cost_of(part, after) >= cost_of(part, before):
        return False
    for number, made in zip(group, after, strict=True):
        kept[number] = made
    return True


def _related(problems: Sequence[Problem]) -> list[list[int]]:
    """For each order, itself and those that share the most articles with it."""
    wants = [{need.sku for need in problem.needs} for problem in problems]
    by_sku: dict[str, list[int]] = {}
    for number, skus in enumerate(wants):
        for sku in sorted(skus):
            by_sku.setdefault(sku, []).append(number)
    groups = []
    for number, skus in enumerate(wants):
        others = sorted({other for sku in skus for other in by_sku[sku]} - {number})
        others.sort(key=lambda other: (-len(wants[other] & skus), other))
        groups.append([number, *others[: GROUP - 1]])
    return groups
