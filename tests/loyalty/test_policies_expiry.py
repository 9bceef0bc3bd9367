"""When points are gone: every kind, by a programme's file, and which are spent first. Dates made by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from omo_core.loyalty import AdjustPoints, ExpiredPointsReinstated, PointsGranted, PointsTransferred, RedeemPoints
from omo_core.loyalty.events import Parcel
from tests.loyalty.playing import EARN, HERE, ME, a_shop, account, back, day, sold

LAST: tuple[tuple[str, str, str], ...] = (
    ("", "2026-02-10", "2027-02-28"),  # unless it is said otherwise: the end of the twelfth month
    ("", "2027-02-28", "2028-02-29"),
    ('{ kind = "days", after = 0 }', "2026-02-10", "2026-02-10"),
    ('{ kind = "days", after = 365 }', "2027-06-01", "2028-05-31"),
    ('{ kind = "months", after = 1 }', "2026-08-31", "2026-09-30"),
    ('{ kind = "months", after = 12 }', "2028-02-29", "2029-02-28"),
    ('{ kind = "end_of_month", after = 0 }', "2026-11-01", "2026-11-30"),
    ('{ kind = "end_of_month", after = 6 }', "2026-08-31", "2027-02-28"),
    ('{ kind = "end_of_quarter", after = 0 }', "2026-11-30", "2026-12-31"),
    ('{ kind = "end_of_quarter", after = 1 }', "2026-12-31", "2027-03-31"),
    ('{ kind = "end_of_quarter", after = 12 }', "2026-05-15", "2027-06-30"),
    ('{ kind = "end_of_year", after = 0 }', "2026-12-31", "2026-12-31"),
    ('{ kind = "end_of_year", after = 1 }', "2026-01-01", "2027-12-31"),
    ('{ kind = "fixed_dates", dates = ["03-31", "09-30"] }', "2026-03-31", "2026-03-31"),
    ('{ kind = "fixed_dates", dates = ["03-31", "09-30"] }', "2026-04-01", "2026-09-30"),
    ('{ kind = "fixed_dates", dates = ["09-30", "03-31"], after = 2 }', "2026-04-01", "2027-09-30"),
    ('{ kind = "fixed_dates", dates = ["02-29"] }', "2026-03-01", "2027-02-28"),
    ('{ kind = "inactivity", after = 6 }', "2026-08-31", "2027-02-28"),
)


@pytest.mark.parametrize(("expiry", "bought", "last"), LAST)
def test_the_last_day_is_whole_and_the_next_one_has_nothing(expiry: str, bought: str, last: str) -> None:
    rules = EARN + (f"expiry = {expiry}\n" if expiry else "")
    end = (day(last) + timedelta(days=1)).strftime("%Y-%m-%d")
    told = [sold("A", bought, 300)]
    assert account(rules, told, f"{last} 23:59").spendable == 10
    gone = account(rules, told, f"{end} 00:00")
    assert (gone.spendable, gone.expired) == (0, 10)


def test_never() -> None:
    assert account(EARN + 'expiry = { kind = "never" }\n', [sold("A", "1999-01-01", 300)], "2034-12-31").spendable == 10


def test_the_clock_starts_when_points_can_be_used() -> None:
    rules = EARN + 'pending_days = 10\nexpiry = { kind = "days", after = 5 }\n'
    (lot,) = account(rules, [sold("A", "2026-03-01", 300)], "2026-03-12").lots
    assert lot.expires_at is not None
    assert lot.expires_at.astimezone(HERE).isoformat() == "2026-03-17T00:00:00+08:00"


OWN = (
    EARN
    + """
[ladder]
tiers = [{ name = "all" }, { name = "Silver", at_least = "3000", expiry = { kind = "days", after = 40 } },
         { name = "Gold", at_least = "9000", expiry_months = 0 }]
"""
)


def test_each_tier_has_an_end_of_its_own() -> None:
    told = [
        sold("A", "2026-01-05", 3000),  # 100 as everybody's: to the end of January 2027
        sold("B", "2026-02-05", 6000),  # 200 as Silver's: 40 days, through 17 March
        sold("C", "2026-03-05", 300),  # 10 as Gold's: for ever
    ]
    left = {at: account(OWN, told, at).spendable for at in ("2026-03-17", "2026-03-18", "2027-01-31", "2027-02-01")}
    assert left == {"2026-03-17": 310, "2026-03-18": 110, "2027-01-31": 110, "2027-02-01": 10}


INACTIVE = EARN + 'redemptions = [{ amount = "1.00" }]\nexpiry = { kind = "inactivity", after = 3 }\n'


def given(points: int, at: str, **more: Any) -> PointsGranted:
    return PointsGranted(id=f"grant/{at}/{points}", at=day(at), profile=ME, points=points, reason="gift", **more)


def spent(points: int, at: str) -> RedeemPoints:
    return RedeemPoints(request=f"r/{at}", at=day(at), profile=ME, points=points, currency="TWD")


@pytest.mark.parametrize(
    ("activity", "last"),
    [
        (sold("B", "2026-03-20", 30), "2026-06-20"),
        (spent(1, "2026-03-20"), "2026-06-20"),
        (given(1, "2026-03-20"), "2026-06-20"),
        (given(-1, "2026-03-20"), "2026-04-15"),  # taking is nobody's activity
        (back("A", "2026-03-20", {"1": 30}), "2026-04-15"),
    ],
    ids=["bought", "redeemed", "given", "taken", "returned"],
)
def test_activity_keeps_all_that_live_by_it(activity: object, last: str) -> None:
    told = [sold("A", "2026-01-15", 300), activity]
    assert account(INACTIVE, told, f"{last} 23:59").spendable > 0
    assert account(INACTIVE, told, f"{(day(last) + timedelta(days=1)):%Y-%m-%d} 00:00").spendable == 0


def test_want_of_activity_takes_nothing_that_has_an_end_of_its_own_or_is_for_ever() -> None:
    gold = '[ladder]\ntiers = [{ name = "all" }, { name = "Gold", at_least = "300", expiry = { kind = "never" } }]\n'
    told = [
        sold("A", "2026-01-15", 300),  # lives by activity
        sold("B", "2026-01-16", 60),  # bought as Gold: for ever
        given(7, "2026-01-17", never_expires=True),
        given(5, "2026-01-17", expires_at=day("2027-01-01 00:00")),
    ]
    assert account(INACTIVE + gold, told, "2026-04-17 23:59").spendable == 10 + 2 + 7 + 5
    assert account(INACTIVE + gold, told, "2026-04-18 00:00").spendable == 2 + 7 + 5
    assert account(INACTIVE + gold, told, "2027-01-01 00:00").spendable == 2 + 7


def test_a_rule_that_is_switched_on_takes_nothing_before_its_own_full_length_nor_what_has_an_end() -> None:
    versions = """
