"""Strategies for what may be asked of stock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from omo_adapters.testing.strategies.goods import ALLOCATIONS, DAYS_OF_WORK, LANES, TRANSFERS
from omo_adapters.testing.strategies.world import (
    HOLDS,
    LINES,
    ORDERS,
    SKUS,
    instants,
    maybe,
    places,
    requests,
)
from omo_core.decisions import Command
from omo_core.identifiers import LocationId
from omo_core.stock import (
    AllocateLine,
    From,
    HoldSlots,
    HoldUnits,
    InSlot,
    OrderTransfer,
    ReleaseHold,
    ReleaseSlots,
    RenewHold,
    SourcedLine,
    SourceOrder,
    StartPicking,
    Wanted,
)

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


def _wanted() -> SearchStrategy[tuple[Wanted, ...]]:
    line = st.builds(Wanted, sku=st.sampled_from(SKUS), units=st.integers(1, 4))
    return st.lists(line, min_size=1, max_size=3).map(tuple)


def _sourced() -> SearchStrategy[tuple[SourcedLine, ...]]:
    parts = st.lists(places(), max_size=2, unique=True).flatmap(
        lambda chosen: st.tuples(*(st.builds(From, location=st.just(one), units=st.integers(1, 3)) for one in chosen))
    )
    line = st.builds(SourcedLine, line=st.sampled_from(LINES), sku=st.sampled_from(SKUS), parts=parts)
    return st.lists(line, min_size=1, max_size=2, unique_by=lambda one: (one.line, one.sku)).map(tuple)


def _in_slots() -> SearchStrategy[tuple[InSlot, ...]]:
    place = st.builds(InSlot, location=places(), slot=st.sampled_from(DAYS_OF_WORK), parcels=st.integers(1, 2))
    return st.lists(place, min_size=1, max_size=2).map(tuple)


def _hold(at: datetime, minutes: int, location: LocationId | None, ahead: bool, **rest: Any) -> HoldUnits:
    until = at + timedelta(minutes=minutes)
    return HoldUnits(at=at, until=until, location=location, ahead=ahead and location is None, **rest)


def _renewal(at: datetime, minutes: int, **rest: Any) -> RenewHold:
    return RenewHold(at=at, until=at + timedelta(minutes=minutes), **rest)


def stock_commands() -> dict[type[Command], SearchStrategy[Command]]:
    """Give a strategy for each command about stock."""
    return {**_about_holds(), **_about_orders()}


def _about_holds() -> dict[type[Command], SearchStrategy[Command]]:
    common = {"request": requests(), "at": instants(), "hold": st.sampled_from(HOLDS)}
    sku, minutes = st.sampled_from(SKUS), st.integers(1, 60)
    return {
        HoldUnits: st.builds(
            _hold,
            location=maybe(places()),
            ahead=st.sampled_from((False, False, True)),
            minutes=minutes,
            lines=_wanted(),
            channel=st.sampled_from(("", "web")),
            instead=st.booleans(),
            **common,
        ),
        RenewHold: st.builds(_renewal, minutes=minutes, skus=st.lists(sku, min_size=1).map(tuple), **common),
        ReleaseHold: st.builds(ReleaseHold, sku=sku, also=st.lists(sku, max_size=1).map(tuple), **common),
        HoldSlots: st.builds(
            lambda at, minutes, **rest: HoldSlots(at=at, until=at + timedelta(minutes=minutes), **rest),
            minutes=minutes,
            slots=_in_slots(),
            order=maybe(st.sampled_from(ORDERS)),
            **common,
        ),
        ReleaseSlots: st.builds(ReleaseSlots, slots=_in_slots(), **common),
    }


def _about_orders() -> dict[type[Command], SearchStrategy[Command]]:
    common = {"request": requests(), "at": instants()}
    order = st.sampled_from(ORDERS)
    return {
        AllocateLine: st.builds(
            AllocateLine,
            order=order,
            line=st.sampled_from(LINES),
            sku=st.sampled_from(SKUS),
            location=maybe(places()),
            allocation=ALLOCATIONS,
            **common,
        ),
        SourceOrder: st.builds(
            SourceOrder,
            order=order,
            lines=_sourced(),
            slot=st.sampled_from(("", *DAYS_OF_WORK)),
            hold=maybe(st.sampled_from(HOLDS)),
            **common,
        ),
        StartPicking: st.builds(StartPicking, order=order, location=places(), skus=st.just(SKUS), **common),
        OrderTransfer: st.sampled_from(LANES).flatmap(
            lambda ends: st.builds(
                OrderTransfer,
                transfer=st.sampled_from(TRANSFERS),
                origin=st.just(ends[0]),
                destination=st.just(ends[1]),
                lines=_wanted(),
                **common,
            )
        ),
    }
