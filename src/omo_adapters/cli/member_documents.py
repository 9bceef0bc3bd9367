"""What is told about who is who, as data for machines, with the words for people in it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from omo_adapters.cli.cards import masked
from omo_adapters.member_questions import Effect
from omo_core.identifiers import Fingerprint
from omo_core.members import Demoted, Link, Reason, Stopped
from omo_core.members.explaining import REMEDIES, Why, WhyNot, reason_in_words

Names = Mapping[Fingerprint, str]
"""What people call an identifier, by its fingerprint."""


def shown(values: Names, *, reveal: bool) -> Names:
    """Give identifiers as they may be shown: masked, unless they were asked for in full."""
    return {key: value if reveal else masked(value) for key, value in values.items()}


def why_document(found: Why, names: Names) -> dict[str, object]:
    """Give why two records are one member."""
    return {
        "member": found.member,
        "chain": [_link(link, names) for link in found.chain],
        "bridges": [{"evidence": each, "shown": names.get(each, "")} for each in found.bridges],
    }


def why_not_document(found: WhyNot, names: Names) -> dict[str, object]:
    """Give what keeps two records apart."""
    return {
        "stopped": [stopped_document(item, names) for item in found.stopped],
        "demoted": [demoted_document(each, names) for each in found.demoted],
        "remedies": _remedies(found.remedies),
    }


def effect_document(effect: Effect, names: Names) -> dict[str, object]:
    """Give what would be without an identifier or a statement."""
    found = effect.found
    return {
        "without": found.without,
        "shown": names.get(found.without, ""),
        "before": [{"member": each.id, "profiles": each.profiles} for each in found.before],
        "after": [{"member": each.id, "profiles": each.profiles} for each in found.after],
        "worth_before": [msgspec.to_builtins(each) for each in effect.before],
        "worth_after": [msgspec.to_builtins(each) for each in effect.after],
    }


def stopped_document(item: Stopped, names: Names) -> dict[str, object]:
    """Give an item for review."""
    return {
        "one": item.one,
        "other": item.other,
        "by": item.by,
        "evidence": item.evidence,
        "shown": names.get(item.evidence, ""),
        "why": _reason(item.why),
        "remedies": _remedies(item.why.remedies),
    }


def demoted_document(each: Demoted, names: Names) -> dict[str, object]:
    """Give a key that joins nobody."""
    return {
        "by": each.by,
        "evidence": each.fingerprint,
        "shown": names.get(each.fingerprint, ""),
        "why": _reason(each.why),
        "remedies": _remedies(each.why.remedies),
    }


def _link(link: Link, names: Names) -> dict[str, object]:
    return {**msgspec.to_builtins(link), "shown": names.get(link.evidence, "")}


def _reason(why: Reason) -> dict[str, object]:
    return {"kind": why.kind, **msgspec.to_builtins(why), "says": reason_in_words(why)}


def _remedies(remedies: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"kind": each, "says": REMEDIES[each]} for each in remedies]  # type: ignore[index]  # all have words
