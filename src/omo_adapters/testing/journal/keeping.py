"""What is written is kept once, and given back as it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve

from omo_adapters.testing.contract import Contract
from omo_adapters.testing.journal.writing import HEARD, P1, TEE, FedJournal, ids, write
from omo_adapters.testing.samples import (
    START,
    granted,
    line,
    moved,
    sale,
)
from omo_core.money import AMOUNT_MAX


class KeepingClauses(Contract, suite=True):
    """What is kept."""

    def test_a_stream_that_nobody_wrote_to_is_empty_at_version_0(self, journal: FedJournal) -> None:
        """Reading an unknown stream is no mistake. If this fails, look at how ``read`` treats names it can't find."""
        reading = journal.read((TEE, P1))
        assert (reading.entries, dict(reading.versions)) == ((), {TEE: 0, P1: 0})
        assert dict(reading.fresh) == {TEE: 0, P1: 0}

    def test_an_event_stands_in_each_of_its_streams(self, journal: FedJournal) -> None:
        """One event, many streams. If this fails, look at ``Event.homes`` and ``Event.streams``: both count."""
        bought = sale()
        write(journal, bought)
        for name in (*bought.homes, *bought.streams):
            assert journal.read((name,)).events == (bought,)

    def test_an_event_is_read_once_however_many_of_its_streams_are_asked_for(self, journal: FedJournal) -> None:
        """Reading is a union. If this fails, look for a join that multiplies rows."""
        bought = sale()
        write(journal, bought)
        assert ids(journal.read((*bought.homes, *bought.streams, *bought.homes))) == [bought.id]

    def test_events_come_in_order_of_arrival(self, journal: FedJournal) -> None:
        """Not in order of time. If this fails, look for a missing ORDER BY."""
        write(journal, moved(name="b", when=9), moved(name="a", when=1))
        write(journal, moved(name="c", when=5))
        assert ids(journal.read((TEE,))) == ["move/b", "move/a", "move/c"]

    def test_positions_grow_and_entries_say_when_they_were_heard(self, journal: FedJournal) -> None:
        """Positions grow, also within a batch. If this fails, look at how a batch numbers its events."""
        first = write(journal, moved(name="a"), moved(name="b"), at=HEARD)
        then = write(journal, moved(name="c"), at=HEARD + timedelta(microseconds=1))
        entries = journal.read((TEE,)).entries
        places = [entry.position for entry in entries]
        assert places == sorted(set(places))
        assert (first.position, then.position) == (places[1], places[2])
        assert [entry.recorded_at for entry in entries] == [HEARD, HEARD, HEARD + timedelta(microseconds=1)]

    @pytest.mark.parametrize("name", ["numbers", "texts", "instants", "nothing"])
    def test_an_event_is_given_back_equal_to_the_last_digit(self, journal: FedJournal, name: str) -> None:
        """Nothing is rounded or respelled. If this fails, look for floats, for time zones, for text normalisation."""
        event = {
            "numbers": sale("o1", 0, line(amount=AMOUNT_MAX - 1), version=2**53 + 1),
            "texts": sale("Ünïcode/'; DROP TABLE--/e\u0301/é/全角\u3000/🙂/%_\\", staff='"quoted"'),
            "instants": granted(when=datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC), expires_at=START),
            "nothing": sale(profile=None, location=None),
        }[name]
        write(journal, event)
        (read,) = journal.read(event.homes or event.streams).events
        assert read == event
        assert repr(read) == repr(event)

    def test_the_same_event_again_changes_nothing_and_is_reported_known(self, journal: FedJournal) -> None:
        """Sources repeat themselves for ever. If this fails, look for a dedupe that forgets, or compares ids only."""
        write(journal, sale())
        before = journal.read((P1, TEE))
        again = write(journal, sale(), at=HEARD + timedelta(days=400))
        assert (again.new, again.known, again.conflicts) == ((), (sale().id,), ())
        assert journal.read((P1, TEE)) == before

    def test_the_same_event_twice_in_one_batch_is_kept_once(self, journal: FedJournal) -> None:
        """If this fails, look for a dedupe that asks the disk before the batch is on it."""
        recorded = write(journal, sale(), sale())
        assert (recorded.new, recorded.known) == ((sale().id,), (sale().id,))
        assert ids(journal.read((TEE,))) == [sale().id]

    def test_another_version_is_kept_beside_the_first(self, journal: FedJournal) -> None:
        """Versions arrive in any order, and are no conflict. If this fails, look for an upsert by id."""
        newer = write(journal, sale(version=2))
        older = write(journal, sale(version=1))
        assert (newer.conflicts, older.conflicts) == ((), ())
        assert [event.version for event in journal.read((TEE,)).events] == [2, 1]

    def test_an_entry_says_whether_its_document_was_kept_before(self, journal: FedJournal) -> None:
        """Kept states rest on it. If this fails, look at ``Entry.again``: by id, whatever the version."""
        write(journal, sale(version=2), moved())
        write(journal, sale(version=1))
        assert [entry.again for entry in journal.read((TEE,)).entries] == [False, False, True]

    def test_other_content_under_one_version_is_a_conflict_and_both_are_kept(self, journal: FedJournal) -> None:
        """Nobody's word is dropped. If this fails, look for INSERT OR IGNORE."""
        first, other = sale(staff="ann"), sale(staff="bob")
        write(journal, first)
        recorded = write(journal, other)
        assert (recorded.new, recorded.conflicts) == ((other.id,), (other.id,))
        entries = journal.read((TEE,)).entries
        assert [entry.event for entry in entries] == [first, other]
        assert [entry.conflict for entry in entries] == [True, True]

    def test_each_side_of_a_conflict_is_known_when_it_comes_again(self, journal: FedJournal) -> None:
        """If this fails, look for a dedupe that compares with one of the contents only."""
        write(journal, sale(staff="ann"), sale(staff="bob"))
        assert write(journal, sale(staff="ann"), sale(staff="bob")).new == ()

    def test_what_was_given_back_can_be_changed_by_nobody(self, journal: FedJournal) -> None:
        """Events are values. If this fails, look for a store that hands out its own lists."""
        write(journal, sale())
        (event,) = journal.read((TEE,)).events
        evolve(event, version=5)
        assert [each.version for each in journal.read((TEE,)).events] == [0]
