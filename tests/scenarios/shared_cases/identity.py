"""Identity cases as stories: records seen with what they bear, and who is then one person."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import phonenumbers
from attrs import Factory, define

from tests.scenarios.shared_cases.telling import NotYet, Story, Told, Translation

START: Final = datetime(2026, 1, 1)  # noqa: DTZ001 - the cases count in steps, not in days
UNIQUE: Final = "keys of which a person has one at most"
SURVIVORS: Final = "which record's fields survive"
LACKS: Final = {"limits": UNIQUE, "unique": UNIQUE, "priority": UNIQUE, "on_limit": UNIQUE, "rule": UNIQUE}
"""Policies that matter only where a key would join two persons; where none does, the rest must come out the same."""
GIVEN_NAMES: Final = {
    "survivorship": SURVIVORS,
    "one": SURVIVORS,
    "two": SURVIVORS,
    "A": SURVIVORS,
    "B": SURVIVORS,
    "main": SURVIVORS,
    "other": SURVIVORS,
    "field_source": SURVIVORS,
    "login_ids": "anonymous records that are an alias of a known one",
    "profiles": "corrections of what was observed",
    "suggest_if": "records whose names disagree",
    "but_not_if": "records whose names disagree",
    "keep": "gifts that a member gets once",
    "orig": "what a merge does to a record's assets",
    "same_dob_and_phone_alone": "keys that relate two people without making them one",
    "steward": "staff say that two records are not one person",
    "persons": "a record that is known to be somebody is not joined to another",
    "placeholder": "values that are blocked",
    "fold": "names in two scripts",
    "merged": "export and erasure of one of two merged records",
}
EXPECT_NAMES: Final = {
    "review_queue": "review of what was not joined",
    "canonical": SURVIVORS,
    "kept": SURVIVORS,
    "household_candidate": "households",
    "invariants": "",
    "refused": "merges that are refused",
    "demoted": UNIQUE,
    "dropped_links": UNIQUE,
    "refused_merge": UNIQUE,
}
EVENT_NAMES: Final = {
    "merge": "merges that are refused",
    "remove_identifier": "corrections of what was observed",
    "force_apart": "staff say that two records are not one person",
    "erasure_request": "export and erasure of one of two merged records",
    "login": "anonymous records that are an alias of a known one",
}


@define
class Case:
    """An identity case being told."""

    story: Story
    given: Told
    expect: Told
    bears: dict[str, list[str]] = Factory(dict)
    """What each record bears, as the case writes it."""
    limit: int = 1000
    """How many records may share a key."""


def translate(case: Mapping[str, Any]) -> Translation:
    """Turn a case into a story."""
    given = Told(case["given"], GIVEN_NAMES)
    told = Case(Story(case["id"]), given, Told(case["expect"], EXPECT_NAMES))
    _rules(told)
    for place, bare in enumerate(case["events"], 1):
        event = Told(bare, {})
        _event(told, event, place, case["expect"])
        missing = event.unread()
        if missing:
            raise NotYet(*missing)
    _head(told, case["events"])
    _finally(told)
    if told.given.unread():
        raise NotYet(*dict.fromkeys(told.given.unread()))
    unread = tuple(name for name in told.expect.unread() if name)
    return Translation(readings=(told.story.scenario(),), lacks=tuple(dict.fromkeys(told.story.lacks)), unread=unread)


def _rules(told: Case) -> None:
    named = [GIVEN_NAMES[key] for key in told.given.keys() if key in GIVEN_NAMES]  # noqa: SIM118 - not a mapping
    if named:
        raise NotYet(*dict.fromkeys(named))
    for key, policy in LACKS.items():
        if key in told.given and not (key == "rule" and "generic" in str(told.given.get("rule"))):
            told.given.get(key)
            told.story.lacks.append(policy)
    for key in ("keys", "key", "format", "default_region", "name_only_records"):
        told.given.get(key)
    if "generic_at" in told.given:
        told.limit = told.given.get("generic_at") - 1
    if "max_distinct_neighbours_per_identifier" in told.given:
        told.limit = told.given.get("max_distinct_neighbours_per_identifier")


def _head(told: Case, events: list[dict[str, Any]]) -> None:
    kinds = sorted({claim.rpartition(":")[0] for borne in told.bears.values() for claim in borne})
    keys = [{"kind": kind, "profiles_max": told.limit, "values_max": 0, "stale_days": 0} for kind in kinds]
    identity = {"keys": keys, "only_these": True, "block_usual": False}
    told.story.head = {"identity": identity, "shuffle": True, "region": _region(told, events)}


def _region(told: Case, events: list[dict[str, Any]]) -> str:
    """Give the region that local numbers belong to: as the case says, else that of its first international number."""
    if "default_region" in told.given:
        return str(told.given.get("default_region"))
    found = re.search(r"\+[0-9][0-9 ]{6,}", str(events))
    if found is None:
        return "HK"
    return phonenumbers.region_code_for_number(phonenumbers.parse(found.group(0))) or "HK"


def _event(told: Case, event: Told, place: int, expect: Mapping[str, Any]) -> None:
    kind = event.get("op", "spelling" if "raw" in event else None)
    if kind not in EVENTS:
        raise NotYet(EVENT_NAMES.get(str(kind), f"events of kind {kind!r}"))
    t = event.get("t", place)
    told.story.at(START + timedelta(days=t))
    EVENTS[kind](told, event)
    if f"after_t{t}" in expect:
        _clusters(told, told.expect.get(f"after_t{t}"))


def _observe(told: Case, event: Told) -> None:
    ids, record = event.get("ids", {}), str(event.get("rec") or f"seen-{len(told.bears) + 1}")
    event.get("attrs")  # names and the like are no keys
    told.bears[record] = [f"{kind}:{value}" for kind, value in ids.items()]
    claims = [{"kind": kind, "value": _value(kind, value, record), "proof": "login"} for kind, value in ids.items()]
    told.story.say(seen=record, claims=claims)


def _value(kind: str, value: str, record: str) -> str:
    """Fill in what a case leaves open, and what is no value of its kind but stands for one."""
    if value == "<present>":
        return f"{record}@example.com"
    if kind == "phone" and not _is_phone(value):
        raise NotYet("phone numbers that are none")
    return value


def _is_phone(value: str) -> bool:
    return len(re.sub(r"[^0-9]", "", value)) >= 7


def _observe_many(told: Case, event: Told) -> None:
    """Read "contact id K on 105 events with 103 different e-mails": as many records, each with an e-mail of its own."""
    note = event.need("note")
    found = re.match(r"(\w+) id (\w+) on ([0-9]+) events with ([0-9]+) different e-mails", note)
    if found is None:
        raise NotYet("observations told in prose")
    kind, value, _, emails = found.groups()
    for number in range(int(emails)):
        record = f"seen-{number}"
        told.bears[record] = [f"{kind}:{value}", f"email:{number}@example.com"]
        claims = [{"kind": kind, "value": value}, {"kind": "email", "value": f"{number}@example.com"}]
        told.story.say(seen=record, claims=[{**claim, "proof": "login"} for claim in claims])


def _spelling(told: Case, event: Told) -> None:
    """A raw number is refused, or means what the case says it may be repaired to."""
    raw, required = event.need("raw"), str(told.expect.get("required"))
    told.expect.get("parsed_as")
    told.expect.get("valid")
    repaired = re.search(r"\+[0-9]{6,}", required)
    if repaired is None or "refuse" not in required:
        raise NotYet("spelling of identifiers")
    told.bears = {"raw": [f"phone:{raw}"], "repaired": [f"phone:{repaired.group(0)}"]}
    for record, (claim,) in told.bears.items():
        told.story.say(seen=record, claims=[{"kind": "phone", "value": claim.removeprefix("phone:"), "proof": "otp"}])
    told.story.expect(persons=[["raw", "repaired"]])


def _joined(told: Case, event: Told) -> None:
    told.story.say(joined=event.need("recs"))


EVENTS: Final[Mapping[str, Callable[[Case, Told], None]]] = {
    "observe": _observe,
    "observe_many": _observe_many,
    "force_same": _joined,
    "spelling": _spelling,
}


# Who is one person.


def _finally(told: Case) -> None:
    if "clusters" in told.expect:
        _clusters(told, told.expect.get("clusters"))
        for key in ("invariants", "same_in_all_24_orders"):
            told.expect.get(key)
    if told.expect.get("conflict") is True:
        raise NotYet("conflicts between keys")
    told.expect.get("same_in_all_24_orders")  # every story here is told in other orders
    if "with_guard" in told.expect:
        _guarded(told)


def _clusters(told: Case, clusters: list[list[str]]) -> None:
    """A case writes persons as records, or as what they bear: then a record belongs where all it bears stands."""
    if all(name in told.bears for cluster in clusters for name in cluster):
        groups = clusters
    else:
        groups = [_records(told, cluster, clusters) for cluster in clusters]
    for group in groups:
        if not group:
            raise NotYet(*(told.story.lacks or ["persons that no record is"]))
    told.story.expect(persons=groups)
    if len(groups) > 1:
        told.story.expect(apart=[[group[0] for group in groups]])


def _records(told: Case, cluster: list[str], clusters: list[list[str]]) -> list[str]:
    """Give the records that a cluster of identifiers is made of; an identifier that stands nowhere links nobody."""
    standing = {claim for other in clusters for claim in other}
    return [
        record
        for record, borne in told.bears.items()
        if (known := [claim for claim in borne if claim in standing]) and set(known) <= set(cluster)
    ]


def _guarded(told: Case) -> None:
    """A key that too many bear links nobody: each record stays alone."""
    told.expect.get("without_guard")
    guard = told.expect.get("with_guard")
    if guard.get("links_of_K_used") != 0:
        raise NotYet("keys that link only in part")
    told.story.expect(apart=[list(told.bears)])
