"""What earns, how it is rounded, when it can be used: each policy by a programme's file, with numbers made by hand.

A point for every 30 dollars unless the row says otherwise.
"""

from __future__ import annotations

from typing import Any

import pytest

from omo_core.trade import HandedLine, HandedOver, Refund, RefundLine, Restock
from tests.loyalty.playing import EARN, account, back, day, sold

FOOD, WEAR = {"category": "food"}, {"category": "wear"}


def rule(more: str = "", per: str = "30.00") -> str:
    return f'earnings = [{{ per = "{per}"{", " if more else ""}{more} }}]\n'


EARNED: dict[str, tuple[str, dict[str, Any], int]] = {
    # The order as a whole, by default; 89 + 89 is 178, which is 5 whole steps; each line alone has 2.
    "order": (EARN, {"lines": (89, 89)}, 5),
    "line": (rule("each_line = true"), {"lines": (89, 89)}, 4),
    # 105 of which 5 is tax.
    "tax in": (rule(per="35.00"), {"lines": ({"amount": 105, "tax": 5},)}, 3),
    "tax out": (rule("tax = false", per="35.00"), {"lines": ({"amount": 105, "tax": 5},)}, 2),
    "delivery out": (EARN, {"lines": (60,), "shipping": 6_000}, 2),
    "delivery in": (rule("shipping = true"), {"lines": (60,), "shipping": 6_000}, 4),
    "delivery in, line by line": (rule("shipping = true, each_line = true"), {"lines": (59,), "shipping": 5_900}, 2),
    "a discount that lies on a line": (EARN, {"lines": ({"amount": 90, "discount": 3_000},)}, 3),
    "a line that takes off": (EARN, {"lines": (300, -150)}, 5),
    "a line that takes off, line by line": (rule("each_line = true"), {"lines": (300, -150)}, 5),
    "an excluded article": (rule('idle_skus = ["SKU1"]'), {"lines": (300, 60)}, 2),
    "an excluded category": (
        rule('idle_categories = ["food"]'), {"lines": ({"amount": 300, **FOOD}, {"amount": 60, **WEAR})}, 2,
    ),
    "only an article": (rule('only_skus = ["SKU2"]'), {"lines": (300, 60)}, 2),
    "only a category": (
        rule('only_categories = ["wear"]'), {"lines": ({"amount": 300, **FOOD}, {"amount": 60, **WEAR})}, 2,
    ),
    "a gift card is bought": (EARN, {"lines": ({"amount": 300, "kind": "gift_card"}, 60)}, 2),
    "a gift card earns": (rule("gift_cards = true"), {"lines": ({"amount": 300, "kind": "gift_card"}, 60)}, 12),
    "a fee": (EARN, {"lines": ({"amount": 300, "kind": "fee"}, 60)}, 2),
    # Means of payment.
    "a gift card pays": (EARN, {"lines": (300,), "paid": {"gift_card": 120, "cash": 180}}, 6),
    "points and credit pay": (EARN, {"lines": (300,), "paid": {"points": 90, "store_credit": 60, "card": 150}}, 5),
    "everything earns": (rule("idle_tenders = []"), {"lines": (300,), "paid": {"gift_card": 300}}, 10),
    "a voucher does not": (
        rule('idle_tenders = ["voucher"]'), {"lines": (300,), "paid": {"voucher": 60, "gift_card": 240}}, 8,
    ),
    "a gift card pays all, line by line": (
        rule("each_line = true"), {"lines": (150, 150), "paid": {"gift_card": 300}}, 0,
    ),
    "a gift card pays half, line by line": (
        rule("each_line = true"), {"lines": (150, 150), "paid": {"gift_card": 150, "cash": 150}}, 4,
    ),
    "a gift card pays a tenth, a tenth of each": (  # 900 others, 300 that earn: 120 is off both, 30 of it here
        rule('only_skus = ["SKU2"]'), {"lines": (900, 300), "paid": {"gift_card": 120, "cash": 1080}}, 9,
    ),
    "tax bears none of it": (
        rule("tax = false"), {"lines": ({"amount": 105, "tax": 15},), "paid": {"gift_card": 30}}, 2,
    ),
    # Rules for places, channels, members; several rules; per order; the cap.
    "in a channel": (rule('channels = ["web"]'), {"lines": (300,), "channel": "web"}, 10),
    "in another channel": (rule('channels = ["web"]'), {"lines": (300,), "channel": "store"}, 0),
    "in a store": (rule('stores = ["S1"]'), {"lines": (300,), "location": "S1"}, 10),
    "in no store": (rule('stores = ["S1"]'), {"lines": (300,)}, 0),
    "per order": ("earnings = [{ flat = 5 }]\n", {"lines": (1,)}, 5),
    "per order of which nothing earns": ("earnings = [{ flat = 5 }]\n", {"lines": (90,), "paid": {"points": 90}}, 0),
    "two rules": (  # 300 food at 30 is 10; 60 wear at 20 is 3
        'earnings = [{ per = "30.00", only_categories = ["food"] }, { per = "20.00", only_categories = ["wear"] }]\n',
        {"lines": ({"amount": 300, **FOOD}, {"amount": 60, **WEAR})}, 13,
    ),
    "two rules and a card": (  # 180 paid with a gift card: 150 of the food, 30 of the wear; 5 and 1
        'earnings = [{ per = "30.00", only_categories = ["food"] }, { per = "20.00", only_categories = ["wear"] }]\n',
        {"lines": ({"amount": 300, **FOOD}, {"amount": 60, **WEAR}), "paid": {"gift_card": 180, "cash": 180}}, 6,
    ),
    "a cap": (EARN + "cap = 8\n", {"lines": (300,)}, 8),
    "nothing over the cap": (EARN + 'cap = 8\nover_cap = "nothing"\n', {"lines": (300,)}, 0),
    "another money": (EARN, {"lines": (300,), "currency": "HKD"}, 0),
    "several moneys": (
        'earnings = [{ per = "30.00" }, { per = "7.00", currency = "HKD" }]\n', {"lines": (70,), "currency": "HKD"}, 10,
    ),
    "ten at a step": (rule("points = 10"), {"lines": (89,)}, 20),
    "more than can be written down": (rule("points = 1_000_000", per="0.01"), {"lines": (900_000,)}, 10**12),
}  # fmt: skip


