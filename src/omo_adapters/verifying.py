"""Does everything that is kept follow from the journal? Each number is derived once more and compared.

Five questions, in order: are the pages whole; does every event read back as it was written, and follow
from the one before it by its digest; do the events stand in
exactly the streams that they would stand in if they were recorded once more, one after the other, in a new database;
is every answer that was given borne out by the journal; and is each member and article, folded anew, what the kept
state says, whatever the order of the events, with sums that come out. A difference is told with its place.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from attrs import define, field, frozen

from omo_adapters.checking_states import Differ, check_article, check_member
from omo_adapters.codecs.answers import decode_answer
from omo_adapters.codecs.events import SHAPES, decode, encode
from omo_adapters.errors import StoreCorrupt
from omo_adapters.shop import Shop
from omo_adapters.storage.chain import digest
from omo_adapters.storage.database import Database
from omo_adapters.storage.listing import EventRow, answer_bodies, event_rows, stream_entries, stream_names
from omo_adapters.storage.memos import SqliteMemos
from omo_adapters.storage.sqlite import SqliteJournal
from omo_core.decisions import Accepted
from omo_core.errors import Malformed
from omo_core.events import Event
from omo_core.identifiers import ProfileId, Sku
from omo_core.instants import EPOCH
from omo_core.ports import Batch

LISTED_MAX: Final = 200
"""So many differences, and conflicts, are told one by one; all are counted."""
BATCH: Final = 1000


@frozen(kw_only=True)
class Difference:
    """Something that is kept and does not follow from the journal."""

    where: str
    """``event 17``, ``stream stock/TEE``, ``member shopify:88``."""
    what: str


@frozen(kw_only=True)
class Conflict:
    """Two contents under one document and version: both are kept, somebody should look."""

    position: int
    id: str
    version: int


@frozen(kw_only=True)
class Verification:
    """What a verification found."""

    events: int
    streams: int
    answers: int
    members: int
    articles: int
    differences: tuple[Difference, ...]
    differences_all: int
    conflicts: tuple[Conflict, ...]
    conflicts_all: int
    as_of: datetime
    """The newest instant in the journal: everything is compared as of then."""
    hash: str
    """Names the events and every state; two databases with one key and the same events have the same."""
    memos_dropped: int = 0

    @property
    def good(self) -> bool:
        """Say whether everything follows from the journal."""
        return self.differences_all == 0


@define
class _Findings:
    differences: list[Difference] = field(factory=list)
    differences_all: int = 0
    conflicts: list[Conflict] = field(factory=list)
    conflicts_all: int = 0
    events: int = 0
    streams: int = 0
    answers: int = 0
    members: int = 0
    articles: int = 0
    newest: datetime = EPOCH
    head: bytes = b""
    set_hash: int = 0
    states: list[str] = field(factory=list)

    def differ(self, where: str, what: str) -> None:
        self.differences_all += 1
        if len(self.differences) < LISTED_MAX:
            self.differences.append(Difference(where=where, what=what))

    def conflict(self, row: EventRow) -> None:
        self.conflicts_all += 1
        if len(self.conflicts) < LISTED_MAX:
            self.conflicts.append(Conflict(position=row.position, id=row.id, version=row.version))


Watcher = Callable[[str, int], None]


def verify(
    shop: Shop, database: Database, memos: SqliteMemos, *, rebuild: bool = False, watch: Watcher | None = None
) -> Verification:
    """Derive everything once more and compare; ``rebuild`` drops the kept states first and makes them anew."""
    found = _Findings()
    told = watch or (lambda _, __: None)
    for complaint in database.integrity():
        found.differ("pages", complaint)
    dropped = memos.drop() if rebuild else 0
    shop.forget_states()
    with TemporaryDirectory(prefix="omo-verify-") as folder:
        again = Database(Path(folder, "again.db"))
        try:
            _events(database, SqliteJournal(again), found, told)
            _streams(database, again, found)
            _answers(database, SqliteJournal(again), found)
        finally:
            again.close()
    if not found.differences_all:
        _states(shop, database, memos, found, told)
    return Verification(
        events=found.events,
        streams=found.streams,
        answers=found.answers,
        members=found.members,
        articles=found.articles,
        differences=tuple(found.differences),
        differences_all=found.differences_all,
        conflicts=tuple(found.conflicts),
        conflicts_all=found.conflicts_all,
        as_of=found.newest,
        hash=sha256(f"{found.set_hash:x}{''.join(found.states)}".encode()).hexdigest()[:32],
        memos_dropped=dropped,
    )


def _events(database: Database, again: SqliteJournal, found: _Findings, told: Watcher) -> None:
    """Read every event back, and record it once more in a new database."""
    batch: list[Event] = []
    for row in event_rows(database):
        found.events += 1
        if row.position != found.events:
            found.differ(f"event {found.events}", "is missing")
            found.events = row.position
        _follows(row, found)
        event = _read(row, found)
        if event is not None:
            batch.append(event)
            found.newest = max(found.newest, event.at)
        if row.conflict:
            found.conflict(row)
        if len(batch) >= BATCH:
            again.append(Batch(events=tuple(batch)), recorded_at=EPOCH)
            batch.clear()
            told("events", found.events)
    if batch:
        again.append(Batch(events=tuple(batch)), recorded_at=EPOCH)


def _follows(row: EventRow, found: _Findings) -> None:
    """Compare a row with its digest, which covers all that came before it as well."""
    told = (row.id, row.version, row.kind, row.shape, row.recorded_at, row.body)
    if digest(found.head, told) != row.digest:
        found.differ(f"event {row.position}", "is not what was recorded, or what stood before it was changed")
    found.head = row.digest


def _read(row: EventRow, found: _Findings) -> Event | None:
    where = f"event {row.position}"
    try:
        event = decode(row.kind, row.shape, row.body)
        event.check()
    except (StoreCorrupt, Malformed) as complaint:
        found.differ(where, str(complaint))
        return None
    if (event.id, event.version, event.kind) != (row.id, row.version, row.kind):
        found.differ(where, f"is filed as {row.kind} {row.id}, version {row.version}, but says it is {event.id}")
    if row.shape == SHAPES[row.kind] and encode(event).decode() != row.body:
        found.differ(where, "is not written as omo writes it")
    digest = sha256(f"{row.kind}\0{row.id}\0{row.version}\0{row.body}".encode()).digest()
    found.set_hash = (found.set_hash + int.from_bytes(digest, "big")) % (1 << 256)
    return event


def _streams(database: Database, again: Database, found: _Findings) -> None:
    """Compare which events stand in which stream with what recording them once more gave."""
    if found.differences_all:
        return
    for kept, derived in zip_longest(stream_entries(database), stream_entries(again)):
        found.streams += 1
        if kept == derived:
            continue
        if kept is None or derived is None or kept[0] != derived[0]:
            name = min(side[0] for side in (kept, derived) if side is not None)
            found.differ(f"stream {name}", "is kept, or derived, on one side only")
            return
        wrong = sorted(set(kept[1]) ^ set(derived[1]))
        found.differ(f"stream {kept[0]}", f"event {wrong[0]} should {'not ' * (wrong[0] in kept[1])}stand in it")


def _answers(database: Database, again: SqliteJournal, found: _Findings) -> None:
    """Check that what requests were told is in the journal."""
    for request, body in answer_bodies(database):
        found.answers += 1
        try:
            answer = decode_answer(body)
        except StoreCorrupt as complaint:
            found.differ(f"request {request}", str(complaint))
            continue
        for event in answer.events if isinstance(answer, Accepted) else ():
            names = (*event.homes, *event.streams)
            if event not in again.read(names[:1]).events:
                found.differ(f"request {request}", f"was told of {event.id}, which the journal does not have")


def _states(shop: Shop, database: Database, memos: SqliteMemos, found: _Findings, told: Watcher) -> None:
    """Fold every member and every article anew; a member is met once, at its first record."""
    differ: Differ = found.differ
    for name in stream_names(database, "profile/"):
        profile = ProfileId(name.removeprefix("profile/"))
        state = check_member(shop, memos, profile, found.newest, differ)
        if state:
            found.members += 1
            found.states.append(state)
        told("members", found.members)
    for name in stream_names(database, "stock/"):
        found.articles += 1
        found.states.append(check_article(shop, memos, Sku(name.removeprefix("stock/")), differ))
        told("articles", found.articles)
