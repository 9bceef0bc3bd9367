"""Share units out where the cheapest way gives some location too little: every way that could be the best is tried.

Article by article, location by location, each is given as much as there is first, then less. A branch ends where it
costs too much already, where a location can't come by what it must be given any more, and where all that is left is
not worth what the locations together still lack. Every step is counted.
"""

from __future__ import annotations

from typing import Protocol

from attrs import Factory, define

from omo_core.stock.sourcing.scoring import Scored

Shared = list[list[tuple[int, int]]]
"""Per item: which location gives how many."""


class OutOfNodesError(Exception):
    """The search has looked at as many partial plans as it may."""


@define
class Budget:
    """How many partial plans may be looked at."""

    limit: int
    used: int = 0

    def spend(self) -> None:
        """Look at one; raise ``OutOfNodesError`` when that is one too many."""
        self.used += 1
        if self.used > self.limit:
            raise OutOfNodesError


@define
class Floors:
    """What locations of a set must be given at least."""

    worth: dict[int, int]
    """By location: what its parcel must be worth, where the order is split."""
    used: list[int]
    """Locations that must give something."""

    def __bool__(self) -> bool:
        """Say whether anything is asked."""
        return bool(self.worth or self.used)


class Pot(Protocol):
    """What is shared out: a problem, what one of each item is worth, and how long may be searched."""

    @property
    def problem(self) -> Scored:
        """Give the locations and what they have."""
        ...

    @property
    def budget(self) -> Budget:
        """Give how many steps may be made."""
        ...

    @property
    def values(self) -> list[int]:
        """Give what one of each item is worth."""
        ...

    def keeps(self, shared: Shared, floors: Floors) -> bool:
        """Say whether every location is given what it must be given."""
        ...


def deal(pot: Pot, chosen: tuple[int, ...], floors: Floors) -> Shared | None:
    """Find the cheapest way; none where there is none. Raise ``OutOfNodesError`` when it takes too long."""
    return Dealing(pot, chosen, floors).run()


@define
class Dealing:
    """One set of locations, and what each must be given."""

    pot: Pot
    chosen: tuple[int, ...]
    floors: Floors
    best: Shared | None = None
    best_cost: int = 0
    turns: list[list[int]] = Factory(list)
    """Per item: the locations, the cheapest first."""
    needed: list[int] = Factory(list)
    rest_cost: list[int] = Factory(list)
    """Per item: what it and those after it cost at least."""
    rest_worth: list[int] = Factory(list)
    given: list[dict[int, int]] = Factory(list)
    worth: dict[int, int] = Factory(dict)
    units: dict[int, int] = Factory(dict)

    def run(self) -> Shared | None:
        """Find the cheapest way; none where there is none. Raise ``OutOfNodesError`` when it takes too long."""
        view = self.pot.problem
        for caps, unit, needed in zip(view.caps, view.unit, view.needed, strict=True):
            self.turns.append(sorted(self.chosen, key=unit.__getitem__))
            self.needed.append(min(needed, sum(caps[number] for number in self.chosen)))
            self.given.append({})
        self.worth, self.units = dict.fromkeys(self.chosen, 0), dict.fromkeys(self.chosen, 0)
        self.rest_cost, self.rest_worth = [0], [0]
        for item in reversed(range(len(self.needed))):
            self.rest_cost.append(self.rest_cost[-1] + self._cheapest(item, 0, self.needed[item]))
            self.rest_worth.append(self.rest_worth[-1] + self.needed[item] * self.pot.values[item])
        self.rest_cost.reverse()
        self.rest_worth.reverse()
        self._deal(0, 0, self.needed[0], 0)
        return self.best

    def _cheapest(self, item: int, place: int, left: int) -> int:
        unit, caps, total = self.pot.problem.unit[item], self.pot.problem.caps[item], 0
        for number in self.turns[item][place:]:
            taken = min(left, caps[number])
            total += taken * unit[number]
            left -= taken
        return total

    def _deal(self, item: int, place: int, left: int, cost: int) -> None:
        """Decide what the next location gives of an item of which so much is left."""
        self.pot.budget.spend()
        least = cost + self._cheapest(item, place, left) + self.rest_cost[item + 1]
        if self.best is not None and least >= self.best_cost:
            return
        if self._lacking() > left * self.pot.values[item] + self.rest_worth[item + 1]:
            return
        if place == len(self.turns[item]):
            self._next(item + 1, cost)
            return
        view, number = self.pot.problem, self.turns[item][place]
        later = sum(view.caps[item][one] for one in self.turns[item][place + 1 :])
        for units in range(min(view.caps[item][number], left), max(0, left - later) - 1, -1):
            self._give(item, number, units)
            if self._can_still_have(item + 1, number):
                self._deal(item, place + 1, left - units, cost + units * view.unit[item][number])
            self._give(item, number, -units)

    def _next(self, item: int, cost: int) -> None:
        if item < len(self.needed):
            self._deal(item, 0, self.needed[item], cost)
            return
        shared = [[(number, units) for number, units in given.items() if units] for given in self.given]
        if self.pot.keeps(shared, self.floors):
            self.best, self.best_cost = shared, cost

    def _give(self, item: int, number: int, units: int) -> None:
        self.given[item][number] = self.given[item].get(number, 0) + units
        self.worth[number] += units * self.pot.values[item]
        self.units[number] += units

    def _lacking(self) -> int:
        return sum(max(0, least - self.worth[number]) for number, least in self.floors.worth.items())

    def _can_still_have(self, item: int, number: int) -> bool:
        """Say whether a location may come by what it must be given from this item on."""
        caps, values = self.pot.problem.caps, self.pot.values
        coming = [min(caps[one][number], self.needed[one]) for one in range(item, len(self.needed))]
        worth = sum(units * value for units, value in zip(coming, values[item:], strict=True))
        enough = self.worth[number] + worth >= self.floors.worth.get(number, 0)
        return enough and (number not in self.floors.used or self.units[number] + sum(coming) > 0)
