"""An order becomes a sale."""

from datetime import UTC, datetime

import pytest

from omo_adapters.inbound import Context, Ignored, NotUnderstood
from omo_adapters.shopify import Setting
from omo_adapters.shopify.orders import FINANCIAL
from omo_core.identifiers import EventId, LocationId, OrderId, ProfileId, Sku
from omo_core.trade import Sale, SaleLine, Tender
from tests.adapters.shopify.bodies import Body, line, money, only, order, outcome, refund, refunded_line

NOON = datetime(2026, 1, 5, 4, tzinfo=UTC)
UPDATED = 1_767_585_603_000_000
PAID = 4


def sale(**changes: object) -> Sale:
    found = only("orders/updated", order(**changes))
    assert isinstance(found, Sale)
    return found


def test_a_web_order_is_a_sale_to_be_shipped() -> None:
    assert sale() == Sale(
        id=EventId("sale/shopify:5001"),
        at=NOON,
        version=UPDATED + PAID,
        source="shopify",
        order=OrderId("shopify:5001"),
        profile=ProfileId("shopify:7"),
        channel="web",
        currency="HKD",
        lines=(SaleLine(line="11", sku=Sku("TEE"), units=2, amount=200_00, handing="ship"),),
        tenders=(Tender(kind="card", amount=200_00),),
        status="paid",
    )


def test_an_order_of_a_till_is_carried_out_and_known_by_its_receipt_too() -> None:
    found = sale(
        source_name="pos",
        location_id=905684977,
        user_id=42,
        source_identifier="905684977-3-1002",
        payment_gateway_names=["cash"],
        total_cash_rounding_payment_adjustment_set=money("-0.05"),
    )
    assert (found.channel, found.location, found.staff) == ("store", LocationId("S1"), "shopify:42")
    assert found.also == (OrderId("till:S1/3/1002"),)
    assert [(one.handing, one.location) for one in found.lines] == [("carried", "S1")]
    assert found.tenders == (Tender(kind="cash", amount=199_95),)
    assert found.lines[0].amount == 200_00


def test_a_till_sale_that_is_shipped_leaves_no_stock_of_the_store() -> None:
    found = sale(source_name="pos", location_id=905684977, shipping_lines=[{"price": "30.00", "code": "SF"}])
    assert [(one.handing, one.location) for one in found.lines] == [("ship", None)]
    assert (found.location, found.shipping) == (LocationId("S1"), 30_00)


@pytest.mark.parametrize("identifier", ["", "1002", "905684977-3", "abc-3-1002", "905684977--1002"])
def test_what_is_not_a_receipt_number_names_no_receipt(identifier: str) -> None:
    assert sale(source_name="pos", source_identifier=identifier).also == ()


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("pending", "open"),
        ("authorized", "open"),
        ("expired", "open"),
        ("partially_paid", "open"),
        ("paid", "paid"),
        ("partially_refunded", "paid"),
        ("refunded", "paid"),
        ("voided", "open"),
    ],
)
def test_each_financial_state_says_whether_the_sale_is_paid(state: str, status: str) -> None:
    found = sale(financial_status=state)
    assert found.status == status
    assert bool(found.tenders) is (status == "paid")


def test_every_financial_state_has_its_own_place_within_a_second() -> None:
    assert sorted(progress for _, progress in FINANCIAL.values()) == list(range(8))


def test_within_one_second_the_state_that_is_further_along_counts() -> None:
    versions = [sale(financial_status=state).version for state in ("pending", "authorized", "paid", "refunded")]
    assert versions == sorted(set(versions))
    assert sale(cancelled_at="2026-01-05T12:00:03+08:00", financial_status="pending").version > versions[-1]


def test_a_financial_state_that_nobody_knows_waits_in_quarantine() -> None:
    found = outcome("orders/create", order(financial_status="disputed"))
    assert found == NotUnderstood(path="financial_status", reason="'disputed' is not one that is known")


def test_a_cancelled_order_says_when_it_ended() -> None:
    found = sale(cancelled_at="2026-01-05T13:00:00+08:00", financial_status="voided")
    assert (found.status, found.ended_at) == ("cancelled", datetime(2026, 1, 5, 5, tzinfo=UTC))


