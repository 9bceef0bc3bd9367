"""The parting of records into persons: statements first, then keys in the order of the rules.

Every join is tried in one order that depends on nothing but what was observed, and is made unless a guard stops it.
Records that share nothing, not even through others, never influence one another, so resolving the surroundings of
one record gives the same as resolving everybody.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from omo_core.members.agreeing import agree, contested
from omo_core.members.columns import OPEN, Columns
from omo_core.members.persons import Joint, Parting
from omo_core.members.reasons import Likely, NameMissing, Reason
from omo_core.members.rules import IdentityRules, KeyRule
from omo_core.members.running import Runs, runs


def part(columns: Columns, rules: IdentityRules) -> Parting:
    """Part the records into persons."""
    found = runs(columns, rules)
    parting = _begin(columns, rules, found)
    for place, pair in sorted(enumerate(columns.pairs), key=lambda each: (-each[1].at, each[1].together, each[1].id)):
        if not pair.together:
            parting.keep_apart(pair)
            continue
        (one,), (other,) = pair.ones, pair.others
        made = parting.find(one) != parting.find(other)
        why = parting.join(one, other, names_stop=False, limited=False)
        if why is None:
            parting.links.append(Joint(one, other, -1 - place, made))
        else:
            parting.stop(one, other, pair.by, pair.id, why)
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
        key, made = -1 - len(parting.columns.pairs) - place, parting.find(one) != parting.find(other)
        why: Reason | None = Likely(likeness=likeness)
        if enough is not None and likeness >= enough:
            why = parting.join(one, other, names_stop=True, limited=True)
            if why is None and (made or parting.fit(one, other, names_stop=True)):
                parting.links.append(Joint(one, other, key, made))
        if why is not None and made:
            parting.stop(one, other, "match", name, why)


def _begin(columns: Columns, rules: IdentityRules, found: Runs) -> Parting:
    """Begin with everybody apart. What was given up, or is everybody's, says nothing about how many somebody has."""
    count = len(columns.names)
    parting = Parting(columns, rules, array("l", range(count)), array("l", [1]) * count)
    limited = {rule.kind for rule in rules.keys if rule.values_max is not None}
    slots = [kind in limited for kind, _ in columns.kinds]
    if any(slots):
        for claim, key in enumerate(columns.key):
            slot, record = columns.slots[key], columns.record[claim]
            if slots[slot] and columns.until[claim] == OPEN and claim not in found.idle and record not in columns.gone:
                parting.bear(record, slot, key)
    return parting


def _join_by_keys(parting: Parting, found: Runs) -> None:
    traits, record, kinds = parting.columns.traits, parting.columns.record, parting.rules.traits
    for rule, level in zip(parting.rules.keys, found.by_rule, strict=True):
        groups: list[list[int]] = [[] for _ in level]
        nameless: list[tuple[list[int], list[int]]] = []
        kept, asked = [], []
        for place, run in enumerate(level):
            differ = rule.names_stop and bool(traits) and contested([traits.get(record[each]) for each in run], kinds)
            named = _named(parting, run) if differ else run
            asked.append(differ)
            kept.append(named)
            if len(named) < len(run):
                nameless.append(([claim for claim in run if claim not in named], groups[place]))
        for claim, place in _in_order(parting, kept):
            _place(parting, rule, claim, groups[place], contested=asked[place])
        for claims, beside in nameless:
            _pass_over(parting, rule, claims, beside)


def _named(parting: Parting, run: Sequence[int]) -> list[int]:
    """Give the claims of those whose names say anything beside the names that differ; an English one alone does not."""
    traits, record, kinds = parting.columns.traits, parting.columns.record, parting.rules.traits
    known = [(claim, traits[record[claim]]) for claim in run if record[claim] in traits]
    differing = [mine for _, mine in known if any(agree(mine, each, kinds) is False for _, each in known)]
    return [claim for claim, mine in known if any(agree(mine, each, kinds) is not None for each in differing)]


def _pass_over(parting: Parting, rule: KeyRule, claims: Sequence[int], groups: Sequence[int]) -> None:
    """Leave records without a name that says anything alone, where people with different names bear the key."""
    columns = parting.columns
    beside = list(groups)
    for claim in claims:
        record, key = columns.record[claim], columns.keys[columns.key[claim]]
        for other in beside:
            parting.stop(other, record, rule.kind, key, NameMissing())
        beside.append(record)


def _in_order(parting: Parting, level: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """List the claims of a level with their runs, the newest first (or the oldest); then by the record's id."""
    columns, rank = parting.columns, parting.ranks
    sign, bits = -1 if parting.rules.prefer == "newest" else 1, _bits(len(rank))
    since, record = columns.since, columns.record
    claims = [claim for run in level for claim in run]
    places = [place for place, run in enumerate(level) for _ in run]
    keys = [sign * since[claim] << bits | rank[record[claim]] for claim in claims]
    return [(claims[each], places[each]) for each in sorted(range(len(keys)), key=keys.__getitem__)]


def _bits(count: int) -> int:
    """Say how many bits tell so many records apart, so that one number sorts by instant and then by record."""
    return count.bit_length()


def _place(parting: Parting, rule: KeyRule, claim: int, groups: list[int], *, contested: bool) -> None:
    """Join a record to the first of the key's groups that nothing keeps it from; else it begins a group.

    What keeps it from a group is an item for review; with all the others of the group it is the same. Where nobody's
    name differs, those of two single records need not be looked at again.
    """
    columns = parting.columns
    record, key = columns.record[claim], columns.key[claim]
    for other in groups:
        one, mine = parting.find(other), parting.find(record)
        if one == mine:
            if parting.fit(other, record, names_stop=rule.names_stop):
                parting.links.append(Joint(other, record, key, made=False))
            return
        single = not contested and parting.sizes[one] == 1 == parting.sizes[mine]
        why = parting.join(one, mine, names_stop=rule.names_stop and not single, limited=True)
        if why is None:
            parting.links.append(Joint(other, record, key, made=True))
            return
        parting.stop(other, record, rule.kind, columns.keys[key], why)
    groups.append(record)
