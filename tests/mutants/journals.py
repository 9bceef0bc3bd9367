"""Journals that are each wrong in one way: what the contract must catch. Named for what is wrong."""

import time
import unicodedata
from contextlib import contextmanager
from datetime import timedelta
from threading import Lock

from attrs import evolve

from omo_adapters.storage.memory import MemoryJournal
from omo_core.identifiers import StreamName
from omo_core.ports import Recorded, Stale
from omo_core.trade import Sale


class KeepsEverythingTwice(MemoryJournal):
    """Forgets what it has heard before."""

    def _keep(self, event, recorded_at, touched):
        document = self._documents.pop(event.id, [])
        outcome = super()._keep(event, recorded_at, touched)
        self._documents[event.id][:0] = document
        return outcome


class KnowsDocumentsById(MemoryJournal):
    """Takes every version of a document for the first one."""

    def _keep(self, event, recorded_at, touched):
        return "known" if event.id in self._documents else super()._keep(event, recorded_at, touched)


class IgnoresConflicts(MemoryJournal):
    """INSERT OR IGNORE: the second content is dropped."""

    def _keep(self, event, recorded_at, touched):
        versions = [self._entries[place - 1].event.version for place in self._documents.get(event.id, ())]
        return "known" if event.version in versions else super()._keep(event, recorded_at, touched)


class OverwritesConflicts(MemoryJournal):
    """An upsert: the second content replaces the first."""

    def _keep(self, event, recorded_at, touched):
        for place in self._documents.get(event.id, ()):
            entry = self._entries[place - 1]
            if entry.event.version == event.version and entry.event != event:
                self._entries[place - 1] = evolve(entry, event=event)
                return "conflict"
        return super()._keep(event, recorded_at, touched)


class MarksOnlyTheNewcomer(MemoryJournal):
    """The first side of a conflict does not show it."""

    def _keep(self, event, recorded_at, touched):
        before = list(self._entries)
        outcome = super()._keep(event, recorded_at, touched)
        self._entries[: len(before)] = before
        return outcome


class TravelsNowhere(MemoryJournal):
    """An event stands in its own streams only."""

    def _family(self, position):
        event = self._entries[position - 1].event
        return {position}, list(dict.fromkeys((*event.homes, *event.streams)))


class TravelsOneStep(MemoryJournal):
    """Families over a third event are not found."""

    def _family(self, position):
        event = self._entries[position - 1].event
        family = {position, *self._documents[event.id], *(place for home in event.homes for place in self._homes[home])}
        members = [self._entries[place - 1].event for place in sorted(family)]
        return family, list(dict.fromkeys(name for each in members for name in (*each.homes, *each.streams)))


class OnlyNewcomersTravel(MemoryJournal):
    """What came first never joins the streams of what comes later."""

    def _travel_together(self, position, touched):
        _, streams = self._family(position)
        for name in streams:
            self._streams.setdefault(name, {})[position] = None
            self._versions[name] = self._versions.get(name, 0) + 1
            touched[name] = None


class VersionsStayBehind(MemoryJournal):
    """Versions of a document without a home do not travel together."""

    def _family(self, position):
        documents = self._documents
        self._documents = {self._entries[position - 1].event.id: [position], **{key: [] for key in documents}}
        for place, entry in enumerate(self._entries, 1):
            self._documents[entry.event.id] = [place] if entry.event.homes else [position]
        try:
            return super()._family(position)
        finally:
            self._documents = documents


class CountsWhatIsKnown(MemoryJournal):
    """A repetition makes a stream look new."""

    def _keep(self, event, recorded_at, touched):
        outcome = super()._keep(event, recorded_at, touched)
        if outcome == "known":
            for name in (*event.homes, *event.streams):
                self._versions[name] += 1
        return outcome


class VersionIsThePosition(MemoryJournal):
    """Every append makes every stream look new."""

    def read(self, streams, *, after=0, known_at=None):
        reading = super().read(streams, after=after, known_at=known_at)
        return evolve(reading, versions=dict.fromkeys(reading.versions, reading.position))


class CountsOnlyWhatIsNamed(MemoryJournal):
    """A stream that an old event comes to stand in does not move on."""

    def _travel_together(self, position, touched):
        before = dict(self._versions)
        super()._travel_together(position, touched)
        event = self._entries[position - 1].event
        for name in list(self._versions):
            own = name in (*event.homes, *event.streams)
            self._versions[name] = before.get(name, 0) + own if own or name in before else self._versions[name]


