"""Explanations as text, for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from omo_core.members.explained import WhatIf, Why, WhyNot
from omo_core.members.reasons import (
    Likely,
    PerhapsRecycled,
    Reason,
    Remedy,
    TooManyBearers,
    TooManyRecords,
    TooManyValues,
)
from omo_core.members.resolving import Link, Member

TEXTS: Final[Mapping[str, str]] = {
    "blocked": "it is a placeholder that staff type when they have none",
    "too_many_bearers": "too many records bear it",
    "shared_key": "staff said that several people use it",
    "unverified": "nobody checked that it reaches the bearer",
    "names_disagree": "their names have nothing in common",
    "name_missing": "people with different names use it, and that of one of the two is missing or tells nothing",
    "perhaps_recycled": "it was unused for so long that it may be somebody else's now",
    "given_up": "the one had given it up before the other had it",
    "too_many_values": "together they would have more identifiers of a kind than one person can have",
    "too_many_records": "together they would have more records than one person can have",
    "said_apart": "somebody said that they are not the same person",
    "said_together": "somebody joined them after they had been parted",
    "likely": "a matcher proposes it, and nobody has decided",
    "no_rule": "the shop has no rule for this kind",
    "dropped": "one of the two had it, and has it no more",
    "revoked": "somebody settled that one of the two does not bear it",
    "deleted": "the source of one of the two has deleted the record",
    "erased": "the bearer of one of the two was forgotten",
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
    then = f"They are one if {remedies}." if remedies else "Nothing can make them one."
    return f"{found.one} and {found.other} are two members. {because[0].upper()}{because[1:]}. {then}"


def _what(by: str, evidence: str, named: Mapping[str, str]) -> str:
    if by in ("joined", "parted", "match", "erased"):
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
