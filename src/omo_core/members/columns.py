"""A customer base in columns of whole numbers: what the rules are applied to, whatever it was read from.

A live question fills it with the few records around one person, a back-fill with a million of them. Instants are
microseconds since 1970. Records and keys are numbered in the order in which they were added; nothing that comes out
depends on that order.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Final

from attrs import define, field, frozen

from omo_core.identifiers import EventId, Fingerprint, ProfileId

Traits = tuple[tuple[str, tuple[Fingerprint, ...]], ...]
OPEN: Final = 2**62
"""The end of a claim that was not given up."""
INFERRED: Final = 1
"""How a record ranks that was made up from an identifier alone."""
NAMED: Final = 2
"""How a record ranks that was only ever named, or bought on."""


@frozen
class Pair:
    """A statement about two sets of records."""

    at: int
    id: EventId
    ones: tuple[int, ...]
    others: tuple[int, ...]
    together: bool
    by: str = "joined"


@define
class Columns:
    """Records, the keys they bear, and what was said about either."""

    names: list[ProfileId] = field(factory=list)
    ages: list[tuple[int, int]] = field(factory=list)
    """Per record: how it ranks (0 kept by somebody, 1 inferred, 2 only named), and since when it exists."""
    keys: list[Fingerprint] = field(factory=list)
    slots: list[int] = field(factory=list)
    """Per key: its place in ``kinds``."""
    kinds: list[tuple[str, str]] = field(factory=list)
    """Kinds of key, per provider."""
    record: array[int] = field(factory=lambda: array("l"))
    """Per claim: the record that bears it."""
    key: array[int] = field(factory=lambda: array("l"))
    since: array[int] = field(factory=lambda: array("q"))
    seen: array[int] = field(factory=lambda: array("q"))
    until: array[int] = field(factory=lambda: array("q"))
    traits: dict[int, Traits] = field(factory=dict)
    pairs: list[Pair] = field(factory=list)
    proposals: list[tuple[int, EventId, int, int]] = field(factory=list)
    """What a matcher proposed: likeness, statement, two records."""
    shared: dict[Fingerprint, EventId] = field(factory=dict)
    recycled: dict[Fingerprint, list[int]] = field(factory=dict)
    """Per key: the instants from which it was somebody else's."""
    _places: dict[ProfileId, int] = field(factory=dict)
    _key_places: dict[Fingerprint, int] = field(factory=dict)
    _slot_places: dict[tuple[str, str], int] = field(factory=dict)

    def add_record(self, name: ProfileId, born: int, rank: int = 0) -> int:
        """Number a record; one that is known keeps its number and age."""
        place = self._places.get(name)
        if place is None:
            place = self._places[name] = len(self.names)
            self.names.append(name)
            self.ages.append((rank, born))
        return place

    def place(self, name: ProfileId) -> int | None:
        """Give a record's number."""
        return self._places.get(name)

    def add_claim(
        self, record: int, kind: tuple[str, str], key: Fingerprint, since: int, seen: int, until: int = OPEN
    ) -> None:
        """Let a record bear a key; a record bears each key once."""
        place = self._key_places.get(key)
        if place is None:
            place = self._key_places[key] = len(self.keys)
            self.keys.append(key)
            slot = self._slot_places.get(kind)
            if slot is None:
                slot = self._slot_places[kind] = len(self.kinds)
                self.kinds.append(kind)
            self.slots.append(slot)
        self.record.append(record)
        self.key.append(place)
        self.since.append(since)
        self.seen.append(seen)
        self.until.append(until)

    def forget(self, records: Sequence[int]) -> None:
        """Drop what some records bear and are called; they themselves stay."""
        gone = frozenset(records)
        kept = [claim for claim, record in enumerate(self.record) if record not in gone]
        for name in ("record", "key"):
            setattr(self, name, array("l", map(getattr(self, name).__getitem__, kept)))
        for name in ("since", "seen", "until"):
            setattr(self, name, array("q", map(getattr(self, name).__getitem__, kept)))
        for record in records:
            self.traits.pop(record, None)

    def age(self, record: int) -> tuple[int, int, ProfileId]:
        """Give what tells the older of two records: rank, then age, then id."""
        return (*self.ages[record], self.names[record])

    def shared_claims(self) -> Iterator[tuple[int, list[int]]]:
        """Give each key that several records bear, with its claims, in order of the keys."""
        counts = array("l", bytes(array("l").itemsize * len(self.keys)))
        for key in self.key:
            counts[key] += 1
        claims: dict[int, list[int]] = {key: [] for key, count in enumerate(counts) if count > 1}
        for claim, key in enumerate(self.key):
            if counts[key] > 1:
                claims[key].append(claim)
        for key in sorted(claims, key=self.keys.__getitem__):
            yield key, claims[key]
