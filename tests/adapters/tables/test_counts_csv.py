"""Stock counts from spreadsheets."""

import io
from datetime import UTC, datetime

import pytest

from omo_adapters.inbound import Context, NotUnderstood, Parcel, Understood
from omo_adapters.tables import read_counts
from omo_core.errors import Malformed
from omo_core.identifiers import EventId, LocationId, OrderId, Sku
from omo_core.stock.events import StockCounted
from omo_core.stock.position import positions
from omo_core.trade import Sale, SaleLine

SHOP = Context(
    key=b"a secret of the shop's own" * 2,
    locations={"csv:Central": LocationId("S1")},
    items={"csv:T-1": Sku("TEE")},
)
HEAD = "sku,location,units,counted_at\n"


def parcels(text: str, *, as_of: datetime | None = None) -> list[Parcel]:
    return list(read_counts(io.BytesIO(text.encode()), SHOP, as_of=as_of))


def counts(text: str) -> list[StockCounted]:
    found = [event for p in parcels(text) if isinstance(p.outcome, Understood) for event in p.outcome.events]
    return [event for event in found if isinstance(event, StockCounted)]


def test_a_row_is_a_count_at_the_instant_it_was_taken() -> None:
    assert counts(HEAD + "TEE,S1,7,2026-01-05 09:00\n") == [
        StockCounted(
            id="count/S1:TEE:2026-01-05T01:00:00+00:00",
            at=datetime(2026, 1, 5, 1, tzinfo=UTC),
            source="count",
            sku="TEE",
            location="S1",
            units=7,
        )
    ]


def test_the_shops_own_names_are_used_and_chinese_headers_understood() -> None:
    assert counts("貨號,門市,盤點數量,盤點時間\nT-1,Central,7.0,2026/1/5 09:00\n") == counts(
        HEAD + "TEE,S1,7,2026-01-05T09:00+08:00\n"
    )


def test_the_file_may_say_when_it_was_counted() -> None:
    at = datetime(2026, 1, 5, 1, tzinfo=UTC)
    (parcel,) = parcels("sku,location,units\nTEE,S1,7\n", as_of=at)
    assert isinstance(parcel.outcome, Understood)
    assert parcel.outcome.events[0].at == at
    (parcel,) = parcels("sku,location,units\nTEE,S1,7\n")
    assert isinstance(parcel.outcome, NotUnderstood)


def test_a_count_of_the_morning_that_is_uploaded_in_the_evening_keeps_the_days_sales() -> None:
    (count,) = counts(HEAD + "TEE,S1,7,2026-01-05 09:00\n")
    sale = Sale(
        id=EventId("sale/till:1"),
        at=datetime(2026, 1, 5, 2, tzinfo=UTC),
        order=OrderId("till:1"),
        location=LocationId("S1"),
        currency="HKD",
        lines=(SaleLine(line="1", sku=Sku("TEE"), units=3, amount=100),),
    )
    assert positions(Sku("TEE"), [sale, count]).on_hand(LocationId("S1")) == 4


@pytest.mark.parametrize(
    ("row", "path"),
    [
        (",S1,7,2026-01-05", "row 2.sku"),
        ("TEE,,7,2026-01-05", "row 2.location"),
        ("TEE,S1,,2026-01-05", "row 2.units"),
        ("TEE,S1,-1,2026-01-05", "row 2.units"),
        ("TEE,S1,1.5,2026-01-05", "row 2.units"),
        ("TEE,S1,9999999999,2026-01-05", "row 2.units"),
        ("TEE,S1,seven,2026-01-05", "row 2.units"),
        ("TEE,S1,7,5/1/2026", "row 2.counted_at"),
        ("TEE,S1,7", "row 2"),
    ],
)
def test_a_row_that_cant_be_read_names_its_place(row: str, path: str) -> None:
    (parcel,) = parcels(HEAD + row + "\n")
    assert isinstance(parcel.outcome, NotUnderstood)
    assert parcel.outcome.path == path


def test_a_file_that_is_no_count_sheet_is_refused_as_a_whole() -> None:
    with pytest.raises(Malformed, match="missing in the header"):
        parcels("sku,units\nTEE,7\n")
