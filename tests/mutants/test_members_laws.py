"""Bugs planted in the rules about who is who, each caught by the test that is there for it."""

from collections.abc import Callable, Iterable

import pytest
from attrs import evolve

from omo_adapters import member_questions, surroundings
from omo_core import identifiers
from omo_core.events import Event
from omo_core.members import (
    apart,
    bearing,
    binding,
    circle,
    columns,
    consenting,
    crowding,
    deciding,
    explaining,
    parting,
    persons,
    resolving,
    running,
    settling,
)
from omo_core.members.bearing import Bearers
from omo_core.members.reasons import Stopped
from tests.core.members import test_consenting, test_keys
from tests.core.members import test_explaining_laws as explaining_laws
from tests.shell import test_binding
from tests.shell import test_member_statements as statements
from tests.shell.test_member_statements import RULES, opened

pytestmark = pytest.mark.mutants
Patch = pytest.MonkeyPatch


def put(where: object, name: str, what: object) -> Callable[[Patch], None]:
    return lambda patch: patch.setattr(where, name, what)


def returns(value: object) -> Callable[..., object]:
    return lambda *_, **__: value


def in_both(patch: Patch, name: str, what: object) -> None:
    """Put it where runs are made, and where somebody asks who bears a key."""
    for module in (running, bearing):
        patch.setattr(module, name, what)


def in_memory(test: Callable[..., None], *more: object) -> Callable[[], None]:
    def told() -> None:
        with opened() as shop:
            test(shop, *more)

    told.__name__ = test.__name__
    return told


def each_row(test: Callable[..., None]) -> Callable[[], None]:
    def told() -> None:
        (mark,) = test.pytestmark  # type: ignore[attr-defined]
        for row in mark.args[1]:
            with opened() as shop:
                test(shop, row)

    told.__name__ = test.__name__
    return told


def rows_without_a_shop(test: Callable[..., None]) -> Callable[[], None]:
    def told() -> None:
        (mark,) = test.pytestmark  # type: ignore[attr-defined]
        for row in mark.args[1]:
            test(*row)

    told.__name__ = test.__name__
    return told


# Keys.


def providers_are_one(patch: Patch) -> None:
    real = columns.Columns._add_key
    patch.setattr(columns.Columns, "_add_key", lambda self, kind, key: real(self, (kind[0], ""), key))


def the_forgotten_are_not_counted(patch: Patch) -> None:
    real = running.cut

    def cut(by: running.Ruled, key: int, claims: Iterable[int]) -> list[running.Run]:
        return [evolve(run, gone=[]) for run in real(by, key, [*claims])]

    in_both(patch, "cut", cut)


def the_forgotten_are_of_the_newest(patch: Patch) -> None:
    real = running.cut

    def cut(by: running.Ruled, key: int, claims: Iterable[int]) -> list[running.Run]:
        found = real(by, key, [*claims])
        gone = [claim for run in found for claim in run.gone]
        return [evolve(run, gone=gone if run is found[-1] else []) for run in found]

    in_both(patch, "cut", cut)


def idle_keys_are_values(patch: Patch) -> None:
    real = parting.runs
    patch.setattr(parting, "runs", lambda filled, rules: evolve(real(filled, rules), idle={}))


class _Anything:
    def __eq__(self, _: object) -> bool:
        return True

    __hash__ = object.__hash__


def names_beside_a_second_key_are_ignored(patch: Patch) -> None:
    patch.setattr(crowding, "contested", returns(False))


def placeholders_make_one_person(patch: Patch) -> None:
    real = crowding.crowds
    patch.setattr(running, "crowds", lambda filled, rules, found: real(filled, evolve(rules, blocked=()), found))


# Binding.


def whoever_has_the_number(patch: Patch) -> None:
    """The bug that was: any record with the number bears it, however it was verified."""

    def bearers(asked: circle.Circle, command: binding.BindProfile) -> Bearers:
        names = asked.observed.bearers(command.claim.fingerprint)
        return Bearers(tuple(asked.parting.place(name) for name in names))

    patch.setattr(binding, "_bearers", bearers)


def it_is_always_now(patch: Patch) -> None:
    in_both(patch, "broken_by", returns(None))


def the_shared_can_be_bound(patch: Patch) -> None:
    patch.setattr(running.Ruled, "useless", returns(None))


