"""What a decision would shift of an article, and whether anybody else would be worse off for it.

No command promises what is not there: no place and no pool goes further below zero by it, and nobody else loses units
that were there for them. While everybody's units are there nobody can lose any, so most decisions look at sums only.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from attrs import Factory, define, evolve, frozen

from omo_core.identifiers import LocationId
from omo_core.stock.claims import Waiting, held_claim, order_claim, place_claims, pool_claims
from omo_core.stock.events import UnitsHeld
from omo_core.stock.places import Promise
from omo_core.stock.pooling import shelves
from omo_core.stock.refusals import NotEnoughUnits, PromisedToOthers, Short
from omo_core.stock.rules import StockRules
from omo_core.stock.sequence import Served, in_sequence, served_of
from omo_core.stock.standing import Standing

Spot = tuple[LocationId | None, str]
"""A place; or, where no place is named, the pool of a channel."""
Hindrance = NotEnoughUnits | PromisedToOthers


@define
class Shift:
    """Where units of one owner lie, and where they would lie: in places, and in the pools of channels."""

    owner: str
    channel: str = ""
    had: dict[Spot, int] = Factory(dict)
    asked: dict[Spot, int] = Factory(dict)
    since: datetime | None = None
    """Since when the owner stands in line; without it, the owner comes last."""
    ahead: int = 0
    """How far the pool may go below zero, by the shop's rules for backorders."""
    safety: bool = True
    """Safety stock stays where it is; a hold that goes on may keep what it has of it."""
    lines: tuple[Promise, ...] = ()
    """The order lines whose units they are."""

    def take(self, location: LocationId | None, units: int) -> None:
        """Note that so much lies there now."""
        self._add(self.had, location, units)

    def give(self, location: LocationId | None, units: int) -> None:
        """Note that so much would lie there."""
        self._add(self.asked, location, units)

    def in_scene(self, then: Standing) -> Shift:
        """Give the same shift from where the units lay at another instant: to where all of them are to be."""
        if not self.lines:
            return self
        other = evolve(self, had={}, asked=dict(self.asked), lines=())
        for line in self.lines:
            lay = then.promises.get((line.order, line.line))
            for share in lay.shares if lay is not None else ():
                other.take(share.location, share.units)
            for share in line.shares:
                if share.picking:
                    other.give(share.location, share.units)
        return other

    def _add(self, sums: dict[Spot, int], location: LocationId | None, units: int) -> None:
        spot = location, self.channel if location is None else ""
        sums[spot] = sums.get(spot, 0) + units

    @property
    def free(self) -> dict[LocationId, int]:
        """Say how much more would be free in each place."""
        places = dict.fromkeys(place for place, _ in (*self.had, *self.asked) if place is not None)
        return {place: self.had.get((place, ""), 0) - self.asked.get((place, ""), 0) for place in places}

    @property
    def owed(self) -> dict[str, int]:
        """Say how much more each channel would owe."""
        channels = dict.fromkeys(channel for place, channel in (*self.had, *self.asked) if place is None)
        return {channel: self.asked.get((None, channel), 0) - self.had.get((None, channel), 0) for channel in channels}


def shift_of(promises: Iterable[Promise], order: str) -> Shift:
    """Start a shift of what an order's lines wait for, but for what is being picked: it stays where it is."""
    lines = tuple(promises)
    shift = Shift(order_claim(order), lines[0].channel if lines else "", lines=lines)
    for promise in lines:
        shift.since = promise.at if shift.since is None else min(shift.since, promise.at)
        for share in promise.shares:
            if not share.picking:
                shift.take(share.location, share.units)
    return shift


def refuse_shift(
    positions: Standing, rules: StockRules, at: datetime, shift: Shift, then: Standing | None = None
) -> Hindrance | None:
    """Say why a shift may not be; nothing when nobody minds.

    It is judged on what is known, and on ``then``, what there was at the instant that is asked for.
    """
    scenes = [_Scene(positions, rules, at, shift)]
    if then is not None and then is not positions:
        scenes.append(_Scene(then, rules, at, shift.in_scene(then)))
    shortages = next((short for scene in scenes if (short := (*scene.short_places(), *scene.short_pools()))), ())
    if shortages:
        return NotEnoughUnits(shortages=shortages)
    others = next((losers for scene in scenes if (losers := scene.losers())), ())
    return PromisedToOthers(sku=positions.sku, others=others) if others else None


