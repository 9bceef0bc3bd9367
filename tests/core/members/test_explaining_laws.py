"""What is said of why, why not and what if is what resolving says: each answer is recomputed here in another way."""

from collections.abc import Iterable, Sequence
from random import Random

import pytest
from attrs import evolve

from omo_adapters.desk import Rules
from omo_adapters.member_questions import explain, without
from omo_adapters.shop import memory_shop
from omo_core.events import Event
from omo_core.identifiers import ProfileId
from omo_core.loyalty import simple_programme
from omo_core.members import ClaimSettled, IdentityRules, Link, ProfileSeen, ProfilesJoined, TraitsSeen, resolve
from omo_core.members.explaining import Why, WhyNot, what_if_without, why, why_not
from omo_core.members.observing import observe
from omo_core.members.reasons import (
    Blocked,
    Deleted,
    Dropped,
    Erased,
    GivenUp,
    NamesDisagree,
    NoRule,
    PerhapsRecycled,
    Reason,
    Revoked,
    SharedKey,
    Unverified,
)
from tests.core.members.observations import (
    RULES,
    claim,
    day,
    erased,
    joined,
    observations,
    parted,
    recycled,
    seen,
    settled,
    shared,
    surname,
)
from tests.core.members.test_laws import RULE_SETS

PROGRAMME = simple_programme("HKD", per=1000, zone_name="Asia/Hong_Kong")
PHONE, EMAIL, CARD = claim("phone", 1), claim("email", 1), claim("card", 1)


def bereft(events: Iterable[Event], evidence: str) -> list[Event]:
    """Give a history in which an identifier or a document never was, written without the rules' own code."""
    left: list[Event] = []
    for event in events:
        if event.id == evidence:
            continue
        if isinstance(event, ClaimSettled) and event.claim.fingerprint == evidence:
            continue
        if isinstance(event, ProfileSeen):
            event = evolve(event, claims=tuple(each for each in event.claims if each.fingerprint != evidence))  # noqa: PLW2901
        left.append(event)
    return left


def together(events: Sequence[Event], rules: IdentityRules, one: ProfileId, other: ProfileId) -> bool:
    member = resolve(events, rules, also=(one, other)).member_of(one)
    return member is not None and other in member.profiles


def bare(rules: IdentityRules) -> IdentityRules:
    """Give rules in which nothing but time keeps the bearers of a key apart."""
    keys = tuple(evolve(rule, profiles_max=10**6, values_max=None, names_stop=False) for rule in rules.keys)
    return evolve(rules, keys=keys, records_max=10**6)


def joins(events: Sequence[Event], rules: IdentityRules, link: Link) -> bool:
    """Say whether the one piece of evidence, with all others gone, joins two records whose names do not object."""
    if link.by == "joined":
        said = [event for event in events if isinstance(event, ProfilesJoined) and event.id == link.evidence]
        return any({event.one, event.other} == {*ends(link)} for event in said)
    if link.by == "match":
        return rules.match_joins_at is not None
    others = {found.fingerprint for event in events if isinstance(event, ProfileSeen) for found in event.claims} | {
        event.claim.fingerprint for event in events if isinstance(event, ClaimSettled)
    }
    alone = [event for event in events if event.kind not in ("profiles_joined", "profiles_parted", "match_proposed")]
    for other in others - {link.evidence}:
        alone = bereft(alone, other)
    by = next(rule for rule in rules.keys if rule.kind == link.by)
    names: dict[ProfileId, set[str]] = {}
    for event in sorted((event for event in events if isinstance(event, TraitsSeen)), key=lambda each: each.version):
        names[event.profile] = {value for _, values in event.traits for value in values}
    one, other = ends(link)
    objects = by.names_stop and one in names and other in names and names[one].isdisjoint(names[other])
    return not objects and together(alone, bare(rules), one, other)


def ends(link: Link) -> tuple[ProfileId, ProfileId]:
    return link.one, link.other


def plain(events: Iterable[Event]) -> list[Event]:
    """Leave out all but one of the contents of a version; which of them counts is another law's matter."""
    said: dict[tuple[str, int], Event] = {}
    return [event for event in events if said.setdefault((event.id, event.version), event) is event]


def explained(sets: int, size: int, seed: int) -> tuple[int, int]:
    """Ask why in made-up histories; gives how many links and how many bridges were checked."""
    random, links, bridges = Random(seed), 0, 0
    for number in range(sets):
        events = plain(observations(random, size, records=7))
        rules = RULE_SETS[number % len(RULE_SETS)]
        for member in resolve(events, rules).members:
            if len(member.profiles) < 2:
                continue
            one, other = random.sample(member.profiles, 2)
            found = why(events, rules, one, other)
            assert found is not None
            assert chained(found), (seed, number)
            for link in found.chain:
                assert joins(events, rules, link), (seed, number, link)
                links += 1
            for evidence in {link.evidence for link in (*found.chain, *member.links)}:
                apart = not together(bereft(events, evidence), rules, one, other)
                assert apart == (evidence in found.bridges), (seed, number, evidence)
            bridges += len(found.bridges)
    return links, bridges


