"""Binding by a one-time password: to whoever bears the number now, by a claim that links; never to a stranger."""

from datetime import datetime, timedelta
from random import Random

import pytest
from attrs import evolve

from omo_adapters.desk import Rules
from omo_adapters.shop import Shop, memory_shop
from omo_core.decisions import Accepted, Refusal, Refused
from omo_core.events import Event
from omo_core.identifiers import ProfileId, RequestId
from omo_core.loyalty import simple_programme
from omo_core.members import DEFAULT_RULES, IdentityRules, ProfileSeen, ProfilesJoined, TraitsSeen, resolve
from omo_core.members.commands import BindProfile, OtpProof, VerifyClaim
from omo_core.members.refusals import (
    AlreadyTogether,
    HasAnother,
    KeptApart,
    KeyUseless,
    NobodyBearsIt,
    ProofUsed,
    SeveralBearIt,
)
from tests.core.members.observations import (
    RULES,
    claim,
    day,
    erased,
    observations,
    parted,
    recycled,
    seen,
    settled,
    shared,
    surname,
)

PROGRAMME = simple_programme("HKD", per=1000, zone_name="Asia/Hong_Kong")
PHONE = claim("phone", "V", "otp")
TYPED = claim("phone", "V", "typed")
ME = seen("me", at=800)


def opened(*events: Event, rules: IdentityRules = DEFAULT_RULES) -> Shop:
    shop = memory_shop(Rules(programme=PROGRAMME, identity=rules), now=lambda: day(900))
    shop.record(*events)
    return shop


def bind(at: int = 810, profile: str = "me", challenge: str = "c1") -> BindProfile:
    otp = OtpProof(fingerprint=PHONE.fingerprint, at=day(at), challenge=challenge)
    name = RequestId(f"bind {profile} {at} {challenge}")
    return BindProfile(request=name, at=day(at), profile=ProfileId(profile), claim=PHONE, otp=otp, role="shopper")


def asked(*events: Event, at: int = 810, rules: IdentityRules = DEFAULT_RULES) -> Refusal | tuple[ProfileId, ...]:
    """Bind "me" to whoever bears the phone; give the refusal, or whom it has become one with."""
    shop = opened(ME, *events, rules=rules)
    answer = shop.execute(bind(at))
    if isinstance(answer, Refused):
        assert shop.member("me").profiles == resolve([ME, *events], rules).member_of("me").profiles  # type: ignore[union-attr]
        return answer.reason
    return shop.member("me").profiles  # type: ignore[union-attr]


NOBODY = NobodyBearsIt(fingerprint=PHONE.fingerprint)


def test_who_merely_typed_the_number_gets_nobodys_account() -> None:
    assert asked(seen("evil", TYPED)) == NOBODY


def test_who_merely_typed_the_number_keeps_nobody_from_what_is_theirs() -> None:
    crowd = [seen(f"evil{number}", TYPED) for number in range(20)]
    assert asked(*crowd, seen("mine", PHONE, at=700)) == ("mine", "me")


def test_who_gave_the_number_up_does_not_bear_it() -> None:
    assert asked(seen("old", claim("phone", "V", "otp", until=100))) == NOBODY
    assert asked(seen("old", claim("phone", "V", "otp", until=100)), seen("new", PHONE, at=750)) == ("new", "me")
    assert asked(seen("old", claim("phone", "V", "otp", until=811), at=700)) == ("old", "me")


def test_who_had_the_number_before_it_was_recycled_does_not_bear_it() -> None:
    old = seen("old", PHONE, at=650)
    assert asked(old, recycled("phone:V", 700)) == NOBODY
    assert asked(old, recycled("phone:V", 700), seen("new", PHONE, at=750)) == ("new", "me")
    assert asked(old, recycled("phone:V", 700), recycled("phone:V", 700, withdrawn=True, version=1)) == ("old", "me")


def test_a_number_unused_for_long_is_for_staff_to_decide() -> None:
    assert asked(seen("old", PHONE, at=444)) == KeyUseless(fingerprint=PHONE.fingerprint, why="perhaps_recycled")
    assert asked(seen("old", PHONE, at=445)) == ("old", "me")
    assert asked(seen("old", claim("phone", "V", "otp", seen=700), at=0)) == ("old", "me")


