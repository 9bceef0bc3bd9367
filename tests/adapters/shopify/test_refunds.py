"""A refund says the same however it comes."""

from datetime import UTC, datetime

import pytest

from omo_core.identifiers import EventId, LocationId, OrderId, Sku
from omo_core.trade import Refund, RefundLine, Tender
from tests.adapters.shopify.bodies import Body, events, line, money, only, order, paid_back, refund, refunded_line


def read(**changes: object) -> Refund:
    found = only("refunds/create", refund(**changes))
    assert isinstance(found, Refund)
    return found


def taxed(subtotal: str, tax: str, rate: float = 0.05, **changes: object) -> Body:
    inner = line(price=subtotal, quantity=1, tax_lines=[{"price": tax, "rate": rate, "price_set": money(tax)}])
    return refunded_line(subtotal_set=money(subtotal), total_tax_set=money(tax), line_item=inner, **changes)


def test_a_returned_unit_gives_money_back_and_goes_back_into_stock() -> None:
    assert read() == Refund(
        id=EventId("refund/shopify:6001"),
        at=datetime(2026, 1, 6, 2, tzinfo=UTC),
        source="shopify",
        order=OrderId("shopify:5001"),
        currency="HKD",
        lines=(
            RefundLine(line="11", sku=Sku("TEE"), units=1, amount=100_00, restock="return", location=LocationId("S1")),
        ),
        tenders=(Tender(kind="cash", amount=100_00),),
    )


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"refund_line_items": []},
        {"transactions": []},
        {"transactions": [paid_back("105.00")], "refund_line_items": [taxed("100.00", "5.00")]},
        {"transactions": [paid_back("100.00")], "refund_line_items": [taxed("100.00", "4.76")]},
        {"transactions": [], "refund_line_items": [taxed("100.00", "5.00")]},
        {"order_adjustments": [{"kind": "refund_discrepancy", "amount": "-3.00", "tax_amount": "0.00"}]},
        {"processed_at": None},
    ],
)
def test_a_refund_by_itself_equals_the_refund_inside_of_its_order(changes: Body) -> None:
    alone = only("refunds/create", refund(**changes))
    for included in (True, False):
        _, embedded = events("orders/updated", order(refunds=[refund(**changes)], taxes_included=included))
        assert embedded == alone


@pytest.mark.parametrize(
    ("one", "paid", "amount"),
    [
        (taxed("100.00", "5.00"), "105.00", 105_00),
        (taxed("100.00", "4.76"), "100.00", 100_00),
        (taxed("100.00", "5.00"), None, 105_00),
        (taxed("100.00", "4.76"), None, 100_00),
        (taxed("100.00", "5.00"), "60.00", 105_00),
        (taxed("100.00", "5.00", rate=0), None, 100_00),
    ],
    ids=["money: on top", "money: inside", "rate: on top", "rate: inside", "rate, money differs", "nobody says"],
)
def test_whether_tax_comes_on_top_is_told_by_the_money_then_by_the_rate(
    one: Body, paid: str | None, amount: int
) -> None:
    moved = [] if paid is None else [paid_back(paid)]
    assert read(refund_line_items=[one], transactions=moved).lines[0].amount == amount


@pytest.mark.parametrize(
    ("kind", "restock"),
    [("no_restock", "none"), ("cancel", "cancel"), ("return", "return"), ("legacy_restock", "return")],
)
def test_each_kind_of_restocking_is_known(kind: str, restock: str) -> None:
    assert read(refund_line_items=[refunded_line(restock_type=kind)]).lines[0].restock == restock


def test_lines_shipping_and_adjustment_add_up_to_the_money() -> None:
    found = read(
        order_adjustments=[
            {"kind": "shipping_refund", "amount": "-8.00", "tax_amount": "0.00"},
            {"kind": "refund_discrepancy", "amount": "5.00", "tax_amount": "0.00"},
        ],
        duties=[{"duty_id": 1, "amount_set": money("2.00")}],
        transactions=[paid_back("105.00")],
    )
    assert (found.lines[0].amount, found.shipping, found.adjustment) == (100_00, 8_00, -3_00)
    assert sum(tender.amount for tender in found.tenders) == 105_00


def test_shipping_has_a_list_of_its_own_in_newer_versions_and_counts_once() -> None:
    found = read(
        refund_shipping_lines=[{"shipping_line": {"id": 1}, "subtotal_amount_set": money("8.00")}],
        order_adjustments=[{"kind": "shipping_refund", "amount": "-8.00"}],
    )
    assert (found.shipping, found.adjustment) == (8_00, 0)


def test_a_removal_by_edit_is_a_refund_without_money() -> None:
    found = read(
        refund_line_items=[refunded_line(restock_type="cancel", location_id=None)],
        order_adjustments=[{"kind": "refund_discrepancy", "amount": "100.00", "reason": "Pending refund discrepancy"}],
        transactions=[],
    )
    assert (found.lines[0].amount, found.adjustment, found.tenders) == (100_00, -100_00, ())


def test_money_in_the_customers_currency_is_not_mixed_with_the_shops() -> None:
    assert read(transactions=[paid_back("12.80", currency="USD")]).tenders == ()


def test_a_refund_that_failed_gave_nothing_back() -> None:
    assert read(transactions=[paid_back("40.00", status="failure"), paid_back("60.00")]).tenders == (
        Tender(kind="cash", amount=60_00),
    )


def test_amounts_written_as_numbers_are_read_exactly() -> None:
    one = refunded_line(subtotal=89.99, total_tax=0)
    del one["subtotal_set"], one["total_tax_set"]
    assert read(refund_line_items=[one]).lines[0].amount == 89_99
