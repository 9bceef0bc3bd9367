"""Make a plan: the best there is, proven, or a greedy one that says how far from the best it may be."""

from __future__ import annotations

from omo_core.identifiers import Sku
from omo_core.stock.sourcing.dealing import Budget, Shared
from omo_core.stock.sourcing.explaining import verdicts
from omo_core.stock.sourcing.filling import Filling
from omo_core.stock.sourcing.partial import Partial
from omo_core.stock.sourcing.plan import Parcel, Picked, Plan
from omo_core.stock.sourcing.problem import Problem
from omo_core.stock.sourcing.scoring import Item, Scored, exact_score, scored
from omo_core.stock.sourcing.searching import Found, Search
from omo_core.stock.sourcing.strategies import greedy


def plan(problem: Problem, *, explain: bool = True) -> Plan:
    """Say where an order's units should come from; what nobody has, or the policy does not let go, is left short."""
    problem.check()
    policy = problem.policy
    view = scored(problem)
    must = tuple(number for number, site in enumerate(view.sites) if site.location in policy.must)
    if len(must) < len(policy.must):  # one of them can give nothing: no plan will do
        return _made(view, [[] for _ in view.items], None, policy.strategy, explain)
    filling = Filling(view, Budget(policy.nodes_max), frozenset(must))
    limit = len(view.sites) if policy.parcels_max is None else policy.parcels_max
    if policy.strategy != "exact":
        return _greedy(filling, policy.strategy, limit, None, explain)
    most = min(limit, len(view.sites), max(1, sum(view.needed)) + len(must))
    found = Search(view, filling, most).run(must)
    if found.weight is None and found.proven:
        filling.budget = Budget(policy.nodes_max)
        found = Partial(view, filling, most).run(must)
    shared = _shared(filling, found)
    if not found.proven:
        other = greedy(filling, policy.fallback, limit)
        if shared is None or _rank(view, other) < _rank(view, shared):
            return _greedy(filling, policy.fallback, limit, found, explain)
    return _made(view, shared or [[] for _ in view.items], found, "exact", explain)


def _shared(filling: Filling, found: Found) -> Shared | None:
    """Share out what was found; what it takes was looked at once already."""
    filling.budget = Budget(filling.budget.limit)
    return None if found.weight is None else filling.share(found.chosen)


def _rank(view: Scored, shared: Shared) -> tuple[int, int]:
    """Put plans in order: fewer units short, then what they cost."""
    given = sum(units * item.units_each for item, places in zip(view.items, shared, strict=True) for _, units in places)
    return -given, _cost_of(view, shared)


def _greedy(filling: Filling, strategy: str, limit: int, found: Found | None, explain: bool) -> Plan:
    view = filling.problem
    shared = greedy(filling, strategy, limit)
    everything = all(sum(n for _, n in given) == needed for given, needed in zip(shared, view.needed, strict=True))
    least = found.bound if found is not None else _least(view)
    weight, nodes = _cost_of(view, shared), found.nodes if found else len(view.sites)
    told = Found(weight, (), min(least, weight), proven=everything and least >= weight, nodes=nodes)
    return _made(view, shared, told, strategy, explain)


def _least(view: Scored) -> int:
    """Give what no plan can beat, without searching: one location, and every unit from where it is cheapest."""
    return Search(view, Filling(view, Budget(1)), 0).run().bound + (view.fixed[0] if view.fixed else 0)


def _cost_of(view: Scored, shared: Shared) -> int:
    used = sorted({number for given in shared for number, _ in given})
    units = sum(view.unit[item][number] * count for item, given in enumerate(shared) for number, count in given)
    return sum(view.fixed[number] for number in used) + units


def _made(view: Scored, shared: Shared, found: Found | None, method: str, explain: bool) -> Plan:
    """Write a plan down; without anything found, nothing could be: a location that must be used can't be."""
    weight = _cost_of(view, shared)
    found = found or Found(weight, (), weight, proven=True, nodes=0)
    picked: dict[int, list[Picked]] = {}
    short: list[Picked] = []
    for item, given in zip(view.items, shared, strict=True):
        _share_lines(item, given, picked, short)
    chosen = tuple(number for number in sorted(picked) if picked[number])
    score = exact_score(view, shared)
    return Plan(
        parcels=tuple(Parcel(location=view.sites[one].location, picked=tuple(picked[one])) for one in chosen),
        short=tuple(short),
        withheld=sum(view.needed) > sum(units for given in shared for _, units in given),
        score=score,
        bound=score if found.proven else view.score(found.bound),
        proven=found.proven,
        method=method,
        nodes=found.nodes,
        verdicts=verdicts(view, chosen, weight) if explain else (),
    )


def planned(view: Scored, shared: Shared, method: str) -> Plan:
    """Make a plan of what somebody else shared out; it claims to be no better than it is."""
    weight = _cost_of(view, shared)
    return _made(view, shared, Found(weight, (), _least(view), proven=False, nodes=0), method, explain=False)


def _share_lines(
    item: Item, given: list[tuple[int, int]], picked: dict[int, list[Picked]], short: list[Picked]
) -> None:
    """Share what locations give of an item out over the order's lines, in their order."""
    left: dict[Sku, list[tuple[int, int]]] = {
        sku: [(number, units * count if item.whole else units) for number, units in given]
        for sku, count in item.wanted.items()
    }
    for need in item.needs:
        wanted = need.units
        pots = left[need.sku]
        while wanted and pots:
            number, units = pots[0]
            taken = min(units, wanted)
            picked.setdefault(number, []).append(Picked(line=need.line, sku=need.sku, units=taken))
            wanted -= taken
            pots[0] = (number, units - taken)
            if units == taken:
                pots.pop(0)
        if wanted:
            short.append(Picked(line=need.line, sku=need.sku, units=wanted))
