"""Threads that write and read at the same time."""

from __future__ import annotations

import threading
from typing import ClassVar

import pytest

from omo_adapters.testing.contract import Contract, needs
from omo_adapters.testing.journal.writing import CAP, HEARD, P1, TEE, FedJournal, answer, ids, together, write
from omo_adapters.testing.samples import (
    granted,
    moved,
    refund,
    sale,
)
from omo_core.identifiers import StreamName
from omo_core.ports import Batch, Recorded


class RacingClauses(Contract, suite=True):
    """What threads may rely on."""

    thread_rounds: ClassVar[int] = 20
    """How often threads meet at a barrier; fewer let races through."""

    @needs("threads")
    def test_of_threads_that_decide_on_one_version_one_gets_through(self, journal: FedJournal) -> None:
        """If this fails, look for a version that is read before the lock is taken."""
        for number in range(self.thread_rounds):
            expects = journal.read((P1,)).versions
            batches = [
                Batch(events=(granted(f"{number}/{who}"),), expects=expects, answers=(answer(f"{number}/{who}"),))
                for who in range(4)
            ]
            outcomes = together(lambda batch: journal.append(batch, recorded_at=HEARD), batches)
            assert [type(outcome) for outcome in outcomes].count(Recorded) == 1
        assert journal.read((P1,)).versions[P1] == len(journal.read((P1,)).entries) == self.thread_rounds

    @needs("threads")
    def test_a_turn_that_went_wrong_keeps_nobody_waiting(self, journal: FedJournal) -> None:
        """If this fails, look for a lock without a finally: its own thread does not notice."""
        with pytest.raises(KeyError), journal.turn():
            raise KeyError("trouble")
        other = threading.Thread(target=write, args=(journal, granted()), daemon=True)
        other.start()
        other.join(timeout=2)
        assert not other.is_alive()

    @needs("threads")
    def test_threads_lose_nothing_and_double_nothing(self, journal: FedJournal) -> None:
        """If this fails, look for positions or versions that are counted outside of the transaction."""
        for number in range(self.thread_rounds):
            told = [(moved(name=f"{number}/{who // 2}"), sale(f"{number}/{who}")) for who in range(4)]
            together(lambda events: write(journal, *events), told)
        reading = journal.read((TEE,))
        assert len(reading.entries) == len({*ids(reading)}) == self.thread_rounds * 6
        assert reading.versions[TEE] >= self.thread_rounds * 6
        assert len({entry.position for entry in reading.entries}) == len(reading.entries)

    @needs("threads")
    def test_threads_that_tell_a_purchase_and_its_refund_leave_them_together(self, journal: FedJournal) -> None:
        """If this fails, look for a walk over homes that happens before the other's append is seen."""
        for number in range(self.thread_rounds):
            order = f"o{number}"
            together(lambda event: write(journal, event), [sale(order, profile=f"p{number}"), refund(order, order)])
            assert len(journal.read((StreamName(f"profile/p{number}"),)).entries) == 2

    @needs("threads")
    def test_a_reader_never_sees_half_of_a_batch(self, journal: FedJournal) -> None:
        """If this fails, look for a read that is not one transaction, or a write that is many."""
        torn: list[tuple[int, int]] = []
        done = threading.Event()

        def look() -> None:
            while not done.is_set():
                reading = journal.read((TEE, CAP))
                found = sum(1 for event in reading.events if event in tees), len(reading.entries)
                if found[0] * 2 != found[1] or reading.versions[TEE] != reading.versions[CAP]:
                    torn.append(found)

        tees = [moved(name=f"t{number}") for number in range(self.thread_rounds)]
        reader = threading.Thread(target=look)
        reader.start()
        for number, tee in enumerate(tees):
            write(journal, tee, moved(name=f"c{number}", sku="CAP"))
        done.set()
        reader.join()
        assert torn == []
