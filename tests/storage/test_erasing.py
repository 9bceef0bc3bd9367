"""Erased is erased: no byte of it stays in the database, its log, or beside them."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from omo_adapters.errors import StoreBusy
from omo_adapters.storage.database import Database
from omo_adapters.storage.vault import SqliteVault
from omo_core.identifiers import ProfileId

ANN, BOB = ProfileId("crm:1"), ProfileId("crm:2")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "shop.db", wait_seconds=0.2)
    yield opened
    opened.close()


def files(tmp_path: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(tmp_path.iterdir()))


def test_what_is_erased_leaves_no_byte(database: Database, tmp_path: Path) -> None:
    vault = SqliteVault(database)
    vault.keep(ANN, 1, {"name": "Ann Erased", "phone": "+85291110001"})
    vault.keep(BOB, 1, {"name": "Bob Stays"})
    assert b"Ann Erased" in files(tmp_path)
    assert vault.erase(ANN)
    left = files(tmp_path)
    assert b"Ann Erased" not in left
    assert b"+85291110001" not in left
    assert vault.look(ANN) == {}
    assert vault.look(BOB) == {"name": "Bob Stays"}


def test_what_was_overwritten_before_goes_with_it(database: Database, tmp_path: Path) -> None:
    vault = SqliteVault(database)
    vault.keep(ANN, 1, {"name": "Ann Maiden"})
    vault.keep(ANN, 2, {"name": "Ann Wed"})
    vault.erase(ANN)
    assert b"Ann Maiden" not in files(tmp_path)


def test_no_row_that_moved_between_pages_leaves_anything_behind(database: Database, tmp_path: Path) -> None:
    """Rows that grow, shrink and move: an erasure clears what any of them left in the gaps."""
    rng, vault = Random(2), SqliteVault(database)
    people = [ProfileId(f"crm:{rng.randrange(10**9)}") for _ in range(1500)]
    for version in range(3):
        rng.shuffle(people)
        for start in range(0, len(people), 25):
            vault.keep_all(
                [
                    (profile, version, {"name": f"<{profile}/{version}>" + "x" * rng.randrange(1, 120)})
                    for profile in people[start : start + 25]
                ]
            )
    vault.erase(people[0])
    left = files(tmp_path)
    assert f"<{people[0]}/".encode() not in left
    assert not any(f"<{profile}/{version}>".encode() in left for profile in people for version in (0, 1))
    assert all(vault.look(profile)["name"].startswith(f"<{profile}/2>") for profile in people[1:])


def test_while_somebody_reads_the_old_pages_the_caller_is_told_to_ask_again(database: Database, tmp_path: Path) -> None:
    vault, reader = SqliteVault(database), Database(tmp_path / "shop.db")
    vault.keep(ANN, 1, {"name": "Ann Erased"})
    with reader.reading() as connection:
        connection.execute("SELECT count(*) FROM personal").fetchone()
        with pytest.raises(StoreBusy, match="erase it again"):
            vault.erase(ANN)
    vault.erase(ANN)
    assert b"Ann Erased" not in files(tmp_path)
    reader.close()
