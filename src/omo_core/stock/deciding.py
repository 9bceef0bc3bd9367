"""Answers to commands about stock. The demand of one command is summed per article before anything is checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import evolve

from omo_core.decisions import Accepted, Refused
from omo_core.identifiers import EventId, Sku
from omo_core.stock.commands import HoldUnits, OrderTransfer, ReleaseHold, RenewHold, Wanted
from omo_core.stock.events import UnitsHeld
from omo_core.stock.kits import Kits
from omo_core.stock.pooling import free_for, pool_raw
from omo_core.stock.refusals import HoldExists, HoldUnknown, NotEnoughUnits, Short, StockRefusal, TransferExists
from omo_core.stock.rules import StockRules
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
    if any(stock[sku].holds.live(command.hold, command.at) for sku in wanted):
        return Refused(HoldExists(hold=command.hold))
    short = [
        Short(sku=sku, location=command.location, asked=asked, free=free)
        for sku, asked in wanted.items()
        if (free := _free(stock[sku], (then or stock)[sku], rules, command)) < asked
    ]
    if short:
        return Refused(NotEnoughUnits(shortages=tuple(short)))
    return Accepted(tuple(_held(command, sku, units) for sku, units in wanted.items()))


def _free(positions: Standing, then: Standing, rules: StockRules, command: HoldUnits) -> int:
    if not command.ahead:
        return free_for(positions, rules, command.location, command.at, channel=command.channel, then=then)
    channel, at = command.channel, command.at
    return max(
        0,
        min(pool_raw(each, rules, at, channel=channel) + rules.ahead(each, channel, at) for each in (positions, then)),
    )


def _held(command: HoldUnits, sku: Sku, units: int) -> UnitsHeld:
    return UnitsHeld(
        id=EventId(f"hold/{command.request}/{sku}"),  # a hold that has ended may be made again under its name
        at=command.at,
        source="omo",
        hold=command.hold,
        sku=sku,
        units=units,
        location=command.location,
        until=command.until,
        channel="" if command.location is not None else command.channel,
    )


def decide_renew(stock: Mapping[Sku, Standing], command: RenewHold) -> Answer:
    """Let all parts of a hold that lives end at the new instant; one that has ended must be made anew."""
    held = [stock[sku].holds.live(command.hold, command.at) for sku in dict.fromkeys(command.skus)]
    if not all(held):
        return Refused(HoldUnknown(hold=command.hold))
    return Accepted(
        tuple(evolve(part, version=part.version + 1, until=command.until) for parts in held for part in parts)
    )


def decide_release(positions: Standing, command: ReleaseHold) -> Answer:
    """End a hold that is alive, wherever it holds the article."""
    live = positions.holds.live(command.hold, command.at)
    if not live:
        return Refused(HoldUnknown(hold=command.hold))
    return Accepted(tuple(released(part) for part in live))


def released(held: UnitsHeld) -> UnitsHeld:
    """Give the version of a hold that ends it."""
    return evolve(held, version=held.version + 1, released=True)


def decide_order_transfer(
    stock: Mapping[Sku, Standing],
    rules: StockRules,
    command: OrderTransfer,
    *,
    then: Mapping[Sku, Standing] | None = None,
) -> Answer:
    """Promise units of one location to another, if they are free there and the pool can spare them."""
    wanted = demand(command.lines, rules.opened_kits)
    if any(command.transfer in stock[sku].transfers for sku in wanted):
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
