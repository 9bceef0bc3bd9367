"""Each broken journal is caught by the clause that is there for it, and nearly all by the state machine alone."""

import pytest

from omo_adapters.storage.memory import MemoryJournal
from omo_adapters.testing.feed import FeedContract
from omo_adapters.testing.journal import JournalContract
from omo_adapters.testing.journal.modelling import ModelClauses
from tests.mutants import journals
from tests.mutants.putting import failing

CAUGHT_BY = {
    journals.KeepsEverythingTwice: "test_the_same_event_again_changes_nothing_and_is_reported_known",
    journals.KnowsDocumentsById: "test_another_version_is_kept_beside_the_first",
    journals.IgnoresConflicts: "test_other_content_under_one_version_is_a_conflict_and_both_are_kept",
    journals.OverwritesConflicts: "test_other_content_under_one_version_is_a_conflict_and_both_are_kept",
    journals.MarksOnlyTheNewcomer: "test_other_content_under_one_version_is_a_conflict_and_both_are_kept",
    journals.TravelsNowhere: "test_what_shares_an_order_stands_in_all_its_streams",
    journals.TravelsOneStep: "test_two_families_become_one_when_a_third_event_joins_them",
    journals.OnlyNewcomersTravel: "test_what_shares_an_order_stands_in_all_its_streams",
    journals.VersionsStayBehind: "test_versions_travel_together_without_a_home_too",
    journals.CountsWhatIsKnown: "test_an_event_that_is_known_makes_nobody_stale",
    journals.VersionIsThePosition: "test_a_version_stands_still_while_nothing_comes_to_stand_in_the_stream",
    journals.CountsOnlyWhatIsNamed: "test_a_stream_that_was_only_joined_by_a_travelling_event_has_moved_on",
    journals.ReportsOnlyWhatIsNamed: "test_an_append_reports_the_versions_of_what_it_touched",
    journals.ChecksTheFirstStreamOnly: "test_one_stale_stream_of_many_stops_everything",
    journals.ChecksNothing: "test_an_append_on_a_version_that_has_passed_is_stale_and_writes_nothing",
    journals.WritesBeforeItChecks: "test_an_append_on_a_version_that_has_passed_is_stale_and_writes_nothing",
    journals.AnswersBeforeItChecks: "test_an_append_on_a_version_that_has_passed_is_stale_and_writes_nothing",
    journals.OverwritesAnswers: "test_a_request_is_answered_once",
    journals.ForgetsRefusals: "test_an_answer_is_kept_without_any_event",
    journals.KeepsAnswersAsText: "test_an_answer_is_recalled_byte_for_byte",
    journals.ReadsByTime: "test_events_come_in_order_of_arrival",
    journals.GivesDoubles: "test_an_event_is_read_once_however_many_of_its_streams_are_asked_for",
    journals.KnewJustBefore: "test_what_was_known_at_an_instant_can_be_read",
    journals.CountsLatecomersAsFresh: "test_an_old_event_that_comes_to_stand_in_a_stream_late_shows",
    journals.ReadsOnWithTheLast: "test_reading_on_gives_what_came_after_and_counts_it",
    journals.NeverSaysAgain: "test_an_entry_says_whether_its_document_was_kept_before",
    journals.CountsInFloats: "test_an_event_is_given_back_equal_to_the_last_digit",
    journals.CutsMicroseconds: "test_an_event_is_given_back_equal_to_the_last_digit",
    journals.NormalisesText: "test_an_event_is_given_back_equal_to_the_last_digit",
    journals.FoldsNames: "test_an_answer_is_recalled_byte_for_byte",
    journals.TakesNoTurnsTwice: "test_turns_nest",
    journals.NeverEndsATurn: "test_a_turn_that_went_wrong_keeps_nobody_waiting",
    journals.ChecksOutsideOfItsLock: "test_of_threads_that_decide_on_one_version_one_gets_through",
    journals.WritesInPieces: "test_a_reader_never_sees_half_of_a_batch",
}
FEEDS = {
    journals.FeedsByTime: "test_the_feed_gives_each_event_once_in_order_of_arrival",
    journals.FeedsNoMoreThanPositions: "test_the_feed_can_be_read_in_pieces",
    journals.FeedsAgain: "test_the_feed_can_be_read_in_pieces",
}
NOT_THE_MACHINES = {
    # What the small world never writes (large numbers, odd text, a microsecond) or never does (turns, threads).
    journals.ReportsOnlyWhatIsNamed,
    journals.KeepsAnswersAsText,
    journals.CountsInFloats,
    journals.CutsMicroseconds,
    journals.NormalisesText,
    journals.FoldsNames,
    journals.TakesNoTurnsTwice,
    journals.NeverEndsATurn,
    journals.ChecksOutsideOfItsLock,
    journals.WritesInPieces,
}
FOR_THE_MACHINE = [broken for broken in CAUGHT_BY if broken not in NOT_THE_MACHINES]


@pytest.mark.parametrize("broken", CAUGHT_BY, ids=lambda broken: broken.__name__)
def test_a_broken_journal_fails_the_clause_that_is_there_for_it(broken: type) -> None:
    assert CAUGHT_BY[broken] in failing(JournalContract, broken, but=frozenset({"model"}))


@pytest.mark.parametrize("broken", FEEDS, ids=lambda broken: broken.__name__)
def test_a_broken_feed_fails_the_clause_that_is_there_for_it(broken: type) -> None:
    assert FEEDS[broken] in failing(FeedContract, broken)


@pytest.mark.mutants
@pytest.mark.parametrize("broken", FOR_THE_MACHINE, ids=lambda broken: broken.__name__)
def test_the_state_machine_alone_finds_a_broken_journal(broken: type) -> None:
    assert failing(ModelClauses, broken)


def test_a_good_journal_fails_nothing() -> None:
    assert failing(JournalContract, MemoryJournal) == set()
    assert failing(FeedContract, MemoryJournal) == set()


def test_every_broken_journal_is_put_to_the_test() -> None:
    planted = {
        each
        for each in vars(journals).values()
        if isinstance(each, type) and issubclass(each, MemoryJournal) and each.__module__ == journals.__name__
    }
    assert planted - {journals.Spoiling} == {*CAUGHT_BY, *FEEDS}
