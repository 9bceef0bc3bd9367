"""Documents that were not understood: kept whole with the reason, until they are understood or somebody lets go.

What is kept twice is kept once: the digest of kind and bytes tells. A document that is understood later is marked as
settled and its bytes are dropped, since what it says stands in the journal then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from hashlib import blake2b

from attrs import frozen

from omo_adapters.storage.database import MARK_LOG, Database, write_anew
from omo_adapters.traces import Traces
from omo_core.instants import EPOCH, micros

_COLUMNS = "id, kind, place, path, reason, raw, received_at, settled_at"
ERASED = "its customer was erased"
"""Why a document is done with whose bytes are gone for good, however often it comes again."""
PLACE_MAX = 300
"""So much of a place or a reason is kept; both may quote what somebody sent."""


@frozen(kw_only=True)
class SetAside:
    """A document in quarantine."""

    id: int = 0
    kind: str
    place: str
    """Where it stood: the file and the place in it."""
    path: str
    """Which of its fields is wrong."""
    reason: str
    raw: bytes
    received_at: datetime
    settled_at: datetime | None = None


class SqliteQuarantine:
    """The quarantine in SQLite."""

    def __init__(self, database: Database) -> None:
        """Use a database that is open."""
        self.database = database

    def put(self, documents: Iterable[SetAside]) -> int:
        """Keep documents; says how many were not kept before. One that was settled and fails again is open again."""
        rows = [(*_row(document), ERASED) for document in documents]
        with self.database.writing() as connection:
            before = connection.total_changes
            connection.executemany(
                "INSERT INTO quarantine (kind, place, path, reason, raw, digest, received_at) VALUES (?,?,?,?,?,?,?) "
                "ON CONFLICT (digest) DO UPDATE SET raw = excluded.raw, path = excluded.path, "
                "reason = excluded.reason, settled_at = NULL WHERE settled_at IS NOT NULL AND reason != ?",
                rows,
            )
            return connection.total_changes - before

    def find(self, number: int) -> SetAside | None:
        """Give one document by its number."""
        with self.database.reading() as connection:
            row = connection.execute(f"SELECT {_COLUMNS} FROM quarantine WHERE id = ?", (number,)).fetchone()  # noqa: S608  (a constant)
        return None if row is None else _document(row)

    def open(self, *, kind: str = "", after: int = 0, limit: int = 200) -> list[SetAside]:
        """Give the documents that wait, oldest first, of one kind or of all, read on from a number."""
        query = f"SELECT {_COLUMNS} FROM quarantine WHERE settled_at IS NULL AND id > ? AND (? = '' OR kind = ?)"  # noqa: S608  (constants)
        with self.database.reading() as connection:
            rows = connection.execute(f"{query} ORDER BY id LIMIT ?", (after, kind, kind, limit)).fetchall()
        return [_document(row) for row in rows]

    def each(self, *, kind: str = "") -> Iterator[SetAside]:
        """Give every document that waits, a page at a time; documents may be settled meanwhile."""
        last = 0
        while page := self.open(kind=kind, after=last):
            yield from page
            last = page[-1].id

    def counts(self) -> dict[str, int]:
        """Count the documents that wait, by kind."""
        with self.database.reading() as connection:
            rows = connection.execute(
                "SELECT kind, count(*) FROM quarantine WHERE settled_at IS NULL GROUP BY kind ORDER BY kind"
            ).fetchall()
        return dict(rows)

    def settle(self, numbers: Iterable[int], at: datetime) -> None:
        """Mark documents as done with; their bytes are dropped."""
        with self.database.writing() as connection:
            connection.executemany(
                "UPDATE quarantine SET settled_at = ?, raw = x'' WHERE id = ?",
                [(micros(at), number) for number in numbers],
            )

    def forget(self, traces: Traces, at: datetime) -> int:
        """Drop the bytes of every document that is about somebody, and blot their words out of the others.

        Says how many were dropped. Documents that are done with are looked at too: their reasons may quote what stood
        in them. The table is written anew, so that no byte of it stays behind.
        """
        gone: list[tuple[int, int]] = []
        blotted: list[tuple[bytes, str, str, str, int]] = []
        for document in self._all():
            texts = [document.raw, *(text.encode() for text in (document.place, document.path, document.reason))]
            if traces.about(texts):
                gone.append((document.id, micros(at)))
                continue
            raw, *rest = traces.blotted(texts)
            if [raw, *rest] != texts:
                place, path, reason = (text.decode("utf-8", "replace") for text in rest)
                blotted.append((raw, place, path, reason, document.id))
        if not gone and not blotted:
            return 0
        with self.database.writing() as connection:
            connection.executemany(
                "UPDATE quarantine SET settled_at = coalesce(settled_at, ?2), raw = x'', place = '', path = '', "
                "reason = ?3 WHERE id = ?1",
                [(*each, ERASED) for each in gone],
            )
            connection.executemany(
                "UPDATE quarantine SET raw = ?, place = ?, path = ?, reason = ? WHERE id = ?", blotted
            )
            write_anew(connection, "quarantine", "id")
            connection.execute(MARK_LOG)
        return len(gone)

    def drop(self, kinds: str, at: datetime) -> int:
        """Drop the bytes of every document of some kinds (those that begin so); says how many waited."""
        with self.database.writing() as connection:
            waited = connection.execute(
                "SELECT count(*) FROM quarantine WHERE substr(kind, 1, ?1) = ?2 AND settled_at IS NULL",
                (len(kinds), kinds),
            ).fetchone()[0]
            connection.execute(
                "UPDATE quarantine SET settled_at = coalesce(settled_at, ?3), raw = x'', place = '', path = '', "
                "reason = ?4 WHERE substr(kind, 1, ?1) = ?2",
                (len(kinds), kinds, micros(at), ERASED),
            )
            write_anew(connection, "quarantine", "id")
            connection.execute(MARK_LOG)
        return int(waited)

    def _all(self) -> Iterator[SetAside]:
        """Give every document, a page at a time, those that are done with too."""
        last = 0
        query = f"SELECT {_COLUMNS} FROM quarantine WHERE id > ? ORDER BY id LIMIT 200"  # noqa: S608  (a constant)
        while True:
            with self.database.reading() as connection:
                rows = connection.execute(query, (last,)).fetchall()
            yield from map(_document, rows)
            if not rows:
                return
            last = rows[-1][0]

    def blame(self, number: int, path: str, reason: str) -> None:
        """Note why a document failed this time."""
        with self.database.writing() as connection:
            connection.execute(
                "UPDATE quarantine SET path = ?, reason = ? WHERE id = ?",
                (_short(path), _short(reason), number),
            )


def _row(document: SetAside) -> tuple[str, str, str, str, bytes, bytes, int]:
    digest = blake2b(document.kind.encode("utf-8", "backslashreplace") + b"\0" + document.raw, digest_size=16).digest()
    texts = (_short(document.kind), _short(document.place), _short(document.path), _short(document.reason))
    return (*texts, document.raw, digest, micros(document.received_at))


def _short(text: str) -> str:
    """Keep what a person needs of a text that may quote anything: no control characters, no end of memory."""
    plain = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text[:PLACE_MAX])
    return plain.encode("utf-8", "replace").decode()


def _document(row: tuple[int, str, str, str, str, bytes, int, int | None]) -> SetAside:
    number, kind, place, path, reason, raw, received_at, settled_at = row
    return SetAside(
        id=number,
        kind=kind,
        place=place,
        path=path,
        reason=reason,
        raw=bytes(raw),
        received_at=EPOCH + timedelta(microseconds=received_at),
        settled_at=None if settled_at is None else EPOCH + timedelta(microseconds=settled_at),
    )
