"""Bad wishes about points: each has one typed answer that names what is wrong, and nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from omo_adapters.desk import Rules
from omo_adapters.shop import Shop, memory_shop, open_shop
from omo_core.decisions import Accepted, Refused
from omo_core.errors import Malformed
from omo_core.instants import zone
from omo_core.loyalty import (
    AdjustPoints,
    CaptureHold,
    Earning,
    Expiry,
    HoldPoints,
    PointsGranted,
    Programme,
    RedeemPoints,
    Redemption,
    TransferPoints,
    Version,
    VoidHold,
)

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
HELD = AT + timedelta(minutes=1)
NOW = AT + timedelta(minutes=5)
POINTS = Programme(
    zone=zone("Asia/Hong_Kong"),
    versions=(
        Version(
            name="2026",
            since=datetime(2026, 1, 1, tzinfo=UTC),
            earnings=(Earning(currency="HKD", per=100),),
            redemptions=(
                Redemption(currency="HKD", points=10, amount=100, minimum=20, maximum=80, channels=("store",)),
                Redemption(currency="TWD", amount=1, bands=((1000, 50),), max_percent=50),
            ),
            expiry=Expiry(kind="never"),
        ),
    ),
)
CREDIT = Programme(
    name="credit", unit="HKD", tender="store_credit", zone=POINTS.zone,
    versions=(Version(redemptions=(Redemption(currency="HKD", amount=1),)),),
)  # fmt: skip


def asks(what: type, **more: Any) -> Any:
    """Make a command with the usual things filled in."""
    return what(**{"request": "bad", "at": NOW, "profile": "crm:1"} | more)


def given(record: str, programme: str = "") -> PointsGranted:
    name = f"grant/{record}/{programme}"
    return PointsGranted(
        id=name, at=AT, profile=record, programme=programme, points=100, never_expires=True, reason="test"
    )


@pytest.fixture(params=["memory", "sqlite"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    """A member with 100 points: 30 held and captured, 20 held and run out, 15 held still; and HKD 1.00 of credit."""
    rules = Rules(programme=POINTS, more=(CREDIT,))
    if request.param == "memory":
        opened = memory_shop(rules, now=lambda: NOW)
    else:
        opened = open_shop(tmp_path / "shop.db", rules, now=lambda: NOW)
    with opened as shop:
        shop.record(given("crm:1"), given("crm:2"), given("crm:1", "credit"))
        story = (
            asks(HoldPoints, request="1", at=HELD, hold="captured", points=30),
            asks(HoldPoints, request="2", at=HELD, hold="over", points=20, until=HELD + timedelta(seconds=60)),
            asks(HoldPoints, request="3", at=HELD, hold="alive", points=15),
            asks(CaptureHold, request="4", at=HELD, hold="captured", points=30, order="W1"),
        )
        assert all(isinstance(answer, Accepted) for answer in shop.run(story))
        yield shop


REFUSED = {
    "more than there is": (asks(RedeemPoints, points=56), "not_enough_points", {"asked": 56, "spendable": 55}),
    "huge": (asks(RedeemPoints, points=10**12), "not_enough_points", {"asked": 10**12}),
    "money that points do not pay in": (
        asks(RedeemPoints, points=20, currency="JPY"), "currency_not_redeemable", {"currency": "JPY"},
    ),
    "money that does not exist": (
        asks(RedeemPoints, points=20, currency="GOLD"), "currency_not_redeemable", {"currency": "GOLD"},
    ),
    "store credit in other money": (
        asks(RedeemPoints, points=20, currency="TWD", programme="credit"), "currency_not_redeemable", {},
    ),
    "between two steps": (asks(RedeemPoints, points=25, currency="HKD"), "not_a_step", {"step": 10, "minimum": 20}),
    "below the minimum": (asks(RedeemPoints, points=10, currency="HKD"), "not_a_step", {"asked": 10}),
    "over the maximum": (
        asks(RedeemPoints, points=90, currency="HKD"), "over_limit", {"allowed": 80, "limit": "maximum"},
    ),
    "over half of the order": (
        asks(RedeemPoints, points=51, currency="TWD", order_amount=100), "over_limit", {"limit": "bands"},
    ),
    "in a channel of its own": (
        asks(RedeemPoints, points=20, currency="HKD", channel="web"), "not_redeemable_here", {"channel": "web"},
    ),
    "somebody nobody knows": (asks(RedeemPoints, points=1, profile="crm:9"), "member_unknown", {"profile": "crm:9"}),
    "points nobody knows": (asks(RedeemPoints, points=1, programme="stars"), "programme_not_open", {}),
    "before the programme began": (
        asks(RedeemPoints, points=1, at=datetime(2025, 12, 31, tzinfo=UTC)), "programme_not_open", {},
    ),
    "credit that is points": (asks(RedeemPoints, points=101, programme="credit"), "not_enough_points", {}),
    "taken by hand": (
        asks(AdjustPoints, points=-56, reason="x", actor="Mei"), "not_enough_points", {"asked": 56, "held": 15},
    ),
    "held twice": (asks(HoldPoints, hold="alive", points=1), "hold_taken", {"hold": "alive"}),
    "held again after it ended": (asks(HoldPoints, hold="over", points=1), "hold_taken", {"hold": "over"}),
    "held beyond what there is": (asks(HoldPoints, hold="new", points=56), "not_enough_points", {"spendable": 55}),
    "held huge": (asks(HoldPoints, hold="new", points=10**12), "not_enough_points", {}),
    "captured twice": (asks(CaptureHold, hold="captured", points=1), "hold_ended", {"how": "captured"}),
    "captured after its time": (asks(CaptureHold, hold="over", points=20), "hold_ended", {"how": "timed_out"}),
    "captured beyond what is held": (asks(CaptureHold, hold="alive", points=16), "more_than_held", {"held": 15}),
    "captured by somebody else": (
        asks(CaptureHold, hold="alive", points=1, profile="crm:2"), "hold_not_known", {"hold": "alive"},
    ),
    "captured of other points": (asks(CaptureHold, hold="alive", points=1, programme="credit"), "hold_not_known", {}),
    "captured of nothing": (asks(CaptureHold, hold="nothing", points=1), "hold_not_known", {"hold": "nothing"}),
    "let go twice": (asks(VoidHold, hold="captured"), "hold_ended", {"how": "captured"}),
    "let go after its time": (asks(VoidHold, hold="over"), "hold_ended", {"how": "timed_out"}),
    "let go by somebody else": (asks(VoidHold, hold="alive", profile="crm:2"), "hold_not_known", {}),
    "given away beyond what there is": (
        asks(TransferPoints, receiver="crm:2", points=56), "not_enough_points", {"asked": 56},
    ),
    "given by somebody nobody knows": (
        asks(TransferPoints, receiver="crm:2", points=1, profile="crm:9"), "member_unknown", {},
    ),
}  # fmt: skip

MALFORMED = {
    "a negative redemption": (asks(RedeemPoints, points=-5), "points"),
    "a redemption of nothing": (asks(RedeemPoints, points=0), "points"),
    "a redemption beyond all bounds": (asks(RedeemPoints, points=10**18), "points"),
    "half a point": (asks(RedeemPoints, points=0.5), "points"),
    "a yes for a number": (asks(RedeemPoints, points=True), "points"),
    "points as text": (asks(RedeemPoints, points="5"), "points"),
    "an order that costs less than nothing": (asks(RedeemPoints, points=5, order_amount=-1), "order_amount"),
    "an order that costs everything": (asks(RedeemPoints, points=5, order_amount=10**18), "order_amount"),
    "nobody": (asks(RedeemPoints, points=5, profile=""), "profile"),
    "a request without a name": (asks(RedeemPoints, points=5, request=""), "request"),
    "an adjustment of nothing": (asks(AdjustPoints, points=0, reason="x", actor="Mei"), "points"),
    "an adjustment without a reason": (asks(AdjustPoints, points=5, reason="", actor="Mei"), "reason"),
    "an adjustment by nobody": (asks(AdjustPoints, points=5, reason="x"), "actor"),
    "an adjustment that is over": (asks(AdjustPoints, points=5, reason="x", actor="Mei", expires_at=AT), "expires_at"),
    "an adjustment with two ends": (
        asks(AdjustPoints, points=5, reason="x", actor="Mei", expires_at=NOW + timedelta(1), never_expires=True),
        "never_expires",
    ),
    "an end of what is taken": (asks(AdjustPoints, points=-5, reason="x", actor="Mei", never_expires=True), "points"),
    "an adjustment beyond all bounds": (asks(AdjustPoints, points=-(10**18), reason="x", actor="Mei"), "points"),
    "a negative hold": (asks(HoldPoints, hold="h", points=-1), "points"),
    "a hold without a name": (asks(HoldPoints, hold="", points=1), "hold"),
    "a hold that is over": (asks(HoldPoints, hold="h", points=1, until=AT), "until"),
    "a negative capture": (asks(CaptureHold, hold="alive", points=-1), "points"),
    "a negative gift": (asks(TransferPoints, receiver="crm:2", points=-1), "points"),
    "a gift to oneself": (asks(TransferPoints, receiver="crm:1", points=1), "receiver"),
    "a gift to nobody": (asks(TransferPoints, receiver="", points=1), "receiver"),
}


def everything(shop: Shop) -> object:
    """All that a shop holds, and all that it says of the two members."""
    entries = shop.journal.after(0, limit=1000)  # type: ignore[attr-defined]  # every journal of ours is a feed
    said = [
        (shop.account(record, programme=name), shop.statement(record, programme=name))
        for record in ("crm:1", "crm:2")
        for name in ("", "credit")
    ]
    return [(entry.position, entry.event) for entry in entries], said


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_wish_is_refused_with_its_numbers_and_nothing_is_written(shop: Shop, name: str) -> None:
    command, kind, numbers = REFUSED[name]
    before = everything(shop)
    answer = shop.execute(command)
    assert isinstance(answer, Refused)
    assert answer.reason.kind == kind
    assert {field: getattr(answer.reason, field) for field in numbers} == numbers
    assert everything(shop) == before
    assert shop.execute(command) == answer


@pytest.mark.parametrize("name", MALFORMED)
def test_a_wish_that_means_nothing_names_its_field_and_nothing_is_written(shop: Shop, name: str) -> None:
    command, path = MALFORMED[name]
    before = everything(shop)
    with pytest.raises(Malformed) as raised:
        shop.execute(command)
    assert raised.value.path == path
    good = asks(RedeemPoints, request="good", points=1)
    with pytest.raises(Malformed):
        shop.run((good, command))
    assert everything(shop) == before


@pytest.mark.parametrize("at", ["2026-03-02", datetime(2026, 3, 2, 10), None])  # noqa: DTZ001 - that is the mistake
def test_an_instant_that_is_none_is_refused_before_anything_is_asked(shop: Shop, at: object) -> None:
    before = everything(shop)
    with pytest.raises(Malformed, match="at: "):
        shop.execute(asks(RedeemPoints, points=1, at=at))
    assert everything(shop) == before
