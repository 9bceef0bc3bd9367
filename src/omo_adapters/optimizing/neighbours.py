"""Plans for a whole batch, made better a few orders at a time.

A whole batch is hard on a solver, a few orders are easy. So orders that want the same articles are planned anew
together, everybody else's plans kept, again and again until no such group finds anything better; then larger groups
are tried, and at last groups that seeded dice throw together, until many of them find nothing. What it starts from
matters: prices (``columns``) give a far better start than one order after the other, and a bound. If that leaves time,
the whole batch is given to the solver, which mostly proves how good the plans are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from attrs import evolve, frozen

from omo_adapters.optimizing.batches import solve
from omo_adapters.optimizing.columns import Market
from omo_core.identifiers import Sku
from omo_core.stock.sourcing.batching import Batch, check_batch, cost_of, in_turn, left_by
from omo_core.stock.sourcing.plan import Plan
from omo_core.stock.sourcing.problem import Problem

GROUPS = (10, 20, 35)
"""How many orders are planned anew together: small groups until they find nothing better, then larger ones."""
GROWN = 40
"""How many orders a group has that dice throw together."""
PATIENCE = 20
"""How many such groups may find nothing better, one after the other, before the rest of the time is the solver's."""
GROUP_SECONDS = 8.0
PRICED_BY, WHOLE_BY, IMPROVED_BY = 0.3, 0.6, 0.85
"""Shares of the time by which prices are found, plans are made whole, groups are through; the whole model gets the
rest, and what the others left."""


@frozen(kw_only=True)
class Watch:
    """How much time there is, and when plans are good enough."""

    clock: Callable[[], float]
    start: float
    seconds: float
    gap: float

    def at(self, share: float) -> float:
        """Give the time at which a share of all is over."""
        return self.start + share * self.seconds

    def good_enough(self, cost: int, bound: int) -> bool:
        """Say whether plans are as near to the best as was asked."""
        return cost <= bound * (1 + self.gap)


def plan_batch(batch: Batch, *, seconds: float, gap: float, clock: Callable[[], float]) -> tuple[tuple[Plan, ...], int]:
    """Plan a batch within a time; gives the plans and a cost that no plans can beat (0 when nothing is known)."""
    batch.check()
    if not batch.problems:
        return (), 0
    watch = Watch(clock=clock, start=clock(), seconds=seconds, gap=gap)
    cheap = evolve(batch, problems=tuple(map(_by_cost, batch.problems)))
    plans = in_turn(cheap)
    market = Market.of(cheap, clock)
    market.master.add_plans(plans)
    bound = market.trade(until=watch.at(PRICED_BY))
    dived = market.dive(until=watch.at(WHOLE_BY))
    if not check_batch(cheap, dived) and cost_of(cheap, dived) < cost_of(cheap, plans):
        plans = dived
    plans = improve(cheap, plans, bound, watch)
    if watch.good_enough(cost_of(cheap, plans), bound):
        return plans, bound
    plans, other = solve(cheap, plans, seconds=max(0.1, watch.at(1.0) - clock()), gap=gap)
    return plans, max(bound, other)


def _by_cost(problem: Problem) -> Problem:
    return evolve(problem, policy=evolve(problem.policy, aims=("cost",)))


def improve(batch: Batch, plans: Sequence[Plan], bound: int, watch: Watch) -> tuple[Plan, ...]:
    """Plan groups of orders anew until no group finds anything better, or the time is over."""
    kept = list(plans)
    related = _related(batch.problems)
    for size in GROUPS:
        todo = list(range(len(kept)))
        while todo and watch.clock() < watch.at(IMPROVED_BY) and not watch.good_enough(cost_of(batch, kept), bound):
            changed = _round(batch, kept, [group[:size] for group in related], todo, watch)
            todo = sorted({other for number in changed for other in related[number][:5]})
        if size >= len(kept):
            return tuple(kept)
    dice, wants = Random(len(kept)), _wants(batch.problems)  # noqa: S311  (no secret hangs on who is planned with whom)
    in_vain, most = 0, PATIENCE if len(kept) > GROWN else 1  # a batch that is one group is planned anew once
    while in_vain < most and watch.clock() < watch.at(IMPROVED_BY):
        if watch.good_enough(cost_of(batch, kept), bound):
            break
        in_vain = 0 if _group(batch, kept, _grown(wants, dice)) else in_vain + 1
    return tuple(kept)


def _grown(wants: Sequence[frozenset[Sku]], dice: Random) -> list[int]:
    """Let a group grow from one order: whoever wants the most of what the group wants joins it, more or less."""
    group = [dice.randrange(len(wants))]
    wanted = wants[group[0]]
    left = dict.fromkeys(order for order in range(len(wants)) if order != group[0])
    while left and len(group) < GROWN:
        near = {order: len(wants[order] & wanted) + 2 * dice.random() for order in left}
        group.append(max(left, key=near.__getitem__))
        del left[group[-1]]
        if len(group) % 5 == 0:
            wanted |= wants[group[-1]]
    return group


def _round(
    batch: Batch, kept: list[Plan], groups: Sequence[Sequence[int]], todo: Sequence[int], watch: Watch
) -> set[int]:
    """Plan each group anew that starts with one of these orders; those well inside another group are passed over."""
    changed: set[int] = set()
    covered: set[int] = set()
    for seed in todo:
        if seed in covered or watch.clock() >= watch.at(IMPROVED_BY):
            continue
        group = groups[seed]
        covered.update(group[: len(group) // 2])
        if _group(batch, kept, group):
            changed.update(group)
    return changed


def _group(batch: Batch, kept: list[Plan], group: Sequence[int]) -> bool:
    """Plan one group anew on what the others leave; says whether that was better."""
    mine = frozenset(group)
    others = [pair for number, pair in enumerate(zip(batch.problems, kept, strict=True)) if number not in mine]
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


def _wants(problems: Sequence[Problem]) -> list[frozenset[Sku]]:
    return [frozenset(need.sku for need in problem.needs) for problem in problems]


def _related(problems: Sequence[Problem]) -> list[list[int]]:
    """For each order, itself and then those that share the most articles with it."""
    wants = _wants(problems)
    by_sku: dict[str, list[int]] = {}
    for number, skus in enumerate(wants):
        for sku in sorted(skus):
            by_sku.setdefault(sku, []).append(number)
    groups = []
    for number, skus in enumerate(wants):
        others = sorted({other for sku in skus for other in by_sku[sku]} - {number})
        others.sort(key=lambda other: (-len(wants[other] & skus), other))
        groups.append([number, *others[: max(GROUPS) - 1]])
    return groups
