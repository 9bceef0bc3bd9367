"""The exact search: branch and bound over sets of locations.

Sets of one location are looked at first, then pairs, then threes. Within a size, the item that the fewest locations
have is placed first, and the last location of a set is found by intersecting bit sets of who has enough, so that most
sets are never looked at one by one. Locations stand in order of their fixed cost; where even the cheapest remaining
ones are too dear, a branch ends. A larger set is only better than a smaller one when it is cheaper, which fixed costs
bound as well: the search ends when the next size can't win.

Ties go to the set that is found first: the smaller one, then the one whose locations come first by cost and name.
"""

from __future__ import annotations

from attrs import Factory, define

from omo_core.stock.sourcing.dealing import OutOfNodesError
from omo_core.stock.sourcing.filling import Filling
from omo_core.stock.sourcing.scoring import Scored


@define
class Found:
    """What the search came to."""

    weight: int | None
    """None: no set of locations will do."""
    chosen: tuple[int, ...]
    bound: int
    proven: bool
    """Nothing is better; where there is no weight: nothing will do."""
    nodes: int
    short: int = 0
    """Units that it leaves short, of those that the locations have."""


@define
class Search:
    """One search; locations are numbers, in order of their fixed cost."""

    problem: Scored
    filling: Filling
    parcels_max: int
    best: int | None = None
    chosen: tuple[int, ...] = ()
    masks: list[list[int]] = Factory(list)
    """Per item and number: who has at least so many of it, as bits."""
    units_at_least: int = 0
    """What the units cost at least, wherever they come from."""
    payers: list[int] = Factory(list)
    """Locations that might be worth adding only because their units are cheaper."""

    def run(self, must: tuple[int, ...] = ()) -> Found:
        """Find the best set of locations that contains those that must be in it."""
        self._prepare()
        left = list(self.problem.needed)
        fixed = sum(self.problem.fixed[one] for one in must)
        blocked = 0
        for one in must:
            left = self._less(left, one)
            blocked |= 1 << one
        least = self.units_at_least + fixed
        try:
            if not any(left):
                self._evaluate(must, fixed)
            for size in range(self._size_min(left), self.parcels_max - len(must) + 1):
                least = fixed + self.units_at_least + sum(self._cheapest(size, blocked))
                if self.best is not None and least >= self.best:
                    break
                self._extend(must, left, blocked, size, fixed)
        except OutOfNodesError:
            return self._found(min(least, least if self.best is None else self.best), proven=False)
        return self._found(least if self.best is None else self.best, proven=True)

    def _found(self, bound: int, *, proven: bool) -> Found:
        return Found(self.best, self.chosen, bound, proven=proven, nodes=self.filling.budget.used)

    def _prepare(self) -> None:
        scored = self.problem
        for caps, needed, unit in zip(scored.caps, scored.needed, scored.unit, strict=True):
            who = [0] * (needed + 1)
            for number, cap in enumerate(caps):
                if cap:
                    who[min(cap, needed)] |= 1 << number
            for enough in range(needed - 1, 0, -1):
                who[enough] |= who[enough + 1]
            self.masks.append(who)
            self.units_at_least += _cheapest_units(caps, unit, needed)
        self.payers = payers_of(scored)

    def _size_min(self, left: list[int]) -> int:
        """Give the number of locations that the scarcest item needs at least."""
        return max(
            [1, *(_locations_needed(caps, needed) for caps, needed in zip(self.problem.caps, left, strict=True))]
        )

    def _cheapest(self, count: int, blocked: int) -> list[int]:
        """Give the fixed costs of the cheapest locations that are not in use yet."""
        costs: list[int] = []
        for number, fixed in enumerate(self.problem.fixed):
            if len(costs) == count:
                break
            if not blocked >> number & 1:
                costs.append(fixed)
        return costs

    def _less(self, left: list[int], number: int) -> list[int]:
        """Give what is still needed when a location gives all it can."""
        return [
            needed - caps[number] if needed > caps[number] else 0
            for needed, caps in zip(left, self.problem.caps, strict=True)
        ]

    def _extend(self, chosen: tuple[int, ...], left: list[int], blocked: int, size: int, fixed: int) -> None:
        """Look at every set that adds so many locations to the chosen ones and could be the best."""
        self.filling.budget.spend()
        if size == 1:
            self._finish(chosen, left, blocked, fixed)
            return
        options = self._scarcest(left, blocked, size)
        costs = self.problem.fixed
        while options:
            bit = options & -options
            number = bit.bit_length() - 1
            # Any other location costs at least as much as the very cheapest.
            dear = fixed + costs[number] + costs[0] * (size - 1) + self.units_at_least
            if self.best is not None and dear >= self.best:
                return
            blocked |= bit
            options ^= bit
            rest = self._less(left, number)
            if any(rest):  # a set that does without the others was looked at among the smaller ones
                self._extend((*chosen, number), rest, blocked, size - 1, fixed + costs[number])

    def _scarcest(self, left: list[int], blocked: int, size: int) -> int:
        """Name the locations that have any of the item that the fewest have; none when the set can't be completed."""
        options, fewest = 0, -1
        for who, needed in zip(self.masks, left, strict=True):
            if needed:
                if not who[-(-needed // size)] & ~blocked:
                    return 0
                some = who[1] & ~blocked
                count = some.bit_count()
                if fewest < 0 or count < fewest:
                    options, fewest = some, count
        return options

    def _finish(self, chosen: tuple[int, ...], left: list[int], blocked: int, fixed: int) -> None:
        """Find the last location: it must have all that is left."""
        last = ~blocked & ((1 << len(self.problem.sites)) - 1)
        for who, needed in zip(self.masks, left, strict=True):
            if needed:
                last &= who[needed]
        costs = self.problem.fixed
        while last:
            bit = last & -last
            number = bit.bit_length() - 1
            if self.best is not None and fixed + costs[number] + self.units_at_least >= self.best:
                return
            self._evaluate((*chosen, number), fixed + costs[number])
            last ^= bit

    def _evaluate(self, chosen: tuple[int, ...], fixed: int, payers_from: int = 0) -> None:
        """Take a complete set if it is the best so far; then add locations that might pay for themselves."""
        self.filling.budget.spend()
        filled = self.filling.cost(chosen)
        if filled is not None and (self.best is None or fixed + filled < self.best):
            self.best, self.chosen = fixed + filled, chosen
        if len(chosen) == self.parcels_max:
            return
        for place in range(payers_from, len(self.payers)):
            number = self.payers[place]
            more = fixed + self.problem.fixed[number]
            if number not in chosen and (self.best is None or more + self.units_at_least < self.best):
                self._evaluate((*chosen, number), more, place + 1)


def payers_of(scored: Scored) -> list[int]:
    """Name the locations that may pay for themselves: whose cheaper units can save more than using them costs."""
    dearest = [
        max((unit for unit, cap in zip(units, caps, strict=True) if cap), default=0)
        for units, caps in zip(scored.unit, scored.caps, strict=True)
    ]
    payers = []
    for number, fixed in enumerate(scored.fixed):
        saved = sum(
            min(scored.caps[item][number], needed) * (dearest[item] - scored.unit[item][number])
            for item, needed in enumerate(scored.needed)
        )
        if saved > fixed:
            payers.append(number)
    return payers


def _locations_needed(caps: list[int], needed: int) -> int:
    """Give how many locations an item needs at least."""
    count, left = 0, needed
    for cap in sorted(caps, reverse=True):
        if left <= 0:
            break
        left -= cap
        count += 1
    return count


def _cheapest_units(caps: list[int], unit: list[int], needed: int) -> int:
    """Give what units cost at least when each comes from where it is cheapest."""
    if len(set(unit)) == 1:
        return needed * unit[0]
    total = 0
    for each, cap in sorted(zip(unit, caps, strict=True)):
        taken = min(cap, needed)
        total += taken * each
        needed -= taken
        if not needed:
            break
    return total
