"""What points pay: steps, limits, places, holds, facts of tills that could not ask. By a programme's file, by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from omo_adapters.shop import Shop
from omo_core.decisions import Accepted, Refused
from omo_core.loyalty import CaptureHold, HoldPoints, PointsGranted, PointsRedeemed, RedeemPoints, VoidHold
from tests.loyalty.playing import EARN, ME, a_shop, back, day, sold

AT = "2026-04-01"


def rich(rules: str, points: int = 1_000) -> Shop:
    """A member with so many points that never expire."""
    shop = a_shop(EARN + rules)
    given = PointsGranted(id="g", at=day("2026-01-01"), profile=ME, points=points, reason="opening", never_expires=True)
    shop.record(given)
    return shop


def wish(points: int, **more: Any) -> RedeemPoints:
    fields = {"request": f"{points}/{sorted(more.items())}", "at": day(AT), "profile": ME, "currency": "TWD"}
    return RedeemPoints(**{**fields, "points": points, **more})


def terms(more: str) -> str:
    return f"redemptions = [{{ {more} }}]\n"


def said(answer: object) -> object:
    """What is paid, in cents; or why not, and how many were allowed."""
    if isinstance(answer, Accepted):
        (event,) = answer.events
        return getattr(event, "amount", None)
    assert isinstance(answer, Refused)
    return answer.reason.kind, getattr(answer.reason, "limit", None), getattr(answer.reason, "allowed", None)


NO_STEP, NOT_HERE = ("not_a_step", None, None), ("not_redeemable_here", None, None)
ANSWERS: dict[str, tuple[str, dict[str, Any], object]] = {
    "a point is a dollar": ('amount = "1.00"', {"points": 7}, 700),
    "ten are three": ('points = 10, amount = "3.00"', {"points": 40}, 1200),
    "not between two steps": ('points = 10, amount = "3.00"', {"points": 45}, NO_STEP),
    "from a minimum": ('points = 10, amount = "3.00", minimum = 50', {"points": 50}, 1500),
    "not below it": ('points = 10, amount = "3.00", minimum = 50', {"points": 40}, NO_STEP),
    "up to a maximum": ('amount = "1.00", maximum = 80', {"points": 80}, 8000),
    "not above it": ('amount = "1.00", maximum = 80', {"points": 81}, ("over_limit", "maximum", 80)),
    "so much money of an order": (
        'amount = "2.00", max_amount = "100"', {"points": 51}, ("over_limit", "max_amount", 50),
    ),
    "a part of an order": (
        'amount = "1.00", max_percent = 30', {"points": 91, "order": "A", "order_amount": 30_000},
        ("over_limit", "max_percent", 90),
    ),
    "not more than the order": (
        'amount = "1.00"', {"points": 301, "order": "A", "order_amount": 30_000}, ("over_limit", "order", 300),
    ),
    "bands by the order's size": (
        'amount = "1.00", bands = [{ at_least = "200", points = 20 }, { at_least = "500", points = 80 }]',
        {"points": 21, "order": "A", "order_amount": 49_999}, ("over_limit", "bands", 20),
    ),
    "in this channel": ('amount = "1.00", channels = ["store"]', {"points": 5, "channel": "store"}, 500),
    "not in that one": ('amount = "1.00", channels = ["store"]', {"points": 5, "channel": "web"}, NOT_HERE),
    "not in that store": ('amount = "1.00", stores = ["S1"]', {"points": 5, "store": "S2"}, NOT_HERE),
    "in no other money": ('amount = "1.00"', {"points": 5, "currency": "HKD"}, ("currency_not_redeemable", None, None)),
    "not more than there is": ('amount = "1.00"', {"points": 1_001}, ("not_enough_points", None, None)),
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
def test_what_points_may_pay(name: str) -> None:
    rule, asked, answer = ANSWERS[name]
    assert said(rich(terms(rule)).execute(wish(**asked))) == answer


PLACES = """redemptions = [
  { amount = "1.00", max_percent = 20, channels = ["web"] },
  { amount = "1.50", max_percent = 100, stores = ["S1"] },
  { amount = "1.00", max_percent = 50 },
]
"""


@pytest.mark.parametrize(
    ("place", "points", "answer"),
    [
        ({"channel": "web"}, 100, 10_000),
        ({"channel": "web"}, 101, ("over_limit", "max_percent", 100)),
        ({"channel": "store", "store": "S1"}, 333, 49_950),
        ({"channel": "store", "store": "S2"}, 250, 25_000),
        ({"channel": "store", "store": "S2"}, 251, ("over_limit", "max_percent", 250)),
    ],
)
def test_each_channel_and_store_may_have_terms_of_its_own(place: Any, points: int, answer: object) -> None:
    asked = wish(points, order="A", order_amount=50_000, **place)
    assert said(rich(PLACES).execute(asked)) == answer


def test_the_limits_of_an_order_are_for_all_that_pays_for_it() -> None:
    shop = rich(terms('amount = "1.00", max_percent = 50'))
    of = {"order": "A", "order_amount": 10_000}
    assert said(shop.execute(wish(30, **of))) == 3_000
    assert said(shop.execute(wish(30, **of))) == 3_000  # the same request: nothing again
    assert said(shop.execute(wish(21, **of))) == ("over_limit", "max_percent", 20)
    shop.record(sold("A", AT, 100, paid={"points": 30, "cash": 70}), back("A", "2026-04-02", paid={"points": 30}))
    assert shop.account(ME, as_of=day("2026-04-03")).spent == 0


def test_as_a_tender_the_order_earns_on_what_is_left_and_as_a_discount_on_the_lower_price() -> None:
    for kind, bought in (
        ("tender", sold("A", AT, 300, paid={"points": 120, "cash": 180})),
        ("discount", sold("A", AT, {"amount": 180, "discount": 12_000})),
    ):
        shop = rich(terms(f'kind = "{kind}", amount = "1.00"'))
        shop.execute(wish(120, order="A"))
        shop.record(bought)
        account = shop.account(ME, as_of=day("2026-04-02"))
        assert (account.earned, account.spendable, account.spent) == (1_006, 886, 120)
        shop.record(back("A", "2026-04-05", {"1": bought.lines[0].amount // 100}))
        account = shop.account(ME, as_of=day("2026-04-06"))
        assert (account.spendable, account.spent, account.clawed_back) == (1_000, 0, 6)


# Holds.


def held(points: int, **more: Any) -> HoldPoints:
    return HoldPoints(request=f"h{points}", at=day(AT), profile=ME, hold="basket", points=points, **more)


def captured(points: int, at: str, **more: Any) -> CaptureHold:
    return CaptureHold(request=f"c{points}/{at}", at=day(at), profile=ME, hold="basket", points=points, **more)


def numbers(shop: Shop, at: str) -> tuple[int, int, int]:
    account = shop.account(ME, as_of=day(at))
    return account.spendable, account.held, account.spent


def test_a_hold_lives_for_a_quarter_of_an_hour() -> None:
    shop = rich("")
    shop.execute(held(400))
    assert numbers(shop, f"{AT} 12:14:59") == (600, 400, 0)
    assert numbers(shop, f"{AT} 12:15:00") == (1_000, 0, 0)
    late = shop.execute(captured(400, f"{AT} 12:15:00"))
    assert isinstance(late, Refused)
    assert (late.reason.kind, getattr(late.reason, "how", "")) == ("hold_ended", "timed_out")


@pytest.mark.parametrize(
    ("capture", "after"), [("releases_rest", (850, 0, 150)), ("keeps_rest", (600, 250, 150))]
)  # fmt: skip
def test_a_part_is_captured_and_the_rest_goes_or_stays(capture: str, after: tuple[int, int, int]) -> None:
    shop = rich(f'hold = "2 hours"\ncapture = "{capture}"\n')
    shop.execute(held(400))
    shop.execute(captured(150, f"{AT} 12:30"))
    assert numbers(shop, f"{AT} 12:31") == after
    again = shop.execute(captured(250, f"{AT} 12:40"))
    assert isinstance(again, Refused if capture == "releases_rest" else Accepted)
    assert numbers(shop, "2026-04-02") == ((850, 0, 150) if capture == "releases_rest" else (600, 0, 400))


def test_a_hold_is_resolved_once() -> None:
    shop = rich('hold = "2 hours"\n')
    shop.execute(held(400))
    let_go = VoidHold(request="v", at=day(f"{AT} 12:05"), profile=ME, hold="basket")
    assert isinstance(shop.execute(let_go), Accepted)
    again = shop.execute(captured(1, f"{AT} 12:06"))
    assert isinstance(again, Refused)
    assert getattr(again.reason, "how", "") == "voided"
    assert numbers(shop, f"{AT} 12:07") == (1_000, 0, 0)


def test_held_points_are_nobody_elses_and_nothing_expires_while_it_is_held() -> None:
    """Points that end at midnight are held over it: captured, they are spent; let go, they are gone."""
    for captures, end in ((True, (0, 0, 10)), (False, (0, 0, 0))):
        shop = a_shop(EARN + 'expiry = { kind = "days", after = 0 }\nhold = "1 days"\n')
        shop.record(sold("A", AT, 300))
        shop.execute(held(10))
        assert isinstance(shop.execute(wish(1, currency="")), Refused)
        if captures:
            shop.execute(captured(10, "2026-04-02 00:30"))
        assert numbers(shop, "2026-04-03") == end


# A till that could not ask.


def test_points_that_a_till_took_while_it_was_offline_may_leave_debt_that_the_next_points_repay() -> None:
    shop = rich("", points=40)
    shop.record(PointsRedeemed(id="r", at=day(AT), profile=ME, points=100, order="T1"))
    account = shop.account(ME, as_of=day(AT))
    assert (account.spendable, account.debt, account.spent) == (0, 60, 100)
    shop.record(sold("B", "2026-04-02", 3_000))  # earns 100
    account = shop.account(ME, as_of=day("2026-04-02"))
    assert (account.spendable, account.debt) == (40, 0)


def test_two_tills_that_were_offline_both_count_in_whatever_order_they_are_heard() -> None:
    facts = [
        PointsRedeemed(id=f"r{n}", at=day(AT) + timedelta(minutes=n), profile=ME, points=30, order=f"T{n}")
        for n in (1, 2)
    ]
    for told in (facts, facts[::-1], [*facts, *facts]):
        shop = rich("", points=40)
        for each in told:
            shop.record(each)
        account = shop.account(ME, as_of=day("2026-04-02"))
        assert (account.spent, account.spendable, account.debt) == (60, 0, 20)
