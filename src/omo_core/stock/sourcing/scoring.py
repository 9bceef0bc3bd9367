"""Filter and score: which locations could give what, and what that would cost as one whole number.

The aims of a policy follow one another (fewest parcels, then cost, then distance). They are put into one integer, the
first aim in its highest digits, so that comparing two plans is comparing two numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import define, frozen

from omo_core.identifiers import LocationId, Sku
from omo_core.stock.sourcing.plan import Plan, Score
from omo_core.stock.sourcing.problem import Aim, Need, Problem, Site


@frozen
class Item:
    """What is taken from a location as one: an article, or articles that stay together."""

    needs: tuple[Need, ...]
    wanted: Mapping[Sku, int]
    """Units per article; in a group, all of them or none."""
    whole: bool
    """It comes from one location or not at all."""

    @property
    def units(self) -> int:
        """Give how often it is needed: once when it stays whole."""
        return 1 if self.whole else next(iter(self.wanted.values()))

    @property
    def units_each(self) -> int:
        """Give how many units one of it is."""
        return sum(self.wanted.values()) if self.whole else 1

    @property
    def worth_each(self) -> int:
        """Give what one of it is worth; where lines differ, a unit of the article is worth their average."""
        worth = sum(need.value * need.units for need in self.needs)
        return worth if self.whole else worth // max(1, self.units)


@define
class Scored:
    """A problem with its locations filtered and its costs as whole numbers; locations in order of their fixed cost."""

    problem: Problem
    items: list[Item]
    sites: list[Site]
    fixed: list[int]
    """What using a location at all adds."""
    caps: list[list[int]]
    """Per item and location: how much of it the location can give."""
    unit: list[list[int]]
    """Per item and location: what one of it costs there."""
    needed: list[int]
    """Per item: how much of it all locations together can give of what is needed."""
    ruled_out: dict[LocationId, str]
    bases: dict[Aim, int]

    def score(self, weight: int) -> Score:
        """Take a number apart into the aims again."""
        parts: dict[str, int] = {}
        for aim in self.problem.policy.aims:
            parts[aim], weight = divmod(weight, self.bases[aim])
        return Score(parcels=parts.get("parcels", 0), cost=parts.get("cost", 0), distance=parts.get("distance", 0))


def items_of(needs: tuple[Need, ...]) -> list[Item]:
    """Bring needs together by article; whatever shares an article with a group belongs to the group."""
    groups: dict[str, list[Need]] = {}
    home: dict[Sku, str] = {}
    for need in sorted(needs, key=lambda one: not one.together):  # groups first; the sort keeps the lines' order
        name = home.get(need.sku) or (f"={need.together}" if need.together else f"#{need.sku}")
        groups.setdefault(name, []).append(need)
        home.setdefault(need.sku, name)
    return [_item(tuple(members), whole=name.startswith("=")) for name, members in groups.items()]


def _item(needs: tuple[Need, ...], *, whole: bool) -> Item:
    wanted: dict[Sku, int] = {}
    for need in needs:
        wanted[need.sku] = wanted.get(need.sku, 0) + need.units
    return Item(needs, wanted, whole)


def scored(problem: Problem, *, own_first: bool = True) -> Scored:
    """Filter the locations and put costs into numbers.

    ``own_first``: where an order is collected and all else is equal, what lies there goes before what is brought in.
    """
    items = items_of(problem.needs)
    out: dict[LocationId, str] = {}
    could: list[tuple[Site, list[int]]] = []
    for site in problem.sites:
        why = ruled_out(problem, site)
        caps = [] if why else [_cap(problem, site, item) for item in items]
        if not why and not any(caps):
            why = _why_nothing(problem, site, items)
        if why:
            out[site.location] = why
        else:
            could.append((site, caps))
    units = [[_unit(problem, site, item) for site, _ in could] for item in items]
    collected = own_first and problem.pickup_at is not None
    tie = 1 + (sum(need.units for need in problem.needs) if collected else 0)
    bases = _bases(problem, items, [site for site, _ in could], units, tie)
    fixed = [_fixed(problem, site, bases) for site, _ in could]
    order = sorted(range(len(could)), key=lambda number: (fixed[number], could[number][0].location))
    caps_of = [[could[number][1][item] for number in order] for item in range(len(items))]
    base, moved = (
        bases.get("cost", 0),
        [int(collected and could[number][0].location != problem.pickup_at) for number in order],
    )
    return Scored(
        problem=problem,
        items=items,
        sites=[could[number][0] for number in order],
        fixed=[fixed[number] for number in order],
        caps=caps_of,
        unit=[
            [base * each[number] + once * item.units_each for number, once in zip(order, moved, strict=True)]
            for each, item in zip(units, items, strict=True)
        ],
        needed=[min(item.units, sum(caps)) for item, caps in zip(items, caps_of, strict=True)],
        ruled_out=out,
        bases=bases,
    )


def ruled_out(problem: Problem, site: Site) -> str:
    """Say why a location is not asked at all; empty where it is."""
    policy, collected = problem.policy, problem.pickup_at
    if site.location in policy.excluded:
        return "excluded"
    if policy.zones and site.zone not in policy.zones:
        return "outside_zone"
    if site.capacity is not None and site.capacity <= 0 and site.location != collected:
        return "no_capacity"
    if collected is not None and site.location != collected:
        place = next((one for one in problem.sites if one.location == collected), None)
        if place is None or place.pickup != "any":
            return "not_for_pickup"
    return ""


def may_give(problem: Problem, site: Site, item: Item) -> bool:
    """Say whether a location may be asked for an item: it was not short of it, and its record is trusted."""
    if site.short_lines and any(need.line in site.short_lines for need in item.needs):
        return False
    floor = problem.policy.confidence_min
    return not floor or all(site.confidence.get(sku, 1_000) >= floor for sku in item.wanted)


def _cap(problem: Problem, site: Site, item: Item) -> int:
    if not may_give(problem, site, item):
        return 0
    if item.whole:
        return int(all(site.free.get(sku, 0) >= units for sku, units in item.wanted.items()))
    ((sku, units),) = item.wanted.items()
    return max(0, min(units, site.free.get(sku, 0)))


def _why_nothing(problem: Problem, site: Site, items: Sequence[Item]) -> str:
    has = [item for item in items if any(site.free.get(sku, 0) > 0 for sku in item.wanted)]
    if not has:
        return "nothing_of_it"
    floor = problem.policy.confidence_min
    has = [item for item in has if all(site.confidence.get(sku, 1_000) >= floor for sku in item.wanted)]
    if not has:
        return "not_trusted"
    short = all(any(need.line in site.short_lines for need in item.needs) for item in has)
    return "was_short" if short else "not_all_of_it"


def _unit(problem: Problem, site: Site, item: Item) -> int:
    """Give what one of an item costs at a location: picking it, and the risk that it is not there."""
    risk = problem.policy.risk_cost
    total = 0
    for sku, units in item.wanted.items():
        each = site.unit_costs.get(sku, site.unit_cost) if site.unit_costs else site.unit_cost
        if risk:
            each += risk * (1_000 - site.confidence.get(sku, 1_000)) // 1_000
        total += each * (units if item.whole else 1)
    return total


def _values(problem: Problem, site: Site) -> dict[Aim, int]:
    """Give what using a location at all adds to each aim; nothing where the order is collected there."""
    if site.location == problem.pickup_at:
        return {"parcels": 0, "cost": 0, "distance": 0}
    cost = site.parcel_cost + problem.policy.load_cost * site.load
    return {"parcels": 1, "cost": cost, "distance": site.distance}


def exact_score(view: Scored, shared: Sequence[Sequence[tuple[int, int]]]) -> Score:
    """Add up every aim of what was shared out, also those that the policy does not name."""
    used = sorted({number for given in shared for number, _ in given})
    values = [_values(view.problem, view.sites[number]) for number in used]
    units = sum(
        count * _unit(view.problem, view.sites[number], item)
        for item, given in zip(view.items, shared, strict=True)
        for number, count in given
    )
    return Score(
        parcels=sum(value["parcels"] for value in values),
        cost=sum(value["cost"] for value in values) + units,
        distance=sum(value["distance"] for value in values),
    )


def score_of(problem: Problem, plan: Plan) -> Score:
    """Add up what a plan costs, whatever it says of itself; of locations and lines that the problem knows."""
    sites = {site.location: site for site in problem.sites}
    values = [_values(problem, sites[parcel.location]) for parcel in plan.parcels]
    units = 0
    for item in items_of(problem.needs):
        own = {(need.line, need.sku) for need in item.needs}
        for parcel in plan.parcels:
            given = sum(picked.units for picked in parcel.picked if (picked.line, picked.sku) in own)
            units += given // item.units_each * _unit(problem, sites[parcel.location], item)
    return Score(
        parcels=sum(value["parcels"] for value in values),
        cost=sum(value["cost"] for value in values) + units,
        distance=sum(value["distance"] for value in values),
    )


def _fixed(problem: Problem, site: Site, bases: Mapping[Aim, int]) -> int:
    values = _values(problem, site)
    return sum(values[aim] * base for aim, base in bases.items())


def _bases(problem: Problem, items: list[Item], sites: list[Site], unit: list[list[int]], tie: int) -> dict[Aim, int]:
    """Give each aim a place value above all that the aims after it, and ties, can add up to."""
    most: dict[Aim, int] = {"parcels": 0, "cost": 0, "distance": 0}
    for site in sites:
        for aim, value in _values(problem, site).items():
            most[aim] += value
    most["cost"] += sum(max(costs, default=0) * item.units for costs, item in zip(unit, items, strict=True))
    bases: dict[Aim, int] = {}
    base = tie
    for aim in reversed(problem.policy.aims):
        bases[aim] = base
        base *= most[aim] + 1
    return bases
