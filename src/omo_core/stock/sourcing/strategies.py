"""Greedy strategies, as a table: each says which location is asked next, given what is still needed.

They are quick, easy to explain at a counter, and not the best: the exact plan is. Every tie ends at the location's
name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from omo_core.stock.sourcing.dealing import Shared
from omo_core.stock.sourcing.filling import Filling
from omo_core.stock.sourcing.scoring import Scored

Key = tuple[int, ...]
Strategy = Callable[[Scored, int, list[int]], Key]
"""Gives the key of a location (a number); the smallest is asked next."""


def nearest(problem: Scored, number: int, left: list[int]) -> Key:  # noqa: ARG001  (one signature for all)
    """Ask the nearest first."""
    return (problem.sites[number].distance,)


def priority(problem: Scored, number: int, left: list[int]) -> Key:  # noqa: ARG001
    """Ask in the order that the shop wrote down."""
    return (problem.sites[number].priority,)


def balance(problem: Scored, number: int, left: list[int]) -> Key:
    """Ask whoever has the most of what is needed, so that shelves empty evenly."""
    site = problem.sites[number]
    wanted = [sku for item, needed in zip(problem.items, left, strict=True) if needed for sku in item.wanted]
    return (-sum(site.free.get(sku, 0) for sku in wanted),)


def overstock(problem: Scored, number: int, left: list[int]) -> Key:
    """Ask whoever has the most above what it should have."""
    site = problem.sites[number]
    wanted = [sku for item, needed in zip(problem.items, left, strict=True) if needed for sku in item.wanted]
    return (-sum(site.surplus.get(sku, 0) for sku in wanted), *balance(problem, number, left))


def fewest(problem: Scored, number: int, left: list[int]) -> Key:
    """Ask whoever can give the most of what is still needed; of those, the cheapest."""
    return (-_given(problem, number, left), problem.fixed[number])


def cheapest(problem: Scored, number: int, left: list[int]) -> Key:
    """Ask whoever is cheapest per unit that it gives, the parcel's cost shared among them."""
    given = _given(problem, number, left)
    units = sum(
        min(caps[number], needed) * unit[number]
        for caps, unit, needed in zip(problem.caps, problem.unit, left, strict=True)
    )
    return ((problem.fixed[number] + units) * 1_000_000 // max(1, given),)


def _given(problem: Scored, number: int, left: list[int]) -> int:
    return sum(min(caps[number], needed) for caps, needed in zip(problem.caps, left, strict=True))


STRATEGIES: Final[Mapping[str, Strategy]] = MappingProxyType(
    {
        "nearest": nearest,
        "priority": priority,
        "balance": balance,
        "overstock": overstock,
        "fewest": fewest,
        "cheapest": cheapest,
    }
)
FIXED: Final = frozenset({"nearest", "priority"})
"""Strategies whose order does not change while units are given."""


def greedy(filling: Filling, strategy: str, limit: int) -> Shared:
    """Ask one location after the other until nothing is needed, or nobody has any of it, or the limit is reached.

    Those that must be used are asked first. Where a parcel would be worth too little, whoever sends the least worth is
    left out, and the others are asked for it once more; what they don't have is short.
    """
    asked = _asked(filling.problem, strategy, limit, sorted(filling.must))
    while True:
        shared = given_in_turn(filling.problem, asked, filling.must)
        worth, used = filling.worth_of(shared), {number for given in shared for number, _ in given}
        asked = tuple(number for number in asked if number in used)
        floors = filling.floors(asked)
        poor = [number for number, least in floors.worth.items() if worth[number] < least]
        if not poor and filling.must <= used:
            return shared
        out = min(poor, key=lambda number: (worth[number], number), default=None)
        if out is None or out in filling.must:
            return [[] for _ in shared]
        asked = tuple(number for number in asked if number != out)


def _asked(problem: Scored, strategy: str, limit: int, first: Sequence[int]) -> tuple[int, ...]:
    key = STRATEGIES[strategy]
    left = list(problem.needed)
    asked: list[int] = []
    ahead = sorted(range(len(problem.sites)), key=lambda one: (key(problem, one, left), problem.sites[one].location))
    while (any(left) or len(asked) < len(first)) and ahead and len(asked) < limit:
        if strategy not in FIXED:
            ahead.sort(key=lambda one: (key(problem, one, left), problem.sites[one].location))
        number = first[len(asked)] if len(asked) < len(first) else ahead[0]
        ahead.remove(number)
        if number in first or _given(problem, number, left):
            asked.append(number)
            left = [max(0, needed - caps[number]) for needed, caps in zip(left, problem.caps, strict=True)]
    return tuple(asked)


def given_in_turn(problem: Scored, asked: tuple[int, ...], must: Collection[int] = ()) -> Shared:
    """Say which location gives how many of each item when each gives all it can in turn; who must, gives one first."""
    left = list(problem.needed)
    ahead: list[dict[int, int]] = [{} for _ in left]
    for number in (one for one in asked if one in must):
        item = next((item for item, caps in enumerate(problem.caps) if caps[number] and left[item]), None)
        if item is not None:
            ahead[item][number] = 1
            left[item] -= 1
    for item, caps in enumerate(problem.caps):
        for number in asked:
            taken = min(caps[number] - ahead[item].get(number, 0), left[item])
            if taken > 0:
                ahead[item][number] = ahead[item].get(number, 0) + taken
                left[item] -= taken
    return [list(given.items()) for given in ahead]
