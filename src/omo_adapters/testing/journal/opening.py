"""The one fixture that an integrator writes, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from omo_adapters.testing.journal.writing import FedJournal, OpenJournal


class JournalFixtures:
    """Fixtures of the suites that need a journal."""

    @pytest.fixture
    def open_journal(self) -> OpenJournal:
        """Give a callable that opens an empty journal as a context manager: the one thing to provide."""
        raise NotImplementedError(f"{type(self).__name__} must define the fixture open_journal")

    @pytest.fixture
    def journal(self, open_journal: OpenJournal) -> Iterator[FedJournal]:
        """Give an empty journal for one test."""
        with open_journal() as journal:
            yield journal
