"""Every law once more, with as many examples as the profile says: ``make laws-long``."""

from contextlib import contextmanager

import pytest

from omo_adapters.storage.database import Database
from omo_adapters.storage.sqlite import SqliteJournal
from omo_adapters.testing.journal.modelling import ModelClauses
from tests.properties import (
    test_books,
    test_limits,
    test_order,
    test_overselling,
    test_repeats,
    test_replay,
    test_value,
)

LAWS = {
    f"{module.__name__.rpartition('.')[2]}::{name}": check
    for module in (test_books, test_limits, test_order, test_overselling, test_repeats, test_replay, test_value)
    for name, check in vars(module).items()
    if hasattr(check, "once_more")
}


@pytest.mark.long
@pytest.mark.parametrize("law", LAWS)
def test_a_law_at_length(law: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("omo_adapters.storage.memos.WORTH_KEEPING", 1)
    LAWS[law].once_more()()


class TestTheModelAtLength(ModelClauses):
    options = frozenset({"model"})
    max_examples = 1_000
    steps = 40
    pytestmark = pytest.mark.long

    @pytest.fixture
    def open_journal(self):
        @contextmanager
        def opened():
            database = Database(":memory:")
            yield SqliteJournal(database)
            database.close()

        return opened


def test_all_laws_are_among_them() -> None:
    assert len(LAWS) >= 30
