"""Strategies for every command, and for days in which facts and commands come mixed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from hypothesis import strategies as st

from omo_adapters.testing.strategies.events import THEMES, one_event
from omo_adapters.testing.strategies.goods_commands import stock_commands
from omo_adapters.testing.strategies.members import claims
from omo_adapters.testing.strategies.world import (
    CLAIMS,
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
from omo_core.identifiers import EventId
from omo_core.loyalty.commands import (
    AdjustPoints,
    CaptureHold,
    GrantTier,
    HoldPoints,
    RedeemPoints,
    ReinstatePoints,
    TransferPoints,
    VoidHold,
)
from omo_core.loyalty.events import PointsGranted
from omo_core.members import ProfilesParted
from omo_core.members.commands import (
    BindProfile,
    ExportMember,
    ForgetMember,
    JoinProfiles,
    NoteProfile,
    OtpProof,
    PartProfiles,
    RecycleNumber,
    ResolveReview,
    RevokeClaim,
    SetConsent,
    ShareKey,
    TagProfile,
    VerifyClaim,
    WithdrawStatement,
)
from omo_core.stock import StockCounted

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


def _common() -> dict[str, SearchStrategy[object]]:
    return {"request": requests(), "at": instants()}


def _about_gifts(common: dict[str, SearchStrategy[object]]) -> dict[type[Command], SearchStrategy[Command]]:
    return {
        GrantTier: st.builds(
            lambda days, at, **rest: GrantTier(at=at, until=at + timedelta(days=days), **rest),
            st.integers(1, 60),
            tier=st.sampled_from(("gold", "black", "none such")),
            reviewed=st.booleans(),
            reason=st.just("paid for"),
            actor=st.just("ann"),
            **common,
        ),
        ReinstatePoints: st.builds(
            lambda days, back, at, **rest: ReinstatePoints(
                at=at, expired_since=at - timedelta(days=back), expires_at=at + timedelta(days=days), **rest
            ),
            st.integers(1, 60),
            st.integers(0, 60),
            reason=st.just("a second chance"),
            actor=st.just("ann"),
            **common,
        ),
    }


def _about_points() -> dict[type[Command], SearchStrategy[Command]]:
    common = {**_common(), "profile": st.sampled_from(PROFILES)}
    held = {**common, "hold": st.sampled_from(HOLDS)}
    count = st.sampled_from((1, 50, 100))
    return {
        RedeemPoints: st.builds(
            RedeemPoints,
            points=st.sampled_from((1, 50, 100, 150)),
            order=maybe(st.sampled_from(ORDERS)),
            currency=st.sampled_from(("HKD", "HKD", "", "JPY")),
            **common,
        ),
        AdjustPoints: st.builds(
            lambda points, once, **rest: AdjustPoints(points=points, once=once if points > 0 else "", **rest),
            points=st.sampled_from((-100, -1, 1, 100)),
            once=st.sampled_from(("", "", "welcome")),
            reason=st.just("goodwill"),
            actor=st.just("ann"),
            **common,
        ),
        **_about_gifts(common),
        HoldPoints: st.builds(
            lambda minutes, at, **rest: HoldPoints(at=at, until=at + timedelta(minutes=minutes), **rest),
            st.integers(1, 600),
            points=count,
            **held,
        ),
        CaptureHold: st.builds(CaptureHold, points=count, order=maybe(st.sampled_from(ORDERS)), **held),
        VoidHold: st.builds(VoidHold, **held),
        TransferPoints: st.builds(
            lambda who, **rest: TransferPoints(profile=who[0], receiver=who[1], **rest),
            st.permutations(PROFILES),
            points=count,
            **_common(),
        ),
    }


def _about_goods() -> dict[type[Command], SearchStrategy[Command]]:
    common, order = _common(), st.sampled_from(ORDERS)
    return {
        **stock_commands(),
        PlacePickupOrder: pickup_orders(),
        MarkReady: st.builds(MarkReady, order=order, location=maybe(places()), **common),
        CollectOrder: st.builds(CollectOrder, order=order, location=maybe(places()), **common),
        CancelOrder: st.builds(CancelOrder, order=order, **common),
    }


def _about_members() -> dict[type[Command], SearchStrategy[Command]]:
    said = {**_common(), "role": st.sampled_from(("shopper", "clerk", "manager", "privacy", "system"))}
    of_one = {**said, "profile": st.sampled_from(PROFILES)}
    why, key = st.just("they said so"), st.sampled_from(CLAIMS)
    proof = st.builds(OtpProof, fingerprint=key, at=instants(), challenge=st.just("c1"))
    pairs = st.permutations(PROFILES).map(lambda each: {"one": each[0], "other": each[1]})
    statements = st.sampled_from(("join/1", "parted/1", "join/r1", "parted/r1")).map(EventId)
    return {
        BindProfile: st.builds(BindProfile, claim=claims(), otp=proof, **of_one),
        JoinProfiles: st.builds(lambda who, **rest: JoinProfiles(**who, **rest), pairs, reason=why, **said),
        PartProfiles: st.builds(
            PartProfiles, profiles=st.sampled_from(PROFILES).map(lambda each: (each,)), reason=why, **said
        ),
        WithdrawStatement: st.builds(WithdrawStatement, statement=statements, **of_one),
        ResolveReview: st.builds(
            lambda who, **rest: ResolveReview(**who, **rest), pairs, same=st.booleans(), reason=why, **said
        ),
        VerifyClaim: st.builds(VerifyClaim, claim=claims(), otp=maybe(proof), **of_one),
        RevokeClaim: st.builds(RevokeClaim, fingerprint=key, **of_one),
        RecycleNumber: st.builds(RecycleNumber, fingerprint=key, since=instants(), **said),
        ShareKey: st.builds(ShareKey, fingerprint=key, shared=st.booleans(), **said),
        ForgetMember: st.builds(ForgetMember, whole=st.booleans(), **of_one),
        ExportMember: st.builds(ExportMember, **of_one),
        TagProfile: st.builds(
            lambda put_on, **rest: TagProfile(
                added=tuple(tag for tag in put_on if put_on[tag]),
                removed=tuple(tag for tag in put_on if not put_on[tag]),
                **rest,
            ),
            st.dictionaries(st.sampled_from(("vip", "staff")), st.booleans(), min_size=1),
            **of_one,
        ),
        NoteProfile: st.builds(NoteProfile, **of_one),
        SetConsent: st.builds(SetConsent, channel=st.just("email"), allowed=st.booleans(), **of_one),
    }


_TABLES: Final = {**_about_points(), **_about_goods(), **_about_members()}
COMMANDS: Final[dict[type[Command], Callable[[], SearchStrategy[Command]]]] = {
    kind: partial(_TABLES.__getitem__, kind) for kind in _TABLES
}
"""A strategy for each command that omo answers."""


def one_command(*kinds: type[Command]) -> SearchStrategy[Command]:
    """Draw a command of some kinds; of any kind where none is named."""
    return st.one_of([COMMANDS[kind]() for kind in kinds or COMMANDS])


def _theme(events: tuple[type[Event], ...]) -> tuple[type[Command], ...]:
    """Name the commands that go with a theme of events."""
    tables = {PointsGranted: _about_points(), StockCounted: _about_goods(), ProfilesParted: _about_members()}
    return tuple(kind for mark, table in tables.items() if mark in events for kind in table)


DAYS: Final = tuple((events, _theme(events)) for events in THEMES)
"""What a day is about: kinds of events and of commands."""


def days(*, max_size: int = 16) -> SearchStrategy[tuple[Event | Command, ...]]:
    """Draw what is told to a shop in a day: facts and commands, as they come."""
    return st.sampled_from(DAYS).flatmap(
        lambda theme: st.lists(st.one_of(one_event(*theme[0]), one_command(*theme[1])), max_size=max_size).map(tuple)
    )
