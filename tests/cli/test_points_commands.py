"""Points through the command: held, captured, transferred, limited; what time brings, told once; the books."""

from pathlib import Path

import pytest

from tests.cli.conftest import SHOP, Run, lines, receipt

MORE = """
[[more_programmes]]
name = "credit"
unit = "HKD"
expiry = { kind = "never" }
"""
RULES = """
[programme]
earnings = [{ per = "1.00" }]
redemptions = [{ amount = "0.10", max_percent = 50, maximum = 80, channels = ["store"] }]
expiry = { kind = "days", after = 60 }
ladder = { tiers = [{ name = "Member" }, { name = "Silver", at_least = "100" }] }
"""


@pytest.fixture
def shop(run: Run, tmp_path: Path) -> Path:
    """A shop where card 4711 has earned 100 points on 2 March, and card 4712 100 points."""
    text = SHOP[: SHOP.index("[programme]")] + MORE + RULES
    (tmp_path / "shop.toml").write_text(text, "utf-8")
    assert run("init", "--config", "shop.toml").code == 0
    (tmp_path / "day.jsonl").write_text(lines(receipt(1), receipt(2, member={"card": "4712"})), "utf-8")
    assert run("import", "day.jsonl").code == 0
    return tmp_path


def on(day: int, month: int = 3) -> str:
    return f"2026-{month:02d}-{day:02d}T12:00"


def test_points_are_held_captured_in_part_and_let_go(run: Run, shop: Path) -> None:
    held = run("hold", "4711", 40, "--hold", "basket", "--at", on(3), "--until", "2036-03-09", "--json")
    assert (held.code, held.document["spendable"], held.document["held"]) == (0, 60, 40)
    assert run("redeem", "4711", 61, "--at", on(3), "--no-money").code == 1
    taken = run("capture", "4711", "basket", 30, "--order", "W1", "--at", on(4))
    assert (taken.code, "30 points captured of basket, the rest is free; 70 points left" in taken.out) == (0, True)
    again = run("capture", "4711", "basket", 5, "--at", on(4))
    assert (again.code, "The hold basket was captured." in again.out) == (1, True)
    assert "has no hold elsewhere" in run("void", "4711", "elsewhere", "--at", on(4)).out
    run("hold", "4711", 5, "--hold", "second", "--at", on(5), "--until", "2036-03-09")
    assert "second is let go; 70 points" in run("void", "4711", "second", "--at", on(5)).out


def test_ends_are_told_and_asked_for_on_the_shop_s_clock(run: Run, shop: Path) -> None:
    held = run("hold", "4711", 40, "--hold", "basket", "--at", on(3), "--until", "2026-03-03T18:30")
    assert "held as basket until 2026-03-03 18:30; 60 points left" in held.out
    assert "has run out of time" in run("capture", "4711", "basket", 40, "--at", on(4)).out
    asked = ("--reason", "sorry", "--by", "Mei", "--at", on(3))
    run("adjust", "4711", 5, *asked, "--expires", "2026-03-20")
    card = run("member", "4711", "--as-of", "2026-03-20").out
    assert "105 points to spend" in card
    assert "2026-03-20" in card
    gone = run("statement", "4711", "--as-of", "2026-03-31", "--json").document
    assert [line["at"] for line in gone["statement"] if line["what"] == "expired"] == ["2026-03-20T16:00:00Z"]


def test_points_are_given_to_another_member(run: Run, shop: Path) -> None:
    given = run("transfer", "4711", "4712", 25, "--reason", "birthday", "--at", on(3), "--json")
    assert (given.code, given.document["spendable"]) == (0, 75)
    said = run("statement", "4712", "--as-of", "2026-03-10").out
    assert "birthday" in said
    assert "+25" in said
    assert run("transfer", "4711", "4711", 5).code == 2