def test_a_test_order_means_nothing_unless_asked_for() -> None:
    assert outcome("orders/create", order(test=True)) == Ignored(reason="test order")
    assert only("orders/create", order(test=True), Setting(Context(key=b"k"), test_orders=True)).status == "paid"


def test_discounts_are_taken_off_and_tax_on_top_is_added() -> None:
    taxed = line(
        price="100.00",
        discount_allocations=[{"amount": "5.00"}, {"amount": "15.00"}],
        tax_lines=[{"price": "9.00", "rate": 0.05}, {"price": "0.90", "rate": 0.005}],
    )
    (on_top,) = sale(taxes_included=False, line_items=[taxed]).lines
    (inside,) = sale(taxes_included=True, line_items=[taxed]).lines
    assert (on_top.amount, on_top.tax, on_top.discount) == (189_90, 9_90, 20_00)
    assert (inside.amount, inside.tax, inside.discount) == (180_00, 9_90, 20_00)


def test_a_line_without_allocations_falls_back_to_its_total_discount() -> None:
    (found,) = sale(line_items=[line(total_discount="30.00")]).lines
    assert (found.amount, found.discount) == (170_00, 30_00)


def test_the_shop_currency_counts_and_what_the_customer_was_shown_does_not() -> None:
    (found,) = sale(line_items=[line(price="12.80", price_set=money("100.00"))]).lines
    assert found.amount == 200_00


def test_an_amount_in_a_third_currency_with_nothing_beside_it_is_not_understood() -> None:
    strange = line(price_set=money("100.00", "EUR"))
    assert sale(line_items=[strange]).lines[0].amount == 200_00
    del strange["price"]
    found = outcome("orders/create", order(line_items=[strange]))
    assert found == NotUnderstood(path="line_items[0].price", reason="is in EUR, the document in HKD")


@pytest.mark.parametrize(
    ("changes", "sku", "kind", "handing"),
    [
        ({"sku": " TEE "}, "TEE", "goods", "ship"),
        ({"sku": None}, "shopify:variant:71", "goods", "ship"),
        ({"sku": "", "variant_id": None}, "shopify:line:11", "goods", "none"),
        ({"gift_card": True, "requires_shipping": False}, "TEE", "gift_card", "none"),
        ({"gift_card": True}, "TEE", "gift_card", "none"),
        ({"requires_shipping": False}, "TEE", "goods", "none"),
    ],
)
def test_each_line_says_which_article_it_is_and_whether_stock_moves(
    changes: Body, sku: str, kind: str, handing: str
) -> None:
    (found,) = sale(line_items=[line(**changes)]).lines
    assert (found.sku, found.kind, found.handing) == (sku, kind, handing)


@pytest.mark.parametrize(
    ("changes", "location"),
    [
        ({"shipping_lines": [{"code": "Causeway Bay", "price": "0.00"}]}, "S2"),
        ({"shipping_lines": [{"title": "Local Pickup", "price": "0.00"}]}, None),
        ({"shipping_lines": [{"title": "門市自取", "price": "0.00"}]}, None),
        ({"shipping_lines": [{"delivery_category": "pickup", "price": "0.00"}]}, None),
        ({"line_items": [line(properties=[{"name": "_pickupstore", "value": "905684977"}])]}, "S1"),
        ({"line_items": [line(properties=[{"name": "_pickupstore", "value": "nobody knows"}])]}, None),
    ],
)
def test_a_pickup_is_recognised(changes: Body, location: str | None) -> None:
    (found,) = sale(**changes).lines
    assert (found.handing, found.location) == ("pickup", location)


def test_a_removed_way_of_delivery_neither_costs_nor_decides() -> None:
    ways = [{"id": 1, "code": "Causeway Bay", "price": "10.00", "is_removed": True}, {"id": 2, "price": "30.00"}]
    found = sale(shipping_lines=ways)
    assert (found.shipping, found.lines[0].handing) == (30_00, "ship")


def test_a_removed_way_of_delivery_that_was_refunded_was_sold_first() -> None:
    back = refund(refund_line_items=[], refund_shipping_lines=[{"shipping_line": {"id": 1}}], transactions=[])
    ways = [{"id": 1, "price": "10.00", "is_removed": True}]
    assert only("orders/updated", order(shipping_lines=ways)).shipping == 0
    found = outcome("orders/updated", order(shipping_lines=ways, refunds=[back]))
    assert found.events[0].shipping == 10_00  # type: ignore[union-attr]


