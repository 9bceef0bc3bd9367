"""Persons under construction: who is together with whom, and what keeps two of them from becoming one."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from attrs import define, field, frozen

from omo_core.errors import InvariantBroken
from omo_core.identifiers import ProfileId
from omo_core.members.agreeing import agree, contested
from omo_core.members.columns import Columns, Pair, Traits
from omo_core.members.reasons import (
    Demoted,
    NamesDisagree,
    Reason,
    SaidApart,
    SaidTogether,
    Stopped,
    TooManyRecords,
    TooManyValues,
)
from omo_core.members.rules import IdentityRules

Values = dict[int, dict[int, None]]
"""Per kind of key that a person can have only so many of: the keys."""


@frozen
class Joint:
    """Two records that something joins."""

    one: int
    other: int
    key: int
    """The key that joins them; a negative one names a statement, then a proposal."""
    made: bool
    """It made one person of two; without, something else had joined them before."""


@define
class Parting:
    """Who is together with whom, and why."""

    columns: Columns
    rules: IdentityRules
    heads: array[int]
    sizes: array[int]
    links: list[Joint] = field(factory=list)
    stopped: list[Stopped] = field(factory=list)
    demoted: list[Demoted] = field(factory=list)
    ranks: array[int] = field(init=False)
    """Per record: its place among all records by their ids."""
    runs: list[list[list[int]]] = field(factory=list)
    """Per rule: the claims of each run of a key."""
    _names: dict[int, list[Traits]] = field(factory=dict)
    _apart: dict[int, list[int]] = field(factory=dict)
    _values: dict[int, Values] = field(factory=dict)
    """Per person: the keys it has of kinds that are limited."""
    _own: dict[int, tuple[tuple[int, int], ...]] = field(factory=dict)
    """The same per record, slot by slot and key by key."""

    def __attrs_post_init__(self) -> None:
        self.ranks = array("l", self.heads)
        for place, record in enumerate(sorted(self.heads, key=self.columns.names.__getitem__)):
            self.ranks[record] = place

    def find(self, record: int) -> int:
        """Give the record that stands for a person."""
        heads = self.heads
        while heads[record] != record:
            heads[record] = heads[heads[record]]
            record = heads[record]
        return record

    def place(self, name: ProfileId) -> int:
        """Give a record's number."""
        place = self.columns.place(name)
        if place is None:
            raise InvariantBroken(f"{name} is none of the records that were parted")
        return place

    def stop(self, one: int, other: int, by: str, evidence: str, why: Reason) -> None:
        """Keep what was stopped, the smaller id first."""
        names = sorted((self.columns.names[one], self.columns.names[other]))
        self.stopped.append(Stopped(one=names[0], other=names[1], by=by, evidence=evidence, why=why))

    def join(self, one: int, other: int, *, names_stop: bool, limited: bool) -> Reason | None:
        """Make one person of two, or say what stops it."""
        one, other = self.find(one), self.find(other)
        if one == other:
            return None
        why = self._guard(one, other, names_stop=names_stop, limited=limited)
        if why is None:
            self._unite(one, other)
        return why

    def _guard(self, one: int, other: int, *, names_stop: bool, limited: bool) -> Reason | None:
        records = self.sizes[one] + self.sizes[other]
        if records > self.rules.records_max:
            return TooManyRecords(records=records, limit=self.rules.records_max)
        if self._apart and self.said_apart(one, other):
            return SaidApart()
        if names_stop and self.columns.traits and self._names_disagree(one, other):
            return NamesDisagree()
        return self.too_many(one, other) if limited and self._values else None

    def said_apart(self, one: int, other: int) -> bool:
        """Say whether somebody said that two records are not one person's."""
        other = self.find(other)
        return any(self.find(each) == other for each in self._apart.get(self.find(one), ()))

    def _names_disagree(self, one: int, other: int) -> bool:
        mine, theirs = self._names_of(one), self._names_of(other)
        kinds = self.rules.traits
        for a in mine:
            for b in theirs:
                if a is not b and agree(a, b, kinds) is False:
                    return True
        return False

    def _names_of(self, head: int) -> Sequence[Traits]:
        """Give the names that a person's records have; of a single record they are not kept twice."""
        if self.sizes[head] > 1:
            return self._names.get(head, ())
        traits = self.columns.traits.get(head)
        return () if traits is None else (traits,)

    def too_many(self, one: int, other: int) -> TooManyValues | None:
        """Say whether two persons would together have more identifiers of a kind than one can have."""
        mine, theirs = self._values.get(self.find(one)), self._values.get(self.find(other))
        return None if mine is None or theirs is None else self._exceeds(mine, theirs)

    def _exceeds(self, mine: Values, theirs: Values) -> TooManyValues | None:
        for slot, keys in sorted(mine.items(), key=lambda each: self.columns.kinds[each[0]]):
            both = len({**keys, **theirs.get(slot, {})})
            kind = self.columns.kinds[slot][0]
            limit = next((rule.values_max for rule in self.rules.keys if rule.kind == kind), None)
            if limit is not None and both > max(limit, len(keys), len(theirs.get(slot, {}))):
                return TooManyValues(of=kind, values=both, limit=limit)
        return None

    def fit(self, one: int, other: int, *, names_stop: bool) -> bool:
        """Say whether two records, taken by themselves, are kept apart by neither their names nor their identifiers."""
        traits = (self.columns.traits.get(record) for record in (one, other))
        if names_stop and contested(traits, self.rules.traits):
            return False
        mine, theirs = self._own.get(one, ()), self._own.get(other, ())
        return not (mine and theirs) or self._exceeds(_by_slot(mine), _by_slot(theirs)) is None

    def bear(self, record: int, slot: int, key: int) -> None:
        """Let a record have an identifier of a kind of which a person can have only so many."""
        self._own[record] = (*self._own.get(record, ()), (slot, key))
        self._values.setdefault(record, {}).setdefault(slot, {})[key] = None

    def _unite(self, one: int, other: int) -> None:
        if self.sizes[one] < self.sizes[other]:
            one, other = other, one
        self._unite_names(one, other)
        self.heads[other] = one
        self.sizes[one] += self.sizes[other]
        if other in self._apart:
            self._apart.setdefault(one, []).extend(self._apart.pop(other))
        for slot, keys in self._values.pop(other, {}).items():
            self._values.setdefault(one, {}).setdefault(slot, {}).update(keys)

    def _unite_names(self, one: int, other: int) -> None:
        mine, theirs = list(self._names_of(one)), self._names_of(other)
        mine += [traits for traits in theirs if traits not in mine]
        if mine:
            self._names[one] = mine
        self._names.pop(other, None)

    def keep_apart(self, pair: Pair) -> None:
        """Keep two sets of records apart, except where a newer statement has joined them."""
        for one in pair.ones:
            for other in pair.others:
                if self.find(one) == self.find(other):
                    self.stop(one, other, "parted", pair.id, SaidTogether())
                else:
                    self._apart.setdefault(self.find(one), []).append(other)
                    self._apart.setdefault(self.find(other), []).append(one)


def _by_slot(values: Sequence[tuple[int, int]]) -> Values:
    found: Values = {}
    for slot, key in values:
        found.setdefault(slot, {})[key] = None
    return found
