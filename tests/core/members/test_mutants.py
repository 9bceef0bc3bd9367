"""One planted bug for each guard and law of members: a test above must notice it."""

from collections.abc import Callable, Sequence

import pytest
from attrs import evolve

from omo_core.events import canonical
from omo_core.members import (
    agreeing,
    consenting,
    describing,
    observing,
    parting,
    persons,
    reasons,
    resolving,
    running,
    surviving,
)
from omo_core.members.columns import Columns, Traits
from omo_core.members.reasons import SaidTogether
from omo_core.members.rules import IdentityRules
from tests.core.members import test_describing, test_guards, test_laws, test_surviving

pytestmark = pytest.mark.mutants
Patch = pytest.MonkeyPatch


def returns(value: object) -> Callable[..., object]:
    return lambda *_, **__: value


def no_blocked(patch: Patch) -> None:
    real = running.runs
    patch.setattr(parting, "runs", lambda columns, rules: real(columns, _evolved(rules, blocked=())))


def _evolved(rules: IdentityRules, **changes: object) -> IdentityRules:
    return evolve(rules, **changes)  # type: ignore[arg-type]


def _runs_under(patch: Patch, **changes: object) -> None:
    """Let runs be made under rules in which every key's rule is changed."""
    real = running.runs
    patch.setattr(
        parting,
        "runs",
        lambda columns, rules: real(columns, evolve(rules, keys=tuple(evolve(key, **changes) for key in rules.keys))),
    )


def no_fan_out(patch: Patch) -> None:
    _runs_under(patch, profiles_max=10**6)


def no_staleness(patch: Patch) -> None:
    _runs_under(patch, stale_days=None)


def no_intervals(patch: Patch) -> None:
    patch.setattr(running, "broken_by", returns(None))


def no_names(patch: Patch) -> None:
    patch.setattr(persons, "agree", returns(None))


def all_names_differ(patch: Patch) -> None:
    for module in (agreeing, persons):
        patch.setattr(module, "agree", returns(False))


def no_value_is_a_name(patch: Patch) -> None:
    real = agreeing.agree

    def agree(one: Traits, other: Traits, groups: tuple[tuple[str, ...], ...]) -> bool | None:
        nothing = any(not values for _, values in (*one, *other))
        return False if nothing else real(one, other, groups)

    for module in (agreeing, persons):
        patch.setattr(module, "agree", agree)


def every_key_is_one_run(patch: Patch) -> None:
    patch.setattr(running, "_unbroken", returns(value=True))


def every_base_is_plain(patch: Patch) -> None:
    real = running.ruled
    patch.setattr(running, "ruled", lambda columns, rules: _evolved_to_plain(real(columns, rules)))


def _evolved_to_plain(by: running.Ruled) -> running.Ruled:
    return evolve(by, plain=True)


def single_records_are_not_compared(patch: Patch) -> None:
    real = parting._place
    patch.setattr(parting, "_place", lambda *args, **_: real(*args, contested=False))


def nameless_join(patch: Patch) -> None:
    patch.setattr(parting, "contested", returns(False))


def whoever_has_traits_has_a_name(patch: Patch) -> None:
    def named(found: persons.Parting, run: Sequence[int]) -> list[int]:
        return [claim for claim in run if found.columns.record[claim] in found.columns.traits]

    patch.setattr(parting, "_named", named)


def no_values(patch: Patch) -> None:
    patch.setattr(persons.Parting, "too_many", returns(None))


def no_size(patch: Patch) -> None:
    real = parting.part
    patch.setattr(resolving, "part", lambda columns, rules: real(columns, _evolved(rules, records_max=10**6)))


def no_apart(patch: Patch) -> None:
    patch.setattr(persons.Parting, "keep_apart", returns(None))


def apart_is_forgotten_in_a_union(patch: Patch) -> None:
    real = persons.Parting._unite

    def unite(self: persons.Parting, one: int, other: int) -> None:
        real(self, one, other)
        self._apart.pop(self.find(one), None)

    patch.setattr(persons.Parting, "_unite", unite)


