"""What a commitment of an order's units must read of the slots in which its parcels are packed."""

from __future__ import annotations

from omo_adapters.desk import Desk
from omo_core.decisions import Command
from omo_core.identifiers import HoldId, LocationId, OrderId, Sku
from omo_core.stock.capacity import Docket
from omo_core.trade import Sale


def docket_of(
    desk: Desk,
    command: Command,
    order: OrderId,
    locations: tuple[LocationId, ...],
    moved: frozenset[tuple[str, Sku]],
    *,
    slot: str = "",
    hold: HoldId | None = None,
) -> Docket | None:
    """Read what the locations of a commitment can pack; nothing where no location has a limit.

    ``moved`` are the lines of the order that it shares out anew.
    """
    rules = desk.rules.stock
    if not rules.capacities:
        return None
    sale = desk.order(order).sale
    names = frozenset((order,) if sale is None else (sale.order, *sale.also))
    spots = [(location, slot or rules.day_of(command.at)) for location in locations]
    spots += [one.spot for one in desk.places_of(order) if not one.released]
    return Docket(
        rules=rules,
        slots={spot: desk.slot(*spot) for spot in dict.fromkeys(spots)},
        orders=names,
        order=order if sale is None else sale.order,
        request=command.request,
        at=command.at,
        slot=slot,
        hold=hold,
        stays=_untouched(desk, sale, moved),
        collected_at=_counter(sale),
    )


def _untouched(desk: Desk, sale: Sale | None, moved: frozenset[tuple[str, Sku]]) -> frozenset[LocationId]:
    """Name the locations from which an order gets units that are not shared out anew."""
    skus = (
        dict.fromkeys(sku for line in sale.lines if line.moves_stock for sku in line.skus) if sale is not None else {}
    )
    return frozenset(
        share.location
        for sku in skus
        for promise in desk.article(sku).promises_of(sale.order if sale is not None else OrderId(""))
        for share in promise.shares
        if share.location is not None and (share.picking or (promise.line, sku) not in moved)
    )


def _counter(sale: Sale | None) -> LocationId | None:
    """Name the store at which an order is collected, if it is."""
    lines = sale.lines if sale is not None else ()
    return next((line.location for line in lines if line.handing == "pickup" and line.location is not None), None)
