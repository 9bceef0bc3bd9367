"""Splits of money and points: the parts sum to the whole, none is off by one, and equal shares keep their places."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from omo_core.loyalty.ledger import Ledger
from omo_core.money import split
from tests.loyalty import worlds


def money_is_split_exactly(rng: Random) -> None:
    """Law 9 for money."""
    weights = [rng.choice((0, 1, 2, 3, rng.randrange(10**6))) for _ in range(rng.randrange(1, 8))]
    if not any(weights):
        weights[0] = 1
    whole, total = rng.randrange(-(10**9), 10**9), sum(weights)
    parts = split(whole, weights)
    assert sum(parts) == whole
    assert all(abs(part * total - whole * weight) < total for part, weight in zip(parts, weights, strict=True))
    order = rng.sample(range(len(weights)), len(weights))
    moved = split(whole, [weights[place] for place in order])
    pairs = sorted(zip(weights, parts, strict=True))
    assert sorted(zip([weights[place] for place in order], moved, strict=True)) == pairs


def points_come_back_exactly(rng: Random) -> None:
    """Law 9 for points: a redemption over several lots that comes back in parts fills each lot to the point."""
    ledger = Ledger()
    taken = [rng.randrange(1, 60) for _ in range(rng.randrange(1, 6))]
    for number, points in enumerate(taken):
        ends = worlds.START + timedelta(days=number + 1)
        ledger.credit(f"lot{number}", points, worlds.START, worlds.START, ends)
    spent = rng.randrange(1, sum(taken) + 20)
    ledger.spend("x", spent, "soonest_expiry")
    owed, back = max(0, spent - sum(taken)), 0
    for target in sorted(rng.randrange(0, spent + 10) for _ in range(rng.randrange(1, 5))):
        back += ledger.give_back("x", target)[0]
        assert back == min(max(target, back), spent)
        assert ledger.spent == spent - back
        assert ledger.earned == ledger.spendable + ledger.spent - ledger.debt
        assert all(0 <= lot.left <= lot.points for lot in ledger.lots.values())
    ledger.give_back("x", spent)
    assert (ledger.spendable, ledger.spent, ledger.debt, owed >= 0) == (sum(taken), 0, 0, True)