[[versions]]
name = "dated"
earnings = [{ per = "30.00" }]
expiry = { kind = "months", after = 24 }
[[versions]]
name = "open"
since = 2026-02-01
earnings = [{ per = "30.00" }]
expiry = { kind = "never" }
[[versions]]
name = "by activity"
since = 2026-06-01
earnings = [{ per = "30.00" }]
expiry = { kind = "inactivity", after = 6 }
"""
    told = [sold("A", "2026-01-05", 300), sold("B", "2026-02-05", 600)]
    assert account(versions, told, "2026-12-01 23:59").spendable == 30
    assert account(versions, told, "2026-12-02 00:00").spendable == 10
    assert account(versions, told, "2028-01-06 00:00").spendable == 0


def test_what_had_expired_can_be_given_back() -> None:
    rules = EARN + 'expiry = { kind = "days", after = 10 }\n'
    again = ExpiredPointsReinstated(
        id="again", at=day("2026-02-01"), profile=ME, expired_since=day("2026-01-20"), expires_at=day("2026-03-01"),
        reason="a paid service",
    )  # fmt: skip
    told = [sold("A", "2026-01-01", 300), sold("B", "2026-01-15", 600), again]
    assert account(rules, told, "2026-02-01").spendable == 20
    assert account(rules, told, "2026-03-01").expired == 30


def test_points_that_change_hands_keep_their_end() -> None:
    gift = PointsTransferred(
        id="gift", at=day("2026-02-01"), profile="crm:8", receiver=ME,
        parcels=(Parcel(points=4, expires_at=day("2026-02-10 00:00")), Parcel(points=3)),
    )  # fmt: skip
    assert account(EARN, [gift], "2026-02-09 23:59").spendable == 7
    assert account(EARN, [gift], "2026-02-10 00:00").spendable == 3


# Which points are spent first.

LOTS = [
    sold("LONG", "2026-01-01", 300),  # 10, to the end of January 2027
    given(10, "2026-01-02", never_expires=True),
    given(10, "2026-01-03", expires_at=day("2026-06-01 00:00")),
    given(10, "2026-01-04", expires_at=day("2026-06-01 00:00")),
]


def names(points: int, rules: str = "") -> list[str]:
    """The lots that have points left, in order of their ends, after so many were spent."""
    terms = 'redemptions = [{ amount = "1.00" }]\n'
    return [f"{lot.id} {lot.left}" for lot in account(EARN + terms + rules, [*LOTS, spent(points, "2026-02-01")],
                                                      "2026-02-02").lots]  # fmt: skip


def test_soonest_expiry_first_then_the_oldest_and_what_never_expires_last() -> None:
    assert names(5) == ["grant/2026-01-03/10 5", "grant/2026-01-04/10 10", "LONG 10", "grant/2026-01-02/10 10"]
    assert names(15) == ["grant/2026-01-04/10 5", "LONG 10", "grant/2026-01-02/10 10"]
    assert names(35) == ["grant/2026-01-02/10 5"]


def test_or_the_oldest_first() -> None:
    oldest = 'spending = "oldest"\n'
    assert names(15, oldest) == ["grant/2026-01-03/10 10", "grant/2026-01-04/10 10", "grant/2026-01-02/10 5"]


# Given and taken by hand.


def test_a_gift_by_hand_may_have_an_end_and_somebody_answers_for_it() -> None:
    shop = a_shop(EARN)
    shop.record(sold("A", "2026-01-01", 30))
    for request, more in (("soon", {"expires_at": day("2026-02-01 00:00")}), ("ever", {"never_expires": True})):
        shop.execute(
            AdjustPoints(
                request=request, at=day("2026-01-10"), profile=ME, points=5, reason="goodwill", actor="Mei", **more
            )
        )
    assert shop.account(ME, as_of=day("2026-01-31 23:59")).spendable == 11
    assert shop.account(ME, as_of=day("2026-02-01 00:00")).spendable == 6
    assert shop.account(ME, as_of=day("2034-01-01")).spendable == 5
    lines = shop.statement(ME, as_of=day("2026-01-11"))
    assert [(line.what, line.points, line.rule, line.event) for line in lines if line.what == "granted"] == [
        ("granted", 5, "goodwill", "grant/ever"),
        ("granted", 5, "goodwill", "grant/soon"),
    ]
