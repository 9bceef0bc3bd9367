"""POSLog: what each kind of transaction and line means, and how a receipt adds up."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omo_adapters.inbound import Ignored, NotUnderstood, Understood
from omo_adapters.pos import Poslog
from omo_core.members import ProfileSeen
from omo_core.trade import Refund, RefundLine, Sale, SaleLine, Tender
from tests.adapters.pos.logs_made_up import (
    BY_NUMBER,
    events,
    goods,
    link,
    log,
    outcome,
    parcels,
    tender,
    total,
    transaction,
    understood,
)


def sale_of(*retail: str, **header: object) -> Sale:
    """The one sale that a transaction means."""
    (sale,) = (event for event in events(*retail, **header) if isinstance(event, Sale))
    return sale


def refund_of(*retail: str, tills: Poslog | None = BY_NUMBER, **header: object) -> Refund:
    """The one refund that a transaction means."""
    (refund,) = (event for event in events(*retail, tills=tills, **header) if isinstance(event, Refund))
    return refund


def test_a_sale_is_named_by_store_register_day_operator_and_number() -> None:
    hierarchy = "<MerchandiseHierarchy>tops</MerchandiseHierarchy>"
    assert sale_of(goods(more=hierarchy), tender("199.00"), total("199.00")) == Sale(
        id="sale/till:S1/2/2026-01-05/7/881",
        at=datetime(2026, 1, 5, 10, 30, tzinfo=UTC),
        source="till:S1",
        order="till:S1/2/2026-01-05/7/881",
        authority=1,
        location="till:S1",
        staff="7",
        currency="HKD",
        lines=(SaleLine(line="1", sku="TEE", units=1, amount=19900, category="tops"),),
        tenders=(Tender(kind="cash", amount=19900),),
    )


def test_numbers_that_restart_with_day_or_operator_are_different_sales() -> None:
    one = transaction(goods(), number="73", operator="7")
    other_operator = transaction(goods(), number="73", operator="8")
    other_day = one.replace("<BusinessDayDate>2026-01-05", "<BusinessDayDate>2026-01-06")
    found = understood(parcels(log(one, other_operator, other_day)))
    assert len({event.id for event in found}) == 3


def test_a_sale_is_booked_on_the_day_of_its_clock_where_no_business_day_is_stated() -> None:
    without = log(transaction(goods())).replace(b"<BusinessDayDate>2026-01-05</BusinessDayDate>", b"")
    assert [event.id for event in understood(parcels(without))] == ["sale/till:S1/2/2026-01-05/7/881"]


def test_a_transaction_goes_by_its_universal_id_too() -> None:
    assert sale_of(goods(), more="<TransactionID>cd5d/49</TransactionID>").also == ("till:cd5d%2F49",)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({"attributes": 'TrainingModeFlag="true"'}, "training transaction"),
        ({"attributes": 'CancelFlag="1"'}, "cancelled transaction"),
        ({"status": 'TransactionStatus="Suspended"'}, "suspended transaction"),
        ({"status": 'TransactionStatus="x:Voided"'}, "voided transaction"),
    ],
)
def test_what_never_came_about_means_nothing_and_is_seen(header: dict[str, str], reason: str) -> None:
    assert outcome(goods(), **header) == Ignored(reason=reason)


def test_a_flag_that_is_neither_true_nor_false_sets_the_transaction_aside() -> None:
    assert isinstance(outcome(goods(), attributes='TrainingModeFlag="yes"'), NotUnderstood)


def test_other_kinds_of_transaction_mean_nothing_and_say_what_they_are() -> None:
    control = "<Transaction><ControlTransaction><ReasonCode>21</ReasonCode><NoSale/></ControlTransaction></Transaction>"
    (parcel,) = parcels(log(control))
    assert parcel.outcome == Ignored(reason="ControlTransaction: NoSale")


@pytest.mark.parametrize(
    ("path", "card"),
    [
        ("<LineItem><LoyaltyMembership><LoyaltyID>{}</LoyaltyID></LoyaltyMembership></LineItem>", "c-1001"),
        ("<LoyaltyAccount><CustomerID>{}</CustomerID></LoyaltyAccount>", "C 1001"),
    ],
)
def test_a_loyalty_id_is_the_members_card(path: str, card: str) -> None:
    seen, sale = events(goods(), path.format(card))
    assert isinstance(seen, ProfileSeen)
    assert isinstance(sale, Sale)
    assert sale.profile == seen.profile
    assert seen.claims[0].kind == "card"


# --- lines -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quantity", "units"),
    [
        ("<Quantity>3</Quantity>", 3),
        ("<Quantity>3.000</Quantity>", 3),
        ("<Quantity>1.</Quantity>", 1),
        ("<Quantity>0.42</Quantity>", 420),
        ('<Quantity UnitOfMeasureCode="KGM">1</Quantity>', 1000),
        ('<Quantity UnitOfMeasureCode="GRM">420</Quantity>', 420),
        ('<Quantity UnitOfMeasureCode="KGM">0.4205</Quantity>', 421),
        ('<Quantity Units="6" UnitOfMeasureCode="EA">2</Quantity>', 12),
        ("", 1),
    ],
)
def test_pieces_are_counted_and_weighed_goods_are_thousandths(quantity: str, units: int) -> None:
    assert sale_of(goods().replace("<Quantity>1</Quantity>", quantity)).lines[0].units == units


def test_a_till_may_flag_weighed_goods_whose_weight_is_whole() -> None:
    assert sale_of(goods(item='x:weightItem="true"')).lines[0].units == 1000


@pytest.mark.parametrize("quantity", ["", "x", "NaN", "1e3", "１", "1,5"])
def test_a_quantity_that_is_no_number_sets_the_transaction_aside(quantity: str) -> None:
    assert isinstance(outcome(goods(quantity=quantity)), NotUnderstood)


@pytest.mark.parametrize("amount", ["", "x", "NaN", "1e3", "１", "1,00", "1.001"])
def test_an_amount_that_is_no_number_sets_the_transaction_aside(amount: str) -> None:
    assert isinstance(outcome(goods(amount=amount)), NotUnderstood)


@pytest.mark.parametrize(
    ("item_type", "amount", "kind"),
    [
        ("Stock", "5.00", "goods"),
        ("Service", "5.00", "fee"),
        ("Deposit", "5.00", "fee"),
        ("GiftCard", "5.00", "gift_card"),
        ("x:NegativeItem", "-5.00", "fee"),
        ("Stock", "-5.00", "fee"),
    ],
)
def test_only_goods_move_stock(item_type: str, amount: str, kind: str) -> None:
    line = goods(2, amount=amount, attributes=f'ItemType="{item_type}"')
    assert sale_of(goods(), line).lines[1].kind == kind


@pytest.mark.parametrize(("tag", "handing"), [("SaleForPickup", "pickup"), ("SaleForDelivery", "ship")])
def test_goods_for_later_are_not_carried_out(tag: str, handing: str) -> None:
    assert sale_of(goods(tag=tag)).lines[0].handing == handing


def test_lines_that_a_delivery_links_to_are_shipped() -> None:
    delivery = "<LineItem><SaleForDelivery><Item><ItemLink>1</ItemLink></Item></SaleForDelivery></LineItem>"
    assert [line.handing for line in sale_of(goods(1), goods(2), delivery).lines] == ["ship", "carried"]


@pytest.mark.parametrize("flag", ["CancelFlag", "DeleteFlag", "VoidFlag"])
def test_a_line_that_was_taken_off_does_not_count(flag: str) -> None:
    sale = sale_of(goods(1), goods(2, sku="HAT", item=f'{flag}="true"'), total("199.00"))
    assert [line.sku for line in sale.lines] == ["TEE"]


def test_a_voided_line_with_negated_amounts_takes_back_the_last_such_line() -> None:
    void = goods(3, quantity="-1", amount="-199.00", item='VoidFlag="true"')
    sale = sale_of(goods(1), goods(2), void, total("199.00"))
    assert [line.line for line in sale.lines] == ["1"]


def test_a_part_of_a_line_can_be_voided() -> None:
    void = goods(2, quantity="-1", amount="-199.00", item='VoidFlag="true"')
    (line,) = sale_of(goods(quantity="3", amount="597.00"), void, total("398.00")).lines
    assert (line.units, line.amount) == (2, 39800)


def test_a_void_of_what_was_never_rung_up_sets_the_transaction_aside() -> None:
    void = goods(2, sku="HAT", quantity="-1", amount="-1.00", item='VoidFlag="true"')
    assert isinstance(outcome(goods(), void), NotUnderstood)


def test_lines_that_bear_one_number_are_kept_apart() -> None:
    assert [line.line for line in sale_of(goods(1), goods(1), goods(1)).lines] == ["1", "1'", "1''"]


# --- returns and voids -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        goods(tag="Return"),
        goods(tag="Return", quantity="-1", amount="-199.00"),
        goods(quantity="-1", amount="-199.00"),
    ],
)
def test_makers_write_returns_in_three_ways(line: str) -> None:
    refund = refund_of(line, link("Return"), tender("-199.00"))
    assert refund == Refund(
        id="refund/till:S1/2/2026-01-05/881",
        at=datetime(2026, 1, 5, 10, 30, tzinfo=UTC),
        source="till:S1",
        order="till:S1/2/2026-01-04/870",
        currency="HKD",
        lines=(RefundLine(line="1", sku="TEE", units=1, amount=0, restock="return", location="till:S1"),),
        adjustment=19900,
        tenders=(Tender(kind="cash", amount=19900),),
    )


def test_a_link_to_a_line_refunds_that_line() -> None:
    more = "<BusinessDayDate>2026-01-04</BusinessDayDate>"
    linked = link("Return", more=more).replace(
        "</TransactionLink>", "<LineItemSequenceNumber>4</LineItemSequenceNumber></TransactionLink>"
    )
    refund = refund_of(goods(tag="Return", more=linked))
    assert [(line.line, line.amount) for line in refund.lines] == [("4", 19900)]
    assert refund.adjustment == 0


def test_a_link_by_universal_id_is_enough() -> None:
    by_id = "<TransactionLink><TransactionID>cd5d</TransactionID></TransactionLink>"
    assert refund_of(goods(tag="Return"), by_id, tills=None).order == "till:cd5d"


def test_a_link_that_could_mean_the_sale_of_another_operator_is_not_guessed() -> None:
    found = outcome(goods(tag="Return"), link("Return"))
    assert isinstance(found, NotUnderstood)
    assert found.path == "TransactionLink.operator"


@pytest.mark.parametrize("reason", ["Resume", "Reservation"])
def test_other_links_say_nothing_about_returned_goods(reason: str) -> None:
    refund = refund_of(goods(tag="Return"), link(reason))
    assert refund.order == "till:S1/2/2026-01-05/881/return"


def test_returned_goods_that_go_to_waste_do_not_come_back_into_stock() -> None:
    refund = refund_of(goods(tag="Return", more='<Disposal Method="Waste"/>'))
    assert refund.lines[0].restock == "none"


def test_an_exchange_is_a_sale_and_a_refund() -> None:
    sale, refund = events(
        goods(1, sku="COAT", amount="500.00"),
        goods(2, tag="Return"),
        tender("301.00"),
        total("301.00"),
    )
    assert isinstance(sale, Sale)
    assert isinstance(refund, Refund)
    assert [(line.sku, line.amount) for line in sale.lines] == [("COAT", 50000)]
    assert [(line.sku, line.units) for line in refund.lines] == [("TEE", 1)]
    assert sum(tender.amount for tender in sale.tenders) == 50000
    assert sum(tender.amount for tender in refund.tenders) == refund.lines[0].amount == 19900


def test_a_post_void_takes_everything_back_from_the_sale_of_that_day() -> None:
    refund = refund_of(goods(), tender("199.00"), link("Voided", more=""))
    assert refund.order == "till:S1/2/2026-01-05/870"
    assert (refund.adjustment, refund.lines[0].units, refund.lines[0].restock) == (19900, 1, "return")


# --- payments --------------------------------------------------------------------------------------------------------


def change(amount: str) -> str:
    return f'<TenderChange TenderType="Cash"><Amount>{amount}</Amount></TenderChange>'


@pytest.mark.parametrize(
    ("payments", "paid"),
    [
        ([tender("500.00"), tender("-301.00")], [("cash", 50000), ("cash", -30100)]),
        ([tender("500.00", more=change("301.00"))], [("cash", 50000), ("cash", -30100)]),
        (
            [tender("500.00"), tender("-301.00", more=change("-301.00"))],
            [("cash", 50000), ("cash", -30100)],
        ),
        (
            [tender("500.00"), f"<LineItem>{change('301.00')}</LineItem>"],
            [("cash", 50000), ("cash", -30100)],
        ),
        ([tender("99.00", "CreditDebit"), tender("100.00", "GiftCard")], [("card", 9900), ("gift_card", 10000)]),
        ([tender("199.00", "x:PayMe")], [("pay_me", 19900)]),
    ],
)
def test_payments_and_change_sum_to_what_was_bought(payments: list[str], paid: list[tuple[str, int]]) -> None:
    sale = sale_of(goods(), *payments, total("199.00"))
    assert [(tender.kind, tender.amount) for tender in sale.tenders] == paid
    assert sum(amount for _, amount in paid) == sale.lines[0].amount


# --- how it adds up --------------------------------------------------------------------------------------------------


def tax(amount: str) -> str:
    return f"<LineItem><Tax><Amount>{amount}</Amount></Tax></LineItem>"


def test_a_tax_on_top_becomes_part_of_what_each_line_costs() -> None:
    sale = sale_of(goods(1, amount="100.00"), goods(2, amount="50.00"), tax("15.01"), total("165.01"))
    assert [(line.amount, line.tax) for line in sale.lines] == [(11001, 1001), (5500, 500)]


def test_a_tax_within_the_price_is_only_noted() -> None:
    sale = sale_of(goods(1, amount="100.00"), goods(2, amount="50.00"), tax("7.14"), total("150.00"))
    assert [(line.amount, line.tax) for line in sale.lines] == [(10000, 476), (5000, 238)]


def test_a_reward_is_taken_off_the_line_that_it_was_given_for() -> None:
    reward = (
        "<LineItem><LoyaltyReward><RewardCategory>Monetary</RewardCategory>"
        "<ExtendedRewardAmount>-20.00</ExtendedRewardAmount>"
        "<OperatorSequenceReference>2</OperatorSequenceReference></LoyaltyReward></LineItem>"
    )
    lines = [goods(n, more=f"<OperatorSequence>{n}</OperatorSequence>") for n in (1, 2)]
    sale = sale_of(*lines, reward, total("378.00"))
    assert [(line.amount, line.discount) for line in sale.lines] == [(19900, 0), (17900, 2000)]


def test_a_discount_on_a_line_of_its_own_counts_only_if_the_total_says_so() -> None:
    discount = '<LineItem><Discount><Amount Action="Subtract">9.00</Amount><ItemLink>1</ItemLink></Discount></LineItem>'
    assert sale_of(goods(), discount, total("190.00")).lines[0].amount == 19000
    assert sale_of(goods(), discount, total("199.00")).lines[0].amount == 19900


def test_a_deposit_that_the_price_contains_is_not_counted_twice() -> None:
    lines = [
        goods(1, amount="15.90", more="<RecyclingAmount>1.00</RecyclingAmount>"),
        goods(2, amount="1.00", attributes='ItemType="Deposit"'),
    ]
    assert [line.amount for line in sale_of(*lines, total("15.90")).lines] == [1490, 100]
    assert [line.amount for line in sale_of(*lines, total("16.90")).lines] == [1590, 100]


def test_missing_coins_may_round_the_total_where_a_till_says_so() -> None:
    rounded = tender("198.80", more="<Rounding>0.20</Rounding>")
    assert isinstance(outcome(goods(), rounded, total("198.80")), Understood)
    assert isinstance(outcome(goods(), tender("198.80"), total("198.80")), NotUnderstood)
    assert isinstance(outcome(goods(), tender("198.80"), total("198.80"), tills=Poslog(rounding_max=50)), Understood)


def test_a_receipt_that_does_not_add_up_is_set_aside_with_its_sums() -> None:
    found = outcome(goods(), tax("10.00"), total("150.00"))
    assert found == NotUnderstood(
        path="Total", reason="150.00 is not what the receipt adds up to: lines 199.00, taxes 10.00, discounts 0.00"
    )


@pytest.mark.parametrize("stated", [total("218.90", 'TypeCode="Return"'), total("-218.90"), total("218.90")])
def test_the_tax_of_a_return_goes_back_with_it(stated: str) -> None:
    refund = refund_of(goods(tag="Return"), tax("19.90"), stated)
    assert (refund.lines[0].amount, refund.adjustment) == (21890, 0)


def test_two_currencies_on_one_receipt_set_it_aside() -> None:
    line = goods().replace("<ExtendedAmount>", '<ExtendedAmount Currency="USD">')
    assert isinstance(outcome(line), NotUnderstood)


@given(
    prices=st.lists(st.integers(0, 10**7), min_size=1, max_size=12).filter(any),
    levy=st.integers(1, 10**6),
    reward=st.integers(0, 10**6),
)
def test_whatever_is_laid_on_the_lines_sums_to_the_total(prices: list[int], levy: int, reward: int) -> None:
    def text(cents: int) -> str:
        return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"

    off = min(reward, sum(prices))
    retail = [goods(place, amount=text(price)) for place, price in enumerate(prices, 1)]
    retail.append(
        f"<LineItem><LoyaltyReward><ExtendedRewardAmount>{text(-off)}</ExtendedRewardAmount></LoyaltyReward></LineItem>"
    )
    sale = sale_of(*retail, tax(text(levy)), total(text(sum(prices) - off + levy)))
    assert sum(line.amount for line in sale.lines) == sum(prices) - off + levy
    assert sum(line.tax for line in sale.lines) == levy
    assert sum(line.discount for line in sale.lines) == off
