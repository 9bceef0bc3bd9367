from contextlib import ExitStack, contextmanager
from itertools import count, cycle

import pytest

from omo_adapters.storage.database import Database
from omo_adapters.storage.sqlite import SqliteJournal
from omo_adapters.storage.vault import SqliteVault
from omo_adapters.testing.feed import FeedContract
from omo_adapters.testing.journal import JournalContract
from omo_adapters.testing.vault import VaultContract


class Reopened:
    """A journal whose file is closed and opened again before every call: nothing may live in the process only."""

    def __init__(self, path):
        self.path = path

    def _opened(self, name, *args, **named):
        database = Database(self.path)
        try:
            return getattr(SqliteJournal(database), name)(*args, **named)
        finally:
            database.close()

    def read(self, *args, **named):
        return self._opened("read", *args, **named)

    def append(self, *args, **named):
        return self._opened("append", *args, **named)

    def recall(self, *args):
        return self._opened("recall", *args)

    def after(self, *args, **named):
        return self._opened("after", *args, **named)

    @contextmanager
    def turn(self):
        yield


class TwoConnections:
    """Two connections to one file, taken in turn: what one wrote, the other sees at once."""

    def __init__(self, databases):
        journals = [SqliteJournal(database) for database in databases]
        self._both, self._next = journals, cycle(journals)

    def read(self, *args, **named):
        return next(self._next).read(*args, **named)

    def append(self, *args, **named):
        return next(self._next).append(*args, **named)

    def recall(self, *args):
        return next(self._next).recall(*args)

    def after(self, *args, **named):
        return next(self._next).after(*args, **named)

    @contextmanager
    def turn(self):
        yield  # a turn of one connection would keep the other waiting


@pytest.fixture
def in_file(tmp_path):
    numbers = count()

    @contextmanager
    def opened():
        database = Database(tmp_path / f"{next(numbers)}.sqlite3")
        yield SqliteJournal(database)
        assert database.integrity() == ()
        database.close()

    return opened


@pytest.fixture
def in_memory():
    @contextmanager
    def opened():
        database = Database(":memory:")
        yield SqliteJournal(database)
        database.close()

    return opened


@pytest.fixture
def reopened(tmp_path):
    numbers = count()

    @contextmanager
    def opened():
        yield Reopened(tmp_path / f"{next(numbers)}.sqlite3")

    return opened


@pytest.fixture
def two_connections(tmp_path):
    numbers = count()

    @contextmanager
    def opened():
        path = tmp_path / f"{next(numbers)}.sqlite3"
        with ExitStack() as stack:
            databases = [Database(path), Database(path)]
            for database in databases:
                stack.callback(database.close)
            yield TwoConnections(databases)

    return opened


class TestSqliteInFile(JournalContract):
    max_examples = 15
    shrink = False

    @pytest.fixture
    def open_journal(self, in_file):
        return in_file


class TestSqliteInMemory(JournalContract):
    options = JournalContract.options - {"threads"}  # the file is hammered above

    @pytest.fixture
    def open_journal(self, in_memory):
        return in_memory


class TestSqliteReopenedForEveryCall(JournalContract):
    options = JournalContract.options - {"threads"}
    max_examples = 5
    shrink = False

    @pytest.fixture
    def open_journal(self, reopened):
        return reopened


class TestSqliteOverTwoConnections(JournalContract):
    max_examples = 10
    shrink = False

    @pytest.fixture
    def open_journal(self, two_connections):
        return two_connections


class TestSqliteFeed(FeedContract):
    @pytest.fixture
    def open_journal(self, in_memory):
        return in_memory


class TestSqliteVault(VaultContract):
    @pytest.fixture
    def vault(self, tmp_path):
        database = Database(tmp_path / "shop.sqlite3")
        yield SqliteVault(database)
        database.close()