def test_a_number_that_staff_says_is_shared_binds_nobody_even_where_one_record_bears_it() -> None:
    assert asked(seen("mum", PHONE, at=700), shared("phone:V")) == KeyUseless(
        fingerprint=PHONE.fingerprint, why="shared_key"
    )


def test_a_placeholder_or_a_number_of_too_many_binds_nobody() -> None:
    blocked = evolve(DEFAULT_RULES, blocked=(PHONE.fingerprint,))
    assert asked(seen("a", PHONE), rules=blocked) == KeyUseless(fingerprint=PHONE.fingerprint, why="blocked")
    crowd = [seen(f"r{number:02}", PHONE, at=700) for number in range(11)]
    assert asked(*crowd) == KeyUseless(fingerprint=PHONE.fingerprint, why="too_many_bearers")


def test_a_kind_that_no_password_proves_binds_nobody() -> None:
    rules = evolve(DEFAULT_RULES, keys=tuple(rule for rule in DEFAULT_RULES.keys if rule.kind != "phone"))
    assert asked(seen("a", PHONE, at=700), rules=rules) == KeyUseless(fingerprint=PHONE.fingerprint, why="unverified")


def test_another_providers_number_is_another_number() -> None:
    assert asked(seen("a", evolve(PHONE, provider="B"), at=700)) == NOBODY


def test_what_a_till_made_up_goes_with_whoever_proves_the_number() -> None:
    till = evolve(seen("till", PHONE, at=-20_000), inferred=True)
    assert asked(till) == ("me", "till")
    assert asked(till, seen("mine", PHONE, at=700)) == ("mine", "me", "till")
    assert asked(till, recycled("phone:V", 700)) == NOBODY
    assert asked(till, seen("old", claim("phone", "V", "otp", until=100))) == NOBODY


def test_of_those_who_shared_a_number_whoever_gave_it_up_does_not_bear_it() -> None:
    old, new = seen("old", claim("phone", "V", "otp", until=750), at=700), seen("new", PHONE, at=720)
    named = (surname("old", "wong"), surname("new", "chan"))
    assert asked(old, new, *named) == ("new", "me")
    till = evolve(seen("till", claim("phone", "V", "otp", until=750), at=-20_000), inferred=True)
    assert asked(till) == NOBODY


def test_names_do_not_stop_a_proof_and_two_people_do() -> None:
    wong, chan = surname("a", "wong"), surname("me", "chan")
    assert asked(seen("a", PHONE, at=700), wong, chan) == ("a", "me")
    assert asked(seen("a", PHONE, at=700), seen("b", PHONE, at=700), wong, surname("b", "lee")) == SeveralBearIt(
        members=(ProfileId("a"), ProfileId("b"))  # type: ignore[arg-type]
    )


def test_a_forgotten_bearer_is_nobody_and_what_staff_said_stands() -> None:
    assert asked(seen("a", PHONE, at=700), erased("a")) == NOBODY
    assert asked(seen("a", PHONE, at=700), parted("a", ("me",))) == KeptApart(member="a")  # type: ignore[arg-type]


def test_what_the_record_bears_by_itself_is_no_other_member() -> None:
    assert asked(seen("me", PHONE, at=805, version=1)) == AlreadyTogether(member="me")  # type: ignore[arg-type]


def test_an_identifier_that_was_given_up_leaves_room_for_another() -> None:
    line = seen("a", PHONE, claim("line", 1, "login"), at=700)
    gone = seen("a", PHONE, claim("line", 1, "login", until=790), at=700)
    mine = seen("me", claim("line", 2, "login"), at=801, version=1)
    assert asked(line, mine) == HasAnother(of="line", limit=1)
    assert asked(gone, mine) == ("a", "me")


def test_the_record_that_bears_the_number_is_bound_to_not_the_earliest_of_its_member() -> None:
    card = claim("card", 1)
    shop = opened(ME, seen("first", card), seen("bearer", card, PHONE, at=700))
    answer = shop.execute(bind())
    assert isinstance(answer, Accepted)
    (said,) = answer.events
    assert isinstance(said, ProfilesJoined)
    assert (said.one, said.other, said.proven, said.challenge) == ("bearer", "me", PHONE.fingerprint, "c1")


