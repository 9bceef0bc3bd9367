"""Bugs planted in what a merged member has: each must break an example or a law of merging."""

from collections.abc import Callable, Iterable

import pytest
from attrs import evolve

from omo_core.events import Event
from omo_core.loyalty import buying, posting, replaying
from omo_core.loyalty.folding import Folding
from omo_core.members import ProfilesJoined, dating, observing, resolving
from tests.core.loyalty import test_merging as laws
from tests.core.members import test_walks as walks
from tests.shell import test_merged_accounts as shops

pytestmark = pytest.mark.mutants
Patch = pytest.MonkeyPatch


def every_rate_is_as_one(patch: Patch) -> None:
    patch.setattr(replaying, "_rates", lambda *_: {})


def groups_stay_single(patch: Patch) -> None:
    patch.setattr(replaying, "_Apart", _Single)


class _Single(replaying._Apart):
    """Forgets whom its record is one with already."""

    __slots__ = ()

    def __init__(self, programme: object, profiles: tuple[str, ...]) -> None:
        super().__init__(programme, profiles[:1])  # type: ignore[arg-type]


def the_last_evidence_counts(patch: Patch) -> None:
    patch.setattr(resolving, "earliest", lambda pairs: laws.earliest(sorted(pairs, key=lambda each: each.at)[-1:]))


def only_the_link_that_was_made_counts(patch: Patch) -> None:
    real = dating.joinings

    def joinings(parting: object, latest: object) -> object:
        parting.runs = parting.runs[:1]  # type: ignore[attr-defined]
        return real(parting, latest)  # type: ignore[arg-type]

    patch.setattr(resolving, "joinings", joinings)


def a_kept_account_takes_what_was_before_the_joining(patch: Patch) -> None:
    real = Folding.extends

    def extends(self: Folding, event: object, *, first: bool = False) -> bool:
        joined, self.joined = self.joined, ()
        try:
            return real(self, event, first=first)  # type: ignore[arg-type]
        finally:
            self.joined = joined

    patch.setattr(Folding, "extends", extends)


def bonuses_add_up(patch: Patch) -> None:
    real = posting._grant

    def grant(folding: Folding, event: object) -> None:
        folding.given.clear()
        real(folding, event)  # type: ignore[arg-type]

    patch.setattr(posting, "_grant", grant)


def only_the_first_record_counts(patch: Patch) -> None:
    patch.setattr(buying, "_is_mine", lambda folding, bought: bought.sale.profile == min(folding.profiles))


def what_is_spent_after_a_merge_stays_with_the_first(patch: Patch) -> None:
    real = walks.account

    def account(programme: object, events: object, profiles: set[str], *more: object) -> object:
        return real(programme, events, profiles | ({"a"} if "b" in profiles else set()), *more)  # type: ignore[arg-type]

    patch.setattr(walks, "account", account)


def a_merge_that_is_taken_back_goes_on(patch: Patch) -> None:
    real = observing.observe

    def observe(events: Iterable[Event]) -> object:
        return real([evolve(each, withdrawn=False) if isinstance(each, ProfilesJoined) else each for each in events])

    patch.setattr(resolving, "observe", observe)


@pytest.mark.parametrize(
    ("plant", "notices"),
    [
        (only_the_first_record_counts, walks.test_points_and_money_are_conserved_and_a_join_taken_back_was_never_made),
        (
            what_is_spent_after_a_merge_stays_with_the_first,
            walks.test_points_and_money_are_conserved_and_a_join_taken_back_was_never_made,
        ),
        (
            a_merge_that_is_taken_back_goes_on,
            walks.test_points_and_money_are_conserved_and_a_join_taken_back_was_never_made,
        ),
        (every_rate_is_as_one, laws.test_as_recorded_is_each_purchase_at_the_rate_of_its_day),
        (groups_stay_single, laws.test_as_recorded_is_each_purchase_at_the_rate_of_its_day),
        (the_last_evidence_counts, laws.test_a_key_makes_records_one_from_the_day_on_which_the_later_of_them_had_it),
        (only_the_link_that_was_made_counts, laws.test_the_earliest_evidence_counts_whichever_key_goes_first),
        (
            a_kept_account_takes_what_was_before_the_joining,
            shops.test_a_late_purchase_of_before_keeps_its_rate_though_the_account_was_kept,
        ),
        (bonuses_add_up, laws.test_of_two_records_that_are_one_person_one_has_had_the_bonus),
    ],
    ids=lambda each: each.__name__,
)
def test_a_planted_bug_is_noticed(plant: Callable[[Patch], None], notices: Callable[[], None]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        plant(patch)
        with pytest.raises(AssertionError):
            notices()
