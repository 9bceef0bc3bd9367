from contextlib import contextmanager
from secrets import token_bytes

import pytest

from omo_adapters.storage.memory import MemoryJournal, MemoryVault
from omo_adapters.testing.feed import FeedContract
from omo_adapters.testing.journal import JournalContract
from omo_adapters.testing.vault import VaultContract


@contextmanager
def opened():
    yield MemoryJournal()


class TestMemoryJournal(JournalContract):
    options = JournalContract.options - {"model"}  # it is the model

    @pytest.fixture
    def open_journal(self):
        return opened


class TestMemoryFeed(FeedContract):
    @pytest.fixture
    def open_journal(self):
        return opened


class TestMemoryVault(VaultContract):
    @pytest.fixture
    def vault(self):
        return MemoryVault(token_bytes(32))
