"""Each event's digest covers those before it, whoever wrote them and whatever failed in between."""

from pathlib import Path

import pytest

from omo_adapters.storage.chain import digest
from omo_adapters.storage.database import Database
from omo_adapters.storage.listing import event_rows
from omo_adapters.storage.sqlite import SqliteJournal
from omo_adapters.testing.samples import START, granted, sale
from omo_core.ports import Answer, Batch, Recorded


def sound(database: Database) -> int:
    """Count the events of a chain that has no break."""
    before, count = b"", 0
    for row in event_rows(database):
        before = digest(before, (row.id, row.version, row.kind, row.shape, row.recorded_at, row.body))
        assert before == row.digest, row
        count += 1
    return count


def test_two_writers_make_one_chain(tmp_path: Path) -> None:
    one, other = Database(tmp_path / "shop.db"), Database(tmp_path / "shop.db")
    writers = [SqliteJournal(one), SqliteJournal(other)]
    for count in range(12):
        batch = Batch(events=(sale(f"o{count}"), granted(f"g{count}")))
        assert isinstance(writers[count * 5 % 3 % 2].append(batch, recorded_at=START), Recorded)
    assert sound(one) == 24
    one.close()
    other.close()
    again = Database(tmp_path / "shop.db")
    SqliteJournal(again).append(Batch(events=(sale("late"),)), recorded_at=START)
    assert sound(again) == 25
    again.close()


def test_a_write_that_failed_leaves_no_link_behind(tmp_path: Path) -> None:
    database = Database(tmp_path / "shop.db")
    journal = SqliteJournal(database)
    journal.append(Batch(events=(sale("o1"),)), recorded_at=START)
    answer = Answer(request="r", asked=b"", kind="k", body=b"")  # type: ignore[arg-type]
    with pytest.raises(Exception, match="UNIQUE"):
        journal.append(Batch(events=(sale("o2"),), answers=(answer, answer)), recorded_at=START)
    journal.append(Batch(events=(sale("o3"),)), recorded_at=START)
    assert sound(database) == 2
    database.close()


def test_the_digest_is_what_the_page_says() -> None:
    first = digest(b"", ("sale/1", 0, "sale", 1, 5, "{}"))
    assert first.hex() == "d54625566e945657c433ee466810aefe"
    assert digest(first, ("sale/1", 0, "sale", 1, 5, "{}")) != first
