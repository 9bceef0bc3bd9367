"""No plan is trusted, not even our own: what a plan breaks is named before anything follows from it."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from omo_core.identifiers import LocationId, Sku
from omo_core.stock.sourcing.plan import Parcel, Plan
from omo_core.stock.sourcing.problem import Problem
from omo_core.stock.sourcing.scoring import items_of, scored


@frozen(kw_only=True)
class Flaw:
    """One thing that a plan gets wrong."""

    what: str
    """``not_free``, ``ruled_out``, ``too_many_parcels``, ``split_apart``, ``worth_too_little``,
    ``not_what_was_needed``, ``unknown_location``, ``twice``."""
    location: LocationId | None = None
    line: str = ""
    sku: Sku | None = None
    asked: int = 0
    there: int = 0


def check_plan(problem: Problem, plan: Plan) -> tuple[Flaw, ...]:
    """Name everything that is wrong with a plan; empty when it can be committed."""
    return (*_amounts(problem, plan), *_locations(problem, plan), *_wishes(problem, plan))


def _amounts(problem: Problem, plan: Plan) -> Iterator[Flaw]:
    """Each line gets what it needs, no more and no less, but for what the plan says is short."""
    got: dict[tuple[str, Sku], int] = {}
    for picked in [one for parcel in plan.parcels for one in parcel.picked] + list(plan.short):
        got[picked.line, picked.sku] = got.get((picked.line, picked.sku), 0) + picked.units
        if picked.units <= 0:
            yield Flaw(what="not_what_was_needed", line=picked.line, sku=picked.sku, asked=picked.units)
    for need in problem.needs:
        found = got.pop((need.line, need.sku), 0)
        if found != need.units:
            yield Flaw(what="not_what_was_needed", line=need.line, sku=need.sku, asked=need.units, there=found)
    for (line, sku), units in got.items():
        yield Flaw(what="not_what_was_needed", line=line, sku=sku, there=units)


def _locations(problem: Problem, plan: Plan) -> Iterator[Flaw]:
    """Each location may be asked, and has what it is asked for free."""
    sites = {site.location: site for site in problem.sites}
    ruled_out = scored(problem).ruled_out
    seen: set[LocationId] = set()
    for parcel in plan.parcels:
        site = sites.get(parcel.location)
        if site is None or parcel.location in seen:
            yield Flaw(what="unknown_location" if site is None else "twice", location=parcel.location)
            continue
        seen.add(parcel.location)
        why = ruled_out.get(parcel.location, "")
        if why and why != "nothing_of_it":
            yield Flaw(what="ruled_out", location=parcel.location)
        asked: dict[Sku, int] = {}
        for picked in parcel.picked:
            asked[picked.sku] = asked.get(picked.sku, 0) + picked.units
            if picked.line in site.short_lines:
                yield Flaw(what="ruled_out", location=parcel.location, line=picked.line)
        for sku, units in asked.items():
            if units > site.free.get(sku, 0):
                yield Flaw(what="not_free", location=parcel.location, sku=sku, asked=units, there=site.free.get(sku, 0))


def _wishes(problem: Problem, plan: Plan) -> Iterator[Flaw]:
    """The plan keeps what the policy asks: parcels, worth, what belongs together."""
    policy = problem.policy
    sent = [parcel for parcel in plan.parcels if parcel.location != problem.pickup_at]
    if policy.parcels_max is not None and len(plan.parcels) > policy.parcels_max:
        yield Flaw(what="too_many_parcels", asked=len(plan.parcels), there=policy.parcels_max)
    values = {need.line: need.value for need in problem.needs}
    for parcel in sent if len(plan.parcels) > 1 else ():
        worth = sum(values.get(picked.line, 0) * picked.units for picked in parcel.picked)
        if worth < policy.parcel_value_min:
            yield Flaw(what="worth_too_little", location=parcel.location, asked=policy.parcel_value_min, there=worth)
    for item in items_of(problem.needs):
        if item.whole:
            lines = {need.line for need in item.needs}
            places = [parcel for parcel in plan.parcels if _has_any(parcel, lines)]
            if len(places) > 1:
                yield Flaw(what="split_apart", line=item.needs[0].line, location=places[1].location)


def _has_any(parcel: Parcel, lines: set[str]) -> bool:
    return any(picked.line in lines for picked in parcel.picked)
