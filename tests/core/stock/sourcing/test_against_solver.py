"""The exact plan against an independent solver, and batches against doing without one; short runs."""

import time
from datetime import UTC, datetime

import pytest
from attrs import evolve

from benchmarks.balances import imbalances
from benchmarks.batches import FAMILIES, scarce_batch, whole_model
from benchmarks.sourcing import AIMS, compared
from omo_adapters.optimizing import HighsOptimizer
from omo_adapters.optimizing.neighbours import plan_batch
from omo_core.ports import Optimizer
from omo_core.stock.balancing import as_commands
from omo_core.stock.sourcing.batching import check_batch, cost_of, in_turn

SMALL = evolve(FAMILIES[-1], name="small", orders=20, locations=8, skus=16)


@pytest.mark.parametrize("aims", AIMS)
@pytest.mark.parametrize(("locations", "count"), [(10, 30), (50, 8)])
def test_the_exact_plan_is_as_good_as_the_solvers_by_every_aim(
    locations: int, count: int, aims: tuple[str, ...]
) -> None:
    row = compared(aims, locations, count, seed=11)
    assert (row["equal"], row["unfinished"], row["solver_unfinished"]) == (count, 0, 0)


def test_a_batch_is_no_worse_than_one_order_after_the_other_and_near_the_best() -> None:
    batch = scarce_batch(SMALL, 7)
    plans, bound = plan_batch(batch, seconds=15, gap=0.0, clock=time.monotonic)
    assert check_batch(batch, plans) == ()
    best = whole_model(batch).solve(seconds=60)
    assert bound <= round(best.cost) <= cost_of(batch, plans) <= best.bound * 1.005
    assert cost_of(batch, plans) <= cost_of(batch, in_turn(batch))


def test_the_optimizer_fills_the_port_and_proposals_become_commands() -> None:
    optimizer: Optimizer = HighsOptimizer(seconds=5)
    balances = optimizer.balance(imbalances(seed=3, skus=2, locations=5))
    for command in as_commands(balances, "r", datetime(2026, 1, 1, tzinfo=UTC)):
        command.check()
    batch = scarce_batch(evolve(SMALL, orders=3, locations=4, skus=10), 7)
    assert check_batch(batch, optimizer.plan(batch)) == ()