def test_a_redemption_keeps_to_the_limits(run: Run, shop: Path) -> None:
    over = run("redeem", "4711", 90, "--at", on(3), "--json")
    assert over.document["refused"]["kind"] == "over_limit"
    half = run("redeem", "4711", 60, "--order-amount", "10.00", "--at", on(3), "--json").document["refused"]
    assert (half["allowed"], half["limit"]) == (50, "max_percent")
    web = run("redeem", "4711", 10, "--channel", "web", "--at", on(3))
    assert (web.code, "Points do not pay in web." in web.out) == (1, True)
    assert run("redeem", "4711", 50, "--order-amount", "10.00", "--channel", "store", "--at", on(3)).code == 0


def test_store_credit_is_a_programme_of_its_own(run: Run, shop: Path) -> None:
    given = ("adjust", "4711", 2500, "--reason", "return", "--by", "Mei", "--programme", "credit", "--at", on(3))
    assert "+HKD 25.00; HKD 25.00 left to spend" in run(*given).out
    run("hold", "4711", 500, "--hold", "basket", "--programme", "credit", "--at", on(3))
    said = run("statement", "4711", "--programme", "credit", "--as-of", "2026-03-05").out
    assert "held (HKD 5.00)" in said
    assert "+HKD 25.00" in said
    paid = run("redeem", "4711", 1000, "--programme", "credit", "--at", on(4), "--json")
    assert (paid.document["spendable"], paid.document["events"][0]["currency"]) == (1500, "HKD")
    wrong = run("redeem", "4711", 10, "--programme", "credit", "--currency", "TWD", "--at", on(4), "--json")
    assert wrong.document["refused"]["kind"] == "currency_not_redeemable"
    assert run("redeem", "4711", 10, "--programme", "stars").code == 2
    books = run("liability", "--from", "2026-03-01", "--to", "2026-03-31").out
    assert "HKD 15.00" in books


def test_a_statement_names_event_rule_and_version(run: Run, shop: Path) -> None:
    run("redeem", "4711", 10, "--at", on(3), "--request", "r1")
    told = run("statement", "4711", "--as-of", "2026-03-31", "--json").document["statement"]
    assert [(line["what"], line["points"], line["rule"], line["version"]) for line in told] == [
        ("earned", 100, "earnings[0]", "1"),
        ("tier won", 0, "purchase", "1"),
        ("redeemed", -10, "redemption", "1"),
    ]
    assert (told[1]["tier"], told[1]["event"]) == ("Silver", told[0]["event"])
    assert told[2]["event"] == "redemption/r1"
    gone = run("statement", "4711", "--as-of", "2026-12-31", "--json").document["statement"][-1]
    assert (gone["what"], gone["points"], gone["balance"], gone["rule"]) == ("expired", -90, 0, "expiry")
    assert "tier won: Silver" in run("statement", "4711").out


def notices(run: Run, *more: object) -> list[tuple[str, str]]:
    document = run("tick", "--json", *more).document
    return [(each["what"], each["member"]) for each in document["notices"]]


def test_what_time_brings_is_told_once(run: Run, shop: Path) -> None:
    assert notices(run, "--at", "2026-03-01") == []
    assert [what for what, _ in notices(run, "--at", "2026-03-20")] == ["tier_won"] * 2
    soon = notices(run, "--at", "2026-04-10")
    assert [what for what, _ in soon] == ["points_expire_soon"] * 2
    assert len({member for _, member in soon}) == 2
    assert notices(run, "--at", "2026-04-10") == []
    assert [what for what, _ in notices(run, "--at", "2026-06-01")] == ["points_expired"] * 2
    assert notices(run, "--at", "2026-06-02") == []
    assert [what for what, _ in notices(run, "--at", "2027-03-10")] == ["tier_lost"] * 2


def test_what_is_heard_of_late_is_told_late(run: Run, shop: Path) -> None:
    notices(run, "--at", "2026-03-01")
    notices(run, "--at", "2026-06-01")
    late = receipt(3, at="2026-03-04T10:00:00", member={"card": "4713"})
    (shop / "late.jsonl").write_text(lines(late), "utf-8")
    run("import", "late.jsonl")
    assert [what for what, _ in notices(run, "--at", "2026-06-02")] == ["tier_won", "points_expired"]