@pytest.mark.parametrize("name", EARNED)
def test_what_earns(name: str) -> None:
    rules, bought, points = EARNED[name]
    given = dict(bought)
    told = sold("A", "2026-03-01", *given.pop("lines"), **given)
    assert account(rules, [told], "2026-03-02").earned == points


# 45 is one step and a half of 30; 75 is two and a half; 74 a little less, 76 a little more.
ROUNDED = {"floor": (1, 2, 2, 2), "half_up": (2, 2, 3, 3), "half_even": (2, 2, 2, 3), "ceil": (2, 3, 3, 3)}


@pytest.mark.parametrize("mode", ROUNDED)
def test_what_becomes_of_a_part_of_a_step(mode: str) -> None:
    amounts = (45, 74, 75, 76)
    told = [account(rule(f'rounding = "{mode}"'), [sold("A", "2026-03-01", each)], "2026-03-02") for each in amounts]
    assert tuple(each.earned for each in told) == ROUNDED[mode]


@pytest.mark.parametrize(("mode", "points"), [("floor", 4), ("half_up", 5), ("half_even", 4), ("ceil", 5)])
def test_what_a_tier_multiplies_is_rounded_the_same_way(mode: str, points: int) -> None:
    """3 points, three halves of them are 4 and a half."""
    ladder = '[ladder]\ntiers = [{ name = "all", multiplier = "3/2" }]\n'
    assert account(rule(f'rounding = "{mode}"') + ladder, [sold("A", "2026-03-01", 90)], "2026-03-02").earned == points


