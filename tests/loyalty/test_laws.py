"""The laws of points over generated programmes and generated histories, each with its planted bug in tests/mutants."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from omo_adapters.storage import memos
from tests.loyalty import laws, returns, shops, walks

LAWS: dict[str, tuple[Callable[[int], object], int]] = {
    "1 any order and any number of times": (laws.told_in_any_order, 300),
    "2 the books balance at every instant": (laws.balanced_at_every_instant, 300),
    "4 heard one by one, kept as bytes": (laws.heard_one_by_one, 300),
    "7 two records together are the two apart": (laws.merged_and_parted, 600),
    "8 everything given back leaves nothing": (walks.nothing_is_left, 2_500),
    "8 the order of returns makes no difference": (returns.returned_in_any_order, 1_000),
    "1, 4 and 7 on every store": (shops.on_every_store, 60),
}
"""Each law with how many worlds it is put to in the short run; the long one takes as many times as follows."""
LONG = 80


@pytest.fixture(autouse=True)
def everything_is_worth_keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memos, "WORTH_KEEPING", 1)


@pytest.mark.parametrize("name", LAWS)
def test_a_law_holds(name: str) -> None:
    law, worlds = LAWS[name]
    for seed in range(worlds):
        law(seed)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("block", range(8))
@pytest.mark.parametrize("name", LAWS)
def test_a_law_holds_in_many_worlds(name: str, block: int) -> None:
    law, worlds = LAWS[name]
    each = worlds * LONG // 8
    for seed in range(1_000_000 + block * each, 1_000_000 + (block + 1) * each):
        law(seed)
