"""The runs of a key: whom it may join at all, before anybody looks at who they are.

A key can be a placeholder, shared, borne by too many, given up by one and given to another. What is left are runs:
records that bore it without a break, each run as if it were a key of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from attrs import define, field, frozen

from omo_core.members.agreeing import agree
from omo_core.members.columns import INFERRED, OPEN, Columns, Traits, counted
from omo_core.members.crowding import Crowd, crowds
from omo_core.members.reasons import (
    Blocked,
    Demoted,
    GivenUp,
    PerhapsRecycled,
    Reason,
    SharedKey,
    Stopped,
    TooManyBearers,
)
from omo_core.members.rules import IdentityRules, KeyRule

DAY = 86_400_000_000
Break = GivenUp | PerhapsRecycled


@define
class Run:
    """Records that bore a key without a break, in order of when they came to bear it."""

    claims: list[int]
    since: int = 0
    """When the first of them came to bear it."""
    last: int = 0
    """When it was last in use."""
    until: int = OPEN
    """When the last of them gave it up."""
    gone: list[int] = field(factory=list)
    """Claims of records whose bearers were erased, from the same time: they are counted, and no more."""
    why: Break | None = None
    """What parts it from the run before it."""
    made_up: bool = False
    """Only records that were made up from the key alone; they have no dates of their own."""
    traits: dict[Traits, None] = field(factory=dict)

    def take(self, columns: Columns, claim: int) -> None:
        """Let one more record bear the key."""
        until = columns.until[claim]
        used = columns.seen[claim] if until == OPEN else until
        if not self.claims:
            self.since, self.last, self.until = columns.since[claim], used, until
        self.claims.append(claim)
        self.last, self.until = max(self.last, used), max(self.until, until)
        mine = columns.traits.get(columns.record[claim])
        if mine is not None:
            self.traits[mine] = None


@define
class Runs:
    """Per rule, in the order of the rules: the claims of each run; and what fell out, with the reason."""

    by_rule: list[list[list[int]]]
    demoted: list[Demoted] = field(factory=list)
    stopped: list[Stopped] = field(factory=list)
    idle: dict[int, None] = field(factory=dict)
    """Claims whose key is demoted: they say nothing about their bearers."""


@frozen
class Ruled:
    """Columns to be looked at by a shop's rules, with what is asked for each key."""

    columns: Columns
    rules: IdentityRules
    levels: Sequence[int]
    """Per slot: the place of its rule."""
    blocked: frozenset[str]
    weak: Sequence[int]
    """Per key: how many bear it in a way that can't link."""
    plain: bool
    """No claim was given up, no number recycled, no record made up or erased."""

    def rule(self, key: int) -> KeyRule:
        """Give the rule of a key."""
        return self.rules.keys[self.levels[self.columns.slots[key]]]

    def useless(self, key: int, bearers: int) -> Reason | None:
        """Say why a key that so many bear is nobody's, whoever they are."""
        name = self.columns.keys[key]
        if name in self.blocked:
            return Blocked()
        if name in self.columns.shared:
            return SharedKey(statement=self.columns.shared[name])
        known = bearers + self.weak[key]
        if known > self.rules.records_max:
            return TooManyBearers(bearers=known, limit=self.rules.records_max)
        return None


def ruled(columns: Columns, rules: IdentityRules) -> Ruled:
    """Put columns under rules."""
    places = {rule.kind: place for place, rule in reversed(list(enumerate(rules.keys)))}
    levels = [places[kind] for kind, _ in columns.kinds]
    kept = not columns.gone and not columns.recycled and INFERRED not in columns.ranks
    plain = kept and columns.until.count(OPEN) == len(columns.until)
    return Ruled(columns, rules, levels, frozenset(rules.blocked), counted(columns.weak_key, len(columns.keys)), plain)


def runs(columns: Columns, rules: IdentityRules) -> Runs:
    """Part every key that several records bear into its runs."""
    by, found = ruled(columns, rules), Runs([[] for _ in rules.keys])
    known: list[tuple[int, list[int], list[Run]]] = []
    for key, claims in columns.shared_claims():
        why = by.useless(key, len(claims))
        if why is not None:
            _demote(found, by, key, claims, why)
        elif len(claims) <= by.rule(key).profiles_max and _unbroken(by, key, claims):
            known.append((key, claims, []))
        else:
            known.append((key, claims, cut(by, key, claims)))
    people = crowds(columns, rules, [crowd for key, _, apart in known for crowd in crowded(by, key, apart)])
    for key, claims, apart in known:
        level = found.by_rule[by.levels[columns.slots[key]]]
        if apart:
            _take(found, by, key, apart, people)
            level += [run.claims for run in apart if len(run.claims) > 1 and too_many(by, key, run, people) is None]
        else:
            level.append(claims)
    _idle_alone(found, by)
    return found


def _take(found: Runs, by: Ruled, key: int, apart: Sequence[Run], people: Mapping[Crowd, int]) -> None:
    """Keep what fell out of a key: what lies between its runs, and those of them that too many people are in."""
    for before, run in pairwise(apart):
        if run.why is not None:
            found.stopped.append(_between(by.columns, by.rule(key), before.claims[-1], run.claims[0], run.why))
    for run in apart:
        many = too_many(by, key, run, people)
        if many is not None:
            _demote(found, by, key, run.claims, many)


