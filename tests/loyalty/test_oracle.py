"""The account fold and the model with coins agree on every number, whatever the programme and the history."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from omo_core.loyalty import Account, Line, account, check_programme, statement
from tests.loyalty import oracle, worlds

PROFILES = frozenset({"crm:1", "web:9"})


def compare(seed: int, size: int) -> None:
    """Play one seed's world both ways and compare at several instants."""
    rng = Random(seed)
    programme = worlds.programme(rng)
    check_programme(programme)
    events = worlds.history(rng, rng.randrange(1, size))
    at = worlds.START
    for _ in range(3):
        at += timedelta(days=rng.randrange(30, 700), hours=rng.randrange(24))
        expected = oracle.model(programme, events, PROFILES, at)
        shuffled = rng.sample(events, len(events)) + rng.sample(events, len(events) // 3)
        shown = account(programme, shuffled, PROFILES, at)
        numbers = {name: getattr(shown, name) for name in expected.numbers() if name != "lots"}
        numbers["lots"] = {(lot.of, lot.id): lot.left for lot in shown.lots}
        assert numbers == expected.numbers(), f"seed {seed} at {at}"
        lines = statement(programme, shuffled, PROFILES, at)
        assert_leads_on(lines, shown, f"seed {seed} at {at}")
        assert tier_of(shown) == expected.climb.shown(at), f"tier, seed {seed} at {at}"


def tier_of(shown: Account) -> dict[str, object] | None:
    """What an account says about the tier, as far as the model says it too."""
    tier, names = shown.tier, ("name", "since", "until", "in_grace", "spend", "points", "visits", "counted")
    return None if tier is None else {name: getattr(tier, name) for name in names}


def assert_leads_on(lines: tuple[Line, ...], shown: Account, where: str) -> None:
    """Every line leads from one balance to the next, and the last to the account's."""
    balance = 0
    for line in lines:
        balance += line.points
        assert line.balance == balance, f"{line}, {where}"
    assert balance == shown.spendable + shown.pending + shown.held - shown.debt, where


@pytest.mark.parametrize("block", range(8))
def test_the_fold_and_the_model_agree(block: int) -> None:
    for seed in range(block * 60, block * 60 + 60):
        compare(seed, 25)


@pytest.mark.long
def test_the_fold_and_the_model_agree_on_twenty_thousand_worlds() -> None:
    for seed in range(1_000, 21_000):
        compare(seed, 45)
