"""The account fold and the model with coins agree on every number, whatever the programme and the history."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from omo_core.instants import FOREVER
from omo_core.loyalty import Account, Line, account, check_programme, fold, statement
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
        standing = fold(programme, events, PROFILES, until=at)
        standing.advance(at)
        has = standing.standing
        got = (has.level, has.since, has.until, has.in_grace)
        until = expected.until if expected.until < oracle.NEVER else FOREVER
        assert got == (expected.level, expected.since, until, expected.grace), f"tier, seed {seed} at {at}"


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
