"""Bugs planted into calendars, promise dates, rebalancing's levels and kits: each must be caught by what forbids it."""

from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve

from omo_adapters.calendars import hours
from omo_core.stock import calendars, dating, levelling
from omo_core.stock.position import Positions
from tests.adapters import test_calendars as read_hours
from tests.core.stock import test_calendars as days
from tests.core.stock import test_dating as dates
from tests.core.stock import test_levelling as levels
from tests.core.stock import test_promises as promises

Plant = Callable[[pytest.MonkeyPatch], None]


def nobody_shuts(patch: pytest.MonkeyPatch) -> None:
    """What is ordered after closing leaves the same day."""
    patch.setattr(calendars, "_shut_by", lambda *_: False)


def holidays_are_passed_over(patch: pytest.MonkeyPatch) -> None:
    """What hours say of public holidays is not heard."""
    patch.setattr(hours, "_parted", lambda text: (text.replace("PH off", "").strip("; ") or "off", None))


def nobody_waits_before(patch: pytest.MonkeyPatch) -> None:
    """Everybody is promised what lies there."""

    turns = dating.pool_sequence

    def alone(*asked: Any) -> Any:
        return [evolve(one, now=one.asked, later=(), uncovered=0) for one in turns(*asked)]

    patch.setattr(dating, "pool_sequence", alone)


def the_quickest_place_is_told(patch: pytest.MonkeyPatch) -> None:
    """What is not sourced yet is dated by the place that needs least time."""
    patch.setattr(
        dating._Question,
        "_slowest",
        lambda self, places, since: min(sorted(places), key=lambda place: dating._late(self._date(place, since))),
    )


def what_is_to_leave_is_not_on_its_way(patch: pytest.MonkeyPatch) -> None:
    """A transfer counts only once it was sent."""
    patch.setattr(levelling, "inbound", lambda positions, place, *_: positions.in_transit(place))


def a_part_is_a_kit(patch: pytest.MonkeyPatch) -> None:
    """A parcel that names a part is taken for one with whole kits."""

    def per(self: Any, order: Any, line: str, sku: Any) -> int:
        return self.composed.get((order, line), ("", int(sku == self.sku)))[1]

    patch.setattr(Positions, "units_per", per)


CAUGHT: list[tuple[Plant, Callable[[], None]]] = [
    (nobody_shuts, days.test_what_is_asked_for_after_closing_does_not_leave_that_day),
    (holidays_are_passed_over, read_hours.test_what_the_hours_say_of_public_holidays_counts_on_them),
    (nobody_waits_before, dates.test_whoever_was_promised_first_is_served_first_and_deliveries_fill_in_that_turn),
    (
        the_quickest_place_is_told,
        dates.test_until_it_is_sourced_the_day_holds_wherever_it_comes_from_and_by_a_plan_it_is_the_plan_s,
    ),
    (what_is_to_leave_is_not_on_its_way, levels.test_what_is_ordered_sent_or_expected_in_time_is_not_brought_again),
    (a_part_is_a_kit, promises.test_the_parts_of_a_kit_may_leave_from_several_places_each_by_itself),
]


@pytest.mark.mutants
@pytest.mark.parametrize(("plant", "law"), CAUGHT, ids=lambda each: each.__name__)
def test_a_planted_bug_is_caught(plant: Plant, law: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    law()
    with monkeypatch.context() as patch:
        plant(patch)
        with pytest.raises((AssertionError, pytest.fail.Exception)):
            law()