def withdrawing_is_ignored(patch: Patch) -> None:
    real = observing.observe

    def observe(events: object) -> observing.Observed:
        return real([evolve(each, withdrawn=False) if hasattr(each, "withdrawn") else each for each in events])  # type: ignore[attr-defined]

    patch.setattr(resolving, "observe", observe)


def the_last_to_arrive_counts(patch: Patch) -> None:
    patch.setattr(
        observing, "current", lambda events: sorted({each.id: each for each in events}.values(), key=canonical)
    )


def one_side_is_not_counted(patch: Patch) -> None:
    real = persons.Parting._unite

    def unite(self: persons.Parting, one: int, other: int) -> None:
        size = self.sizes[one]
        real(self, one, other)
        self.sizes[self.find(one)] = size

    patch.setattr(persons.Parting, "_unite", unite)


def statements_in_order_of_arrival(patch: Patch) -> None:
    patch.setattr(parting, "sorted", lambda items, key=None: list(items) if key else sorted(items), raising=False)


def statements_after_keys(patch: Patch) -> None:
    real = persons.Parting._guard
    patch.setattr(
        persons.Parting, "_guard", lambda self, one, other, **_: real(self, one, other, names_stop=True, limited=True)
    )


def keys_in_no_order(patch: Patch) -> None:
    patch.setattr(
        parting, "_in_order", lambda _, level: [(claim, place) for place, run in enumerate(level) for claim in run]
    )


def always_the_newest(patch: Patch) -> None:
    real = parting._in_order

    def newest(found: persons.Parting, level: object) -> object:
        found.rules = _evolved(found.rules, prefer="newest")
        return real(found, level)  # type: ignore[arg-type]

    patch.setattr(parting, "_in_order", newest)


def matches_join(patch: Patch) -> None:
    real = parting.part
    patch.setattr(resolving, "part", lambda columns, rules: real(columns, _evolved(rules, match_joins_at=1)))


def the_erased_come_back(patch: Patch) -> None:
    real = observing.observe

    def observe(events: object) -> observing.Observed:
        return real([event for event in events if event.kind != "record_erased"])  # type: ignore[attr-defined]

    patch.setattr(resolving, "observe", observe)


def settled_claims_are_ignored(patch: Patch) -> None:
    patch.setattr(observing, "ClaimSettled", type("Nothing", (), {}))


def a_later_version_makes_younger(patch: Patch) -> None:
    real = observing._ages
    patch.setattr(observing, "_ages", lambda known: real(observing.current(known)))


def consent_is_the_laxer(patch: Patch) -> None:
    patch.setattr(resolving, "sorted", _laxer, raising=False)


def _laxer(items: object, key: object = None) -> list[object]:
    found = sorted(items, key=key)  # type: ignore[call-overload]
    return [(name, True) if value is False else (name, value) for name, value in found] if _consents(found) else found


def _consents(found: list[object]) -> bool:
    return bool(found) and all(
        isinstance(each, tuple) and len(each) == 2 and isinstance(each[1], bool) for each in found
    )


def words_on_a_channel_are_ignored(patch: Patch) -> None:
    patch.setattr(consenting, "_said", returns({}))


def tag_changes_are_ignored(patch: Patch) -> None:
    patch.setattr(describing, "TagsChanged", type("Nothing", (), {}))


def the_shared_are_keys(patch: Patch) -> None:
    real = running.runs

    def forget(columns: Columns, rules: IdentityRules) -> running.Runs:
        columns.shared.clear()
        return real(columns, rules)

    patch.setattr(parting, "runs", forget)


def neighbours_stop_at_the_first_step(patch: Patch) -> None:
    patch.setattr(resolving, "_beside", returns(None))


