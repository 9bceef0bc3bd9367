"""The contract of a journal, as tests.

Write one class and one fixture, and run pytest::

    class TestAcmeJournal(JournalContract):
        @pytest.fixture
        def open_journal(self):
            @contextmanager
            def opened():  # an EMPTY journal, each time
                with AcmeJournal.temporary() as journal:
                    yield journal

            return opened

Positions are never compared with a number: they grow, and may have gaps.
"""

from __future__ import annotations

from omo_adapters.testing.contract import Contract
from omo_adapters.testing.journal.counting import CountingClauses
from omo_adapters.testing.journal.deciding import DecidingClauses
from omo_adapters.testing.journal.keeping import KeepingClauses
from omo_adapters.testing.journal.modelling import ModelClauses
from omo_adapters.testing.journal.opening import JournalFixtures
from omo_adapters.testing.journal.racing import RacingClauses
from omo_adapters.testing.journal.travelling import TravellingClauses
from omo_adapters.testing.journal.writing import FedJournal, OpenJournal

__all__ = ["FedJournal", "JournalContract", "OpenJournal"]


class JournalContract(
    KeepingClauses,
    TravellingClauses,
    CountingClauses,
    DecidingClauses,
    RacingClauses,
    ModelClauses,
    JournalFixtures,
    Contract,
    suite=True,
):
    """What every journal must do. See ``omo_core.ports.Journal`` for the clauses in one place."""

    options = frozenset({"many-streams", "known-at", "threads", "model"})
