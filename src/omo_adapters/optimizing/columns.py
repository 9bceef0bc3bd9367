"""A batch planned by prices: shelves that several orders want get a price, orders answer with their best plan at it.

Round by round the master problem says what each shelf is worth, each order gives the plan that is best for it at these
prices, and the plan joins the choice. What all orders together cost at least at some prices, less what the shelves
bring in, is a cost that no plans can beat. Prices swing less when each round looks between the last ones and those that
gave the best bound so far; that looks nowhere else and takes far fewer rounds.

The fractions are then made whole a few orders at a time, those that are nearly whole first, and prices adapt after
each step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from attrs import define, evolve

from omo_adapters.optimizing.master import Master
from omo_adapters.optimizing.passing import Numbers
from omo_adapters.optimizing.pricing import FINE, Pricer, Shelf, per_item
from omo_core.stock.sourcing.batching import Batch, left_by
from omo_core.stock.sourcing.dealing import Shared
from omo_core.stock.sourcing.plan import Plan
from omo_core.stock.sourcing.planning import plan, planned
from omo_core.stock.sourcing.scoring import Scored, scored

NEAR = 1e-5
"""The bound is near enough to the master's cost, relative to it."""
INERTIA = 0.6
"""How much of the best prices so far stays in those of a round; less after each round that brought nothing."""
LESS_INERTIA = 0.1
STEP_ROUNDS = 8
"""How many rounds prices get to adapt after each step towards whole plans."""
STEP_SHARE = 0.1
"""The share of undecided orders that one step decides at least."""
WHOLE = 0.999


@define
class Market:
    """The master problem and the orders, with the prices that were best so far."""

    master: Master
    pricer: Pricer
    clock: Callable[[], float]
    prices: Numbers | None = None

    @classmethod
    def of(cls, batch: Batch, clock: Callable[[], float]) -> Market:
        """Open a market for a batch; the only aim is cost."""
        views = [
            scored(evolve(one, policy=evolve(one.policy, aims=("cost",))), own_first=False) for one in batch.problems
        ]
        shelves, stock = _shelves(views)
        master = Master(views, batch.missing_cost, shelves, stock)
        return cls(master, Pricer(views, batch.missing_cost, shelves), clock)

    def trade(self, *, until: float, rounds: int = 1_000) -> int:
        """Let prices and plans answer each other until neither brings anything; gives a cost that no plans beat."""
        master, best, inertia = self.master, 0, INERTIA
        left, orders = master.left(), master.open
        for _ in range(rounds):
            cost, asked = master.solve()
            prices = asked if self.prices is None else _between(self.prices, asked, inertia)
            offers = self.pricer.offers(prices, left, orders)
            bound = master.decided * FINE + sum(offer.value for offer in offers.values()) - int((prices * left).sum())
            new = sum([master.add(order, offer.taken) for order, offer in offers.items()])
            if bound > best or self.prices is None:
                best, self.prices = bound, prices
            else:
                inertia = max(0.0, inertia - LESS_INERTIA)
            if cost - best / FINE < cost * NEAR or self.clock() > until or (not new and not inertia):
                break
            inertia = inertia if new else 0.0
        return -(-best // FINE)

    def dive(self, *, until: float) -> tuple[Plan, ...]:
        """Make the choice whole, step by step; when the time is over, what is undecided is planned in turn."""
        while self.master.open and self.clock() <= until:
            self.master.decide(self._nearly_whole())
            if self.master.open:
                self.trade(until=until, rounds=STEP_ROUNDS)
        views = self.master.views
        plans = {
            order: planned(views[order], _shared(views[order], column.taken), method="highs")
            for order, column in self.master.fixed.items()
        }
        for order in self.master.open:
            (problem,) = left_by(
                [(views[number].problem, made) for number, made in plans.items()], (views[order].problem,)
            )
            plans[order] = plan(problem, explain=False)
        return tuple(plans[order] for order in range(len(views)))

    def _nearly_whole(self) -> list[int]:
        """Choose plans to decide: all that are whole, then the nearest to it, as far as the shelves reach."""
        most: dict[int, tuple[float, int]] = {}
        open_orders = frozenset(self.master.open)
        for number, share in enumerate(self.master.shares()):
            order = self.master.columns[number].order
            if order in open_orders and share > most.get(order, (0.0, 0))[0] + NEAR:
                most[order] = (share, number)
        left = self.master.left()
        chosen: list[int] = []
        for _, (share, number) in sorted(most.items(), key=lambda each: (-each[1][0], each[0])):
            if share < WHOLE and len(chosen) >= max(1, STEP_SHARE * len(most)):
                break
            column = self.master.columns[number]
            if column.fits(left):
                chosen.append(number)
                column.take_from(left)
        return chosen


def _between(best: Numbers, asked: Numbers, inertia: float) -> Numbers:
    return np.rint(inertia * best + (1 - inertia) * asked).astype(np.int64)


def _shelves(views: Sequence[Scored]) -> tuple[dict[Shelf, int], Numbers]:
    """Number every shelf that an order could take from, and the parcels of locations that send only so many."""
    found: dict[Shelf, int] = {}
    for view in views:
        for number, site in enumerate(view.sites):
            if site.capacity is not None and site.location != view.problem.pickup_at:
                found[site.location, None] = max(0, site.capacity)
            for item in range(len(view.items)):
                if view.caps[item][number]:
                    found.update({(site.location, sku): max(0, site.free.get(sku, 0)) for sku in per_item(view, item)})
    names = sorted(found, key=lambda shelf: (shelf[0], shelf[1] is None, shelf[1] or ""))
    return {shelf: number for number, shelf in enumerate(names)}, np.array([found[name] for name in names], np.int64)


def _shared(view: Scored, taken: Sequence[tuple[int, int, int]]) -> Shared:
    """Say which location gives how many of each item."""
    shared: Shared = [[] for _ in view.items]
    for item, site, units in taken:
        shared[item].append((site, units))
    return shared