class ReportsOnlyWhatIsNamed(MemoryJournal):
    """Streams that were joined by travelling are missing from what an append reports."""

    def append(self, batch, *, recorded_at):
        recorded = super().append(batch, recorded_at=recorded_at)
        if isinstance(recorded, Stale):
            return recorded
        named = {name for event in batch.events for name in event.streams}
        return evolve(recorded, versions={name: v for name, v in recorded.versions.items() if name in named})


class ChecksTheFirstStreamOnly(MemoryJournal):
    """A decision over two streams is checked on one."""

    def append(self, batch, *, recorded_at):
        return super().append(evolve(batch, expects=dict(list(batch.expects.items())[:1])), recorded_at=recorded_at)


class ChecksNothing(MemoryJournal):
    """Last writer wins."""

    def append(self, batch, *, recorded_at):
        return super().append(evolve(batch, expects={}), recorded_at=recorded_at)


class WritesBeforeItChecks(MemoryJournal):
    """The events of a stale decision stay."""

    def append(self, batch, *, recorded_at):
        outcome = super().append(batch, recorded_at=recorded_at)
        if isinstance(outcome, Stale):
            super().append(evolve(batch, expects={}, answers=()), recorded_at=recorded_at)
        return outcome


class AnswersBeforeItChecks(MemoryJournal):
    """The answers of a stale decision stay."""

    def append(self, batch, *, recorded_at):
        outcome = super().append(batch, recorded_at=recorded_at)
        if isinstance(outcome, Stale):
            self._answers.update((answer.request, answer) for answer in batch.answers)
        return outcome


class OverwritesAnswers(MemoryJournal):
    """The last answer to a request counts."""

    def append(self, batch, *, recorded_at):
        for answer in batch.answers:
            self._answers.pop(answer.request, None)
        return super().append(batch, recorded_at=recorded_at)


class ForgetsRefusals(MemoryJournal):
    """A batch without events is nothing."""

    def append(self, batch, *, recorded_at):
        return super().append(batch if batch.events else evolve(batch, answers=()), recorded_at=recorded_at)


class KeepsAnswersAsText(MemoryJournal):
    """Bytes that are no text are replaced."""

    def recall(self, request):
        answer = super().recall(request)
        return answer and evolve(answer, body=answer.body.decode("utf-8", "replace").encode())


class ReadsByTime(MemoryJournal):
    """Entries come in order of what they say, not of arrival."""

    def read(self, streams, *, after=0, known_at=None):
        reading = super().read(streams, after=after, known_at=known_at)
        return evolve(reading, entries=tuple(sorted(reading.entries, key=lambda entry: entry.event.at)))


class GivesDoubles(MemoryJournal):
    """A join that multiplies: an event in two of the streams asked for comes twice."""

    def read(self, streams, *, after=0, known_at=None):
        names = list(dict.fromkeys(streams))
        whole = super().read(names, after=after, known_at=known_at)
        entries = [entry for name in names for entry in super(GivesDoubles, self).read((name,), after=after).entries]
        return evolve(whole, entries=tuple(sorted(entries, key=lambda entry: entry.position)))


class KnewJustBefore(MemoryJournal):
    """What was recorded at an instant was not known at it."""

    def read(self, streams, *, after=0, known_at=None):
        known_at = known_at and known_at - timedelta(microseconds=1)
        return super().read(streams, after=after, known_at=known_at)


class CountsLatecomersAsFresh(MemoryJournal):
    """An old event that comes to stand in a stream late is counted as if the reader would get it."""

    def __init__(self):
        super().__init__()
        self._joined = {}

    def _travel_together(self, position, touched):
        before = dict(self._versions)
        super()._travel_together(position, touched)
        for name, version in self._versions.items():
            self._joined.setdefault(name, []).extend([position] * (version - before.get(name, 0)))

    def read(self, streams, *, after=0, known_at=None):
        reading = super().read(streams, after=after, known_at=known_at)
        fresh = {name: sum(place > after for place in self._joined.get(name, ())) for name in reading.versions}
        return evolve(reading, fresh=fresh)


