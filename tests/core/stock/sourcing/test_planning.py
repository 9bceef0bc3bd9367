"""Where orders come from: the exact plan against trying everything, the wishes of a policy, the reasons."""

from itertools import combinations, product
from types import MappingProxyType

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from omo_core.errors import Malformed
from omo_core.stock.sourcing import STRATEGIES, Need, Parcel, Picked, Plan, Policy, Problem, Site, check_plan, plan


def site(name: str, *, cost: int = 500, distance: int = 0, **free: int) -> Site:
    return Site(location=name, free=MappingProxyType(free), parcel_cost=cost, distance=distance)


def need(sku: str, units: int, line: str = "", **more: object) -> Need:
    return Need(line=line or sku, sku=sku, units=units, **more)


def allocations(made: Plan) -> dict[str, dict[str, int]]:
    """Units per location and article."""
    told: dict[str, dict[str, int]] = {}
    for parcel in made.parcels:
        for picked in parcel.picked:
            there = told.setdefault(parcel.location, {})
            there[picked.sku] = there.get(picked.sku, 0) + picked.units
    return told


# --- against trying everything ---------------------------------------------------------------------------------------


def every_plan(problem: Problem) -> list[tuple[int, ...]]:
    """The scores of all plans there are, in the order of the policy's aims; tiny problems only."""
    sites, scores = problem.sites, []
    ways = []
    for need in problem.needs:
        caps = [min(need.units, site.free.get(need.sku, 0)) for site in sites]
        ways.append([way for way in product(*(range(cap + 1) for cap in caps)) if sum(way) == need.units])
    for chosen in product(*ways):
        used = [number for number in range(len(sites)) if any(way[number] for way in chosen)]
        if len(used) > (problem.policy.parcels_max or len(sites)) or not _allowed(problem, chosen, used):
            continue
        cost = sum(sites[number].parcel_cost for number in used)
        for way in chosen:
            cost += sum(units * sites[number].unit_cost for number, units in enumerate(way))
        values = {"parcels": len(used), "cost": cost, "distance": sum(sites[number].distance for number in used)}
        scores.append(tuple(values[aim] for aim in problem.policy.aims))
    return scores


def _allowed(problem: Problem, chosen: tuple[tuple[int, ...], ...], used: list[int]) -> bool:
    demand: dict[tuple[int, str], int] = {}
    worth = dict.fromkeys(used, 0)
    groups: dict[str, set[int]] = {}
    for need, way in zip(problem.needs, chosen, strict=True):
        for number, units in enumerate(way):
            demand[number, need.sku] = demand.get((number, need.sku), 0) + units
            if units:
                worth[number] += units * need.value
                groups.setdefault(need.together, set()).add(number)
    groups.pop("", None)
    fits = all(units <= problem.sites[number].free.get(sku, 0) for (number, sku), units in demand.items())
    rich = len(used) == 1 or all(value >= problem.policy.parcel_value_min for value in worth.values())
    return fits and rich and all(len(places) == 1 for places in groups.values())


SITES = st.lists(
    st.builds(
        lambda cost, unit, distance, a, b, c: (cost, unit, distance, {"a": a, "b": b, "c": c}),
        st.sampled_from((0, 1, 5, 9)),
        st.integers(0, 9),
        st.integers(0, 3),
        st.integers(0, 2),
        st.integers(0, 2),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=4,
)
AIMS = st.permutations(("parcels", "cost", "distance")).flatmap(lambda aims: st.integers(1, 3).map(lambda n: aims[:n]))


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    sites = tuple(
        Site(location=f"L{number}", parcel_cost=cost, unit_cost=unit, distance=distance, free=free)
        for number, (cost, unit, distance, free) in enumerate(draw(SITES))
    )
    skus = draw(st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True))
    grouped = draw(st.booleans())
    needs = tuple(
        Need(
            line=sku,
            sku=sku,
            units=draw(st.integers(1, 3)),
            value=draw(st.integers(0, 3)),
            together="g" if grouped and sku != "c" else "",
        )
        for sku in skus
    )
    policy = Policy(
        aims=tuple(draw(AIMS)),
        parcels_max=draw(st.sampled_from((None, 1, 2))),
        parcel_value_min=draw(st.sampled_from((0, 0, 2, 4))),
    )
    return Problem(needs=needs, sites=sites, policy=policy)


@settings(max_examples=400)
@given(problems())
def test_no_plan_is_better_than_the_exact_one(problem: Problem) -> None:
    problem.check()
    made = plan(problem)
    scores = every_plan(problem)
    flaws = check_plan(problem, made)
    if scores:
        assert (made.complete, made.method) == (True, "exact")
        assert flaws == ()
        assert tuple(getattr(made.score, aim) for aim in problem.policy.aims) == min(scores)
        assert made.proven
        assert made.bound == made.score
    else:
        assert not made.complete or flaws


