"""What can be wrong with a file, each said in one typed error, with nothing written."""

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from omo_adapters.errors import StoreBusy, StoreCorrupt, StoreTooNew, StoreUnavailable
from omo_adapters.shop import open_shop
from omo_adapters.storage.database import Database, has_wal_reset_bug
from omo_adapters.storage.schema import APPLICATION_ID, SCHEMA_VERSION
from omo_adapters.testing.samples import granted, sale
from omo_core.identifiers import ProfileId
from tests.shell.asking import NOW, RULES


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A shop's file with one sale in it, closed."""
    path = tmp_path / "shop.sqlite3"
    with open_shop(path, RULES, now=lambda: NOW) as shop:
        shop.record(sale())
    return path


def whole_folder(path: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in path.parent.iterdir() if each.is_file()}


def test_a_file_that_is_not_there_is_made_only_where_that_is_wanted(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="there is no database"):
        Database(tmp_path / "typo.sqlite3", create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "shop.sqlite3"
    path.write_bytes(b"Dear customer, " * 500)
    with pytest.raises(StoreCorrupt, match="not a database"):
        Database(path)
    assert whole_folder(path) == {"shop.sqlite3": b"Dear customer, " * 500}


def test_somebody_elses_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "theirs.sqlite3"
    with sqlite3.connect(path) as theirs:
        theirs.execute("CREATE TABLE customer (name TEXT)")
    theirs.close()
    before = whole_folder(path)
    with pytest.raises(StoreCorrupt, match="something else"):
        Database(path)
    assert whole_folder(path) == before


def test_a_database_that_bears_anothers_mark_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "theirs.sqlite3"
    with sqlite3.connect(path) as theirs:
        theirs.execute(f"PRAGMA application_id = {APPLICATION_ID + 1}")
    theirs.close()
    with pytest.raises(StoreCorrupt, match="something else"):
        Database(path)


def test_a_later_releases_database_is_not_touched(path: Path) -> None:
    with sqlite3.connect(path) as raw:
        raw.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    raw.close()
    before = path.read_bytes()
    with pytest.raises(StoreTooNew, match="later release"):
        Database(path)
    assert path.read_bytes() == before


def test_a_damaged_page_is_said_to_be_damage(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(StoreCorrupt), open_shop(path, RULES, now=lambda: NOW) as shop:
        shop.account(ProfileId("p1"))


def test_a_folder_in_place_of_a_file_can_not_be_used(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        Database(tmp_path)


def test_a_folder_that_is_not_there_can_not_be_used(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        Database(tmp_path / "no" / "such" / "shop.sqlite3")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_that_can_not_be_written_can_not_be_used(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(StoreUnavailable):
            Database(tmp_path / "shop.sqlite3")
    finally:
        tmp_path.chmod(0o700)


def test_a_failed_opening_leaves_no_file_open(path: Path) -> None:
    # An open file that nobody closes is a warning, and a warning fails the test.
    path.write_bytes(b"x" * 5_000)
    for _ in range(3):
        with pytest.raises(StoreCorrupt):
            Database(path)


def test_a_shop_that_was_closed_is_closed(path: Path) -> None:
    shop = open_shop(path, RULES, now=lambda: NOW)
    shop.close()
    shop.close()
    assert sorted(each.name for each in path.parent.iterdir()) == ["shop.sqlite3", "shop.sqlite3-turn"]


def test_what_was_written_is_there_when_it_is_opened_again(path: Path) -> None:
    with open_shop(path, RULES, create=False, now=lambda: NOW) as shop:
        assert [event.id for event in shop.history(ProfileId("p1"))] == ["sale/o1"]


def test_a_copy_of_the_file_alone_is_the_whole_shop(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"
    shutil.copy(path, copy)
    with open_shop(copy, RULES, create=False, now=lambda: NOW) as shop:
        assert len(shop.history(ProfileId("p1"))) == 1


def test_every_commit_is_flushed_and_what_is_overwritten_is_gone(path: Path) -> None:
    database = Database(path)
    pragmas = [database.connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "secure_delete")]
    database.close()
    assert pragmas == [2, 1]


def test_text_in_a_column_of_numbers_is_refused_by_the_table_itself(path: Path) -> None:
    with sqlite3.connect(path) as raw, pytest.raises(sqlite3.IntegrityError, match="cannot store TEXT"):
        raw.execute("UPDATE event SET version = 'abc'")
    raw.close()


@pytest.mark.parametrize(
    ("version", "has_it"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 0), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
    ],
)
def test_which_builds_can_reset_their_log_at_the_wrong_moment(version: tuple[int, int, int], has_it: bool) -> None:
    assert has_wal_reset_bug(version) is has_it


def test_on_such_a_build_the_log_is_written_back_in_a_turn_only(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("omo_adapters.storage.database.has_wal_reset_bug", lambda version: True)
    monkeypatch.setattr("omo_adapters.storage.database.CHECKPOINT_EVERY", 3)
    with open_shop(path, RULES, now=lambda: NOW) as shop:
        assert shop.database is not None
        assert shop.database.connection.execute("PRAGMA wal_autocheckpoint").fetchone()[0] == 0
        before = path.stat().st_size, path.read_bytes()
        for number in range(4):
            shop.record(granted(str(number)))
        assert path.read_bytes() != before[1]


def test_where_nobody_can_take_turns_such_a_build_writes_without_a_log(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("omo_adapters.storage.database.has_wal_reset_bug", lambda version: True)
    monkeypatch.setattr("omo_adapters.storage.database.fcntl", None)
    with open_shop(path, RULES, now=lambda: NOW) as shop:
        assert shop.database is not None
        assert shop.database.connection.execute("PRAGMA journal_mode").fetchone()[0] == "truncate"
        shop.record(granted())
    with open_shop(path, RULES, now=lambda: NOW) as shop:
        assert len(shop.history(ProfileId("p1"))) == 2


def test_a_writer_waits_as_long_as_it_was_told_and_then_says_so(path: Path) -> None:
    holder, waiter = Database(path), Database(path, wait_seconds=0.05)
    with holder.turn(), pytest.raises(StoreBusy, match="another process"), waiter.writing():
        pass
    with waiter.writing() as connection:
        connection.execute("INSERT INTO setting VALUES ('a', '1')")
    holder.close()
    waiter.close()


def test_a_writer_that_takes_no_turns_is_waited_for_too(path: Path) -> None:
    stranger = sqlite3.connect(path, isolation_level=None)
    database = Database(path, wait_seconds=0.05)
    stranger.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy), database.writing():
        pass
    stranger.execute("ROLLBACK")
    stranger.close()
    database.close()


def test_what_goes_wrong_in_a_transaction_leaves_nothing_of_it(path: Path) -> None:
    database = Database(path)
    with pytest.raises(StoreCorrupt), database.writing() as connection:
        connection.executemany("INSERT INTO setting VALUES (?, '1')", [("a",), ("a",)])
    with database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM setting WHERE name = 'a'").fetchone()[0] == 0
    database.close()


def test_a_full_disk_is_said_to_be_one_and_nothing_of_the_batch_stays(path: Path) -> None:
    with open_shop(path, RULES, now=lambda: NOW) as shop:
        assert shop.database is not None
        pages = shop.database.connection.execute("PRAGMA page_count").fetchone()[0]
        shop.database.connection.execute(f"PRAGMA max_page_count = {pages}")  # SQLite's own "no room left"
        crowd = [sale(f"s{number}", staff="x" * 200) for number in range(200)]
        with pytest.raises(StoreUnavailable, match="full"):
            shop.record(*crowd)
        assert len(shop.history(ProfileId("p1"))) == 1
        shop.database.connection.execute("PRAGMA max_page_count = 1000000")
        assert len(shop.record(*crowd).new) == 200
        assert shop.database.integrity() == ()
