"""The ``Optimizer`` port filled by HiGHS."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic

from attrs import frozen

from omo_adapters.optimizing.balances import balance_article
from omo_adapters.optimizing.neighbours import plan_batch
from omo_core.stock.balancing import Balance, Imbalance
from omo_core.stock.sourcing.batching import Batch
from omo_core.stock.sourcing.plan import Plan


@frozen(kw_only=True)
class HighsOptimizer:
    """Plans with HiGHS, on one thread, within a time; the same question gets the same answer unless time runs out."""

    seconds: float = 30.0
    gap: float = 0.002
    """How far from the best a batch may be, relative to its cost, before the search goes on."""
    article_seconds: float = 2.0
    """How long the lanes of one article may be chosen, where they have a minimum."""

    def plan(self, orders: Batch) -> Sequence[Plan]:
        return plan_batch(orders, seconds=self.seconds, gap=self.gap, clock=monotonic)[0]

    def balance(self, problems: Sequence[Imbalance]) -> Sequence[Balance]:
        return [balance_article(problem, seconds=self.article_seconds) for problem in problems]
