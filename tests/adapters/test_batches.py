"""Batches planned by prices: each order's best plan at any prices, a bound that nothing beats, plans that are kept."""

import time

import numpy as np
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from omo_adapters.optimizing import batches, neighbours
from omo_adapters.optimizing.columns import Market
from omo_adapters.optimizing.master import taken_by
from omo_adapters.optimizing.pricing import FINE
from omo_core.stock.sourcing import Need, Policy, Problem, Site
from omo_core.stock.sourcing.batching import Batch, check_batch, cost_of, in_turn

SKUS = "abc"


@st.composite
def problems(draw: st.DrawFn, sites: tuple[Site, ...]) -> Problem:
    skus = draw(st.lists(st.sampled_from(SKUS), min_size=1, max_size=3, unique=True))
    together = draw(st.booleans())
    needs = tuple(
        Need(line=sku, sku=sku, units=draw(st.integers(1, 3)), together="g" if together and sku != "c" else "")
        for sku in skus
    )
    mine = tuple(evolve(site, parcel_cost=draw(st.integers(0, 9)), unit_cost=draw(st.integers(0, 5))) for site in sites)
    policy = Policy(aims=("cost",), parcels_max=draw(st.sampled_from((None, 1, 2))))
    pickup = draw(st.sampled_from((None, None, sites[0].location)))
    return Problem(needs=needs, sites=mine, policy=policy, pickup_at=pickup)


@st.composite
def some_batches(draw: st.DrawFn) -> Batch:
    count = draw(st.integers(1, 4))
    sites = tuple(
        Site(
            location=f"L{number}",
            free={sku: draw(st.integers(0, 3)) for sku in SKUS},
            capacity=draw(st.sampled_from((None, None, 1, 2))),
            pickup="any",
        )
        for number in range(count)
    )
    orders = tuple(draw(problems(sites)) for _ in range(draw(st.integers(1, 4))))
    return Batch(problems=orders, missing_cost=draw(st.integers(0, 30)))


def market(batch: Batch) -> Market:
    return Market.of(batch, time.monotonic)


@settings(max_examples=60)
@given(some_batches(), st.data())
def test_passing_the_locations_finds_what_the_solver_finds(batch: Batch, data: st.DataObject) -> None:
    pricer = market(batch).pricer
    numbers = st.lists(st.integers(0, 8), min_size=len(pricer.shelves), max_size=len(pricer.shelves))
    prices = np.array(data.draw(numbers), dtype=np.int64) * FINE
    left = np.array(data.draw(numbers), dtype=np.int64)
    orders = range(len(batch.problems))
    offers = pricer.offers(prices, left, orders)
    assert pricer.large == []
    for number in orders:
        solved = pricer._solved(number, prices, left)
        assert 0 <= offers[number].value - solved.value <= 2 * FINE  # the solver's bound is rounded down by one unit


@settings(max_examples=60)
@given(some_batches())
def test_the_bound_is_never_above_the_best_and_the_plans_break_nothing(batch: Batch) -> None:
    one = market(batch)
    first = in_turn(batch)
    one.master.add_plans(first)
    bound = one.trade(until=time.monotonic() + 60)
    built = batches.build(batch)
    best = round(built.model.solve(seconds=60).cost)
    plans = one.dive(until=time.monotonic() + 60)
    assert check_batch(batch, plans) == ()
    assert bound <= best <= cost_of(batch, plans)
    assert best <= cost_of(batch, first)


@settings(max_examples=30)
@given(some_batches())
def test_a_small_batch_is_planned_as_well_as_can_be(batch: Batch) -> None:
    plans, bound = neighbours.plan_batch(batch, seconds=20, gap=0.0, clock=time.monotonic)
    assert check_batch(batch, plans) == ()
    best = round(batches.build(batch).model.solve(seconds=60).cost)
    assert bound <= cost_of(batch, plans) == best


@given(some_batches())
def test_a_plan_is_the_column_that_it_is_written_down_as(batch: Batch) -> None:
    one = market(batch)
    for number, made in enumerate(in_turn(batch)):
        column = one.master._column(number, taken_by(one.master.views[number], made))
        assert column.cost == made.score.cost + batch.missing_cost * sum(picked.units for picked in made.short)


def test_an_order_of_very_many_units_goes_to_the_solver() -> None:
    sites = tuple(Site(location=f"L{n}", free={"a": 300, "b": 300}, parcel_cost=50 + n, unit_cost=n) for n in range(3))
    needs = (Need(line="1", sku="a", units=400), Need(line="2", sku="b", units=500))
    problem = Problem(needs=needs, sites=sites, policy=Policy(aims=("cost",)))
    batch = Batch(problems=(problem, problem), missing_cost=1_000)
    assert market(batch).pricer.large == [0, 1]
    plans, bound = neighbours.plan_batch(batch, seconds=20, gap=0.0, clock=time.monotonic)
    assert check_batch(batch, plans) == ()
    assert cost_of(batch, plans) == bound


def test_when_the_time_is_over_at_once_there_are_still_plans() -> None:
    sites = tuple(Site(location=f"L{n}", free={"a": 2}, parcel_cost=50 + n) for n in range(3))
    problem = Problem(needs=(Need(line="1", sku="a", units=2),), sites=sites)
    batch = Batch(problems=(problem,) * 3, missing_cost=1_000)
    plans, bound = neighbours.plan_batch(batch, seconds=0.0, gap=0.0, clock=time.monotonic)
    assert check_batch(batch, plans) == ()
    assert bound <= cost_of(batch, plans) == 153
