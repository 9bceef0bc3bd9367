"""An account of 1,000 events folded, against the ``eventsourcing`` library replaying the same 1,000.

Both keep the events in SQLite and are asked for the account afresh: read, decode, fold. Its aggregate has the easier
task (points per lot; no expiry, no tiers, no late events, no records that turn out to be one person), and neither
takes snapshots.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from benchmarks.arms import SEED, Arm, Figure, Goal, Table, alternate, per_operation
from benchmarks.workload import START, programme, rules
from omo_adapters.shop import open_shop
from omo_adapters.states import read_person
from omo_core.events import Event
from omo_core.identifiers import EventId, LocationId, OrderId, ProfileId, Sku
from omo_core.loyalty import PointsRedeemed, account, fold
from omo_core.trade import Refund, RefundLine, Sale, SaleLine, Tender

PROFILE = ProfileId("crm:88")
EVENTS = 1_000


def history(count: int = EVENTS, seed: int = SEED) -> list[Event]:
    """Give what one busy member did: of ten events seven purchases, two redemptions, one return of a whole line."""
    chance = Random(seed)
    events: list[Event] = []
    sales: list[Sale] = []
    for number in range(count):
        at = START + timedelta(hours=9 * number)
        which = number % 10
        if which in (3, 6):
            events.append(_redeemed(number, at))
        elif which == 9:
            events.append(_refund(number, at, sales[-2]))
        else:
            sales.append(_sale(number, at, chance))
            events.append(sales[-1])
    return events


def _sale(number: int, at: datetime, chance: Random) -> Sale:
    lines = tuple(
        SaleLine(
            line=str(place), sku=Sku(f"SKU-{chance.randrange(2000)}"), units=1, amount=chance.randrange(900, 60_000)
        )
        for place in range(chance.choice((1, 2, 3)))
    )
    return Sale(
        id=EventId(f"sale/till:{number}"),
        at=at,
        source="till:S1",
        order=OrderId(f"till:{number}"),
        profile=PROFILE,
        location=LocationId("S1"),
        currency="HKD",
        lines=lines,
        tenders=(Tender(kind="card", amount=sum(line.amount for line in lines)),),
    )


def _redeemed(number: int, at: datetime) -> PointsRedeemed:
    name = EventId(f"redemption/{number}")
    return PointsRedeemed(id=name, at=at, source="omo", profile=PROFILE, points=100, amount=500, currency="HKD")


def _refund(number: int, at: datetime, sale: Sale) -> Refund:
    first = sale.lines[0]
    line = RefundLine(line=first.line, sku=first.sku, units=first.units, amount=first.amount, restock="return")
    name = EventId(f"refund/{number}")
    return Refund(id=name, at=at, source="till:S1", order=sale.order, currency="HKD", lines=(line,))


class PointsAccount(Aggregate):
    """The account as an aggregate of ``eventsourcing``."""

    @event("Opened")
    def __init__(self, profile: str) -> None:
        self.profile = profile
        self.lots: dict[str, int] = {}
        self.orders: dict[str, int] = {}
        self.spent = 0
        self.debt = 0

    @event("Bought")
    def buy(self, order: str, at: datetime, lines: list[dict[str, Any]], tenders: list[dict[str, Any]]) -> None:
        amount = sum(line["amount"] for line in lines)
        self.orders[order] = amount
        self.lots[order] = amount // 100

    @event("Redeemed")
    def redeem(self, name: str, at: datetime, points: int) -> None:
        self.spent += points
        self._take(points)

    @event("Returned")
    def give_back(self, order: str, at: datetime, lines: list[dict[str, Any]]) -> None:
        left = self.orders[order] - sum(line["amount"] for line in lines)
        lost = self.orders[order] // 100 - left // 100
        self.orders[order] = left
        own = min(lost, self.lots[order])
        self.lots[order] -= own
        self._take(lost - own)

    def _take(self, points: int) -> None:
        for order in list(self.lots):
            if points == 0:
                return
            taken = min(points, self.lots[order])
            self.lots[order] -= taken
            points -= taken
            if self.lots[order] == 0 and taken:
                del self.lots[order]
                self.lots[order] = 0
        self.debt += points


class Accounts(Application[UUID]):
    """Accounts in SQLite."""

    def open(self, events: Sequence[Event]) -> PointsAccount:
        """Let the same things happen to an account, and keep it."""
        opened = PointsAccount(profile=PROFILE)
        for one in events:
            if isinstance(one, Sale):
                lines = [{"line": x.line, "sku": x.sku, "units": x.units, "amount": x.amount} for x in one.lines]
                opened.buy(one.order, one.at, lines, [{"kind": x.kind, "amount": x.amount} for x in one.tenders])
            elif isinstance(one, PointsRedeemed):
                opened.redeem(one.id, one.at, one.points)
            elif isinstance(one, Refund):
                back = [{"line": x.line, "sku": x.sku, "units": x.units, "amount": x.amount} for x in one.lines]
                opened.give_back(one.order, one.at, back)
        self.save(opened)
        return opened


def measure(folder: Path, rounds: int = 15, count: int = EVENTS) -> list[Figure]:
    """Measure an account asked afresh, from the store and from events that are decoded already."""
    events = history(count)
    shop = open_shop(folder / "fold.sqlite3", rules())
    shop.record(*events)
    env = {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(folder / "eventsourcing.sqlite3")}
    accounts = Accounts(env=env)
    kept = accounts.open(events)
    replayable = list(accounts.events.get(kept.id))
    rule, identity = programme(), rules().identity

    def from_store(_: int) -> float:
        return per_operation(1, lambda: read_person(shop.journal, PROFILE, (rule,), identity))

    def replay(_: int) -> float:
        def run() -> None:
            mutated: PointsAccount | None = None
            for one in replayable:
                mutated = one.mutate(mutated)  # type: ignore[attr-defined]  # its protocol leaves it out

        return per_operation(1, run)

    def reopened(_: int) -> float:
        # The memo was kept beside the journal by the first question; a process that starts later finds it.
        shop.forget_states()
        return per_operation(1, lambda: shop.account(PROFILE))

    shop.account(PROFILE)
    seen = alternate(
        [
            Arm("omo", from_store),
            Arm("eventsourcing", lambda _: per_operation(1, lambda: accounts.repository.get(kept.id))),
            Arm("omo fold", lambda _: per_operation(1, lambda: fold(rule, events, {PROFILE}))),
            Arm("eventsourcing replay", replay),
            Arm("omo reopened", reopened),
            Arm("omo asked again", lambda _: per_operation(1, lambda: shop.account(PROFILE))),
        ],
        rounds,
    )
    end = shop.now()
    if shop.account(PROFILE, as_of=end) != account(rule, events, {PROFILE}, end):
        raise ValueError("the stored account is not the folded one")
    shop.close()
    accounts.close()
    table = Table(section=f"An account of {count:,} events against eventsourcing", unit="account", operations=1)
    table.add("read, decode and fold, from SQLite", seen, ("omo", "eventsourcing"), Goal(bound=10))
    table.add("fold of decoded events", seen, ("omo fold", "eventsourcing replay"))
    kept_beside = "omo keeps what it has folded beside the journal; eventsourcing takes no snapshots here"
    table.add("asked by a new process, memo kept", seen, ("omo reopened", "eventsourcing"), note=kept_beside)
    table.add("asked again by the same process", seen, ("omo asked again", "eventsourcing"))
    return table.figures
