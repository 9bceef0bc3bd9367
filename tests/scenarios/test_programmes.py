"""Programmes as files: what is written is what is meant, and what contradicts itself is told in the shop's words."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from omo_adapters.programmes import (
    load_programme,
    programme_from_toml,
    programme_schema,
    programme_to_toml,
    read_programme,
    toml_tables,
)
from omo_core.errors import Malformed
from omo_core.instants import zone
from omo_core.loyalty import Earning, Expiry, Ladder, Programme, Redemption, Tier, Version, check_programme

ROOT = Path(__file__).resolve().parents[2]
SHOP = """
zone = "Asia/Hong_Kong"
currency = "HKD"
earnings = [{ per = "10.00" }]
redemptions = [{ points = 100, amount = "10.00" }]
[ladder]
tiers = [{ name = "Member" }, { name = "Silver", at_least = "5000", multiplier = "1.5" }]
"""


def test_a_small_programme_means_what_it_says() -> None:
    programme = programme_from_toml(SHOP)
    assert programme == Programme(
        zone=zone("Asia/Hong_Kong"),
        versions=(
            Version(
                earnings=(Earning(currency="HKD", per=1000),),
                redemptions=(Redemption(currency="HKD", points=100, amount=1000),),
                ladder=Ladder(
                    currency="HKD",
                    tiers=(Tier(name="Member"), Tier(name="Silver", at_least=500_000, multiplier=(3, 2))),
                ),
            ),
        ),
    )


def test_a_version_begins_with_its_day_in_the_shop() -> None:
    text = 'zone = "Asia/Hong_Kong"\n[[versions]]\nname = "1"\n[[versions]]\nname = "2"\nsince = 2026-03-01\n'
    second = programme_from_toml(text).versions[1]
    assert second.since == datetime(2026, 2, 28, 16, tzinfo=UTC)


def test_cents_may_be_said_as_cents() -> None:
    programme = programme_from_toml(SHOP.replace('per = "10.00"', "per = { minor = 1000 }"))
    assert programme == programme_from_toml(SHOP)


def test_json_is_read_the_same(tmp_path: Path) -> None:
    file = tmp_path / "points.json"
    file.write_text(json.dumps(toml_tables(SHOP)), "utf-8")
    assert load_programme(file) == programme_from_toml(SHOP)


@pytest.mark.parametrize(
    ("written", "instead", "path", "says"),
    [
        ('per = "10.00"', "per = 10", "earnings[0].per", "could be dollars or cents"),
        ('per = "10.00"', "per = 10.0", "earnings[0].per", "could be dollars or cents"),
        ('per = "10.00"', 'per = "0.00"', "earnings[0].per", "not above zero"),
        ('per = "10.00"', 'per = "-1"', "earnings[0].per", "not above zero"),
        ('per = "10.00"', 'per = "0.001"', "earnings[0].per", "more decimals than HKD"),
        ('per = "10.00"', 'per = "1", points = 1000000000000000000', "earnings[0].points", "not within 1 and 1000000"),
        ('per = "10.00"', 'per = "1", points = 0', "earnings[0].points", "points that one step earns"),
        ('per = "10.00"', 'per = "1", rounding = "up"', "earnings[0].rounding", "none of floor, half_up"),
        ('per = "10.00"', 'per = "1", roundng = "floor"', "earnings[0].roundng", "did you mean 'rounding'?"),
        ('[{ per = "10.00" }]', '[{ per = "1" }, { per = "2" }]', "earnings", "stands twice"),
        ('amount = "10.00"', 'amount = "0"', "redemptions[0].amount", "worth nothing"),
        ("points = 100", "points = 0", "redemptions[0].points", "points of one redemption"),
        ('"5000"', '"0"', "ladder.tiers", "more than the one before"),
        ('"Silver"', '"Member"', "ladder.tiers", "same name"),
        ('{ name = "Member" }, ', "", "ladder.tiers", "everybody's"),
        ('at_least = "5000", ', "", "ladder.tiers[1].at_least", "is missing"),
        ('"1.5"', "1.5", "ladder.tiers[1].multiplier", "not a fraction"),
        ('"1.5"', '"3/0"', "ladder.tiers[1].multiplier", "not a fraction"),
        ('"1.5"', '"0"', "ladder.tiers[1].multiplier", "above zero"),
        ("[ladder]", "[ladder]\nmonths = 0", "ladder.months", "counts no spend"),
        ("[ladder]", "[ladder]\nterm_months = true", "ladder.term_months", "not a whole number"),
        ("Asia/Hong_Kong", "Asia/HongKong", "zone", "unknown time zone"),
        ("Asia/Hong_Kong", "../secret", "zone", "unknown time zone"),
        ('"HKD"', '"HK$"', "currency", "ISO 4217"),
        ('currency = "HKD"\n', "", "earnings[0].currency", "is missing"),
        ('currency = "HKD"', 'currency = "HKD"\ndebt = "limit"', "", "needs a debt_limit"),
        ('currency = "HKD"', 'currency = "HKD"\ndebt_limit = 5', "", "means nothing"),
        ('currency = "HKD"', 'currency = "HKD"\nexpiry = { kind = "never", after = 1 }', "expiry", "no `after`"),
        ('currency = "HKD"', 'currency = "HKD"\npending_days = -1', "pending_days", "until points are usable"),
        ("[ladder]", '[[versions]]\nname = "2"\n[ladder]', "", "move earnings, ladder, redemptions"),
        ("[ladder]", "[ladder", "", "is not TOML"),
    ],
)
def test_a_contradiction_is_told_with_its_place(written: str, instead: str, path: str, says: str) -> None:
    assert written in SHOP
    with pytest.raises(Malformed) as raised:
        programme_from_toml(SHOP.replace(written, instead))
    assert raised.value.path == path
    assert says in raised.value.why


def test_versions_that_begin_together_contradict_each_other() -> None:
    text = 'zone = "UTC"\n' + '[[versions]]\nname = "x"\nsince = 2026-01-01\n' * 2
    with pytest.raises(Malformed, match="versions: must begin at different instants"):
        programme_from_toml(text)


def test_a_file_is_named_in_the_complaint(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(SHOP.replace("10.00", "ten"), "utf-8")
    with pytest.raises(Malformed, match=r"^mine\.toml: earnings\[0\]\.per: 'ten' is not a plain decimal"):
        load_programme(file)


@pytest.mark.parametrize("depth", [10, 100_000])
def test_a_deeply_nested_file_is_refused(depth: int) -> None:
    with pytest.raises(Malformed):
        programme_from_toml(f"zone = {'[' * depth}{']' * depth}")


@pytest.mark.parametrize(
    "text", ["", "zone = 3", 'zone = "UTC"\nzone = "UTC"', "x" * 1_000_001, "\0", "a = 2026-13-01"]
)
def test_broken_text_gives_one_error(text: str) -> None:
    with pytest.raises(Malformed):
        programme_from_toml(text)


NAMES = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp")), min_size=1, max_size=20).filter(
    str.strip
)
EARNINGS = st.builds(
    Earning,
    currency=st.sampled_from(["HKD", "JPY", "KWD"]),
    points=st.integers(1, 1_000_000),
    per=st.integers(1, 10**9),
    rounding=st.sampled_from(["floor", "half_up", "half_even", "ceil"]),
    tax=st.booleans(),
    shipping=st.booleans(),
    idle_tenders=st.lists(NAMES, max_size=3).map(tuple),
    idle_categories=st.lists(NAMES, max_size=3).map(tuple),
    idle_skus=st.lists(NAMES, max_size=3).map(tuple),
    gift_cards=st.booleans(),
)
REDEMPTIONS = st.builds(
    Redemption,
    currency=st.sampled_from(["HKD", "JPY"]),
    points=st.integers(1, 10**12),
    amount=st.integers(1, 10**12),
    minimum=st.integers(0, 10**12),
)


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    asks = sorted(draw(st.sets(st.integers(1, 10**9), max_size=4)))
    names = draw(st.lists(NAMES, min_size=len(asks) + 1, max_size=len(asks) + 1, unique=True))
    fraction = st.tuples(st.integers(1, 1000), st.integers(1, 1000))
    return Ladder(
        currency=draw(st.sampled_from(["HKD", "JPY"])),
        tiers=tuple(
            Tier(name=name, at_least=ask, multiplier=draw(fraction))
            for name, ask in zip(names, [0, *asks], strict=True)
        ),
        months=draw(st.integers(1, 1200)),
        term_months=draw(st.integers(1, 1200)),
        refund=draw(st.sampled_from(["at_review", "immediate", "protect"])),
    )


@st.composite
def versions(draw: st.DrawFn, since: datetime) -> Version:
    debt = draw(st.sampled_from(["debt", "clamp", "limit"]))
    kind = draw(st.sampled_from(["never", "days", "months", "end_of_month", "end_of_quarter", "end_of_year"]))
    return Version(
        name=draw(NAMES),
        since=since,
        earnings=tuple(draw(st.lists(EARNINGS, max_size=3, unique_by=lambda earning: earning.currency))),
        pending_days=draw(st.integers(0, 3650)),
        expiry=Expiry(kind=kind) if kind == "never" else Expiry(kind=kind, after=draw(st.integers(0, 36_500))),
        spending=draw(st.sampled_from(["soonest_expiry", "oldest"])),
        redemptions=tuple(draw(st.lists(REDEMPTIONS, max_size=2, unique_by=lambda terms: terms.currency))),
        debt=debt,
        debt_limit=draw(st.integers(0, 10**12)) if debt == "limit" else 0,
        ladder=draw(st.none() | ladders()),
    )


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    instants = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
    starts = sorted(draw(st.sets(instants, min_size=1, max_size=3)))
    where = zone(draw(st.sampled_from(["Asia/Hong_Kong", "UTC", "America/New_York"])))
    return Programme(name=draw(NAMES), zone=where, versions=tuple(draw(versions(since)) for since in starts))


@given(programmes())
def test_what_is_written_back_is_read_as_the_same(programme: Programme) -> None:
    check_programme(programme)
    text = programme_to_toml(programme)
    assert programme_from_toml(text) == programme
    assert Draft202012Validator(json.loads(programme_schema())).is_valid(as_json(toml_tables(text)))


def as_json(value: Any) -> Any:
    return json.loads(json.dumps(value, default=lambda moment: moment.isoformat(" ")))


def test_the_published_schema_is_current() -> None:
    published = (ROOT / "docs" / "reference" / "programme.schema.json").read_text("utf-8")
    assert published == programme_schema(), (
        "run: python -m omo_adapters.programmes > docs/reference/programme.schema.json"
    )


def test_the_schema_takes_what_is_read_and_refuses_a_typo() -> None:
    schema = json.loads(programme_schema())
    Draft202012Validator.check_schema(schema)
    good = toml_tables(SHOP)
    read_programme(good)
    assert Draft202012Validator(schema).is_valid(good)
    assert not Draft202012Validator(schema).is_valid({**good, "earnngs": []})
    assert not Draft202012Validator(schema).is_valid({**good, "earnings": [{"per": 10}]})