@given(problems())
def test_a_forced_location_costs_what_the_best_plan_with_it_costs(problem: Problem) -> None:
    free = evolve(problem, policy=evolve(problem.policy, aims=("parcels", "cost"), parcel_value_min=0))
    made = plan(free)
    for site_ in free.sites:
        forced = plan(evolve(free, policy=evolve(free.policy, must=frozenset({site_.location}))))
        if forced.complete and made.complete and forced.proven:
            assert (forced.score.parcels, forced.score.cost) >= (made.score.parcels, made.score.cost)


@given(problems(), st.sampled_from(sorted(STRATEGIES)))
def test_a_greedy_plan_never_gives_what_is_not_there_and_is_never_better(problem: Problem, strategy: str) -> None:
    plain = evolve(problem, policy=evolve(problem.policy, parcel_value_min=0, parcels_max=None))
    asked = plan(evolve(plain, policy=evolve(plain.policy, strategy=strategy)))
    best = plan(plain)
    assert check_plan(plain, asked) == ()
    aims = plain.policy.aims
    assert [getattr(asked.bound, aim) for aim in aims] <= [getattr(best.score, aim) for aim in aims]
    assert asked.short == best.short or not best.complete
    if best.complete:
        assert [getattr(asked.score, aim) for aim in aims] >= [getattr(best.score, aim) for aim in aims]


@given(problems())
def test_the_order_of_locations_and_lines_changes_no_score(problem: Problem) -> None:
    other = evolve(problem, sites=problem.sites[::-1], needs=problem.needs[::-1])
    assert plan(other).score == plan(problem).score


# --- wishes ----------------------------------------------------------------------------------------------------------


def test_priority_asks_in_order_and_never_touches_a_third() -> None:
    sites = tuple(
        evolve(site(name, a=units), priority=number)
        for number, (name, units) in enumerate([("A", 2), ("B", 4), ("C", 5)])
    )
    made = plan(Problem(needs=(need("a", 5),), sites=sites, policy=Policy(strategy="priority")))
    assert allocations(made) == {"A": {"a": 2}, "B": {"a": 3}}
    assert allocations(plan(Problem(needs=(need("a", 5),), sites=sites))) == {"C": {"a": 5}}


def test_what_nobody_has_is_left_short_and_the_rest_is_planned() -> None:
    made = plan(Problem(needs=(need("a", 5), need("b", 1)), sites=(site("X", a=2), site("Y", a=1, b=3))))
    assert allocations(made) == {"X": {"a": 2}, "Y": {"a": 1, "b": 1}}
    assert made.short == (Picked(line="a", sku="a", units=2),)


def test_lines_that_belong_together_come_from_one_location() -> None:
    sites = (site("X", a=1), site("Y", b=1), site("Z", cost=9_000, a=1, b=1))
    needs = (need("a", 1, together="outfit"), need("b", 1, together="outfit"))
    apart = Problem(needs=(need("a", 1), need("b", 1)), sites=sites, policy=Policy(aims=("cost",)))
    assert set(allocations(plan(apart))) == {"X", "Y"}
    assert set(allocations(plan(evolve(apart, needs=needs)))) == {"Z"}


def test_two_lines_of_one_article_share_what_there_is() -> None:
    needs = (need("a", 2, line="1"), need("a", 2, line="2"))
    made = plan(Problem(needs=needs, sites=(site("X", a=3), site("Y", a=3))))
    assert sum(picked.units for parcel in made.parcels for picked in parcel.picked) == 4
    assert check_plan(Problem(needs=needs, sites=(site("X", a=3), site("Y", a=3))), made) == ()


def test_an_order_is_collected_from_own_stock_or_brought_in_where_that_is_offered() -> None:
    own = evolve(site("STORE", a=1, b=0), pickup="own")
    both = Problem(needs=(need("a", 1), need("b", 1)), sites=(own, site("WH", a=5, b=5)), pickup_at="STORE")
    assert plan(both).short == (Picked(line="b", sku="b", units=1),)
    brought = evolve(both, sites=(evolve(own, pickup="any"), both.sites[1]))
    made = plan(brought)
    assert allocations(made) == {"STORE": {"a": 1}, "WH": {"b": 1}}
    assert made.score.parcels == 1


