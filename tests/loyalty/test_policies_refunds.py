"""What comes back: by line, by amount, without a receipt, too early, too late, after a merge. By hand.

A point for every 30 dollars; a point pays a dollar.
"""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from attrs import evolve

from omo_adapters.programmes import programme_from_toml
from omo_adapters.shop import memory_shop
from omo_core.decisions import Refused
from omo_core.loyalty import AdjustPoints, PointsGranted, PointsRedeemed
from omo_core.members import ProfilesJoined
from omo_core.trade import Refund, RefundLine
from tests.loyalty.playing import EARN, HEAD, ME, a_shop, account, back, day, sold

PAYS = EARN + 'redemptions = [{ amount = "1.00" }]\n'


def spent(points: int, at: str, order: str | None = None, who: str = ME) -> PointsRedeemed:
    return PointsRedeemed(id=f"red/{at}/{points}", at=day(at), profile=who, points=points, order=order)


def books(rules: str, told: list[Any], at: str) -> dict[str, int]:
    one = account(rules, told, at)
    names = ("spendable", "spent", "expired", "clawed_back", "debt", "returned_expired", "forgiven")
    return {name: getattr(one, name) for name in names if getattr(one, name)}


# Points that were earned.


def test_line_by_line_and_by_amount_and_all_the_rest() -> None:
    told = [sold("A", "2026-01-05", 100, 100)]  # 6 points
    assert books(PAYS, [*told, back("A", "2026-01-06", {"1": 100})], "2026-01-07") == {"spendable": 3, "clawed_back": 3}
    assert books(PAYS, [*told, back("A", "2026-01-06", adjustment=21)], "2026-01-07") == {
        "spendable": 5,
        "clawed_back": 1,
    }
    both = [*told, back("A", "2026-01-06", {"1": 100}), back("A", "2026-01-07", adjustment=100)]
    assert books(PAYS, both, "2026-01-08") == {"clawed_back": 6}


def test_by_the_rules_of_the_day_of_the_purchase() -> None:
    rules = """
[[versions]]
name = "old"
earnings = [{ per = "10.00" }]
debt = "clamp"
[[versions]]
name = "new"
since = 2026-02-01
earnings = [{ per = "100.00" }]
"""
    told = [sold("A", "2026-01-31", 1_000), back("A", "2026-02-05", {"1": 300})]
    assert books(rules, told, "2026-02-06") == {"spendable": 70, "clawed_back": 30}
    shop = a_shop(rules)
    shop.record(*told)
    *_, last = shop.statement(ME, as_of=day("2026-02-06"))
    assert (last.what, last.points, last.version) == ("clawed back", -30, "old")


def test_what_a_shop_keeps_back_as_a_fee_earns_nothing() -> None:
    told = [sold("A", "2026-01-05", 300), back("A", "2026-01-06", {"1": 300}, adjustment=-60)]
    assert books(PAYS, told, "2026-01-07") == {"clawed_back": 10}


def test_money_for_a_line_that_is_not_there_or_beyond_its_cost_is_money_of_no_line() -> None:
    told = [sold("A", "2026-01-05", 150, 150)]
    assert books(PAYS, [*told, back("A", "2026-01-06", {"9": 150})], "2026-01-07")["clawed_back"] == 5
    assert books(PAYS, [*told, back("A", "2026-01-06", {"1": 210})], "2026-01-07")["clawed_back"] == 7


def test_other_money_counts_by_its_units_and_is_never_converted() -> None:
    bought = sold("A", "2026-01-05", {"amount": 300, "units": 3})
    yen = back("A", "2026-01-06", {"1": 99_999}, currency="JPY")
    assert books(PAYS, [bought, yen], "2026-01-07") == {"spendable": 6, "clawed_back": 4}  # one of three: 100 of 300


def test_a_refund_that_does_not_say_how_it_was_paid_is_of_what_was_left() -> None:
    """30 paid with points and 70 in cash: 30 come back as points, then 20 untold, which can only be cash."""
    rules = PAYS.replace("30.00", "10.00")
    bought = sold("A", "2026-01-05", 100, paid={"points": 30, "cash": 70})
    told = [bought, back("A", "2026-01-06", adjustment=30, paid={"points": 30}), back("A", "2026-01-07", adjustment=20)]
    assert books(rules, told[:2], "2026-01-08") == {"spendable": 7}
    assert books(rules, told, "2026-01-08") == {"spendable": 5, "clawed_back": 2}


# Without a receipt.


