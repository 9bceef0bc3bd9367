"""What became of members between two moments: who was joined, who was parted, and by what.

A regrouping is derived by comparing two partitions, never stored: who is who now depends on nothing but what was
observed, whether or not anybody was told how it came about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from attrs import frozen

from omo_core.events import Event
from omo_core.identifiers import EventId, ProfileId, StreamName, claim_stream, profile_stream
from omo_core.members.reasons import Demoted, Stopped
from omo_core.members.resolving import Link, Member, Partition


@frozen(kw_only=True)
class Regrouped:
    """Some records are other members than before: the members that were, those that are, and what did it."""

    id: str
    """The same each time it is derived: whoever tells it on tells it once per id."""
    what: Literal["joined", "parted", "regrouped"]
    """Several became one, one became several, or several became several others."""
    before: tuple[Member, ...]
    """The members that were, by id. A record that nobody had heard of was a member of its own."""
    after: tuple[Member, ...]
    """The members that are, by id, with the same records all told."""
    made: tuple[Link, ...]
    """What joins records now that had been two members."""
    opened: tuple[Link, ...]
    """What had joined records that are two members now."""
    stopped: tuple[Stopped, ...]
    """What keeps the members that are apart: the items for review."""
    demoted: tuple[Demoted, ...]
    """Keys that had joined them and join nobody any more, each with the reason."""
    events: tuple[EventId, ...]
    """What was heard that brought it about; nothing where the shop changed its rules."""


def regrouped(before: Partition, after: Partition, heard: Sequence[Event], moment: str) -> tuple[Regrouped, ...]:
    """Compare two partitions of the same records; members that are as they were are not among what comes out.

    ``heard`` is what lies between the two, ``moment`` names that step for ever.
    """
    was, now = _whose(before), _whose(after)
    found = []
    for block in _blocks(before, after):
        old = _members(block, was)
        new = _members(block, now)
        if [member.profiles for member in old] != [member.profiles for member in new]:
            found.append(_regrouped((old, new), after, heard, moment))
    return tuple(found)


def _whose(partition: Partition) -> dict[ProfileId, Member]:
    return {profile: member for member in partition.members for profile in member.profiles}


def _members(block: Iterable[ProfileId], whose: Mapping[ProfileId, Member]) -> tuple[Member, ...]:
    found = {whose[profile].id: whose[profile] for profile in block}
    return tuple(sorted(found.values(), key=lambda member: member.id))


def _blocks(before: Partition, after: Partition) -> list[list[ProfileId]]:
    """Put together whatever was or is one member, directly or over a third; blocks and records in order of name."""
    near: dict[ProfileId, list[tuple[ProfileId, ...]]] = {}
    for member in (*before.members, *after.members):
        for profile in member.profiles:
            near.setdefault(profile, []).append(member.profiles)
    blocks: list[list[ProfileId]] = []
    done: dict[ProfileId, None] = {}
    for start in sorted(near):
        if start in done:
            continue
        todo, block = [start], {start: None}
        while todo:
            beside = [each for group in near[todo.pop()] for each in group if each not in block]
            block.update(dict.fromkeys(beside))
            todo += dict.fromkeys(beside)
        done.update(block)
        blocks.append(sorted(block))
    return blocks


def _regrouped(
    sides: tuple[tuple[Member, ...], tuple[Member, ...]], after: Partition, heard: Sequence[Event], moment: str
) -> Regrouped:
    old, new = sides
    made, opened = _crossing(new, old), _crossing(old, new)
    whose = {profile: member.id for member in new for profile in member.profiles}
    stopped = tuple(
        item
        for item in after.stopped
        if item.one in whose and item.other in whose and whose[item.one] != whose[item.other]
    )
    evidence = {link.evidence for link in (*made, *opened)}
    what: Literal["joined", "parted", "regrouped"] = "regrouped"
    if len(new) == 1 or len(old) == 1:
        what = "joined" if len(new) == 1 else "parted"
    return Regrouped(
        id=f"{what}/{moment}/{min(whose)}",
        what=what,
        before=old,
        after=new,
        made=made,
        opened=opened,
        stopped=stopped,
        demoted=tuple(each for each in after.demoted if each.fingerprint in evidence),
        events=_causes(heard, whose, evidence | {item.evidence for item in stopped}),
    )


def _crossing(members: Sequence[Member], others: Sequence[Member]) -> tuple[Link, ...]:
    """Give the links of some members that lead from one of the other members to another."""
    whose = {profile: member.id for member in others for profile in member.profiles}
    return tuple(link for member in members for link in member.links if whose[link.one] != whose[link.other])


def _causes(heard: Sequence[Event], profiles: Iterable[ProfileId], evidence: Iterable[str]) -> tuple[EventId, ...]:
    """Name what was heard of these records or keys; all that was heard, where the cause lies further off."""
    mine: set[StreamName] = {profile_stream(profile) for profile in profiles}
    mine.update(claim_stream(key) for key in evidence)
    near = [event.id for event in heard if not mine.isdisjoint((*event.homes, *event.streams))]
    return tuple(dict.fromkeys(near or [event.id for event in heard]))
