"""Figures gathered from the journal, a page of histories at a time; what is kept is sums, never documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from omo_adapters.config import ShopSettings
from omo_adapters.importing.writing import Books
from omo_adapters.reporting.model import (
    DaySales,
    MemberLine,
    Membership,
    MonthPoints,
    Sales,
    Shelf,
    ShopReport,
    Stock,
)
from omo_adapters.shop import Shop
from omo_adapters.states import read_person
from omo_adapters.storage.database import Database
from omo_adapters.storage.listing import sources, stream_names
from omo_core.events import current
from omo_core.identifiers import EventId, LocationId, OrderId, ProfileId, Sku, stock_stream
from omo_core.instants import local_day
from omo_core.loyalty import Account, Line, fold, view
from omo_core.purchases import purchases
from omo_core.stock import Positions, at_risk, positions
from omo_core.trade import Refund, Sale

PAGE: Final = 200
TOP: Final = 15
QUARANTINE_SHOWN: Final = 50
_COLUMN: Final = {
    "earned": "issued",
    "granted": "issued",
    "redeemed": "redeemed",
    "returned": "returned",
    "expired": "expired",
    "clawed back": "taken",
    "taken": "taken",
}
T = TypeVar("T")


def gather(shop: Shop, database: Database, settings: ShopSettings, books: Books) -> ShopReport:
    """Gather everything as of now."""
    as_of, zone = shop.now(), ZoneInfo(settings.config.zone)
    told = sources(database)
    sold = _sales(shop, database, zone)
    return ShopReport(
        name=settings.config.name,
        currency=settings.config.currency,
        zone=settings.config.zone,
        as_of=as_of,
        events=sum(count for _, _, count in told),
        sales=sold,
        membership=_membership(shop, database, as_of, zone),
        stock=_stock(shop, database, settings, sold, as_of),
        sources=tuple(told),
        quarantine=books.quarantine.counts(),
        set_aside=tuple(books.quarantine.open(limit=QUARANTINE_SHOWN)),
    )


def _pages(names: Iterable[T]) -> Iterator[tuple[T, ...]]:
    rest = iter(names)
    while page := tuple(islice(rest, PAGE)):
        yield page


def _sales(shop: Shop, database: Database, zone: ZoneInfo) -> Sales:
    """Sum every purchase once, whichever of its names it is met by first."""
    days: dict[tuple[date, str, str], list[int]] = {}
    refunds: Counter[str] = Counter()
    units: Counter[Sku] = Counter()
    seen: set[OrderId | EventId] = set()
    for page in _pages(stream_names(database, "order/")):
        latest = current(shop.journal.read(page).events)
        for sale in purchases(latest):
            if sale.order not in seen and sale.status != "cancelled":
                day = days.setdefault((local_day(sale.at, zone), sale.channel, sale.currency), [0, 0])
                day[0] += 1
                day[1] += sum(line.amount for line in sale.lines) + sale.shipping
                units.update(_units(sale))
            seen.add(sale.order)
        for refund in latest:
            if isinstance(refund, Refund) and refund.id not in seen:
                seen.add(refund.id)
                refunds[refund.currency] += _given_back(refund)
    return Sales(
        days=tuple(
            DaySales(day=day, channel=channel, currency=code, orders=orders, amount=amount)
            for (day, channel, code), (orders, amount) in sorted(days.items())
        ),
        refunds=dict(sorted(refunds.items())),
        units=dict(units),
    )


def _units(sale: Sale) -> dict[Sku, int]:
    found: Counter[Sku] = Counter()
    for line in sale.lines:
        if line.kind == "goods":
            found[line.sku] += line.units
    return found


def _given_back(refund: Refund) -> int:
    return sum(line.amount for line in refund.lines) + refund.adjustment + refund.shipping


def _membership(shop: Shop, database: Database, as_of: datetime, zone: ZoneInfo) -> Membership:
    """Fold every member once; a member is met at its first record."""
    months: dict[str, Counter[str]] = {}
    tiers: Counter[str] = Counter()
    members = []
    known = 0
    for name in stream_names(database, "profile/"):
        profile = ProfileId(name.removeprefix("profile/"))
        kept, events = read_person(shop.journal, profile, shop.rules.programmes, shop.rules.identity)
        member = kept.state.member
        if profile != ProfileId(member.id):
            continue
        known += 1
        lines: list[Line] = []
        has = view(fold(shop.rules.programme, events, member.profiles, until=as_of, lines=lines), as_of)
        tiers[has.tier.name if has.tier else ""] += 1
        for line in lines:
            counted = months.setdefault(f"{local_day(line.at, zone):%Y-%m}", Counter())
            counted[_COLUMN.get(line.what, "taken")] += line.points
            counted["balance"] += line.points
        if lines:
            members.append(_member_line(member.id, len(member.profiles), has))
    tiers.pop("", None)
    return Membership(members=tuple(members), known=known, tiers=dict(sorted(tiers.items())), months=_months(months))


def _member_line(name: str, records: int, has: Account) -> MemberLine:
    return MemberLine(
        member=name,
        records=records,
        tier=has.tier.name if has.tier else "",
        spendable=has.spendable,
        pending=has.pending,
        debt=has.debt,
        earned=has.earned,
        spent=has.spent,
        expired=has.expired,
    )


def _months(counted: dict[str, Counter[str]]) -> tuple[MonthPoints, ...]:
    outstanding = 0
    months = []
    for month, counts in sorted(counted.items()):
        outstanding += counts["balance"]
        months.append(
            MonthPoints(
                month=month,
                issued=counts["issued"],
                redeemed=-counts["redeemed"],
                returned=counts["returned"],
                expired=-counts["expired"],
                taken=-counts["taken"],
                outstanding=outstanding,
            )
        )
    return tuple(months)


def _stock(shop: Shop, database: Database, settings: ShopSettings, sold: Sales, as_of: datetime) -> Stock:
    """Look at every article; show the places of those sold most, and every place that is short."""
    top = tuple(sku for sku, _ in sorted(sold.units.items(), key=lambda item: (-item[1], item[0]))[:TOP])
    articles = 0
    shelves: list[Shelf] = []
    for name in stream_names(database, "stock/"):
        articles += 1
        sku = Sku(name.removeprefix("stock/"))
        state = positions(sku, shop.journal.read((stock_stream(sku),)).events)
        shelves += [shelf for shelf in _shelves(state, settings, as_of) if sku in top or shelf.free_raw < 0]
    place = {sku: rank for rank, sku in enumerate(top)}
    shelves.sort(key=lambda shelf: (place.get(shelf.sku, len(place)), shelf.sku, shelf.location))
    return Stock(articles=articles, top=top, shelves=tuple(shelves))


def _shelves(state: Positions, settings: ShopSettings, as_of: datetime) -> Iterator[Shelf]:
    risky: dict[LocationId | None, int] = {}
    for risk in at_risk(state, settings.rules.stock, as_of):
        risky[risk.location] = risky.get(risk.location, 0) + risk.units
    for location in state.locations():
        yield Shelf(
            sku=state.sku,
            location=location,
            name=settings.location_name(location),
            on_hand=state.on_hand(location),
            allocated=state.allocated(location),
            free=state.free(location, as_of),
            free_raw=state.free_raw(location, as_of),
            at_risk=risky.get(location, 0),
        )
