"""The runs of a key: whom it may join at all, before anybody looks at who they are.

A key can be a placeholder, shared, borne by too many, given up by one and given to another. What is left are runs:
records that bore it without a break, each run as if it were a key of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import define, field

from omo_core.members.agreeing import agree
from omo_core.members.columns import INFERRED, OPEN, Columns
from omo_core.members.reasons import Blocked, Demoted, GivenUp, PerhapsRecycled, SharedKey, Stopped, TooManyBearers
from omo_core.members.rules import IdentityRules, KeyRule

DAY = 86_400_000_000


@define
class Runs:
    """Per rule, in the order of the rules: the claims of each run; and what fell out, with the reason."""

    by_rule: list[list[list[int]]]
    demoted: list[Demoted] = field(factory=list)
    stopped: list[Stopped] = field(factory=list)


def runs(columns: Columns, rules: IdentityRules) -> Runs:
    """Part every key that several records bear into its runs."""
    found = Runs([[] for _ in rules.keys])
    places = {rule.kind: place for place, rule in reversed(list(enumerate(rules.keys)))}
    levels = [places[kind] for kind, _ in columns.kinds]
    blocked = frozenset(rules.blocked)
    for key, claims in columns.shared_claims():
        level = levels[columns.slots[key]]
        rule, name = rules.keys[level], columns.keys[key]
        if name in blocked:
            found.demoted.append(Demoted(fingerprint=name, by=rule.kind, why=Blocked()))
        elif name in columns.shared:
            why = SharedKey(statement=columns.shared[name])
            found.demoted.append(Demoted(fingerprint=name, by=rule.kind, why=why))
        else:
            for run in _cut(columns, (rules, rule), claims, columns.recycled.get(name, ()), found.stopped):
                if len(run) > rule.profiles_max:
                    many = TooManyBearers(bearers=len(run), limit=rule.profiles_max)
                    found.demoted.append(Demoted(fingerprint=name, by=rule.kind, why=many))
                elif len(run) > 1:
                    found.by_rule[level].append(run)
    return found


def _cut(
    columns: Columns,
    by: tuple[IdentityRules, KeyRule],
    claims: list[int],
    recycled: Sequence[int],
    stopped: list[Stopped],
) -> list[list[int]]:
    rule = by[1]
    if rule.stale_days is None and not recycled and all(columns.until[claim] == OPEN for claim in claims):
        return [claims]
    claims.sort(key=lambda claim: (columns.since[claim], columns.names[columns.record[claim]]))
    made_up = [claim for claim in claims if columns.ages[columns.record[claim]][0] == INFERRED]
    kept = [claim for claim in claims if columns.ages[columns.record[claim]][0] != INFERRED]
    result = [kept[:1] or claims]
    for claim in kept[1:]:
        why = _break(columns, by, result[-1], claim, recycled)
        if why is None:
            result[-1].append(claim)
        else:
            stopped.append(_between(columns, rule, result[-1][-1], claim, why))
            result.append([claim])
    if kept:
        _add_made_up(columns, rule, result, made_up, recycled, stopped)
    return result


def _add_made_up(
    columns: Columns,
    rule: KeyRule,
    result: list[list[int]],
    made_up: list[int],
    recycled: Sequence[int],
    stopped: list[Stopped],
) -> None:
    """Put records that were made up from the key alone with whoever bears it now; they have no dates of their own."""
    last = result[-1]
    given_up = all(columns.until[claim] != OPEN for claim in last) or any(
        columns.since[last[0]] < cut for cut in recycled
    )
    if not given_up:
        last.extend(made_up)
    elif made_up:
        stopped.append(_between(columns, rule, last[-1], made_up[0], GivenUp()))
        result.append(made_up)


def _between(columns: Columns, rule: KeyRule, claim: int, other: int, why: GivenUp | PerhapsRecycled) -> Stopped:
    names = sorted(columns.names[columns.record[each]] for each in (claim, other))
    key = columns.keys[columns.key[other]]
    return Stopped(one=names[0], other=names[1], by=rule.kind, evidence=key, why=why)


def _break(
    columns: Columns, by: tuple[IdentityRules, KeyRule], run: Sequence[int], claim: int, recycled: Sequence[int]
) -> GivenUp | PerhapsRecycled | None:
    """Say why a record is not in the run of those that bore the key before it."""
    rules, rule = by
    since = columns.since[claim]
    if recycled and any(columns.since[run[0]] < cut <= since for cut in recycled):
        return GivenUp()
    if max(map(columns.until.__getitem__, run)) <= since:
        return GivenUp()
    if rule.stale_days is not None:
        last = max([columns.seen[each] if columns.until[each] == OPEN else columns.until[each] for each in run])
        if since - last > rule.stale_days * DAY and not (rule.names_vouch and _vouched(columns, rules, run, claim)):
            return PerhapsRecycled(days=(since - last) // DAY, limit=rule.stale_days)
    return None


def _vouched(columns: Columns, rules: IdentityRules, run: Sequence[int], claim: int) -> bool:
    mine = columns.traits.get(columns.record[claim])
    theirs = [columns.traits[columns.record[each]] for each in run if columns.record[each] in columns.traits]
    return mine is not None and any(agree(mine, each, rules.traits) for each in theirs)
