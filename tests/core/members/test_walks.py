"""Random walks of registering, joining, parting, earning and spending: points and money are conserved at each step."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

import pytest
from attrs import evolve

from omo_core.events import Event, current
from omo_core.identifiers import EventId, OrderId, ProfileId, Sku
from omo_core.loyalty import (
    Account,
    Expiry,
    Ladder,
    PointsGranted,
    PointsRedeemed,
    Programme,
    Tier,
    Version,
    account,
    simple_programme,
)
from omo_core.members import DEFAULT_RULES, Member, resolve
from omo_core.trade import Sale, SaleLine
from tests.core.members.observations import START, claim, joined, seen

PROGRAMME = simple_programme("HKD", per=1000, zone_name="Asia/Hong_Kong")
LADDER = Ladder(currency="HKD", tiers=(Tier(name="Member"), Tier(name="Gold", at_least=120_000, multiplier=(2, 1))))
AS_ONE = evolve(PROGRAMME, versions=(evolve(PROGRAMME.versions[0], ladder=LADDER),))
AS_RECORDED = evolve(AS_ONE, merging="as_recorded")
CREDIT = Programme(
    zone="Asia/Hong_Kong", name="credit", main=False, unit="HKD", versions=(Version(expiry=Expiry(kind="never")),)
)
PROGRAMMES = (PROGRAMME, AS_ONE, AS_RECORDED, CREDIT)
"""Points at one rate, points by tier after either policy of merging, and money."""
NAMES = ("a", "b", "c")
END = START + timedelta(days=40)
Accounts = dict[tuple[ProfileId, ...], Account]


def members(events: Sequence[Event]) -> Sequence[Member]:
    return resolve(events, DEFAULT_RULES, also=map(ProfileId, NAMES)).members


def accounts(events: Sequence[Event], programme: Programme = PROGRAMME) -> Accounts:
    return {
        member.profiles: account(programme, events, set(member.profiles), END, member.joined)
        for member in members(events)
    }


def sale(number: int, profile: str, hours: int, amount: int) -> Sale:
    line = SaleLine(line="1", sku=Sku("TEE"), units=1, amount=amount)
    return Sale(
        id=EventId(f"sale/{number}"),
        at=START + timedelta(hours=hours),
        order=OrderId(str(number)),
        profile=ProfileId(profile),
        currency="HKD",
        lines=(line,),
    )


def spent(number: int, profile: str, hours: int, points: int) -> PointsRedeemed:
    return PointsRedeemed(
        id=EventId(f"redeemed/{number}"), at=START + timedelta(hours=hours), profile=ProfileId(profile), points=points
    )


def credited(number: int, profile: str, hours: int, cents: int) -> Event:
    at = START + timedelta(hours=hours)
    if cents > 0:
        return PointsGranted(
            id=EventId(f"credit/{number}"), at=at, profile=profile, programme="credit", points=cents, reason="gift card"
        )
    return PointsRedeemed(id=EventId(f"paid/{number}"), at=at, profile=profile, programme="credit", points=-cents)


def step(random: Random, number: int, events: Sequence[Event], joins: dict[tuple[str, str], int]) -> Event:
    """Make up what happens next; a redemption is of what the member has at that moment."""
    profile, hours = random.choice(NAMES), 10 * number + random.randint(0, 9)
    match random.choice(("see", "join", "part", "earn", "earn", "spend", "spend", "money", "welcome")):
        case "money":
            return credited(number, profile, hours, random.choice((50_00, 120_50, -30_00)))
        case "welcome":
            return PointsGranted(
                id=EventId(f"welcome/{profile}"),
                at=START + timedelta(hours=hours),
                version=number,
                profile=profile,
                points=50,
                reason="welcome",
            )
        case "see":
            return seen(profile, claim("phone", random.randint(1, 2)), version=number)
        case "join":
            one, other = sorted(random.sample(NAMES, 2))
            joins[one, other] = number
            return joined(one, other, at=random.randint(0, 3), version=number)
        case "part" if joins:
            (one, other), _ = joins.popitem()
            return joined(one, other, at=1, version=number, withdrawn=True)
        case "spend":
            mine = next(found for profiles, found in accounts(events).items() if profile in profiles)
            return spent(number, profile, hours, random.randint(1, max(1, mine.spendable)))
        case _:
            return sale(number, profile, hours, random.randint(1, 90) * 1000)


def conserved(events: Sequence[Event]) -> None:
    """Nothing is made or lost, whoever is one with whom: points, money paid, money kept for members."""
    latest = current(events)
    points, tiers, credit = (accounts(events, each).values() for each in (PROGRAMME, AS_ONE, CREDIT))
    sales = [event for event in latest if isinstance(event, Sale)]
    given = [event for event in latest if isinstance(event, PointsGranted)]
    gone = [event for event in latest if isinstance(event, PointsRedeemed)]
    paid = sum(line.amount for sale in sales for line in sale.lines)
    assert sum(each.earned for each in points) == paid // 1000 + sum(
        each.points for each in given if not each.programme
    )
    assert sum(each.spent for each in points) == sum(each.points for each in gone if not each.programme)
    assert sum(each.tier.spend for each in tiers if each.tier is not None) == paid
    assert sum(each.earned for each in credit) == sum(each.points for each in given if each.programme)
    assert sum(each.spent for each in credit) == sum(each.points for each in gone if each.programme)
    for each in (*points, *tiers, *credit):
        assert each.earned == each.spendable + each.pending + each.held + each.spent + each.expired - each.debt


def walk(random: Random, steps: int) -> int:
    """Walk; gives how often a join was taken back and everything was as if it had never been."""
    events: list[Event] = []
    joins: dict[tuple[str, str], int] = {}
    for number in range(steps):
        events.append(step(random, number, events, joins))
        conserved(events)
    undone = 0
    for (one, other), version in sorted(joins.items()):
        undo = joined(one, other, at=1, version=version + 1, withdrawn=True)
        never = [event for event in events if event.id != undo.id]
        for programme in PROGRAMMES:
            assert accounts([*events, undo], programme) == accounts(never, programme)
        undone += 1
    return undone


def walks(count: int, seed: int) -> None:
    random = Random(seed)
    undone = sum(walk(random, random.randint(3, 8)) for _ in range(count))
    assert undone > count // 5


def test_points_and_money_are_conserved_and_a_join_taken_back_was_never_made() -> None:
    walks(250, seed=1)


@pytest.mark.long
def test_points_are_conserved_on_fifty_thousand_random_walks() -> None:
    walks(50_000, seed=2)


def test_one_who_spends_the_others_points_owes_them_once_parted() -> None:
    events = [sale(1, "a", 1, 100_000), sale(2, "b", 2, 20_000), joined("a", "b", at=1), spent(3, "b", 50, 90)]
    ((_, together), _) = sorted(accounts(events).items())
    assert (together.spendable, together.debt) == (30, 0)
    parted = accounts([*events, joined("a", "b", at=1, version=1, withdrawn=True)])
    a, b = parted[ProfileId("a"),], parted[ProfileId("b"),]
    assert (a.spendable, a.debt) == (100, 0)
    assert (b.spendable, b.debt) == (0, 70)
