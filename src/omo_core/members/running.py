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
    return Ruled(columns, rules, levels, frozenset(rules.blocked), counted(columns.weak_key, len(columns.keys)))


def runs(columns: Columns, rules: IdentityRules) -> Runs:
    """Part every key that several records bear into its runs."""
    by, found = ruled(columns, rules), Runs([[] for _ in rules.keys])
    parted: list[tuple[int, list[Run]]] = []
    for key, claims in columns.shared_claims():
        why = by.useless(key, len(claims))
        if why is None:
            parted.append((key, cut(by, key, claims)))
        else:
            _demote(found, by, key, claims, why)
    people = crowds(columns, rules, [crowd for key, apart in parted for crowd in _crowded(by, key, apart)])
    for key, apart in parted:
        level = by.levels[columns.slots[key]]
        for before, run in pairwise(apart):
            if run.why is not None:
                found.stopped.append(_between(columns, by.rule(key), before.claims[-1], run.claims[0], run.why))
        for run in apart:
            many = _many(by, key, run, people)
            if many is not None:
                _demote(found, by, key, run.claims, many)
            elif len(run.claims) > 1:
                found.by_rule[level].append(run.claims)
    _idle_alone(found, by)
    return found


def _idle_alone(found: Runs, by: Ruled) -> None:
    """Find the claims to placeholders and shared keys that nobody else bears."""
    if not by.blocked and not by.columns.shared:
        return
    useless = [name in by.blocked or name in by.columns.shared for name in by.columns.keys]
    if any(useless):
        found.idle.update((claim, None) for claim, key in enumerate(by.columns.key) if useless[key])


def _demote(found: Runs, by: Ruled, key: int, claims: Sequence[int], why: Reason) -> None:
    found.idle.update(dict.fromkeys(claims))
    if sum(by.columns.record[claim] not in by.columns.gone for claim in claims) > 1:
        found.demoted.append(Demoted(fingerprint=by.columns.keys[key], by=by.rule(key).kind, why=why))


def _crowded(by: Ruled, key: int, apart: Sequence[Run]) -> list[Crowd]:
    """Give the runs of a key that so many records bear that its people must be counted."""
    limit = by.rule(key).profiles_max
    return [
        Crowd(key, (*run.claims, *run.gone)) for run in apart if len(run.claims) + len(run.gone) > limit and run.claims
    ]


def _many(by: Ruled, key: int, run: Run, people: Mapping[Crowd, int]) -> TooManyBearers | None:
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
    made_up = [claim for claim in alive if columns.ages[columns.record[claim]][0] == INFERRED]
    kept = [claim for claim in alive if columns.ages[columns.record[claim]][0] != INFERRED]
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
    return _broken(by, key, run, (by.columns.since[claim], mine))


def _broken(by: Ruled, key: int, run: Run, newcomer: tuple[int, Traits | None]) -> Break | None:
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


@frozen
class Bearers:
    """Who bears a key at an instant; nobody, where something speaks against all who ever did."""

    records: tuple[int, ...] = ()
    why: Reason | None = None


def bearing(columns: Columns, rules: IdentityRules, key: int, at: int) -> Bearers:
    """Say who bears a key when somebody proves at an instant that it reaches them.

    Only those count whose own claim links, and who have not lost the key since: given up, recycled, or unused for so
    long that nobody can tell.
    """
    by, claims = ruled(columns, rules), columns.claims_of(key)
    why = by.useless(key, len(claims))
    if why is not None or all(columns.record[claim] in columns.gone for claim in claims):
        return Bearers(why=why)
    apart = cut(by, key, claims)
    run = apart[-1]
    if run.made_up:
        lost = len(apart) > 1 or columns.keys[key] in columns.recycled
        return Bearers(why=GivenUp()) if lost else _records(columns, run, at)
    many = _many(by, key, run, crowds(columns, rules, _crowded(by, key, [run])))
    lost_by = many or _broken(by, key, run, (max(at, run.since), None))
    return _records(columns, run, at) if lost_by is None else Bearers(why=lost_by)


def _records(columns: Columns, run: Run, at: int) -> Bearers:
    """Give those of a run who still bear the key: of several, some may have given it up, a made-up record as well."""
    found = tuple(columns.record[claim] for claim in run.claims if columns.until[claim] > at)
    return Bearers(found, None if found else GivenUp())


def reached(columns: Columns, rules: IdentityRules, key: int) -> list[int]:
    """Give every record that a key may join to somebody, now or as somebody comes to bear it."""
    by, claims = ruled(columns, rules), columns.claims_of(key)
    if not claims or by.useless(key, len(claims)) is not None:
        return []
    apart = cut(by, key, claims)
    people = crowds(columns, rules, _crowded(by, key, apart))
    return [columns.record[claim] for run in apart if _many(by, key, run, people) is None for claim in run.claims]
