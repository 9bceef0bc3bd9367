"""Where stock should rather lie: surplus against need, lane by lane. A proposal moves nothing; a command does.

Unless it is asked for, only what lies in a place now is proposed to leave it. Looking ahead, goods may go over a place
in between, or leave where they are still to come: a move that waits for an arrival says so, is not ordered with the
others, and is proposed anew once the goods are there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from attrs import evolve, field, frozen

from omo_core.decisions import require
from omo_core.errors import Malformed
from omo_core.events import check_items
from omo_core.identifiers import LocationId, RequestId, Sku
from omo_core.instants import FOREVER
from omo_core.quantities import UNITS_MAX, flag, text, whole
from omo_core.stock.commands import OrderTransfer, Wanted
from omo_core.stock.transferring import TransferId


@frozen(kw_only=True)
class Level:
    """One article in one location: what it has, and what it needs for so many days."""

    location: LocationId
    free: int
    spare: int | None = None
    """What of it may leave at most, where some is there for others; without it, all that is free."""
    inbound: int = 0
    """On its way there, and ordered to go there."""
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
        if self.spare is not None:
            whole(self.spare, "spare", low=0, high=UNITS_MAX)

    @property
    def target(self) -> int:
        """Give what should lie there."""
        return max(self.display_min, -(-self.sells * self.cover_days // 1_000))

    @property
    def surplus(self) -> int:
        """Give what it can spare now; what is still on its way there is not counted on."""
        over = max(0, self.free - self.target)
        return over if self.spare is None else min(over, self.spare)

    @property
    def surplus_coming(self) -> int:
        """Give what it can spare besides once everything has come that is on its way there."""
        return max(0, min(self.inbound, self.free + self.inbound - self.target))

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
    ahead: bool = False
    """Also what can leave a place only once it has arrived there: from elsewhere, or what is on its way already."""

    def check(self) -> None:
        """Raise ``Malformed`` when the imbalance can't mean anything."""
        text(self.sku, "sku")
        check_items(self.levels, "levels", Level)
        check_items(self.lanes, "lanes", Lane)
        whole(self.missing_cost, "missing_cost", low=0, high=10**12)
        flag(self.ahead, "ahead")
        known = {level.location for level in self.levels}
        require(len(known) == len(self.levels), "levels", "one location stands there twice")
        ways = set()
        for number, lane in enumerate(self.lanes):
            for path, place in (("origin", lane.origin), ("destination", lane.destination)):
                if place not in known:
                    raise Malformed(f"lanes[{number}].{path}", f"{place} is none of the levels' locations")
            ways.add((lane.origin, lane.destination))
        require(len(ways) == len(self.lanes), "lanes", "two lead from one location to the same other")

    def gives(self, level: Level) -> int:
        """Give what a place may spare in all."""
        return level.surplus + (level.surplus_coming if self.ahead else 0)


@frozen(kw_only=True)
class Move:
    """Units that should go from one location to another."""

    origin: LocationId
    destination: LocationId
    units: int
    waits: bool = False
    """They are not there yet: they can leave once other moves, or goods that are on their way, have arrived."""


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
        way = move.origin, move.destination
        require(way in costs, "moves", f"no lane leads from {move.origin} to {move.destination}")
        total += move.units * costs[way]
        came[move.destination] = came.get(move.destination, 0) + move.units
        came[move.origin] = came.get(move.origin, 0) - move.units
    missing = sum(max(0, level.need - max(0, came.get(level.location, 0))) for level in problem.levels)
    return total + missing * problem.missing_cost, missing


def balance_greedily(problem: Imbalance) -> Balance:
    """Use the cheapest lane first, as far as it goes; ties by origin, then destination."""
    problem.check()
    spare = {level.location: level.surplus for level in problem.levels}
    lack = {level.location: level.need for level in problem.levels}
    moves = []
    for lane in sorted(problem.lanes, key=lambda lane: (lane.unit_cost, lane.origin, lane.destination)):
        units = min(spare[lane.origin], lack[lane.destination], lane.most)
        if units >= lane.minimum and lane.unit_cost < problem.missing_cost:
            moves.append(Move(origin=lane.origin, destination=lane.destination, units=units))
            spare[lane.origin] -= units
            lack[lane.destination] -= units
    cost, missing = cost_of_moves(problem, moves)
    return Balance(sku=problem.sku, moves=tuple(moves), missing=missing, cost=cost, bound=0)


