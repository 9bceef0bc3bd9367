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
    ranks: array[int] = field(factory=lambda: array("b"))
    """Per record how it ranks: 0 kept by somebody, 1 inferred, 2 only named."""
    born: array[int] = field(factory=lambda: array("q"))
    """Per record since when it exists."""
    keys: list[Fingerprint] = field(factory=list)
    slots: list[int] = field(factory=list)
    """Per key: its place in ``kinds``."""
    kinds: list[tuple[str, str]] = field(factory=list)
    """Kinds of key, per provider."""
    record: array[int] = field(factory=lambda: array("l"))
    """Per claim that can link: the record that bears it."""
    key: array[int] = field(factory=lambda: array("l"))
    since: array[int] = field(factory=lambda: array("q"))
    seen: array[int] = field(factory=lambda: array("q"))
    until: array[int] = field(factory=lambda: array("q"))
    weak_record: array[int] = field(factory=lambda: array("l"))
    """Per claim that can't link, since nobody verified it: the record that bears it, only to be counted."""
    weak_key: array[int] = field(factory=lambda: array("l"))
    gone: dict[int, None] = field(factory=dict)
    """Records whose bearers were erased: they are joined to nobody, and count among those that bore a key."""
    traits: dict[int, Traits] = field(factory=dict)
    pairs: list[Pair] = field(factory=list)
    proposals: list[tuple[int, EventId, int, int]] = field(factory=list)
    """What a matcher proposed: likeness, statement, two records."""
    shared: dict[Fingerprint, EventId] = field(factory=dict)
    recycled: dict[Fingerprint, list[int]] = field(factory=dict)
    """Per key: the instants from which it was somebody else's."""
    _places: dict[ProfileId, int] = field(factory=dict)
    _key_places: list[dict[Fingerprint, int]] = field(factory=list)
    """Keys by kind and provider, then by fingerprint: what two providers hand out never meets."""
    _slot_places: dict[tuple[str, str], int] = field(factory=dict)

    def add_record(self, name: ProfileId, born: int, rank: int = 0) -> int:
        """Number a record; one that is known keeps its number and age."""
        place = self._places.get(name)
        if place is None:
            place = self._places[name] = len(self.names)
            self.names.append(name)
            self.ranks.append(rank)
            self.born.append(born)
        return place

    def set_age(self, record: int, rank: int, born: int) -> None:
        """Let a record rank and be as old as has become known."""
        self.ranks[record], self.born[record] = rank, born

    def place(self, name: ProfileId) -> int | None:
        """Give a record's number."""
        return self._places.get(name)

    def add_claim(
        self, record: int, kind: tuple[str, str], key: Fingerprint, since: int, seen: int, until: int = OPEN
    ) -> None:
        """Let a record bear a key that can link, each once; it was last seen no earlier than it came to bear it."""
        self.record.append(record)
        self.key.append(self._add_key(kind, key))
        self.since.append(since)
        self.seen.append(max(seen, since))
        self.until.append(until)

    def add_weak(self, record: int, kind: tuple[str, str], key: Fingerprint) -> None:
        """Let a record bear a key in a way that can't link."""
        self.weak_record.append(record)
        self.weak_key.append(self._add_key(kind, key))

    def _add_key(self, kind: tuple[str, str], key: Fingerprint) -> int:
        slot = self._slot_places.get(kind)
        if slot is None:
            slot = self._slot_places[kind] = len(self.kinds)
            self.kinds.append(kind)
            self._key_places.append({})
        places = self._key_places[slot]
        place = places.get(key)
        if place is None:
            place = places[key] = len(self.keys)
            self.keys.append(key)
            self.slots.append(slot)
        return place

    def key_place(self, kind: tuple[str, str], key: Fingerprint) -> int | None:
        """Give a key's number."""
        slot = self._slot_places.get(kind)
        return None if slot is None else self._key_places[slot].get(key)

    def forget(self, records: Sequence[int]) -> None:
        """Drop what some records bear and are called; they themselves stay."""
        gone = frozenset(records)
        kept = [claim for claim, record in enumerate(self.record) if record not in gone]
        weak = [claim for claim, record in enumerate(self.weak_record) if record not in gone]
        for names, type_, left in (
            (("record", "key"), "l", kept),
            (("since", "seen", "until"), "q", kept),
            (("weak_record", "weak_key"), "l", weak),
        ):
            for name in names:
                setattr(self, name, array(type_, map(getattr(self, name).__getitem__, left)))
        for record in records:
            self.traits.pop(record, None)

    def age(self, record: int) -> tuple[int, int, ProfileId]:
        """Give what tells the older of two records: rank, then age, then id."""
        return self.ranks[record], self.born[record], self.names[record]

    def shared_claims(self) -> Iterator[tuple[int, list[int]]]:
        """Give each key that several records bear in a way that links, with its claims, in order of the keys."""
        counts = counted(self.key, len(self.keys))
        claims: dict[int, list[int]] = {key: [] for key, count in enumerate(counts) if count > 1}
        for claim, key in enumerate(self.key):
            if counts[key] > 1:
                claims[key].append(claim)
        # By fingerprint, then by kind and provider: the second sort leaves what is equal as the first has put it.
        by_kind = sorted(claims, key=lambda key: self.kinds[self.slots[key]])
        for key in sorted(by_kind, key=self.keys.__getitem__):
            yield key, claims[key]

    def claims_of(self, key: int) -> list[int]:
        """Give all claims of one key that can link."""
        return [claim for claim, each in enumerate(self.key) if each == key]


def counted(places: Sequence[int], size: int) -> array[int]:
    """Count how often each number up to a size occurs."""
    counts = array("l", bytes(array("l").itemsize * size))
    for place in places:
        counts[place] += 1
    return counts
