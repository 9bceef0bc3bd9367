"""Law 9 on many splits."""

from __future__ import annotations

from random import Random

import pytest

from tests.loyalty import splits


def test_parts_of_money_and_points_sum_to_the_whole() -> None:
    rng = Random(9)
    for _ in range(10_000):
        splits.money_is_split_exactly(rng)
        splits.points_come_back_exactly(rng)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(4))
def test_a_million_splits(seed: int) -> None:
    rng = Random(1_000 + seed)
    for _ in range(125_000):
        splits.money_is_split_exactly(rng)
        splits.points_come_back_exactly(rng)
