"""Make a plan: the best there is, proven, or a greedy one that says how far from the best it may be."""

from __future__ import annotations

from omo_core.errors import Malformed
from omo_core.identifiers import Sku
from omo_core.stock.sourcing.explaining import verdicts
from omo_core.stock.sourcing.filling import Filling, Shared
from omo_core.stock.sourcing.plan import Parcel, Picked, Plan
from omo_core.stock.sourcing.problem import Problem
from omo_core.stock.sourcing.scoring import Item, Scored, exact_score, scored
from omo_core.stock.sourcing.searching import Found, Search
from omo_core.stock.sourcing.strategies import STRATEGIES, given_in_turn, greedy


def plan(problem: Problem, *, explain: bool = True) -> Plan:
    """Say where an order's units should come from; what nobody has is left short, the rest is planned."""
    policy = problem.policy
    if policy.strategy != "exact" and policy.strategy not in STRATEGIES:
        raise Malformed("strategy", f"{policy.strategy!r:.40} is none of exact, {', '.join(STRATEGIES)}")
    view = scored(problem)
    limit = len(view.sites) if policy.parcels_max is None else policy.parcels_max
    if policy.strategy != "exact":
        return _greedy(view, policy.strategy, limit, None, explain)
    filling = Filling(view, policy.parcel_value_min)
    most = min(limit, len(view.sites), max(1, sum(view.needed)) + len(policy.must))
    must = tuple(number for number, site in enumerate(view.sites) if site.location in policy.must)
    found = Search(view, filling, most).run(must)
    shared = filling.share(found.chosen) if found.weight is not None else None
    if shared is None or not found.proven:
        other = _greedy(view, policy.fallback, limit, found, explain)
        if shared is None or _weight(view, other) < (found.weight or 0):
            return other
    return _made(view, shared, found, "exact", explain)


def _greedy(view: Scored, strategy: str, limit: int, found: Found | None, explain: bool) -> Plan:
    asked = greedy(view, strategy, limit)
    shared = given_in_turn(view, asked)
    weight = _cost_of(view, shared)
    least = found.bound if found is not None else _least(view)
    told = Found(weight, asked, min(least, weight), proven=least >= weight, nodes=found.nodes if found else len(asked))
    return _made(view, shared, told, strategy, explain)


def _least(view: Scored) -> int:
    """Give what no plan can beat, without searching: one location, and every unit from where it is cheapest."""
    return Search(view, Filling(view, 0), 0).run().bound + (view.fixed[0] if view.fixed else 0)


def _weight(view: Scored, made: Plan) -> int:
    return sum(getattr(made.score, aim) * base for aim, base in view.bases.items()) if made.complete else 1 << 200


def _cost_of(view: Scored, shared: Shared) -> int:
    used = sorted({number for given in shared for number, _ in given})
    units = sum(view.unit[item][number] * count for item, given in enumerate(shared) for number, count in given)
    return sum(view.fixed[number] for number in used) + units


def _made(view: Scored, shared: Shared, found: Found, method: str, explain: bool) -> Plan:
    weight = _cost_of(view, shared)
    picked: dict[int, list[Picked]] = {}
    short: list[Picked] = []
    for item, given in zip(view.items, shared, strict=True):
        _share_lines(item, given, picked, short)
    chosen = tuple(number for number in sorted(picked) if picked[number])
    parcels = tuple(Parcel(location=view.sites[number].location, picked=tuple(picked[number])) for number in chosen)
    score = exact_score(view, shared)
    proven = found.bound >= weight
    return Plan(
        parcels=parcels,
        short=tuple(short),
        score=score,
        bound=score if proven else view.score(found.bound),
        proven=proven,
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
