"""What a policy asks of a plan, against trying everything: what is short, what it costs, and what no plan may do."""

from itertools import product
from random import Random
from types import MappingProxyType

import pytest
from attrs import evolve, fields

from omo_adapters.optimizing import HighsOptimizer
from omo_core.errors import Malformed
from omo_core.stock.sourcing import (
    STRATEGIES,
    Need,
    Parcel,
    Picked,
    Plan,
    Policy,
    Problem,
    Score,
    Site,
    check_plan,
    plan,
)
from omo_core.stock.sourcing.batching import Batch, in_turn

AIMS = ("parcels", "cost", "distance")


def problem_of(seed: int) -> Problem:
    """Make up a small order with every wish that there is."""
    rng = Random(seed)
    skus = "abc"[: rng.randrange(1, 4)]
    names = "WXYZ"[: rng.randrange(1, 5)]
    needs = tuple(
        Need(
            line=f"l{sku}",
            sku=sku,
            units=rng.randrange(1, 4),
            value=rng.randrange(4),
            together="g" if rng.random() < 0.2 else "",
        )
        for sku in skus
    )
    sites = tuple(
        Site(
            location=name,
            free={sku: rng.randrange(4) for sku in skus},
            parcel_cost=rng.randrange(6),
            unit_cost=rng.randrange(3),
            distance=rng.randrange(5),
            pickup=rng.choice(("none", "own", "any")),
            confidence={sku: rng.choice((400, 900, 1_000)) for sku in skus},
        )
        for name in names
    )
    policy = Policy(
        aims=tuple(rng.sample(AIMS, rng.randrange(1, 4))),
        parcels_max=rng.choice((None, None, 1, 2, 3)),
        parcel_value_min=rng.choice((0, 0, 2, 4, 7)),
        must=frozenset(rng.sample(names, 1)) if rng.random() < 0.3 else frozenset(),
        confidence_min=rng.choice((0, 0, 500)),
    )
    return Problem(
        needs=needs, sites=sites, policy=policy, pickup_at=rng.choice(names) if rng.random() < 0.25 else None
    )


def most(problem: Problem, need: Need, site: Site) -> int:
    """How many units of a line a location may give."""
    collected = next((one for one in problem.sites if one.location == problem.pickup_at), None)
    if site.confidence[need.sku] < problem.policy.confidence_min:
        return 0
    if collected is not None and site is not collected and collected.pickup != "any":
        return 0
    return min(need.units, site.free[need.sku])


def allowed(problem: Problem, ways: tuple[tuple[int, ...], ...], used: list[int]) -> bool:
    policy, sites = problem.policy, problem.sites
    if policy.parcels_max is not None and len(used) > policy.parcels_max:
        return False
    if not policy.must <= {sites[number].location for number in used}:
        return False
    group = [(need, way) for need, way in zip(problem.needs, ways, strict=True) if need.together]
    if any(sum(way) for _, way in group):
        places = {number for _, way in group for number, units in enumerate(way) if units}
        if len(places) > 1 or any(sum(way) != need.units for need, way in group):
            return False
    worth = {number: sum(n.value * w[number] for n, w in zip(problem.needs, ways, strict=True)) for number in used}
    sent = [number for number in used if sites[number].location != problem.pickup_at]
    return len(used) < 2 or all(worth[number] >= policy.parcel_value_min for number in sent)


def best_of_all(problem: Problem) -> tuple[int, ...] | None:
    """Try everything: units short, then the aims in their order; none where the policy allows no plan."""
    ways = []
    for need in problem.needs:
        caps = [most(problem, need, site) for site in problem.sites]
        ways.append([way for way in product(*(range(cap + 1) for cap in caps)) if sum(way) <= need.units])
    scores = []
    for chosen in product(*ways):
        used = [number for number in range(len(problem.sites)) if any(way[number] for way in chosen)]
        if allowed(problem, chosen, used):
            sent = [problem.sites[one] for one in used if problem.sites[one].location != problem.pickup_at]
            picking = sum(way[one] * problem.sites[one].unit_cost for way in chosen for one in used)
            values = {
                "parcels": len(sent),
                "cost": sum(site.parcel_cost for site in sent) + picking,
                "distance": sum(site.distance for site in sent),
            }
            short = sum(need.units - sum(way) for need, way in zip(problem.needs, chosen, strict=True))
            scores.append((short, *(values[aim] for aim in problem.policy.aims)))
    return min(scores, default=None)


