"""No plan is trusted, not even our own: what a plan breaks is named before anything follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import frozen

from omo_core.identifiers import LocationId, Sku
from omo_core.stock.sourcing.plan import Parcel, Plan
from omo_core.stock.sourcing.problem import AIMS, Problem, Site
from omo_core.stock.sourcing.scoring import Item, items_of, may_give, ruled_out, score_of


@frozen(kw_only=True)
class Flaw:
    """One thing that a plan gets wrong."""

    what: str
    """``not_free``, ``ruled_out``, ``too_many_parcels``, ``split_apart``, ``worth_too_little``, ``not_used``,
    ``not_what_was_needed``, ``short_needlessly``, ``empty_parcel``, ``unknown_location``, ``twice``, ``wrong_score``.
    """
    location: LocationId | None = None
    line: str = ""
    sku: Sku | None = None
    asked: int = 0
    there: int = 0


def check_plan(problem: Problem, plan: Plan, *, alone: bool = True) -> tuple[Flaw, ...]:
    """Name everything that is wrong with a plan, whoever made it; empty when it can be committed.

    ``alone`` is false where other orders take from the same shelves: then what is short may be theirs.
    """
    amounts = tuple(_amounts(problem, plan))
    told = (*amounts, *_locations(problem, plan), *_wishes(problem, plan))
    if told:
        return told
    return (*_score(problem, plan), *(_shortage(problem, plan) if alone else ()))


def _amounts(problem: Problem, plan: Plan) -> Iterator[Flaw]:
    """Each line gets what it needs, no more and no less, but for what the plan says is short."""
    got: dict[tuple[str, Sku], int] = {}
    for picked in [one for parcel in plan.parcels for one in parcel.picked] + list(plan.short):
        if type(picked.units) is not int or picked.units <= 0:
            yield Flaw(what="not_what_was_needed", line=picked.line, sku=picked.sku)
            return
        got[picked.line, picked.sku] = got.get((picked.line, picked.sku), 0) + picked.units
    for need in problem.needs:
        found = got.pop((need.line, need.sku), 0)
        if found != need.units:
            yield Flaw(what="not_what_was_needed", line=need.line, sku=need.sku, asked=need.units, there=found)
    for (line, sku), units in got.items():
        yield Flaw(what="not_what_was_needed", line=line, sku=sku, there=units)


def _locations(problem: Problem, plan: Plan) -> Iterator[Flaw]:
    """Each location may be asked, and has what it is asked for free."""
    sites = {site.location: site for site in problem.sites}
    items = {(need.line, need.sku): item for item in items_of(problem.needs) for need in item.needs}
    seen: set[LocationId] = set()
    for parcel in plan.parcels:
        site = sites.get(parcel.location)
        if site is None or parcel.location in seen:
            yield Flaw(what="unknown_location" if site is None else "twice", location=parcel.location)
            continue
        seen.add(parcel.location)
        if ruled_out(problem, site):
            yield Flaw(what="ruled_out", location=parcel.location)
        yield from _shelf(problem, site, parcel, items)
    for location in sorted(problem.policy.must - seen):
        yield Flaw(what="not_used", location=location)


def _shelf(problem: Problem, site: Site, parcel: Parcel, items: Mapping[tuple[str, Sku], Item]) -> Iterator[Flaw]:
    """What a location gives is there, and may be asked of it."""
    if not parcel.picked:
        yield Flaw(what="empty_parcel", location=site.location)
    asked: dict[Sku, int] = {}
    for picked in parcel.picked:
        asked[picked.sku] = asked.get(picked.sku, 0) + picked.units
        item = items.get((picked.line, picked.sku))
        if item is not None and not may_give(problem, site, item):
            yield Flaw(what="ruled_out", location=site.location, line=picked.line, sku=picked.sku)
    for sku, units in asked.items():
        if units > site.free.get(sku, 0):
            yield Flaw(what="not_free", location=site.location, sku=sku, asked=units, there=site.free.get(sku, 0))


def _wishes(problem: Problem, plan: Plan) -> Iterator[Flaw]:
    """The plan keeps what the policy asks: parcels, worth, what belongs together."""
    policy = problem.policy
    sent = [parcel for parcel in plan.parcels if parcel.location != problem.pickup_at]
    if policy.parcels_max is not None and len(plan.parcels) > policy.parcels_max:
        yield Flaw(what="too_many_parcels", asked=len(plan.parcels), there=policy.parcels_max)
    values = {
        (need.line, need.sku): need.value if item.whole else item.worth_each
        for item in items_of(problem.needs)
        for need in item.needs
    }
    for parcel in sent if len(plan.parcels) > 1 else ():
        worth = sum(values.get((picked.line, picked.sku), 0) * picked.units for picked in parcel.picked)
        if worth < policy.parcel_value_min:
            yield Flaw(what="worth_too_little", location=parcel.location, asked=policy.parcel_value_min, there=worth)
    for item in items_of(problem.needs):
        if item.whole:
            lines = {need.line for need in item.needs}
            places = [parcel for parcel in plan.parcels if _has_any(parcel, lines)]
            if len(places) > 1:
                yield Flaw(what="split_apart", line=item.needs[0].line, location=places[1].location)


def _score(problem: Problem, plan: Plan) -> Iterator[Flaw]:
    """The plan costs what it says, and says no better of itself than its bound."""
    score = score_of(problem, plan)
    for aim in AIMS:
        told, real = getattr(plan.score, aim), getattr(score, aim)
        if told != real:
            yield Flaw(what="wrong_score", line=aim, asked=told, there=real)


def _shortage(problem: Problem, plan: Plan) -> Iterator[Flaw]:
    """What is short is short because nobody may give it; where parcels are limited, a parcel that goes has no more."""
    policy = problem.policy
    room = policy.parcels_max is None or len(plan.parcels) < policy.parcels_max
    places = {parcel.location for parcel in plan.parcels}
    items = {(need.line, need.sku): item for item in items_of(problem.needs) for need in item.needs}
    for lacking in plan.short:
        item = items[lacking.line, lacking.sku]
        for site in problem.sites:
            left = site.free.get(lacking.sku, 0) - _taken(plan, site.location, lacking.sku)
            asks = site.location in places or (room and not policy.parcel_value_min)
            could = asks and not item.whole and not ruled_out(problem, site) and may_give(problem, site, item)
            if could and left > 0:
                yield Flaw(
                    what="short_needlessly", location=site.location, line=lacking.line, sku=lacking.sku, there=left
                )


def _taken(plan: Plan, location: LocationId, sku: Sku) -> int:
    parcels = [parcel for parcel in plan.parcels if parcel.location == location]
    return sum(picked.units for parcel in parcels for picked in parcel.picked if picked.sku == sku)


def _has_any(parcel: Parcel, lines: set[str]) -> bool:
    return any(picked.line in lines for picked in parcel.picked)
