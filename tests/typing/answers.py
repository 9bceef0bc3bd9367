"""What a user writes about answers, and what the type checker knows about them. Checked, never run."""

from datetime import UTC, datetime
from typing import assert_never, assert_type

from omo_adapters.shop import Shop, memory_shop
from omo_core.decisions import Accepted, Refusal, Refused
from omo_core.events import Event
from omo_core.fulfilment import Order
from omo_core.loyalty import (
    Account,
    Case,
    Line,
    LoyaltyRefusal,
    NotEnoughPoints,
    RedeemPoints,
    account,
    decide_redeem,
    simple_programme,
)
from omo_core.members import DEFAULT_RULES, Member, Partition, resolve
from omo_core.ports import Feed, Journal, Recorded, Vault
from omo_core.stock import Movement, NotEnoughUnits, Short
from omo_core.trade import Sale

AT = datetime(2026, 11, 21, tzinfo=UTC)
PROGRAMME = simple_programme("HKD", per=100, zone_name="Asia/Hong_Kong")


def ask(shop: Shop) -> str:
    answer = shop.execute(RedeemPoints(request="r", at=AT, profile="p1", points=5))
    match answer:
        case Accepted(events=events):
            assert_type(events, tuple[Event, ...])
            return "yes"
        case Refused(reason=NotEnoughPoints(asked=asked, spendable=spendable)):
            assert_type(asked, int)
            return f"{asked - spendable} short"
        case Refused(reason=NotEnoughUnits(shortages=shortages)):
            assert_type(shortages, tuple[Short, ...])
            return "no stock"
        case Refused(reason=reason):
            assert_type(reason, Refusal)
            return reason.kind
        case _:
            assert_never(answer)


def decide_purely(case: Case, command: RedeemPoints) -> None:
    answer = decide_redeem(case, command)
    if isinstance(answer, Refused):
        assert_type(answer.reason, LoyaltyRefusal)


def look(shop: Shop, events: tuple[Event, ...]) -> None:
    assert_type(shop.record(*events), Recorded)
    assert_type(shop.member("p1"), Member | None)
    assert_type(shop.account("p1"), Account)
    assert_type(shop.statement("p1"), tuple[Line, ...])
    assert_type(shop.stock_ledger("TEE"), tuple[Movement, ...])
    assert_type(shop.order("o1"), Order)
    assert_type(shop.history("p1"), tuple[Event, ...])
    assert_type(account(PROGRAMME, events, ("p1",), AT), Account)
    assert_type(resolve(events, DEFAULT_RULES), Partition)
    for event in events:
        if isinstance(event, Sale):
            assert_type(event.shipping, int)


def plug(shop: Shop) -> None:
    journal: Journal = shop.journal
    vault: Vault = shop.vault
    Shop(journal, vault, shop.rules)


def feed(feed: Feed) -> None:
    for entry in feed.after(0, limit=10):
        assert_type(entry.event, Event)
        assert_type(entry.recorded_at, datetime)


def what_is_wrong_is_seen() -> None:
    shop = memory_shop(PROGRAMME)
    shop.execute(RedeemPoints(request="r", at=AT, profile="p1", points="5"))  # type: ignore[arg-type]
    RedeemPoints(request="r", at=AT, profile="p1")  # type: ignore[call-arg]
    Refused(None)  # type: ignore[type-var]
