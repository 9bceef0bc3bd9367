"""Bugs planted in what tells who became somebody else: each must break one of its laws."""

from collections.abc import Callable

import pytest
from attrs import evolve

from omo_adapters import following
from omo_core.members import changing
from tests.shell import test_following as laws

pytestmark = pytest.mark.mutants
Patch = pytest.MonkeyPatch


def keys_given_back_are_forgotten(patch: Patch) -> None:
    patch.setattr(following, "_borne", lambda *_: iter(()))


def nobody_beside_is_read(patch: Patch) -> None:
    patch.setattr(following, "neighbours", lambda *_: ())


def bearers_of_a_key_are_not_followed(patch: Patch) -> None:
    real = following.neighbours
    patch.setattr(following, "neighbours", lambda events, rules, starts, keys: real(events, rules, starts))


def only_what_is_now_is_followed(patch: Patch) -> None:
    real = following._read

    def read(journal: object, named: object, keys: object, sides: following._Sides) -> following._Around:
        found = real(journal, named, keys, following._Sides(sides.after, sides.after))  # type: ignore[arg-type]
        return evolve(found, sides=sides)

    patch.setattr(following, "_read", read)


def each_event_is_a_step(patch: Patch) -> None:
    patch.setattr(following, "groupby", lambda entries, key: ((entry.recorded_at, [entry]) for entry in entries))


def the_old_rules_are_forgotten(patch: Patch) -> None:
    real = following._Sides

    def sides(before: tuple[int, object], after: tuple[int, object]) -> following._Sides:
        return real((before[0], after[1]), after)  # type: ignore[arg-type]

    patch.setattr(following, "_Sides", sides)


def what_came_later_counts_before(patch: Patch) -> None:
    patch.setattr(following._Around, "events", lambda self, _: [each.event for _, each in sorted(self.entries.items())])


def only_those_that_were_joined_are_told(patch: Patch) -> None:
    real = changing._blocks
    patch.setattr(
        changing,
        "_blocks",
        lambda before, after: real(before, evolve(after, members=())),
    )


@pytest.mark.parametrize(
    ("plant", "notices"),
    [
        (keys_given_back_are_forgotten, laws.test_a_key_that_one_bearer_gives_back_joins_the_others_again),
        (nobody_beside_is_read, laws.test_regroupings_told_in_order_lead_to_who_is_who_however_it_came_in),
        (bearers_of_a_key_are_not_followed, laws.test_a_key_that_one_bearer_gives_back_joins_the_others_again),
        (only_what_is_now_is_followed, laws.test_regroupings_told_in_order_lead_to_who_is_who_however_it_came_in),
        (what_came_later_counts_before, laws.test_regroupings_told_in_order_lead_to_who_is_who_however_it_came_in),
        (each_event_is_a_step, laws.test_what_is_written_together_joins_and_parts_nobody_in_between),
        (the_old_rules_are_forgotten, laws.test_rules_that_change_regroup_members_too),
        (only_those_that_were_joined_are_told, laws.test_a_late_fact_that_splits_an_old_member_says_which_key_and_why),
    ],
    ids=lambda each: each.__name__,
)
def test_a_planted_bug_is_noticed(plant: Callable[[Patch], None], notices: Callable[[], None]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        plant(patch)
        with pytest.raises((AssertionError, KeyError, ValueError)):
            notices()
