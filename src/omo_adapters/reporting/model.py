"""What a report says, before it is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from attrs import frozen

from omo_adapters.storage.quarantine import SetAside
from omo_core.identifiers import LocationId, Sku


@frozen(kw_only=True)
class DaySales:
    """What one channel sold on one day, in one currency."""

    day: date
    channel: str
    currency: str
    orders: int
    amount: int
    """What was to be paid for orders placed that day, less those that were cancelled; refunds are not taken off."""


@frozen(kw_only=True)
class Sales:
    """What was sold and given back."""

    days: tuple[DaySales, ...]
    refunds: Mapping[str, int]
    """Money given back in all, by currency."""
    units: Mapping[Sku, int]
    """Units sold in all, by article."""


@frozen(kw_only=True)
class MonthPoints:
    """What happened to all members' points in a month."""

    month: str
    issued: int
    """Earned and granted."""
    redeemed: int
    returned: int
    expired: int
    taken: int
    """Clawed back and taken by hand."""
    outstanding: int
    """What all members together would call their balance, at the month's end."""


@frozen(kw_only=True)
class MemberLine:
    """A member in one line, without personal data."""

    member: str
    records: int
    tier: str
    spendable: int
    pending: int
    debt: int
    earned: int
    spent: int
    expired: int


@frozen(kw_only=True)
class Membership:
    """All members together."""

    members: tuple[MemberLine, ...]
    """Those that ever had points, by id."""
    known: int
    """All, with and without points."""
    tiers: Mapping[str, int]
    months: tuple[MonthPoints, ...]


@frozen(kw_only=True)
class Shelf:
    """An article in one location."""

    sku: Sku
    location: LocationId
    name: str
    on_hand: int
    allocated: int
    free: int
    free_raw: int
    at_risk: int
    """Units that were promised and are not there."""


@frozen(kw_only=True)
class Stock:
    """The articles."""

    articles: int
    top: tuple[Sku, ...]
    """The articles sold most, most first."""
    shelves: tuple[Shelf, ...]
    """Every place of the top articles, and every other place that is short."""


@frozen(kw_only=True)
class ShopReport:
    """A shop in figures."""

    name: str
    currency: str
    zone: str
    as_of: datetime
    events: int
    sales: Sales
    membership: Membership
    stock: Stock
    sources: tuple[tuple[str, str, int], ...]
    """How many events each source told, by kind."""
    quarantine: Mapping[str, int]
    set_aside: tuple[SetAside, ...]
    """The documents that wait, oldest first; the first fifty."""
