"""What happens in the week, before any system writes it down: web orders, receipts at tills, what comes back.

Most of it is dealt out by a seeded random; ``week_story`` adds what the demo tells about.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from omo_adapters.demo.brand import (
    ARTICLES,
    CENTRAL,
    DAYS,
    HOT,
    MONG_KOK,
    NOVELTY,
    TSUEN_WAN,
    WAREHOUSE,
    Article,
    Place,
    at,
)
from omo_adapters.demo.people import People, WebAccount

WEB_ORDERS: Final = (38, 36, 41, 44, 48, 58, 53)
"""Per day, Monday first; the ones on the tablet and those of the story come on top."""
RECEIPTS: Final = {CENTRAL.id: 13, MONG_KOK.id: 9, TSUEN_WAN.id: 10}
"""Per store and day; a tenth more at the weekend."""
TABLET_SALES: Final = 4
"""Per day, on Mong Kok's Shopify POS tablet."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """So many of an article, less a discount on the whole line."""

    article: Article
    units: int = 1
    discount: int = 0

    @property
    def amount(self) -> int:
        """Give what is paid for the line."""
        return self.article.price * self.units - self.discount


@dataclass(frozen=True, kw_only=True)
class GivenBack:
    """Lines of a web order that were refunded, and where the goods went."""

    at: datetime
    lines: tuple[int, ...]
    """Their places in the order."""
    restock: str
    location: Place | None = None


@dataclass(frozen=True, kw_only=True)
class WebOrder:
    """An order in Shopify, whatever its channel."""

    place: int
    at: datetime
    account: WebAccount | None
    lines: tuple[Line, ...]
    shipping: int = 0
    source: str = "web"
    """``web``, ``line`` or ``pos``."""
    gateway: str = "shopify_payments"
    paid_at: datetime | None = None
    """Where it was paid later than placed (by bank)."""
    cancelled_at: datetime | None = None
    pickup: Place | None = None
    fulfilled_at: datetime | None = None
    given_back: GivenBack | None = None
    code: str = ""
    """The discount code."""

    @property
    def total(self) -> int:
        """Give what the customer pays."""
        return sum(line.amount for line in self.lines) + self.shipping


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """A receipt at a till."""

    store: Place
    register: str
    operator: str
    at: datetime
    lines: tuple[Line, ...]
    card: str = ""
    kind: str = "sale"
    """``sale``, ``return``, ``void`` (of ``origin``), ``training`` or ``no_sale``."""
    origin: Receipt | None = None
    origin_lines: tuple[int, ...] = ()
    """Which lines of the origin came back."""
    voided: Line | None = None
    """Rung up and taken out again before the customer paid."""
    cash: bool = False
    points: int = 0
    """Points that pay a part, allowed by omo."""
    points_offline: int = 0
    """Points that the till took without asking."""
    web: WebOrder | None = None
    """The same sale as the tablet reported it to Shopify."""

    @property
    def total(self) -> int:
        """Give what the goods come to."""
        return sum(line.amount for line in self.lines)


@dataclass(kw_only=True)
class Plan:
    """Everything that happens."""

    people: People
    orders: list[WebOrder] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)

    def numbers(self) -> dict[Receipt, int]:
        """Number each till's receipts as they were rung up."""
        last: dict[tuple[str, str], int] = {}
        found = {}
        for receipt in sorted(self.receipts, key=lambda one: (one.at, one.store.id, one.register)):
            till = (receipt.store.id, receipt.register)
            last[till] = found[receipt] = last.get(till, 1_200 + 1_000 * int(receipt.register)) + 1
        return found


def fill(plan: Plan, random: Random) -> None:
    """Deal out an ordinary week."""
    for day, orders in zip(DAYS[1:], WEB_ORDERS, strict=True):
        for _ in range(orders):
            plan.orders.append(_order(plan, random, day))
        for store in (CENTRAL, MONG_KOK, TSUEN_WAN):
            _day_at_store(plan, random, day, store)
        for moment in sorted(_moment(random, day, 12, 20) for _ in range(TABLET_SALES)):
            _tablet_sale(plan, random, moment)


def _moment(random: Random, day: date, first: int, last: int) -> datetime:
    return at(day, first) + timedelta(seconds=random.randrange((last - first) * 3600))


def basket(random: Random, *, hot: int = 0, day: date | None = None) -> tuple[Line, ...]:
    """Deal out a basket; ``hot`` is how many of a hundred baskets have the hot article in them."""
    new = day is not None and day >= DAYS[5]
    choice = [one for one in ARTICLES if one is not HOT and (one is not NOVELTY or new)]
    picked = random.sample(choice, random.choice((1, 1, 1, 2, 2, 3)))
    if random.randrange(100) < hot:
        picked[0] = HOT
    return tuple(Line(article=one, units=random.choice((1, 1, 1, 1, 2)) if one is not HOT else 1) for one in picked)


