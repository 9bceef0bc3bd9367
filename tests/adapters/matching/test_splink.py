"""Splink behind the port: it finds the records whose identifiers were mistyped, and says the same each time."""

import sys
from random import Random

import pytest
from attrs import evolve

from omo_adapters.errors import Misconfigured
from omo_adapters.matching import splink
from omo_adapters.matching.splink import SplinkMatcher, pairs_of, ready
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


def mistyped(records: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Nobody's second record has the same phone or an e-mail: nothing says for sure how many pairs there are."""

    def wrong(phone: str) -> str:
        return phone[:6] + str((int(phone[6]) + 1) % 10) + phone[7:]

    return {
        name: {**fields, "phone": wrong(fields["phone"]), "email": ""} if name.startswith("web") else fields
        for name, fields in records.items()
    }


def without(*fields: str) -> dict[str, dict[str, str]]:
    return {
        name: {field: value for field, value in known.items() if field not in fields}
        for name, known in base(100, seed=3).items()
    }


@pytest.mark.parametrize(
    ("records", "at_least"),
    [
        (mistyped(base(100, seed=3)), 95),
        (without("phone"), 95),
        (without("email"), 95),
        (without("birthday"), 95),
        (without("name"), 75),
        (without("phone", "email", "birthday"), 0),
        (without("name", "phone", "birthday"), 0),
        (without("name", "phone", "email", "birthday"), 0),
        ({f"crm:{number}": {"name": "Ann Lee", "phone": "+85291234567"} for number in range(120)}, 0),
    ],
    ids=["mistyped", "no phone", "no e-mail", "no birthday", "no name", "names", "e-mails", "nothing", "all alike"],
)
def test_a_list_that_lacks_something_is_looked_at_all_the_same(
    records: dict[str, dict[str, str]], at_least: int
) -> None:
    pytest.importorskip("splink", reason="needs omo[matching]")
    found = pairs(list(CustomerMatcher().propose(records)))
    assert len(found & {(f"crm:{number}", f"web:{number}") for number in range(100)}) >= at_least


def test_pairs_that_agree_are_counted_and_nothing_agrees_with_nothing() -> None:
    rows = [{"a": "1", "b": "x"}, {"a": "1", "b": "x"}, {"a": "1", "b": None}, {"a": None, "b": None}]
    assert [pairs_of(rows, names) for names in ((), ("a",), ("a", "b"), ("b",))] == [6, 3, 1, 1]


def test_who_agrees_on_two_rules_is_one_sure_pair() -> None:
    matcher = SplinkMatcher(columns=(), block_on=(), train_on=(), surely=(("a",), ("b",)), recall=1)
    rows = [{"a": "1", "b": "x"}, {"a": "1", "b": "x"}, {"a": "1", "b": None}, {"a": None, "b": None}]
    assert matcher.prior(rows) == 3 / 6
    assert evolve(matcher, surely=(("b",),)).prior(rows) == 1 / 6
    assert evolve(matcher, surely=(("c",),)).prior([{**row, "c": None} for row in rows]) == 1 / 6


def test_too_few_records_fit_no_model() -> None:
    assert list(CustomerMatcher().propose(base(FEWEST // 2 - 1, seed=1))) == []


def test_without_splink_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "splink", None)
    with pytest.raises(Misconfigured, match=r"omo\[matching\]"):
        ready()
    with pytest.raises(Misconfigured, match=r"omo\[matching\]"):
        list(CustomerMatcher().propose(base(FEWEST, seed=1)))


@pytest.mark.mutants
@pytest.mark.parametrize(
    "planted",
    [
        lambda rows, names: len(rows) * (len(rows) - 1) // 2,
        lambda rows, names: sum(row[name] == other[name] for row in rows for other in rows for name in names) or 6,
    ],
    ids=["whoever has nothing agrees", "fields are counted one by one"],
)
def test_sure_pairs_that_are_miscounted_are_noticed(planted: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splink, "pairs_of", planted)
    with pytest.raises(AssertionError):
        test_who_agrees_on_two_rules_is_one_sure_pair()
