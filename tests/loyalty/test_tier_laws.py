"""What tiers promise, over generated programmes and histories, each with planted bugs in tests/mutants."""

from __future__ import annotations

import pytest

from tests.loyalty.tier_laws import PROMISES

LONG = 50


@pytest.mark.parametrize("name", PROMISES)
def test_a_promise_is_kept(name: str) -> None:
    law, worlds = PROMISES[name]
    for seed in range(worlds):
        law(seed)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", PROMISES)
def test_a_promise_is_kept_in_many_worlds(name: str) -> None:
    law, worlds = PROMISES[name]
    for seed in range(1_000_000, 1_000_000 + worlds * LONG):
        law(seed)
