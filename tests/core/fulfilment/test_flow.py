"""An order from placed to handed over, and every step that the table does not have."""

from datetime import timedelta
from itertools import product
from typing import get_args

import pytest

from omo_adapters.shop import Shop, memory_shop
from omo_adapters.testing.samples import START, counted, granted, handed, held, line, refund, sale
from omo_core.decisions import Accepted, Refused
from omo_core.fulfilment import (
    CancelOrder,
    CollectOrder,
    MarkReady,
    Missing,
    NotInStore,
    OrderExists,
    OrderLine,
    OrderUnknown,
    PlacePickupOrder,
    WrongState,
    order,
)
from omo_core.fulfilment.flow import TRANSITIONS, State, Step, allowed
from omo_core.identifiers import HoldId, LocationId, OrderId, ProfileId, RequestId, Sku
from omo_core.loyalty import simple_programme
from tests.shell.asking import everything

O1, S1, TEE = OrderId("o1"), LocationId("S1"), Sku("TEE")
AT = START + timedelta(minutes=30)
WAITS = line(handing="pickup", location="S1", units=2)


@pytest.fixture
def shop() -> Shop:
    opened = memory_shop(simple_programme("HKD", per=100, zone_name="Asia/Hong_Kong"), now=lambda: AT)
    opened.record(counted(5))
    return opened


def placed(*lines: OrderLine, hold: str | None = None, request: str = "place") -> PlacePickupOrder:
    return PlacePickupOrder(
        request=RequestId(request),
        at=AT,
        order=O1,
        profile=ProfileId("p1"),
        location=S1,
        currency="HKD",
        lines=lines or (OrderLine(line="1", sku=TEE, units=2, amount=20_000),),
        hold=None if hold is None else HoldId(hold),
    )


def asked(kind: type, request: str) -> object:
    return kind(request=RequestId(request), at=AT, order=O1)


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([], "unknown"),
        ([sale("o1", 1, WAITS, status="open")], "open"),
        ([sale("o1", 1, WAITS)], "placed"),
        ([sale("o1", 1, WAITS), handed(units=1)], "part_handed_over"),
        ([sale("o1", 1, WAITS), handed(units=2)], "handed_over"),
        ([sale("o1", 1, WAITS), handed(units=2, cancelled=True)], "placed"),
        ([sale("o1", 1, WAITS), refund(units=2, restock="cancel")], "cancelled"),
        ([sale("o1", 1, WAITS), refund(units=1, restock="cancel"), handed(units=1)], "handed_over"),
        ([sale("o1", 1, WAITS, status="cancelled")], "cancelled"),
        ([sale("o1", 1)], "handed_over"),
        ([sale("o1", 1, WAITS), handed(order="o2", units=2)], "placed"),
    ],
)
def test_the_state_is_read_off_what_happened(events: list[object], state: str) -> None:
    assert order(O1, events).state == state
    assert order(O1, events[::-1]).state == state


def test_an_order_is_placed_made_ready_and_collected(shop: Shop) -> None:
    assert isinstance(shop.execute(placed()), Accepted)
    assert (shop.order(O1).state, shop.stock(TEE).free(S1, AT), shop.stock(TEE).on_hand(S1)) == ("placed", 3, 5)
    assert isinstance(shop.execute(asked(MarkReady, "ready")), Accepted)
    assert shop.order(O1).state == "ready"
    assert isinstance(shop.execute(asked(CollectOrder, "collect")), Accepted)
    assert (shop.order(O1).state, shop.stock(TEE).free(S1, AT), shop.stock(TEE).on_hand(S1)) == ("handed_over", 3, 3)
    assert shop.account(ProfileId("p1")).earned == 200


def test_a_cancelled_order_gives_units_and_points_back(shop: Shop) -> None:
    shop.execute(placed())
    assert shop.account(ProfileId("p1")).spendable == 200
    assert isinstance(shop.execute(asked(CancelOrder, "cancel")), Accepted)
    assert (shop.order(O1).state, shop.stock(TEE).free(S1, AT)) == ("cancelled", 5)
    assert shop.account(ProfileId("p1")).spendable == 0


def test_the_baskets_own_hold_is_free_to_its_order_and_ends_with_it(shop: Shop) -> None:
    shop.record(held("mine", 4, 29, until=60), granted())
    assert isinstance(shop.execute(placed(OrderLine(line="1", sku=TEE, units=5, amount=1), hold="mine")), Accepted)
    assert shop.stock(TEE).held(S1, AT) == 0
    assert shop.stock(TEE).free_raw(S1, AT) == 0


def test_demand_is_summed_over_lines_before_it_is_checked(shop: Shop) -> None:
    lines = [OrderLine(line=name, sku=TEE, units=3, amount=1) for name in ("1", "2")]
    refused = shop.execute(placed(*lines))
    assert refused == Refused(NotInStore(location=S1, missing=(Missing(sku=TEE, asked=6, free=5),)))


COMMANDS: dict[Step, type] = {"mark_ready": MarkReady, "collect": CollectOrder, "cancel": CancelOrder}
HISTORIES: dict[State, list[object]] = {
    "unknown": [],
    "open": [sale("o1", 1, WAITS, status="open")],
    "placed": [sale("o1", 1, WAITS)],
    "part_handed_over": [sale("o1", 1, WAITS), handed(units=1)],
    "handed_over": [sale("o1", 1, WAITS), handed(units=2)],
    "cancelled": [sale("o1", 1, WAITS, status="cancelled", ended_at=AT)],
}


@pytest.mark.parametrize(("state", "step"), list(product(HISTORIES, COMMANDS)))
def test_a_step_that_the_table_does_not_have_is_refused_and_changes_nothing(
    shop: Shop, state: State, step: Step
) -> None:
    shop.record(*HISTORIES[state])
    before = everything(shop)
    answer = shop.execute(asked(COMMANDS[step], "r"))
    if allowed(state, step):
        assert isinstance(answer, Accepted)
    else:
        expected = OrderUnknown(order=O1) if state == "unknown" else WrongState(order=O1, state=state, asked=step)
        assert answer == Refused(expected)
        assert everything(shop) == before


def test_an_order_is_collected_once(shop: Shop) -> None:
    shop.execute(placed())
    shop.execute(asked(CollectOrder, "first"))
    again = shop.execute(asked(CollectOrder, "second"))
    assert again == Refused(WrongState(order=O1, state="handed_over", asked="collect"))
    assert shop.stock(TEE).on_hand(S1) == 3


def test_an_order_that_exists_is_not_placed_again(shop: Shop) -> None:
    shop.execute(placed())
    assert shop.execute(placed(request="another")) == Refused(OrderExists(order=O1))


def test_every_state_of_the_table_is_a_state() -> None:
    states = {state for state, _ in TRANSITIONS} | set(TRANSITIONS.values())
    assert states <= set(get_args(State))
    assert {step for _, step in TRANSITIONS} == set(get_args(Step))
