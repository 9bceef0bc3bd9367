"""Answers to commands about stock. The demand of one command is summed per article before anything is checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from attrs import evolve

from omo_core.decisions import Accepted, Refused
from omo_core.identifiers import EventId, Sku
from omo_core.stock.claims import hold_claim, pool_claims
from omo_core.stock.commands import HoldUnits, OrderTransfer, ReleaseHold, RenewHold, Wanted
from omo_core.stock.events import UnitsHeld
from omo_core.stock.kits import NO_KITS, Kits, counted
from omo_core.stock.pooling import free_for, pool_raw
from omo_core.stock.refusals import (
    HoldExists,
    HoldUnknown,
    NotEnoughUnits,
    PromisedToOthers,
    Short,
    StockRefusal,
    TransferExists,
)
from omo_core.stock.rules import StockRules
from omo_core.stock.shifting import Hindrance, Shift, losers_by_claims, refuse_shift
from omo_core.stock.standing import Standing
from omo_core.stock.transferring import TransferOrdered

Answer = Accepted | Refused[StockRefusal]


def demand(lines: Iterable[Wanted], kits: Kits | None = None) -> dict[Sku, int]:
    """Sum what is wanted per article, in the order first asked; a kit wants its parts."""
    total: dict[Sku, int] = {}
    for line in lines:
        parts = kits.get(line.sku, ()) if kits else ()
        for sku, units in [(part.sku, part.units) for part in parts] or [(line.sku, 1)]:
            total[sku] = total.get(sku, 0) + line.units * units
    return total


def decide_hold(
    stock: Mapping[Sku, Standing],
    rules: StockRules,
    command: HoldUnits,
    *,
    then: Mapping[Sku, Standing] | None = None,
) -> Answer:
    """Hold all that was asked for, or nothing.

    ``then`` is the stock as of the command's instant, where something dated later may have brought goods.
    """
    wanted = demand(command.lines, rules.opened_kits)
    held = {sku: stock[sku].holds.live(command.hold, command.at) for sku in wanted}
    if any(held.values()) and not command.instead:
        return Refused(HoldExists(hold=command.hold))
    short = [
        Short(sku=sku, location=command.location, asked=asked, free=free)
        for sku, asked in wanted.items()
        if (free := _free(stock[sku], (then or stock)[sku], rules, command)) < asked
    ]
    if short:
        return Refused(NotEnoughUnits(shortages=tuple(short)))
    made = {sku: _made(stock[sku], rules, command, units, held[sku]) for sku, units in wanted.items()}
    for sku, parts in made.items():
        hindrance = _taken_ahead(stock[sku], rules, command, parts) or _hindered_later(
            stock[sku], rules, command.at, held[sku], parts, (then or stock)[sku]
        )
        if hindrance is not None:
            return Refused(hindrance)
    ended = (part.ended(command.at) for parts in held.values() for part in parts)
    return Accepted((*(part for parts in made.values() for part in parts), *ended))


def _free(positions: Standing, then: Standing, rules: StockRules, command: HoldUnits) -> int:
    """Give what a hold may hold; what it holds already it may go on holding, where it does."""
    channel, at, own = command.channel, command.at, command.hold
    if command.ahead:
        known = (positions, then)
        free = min(
            pool_raw(each, rules, at, channel=channel, own=own) + rules.ahead(each, channel, at) for each in known
        )
    else:
        free = free_for(positions, rules, command.location, at, own=own, channel=channel, then=then)
    return max(0, free, _held_there(positions, command))


def _held_there(positions: Standing, command: HoldUnits) -> int:
    """Give what a hold has already where it is asked for."""
    there = (command.location, "" if command.location is not None else command.channel)
    live = positions.holds.live(command.hold, command.at)
    return sum(part.units for part in live if (part.location, part.channel) == there)


def _made(
    positions: Standing, rules: StockRules, command: HoldUnits, units: int, before: Sequence[UnitsHeld]
) -> tuple[UnitsHeld, ...]:
    """Make a hold. One that is changed keeps its place in line; what is promised ahead stands behind all others."""
    made = UnitsHeld(
        id=EventId(f"hold/{command.request}/{positions.sku}"),  # a hold that has ended may be made again by its name
        at=command.at,
        source="omo",
        hold=command.hold,
        sku=positions.sku,
        units=units,
        location=command.location,
        until=command.until,
        channel="" if command.location is not None else command.channel,
        since=min((part.stands_since for part in before), default=None),
        ahead=command.ahead,
    )
    had = _held_there(positions, command)
    if not command.ahead or units <= had:
        return (made,)
    last = max((one.at for one, _ in pool_claims(positions, rules, command.at)), default=command.at)
    more = evolve(made, units=units - had, since=last if last > command.at else None)
    return (evolve(made, units=had), evolve(more, id=EventId(f"{made.id}/more"))) if had else (more,)


def decide_renew(
    stock: Mapping[Sku, Standing],
    rules: StockRules,
    command: RenewHold,
    *,
    then: Mapping[Sku, Standing] | None = None,
) -> Answer:
    """Let all parts of a hold that lives end at the new instant; one that has ended must be made anew.

    Its units must still be there for it when it would have ended: meanwhile somebody may have been promised them from
    then on, or they may have gone.
    """
    skus = counted(command.skus, rules.opened_kits)
    held = {sku: stock[sku].holds.live(command.hold, command.at) for sku in skus}
    if not all(held.values()):
        return Refused(HoldUnknown(hold=command.hold))
    renewed = {sku: _until(parts, command.until) for sku, parts in held.items()}
    for sku, parts in held.items():
        hindrance = _hindered_later(stock[sku], rules, command.at, parts, renewed[sku], (then or stock)[sku])
        if hindrance is not None:
            return Refused(hindrance)
    return Accepted(tuple(part for parts in renewed.values() for part in parts))


def _taken_ahead(
    positions: Standing, rules: StockRules, command: HoldUnits, made: Sequence[UnitsHeld]
) -> PromisedToOthers | None:
    """Say who would lose units to a hold that reaches ahead: a channel that is served first may not push others out."""
    if not command.ahead:
        return None
    others = losers_by_claims(positions, rules, command.at, hold_claim(command.hold), made)
    return PromisedToOthers(sku=positions.sku, others=others) if others else None


def _until(parts: Iterable[UnitsHeld], until: datetime) -> tuple[UnitsHeld, ...]:
    return tuple(evolve(part, version=part.version + 1, until=until) for part in parts)


def _hindered_later(
    positions: Standing,
    rules: StockRules,
    at: datetime,
    before: Sequence[UnitsHeld],
    after: Sequence[UnitsHeld],
    then: Standing,
) -> Hindrance | None:
    """Say why a hold may not go on as it is to be, at any of the instants at which parts of it would have ended."""
    until = max(part.until for part in after)
    for end in sorted({part.until for part in before if part.until < until}):
        shift = Shift(hold_claim(after[0].hold), safety=False)
        shift.since = min(part.stands_since for part in after)
        for part in before:
            if part.until > end:
                shift.channel = part.channel
                shift.take(part.location, part.units)
        for part in after:
            shift.channel = part.channel
            shift.give(part.location, part.units)
            shift.ahead = rules.ahead(positions, part.channel, at) if part.ahead else shift.ahead
        hindrance = refuse_shift(positions, rules, end, shift, then)
        if hindrance is not None:
            return hindrance
    return None


def decide_release(stock: Mapping[Sku, Standing], command: ReleaseHold, kits: Kits = NO_KITS) -> Answer:
    """End a hold that is alive, wherever it holds the articles; all of them or none. A kit is held as its parts."""
    held = [stock[sku].holds.live(command.hold, command.at) for sku in counted(command.skus, kits)]
    if not all(held):
        return Refused(HoldUnknown(hold=command.hold))
    return Accepted(tuple(part.ended(command.at) for parts in held for part in parts))


def decide_order_transfer(
    stock: Mapping[Sku, Standing],
    rules: StockRules,
    command: OrderTransfer,
    *,
    then: Mapping[Sku, Standing] | None = None,
    known: bool = False,
) -> Answer:
    """Promise units of one location to another, if they are free there and the pool can spare them.

    ``known`` when anything was ever heard of a transfer by that name, of whatever article: its name is taken for ever.
    """
    wanted = demand(command.lines, rules.opened_kits)
    if known:
        return Refused(TransferExists(transfer=command.transfer))
    short = [
        Short(sku=sku, location=command.origin, asked=asked, free=free)
        for sku, asked in wanted.items()
        if (free := free_for(stock[sku], rules, command.origin, command.at, then=(then or stock)[sku])) < asked
    ]
    if short:
        return Refused(NotEnoughUnits(shortages=tuple(short)))
    return Accepted(tuple(_ordered(command, sku, units) for sku, units in wanted.items()))


def _ordered(command: OrderTransfer, sku: Sku, units: int) -> TransferOrdered:
    return TransferOrdered(
        id=EventId(f"transfer/{command.transfer}/{sku}"),
        at=command.at,
        source="omo",
        transfer=command.transfer,
        sku=sku,
        units=units,
        origin=command.origin,
        destination=command.destination,
        due_at=command.due_at,
    )
