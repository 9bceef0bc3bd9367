"""Strategies for every kind of event about points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from omo_adapters.testing.strategies.world import HOLDS, ORDERS, PROFILES, document, instants, maybe, versions
from omo_core.events import Event
from omo_core.loyalty.events import (
    ExpiredPointsReinstated,
    HoldCaptured,
    HoldVoided,
    Parcel,
    PointsGranted,
    PointsHeld,
    PointsRedeemed,
    PointsTransferred,
    TierGranted,
)

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


def about_points() -> dict[type[Event], SearchStrategy[Event]]:
    """Give a strategy for each kind of event about points."""
    return {**_grants(), **_holds(), **_moves()}


def _usual() -> dict[str, SearchStrategy[object]]:
    return {
        "at": instants(),
        "version": versions(),
        "profile": st.sampled_from(PROFILES),
        "withdrawn": st.sampled_from((False, False, False, True)),
    }


def _grants() -> dict[type[Event], SearchStrategy[Event]]:
    return {
        PointsGranted: st.builds(
            lambda points, once, **rest: PointsGranted(points=points, once=once if points > 0 else "", **rest),
            id=document("grant"),
            points=st.sampled_from((-100, -1, 1, 100, 250)),
            once=st.sampled_from(("", "", "welcome")),
            expires_at=maybe(instants()),
            never_expires=st.booleans(),
            reason=st.just("goodwill"),
            **_usual(),
        ),
        TierGranted: st.builds(
            TierGranted,
            id=document("tier"),
            tier=st.sampled_from(("gold", "black", "none such")),
            until=instants(),
            reason=st.just("birthday"),
            **_usual(),
        ),
        ExpiredPointsReinstated: st.builds(
            ExpiredPointsReinstated,
            id=document("reinstated"),
            expired_since=instants(),
            expires_at=instants(),
            reason=st.just("apology"),
            **_usual(),
        ),
    }


def _holds() -> dict[type[Event], SearchStrategy[Event]]:
    held = {**_usual(), "hold": st.sampled_from(HOLDS)}
    count = st.sampled_from((1, 50, 100))
    return {
        PointsHeld: st.builds(PointsHeld, id=document("points-hold"), points=count, until=instants(), **held),
        HoldCaptured: st.builds(
            HoldCaptured,
            id=document("capture"),
            points=count,
            order=maybe(st.sampled_from(ORDERS)),
            ends=st.booleans(),
            **held,
        ),
        HoldVoided: st.builds(HoldVoided, id=document("void"), **held),
    }


def _moves() -> dict[type[Event], SearchStrategy[Event]]:
    count = st.sampled_from((1, 50, 100))
    parcels = st.lists(st.builds(Parcel, points=count, expires_at=maybe(instants())), min_size=1, max_size=2)
    sides = st.permutations(PROFILES).map(lambda order: {"profile": order[0], "receiver": order[1]})
    return {
        PointsRedeemed: st.builds(
            PointsRedeemed,
            id=document("redemption"),
            points=st.sampled_from((1, 50, 100, 150)),
            order=maybe(st.sampled_from(ORDERS)),
            **_usual(),
        ),
        PointsTransferred: st.builds(
            lambda who, **rest: PointsTransferred(**{**rest, **who}),
            sides,
            id=document("transfer"),
            parcels=parcels.map(tuple),
            **_usual(),
        ),
    }