def test_the_first_tick_says_since_when(run: Run, shop: Path) -> None:
    assert notices(run, "--at", "2027-06-01") == []
    assert notices(run, "--at", "2027-06-02") == []
    whole = run("tick", "--at", "2027-06-02").out
    assert "0 to tell" in whole


def test_a_clock_that_never_ran_changes_no_balance(run: Run, shop: Path) -> None:
    before = run("statement", "4711", "--as-of", "2026-12-31", "--json").document
    run("tick", "--at", "2026-12-31", "--since", "2026-01-01")
    assert run("statement", "4711", "--as-of", "2026-12-31", "--json").document == before
    assert run("verify").code == 0


def books(run: Run, *period: str) -> dict[str, int]:
    return run("liability", *period, "--json").document["books"][0]["movement"]


def test_the_books_of_a_period_close_where_the_next_ones_open(run: Run, shop: Path) -> None:
    run("redeem", "4711", 30, "--at", on(15))
    march = books(run, "--from", "2026-03-01", "--to", "2026-03-31")
    assert (march["opening"], march["issued"], march["redeemed"], march["closing"]) == (0, 200, 30, 170)
    later = books(run, "--from", "2026-04-01", "--to", "2026-06-30")
    assert (later["opening"], later["expired"], later["closing"]) == (170, 170, 0)
    assert "issued" in run("liability", "--from", "2026-03-01", "--to", "2026-03-31").out
    assert run("liability", "--from", "2026-03-31", "--to", "2026-03-01").code == 2


def test_books_can_be_made_again_as_they_were_known(run: Run, shop: Path) -> None:
    period = ("--from", "2026-03-01", "--to", "2026-03-31")
    first = books(run, *period)
    known = run("liability", *period, "--json", "--known-at", "2020-01-01").document["books"][0]
    assert known["movement"]["closing"] == 0
    assert known["outstanding"]["members"] == 0
    assert first["closing"] == 200


def test_a_tier_is_given_and_shown_and_one_that_is_not_there_is_refused(run: Run, shop: Path) -> None:
    staff = ("--reason", "a year's fee", "--by", "Mei", "--at", on(3, 5))
    given = run("grant-tier", "4713", "Silver", "--until", "2027-05-02", *staff)
    assert given.code == 2  # nobody bears that card
    assert run("grant-tier", "4711", "Gold", "--until", "2027-05-02", *staff).code == 1
    refused = run("grant-tier", "4711", "Gold", "--until", "2027-05-02", *staff, "--json").document["refused"]
    assert (refused["kind"], refused["known"]) == ("tier_unknown", ["Silver"])
    assert "in tier Silver until 2027-05-03" in run("grant-tier", "4711", "Silver", "--until", "2027-05-02", *staff).out
    card = run("member", "4711", "--as-of", "2026-05-10").out
    assert "tier Silver since 2026-03-02" in card
    assert "then Member, as it stands; HKD 100.00 more keeps Silver" in card
    assert "tier granted: Silver" in run("statement", "4711", "--as-of", "2026-05-10").out
    assert "HKD 0.00 to spend" in run("member", "4711", "--programme", "credit").out


def test_what_had_expired_is_given_back_once_there_is_something(run: Run, shop: Path) -> None:
    asked = ("--reason", "was ill", "--by", "Mei", "--until", "2026-07-31")
    early = run("reinstate", "4711", "--since", "2026-03-01", *asked, "--at", on(3), "--json")
    assert (early.code, early.document["refused"]["kind"]) == (1, "nothing_expired")
    late = run("reinstate", "4711", "--since", "2026-05-01", *asked, "--at", on(2, 6), "--json")
    assert (late.code, late.document["spendable"]) == (0, 100)
    assert run("reinstate", "4711", "--since", "", *asked).code == 2