def _unbroken(by: Ruled, key: int, claims: Sequence[int]) -> bool:
    """Say whether a key is surely one run: nearly every key is, and this is seen sooner than what parts the others."""
    columns, stale_days = by.columns, by.rule(key).stale_days
    if not by.plain and (
        columns.keys[key] in columns.recycled
        or any(columns.until[claim] != OPEN or columns.record[claim] in columns.gone for claim in claims)
        or any(columns.ranks[columns.record[claim]] == INFERRED for claim in claims)
    ):
        return False
    if stale_days is None:
        return True
    spans = sorted([(columns.since[claim], columns.seen[claim]) for claim in claims])
    limit, last = stale_days * DAY, spans[0][1]
    for since, seen in spans:
        if since - last > limit:
            return False
        last = max(last, seen)
    return True


def _idle_alone(found: Runs, by: Ruled) -> None:
    """Find the claims to placeholders and shared keys that nobody else bears."""
    if not by.blocked and not by.columns.shared:
        return
    if all(rule.values_max is None for rule in by.rules.keys if any(rule.kind == kind for kind, _ in by.columns.kinds)):
        return  # nobody counts what somebody has, so nobody asks
    useless = [name in by.blocked or name in by.columns.shared for name in by.columns.keys]
    if any(useless):
        found.idle.update((claim, None) for claim, key in enumerate(by.columns.key) if useless[key])


def _demote(found: Runs, by: Ruled, key: int, claims: Sequence[int], why: Reason) -> None:
    found.idle.update(dict.fromkeys(claims))
    if sum(by.columns.record[claim] not in by.columns.gone for claim in claims) > 1:
        found.demoted.append(Demoted(fingerprint=by.columns.keys[key], by=by.rule(key).kind, why=why))


def crowded(by: Ruled, key: int, apart: Sequence[Run]) -> list[Crowd]:
    """Give the runs of a key that so many records bear that its people must be counted."""
    limit = by.rule(key).profiles_max
    return [
        Crowd(key, (*run.claims, *run.gone)) for run in apart if len(run.claims) + len(run.gone) > limit and run.claims
    ]


def too_many(by: Ruled, key: int, run: Run, people: Mapping[Crowd, int]) -> TooManyBearers | None:
    """Say whether more people are in a run than a key may have."""
    limit = by.rule(key).profiles_max
    if len(run.claims) + len(run.gone) <= limit:
        return None
    bearers = people[Crowd(key, (*run.claims, *run.gone))]
    return TooManyBearers(bearers=bearers, limit=limit) if bearers > limit else None


def cut(by: Ruled, key: int, claims: Sequence[int]) -> list[Run]:
    """Part a key's claims into runs, the oldest first; those of erased records with the run of their time."""
    columns, rule = by.columns, by.rule(key)
    recycled = columns.recycled.get(columns.keys[key], ())
    gone = [claim for claim in claims if columns.record[claim] in columns.gone]
    alive = [claim for claim in claims if columns.record[claim] not in columns.gone] if gone else list(claims)
    if rule.stale_days is None and not recycled and all(columns.until[claim] == OPEN for claim in alive):
        return [Run(alive, gone=gone)]
    alive.sort(key=lambda claim: (columns.since[claim], columns.names[columns.record[claim]]))
    made_up = [claim for claim in alive if columns.ranks[columns.record[claim]] == INFERRED]
    kept = [claim for claim in alive if columns.ranks[columns.record[claim]] != INFERRED]
    if not kept:
        return [Run(made_up, gone=gone, made_up=True)]
    result = [Run([])]
    for claim in kept:
        why = broken(by, key, result[-1], claim) if result[-1].claims else None
        if why is not None:
            result.append(Run([], why=why))
        result[-1].take(columns, claim)
    for claim in gone:
        begun = [run for run in result if run.since <= columns.since[claim]]
        (begun[-1] if begun else result[0]).gone.append(claim)
    _add_made_up(result, made_up, recycled)
    return result


def _add_made_up(result: list[Run], made_up: list[int], recycled: Sequence[int]) -> None:
    """Put records that were made up from the key alone with whoever bears it now; they have no dates of their own."""
    last = result[-1]
    if last.until == OPEN and not any(last.since < cut for cut in recycled):
        last.claims.extend(made_up)
    elif made_up:
        result.append(Run(made_up, why=GivenUp(), made_up=True))


def _between(columns: Columns, rule: KeyRule, claim: int, other: int, why: Break) -> Stopped:
    names = sorted(columns.names[columns.record[each]] for each in (claim, other))
    key = columns.keys[columns.key[other]]
    return Stopped(one=names[0], other=names[1], by=rule.kind, evidence=key, why=why)


def broken(by: Ruled, key: int, run: Run, claim: int) -> Break | None:
    """Say why a record is not in the run of those that bore the key before it."""
    mine = by.columns.traits.get(by.columns.record[claim])
    return broken_by(by, key, run, (by.columns.since[claim], mine))


def broken_by(by: Ruled, key: int, run: Run, newcomer: tuple[int, Traits | None]) -> Break | None:
    """Say why somebody who comes to bear a key at an instant, called so, is not of a run."""
    rule, (since, traits) = by.rule(key), newcomer
    if any(run.since < cut <= since for cut in by.columns.recycled.get(by.columns.keys[key], ())):
        return GivenUp()
    if run.until <= since:
        return GivenUp()
    if rule.stale_days is not None and since - run.last > rule.stale_days * DAY:
        vouched = traits is not None and any(agree(traits, each, by.rules.traits) for each in run.traits)
        if not (rule.names_vouch and vouched):
            return PerhapsRecycled(days=(since - run.last) // DAY, limit=rule.stale_days)
    return None
