"""A regrouping as a sentence: who became whom, and what did it."""

from __future__ import annotations

from typing import Final

from omo_core.members.changing import Regrouped
from omo_core.members.resolving import Member
from omo_core.members.wording import reason_in_words

_VERBS: Final = {
    "joined": "are one member now",
    "parted": "are parted",
    "regrouped": "are parted otherwise",
}


def recount(found: Regrouped) -> str:
    """Say who became whom, and what did it."""
    said = f"{_and(found.before)} {_VERBS[found.what]}"
    if found.what == "parted" and len(found.before) == 1:
        said = f"{_and(found.before)} is parted"
    if found.what != "joined":
        said += f": {_and(found.after)}"
    heard = f"Heard: {', '.join(found.events)}." if found.events else "The shop changed its rules."
    return f"{said}. {_because(found)} {heard}"


def _because(found: Regrouped) -> str:
    """Give what joins them now; else what keeps them apart; else what had joined them."""
    reasons = [f"they share {_evidence(link.by, link.evidence)}" for link in found.made]
    if found.what != "joined":
        reasons += [f"{_evidence(each.by, each.fingerprint)}: {reason_in_words(each.why)}" for each in found.demoted]
        reasons += [f"{_evidence(each.by, each.evidence)}: {reason_in_words(each.why)}" for each in found.stopped]
    reasons = reasons or [f"{_evidence(link.by, link.evidence)} joins them no more" for link in found.opened]
    text = "; ".join(dict.fromkeys(reasons))
    return f"{text[:1].upper()}{text[1:]}."


def _evidence(by: str, evidence: str) -> str:
    return f"the statement {evidence}" if by in ("joined", "parted", "match") else f"the {by} {evidence}"


def _and(members: tuple[Member, ...]) -> str:
    return " and ".join(
        f"{member.id} ({', '.join(member.profiles)})" if len(member.profiles) > 1 else member.id for member in members
    )