def chained(found: Why) -> bool:
    """Say whether a chain leads from the one to the other, through no record twice."""
    stops = [found.one, *(link.other for link in found.chain)]
    starts = [link.one for link in found.chain]
    return starts == stops[:-1] and stops[-1] == found.other and len({*stops}) == len(stops)


def test_every_link_of_a_why_joins_and_its_bridges_are_those_that_recomputing_finds() -> None:
    links, bridges = explained(300, 16, seed=41)
    assert links > 200
    assert bridges > 100


@pytest.mark.long
def test_every_link_of_a_why_joins_at_length() -> None:
    links, _ = explained(15_000, 18, seed=42)
    assert links > 10_000


def test_a_number_that_changed_hands_joins_only_those_who_had_it_together() -> None:
    events = (
        seen("a", PHONE),
        seen("b", PHONE, CARD, at=10),
        seen("c", PHONE, CARD, at=80),
        seen("d", PHONE, at=85),
    )
    found = why(events, RULES, "a", "d")
    assert found is not None
    assert [(link.one, link.other, link.by) for link in found.chain] == [
        ("a", "b", "phone"),
        ("b", "c", "card"),
        ("c", "d", "phone"),
    ]
    assert found.bridges == ("phone:1", "card:1")


def test_a_key_that_names_stop_is_no_reason_though_something_else_joins_its_bearers() -> None:
    events = (
        seen("b", PHONE, claim("card", 2)),
        seen("c", PHONE, claim("card", 3)),
        surname("b", "wong"),
        surname("c", "chan"),
        seen("x", claim("card", 2)),
        seen("y", claim("card", 3)),
        joined("x", "y"),
    )
    found = why(events, RULES, "b", "c")
    assert found is not None
    assert [link.by for link in found.chain] == ["card", "joined", "card"]
    assert found.bridges == ("card:2", "joined/x+y", "card:3")
    assert "phone" not in {link.by for link in resolve(events, RULES).members[0].links}


def test_all_who_share_one_key_without_a_break_are_one_step_apart() -> None:
    events = [seen(name, PHONE, at=number) for number, name in enumerate("abc")]
    for one, other in ("ab", "bc", "ac"):
        found = why(events, RULES, one, other)
        assert found is not None
        assert [(link.one, link.other) for link in found.chain] == [(one, other)]


# Why not.


def refused(*events: Event, rules: IdentityRules = RULES) -> WhyNot:
    found = why_not(events, rules, "a", "b")
    assert found is not None
    return found


def reasons(*events: Event, rules: IdentityRules = RULES) -> list[Reason]:
    found = refused(*events, rules=rules)
    return [*(item.why for item in found.stopped), *(each.why for each in found.demoted)]


PAIR = (seen("a", PHONE), seen("b", PHONE))
TYPED = claim("phone", 1, "typed")


def test_every_pair_of_three_surnames_is_told_why_not() -> None:
    events = (*PAIR, seen("c", PHONE), *(surname(name, of) for name, of in (("a", "w"), ("b", "c"), ("c", "l"))))
    for one, other in ("ab", "bc", "ac"):
        found = why_not(events, RULES, one, other)
        assert found is not None
        assert [item.why for item in found.stopped] == [NamesDisagree()]


def test_what_was_revoked_deleted_dropped_or_forgotten_is_told() -> None:
    assert reasons(*PAIR, settled("b", PHONE, holds=False)) == [Revoked(statement="claim/b+phone+phone:1+")]
    assert reasons(*PAIR, seen("b", version=1, deleted=True)) == [Deleted()]
    assert reasons(*PAIR, seen("b", version=1)) == [Dropped()]
    assert reasons(*PAIR, erased("b")) == [Erased()]
    assert refused(*PAIR, erased("b")).remedies == ()
    assert reasons(*PAIR, erased("b"), parted("a", "b"))[0].kind in ("erased", "said_apart")


def test_a_key_that_was_only_typed_and_joins_nobody_anyway_is_told_as_both() -> None:
    typed = (seen("a", PHONE), seen("b", TYPED))
    assert reasons(*typed, shared("phone:1")) == [Unverified(), SharedKey(statement="shared/phone:1")]
    blocked = evolve(RULES, blocked=("phone:1",))
    assert reasons(*typed, rules=blocked) == [Unverified(), Blocked()]
    assert "otp" not in refused(*typed, rules=blocked).remedies
    assert "otp" in refused(*typed).remedies