def brought(at: str, amount: int, sku: str = "SKU1", who: str | None = ME) -> Refund:
    line = RefundLine(line="1", sku=sku, units=1, amount=amount * 100)
    return Refund(id=f"brought/{at}", at=day(at), order=f"R/{at}", currency="TWD", lines=(line,), profile=who)


@pytest.mark.parametrize(
    ("return_", "left"),
    [
        (brought("2026-03-01", 300), 20),  # all of B, which is the latest
        (brought("2026-03-01", 600), 10),  # and half of A
        (brought("2026-03-01", 5_000), 0),  # more than was ever bought
        (brought("2026-03-01", 300, sku="SKU9"), 30),  # nothing of the kind was bought
        (brought("2026-03-01", 300, who=None), 30),  # nobody knows whose
        (brought("2026-01-20", 900), 0),  # before B was bought: A alone, and B stays; see below
    ],
    ids=["the latest", "and the one before", "more", "another article", "nobody", "earlier"],
)
def test_without_a_receipt_it_is_taken_off_what_the_member_bought(return_: Refund, left: int) -> None:
    told = [sold("A", "2026-01-05", 600), sold("B", "2026-02-05", 300), return_]
    assert account(PAYS, told, "2026-04-01").spendable == (left if return_.at > day("2026-02-05") else 10)


def test_without_a_receipt_points_and_tier_follow_as_with_one() -> None:
    rules = PAYS + '[ladder]\nrefund = "immediate"\ntiers = [{ name = "all" }, { name = "Silver", at_least = "600" }]\n'
    told = [sold("A", "2026-01-05", 600, paid={"points": 60, "cash": 540}), spent(60, "2026-01-05", "A")]
    opening = PointsGranted(id="g", at=day("2026-01-01"), profile=ME, points=60, reason="opening", never_expires=True)
    before = account(rules, [opening, *told], "2026-01-06")
    assert (before.spendable, before.spent) == (18, 60)
    after = account(rules, [opening, *told, brought("2026-02-01", 600)], "2026-02-02")
    assert (after.spendable, after.spent, after.clawed_back) == (60, 0, 18)
    assert after.tier is not None
    assert (after.tier.name, after.tier.spend, after.tier.counted) == ("all", 0, ())


# Points that were spent: back to their own lots, each with its own end.


def opening(points: int, at: str, end: str) -> PointsGranted:
    return PointsGranted(
        id=f"g/{at}", at=day(at), profile=ME, points=points, reason="x", expires_at=day(f"{end} 00:00")
    )


def test_pro_rata_to_the_lots_they_came_from_and_what_has_ended_meanwhile_is_told() -> None:
    """70 of one lot and 30 of another; 40 % comes back: 28 and 12; the first lot has ended by then."""
    told = [
        opening(70, "2026-01-01", "2026-03-01"),
        opening(50, "2026-01-02", "2026-09-01"),
        spent(100, "2026-02-01", "A"),
        sold("A", "2026-02-01", 100, paid={"points": 100}),
        back("A", "2026-03-05", adjustment=40, paid={"points": 40}),
    ]
    assert books(PAYS, told, "2026-03-06") == {"spendable": 32, "spent": 60, "expired": 28, "returned_expired": 28}
    rest = back("A", "2026-03-07", adjustment=60, paid={"points": 60})
    assert books(PAYS, [*told, rest], "2026-03-08") == {"spendable": 50, "expired": 70, "returned_expired": 70}


def test_before_they_end_they_keep_their_end() -> None:
    told = [
        opening(70, "2026-01-01", "2026-03-01"),
        spent(70, "2026-02-01", "A"),
        sold("A", "2026-02-01", 70, paid={"points": 70}),
    ]
    again = [*told, back("A", "2026-02-10", {"1": 70})]
    assert books(PAYS, again, "2026-02-28 23:59") == {"spendable": 70}
    assert books(PAYS, again, "2026-03-01 00:00") == {"expired": 70}


def test_what_expired_of_a_purchase_is_not_owed_when_it_comes_back() -> None:
    rules = EARN + 'expiry = { kind = "days", after = 10 }\n'
    told = [sold("A", "2026-01-05", 300), back("A", "2026-03-01", {"1": 300})]
    assert books(rules, told[:1], "2026-02-01") == {"expired": 10}
    assert books(rules, told, "2026-03-02") == {"clawed_back": 10}


# Points that are gone already.


