"""What is a key at all, and for how many: providers, people instead of records, values that count, and the order."""

from datetime import timedelta
from random import Random

from attrs import evolve

from omo_core.events import Event
from omo_core.identifiers import ProfileId
from omo_core.members import DEFAULT_RULES, IdentityRules, KeyRule, resolve
from omo_core.members.reasons import Reason, TooManyBearers, TooManyValues
from tests.core.members.observations import ALL, RULES, START, claim, erased, seen, settled, shared, surname

PHONE, EMAIL = claim("phone", 1), claim("email", 1)


def groups(*events: Event, rules: IdentityRules = RULES) -> list[tuple[ProfileId, ...]]:
    return sorted(tuple(sorted(member.profiles)) for member in resolve(events, rules).members)


def demoted(*events: Event, rules: IdentityRules = RULES) -> list[Reason]:
    return [each.why for each in resolve(events, rules).demoted]


def stopped(*events: Event, rules: IdentityRules = RULES) -> list[Reason]:
    return [each.why for each in resolve(events, rules).stopped]


# Providers.


def test_what_two_providers_hand_out_never_meets_even_where_the_hash_is_the_same() -> None:
    for kind in ("crm", "card"):
        one, other = claim(kind, "7"), claim(kind, "7", provider="")
        brand_a, brand_b = evolve(one, provider="A"), evolve(one, provider="B")
        assert groups(seen("a", one), seen("b", other)) == [("a", "b")]
        assert groups(seen("a", brand_a), seen("b", brand_b)) == [("a",), ("b",)]
        assert groups(seen("a", brand_a), seen("b", brand_a)) == [("a", "b")]


def test_one_record_bears_the_same_number_of_two_providers_twice() -> None:
    one = claim("card", "7")
    brand_a, brand_b = evolve(one, provider="A"), evolve(one, provider="B")
    events = (seen("a", brand_a), seen("b", brand_b), seen("c", brand_a, brand_b))
    assert groups(*events) == [("a", "b", "c")]
    assert groups(*events, settled("c", brand_a, holds=False)) == [("a",), ("b", "c")]


def test_two_kinds_never_meet_whatever_their_hash() -> None:
    card = claim("card", 1)
    assert groups(seen("a", card), seen("b", evolve(card, kind="email"))) == [("a",), ("b",)]


# People, not records.

FEW = evolve(RULES, records_max=20)
"""At most three people share a phone or a card, and nobody has more than twenty records."""


def of_one_person(count: int) -> list[Event]:
    return [seen(f"r{number:02}", PHONE, EMAIL) for number in range(count)]


def test_many_records_of_one_person_who_share_two_keys_are_one_member() -> None:
    events = of_one_person(11)
    assert len(groups(*events, rules=FEW)) == 1
    assert demoted(*events, rules=FEW) == []


def test_a_second_key_makes_no_person_of_people_with_different_names() -> None:
    names = [surname(f"r{number:02}", f"name{number}") for number in range(11)]
    assert demoted(*of_one_person(11), *names, rules=FEW) == [
        TooManyBearers(bearers=11, limit=10),
        TooManyBearers(bearers=11, limit=3),
    ]


def test_those_who_share_a_second_key_count_once_among_strangers() -> None:
    household = [seen(f"h{number}", PHONE, EMAIL) for number in range(5)]
    strangers = [seen(f"s{number}", PHONE) for number in range(3)]
    assert len(groups(*household, *strangers[:2], rules=FEW)) == 1
    assert demoted(*household, *strangers, rules=FEW) == [TooManyBearers(bearers=4, limit=3)]
    assert len(groups(*household, *strangers, rules=FEW)) == 4


def test_a_placeholder_shared_beside_it_makes_nobody_one_person() -> None:
    nobody = claim("email", 0)
    events = [seen(f"r{number}", PHONE, nobody) for number in range(4)]
    assert TooManyBearers(bearers=4, limit=3) in demoted(*events, rules=FEW)


def test_who_merely_typed_a_number_counts_when_so_many_do_that_no_person_has_so_many_records() -> None:
    typed = claim("phone", 1, "typed")
    two = (seen("a", PHONE), seen("b", PHONE))
    crowd = [seen(f"t{number:02}", typed) for number in range(19)]
    assert groups(*two, *crowd[:18], rules=FEW)[0] == ("a", "b")
    assert demoted(*two, *crowd, rules=FEW) == [TooManyBearers(bearers=21, limit=20)]
    assert ("a",) in groups(*two, *crowd, rules=FEW)


