"""Rebalancing: the least cost there is, found in other ways too, and nobody is left with less than they should have."""

from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.balances import cheapest_paths, imbalances
from omo_adapters.optimizing import balances
from omo_adapters.optimizing.balances import balance_article
from omo_core.errors import Malformed
from omo_core.stock.balancing import (
    Balance,
    Imbalance,
    Lane,
    Level,
    Move,
    as_commands,
    balance_greedily,
    cost_of_moves,
    faults,
)

PLACES = ("A", "B", "C")
AT = datetime(2026, 1, 5, 6, tzinfo=UTC)


@st.composite
def articles(draw: st.DrawFn, most: int = 3, minimum: int = 3) -> Imbalance:
    levels = tuple(
        Level(
            location=place,
            free=draw(st.integers(0, 6)),
            inbound=draw(st.integers(0, 3)),
            sells=draw(st.sampled_from((0, 300, 700, 1_500))),
            cover_days=draw(st.integers(0, 3)),
            display_min=draw(st.integers(0, 2)),
        )
        for place in PLACES
    )
    ways = draw(st.lists(st.sampled_from([(a, b) for a in PLACES for b in PLACES if a != b]), max_size=4, unique=True))
    lanes = []
    for origin, destination in ways:
        least = draw(st.integers(1, minimum))
        lanes.append(
            Lane(
                origin=origin,
                destination=destination,
                unit_cost=draw(st.integers(0, 9)),
                minimum=least,
                most=draw(st.integers(least, max(least, most))),
            )
        )
    return Imbalance(
        sku="TEE",
        levels=levels,
        lanes=tuple(lanes),
        missing_cost=draw(st.integers(1, 12)),
        ahead=draw(st.booleans()),
    )


def came(moves: list[Move], place: str) -> int:
    return sum(move.units * ((move.destination == place) - (move.origin == place)) for move in moves)


def best_of_all(problem: Imbalance) -> int:
    """Try every number on every lane that brings nobody more than they lack."""
    costs = []
    for carried in product(*(range(lane.most + 1) for lane in problem.lanes)):
        moves = [
            Move(origin=lane.origin, destination=lane.destination, units=units, waits=problem.ahead)
            for lane, units in zip(problem.lanes, carried, strict=True)
            if units
        ]
        if not faults(problem, moves) and all(came(moves, level.location) <= level.need for level in problem.levels):
            costs.append(cost_of_moves(problem, moves)[0])
    return min(costs)


