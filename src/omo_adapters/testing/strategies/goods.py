"""Strategies for what happens to stock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, get_args

from attrs import evolve
from hypothesis import strategies as st

from omo_adapters.testing.strategies.world import (
    HOLDS,
    LINES,
    LOCATIONS,
    ORDERS,
    SKUS,
    document,
    instants,
    maybe,
    places,
    versions,
)
from omo_core.events import Event
from omo_core.instants import FOREVER
from omo_core.stock import (
    AllocationId,
    Part,
    PickedShort,
    PickingStarted,
    SerialsNamed,
    SlotHeld,
    StockCounted,
    StockMoved,
    StockSetAside,
    SupplyExpected,
    TransferId,
    TransferOrdered,
    TransferReceived,
    TransferSent,
    UnitsAllocated,
    UnitsHeld,
)
from omo_core.stock.line_events import Effect

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

TRANSFERS: Final = tuple(map(TransferId, ("t1", "t2")))
DOCUMENTS: Final = ("po1", "po2")
DAYS_OF_WORK: Final = ("2026-01-05", "2026-01-06")
SERIALS: Final = ("n1", "n2", "n3")
LOTS: Final = st.sampled_from(("", "", "A", "B"))
ALLOCATIONS: Final = st.sampled_from(("", "", "a0", "a1", "o1/1"))
"""What parts of lines are called: nothing, as a plan named them, or after their line."""
LANES: Final = (LOCATIONS[:2], LOCATIONS[1:], (LOCATIONS[2], LOCATIONS[0]))


@st.composite
def movements(draw: DrawFn) -> StockMoved:
    """Draw a receipt or a loss, sometimes of a lot, sometimes with serial numbers."""
    units = draw(st.integers(-3, 9))
    return StockMoved(
        id=draw(document("move")),
        at=draw(instants()),
        version=draw(versions()),
        sku=draw(st.sampled_from(SKUS)),
        location=draw(places()),
        units=units,
        reason="received",
        document=draw(st.sampled_from(("", *DOCUMENTS))),
        lot=draw(LOTS),
        expires_at=draw(maybe(instants())),
        serials=SERIALS[: min(abs(units), draw(st.integers(0, 2)))],
    )


@st.composite
def allocations(draw: DrawFn) -> UnitsAllocated:
    """Draw an assignment of a line to one location, or to several."""
    part = st.tuples(maybe(places()), st.integers(1, 3))
    parts = draw(st.lists(part, max_size=2))
    return UnitsAllocated(
        id=draw(document("allocation")),
        at=draw(instants()),
        version=draw(versions()),
        order=draw(st.sampled_from(ORDERS)),
        line=draw(st.sampled_from(LINES)),
        sku=draw(st.sampled_from(SKUS)),
        location=draw(maybe(places())),
        parts=tuple(
            Part(allocation=AllocationId(f"a{number}"), location=location, units=units)
            for number, (location, units) in enumerate(parts)
        ),
    )


def _of_lines() -> dict[type[Event], SearchStrategy[Event]]:
    common = {"at": instants(), "version": versions(), "order": st.sampled_from(ORDERS)}
    line = {"line": st.sampled_from(LINES), "sku": st.sampled_from(SKUS)}
    serials = st.lists(st.sampled_from(SERIALS), min_size=1, max_size=2, unique=True).map(tuple)
    return {
        UnitsAllocated: allocations(),
        PickingStarted: st.builds(
            PickingStarted,
            id=document("picking"),
            location=places(),
            skus=st.just(SKUS),
            allocation=ALLOCATIONS,
            **common,
        ),
        PickedShort: st.builds(
            PickedShort,
            id=document("short"),
            location=places(),
            units=st.integers(1, 3),
            reason=st.just("not_found"),
            effect=st.sampled_from(get_args(Effect)),
            allocation=ALLOCATIONS,
            **line,
            **common,
        ),
        SerialsNamed: st.builds(SerialsNamed, id=document("serials"), serials=serials, **line, **common),
    }


@st.composite
def _legs(draw: DrawFn, /, kind: type[TransferOrdered | TransferSent], **more: Any) -> Event:
    origin, destination = draw(st.sampled_from(LANES))
    return kind(
        id=draw(document(kind.kind)),
        at=draw(instants()),
        version=draw(versions()),
        sku=draw(st.sampled_from(SKUS)),
        units=draw(st.integers(0, 6)),
        transfer=draw(st.sampled_from(TRANSFERS)),
        origin=origin,
        destination=destination,
        **{name: draw(values) for name, values in more.items()},
    )


def _on_their_way() -> dict[type[Event], SearchStrategy[Event]]:
    common = {"at": instants(), "version": versions(), "sku": st.sampled_from(SKUS), "units": st.integers(0, 6)}
    return {
        SupplyExpected: st.builds(
            SupplyExpected,
            id=document("supply"),
            document=st.sampled_from(DOCUMENTS),
            location=places(),
            due_at=instants(),
            **common,
        ),
        TransferOrdered: st.one_of(
            _legs(TransferOrdered),
            _legs(TransferOrdered),
            _legs(TransferOrdered, withdrawn=st.just(True), withdrawn_at=maybe(instants())),
        ),
        TransferSent: _legs(TransferSent, final=st.booleans(), lot=LOTS),
        TransferReceived: st.builds(
            TransferReceived,
            id=document("arrival"),
            transfer=st.sampled_from(TRANSFERS),
            location=places(),
            final=st.booleans(),
            lot=LOTS,
            expires_at=maybe(instants()),
            **common,
        ),
    }


def _released(held: UnitsHeld) -> SearchStrategy[Event]:
    """Draw whether a hold was let go, and whether it is known when."""
    once = st.builds(lambda at: evolve(held, released=True, released_at=at), maybe(instants()))
    return st.one_of(st.just(held), st.just(held), once)


def slots_held() -> SearchStrategy[SlotHeld]:
    """Draw a parcel's place in a slot: held until an instant, or for good."""
    return st.builds(
        SlotHeld,
        id=document("slot"),
        at=instants(),
        version=versions(),
        hold=st.sampled_from(HOLDS),
        location=places(),
        slot=st.sampled_from(DAYS_OF_WORK),
        parcels=st.integers(1, 2),
        until=st.one_of(instants(), st.just(FOREVER)),
        order=maybe(st.sampled_from(ORDERS)),
        released=st.sampled_from((False, False, True)),
    )


def about_stock() -> dict[type[Event], SearchStrategy[Event]]:
    """Give a strategy for each kind of event about stock."""
    common = {"at": instants(), "version": versions(), "sku": st.sampled_from(SKUS)}
    return {
        StockCounted: st.builds(
            StockCounted,
            id=document("count"),
            location=places(),
            units=st.integers(0, 9),
            basis=st.sampled_from(("on_hand", "available")),
            **common,
        ),
        StockMoved: movements(),
        StockSetAside: st.builds(
            StockSetAside,
            id=document("aside"),
            location=places(),
            units=st.integers(0, 3),
            reason=st.sampled_from(("damaged", "safety_stock")),
            **common,
        ),
        UnitsHeld: st.builds(
            UnitsHeld,
            id=document("hold"),
            hold=st.sampled_from(HOLDS),
            units=st.integers(1, 3),
            location=maybe(places()),
            until=instants(),
            channel=st.sampled_from(("", "web")),
            since=maybe(instants()),
            ahead=st.booleans(),
            **common,
        ).flatmap(_released),
        SlotHeld: slots_held(),
        **_of_lines(),
        **_on_their_way(),
    }