def test_a_kind_without_a_rule_is_told() -> None:
    wechat = claim("wechat", 1)
    assert reasons(seen("a", wechat), seen("b", wechat)) == [NoRule()]


def test_those_between_whom_others_had_a_number_are_told_why_not() -> None:
    events = (seen("a", PHONE), seen("x", PHONE, at=40), seen("b", PHONE, at=80))
    assert reasons(*events) == [PerhapsRecycled(days=40, limit=30)]
    assert reasons(*PAIR[:1], seen("b", PHONE, at=20), recycled("phone:1", 10)) == [GivenUp()]


def ever_borne(events: Sequence[Event], profile: ProfileId) -> set[tuple[str, str]]:
    told = [event for event in events if isinstance(event, ProfileSeen) and event.profile == profile]
    return {(found.fingerprint, found.provider) for event in told for found in event.claims}


def test_two_who_ever_shared_something_are_never_told_that_they_share_nothing() -> None:
    random, told = Random(43), 0
    for number in range(250):
        events = observations(random, 16, records=6)
        rules = RULE_SETS[number % len(RULE_SETS)]
        one, other = random.sample("abcdef", 2)
        found = why_not(events, rules, one, other)
        if found is not None and ever_borne(events, one) & ever_borne(events, other):
            assert found.stopped or found.demoted, number
            told += 1
    assert told > 20


# What if.


def test_what_would_be_without_a_statement_is_what_recomputing_says() -> None:
    random, changed = Random(44), 0
    for number in range(300):
        events = plain(observations(random, 16, records=7))
        rules = RULE_SETS[number % len(RULE_SETS)]
        evidence = random.choice([random.choice(events).id, f"phone:{random.randint(1, 3)}"])
        names = [member.profiles for member in resolve(events, rules).members]
        also = [name for profiles in names for name in profiles]
        expected = {member.profiles for member in resolve(bereft(events, evidence), rules, also=also).members}
        found = what_if_without(events, rules, evidence)
        assert {member.profiles for member in found.before} == {*names} - expected, number
        assert {member.profiles for member in found.after} == expected - {*names}, number
        changed += bool(found.before)
    assert changed > 30


def test_of_two_contents_of_one_version_the_one_that_counts_counts_without_a_claim_as_well() -> None:
    for other in range(2, 12):
        two = (seen("b", PHONE, EMAIL, claim("card", other)), seen("b", PHONE, claim("card", other)))
        events = (seen("a", EMAIL, PHONE), *two)
        borne = {found.fingerprint for found in observe(events).claims["b"].values()}
        found = what_if_without(events, RULES, "phone:1")
        assert [member.profiles for member in found.after] == ([] if "email:1" in borne else [("a",), ("b",)])


@pytest.mark.parametrize(
    ("statement", "records"),
    [
        (shared("phone:1"), (*PAIR, seen("c", PHONE))),
        (recycled("phone:1", 5), (*PAIR, seen("c", PHONE, at=8))),
        (settled("c", PHONE, holds=False), (*PAIR, seen("c", PHONE))),
        (settled("c", PHONE), (*PAIR, seen("c", at=20))),
        (erased("c"), (*PAIR, seen("c", PHONE))),
        (parted("c", ("a", "b")), (*PAIR, seen("c", PHONE))),
    ],
    ids=["shared", "recycled", "revoked", "verified", "forgotten", "parted"],
)
def test_a_shop_says_of_what_would_be_what_recomputing_says(statement: Event, records: tuple[Event, ...]) -> None:
    shop = memory_shop(Rules(programme=PROGRAMME, identity=RULES), now=lambda: day(99))
    shop.record(*records, statement)
    for profile in "abc":
        found = without(shop, profile, statement.id)
        whole = what_if_without([*records, statement], RULES, statement.id)
        assert found.after
        assert {*found.after} <= {*whole.after}
        mine = {member.profiles for member in whole.after if profile in member.profiles}
        assert mine <= {member.profiles for member in found.after}


def test_a_shop_explains_as_the_set_of_its_events_does() -> None:
    random, kinds = Random(45), set()
    for number in range(80):
        events = observations(random, 20, records=9)
        rules = RULE_SETS[number % len(RULE_SETS)]
        shop = memory_shop(Rules(programme=PROGRAMME, identity=rules), now=lambda: day(99))
        shop.record(*events)
        one, other = random.sample("abcdefghi", 2)
        expected = why(events, rules, one, other) or why_not(events, rules, one, other)
        assert explain(shop, one, other) == expected, number
        kinds.add(type(expected))
    assert kinds == {Why, WhyNot}
