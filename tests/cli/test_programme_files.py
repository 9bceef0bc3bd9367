"""``omo programme``: a file is right or the place is named, its rules are told in sentences, differences are told."""

from pathlib import Path
from random import Random

import pytest

from omo_adapters.cli.exits import Exit
from omo_adapters.programme_comparing import changes
from omo_adapters.programme_telling import explained
from omo_adapters.programmes import programme_from_toml
from tests.cli.conftest import Run
from tests.loyalty import worlds

SMALL = """
zone = "Asia/Hong_Kong"
currency = "HKD"
earnings = [{ per = "10.00" }]
redemptions = [{ points = 10, amount = "1.00" }]
"""
TIERS = (
    SMALL
    + """
[ladder]
tiers = [{ name = "Member" }, { name = "Silver", at_least = "500", keep = { spend = "300", visits = 3 } }]
"""
)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    small, tiers = tmp_path / "small.toml", tmp_path / "tiers.toml"
    small.write_text(SMALL, "utf-8")
    tiers.write_text(TIERS, "utf-8")
    return small, tiers


def test_a_good_file_is_called_good(run: Run, files: tuple[Path, Path]) -> None:
    assert run("programme", "check", files[0]) == (0, "small.toml: good.\n", "")
    assert run("programme", "check", files[0], "--json").document == {"good": True, "path": "", "why": ""}


def test_a_contradiction_is_named_with_its_place(run: Run, files: tuple[Path, Path]) -> None:
    files[0].write_text(SMALL.replace('"10.00"', '"0"'), "utf-8")
    ran = run("programme", "check", files[0], "--json")
    assert ran.code == Exit.NO
    assert ran.document["path"] == "small.toml: earnings[0].per"
    assert "not above zero" in ran.document["why"]
    assert "not above zero" in run("programme", "check", files[0]).out


def test_a_file_that_is_not_there_is_an_error(run: Run) -> None:
    assert run("programme", "check", "nowhere.toml").code == Exit.FILE


def test_a_file_that_means_nothing_is_not_explained(run: Run, files: tuple[Path, Path]) -> None:
    files[0].write_text("zone = 3", "utf-8")
    ran = run("programme", "explain", files[0])
    assert ran.code == Exit.USAGE
    assert "small.toml: zone" in ran.err


def test_the_rules_are_told_in_sentences(run: Run, files: tuple[Path, Path]) -> None:
    told = run("programme", "explain", files[1]).out
    for sentence in (
        "1 point for every HKD 10.00",
        "Points are usable at once.",
        "Paying, every whole 10 points are worth HKD 1.00.",
        "Tier 'Silver' asks for HKD 500.00; it is kept by HKD 300.00 or 3 purchases.",
        "Who misses it falls to the tier that is still kept by what was done.",
    ):
        assert sentence in told


def test_what_differs_is_told(run: Run, files: tuple[Path, Path]) -> None:
    assert run("programme", "diff", files[0], files[0]) == (0, "The same rules.\n", "")
    files[1].write_text(SMALL.replace('"10.00"', '"20.00"'), "utf-8")
    ran = run("programme", "diff", *files)
    assert ran.code == Exit.NO
    lines = ran.out.splitlines()
    assert lines[0] == "Version '1', from the beginning"
    assert [line[:38] for line in lines[1:]] == [
        "  - 1 point for every HKD 10.00; the o",
        "  + 1 point for every HKD 20.00; the o",
    ]
    found = run("programme", "diff", *files, "--json").document
    assert [change["added"] for change in found["changes"]] == [False, True]


def test_programmes_that_differ_never_read_the_same() -> None:
    told: dict[object, object] = {}
    for seed in range(1500):
        programme = worlds.programme(Random(seed))
        assert told.setdefault(explained(programme), programme) == programme, f"seed {seed}"


def test_nothing_differs_from_itself_and_everything_from_everything_else() -> None:
    some = [worlds.programme(Random(seed)) for seed in range(40)]
    for one in some:
        assert changes(one, one) == ()
        assert all(changes(one, other) for other in some if other != one)


def test_the_order_of_rules_counts_as_a_difference() -> None:
    one, two = ('{ per = "10.00" }', '{ per = "7.00", channels = ["web"] }')
    first = programme_from_toml(SMALL.replace('{ per = "10.00" }', f"{one}, {two}"))
    second = programme_from_toml(SMALL.replace('{ per = "10.00" }', f"{two}, {one}"))
    assert [change.says for change in changes(first, second)] == ["The same sentences in another order."]


VERSIONS = """
zone = "Asia/Hong_Kong"
currency = "HKD"
[[versions]]
name = "2026"
earnings = [{ per = "10.00" }]
[[versions]]
name = "summer"
since = 2026-06-01
earnings = [{ per = "8.00" }]
"""


def test_a_version_of_another_name_or_day_is_compared_rule_by_rule() -> None:
    first = programme_from_toml(VERSIONS)
    renamed = programme_from_toml(VERSIONS.replace('"summer"', '"June"'))
    moved = programme_from_toml(VERSIONS.replace("2026-06-01", "2026-07-01").replace('"8.00"', '"9.00"'))
    assert [(change.added, change.says) for change in changes(first, renamed)] == [
        (False, "Version 'summer', from 2026-06-01 00:00:00+08:00."),
        (True, "Version 'June', from 2026-06-01 00:00:00+08:00."),
    ]
    assert [change.says[:34] for change in changes(first, moved)] == [
        "Version 'summer', from 2026-06-01 ",
        "1 point for every HKD 8.00; the or",
        "Version 'summer', from 2026-07-01 ",
        "1 point for every HKD 9.00; the or",
    ]
    gone = changes(first, programme_from_toml(VERSIONS[: VERSIONS.rindex("[[")]))
    assert {change.where for change in gone} == {"Version 'summer', from 2026-06-01 00:00:00+08:00"}
    assert not any(change.added for change in gone)


def test_what_a_tier_multiplies_and_what_a_maximum_is_for_is_said() -> None:
    rule = '{ per = "10.00", flat = 3 }, { flat = 5, channels = ["web"] }'
    rules = SMALL.replace('{ per = "10.00" }', rule).replace('"1.00"', '"1.00", maximum = 50')
    told = " ".join(sentence for chapter in explained(programme_from_toml(rules)) for sentence in chapter.sentences)
    assert "the tier multiplies the points for steps" in told
    assert "5 points for every order in HKD; a tier multiplies points for steps only" in told
    assert "at most 50 points for an order" in told
