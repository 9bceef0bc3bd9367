"""Many orders over the same stock: what a batch asks, one order after the other, and what any answer must keep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from attrs import evolve, frozen

from omo_core.events import check_items
from omo_core.identifiers import LocationId, Sku
from omo_core.quantities import whole
from omo_core.stock.sourcing.checking import Flaw, check_plan
from omo_core.stock.sourcing.plan import Plan
from omo_core.stock.sourcing.planning import plan
from omo_core.stock.sourcing.problem import Policy, Problem, Site
from omo_core.stock.sourcing.scoring import score_of


@frozen(kw_only=True)
class Batch:
    """Orders that take from the same shelves: every problem states what is free before any of them took anything."""

    problems: tuple[Problem, ...]
    missing_cost: int
    """What a unit costs that nobody gives: the margin that is lost, in minor units."""

    def check(self) -> None:
        """Raise ``Malformed`` when the batch can't mean anything."""
        check_items(self.problems, "problems", Problem)
        whole(self.missing_cost, "missing_cost", low=0, high=10**12)


def cost_of(batch: Batch, plans: Sequence[Plan]) -> int:
    """Give what a batch costs: parcels, units, and what is missing."""
    missing = sum(picked.units for made in plans for picked in made.short)
    costs = (score_of(problem, made).cost for problem, made in zip(batch.problems, plans, strict=True))
    return sum(costs) + missing * batch.missing_cost


def in_turn(batch: Batch, policy: Policy | None = None) -> tuple[Plan, ...]:
    """Plan one order after the other, each on what those before it left: the best for each, not for all."""
    batch.check()
    done: list[tuple[Problem, Plan]] = []
    for problem in batch.problems:
        (left,) = left_by(done, (problem,))
        done.append((problem, plan(evolve(left, policy=policy or problem.policy), explain=False)))
    return tuple(made for _, made in done)


def left_by(done: Iterable[tuple[Problem, Plan]], problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Give problems as they are once plans for others have taken their units."""
    taken, sent = _taken(done)
    return tuple(
        evolve(problem, sites=tuple(_left(site, taken, sent) for site in problem.sites)) for problem in problems
    )


def _taken(
    done: Iterable[tuple[Problem, Plan]],
) -> tuple[dict[tuple[LocationId, Sku], int], dict[LocationId, int]]:
    """Add up what plans take from each shelf, and the parcels that each location sends; what is collected is none."""
    taken: dict[tuple[LocationId, Sku], int] = {}
    sent: dict[LocationId, int] = {}
    for problem, made in done:
        for parcel in made.parcels:
            if parcel.location != problem.pickup_at:
                sent[parcel.location] = sent.get(parcel.location, 0) + 1
            for picked in parcel.picked:
                taken[parcel.location, picked.sku] = taken.get((parcel.location, picked.sku), 0) + picked.units
    return taken, sent


def _left(site: Site, taken: dict[tuple[LocationId, Sku], int], sent: dict[LocationId, int]) -> Site:
    free = {sku: units - taken.get((site.location, sku), 0) for sku, units in site.free.items()}
    capacity = None if site.capacity is None else site.capacity - sent.get(site.location, 0)
    return evolve(site, free=free, capacity=capacity)


def check_batch(batch: Batch, plans: Sequence[Plan]) -> tuple[Flaw, ...]:
    """Name everything that is wrong with the plans of a batch, each by itself and all together."""
    if len(plans) != len(batch.problems):
        return (Flaw(what="not_what_was_needed", asked=len(batch.problems), there=len(plans)),)
    alone = [
        flaw
        for problem, made in zip(batch.problems, plans, strict=True)
        for flaw in check_plan(problem, made, alone=False)
    ]
    return (*alone, *_overdrawn(batch, plans))


def _overdrawn(batch: Batch, plans: Sequence[Plan]) -> Iterator[Flaw]:
    asked, sent = _taken(zip(batch.problems, plans, strict=True))
    sites = {site.location: site for problem in batch.problems for site in problem.sites}
    for (location, sku), units in asked.items():
        there = sites[location].free.get(sku, 0) if location in sites else 0
        if units > there:
            yield Flaw(what="not_free", location=location, sku=sku, asked=units, there=there)
    for location, parcels in sent.items():
        limit = sites[location].capacity if location in sites else None
        if limit is not None and parcels > limit:
            yield Flaw(what="too_many_parcels", location=location, asked=parcels, there=limit)