@pytest.mark.parametrize("mode", ROUNDED)
@pytest.mark.parametrize("each_line", ["true", "false"])
def test_parts_that_come_back_take_what_the_whole_would(mode: str, each_line: str) -> None:
    rules = rule(f'rounding = "{mode}", each_line = {each_line}')
    bought = sold("A", "2026-03-01", 100, 55, 75)
    parts = [back("A", f"2026-03-{2 + n:02d}", {line: part}) for n, (line, part) in enumerate(
        [("1", 33), ("2", 54), ("3", 75), ("1", 33), ("2", 1), ("1", 34)])]  # fmt: skip
    left = [account(rules, [bought, *parts[:n]], "2026-03-20").spendable for n in range(7)]
    assert left == sorted(left, reverse=True)
    assert left[-1] == 0
    whole = back("A", "2026-03-02", {"1": 100, "2": 55, "3": 75})
    assert account(rules, [bought, whole], "2026-03-20").clawed_back == left[0]


# When points can be used.


def test_at_once() -> None:
    assert account(EARN, [sold("A", "2026-03-01", 300)], "2026-03-01").spendable == 10


def test_days_after_the_sale_at_the_start_of_the_day_there() -> None:
    bought = sold("A", "2026-03-01 23:59", 300)
    rules = EARN + "pending_days = 14\n"
    before, on = (account(rules, [bought], at) for at in ("2026-03-14 23:59", "2026-03-15 00:00"))
    assert (before.spendable, before.pending) == (0, 10)
    assert (on.spendable, on.pending) == (10, 0)


def ordered() -> Any:
    return sold("A", "2026-03-01", {"amount": 300, "units": 2, "handing": "ship", "sku": "TEE"})


def shipped(number: int, at: str) -> HandedOver:
    line = HandedLine(line="1", sku="TEE", units=1)
    return HandedOver(id=f"out/{number}", at=day(at), order="A", location="W", how="shipped", lines=(line,))


HANDOVER = EARN + 'pending_days = 7\npending_after = "handover"\n'


def test_days_after_the_last_of_it_has_left() -> None:
    told = [ordered(), shipped(1, "2026-03-02"), shipped(2, "2026-03-10")]
    assert account(HANDOVER, told[:2], "2026-12-01").pending == 10
    assert account(HANDOVER, told, "2026-03-16").pending == 10
    assert account(HANDOVER, told, "2026-03-17 00:00").spendable == 10


def gave_back(how: Restock, at: str) -> Refund:
    line = RefundLine(line="1", sku="TEE", units=1, amount=15_000, restock=how)
    return Refund(id=f"refund/{how}", at=day(at), order="A", currency="TWD", lines=(line,))


def test_a_unit_that_left_and_came_back_does_not_stand_for_one_that_waits() -> None:
    told = [ordered(), shipped(1, "2026-03-02"), gave_back("return", "2026-03-05")]
    assert account(HANDOVER, told, "2026-12-01").pending == 5
    assert account(HANDOVER, [*told, shipped(2, "2026-03-10")], "2026-12-01").spendable == 5


def test_a_unit_that_will_never_leave_is_not_waited_for() -> None:
    told = [ordered(), shipped(1, "2026-03-02"), gave_back("cancel", "2026-03-05")]
    assert account(HANDOVER, told, "2026-03-12 00:00").spendable == 5


def test_points_that_wait_for_the_parcel_live_by_the_tier_they_were_earned_in() -> None:
    """Bought in no tier, handed over when the member was Gold, whose points are for ever: these are not."""
    ladder = '[ladder]\ntiers = [{ name = "all" }, { name = "Gold", at_least = "1000", expiry = { kind = "never" } }]\n'
    rules = EARN + 'pending_after = "handover"\nexpiry = { kind = "days", after = 10 }\n' + ladder
    told = [ordered(), sold("B", "2026-03-04", 3000), shipped(1, "2026-03-05"), shipped(2, "2026-03-06")]
    assert account(rules, told, "2026-03-14").spendable == 100 + 10  # B's live through the 14th, A's through the 16th
    assert account(rules, told, "2026-03-16").spendable == 10
    assert account(rules, told, "2026-03-17").spendable == 0
    assert account(rules, [*told, sold("C", "2026-03-07", 300)], "2030-01-01").spendable == 10