def standing(problem: Problem, made: Plan) -> tuple[int, ...]:
    return (sum(one.units for one in made.short), *(getattr(made.score, aim) for aim in problem.policy.aims))


def nothing_better(seed: int) -> None:
    """The exact plan leaves the least short, and of those costs least; a greedy one breaks nothing and is no better."""
    problem = problem_of(seed)
    made, best = plan(problem), best_of_all(problem)
    if best is None:
        assert (made.parcels, made.proven, made.withheld) == ((), True, made.withheld)
        return
    assert (check_plan(problem, made), standing(problem, made)) == ((), best), f"seed {seed}"
    assert (made.proven, made.bound) == (True, made.score)
    for strategy in STRATEGIES:
        other = plan(evolve(problem, policy=evolve(problem.policy, strategy=strategy)))
        told = standing(problem, other)
        flaws = {flaw.what for flaw in check_plan(problem, other)} - {"short_needlessly", "not_used"}
        assert (flaws, told >= best) == (set(), True), f"seed {seed}, {strategy}"
        assert not other.proven or told == best, f"seed {seed}, {strategy}"


def test_no_plan_is_better_whatever_the_policy_asks() -> None:
    for seed in range(400):
        nothing_better(seed)


def site(name: str, **more: object) -> Site:
    free = {key: value for key, value in more.items() if len(key) == 2}
    rest = {key: value for key, value in more.items() if len(key) != 2}
    return Site(location=name, free=MappingProxyType(free), **rest)


def need(sku: str, units: int, **more: object) -> Need:
    return Need(line=sku, sku=sku, units=units, **more)


def test_no_parcel_is_sent_that_is_worth_too_little() -> None:
    needs = (need("aa", 1, value=10), need("bb", 1, value=20))
    apart = Problem(needs=needs, sites=(site("X", aa=1), site("Y", bb=1)), policy=Policy(parcel_value_min=100))
    for strategy in ("exact", *STRATEGIES):
        made = plan(evolve(apart, policy=evolve(apart.policy, strategy=strategy)))
        assert len(made.parcels) == 1
        assert made.withheld
        assert not {flaw.what for flaw in check_plan(apart, made)}


def test_few_parcels_leave_as_little_short_as_they_can() -> None:
    needs = (*(need(f"k{n}", 2) for n in range(4)), need("k4", 1))
    sites = (site("A", k0=2, k1=2), site("B", k2=2, k3=2), site("C", k0=2, k2=2, k1=1), site("D", k4=1))
    made = plan(Problem(needs=needs, sites=sites, policy=Policy(parcels_max=2)))
    assert [parcel.location for parcel in made.parcels] == ["A", "B"]
    assert (made.short, made.proven, made.withheld) == ((Picked(line="k4", sku="k4", units=1),), True, True)


def test_a_location_that_must_be_used_is_used_though_others_are_cheaper() -> None:
    sites = (site("X", aa=1), site("M", aa=1, unit_cost=5, parcel_cost=50))
    asked = Problem(needs=(need("aa", 1),), sites=sites, policy=Policy(aims=("cost",), must=frozenset({"M"})))
    made = plan(asked)
    assert ([parcel.location for parcel in made.parcels], made.score.cost) == (["M"], 55)
    dry = evolve(asked, sites=(sites[0], evolve(sites[1], free={})))
    assert (plan(dry).parcels, plan(dry).proven) == ((), True)
    assert {verdict.location: verdict.why for verdict in plan(dry).verdicts}["M"] == "nothing_of_it"


def test_the_search_for_worth_is_counted_and_says_when_it_gave_up() -> None:
    needs = tuple(need(f"s{n}", 12, value=n + 3) for n in range(4))
    sites = tuple(
        site(name, parcel_cost=10 * n, unit_cost=n % 3, **{f"s{sku}": 7 for sku in range(4)})
        for n, name in enumerate("WXYZ")
    )
    asked = Problem(needs=needs, sites=sites, policy=Policy(parcel_value_min=100, aims=("cost",), nodes_max=3))
    made = plan(asked)
    assert not made.proven
    assert {flaw.what for flaw in check_plan(asked, made)} <= {"short_needlessly"}


