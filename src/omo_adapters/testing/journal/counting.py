"""Versions of streams, on which every decision rests."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from omo_adapters.testing.contract import Contract, needs
from omo_adapters.testing.journal.writing import HEARD, P1, TEE, FedJournal, ids, write
from omo_adapters.testing.samples import (
    granted,
    line,
    moved,
    redeemed,
    refund,
    sale,
)


class CountingClauses(Contract, suite=True):
    """How streams are counted."""

    def test_a_version_grows_with_each_event_that_comes_to_stand_in_the_stream(self, journal: FedJournal) -> None:
        """Decisions rest on it. If this fails, look for versions that count only what was appended by name."""
        versions = [journal.read((TEE,)).versions[TEE]]
        for event in (sale(), refund(), sale(version=1), moved(), redeemed(order="o1")):
            write(journal, event)
            versions.append(journal.read((TEE,)).versions[TEE])
        assert all(later > earlier for earlier, later in pairwise(versions))

    def test_a_version_stands_still_while_nothing_comes_to_stand_in_the_stream(self, journal: FedJournal) -> None:
        """Else nobody could ever decide. If this fails, look for a version that is the journal's position."""
        write(journal, sale())
        before = journal.read((TEE,)).versions
        write(journal, sale(), granted(), moved(sku="CAP"), sale("o2", 0, line(sku="CAP")))
        assert journal.read((TEE,)).versions == before

    def test_an_append_reports_the_versions_of_what_it_touched(self, journal: FedJournal) -> None:
        """If this fails, look at streams that were touched only because events travel together."""
        write(journal, refund())
        recorded = write(journal, sale(), moved())
        touched = {*sale().homes, *sale().streams}
        assert touched <= {*recorded.versions}
        assert dict(journal.read(recorded.versions).versions) == dict(recorded.versions)
        assert write(journal, sale(), moved()).versions == {}

    def test_reading_on_gives_what_came_after_and_counts_it(self, journal: FedJournal) -> None:
        """A kept state catches up by it. If this fails, look at ``after`` and ``fresh``."""
        write(journal, sale(), moved())
        known = journal.read((TEE, P1))
        write(journal, moved(name="m2"), granted())
        fresh = journal.read((TEE, P1), after=known.position)
        assert sorted(ids(fresh)) == ["grant/g1", "move/m2"]
        for name in (TEE, P1):
            assert known.versions[name] + fresh.fresh[name] == fresh.versions[name]
        assert fresh.position > known.position
        assert journal.read((TEE, P1), after=fresh.position).entries == ()

    def test_an_old_event_that_comes_to_stand_in_a_stream_late_shows(self, journal: FedJournal) -> None:
        """It lies before the reader's position; only the sum tells. If this fails, look at how ``fresh`` is counted."""
        write(journal, refund())
        known = journal.read((P1,))
        write(journal, sale())
        fresh = journal.read((P1,), after=known.position)
        assert known.versions[P1] + fresh.fresh[P1] < fresh.versions[P1]

    @needs("known-at")
    def test_what_was_known_at_an_instant_can_be_read(self, journal: FedJournal) -> None:
        """Up to and with that instant. If this fails, look at how ``recorded_at`` is compared."""
        write(journal, moved(name="a"), at=HEARD)
        write(journal, moved(name="b", when=-500), at=HEARD + timedelta(microseconds=1))
        assert ids(journal.read((TEE,), known_at=HEARD - timedelta(microseconds=1))) == []
        assert ids(journal.read((TEE,), known_at=HEARD)) == ["move/a"]
        assert ids(journal.read((TEE,), known_at=HEARD + timedelta(microseconds=1))) == ["move/a", "move/b"]
        assert journal.read((TEE,), known_at=HEARD).versions == journal.read((TEE,)).versions
