"""A real store's business day (NCR POSLog 2.1), added up twice: from our events, and by a count of its own."""

import xml.etree.ElementTree as ET
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from omo_adapters.inbound import Context, Ignored, Parcel, Understood
from omo_adapters.pos import read_poslog
from omo_core.members import ProfileSeen
from omo_core.trade import Sale

pytestmark = pytest.mark.shared
STORE = Context(key=b"a secret of the shop's own" * 2, currency="USD", zone="America/Los_Angeles")
N = "{http://www.nrf-arts.org/IXRetail/namespace/}"
A = "{http://www.ncr.com/rsd/acs/tlog/markup/poslog/2.1}"


@pytest.fixture(scope="module")
def log(request: pytest.FixtureRequest) -> Path:
    shared: Path = request.getfixturevalue("shared")
    return shared / "fixtures" / "poslog-ncr-acs-kjbreil" / "POSLog.xml"


@pytest.fixture(scope="module")
def parcels(log: Path) -> list[Parcel]:
    with log.open("rb") as file:
        return list(read_poslog(file, STORE))


@pytest.fixture(scope="module")
def sales(parcels: list[Parcel]) -> list[Sale]:
    events = [event for parcel in parcels if isinstance(parcel.outcome, Understood) for event in parcel.outcome.events]
    return [event for event in events if isinstance(event, Sale)]


@pytest.fixture(scope="module")
def tree(log: Path) -> ET.Element:
    return ET.parse(log).getroot()  # noqa: S314 - a fixture, and a reading that owes ours nothing


def cents(values: list[str]) -> int:
    return int(sum(map(Decimal, values), Decimal()) * 100)


def texts(tree: ET.Element, path: str) -> list[str]:
    return [element.text or "" for element in tree.iterfind(path)]


def test_every_transaction_is_a_sale_or_is_seen_to_be_none(parcels: list[Parcel]) -> None:
    assert Counter(
        parcel.outcome.reason if isinstance(parcel.outcome, Ignored) else "sale" for parcel in parcels
    ) == Counter(
        {
            "sale": 42,
            "ControlTransaction: OperatorSignOn": 4,
            "ControlTransaction: OperatorSignOff": 3,
            "ControlTransaction: NoSale": 2,
        }
    )


def test_every_sale_has_a_name_of_its_own(sales: list[Sale]) -> None:
    assert len({sale.id for sale in sales}) == len(sales) == 42


def test_takings_are_the_receipts_grand_totals(sales: list[Sale], tree: ET.Element) -> None:
    stated = texts(tree, f".//{N}Total[@TotalType='TransactionGrandAmount']")
    assert sum(line.amount for sale in sales for line in sale.lines) == cents(stated)


def test_each_receipt_alone_adds_up_to_its_own_grand_total(sales: list[Sale], tree: ET.Element) -> None:
    stated = [
        cents(texts(transaction, f".//{N}Total[@TotalType='TransactionGrandAmount']"))
        for transaction in tree.iterfind(f"{N}Transaction")
        if transaction.find(f"{N}RetailTransaction") is not None
    ]
    assert [sum(line.amount for line in sale.lines) for sale in sales] == stated


def test_tax_is_the_receipts_tax(sales: list[Sale], tree: ET.Element) -> None:
    stated = texts(tree, f".//{N}Total[@TotalType='TransactionTaxAmount']")
    assert sum(line.tax for sale in sales for line in sale.lines) == cents(stated)


def test_payments_are_the_receipts_payments_and_pay_for_every_receipt(sales: list[Sale], tree: ET.Element) -> None:
    stated = texts(tree, f".//{N}Tender/{N}Amount")
    assert sum(tender.amount for sale in sales for tender in sale.tenders) == cents(stated)
    for sale in sales:
        assert sum(tender.amount for tender in sale.tenders) == sum(line.amount for line in sale.lines)


def test_change_and_cash_back_go_out(sales: list[Sale], tree: ET.Element) -> None:
    out = [tender.amount for sale in sales for tender in sale.tenders if tender.amount < 0]
    assert (len(out), sum(out)) == (9, cents(texts(tree, f".//{N}TenderChange/{N}Amount")))


def test_discounts_are_what_the_gross_totals_miss(sales: list[Sale], tree: ET.Element) -> None:
    negative = cents(texts(tree, f".//{N}Total[@TotalType='acs:GrossNegative']"))
    voids = cents(texts(tree, f".//{N}LineItem[@VoidFlag='true']/{N}Sale/{N}ExtendedAmount"))
    bottles = cents(texts(tree, f".//{N}Sale[@ItemType='acs:NegativeItem']/{N}ExtendedAmount"))
    assert sum(line.discount for sale in sales for line in sale.lines) == -(negative - voids - bottles)


def test_goods_are_every_line_but_the_voided_and_what_they_void(sales: list[Sale], tree: ET.Element) -> None:
    lines = tree.findall(f".//{N}LineItem/{N}Sale")
    voids = tree.findall(f".//{N}LineItem[@VoidFlag='true']/{N}Sale")
    assert (len(lines), len(voids)) == (552, 4)
    assert sum(len(sale.lines) for sale in sales) == 552 - 2 * 4


def test_units_are_pieces_and_thousandths_of_weight_with_voids_taken_off(sales: list[Sale], tree: ET.Element) -> None:
    units: Counter[str] = Counter()
    for item in tree.iterfind(f".//{N}LineItem"):
        for goods in item.iterfind(f"{N}Sale"):
            scale = 1000 if item.get(f"{A}weightItem") == "true" else 1
            units[goods.findtext(f"{N}ItemID") or ""] += int(Decimal(goods.findtext(f"{N}Quantity") or "") * scale)
    sold: Counter[str] = Counter()
    for sale in sales:
        for line in sale.lines:
            sold[line.sku] += line.units
    assert sold == units


def test_departments_take_what_their_lines_cost_before_rewards_and_taxes(sales: list[Sale], tree: ET.Element) -> None:
    gross: Counter[str] = Counter()
    for goods in tree.iterfind(f".//{N}LineItem/{N}Sale"):
        gross[goods.findtext(f"{N}MerchandiseHierarchy") or ""] += cents([goods.findtext(f"{N}ExtendedAmount") or ""])
    ours: Counter[str] = Counter()
    for sale in sales:
        for line in sale.lines:
            ours[line.category] += line.amount + line.discount - line.tax
    assert +ours == +gross


def test_members_are_the_loyalty_cards(parcels: list[Parcel], sales: list[Sale], tree: ET.Element) -> None:
    cards = texts(tree, f".//{N}LoyaltyID") or texts(tree, f".//{A}LoyaltyID")
    seen = {
        event.profile
        for parcel in parcels
        if isinstance(parcel.outcome, Understood)
        for event in parcel.outcome.events
        if isinstance(event, ProfileSeen)
    }
    assert len(seen) == len(set(cards)) == 4
    assert {sale.profile for sale in sales if sale.profile is not None} == seen
