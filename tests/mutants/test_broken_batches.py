"""Bugs planted into the planning of batches: each must be caught by the property that forbids it."""

from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve

from omo_adapters.optimizing.master import Column
from omo_adapters.optimizing.passing import Bearing
from omo_adapters.optimizing.pricing import FINE, Pricer
from tests.adapters import test_batches as batches

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


CAUGHT: list[tuple[Plant, Callable[[], None]]] = [
    (shelves_are_never_empty, batches.test_the_bound_is_never_above_the_best_and_the_plans_break_nothing),
    (shelves_give_what_they_do_not_have, batches.test_passing_the_locations_finds_what_the_solver_finds),
    (the_bound_is_a_little_too_good, batches.test_the_bound_is_never_above_the_best_and_the_plans_break_nothing),
]


@pytest.mark.mutants
@pytest.mark.parametrize(("plant", "law"), CAUGHT, ids=lambda each: each.__name__)
def test_a_planted_bug_is_caught(plant: Plant, law: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        plant(patch)
        with pytest.raises(BaseException):  # noqa: B017, PT011  (a property fails in many ways)
            law()
