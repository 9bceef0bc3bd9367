"""Rebalancing: the least cost there is, found in other ways too, and nobody is left with less than they should have."""

from itertools import product

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.balances import cheapest_paths, imbalances
from omo_adapters.optimizing.balances import balance_article
from omo_core.stock.balancing import Balance, Imbalance, Lane, Level, Move, balance_greedily, cost_of_moves, faults

PLACES = ("A", "B", "C")


@st.composite
def articles(draw: st.DrawFn, most: int = 3, minimum: int = 3) -> Imbalance:
    levels = tuple(
        Level(
            location=place,
            free=draw(st.integers(0, 6)),
            inbound=draw(st.integers(0, 1)),
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
    return Imbalance(sku="TEE", levels=levels, lanes=tuple(lanes), missing_cost=draw(st.integers(1, 12)))


def came(moves: list[Move], place: str) -> int:
    return sum(move.units * ((move.destination == place) - (move.origin == place)) for move in moves)


def best_of_all(problem: Imbalance) -> int:
    """Try every number on every lane that brings nobody more than they lack."""
    costs = []
    for carried in product(*(range(lane.most + 1) for lane in problem.lanes)):
        moves = [
            Move(origin=lane.origin, destination=lane.destination, units=units)
            for lane, units in zip(problem.lanes, carried, strict=True)
            if units
        ]
        if not faults(problem, moves) and all(came(moves, level.location) <= level.need for level in problem.levels):
            costs.append(cost_of_moves(problem, moves)[0])
    return min(costs)


def keeps_every_rule(problem: Imbalance, found: Balance) -> None:
    net = {level.location: 0 for level in problem.levels}
    lanes = {(lane.origin, lane.destination): lane for lane in problem.lanes}
    for move in found.moves:
        lane = lanes[move.origin, move.destination]
        assert lane.minimum <= move.units <= lane.most
        net[move.origin] -= move.units
        net[move.destination] += move.units
    assert sum(net.values()) == 0
    for level in problem.levels:
        after = level.free + net[level.location]
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
