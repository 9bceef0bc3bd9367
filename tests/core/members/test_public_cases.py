"""The identity cases of public systems, resolved by the rules that each of them states; or why omo differs, by name."""

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from omo_adapters.identifiers import claim_key
from omo_core.events import Event
from omo_core.identifiers import Fingerprint
from omo_core.members import IdentityRules, KeyRule, resolve
from omo_core.members.reasons import NamesDisagree, TooManyValues
from tests.core.members.observations import ALL, claim, joined, parted, seen, surname

pytestmark = pytest.mark.shared
DIFFERENT = {
    "SEG-06": "which name is shown is said by the shop, field by field, and is not part of who is who",
    "MPT-02": "an anonymous record that logs in is joined like any other; a join is reversible without an alias",
    "SHP-02": "nobody is kept and nobody deleted: both records stay, and the member's id is that of the earlier",
    "SHP-04": "as SHP-02; which e-mail is shown is said by the shop, field by field",
    "SHP-05": "members are joined although the two Shopify customers can't be: assets never move, so nothing blocks",
    "SQR-02": "no field is overwritten: each record's own stays in the vault under its source",
    "BON-01": "a gift bears a name (`once`), and whoever is merged has had it once; who is who does not ask",
    "RVL-01": "an asset belongs to the record's history, which a join neither moves nor hides",
    "AWS-01": "a named source that has no value does not win over one that has; and a join can be undone",
    "PHG-03": "which property is shown is said by the shop, field by field",
    "TEL-03": "a spelling, tested in tests/adapters/test_identifiers.py",
    "CJK-01": "names, tested in tests/adapters/names",
    "PDP-01": "a refusal of a command, tested in tests/shell/test_member_commands.py",
    "PDP-02": "export and erasure, tested in tests/shell/test_erasure.py",
}


@pytest.fixture(scope="module")
def cases(shared: Path) -> dict[str, Any]:
    return {case["id"]: case for case in json.loads((shared / "cases" / "identity.json").read_text("utf-8"))}


def bearing(case: Any, *, region: str = "") -> list[Event]:
    events: list[Event] = []
    for place, event in enumerate(case["events"]):
        if event.get("op") == "observe":
            borne = []
            for kind, value in event["ids"].items():
                name, _, provider = kind.partition(":")
                known = name == "phone" and region
                borne.append(claim(name, claim_key("phone", value, region) if known else value, provider=provider))
            events.append(seen(event.get("rec", f"r{place}"), *borne, at=event["t"]))
    return events


def ruled(case: Any, *kinds: str, **more: Any) -> IdentityRules:
    given = case["given"]
    unique = given.get("unique", [kind for kind, limit in given.get("limits", {}).items() if limit == 1])
    order = [kind.partition("(")[0] for kind in given.get("priority", kinds)]
    keys = tuple(
        KeyRule(
            kind=kind,
            proofs=ALL,
            values_max=1 if kind in unique else None,
            profiles_max=more.pop("profiles_max", 99) if kind == "phone" else 99,
            names_stop=kind == "phone",
        )
        for kind in order
    )
    return IdentityRules(keys=keys, **more)


def identifiers(events: list[Event], rules: IdentityRules) -> set[frozenset[str]]:
    """Give who is who as sets of identifiers, in every order; of a key that parts two, each keeps its own."""
    found = {resolve(order, rules) for order in list(permutations(events))[:300]}
    (result,) = found
    borne = {
        event.profile: [each.fingerprint for each in event.claims] for event in events if event.kind == "profile_seen"
    }  # type: ignore[attr-defined]
    lost = {(item.one, item.other, item.evidence) for item in result.stopped}
    times = {event.profile: event.at for event in events if event.kind == "profile_seen"}  # type: ignore[attr-defined]
    groups = []
    for member in result.members:
        mine = set()
        for profile in member.profiles:
            for key in borne.get(profile, ()):
                rivals = [
                    other for one, two, name in lost if name == key and profile in (one, two) for other in (one, two)
                ]
                older = any(
                    other != profile and other not in member.profiles and _wins(rules, times[other], times[profile])
                    for other in rivals
                )
                if not older:
                    mine.add(key)
        groups.append(frozenset(mine))
    return set(groups)


def _wins(rules: IdentityRules, other: Any, mine: Any) -> bool:
    return bool(other > mine) if rules.prefer == "newest" else bool(other < mine)


def clusters(case: Any) -> set[frozenset[str]]:
    return {frozenset(group) for group in case["expect"]["clusters"]}


def records(events: list[Event], rules: IdentityRules) -> list[list[str]]:
    return sorted(sorted(member.profiles) for member in resolve(events, rules).members)


@pytest.mark.parametrize("name", ["SEG-01", "SEG-05"])
def test_where_the_first_keeps_a_key(cases: dict[str, Any], name: str) -> None:
    case = cases[name]
    assert identifiers(bearing(case), ruled(case, prefer="oldest")) == clusters(case)


@pytest.mark.parametrize("name", ["ADB-02", "ADB-03", "ADB-04", "ADB-07", "ADB-08", "ADB-09", "ADB-12"])
def test_where_the_newest_takes_a_key(cases: dict[str, Any], name: str) -> None:
    case = cases[name]
    assert identifiers(bearing(case), ruled(case)) == clusters(case)


