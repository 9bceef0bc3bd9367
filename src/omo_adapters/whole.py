"""Questions about a whole shop: all members, what time has brought them, what the shop owes them.

Each goes once over every member's history, one member in memory at a time; nothing of it is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from attrs import frozen

from omo_adapters.desk import Rules
from omo_adapters.states import History, read_history
from omo_adapters.storage.database import Database
from omo_adapters.storage.listing import document_events, events_by_document, events_of_kinds, stream_names
from omo_core.errors import Malformed
from omo_core.events import Event
from omo_core.identifiers import EventId, ProfileId, StreamName, profile_stream
from omo_core.instants import utc
from omo_core.loyalty import (
    Account,
    Books,
    Liability,
    Line,
    Movement,
    Notice,
    Programme,
    fold,
    liability,
    movement,
    notices,
    view,
)
from omo_core.members import DESCRIBING, Member, Partition, Survey, resolve, survey
from omo_core.members.surveying import SURVEYED
from omo_core.ports import Entry, Feed, Journal

PAGE: Final = 1000
_INSTANT: Final = timedelta(microseconds=1)


class _FedJournal(Journal, Feed, Protocol):
    """A journal that can be read in order of arrival as well."""


@frozen(kw_only=True)
class MemberNotice:
    """Something that time has brought about, and for whom."""

    member: str
    programme: str
    notice: Notice

    @property
    def key(self) -> str:
        """Give what tells it from all others: the same each time it is derived.

        A lot belongs to one member at a time whatever is merged; holds and tiers are each member's own.
        """
        whose = "" if self.notice.what.startswith("points") else f"{self.member}/"
        return f"{self.programme}/{whose}{self.notice.id}"


class WholeShop:
    """What can be asked of a shop as a whole."""

    journal: Journal
    rules: Rules
    database: Database | None

    def members(self, *, known_at: datetime | None = None) -> Iterator[Member]:
        """Give every member once, in order of the first record by name."""
        for history in self._histories(known_at):
            yield history.member

    def partition(self) -> Partition:
        """Part all records into members at once; with every key that joins nobody, and all that waits for a decision.

        The same members come out as when they are asked for one by one.
        """
        also = [ProfileId(name.removeprefix("profile/")) for name in self.profile_streams()]
        return resolve(self.describing(), self.rules.identity, also=also)

    def survey(self) -> Survey:
        """Part all records into members, for their numbers and for what waits for a decision.

        The persons are those of ``partition``; a million records take a fraction of its memory.
        """
        also = (ProfileId(name.removeprefix("profile/")) for name in self.profile_streams())
        return survey(self._by_document(), self.rules.identity, self._of_records, also=also)

    def document(self, name: EventId) -> tuple[Event, ...]:
        """Give every version that is kept of a document, in order of arrival."""
        if self.database is not None:
            return document_events(self.database, name)
        return tuple(entry.event for entry in self._feed() if entry.event.id == name)

    def notices(
        self, since: datetime, until: datetime, *, known_at: datetime | None = None, soon_days: int = 30
    ) -> tuple[MemberNotice, ...]:
        """Give what time brought to all members from an instant (exclusive) until another (inclusive)."""
        since, until = utc(since, "since"), utc(until, "until")
        found = [
            MemberNotice(member=history.member.id, programme=programme.name, notice=notice)
            for history in self._histories(known_at)
            for programme in self.rules.programmes
            for notice in notices(
                programme,
                history.events,
                frozenset(history.member.profiles),
                since,
                until,
                soon_days=soon_days,
                joined=history.member.joined,
            )
        ]
        return tuple(sorted(found, key=lambda each: (each.notice.at, each.key)))

    def liability(self, start: datetime, end: datetime, *, known_at: datetime | None = None) -> tuple[Books, ...]:
        """Give each programme's books from an instant until another (exclusive), as they were known then.

        The closing of a period is the opening of the next; with the same ``known_at`` the same books come out for
        ever.
        """
        start, end = utc(start, "start"), utc(end, "end")
        if end <= start:
            raise Malformed("end", "is not after the start of the period")
        tallies = {programme.name: _Tally(start, end) for programme in self.rules.programmes}
        for history in self._histories(known_at):
            for programme in self.rules.programmes:
                tallies[programme.name].add(programme, history)
        return tuple(tallies[programme.name].books(programme) for programme in self.rules.programmes)

    def _histories(self, known_at: datetime | None) -> Iterator[History]:
        """Read every member's history once; one of whom nothing was known by then is left out."""
        met: set[ProfileId] = set()
        known_at = None if known_at is None else utc(known_at, "known_at")
        for name in self.profile_streams():
            profile = ProfileId(name.removeprefix("profile/"))
            if profile in met:
                continue
            history = read_history(self.journal, profile, self.rules.identity, known_at=known_at)
            met.update(history.member.profiles)
            if history.events:
                yield history

    def profile_streams(self) -> Iterable[StreamName]:
        """Name all records, in order of name: from the database's list, or from the feed where there is none."""
        if self.database is not None:
            return stream_names(self.database, "profile/")
        names: set[StreamName] = set()
        for entry in self._feed():
            streams = (*entry.event.homes, *entry.event.streams)
            names.update(name for name in streams if name.startswith("profile/"))
        return sorted(names)

    def describing(self) -> Iterator[Event]:
        """Give all that says who is who, in order of arrival."""
        return self.events_of(*DESCRIBING)

    def events_of(self, *kinds: type[Event]) -> Iterator[Event]:
        """Give every event of some kinds, in order of arrival."""
        if self.database is not None:
            return events_of_kinds(self.database, [kind.kind for kind in kinds])
        return (entry.event for entry in self._feed() if isinstance(entry.event, kinds))

    def _by_document(self) -> Iterable[Event]:
        kinds = [kind.kind for kind in SURVEYED]
        if self.database is not None:
            return events_by_document(self.database, kinds)
        return sorted((event for event in self.describing() if event.kind in kinds), key=lambda each: each.id)

    def _of_records(self, profiles: Sequence[ProfileId]) -> Iterable[Event]:
        return self.journal.read(map(profile_stream, profiles)).events

    def _feed(self) -> Iterator[Entry]:
        feed: _FedJournal = self.journal  # type: ignore[assignment]  # every journal of ours is a feed
        position = 0
        while page := feed.after(position, limit=PAGE):
            position = page[-1].position
            yield from page


class _Tally:
    """One programme's sums so far, member by member."""

    def __init__(self, start: datetime, end: datetime) -> None:
        self._start, self._end = start, end
        self._movement = movement((), start, end)
        self._owed = liability(())

    def add(self, programme: Programme, history: History) -> None:
        """Add one member."""
        lines: list[Line] = []
        last = self._end - _INSTANT
        profiles, joined = frozenset(history.member.profiles), history.member.joined
        folding = fold(programme, history.events, profiles, until=last, lines=lines, joined=joined)
        account: Account = view(folding, last)
        self._movement = self._movement + movement(lines, self._start, self._end)
        self._owed = self._owed + liability((account,))

    def books(self, programme: Programme) -> Books:
        """Give the sums."""
        moved: Movement = self._movement
        owed: Liability = self._owed
        return Books(
            programme=programme.name, brand=programme.brand, unit=programme.unit, movement=moved, outstanding=owed
        )