def no_password_is_ever_used(patch: Patch) -> None:
    patch.setattr(binding, "_used", returns(False))


def a_joins_password_is_not_kept(patch: Patch) -> None:
    real = binding.joined
    patch.setattr(binding, "joined", lambda *given, **_: real(*given))


def tills_are_dated(patch: Patch) -> None:
    real = running.cut
    in_both(patch, "cut", lambda by, key, claims: [evolve(run, made_up=False) for run in real(by, key, claims)])


def the_recycled_at_tills_are_bound(patch: Patch) -> None:
    real = binding.bearing

    def found(filled: columns.Columns, rules: object, key: int, at: int) -> Bearers:
        filled.recycled.clear()
        return real(filled, rules, key, at)  # type: ignore[arg-type]

    patch.setattr(binding, "bearing", found)


# Statements.


def first_stop_only(patch: Patch) -> None:
    """The bug that was: one item for each record, whatever number of others it is kept from."""
    real = persons.Parting.stop

    def stop(self: persons.Parting, one: int, other: int, by: str, evidence: str, why: object) -> None:
        name = self.columns.names[other]
        if not any(evidence == each.evidence and name in (each.one, each.other) for each in self.stopped):
            real(self, one, other, by, evidence, why)  # type: ignore[arg-type]

    patch.setattr(persons.Parting, "stop", stop)


def decided_items_come_back(patch: Patch) -> None:
    def unchanged(item: object, **changes: object) -> object:
        return item if isinstance(item, Stopped) else evolve(item, **changes)  # type: ignore[misc]

    patch.setattr(resolving, "evolve", unchanged)


def only_neighbours_in_time_are_apart(patch: Patch) -> None:
    patch.setattr(apart, "_cut", returns([]))


def the_others_are_not_read(patch: Patch) -> None:
    patch.setattr(member_questions, "review", member_questions._waiting)
    patch.setattr(statements, "review", member_questions._waiting)


def only_joins_are_taken_back(patch: Patch) -> None:
    patch.setattr(deciding, "_TAKEN_BACK", (deciding.ProfilesJoined, deciding.ProfilesParted))


def a_version_is_the_clocks(patch: Patch) -> None:
    patch.setattr(circle.Circle, "version_now", lambda _, __, command: circle.micros(command.at))


def names_are_put_together_with_a_colon(patch: Patch) -> None:
    def compound(what: str, *names: str) -> str:
        return f"{what}/{':'.join(names)}"

    for module in (identifiers, deciding, settling, statements):
        patch.setattr(module, "compound", compound)


def any_number_of_claims(patch: Patch) -> None:
    patch.setattr(settling, "CLAIMS_MAX", 10**6)


# Consent.


def a_tie_is_a_yes(patch: Patch) -> None:
    patch.setattr(consenting, "_STRICT", {True: 0, None: 1, False: 2})


def a_word_is_always_over_a_record(patch: Patch) -> None:
    patch.setattr(consenting, "_counting", lambda word, _: word)


def the_newer_voice_counts(patch: Patch) -> None:
    patch.setattr(consenting, "_counting", lambda word, statement: statement if statement.at > word.at else word)


def a_statement_is_as_new_as_its_record(patch: Patch) -> None:
    real = consenting._document

    def document(versions: dict[int, list[object]]) -> object:
        newest = max(versions)
        return real({newest: versions[newest]})  # type: ignore[dict-item]

    patch.setattr(consenting, "_document", document)


def capitals_are_other_channels(patch: Patch) -> None:
    patch.setattr(consenting, "consent_key", lambda channel, purpose: f"{channel}/{purpose}")


def a_yes_may_be_older_than_a_no(patch: Patch) -> None:
    patch.setattr(settling, "word_on", returns(None))


# Explaining.


def chains_of_whatever_is_shared(patch: Patch) -> None:
    """The bug that was: links are told though something else had joined the two, and a guard would have stopped it."""
    patch.setattr(persons.Parting, "fit", returns(True))
    real = explaining._chain

    def chain(found: persons.Parting, start: int, end: int) -> object:
        found.links = [evolve(link, made=True) for link in reversed(found.links)]
        return real(found, start, end)

    patch.setattr(explaining, "_chain", chain)