@pytest.mark.parametrize(
    ("policy", "now", "later"),
    [
        ('debt = "debt"\n', {"spent": 80, "clawed_back": 100, "debt": 80}, (0, 30)),
        ('debt = "clamp"\n', {"spent": 80, "clawed_back": 20, "forgiven": 80}, (50, 0)),
        ('debt = "limit"\ndebt_limit = 30\n', {"spent": 80, "clawed_back": 50, "debt": 30, "forgiven": 50}, (20, 0)),
    ],
)
def test_they_are_owed_forgiven_or_owed_up_to_a_limit(policy: str, now: Any, later: tuple[int, int]) -> None:
    told = [sold("A", "2026-01-05", 3_000), spent(80, "2026-01-06"), back("A", "2026-01-07", {"1": 3_000})]
    assert books(PAYS + policy, told, "2026-01-08") == now
    next_ = account(PAYS + policy, [*told, sold("B", "2026-02-05", 1_500)], "2026-02-06")
    assert (next_.spendable, next_.debt) == later


# Documents in any order, versions of them, and two records that are one person.


def test_a_refund_that_is_heard_of_before_its_purchase_and_twice() -> None:
    facts = [
        sold("A", "2026-01-05", 300), back("A", "2026-01-06", {"1": 90}), spent(3, "2026-01-07", "A"),
        back("A", "2026-01-08", adjustment=60),
    ]  # fmt: skip
    seen = {tuple(books(PAYS, [*order, *order], "2026-01-09").items()) for order in permutations(facts)}
    assert seen == {tuple(books(PAYS, facts, "2026-01-09").items())}


def test_cancelled_and_completed_again_earns_once() -> None:
    first = sold("A", "2026-01-05", 300)
    ended = evolve(first, version=1, status="cancelled", ended_at=day("2026-01-06"))
    told = [first, ended, evolve(first, version=2)]
    assert books(PAYS, told[:2], "2026-01-07") == {"clawed_back": 10}
    for order in permutations(told):
        assert books(PAYS, list(order), "2026-01-07") == {"spendable": 10}


def test_bought_on_one_record_paid_by_another_and_returned_after_they_were_found_to_be_one() -> None:
    shop = a_shop(PAYS)
    gift = PointsGranted(id="g", at=day("2026-01-01"), profile="web:3", points=90, reason="x", never_expires=True)
    bought = sold("A", "2026-01-05", 300, paid={"points": 90, "cash": 210})
    shop.record(gift, bought, spent(90, "2026-01-05", "A", who="web:3"))
    joined = ProfilesJoined(id="j", at=day("2026-02-01"), one=ME, other="web:3")
    shop.record(joined, back("A", "2026-02-05", {"1": 300}))
    one = shop.account(ME)
    assert (one.spendable, one.spent, one.clawed_back, one.debt) == (90, 0, 7, 0)
    shop.record(evolve(joined, version=1, withdrawn=True))
    assert (shop.account(ME).spendable, shop.account("web:3").spendable) == (0, 90)


# The books of a period, as they were known then.


def test_last_months_books_come_out_as_they_were_known_then() -> None:
    now = [day("2026-02-01")]
    shop = memory_shop(programme_from_toml(HEAD + PAYS), now=lambda: now[0])
    shop.record(sold("A", "2026-01-05", 3_000), spent(40, "2026-01-20"))
    start, end = day("2026-01-01 00:00"), day("2026-02-01 00:00")
    (then,) = shop.liability(start, end, known_at=day("2026-02-02"))
    now[0] = day("2026-02-10")
    shop.record(back("A", "2026-01-25", {"1": 1_500}))  # heard of late
    (again,) = shop.liability(start, end, known_at=day("2026-02-02"))
    (today,) = shop.liability(start, end)
    assert again == then
    assert (then.movement.issued, then.movement.redeemed, then.movement.closing) == (100, 40, 60)
    assert (today.movement.clawed_back, today.movement.closing, today.outstanding.spendable) == (50, 10, 10)


def test_a_correction_needs_a_reason_and_somebody_and_goes_no_lower_than_nothing() -> None:
    shop = a_shop(PAYS)
    shop.record(sold("A", "2026-01-05", 300))
    take = AdjustPoints(request="t", at=day("2026-01-06"), profile=ME, points=-11, reason="typing error", actor="Mei")
    answer = shop.execute(take)
    assert isinstance(answer, Refused)
    assert answer.reason.kind == "not_enough_points"
    shop.execute(evolve(take, request="u", points=-4))
    *_, line = shop.statement(ME, as_of=day("2026-01-07"))
    assert (line.what, line.points, line.balance, line.rule) == ("taken", -4, 6, "typing error")
