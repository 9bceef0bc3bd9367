"""What can't mean anything about members is refused with one typed error, and nothing is written."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from omo_adapters.desk import Rules
from omo_adapters.shop import Shop, open_shop
from omo_core.decisions import Accepted
from omo_core.errors import Malformed
from omo_core.events import Event
from omo_core.identifiers import RequestId
from omo_core.loyalty import simple_programme
from omo_core.members import ClaimSettled, ProfilesParted, TagsSeen, TraitsSeen
from omo_core.members.commands import (
    BindProfile,
    MemberCommand,
    OtpProof,
    PartProfiles,
    SetConsent,
    TagProfile,
    VerifyClaim,
)
from tests.core.members.observations import claim, day, seen

PHONE = claim("phone", 1)
OTP = OtpProof(fingerprint=PHONE.fingerprint, at=day(1), challenge="c")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    rules = Rules(programme=simple_programme("HKD", per=1000, zone_name="Asia/Hong_Kong"))
    with open_shop(tmp_path / "omo.db", rules, now=lambda: day(99)) as made:
        made.record(seen("a", PHONE), seen("b", PHONE))
        yield made


def traits(found: Any) -> TraitsSeen:
    return TraitsSeen(id="t", at=day(0), profile="a", traits=found)


def parted(ones: Any, others: Any) -> ProfilesParted:
    return ProfilesParted(id="p", at=day(1), ones=ones, others=others)


def provided(provider: Any) -> Event:
    return seen("a", evolve(PHONE, provider=provider), version=2)


EVENTS: dict[str, tuple[Callable[[], Event], str]] = {
    "traits that are text": (lambda: traits("xx"), "traits"),
    "traits in lists": (lambda: traits([["surname", ["x"]]]), "traits"),
    "a trait in three parts": (lambda: traits((("surname", "x", "y"),)), "traits[0]"),
    "a trait that is a number": (lambda: traits((("surname", (1,)),)), "traits[0][0]"),
    "a kind of trait that is a number": (lambda: traits(((1, ("x",)),)), "traits[0]"),
    "one kind of trait twice": (lambda: traits((("s", ("x",)), ("s", ("y",)))), "traits[1]"),
    "a trait that no store can hold": (lambda: traits((("surname", ("\ud800",)),)), "traits[0][0]"),
    "too many traits": (lambda: traits((("surname", tuple(map(str, range(101)))),)), "traits[0]"),
    "too many kinds of trait": (lambda: traits(tuple((str(each), ("x",)) for each in range(21))), "traits"),
    "parted records in text": (lambda: parted("a", "b"), "ones"),
    "parted records in lists": (lambda: parted(("a",), ["b"]), "others"),
    "a provider that is nothing": (lambda: provided(None), "claims[0].provider"),
    "a provider that is a number": (lambda: provided(7), "claims[0].provider"),
    "a provider that no store can hold": (lambda: provided("\ud800"), "claims[0].provider"),
    "a provider of a megabyte": (lambda: provided("x" * 1_000_000), "claims[0].provider"),
    "a claim that ends before it begins": (
        lambda: seen("a", claim("phone", 1, since=9, until=3), version=2),
        "claims[0].until",
    ),
    "too many tags": (lambda: TagsSeen(id="x", at=day(1), profile="a", tags=("x",) * 1001), "tags"),
    "a settled claim that is text": (
        lambda: ClaimSettled(id="c", at=day(1), profile="a", claim="phone:1"),  # type: ignore[arg-type]
        "claim",
    ),
}


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_that_can_mean_nothing_is_refused_and_every_question_still_answers(shop: Shop, name: str) -> None:
    make, path = EVENTS[name]
    before = shop.journal.read(()).position
    with pytest.raises(Malformed) as told:
        shop.record(make())
    assert told.value.path == path
    assert shop.journal.read(()).position == before
    shop.forget_states()
    assert shop.member("a").profiles == ("a", "b")  # type: ignore[union-attr]


def bind(**changes: Any) -> BindProfile:
    asked = BindProfile(request=RequestId("b"), at=day(1), profile="b", claim=evolve(PHONE, proof="otp"), otp=OTP)
    return evolve(asked, **changes)


def verify(**changes: Any) -> VerifyClaim:
    return evolve(VerifyClaim(request=RequestId("v"), at=day(1), profile="b", claim=PHONE), **changes)


def tag(**changes: Any) -> TagProfile:
    return evolve(TagProfile(request=RequestId("t"), at=day(1), profile="b", added=("x",)), **changes)


def part(profiles: Any) -> PartProfiles:
    return PartProfiles(request=RequestId("p"), at=day(1), profiles=profiles, reason="x")


COMMANDS: dict[str, tuple[Callable[[], MemberCommand], str]] = {
    "binding nothing": (lambda: bind(claim=None), "claim"),
    "binding by a mapping": (lambda: bind(otp={"fingerprint": "phone:1"}), "otp"),
    "binding by no challenge": (lambda: bind(otp=evolve(OTP, challenge=None)), "otp.challenge"),
    "binding by no identifier": (lambda: bind(otp=evolve(OTP, fingerprint=None)), "otp.fingerprint"),
    "verifying text": (lambda: verify(claim="x"), "claim"),
    "verifying by a number": (lambda: verify(otp=5), "otp"),
    "verifying an odd provider": (lambda: verify(claim=evolve(PHONE, provider=7)), "claim.provider"),
    "tags in text": (lambda: tag(added="vip"), "added"),
    "tags in a list": (lambda: tag(added=["vip"]), "added"),
    "no tags at all": (lambda: tag(added=None), "added"),
    "a hundred thousand tags": (lambda: tag(added=tuple(map(str, range(100_000)))), "added"),
    "a tag both on and off": (lambda: tag(removed=("x",)), "removed"),
    "parting text": (lambda: part("a"), "profiles"),
    "parting nothing": (lambda: part(None), "profiles"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_can_mean_nothing_is_one_typed_error(shop: Shop, name: str) -> None:
    make, path = COMMANDS[name]
    before = shop.journal.read(()).position
    with pytest.raises(Malformed) as told:
        shop.execute(make())
    assert told.value.path == path
    assert shop.journal.read(()).position == before


def test_a_moment_before_1970_is_a_moment_like_any_other(shop: Shop) -> None:
    early = datetime(1969, 1, 1, tzinfo=UTC)
    said = SetConsent(request=RequestId("c"), at=early, profile="a", channel="email", allowed=True)
    assert isinstance(shop.execute(said), Accepted)
    later = evolve(said, request=RequestId("c2"), at=early + timedelta(days=1), allowed=False)
    assert isinstance(shop.execute(later), Accepted)
    assert shop.member("a").consents == (("email", False),)  # type: ignore[union-attr]


def statements_for(shop: Shop, count: int) -> int:
    """Count the SQL statements that it takes to settle so many identifiers of one record."""
    assert shop.database is not None
    ran: list[str] = []
    with shop.database.writing() as connection:
        connection.set_trace_callback(ran.append)
    shop.record(
        *(
            ClaimSettled(
                id=f"claim/{count}/{number}", at=day(1), profile=f"p{count}", claim=claim("phone", f"{count}-{number}")
            )
            for number in range(count)
        )
    )
    with shop.database.writing() as connection:
        connection.set_trace_callback(None)
    return len(ran)


def test_what_it_takes_to_settle_one_more_identifier_grows_with_their_number_and_no_faster(shop: Shop) -> None:
    """Each comes to stand beside each: so many rows are written, and no more than so many statements run."""
    few, many = statements_for(shop, 20), statements_for(shop, 80)
    assert many > 80
    assert many < 20 * few
    assert many < 2 * 80 * 80


def test_a_number_of_thousands_is_no_slower_for_each_of_them(shop: Shop) -> None:
    """Of each bearer the rules look once, whatever their number."""
    shop.record(*(seen(f"r{number}", PHONE, at=number % 90) for number in range(1500)))
    start = datetime.now(UTC)
    assert shop.member("r7").profiles == ("r7",)  # type: ignore[union-attr]
    assert datetime.now(UTC) - start < timedelta(seconds=5)
