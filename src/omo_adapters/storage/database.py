"""One SQLite file, opened safely: checked, migrated, durable, and written by one at a time.

Durable means ``synchronous=FULL``: with less, a sale that was acknowledged can be lost when the power goes.

Writers take turns by a lock file beside the database, then ``BEGIN IMMEDIATE``. The lock file makes waiting fair and
cheap, and it lets a decision be read, made and written in one turn. It also closes the way to a bug: SQLite before
3.51.3 (3.50.7, 3.44.6) can corrupt a database in WAL mode when a commit runs into the second of two checkpoints. On
such builds omo switches automatic checkpoints off and runs them inside a turn, so that the two never meet; where
the system has no file locks it falls back to the rollback journal, which has no such bug.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from threading import RLock
from typing import IO, Final

from omo_adapters.errors import StoreBusy, StoreCorrupt, StoreTooNew, StoreUnavailable
from omo_adapters.storage.schema import APPLICATION_ID, MIGRATIONS, SCHEMA_VERSION

try:
    import fcntl
except ImportError:  # pragma: no cover  (Windows)
    fcntl = None  # type: ignore[assignment]

WAIT_SECONDS: Final = 10.0
"""How long a writer waits for its turn before it gives up."""
_LOG: Final = "erased/log"
MARK_LOG: Final = "INSERT INTO progress (name, done) VALUES ('erased/log', 1) ON CONFLICT DO NOTHING"
"""Marks, with an erasure, that SQLite's log may still hold what was erased."""
CHECKPOINT_EVERY: Final = 1000
"""After how many commits the log is written back, on builds where that is our business."""


def has_wal_reset_bug(version: tuple[int, int, int]) -> bool:
    """Say whether a SQLite build can corrupt a database in WAL mode (3.7.0 to 3.51.2, less the patched branches)."""
    if version >= (3, 51, 3) or version < (3, 7, 0):
        return False
    return not ((3, 50, 7) <= version < (3, 51, 0) or (3, 44, 6) <= version < (3, 45, 0))


@contextlib.contextmanager
def translated(path: str) -> Iterator[None]:
    """Turn SQLite's errors into ours, each with one sentence that says what is the matter."""
    try:
        yield
    except sqlite3.OperationalError as trouble:
        if trouble.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise StoreBusy(f"{path} is being written by another process") from trouble
        if trouble.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CORRUPT:
            raise StoreCorrupt(f"{path} is damaged: {trouble}") from trouble
        raise StoreUnavailable(f"{path} can't be used: {trouble}") from trouble
    except sqlite3.DatabaseError as trouble:
        raise StoreCorrupt(f"{path} is damaged or not a database: {trouble}") from trouble


