"""The small world that strategies draw from: three customers, two articles, three places, a few minutes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from hypothesis import strategies as st

from omo_adapters.testing.samples import START
from omo_core.identifiers import EventId, Fingerprint, HoldId, LocationId, OrderId, ProfileId, RequestId, Sku

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

T = TypeVar("T")

PROFILES: Final = tuple(map(ProfileId, ("p1", "p2", "p3")))
SKUS: Final = tuple(map(Sku, ("TEE", "CAP")))
LOCATIONS: Final = tuple(map(LocationId, ("S1", "S2", "WH")))
ORDERS: Final = tuple(map(OrderId, ("o1", "o2", "o3")))
HOLDS: Final = tuple(map(HoldId, ("b1", "b2")))
CLAIMS: Final = tuple(map(Fingerprint, ("card:a", "card:b", "phone:a", "phone:b")))
LINES: Final = ("1", "2")
MINUTES_MAX: Final = 60 * 24 * 40
"""Forty days: enough for points to expire and tiers to be reviewed under a short programme."""


def instants() -> SearchStrategy[datetime]:
    """Draw an instant: mostly within the first minutes, where things coincide, sometimes weeks later."""
    minutes = st.one_of(st.integers(0, 12), st.integers(0, MINUTES_MAX))
    return minutes.map(lambda count: START + timedelta(minutes=count))


def document(kind: str, names: tuple[str, ...] = ("1", "2", "3")) -> SearchStrategy[EventId]:
    """Draw the name of a document of some kind."""
    return st.sampled_from(names).map(lambda name: EventId(f"{kind}/{name}"))


def versions() -> SearchStrategy[int]:
    """Draw a document's version: mostly the first."""
    return st.sampled_from((0, 0, 0, 1, 2))


def maybe(strategy: SearchStrategy[T]) -> SearchStrategy[T | None]:
    """Draw from a strategy, or nothing."""
    return st.one_of(st.none(), strategy)


def places() -> SearchStrategy[LocationId]:
    """Draw a location."""
    return st.sampled_from(LOCATIONS)


def amounts() -> SearchStrategy[int]:
    """Draw an amount that a line costs, in minor units: round ones, and ones that rounding bites on."""
    return st.sampled_from((0, 1, 99, 100, 5_000, 9_999, 10_000, 19_990))


def requests() -> SearchStrategy[RequestId]:
    """Draw a request id; few enough that some are used again, for the same thing or for another."""
    return st.integers(0, 30).map(lambda number: RequestId(f"r{number}"))
