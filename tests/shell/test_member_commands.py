"""What can be asked about members, through a shop: what is accepted, what is refused, and in which order of reasons."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve

from omo_adapters.desk import Rules
from omo_adapters.shop import Shop, memory_shop, open_shop
from omo_core.decisions import Accepted, Refusal, Refused
from omo_core.identifiers import EventId, ProfileId, RequestId
from omo_core.loyalty import simple_programme
from omo_core.members import DEFAULT_RULES, Claim, KeyShared, ProfilesJoined
from omo_core.members.commands import (
    BindProfile,
    ForgetMember,
    JoinProfiles,
    MemberCommand,
    OtpProof,
    PartProfiles,
    RecycleNumber,
    ResolveReview,
    RevokeClaim,
    SetConsent,
    ShareKey,
    TagProfile,
    VerifyClaim,
    WithdrawStatement,
)
from omo_core.members.refusals import (
    AlreadyApart,
    AlreadyTogether,
    ClaimUnknown,
    HasAnother,
    KeptApart,
    KeyUseless,
    NobodyBearsIt,
    NotAllowed,
    NotUnderReview,
    ProofForOther,
    ProofTooOld,
    RecordForgotten,
    RecordUnknown,
    SeveralBearIt,
    StatementUnknown,
    TooLarge,
)

NOW = datetime(2026, 6, 1, tzinfo=UTC)
PROGRAMME = simple_programme("HKD", per=1000, zone_name="Asia/Hong_Kong")
RULES = Rules(programme=PROGRAMME, identity=evolve(DEFAULT_RULES, records_max=3))
A, B, C, D = (ProfileId(name) for name in ("crm:1", "shopify:2", "line:3", "pos:4"))


@pytest.fixture(params=["memory", "sqlite"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    made = memory_shop(RULES, now=lambda: NOW) if request.param == "memory" else open_shop(tmp_path / "omo.db", RULES)
    with made:
        yield made


def day(number: int) -> datetime:
    return datetime(2026, 5, 1, tzinfo=UTC) + timedelta(days=number)


def see(shop: Shop, profile: ProfileId, at: int = 1, **claims: str) -> None:
    shop.record(shop.profile(profile, at=day(at), **claims))


def ask(shop: Shop, command: MemberCommand) -> Refusal | None:
    answer = shop.execute(command)
    if isinstance(answer, Accepted):
        return None
    assert isinstance(answer, Refused)
    return answer.reason


def groups(shop: Shop, *profiles: ProfileId) -> set[tuple[ProfileId, ...]]:
    return {tuple(sorted(member.profiles)) for each in profiles if (member := shop.member(each)) is not None}


def join(one: ProfileId, other: ProfileId, request: str = "j1", **more: object) -> JoinProfiles:
    return JoinProfiles(request=RequestId(request), at=NOW, one=one, other=other, reason="same face", **more)  # type: ignore[arg-type]


def part(*profiles: ProfileId, request: str = "p1") -> PartProfiles:
    return PartProfiles(request=RequestId(request), at=NOW, profiles=profiles, reason="twins")


def bind(shop: Shop, phone: str = "9123 4567", minutes: int = 1, otp: str = "", profile: ProfileId = C) -> BindProfile:
    key = shop.fingerprint("phone", phone)
    proof = OtpProof(
        fingerprint=shop.fingerprint("phone", otp) if otp else key, at=NOW - timedelta(minutes=minutes), challenge="c1"
    )
    claim = Claim(kind="phone", fingerprint=key, proof="otp")
    return BindProfile(
        request=RequestId(f"b{phone}{minutes}{otp}"), at=NOW, profile=profile, claim=claim, otp=proof, role="shopper"
    )


def test_staff_joins_two_records_and_takes_it_back(shop: Shop) -> None:
    see(shop, A)
    see(shop, B)
    assert ask(shop, join(A, B)) is None
    assert groups(shop, A, B) == {(A, B)}
    assert ask(shop, join(B, A, "j2")) == AlreadyTogether(member=A)  # type: ignore[arg-type]
    back = WithdrawStatement(
        request=RequestId("w1"), at=NOW, profile=A, statement=EventId(f"joined/{A}+{B}"), role="manager"
    )
    assert ask(shop, back) is None
    assert groups(shop, A, B) == {(A,), (B,)}
    assert ask(shop, evolve(back, request="w2")) == StatementUnknown(statement=back.statement)
    assert ask(shop, join(A, B, "j3")) is None
    assert groups(shop, A, B) == {(A, B)}


def test_staff_parts_records_that_a_phone_had_joined(shop: Shop) -> None:
    for each in (A, B, C):
        see(shop, each, phone="9123 4567")
    assert groups(shop, A) == {(A, C, B)}
    assert ask(shop, part(B)) is None
    assert groups(shop, A, B) == {(A, C), (B,)}
    assert ask(shop, part(B, request="p2")) == AlreadyApart(members=(B,))  # type: ignore[arg-type]
    assert ask(shop, part(A, B, request="p3")) == AlreadyApart(members=(A, B))  # type: ignore[arg-type]
    see(shop, B, at=9, phone="9123 4567", email="b@example.com")
    assert groups(shop, A, B) == {(A, C), (B,)}


def test_a_card_at_a_till_goes_with_the_record_that_bears_it(shop: Shop) -> None:
    see(shop, A, phone="9123 4567")
    see(shop, B, phone="9123 4567", card="4711")
    shop.record(evolve(shop.profile(D, at=day(2), card="4711"), inferred=True))
    assert groups(shop, A) == {(A, D, B)}
    assert ask(shop, part(B)) is None
    assert groups(shop, A, B) == {(A,), (D, B)}


def test_a_card_at_a_till_can_be_parted_from_all_else(shop: Shop) -> None:
    see(shop, A, card="4711")
    shop.record(evolve(shop.profile(D, at=day(2), card="4711"), inferred=True))
    assert ask(shop, part(A)) is None
    assert groups(shop, A, D) == {(A,), (D,)}


def test_a_batch_is_decided_on_what_it_says_itself(shop: Shop) -> None:
    for each in (A, B, C):
        see(shop, each)
    first, second, third = shop.run((join(A, B), join(B, C, "j2"), join(A, C, "j3")))
    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert third == Refused(AlreadyTogether(member=A))  # type: ignore[arg-type]
    assert groups(shop, A, B, C) == {(A, C, B)}


def test_a_person_does_not_grow_beyond_the_limit(shop: Shop) -> None:
    for each in (A, B, C, D):
        see(shop, each)
    assert [ask(shop, join(A, each, f"j{each}")) for each in (B, C)] == [None, None]
    assert ask(shop, join(D, A, "j9")) == TooLarge(records=4, limit=3)


def test_a_record_that_nobody_heard_of_or_that_is_forgotten_is_not_joined(shop: Shop) -> None:
    see(shop, A)
    see(shop, B)
    assert ask(shop, join(A, D)) == RecordUnknown(profile=D)
    forget = ForgetMember(request=RequestId("f1"), at=NOW, profile=B, role="privacy")
    assert ask(shop, evolve(forget, role="clerk", request="f0")) == NotAllowed(
        role="clerk", needs=("privacy", "system")
    )
    assert ask(shop, forget) is None
    assert ask(shop, join(A, B, "j2")) == RecordForgotten(profile=B)


def test_roles_are_checked_before_anything_else(shop: Shop) -> None:
    refused = ask(shop, join(A, D, role="shopper"))
    assert isinstance(refused, NotAllowed)


def test_a_shopper_binds_line_by_a_one_time_password(shop: Shop) -> None:
    see(shop, A, phone="9123 4567")
    see(shop, C, line="U1")
    assert ask(shop, bind(shop, minutes=11)) == ProofTooOld(minutes=11, limit=10)
    assert isinstance(ask(shop, bind(shop, minutes=-1)), ProofTooOld)
    assert isinstance(ask(shop, bind(shop, otp="9123 4568")), ProofForOther)
    assert ask(shop, bind(shop)) is None
    assert groups(shop, A, C) == {(A, C)}
    assert ask(shop, bind(shop, minutes=2)) == AlreadyTogether(member=A)  # type: ignore[arg-type]
    assert isinstance(ask(shop, bind(shop, phone="9123 0000")), NobodyBearsIt)


def test_a_phone_of_several_people_binds_nobody(shop: Shop) -> None:
    see(shop, A, phone="9123 4567")
    see(shop, B, phone="9123 4567")
    see(shop, C, line="U1")
    assert ask(shop, part(A)) is None
    assert ask(shop, bind(shop)) == SeveralBearIt(members=(A, B))  # type: ignore[arg-type]


def test_a_shared_phone_binds_nobody(shop: Shop) -> None:
    see(shop, A, phone="9123 4567")
    see(shop, B, phone="9123 4567")
    see(shop, C, line="U1")
    key = shop.fingerprint("phone", "9123 4567")
    assert ask(shop, ShareKey(request=RequestId("s1"), at=NOW, fingerprint=key)) is None
    assert groups(shop, A, B) == {(A,), (B,)}
    assert ask(shop, bind(shop)) == KeyUseless(fingerprint=key, why="shared_key")
    shop.record(KeyShared(id=EventId(f"shared/{key}"), at=NOW, version=2**61, fingerprint=key, withdrawn=True))
    assert groups(shop, A, B) == {(A, B)}


def test_a_member_has_one_line_account_of_a_provider(shop: Shop) -> None:
    def line(profile: ProfileId, user: str) -> None:
        claim = Claim(kind="line", fingerprint=shop.fingerprint("line", user), proof="login", provider="P")
        shop.record(evolve(shop.profile(profile, at=day(1)), claims=(claim,)))

    line(A, "U0")
    line(C, "U1")
    see(shop, B, phone="9123 4567")
    assert ask(shop, join(A, B)) is None
    assert ask(shop, bind(shop)) == HasAnother(of="line", limit=1)


def test_a_shoppers_proof_does_not_overrule_staff(shop: Shop) -> None:
    see(shop, A, phone="9123 4567")
    see(shop, C, line="U1")
    assert ask(shop, join(A, C)) is None
    assert ask(shop, part(C)) is None
    assert ask(shop, bind(shop)) == KeptApart(member=A)  # type: ignore[arg-type]


def test_a_number_that_was_recycled_opens_what_it_joined(shop: Shop) -> None:
    see(shop, A, at=1, phone="9123 4567")
    see(shop, B, at=5, phone="9123 4567")
    key = shop.fingerprint("phone", "9123 4567")
    asked = RecycleNumber(request=RequestId("r1"), at=NOW, fingerprint=key, since=day(3), role="manager")
    assert groups(shop, A) == {(A, B)}
    assert ask(shop, asked) is None
    assert groups(shop, A, B) == {(A,), (B,)}
    unknown = shop.fingerprint("phone", "9123 0000")
    assert ask(shop, evolve(asked, request="r2", fingerprint=unknown)) == NobodyBearsIt(fingerprint=unknown)


def test_an_item_for_review_is_decided_once(shop: Shop) -> None:
    see(shop, A, at=1, phone="9123 4567")
    shop.record(shop.profile(B, at=day(1) + timedelta(days=400), phone="9123 4567"))
    review = ResolveReview(
        request=RequestId("v1"), at=NOW, one=A, other=B, same=True, reason="passport", role="manager"
    )
    assert groups(shop, A, B) == {(A,), (B,)}
    assert ask(shop, review) is None
    assert groups(shop, A, B) == {(A, B)}
    assert ask(shop, evolve(review, request="v2")) == NotUnderReview(one=A, other=B)


def test_a_claim_is_verified_and_revoked(shop: Shop) -> None:
    see(shop, A, phone="9123 4567")
    see(shop, B)
    key = shop.fingerprint("phone", "9123 4567")
    proof = OtpProof(fingerprint=key, at=NOW, challenge="c")
    claim = Claim(kind="phone", fingerprint=key, proof="otp")
    verify = VerifyClaim(request=RequestId("v1"), at=NOW, profile=B, claim=claim)
    assert isinstance(ask(shop, verify), ProofForOther)
    assert ask(shop, evolve(verify, request="v2", otp=proof)) is None
    assert groups(shop, A) == {(A, B)}
    revoke = RevokeClaim(request=RequestId("x1"), at=NOW + timedelta(seconds=1), profile=A, fingerprint=key)
    assert ask(shop, revoke) is None
    assert groups(shop, A, B) == {(A,), (B,)}
    assert ask(shop, evolve(revoke, request="x2")) == ClaimUnknown(fingerprint=key)


def test_tags_and_consents_are_written_down(shop: Shop) -> None:
    see(shop, A)
    assert ask(shop, TagProfile(request=RequestId("t1"), at=NOW, profile=A, added=("vip", "tall"))) is None
    later = NOW + timedelta(seconds=1)
    assert ask(shop, TagProfile(request=RequestId("t2"), at=later, profile=A, removed=("tall",))) is None
    said = SetConsent(request=RequestId("c1"), at=NOW, profile=A, channel="email", allowed=True, role="shopper")
    assert ask(shop, said) is None
    assert ask(shop, evolve(said, request="c2", at=later, allowed=False)) is None
    member = shop.member(A)
    assert member is not None
    assert (member.tags, member.consents) == (("vip",), (("email", False),))


def test_opposite_merges_at_the_same_time_leave_one_person_and_lose_nothing(shop: Shop) -> None:
    for each in (A, B, C):
        see(shop, each)

    def said(one: ProfileId, other: ProfileId) -> ProfilesJoined:
        return ProfilesJoined(id=EventId(f"joined/{one}:{other}"), at=NOW, one=one, other=other)

    shop.record(said(A, B), said(B, A), said(B, C), said(C, A))
    assert groups(shop, A, B, C) == {(A, C, B)}
