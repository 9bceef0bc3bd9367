"""What becomes of a tier, by hand: refunds, days of grace, gifts, new versions, what is missing."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from omo_core.events import Event
from omo_core.loyalty import (
    Earning,
    Ladder,
    Missing,
    Programme,
    Standard,
    Tier,
    TierGranted,
    TierView,
    Version,
    account,
    check_programme,
)
from omo_core.trade import Refund, RefundLine, Sale, SaleLine

HK = ZoneInfo("Asia/Hong_Kong")
EARNINGS = (Earning(currency="HKD", per=1000), Earning(currency="TWD", per=4000))
RUNGS = (Tier(name="Base"), Tier(name="Gold", at_least=500_000), Tier(name="Plat", at_least=1_000_000))


def on(month: int, day: int, year: int = 2026, hour: int = 12) -> datetime:
    return datetime(year, month, day, hour, tzinfo=HK)


def programme(*ladders: Ladder | None) -> Programme:
    """One version after the other, the second from 1 June 2026 on."""
    starts = (on(1, 1, 1980), on(6, 1, hour=0))
    versions = tuple(
        Version(name=str(number), since=starts[number], earnings=EARNINGS, ladder=ladder)
        for number, ladder in enumerate(ladders)
    )
    made = Programme(zone=HK, versions=versions)
    check_programme(made)
    return made


def ladder(**rules: object) -> Ladder:
    return Ladder(**{"currency": "HKD", "tiers": RUNGS, **rules})


def sale(order: str, at: datetime, amount: int, currency: str = "HKD") -> Sale:
    line = SaleLine(line="1", sku="TEE", units=1, amount=amount)
    return Sale(id=f"sale/{order}", at=at, order=order, profile="p", currency=currency, lines=(line,))


def back(order: str, at: datetime, amount: int) -> Refund:
    line = RefundLine(line="1", sku="TEE", units=0, amount=amount)
    return Refund(id=f"refund/{order}/{at}", at=at, order=order, currency="HKD", lines=(line,))


def given(tier: str, at: datetime, until: datetime, *, reviewed: bool = True) -> TierGranted:
    name = f"tier/{tier}/{at}"
    return TierGranted(id=name, at=at, profile="p", tier=tier, until=until, reason="paid", reviewed=reviewed)


def tier(made: Programme, at: datetime, *events: Event) -> TierView:
    found = account(made, events, ("p",), at).tier
    assert found is not None
    return found


def until(made: Programme, at: datetime, *events: Event) -> tuple[str, str]:
    found = tier(made, at, *events)
    return found.name, f"{found.until.astimezone(HK):%Y-%m-%d}" if found.until is not None else ""


def test_a_tier_keeps_its_name_when_a_rung_is_put_in_below() -> None:
    more = (RUNGS[0], Tier(name="Bronze", at_least=50_000), *RUNGS[1:])
    made = programme(ladder(), ladder(tiers=more))
    assert until(made, on(6, 2), sale("A", on(1, 5), 500_000)) == ("Gold", "2027-01-06")


def test_a_tier_that_is_gone_is_the_nearest_below_or_the_one_that_replaces_it() -> None:
    silver = Tier(name="Silver", at_least=100_000)
    bought = sale("A", on(1, 5), 400_000)
    gone = programme(ladder(tiers=(RUNGS[0], silver, RUNGS[1])), ladder(tiers=RUNGS[:2]))
    assert until(gone, on(6, 2), bought) == ("Base", "")
    sterling = Tier(name="Sterling", at_least=500_000, replaces=("Silver",))
    named = programme(ladder(tiers=(RUNGS[0], silver, RUNGS[1])), ladder(tiers=(RUNGS[0], sterling)))
    assert until(named, on(6, 2), bought) == ("Sterling", "2027-01-06")


def test_no_money_is_converted_when_a_ladder_changes_its_own() -> None:
    made = programme(
        ladder(tiers=RUNGS[:2]), ladder(currency="TWD", tiers=(RUNGS[0], Tier(name="Gold", at_least=2000)))
    )
    assert tier(made, on(6, 6), sale("A", on(1, 5), 450_000), sale("B", on(6, 5), 1550, "TWD")).spend == 1550


def test_points_and_visits_count_in_any_money() -> None:
    by_points = programme(ladder(tiers=(RUNGS[0], Tier(name="Gold", points=100))))
    by_visits = programme(ladder(tiers=(RUNGS[0], Tier(name="Gold", visits=2))))
    told = sale("A", on(1, 5), 50_000), sale("B", on(1, 6), 400_000, "TWD")
    assert [tier(made, on(1, 7), *told).name for made in (by_points, by_visits)] == ["Gold", "Gold"]


def test_grace_days_cost_no_tier_that_would_be_kept_without_them() -> None:
    told = sale("A", on(6, 1, 2025), 1_000_000), sale("B", on(6, 1), 900_000)
    for days in (0, 30):
        made = programme(ladder(window="calendar_year", grace_days=days))
        assert until(made, on(2, 15, 2027), *told) == ("Gold", "2028-01-01")


def test_what_is_bought_in_grace_counts_with_the_year_that_was_reviewed() -> None:
    made = programme(ladder(window="calendar_year", grace_days=30))
    told = sale("A", on(6, 1, 2025), 1_000_000), sale("B", on(6, 1), 900_000), sale("C", on(1, 15, 2027), 100_000)
    assert until(made, on(1, 14, 2027), *told[:2]) == ("Plat", "2027-01-31")
    assert until(made, on(2, 15, 2027), *told) == ("Plat", "2028-01-01")


def test_a_gift_shortens_nothing_that_is_earned() -> None:
    made = programme(ladder(window="calendar_year"))
    told = sale("A", on(6, 1), 600_000), given("Gold", on(7, 1), on(2, 15, 2027))
    assert until(made, on(3, 1, 2027), *told) == ("Gold", "2028-01-01")


def test_a_second_gift_and_one_of_no_tier_leave_the_first() -> None:
    made = programme(ladder(refund="immediate"))
    for second in ("Base", "Glod"):
        told = given("Plat", on(1, 1), on(12, 31)), given(second, on(1, 10), on(3, 1)), sale("A", on(2, 1), 10_000)
        assert tier(made, on(2, 3), *told, back("A", on(2, 2), 10_000)).name == "Plat"


def test_who_did_in_a_gift_what_keeps_the_tier_has_it_afterwards_unless_it_just_ends() -> None:
    made = programme(ladder(upgrade="at_review"))
    bought = sale("A", on(3, 1), 500_000)
    kept = given("Gold", on(2, 1), on(4, 1, hour=0))
    assert until(made, on(4, 2), kept, bought) == ("Gold", "2027-04-01")
    assert tier(made, on(4, 2), given("Gold", on(2, 1), on(4, 1, hour=0), reviewed=False), bought).name == "Base"


def test_at_once_a_refund_costs_no_tier_that_is_kept_by_an_easier_standard() -> None:
    made = programme(
        ladder(refund="immediate", tiers=(RUNGS[0], Tier(name="Gold", at_least=500_000, keep=Standard(spend=300_000))))
    )
    told = sale("A", on(1, 5), 500_000), sale("B", on(3, 5), 350_000), back("B", on(1, 11, 2027), 1000)
    assert until(made, on(1, 12, 2027), *told) == ("Gold", "2028-01-06")
    assert tier(made, on(1, 12, 2027), *told, back("B", on(1, 11, 2027, 13), 60_000)).name == "Base"


def test_at_once_a_refund_costs_no_rung_that_does_not_rest_on_it() -> None:
    made = programme(ladder(refund="immediate", downgrade="by_one"))
    told = sale("A", on(1, 5), 1_000_000), sale("B", on(1, 11, 2027), 1000), back("B", on(1, 12, 2027), 500)
    assert until(made, on(1, 13, 2027), *told) == ("Gold", "2028-01-06")


def test_at_once_the_tier_is_had_again_that_was_had_before() -> None:
    made = programme(ladder(refund="immediate"))
    told = sale("A", on(1, 5), 500_000), sale("B", on(5, 5), 500_000), back("B", on(7, 1), 500_000)
    assert until(made, on(6, 1), *told[:2]) == ("Plat", "2027-05-06")
    assert until(made, on(7, 2), *told) == ("Gold", "2027-01-06")


def test_a_refund_is_judged_by_the_ladder_of_its_own_day() -> None:
    lower = (RUNGS[0], Tier(name="Gold", at_least=300_000))
    made = programme(ladder(refund="immediate", tiers=RUNGS[:2]), ladder(refund="immediate", tiers=lower))
    assert tier(made, on(6, 6), sale("A", on(5, 30), 500_000), back("A", on(6, 5), 150_000)).name == "Gold"


def test_what_came_back_reaches_nothing_under_any_policy() -> None:
    for policy in ("at_review", "immediate", "protect"):
        made = programme(ladder(refund=policy))
        told = sale("A", on(1, 5), 400_000), back("A", on(1, 6), 400_000), sale("B", on(1, 7), 100_000)
        assert (tier(made, on(1, 8), *told).name, tier(made, on(1, 8), *told).visits) == ("Base", 1)


def test_protect_keeps_what_was_reached_for_one_term() -> None:
    told = sale("A", on(1, 5), 500_000), back("A", on(2, 1), 500_000)
    made = programme(ladder(refund="protect", months=36))
    names = [tier(made, on(1, 10, year), *told).name for year in (2027, 2028)]
    assert names == ["Gold", "Base"]
    assert tier(programme(ladder(months=36)), on(1, 10, 2027), *told).name == "Base"


def test_what_is_missing_is_missing_at_the_review_not_today() -> None:
    made = programme(ladder())
    bought = sale("A", on(6, 1), 500_000)
    shown = tier(made, on(6, 1, 2027, 23), bought)
    assert (shown.name, shown.to_keep, shown.projected) == ("Gold", Missing(spend=500_000), "Base")
    assert tier(made, on(6, 2, 2027), bought).name == "Base"


def test_a_tier_that_is_never_lost_asks_for_nothing() -> None:
    shown = tier(programme(ladder(downgrade="never")), on(7, 1, 2027), sale("A", on(6, 1), 500_000))
    assert (shown.name, shown.to_keep, shown.projected) == ("Gold", Missing(), "Gold")


def test_a_ladder_that_comes_later_finds_what_was_bought_before() -> None:
    made = programme(None, ladder())
    assert tier(made, on(6, 2), sale("A", on(5, 30), 900_000)).name == "Gold"


def test_goods_count_for_a_tier_though_they_earn_nothing_where_the_ladder_says_so() -> None:
    few = (Earning(currency="HKD", per=1000, only_skus=("CAP",)),)
    for counts, name in (("earning", "Base"), ("goods", "Gold")):
        version = Version(earnings=few, ladder=ladder(counts=counts))
        assert tier(Programme(zone=HK, versions=(version,)), on(1, 6), sale("A", on(1, 5), 500_000)).name == name
