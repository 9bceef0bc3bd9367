"""Programmes as files: what is written is what is meant, and what contradicts itself is told in the shop's words."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any, get_args

import attrs
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from omo_adapters.ladder_models import LadderModel, StandardModel, TierModel
from omo_adapters.programme_models import EarningModel, ExpiryModel, ProgrammeModel, RedemptionModel, VersionModel
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
from omo_core.loyalty import Earning, Expiry, Ladder, Programme, Redemption, Standard, Tier, Version, check_programme
from omo_core.loyalty.expiry import ExpiryKind
from tests.loyalty import worlds

SCHEMA = Draft202012Validator(json.loads(programme_schema()))
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
        ('[{ per = "10.00" }]', '[{ per = "1" }, { per = "1" }]', "earnings[1]", "stands twice"),
        ('amount = "10.00"', 'amount = "0"', "redemptions[0].amount", "worth nothing"),
        ("points = 100", "points = 0", "redemptions[0].points", "points of one redemption"),
        ('"5000"', '"0"', "ladder.tiers", "'Silver' asks for nothing"),
        ('"5000"', '"50", multiplier = "2" }, { name = "Gold", at_least = "50"', "ladder.tiers", "must ask for more"),
        (
            '"5000"',
            '"50" }, { name = "Gold", at_least = "60", visits = 9 }, { name = "V", visits = 9',
            "ladder.tiers",
            "'V' must ask for more than 'Gold'",
        ),
        ('"5000"', '"5000", keep = {}', "ladder.tiers[1].keep", "says nothing"),
        ('"5000"', '"5000", keep = { spend = "-1" }', "ladder.tiers[1].keep.spend", "not within 0"),
        ('"5000"', '"5000", expiry_months = -1', "ladder.tiers[1].expiry_months", "how long points of a tier live"),
        ('"5000"', '"5000", expiry = { kind = "days", after = -1 }', "ladder.tiers[1].expiry.after", "points live"),
        ('"5000"', '"5000", expiry = { kind = "inactivity" }', "ladder.tiers[1].expiry.kind", "only everybody's can"),
        (
            '"5000"',
            '"5000", expiry_months = 1, expiry = { kind = "never" }',
            "ladder.tiers[1]",
            "in two ways: expiry and expiry_months",
        ),
        ('"5000"', '"5000", sold_months = 0, sold_as = ["VIP"]', "ladder.tiers[1].sold_months", "paid for lasts"),
        ('"5000"', '"5000", sold_months = 6', "ladder.tiers[1]", "nothing is sold_as"),
        ('"5000"', '"5000", keep = { spend = "0" }', "ladder.tiers[1].keep", "is never lost says"),
        ('"5000"', '"50", keep = { spend = "9000" }', "ladder.tiers[1].keep", "more than what reaches"),
        ('name = "Member"', 'name = "Member", keep = { visits = 1 }', "ladder.tiers", "everybody's"),
        (
            '"5000"',
            '"50", keep = { spend = "40" } }, { name = "Gold", at_least = "60", keep = { spend = "1" }',
            "ladder.tiers",
            "no less than 'Silver'",
        ),
        ('name = "Member"', 'name = "Member", sold_as = ["VIP"]', "ladder.tiers[0].sold_as", "nobody has to be put"),
        (
            '"5000"',
            '"50", sold_as = ["VIP"] }, { name = "Gold", at_least = "60", sold_as = ["VIP"]',
            "ladder.tiers",
            "into two tiers",
        ),
        ("[ladder]", '[ladder]\novershoot = "excess"\nsingle_order = true', "ladder.overshoot", "left over"),
        ('"5000"', '"5000", visits = -1', "ladder.tiers[1].visits", "what earns a tier"),
        ('name = "Member"', 'name = "Member", at_least = "10"', "ladder.tiers", "it asks for nothing"),
        ("[ladder]", "[ladder]\nwindow = 'rolling'\nmonths = 0", "ladder.months", "counts no spend"),
        ("[ladder]", "[ladder]\nwindow = 'lifetime'\nmonths = 6", "ladder", "length of a rolling window"),
        ("[ladder]", "[ladder]\nwindow = 'lifetime'\nupgrade = 'at_review'", "ladder.upgrade", "never comes"),
        ("[ladder]", "[ladder]\ndowngrade = 'never'\ngrace_days = 3", "ladder", "no tier is ever lost"),
        ("[ladder]", "[ladder]\nwindow = 'weekly'", "ladder.window", "none of rolling"),
        ('per = "10.00"', "points = 2", "earnings[0]", "neither per"),
        ('per = "10.00"', "flat = 0", "earnings[0]", "neither per"),
        ('per = "10.00"', "flat = 5, points = 2", "earnings[0]", "without per, say flat"),
        ('per = "10.00"', "flat = 1000000000000000000", "earnings[0].flat", "points that one order earns"),
        ('per = "10.00"', 'per = "1", tiers = ["Gold"]', "earnings[0].tiers", "there is no tier 'Gold'"),
        ('per = "10.00"', 'per = "1", only_skus = ["A"], idle_skus = ["A"]', "earnings[0].only_skus", "both earns"),
        ("points = 100", "points = 100, maximum = 50, minimum = 60", "redemptions[0].minimum", "than the maximum"),
        ("points = 100", "points = 100, maximum = 50", "redemptions[0].maximum", "less than 100, the fewest"),
        ("points = 100", "points = 100, minimum = 150, maximum = 150", "redemptions[0].maximum", "less than 200"),
        ("points = 100", 'points = 100, max_amount = "9"', "redemptions[0].max_amount", "the fewest points are worth"),
        ("points = 100", "points = 100, max_percent = 0", "redemptions[0].max_percent", "percent of an order"),
        ("points = 100", 'points = 100, max_amount = "0"', "redemptions[0].max_amount", "for no such limit"),
        (
            "points = 100",
            'points = 1, bands = [{ at_least = "2", points = 5 }, { at_least = "1", points = 6 }]',
            "redemptions[0].bands",
            "lowest first",
        ),
        ("]\n[ladder]", ", { amount = '1' }]\n[ladder]", "redemptions[1]", "never counts"),
        ("]\n[ladder]", ", { amount = '1', channels = ['web'] }]\n[ladder]", "redemptions[1]", "never counts"),
        ('currency = "HKD"', 'currency = "HKD"\nhold = 900', "hold", "not a time such as"),
        ('currency = "HKD"', 'currency = "HKD"\nhold = "0 min"', "hold", "seconds that a hold lives"),
        ('currency = "HKD"', 'currency = "HKD"\ncap = -1', "cap", "one order may earn"),
        ('currency = "HKD"', 'currency = "HKD"\nover_cap = "nothing"', "", "without a cap"),
        ('currency = "HKD"', 'currency = "HKD"\nunit = "TWD"', "redemptions[0].currency", "money in TWD"),
        ('currency = "HKD"', 'currency = "HKD"\nunit = "stars"', "unit", "neither points"),
        (
            'currency = "HKD"',
            'currency = "HKD"\nexpiry = { kind = "days", after = 99999 }',
            "expiry.after",
            "points live",
        ),
        ('currency = "HKD"', 'currency = "HKD"\nexpiry = { kind = "inactivity", after = 0 }', "expiry", "0 months"),
        ('currency = "HKD"', 'currency = "HKD"\nexpiry = { kind = "fixed_dates" }', "expiry", "needs dates"),
        (
            'currency = "HKD"',
            'currency = "HKD"\nexpiry = { kind = "fixed_dates", dates = ["02-30"] }',
            "expiry.dates[0]",
            "not in any calendar",
        ),
        (
            'currency = "HKD"',
            'currency = "HKD"\nexpiry = { kind = "days", dates = ["06-30"] }',
            "expiry",
            "dates are for",
        ),
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
SOME = st.lists(NAMES, max_size=3).map(tuple)
MONTHS = {"days": 36_500, "fixed_dates": 9}


@st.composite
def earnings(draw: st.DrawFn) -> Earning:
    per, flat = draw(st.integers(0, 10**9)), draw(st.integers(0, 10**9))
    return Earning(
        currency=draw(st.sampled_from(["HKD", "JPY", "KWD"])),
        points=draw(st.integers(1, 1_000_000)) if per else 1,
        per=per,
        flat=flat if per else flat or 1,
        rounding=draw(st.sampled_from(["floor", "half_up", "half_even", "ceil"])) if per else "floor",
        each_line=per > 0 and draw(st.booleans()),
        **{name: draw(st.booleans()) for name in ("tax", "shipping", "gift_cards", "multiplied")},
        **{name: draw(SOME) for name in ("idle_tenders", "channels", "stores")},
        **dict(zip(("idle_categories", "idle_skus"), [draw(SOME), draw(SOME)], strict=True)),
    )


@st.composite
def redemptions(draw: st.DrawFn) -> Redemption:
    starts = sorted(draw(st.sets(st.integers(0, 10**9), max_size=3)))
    minimum, points, amount = draw(st.integers(0, 10**6)), draw(st.integers(1, 10**6)), draw(st.integers(1, 10**6))
    fewest = -(-max(minimum, 1) // points)
    return Redemption(
        currency=draw(st.sampled_from(["HKD", "JPY"])),
        kind=draw(st.sampled_from(["tender", "discount"])),
        points=points,
        amount=amount,
        minimum=minimum,
        maximum=draw(st.sampled_from([0, fewest * points, 10**12])),
        max_amount=draw(st.sampled_from([0, fewest * amount, 10**12])),
        max_percent=draw(st.integers(1, 100)),
        bands=tuple((start, draw(st.integers(0, 10**9))) for start in starts),
        channels=draw(SOME),
        stores=draw(SOME),
    )


@st.composite
def expiries(draw: st.DrawFn) -> Expiry:
    kind = draw(st.sampled_from(get_args(ExpiryKind)))
    if kind == "never":
        return Expiry(kind=kind)
    days = st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: (day.month, day.day))
    dates = draw(st.lists(days, min_size=1, max_size=3)) if kind == "fixed_dates" else ()
    return Expiry(kind=kind, after=draw(st.integers(1, MONTHS.get(kind, 1200))), dates=tuple(dates))


@st.composite
def versions(draw: st.DrawFn, since: datetime) -> Version:
    debt, cap = draw(st.sampled_from(["debt", "clamp", "limit"])), draw(st.sampled_from([0, 0, 7, 10**9]))
    ladder = worlds.make_ladder(Random(draw(st.integers(0, 10**6)))) if draw(st.booleans()) else None
    return Version(
        name=draw(NAMES),
        since=since,
        earnings=tuple(draw(st.lists(earnings(), max_size=3, unique=True))),
        cap=cap,
        over_cap=draw(st.sampled_from(["cut", "nothing"])) if cap else "cut",
        pending_days=draw(st.integers(0, 3650)),
        pending_after=draw(st.sampled_from(["sale", "handover"])),
        expiry=draw(expiries()),
        spending=draw(st.sampled_from(["soonest_expiry", "oldest"])),
        redemptions=tuple(draw(st.lists(redemptions(), max_size=2, unique_by=lambda terms: terms.currency))),
        hold_seconds=draw(st.sampled_from([1, 60, 900, 3_600, 86_400, 90_001])),
        capture=draw(st.sampled_from(["releases_rest", "keeps_rest"])),
        debt=debt,
        debt_limit=draw(st.integers(0, 10**12)) if debt == "limit" else 0,
        ladder=ladder,
    )


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    instants = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
    starts = sorted(draw(st.sets(instants, min_size=1, max_size=3)))
    where = zone(draw(st.sampled_from(["Asia/Hong_Kong", "UTC", "America/New_York"])))
    told = tuple(draw(versions(since)) for since in starts)
    told = tuple(evolve(version, name=f"{place} {version.name}") for place, version in enumerate(told))
    some = {name: draw(st.sampled_from(["points", "Muji"])) for name in ("brand", "tender")}
    return Programme(name=draw(NAMES), zone=where, versions=told, **some)


def assert_written_and_read(programme: Programme) -> None:
    check_programme(programme)
    text = programme_to_toml(programme)
    assert programme_from_toml(text) == programme
    assert SCHEMA.is_valid(as_json(toml_tables(text)))


@given(programmes())
def test_what_is_written_back_is_read_as_the_same(programme: Programme) -> None:
    assert_written_and_read(programme)


@pytest.mark.parametrize("block", range(4))
def test_the_programmes_of_made_up_worlds_are_written_and_read_the_same(block: int) -> None:
    for seed in range(block * 50, block * 50 + 50):
        assert_written_and_read(worlds.programme(Random(seed)))


def test_store_credit_is_written_and_read_the_same() -> None:
    credit = programme_from_toml('name = "credit"\nunit = "HKD"\nzone = "UTC"\nexpiry = { kind = "never" }')
    assert credit.versions[0].redemptions == (Redemption(currency="HKD", amount=1),)
    assert_written_and_read(credit)


def test_every_field_of_the_rules_can_be_written() -> None:
    for thing, model in (
        (Earning, EarningModel),
        (Expiry, ExpiryModel),
        (Redemption, RedemptionModel),
        (Standard, StandardModel),
        (Tier, TierModel),
        (Ladder, LadderModel),
        (Version, VersionModel),
        (Programme, ProgrammeModel),
    ):
        called = {"hold_seconds": "hold"}
        fields = {called.get(field.name, field.name) for field in attrs.fields(thing) if field.init}
        assert fields - set(model.model_fields) - {"main"} == set()


def test_what_a_programme_does_unless_it_says_otherwise() -> None:
    rules = programme_from_toml('zone = "UTC"\ncurrency = "HKD"\nearnings = [{ per = "1" }]').versions[0]
    earning = rules.earnings[0]
    assert (earning.rounding, earning.each_line, earning.tax, earning.shipping) == ("floor", False, True, False)
    assert (earning.gift_cards, earning.idle_tenders) == (False, ("points", "gift_card", "store_credit"))
    assert (rules.pending_days, rules.pending_after, rules.cap) == (0, "sale", 0)
    assert rules.expiry == Expiry(kind="end_of_month", after=12)
    assert (rules.spending, rules.hold_seconds, rules.capture) == ("soonest_expiry", 15 * 60, "releases_rest")
    assert rules.debt == "debt"
    text = SHOP.replace("points = 100, ", "")
    rules = programme_from_toml(text).versions[0]
    assert (rules.redemptions[0].kind, rules.redemptions[0].points) == ("tender", 1)
    ladder = rules.ladder
    assert ladder is not None
    assert (ladder.window, ladder.months, ladder.single_order) == ("rolling", 12, False)
    assert (ladder.upgrade, ladder.term_months, ladder.downgrade) == ("at_once", 12, "to_earned")
    assert (ladder.refund, ladder.overshoot, ladder.grace_days) == ("at_review", "kept", 0)
    assert (ladder.tiers[1].reach, ladder.tiers[1].keeps) == (Standard(spend=500_000), Standard(spend=500_000))


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


OUT_OF_BOUNDS = {
    "a rate of nothing": {"earnings": [{"per": "0.00"}]},
    "a rate below nothing": {"earnings": [{"per": "-1"}]},
    "10^18 points": {"earnings": [{"per": "1.00", "points": 10**18}]},
    "no points": {"earnings": [{"per": "1.00", "points": 0}]},
    "no cents": {"earnings": [{"per": {"minor": 0}}]},
    "money that is none": {"currency": "dollars"},
    "points worth nothing": {"redemptions": [{"amount": "0"}]},
    "more than all": {"redemptions": [{"amount": "1", "max_percent": 101}]},
    "minus a day": {"pending_days": -1},
    "a window of no months": {"ladder": {"months": 0, "tiers": [{"name": "all"}]}},
    "no tiers": {"ladder": {"tiers": []}},
    "spend below nothing": {"ladder": {"tiers": [{"name": "all"}, {"name": "Silver", "at_least": "-1"}]}},
    "minus a purchase": {"ladder": {"tiers": [{"name": "all"}, {"name": "Silver", "visits": -1}]}},
    "for minus a month": {"expiry": {"kind": "months", "after": -1}},
    "a debt below nothing": {"debt": "limit", "debt_limit": -1},
}


@pytest.mark.parametrize("name", OUT_OF_BOUNDS)
def test_the_schema_knows_the_bounds_that_the_reader_knows(name: str) -> None:
    rules = {"zone": "UTC", "currency": "HKD", **OUT_OF_BOUNDS[name]}
    assert not SCHEMA.is_valid(rules)
    with pytest.raises(Malformed):
        read_programme(rules)
