"""An article's card: what lies where and who waits for it, as data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from attrs import frozen

from omo_adapters.cli.session import Session
from omo_core.identifiers import LocationId, Sku
from omo_core.instants import FOREVER
from omo_core.stock import AllocationMove, AtRisk, Misfit, Movement, Positions, at_risk, free_for, kits_in
from omo_core.stock.sourcing import confidence_of


@frozen(kw_only=True)
class LotView:
    """Units of one lot."""

    lot: str
    units: int
    expires_at: datetime | None


@frozen(kw_only=True)
class PlaceView:
    """An article in one location: on hand, less all that is spoken for, is free."""

    location: LocationId
    name: str
    in_pool: bool
    on_hand: int
    set_aside: dict[str, int]
    expired: int
    """Of lots that may not be sold any more."""
    allocated: int
    held: int
    leaving: int
    """Promised to other locations, and not sent yet."""
    free: int
    """What can be promised, never below zero."""
    free_raw: int
    """Negative when more is promised or sold than is there."""
    in_transit: int
    """Left another location for this one, and not arrived."""
    expected: int
    """What deliveries still bring."""
    trusted: int
    """How far the record can be trusted, per thousand, learned from counts and picks."""
    lots: tuple[LotView, ...]


@frozen(kw_only=True)
class DeliveryView:
    """What is still to come: from a supplier, or from another location."""

    document: str
    origin: LocationId | None
    destination: LocationId
    units: int
    due_at: datetime | None
    ordered: int = 0
    """Of a transfer: still to leave."""
    discrepancy: int = 0
    """Of a transfer that is over: what arrived beyond what left; negative when units were lost."""


@frozen(kw_only=True)
class ChannelView:
    """What a channel may promise."""

    channel: str
    pool: tuple[LocationId, ...]
    free: int


@frozen(kw_only=True)
class StockCard:
    """An article in all locations."""

    sku: Sku
    as_of: datetime
    places: tuple[PlaceView, ...]
    pool_free: int
    """What the web may promise: each location's free units, less what pools owe and hold, and what is kept back."""
    pool_allocated: int
    pool_held: int
    channels: tuple[ChannelView, ...]
    """Those that have a pool, a buffer or backorders of their own."""
    deliveries: tuple[DeliveryView, ...]
    at_risk: tuple[AtRisk, ...]
    kits: int | None = None
    """Of a kit: how many its parts make; it has no stock of its own."""
    ledger: tuple[Movement, ...] = ()
    """Every movement, with ``--why``."""
    allocations: tuple[AllocationMove, ...] = ()
    """What each allocation got and gave up, with ``--why``."""
    misfits: tuple[Misfit, ...] = ()
    """What facts say beyond what could be booked of them, with ``--why``."""


def stock_card(
    session: Session,
    positions: Positions,
    at: datetime,
    ledger: tuple[Movement, ...] = (),
    book: tuple[AllocationMove, ...] = (),
    misfits: tuple[Misfit, ...] = (),
) -> StockCard:
    """Put an article's card together."""
    rules = session.settings.rules.stock
    pool = rules.pool_of(positions)
    locations = positions.locations()
    return StockCard(
        sku=positions.sku,
        as_of=at,
        places=tuple(_place(session, positions, location, at, location in pool) for location in locations),
        pool_free=free_for(positions, rules, None, at),
        pool_allocated=positions.allocated(None),
        pool_held=positions.held(None, at),
        channels=tuple(_channels(session, positions, at)),
        deliveries=tuple(sorted(_deliveries(positions), key=lambda one: (one.due_at or FOREVER, one.document))),
        at_risk=at_risk(positions, rules, at),
        kits=_kits(session, positions.sku, at),
        ledger=ledger,
        allocations=book,
        misfits=misfits,
    )


def _place(session: Session, positions: Positions, location: LocationId, at: datetime, in_pool: bool) -> PlaceView:
    kept = positions.places.get(location)
    lots = sorted(kept.lots.values(), key=lambda lot: (lot.expires_at, lot.in_at, lot.lot)) if kept else []
    return PlaceView(
        location=location,
        name=session.settings.location_name(location),
        in_pool=in_pool,
        on_hand=positions.on_hand(location),
        set_aside={reason: units for reason, units in sorted(kept.set_aside.items()) if units} if kept else {},
        expired=positions.expired(location, at),
        allocated=positions.allocated(location),
        held=positions.held(location, at),
        leaving=positions.leaving(location),
        free=positions.free(location, at),
        free_raw=positions.free_raw(location, at),
        in_transit=positions.in_transit(location),
        expected=sum(one.units for one in positions.incoming.values() if one.location == location),
        trusted=confidence_of(positions, location),
        lots=tuple(LotView(lot=lot.lot, units=lot.units, expires_at=_dated(lot.expires_at)) for lot in lots),
    )


def _dated(at: datetime) -> datetime | None:
    return None if at == FOREVER else at


def _channels(session: Session, positions: Positions, at: datetime) -> Iterator[ChannelView]:
    rules = session.settings.rules.stock
    named = [*rules.pools, *(rule.channel for rule in (*rules.buffers, *rules.safety, *rules.backorders))]
    for channel in dict.fromkeys(name for name in named if name):
        free = free_for(positions, rules, None, at, channel=channel)
        yield ChannelView(channel=channel, pool=rules.pool_of(positions, channel), free=free)


def _deliveries(positions: Positions) -> Iterator[DeliveryView]:
    for one in positions.incoming.values():
        due = _dated(one.due_at)
        yield DeliveryView(document=one.document, origin=None, destination=one.location, units=one.units, due_at=due)
    for transfer in positions.transfers.values():
        yield DeliveryView(
            document=transfer.transfer,
            origin=transfer.origin,
            destination=transfer.destination,
            units=transfer.in_transit,
            due_at=_dated(transfer.due_at),
            ordered=transfer.ordered,
            discrepancy=transfer.discrepancy,
        )


def _kits(session: Session, sku: Sku, at: datetime) -> int | None:
    rules = session.settings.rules.stock
    parts = rules.opened_kits.get(sku)
    if parts is None:
        return None
    return kits_in(parts, {part.sku: free_for(session.shop.stock(part.sku), rules, None, at) for part in parts})
