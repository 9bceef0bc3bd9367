"""Splink behind the port: it finds the records whose identifiers were mistyped, and says the same each time."""

import sys
from random import Random

import pytest

from omo_adapters.errors import Misconfigured
from omo_adapters.matching.splink import ready
from omo_adapters.matching.usual import FEWEST, CustomerMatcher
from omo_core.ports import Proposal


def base(people: int, seed: int) -> dict[str, dict[str, str]]:
    """People with two records each; every fifth of them has one wrong digit in the phone and no e-mail."""
    random, records = Random(seed), dict[str, dict[str, str]]()
    for number in range(people):
        first, last = random.choice("Ann Bo Cy Di Eve Fay Gus Hal".split()), random.choice("Lee Chan Wong Ho".split())
        name, phone = f"{first} {last} {number % 37}", f"+8529{random.randrange(10**7):07d}"
        email, birthday = f"{first}.{number}@example.com".lower(), f"19{random.randrange(50, 99)}-0{1 + number % 9}-11"
        records[f"crm:{number}"] = {"name": name, "phone": phone, "email": email, "birthday": birthday}
        other = {"name": name.upper(), "phone": phone, "email": email, "birthday": birthday}
        if number % 5 == 0:
            wrong = str((int(phone[6]) + 1) % 10)
            other = {**other, "phone": phone[:6] + wrong + phone[7:], "email": ""}
        records[f"web:{number}"] = other
    return records


def pairs(found: list[Proposal]) -> set[tuple[str, str]]:
    return {tuple(sorted((each.one, each.other))) for each in found}  # type: ignore[misc]


def test_it_proposes_the_mistyped_and_the_same_each_time() -> None:
    pytest.importorskip("splink", reason="needs omo[matching]")
    records = base(400, seed=3)
    found = list(CustomerMatcher().propose(records))
    expected = {(f"crm:{number}", f"web:{number}") for number in range(0, 400, 5)}
    assert len(expected & pairs(found)) >= 0.95 * len(expected)
    right = {(f"crm:{number}", f"web:{number}") for number in range(400)}
    assert len(pairs(found) & right) >= 0.99 * len(found)
    assert sorted(CustomerMatcher().propose(records), key=repr) == sorted(found, key=repr)


def test_too_few_records_fit_no_model() -> None:
    assert list(CustomerMatcher().propose(base(FEWEST // 2 - 1, seed=1))) == []


def test_without_splink_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "splink", None)
    with pytest.raises(Misconfigured, match=r"omo\[matching\]"):
        ready()
    with pytest.raises(Misconfigured, match=r"omo\[matching\]"):
        list(CustomerMatcher().propose(base(FEWEST, seed=1)))
