"""What shares a home stands together in every stream."""

from __future__ import annotations

import pytest

from omo_adapters.testing.contract import Contract
from omo_adapters.testing.journal.writing import CAP, P1, P2, TEE, FedJournal, ids, write
from omo_adapters.testing.samples import (
    granted,
    handed,
    line,
    refund,
    sale,
)
from omo_core.events import Event
from omo_core.identifiers import StreamName


class TravellingClauses(Contract, suite=True):
    """What travels together."""

    @pytest.mark.parametrize("refund_first", [True, False])
    def test_what_shares_an_order_stands_in_all_its_streams(self, journal: FedJournal, refund_first: bool) -> None:
        """A refund that knows only its order reaches the member. If this fails, look at what is done with homes."""
        told = [sale(), refund(restock="none")]
        for event in reversed(told) if refund_first else told:
            write(journal, event)
        assert sorted(ids(journal.read((P1,)))) == ["refund/r1", "sale/o1"]
        assert sorted(ids(journal.read((TEE,)))) == ["refund/r1", "sale/o1"]

    @pytest.mark.parametrize("last", [0, 1, 2, 3])
    def test_two_families_become_one_when_a_third_event_joins_them(self, journal: FedJournal, last: int) -> None:
        """Homes are shared over others. If this fails, look for a walk that stops after one step."""
        told: list[Event] = [
            sale("web", 1, line(sku="CAP"), profile="p2", also=("till",)),
            sale("till", 2),
            handed("h", "till", sku="MUG"),
            refund("r", "web"),
        ]
        told.append(told.pop(last))
        for event in told:
            write(journal, event)
        for name in (TEE, CAP, P1, P2, StreamName("stock/MUG"), StreamName("order/web"), StreamName("order/till")):
            assert sorted(ids(journal.read((name,)))) == ["handover/h", "refund/r", "sale/till", "sale/web"]

    def test_a_version_that_names_another_article_stands_with_the_one_it_replaces(self, journal: FedJournal) -> None:
        """The history of an article it no longer contains must hear of it. If this fails, look at older versions."""
        write(journal, sale("o1", 0, line(sku="TEE")))
        write(journal, sale("o1", 0, line(sku="CAP"), version=1))
        assert len(ids(journal.read((TEE,)))) == len(ids(journal.read((CAP,)))) == 2

    @pytest.mark.parametrize("versions", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
    def test_versions_travel_together_without_a_home_too(self, journal: FedJournal, versions: tuple[int, ...]) -> None:
        """A grant moved to another record is gone from the first. If this fails, look at events that have no home."""
        profiles = ("p1", "p2", "p1")
        for version in versions:
            write(journal, granted(profile=profiles[version], version=version))
        assert sorted(event.version for event in journal.read((P1,)).events) == [0, 1, 2]
        assert sorted(event.version for event in journal.read((P2,)).events) == [0, 1, 2]