def _order(plan: Plan, random: Random, day: date) -> WebOrder:
    lines, code = basket(random, hot=15, day=day), ""
    if random.randrange(100) < 12:
        code = "KITE10"
        lines = tuple(
            Line(article=one.article, units=one.units, discount=one.article.price * one.units // 10) for one in lines
        )
    placed = _moment(random, day, 7, 24)
    bank = random.randrange(100) < 5
    pickup = (
        random.choice((CENTRAL, MONG_KOK))
        if random.randrange(100) < 7 and all(line.article is not HOT for line in lines)
        else None
    )
    value = sum(line.amount for line in lines)
    return _with_end(
        random,
        WebOrder(
            place=len(plan.orders),
            at=placed,
            account=random.choice(plan.people.accounts) if random.randrange(100) < 84 else None,
            lines=lines,
            shipping=0 if value >= 60_000 or pickup is not None else 3_000,
            source="line" if random.randrange(100) < 8 else "web",
            gateway="bank deposit" if bank else random.choice(("shopify_payments", "shopify_payments", "payme", "fps")),
            paid_at=placed + timedelta(hours=random.randrange(2, 20)) if bank else None,
            pickup=pickup,
            code=code,
        ),
    )


def _with_end(random: Random, order: WebOrder) -> WebOrder:
    """Say how an order ends: cancelled, shipped, given back, or still waiting when the week is over."""
    chance = random.randrange(100)
    end = at(DAYS[-1], 22)
    paid = order.paid_at or order.at
    if chance < 2 and paid + timedelta(hours=2) < end:
        return replace(order, cancelled_at=paid + timedelta(minutes=random.randrange(20, 90)))
    leaves = _next_parcel_run(random, paid)
    if leaves >= end or chance > 88:
        return order
    back = leaves + timedelta(hours=random.randrange(30, 60))
    if chance < 9 and back < end:
        lines = tuple(range(len(order.lines))) if chance < 5 else (0,)
        to = random.choice((CENTRAL, MONG_KOK, WAREHOUSE))
        given_back = GivenBack(at=back, lines=lines, restock="return", location=to)
        return replace(order, fulfilled_at=leaves, given_back=given_back)
    return replace(order, fulfilled_at=leaves)


def _next_parcel_run(random: Random, paid: datetime) -> datetime:
    """Parcels leave at eleven and at five, packed within half an hour of it; what is paid later goes next time."""
    ready = paid + timedelta(hours=3)
    hours = (11, 17)
    days = (ready.date(), ready.date() + timedelta(days=1))
    runs = (at(day, hour) for day in days for hour in hours)
    return next(run for run in runs if run > ready) + timedelta(seconds=random.randrange(1_800))


def _day_at_store(plan: Plan, random: Random, day: date, store: Place) -> None:
    count = RECEIPTS[store.id] * (11 if day.weekday() >= 5 else 10) // 10
    for moment in sorted(_moment(random, day, 11, 21) for _ in range(count)):
        register = "1" if store is MONG_KOK else random.choice(("1", "1", "2"))
        _receipt(plan, random, store, register, moment)


def _receipt(plan: Plan, random: Random, store: Place, register: str, moment: datetime) -> None:
    earlier = [one for one in plan.receipts if one.store is store and one.register == register and one.kind == "sale"]
    chance = random.randrange(100)
    origin = random.choice(earlier) if earlier and chance < 6 else None
    lines = basket(random, day=moment.date()) if origin is None else origin.lines[:1]
    returned = {one.origin for one in plan.receipts if one.origin is not None}
    kind = "sale"
    if origin is not None:
        kind = "return" if origin not in returned else "no_sale"
    elif chance in (97, 98):
        kind = "training"
    elif chance == 99:
        kind = "no_sale"
    plan.receipts.append(
        Receipt(
            store=store,
            register=register,
            operator=str(30 + int(register)),
            at=moment,
            lines=() if kind == "no_sale" else lines,
            card=random.choice(plan.people.others).card if random.randrange(100) < 55 else "",
            kind=kind,
            origin=origin if kind == "return" else None,
            origin_lines=(0,) if kind == "return" else (),
            voided=Line(article=ARTICLES[12]) if kind == "sale" and chance in (20, 21, 22) else None,
            cash=random.randrange(100) < 35,
        )
    )


def _tablet_sale(plan: Plan, random: Random, moment: datetime) -> None:
    """The tablet reports its sales to Shopify, and the store's own software exports them as receipts too."""
    account = random.choice(plan.people.accounts) if random.randrange(100) < 70 else None
    card = account.person.card if account is not None and random.randrange(100) < 60 else ""
    lines = basket(random, day=moment.date())
    order = WebOrder(
        place=len(plan.orders),
        at=moment,
        account=account,
        lines=lines,
        source="pos",
        gateway="cash" if random.randrange(100) < 30 else "shopify_payments",
    )
    plan.orders.append(order)
    plan.receipts.append(
        Receipt(
            store=MONG_KOK,
            register="2",
            operator="32",
            at=moment,
            lines=lines,
            card=card,
            cash=order.gateway == "cash",
            web=order,
        )
    )
