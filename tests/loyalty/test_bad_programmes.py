"""Bad programmes: one typed error that names the field, from the object, the file and the command; nothing is made."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from omo_adapters.cli.exits import Exit
from omo_adapters.cli.main import main
from omo_adapters.programmes import load_programme, read_programme
from omo_adapters.shop import memory_shop, open_shop
from omo_core.errors import Malformed
from omo_core.loyalty import Earning, Expiry, Ladder, Programme, Redemption, Standard, Tier, Version

EARN = Earning(currency="HKD", per=1000)
PAY = Redemption(currency="HKD", amount=10)
SILVER = Tier(name="Silver", at_least=300_000)
GOLD = Tier(name="Gold", at_least=400_000)
LADDER = Ladder(currency="HKD", tiers=(Tier(name="all"), SILVER))
VERSION = Version(earnings=(EARN,), redemptions=(PAY,), ladder=LADDER)
GOOD = Programme(zone="UTC", versions=(VERSION,))
LATER = datetime(2026, 6, 1, tzinfo=UTC)


def rules(**changes: Any) -> Programme:
    return evolve(GOOD, versions=(evolve(VERSION, **changes),))


def earn(**changes: Any) -> Programme:
    return rules(earnings=(evolve(EARN, **changes),))


def pay(**changes: Any) -> Programme:
    return rules(redemptions=(evolve(PAY, **changes),))


def ladder(**changes: Any) -> Programme:
    return rules(ladder=evolve(LADDER, **changes))


def silver(**changes: Any) -> Programme:
    return ladder(tiers=(LADDER.tiers[0], evolve(SILVER, **changes)))


def versions(*more: Version) -> Programme:
    return evolve(GOOD, versions=(VERSION, *more))


OBJECTS: dict[str, tuple[Programme, str]] = {
    "no version": (evolve(GOOD, versions=()), "versions"),
    "versions that begin together": (versions(evolve(VERSION, name="2")), "versions"),
    "versions of one name": (versions(evolve(VERSION, since=LATER)), "versions"),
    "the later version first": (
        evolve(GOOD, versions=(evolve(VERSION, since=LATER), evolve(VERSION, name="2"))), "versions",
    ),
    "no name": (evolve(GOOD, name=""), "name"),
    "a currency that is none": (evolve(GOOD, unit="GOLD"), "unit"),
    "merged somehow": (evolve(GOOD, merging="somehow"), "merging"),
    "points for nothing": (earn(per=0), "versions[0].earnings[0].per"),
    "a negative step": (earn(per=-1), "versions[0].earnings[0].per"),
    "half a cent": (earn(per=0.5), "versions[0].earnings[0].per"),
    "a step that is no number": (earn(per=float("nan")), "versions[0].earnings[0].per"),
    "a yes for a number": (earn(points=True), "versions[0].earnings[0].points"),
    "10^18 points a step": (earn(points=10**18), "versions[0].earnings[0].points"),
    "no points a step": (earn(points=0), "versions[0].earnings[0].points"),
    "rounding upwards": (earn(rounding="up"), "versions[0].earnings[0].rounding"),
    "money that does not exist": (earn(currency="HK$"), "versions[0].earnings[0].currency"),
    "one where yes is meant": (earn(tax=1), "versions[0].earnings[0].tax"),
    "one name for a list of names": (earn(idle_tenders="points"), "versions[0].earnings[0].idle_tenders"),
    "a list where a tuple is meant": (earn(channels=["web"]), "versions[0].earnings[0].channels"),
    "a name that is a number": (earn(only_skus=(7,)), "versions[0].earnings[0].only_skus[0]"),
    "earns and does not": (earn(only_skus=("A",), idle_skus=("A",)), "versions[0].earnings[0].only_skus"),
    "a tier that is not there": (earn(tiers=("Gold",)), "versions[0].earnings[0].tiers"),
    "one rule twice": (rules(earnings=(EARN, EARN)), "versions[0].earnings[1]"),
    "a negative cap": (rules(cap=-1), "versions[0].cap"),
    "what is over no cap": (rules(over_cap="nothing"), "versions[0].over_cap"),
    "a window of minus a day": (rules(pending_days=-1), "versions[0].pending_days"),
    "a hold of no time": (rules(hold_seconds=0), "versions[0].hold_seconds"),
    "an unknown order": (rules(spending="newest"), "versions[0].spending"),
    "an unknown debt": (rules(debt="gift"), "versions[0].debt"),
    "a limit of no debt": (rules(debt_limit=5), "versions[0].debt_limit"),
    "points worth nothing": (pay(amount=0), "versions[0].redemptions[0].amount"),
    "a step of nothing": (pay(points=0), "versions[0].redemptions[0].points"),
    "more than all of an order": (pay(max_percent=101), "versions[0].redemptions[0].max_percent"),
    "nothing of an order": (pay(max_percent=0), "versions[0].redemptions[0].max_percent"),
    "less than a step": (pay(points=100, maximum=50), "versions[0].redemptions[0].maximum"),
    "no whole step between": (pay(points=100, minimum=150, maximum=150), "versions[0].redemptions[0].maximum"),
    "less money than a step": (pay(points=100, amount=1000, max_amount=999), "versions[0].redemptions[0].max_amount"),
    "bands out of order": (pay(bands=((5, 1), (4, 2))), "versions[0].redemptions[0].bands"),
    "two rules for all places": (rules(redemptions=(PAY, evolve(PAY, amount=5))), "versions[0].redemptions[1]"),
    "credit in other money": (evolve(GOOD, unit="TWD"), "versions[0].redemptions[0].currency"),
    "credit at a price": (evolve(GOOD, unit="HKD"), "versions[0].redemptions[0].amount"),
    "an end of minus a day": (rules(expiry=Expiry(kind="days", after=-1)), "versions[0].expiry.after"),
    "an end beyond all calendars": (rules(expiry=Expiry(kind="months", after=10**9)), "versions[0].expiry.after"),
    "no dates": (rules(expiry=Expiry(kind="fixed_dates")), "versions[0].expiry.dates"),
    "30 February": (rules(expiry=Expiry(kind="fixed_dates", dates=((2, 30),))), "versions[0].expiry.dates"),
    "gone as they come": (rules(expiry=Expiry(kind="inactivity", after=0)), "versions[0].expiry.after"),
    "no tiers": (ladder(tiers=()), "versions[0].ladder.tiers"),
    "a first tier that asks": (ladder(tiers=(SILVER,)), "versions[0].ladder.tiers"),
    "a tier twice": (ladder(tiers=(Tier(name="all"), SILVER, SILVER)), "versions[0].ladder.tiers"),
    "higher for less": (
        ladder(tiers=(Tier(name="all"), SILVER, Tier(name="Gold", at_least=1))), "versions[0].ladder.tiers",
    ),
    "any purchase reaches the higher": (
        ladder(tiers=(Tier(name="all"), SILVER, Tier(name="Gold", visits=1))), "versions[0].ladder.tiers",
    ),
    "kept by less": (
        ladder(tiers=(Tier(name="all"), evolve(SILVER, keep=Standard(spend=9)), evolve(GOLD, keep=Standard(spend=1)))),
        "versions[0].ladder.tiers",
    ),
    "kept by nothing": (silver(keep=Standard()), "versions[0].ladder.tiers[1].keep"),
    "a window of no months": (ladder(months=0), "versions[0].ladder.months"),
    "a rolling length of a year": (ladder(window="calendar_year", months=6), "versions[0].ladder.months"),
    "reviewed never": (ladder(upgrade="at_review", term_months=0), "versions[0].ladder.upgrade"),
    "grace where nothing is lost": (ladder(downgrade="never", grace_days=3), "versions[0].ladder.grace_days"),
    "times nothing": (silver(multiplier=(0, 1)), "versions[0].ladder.tiers[1].multiplier"),
    "times 10^18": (silver(multiplier=(10**18, 1)), "versions[0].ladder.tiers[1].multiplier"),
    "a tier's own activity": (
        silver(expiry=Expiry(kind="inactivity", after=1)), "versions[0].ladder.tiers[1].expiry.kind",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OBJECTS)
def test_a_programme_that_means_nothing_opens_no_shop_and_makes_no_file(name: str, tmp_path: Path) -> None:
    programme, path = OBJECTS[name]
    for opened in (lambda: memory_shop(programme), lambda: open_shop(tmp_path / "shop.db", programme)):
        with pytest.raises(Malformed) as raised:
            opened()
        assert raised.value.path == path
    assert list(tmp_path.iterdir()) == []


def test_the_programme_that_all_these_are_changes_of_is_good(tmp_path: Path) -> None:
    open_shop(tmp_path / "shop.db", GOOD).close()


# As files, and by the command.

TEXT = """
zone = "Asia/Hong_Kong"
currency = "HKD"
earnings = [{ per = "10.00" }]
redemptions = [{ points = 10, amount = "1.00" }]
[ladder]
tiers = [{ name = "all" }, { name = "Silver", at_least = "300.00" }]
"""
FILES: dict[str, tuple[str, str, str]] = {
    "a rate of nothing": ('"10.00"', '"0"', "earnings[0].per"),
    "10^18 points": ('per = "10.00"', 'per = "10.00", points = 1000000000000000000', "earnings[0].points"),
    "a number that is none": ('per = "10.00"', "per = nan", "earnings[0].per"),
    "a number without end": ("points = 10", "points = inf", "redemptions[0].points"),
    "a window of no days": ("[ladder]", '[ladder]\nmonths = 0', "ladder.months"),
    "an unknown zone": ("Asia/Hong_Kong", "Asia/Nowhere", "zone"),
    "an unknown word": ("[ladder]", "[ladder]\nwindw = 'rolling'", "ladder.windw"),
    "a word for a number": ("points = 10", "points = 'ten'", "redemptions[0].points"),
    "a table for a list": ('earnings = [{ per = "10.00" }]', 'earnings = { per = "10.00" }', "earnings"),
    "tiers that contradict": (
        'at_least = "300.00"', 'at_least = "300.00" }, { name = "Gold", at_least = "1"', "ladder.tiers",
    ),
    "versions that overlap": ("", "@versions", "versions"),
    "no TOML": ("[ladder]", "[ladder", ""),
    "a million characters": ("", "@long", ""),
    "nested too deeply": ("", "@deep", ""),
    "not text": ("", "@bytes", ""),
}  # fmt: skip


def written(name: str) -> bytes:
    old, new, _ = FILES[name]
    special = {
        "@versions": b'zone = "UTC"\n' + b'[[versions]]\nname = "a"\n[[versions]]\nname = "b"\n',
        "@long": b"#" * 1_000_001,
        "@deep": b"zone = " + b"[" * 100_000,
        "@bytes": b"zone = \xff",
    }
    return special.get(new) or TEXT.replace(old, new, 1).encode()


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_refused_by_reader_shop_and_command_in_no_time(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, path = tmp_path / "mine.toml", FILES[name][2]
    file.write_bytes(written(name))
    where = f"mine.toml: {path}" if path else "mine.toml"
    begin = time.process_time()
    for opened in (lambda: load_programme(file), lambda: open_shop(tmp_path / "shop.db", file)):
        with pytest.raises(Malformed) as raised:
            opened()
        assert raised.value.path == where
    assert time.process_time() - begin < 0.5
    assert main(["programme", "check", str(file), "--json"]) == Exit.NO
    assert json.loads(capsys.readouterr().out)["path"] == where
    assert main(["programme", "explain", str(file)]) == Exit.USAGE
    told = capsys.readouterr()
    assert "mine.toml" in told.err
    assert "Traceback" not in told.err
    assert [each.name for each in tmp_path.iterdir()] == ["mine.toml"]


def test_json_that_is_none_is_refused_as_well(tmp_path: Path) -> None:
    for text, path in (
        ('{"zone": "UTC", "currency": "HKD", "earnings": [{"per": NaN}]}', "earnings[0].per"),
        ('{"zone": "UTC", "currency": "HKD", "cap": Infinity}', "cap"),
        ('{"zone": "UTC", "zone": "Asia/Tokyo"}', ""),
        ("[]", ""),
        ('{"zone": ' + "[" * 100_000, ""),
    ):
        file = tmp_path / "mine.json"
        file.write_text(text, "utf-8")
        with pytest.raises(Malformed) as raised:
            load_programme(file)
        assert raised.value.path == (f"mine.json: {path}" if path else "mine.json")


def test_a_shop_whose_programme_is_bad_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    config = 'name = "T"\ncurrency = "HKD"\nzone = "UTC"\nregion = "HK"\n[programme]\nearnings = [{ per = "0" }]\n'
    Path("shop.toml").write_text(config, "utf-8")
    assert main(["init", "--config", "shop.toml", "--db", "shop.db"]) == Exit.SETTINGS
    assert [each.name for each in tmp_path.iterdir()] == ["shop.toml"]


def test_what_is_read_from_any_parser_is_looked_at() -> None:
    for odd in ({}, {"zone": "UTC", "versions": "2026"}, {"zone": 7}, {"zone": "UTC", "earnings": [None]}):
        with pytest.raises(Malformed):
            read_programme(odd)
