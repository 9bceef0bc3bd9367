"""The contract of a feed, as tests: the journal in order of arrival. Give it the same fixture as the journal's."""

from __future__ import annotations

from omo_adapters.testing.contract import Contract
from omo_adapters.testing.journal.opening import JournalFixtures
from omo_adapters.testing.journal.writing import P1, TEE, FedJournal, write
from omo_adapters.testing.samples import (
    card,
    granted,
    moved,
    refund,
    sale,
    seen,
)
from omo_core.identifiers import StreamName
from omo_core.ports import Entry


class FeedContract(JournalFixtures, Contract, suite=True):
    """What every feed must do. See ``omo_core.ports.Feed``."""

    def test_the_feed_gives_each_event_once_in_order_of_arrival(self, journal: FedJournal) -> None:
        """If this fails, look for a feed that goes by streams, or by time."""
        write(journal, sale(), moved(when=-9))
        write(journal, sale(), granted(), refund())
        assert [entry.event.id for entry in journal.after(0, limit=100)] == [
            "sale/o1",
            "move/m1",
            "grant/g1",
            "refund/r1",
        ]

    def test_the_feed_can_be_read_in_pieces(self, journal: FedJournal) -> None:
        """Gaps between positions are no end. If this fails, look for a limit on positions instead of on entries."""
        write(journal, *(moved(name=str(number)) for number in range(7)))
        read: list[Entry] = []
        position = 0
        while piece := journal.after(position, limit=3):
            assert len(piece) <= 3
            read += piece
            position = piece[-1].position
        assert [entry.event.id for entry in read] == [f"move/{number}" for number in range(7)]
        assert journal.after(position, limit=3) == () or not journal.after(position, limit=3)

    def test_feed_and_streams_tell_the_same_story(self, journal: FedJournal) -> None:
        """If this fails, look for two tables that are written in two transactions."""
        write(journal, sale(), seen("p1", card()), sale(version=1), sale(staff="bob"))
        entries = {entry.position: entry for entry in journal.after(0, limit=100)}
        for entry in journal.read((P1, TEE, StreamName("claim/card:4711"))).entries:
            assert entries[entry.position] == entry
