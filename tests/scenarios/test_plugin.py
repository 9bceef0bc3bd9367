"""Scenario files are tests of their own under pytest."""

import pytest

pytest_plugins = ["pytester"]

GOOD = """
title = "earned"
programme = { earnings = [{ per = "10.00" }] }
step = [
  { at = "2026-01-05", sale = "1", by = "card:4711", amount = "398.00" },
  { expect = { members = { "card:4711" = { spendable = 39 } } } },
]
"""


@pytest.fixture
def run(pytester: pytest.Pytester) -> pytest.Pytester:
    (pytester.path / "good.scenario.toml").write_text(GOOD, "utf-8")
    (pytester.path / "wrong.scenario.toml").write_text(GOOD.replace("= 39", "= 40"), "utf-8")
    (pytester.path / "broken.scenario.json").write_text('{"title": "x", "step": [{"at": "now"}]}', "utf-8")
    (pytester.path / "other.toml").write_text("not = 'a scenario'", "utf-8")
    return pytester


@pytest.mark.parametrize("store", ["memory", "sqlite"])
def test_a_scenario_fails_with_what_came_out_differently(run: pytest.Pytester, store: str) -> None:
    result = run.runpytest_subprocess("--omo-store", store, "--strict-markers")
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(["*expected 40*", "*but it is 39*"])
    result.stdout.fnmatch_lines(["*broken.scenario.json: step 1: has no verb*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_scenarios_are_selected_by_their_marker(run: pytest.Pytester) -> None:
    (run.path / "test_other.py").write_text("def test_other():\n    pass\n", "utf-8")
    run.runpytest_subprocess("-m", "not scenario").assert_outcomes(passed=1, deselected=3)
    run.runpytest_subprocess("-m", "scenario", "good.scenario.toml").assert_outcomes(passed=1)


def test_the_marker_is_explained(run: pytest.Pytester) -> None:
    run.runpytest_subprocess("--markers").stdout.fnmatch_lines(
        ["@pytest.mark.scenario: a shop's rules told as a story*"]
    )
