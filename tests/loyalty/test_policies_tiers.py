"""Tiers: what reaches one, over which window, how long it is kept and by what, what a refund costs. By hand.

A point for every 30 dollars; Silver from 3,000 dollars, Gold from 9,000, unless the row says otherwise.
"""

from __future__ import annotations

from typing import Any

import pytest

from omo_core.loyalty import Missing, PointsGranted, TierGranted
from tests.loyalty.playing import EARN, HERE, ME, a_shop, account, back, day, sold, tier

TIERS = 'tiers = [{ name = "all" }, { name = "Silver", at_least = "3000" }, { name = "Gold", at_least = "9000" }]\n'


def ladder(more: str = "", tiers: str = TIERS) -> str:
    return f"{EARN}[ladder]\n{more}{tiers}"


def bought(*when: tuple[str, int], **more: Any) -> list[Any]:
    return [sold(f"o{n}", at, amount, **more) for n, (at, amount) in enumerate(when)]


def names(rules: str, told: list[Any], *days: str) -> list[str]:
    return [tier(rules, told, at).name for at in days]


# What reaches a tier.

BASES = {
    "spend": ('at_least = "300"', [("2026-01-05", 299), ("2026-01-06", 1)]),
    "points": ("points = 10", [("2026-01-05", 299), ("2026-01-06", 30)]),
    "visits": ("visits = 2", [("2026-01-05", 1), ("2026-01-06", 1)]),
    "any of them": ('at_least = "99999", points = 9999, visits = 2', [("2026-01-05", 1), ("2026-01-06", 1)]),
}


@pytest.mark.parametrize("name", BASES)
def test_what_reaches_a_tier_in_all_channels(name: str) -> None:
    asks, purchases = BASES[name]
    rules = ladder(tiers=f'tiers = [{{ name = "all" }}, {{ name = "Silver", {asks} }}]\n')
    (first, second) = purchases
    told = [sold("web", first[0], first[1], channel="web"), sold("store", second[0], second[1], channel="store")]
    assert names(rules, told, first[0], second[0]) == ["all", "Silver"]


def test_the_balance_reaches_no_tier_and_costs_none() -> None:
    rules = ladder(tiers='tiers = [{ name = "all" }, { name = "Silver", points = 100 }]\n')
    gift = PointsGranted(id="g", at=day("2026-01-05"), profile=ME, points=5_000, reason="gift")
    assert names(rules, [gift], "2026-02-01") == ["all"]
    spree = PointsGranted(id="s", at=day("2026-01-07"), profile=ME, points=-5_000, reason="fraud", actor="Mei")
    assert names(rules, [gift, *bought(("2026-01-06", 3_000)), spree], "2026-02-01") == ["Silver"]


def test_points_and_visits_count_in_every_money_and_spend_in_one() -> None:
    earn = 'earnings = [{ per = "30.00" }, { per = "7.00", currency = "HKD" }]\n'
    tiers = 'tiers = [{ name = "all" }, { name = "Silver", at_least = "300", points = 20 }]\n'
    hk = sold("hk", "2026-01-05", 70, currency="HKD")
    now = tier(f"{earn}[ladder]\n{tiers}", [hk, sold("jp", "2026-01-05", 9_999, currency="JPY")], "2026-01-06")
    assert (now.spend, now.points, now.visits, now.counted) == (0, 10, 2, ("hk", "jp"))
    assert (
        tier(f"{earn}[ladder]\n{tiers}", [hk, sold("hk2", "2026-01-06", 70, currency="HKD")], "2026-01-06").points == 20
    )


def test_one_order_by_itself_or_all_together() -> None:
    told = bought(("2026-01-05", 2_000), ("2026-01-06", 2_000))
    assert names(ladder(), told, "2026-01-06") == ["Silver"]
    assert names(ladder("single_order = true\n"), told, "2026-01-06") == ["all"]
    assert names(ladder("single_order = true\n"), [*told, *bought(("2026-01-07", 3_000))][2:], "2026-01-07") == [
        "Silver"
    ]


# A term that ends within a year.

WITHIN = {
    # spend of 2026 and of early 2027, and the tier on 28 February, 1 March and a year later
    "kept by the year that is over": ([("2026-05-01", 3_000)], ["Silver", "Silver", "all"]),
    "and by what came since": ([("2026-05-01", 3_000), ("2026-06-01", 6_000), ("2027-02-01", 3_000)],
                               ["Gold", "Gold", "Silver"]),
    "lost by it": ([("2025-05-01", 3_000), ("2026-05-01", 2_999)], ["Silver", "all", "all"]),
}  # fmt: skip


