"""The suites themselves: nothing is switched off unseen, and the strategies leave nothing out."""

from typing import ClassVar

import pytest

from omo_adapters.codecs.events import EVENT_CLASSES
from omo_adapters.testing.contract import Contract, needs
from omo_adapters.testing.journal import JournalContract
from omo_adapters.testing.strategies import COMMANDS, EVENTS, THEMES
from omo_adapters.wiring import DECISIONS

pytest_plugins = "pytester"


class Suite(Contract, suite=True):
    options = frozenset({"extra"})

    def test_the_core(self) -> None:
        """Required."""

    @needs("extra")
    def test_the_extra(self) -> None:
        """Optional."""


def test_a_clause_is_not_overridden() -> None:
    with pytest.raises(TypeError, match="Quiet overrides test_the_core"):

        class Quiet(Suite):
            def test_the_core(self) -> None:
                pass


def test_a_clause_is_not_taken_away() -> None:
    with pytest.raises(TypeError, match="overrides"):

        class Quiet(Suite):
            test_the_core = None


def test_an_option_that_nothing_needs_is_a_slip_of_the_pen() -> None:
    with pytest.raises(TypeError, match="no clause needs treads"):

        class Slip(Suite):
            options = Suite.options | {"treads"}


@pytest.mark.parametrize("xfail", [{"test_no_such_clause": "why"}, {"test_the_core": " "}])
def test_a_known_failure_names_a_clause_and_says_why(xfail: dict[str, str]) -> None:
    with pytest.raises(TypeError, match="names no clause, or gives no reason"):
        type("Sloppy", (Suite,), {"xfail": xfail})


def test_what_is_not_offered_is_skipped_and_says_so() -> None:
    class Small(Suite):
        options = frozenset()

    (mark,) = Small.test_the_extra.pytestmark
    assert (mark.name, mark.kwargs["reason"]) == ("skip", "Small does not offer 'extra'")
    assert not hasattr(Suite.test_the_extra, "pytestmark")


def test_a_known_failure_must_go_on_failing() -> None:
    class Honest(Suite):
        xfail: ClassVar = {"test_the_core": "not yet"}

    (mark,) = Honest.test_the_core.pytestmark
    assert (mark.name, mark.kwargs) == ("xfail", {"reason": "not yet", "strict": True})


def test_every_clause_says_what_it_demands_and_where_to_look() -> None:
    silent = [name for name, clause in JournalContract.clauses.items() if "look" not in (clause.__doc__ or "")]
    assert silent == []


def test_without_its_fixture_a_suite_says_what_is_missing(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        from omo_adapters.testing.journal import JournalContract

        class TestAcme(JournalContract):
            pass
        """
    )
    outcome = pytester.runpytest_inprocess("-q", "-k", "test_turns_nest", "-p", "no:cacheprovider")
    outcome.stdout.fnmatch_lines(["*TestAcme must define the fixture open_journal*"])


def test_one_class_and_one_fixture_are_enough(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        from contextlib import contextmanager
        import pytest
        from omo_adapters.storage.memory import MemoryJournal
        from omo_adapters.testing.journal import JournalContract

        class TestAcme(JournalContract):
            options = JournalContract.options - {"model", "threads"}

            @pytest.fixture
            def open_journal(self):
                @contextmanager
                def opened():
                    yield MemoryJournal()
                return opened
        """
    )
    outcome = pytester.runpytest_inprocess("-q", "-p", "no:cacheprovider")
    counts = outcome.parseoutcomes()
    assert counts.get("failed", 0) == counts.get("errors", 0) == 0
    assert counts["passed"] > 40
    assert counts["skipped"] >= 5


def test_there_is_a_strategy_for_every_event_and_every_command() -> None:
    assert set(EVENTS) == set(EVENT_CLASSES)
    assert set(COMMANDS) == set(DECISIONS)
    assert set().union(*THEMES) == set(EVENT_CLASSES)
