"""Where stock should rather lie: surplus against need, lane by lane. A proposal moves nothing; a command does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from attrs import field, frozen

from omo_core.decisions import require
from omo_core.identifiers import LocationId, RequestId, Sku
from omo_core.instants import FOREVER
from omo_core.quantities import UNITS_MAX, text, whole
from omo_core.stock.commands import OrderTransfer, Wanted
from omo_core.stock.transferring import TransferId


@frozen(kw_only=True)
class Level:
    """One article in one location: what it has, and what it needs for so many days."""

    location: LocationId
    free: int
    inbound: int = 0
    """On its way there."""
    sells: int = 0
    """Units a day, in thousandths."""
    cover_days: int = 0
    """For how many days it should have enough."""
    display_min: int = 0
    """What must lie there for the shelf to look right, whatever sells."""

    def check(self) -> None:
        """Raise ``Malformed`` when the level can't mean anything."""
        text(self.location, "location")
        for path in ("free", "inbound", "sells", "cover_days", "display_min"):
            whole(getattr(self, path), path, low=0, high=UNITS_MAX)

    @property
    def target(self) -> int:
        """Give what should lie there."""
        return max(self.display_min, -(-self.sells * self.cover_days // 1_000))

    @property
    def surplus(self) -> int:
        """Give what it can spare; what is still on its way there is not counted on."""
        return max(0, self.free - self.target)

    @property
    def need(self) -> int:
        """Give what it lacks."""
        return max(0, self.target - self.free - self.inbound)


@frozen(kw_only=True)
class Lane:
    """A way from one location to another, and what a unit costs on it."""

    origin: LocationId
    destination: LocationId
    unit_cost: int
    minimum: int = 1
    """It is not worth starting for fewer units."""
    most: int = UNITS_MAX

    def check(self) -> None:
        """Raise ``Malformed`` when the lane can't mean anything."""
        text(self.origin, "origin")
        text(self.destination, "destination")
        require(self.origin != self.destination, "destination", "is where the goods are already")
        whole(self.unit_cost, "unit_cost", low=0, high=10**12)
        whole(self.minimum, "minimum", low=1, high=UNITS_MAX)
        whole(self.most, "most", low=self.minimum, high=UNITS_MAX)


@frozen(kw_only=True)
class Imbalance:
    """One article, where it lies, the lanes that it may take, and what a unit that stays missing costs."""

    sku: Sku
    levels: tuple[Level, ...]
    lanes: tuple[Lane, ...]
    missing_cost: int


@frozen(kw_only=True)
class Move:
    """Units that should go from one location to another."""

    origin: LocationId
    destination: LocationId
    units: int


@frozen(kw_only=True)
class Balance:
    """A proposal for one article."""

    sku: Sku
    moves: tuple[Move, ...]
    missing: int
    """Units that some location will still lack."""
    cost: int
    """Lanes, and what stays missing."""
    bound: int
    """No proposal can cost less."""
    method: str = field(default="greedy")


def cost_of_moves(problem: Imbalance, moves: Iterable[Move]) -> tuple[int, int]:
    """Give what a set of moves costs in all, and the units that stay missing."""
    costs = {(lane.origin, lane.destination): lane.unit_cost for lane in problem.lanes}
    came: dict[LocationId, int] = {}
    total = 0
    for move in moves:
        total += move.units * costs[move.origin, move.destination]
        came[move.destination] = came.get(move.destination, 0) + move.units
        came[move.origin] = came.get(move.origin, 0) - move.units
    missing = sum(max(0, level.need - max(0, came.get(level.location, 0))) for level in problem.levels)
    return total + missing * problem.missing_cost, missing


def balance_greedily(problem: Imbalance) -> Balance:
    """Use the cheapest lane first, as far as it goes; ties by origin, then destination."""
    spare = {level.location: level.surplus for level in problem.levels}
    lack = {level.location: level.need for level in problem.levels}
    moves = []
    for lane in sorted(problem.lanes, key=lambda lane: (lane.unit_cost, lane.origin, lane.destination)):
        units = min(spare.get(lane.origin, 0), lack.get(lane.destination, 0), lane.most)
        if units >= lane.minimum and lane.unit_cost < problem.missing_cost:
            moves.append(Move(origin=lane.origin, destination=lane.destination, units=units))
            spare[lane.origin] -= units
            lack[lane.destination] -= units
    cost, missing = cost_of_moves(problem, moves)
    return Balance(sku=problem.sku, moves=tuple(moves), missing=missing, cost=cost, bound=0)


def faults(problem: Imbalance, moves: Sequence[Move]) -> tuple[str, ...]:
    """Name what a proposal breaks: a lane that is not there, too little or too much on it, more than can be spared."""
    lanes = {(lane.origin, lane.destination): lane for lane in problem.lanes}
    left = {level.location: level.surplus for level in problem.levels}
    found = []
    for move in moves:
        lane = lanes.get((move.origin, move.destination))
        if lane is None:
            found.append(f"no lane leads from {move.origin} to {move.destination}")
        elif not lane.minimum <= move.units <= lane.most:
            found.append(f"{move.units} units from {move.origin} to {move.destination} are too few or too many")
        left[move.origin] = left.get(move.origin, 0) - move.units
        left[move.destination] = left.get(move.destination, 0) + move.units
    return (*found, *(f"{place} can't spare so much" for place, units in sorted(left.items()) if units < 0))


def as_commands(
    balances: Iterable[Balance], request: str, at: datetime, *, actor: str = "", due_at: datetime = FOREVER
) -> tuple[OrderTransfer, ...]:
    """Turn proposals into the commands that would carry them out: one transfer per lane, all articles together."""
    lanes: dict[tuple[LocationId, LocationId], list[Wanted]] = {}
    for balance in balances:
        for move in balance.moves:
            lanes.setdefault((move.origin, move.destination), []).append(Wanted(sku=balance.sku, units=move.units))
    return tuple(
        OrderTransfer(
            request=RequestId(f"{request}/{origin}/{destination}"),
            at=at,
            actor=actor,
            transfer=TransferId(f"{request}/{origin}/{destination}"),
            origin=origin,
            destination=destination,
            lines=tuple(lines),
            due_at=due_at,
        )
        for (origin, destination), lines in sorted(lanes.items())
    )
