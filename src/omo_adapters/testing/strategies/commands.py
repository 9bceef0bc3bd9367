"""Strategies for every command, and for days in which facts and commands come mixed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from hypothesis import strategies as st

from omo_adapters.testing.strategies.events import one_event
from omo_adapters.testing.strategies.goods import stock_commands
from omo_adapters.testing.strategies.world import (
    HOLDS,
    LINES,
    ORDERS,
    PROFILES,
    SKUS,
    amounts,
    instants,
    maybe,
    places,
    requests,
)
from omo_core.decisions import Command
from omo_core.events import Event
from omo_core.fulfilment import CancelOrder, CollectOrder, MarkReady, OrderLine, PlacePickupOrder
from omo_core.loyalty.commands import (
    AdjustPoints,
    CaptureHold,
    HoldPoints,
    RedeemPoints,
    TransferPoints,
    VoidHold,
)

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy


@st.composite
def pickup_orders(draw: DrawFn) -> PlacePickupOrder:
    """Draw an order to be picked up, two of whose lines may want the same article."""
    lines = tuple(
        OrderLine(line=name, sku=draw(st.sampled_from(SKUS)), units=draw(st.integers(1, 3)), amount=draw(amounts()))
        for name in LINES[: draw(st.integers(1, 2))]
    )
    return PlacePickupOrder(
        request=draw(requests()),
        at=draw(instants()),
        order=draw(st.sampled_from(ORDERS)),
        profile=draw(maybe(st.sampled_from(PROFILES))),
        location=draw(places()),
        currency="HKD",
        lines=lines,
        hold=draw(maybe(st.sampled_from(HOLDS))),
    )


def _commands() -> dict[type[Command], SearchStrategy[Command]]:
    common = {"request": requests(), "at": instants()}
    order, profile = st.sampled_from(ORDERS), st.sampled_from(PROFILES)
    return {
        RedeemPoints: st.builds(
            RedeemPoints,
            profile=profile,
            points=st.sampled_from((1, 50, 100, 150)),
            order=maybe(order),
            currency=st.sampled_from(("HKD", "HKD", "", "JPY")),
            **common,
        ),
        AdjustPoints: st.builds(
            AdjustPoints,
            profile=profile,
            points=st.sampled_from((-100, -1, 1, 100)),
            reason=st.just("goodwill"),
            actor=st.just("ann"),
            **common,
        ),
        HoldPoints: st.builds(
            lambda minutes, at, **rest: HoldPoints(at=at, until=at + timedelta(minutes=minutes), **rest),
            st.integers(1, 600),
            profile=profile,
            hold=st.sampled_from(HOLDS),
            points=st.sampled_from((1, 50, 100)),
            **common,
        ),
        CaptureHold: st.builds(
            CaptureHold,
            profile=profile,
            hold=st.sampled_from(HOLDS),
            points=st.sampled_from((1, 50, 100)),
            order=maybe(order),
            **common,
        ),
        VoidHold: st.builds(VoidHold, profile=profile, hold=st.sampled_from(HOLDS), **common),
        TransferPoints: st.builds(
            lambda who, **rest: TransferPoints(profile=who[0], receiver=who[1], **rest),
            st.permutations(PROFILES),
            points=st.sampled_from((1, 50, 100)),
            **common,
        ),
        **stock_commands(),
        PlacePickupOrder: pickup_orders(),
        MarkReady: st.builds(MarkReady, order=order, **common),
        CollectOrder: st.builds(CollectOrder, order=order, **common),
        CancelOrder: st.builds(CancelOrder, order=order, **common),
    }


COMMANDS: Final[dict[type[Command], Callable[[], SearchStrategy[Command]]]] = {
    kind: partial(_commands().__getitem__, kind) for kind in _commands()
}
"""A strategy for each command that omo answers."""


def one_command(*kinds: type[Command]) -> SearchStrategy[Command]:
    """Draw a command of some kinds; of any kind where none is named."""
    return st.one_of([COMMANDS[kind]() for kind in kinds or COMMANDS])


def days(*, max_size: int = 16) -> SearchStrategy[tuple[Event | Command, ...]]:
    """Draw what is told to a shop in a day: facts and commands, as they come."""
    return st.lists(st.one_of(one_event(), one_command()), max_size=max_size).map(tuple)
