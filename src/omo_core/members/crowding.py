"""How many people bear a key that many records bear.

A person may have more records than a key may have bearers. Records that share a further key, and whose names do not
speak against it, count as one person. Only what the bearers of the key themselves say is looked at, so that the
answer is the same whether a few records are read or a million.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from omo_core.members.agreeing import contested
from omo_core.members.columns import Columns
from omo_core.members.rules import IdentityRules


@frozen
class Crowd:
    """Claims of many records to one key."""

    key: int
    claims: tuple[int, ...]


def crowds(columns: Columns, rules: IdentityRules, found: Sequence[Crowd]) -> Mapping[Crowd, int]:
    """Count the people of each crowd."""
    wanted = {columns.record[claim] for crowd in found for claim in crowd.claims}
    borne: dict[int, list[int]] = {}
    if wanted:
        blocked = frozenset(rules.blocked)
        for claim, record in enumerate(columns.record):
            if record in wanted and columns.keys[columns.key[claim]] not in blocked:
                borne.setdefault(record, []).append(columns.key[claim])
    return {crowd: _people(columns, rules, crowd, borne) for crowd in found}


def _people(columns: Columns, rules: IdentityRules, crowd: Crowd, borne: Mapping[int, Sequence[int]]) -> int:
    """Count groups of records that share a key beside the one that all of them bear."""
    records = [columns.record[claim] for claim in crowd.claims]
    shared: dict[int, list[int]] = {}
    for record in records:
        for key in borne.get(record, ()):
            if key != crowd.key:
                shared.setdefault(key, []).append(record)
    heads = {record: record for record in records}
    for group in shared.values():
        if len(group) > 1 and not contested((columns.traits.get(record) for record in group), rules.traits):
            for record in group[1:]:
                heads[_head(heads, record)] = _head(heads, group[0])
    return sum(head == record for record, head in heads.items())


def _head(heads: Mapping[int, int], record: int) -> int:
    while heads[record] != record:
        record = heads[record]
    return record
