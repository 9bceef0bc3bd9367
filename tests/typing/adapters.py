"""What an integrator writes: adapters that fill the ports, and the contract that they sit. Checked, never run."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from omo_adapters.storage.memory import MemoryJournal, MemoryVault
from omo_adapters.storage.sqlite import SqliteJournal
from omo_adapters.storage.vault import SqliteVault
from omo_adapters.testing.journal import FedJournal, JournalContract, OpenJournal
from omo_core.ports import Feed, Journal, Vault


def every_store_fills_its_port(memory: MemoryJournal, sqlite: SqliteJournal) -> None:
    journals: list[Journal] = [memory, sqlite]
    feeds: list[Feed] = [memory, sqlite]
    both: list[FedJournal] = [memory, sqlite]
    print(journals, feeds, both)  # noqa: T201


def every_vault_fills_its_port(memory: MemoryVault, sqlite: SqliteVault) -> list[Vault]:
    return [memory, sqlite]


class TestAcme(JournalContract):
    options = JournalContract.options - {"threads"}

    @pytest.fixture
    def open_journal(self) -> OpenJournal:
        @contextmanager
        def opened() -> Iterator[FedJournal]:
            yield MemoryJournal()

        return opened


def a_fixture_that_gives_no_feed(journal: Journal) -> AbstractContextManager[FedJournal]:
    @contextmanager
    def opened() -> Iterator[FedJournal]:
        yield journal  # type: ignore[misc]

    return opened()