class Database:
    """A connection to an omo database. Threads may share it; each use takes its lock."""

    def __init__(self, path: str | Path, *, create: bool = True, wait_seconds: float = WAIT_SECONDS) -> None:
        """Open the file, creating it where that is wanted; ``:memory:`` gives one that nobody else sees."""
        self.path = str(path)
        self.lock = RLock()
        self._wait = wait_seconds
        self._depth = 0
        self._commits = 0
        self._closed = False
        self._turns: IO[bytes] | None = None
        private = self.path == ":memory:"
        if not private and not create and not Path(self.path).exists():
            raise StoreUnavailable(f"there is no database at {self.path}")
        with translated(self.path):
            self.connection = sqlite3.connect(
                self.path, timeout=wait_seconds, isolation_level=None, check_same_thread=False, cached_statements=512
            )
        try:
            self._set_up(private)
        except BaseException:
            self.connection.close()
            if self._turns is not None:
                self._turns.close()
            raise

    def _set_up(self, private: bool) -> None:
        self._own_checkpoints = has_wal_reset_bug(sqlite3.sqlite_version_info)
        self._check_ours()
        if not private:
            self._open_turns()
        with self.turn(), translated(self.path):
            wal = not self._own_checkpoints or self._turns is not None
            self.connection.execute(f"PRAGMA journal_mode = {'WAL' if wal else 'TRUNCATE'}")
            self.connection.execute("PRAGMA synchronous = FULL")
            self.connection.execute("PRAGMA secure_delete = ON")  # what is erased or overwritten is gone
            self.connection.execute("PRAGMA cache_size = -65536")
            self.connection.execute("PRAGMA temp_store = MEMORY")
            if self._own_checkpoints:
                self.connection.execute("PRAGMA wal_autocheckpoint = 0")
            self._migrate()

    def _check_ours(self) -> None:
        with self.reading() as connection:  # at one moment, since somebody else may be making the tables now
            owner, made_by = self._pragma("application_id"), self._pragma("user_version")
            tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if owner not in (0, APPLICATION_ID) or (owner == 0 and tables):
            raise StoreCorrupt(f"{self.path} is a database of something else")
        if made_by > SCHEMA_VERSION:
            raise StoreTooNew(f"{self.path} was written by a later release of omo")

    def _open_turns(self) -> None:
        if fcntl is None:  # pragma: no cover  (Windows)
            return
        try:
            self._turns = Path(f"{self.path}-turn").open("ab")  # noqa: SIM115  (held as long as the database is)
        except OSError as trouble:
            raise StoreUnavailable(f"{self.path} can't be written: {trouble.strerror}") from trouble

    def _migrate(self) -> None:
        for step in range(self._pragma("user_version"), SCHEMA_VERSION):
            script = f"BEGIN IMMEDIATE; {MIGRATIONS[step]} PRAGMA user_version = {step + 1};"
            with translated(self.path):
                self.connection.executescript(f"{script} PRAGMA application_id = {APPLICATION_ID}; COMMIT;")

    def _pragma(self, name: str) -> int:
        return int(self.connection.execute(f"PRAGMA {name}").fetchone()[0])

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Be the only writer, in this process and among all that use omo; turns nest."""
        with self.lock:
            self._expect_open()
            if self._depth == 0:
                self._take_turn()
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if self._depth == 0:
                    self._end_turn()

    def _take_turn(self) -> None:
        if self._turns is None:
            return
        deadline = time.monotonic() + self._wait
        pause = 0.0005
        while True:
            try:
                fcntl.flock(self._turns, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise StoreBusy(f"{self.path} is being written by another process") from None
                time.sleep(pause)
                pause = min(pause * 1.5, 0.01)
            except OSError as trouble:
                raise StoreUnavailable(f"{self.path} can't be locked: {trouble.strerror}") from trouble
            else:
                return

    def _end_turn(self) -> None:
        try:
            if self._own_checkpoints and self._commits >= CHECKPOINT_EVERY:
                # What was written is durable without it; when the disk is full, the next turn tries again.
                with contextlib.suppress(StoreUnavailable), translated(self.path):
                    self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
                    self._commits = 0
        finally:
            if self._turns is not None:
                fcntl.flock(self._turns, fcntl.LOCK_UN)

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Write in one transaction: all of it, durably, or nothing."""
        with self.turn(), translated(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise
            self._commits += 1

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Read what is true at one moment."""
        with self.lock, translated(self.path):
            self._expect_open()
            if self.connection.in_transaction:
                yield self.connection
                return
            self.connection.execute("BEGIN")
            try:
                yield self.connection
            finally:
                if self.connection.in_transaction:
                    self.connection.execute("COMMIT")

    def empty_log(self) -> None:
        """Write SQLite's log back and empty it, where what was erased may still stand in it."""
        with self.turn(), translated(self.path):
            if self.connection.execute("SELECT 1 FROM progress WHERE name = ?", (_LOG,)).fetchone() is None:
                return
            if self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                raise StoreBusy(f"{self.path} is being read: its log still holds what was erased; erase it again")
            with self.writing() as connection:
                connection.execute("DELETE FROM progress WHERE name = ?", (_LOG,))

    def integrity(self) -> tuple[str, ...]:
        """Let SQLite check every page; gives its complaints."""
        with self.reading() as connection:
            rows = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
        return () if rows == ["ok"] else tuple(rows)

    def close(self) -> None:
        """Write the log back and let the file go; closing twice is no mistake."""
        with self.lock:
            if self._closed:
                return
            try:
                with self.turn(), translated(self.path), contextlib.closing(self.connection):
                    self._closed = True
                    self._commits = 0
                    if self.path != ":memory:":
                        self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
            finally:
                if self._closed and self._turns is not None:
                    self._turns.close()

    def _expect_open(self) -> None:
        if self._closed:
            raise StoreUnavailable(f"{self.path} is closed")


def write_anew(connection: sqlite3.Connection, table: str, key: str) -> None:
    """Write a table anew, inside of a transaction; its old pages are zeroed.

    SQLite zeroes a row where it is deleted or overwritten, but a row that had moved to another page when its own was
    full may have left its bytes behind in the gap: about one row in a thousand.
    """
    connection.execute(f"CREATE TEMP TABLE kept AS SELECT * FROM {table} ORDER BY {key}")  # noqa: S608  (names of ours)
    connection.execute(f"DELETE FROM {table}")  # noqa: S608
    connection.execute(f"INSERT INTO {table} SELECT * FROM kept")  # noqa: S608
    connection.execute("DROP TABLE kept")