@frozen
class _Scene:
    """What a shift is judged on."""

    positions: Standing
    rules: StockRules
    at: datetime
    shift: Shift

    def short_places(self) -> tuple[Short, ...]:
        """Name the places that would give more than they have; safety stock stays, and what lies there already may."""
        short = []
        for (location, _), asked in self.shift.asked.items():
            had = self.shift.had.get((location, ""), 0)
            if location is None or asked <= had:
                continue
            free = self.positions.free_raw(location, self.at)
            if self.shift.safety and self.rules.safety and free > 0:
                free -= min(free, self.rules.kept_in(location, self.positions.sku, self.at, self.shift.channel))
            if asked - had > max(0, free):
                short.append(Short(sku=self.positions.sku, location=location, asked=asked, free=max(0, free + had)))
        return tuple(short)

    def short_pools(self) -> tuple[Short, ...]:
        """Name the pools, if one would go further below zero than it is."""
        floor = -self.shift.ahead
        lack = max((min(0, floor, before) - after for before, after in self._pools()), default=0)
        if lack <= 0:
            return ()
        asked = sum(self.shift.asked.values())
        return (Short(sku=self.positions.sku, location=None, asked=asked, free=max(0, asked - lack)),)

    def losers(self) -> tuple[str, ...]:
        """Name those for whom units are there in a pool now, and would not be any more."""
        if all(after >= 0 for _, after in self._pools()):
            return ()
        free, places = self.shift.free, dict.fromkeys((*self.positions.locations(), *self.shift.free))
        raw = {place: self.positions.free_raw(place, self.at) for place in places}
        claims = list(pool_claims(self.positions, self.rules, self.at))
        before = self._served(claims, raw)
        after = self._served(self._shifted(claims), {place: raw[place] + free.get(place, 0) for place in places})
        return _worse(before, after, self.shift.owner)

    def _served(self, claims: list[tuple[Waiting, str]], raw: dict[LocationId, int]) -> tuple[Served, ...]:
        return served_of(self.positions, self.rules, self.at, claims, raw)

    def _shifted(self, claims: list[tuple[Waiting, str]]) -> list[tuple[Waiting, str]]:
        """Give the claims on pools as they would be."""
        shift, owed = self.shift, self.shift.owed
        others = [pair for pair in claims if pair[0].owner != shift.owner]
        for one, channel in claims:
            if one.owner == shift.owner:
                owed[channel] = owed.get(channel, 0) + one.units
        last = max((one.at for one, _ in claims), default=self.at)
        mine = Waiting(
            name=f"\uffff{shift.owner}",  # behind whoever has waited just as long
            owner=shift.owner,
            units=0,
            at=max(last, self.at) if shift.since is None else shift.since,
            priority=self.rules.priority_of(shift.channel),
        )
        return [*others, *((evolve(mine, units=units), channel) for channel, units in owed.items() if units > 0)]

    def _pools(self) -> list[tuple[int, int]]:
        """Give for each pool what is free in it before and after."""
        positions, rules, at = self.positions, self.rules, self.at
        free, owed = self.shift.free, self.shift.owed
        if rules.pools:
            before, _ = shelves(positions, rules, at, changed=dict.fromkeys(free, 0), owing=dict.fromkeys(owed, 0))
            after, _ = shelves(positions, rules, at, changed=free, owing=owed)
            return [(before.room_in(pool), after.room_in(pool)) for pool in after.owed]
        pool = dict.fromkeys((*rules.pool_of(positions), *(() if rules.pool else free)))
        now = positions.pool_raw(pool, at)
        then = now - sum(owed.values())
        for place in pool:
            if free.get(place):
                raw = positions.free_raw(place, at)
                then += max(0, raw + free[place]) - max(0, raw)
        return [(now, then)]


def losers_by_claims(
    positions: Standing, rules: StockRules, at: datetime, owner: str, parts: Iterable[UnitsHeld]
) -> tuple[str, ...]:
    """Name those who would lose units in a pool if a hold stood in line as it is now, and not as it was."""
    claims = list(pool_claims(positions, rules, at))
    raw = {place: positions.free_raw(place, at) for place in positions.locations()}
    made = [(held_claim(part, rules), part.channel) for part in parts]
    others = [pair for pair in claims if pair[0].owner != owner]
    before = served_of(positions, rules, at, claims, raw)
    return _worse(before, served_of(positions, rules, at, [*others, *made], raw), owner)


def _worse(before: Iterable[Served], after: Iterable[Served], owner: str) -> tuple[str, ...]:
    """Name those who had units and would have fewer, but for the owner."""
    left: dict[str, int] = {}
    for one in after:
        left[one.name] = left.get(one.name, 0) + one.now
    had: dict[str, int] = {}
    for one in before:
        if one.owner != owner:
            had[one.name] = had.get(one.name, 0) + one.now
    return tuple(name for name, units in had.items() if left.get(name, 0) < units)


def losers_at(
    positions: Standing, rules: StockRules, location: LocationId, at: datetime, owner: str, leaving: int
) -> tuple[str, ...]:
    """Name those who would lose units in a place if so many of the owner's left it; none leave when picking starts.

    What is being picked comes first, for somebody has it in hand: so picking may take somebody's turn as well.
    """
    if positions.free_raw(location, at) >= 0:
        return ()
    claims = list(place_claims(positions, rules, location, at))
    there = positions.on_hand(location) - positions.unavailable(location) - positions.expired(location, at)
    others = [one for one in claims if one.owner != owner]
    left = sum(one.units for one in claims if one.owner == owner) - leaving
    mine = [evolve(one, picking=True) for one in claims if one.owner == owner] if not leaving else []
    if leaving and left > 0:
        mine = [evolve(next(one for one in claims if one.owner == owner), units=left)]
    return _worse(in_sequence(there, claims), in_sequence(there - leaving, [*others, *mine]), owner)
