"""Where several reasons apply, the first in ``refusals.py`` is given: one row per pair that can meet."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest

import omo_core
from omo_adapters.shop import memory_shop
from omo_adapters.testing.samples import START, counted, granted, held, line, sale
from omo_core.decisions import Refused
from omo_core.fulfilment import CollectOrder, OrderLine, PlacePickupOrder
from omo_core.fulfilment import refusals as of_orders
from omo_core.identifiers import HoldId, LocationId, OrderId, ProfileId, RequestId, Sku
from omo_core.instants import zone
from omo_core.loyalty import Earning, Programme, RedeemPoints, Redemption, Version
from omo_core.loyalty import refusals as of_points
from omo_core.loyalty.commands import AdjustPoints, CaptureHold, HoldPoints, TransferPoints
from omo_core.stock import AllocateLine, HoldUnits, ReleaseHold, Wanted
from omo_core.stock import refusals as of_stock

AT = START + timedelta(minutes=30)
LATER = START + timedelta(days=9)
PROGRAMME = Programme(
    zone=zone("Asia/Hong_Kong"),
    versions=(
        Version(
            since=START,
            earnings=(Earning(currency="HKD", per=100),),
            redemptions=(
                Redemption(currency="HKD", points=10, amount=100, maximum=50, stores=("S1",)),
                Redemption(currency="JPY", amount=1),
            ),
        ),
    ),
)
COMMON = {"request": RequestId("r"), "profile": ProfileId("p1")}
WAITS = line(handing="pickup", location="S1", units=2)


def redeem(**asked: object) -> RedeemPoints:
    return RedeemPoints(**{**COMMON, "at": AT, "points": 7_000_001, "currency": "USD", "store": "S9", **asked})


def _again(**asked: object) -> AdjustPoints:
    return AdjustPoints(
        **{**COMMON, "at": AT, "points": 5, "reason": "hello", "actor": "ann", "once": "welcome", **asked}
    )


def hold(**asked: object) -> HoldUnits:
    lines = (Wanted(sku=Sku("TEE"), units=99),)
    return HoldUnits(
        **{"request": RequestId("r"), "at": AT, "hold": HoldId("b1"), "lines": lines, "until": LATER, **asked}
    )


def place(order: str) -> PlacePickupOrder:
    wanted = OrderLine(line="1", sku=Sku("TEE"), units=99, amount=1)
    return PlacePickupOrder(
        request=RequestId("r"), at=AT, order=OrderId(order), location=LocationId("S1"), currency="HKD", lines=(wanted,)
    )


@pytest.mark.parametrize(
    ("told", "command", "first"),
    [
        # Each row takes away what was given as the reason in the row before; everything else stays wrong.
        ([], redeem(at=START - timedelta(days=1)), of_points.MemberUnknown),
        ([granted()], redeem(at=START - timedelta(days=1)), of_points.ProgrammeNotOpen),
        ([granted()], redeem(), of_points.CurrencyNotRedeemable),
        ([granted()], redeem(currency="HKD"), of_points.NotRedeemableHere),
        ([granted()], redeem(currency="HKD", store="S1"), of_points.NotAStep),
        ([granted()], redeem(currency="HKD", store="S1", points=7_000_000), of_points.OverLimit),
        ([granted(points=10)], redeem(currency="HKD", store="S1", points=50), of_points.NotEnoughPoints),
        ([], HoldPoints(**COMMON, at=AT, hold=HoldId("b1"), points=10**6), of_points.MemberUnknown),
        ([granted()], HoldPoints(**COMMON, at=AT, hold=HoldId("b1"), points=10**6), of_points.NotEnoughPoints),
        ([granted()], CaptureHold(**COMMON, at=AT, hold=HoldId("b1"), points=10**6), of_points.HoldNotKnown),
        ([granted(once="welcome")], _again(at=START - timedelta(days=1)), of_points.ProgrammeNotOpen),
        ([granted(once="welcome")], _again(), of_points.GivenBefore),
        (
            [granted()],
            TransferPoints(**COMMON, at=START - timedelta(days=1), receiver=ProfileId("p2"), points=10**6),
            of_points.ProgrammeNotOpen,
        ),
        ([counted(1), held("b1", location=None, until=LATER)], hold(), of_stock.HoldExists),
        ([counted(1)], hold(), of_stock.NotEnoughUnits),
        ([], ReleaseHold(request=RequestId("r"), at=AT, hold=HoldId("b1"), sku=Sku("TEE")), of_stock.HoldUnknown),
        (
            [held("b1", until=20)],
            ReleaseHold(request=RequestId("r"), at=AT, hold=HoldId("b1"), sku=Sku("TEE")),
            of_stock.HoldUnknown,
        ),
        (
            [],
            AllocateLine(
                request=RequestId("r"), at=AT, order="o1", line="1", sku=Sku("TEE"), location=LocationId("S1")
            ),
            of_stock.LineUnknown,
        ),
        ([sale("o1", 1, WAITS)], place("o1"), of_orders.OrderExists),
        ([sale("o1", 1, WAITS)], place("o2"), of_orders.NotInStore),
        ([], CollectOrder(request=RequestId("r"), at=AT, order=OrderId("o1")), of_orders.OrderUnknown),
        ([sale("o1", 1)], CollectOrder(request=RequestId("r"), at=AT, order=OrderId("o1")), of_orders.WrongState),
    ],
)
def test_the_first_reason_is_given(told: list[object], command: object, first: type) -> None:
    shop = memory_shop(PROGRAMME, now=lambda: LATER)
    if told:
        shop.record(*told)
    answer = shop.execute(command)
    assert isinstance(answer, Refused)
    assert type(answer.reason) is first


def test_a_request_that_was_answered_goes_before_every_other_reason() -> None:
    shop = memory_shop(PROGRAMME, now=lambda: LATER)
    shop.execute(redeem())
    other = redeem(points=5)
    answer = shop.execute(other)
    assert isinstance(answer, Refused)
    assert answer.reason.kind == "request_reused"


PRECEDENCE = {
    "loyalty": "member_unknown programme_not_open currency_not_redeemable not_redeemable_here not_a_step over_limit "
    "hold_taken hold_not_known hold_ended more_than_held same_member given_before "
    "tier_unknown nothing_expired not_enough_points",
    "stock": "hold_exists hold_unknown line_unknown allocation_unknown picking_underway not_allocated_there "
    "more_than_awaited was_short transfer_exists short not_enough_units promised_to_others full slots_full",
    "fulfilment": "order_exists order_unknown wrong_state goods_elsewhere missing not_in_store",
}


@pytest.mark.parametrize("context", PRECEDENCE)
def test_the_order_in_the_file_is_the_order_of_precedence(context: str) -> None:
    path = Path(omo_core.__file__).parent / context / "refusals.py"
    kinds = [
        statement.value.value
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef)
        for statement in node.body
        if isinstance(statement, ast.AnnAssign) and ast.unparse(statement.target) == "kind"
    ]
    assert kinds == PRECEDENCE[context].split()
