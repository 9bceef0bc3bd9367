"""The cases of public systems: none comes out unexplained, none holds by accident, and the page is current."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.shared_cases.running import cases_in, verdict
from tests.scenarios.shared_cases.table import PAGE, fingerprint_of, page

pytestmark = pytest.mark.shared
AREAS = ("loyalty", "stock", "identity")


@pytest.fixture(scope="module")
def cases(shared: Path) -> list[tuple[str, dict[str, Any]]]:
    return cases_in(shared / "cases")


@pytest.mark.parametrize("area", AREAS)
def test_no_case_fails_without_a_reason(cases: list[tuple[str, dict[str, Any]]], area: str) -> None:
    verdicts = [verdict(name, case) for name, case in cases if name == area]
    assert [f"{v.case}: {v.detail}" for v in verdicts if v.status == "fails"] == []
    assert [v.case for v in verdicts if v.status != "holds" and not v.why] == []
    assert any(v.status == "holds" for v in verdicts)


def test_the_page_is_current(shared: Path) -> None:
    folder = shared / "cases"
    written = PAGE.read_text("utf-8")
    if fingerprint_of(folder) not in written:
        pytest.skip("other cases than the page tells of stand beside the repository")
    assert written == page(folder), "run: python -m tests.scenarios.shared_cases"


# A translation that expected nothing would hold whatever the rules say.


def spoilt(expect: Any) -> Iterator[Any]:
    """Give what a case expects with one whole number changed, for each number in turn."""
    if isinstance(expect, dict):
        for key, value in expect.items():
            yield from ({**expect, key: other} for other in spoilt(value) if key != "event")
    elif isinstance(expect, list):
        for place, value in enumerate(expect):
            yield from ([*expect[:place], other, *expect[place + 1 :]] for other in spoilt(value))
    elif type(expect) is int:
        yield expect + 1


@pytest.mark.parametrize("area", ["loyalty", "stock"])
def test_a_case_with_another_number_does_not_hold(cases: list[tuple[str, dict[str, Any]]], area: str) -> None:
    blind = []
    for name, case in cases:
        if name != area or verdict(name, case).status != "holds":
            continue
        for expect in spoilt(case["expect"]):
            changed = {**copy.deepcopy(case), "expect": expect}
            if verdict(name, changed).status == "holds":
                blind.append(f"{case['id']}: {expect}")
    assert blind == []


def test_persons_that_are_torn_apart_do_not_hold(cases: list[tuple[str, dict[str, Any]]]) -> None:
    for name, case in cases:
        clusters = case["expect"].get("clusters") if name == "identity" else None
        if clusters is None or verdict(name, case).status != "holds":
            continue
        torn = [[one] for cluster in clusters for one in cluster]
        changed = {**case, "expect": {**case["expect"], "clusters": torn}}
        assert verdict(name, changed).status != "holds", case["id"]