def contradictions_pass_unseen(patch: Patch) -> None:
    real = persons.Parting.stop

    def stop(self: persons.Parting, one: int, other: int, by: str, evidence: str, why: object) -> None:
        if not isinstance(why, SaidTogether):
            real(self, one, other, by, evidence, why)  # type: ignore[arg-type]

    patch.setattr(persons.Parting, "stop", stop)


def what_is_decided_waits(patch: Patch) -> None:
    patch.setattr(reasons.Stopped, "decided", False)


def a_proposal_is_never_taken_back(patch: Patch) -> None:
    real = parting._propose

    def propose(found: persons.Parting) -> None:
        found.columns.proposals = [(max(1, likeness), *rest) for likeness, *rest in found.columns.proposals]  # type: ignore[misc]
        real(found)

    patch.setattr(parting, "_propose", propose)


def a_record_bears_all_since_it_was_made(patch: Patch) -> None:
    real = observing._dates
    patch.setattr(
        observing,
        "_dates",
        lambda known: real([evolve(each, updated_at=None) if hasattr(each, "updated_at") else each for each in known]),
    )


def what_was_there_before_is_unknown(patch: Patch) -> None:
    patch.setattr(
        observing, "_lowest", lambda known: {each.id: each.version for each in sorted(known, key=lambda e: e.version)}
    )


def a_till_has_a_date(patch: Patch) -> None:
    patch.setattr(running, "INFERRED", -1)


def what_is_given_up_is_kept_at_tills(patch: Patch) -> None:
    patch.setattr(running, "_add_made_up", lambda result, made_up, *_: result[-1].claims.extend(made_up))


def trust_counts_for_nothing(patch: Patch) -> None:
    patch.setattr(surviving.FieldRule, "trust", returns(0))


def the_last_to_be_seen_survives(patch: Patch) -> None:
    patch.setattr(surviving, "sorted", lambda items, key=None: list(items), raising=False)


def every_field_by_the_first_rule(patch: Patch) -> None:
    patch.setattr(surviving, "_rule", lambda _, rules: rules[0] if rules else surviving.FieldRule(field="*"))