def steps_by_one_key_are_one(patch: Patch) -> None:
    """The bug that was: all bearers of one key are one step apart, also those whom time parts."""
    real = explaining._shortened

    def shortened(found: persons.Parting, steps: list[explaining.Step]) -> list[explaining.Step]:
        if len(steps) > 1 and steps[0][2] == steps[-1][2]:
            return [(steps[0][0], steps[-1][1], steps[0][2])]
        return real(found, steps)

    patch.setattr(explaining, "_shortened", shortened)


def every_link_is_a_bridge(patch: Patch) -> None:
    patch.setattr(explaining, "_together", returns(False))


def only_keys_can_be_left_out(patch: Patch) -> None:
    """The bug that was: a statement that settled or forgot something goes on counting."""
    real = explaining.less

    def less(events: Iterable[Event], evidence: str) -> Iterable[Event]:
        known = [*events]
        said = [event for event in known if event.kind in ("claim_settled", "record_erased")]
        return [*real(known, evidence), *(event for event in said if event.id == evidence)]

    patch.setattr(explaining, "less", less)


def what_would_be_is_not_read(patch: Patch) -> None:
    patch.setattr(surroundings, "less", lambda events, _: events)


def what_is_gone_is_not_told(patch: Patch) -> None:
    patch.setattr(apart, "_gone", lambda *_: apart.Unverified())


def a_proof_helps_against_everything(patch: Patch) -> None:
    def remedies(stopped: Iterable[Stopped], _: object) -> tuple[str, ...]:
        return tuple(way for item in stopped for way in item.why.remedies)

    patch.setattr(explaining, "_remedies", remedies)


DECIDED = each_row(statements.test_what_was_decided_once_waits_no_more_whatever_had_stopped_it)
WOULD_BE = rows_without_a_shop(explaining_laws.test_a_shop_says_of_what_would_be_what_recomputing_says)


