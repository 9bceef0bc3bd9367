"""ARTS Digital Receipts: the samples of the Swedish e-receipt standard."""

from collections.abc import Callable
from pathlib import Path

import pytest

from omo_adapters.inbound import Context, NotUnderstood, Outcome, Understood
from omo_adapters.pos import read_digital_receipt
from omo_core.trade import Refund, Sale

pytestmark = pytest.mark.shared
SHOP = Context(key=b"a secret of the shop's own" * 2, currency="SEK", zone="Europe/Stockholm", region="SE")

Sample = Callable[[str], Outcome]


@pytest.fixture
def sample(shared: Path) -> Sample:
    def read(name: str) -> Outcome:
        with (shared / "fixtures" / "arts-digital-receipt-v2" / f"swe-standard-dr-{name}.xml").open("rb") as file:
            (parcel,) = read_digital_receipt(file, SHOP)
        return parcel.outcome

    return read


def sale(outcome: Outcome) -> Sale:
    assert isinstance(outcome, Understood), outcome
    (event,) = outcome.events
    assert isinstance(event, Sale)
    return event


def test_a_sale_with_a_rounding_line_moves_only_its_goods(sample: Sample) -> None:
    found = sale(sample("sample-1"))
    assert sum(line.amount for line in found.lines) == sum(tender.amount for tender in found.tenders) == 50800
    assert sum(line.tax for line in found.lines) == 10160
    assert [(line.sku, line.amount) for line in found.lines if not line.moves_stock] == [("ROUNDING", -10)]
    assert sum(line.discount for line in found.lines) == 3 * 2930


def test_a_sale_with_deposits_and_weighed_goods_adds_up(sample: Sample) -> None:
    found = sale(sample("sample-2"))
    assert sum(line.amount for line in found.lines) == sum(tender.amount for tender in found.tenders) == 70447
    by_sku = {line.sku: line for line in found.lines}
    assert by_sku["2317438900009"].units == 1295
    assert [(line.units, line.amount) for line in found.lines if line.kind == "fee"] == [(1, 100), (4, 2400)]
    assert by_sku["73513513"].amount == 1490
    assert by_sku["7310072766203"].amount == 9980


def test_a_return_names_its_purchase_by_universal_id(sample: Sample) -> None:
    outcome = sample("return")
    assert isinstance(outcome, Understood)
    (refund,) = outcome.events
    assert isinstance(refund, Refund)
    assert refund.order == "till:cd5d49f0-56e8-11e1-b86c-0800200c9a66"
    assert refund.adjustment == sum(tender.amount for tender in refund.tenders) == 4900
    assert [(line.sku, line.units, line.restock) for line in refund.lines] == [("923048", 1, "return")]


@pytest.mark.parametrize(
    ("name", "path"), [("sale", "Total"), ("sale-min-with-image-attachment", "LineItem[0].ExtendedAmount")]
)
def test_a_receipt_that_can_not_be_booked_says_why(sample: Sample, name: str, path: str) -> None:
    outcome = sample(name)
    assert isinstance(outcome, NotUnderstood)
    assert outcome.path == path