def in_order(problem: Imbalance, carried: Mapping[tuple[LocationId, LocationId], int]) -> tuple[Move, ...]:
    """Say which units can leave now, and which wait for an arrival; lanes in order of their ends.

    A lane's units are parted only where both parts are worth starting for.
    """
    ready = {level.location: level.surplus for level in problem.levels}
    least = {(lane.origin, lane.destination): lane.minimum for lane in problem.lanes}
    moves = []
    for (origin, destination), units in sorted(carried.items()):
        now = min(units, ready.get(origin, 0))
        if now < units and not least[origin, destination] <= min(now, units - now):
            now = 0
        ready[origin] = ready.get(origin, 0) - now
        if now:
            moves.append(Move(origin=origin, destination=destination, units=now))
        if units > now:
            moves.append(Move(origin=origin, destination=destination, units=units - now, waits=True))
    return tuple(moves)


def faults(problem: Imbalance, moves: Sequence[Move]) -> tuple[str, ...]:
    """Name what a proposal breaks.

    A lane that is not there, too little or too much on it, more than can be spared, or than can be spared yet, and
    moves that wait for each other.
    """
    left = {level.location: problem.gives(level) for level in problem.levels}
    ready = {level.location: level.surplus for level in problem.levels}
    for move in moves:
        left[move.origin] = left.get(move.origin, 0) - move.units
        left[move.destination] = left.get(move.destination, 0) + move.units
        ready[move.origin] = ready.get(move.origin, 0) - (0 if move.waits else move.units)
    return (
        *_lane_faults(problem, moves),
        *(f"{place} can't spare so much" for place, units in sorted(left.items()) if units < 0),
        *(f"{place} does not have so much yet" for place, units in sorted(ready.items()) if units < 0),
        *(f"what leaves {move.origin} should not wait" for move in moves if move.waits and not problem.ahead),
        *(f"what should leave {place} waits for itself" for place in _stuck(problem, moves)),
    )


def _lane_faults(problem: Imbalance, moves: Sequence[Move]) -> Iterator[str]:
    lanes = {(lane.origin, lane.destination): lane for lane in problem.lanes}
    carried: dict[tuple[LocationId, LocationId], int] = {}
    for move in moves:
        way = move.origin, move.destination
        carried[way] = carried.get(way, 0) + move.units
        if way in lanes and move.units < lanes[way].minimum:
            yield f"{move.units} units from {move.origin} to {move.destination} are too few"
    for way, units in carried.items():
        if way not in lanes:
            yield f"no lane leads from {way[0]} to {way[1]}"
        elif units > lanes[way].most:
            yield f"{units} units from {way[0]} to {way[1]} are too many"


def _stuck(problem: Imbalance, moves: Sequence[Move]) -> tuple[LocationId, ...]:
    """Carry moves out as far as units are there, again and again; name the places where units never come."""
    there = {level.location: problem.gives(level) for level in problem.levels}
    left = [move for move in moves if move.units > 0]
    while left:
        waiting = []
        for move in left:
            units = min(move.units, max(0, there.get(move.origin, 0)))
            there[move.origin] = there.get(move.origin, 0) - units
            there[move.destination] = there.get(move.destination, 0) + units
            if units < move.units:
                waiting.append(evolve(move, units=move.units - units))
        if waiting == left:
            return tuple(sorted({move.origin for move in left}))
        left = waiting
    return ()


def as_commands(
    balances: Iterable[Balance], request: str, at: datetime, *, actor: str = "", due_at: datetime = FOREVER
) -> tuple[OrderTransfer, ...]:
    """Turn proposals into the commands that would carry them out: one transfer per lane, all articles together.

    What waits for an arrival is left out: propose anew once the goods are there.
    """
    lanes: dict[tuple[LocationId, LocationId], dict[Sku, int]] = {}
    for balance in balances:
        for move in balance.moves:
            if not move.waits:
                wanted = lanes.setdefault((move.origin, move.destination), {})
                wanted[balance.sku] = wanted.get(balance.sku, 0) + move.units
    return tuple(
        OrderTransfer(
            request=RequestId(f"{request}/{origin}/{destination}"),
            at=at,
            actor=actor,
            transfer=TransferId(f"{request}/{origin}/{destination}"),
            origin=origin,
            destination=destination,
            lines=tuple(Wanted(sku=sku, units=units) for sku, units in wanted.items()),
            due_at=due_at,
        )
        for (origin, destination), wanted in sorted(lanes.items(), key=lambda lane: lane[0])
    )