def test_where_an_order_is_collected_what_lies_there_goes_first_and_costs_nothing_more() -> None:
    sites = (site("STORE", aa=1, pickup="any"), site("WH", aa=9, parcel_cost=100))
    made = plan(Problem(needs=(need("aa", 4),), sites=sites, pickup_at="STORE"))
    assert {parcel.location: parcel.picked[0].units for parcel in made.parcels} == {"STORE": 1, "WH": 3}
    assert made.score == Score(parcels=1, cost=100, distance=0)


GOOD = Problem(
    needs=(need("aa", 2, value=5), need("bb", 1)),
    sites=(
        site("X", aa=2, bb=1, parcel_cost=9),
        site("Y", aa=2, bb=1, parcel_cost=50),
        site("VAGUE", aa=2, confidence={"aa": 100}),
    ),
    policy=Policy(confidence_min=500, parcels_max=2),
)
BOTH = (Picked(line="aa", sku="aa", units=2), Picked(line="bb", sku="bb", units=1))
MADE = Plan(
    parcels=(Parcel(location="X", picked=BOTH),),
    score=Score(parcels=1, cost=9, distance=0),
    bound=Score(parcels=1, cost=9, distance=0),
    proven=False,
    method="somebody's",
)


def parcel(location: str, *picked: Picked) -> Parcel:
    return Parcel(location=location, picked=picked)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"score": Score(parcels=0, cost=0, distance=0)}, "wrong_score"),
        ({"parcels": (), "short": BOTH, "score": Score(parcels=0, cost=0, distance=0)}, "short_needlessly"),
        ({"parcels": (parcel("X", BOTH[1]), parcel("VAGUE", BOTH[0]))}, "ruled_out"),
        ({"parcels": (*MADE.parcels, parcel("Y"))}, "empty_parcel"),
        ({"parcels": (parcel("X", evolve(BOTH[0], units=2.0), BOTH[1]),)}, "not_what_was_needed"),
        ({"parcels": (parcel("X", BOTH[0], evolve(BOTH[1], units=True)),)}, "not_what_was_needed"),
        ({"parcels": (parcel("X", BOTH[0]), parcel("Y", BOTH[1]), parcel("X"))}, "twice"),
        ({"parcels": (parcel("NOWHERE", *BOTH),)}, "unknown_location"),
    ],
)
def test_a_wrong_plan_is_found_out_whoever_made_it(change: dict[str, object], what: str) -> None:
    assert check_plan(GOOD, MADE) == ()
    assert what in {flaw.what for flaw in check_plan(GOOD, evolve(MADE, **change))}
    forced = evolve(GOOD, policy=evolve(GOOD.policy, must=frozenset({"Y"})))
    assert {flaw.what for flaw in check_plan(forced, MADE)} == {"not_used"}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"policy": Policy(aims=("speed",))}, "aims"),
        ({"policy": Policy(fallback="best")}, "fallback"),
        ({"policy": Policy(strategy="best")}, "strategy"),
        ({"policy": Policy(parcels_max=0)}, "parcels_max"),
        ({"policy": Policy(confidence_min=1_001)}, "confidence_min"),
        ({"policy": Policy(must=frozenset({"NOWHERE"}))}, "must"),
        ({"pickup_at": "NOWHERE"}, "pickup_at"),
        ({"needs": (need("aa", 1), need("aa", 2))}, "needs"),
        ({"sites": (site("X", unit_cost=-1),)}, "unit_cost"),
        ({"sites": (site("X", capacity="x"),)}, "capacity"),
        ({"sites": (site("X", priority="x"),)}, "priority"),
        ({"sites": (site("X", pickup="maybe"),)}, "pickup"),
        ({"sites": (site("X", confidence={"aa": 9_999}),)}, "confidence"),
    ],
)
def test_what_means_nothing_is_named(change: dict[str, object], path: str) -> None:
    with pytest.raises(Malformed, match=path):
        plan(evolve(GOOD, **change))


