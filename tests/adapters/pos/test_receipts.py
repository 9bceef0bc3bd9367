"""Our own receipt format: what each kind of receipt means, and that broken ones harm nobody but themselves."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omo_adapters.inbound import Context, Ignored, NotUnderstood, Understood, receipt_order
from omo_adapters.pos import read_receipts, receipt_outcome
from omo_adapters.pos.schema import receipt_schema
from omo_core.errors import Malformed
from omo_core.identifiers import LocationId
from omo_core.instants import EPOCH
from omo_core.loyalty.events import PointsRedeemed
from omo_core.members import ProfileSeen
from omo_core.money import minor_units
from omo_core.trade import Refund, RefundLine, Sale, SaleLine, Tender
from tests.adapters.pos.receipts_made_up import NAME, SHOP, TEA, TEE, came_back, events, receipt, written

ROOT = Path(__file__).resolve().parents[3]
OTHER = {**NAME, "number": "870", "operator": "5"}


def outcome(**changes: object) -> Any:
    return receipt_outcome(written(receipt(**changes)), SHOP)


def test_a_sale_is_named_by_store_register_day_operator_and_number() -> None:
    (sale,) = events(lines=[TEE, TEA], staff="ann")
    assert sale == Sale(
        id="sale/till:S1/2/2026-01-05/7/881",
        at=datetime(2026, 1, 5, 10, 30, tzinfo=UTC),
        source="till:S1",
        order="till:S1/2/2026-01-05/7/881",
        authority=1,
        location="till:S1",
        staff="ann",
        currency="HKD",
        lines=(
            SaleLine(line="1", sku="TEE", units=2, amount=39800, category="tops"),
            SaleLine(line="2", sku="TEA", units=420, amount=8400),
        ),
        tenders=(Tender(kind="cash", amount=39800),),
    )


@pytest.mark.parametrize("part", ["location", "register", "business_day", "operator", "number"])
def test_receipts_that_differ_in_one_part_of_the_name_are_two_sales(part: str) -> None:
    (one,), (other,) = events(), events(**{part: "2026-01-06" if part == "business_day" else "other"})
    assert one.id != other.id


def test_parts_with_slashes_in_them_never_make_one_name_of_two() -> None:
    (one,), (other,) = events(location="S/1", register="2"), events(location="S", register="1/2")
    assert one.id != other.id


def test_a_receipt_read_twice_says_the_same() -> None:
    assert events(member={"card": "C-1001"}) == events(member={"card": "C-1001"})


def test_a_location_goes_by_the_shops_own_name() -> None:
    shop = Context(key=SHOP.key, locations={"till:S1": LocationId("central"), "till:W": LocationId("warehouse")})
    line = {**TEE, "handing": "ship", "location": "W"}
    found = receipt_outcome(written(receipt(lines=[line])), shop)
    assert isinstance(found, Understood)
    (sale,) = found.events
    assert isinstance(sale, Sale)
    assert (sale.location, sale.lines[0].location, sale.lines[0].handing) == ("central", "warehouse", "ship")


@pytest.mark.parametrize(
    ("at", "zone", "utc"),
    [
        ("2026-01-05T18:30:00+08:00", None, "2026-01-05T10:30:00+00:00"),
        ("2026-01-05 18:30", None, "2026-01-05T10:30:00+00:00"),
        ("2026-01-05T10:30:00Z", None, "2026-01-05T10:30:00+00:00"),
        ("2026-11-01T01:30:00", "America/New_York", "2026-11-01T05:30:00+00:00"),  # the hour that comes twice
        ("2026-03-08T02:30:00", "America/New_York", "2026-03-08T07:30:00+00:00"),  # the hour that is skipped
        ("2011-12-30T12:00:00", "Pacific/Apia", "2011-12-30T22:00:00+00:00"),  # the day that is skipped
    ],
)
def test_a_clock_without_an_offset_is_the_stores(at: str, zone: str | None, utc: str) -> None:
    (sale,) = events(at=at, zone=zone)
    assert sale.at.isoformat() == utc


# --- members ---------------------------------------------------------------------------------------------------------


def test_a_card_is_a_record_of_its_own_that_says_the_same_on_every_receipt() -> None:
    seen, sale = events(member={"card": "c 1001"})
    later, other = events(member={"card": "C-1001"}, number="882", at="2026-02-05T18:30:00")
    assert isinstance(seen, ProfileSeen)
    assert seen == later
    assert seen.at == EPOCH
    assert [claim.proof for claim in seen.claims] == ["clerk"]
    assert isinstance(sale, Sale)
    assert isinstance(other, Sale)
    assert sale.profile == other.profile == seen.profile == f"till:{seen.claims[0].fingerprint}"


def test_a_record_that_the_till_looked_up_is_left_to_its_source() -> None:
    (sale,) = events(member={"record": "crm:88", "card": "C-1001"})
    assert isinstance(sale, Sale)
    assert sale.profile == "crm:88"


def test_two_identifiers_on_one_receipt_join_nobody() -> None:
    both, _ = events(member={"card": "C-1001", "phone": "9123 4567"})
    alone, _ = events(member={"card": "C-1001"})
    assert both == alone


@pytest.mark.parametrize(("kind", "value"), [("phone", "9123 4567"), ("email", "Ann@Example.com"), ("line", "U0123")])
def test_other_identifiers_do_as_well(kind: str, value: str) -> None:
    seen, _ = events(member={kind: value})
    assert isinstance(seen, ProfileSeen)
    assert [claim.kind for claim in seen.claims] == [kind]


@pytest.mark.parametrize(("kind", "shown"), [("phone", "12"), ("card", "?"), ("email", "ann")])
def test_a_sale_does_not_wait_for_an_identifier_that_cant_be_read(kind: str, shown: str) -> None:
    found = outcome(member={kind: shown})
    assert isinstance(found, Understood)
    assert [(type(event), event.profile) for event in found.events] == [(Sale, None)]
    assert len(found.notes) == 1
    assert found.notes[0].startswith(f"member.{kind}: ")


def test_the_next_identifier_that_was_shown_does_instead() -> None:
    found = outcome(member={"phone": "12", "email": "ann@example.com"})
    assert found.events[1].profile == found.events[0].profile
    assert [note.partition(":")[0] for note in found.notes] == ["member.phone"]


def test_points_of_somebody_who_cant_be_read_set_the_receipt_aside() -> None:
    found = outcome(member={"phone": "12"}, points_redeemed={"points": 10, "amount": "1.00"})
    assert isinstance(found, NotUnderstood)
    assert found.path == "points_redeemed"
    assert "member.phone" in found.reason


def test_a_record_without_a_source_sets_the_receipt_aside() -> None:
    found = outcome(member={"record": "88"})
    assert isinstance(found, NotUnderstood)
    assert found.path == "member.record"


def test_a_key_that_stands_twice_is_refused() -> None:
    raw = written(receipt()).replace(b'"currency"', b'"currency": "USD", "currency"', 1)
    found = receipt_outcome(raw, SHOP)
    assert isinstance(found, NotUnderstood)
    assert "'currency' twice" in found.reason
    deep = written(receipt()).replace(b'"sku"', b'"amount": "1.00", "sku"', 1)
    found = receipt_outcome(deep, SHOP)
    assert isinstance(found, NotUnderstood)
    assert "'amount' twice" in found.reason


def test_points_that_a_till_took_offline_are_the_members() -> None:
    *_, taken = events(member={"record": "crm:88"}, points_redeemed={"points": 50, "amount": "5.00"})
    assert taken == PointsRedeemed(
        id="points/till:S1/2/2026-01-05/7/881",
        at=datetime(2026, 1, 5, 10, 30, tzinfo=UTC),
        source="till:S1",
        profile="crm:88",
        points=50,
        order="till:S1/2/2026-01-05/7/881",
        amount=500,
        currency="HKD",
        actor="7",
    )


def test_points_of_nobody_cant_be_taken() -> None:
    found = outcome(points_redeemed={"points": 50})
    assert isinstance(found, NotUnderstood)
    assert found.path == "points_redeemed"


# --- reported to a web shop too --------------------------------------------------------------------------------------


def test_a_sale_that_was_reported_to_a_web_shop_goes_by_that_name_too() -> None:
    (sale,) = events(platform_receipt="905684977-3-1002")
    assert isinstance(sale, Sale)
    assert sale.also == (receipt_order("shopify:905684977", "3", "1002"),)


def test_a_sale_that_was_not_reported_goes_by_its_own_name_alone() -> None:
    (sale,) = events()
    assert isinstance(sale, Sale)
    assert sale.also == ()


# --- returns ---------------------------------------------------------------------------------------------------------


def test_a_return_with_its_receipt_refunds_the_line_it_came_from() -> None:
    (refund,) = events(
        kind="return",
        lines=[came_back(TEE, line="9", reference={"receipt": OTHER, "line": "1"})],
        tenders=[{"kind": "cash", "amount": "-398.00"}],
    )
    assert refund == Refund(
        id="refund/till:S1/2/2026-01-05/7/881",
        at=datetime(2026, 1, 5, 10, 30, tzinfo=UTC),
        source="till:S1",
        order="till:S1/2/2026-01-05/5/870",
        currency="HKD",
        lines=(RefundLine(line="1", sku="TEE", units=2, amount=39800, restock="return", location="till:S1"),),
        tenders=(Tender(kind="cash", amount=39800),),
    )


def test_a_return_that_names_no_line_refunds_the_purchase_as_a_whole() -> None:
    (refund,) = events(lines=[came_back(TEE)], reference={"order": "shopify:5001"}, tenders=[])
    assert isinstance(refund, Refund)
    assert (refund.order, refund.adjustment, refund.lines[0].amount, refund.lines[0].units) == (
        "shopify:5001",
        39800,
        0,
        2,
    )


def test_a_return_without_a_receipt_brings_goods_back_and_touches_no_purchase() -> None:
    refund, sale = sorted(events(lines=[TEE, came_back(TEA)], tenders=[]), key=lambda event: event.kind)
    assert isinstance(refund, Refund)
    assert isinstance(sale, Sale)
    assert refund.order == f"{sale.order}/return"
    assert [(line.sku, line.units, line.restock) for line in refund.lines] == [("TEA", 420, "return")]
    assert refund.profile is None


def test_a_return_without_a_receipt_names_who_showed_a_card() -> None:
    *_, refund = events(lines=[came_back(TEE)], member={"record": "crm:88"}, tenders=[])
    assert isinstance(refund, Refund)
    assert (refund.profile, refund.adjustment, refund.lines[0].amount) == ("crm:88", 0, 39800)


def test_a_return_with_a_receipt_is_its_purchases_whoever_brings_it() -> None:
    *_, refund = events(
        lines=[came_back(TEE)], reference={"order": "shopify:5001"}, member={"record": "crm:88"}, tenders=[]
    )
    assert isinstance(refund, Refund)
    assert refund.profile is None


def test_goods_that_cant_be_sold_again_do_not_come_back_into_stock() -> None:
    (refund,) = events(lines=[came_back(TEE, restock="none")], tenders=[])
    assert isinstance(refund, Refund)
    assert refund.lines[0].restock == "none"


@pytest.mark.parametrize(
    ("sold", "cash", "paid", "given_back"),
    [
        ("500.00", "102.00", [("cash", 10200), ("exchange", 39800)], [("exchange", 39800)]),
        ("300.00", "-98.00", [("exchange", 30000)], [("cash", 9800), ("exchange", 30000)]),
    ],
)
def test_on_an_exchange_each_side_is_paid_in_full(
    sold: str, cash: str, paid: list[tuple[str, int]], given_back: list[tuple[str, int]]
) -> None:
    coat = {"line": "3", "sku": "COAT", "quantity": "1", "amount": sold}
    sale, refund = events(
        lines=[coat, came_back(TEE, reference={"order": "shopify:5001", "line": "77"})],
        tenders=[{"kind": "cash", "amount": cash}],
    )
    assert isinstance(sale, Sale)
    assert isinstance(refund, Refund)
    assert [(tender.kind, tender.amount) for tender in sale.tenders] == paid
    assert [(tender.kind, tender.amount) for tender in refund.tenders] == given_back
    assert sum(amount for _, amount in paid) == sale.lines[0].amount
    assert sum(amount for _, amount in given_back) == refund.lines[0].amount


def test_goods_of_two_purchases_are_two_refunds() -> None:
    one, other = events(
        lines=[
            came_back(TEE, reference={"order": "shopify:1", "line": "1"}),
            came_back(TEA, reference={"order": "shopify:2", "line": "1"}),
        ],
        tenders=[],
    )
    assert isinstance(one, Refund)
    assert isinstance(other, Refund)
    assert (one.order, other.order) == ("shopify:1", "shopify:2")
    assert one.id != other.id


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "return"},
        {"lines": [came_back(TEE, amount="398.00")]},
        {"lines": [came_back(TEE, reference={})]},
        {"lines": [came_back(TEE, reference={"order": "x", "receipt": OTHER})]},
    ],
)
def test_a_return_that_contradicts_itself_is_set_aside(changes: dict[str, object]) -> None:
    assert isinstance(outcome(**changes), NotUnderstood)


# --- voids and receipts that mean nothing ----------------------------------------------------------------------------


def test_a_void_takes_everything_back_and_leaves_the_sale_as_it_was() -> None:
    shipped = {**TEA, "handing": "ship"}
    (refund,) = events(kind="void", reference={"receipt": OTHER}, lines=[TEE, shipped])
    assert isinstance(refund, Refund)
    assert refund.order == "till:S1/2/2026-01-05/5/870"
    assert [(line.line, line.units, line.amount, line.restock) for line in refund.lines] == [
        ("1", 2, 39800, "return"),
        ("2", 420, 8400, "cancel"),
    ]
    assert refund.tenders == (Tender(kind="cash", amount=39800),)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"reference": {"receipt": OTHER}, "lines": []},
        {"reference": {"receipt": OTHER}, "lines": [came_back(TEE)]},
    ],
)
def test_a_void_that_says_too_little_is_set_aside(changes: dict[str, object]) -> None:
    assert isinstance(outcome(kind="void", **changes), NotUnderstood)


@pytest.mark.parametrize("kind", ["training", "suspended"])
def test_training_and_suspended_receipts_mean_nothing_and_are_seen(kind: str) -> None:
    assert outcome(kind=kind) == Ignored(reason=f"{kind} receipt")


def test_a_receipt_without_lines_means_nothing() -> None:
    assert isinstance(outcome(lines=[]), Ignored)


# --- numbers ---------------------------------------------------------------------------------------------------------

NO_NUMBERS = [
    "NaN", "sNaN", "Infinity", "1E+1000000", "1e2", "١٢٣", "１００", "1_000", " 1 ", "1,000.00", "+5", "0x10", "", "1.",
    ".5", "--1", "1" * 40, "12.345",
]  # fmt: skip


@pytest.mark.parametrize("amount", [*NO_NUMBERS, 398, 398.0, True, None])
def test_an_amount_is_a_plain_decimal_string(amount: object) -> None:
    found = outcome(lines=[{**TEE, "amount": amount}])
    assert isinstance(found, NotUnderstood)
    assert found.path == "lines[0].amount"


@pytest.mark.parametrize("quantity", [*NO_NUMBERS[:-1], "1.5", 2, True])
def test_a_quantity_is_a_plain_decimal_string_and_pieces_are_whole(quantity: object) -> None:
    found = outcome(lines=[{**TEE, "quantity": quantity}])
    assert isinstance(found, NotUnderstood)
    assert found.path == "lines[0].quantity"


@pytest.mark.parametrize("points", [True, "10", 10.0, 0, -1, 10**13])
def test_points_are_whole_numbers_within_bounds(points: object) -> None:
    found = outcome(member={"record": "crm:88"}, points_redeemed={"points": points})
    assert isinstance(found, NotUnderstood)
    assert found.path == "points_redeemed.points"


@pytest.mark.parametrize("currency", ["XXX", "hkd", "HKÐ", "", 5])
def test_a_currency_is_one_that_is_known(currency: object) -> None:
    assert isinstance(outcome(currency=currency), NotUnderstood)


def test_lines_that_do_not_add_up_to_the_stated_total_are_set_aside() -> None:
    found = outcome(total="398.01")
    assert found == NotUnderstood(path="total", reason="is 39801, but the lines add up to 39800 (in minor units)")
    assert isinstance(outcome(total="398.00"), Understood)


@given(cents=st.lists(st.integers(0, 10**9), min_size=1, max_size=30))
def test_amounts_add_up_exactly(cents: list[int]) -> None:
    lines = [
        {"line": str(place), "sku": "TEE", "quantity": "1", "amount": f"{amount // 100}.{amount % 100:02d}"}
        for place, amount in enumerate(cents)
    ]
    (sale,) = events(lines=lines, tenders=[], total=f"{sum(cents) // 100}.{sum(cents) % 100:02d}")
    assert isinstance(sale, Sale)
    assert sum(line.amount for line in sale.lines) == sum(cents)
    assert sum(minor_units(str(line["amount"]), "HKD") for line in lines) == sum(cents)


# --- files -----------------------------------------------------------------------------------------------------------


def test_a_broken_line_harms_only_itself() -> None:
    file = b'{"a":1}\n\n' + written(receipt()) + b"[]\n\xff\n" + b"[" * 100_000 + b"\n" + written(receipt(number="2"))
    parcels = list(read_receipts(io.BytesIO(file), SHOP))
    assert [(parcel.place, type(parcel.outcome)) for parcel in parcels] == [
        ("line 1", NotUnderstood),
        ("line 3", Understood),
        ("line 4", NotUnderstood),
        ("line 5", NotUnderstood),
        ("line 6", NotUnderstood),
        ("line 7", Understood),
    ]


def test_a_complaint_does_not_repeat_what_the_document_said() -> None:
    found = outcome(member={"phone": ["9123 4567"]})
    assert isinstance(found, NotUnderstood)
    assert "9123" not in found.reason


def test_a_mark_at_the_start_and_windows_line_ends_are_fine() -> None:
    file = b"\xef\xbb\xbf" + written(receipt()).replace(b"\n", b"\r\n")
    assert [type(parcel.outcome) for parcel in read_receipts(io.BytesIO(file), SHOP)] == [Understood]


@pytest.mark.parametrize("start", [b"\x1f\x8b\x08", b"PK\x03\x04", "{}".encode("utf-16")])
def test_a_file_that_is_no_text_is_refused_as_a_whole(start: bytes) -> None:
    with pytest.raises(Malformed, match="the file is"):
        next(read_receipts(io.BytesIO(start + b"..."), SHOP))


def test_a_line_that_is_too_long_is_set_aside_with_its_beginning() -> None:
    file = b'{"x":"' + b"x" * (5 << 20) + b'"}\n' + written(receipt())
    long, fine = read_receipts(io.BytesIO(file), SHOP)
    assert isinstance(long.outcome, NotUnderstood)
    assert len(long.raw) == 64 << 10
    assert isinstance(fine.outcome, Understood)


def test_an_upload_that_is_cut_off_loses_nothing_that_arrived_whole() -> None:
    file = written(*(receipt(number=str(number), member={"card": "C-1"}) for number in range(4)))
    ends = [place for place, byte in enumerate(file) if byte == ord("\n")]
    whole = [parcel.outcome for parcel in read_receipts(io.BytesIO(file), SHOP)]
    for cut in range(len(file)):
        parcels = list(read_receipts(io.BytesIO(file[:cut]), SHOP))
        complete = sum(end <= cut for end in ends)
        assert [parcel.outcome for parcel in parcels[:complete]] == whole[:complete]
        assert all(isinstance(parcel.outcome, NotUnderstood) for parcel in parcels[complete:])
        assert len(parcels) <= complete + 1


def test_what_was_set_aside_can_be_tried_again_as_it_is() -> None:
    paid = {"points": 10, "amount": "1.00"}
    raw = written(receipt(member={"phone": "0912-345-678"}, points_redeemed=paid))
    (parcel,) = read_receipts(io.BytesIO(raw), SHOP)
    assert isinstance(parcel.outcome, NotUnderstood)
    assert isinstance(receipt_outcome(parcel.raw, Context(key=SHOP.key, region="TW")), Understood)


@given(file=st.binary(max_size=400))
def test_any_bytes_are_parcels_or_one_refusal(file: bytes) -> None:
    try:
        parcels = list(read_receipts(io.BytesIO(file), SHOP))
    except Malformed:
        return
    assert all(isinstance(parcel.outcome, NotUnderstood) for parcel in parcels)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=8), children, max_size=4),
    max_leaves=8,
)


@given(field=st.sampled_from([*receipt(), "member", "reference", "total", "zone", "points_redeemed"]), value=JSON)
def test_any_value_in_any_field_is_understood_or_set_aside(field: str, value: object) -> None:
    raw = json.dumps(receipt(**{field: value})).encode()
    assert isinstance(receipt_outcome(raw, SHOP), Understood | NotUnderstood | Ignored)


@given(field=st.sampled_from(["line", "sku", "category", "location", "unit"]), text=st.text(max_size=300))
def test_any_text_in_a_line_can_be_written_or_is_set_aside(field: str, text: str) -> None:
    raw = json.dumps(receipt(lines=[{**TEE, field: text}])).encode()
    found = receipt_outcome(raw, SHOP)
    if isinstance(found, Understood):
        for event in found.events:
            event.check()


# --- the published schema --------------------------------------------------------------------------------------------


def test_the_published_schema_is_that_of_the_models() -> None:
    published = ROOT / "docs" / "reference" / "receipt-v1.schema.json"
    assert published.read_text("utf-8") == receipt_schema(), (
        "run: python -m omo_adapters.pos.schema > " + published.name
    )


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"member": {"card": "C-1"}, "total": "398.00", "platform_receipt": "1-2-3"},
        {"amount": 5},
        {"lines": [{**TEE, "amount": 398}]},
        {"lines": [{**TEE, "handing": "thrown"}]},
        {"kind": "gift"},
        {"at": "yesterday"},
        {"number": ""},
        {"schema": "omo.receipt/2"},
    ],
)
def test_the_schema_says_what_the_reader_does(changes: dict[str, object]) -> None:
    document = receipt(**changes)
    fits = jsonschema.Draft202012Validator(json.loads(receipt_schema())).is_valid(document)
    assert fits is isinstance(receipt_outcome(written(document), SHOP), Understood)
