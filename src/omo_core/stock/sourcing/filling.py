"""Share units out over a fixed set of locations: each from where it is cheapest, as far as every parcel is worth it."""

from __future__ import annotations

from attrs import Factory, define

from omo_core.stock.sourcing.dealing import Budget, Floors, Shared, deal
from omo_core.stock.sourcing.scoring import Scored


@define
class Filling:
    """Shares out the units of one problem."""

    problem: Scored
    budget: Budget
    must: frozenset[int] = frozenset()
    """Locations that must give something in any plan."""
    values: list[int] = Factory(list)
    """Per item: what one of it is worth."""
    uniform: list[bool] = Factory(list)
    """Items that cost the same everywhere."""
    dealt: dict[tuple[int, ...], Shared | None] = Factory(dict)
    """Sets for which the cheapest way would not do, and how theirs were shared out."""

    def __attrs_post_init__(self) -> None:
        """Work out what does not depend on the set."""
        for item, unit in zip(self.problem.items, self.problem.unit, strict=True):
            self.values.append(item.worth_each)
            self.uniform.append(len(set(unit)) <= 1)

    def floors(self, chosen: tuple[int, ...]) -> Floors:
        """Say what the locations of a set must be given; where an order is collected, nothing is sent."""
        least, problem = self.problem.problem.policy.parcel_value_min, self.problem
        split = least > 0 and len(chosen) > 1
        sent = [one for one in chosen if problem.sites[one].location != problem.problem.pickup_at] if split else []
        return Floors(dict.fromkeys(sent, least), [one for one in chosen if one in self.must])

    def cost(self, chosen: tuple[int, ...]) -> int | None:
        """Give what the units cost from these locations; none when a location would give too little."""
        if self.floors(chosen):
            shared = self.share(chosen)
            return None if shared is None else self.cost_of(shared)
        total = 0
        scored = self.problem
        for item, needed in enumerate(scored.needed):
            unit, caps = scored.unit[item], scored.caps[item]
            if self.uniform[item] and sum([caps[number] for number in chosen]) >= needed:
                total += needed * (unit[0] if unit else 0)
                continue
            for number in sorted(chosen, key=unit.__getitem__):
                taken = min(needed, caps[number])
                total += taken * unit[number]
                needed -= taken  # noqa: PLW2901  (what is left of it)
                if not needed:
                    break
        return total

    def share(self, chosen: tuple[int, ...]) -> Shared | None:
        """Share the units out; none when no way gives every location what it must be given."""
        cheapest = [self._cheapest(item, chosen) for item in range(len(self.problem.items))]
        floors = self.floors(chosen)
        if not floors or self.keeps(cheapest, floors):
            return cheapest
        if chosen not in self.dealt:
            self.dealt[chosen] = deal(self, chosen, floors)
        return self.dealt[chosen]

    def _cheapest(self, item: int, chosen: tuple[int, ...]) -> list[tuple[int, int]]:
        unit, caps, left = self.problem.unit[item], self.problem.caps[item], self.problem.needed[item]
        given = []
        for number in sorted(chosen, key=unit.__getitem__):
            taken = min(caps[number], left)
            if taken:
                given.append((number, taken))
                left -= taken
        return given

    def cost_of(self, shared: Shared) -> int:
        """Give what units cost where they come from."""
        return sum(
            self.problem.unit[item][number] * units for item, given in enumerate(shared) for number, units in given
        )

    def worth_of(self, shared: Shared) -> dict[int, int]:
        """Give what each location's parcel is worth."""
        worth: dict[int, int] = {}
        for item, given in enumerate(shared):
            for number, units in given:
                worth[number] = worth.get(number, 0) + units * self.values[item]
        return worth

    def keeps(self, shared: Shared, floors: Floors) -> bool:
        """Say whether every location is given what it must be given."""
        worth = self.worth_of(shared)
        return all(worth.get(number, 0) >= least for number, least in floors.worth.items()) and all(
            number in worth for number in floors.used
        )