class ReadsOnWithTheLast(MemoryJournal):
    """Reading on gives the last event again."""

    def read(self, streams, *, after=0, known_at=None):
        return super().read(streams, after=max(0, after - 1), known_at=known_at)


class NeverSaysAgain(MemoryJournal):
    """An entry does not say that its document was kept before."""

    def _keep(self, event, recorded_at, touched):
        outcome = super()._keep(event, recorded_at, touched)
        self._entries = [evolve(entry, again=False) for entry in self._entries]
        return outcome


class Spoiling(MemoryJournal):
    """Base of journals that give back something else than they were given."""

    def spoilt(self, event):
        raise NotImplementedError

    def read(self, streams, *, after=0, known_at=None):
        reading = super().read(streams, after=after, known_at=known_at)
        entries = tuple(evolve(entry, event=self.spoilt(entry.event)) for entry in reading.entries)
        return evolve(reading, entries=entries)


class CountsInFloats(Spoiling):
    """Large numbers go through a float."""

    def spoilt(self, event):
        return evolve(event, version=int(float(event.version)))


class CutsMicroseconds(Spoiling):
    """Instants are kept to the millisecond."""

    def spoilt(self, event):
        return evolve(event, at=event.at.replace(microsecond=event.at.microsecond // 1000 * 1000))


class NormalisesText(Spoiling):
    """Text is brought to one spelling."""

    def spoilt(self, event):
        if not isinstance(event, Sale):
            return event
        return evolve(event, order=unicodedata.normalize("NFC", event.order))


class FoldsNames(MemoryJournal):
    """A collation that ignores case."""

    def recall(self, request):
        return super().recall(request.lower())

    def read(self, streams, *, after=0, known_at=None):
        return super().read(streams, after=after, known_at=known_at)


class TakesNoTurnsTwice(MemoryJournal):
    """A lock that its own holder waits for."""

    def __init__(self):
        super().__init__()
        self._single = Lock()

    def turn(self):
        return self._alone()

    @contextmanager
    def _alone(self):
        if not self._single.acquire(timeout=0.05):
            raise TimeoutError("waits for itself")
        try:
            yield
        finally:
            self._single.release()


class NeverEndsATurn(MemoryJournal):
    """A lock that stays when what happened under it went wrong."""

    @contextmanager
    def _turn(self):
        self._lock.acquire()
        yield
        self._lock.release()


class ChecksOutsideOfItsLock(MemoryJournal):
    """Two threads read the same version before either writes."""

    def append(self, batch, *, recorded_at):
        for name, expected in batch.expects.items():
            found = self._versions.get(name, 0)
            if found != expected:
                return Stale(stream=StreamName(name), expected=expected, found=found)
        time.sleep(0.0005)
        return super().append(evolve(batch, expects={}), recorded_at=recorded_at)


class WritesInPieces(MemoryJournal):
    """A reader sees half of a batch."""

    def append(self, batch, *, recorded_at):
        outcome = super().append(evolve(batch, events=batch.events[:1]), recorded_at=recorded_at)
        for event in batch.events[1:]:
            time.sleep(0.0005)
            more = super().append(evolve(batch, events=(event,), expects={}, answers=()), recorded_at=recorded_at)
            if isinstance(outcome, Recorded):
                outcome = Recorded(
                    position=more.position,
                    versions={**outcome.versions, **more.versions},
                    new=outcome.new + more.new,
                    known=outcome.known + more.known,
                    conflicts=outcome.conflicts + more.conflicts,
                )
        return outcome


class FeedsByTime(MemoryJournal):
    """The feed goes by what events say."""

    def after(self, position, *, limit):
        return tuple(sorted(super().after(position, limit=limit), key=lambda entry: entry.event.at))


class FeedsNoMoreThanPositions(MemoryJournal):
    """A limit on positions instead of entries: with a gap, the feed ends early."""

    def after(self, position, *, limit):
        piece = super().after(position, limit=limit)
        return tuple(entry for entry in piece if entry.position < 5 or entry.position > 5)[: limit - 1]


class FeedsAgain(MemoryJournal):
    """The feed gives the last entry of the piece before once more."""

    def after(self, position, *, limit):
        return super().after(max(0, position - 1), limit=limit) if position < len(self._entries) else ()
