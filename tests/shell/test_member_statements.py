"""What staff says takes effect, or is refused: no statement is accepted that changes nothing of what it says."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from attrs import evolve

from omo_adapters.desk import Rules
from omo_adapters.member_questions import review
from omo_adapters.shop import Shop, memory_shop, open_shop
from omo_adapters.shopify.ids import consent_event
from omo_core.decisions import Accepted, Refusal, Refused
from omo_core.errors import Malformed
from omo_core.events import Event
from omo_core.identifiers import ProfileId, RequestId, compound
from omo_core.loyalty import simple_programme
from omo_core.members import IdentityRules, ProfilesJoined
from omo_core.members.commands import (
    JoinProfiles,
    MemberCommand,
    PartProfiles,
    RecycleNumber,
    ResolveReview,
    RevokeClaim,
    SetConsent,
    ShareKey,
    VerifyClaim,
    WithdrawStatement,
)
from omo_core.members.reasons import SaidTogether
from omo_core.members.refusals import NotUnderReview, StatementStands, TooManyClaims, WouldFallOut
from tests.core.members.observations import RULES, claim, day, likely, observations, seen, surname

PROGRAMME = simple_programme("HKD", per=1000, zone_name="Asia/Hong_Kong")
CARD, PHONE = claim("card", 1), claim("phone", 1)
A, B, C = (ProfileId(name) for name in "abc")


@pytest.fixture(params=["memory", "sqlite"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    rules = Rules(programme=PROGRAMME, identity=RULES)
    made = memory_shop(rules, now=lambda: day(99)) if request.param == "memory" else open_shop(tmp_path / "o.db", rules)
    with made:
        yield made


def opened(*events: Event, rules: IdentityRules = RULES) -> Shop:
    shop = memory_shop(Rules(programme=PROGRAMME, identity=rules), now=lambda: day(99))
    shop.record(*events)
    return shop


def request() -> RequestId:
    request.count = getattr(request, "count", 0) + 1  # type: ignore[attr-defined]
    return RequestId(f"r{request.count}")  # type: ignore[attr-defined]


def join(one: str, other: str, minutes: int = 0) -> JoinProfiles:
    at = day(70) + timedelta(minutes=minutes)
    return JoinProfiles(request=request(), at=at, one=ProfileId(one), other=ProfileId(other), reason="same face")


def part(*profiles: str, minutes: int = 0) -> PartProfiles:
    at = day(70) + timedelta(minutes=minutes)
    return PartProfiles(request=request(), at=at, profiles=tuple(map(ProfileId, profiles)), reason="twins")


def resolve_item(one: str, other: str, *, same: bool, minutes: int = 0) -> ResolveReview:
    at = day(70) + timedelta(minutes=minutes)
    return ResolveReview(
        request=request(), at=at, one=ProfileId(one), other=ProfileId(other), same=same, reason="asked", role="manager"
    )


def ask(shop: Shop, command: MemberCommand) -> Refusal | None:
    answer = shop.execute(command)
    return answer.reason if isinstance(answer, Refused) else None


def groups(shop: Shop, names: str) -> set[tuple[ProfileId, ...]]:
    return {tuple(sorted(member.profiles)) for name in names if (member := shop.member(ProfileId(name))) is not None}


# A statement of an earlier moment.


def test_a_parting_that_a_later_join_overrules_is_refused(shop: Shop) -> None:
    shop.record(seen("a"), seen("b"))
    assert ask(shop, join("a", "b")) is None
    assert ask(shop, part("a", minutes=-1)) == StatementStands(statement=compound("joined", "a", "b"), said_at=day(70))
    assert groups(shop, "ab") == {(A, B)}
    assert ask(shop, part("a", minutes=1)) is None
    assert groups(shop, "ab") == {(A,), (B,)}


def test_a_join_at_or_before_the_moment_of_a_parting_is_refused(shop: Shop) -> None:
    shop.record(seen("a", CARD), seen("b", CARD))
    parting = part("a")
    assert ask(shop, parting) is None
    stands = StatementStands(statement=f"parted/{parting.request}", said_at=day(70))
    assert [ask(shop, join("a", "b", minutes=minutes)) for minutes in (0, -5)] == [stands, stands]
    assert groups(shop, "ab") == {(A,), (B,)}
    assert ask(shop, join("a", "b", minutes=1)) is None
    assert groups(shop, "ab") == {(A, B)}


def test_a_join_that_would_leave_somebody_behind_is_refused_with_the_statement_that_does_it(shop: Shop) -> None:
    shop.record(seen("a"), seen("b"), seen("c"))
    assert [ask(shop, each) for each in (join("a", "b"), join("a", "c"))] == [None, None]
    parting = part("c", minutes=1)
    assert ask(shop, parting) is None
    assert groups(shop, "abc") == {(A, B), (C,)}
    refused = ask(shop, join("b", "c", minutes=2))
    assert isinstance(refused, StatementStands)
    assert refused.statement == f"parted/{parting.request}"
    assert groups(shop, "abc") == {(A, B), (C,)}
    back = WithdrawStatement(request=request(), at=day(71), profile=C, statement=refused.statement, role="manager")
    assert ask(shop, back) is None
    assert groups(shop, "abc") == {(A, B, C)}


def test_a_join_that_names_would_undo_elsewhere_is_refused_with_whom_it_would_part(shop: Shop) -> None:
    shop.record(seen("a", PHONE), seen("b", PHONE), seen("c"), surname("b", "wong"), surname("c", "chan"))
    assert groups(shop, "abc") == {(A, B), (C,)}
    assert ask(shop, join("a", "c")) == WouldFallOut(profiles=(B,))
    assert groups(shop, "abc") == {(A, B), (C,)}
    assert ask(shop, join("b", "c")) is None
    assert groups(shop, "abc") == {(A, B, C)}


def statements(sets: int, seed: int) -> int:
    """Ask for something in made-up histories: what is accepted is so afterwards, what is refused changed nothing."""
    random, accepted = Random(seed), 0
    for number in range(sets):
        events = observations(random, 14, records=5)
        rules = evolve(RULES, records_max=random.choice((4, 20)))
        shop = opened(*events, rules=rules)
        before = groups(shop, "abcde")
        one, other = random.sample("abcde", 2)
        minutes = random.randint(-100_000, 30_000)
        what = random.choice((join(one, other, minutes), part(one, minutes=minutes)))
        if random.random() < 0.4:
            what = resolve_item(one, other, same=random.random() < 0.5, minutes=minutes)  # type: ignore[assignment]
        answer = shop.execute(what)
        if isinstance(answer, Refused):
            assert groups(shop, "abcde") == before, (seed, number)
            continue
        together = isinstance(what, JoinProfiles) or (isinstance(what, ResolveReview) and what.same)
        (said,) = answer.events
        if together:
            whole = {name for group in before if one in group or other in group for name in group}
            assert any(whole <= {*group} for group in groups(shop, "abcde")), (seed, number)
        else:
            for mine in said.ones:  # type: ignore[attr-defined]
                assert not {*shop.member(mine).profiles} & {*said.others}, (seed, number)  # type: ignore[union-attr,attr-defined]
        accepted += 1
    return accepted


def test_what_is_accepted_is_so_and_what_is_refused_changed_nothing() -> None:
    assert statements(150, seed=71) > 30


@pytest.mark.long
def test_what_is_accepted_is_so_at_length() -> None:
    assert statements(8_000, seed=72) > 2_000


# Review.


def household() -> tuple[Event, ...]:
    names = (("a", "wong"), ("b", "chan"), ("c", "lee"))
    return (*(seen(name, PHONE) for name, _ in names), *(surname(name, of) for name, of in names))


def test_every_pair_of_a_household_can_be_decided(shop: Shop) -> None:
    shop.record(*household())
    assert {(item.one, item.other) for item in review(shop, A)} == {(A, B), (A, C)}
    assert ask(shop, resolve_item("a", "b", same=False)) is None
    assert ask(shop, resolve_item("b", "c", same=False)) is None
    assert ask(shop, resolve_item("a", "c", same=True)) is None
    assert groups(shop, "abc") == {(A, C), (B,)}
    assert review(shop, B) == ()


def test_a_record_without_a_name_waits_beside_each_of_those_who_have_one(shop: Shop) -> None:
    shop.record(*household()[:2], *household()[3:5], seen("n", PHONE), seen("m", claim("phone", 2)))
    assert {(item.one, item.other) for item in review(shop, ProfileId("n"))} == {("a", "n"), ("b", "n")}
    assert ask(shop, resolve_item("n", "a", same=False)) is None
    assert {(item.one, item.other) for item in review(shop, ProfileId("n"))} == {("b", "n")}
    assert ask(shop, resolve_item("n", "m", same=False)) == NotUnderReview(one="n", other="m")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "events",
    [
        (seen("a", PHONE), seen("b", PHONE), surname("a", "wong"), surname("b", "chan")),
        (seen("a", PHONE), seen("b", PHONE), seen("c", PHONE), surname("a", "wong"), surname("c", "chan")),
        (seen("a", PHONE), seen("b", PHONE, at=60)),
        (seen("a", claim("phone", 1, until=5)), seen("b", PHONE, at=6)),
        (seen("a", claim("crm", 1), CARD), seen("b", claim("crm", 2), CARD)),
        (seen("a"), seen("b"), likely("a", "b", 900_000)),
    ],
    ids=["names", "no name", "unused for long", "given up", "two numbers", "a matcher"],
)
def test_what_was_decided_once_waits_no_more_whatever_had_stopped_it(shop: Shop, events: tuple[Event, ...]) -> None:
    shop.record(*events)
    assert ("a", "b") in {(item.one, item.other) for item in review(shop, A)}
    assert ask(shop, resolve_item("a", "b", same=False)) is None
    assert ("a", "b") not in {(item.one, item.other) for item in review(shop, A)}
    assert ask(shop, resolve_item("a", "b", same=False, minutes=1)) == NotUnderReview(one=A, other=B)
    assert ask(shop, resolve_item("a", "b", same=True, minutes=2)) is None
    assert groups(shop, "ab") == {(A, B)}


def test_two_who_had_a_number_long_apart_can_be_decided_though_others_had_it_between_them(shop: Shop) -> None:
    shop.record(*(seen(name, PHONE, at=number * 40) for number, name in enumerate("abc")))
    assert groups(shop, "abc") == {(A,), (B,), (C,)}
    assert ask(shop, resolve_item("a", "c", same=True)) is None
    assert groups(shop, "abc") == {(A, C), (B,)}


def test_an_item_is_told_the_same_live_as_for_the_whole_shop() -> None:
    random, items = Random(15), 0
    for number in range(60):
        shop = opened(*observations(random, 30, records=14))
        whole = shop.partition()
        for name in "abcdefghijklmn":
            member = whole.member_of(ProfileId(name))
            mine = {*member.profiles} if member is not None else set()
            expected = {item for item in whole.waiting if {item.one, item.other} & mine}
            assert {*review(shop, ProfileId(name))} == expected, number
            items += len(expected)
    assert items > 100


# Taking back, and what is said twice.


def test_a_number_that_was_not_recycled_after_all_joins_again(shop: Shop) -> None:
    shop.record(seen("a", PHONE), seen("b", PHONE, at=5))
    assert (
        ask(shop, RecycleNumber(request=RequestId("x"), at=day(9), fingerprint="phone:1", since=day(3), role="manager"))
        is None
    )
    assert groups(shop, "ab") == {(A,), (B,)}
    name = compound("recycled", "phone:1", "x")
    back = WithdrawStatement(request=request(), at=day(9), profile=A, statement=name, role="manager")
    assert ask(shop, evolve(back, role="clerk")) is not None
    assert ask(shop, evolve(back, request=request())) is None
    assert groups(shop, "ab") == {(A, B)}
    assert ask(shop, evolve(back, request=request())) is not None


def test_a_shared_number_can_be_taken_back_as_any_statement(shop: Shop) -> None:
    shop.record(seen("a", PHONE), seen("b", PHONE))
    assert ask(shop, ShareKey(request=request(), at=day(9), fingerprint="phone:1")) is None
    assert groups(shop, "ab") == {(A,), (B,)}
    back = WithdrawStatement(request=request(), at=day(9), profile=A, statement="shared/phone:1", role="manager")
    assert ask(shop, back) is None
    assert groups(shop, "ab") == {(A, B)}
    assert ask(shop, ShareKey(request=request(), at=day(8), fingerprint="phone:1")) is None
    assert groups(shop, "ab") == {(A,), (B,)}


def test_what_is_settled_last_counts_though_a_clock_is_slow(shop: Shop) -> None:
    shop.record(seen("a", PHONE), seen("b"))
    verify = VerifyClaim(request=request(), at=day(9), profile=B, claim=PHONE)
    revoke = RevokeClaim(request=request(), at=day(8), profile=B, fingerprint="phone:1")
    for command, together in ((verify, True), (revoke, False), (evolve(verify, request=request()), True)):
        assert ask(shop, command) is None
        assert groups(shop, "ab") == ({(A, B)} if together else {(A,), (B,)})


def test_revoking_a_number_of_two_providers_revokes_both(shop: Shop) -> None:
    shop.record(seen("a", CARD, evolve(CARD, provider="B")), seen("b", CARD), seen("c", evolve(CARD, provider="B")))
    assert groups(shop, "abc") == {(A, B, C)}
    assert ask(shop, RevokeClaim(request=request(), at=day(8), profile=A, fingerprint="card:1")) is None
    assert groups(shop, "abc") == {(A,), (B,), (C,)}


# Consent.


def consent(allowed: bool, at: int = 9, channel: str = "email", purpose: str = "marketing") -> SetConsent:
    return SetConsent(
        request=request(), at=day(at), profile=A, channel=channel, allowed=allowed, purpose=purpose, role="shopper"
    )


def allowed(shop: Shop) -> dict[str, bool]:
    member = shop.member(A)
    return {} if member is None else dict(member.consents)


def test_a_no_counts_at_once_and_a_yes_no_newer_than_a_no_is_refused(shop: Shop) -> None:
    shop.record(seen("a"))
    assert [ask(shop, consent(True)), ask(shop, consent(False))] == [None, None]
    assert allowed(shop) == {"email": False}
    stands = StatementStands(statement=compound("consent", "a", "email"), said_at=day(9))
    assert [ask(shop, consent(True)), ask(shop, consent(True, at=8))] == [stands, stands]
    assert allowed(shop) == {"email": False}
    assert ask(shop, consent(True, at=10)) is None
    assert ask(shop, consent(False, at=3)) is None  # a slow clock: a no is never lost
    assert allowed(shop) == {"email": False}


def test_a_later_version_of_the_record_that_says_no_counts(shop: Shop) -> None:
    shop.record(evolve(seen("a"), consents=(("email", True),)))
    assert ask(shop, consent(True, at=1)) is None
    shop.record(evolve(seen("a", at=50, version=50), consents=(("email", False),)))
    assert allowed(shop) == {"email": False}
    assert isinstance(ask(shop, consent(True, at=49)), StatementStands)
    assert ask(shop, consent(True, at=51)) is None
    assert allowed(shop) == {"email": True}


def test_channels_and_purposes_are_told_apart_by_what_they_are_not_by_how_they_are_spelled(shop: Shop) -> None:
    shop.record(seen("a"))
    assert ask(shop, consent(True, channel="Email")) is None
    assert ask(shop, consent(False, purpose="receipts")) is None
    with pytest.raises(Malformed):
        shop.execute(consent(True, channel="email/receipts"))
    assert ask(shop, consent(False, channel="EMAIL", purpose="Marketing")) is None
    assert allowed(shop) == {"email": False, "email/receipts": False}


def test_what_staff_writes_down_is_a_version_of_what_the_platform_said(shop: Shop) -> None:
    shop.record(seen("shopify:7"))
    command = evolve(consent(False), profile=ProfileId("shopify:7"))
    answer = shop.execute(command)
    assert isinstance(answer, Accepted)
    assert [event.id for event in answer.events] == [consent_event("7", "email")]


# Names of documents.


def test_statements_about_other_records_never_have_one_name(shop: Shop) -> None:
    names = ("a", "b:c", "a:b", "c", "a+b", "c%2Bd", "a+", "b")
    shop.record(*(seen(name) for name in names))
    for one, other in (("a", "b:c"), ("a:b", "c")):
        assert ask(shop, join(one, other)) is None
    assert shop.member("a").profiles == ("a", "b:c")  # type: ignore[union-attr]
    assert sorted(shop.member("c").profiles) == ["a:b", "c"]  # type: ignore[union-attr]
    made = {compound("joined", one, other) for one in names for other in names}
    assert len(made) == len(names) ** 2
    assert len({compound("joined", "x" * 150, "y" * 150), compound("joined", "x" * 149, "xy" * 75)}) == 2
    assert len(compound("joined", "x" * 200, "y" * 200)) < 60


# Limits.


def test_a_record_bears_only_so_many_identifiers(shop: Shop) -> None:
    shop.record(seen("a", *(claim("phone", number) for number in range(99))))
    said = [VerifyClaim(request=request(), at=day(9), profile=A, claim=claim("phone", number)) for number in (100, 101)]
    assert [ask(shop, each) for each in said] == [None, TooManyClaims(claims=100, limit=100)]
    again = VerifyClaim(request=request(), at=day(9), profile=A, claim=claim("phone", 7, "login"))
    assert ask(shop, again) is None


def test_a_join_that_is_withdrawn_leaves_what_was_said_against_it(shop: Shop) -> None:
    shop.record(seen("a"), seen("b"))
    assert ask(shop, part("a")) is not None  # they are two as it is
    assert isinstance(shop.execute(join("a", "b")), Accepted)
    (event,) = [event for event in shop.history("a") if isinstance(event, ProfilesJoined)]
    assert event.version == 0
    assert SaidTogether() not in [item.why for item in review(shop, A)]