@pytest.mark.parametrize(
    ("plant", "notices"),
    [
        (providers_are_one, test_keys.test_what_two_providers_hand_out_never_meets_even_where_the_hash_is_the_same),
        (
            put(crowding, "_people", lambda *given: len(given[2].claims)),
            test_keys.test_many_records_of_one_person_who_share_two_keys_are_one_member,
        ),
        (
            names_beside_a_second_key_are_ignored,
            test_keys.test_a_second_key_makes_no_person_of_people_with_different_names,
        ),
        (placeholders_make_one_person, test_keys.test_a_placeholder_shared_beside_it_makes_nobody_one_person),
        (
            put(columns.Columns, "add_weak", returns(None)),
            test_keys.test_who_merely_typed_a_number_counts_when_so_many_do_that_no_person_has_so_many_records,
        ),
        (the_forgotten_are_not_counted, test_keys.test_forgetting_one_of_too_many_joins_none_of_the_others),
        (the_forgotten_are_of_the_newest, test_keys.test_whoever_was_forgotten_counts_with_those_of_the_same_time),
        (idle_keys_are_values, test_keys.test_a_placeholder_is_no_identifier_of_a_person),
        (idle_keys_are_values, test_keys.test_a_shared_or_overcrowded_key_is_no_identifier_of_a_person),
        (put(parting, "OPEN", _Anything()), test_keys.test_what_was_given_up_is_no_identifier_of_a_person_any_more),
        (put(parting, "_bits", returns(1)), test_keys.test_how_many_others_there_are_changes_nobodys_order),
        (whoever_has_the_number, test_binding.test_who_merely_typed_the_number_gets_nobodys_account),
        (whoever_has_the_number, test_binding.test_who_merely_typed_the_number_keeps_nobody_from_what_is_theirs),
        (whoever_has_the_number, test_binding.test_whoever_is_bound_is_one_with_a_bearer_and_nobody_is_left_behind),
        (it_is_always_now, test_binding.test_who_gave_the_number_up_does_not_bear_it),
        (it_is_always_now, test_binding.test_who_had_the_number_before_it_was_recycled_does_not_bear_it),
        (it_is_always_now, test_binding.test_a_number_unused_for_long_is_for_staff_to_decide),
        (
            the_shared_can_be_bound,
            test_binding.test_a_number_that_staff_says_is_shared_binds_nobody_even_where_one_record_bears_it,
        ),
        (no_password_is_ever_used, test_binding.test_one_password_proves_one_thing_for_one_record),
        (no_password_is_ever_used, test_binding.test_a_password_that_verified_a_claim_binds_no_other_record),
        (a_joins_password_is_not_kept, test_binding.test_two_who_use_one_password_in_one_batch_are_not_both_bound),
        (tills_are_dated, test_binding.test_what_a_till_made_up_goes_with_whoever_proves_the_number),
        (the_recycled_at_tills_are_bound, test_binding.test_what_a_till_made_up_goes_with_whoever_proves_the_number),
        (
            put(deciding, "_lost", returns(())),
            in_memory(
                statements.test_a_join_that_would_leave_somebody_behind_is_refused_with_the_statement_that_does_it
            ),
        ),
        (
            put(deciding, "_lost", returns(())),
            statements.test_what_is_accepted_is_so_and_what_is_refused_changed_nothing,
        ),
        (
            put(deciding, "_still_together", returns(False)),
            in_memory(statements.test_a_parting_that_a_later_join_overrules_is_refused),
        ),
        (first_stop_only, in_memory(statements.test_a_record_without_a_name_waits_beside_each_of_those_who_have_one)),
        (first_stop_only, explaining_laws.test_every_pair_of_three_surnames_is_told_why_not),
        (decided_items_come_back, DECIDED),
        (
            only_neighbours_in_time_are_apart,
            in_memory(statements.test_two_who_had_a_number_long_apart_can_be_decided_though_others_had_it_between_them),
        ),
        (the_others_are_not_read, statements.test_an_item_is_told_the_same_live_as_for_the_whole_shop),
        (only_joins_are_taken_back, in_memory(statements.test_a_number_that_was_not_recycled_after_all_joins_again)),
        (a_version_is_the_clocks, in_memory(statements.test_what_is_settled_last_counts_though_a_clock_is_slow)),
        (
            names_are_put_together_with_a_colon,
            in_memory(statements.test_statements_about_other_records_never_have_one_name),
        ),
        (any_number_of_claims, in_memory(statements.test_a_record_bears_only_so_many_identifiers)),
        (a_tie_is_a_yes, test_consenting.test_at_the_same_instant_the_no_counts),
        (a_tie_is_a_yes, test_consenting.test_of_two_contents_of_one_version_the_stricter_counts),
        (a_word_is_always_over_a_record, test_consenting.test_a_no_that_a_record_newly_states_counts_over_an_older_yes),
        (the_newer_voice_counts, test_consenting.test_a_yes_that_a_record_states_takes_no_no_back),
        (
            a_statement_is_as_new_as_its_record,
            test_consenting.test_a_no_that_a_record_goes_on_stating_is_as_old_as_its_first_version,
        ),
        (
            capitals_are_other_channels,
            test_consenting.test_capitals_and_the_two_ways_to_name_a_purpose_make_no_other_consent,
        ),
        (
            a_yes_may_be_older_than_a_no,
            in_memory(statements.test_a_no_counts_at_once_and_a_yes_no_newer_than_a_no_is_refused),
        ),
        (
            chains_of_whatever_is_shared,
            explaining_laws.test_a_key_that_names_stop_is_no_reason_though_something_else_joins_its_bearers,
        ),
        (
            steps_by_one_key_are_one,
            explaining_laws.test_a_number_that_changed_hands_joins_only_those_who_had_it_together,
        ),
        (
            every_link_is_a_bridge,
            explaining_laws.test_every_link_of_a_why_joins_and_its_bridges_are_those_that_recomputing_finds,
        ),
        (only_keys_can_be_left_out, explaining_laws.test_what_would_be_without_a_statement_is_what_recomputing_says),
        (what_would_be_is_not_read, WOULD_BE),
        (what_is_gone_is_not_told, explaining_laws.test_what_was_revoked_deleted_dropped_or_forgotten_is_told),
        (
            a_proof_helps_against_everything,
            explaining_laws.test_a_key_that_was_only_typed_and_joins_nobody_anyway_is_told_as_both,
        ),
    ],
)
def test_a_planted_bug_is_noticed(plant: Callable[[Patch], None], notices: Callable[[], None]) -> None:
    notices()
    with pytest.MonkeyPatch.context() as patch:
        plant(patch)
        with pytest.raises((AssertionError, KeyError)):
            notices()


def test_the_rules_of_these_tests_have_every_guard() -> None:
    assert RULES.blocked
    assert RULES.records_max < 10