def test_one_password_proves_one_thing_for_one_record() -> None:
    shop = opened(ME, seen("also", at=800), seen("a", PHONE, at=700))
    assert isinstance(shop.execute(bind()), Accepted)
    assert shop.execute(bind(profile="also")) == Refused(ProofUsed(challenge="c1"))
    assert isinstance(shop.execute(bind(profile="also", challenge="c2")), Accepted)


def test_a_password_that_verified_a_claim_binds_no_other_record() -> None:
    shop = opened(ME, seen("also", at=800), seen("a", PHONE, at=700))
    otp = OtpProof(fingerprint=PHONE.fingerprint, at=day(810), challenge="c1")
    verify = VerifyClaim(request=RequestId("v"), at=day(810), profile=ProfileId("also"), claim=PHONE, otp=otp)
    assert isinstance(shop.execute(verify), Accepted)
    assert shop.execute(bind()) == Refused(ProofUsed(challenge="c1"))
    again = evolve(verify, request=RequestId("v2"), profile=ProfileId("me"))
    assert shop.execute(again) == Refused(ProofUsed(challenge="c1"))


def test_two_who_use_one_password_in_one_batch_are_not_both_bound() -> None:
    shop = opened(ME, seen("also", at=800), seen("a", PHONE, at=700))
    first, second = shop.run((bind(), bind(profile="also")))
    assert isinstance(first, Accepted)
    assert second == Refused(ProofUsed(challenge="c1"))


def bears(events: list[Event], profile: str, key: str, at: datetime) -> bool:
    """Say, without any of the rules' code, whether a record's own claim could still be its bearer's at an instant."""
    versions = [event for event in events if isinstance(event, ProfileSeen) and event.profile == profile]
    told = [found for event in versions for found in event.claims if found.fingerprint == key]
    told += [event.claim for event in events if event.kind == "claim_settled" and event.profile == profile]  # type: ignore[attr-defined]
    return any(
        found.fingerprint == key and found.proof != "typed" and (found.until is None or found.until > at)
        for found in told
    )


def walk(sets: int, seed: int) -> int:
    """Bind in made-up histories: who is bound is one with a bearer, loses nobody, and nobody else is touched."""
    random, bound = Random(seed), 0
    for number in range(sets):
        events = observations(random, 16, records=6)
        rules = evolve(RULES, records_max=random.choice((4, 20)))
        shop = opened(*events, rules=rules)
        me, key = random.choice("abcdef"), f"phone:{random.randint(0, 3)}"
        otp = OtpProof(fingerprint=key, at=day(95), challenge="c")
        ask = BindProfile(request=RequestId("b"), at=day(95), profile=me, claim=claim("phone", key[-1], "otp"), otp=otp)
        before = {name: member.profiles for name in "abcdef" if (member := shop.member(name)) is not None}
        answer = shop.execute(ask)
        after = {name: member.profiles for name in before if (member := shop.member(name)) is not None}
        if isinstance(answer, Refused):
            assert after == before, (seed, number)
            continue
        (said,) = answer.events
        other = said.one if said.other == me else said.other  # type: ignore[attr-defined]
        assert bears(events, other, key, day(95)), (seed, number)
        assert key not in rules.blocked
        assert {*after[me]} >= {*before[me], *before[other]}, (seed, number)
        bound += 1
    return bound


def test_whoever_is_bound_is_one_with_a_bearer_and_nobody_is_left_behind() -> None:
    assert walk(150, seed=61) > 6


@pytest.mark.long
@pytest.mark.timeout(900)  # a busy machine needs more than the two minutes that a test has
def test_whoever_is_bound_is_one_with_a_bearer_at_length() -> None:
    assert walk(3_000, seed=62) > 120


def test_a_proof_is_as_old_as_it_is_not_as_the_claim_says() -> None:
    shop = opened(ME, seen("a", PHONE, at=700), settled("a", PHONE, at=720))
    late = evolve(bind(), at=day(810) + timedelta(minutes=11))
    assert isinstance(shop.execute(late), Refused)
    assert isinstance(shop.execute(evolve(bind(), request="again", at=day(810) + timedelta(minutes=9))), Accepted)


def test_a_traits_event_alone_makes_nobody_a_bearer() -> None:
    named = TraitsSeen(id="traits/x", at=day(1), profile="x", traits=(("surname", ("wong",)),))
    assert asked(named) == NOBODY