@pytest.mark.parametrize(
    ("plant", "notices"),
    [
        (no_blocked, test_guards.test_a_placeholder_joins_nobody),
        (no_fan_out, test_guards.test_a_key_that_too_many_bear_opens_the_links_it_had_made),
        (no_staleness, test_guards.test_a_number_unused_for_long_may_be_somebody_elses_now),
        (no_intervals, test_guards.test_a_number_that_was_given_up_is_not_the_next_bearers),
        (no_intervals, test_guards.test_a_recycled_number_is_somebody_elses_from_then_on),
        (no_names, test_guards.test_records_whose_surnames_have_nothing_in_common_are_a_household),
        (all_names_differ, test_guards.test_one_spelling_in_common_is_enough),
        (no_value_is_a_name, test_guards.test_a_kind_of_trait_without_a_value_says_nothing),
        (every_key_is_one_run, test_guards.test_a_number_unused_for_long_may_be_somebody_elses_now),
        (every_base_is_plain, test_guards.test_a_number_that_was_given_up_is_not_the_next_bearers),
        (
            every_base_is_plain,
            test_guards.test_a_number_that_a_record_has_had_since_a_later_version_can_be_recycled,
        ),
        (every_base_is_plain, test_guards.test_a_number_shown_at_a_till_does_not_bridge_the_time_between_two_bearers),
        (
            single_records_are_not_compared,
            test_guards.test_records_whose_surnames_have_nothing_in_common_are_a_household,
        ),
        (nameless_join, test_guards.test_a_record_without_a_name_joins_nobody_of_a_household),
        (
            whoever_has_traits_has_a_name,
            test_guards.test_a_name_that_says_nothing_of_what_differs_joins_nobody_of_a_household,
        ),
        (no_values, test_guards.test_a_person_has_one_crm_number_and_the_newest_bearer_keeps_the_key),
        (no_size, test_guards.test_nobody_is_larger_than_the_limit),
        (no_apart, test_guards.test_statements_go_before_keys),
        (apart_is_forgotten_in_a_union, test_guards.test_who_is_apart_stays_apart_through_third_records),
        (statements_in_order_of_arrival, test_guards.test_of_two_opposite_statements_the_newer_counts),
        (statements_after_keys, test_guards.test_a_statement_overrules_names_and_numbers_per_person),
        (the_last_to_arrive_counts, test_laws.test_every_order_of_a_few_observations_gives_the_same_persons),
        (the_last_to_arrive_counts, test_laws.test_shuffling_and_repeating_many_observations_changes_nothing),
        (keys_in_no_order, test_guards.test_a_person_has_one_crm_number_and_the_newest_bearer_keeps_the_key),
        (always_the_newest, test_guards.test_a_person_has_one_crm_number_and_the_newest_bearer_keeps_the_key),
        (matches_join, test_guards.test_a_matcher_proposes_and_nobody_is_joined_unless_a_rule_says_so),
        (the_erased_come_back, test_guards.test_an_erased_record_joins_nobody_whatever_is_said_later),
        (settled_claims_are_ignored, test_guards.test_a_settled_claim_counts_whatever_the_source_says_later),
        (
            a_later_version_makes_younger,
            test_describing.test_a_later_version_or_a_deletion_does_not_change_who_is_the_earliest,
        ),
        (consent_is_the_laxer, test_describing.test_of_two_records_the_stricter_word_counts),
        (
            words_on_a_channel_are_ignored,
            test_describing.test_a_word_on_one_channel_overrides_what_the_record_states_of_it,
        ),
        (tag_changes_are_ignored, test_describing.test_tags_are_the_last_list_with_the_changes_since),
        (the_shared_are_keys, test_guards.test_a_key_that_staff_says_is_shared_joins_nobody_until_they_take_it_back),
        (neighbours_stop_at_the_first_step, test_laws.test_what_is_read_around_a_record_is_its_part_of_the_whole),
        (contradictions_pass_unseen, test_guards.test_of_two_opposite_statements_the_newer_counts),
        (what_is_decided_waits, test_guards.test_what_somebody_has_decided_waits_no_longer),
        (a_proposal_is_never_taken_back, test_guards.test_a_matcher_may_take_its_proposal_back),
        (
            a_record_bears_all_since_it_was_made,
            test_guards.test_a_number_that_a_record_has_had_since_a_later_version_can_be_recycled,
        ),
        (a_record_bears_all_since_it_was_made, test_guards.test_a_list_says_who_bears_a_number_when_it_was_made),
        (
            what_was_there_before_is_unknown,
            test_guards.test_a_number_that_was_last_used_long_ago_was_borne_since_the_record_was_made,
        ),
        (a_till_has_a_date, test_guards.test_a_number_shown_at_a_till_is_with_whoever_bears_it_now),
        (
            what_is_given_up_is_kept_at_tills,
            test_guards.test_a_number_that_was_given_up_and_is_shown_at_a_till_is_a_strangers,
        ),
        (trust_counts_for_nothing, test_surviving.test_a_trusted_source_goes_before_all_that),
        (the_last_to_be_seen_survives, test_surviving.test_every_order_gives_the_same),
        (every_field_by_the_first_rule, test_surviving.test_a_field_has_a_rule_of_its_own_or_that_of_all_others),
        (withdrawing_is_ignored, test_laws.test_a_statement_that_is_withdrawn_was_never_made),
        (one_side_is_not_counted, test_guards.test_nobody_is_larger_than_the_limit),
    ],
    ids=lambda each: each.__name__,
)
def test_a_planted_bug_is_noticed(plant: Callable[[Patch], None], notices: Callable[[], None]) -> None:
    notices()
    with pytest.MonkeyPatch.context() as patch:
        plant(patch)
        with pytest.raises(AssertionError):
            notices()
