"""Why two records are one person, why they are not, and what would be without an identifier: as data, then as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from attrs import evolve, frozen

from omo_core.events import Event
from omo_core.identifiers import Fingerprint, MemberId, ProfileId
from omo_core.members.observing import Observed, observe, without
from omo_core.members.reasons import (
    Demoted,
    Likely,
    PerhapsRecycled,
    Reason,
    Remedy,
    Stopped,
    TooManyBearers,
    TooManyRecords,
    TooManyValues,
    Unverified,
)
from omo_core.members.resolving import Link, Member, Partition, partition
from omo_core.members.rules import IdentityRules


@frozen(kw_only=True)
class Why:
    """The shortest chain of links that joins two records."""

    one: ProfileId
    other: ProfileId
    member: MemberId
    chain: tuple[Link, ...]
    bridges: tuple[str, ...]
    """Those pieces of evidence in the chain without any one of which the two would be two persons."""


@frozen(kw_only=True)
class WhyNot:
    """What keeps two records from being one person; nothing in it means that they share nothing."""

    one: ProfileId
    other: ProfileId
    stopped: tuple[Stopped, ...]
    demoted: tuple[Demoted, ...]
    """Keys that both sides bear and that join nobody."""
    remedies: tuple[Remedy, ...]
    """What would change it."""


@frozen(kw_only=True)
class WhatIf:
    """How members would be parted otherwise without one identifier or statement."""

    without: str
    before: tuple[Member, ...]
    after: tuple[Member, ...]


def why(events: Iterable[Event], rules: IdentityRules, one: ProfileId, other: ProfileId) -> Why | None:
    """Give the shortest chain between two records; none when they are two persons."""
    observed = observe(events)
    member = partition(observed, rules, also=(one, other)).member_of(one)
    if member is None or other not in member.profiles:
        return None
    chain = _chain(member.links, one, other)
    bridges = [
        link.evidence
        for link in chain
        if not _together(_less(observed, link.evidence), rules, link.evidence, one, other)
    ]
    return Why(one=one, other=other, member=member.id, chain=chain, bridges=tuple(dict.fromkeys(bridges)))


def why_not(events: Iterable[Event], rules: IdentityRules, one: ProfileId, other: ProfileId) -> WhyNot | None:
    """Say what keeps two records apart; none when they are one person."""
    observed = observe(events)
    parted = partition(observed, rules, also=(one, other))
    first, second = parted.member_of(one), parted.member_of(other)
    if first is None or second is None or first.id == second.id:
        return None
    mine, theirs = _keys(observed, first), _keys(observed, second)
    stopped = [
        item
        for item in parted.stopped
        if {item.one, item.other} & {*first.profiles} and {item.one, item.other} & {*second.profiles}
    ]
    demoted = tuple(each for each in parted.demoted if each.fingerprint in mine and each.fingerprint in theirs)
    stopped += _unverified(observed, rules, first, second)
    found: list[Reason] = [*(item.why for item in stopped), *(each.why for each in demoted)]
    remedies = tuple(dict.fromkeys(remedy for reason in found for remedy in reason.remedies)) or ("staff", "second_key")
    return WhyNot(one=one, other=other, stopped=tuple(stopped), demoted=demoted, remedies=remedies)


def what_if_without(events: Iterable[Event], rules: IdentityRules, evidence: str) -> WhatIf:
    """Show which members would be others without one identifier (its fingerprint) or one statement (its id)."""
    observed = observe(events)
    before = partition(observed, rules)
    known = [profile for member in before.members for profile in member.profiles]  # some only ever bought something
    after = partition(_less(observed, evidence), _left(rules, evidence), also=known)
    same = {member.profiles for member in before.members} & {member.profiles for member in after.members}
    return WhatIf(without=evidence, before=_changed(before, same), after=_changed(after, same))


def _changed(found: Partition, same: set[tuple[ProfileId, ...]]) -> tuple[Member, ...]:
    return tuple(member for member in found.members if member.profiles not in same)


def _less(observed: Observed, evidence: str) -> Observed:
    left = without(observed, Fingerprint(evidence))
    return evolve(left, latest=[event for event in observed.latest if event.id != evidence])


def _left(rules: IdentityRules, evidence: str) -> IdentityRules:
    return evolve(rules, blocked=(*rules.blocked, Fingerprint(evidence)))


def _together(observed: Observed, rules: IdentityRules, evidence: str, one: ProfileId, other: ProfileId) -> bool:
    member = partition(observed, _left(rules, evidence), also=(one, other)).member_of(one)
    return member is not None and other in member.profiles


def _chain(links: Sequence[Link], start: ProfileId, end: ProfileId) -> tuple[Link, ...]:
    """Walk to the nearest records first. All that share one piece of evidence are one step apart."""
    groups: dict[tuple[str, str], dict[ProfileId, None]] = {}
    for link in links:
        groups.setdefault((link.by, link.evidence), {}).update({link.one: None, link.other: None})
    came: dict[ProfileId, Link | None] = {start: None}
    todo = [start]
    for here in todo:
        for (by, evidence), profiles in groups.items():
            if here in profiles:
                for there in sorted(profiles):
                    if there not in came:
                        came[there] = Link(one=here, other=there, by=by, evidence=evidence)
                        todo.append(there)
    return tuple(_back(came, end))


def _back(came: Mapping[ProfileId, Link | None], end: ProfileId) -> list[Link]:
    chain: list[Link] = []
    link = came.get(end)
    while link is not None:
        chain.insert(0, link)
        link = came[link.one]
    return chain


def _keys(observed: Observed, member: Member) -> set[Fingerprint]:
    return {key for profile in member.profiles for key in observed.claims.get(profile, {})}


def _unverified(observed: Observed, rules: IdentityRules, first: Member, second: Member) -> list[Stopped]:
    """Find keys that both sides bear, but that one of them only typed."""
    found = []
    for one in first.profiles:
        for other in second.profiles:
            mine, theirs = observed.claims.get(one, {}), observed.claims.get(other, {})
            for key in sorted(mine.keys() & theirs.keys()):
                if not (rules.links(mine[key]) and rules.links(theirs[key])):
                    names = sorted((one, other))
                    found.append(
                        Stopped(one=names[0], other=names[1], by=mine[key].kind, evidence=key, why=Unverified())
                    )
    return found


TEXTS: Final[Mapping[str, str]] = {
    "blocked": "it is a placeholder that staff type when they have none",
    "too_many_bearers": "too many records bear it",
    "shared_key": "staff said that several people use it",
    "unverified": "nobody checked that it reaches the bearer",
    "names_disagree": "their names have nothing in common",
    "name_missing": "people with different names use it, and one of the two has no name",
    "perhaps_recycled": "it was unused for so long that it may be somebody else's now",
    "given_up": "the one had given it up before the other had it",
    "too_many_values": "together they would have more identifiers of a kind than one person can have",
    "too_many_records": "together they would have more records than one person can have",
    "said_apart": "somebody said that they are not the same person",
    "said_together": "somebody joined them after they had been parted",
    "likely": "a matcher proposes it, and nobody has decided",
}
"""Each reason in words."""
REMEDIES: Final[Mapping[Remedy, str]] = {
    "staff": "staff says that they are one person",
    "otp": "a one-time password proves it",
    "name": "a name is corrected or completed",
    "second_key": "they share a further identifier",
    "rule": "the shop changes its rule",
    "withdraw": "the statement is taken back",
}


def in_words(found: Why | WhyNot | WhatIf, named: Mapping[str, str] | None = None) -> str:
    """Write an explanation as a paragraph; ``named`` calls identifiers by something that people know."""
    names = named or {}
    match found:
        case Why(chain=chain):
            steps = "; ".join(_step(link, names) for link in chain)
            bridges = " or ".join(names.get(each, each) for each in found.bridges)
            without = f" Without {bridges} they would be two members." if bridges else ""
            return f"{found.one} and {found.other} are member {found.member}: {steps or 'one record'}.{without}"
        case WhyNot():
            return _why_not_in_words(found, names)
        case WhatIf(before=before, after=after):
            gone = names.get(found.without, found.without)
            if before == after:
                return f"Without {gone} nothing would change."
            parts = "; ".join(f"{member.id}: {', '.join(member.profiles)}" for member in after)
            return f"Without {gone} {_members(before)} would be {_members(after)} ({parts})."


def _step(link: Link, named: Mapping[str, str]) -> str:
    pair = f"{link.one} and {link.other}"
    if link.by == "joined":
        return f"somebody said that {pair} are one ({link.evidence})"
    if link.by == "match":
        return f"{pair} are so alike that a rule joined them ({link.evidence})"
    return f"{pair} share {_what(link.by, link.evidence, named)}"


def _why_not_in_words(found: WhyNot, named: Mapping[str, str]) -> str:
    reasons = [f"{_what(item.by, item.evidence, named)}: {reason_in_words(item.why)}" for item in found.stopped]
    reasons += [f"{_what(each.by, each.fingerprint, named)}: {reason_in_words(each.why)}" for each in found.demoted]
    because = "; ".join(dict.fromkeys(reasons)) or "they share nothing"
    remedies = ", or ".join(REMEDIES[remedy] for remedy in found.remedies)
    return (
        f"{found.one} and {found.other} are two members. {because[0].upper()}{because[1:]}. They are one if {remedies}."
    )


def _what(by: str, evidence: str, named: Mapping[str, str]) -> str:
    if by in ("joined", "parted", "match"):
        return f"the statement {evidence}"
    return f"the {by} {named.get(evidence, evidence)}"


def reason_in_words(why: Reason) -> str:
    """Say what stops two records, or a key, with the numbers that explain it."""
    text = TEXTS[why.kind]
    match why:
        case TooManyBearers():
            return f"{text} ({why.bearers}, the limit is {why.limit})"
        case PerhapsRecycled():
            return f"{text} ({why.days} days)"
        case TooManyValues():
            return f"{text} ({why.values} of kind {why.of}, the limit is {why.limit})"
        case TooManyRecords():
            return f"{text} ({why.records}, the limit is {why.limit})"
        case Likely():
            return f"{text} ({why.likeness // 10_000} %)"
        case _:
            return text


def _members(members: Sequence[Member]) -> str:
    return "1 member" if len(members) == 1 else f"{len(members)} members"
