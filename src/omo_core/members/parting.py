"""The parting of records into persons: statements first, then keys in the order of the rules.

Every join is tried in one order that depends on nothing but what was observed, and is made unless a guard stops it.
Records that share nothing, not even through others, never influence one another, so resolving the surroundings of
one record gives the same as resolving everybody.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence

from attrs import define, field

from omo_core.members.agreeing import agree
from omo_core.members.columns import Columns, Pair, Traits
from omo_core.members.reasons import (
    Demoted,
    Likely,
    NameMissing,
    NamesDisagree,
    Reason,
    SaidApart,
    SaidTogether,
    Stopped,
    TooManyRecords,
    TooManyValues,
)
from omo_core.members.rules import IdentityRules, KeyRule
from omo_core.members.running import Runs, runs

_BITS = 22
"""Records are told apart in so many bits of a sort key; more records only cost a wider number."""


@define
class Parting:
    """Who is together with whom, and why."""

    columns: Columns
    rules: IdentityRules
    heads: array[int]
    sizes: array[int]
    links: list[tuple[int, int, int]] = field(factory=list)
    """Two records and the key that joins them; a negative one names a statement, then a proposal."""
    stopped: list[Stopped] = field(factory=list)
    demoted: list[Demoted] = field(factory=list)
    runs: list[list[list[int]]] = field(factory=list)
    """Per rule: the claims of each run of a key."""
    _names: dict[int, dict[Traits, None]] = field(factory=dict)
    _apart: dict[int, list[int]] = field(factory=dict)
    _values: dict[int, dict[int, dict[int, None]]] = field(factory=dict)
    """Per person and limited kind: the keys it has."""

    def find(self, record: int) -> int:
        """Give the record that stands for a person."""
        heads = self.heads
        while heads[record] != record:
            heads[record] = heads[heads[record]]
            record = heads[record]
        return record

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
        if self._apart and self._said_apart(one, other):
            return SaidApart()
        if names_stop and self.columns.traits and self._names_disagree(one, other):
            return NamesDisagree()
        return self._too_many(one, other) if limited and self._values else None

    def _said_apart(self, one: int, other: int) -> bool:
        return any(self.find(each) == other for each in self._apart.get(one, ()))

    def open_between(self, one: int, other: int, likeness: int) -> Reason:
        """Say why two records that are likely one person are not: somebody said so, or nobody has decided."""
        return SaidApart() if self._said_apart(self.find(one), self.find(other)) else Likely(likeness=likeness)

    def _names_disagree(self, one: int, other: int) -> bool:
        mine, theirs = self._names_of(one), self._names_of(other)
        kinds = self.rules.traits
        for a in mine:
            for b in theirs:
                if a is not b and agree(a, b, kinds) is False:
                    return True
        return False

    def _names_of(self, head: int) -> Collection[Traits]:
        """Give the names that a person's records have; of a single record they are not kept twice."""
        if self.sizes[head] > 1:
            return self._names.get(head, ())
        traits = self.columns.traits.get(head)
        return () if traits is None else (traits,)

    def _too_many(self, one: int, other: int) -> TooManyValues | None:
        mine, theirs = self._values.get(one), self._values.get(other)
        if mine is None or theirs is None:
            return None
        for slot, keys in mine.items():
            both = len({**keys, **theirs.get(slot, {})})
            kind = self.columns.kinds[slot][0]
            limit = next((rule.values_max for rule in self.rules.keys if rule.kind == kind), None)
            if limit is not None and both > max(limit, len(keys), len(theirs.get(slot, {}))):
                return TooManyValues(of=kind, values=both, limit=limit)
        return None

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
        new = self._names_of(other)
        if self.sizes[one] == 1:
            both = dict.fromkeys((*self._names_of(one), *new))
            if both:
                self._names[one] = both
        elif new:
            self._names.setdefault(one, {}).update(dict.fromkeys(new))
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


def part(columns: Columns, rules: IdentityRules) -> Parting:
    """Part the records into persons."""
    parting = _begin(columns, rules)
    for place, pair in sorted(enumerate(columns.pairs), key=lambda each: (-each[1].at, each[1].together, each[1].id)):
        if not pair.together:
            parting.keep_apart(pair)
            continue
        (one,), (other,) = pair.ones, pair.others
        why = parting.join(one, other, names_stop=False, limited=False)
        if why is None:
            parting.links.append((one, other, -1 - place))
        else:
            parting.stop(one, other, pair.by, pair.id, why)
    found = runs(columns, rules)
    parting.stopped += found.stopped
    parting.demoted += found.demoted
    parting.runs = found.by_rule
    _join_by_keys(parting, found)
    _propose(parting)
    return parting


