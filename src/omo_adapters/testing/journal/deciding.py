"""Appends that rest on what was read, and the answers that are kept with them."""

from __future__ import annotations

import pytest

from omo_adapters.testing.contract import Contract, needs
from omo_adapters.testing.journal.writing import CAP, HEARD, P1, TEE, FedJournal, answer, ids, write
from omo_adapters.testing.samples import (
    counted,
    granted,
    moved,
    redeemed,
    refund,
    sale,
)
from omo_core.identifiers import RequestId
from omo_core.ports import Batch, Recorded, Stale


class DecidingClauses(Contract, suite=True):
    """What a decision may rely on."""

    def test_an_append_goes_through_on_the_versions_it_has_read(self, journal: FedJournal) -> None:
        """If this fails, look at streams with version 0, which nobody wrote to yet."""
        expects = journal.read((P1, TEE)).versions
        decided = Batch(events=(redeemed(),), expects=expects, answers=(answer("r"),))
        assert isinstance(journal.append(decided, recorded_at=HEARD), Recorded)
        assert ids(journal.read((P1,))) == ["redemption/x1"]

    def test_an_append_on_a_version_that_has_passed_is_stale_and_writes_nothing(self, journal: FedJournal) -> None:
        """Points would be spent twice. If this fails, look for a check outside of the transaction."""
        expects = journal.read((P1,)).versions
        write(journal, granted())
        stale = journal.append(Batch(events=(redeemed(),), expects=expects, answers=(answer("r"),)), recorded_at=HEARD)
        assert stale == Stale(stream=P1, expected=0, found=journal.read((P1,)).versions[P1])
        assert ids(journal.read((P1,))) == ["grant/g1"]
        assert journal.recall(RequestId("r")) is None

    @needs("many-streams")
    @pytest.mark.parametrize("moved_on", ["stock/TEE", "stock/CAP", "profile/p1"])
    def test_one_stale_stream_of_many_stops_everything(self, journal: FedJournal, moved_on: str) -> None:
        """All or nothing, over all streams. If this fails, look for a loop that writes before it has checked all."""
        expects = journal.read((TEE, CAP, P1)).versions
        write(journal, {"stock/TEE": moved(), "stock/CAP": moved(sku="CAP"), "profile/p1": granted()}[moved_on])
        before = journal.read((TEE, CAP, P1))
        batch = Batch(events=(sale("o9"), counted(sku="CAP")), expects=expects, answers=(answer("a"), answer("b")))
        assert isinstance(journal.append(batch, recorded_at=HEARD), Stale)
        assert journal.read((TEE, CAP, P1)) == before
        assert (journal.recall(RequestId("a")), journal.recall(RequestId("b"))) == (None, None)

    def test_an_event_that_is_known_makes_nobody_stale(self, journal: FedJournal) -> None:
        """If this fails, look for versions that grow on every append."""
        write(journal, granted())
        expects = journal.read((P1,)).versions
        write(journal, granted())
        assert isinstance(journal.append(Batch(events=(redeemed(),), expects=expects), recorded_at=HEARD), Recorded)

    def test_a_stream_that_was_only_joined_by_a_travelling_event_has_moved_on(self, journal: FedJournal) -> None:
        """A refund of a known order changes the member's account. If this fails, look at versions and travelling."""
        write(journal, sale())
        expects = journal.read((P1,)).versions
        write(journal, refund())
        assert isinstance(journal.append(Batch(events=(redeemed(),), expects=expects), recorded_at=HEARD), Stale)

    def test_an_answer_is_recalled_byte_for_byte(self, journal: FedJournal) -> None:
        """If this fails, look for a body that is stored as text."""
        kept = answer("r", bytes(range(256)))
        journal.append(Batch(answers=(kept,)), recorded_at=HEARD)
        assert journal.recall(RequestId("r")) == kept
        assert journal.recall(RequestId("R")) is None

    def test_an_answer_is_kept_without_any_event(self, journal: FedJournal) -> None:
        """Refusals are answers. If this fails, look for a batch that is skipped because it has no events."""
        recorded = journal.append(Batch(answers=(answer("r"),)), recorded_at=HEARD)
        assert isinstance(recorded, Recorded)
        assert journal.recall(RequestId("r")) is not None
        assert journal.read((P1,)).entries == ()

    def test_a_request_is_answered_once(self, journal: FedJournal) -> None:
        """Another process may have answered it meanwhile. If this fails, look for an upsert of answers."""
        journal.append(Batch(answers=(answer("r", b"first"),)), recorded_at=HEARD)
        second = journal.append(Batch(events=(granted(),), answers=(answer("r", b"second"),)), recorded_at=HEARD)
        assert isinstance(second, Stale)
        assert (journal.recall(RequestId("r")), ids(journal.read((P1,)))) == (answer("r", b"first"), [])

    def test_turns_nest(self, journal: FedJournal) -> None:
        """The shell reads and writes inside of one. If this fails, look for a lock that its own holder waits for."""
        with journal.turn(), journal.turn():
            write(journal, granted())
            assert ids(journal.read((P1,))) == ["grant/g1"]
        with journal.turn():
            assert journal.recall(RequestId("r")) is None

    def test_a_turn_ends_when_what_happens_in_it_goes_wrong(self, journal: FedJournal) -> None:
        """If this fails, look for a lock without a finally."""
        with pytest.raises(KeyError), journal.turn():
            raise KeyError("trouble")
        with journal.turn():
            write(journal, granted())
