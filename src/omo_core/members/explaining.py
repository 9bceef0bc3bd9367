"""Why two records are one person, why they are not, and what would be without an identifier.

Every answer is what resolving says: a link is in a chain only where it made one person of two, and a bridge is found by
resolving once more without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import evolve

from omo_core.events import Event, current
from omo_core.identifiers import ProfileId
from omo_core.members.apart import between, useless
from omo_core.members.events import ProfileSeen
from omo_core.members.explained import WhatIf, Why, WhyNot
from omo_core.members.observing import columns, observe
from omo_core.members.parting import part
from omo_core.members.persons import Joint, Parting
from omo_core.members.reasons import Demoted, Erased, Remedy, SaidApart, Stopped
from omo_core.members.resolving import Link, Member, Partition, evidence, resolve, told
from omo_core.members.rules import IdentityRules
from omo_core.members.statements import ClaimSettled
from omo_core.members.wording import REMEDIES, TEXTS, in_words, reason_in_words

__all__ = [
    "REMEDIES",
    "TEXTS",
    "WhatIf",
    "Why",
    "WhyNot",
    "in_words",
    "less",
    "reason_in_words",
    "what_if_without",
    "why",
    "why_not",
]


def why(events: Iterable[Event], rules: IdentityRules, one: ProfileId, other: ProfileId) -> Why | None:
    """Give the chain that made one person of two records, and its bridges; none when they are two persons."""
    known = list(events)
    observed = observe(known)
    parting = part(columns(observed, rules, (one, other)), rules)
    member = told(parting, observed).member_of(one)
    if member is None or other not in member.profiles:
        return None
    chain = _chain(parting, parting.place(one), parting.place(other))
    evidences = dict.fromkeys(link.evidence for link in (*chain, *member.links))
    bridges = tuple(each for each in evidences if not _together(less(known, each), rules, one, other))
    return Why(one=one, other=other, member=member.id, chain=chain, bridges=bridges)


def why_not(events: Iterable[Event], rules: IdentityRules, one: ProfileId, other: ProfileId) -> WhyNot | None:
    """Say what keeps two records apart; none when they are one person."""
    observed = observe(events)
    parting = part(columns(observed, rules, (one, other)), rules)
    parted = told(parting, observed)
    first, second = parted.member_of(one), parted.member_of(other)
    if first is None or second is None or first.id == second.id:
        return None
    stopped = between(parting, observed, first, second)
    demoted = useless(parting, observed, first, second)
    return WhyNot(one=one, other=other, stopped=stopped, demoted=demoted, remedies=_remedies(stopped, demoted))


def what_if_without(events: Iterable[Event], rules: IdentityRules, evidence: str) -> WhatIf:
    """Show which members would be others without one identifier (its fingerprint) or one statement (its id)."""
    known = list(events)
    before = resolve(known, rules)
    also = [profile for member in before.members for profile in member.profiles]  # some only ever bought something
    after = resolve(less(known, evidence), rules, also=also)
    same = {member.profiles for member in before.members} & {member.profiles for member in after.members}
    return WhatIf(without=evidence, before=_changed(before, same), after=_changed(after, same))


def less(events: Iterable[Event], evidence: str) -> Iterator[Event]:
    """Give a history without one identifier, whoever bears it, or without one document, in all its versions.

    Where two contents came under one version, the one that counts goes on counting.
    """
    versions: dict[tuple[str, int], list[ProfileSeen]] = {}
    for event in events:
        if isinstance(event, ProfileSeen):
            versions.setdefault((event.id, event.version), []).append(event)
        elif event.id != evidence and not (isinstance(event, ClaimSettled) and event.claim.fingerprint == evidence):
            yield event
    for (name, _), contents in versions.items():
        if name != evidence:
            borne = any(claim.fingerprint == evidence for event in contents for claim in event.claims)
            yield from (_without_claim(event, evidence) for event in (current(contents) if borne else contents))


def _without_claim(event: ProfileSeen, evidence: str) -> ProfileSeen:
    return evolve(event, claims=tuple(claim for claim in event.claims if claim.fingerprint != evidence))


def _changed(found: Partition, same: set[tuple[ProfileId, ...]]) -> tuple[Member, ...]:
    return tuple(member for member in found.members if member.profiles not in same)


def _together(events: Iterable[Event], rules: IdentityRules, one: ProfileId, other: ProfileId) -> bool:
    member = resolve(events, rules, also=(one, other)).member_of(one)
    return member is not None and other in member.profiles


def _chain(parting: Parting, start: int, end: int) -> tuple[Link, ...]:
    """Walk along the links that made persons: there is one way between two records of a person."""
    near: dict[int, list[Joint]] = {}
    for joint in parting.links:
        if joint.made:
            near.setdefault(joint.one, []).append(joint)
            near.setdefault(joint.other, []).append(joint)
    came: dict[int, tuple[int, Joint]] = {}
    todo = [start]
    for here in todo:
        for joint in near.get(here, ()):
            there = joint.other if joint.one == here else joint.one
            if there != start and there not in came:
                came[there] = here, joint
                todo.append(there)
    return _told(parting, _shortened(parting, _back(came, start, end)))


Step = tuple[int, int, int]
"""Two records, and the key that joins them."""


def _back(came: Mapping[int, tuple[int, Joint]], start: int, end: int) -> list[Step]:
    steps: list[Step] = []
    while end != start:
        before, joint = came[end]
        steps.append((before, end, joint.key))
        end = before
    return steps[::-1]


def _shortened(parting: Parting, steps: Sequence[Step]) -> list[Step]:
    """Make one step of two by the same key: all that share it without a break share it with each other."""
    short: list[Step] = []
    for one, other, key in steps:
        if short and short[-1][2] == key and key >= 0 and parting.fit(short[-1][0], other, names_stop=True):
            short[-1] = short[-1][0], other, key
        else:
            short.append((one, other, key))
    return short


def _told(parting: Parting, steps: Iterable[Step]) -> tuple[Link, ...]:
    names = parting.columns.names
    found = []
    for one, other, key in steps:
        by, name = evidence(parting, key)
        found.append(Link(one=names[one], other=names[other], by=by, evidence=name))
    return tuple(found)


def _remedies(stopped: Iterable[Stopped], demoted: Iterable[Demoted]) -> tuple[Remedy, ...]:
    """List what would change it: of each key what helps against every reason. Statements go before keys."""
    items, keys = list(stopped), list(demoted)
    reasons = [item.why for item in items]
    if any(isinstance(why, Erased) for why in reasons):
        return ()
    if any(isinstance(why, SaidApart) for why in reasons):
        return SaidApart.remedies
    ways: dict[tuple[ProfileId, ProfileId, str], list[tuple[Remedy, ...]]] = {}
    for item in items:
        ways.setdefault((item.one, item.other, item.evidence), []).append(item.why.remedies)
    for each in keys:
        met = [found for (_, _, key), found in ways.items() if key == each.fingerprint]
        for found in met or [ways.setdefault(("", "", each.fingerprint), [])]:
            found.append(each.why.remedies)
    helping = [remedy for found in ways.values() for remedy in found[0] if all(remedy in each for each in found)]
    return tuple(dict.fromkeys(helping)) or ("staff", "second_key")