def test_seg_02_is_seg_01_in_whatever_order_it_arrives(cases: dict[str, Any]) -> None:
    first = bearing(cases["SEG-01"])
    rules = ruled(cases["SEG-01"], prefer="oldest")
    assert identifiers(first[::-1], rules) == clusters(cases["SEG-01"])


def test_seg_09_a_correction_is_as_if_it_had_always_been_so() -> None:
    rules = IdentityRules(keys=(KeyRule(kind="user", proofs=ALL), KeyRule(kind="email", proofs=ALL)))
    email = claim("email", "right@x.hk")
    before = [seen("a", claim("user", "u1"), email), seen("b", claim("user", "right@x.hk"))]
    corrected = seen("b", claim("user", "u1"), version=1)
    assert records(before, rules) == [["a"], ["b"]]
    assert resolve([*before, corrected], rules) == resolve([before[0], corrected], rules)


def test_shp_07_one_spelling_makes_one_person_and_a_name_alone_joins_nobody(cases: dict[str, Any]) -> None:
    case = cases["SHP-07"]
    assert records(bearing(case, region="IN"), ruled(case, "phone", "email")) == sorted(case["expect"]["clusters"])


def test_sqr_03_people_of_different_names_on_one_phone_are_a_household(cases: dict[str, Any]) -> None:
    case = cases["SQR-03"]
    events = [*bearing(case), surname("r1", "chan"), surname("r2", "wong")]
    rules = ruled(case, "phone")
    assert records(events, rules) == [["r1"], ["r2"]]
    assert [(item.one, item.other, item.why) for item in resolve(events, rules).stopped] == [
        ("r1", "r2", NamesDisagree())
    ]


def test_snz_01_and_02_a_shared_phone_relates_and_staff_decides(cases: dict[str, Any]) -> None:
    rules = ruled(cases["SNZ-01"], "phone", traits=(("given",),))
    named = [surname("1", "skippy"), surname("2", "bob")]
    given = [_given(event) for event in named]
    events = [*bearing(cases["SNZ-01"]), *given]
    assert records(events, rules) == [["1"], ["2"]]
    assert records([*events, joined("1", "2", at=3)], rules) == cases["SNZ-02"]["expect"]["after_t3"]
    forced = [*events, joined("1", "2", at=3), parted("1", "2", at=4)]
    assert records(forced, rules) == cases["SNZ-02"]["expect"]["after_t4"]


def _given(event: Any) -> Any:
    from attrs import evolve  # noqa: PLC0415

    return evolve(event, traits=(("given", event.traits[0][1]),))


def test_snz_03_a_number_that_becomes_generic_opens_its_links(cases: dict[str, Any]) -> None:
    case = cases["SNZ-03"]
    rules = ruled(case, "line", "email", "phone", profiles_max=case["given"]["generic_at"] - 1)
    events = bearing(case)
    assert len(records(events[:2], rules)) == 1
    for order in permutations(events):
        assert records(list(order), rules) == [["r0"], ["r1"], ["r2"], ["r3"]]


def test_phg_02_two_known_people_are_not_joined(cases: dict[str, Any]) -> None:
    rules = IdentityRules(keys=(KeyRule(kind="user", proofs=ALL, values_max=1), KeyRule(kind="anon", proofs=ALL)))
    device = claim("anon", "d")
    events = [seen("anon1", claim("user", "anon1"), device), seen("u2", claim("user", "u2"), device)]
    assert records(events, rules) == cases["PHG-02"]["expect"]["clusters"]
    assert [item.why for item in resolve(events, rules).stopped] == [TooManyValues(of="user", values=2, limit=1)]


def test_nex_01_a_key_of_a_hundred_people_is_flagged_and_joins_nobody(cases: dict[str, Any]) -> None:
    rules = IdentityRules(
        keys=(KeyRule(kind="email", proofs=ALL), KeyRule(kind="contact", proofs=ALL, profiles_max=10)),
        records_max=10**6,
    )
    events = [seen(f"r{n}", claim("contact", "K"), claim("email", n % 103)) for n in range(105)]
    found = resolve(events, rules)
    assert len(found.members) == 103
    assert [each.fingerprint for each in found.demoted] == ["contact:K"]


def test_aiq_01_placeholders_join_nobody_and_are_named(cases: dict[str, Any]) -> None:
    case = cases["AIQ-01"]
    rules = ruled(case, "phone", "email", blocked=(Fingerprint("phone:1234567890"),))
    found = resolve(bearing(case), rules)
    assert len(found.members) == 2
    assert [each.fingerprint for each in found.demoted] == case["expect"]["blocked_seen"]


def test_lin_01_ids_of_two_providers_are_no_conflict(cases: dict[str, Any]) -> None:
    case = cases["LIN-01"]
    rules = IdentityRules(keys=(KeyRule(kind="line", proofs=ALL, values_max=1), KeyRule(kind="phone", proofs=ALL)))
    assert records(bearing(case), rules) == case["expect"]["clusters"]


def test_every_case_is_a_scenario_or_a_named_difference(cases: dict[str, Any]) -> None:
    told = Path(__file__).read_text("utf-8").replace("-", "_").lower()
    missing = [name for name in cases if name not in DIFFERENT and name.replace("-", "_").lower() not in told]
    assert missing == []
    assert [name for name in DIFFERENT if name not in cases] == []