def test_forgetting_one_of_too_many_joins_none_of_the_others() -> None:
    four = [seen(name, PHONE) for name in "abcd"]
    assert groups(*four, rules=FEW) == [("a",), ("b",), ("c",), ("d",)]
    assert groups(*four, erased("d"), rules=FEW) == [("a",), ("b",), ("c",), ("d",)]
    assert groups(*four[:3], erased("c"), rules=FEW) == [("a", "b"), ("c",)]
    assert demoted(*four[:2], *(erased(name) for name in "ab"), rules=FEW) == []


def test_whoever_was_forgotten_counts_with_those_of_the_same_time() -> None:
    new = [seen(name, PHONE, at=90) for name in "xyz"]
    old = [seen("a", PHONE), seen("b", PHONE), erased("b")]
    assert ("x", "y", "z") in groups(*old, *new, rules=FEW)
    assert groups(*new, seen("w", PHONE, at=91), erased("w"), rules=FEW) == [("w",), ("x",), ("y",), ("z",)]


# Values that count.

ONE_EACH = evolve(RULES, keys=tuple(evolve(rule, values_max=1) for rule in RULES.keys))
CARD = claim("card", 9)


def test_a_placeholder_is_no_identifier_of_a_person() -> None:
    events = (seen("a", CARD, claim("email", 0)), seen("b", CARD, EMAIL))
    assert groups(*events, rules=ONE_EACH) == [("a", "b")]
    assert stopped(seen("a", CARD, claim("email", 2)), seen("b", CARD, EMAIL), rules=ONE_EACH) == [
        TooManyValues(of="email", values=2, limit=1)
    ]


def test_a_shared_or_overcrowded_key_is_no_identifier_of_a_person() -> None:
    pair = (seen("a", CARD, claim("phone", 2)), seen("b", CARD, PHONE))
    assert stopped(*pair, rules=ONE_EACH) == [TooManyValues(of="phone", values=2, limit=1)]
    assert groups(*pair, shared("phone:2"), rules=ONE_EACH) == [("a", "b")]
    crowd = [seen(name, PHONE) for name in "wxyz"]
    assert ("a", "b") in groups(*pair, *crowd, rules=ONE_EACH)


def test_what_was_given_up_is_no_identifier_of_a_person_any_more() -> None:
    old, new = claim("crm", 1, until=10), claim("crm", 2, since=20)
    assert groups(seen("a", CARD, old), seen("b", CARD, new)) == [("a", "b")]
    assert stopped(seen("a", CARD, claim("crm", 1)), seen("b", CARD, new)) == [
        TooManyValues(of="crm", values=2, limit=1)
    ]


# Order.


def alone_and_together(sets: int, seed: int) -> None:
    """Resolve a set as a whole and its parts alone, where the order of equal instants decides."""
    random, kinds = Random(seed), ("card", "phone", "email")
    rules = IdentityRules(keys=tuple(KeyRule(kind=kind, proofs=ALL, values_max=1) for kind in kinds))
    for number in range(sets):
        events: list[Event] = []
        for name in "hijklmno":
            borne = {(kind, value): claim(kind, value) for kind in kinds for value in [random.randint(0, 3)]}
            record = seen(name, *random.sample(list(borne.values()), 2))
            events.append(evolve(record, at=START + timedelta(microseconds=random.randint(0, 3))))
        names = [f"{'az'[place % 2]}{place}" for place in range(12)]
        others = [seen(name, claim("card", place // 4), claim("email", place // 4)) for place, name in enumerate(names)]
        others = [evolve(each, claims=tuple(evolve(one, provider="B") for one in each.claims)) for each in others]
        whole = resolve(events, rules)
        beside = resolve([*events, *others], rules)
        assert {member.profiles for member in whole.members} <= {member.profiles for member in beside.members}, number


def test_how_many_others_there_are_changes_nobodys_order() -> None:
    alone_and_together(100, seed=31)


def test_the_usual_rules_count_people_with_the_usual_limits() -> None:
    events = [seen(f"r{number:02}", PHONE, EMAIL) for number in range(11)]
    assert len(resolve(events, DEFAULT_RULES).members) == 1
    assert [len(member.profiles) for member in resolve([*events, erased("r01")], DEFAULT_RULES).members] == [10, 1]
