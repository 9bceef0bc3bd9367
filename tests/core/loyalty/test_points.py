"""The smallest facts about points, by hand. The wider rules are under tests/loyalty."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from attrs import evolve

from omo_adapters.shop import memory_shop
from omo_adapters.testing.samples import START, granted, line, moment, redeemed, refund, sale, seen
from omo_core.decisions import Accepted, Refused
from omo_core.identifiers import EventId, HoldId, ProfileId, RequestId
from omo_core.instants import zone
from omo_core.loyalty import (
    Earning,
    Expiry,
    HoldCaptured,
    NotEnoughPoints,
    PointsHeld,
    Programme,
    RedeemPoints,
    Redemption,
    TransferPoints,
    Version,
    account,
)
from omo_core.loyalty.commands import HoldPoints
from omo_core.loyalty.ledger import Ledger

END = START + timedelta(days=5)
P1 = ("p1",)


def points_held(name: str, points: int, when: int, *, profile: str = "p1", id: str = "") -> PointsHeld:
    return PointsHeld(
        id=EventId(f"ph/{id or name}/{profile}"),
        at=moment(when),
        profile=ProfileId(profile),
        hold=HoldId(name),
        points=points,
        until=moment(when + 60),
    )


def hold_captured(name: str, points: int, when: int, *, profile: str = "p1") -> HoldCaptured:
    return HoldCaptured(
        id=EventId(f"pc/{name}/{profile}"),
        at=moment(when),
        profile=ProfileId(profile),
        hold=HoldId(name),
        points=points,
    )


def programme(**rules: object) -> Programme:
    fields = {
        "earnings": (Earning(currency="HKD", per=100),),
        "redemptions": (Redemption(currency="HKD", amount=100),),
        "expiry": Expiry(kind="never"),
        **rules,
    }
    return Programme(zone=zone("Asia/Hong_Kong"), versions=(Version(**fields),))


def test_debt_stands_until_it_is_earned_back_and_is_never_floored() -> None:
    told = [sale("o1", 1), redeemed(points=100, when=2), refund(order="o1", when=3)]
    now = account(programme(), told, P1, END)
    assert (now.spendable, now.debt, now.spent, now.clawed_back) == (0, 100, 100, 100)
    again = account(programme(), [*told, sale("o2", 4)], P1, END)
    assert (again.spendable, again.debt) == (0, 0)
    more = account(programme(), [*told, sale("o2", 4), granted(points=30, when=5)], P1, END)
    assert (more.spendable, more.debt) == (30, 0)


def test_nobody_redeems_while_in_debt() -> None:
    shop = memory_shop(programme(), now=lambda: END)
    shop.record(sale("o1", 1), redeemed(points=100, when=2), refund(order="o1", when=3))
    ask = RedeemPoints(request=RequestId("r"), at=moment(9), profile=ProfileId("p1"), points=1, currency="HKD")
    assert shop.execute(ask) == Refused(NotEnoughPoints(asked=1, spendable=0, pending=0, debt=100))


def test_an_order_paid_with_points_gives_points_and_money_back_each_as_it_was_paid() -> None:
    bought = sale("o1", 2, tenders=[("points", 4_000), ("cash", 6_000)])
    told = [granted(points=40, when=1), bought, redeemed(points=40, when=2, order="o1")]
    assert account(programme(), told, P1, END).spendable == 60
    half = account(programme(), [*told, refund(amount=5_000, tenders=[("cash", 5_000)])], P1, END)
    assert (half.spent, half.spendable) == (40, 10)
    whole = account(programme(), [*told, refund(tenders=[("points", 4_000), ("cash", 6_000)])], P1, END)
    assert (whole.spent, whole.spendable, whole.clawed_back) == (0, 40, 60)


def test_points_that_are_not_usable_yet_can_not_be_spent() -> None:
    shop = memory_shop(programme(pending_days=7), now=lambda: END)
    shop.record(sale("o1", 1))
    ask = RedeemPoints(request=RequestId("r"), at=moment(9), profile=ProfileId("p1"), points=50, currency="HKD")
    assert shop.execute(ask) == Refused(NotEnoughPoints(asked=50, spendable=0, pending=100, debt=0))


def test_a_lot_is_gone_at_the_very_instant_it_ends() -> None:
    ends = START + timedelta(days=1)
    told = [granted(points=10, when=0, expires_at=ends)]
    assert account(programme(), told, P1, ends - timedelta(microseconds=1)).spendable == 10
    assert account(programme(), told, P1, ends).spendable == 0
    ledger = Ledger()
    ledger.credit("grant:g", 10, START, START, ends)
    assert ledger.expire_due(ends) == [("grant:g", 10)]


def test_what_comes_back_to_a_lot_that_has_ended_is_gone_at_once_and_said_so() -> None:
    told = [
        granted(points=10, when=0, expires_at=START + timedelta(days=1)),
        sale("o1", 1, tenders=[("points", 10_000)]),
        redeemed(points=10, when=2, order="o1"),
        refund(order="o1", when=60 * 24 * 2),
    ]
    now = account(programme(), told, P1, END)
    assert (now.spendable, now.expired, now.returned_expired, now.spent) == (0, 10, 10, 0)


def test_a_claw_back_does_not_ask_for_points_that_expired() -> None:
    rules = programme(expiry=Expiry(kind="days", after=1))
    told = [sale("o1", 1), refund(order="o1", when=60 * 24 * 4)]
    now = account(rules, told, P1, END)
    assert (now.debt, now.expired, now.clawed_back) == (0, 0, 100)


def test_a_refund_and_a_parcel_shuffled_and_tripled_are_one_refund() -> None:
    events = [sale("o1", 1), refund(order="o1", when=3, restock="return", location="S1")]
    for told in set(permutations(events * 3, 4)):
        if set(told) == set(events):
            assert account(programme(), told, P1, END).clawed_back == 100


@pytest.mark.parametrize("year", [9990, 9998])
def test_a_till_in_another_millennium_spoils_nothing(year: int) -> None:
    rules = programme(expiry=Expiry(kind="end_of_month", after=1200), pending_days=3_650)
    wild = sale("o2", datetime(year, 12, 5, tzinfo=UTC))
    now = account(rules, [granted(points=7, never_expires=True), wild], P1, END)
    assert now.spendable == 7
    assert account(rules, [granted(points=7), wild], P1, datetime(9998, 12, 30, tzinfo=UTC)).earned == 107


def test_two_members_may_call_their_holds_by_one_name() -> None:
    shop = memory_shop(programme(), now=lambda: END)
    shop.record(granted(points=50), granted("g2", 50, profile="p2"))
    for who in ("p1", "p2"):
        ask = HoldPoints(
            request=RequestId(f"r-{who}"), at=moment(9), profile=ProfileId(who), hold=HoldId("basket"), points=20
        )
        assert isinstance(shop.execute(ask), Accepted)
    shop.forget_states()
    assert [shop.account(ProfileId(who), as_of=moment(10)).held for who in ("p1", "p2")] == [20, 20]


def test_a_hold_of_each_of_two_records_lives_on_when_they_are_one_member() -> None:
    told = [
        granted(points=100, when=1),
        granted("g2", points=50, when=1, profile="p2"),
        points_held("cart", 60, 2),
        points_held("cart", 40, 3, profile="p2"),
    ]
    both = ("p1", "p2")
    now = account(programme(), told, both, moment(4))
    assert [(hold.profile, hold.points) for hold in now.holds] == [("p1", 60), ("p2", 40)]
    assert (now.held, now.spendable) == (100, 50)
    captured = [*told, hold_captured("cart", 40, 4, profile="p2")]
    then = account(programme(), captured, both, moment(5))
    assert [(hold.profile, hold.points) for hold in then.holds] == [("p1", 60)]
    after = account(programme(), captured, both, END)
    assert (after.held, after.spendable, after.spent) == (0, 110, 40)


def test_a_record_that_says_twice_that_it_holds_has_set_more_apart() -> None:
    told = [granted(points=100, when=1), points_held("cart", 60, 2), points_held("cart", 30, 3, id="again")]
    now = account(programme(), told, P1, moment(4))
    assert [(hold.hold, hold.points) for hold in now.holds] == [("cart", 90)]
    assert (account(programme(), told, P1, END).held, account(programme(), told, P1, END).spendable) == (0, 100)


def test_which_of_two_purchases_is_brought_back_first_makes_no_difference() -> None:
    """A's points pay for B; C earns others; A's have expired when both come back."""
    short = programme(expiry=Expiry(kind="days", after=1))
    days = 24 * 60
    told = [
        sale("a", 0),
        sale("b", 5, tenders=[("points", 10_000)]),
        redeemed(points=100, when=5, order="b"),
        sale("c", 3 * days),
    ]
    for first, second in (("a", "b"), ("b", "a")):
        back = [refund(first, first, 3 * days + 5), refund(second, second, 3 * days + 9)]
        now = account(short, [*told, *back], P1, moment(3 * days + 30))
        assert (now.spendable, now.debt, now.clawed_back, now.expired) == (100, 0, 100, 0)


def test_points_that_repaid_a_debt_keep_their_end_when_they_are_free_again() -> None:
    short = programme(expiry=Expiry(kind="days", after=1))
    told = [sale("a", 0, profile=None), redeemed(points=100, when=1, order="a"), sale("c", 2), refund("r", "a", 3)]
    assert account(short, told, P1, moment(4)).spendable == 100
    later = account(short, told, P1, END)
    assert (later.spendable, later.expired) == (0, 100)


def test_points_that_change_hands_keep_the_day_on_which_they_would_have_lapsed() -> None:
    """Neither does a giver make them younger, nor does a sleeping receiver lose them at once."""
    shop = memory_shop(programme(expiry=Expiry(kind="inactivity", after=12)), now=lambda: START + timedelta(days=400))
    day = 24 * 60
    shop.record(sale("a", 0), sale("old", -700 * day, profile="p2"), seen("p3"))
    for name, receiver in (("t1", "p2"), ("t2", "p3")):
        who, to, at = ProfileId("p1"), ProfileId(receiver), moment(60 * day)
        ask = TransferPoints(request=RequestId(name), at=at, profile=who, receiver=to, points=30)
        assert isinstance(shop.execute(ask), Accepted)
    shop.record(sale("b", 200 * day))
    for when, points in ((61, [40, 30, 30]), (300, [140, 30, 30]), (370, [140, 0, 0])):
        at = moment(when * day)
        assert [shop.account(ProfileId(who), as_of=at).spendable for who in ("p1", "p2", "p3")] == points


def test_what_was_given_for_good_does_not_lapse() -> None:
    rules = programme(expiry=Expiry(kind="inactivity", after=1))
    told = [granted(points=5, never_expires=True), granted("g2", points=7)]
    assert account(rules, told, P1, START + timedelta(days=90)).spendable == 5


def test_points_that_lowered_the_price_come_back_with_the_lines_that_they_lowered() -> None:
    rules = programme(redemptions=(Redemption(currency="HKD", amount=100, kind="discount"),))
    free = [evolve(line("1", 0), discount=1_000), evolve(line("2", 0), discount=9_000)]
    told = [granted(points=100, never_expires=True), sale("o1", 2, *free), redeemed(points=100, when=2, order="o1")]
    assert account(rules, [*told, refund(amount=0, of="1")], P1, END).spendable == 10
    both = [*told, refund(amount=0, of="1"), refund("r2", amount=0, of="2", when=11)]
    assert account(rules, both, P1, END).spendable == 100
    one = [evolve(line("1", 0), discount=10_000), line("2", 9_000)]
    told = [granted(points=100, never_expires=True), sale("o1", 2, *one), redeemed(points=100, when=2, order="o1")]
    assert account(rules, [*told, refund(amount=0, of="1")], P1, END).spendable == 100 + 90
    assert account(rules, [*told, refund(amount=9_000, of="2")], P1, END).spendable == 0


def test_of_an_order_that_cost_nothing_points_come_back_with_its_units() -> None:
    told = [granted(points=100), sale("o1", 2, line("1", 0, units=4)), redeemed(points=100, when=2, order="o1")]
    assert account(programme(), [*told, refund(amount=0, units=1)], P1, END).spendable == 25