def test_every_location_is_told_why() -> None:
    sites = (
        site("NEAR", cost=100, a=1),
        site("FAR", cost=900, a=1),
        evolve(site("BUSY", a=1), capacity=0),
        evolve(site("ABROAD", a=1), zone="EU"),
        site("EMPTY", a=0),
        site("SHUT", a=1),
        evolve(site("VAGUE", a=1), confidence={"a": 400}),
        evolve(site("AGAIN", a=1), short_lines=frozenset({"a"})),
    )
    sites = tuple(one if one.zone else evolve(one, zone="HK") for one in sites)
    policy = Policy(zones=frozenset({"HK"}), excluded=frozenset({"SHUT"}), confidence_min=500)
    made = plan(Problem(needs=(need("a", 1),), sites=sites, policy=policy))
    assert {verdict.location: verdict.why for verdict in made.verdicts} == {
        "NEAR": "chosen",
        "FAR": "costs_more",
        "BUSY": "no_capacity",
        "ABROAD": "outside_zone",
        "EMPTY": "nothing_of_it",
        "SHUT": "excluded",
        "VAGUE": "not_trusted",
        "AGAIN": "was_short",
    }
    far = next(verdict for verdict in made.verdicts if verdict.location == "FAR")
    assert far.at_best is not None
    assert (far.at_best.cost - made.score.cost, made.proven) == (800, True)


def test_a_busy_location_and_a_doubtful_record_cost_more() -> None:
    busy = evolve(site("BUSY", cost=100, a=1), load=5)
    calm = site("CALM", cost=300, a=1)
    made = plan(Problem(needs=(need("a", 1),), sites=(busy, calm), policy=Policy(load_cost=50)))
    assert set(allocations(made)) == {"CALM"}
    doubtful = evolve(site("VAGUE", cost=100, a=1), confidence={"a": 500})
    made = plan(Problem(needs=(need("a", 1),), sites=(doubtful, calm), policy=Policy(risk_cost=1_000)))
    assert set(allocations(made)) == {"CALM"}


def test_a_search_that_takes_too_long_says_so_and_how_far_from_the_best_it_may_be() -> None:
    skus = "abcdefgh"
    sites = tuple(
        site(f"{one}{two}", cost=500 + number, **{one: 1, two: 1})
        for number, (one, two) in enumerate(combinations(skus, 2))
    )
    problem = Problem(needs=tuple(need(sku, 1) for sku in skus), sites=sites, policy=Policy(nodes_max=3))
    made = plan(problem)
    assert (made.method, made.complete, made.proven) == ("fewest", True, False)
    assert made.bound.parcels <= made.score.parcels
    assert check_plan(problem, made) == ()
    assert plan(evolve(problem, policy=Policy(nodes_max=10**6))).proven


# --- no plan is trusted ----------------------------------------------------------------------------------------------

BASE = Problem(
    needs=(need("a", 2, value=5), need("b", 1, value=5)),
    sites=(site("X", a=2), site("Y", b=1), evolve(site("Z", a=9, b=9), zone="EU")),
    policy=Policy(zones=frozenset({"", "HK"}), parcels_max=2, parcel_value_min=5),
)
GOOD = Plan(
    parcels=(
        Parcel(location="X", picked=(Picked(line="a", sku="a", units=2),)),
        Parcel(location="Y", picked=(Picked(line="b", sku="b", units=1),)),
    ),
    score=plan(BASE).score,
    bound=plan(BASE).score,
    proven=True,
    method="somebody's solver",
)


@pytest.mark.parametrize(
    ("parcels", "what"),
    [
        ((("X", "a", 2), ("Z", "b", 1)), "ruled_out"),
        ((("X", "a", 3), ("Y", "b", 1)), "not_free"),
        ((("X", "a", 1), ("Y", "b", 1)), "not_what_was_needed"),
        ((("X", "a", 2), ("Y", "b", 1), ("Y", "b", 1)), "twice"),
        ((("X", "a", 2), ("Q", "b", 1)), "unknown_location"),
        ((("X", "a", 2), ("Y", "b", 1), ("Q", "a", 1)), "too_many_parcels"),
        ((("X", "a", 2), ("Y", "b", -1)), "worth_too_little"),
        ((("X", "a", 2), ("Y", "c", 1)), "not_what_was_needed"),
    ],
)
def test_what_a_plan_breaks_is_named(parcels: tuple[tuple[str, str, int], ...], what: str) -> None:
    assert check_plan(BASE, GOOD) == ()
    made = tuple(
        Parcel(location=place, picked=(Picked(line=sku, sku=sku, units=units),)) for place, sku, units in parcels
    )
    assert what in {flaw.what for flaw in check_plan(BASE, evolve(GOOD, parcels=made))}


def test_an_outfit_that_is_split_apart_is_named() -> None:
    together = tuple(evolve(one, together="outfit") for one in BASE.needs)
    assert {flaw.what for flaw in check_plan(evolve(BASE, needs=together), GOOD)} == {"split_apart"}


@pytest.mark.parametrize("wrong", ["", "best", "Nearest"])
def test_an_unknown_strategy_is_refused(wrong: str) -> None:
    with pytest.raises(Malformed, match="strategy"):
        plan(evolve(BASE, policy=Policy(strategy=wrong)))
