"""What the programme's terms say to points that pay for an order, whichever command they are asked with."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from omo_adapters.shop import Shop, memory_shop, open_shop
from omo_adapters.testing.samples import START, granted, line, moment, refund, sale, seen
from omo_core.decisions import Accepted, Refused
from omo_core.instants import zone
from omo_core.loyalty import (
    CaptureHold,
    CurrencyNotRedeemable,
    Earning,
    Expiry,
    HoldPoints,
    MemberUnknown,
    MoreThanHeld,
    NotAStep,
    NotRedeemableHere,
    OverLimit,
    Programme,
    RedeemPoints,
    Redemption,
    TransferPoints,
    Version,
)

NOW = START + timedelta(days=1)
ASKED = {"at": moment(30), "profile": "p1", "currency": "HKD"}


def programme(unit: str = "points", *redemptions: Redemption) -> Programme:
    version = Version(
        earnings=() if unit != "points" else (Earning(currency="HKD", per=1000),),
        redemptions=redemptions or (Redemption(currency="HKD", amount=1),),
        expiry=Expiry(kind="never"),
    )
    return Programme(zone=zone("Asia/Hong_Kong"), versions=(version,), unit=unit)


@pytest.fixture(params=["memory", "sqlite"])
def shop_of(request: pytest.FixtureRequest) -> Iterator[object]:
    """Open shops; on SQLite every question is answered by a new process, as far as the shop can tell."""
    opened = []

    def of(rules: Programme) -> Shop:
        shop = memory_shop(rules, now=lambda: NOW) if request.param == "memory" else open_shop(":memory:", rules)
        opened.append(shop)
        shop.record(granted(points=10_000, never_expires=True))
        return shop

    yield of
    for shop in opened:
        shop.close()


def reason(answer: object) -> object:
    assert isinstance(answer, Refused), answer
    return answer.reason


HALF = Redemption(currency="HKD", amount=100, max_percent=50, max_amount=5_000, maximum=80)


def test_the_limits_of_an_order_are_for_all_that_pays_for_it_together(shop_of) -> None:
    shop = shop_of(programme("points", HALF))
    wish = {**ASKED, "order": "O1", "order_amount": 10_000}
    assert isinstance(shop.execute(RedeemPoints(request="1", points=20, **wish)), Accepted)
    assert isinstance(shop.execute(HoldPoints(request="2", points=20, hold="h", **wish)), Accepted)
    shop.forget_states()
    over = OverLimit(asked=11, allowed=10, limit="max_amount")
    assert reason(shop.execute(RedeemPoints(request="3", points=11, **wish))) == over
    assert reason(shop.execute(HoldPoints(request="4", points=11, hold="h2", **wish))) == over
    assert isinstance(shop.execute(RedeemPoints(request="5", points=10, **wish)), Accepted)
    captured = shop.execute(CaptureHold(request="6", points=20, hold="h", at=moment(31), profile="p1"))
    assert isinstance(captured, Accepted)
    assert [(event.amount, event.currency, event.order) for event in captured.events] == [(2_000, "HKD", "O1")]
    assert isinstance(shop.execute(RedeemPoints(request="7", points=50, **{**wish, "order": "O2"})), Accepted)


def test_what_comes_back_makes_room_again(shop_of) -> None:
    shop = shop_of(programme("points", HALF))
    wish = {**ASKED, "order": "o1", "order_amount": 10_000}
    assert isinstance(shop.execute(RedeemPoints(request="1", points=50, **wish)), Accepted)
    shop.record(sale("o1", 30, line("1", 5_000), line("2", 5_000), tenders=[("points", 5_000), ("cash", 5_000)]))
    shop.record(refund(amount=5_000, when=40, tenders=[("points", 2_500), ("cash", 2_500)]))
    later = {**wish, "at": moment(50), "order_amount": 0}
    assert reason(shop.execute(RedeemPoints(request="2", points=1, **later))) == OverLimit(
        asked=1, allowed=0, limit="max_percent"
    )


def test_an_order_that_is_known_needs_no_telling_what_it_costs(shop_of) -> None:
    shop = shop_of(programme("points", Redemption(currency="HKD", amount=100)))
    shop.record(sale("o1", 5))
    wish = {**ASKED, "order": "o1"}
    over = OverLimit(asked=101, allowed=100, limit="order")
    assert reason(shop.execute(RedeemPoints(request="1", points=101, **wish))) == over
    assert isinstance(shop.execute(RedeemPoints(request="2", points=40, **wish)), Accepted)
    shop.forget_states()
    assert reason(shop.execute(RedeemPoints(request="3", points=61, **wish))) == OverLimit(
        asked=61, allowed=60, limit="order"
    )
    shop.record(refund(when=35))
    for told in (0, 10_000):
        ask = RedeemPoints(request=f"4/{told}", points=1, **{**wish, "at": moment(36), "order_amount": told})
        assert reason(shop.execute(ask)) == OverLimit(asked=1, allowed=0, limit="order")


STRICT = Redemption(currency="HKD", points=10, amount=100, minimum=100, maximum=200, channels=("web",), stores=())


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ({"points": 105}, NotAStep(asked=105, step=10, minimum=100)),
        ({"points": 90}, NotAStep(asked=90, step=10, minimum=100)),
        ({"points": 210}, OverLimit(asked=210, allowed=200, limit="maximum")),
        ({"points": 100, "channel": "store"}, NotRedeemableHere(channel="store", store="")),
        ({"points": 100, "currency": "TWD"}, CurrencyNotRedeemable(currency="TWD")),
    ],
)
def test_a_hold_is_asked_what_a_redemption_is_asked(shop_of, wish: dict[str, object], expected: object) -> None:
    shop = shop_of(programme("points", STRICT))
    asked = {**ASKED, **wish}
    assert reason(shop.execute(RedeemPoints(request="r", **asked))) == expected
    assert reason(shop.execute(HoldPoints(request="h", hold="h", **asked))) == expected
    assert isinstance(
        shop.execute(HoldPoints(request="o", hold="o", points=200, at=moment(30), profile="p1")), Accepted
    )
    caught = Accepted if wish == {"points": 90} else Refused  # a hold may be captured in parts
    assert isinstance(shop.execute(CaptureHold(request="c", hold="o", **asked)), caught)


def test_a_capture_is_for_the_order_and_the_money_that_the_hold_was_opened_for(shop_of) -> None:
    shop = shop_of(programme("points", Redemption(currency="HKD", amount=100)))
    wish = {**ASKED, "order": "O1", "order_amount": 1_000}
    assert isinstance(shop.execute(HoldPoints(request="h", hold="h", points=10, **wish)), Accepted)
    ask = {"at": moment(31), "profile": "p1", "hold": "h"}
    assert reason(shop.execute(CaptureHold(request="1", points=11, **ask))) == MoreThanHeld(hold="h", asked=11, held=10)
    assert reason(shop.execute(CaptureHold(request="2", points=9, currency="TWD", **ask))) == CurrencyNotRedeemable(
        currency="TWD"
    )
    answer = shop.execute(CaptureHold(request="3", points=9, **ask))
    assert isinstance(answer, Accepted)
    assert [(event.order, event.currency, event.amount) for event in answer.events] == [("O1", "HKD", 900)]


def test_store_credit_never_pays_in_another_money(shop_of) -> None:
    shop = shop_of(programme("HKD"))
    shop.record(sale("taipei", 5, currency="TWD"))
    wish = {"at": moment(30), "profile": "p1", "points": 100}
    twd = CurrencyNotRedeemable(currency="TWD")
    assert reason(shop.execute(RedeemPoints(request="1", currency="TWD", **wish))) == twd
    assert reason(shop.execute(RedeemPoints(request="2", order="taipei", **wish))) == twd
    assert reason(shop.execute(HoldPoints(request="3", hold="a", order="taipei", **wish))) == twd
    assert isinstance(shop.execute(HoldPoints(request="4", hold="b", **wish)), Accepted)
    assert reason(shop.execute(CaptureHold(request="5", hold="b", order="taipei", **wish))) == twd
    answer = shop.execute(RedeemPoints(request="6", **wish))
    assert isinstance(answer, Accepted)
    assert [(event.currency, event.amount) for event in answer.events] == [("HKD", 100)]


def test_nobody_gives_points_to_a_record_that_was_never_seen(shop_of) -> None:
    shop = shop_of(programme())
    ask = {"at": moment(30), "profile": "p1", "receiver": "crm:typo", "points": 5}
    assert reason(shop.execute(TransferPoints(request="1", **ask))) == MemberUnknown(profile="crm:typo")
    shop.record(seen("crm:typo"))
    assert isinstance(shop.execute(TransferPoints(request="2", **ask)), Accepted)