@pytest.mark.parametrize("name", WITHIN)
def test_a_term_may_end_two_months_after_the_year(name: str) -> None:
    purchases, expected = WITHIN[name]
    rules = ladder('window = "calendar_year"\nterm_months = 14\n')
    assert names(rules, bought(*purchases), "2027-02-28", "2027-03-01", "2028-03-01") == expected


def test_an_own_year_s_term_may_end_later_too() -> None:
    rules = ladder('window = "anniversary"\nterm_months = 14\n')
    told = bought(("2026-05-10", 3_000), ("2027-06-01", 1_000))
    assert names(rules, told, "2027-07-09", "2027-07-10", "2028-07-09", "2028-07-10") == [
        "Silver", "Silver", "Silver", "all",
    ]  # fmt: skip


LEAPERS = {
    # whose own year begins on 29 February: the tier on days of 2025 to 2029, once it is entered
    "at once": ("", ["Silver", "Silver", "all", "Silver", "Silver", "Gold", "Gold", "Gold", "Silver"]),
    "at the review": (
        'upgrade = "at_review"\n', ["all", "Silver", "all", "all", "all", "all", "all", "Gold", "Silver"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LEAPERS)
def test_who_joined_on_a_leap_day_has_years_that_end(name: str) -> None:
    more, expected = LEAPERS[name]
    rules = ladder(f'window = "anniversary"\n{more}')
    told = bought(("2024-02-29", 3_000), ("2027-02-28", 3_000), ("2028-02-27", 6_000), ("2028-02-29", 3_000))
    days = ["2025-02-27", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-26", "2028-02-27", "2028-02-28"]
    assert names(rules, told, *days, "2028-02-29", "2029-02-28") == expected
    spent = {"2025-02-27": 3_000, "2025-02-28": 0, "2028-02-28": 9_000, "2028-02-29": 3_000, "2029-02-27": 3_000}
    assert [tier(rules, told, at).spend for at in spent] == [each * 100 for each in spent.values()]


# The window.

WINDOWS = {
    # window, purchases, and what counts on a day
    "rolling, the first day of it": ("months = 6\n", [("2026-01-15", 100), ("2026-03-01", 10)], "2026-07-15", 110),
    "rolling, the day after": ("months = 6\n", [("2026-01-15", 100), ("2026-03-01", 10)], "2026-07-16", 10),
    "rolling, from a long month to a short one": ("months = 6\n", [("2026-02-28", 7)], "2026-08-31", 7),
    "this year": ('window = "calendar_year"\n', [("2025-12-31", 100), ("2026-01-01", 10)], "2026-12-31", 10),
    "the member's own year": (
        'window = "anniversary"\n', [("2024-05-10", 1), ("2026-05-09", 100), ("2026-05-10", 10)], "2027-05-09", 10,
    ),
    "everything": ('window = "lifetime"\n', [("2019-01-01", 100), ("2026-01-01", 10)], "2034-01-01", 110),
}  # fmt: skip


@pytest.mark.parametrize("name", WINDOWS)
def test_what_counts(name: str) -> None:
    window, purchases, at, spend = WINDOWS[name]
    assert tier(ladder(window), bought(*purchases), at).spend == spend * 100


def test_what_came_since_the_tier_was_reached() -> None:
    rules = ladder('window = "term"\n')
    told = bought(("2026-01-05", 3_500), ("2026-02-05", 200))
    assert (tier(rules, told, "2026-02-06").name, tier(rules, told, "2026-02-06").spend) == ("Silver", 20_000)


# When it is entered, how long it is kept, and by what.


def test_at_once_and_the_purchase_that_lifts_earns_at_the_old_rate() -> None:
    tiers = 'tiers = [{ name = "all" }, { name = "Silver", at_least = "3000", multiplier = "2" }]\n'
    told = bought(("2026-01-05", 3_000), ("2026-01-06", 300))
    assert account(ladder(tiers=tiers), told, "2026-01-07").earned == 100 + 20


def test_or_at_the_review() -> None:
    rules = ladder('upgrade = "at_review"\nterm_months = 3\n')
    told = bought(("2026-01-05", 5_000))
    assert names(rules, told, "2026-04-05", "2026-04-06") == ["all", "Silver"]


def until(rules: str, told: list[Any], at: str) -> str:
    end = tier(rules, told, at).until
    return "never" if end is None else end.astimezone(HERE).date().isoformat()


TERMS = {
    "twelve months, through the day": ("", "2027-01-06"),
    "six months": ("term_months = 6\n", "2026-07-06"),
    "for ever": ("term_months = 0\n", "never"),
    "the year": ('window = "calendar_year"\n', "2027-01-01"),
    "the year and one more": ('window = "calendar_year"\nterm_months = 24\n', "2028-01-01"),
    "the member's own year": ('window = "anniversary"\n', "2026-12-01"),
    "with everything, for ever": ('window = "lifetime"\n', "never"),
}


@pytest.mark.parametrize("name", TERMS)
def test_how_long_it_is_kept(name: str) -> None:
    more, end = TERMS[name]
    told = bought(("2025-12-01", 1), ("2026-01-05", 3_000))
    assert until(ladder(more), told, "2026-01-06") == end


def test_the_next_term_is_counted_from_the_last_day_of_the_one_before() -> None:
    told = bought(("2026-01-05", 3_000), ("2026-06-01", 3_000), ("2027-06-01", 3_000))
    assert until(ladder(), told, "2027-01-06") == "2028-01-06"
    assert until(ladder(), told, "2028-01-06") == "2029-01-06"
    assert names(ladder(), told, "2029-01-05", "2029-01-06") == ["Silver", "all"]


KEEP = (
    'tiers = [{ name = "all" }, { name = "Silver", at_least = "3000", keep = { spend = "1000", visits = 4 } },\n'
    '{ name = "Gold", at_least = "9000", keep = { spend = "5000" } }]\n'
)


@pytest.mark.parametrize(
    ("later", "kept"),
    [
        ([("2026-06-01", 1_000)], "Silver"),
        ([("2026-06-01", 999)], "all"),
        ([(f"2026-06-0{n}", 1) for n in range(1, 5)], "Silver"),
        ([(f"2026-06-0{n}", 1) for n in range(1, 4)], "all"),
    ],
)
def test_what_keeps_a_tier_is_not_what_reaches_it(later: list[tuple[str, int]], kept: str) -> None:
    assert names(ladder(tiers=KEEP), bought(("2026-01-05", 3_000), *later), "2027-01-06") == [kept]


@pytest.mark.parametrize(
    ("policy", "then", "later"),
    [("to_earned", "Silver", "Silver"), ("by_one", "Silver", "Silver"), ("never", "Gold", "Gold")],
)
def test_down_to_what_is_still_kept_by_one_or_never(policy: str, then: str, later: str) -> None:
    told = bought(("2026-01-05", 9_000), ("2026-06-01", 1_500), ("2027-06-01", 1_500))
    rules = ladder(f'downgrade = "{policy}"\n', KEEP)
    assert names(rules, told, "2027-01-05", "2027-01-06", "2028-01-06") == ["Gold", then, later]


def test_who_does_nothing_falls_to_the_bottom_or_by_one_each_time() -> None:
    told = bought(("2026-01-05", 9_000))
    days = ("2027-01-06", "2028-01-06")
    assert names(ladder('downgrade = "to_earned"\n'), told, *days) == ["all", "all"]
    assert names(ladder('downgrade = "by_one"\n'), told, *days) == ["Silver", "all"]


def test_grace_days() -> None:
    rules = ladder("grace_days = 30\n")
    told = bought(("2026-01-05", 3_000))
    now = tier(rules, told, "2027-01-20")
    assert (now.name, now.in_grace, now.to_keep) == ("Silver", True, Missing(spend=300_000))
    assert names(rules, told, "2027-02-04", "2027-02-05") == ["Silver", "all"]
    saved = [*told, sold("late", "2027-01-25", 3_000)]
    assert (tier(rules, saved, "2027-02-05").name, tier(rules, saved, "2027-02-05").in_grace) == ("Silver", False)
    assert until(rules, saved, "2027-02-05") == "2028-01-06"  # counted from the day of the review


@pytest.mark.parametrize(
    ("policy", "spend", "gold"), [("kept", 4_500, "2026-03-01"), ("lost", 500, ""), ("excess", 1_500, "")]
)
def test_what_is_carried_over_when_a_tier_is_reached(policy: str, spend: int, gold: str) -> None:
    """4,000 reach Silver, which asks for 3,000; then 500; then 4,500 more, and 3,000 more."""
    rules = ladder(f'overshoot = "{policy}"\n')
    told = bought(("2026-01-05", 4_000), ("2026-02-01", 500), ("2026-03-01", 4_500), ("2026-04-01", 3_000))
    assert tier(rules, told, "2026-02-02").spend == spend * 100
    reached = [at for at in ("2026-03-01", "2026-04-01", "2026-12-01") if names(rules, told, at) == ["Gold"]]
    assert reached[:1] == ([gold] if gold else ["2026-04-01"] if policy == "excess" else [])


def test_what_was_more_than_a_tier_asked_for_goes_back_with_its_purchase() -> None:
    rules = ladder('overshoot = "excess"\n')
    told = [*bought(("2026-01-05", 4_000)), back("o0", "2026-01-09", {"1": 600})]
    assert tier(rules, told, "2026-01-10").spend == 40_000


# What is missing, what comes, what counts.


def test_what_is_missing_to_reach_and_to_keep_and_what_comes_of_it() -> None:
    told = bought(("2026-01-05", 3_000), ("2026-09-01", 700))
    now = tier(ladder(tiers=KEEP), told, "2026-10-01")
    assert (now.next, now.to_reach.spend, now.projected) == ("Gold", 530_000, "all")
    assert now.to_keep == Missing(spend=30_000, visits=3)
    assert now.counted == ("o0", "o1")
    kept = tier(ladder(tiers=KEEP), [*told, sold("x", "2026-10-02", 300)], "2026-10-03")
    assert (kept.to_keep, kept.projected) == (Missing(), "Silver")


# Refunds after an upgrade.

COSTS = {"at_review": ["Silver", "all"], "immediate": ["all", "all"], "protect": ["Silver", "Silver"]}


@pytest.mark.parametrize("policy", COSTS)
def test_what_a_refund_costs(policy: str) -> None:
    """3,000 on 5 January reach Silver, and would still count at the review; all of them go back in March."""
    rules = ladder(f'refund = "{policy}"\nmonths = 13\n')
    told = [*bought(("2026-01-05", 3_000)), back("o0", "2026-03-01", {"1": 3_000})]
    assert names(rules, told, "2026-03-02", "2027-01-06") == COSTS[policy]


def test_a_refund_never_rewrites_what_was_earned_meanwhile() -> None:
    tiers = 'tiers = [{ name = "all" }, { name = "Silver", at_least = "3000", multiplier = "2" }]\n'
    rules = ladder('refund = "immediate"\n', tiers)
    told = [*bought(("2026-01-05", 3_000), ("2026-02-05", 300)), back("o0", "2026-03-01", {"1": 3_000})]
    assert account(rules, told, "2026-03-02").spendable == 20
    assert names(rules, told, "2026-02-06", "2026-03-02") == ["Silver", "all"]


# Given and bought.

CLUB = (
    'tiers = [{ name = "all" }, { name = "Silver", at_least = "3000" },\n'
    '{ name = "Gold", at_least = "9000", sold_as = ["CARD"], sold_months = 12 }]\n'
)


def card(order: str, at: str, units: int = 1) -> Any:
    return sold(order, at, {"amount": 500 * units, "sku": "CARD", "units": units})


def test_a_tier_that_is_bought_lasts_its_months_and_the_earned_one_is_there_again() -> None:
    told = [card("c", "2026-01-05"), sold("big", "2026-06-01", 3_000)]
    rules = ladder(tiers=CLUB)
    assert until(rules, told, "2026-01-06") == "2027-01-06"
    assert names(rules, told, "2026-01-05", "2027-01-05", "2027-01-06", "2027-06-02") == [
        "Gold",
        "Gold",
        "Silver",
        "all",
    ]


def test_one_more_membership_makes_it_longer_and_a_refund_takes_it_back() -> None:
    rules = ladder(tiers=CLUB)
    told = [card("c", "2026-01-05"), card("d", "2026-06-01")]
    assert until(rules, told, "2026-06-02") == "2028-01-06"
    assert until(rules, [*told, back("d", "2026-06-08", {"1": 500})], "2026-06-09") == "2027-01-06"
    gone = [*told, back("d", "2026-06-08", {"1": 500}), back("c", "2026-06-09", {"1": 500})]
    assert names(rules, gone, "2026-06-08", "2026-06-10") == ["Gold", "all"]


def test_who_did_meanwhile_what_keeps_it_has_earned_it() -> None:
    rules = ladder(tiers=CLUB.replace('at_least = "9000"', 'at_least = "9000", keep = { spend = "4000" }'))
    told = [card("c", "2026-01-05"), sold("x", "2026-06-01", 4_000)]
    assert names(rules, told, "2027-01-06", "2028-01-05", "2028-01-06") == ["Gold", "Gold", "all"]


def granted(name: str, at: str, end: str, **more: Any) -> TierGranted:
    return TierGranted(
        id=f"tier/{name}/{at}", at=day(at), profile=ME, tier=name, until=day(f"{end} 00:00"), reason="sorry", **more
    )


def test_grants_by_hand_lie_above_one_another() -> None:
    told = [granted("Gold", "2026-01-05", "2026-03-01"), granted("Silver", "2026-02-01", "2026-06-01")]
    assert names(ladder(), told, "2026-02-15", "2026-03-01", "2026-05-31", "2026-06-01") == [
        "Gold",
        "Silver",
        "Silver",
        "all",
    ]
    taken_back = [*told, granted("Gold", "2026-01-05", "2026-03-01", version=1, withdrawn=True)]
    assert names(ladder(), taken_back, "2026-01-15", "2026-02-15") == ["all", "Silver"]


# From one version's ladder to the next one's.

NEXT = """
[[versions]]
name = "old"
earnings = [{ per = "30.00" }]
[versions.ladder]
tiers = [{ name = "all" }, { name = "Silver", at_least = "3000" }, { name = "Gold", at_least = "9000" }]
[[versions]]
name = "new"
since = 2026-06-01
earnings = [{ per = "30.00" }]
[versions.ladder]
tiers = [{ name = "all" }, { name = "Bronze", at_least = "1000" }, { name = "Silver", at_least = "4000" },
         { name = "Platinum", at_least = "20000" }]
"""


def test_tiers_of_one_name_are_one_tier_and_nobody_loses_one_by_a_new_version() -> None:
    silver = bought(("2026-01-05", 3_000))
    assert names(NEXT, silver, "2026-05-31", "2026-06-01", "2027-01-05") == ["Silver", "Silver", "Silver"]
    assert until(NEXT, silver, "2026-06-02") == "2027-01-06"
    assert names(NEXT, bought(("2026-01-05", 1_500)), "2026-05-31", "2026-06-01") == ["all", "Bronze"]


def test_a_tier_that_is_gone_is_the_next_lower_or_what_is_earned() -> None:
    assert names(NEXT, bought(("2026-01-05", 9_000)), "2026-05-31", "2026-06-01") == ["Gold", "Silver"]
    assert names(NEXT, bought(("2026-01-05", 25_000)), "2026-06-01") == ["Platinum"]


def test_the_statement_says_when_a_tier_was_won_and_lost_and_by_which_version() -> None:
    shop = a_shop(NEXT)
    shop.record(*bought(("2026-01-05", 9_000)))
    lines = shop.statement(ME, as_of=day("2027-06-02"))
    told = [(line.what, line.event, line.version) for line in lines if line.what.startswith("tier")]
    assert told == [("tier won", "sale/o0", "old"), ("tier lost", "Silver", "new"), ("tier lost", "all", "new")]


def test_memberships_of_one_tier_follow_each_other_also_by_another_name() -> None:
    """Each goes on from the last day of those before it, whatever their tier is called by then."""
    club = 'name = "Club", at_least = "99999", sold_as = ["SKU1"], sold_months = 1'
    tiers = f'[[versions]]\nname = "a"\n{EARN}[versions.ladder]\ntiers = [{{ name = "all" }}, {{ {club} }}]\n'
    renamed = club.replace('"Club"', '"Circle", replaces = ["Club"]')
    tiers += f'[[versions]]\nname = "b"\nsince = 2026-02-01\n{EARN}[versions.ladder]\n'
    tiers += f'tiers = [{{ name = "all" }}, {{ {renamed} }}]\n'
    told = bought(("2026-01-10", 300), ("2026-01-20", 300), ("2026-02-20", 300))
    assert names(tiers, told, "2026-01-30", "2026-03-10", "2026-04-10", "2026-04-11") == [
        "Club", "Circle", "Circle", "all",
    ]  # fmt: skip


def test_a_membership_that_comes_back_at_once_was_never_reviewed() -> None:
    """Its end made the member Silver by two visits that wait for a review; without it they wait on."""
    silver = 'name = "Silver", visits = 2, sold_as = ["CARD"], sold_months = 1'
    rules = ladder('upgrade = "at_review"\nrefund = "immediate"\n', f'tiers = [{{ name = "all" }}, {{ {silver} }}]\n')
    card = sold("card", "2026-01-20", {"amount": 0, "sku": "CARD"})
    told = [*bought(("2026-01-10", 300), ("2026-01-15", 300)), card, sold("late", "2026-03-01", 300)]
    assert names(rules, told, "2026-01-21", "2026-02-25", "2026-03-02") == ["Silver", "Silver", "Silver"]
    gone = back("card", "2026-03-05", {"1": 0})
    assert names(rules, [*told, gone], "2026-03-04", "2026-03-05", "2027-01-11") == ["Silver", "all", "Silver"]
