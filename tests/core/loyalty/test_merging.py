"""At whose rate a merged member earns, as a named policy; and what a person gets once."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from attrs import evolve

from omo_core.errors import Malformed
from omo_core.events import Event
from omo_core.identifiers import EventId, OrderId, ProfileId, Sku
from omo_core.joinings import Joining, earliest
from omo_core.loyalty import (
    Account,
    Earning,
    Ladder,
    PointsGranted,
    PointsRedeemed,
    Programme,
    Tier,
    Version,
    account,
    statement,
)
from omo_core.members import DEFAULT_RULES, Member, resolve
from omo_core.trade import Sale, SaleLine
from tests.core.members.observations import claim, joined, seen

START = datetime(2026, 1, 1, tzinfo=UTC)
END = START + timedelta(days=400)
AS_ONE = Programme(
    zone="Asia/Hong_Kong",
    versions=(
        Version(
            earnings=(Earning(currency="HKD", per=1000),),
            ladder=Ladder(
                currency="HKD", tiers=(Tier(name="Member"), Tier(name="Gold", at_least=100_000, multiplier=(2, 1)))
            ),
        ),
    ),
)
AS_RECORDED = evolve(AS_ONE, merging="as_recorded")


def on(day: int) -> datetime:
    return START + timedelta(days=day)


def bought(number: int, profile: str, day: int, amount: int) -> Sale:
    line = SaleLine(line="1", sku=Sku("TEE"), units=1, amount=amount)
    return Sale(
        id=EventId(f"sale/{number}"),
        at=on(day),
        order=OrderId(str(number)),
        profile=ProfileId(profile),
        currency="HKD",
        lines=(line,),
    )


def member(events: list[Event], profile: str) -> Member:
    found = resolve(events, DEFAULT_RULES, also=(profile,)).member_of(profile)
    assert found is not None
    return found


def of(programme: Programme, events: list[Event], profile: str, day: int = 400) -> Account:
    who = member(events, profile)
    return account(programme, events, set(who.profiles), on(day), who.joined)


BEFORE = [bought(1, "a", 1, 100_000), bought(2, "b", 2, 50_000), bought(3, "b", 4, 50_000)]
ONE = joined("a", "b", at=10)


def test_as_one_earns_at_the_rate_that_the_merged_member_would_have_had() -> None:
    # a has reached Gold by its first purchase: b's 100 points were worth 200 to a Gold member.
    assert of(AS_ONE, BEFORE, "b").earned == 100
    assert of(AS_ONE, [*BEFORE, ONE], "a").earned == 100 + 200


def test_as_recorded_keeps_what_was_earned_before_the_records_were_one() -> None:
    assert of(AS_RECORDED, [*BEFORE, ONE], "a").earned == 200
    after = [*BEFORE, ONE, bought(4, "b", 11, 10_000)]
    assert of(AS_RECORDED, after, "b").earned == 200 + 20, "from then on they are one, and Gold"


def test_either_way_the_tier_counts_what_all_of_them_spent() -> None:
    events = [bought(1, "a", 1, 60_000), bought(2, "b", 2, 60_000), joined("a", "b", at=3)]
    for programme in (AS_ONE, AS_RECORDED):
        tier = of(programme, events, "a", day=30).tier
        assert tier is not None
        assert tier.name == "Gold"


def test_a_key_makes_records_one_from_the_day_on_which_the_later_of_them_had_it() -> None:
    phone, card = claim("phone", 1), claim("card", 7)
    events = [seen("a", phone, at=1), seen("b", phone, card, at=5), seen("c", card, at=9), joined("a", "c", at=30)]
    assert member(events, "a").joined == (
        Joining(at=on(5), one="a", other="b"),
        Joining(at=on(9), one="b", other="c"),
    )


def test_the_earliest_evidence_counts_whichever_key_goes_first() -> None:
    card, phone = claim("card", 7, since=8), claim("phone", 1, since=3)
    events = [seen("a", card, phone, at=1), seen("b", card, phone, at=1)]
    (joining,) = member(events, "a").joined
    assert joining.at == on(3)


def test_three_records_that_become_one_after_the_other() -> None:
    events = [
        bought(1, "a", 1, 100_000),  # a becomes Gold
        bought(2, "b", 2, 10_000),  # 10 points, alone
        joined("a", "b", at=3),
        bought(3, "b", 4, 10_000),  # 20, with a
        bought(4, "c", 5, 10_000),  # 10, alone
        joined("b", "c", at=6),
        bought(5, "c", 7, 10_000),  # 20, with both
    ]
    assert of(AS_RECORDED, events, "c").earned == 100 + 10 + 20 + 10 + 20
    assert of(AS_ONE, events, "c").earned == 100 + 20 * 4


def random_history(random: Random) -> list[Event]:
    events: list[Event] = [
        bought(number, random.choice("abc"), random.randint(0, 60), random.randint(1, 120) * 1000)
        for number in range(random.randint(2, 9))
    ]
    events += [joined(*random.sample("abc", 2), at=random.randint(0, 60)) for _ in range(random.randint(0, 3))]
    latest = {event.id: event for event in events}
    return list(latest.values())


def slowly(events: list[Event], profile: str) -> int:
    """What was earned, purchase by purchase: each by the member that its record was part of at that moment."""
    who = member(events, profile)
    total = 0
    for sale in events:
        if not isinstance(sale, Sale) or sale.profile not in who.profiles:
            continue
        known = [event for event in events if isinstance(event, Sale) or event.at <= sale.at]
        then = member(known, sale.profile)
        by_then = [event for event in events if isinstance(event, Sale) and event.at <= sale.at]
        tier = account(AS_ONE, [each for each in by_then if each != sale], set(then.profiles), sale.at).tier
        assert tier is not None
        total += sale.lines[0].amount // 1000 * (2 if tier.name == "Gold" else 1)
    return total


def test_as_recorded_is_each_purchase_at_the_rate_of_its_day() -> None:
    random = Random(11)
    for number in range(150):
        events = random_history(random)
        days = [event.at for event in events]
        if len(days) > len(set(days)):  # what happens at one instant has an order that this test does not know
            continue
        for profile in "abc":
            assert of(AS_RECORDED, events, profile).earned == slowly(events, profile), number


def test_joinings_do_not_depend_on_the_order_in_which_they_are_given() -> None:
    random = Random(12)
    for _ in range(100):
        pairs = [
            Joining(at=on(random.randint(0, 3)), one=one, other=other)
            for one, other in (sorted(random.sample("abcde", 2)) for _ in range(6))
        ]
        assert earliest(pairs) == earliest(random.sample(pairs, len(pairs)))


def test_a_joining_taken_back_gives_each_what_it_would_have_had() -> None:
    random = Random(13)
    for _ in range(60):
        events = [event for event in random_history(random) if isinstance(event, Sale)]
        said = joined("a", "b", at=20)
        undone = [*events, said, evolve(said, version=1, withdrawn=True)]
        for profile in "abc":
            for programme in (AS_ONE, AS_RECORDED):
                assert of(programme, undone, profile) == of(programme, events, profile)


def welcome(profile: str, day: int, number: int = 1, points: int = 500, **more: object) -> PointsGranted:
    return PointsGranted(
        id=EventId(f"grant/{profile}{number}"),
        at=on(day),
        profile=ProfileId(profile),
        points=points,
        reason="welcome",
        once="welcome",
        **more,  # type: ignore[arg-type]
    )


def test_of_two_records_that_are_one_person_one_has_had_the_bonus() -> None:
    events: list[Event] = [welcome("a", 3), welcome("b", 1, points=300)]
    assert (of(AS_ONE, events, "a").earned, of(AS_ONE, events, "b").earned) == (500, 300)
    together = [*events, ONE]
    assert of(AS_ONE, together, "a").earned == 300, "the earliest counts"
    who = member(together, "a")
    lines = statement(AS_ONE, together, set(who.profiles), END, who.joined)
    assert [(line.what, line.points, line.amount) for line in lines if line.event == "grant/a1"] == [
        ("had before", 0, 500)
    ]
    apart = [*together, evolve(ONE, version=1, withdrawn=True)]
    assert (of(AS_ONE, apart, "a").earned, of(AS_ONE, apart, "b").earned) == (500, 300)


def test_a_bonus_that_both_have_spent_leaves_a_debt_while_they_are_one() -> None:
    spent = [PointsRedeemed(id=f"r{who}", at=on(5), profile=ProfileId(who), points=500) for who in "ab"]
    events: list[Event] = [welcome("a", 1), welcome("b", 1), *spent]
    assert of(AS_ONE, events, "a").debt == 0
    assert of(AS_ONE, [*events, ONE], "a").debt == 500


def test_a_bonus_that_is_withdrawn_makes_room_for_the_next() -> None:
    first = welcome("a", 1)
    events: list[Event] = [first, evolve(first, version=1, withdrawn=True), welcome("a", 2, 2, points=70)]
    assert of(AS_ONE, events, "a").earned == 70


def test_what_is_taken_can_not_be_taken_once() -> None:
    with pytest.raises(Malformed):
        welcome("a", 1, points=-5).check()
