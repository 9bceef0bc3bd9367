"""Bugs planted into batches, rebalancing and what interleavings rest on: each must be caught by what forbids it."""

from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve

from omo_adapters.optimizing import balances as balancing
from omo_adapters.optimizing.master import Column
from omo_adapters.optimizing.passing import Bearing
from omo_adapters.optimizing.pricing import FINE, Pricer
from omo_core.stock.standing import Standing
from tests.adapters import test_balances as balances
from tests.adapters import test_batches as batches
from tests.core.stock import test_interleavings as interleavings

Plant = Callable[[pytest.MonkeyPatch], None]


def shelves_are_never_empty(patch: pytest.MonkeyPatch) -> None:
    """Plans are decided beside one another whether or not the shelves reach."""
    patch.setattr(Column, "fits", lambda *_: True)
    patch.setattr(Bearing, "capped", lambda self, numbers, left: numbers.copy())


def shelves_give_what_they_do_not_have(patch: pytest.MonkeyPatch) -> None:
    """An order's best plan takes what others have taken."""
    patch.setattr(Bearing, "capped", lambda self, numbers, left: numbers.copy())


def the_bound_is_a_little_too_good(patch: pytest.MonkeyPatch) -> None:
    """What orders cost at least is told one unit too high."""
    whole = Pricer.offers

    def dearer(self: Any, *asked: Any) -> Any:
        return {order: evolve(offer, value=offer.value + FINE) for order, offer in whole(self, *asked).items()}

    patch.setattr(Pricer, "offers", dearer)


def lanes_start_for_anything(patch: pytest.MonkeyPatch) -> None:
    """A lane carries less than it is worth starting for."""
    patch.setattr(balancing, "_starting", lambda *_: [])


def goods_never_go_over_a_third(patch: pytest.MonkeyPatch) -> None:
    """Lanes are left out that lead to where goods could go on from."""
    patch.setattr(balancing, "_reached", lambda places, *_, **__: places)


def what_goes_round_is_left_in(patch: pytest.MonkeyPatch) -> None:
    """Goods are sent round in a circle that nobody can begin."""
    patch.setattr(balancing, "_without_circles", lambda _, carried: carried)


def nothing_waits(patch: pytest.MonkeyPatch) -> None:
    """What has not arrived yet is told to leave."""
    whole = balancing.in_order

    def at_once(*asked: Any) -> Any:
        return tuple(evolve(move, waits=False) for move in whole(*asked))

    patch.setattr(balancing, "in_order", at_once)


def what_is_to_leave_is_free(patch: pytest.MonkeyPatch) -> None:
    """What one location has promised to another is promised once more."""
    patch.setattr(Standing, "leaving", lambda *_: 0)


CAUGHT: list[tuple[Plant, Callable[[], None]]] = [
    (shelves_are_never_empty, batches.test_the_bound_is_never_above_the_best_and_the_plans_break_nothing),
    (shelves_give_what_they_do_not_have, batches.test_passing_the_locations_finds_what_the_solver_finds),
    (the_bound_is_a_little_too_good, batches.test_the_bound_is_never_above_the_best_and_the_plans_break_nothing),
    (lanes_start_for_anything, balances.test_a_proposal_costs_the_least_there_is_whatever_lanes_ask),
    (goods_never_go_over_a_third, balances.test_a_proposal_costs_the_least_there_is_whatever_lanes_ask),
    (nothing_waits, balances.test_looking_ahead_what_goes_over_a_third_place_waits_there_and_is_not_brought_twice),
    (what_goes_round_is_left_in, balances.test_what_only_goes_round_is_left_out),
    (
        what_is_to_leave_is_free,
        interleavings.test_no_interleaving_of_holding_letting_go_committing_and_moving_owes_what_is_not_there,
    ),
]


@pytest.mark.mutants
@pytest.mark.parametrize(("plant", "law"), CAUGHT, ids=lambda each: each.__name__)
def test_a_planted_bug_is_caught(plant: Plant, law: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    _forget()
    with monkeypatch.context() as patch:
        plant(patch)
        with pytest.raises(BaseException):  # noqa: B017, PT011  (a property fails in many ways)
            law()
    _forget()


def _forget() -> None:
    interleavings.decided.cache_clear()
    interleavings.owed.cache_clear()
