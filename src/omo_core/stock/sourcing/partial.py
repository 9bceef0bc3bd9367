"""When no plan gives everything: the one that leaves the fewest units short, and of those the best.

That happens where a policy allows few parcels, asks a worth of each, or names locations that must be used. Sets of
locations are walked in order of their fixed cost; a branch ends where even the most that the locations ahead could
give leaves more short than the best so far.
"""

from __future__ import annotations

from attrs import Factory, define

from omo_core.stock.sourcing.dealing import OutOfNodesError
from omo_core.stock.sourcing.filling import Filling
from omo_core.stock.sourcing.scoring import Scored
from omo_core.stock.sourcing.searching import Found, payers_of


@define
class Partial:
    """One search for the least that must be left short."""

    problem: Scored
    filling: Filling
    parcels_max: int
    best: tuple[int, int] | None = None
    """Units short, and the weight."""
    chosen: tuple[int, ...] = ()
    sizes: list[int] = Factory(list)
    """Per item: how many units one of it is."""
    payers: frozenset[int] = frozenset()

    def run(self, must: tuple[int, ...] = ()) -> Found:
        """Find the set of locations that leaves the fewest units short."""
        view = self.problem
        self.sizes = [item.units_each for item in view.items]
        self.payers = frozenset(payers_of(view))
        left, fixed, proven = list(view.needed), 0, True
        for number in must:
            left, fixed = self._less(left, number), fixed + view.fixed[number]
        try:
            if len(must) <= self.parcels_max:
                self._extend(must, 0, left, fixed)
        except OutOfNodesError:
            proven = False
        short, weight = self.best if self.best is not None else (self._short(view.needed), None)
        found = self.chosen if weight is not None else ()
        return Found(weight, found, weight or 0, proven=proven, nodes=self.filling.budget.used, short=short)

    def _extend(self, chosen: tuple[int, ...], start: int, left: list[int], fixed: int) -> None:
        """Look at a set of locations, and at every larger one that could be better."""
        self.filling.budget.spend()
        self._evaluate(chosen, left, fixed)
        room = self.parcels_max - len(chosen)
        if not room:
            return
        view, short = self.problem, self._short(left)
        gains = [0 if number in chosen else self._gain(left, number) for number in range(len(view.sites))]
        for number in range(start, len(view.sites)):
            most = sum(sorted(gains[number:], reverse=True)[:room])
            if self.best is not None and (max(0, short - most), fixed + view.fixed[number]) >= self.best:
                return
            if number not in chosen and (gains[number] or number in self.payers):
                more = fixed + view.fixed[number]
                self._extend((*chosen, number), number + 1, self._less(left, number), more)

    def _evaluate(self, chosen: tuple[int, ...], left: list[int], fixed: int) -> None:
        cost = self.filling.cost(chosen)
        if cost is None:
            return
        told = (self._short(left), fixed + cost)
        if self.best is None or told < self.best:
            self.best, self.chosen = told, chosen

    def _short(self, left: list[int]) -> int:
        return sum([needed * size for needed, size in zip(left, self.sizes, strict=True)])

    def _less(self, left: list[int], number: int) -> list[int]:
        return [max(0, needed - caps[number]) for needed, caps in zip(left, self.problem.caps, strict=True)]

    def _gain(self, left: list[int], number: int) -> int:
        return sum(
            [
                min(caps[number], needed) * size
                for caps, needed, size in zip(self.problem.caps, left, self.sizes, strict=True)
            ]
        )