def keeps_every_rule(problem: Imbalance, found: Balance) -> None:
    net = {level.location: 0 for level in problem.levels}
    lanes = {(lane.origin, lane.destination): lane for lane in problem.lanes}
    carried = dict.fromkeys(lanes, 0)
    for move in found.moves:
        carried[move.origin, move.destination] += move.units
        assert lanes[move.origin, move.destination].minimum <= move.units
        net[move.origin] -= move.units
        net[move.destination] += move.units
    assert all(units <= lanes[way].most for way, units in carried.items())
    assert sum(net.values()) == 0
    for level in problem.levels:
        assert problem.ahead or not any(move.waits for move in found.moves)
        now = sum(move.units for move in found.moves if move.origin == level.location and not move.waits)
        assert level.free - now >= min(level.free, level.target)
        after = level.free + problem.gives(level) - level.surplus + net[level.location]
        cover = -(-level.sells * level.cover_days // 1_000)
        assert after >= min(level.free, max(level.display_min, cover))
        assert net[level.location] <= level.need
    assert found.missing == sum(max(0, level.need - max(0, net[level.location])) for level in problem.levels)


@settings(max_examples=150)
@given(articles())
def test_a_proposal_costs_the_least_there_is_whatever_lanes_ask(problem: Imbalance) -> None:
    found = balance_article(problem)
    assert found.bound <= best_of_all(problem) == found.cost
    keeps_every_rule(problem, found)


@settings(max_examples=150)
@given(articles(most=9, minimum=1))
def test_without_minimum_the_flow_costs_what_the_cheapest_paths_cost(problem: Imbalance) -> None:
    found = balance_article(problem)
    assert found.bound == found.cost == cheapest_paths(problem)


@given(articles())
def test_the_greedy_proposal_keeps_every_rule_too_and_is_never_cheaper(problem: Imbalance) -> None:
    greedy = balance_greedily(problem)
    keeps_every_rule(problem, greedy)
    assert balance_article(problem).cost <= greedy.cost


def test_twenty_locations_cost_what_the_cheapest_paths_cost() -> None:
    for problem in imbalances(seed=3, skus=5, locations=20):
        assert balance_article(problem).cost == cheapest_paths(problem)
        six = evolve(problem, lanes=tuple(evolve(lane, minimum=6) for lane in problem.lanes))
        keeps_every_rule(six, balance_article(six))


HUB = Imbalance(
    sku="TEE",
    levels=(Level(location="W", free=9), Level(location="B", free=0), Level(location="C", free=0, display_min=5)),
    lanes=(
        Lane(origin="W", destination="B", unit_cost=1),
        Lane(origin="B", destination="C", unit_cost=1),
        Lane(origin="W", destination="C", unit_cost=50),
    ),
    missing_cost=400,
)


def told(found: Balance) -> list[tuple[str, str, int, bool]]:
    return [(move.origin, move.destination, move.units, move.waits) for move in found.moves]


def test_what_a_place_does_not_have_is_not_proposed_to_leave_it() -> None:
    assert told(balance_article(HUB)) == [("W", "C", 5, False)]


def test_looking_ahead_what_goes_over_a_third_place_waits_there_and_is_not_brought_twice() -> None:
    hub = evolve(HUB, ahead=True)
    first = balance_article(hub)
    assert (told(first), first.cost) == ([("B", "C", 5, True), ("W", "B", 5, False)], 10)
    assert [(one.origin, one.destination) for one in as_commands([first], "night", AT)] == [("W", "B")]
    depot, over, last = hub.levels
    on_its_way = evolve(hub, levels=(evolve(depot, free=4), evolve(over, inbound=5), last))
    assert told(balance_article(on_its_way)) == [("B", "C", 5, True)]
    arrived = evolve(hub, levels=(evolve(depot, free=4), evolve(over, free=5), last))
    assert told(balance_article(arrived)) == [("B", "C", 5, False)]


def test_a_lane_is_parted_only_where_both_parts_are_worth_starting_for() -> None:
    levels = (Level(location="B", free=2, inbound=6), Level(location="C", free=0, display_min=6))
    for minimum, parts in ((2, [(2, False), (4, True)]), (3, [(6, True)])):
        lanes = (Lane(origin="B", destination="C", unit_cost=1, minimum=minimum),)
        found = balance_article(Imbalance(sku="TEE", levels=levels, lanes=lanes, missing_cost=9, ahead=True))
        assert [(move.units, move.waits) for move in found.moves] == parts


def test_what_a_proposal_breaks_is_named() -> None:
    lanes = (Lane(origin="W", destination="C", unit_cost=1, minimum=2, most=4),)
    problem = evolve(HUB, lanes=lanes)

    def go(units: int, origin: str = "W", destination: str = "C", **more: bool) -> Move:
        return Move(origin=origin, destination=destination, units=units, **more)

    assert faults(problem, [go(2), go(2)]) == ()
    assert faults(problem, [go(3), go(3)]) == ("6 units from W to C are too many",)
    assert faults(problem, [go(1)]) == ("1 units from W to C are too few",)
    assert faults(problem, [go(2, waits=True)]) == ("what leaves W should not wait",)
    assert faults(problem, [go(2, "B")]) == (
        "no lane leads from B to C",
        "B can't spare so much",
        "B does not have so much yet",
        "what should leave B waits for itself",
    )
    around = evolve(
        HUB,
        ahead=True,
        lanes=(Lane(origin="B", destination="C", unit_cost=0), Lane(origin="C", destination="B", unit_cost=0)),
    )
    circle = [go(3, "B", "C", waits=True), go(3, "C", "B", waits=True)]
    assert faults(around, circle) == (
        "what should leave B waits for itself",
        "what should leave C waits for itself",
    )


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"levels": (*HUB.levels, Level(location="W", free=1))}, "levels"),
        ({"levels": (evolve(HUB.levels[0], free=-1), *HUB.levels[1:])}, "levels[0].free"),
        ({"levels": (evolve(HUB.levels[0], spare=1.5), *HUB.levels[1:])}, "levels[0].spare"),
        ({"missing_cost": -1}, "missing_cost"),
        ({"ahead": 1}, "ahead"),
        ({"lanes": (Lane(origin="W", destination="X", unit_cost=1),)}, "lanes[0].destination"),
        ({"lanes": (Lane(origin="W", destination="C", unit_cost=-1),)}, "lanes[0].unit_cost"),
        ({"lanes": (Lane(origin="W", destination="W", unit_cost=1),)}, "lanes[0].destination"),
        ({"lanes": (Lane(origin="W", destination="C", unit_cost=1, minimum=5, most=4),)}, "lanes[0].most"),
        ({"lanes": (Lane(origin="W", destination="C", unit_cost=1),) * 2}, "lanes"),
    ],
)
def test_an_imbalance_that_can_mean_nothing_is_malformed(wrong: dict[str, Any], path: str) -> None:
    for way in (balance_article, balance_greedily):
        with pytest.raises(Malformed) as told:
            way(evolve(HUB, **wrong))
        assert told.value.path == path


def test_the_cost_of_a_move_over_no_lane_is_malformed() -> None:
    with pytest.raises(Malformed, match="no lane leads from C to W"):
        cost_of_moves(HUB, [Move(origin="C", destination="W", units=1)])


def test_what_only_goes_round_is_left_out() -> None:
    """A solver may send goods round over lanes that cost nothing; what it proposed is then set right."""
    ways = (("A", "B"), ("B", "C"), ("C", "A"), ("A", "W"))
    lanes = [Lane(origin=origin, destination=destination, unit_cost=0) for origin, destination in ways]
    carried = dict(zip(ways, (5, 3, 2, 1), strict=True))
    assert balances._without_circles(lanes, carried) == {("A", "B"): 3, ("A", "W"): 1, ("B", "C"): 1}
    least = [evolve(lane, minimum=2) for lane in lanes]
    assert balances._without_circles(least, carried) == carried  # B to C would carry too little