def test_shipping_is_after_discount_and_with_tax() -> None:
    way = {"price": "30.00", "discount_allocations": [{"amount": "10.00"}], "tax_lines": [{"price": "1.00"}]}
    assert sale(shipping_lines=[way], taxes_included=False).shipping == 21_00
    assert sale(shipping_lines=[way], taxes_included=True).shipping == 20_00


def test_units_that_a_refund_takes_back_stay_sold() -> None:
    body = order(line_items=[line(current_quantity=1)], refunds=[refund(refund_line_items=[refunded_line()])])
    found = outcome("orders/updated", body)
    assert [one.units for one in found.events[0].lines] == [2]  # type: ignore[union-attr]


def test_units_that_an_edit_removed_without_a_refund_were_never_sold() -> None:
    edited = line(quantity=3, current_quantity=1, tax_lines=[{"price": "10.00"}])
    (found,) = sale(line_items=[edited]).lines
    assert (found.units, found.amount, found.tax) == (1, 100_00, 3_33)


def test_nothing_is_taken_off_where_the_body_does_not_state_its_refunds() -> None:
    body = order(line_items=[line(current_quantity=0)])
    del body["refunds"]
    assert only("orders/updated", body).lines[0].units == 2


def test_a_line_that_was_removed_wholly_stays_with_nothing_sold() -> None:
    (found,) = sale(line_items=[line(current_quantity=0)]).lines
    assert (found.units, found.amount) == (0, 0)


def test_a_tip_is_a_fee_whether_it_has_a_line_or_not() -> None:
    (_, by_total) = sale(total_price="210.00", total_tip_received="10.00").lines
    assert (by_total.line, by_total.amount, by_total.kind) == ("tip", 10_00, "fee")
    tip = line(12, sku=None, variant_id=None, quantity=1, current_quantity=1, price="10.00", requires_shipping=False)
    (_, by_line) = sale(total_price="210.00", total_tip_received="10.00", line_items=[line(), tip]).lines
    assert (by_line.line, by_line.amount, by_line.kind) == ("12", 10_00, "fee")


def test_duties_are_a_fee_once() -> None:
    duties = {"original_total_duties_set": money("15.00")}
    assert [one.line for one in sale(total_price="215.00", **duties).lines] == ["11", "duties"]
    assert [one.line for one in sale(total_price="200.00", **duties).lines] == ["11"]


@pytest.mark.parametrize(
    ("gateways", "tenders"),
    [
        (["gift_card"], (Tender(kind="gift_card", amount=200_00),)),
        (["shopify_store_credit"], (Tender(kind="store_credit", amount=200_00),)),
        (["Cash on Delivery (COD)"], (Tender(kind="cash", amount=200_00),)),
        (["gift_card", "shopify_payments"], ()),
        ([], ()),
    ],
)
def test_tenders_are_stated_only_where_they_are_certain(gateways: list[str], tenders: tuple[Tender, ...]) -> None:
    assert sale(payment_gateway_names=gateways).tenders == tenders


def test_transactions_say_which_gateway_took_how_much() -> None:
    paid = [
        {"kind": "authorization", "status": "success", "gateway": "shopify_payments", "amount": "150.00"},
        {"kind": "capture", "status": "success", "gateway": "shopify_payments", "amount": "150.00", "currency": "HKD"},
        {"kind": "sale", "status": "failure", "gateway": "gift_card", "amount": "60.00", "currency": "HKD"},
        {"kind": "sale", "status": "success", "gateway": "gift_card", "amount": "50.00", "currency": "HKD"},
    ]
    assert sale(transactions=paid).tenders == (
        Tender(kind="card", amount=150_00),
        Tender(kind="gift_card", amount=50_00),
    )


def test_numbers_above_two_to_the_53_stay_exact() -> None:
    gid = "gid://shopify/Order/820982911946154508"
    assert sale(id=820982911946154500, admin_graphql_api_id=gid).order == "shopify:820982911946154508"


def test_a_broken_refund_inside_of_an_order_is_named_with_its_place() -> None:
    found = outcome("orders/updated", order(refunds=[refund(refund_line_items=[refunded_line(restock_type="burn")])]))
    assert found == NotUnderstood(
        path="refunds[0].refund_line_items.restock_type", reason="'burn' is not one that is known"
    )
