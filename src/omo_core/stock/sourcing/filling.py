"""Share units out over a fixed set of locations: each from where it is cheapest, no parcel worth too little."""

from __future__ import annotations

from attrs import Factory, define

from omo_core.stock.sourcing.scoring import Scored

Shared = list[list[tuple[int, int]]]
"""Per item: which location gives how many."""


@define
class Filling:
    """Shares out the units of one problem."""

    problem: Scored
    value_min: int
    values: list[int] = Factory(list)
    """Per item: what one of it is worth."""
    uniform: list[bool] = Factory(list)
    """Items that cost the same everywhere."""

    def __attrs_post_init__(self) -> None:
        """Work out what does not depend on the set."""
        for item, unit in zip(self.problem.items, self.problem.unit, strict=True):
            worth = sum(need.value * need.units for need in item.needs)
            self.values.append(worth if item.whole else worth // max(1, item.units))
            self.uniform.append(len(set(unit)) <= 1)

    def cost(self, chosen: tuple[int, ...]) -> int | None:
        """Give what the units cost from these locations; none when a parcel would be worth too little."""
        if self.value_min and len(chosen) > 1:
            shared = self.share(chosen)
            return None if shared is None else self._cost_of(shared)
        total = 0
        scored = self.problem
        for item, needed in enumerate(scored.needed):
            if self.uniform[item]:
                total += needed * (scored.unit[item][0] if scored.unit[item] else 0)
                continue
            unit, caps = scored.unit[item], scored.caps[item]
            for number in sorted(chosen, key=unit.__getitem__):
                taken = min(needed, caps[number])
                total += taken * unit[number]
                needed -= taken  # noqa: PLW2901  (what is left of it)
                if not needed:
                    break
        return total

    def share(self, chosen: tuple[int, ...]) -> Shared | None:
        """Share the units out; none when no way gives every parcel its worth."""
        cheapest = [self._cheapest(item, chosen) for item in range(len(self.problem.items))]
        if not self.value_min or len(chosen) == 1 or self._worth_enough(cheapest, chosen):
            return cheapest
        return self._search(chosen)

    def _cheapest(self, item: int, chosen: tuple[int, ...]) -> list[tuple[int, int]]:
        unit, caps, left = self.problem.unit[item], self.problem.caps[item], self.problem.needed[item]
        given = []
        for number in sorted(chosen, key=unit.__getitem__):
            taken = min(caps[number], left)
            if taken:
                given.append((number, taken))
                left -= taken
        return given

    def _cost_of(self, shared: Shared) -> int:
        return sum(
            self.problem.unit[item][number] * units for item, given in enumerate(shared) for number, units in given
        )

    def _worth_enough(self, shared: Shared, chosen: tuple[int, ...]) -> bool:
        worth = dict.fromkeys(chosen, 0)
        for item, given in enumerate(shared):
            for number, units in given:
                worth[number] += units * self.values[item]
        return all(value >= self.value_min for value in worth.values())

    def _search(self, chosen: tuple[int, ...]) -> Shared | None:
        """Try every way to share the units out, cheapest kept."""
        best: Shared | None = None
        for shared in _product([self._ways(item, chosen) for item in range(len(self.problem.items))]):
            if self._worth_enough(shared, chosen) and (best is None or self._cost_of(shared) < self._cost_of(best)):
                best = shared
        return best

    def _ways(self, item: int, chosen: tuple[int, ...]) -> list[list[tuple[int, int]]]:
        ways: list[tuple[int, list[tuple[int, int]]]] = [(self.problem.needed[item], [])]
        for number in chosen:
            cap = self.problem.caps[item][number]
            ways = [
                (left - units, [*given, (number, units)] if units else given)
                for left, given in ways
                for units in range(min(cap, left) + 1)
            ]
        return [given for left, given in ways if left == 0][:WAYS_MAX]


WAYS_MAX = 200
"""How many ways to share one item out are tried at most."""
PRODUCT_MAX = 20_000
"""How many ways to share all of them out are tried at most."""


def _product(ways: list[list[list[tuple[int, int]]]]) -> list[Shared]:
    found: list[Shared] = [[]]
    for options in ways:
        found = [[*shared, given] for shared in found for given in options][:PRODUCT_MAX]
    return found