def test_lines_that_stay_together_and_are_not_all_there_are_told_so() -> None:
    needs = (need("aa", 1, together="g"), need("bb", 1, together="g"))
    made = plan(Problem(needs=needs, sites=(site("X", aa=1), site("Y", bb=1), site("Z"))))
    assert {verdict.location: verdict.why for verdict in made.verdicts} == {
        "X": "not_all_of_it",
        "Y": "not_all_of_it",
        "Z": "nothing_of_it",
    }


def test_the_parts_of_a_kit_are_one_line_and_needs_of_their_own() -> None:
    needs = (Need(line="1", sku="mug", units=1), Need(line="1", sku="box", units=1))
    asked = Problem(needs=needs, sites=(site("X"), Site(location="Y", free={"mug": 1, "box": 1})))
    made = plan(asked)
    assert [picked.sku for picked in made.parcels[0].picked] == ["mug", "box"]
    assert check_plan(asked, made) == ()


def test_lines_of_one_article_are_worth_their_average_and_no_parcel_less_than_was_asked() -> None:
    """A unit is a unit, whatever was paid for it: two at 10 and three at 50 are worth 34 each."""
    needs = (
        Need(line="1", sku="mug", units=2, value=10),
        Need(line="2", sku="mug", units=2, value=50),
        Need(line="3", sku="mug", units=1, value=50),
    )
    sites = (Site(location="X", free={"mug": 3}), Site(location="Y", free={"mug": 2}, distance=1))
    for strategy in ("exact", *STRATEGIES):
        for least, complete in ((68, True), (69, False)):
            asked = Problem(needs=needs, sites=sites, policy=Policy(strategy=strategy, parcel_value_min=least))
            made = plan(asked)
            assert (made.complete, check_plan(asked, made)) == (complete, ())


def test_a_place_that_was_short_of_a_line_is_not_asked_for_its_article_and_is_told_so() -> None:
    needs = (Need(line="1", sku="mug", units=1), Need(line="2", sku="mug", units=1))
    again = Site(location="X", free={"mug": 5}, short_lines=frozenset({"2"}))
    made = plan(Problem(needs=needs, sites=(again, Site(location="Y", free={"mug": 1}))))
    assert [(parcel.location, len(parcel.picked)) for parcel in made.parcels] == [("Y", 1)]
    assert {verdict.location: verdict.why for verdict in made.verdicts} == {"X": "was_short", "Y": "chosen"}


ODD: tuple[object, ...] = (
    None, "x", "", -1, 1.5, float("nan"), True, (), [], {}, {"mug": "x"}, {"mug": -5}, {1: 2}, ("x",), (None,),
    frozenset({"q"}), 10**30, object(), ["exact"], b"x",
)  # fmt: skip


@pytest.mark.parametrize("kind", [Need, Site, Policy, Problem])
def test_whatever_stands_in_a_field_a_plan_is_made_or_the_field_is_malformed(kind: type) -> None:
    """No other error ever comes out, and no plan that breaks what was asked."""
    for name in (one.name for one in fields(kind)):
        for odd in ODD:
            changed = {name: odd}
            asked = {
                Need: lambda changed=changed: evolve(GOOD, needs=(evolve(GOOD.needs[0], **changed), *GOOD.needs[1:])),
                Site: lambda changed=changed: evolve(GOOD, sites=(evolve(GOOD.sites[0], **changed), *GOOD.sites[1:])),
                Policy: lambda changed=changed: evolve(GOOD, policy=evolve(GOOD.policy, **changed)),
                Problem: lambda changed=changed: evolve(GOOD, **changed),
            }[kind]()
            try:
                made = plan(asked)
            except Malformed:
                continue
            assert not made.parcels or check_plan(asked, made) == (), changed


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"problems": [GOOD]}, "problems"),
        ({"problems": (None,)}, "problems[0]"),
        ({"problems": (GOOD, evolve(GOOD, pickup_at="NOWHERE"))}, "problems[1].pickup_at"),
        ({"missing_cost": -1}, "missing_cost"),
        ({"missing_cost": 1.5}, "missing_cost"),
    ],
)
def test_a_batch_that_means_nothing_is_malformed(change: dict[str, object], path: str) -> None:
    batch = evolve(Batch(problems=(GOOD,), missing_cost=100), **change)
    for way in (in_turn, HighsOptimizer(seconds=1).plan):
        with pytest.raises(Malformed) as told:
            way(batch)
        assert told.value.path == path
