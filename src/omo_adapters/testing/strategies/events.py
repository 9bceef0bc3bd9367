"""Strategies for every kind of event."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, get_args

from hypothesis import strategies as st

from omo_adapters.testing.strategies.goods import ALLOCATIONS, LOTS, about_stock
from omo_adapters.testing.strategies.members import about_members
from omo_adapters.testing.strategies.points import about_points
from omo_adapters.testing.strategies.world import (
    LINES,
    ORDERS,
    PROFILES,
    SKUS,
    amounts,
    document,
    instants,
    maybe,
    places,
    versions,
)
from omo_core.events import Event
from omo_core.fulfilment import OrderReady
from omo_core.identifiers import EventId
from omo_core.kit_parts import KitPart
from omo_core.loyalty import PointsGranted, PointsRedeemed
from omo_core.members import ProfilesJoined
from omo_core.trade import HandedLine, HandedOver, Handing, Refund, RefundLine, Restock, Sale, SaleLine, Status, Tender

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

PARTS: Final = (KitPart(sku=SKUS[0], units=2), KitPart(sku=SKUS[1], units=1))
"""What a kit is made of."""
USUAL_STATUSES: Final[tuple[Status, ...]] = ("paid", "paid", "paid", "open", "cancelled")


def sale_lines(name: str) -> SearchStrategy[SaleLine]:
    """Draw a sale's line."""
    return st.builds(
        SaleLine,
        line=st.just(name),
        sku=st.sampled_from(SKUS),
        units=st.integers(0, 3),
        amount=amounts(),
        handing=st.sampled_from(get_args(Handing)),
        location=maybe(places()),
        kind=st.sampled_from(("goods", "goods", "goods", "gift_card", "fee")),
        parts=st.sampled_from(((), (), (), PARTS)),
        lot=LOTS,
    )


def _tenders() -> SearchStrategy[tuple[Tender, ...]]:
    kinds = st.sampled_from(("cash", "card", "points", "gift_card"))
    return st.lists(st.builds(Tender, kind=kinds, amount=amounts()), max_size=2).map(tuple)


@st.composite
def sales(draw: DrawFn) -> Sale:
    """Draw a sale in one of its versions, sometimes known by another order's name too."""
    status: Status = draw(st.sampled_from(USUAL_STATUSES))
    at = draw(instants())
    order = draw(st.sampled_from(ORDERS))
    return Sale(
        id=EventId(f"sale/{order}") if draw(st.booleans()) else draw(document("sale")),
        at=at,
        version=draw(versions()),
        source=draw(st.sampled_from(("till:S1", "shopify"))),
        order=order,
        also=draw(st.one_of(st.just(()), st.just(()), st.tuples(st.sampled_from(ORDERS)))),
        authority=draw(st.integers(0, 1)),
        profile=draw(maybe(st.sampled_from(PROFILES))),
        channel=draw(st.sampled_from(("store", "web"))),
        location=draw(maybe(places())),
        currency=draw(st.sampled_from(("HKD", "HKD", "HKD", "JPY"))),
        lines=tuple(draw(sale_lines(name)) for name in LINES[: draw(st.integers(1, 2))]),
        shipping=draw(st.sampled_from((0, 0, 3_000))),
        tenders=draw(_tenders()),
        status=status,
        ended_at=at + timedelta(minutes=draw(st.integers(0, 600))) if status == "cancelled" else None,
    )


def refunds() -> SearchStrategy[Refund]:
    """Draw a refund of one or two lines, or of no line at all."""
    given = st.builds(
        RefundLine,
        line=st.sampled_from(LINES),
        sku=st.sampled_from(SKUS),
        units=st.integers(0, 3),
        amount=amounts(),
        restock=st.sampled_from(get_args(Restock)),
        location=maybe(places()),
        lot=LOTS,
    )
    return st.builds(
        Refund,
        id=document("refund"),
        at=instants(),
        version=versions(),
        order=st.sampled_from(ORDERS),
        currency=st.just("HKD"),
        lines=st.lists(given, max_size=2).map(tuple),
        adjustment=st.sampled_from((0, 0, 100)),
        shipping=st.sampled_from((0, 0, 3_000)),
        tenders=_tenders(),
    )


def handovers() -> SearchStrategy[HandedOver]:
    """Draw a parcel or a collection at the counter."""
    left = st.builds(
        HandedLine,
        line=st.sampled_from(LINES),
        sku=st.sampled_from(SKUS),
        units=st.integers(1, 3),
        allocation=ALLOCATIONS,
        lot=LOTS,
    )
    return st.builds(
        HandedOver,
        id=document("handover"),
        at=instants(),
        version=versions(),
        order=st.sampled_from(ORDERS),
        location=places(),
        how=st.sampled_from(("shipped", "collected")),
        lines=st.lists(left, min_size=1, max_size=2).map(tuple),
        cancelled=st.sampled_from((False, False, True)),
    )


def _about_trade() -> dict[type[Event], SearchStrategy[Event]]:
    ready = st.builds(
        OrderReady,
        id=document("ready"),
        at=instants(),
        version=versions(),
        order=st.sampled_from(ORDERS),
        location=places(),
    )
    return {Sale: sales(), Refund: refunds(), HandedOver: handovers(), OrderReady: ready}


EVENTS: Final[dict[type[Event], Callable[[], SearchStrategy[Event]]]] = {
    kind: partial(table.__getitem__, kind)
    for table in (_about_trade(), about_members(), about_points(), about_stock())
    for kind in table
}
"""A strategy for each kind of event that is ever stored."""


def one_event(*kinds: type[Event]) -> SearchStrategy[Event]:
    """Draw an event of some kinds; of any kind where none is named."""
    return st.one_of([EVENTS[kind]() for kind in kinds or EVENTS])


THEMES: Final[tuple[tuple[type[Event], ...], ...]] = (
    (Sale, Refund, HandedOver, PointsRedeemed, PointsGranted, ProfilesJoined),
    (Sale, Refund, *about_points()),
    (Sale, Refund, HandedOver, *about_stock()),
    (Sale, PointsGranted, *about_members()),
    tuple(EVENTS),
)
"""What a history is about. Drawn from all kinds at once, a dozen events would hardly ever touch each other."""


def histories(*kinds: type[Event], max_size: int = 14) -> SearchStrategy[tuple[Event, ...]]:
    """Draw what may have happened, in the order in which it was heard of: versions, conflicts and repeats included.

    It is about some kinds, or about one of the ``THEMES``.
    """
    themes = st.just(kinds) if kinds else st.sampled_from(THEMES)
    return themes.flatmap(lambda theme: st.lists(one_event(*theme), max_size=max_size)).map(tuple)


def shuffled(events: tuple[Event, ...]) -> SearchStrategy[tuple[Event, ...]]:
    """Draw another order in which the same may have been heard of, some of it twice."""
    again = st.lists(st.sampled_from(events), max_size=4) if events else st.just([])
    return again.flatmap(lambda twice: st.permutations([*events, *twice])).map(tuple)
