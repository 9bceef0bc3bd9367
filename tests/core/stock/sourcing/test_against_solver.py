"""The exact plan against an independent solver, and batches and rebalancing against doing without one; short runs."""

import time
from datetime import UTC, datetime

import pytest

from benchmarks.sourcing import imbalances, measure, scarce_batch
from omo_adapters.optimizing import HighsOptimizer
from omo_adapters.optimizing.balances import balance_article
from omo_adapters.optimizing.neighbours import plan_batch
from omo_core.ports import Optimizer
from omo_core.stock.balancing import as_commands, balance_greedily, faults
from omo_core.stock.sourcing.batching import check_batch, cost_of, in_turn


@pytest.mark.parametrize("aims", [("parcels", "cost", "distance"), ("cost", "distance")])
@pytest.mark.parametrize(("locations", "count"), [(10, 30), (50, 8)])
def test_the_exact_plan_costs_what_the_solver_finds(locations: int, count: int, aims: tuple[str, ...]) -> None:
    row = measure(locations, count, aims, seed=11)
    assert (row.equal, row.unproven) == (row.compared, 0)
    assert row.compared > count // 2


def test_a_batch_is_no_worse_than_one_order_after_the_other_and_near_its_bound() -> None:
    batch = scarce_batch(seed=7, orders=25, locations=8, skus=20)
    plans, bound = plan_batch(batch, seconds=8, gap=0.0, clock=time.monotonic)
    assert check_batch(batch, plans) == ()
    assert bound <= cost_of(batch, plans) <= bound * 1.005
    assert cost_of(batch, plans) <= cost_of(batch, in_turn(batch))


def test_rebalancing_is_never_dearer_than_the_cheapest_lane_first_and_breaks_nothing() -> None:
    for problem in imbalances(seed=3, skus=5, locations=20):
        flow, greedy = balance_article(problem), balance_greedily(problem)
        assert faults(problem, flow.moves) == faults(problem, greedy.moves) == ()
        assert flow.bound <= flow.cost <= greedy.cost
        assert flow.bound == flow.cost


def test_the_optimizer_fills_the_port_and_proposals_become_commands() -> None:
    optimizer: Optimizer = HighsOptimizer(seconds=5)
    balances = optimizer.balance(imbalances(seed=3, skus=2, locations=5))
    for command in as_commands(balances, "r", datetime(2026, 1, 1, tzinfo=UTC)):
        command.check()
    batch = scarce_batch(seed=7, orders=3, locations=4, skus=10)
    assert check_batch(batch, optimizer.plan(batch)) == ()
