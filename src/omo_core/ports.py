"""What the rules need from the outside, as contracts. Nothing in the core calls them; one shell does.

An integrator who writes one proves it with the contract suite (``omo_adapters.testing``): one class, one fixture.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from attrs import field, frozen

from omo_core.events import Event
from omo_core.identifiers import EventId, ProfileId, RequestId, StreamName
from omo_core.stock.balancing import Balance, Imbalance
from omo_core.stock.sourcing.batching import Batch as Orders
from omo_core.stock.sourcing.plan import Plan

Versions = Mapping[StreamName, int]
"""How many events each stream had when it was read. A stream that nobody wrote to has version 0."""


@frozen(kw_only=True)
class Entry:
    """An event as the journal keeps it."""

    position: int
    """Its place in the order of arrival; grows, may have gaps."""
    recorded_at: datetime
    """When omo heard of it."""
    event: Event
    conflict: bool = False
    """Another content is kept under the same id and version."""
    again: bool = False
    """Something was kept under the same id before it came: another version of the document, or another content."""


@frozen(kw_only=True)
class Reading:
    """What a journal holds of some streams at one moment."""

    entries: tuple[Entry, ...]
    """Each event once, however many of the streams it stands in, in order of arrival."""
    versions: Versions
    fresh: Versions = field(factory=dict)
    """How many of each stream's events lie after the position that was read from. A reader that knows a stream's
    earlier version has missed nothing exactly when earlier version + fresh = version (an old event may come to stand
    in a stream late)."""
    position: int = 0
    """The place of the last event that the journal held at that moment."""

    @property
    def events(self) -> tuple[Event, ...]:
        """Give the bare events."""
        return tuple(entry.event for entry in self.entries)


@frozen(kw_only=True)
class Answer:
    """What a request was answered, to be given again when it is asked again."""

    request: RequestId
    asked: bytes
    """A fingerprint of the command, to tell a repetition from another command under the same id."""
    kind: str
    """The command's kind."""
    body: bytes
    """The answer, as the codec writes it."""


@frozen(kw_only=True)
class Recorded:
    """The append is durable."""

    position: int
    """The place of the last event that the journal holds."""
    versions: Versions = field(factory=dict)
    """The versions that the touched streams have now."""
    new: tuple[EventId, ...] = ()
    """Events that the journal did not have, in the order told."""
    known: tuple[EventId, ...] = ()
    """Events that the journal had already, content and all: nothing happened."""
    conflicts: tuple[EventId, ...] = ()
    """Events whose id and version the journal had with another content; both are kept (they are in ``new`` too)."""


@frozen(kw_only=True)
class Stale:
    """Nothing was written: a stream had moved on from the version that the decision had read."""

    stream: StreamName
    """Which; ``request/<id>`` where a request had been answered by somebody else meanwhile."""
    expected: int
    found: int


@frozen(kw_only=True)
class Batch:
    """What one append writes, all of it or nothing."""

    events: tuple[Event, ...] = ()
    expects: Versions = field(factory=dict)
    """The versions that the decisions in it have read. Facts expect nothing."""
    answers: tuple[Answer, ...] = ()


class Journal(Protocol):
    """The set of events that happened, readable by stream.

    An implementation must keep these promises:

    * an event is kept once: the same id, version and content again changes nothing and is reported as known;
    * the same id and version with another content is kept beside the first and reported as a conflict;
    * events that share a home (``Event.homes``) or an id, directly or over a third, all stand in every stream that
      any of them stands in, whichever came first;
    * an append is all or nothing, across all its streams and answers, and durable when it returns;
    * an append with ``expects`` succeeds only if every named stream still has that version;
    * a request is answered once: an append that brings a second answer writes nothing and is ``Stale`` too;
    * a stream's version grows by at least one with each event that comes to stand in it, and only then;
    * events are given back equal to what was appended, to the last digit.
    """

    def read(self, streams: Iterable[StreamName], *, after: int = 0, known_at: datetime | None = None) -> Reading:
        """Read some streams at one moment.

        With ``after``, only events placed after that position; with ``known_at``, only what was recorded at or before
        that instant. Versions are always those of the moment of reading.
        """
        ...

    def append(self, batch: Batch, *, recorded_at: datetime) -> Recorded | Stale:
        """Write a batch, all or nothing."""
        ...

    def recall(self, request: RequestId) -> Answer | None:
        """Give the answer that was kept for a request, for ever."""
        ...

    def turn(self) -> AbstractContextManager[None]:
        """Keep other writers waiting while a decision is read, made and written; turns nest.

        A store that can't keep others waiting gives an empty context: appends may then come back ``Stale`` and the
        shell decides again. Correctness never rests on turns, only the number of attempts does.
        """
        ...


class Feed(Protocol):
    """The journal in order of arrival, for projections and outlets that keep a checkpoint."""

    def after(self, position: int, *, limit: int) -> Sequence[Entry]:
        """Read on from a position (0 is the beginning). Never gives an entry before one that may still appear."""
        ...


class Vault(Protocol):
    """Personal data by profile, outside the journal, so that it can be exported and erased."""

    def keep(self, profile: ProfileId, version: int, fields: Mapping[str, str]) -> None:
        """Keep a profile's personal fields; a lower version than the one kept changes nothing.

        Of two contents under one version the greater counts, as JSON text with its keys in order, whichever came first.
        """
        ...

    def look(self, profile: ProfileId) -> Mapping[str, str]:
        """Give a profile's personal fields; empty when unknown or erased."""
        ...

    def erase(self, profile: ProfileId) -> bool:
        """Remove a profile's personal fields so that no byte of them stays in live files, and keep none ever again.

        Says whether there were any.
        """
        ...

    def key(self) -> bytes:
        """Give the secret, made once at random, that fingerprints are keyed with: 32 bytes."""
        ...


@frozen(kw_only=True)
class Proposal:
    """Two records that may be one person."""

    one: ProfileId
    other: ProfileId
    likeness: int
    """Parts per million."""


class Matcher(Protocol):
    """Finds records that are likely one person though they share no key. It proposes; a person or a rule decides."""

    def propose(self, records: Mapping[ProfileId, Mapping[str, str]]) -> Iterable[Proposal]:
        """Give pairs of these records, by their personal fields. The same records give the same pairs."""
        ...


class Optimizer(Protocol):
    """Plans what is too much to plan by hand: many orders over the same stock, and where stock should rather lie.

    Nothing that it says is trusted: its plans are checked (``check_batch``, ``faults``) before anybody sees them, and
    committed by commands that check again. It must answer in bounded time; a good answer with its bound is an answer.
    """

    def plan(self, orders: Orders) -> Sequence[Plan]:
        """Give one plan per order, in their order; what is scarce goes where missing it would cost most."""
        ...

    def balance(self, problems: Sequence[Imbalance]) -> Sequence[Balance]:
        """Give one proposal per article, in their order."""
        ...