def _propose(parting: Parting) -> None:
    """Join what a matcher finds likely enough, if the shop lets it; the rest is for review.

    A likeness of nothing takes back what the matcher had proposed before.
    """
    enough = parting.rules.match_joins_at
    for place, likeness, name, one, other in sorted(
        ((place, *proposal) for place, proposal in enumerate(parting.columns.proposals)),
        key=lambda each: (-each[1], each[2]),
    ):
        if likeness == 0:
            continue
        joins = enough is not None and likeness >= enough
        why = (
            parting.join(one, other, names_stop=True, limited=True)
            if joins
            else parting.open_between(one, other, likeness)
        )
        if why is None:
            parting.links.append((one, other, -1 - len(parting.columns.pairs) - place))
        elif parting.find(one) != parting.find(other):
            parting.stop(one, other, "match", name, why)


def _begin(columns: Columns, rules: IdentityRules) -> Parting:
    count = len(columns.names)
    parting = Parting(columns, rules, array("l", range(count)), array("l", [1]) * count)
    limited = {rule.kind for rule in rules.keys if rule.values_max is not None}
    slots = [kind in limited for kind, _ in columns.kinds]
    if any(slots):
        for claim, key in enumerate(columns.key):
            slot = columns.slots[key]
            if slots[slot]:
                values = parting._values.setdefault(columns.record[claim], {})  # noqa: SLF001
                values.setdefault(slot, {})[key] = None
    return parting


def _join_by_keys(parting: Parting, found: Runs) -> None:
    traits, record = parting.columns.traits, parting.columns.record
    for rule, level in zip(parting.rules.keys, found.by_rule, strict=True):
        groups: list[list[int]] = [[] for _ in level]
        nameless: list[tuple[int, list[int]]] = []
        kept = []
        for run in level:
            contested = rule.names_stop and traits and _contested(parting, run)
            kept.append([claim for claim in run if record[claim] in traits] if contested else run)
        for claim, place in _in_order(parting, kept):
            _place(parting, rule, claim, groups[place])
        for place, run in enumerate(level):
            if len(kept[place]) < len(run):
                nameless += [(claim, groups[place]) for claim in run if record[claim] not in traits]
        for claim, beside in nameless:
            _pass_over(parting, rule, claim, beside)


def _pass_over(parting: Parting, rule: KeyRule, claim: int, groups: Sequence[int]) -> None:
    """Leave a record without a name alone where people with different names bear the key."""
    record = parting.columns.record[claim]
    if all(parting.find(other) != parting.find(record) for other in groups):
        key = parting.columns.keys[parting.columns.key[claim]]
        parting.stop(groups[0], record, rule.kind, key, NameMissing())


def _in_order(parting: Parting, level: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """List the claims of a level with their runs, the newest first (or the oldest); then by the record's id."""
    columns = parting.columns
    ids = {columns.record[claim] for run in level for claim in run}
    rank = {record: place for place, record in enumerate(sorted(ids, key=columns.names.__getitem__))}
    sign = -1 if parting.rules.prefer == "newest" else 1
    since, record = columns.since, columns.record
    entries = [
        (sign * since[claim] << _BITS | rank[record[claim]], claim, place)
        for place, run in enumerate(level)
        for claim in run
    ]
    entries.sort(key=lambda entry: entry[0])
    return [(claim, place) for _, claim, place in entries]


def _contested(parting: Parting, run: Sequence[int]) -> bool:
    """Say whether people with different names bear a key."""
    traits, record, kinds = parting.columns.traits, parting.columns.record, parting.rules.traits
    known: list[Traits] = []
    for claim in run:
        mine = traits.get(record[claim])
        if mine is None or any(mine is each for each in known):
            continue
        if any(agree(mine, each, kinds) is False for each in known):
            return True
        known.append(mine)
    return False


def _place(parting: Parting, rule: KeyRule, claim: int, groups: list[int]) -> None:
    """Join a record to the first of the key's groups that nothing keeps it from; else it begins a group."""
    columns = parting.columns
    record, key = columns.record[claim], columns.key[claim]
    first: Reason | None = None
    for other in groups:
        why = parting.join(other, record, names_stop=rule.names_stop, limited=True)
        if why is None:
            parting.links.append((other, record, key))
            return
        first = first or why
    if groups and first is not None:
        parting.stop(groups[0], record, rule.kind, columns.keys[key], first)
    groups.append(record)
