"""Whatever comes in, a reader answers with an outcome; amounts and numbers are exact."""

import json
from time import process_time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from omo_adapters.inbound import Ignored, NotUnderstood, Understood
from omo_adapters.shopify import Setting, translate
from omo_adapters.shopify.topics import HANDLERS
from omo_adapters.strict_json import BODY_MAX, DEPTH_MAX, decode
from omo_core.errors import Malformed
from omo_core.money import decimal_text
from tests.adapters.shopify.bodies import (
    CONTEXT,
    Body,
    customer,
    fulfillment,
    level,
    line,
    only,
    order,
    outcome,
    raw,
    refund,
)

SETTING = Setting(CONTEXT)
FULL = order(
    refunds=[refund()],
    fulfillments=[fulfillment()],
    shipping_lines=[{"id": 1, "price": "30.00", "code": "SF", "tax_lines": [{"price": "1.00", "rate": 0.05}]}],
)
SEEDS: list[tuple[str, Body]] = [
    ("orders/create", FULL),
    ("refunds/create", refund()),
    ("fulfillments/create", fulfillment()),
    ("customers/update", customer()),
    ("inventory_levels/update", level()),
]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
        (b"[]", "is not a JSON object"),
        (b'{"points":10,"points":1000000}', "states 'points' twice"),
        (b'{"a": {"b": 1, "b": 1}}', "states 'b' twice"),
        (b'{"a": NaN}', "has NaN in it, which is no number"),
        (b'{"a": -Infinity}', "has -Infinity in it, which is no number"),
        (b'{"a": ' + b"9" * 5000 + b"}", "is not JSON"),
        (b'{"a":' * 100_000, "is not JSON"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, f"nests deeper than {DEPTH_MAX} levels"),
        (b'{"a":' + b"[" * 64 + b"]" * 64 + b"}", f"nests deeper than {DEPTH_MAX} levels"),
        (b" " * (BODY_MAX + 1), f"has {BODY_MAX + 1} bytes, the limit is {BODY_MAX}"),
    ],
)
def test_what_is_not_sound_json_is_malformed(body: bytes, why: str) -> None:
    with pytest.raises(Malformed) as complaint:
        decode(body)
    assert complaint.value.why == why


@pytest.mark.parametrize(
    "body",
    [
        b'\xef\xbb\xbf{"a": 1}',
        b'{"a": "[[[[{{{{"}',
        b'{"a": "\\"]"}',
        b'{"a":' * 64 + b"1" + b"}" * 64,
        b'{"a": null}',
        b'{"a": 0.1}',
    ],
)
def test_sound_json_is_read(body: bytes) -> None:
    assert decode(body) is not None


def test_null_says_the_same_as_nothing_and_fractions_stay_text() -> None:
    assert decode(b'{"a": null, "b": 89.99, "c": 9007199254740993, "d": [null]}') == {
        "b": "89.99",
        "c": 9007199254740993,
        "d": [None],
    }


@pytest.mark.parametrize("quantity", [True, "2", 2.0, -1, 10**12, [], {}])
def test_a_quantity_is_a_whole_number(quantity: object) -> None:
    found = outcome("orders/create", order(line_items=[line(quantity=quantity)]))
    assert isinstance(found, NotUnderstood)
    assert found.path == "line_items[0].quantity"


@pytest.mark.parametrize("price", [True, "1e3", "1,000.00", " 1.00", "１.00", "0.001", "NaN", [], "9" * 20, ""])
def test_an_amount_is_a_plain_decimal(price: object) -> None:
    found = outcome("orders/create", order(total_price=price, payment_gateway_names=["cash"]))
    assert (price == "") is isinstance(found, Understood)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"currency": "XXX"}, "currency"),
        ({"processed_at": "2026-01-05T12:00:00"}, "processed_at"),
        ({"processed_at": "yesterday"}, "processed_at"),
        ({"processed_at": "0001-01-01T00:00:00+14:00"}, "processed_at"),
        ({"updated_at": 5}, "updated_at"),
        ({"line_items": [line(sku="x" * 201)]}, "lines[0].sku"),
        ({"line_items": [line(sku="a\u0000b")]}, "lines[0].sku"),
        ({"line_items": [line(), line()]}, "lines"),
        ({"line_items": [line(n) for n in range(10_001)]}, "line_items"),
        ({"line_items": None}, "line_items"),
        ({"id": 10**20}, "id"),
        ({"id": -1}, "id"),
        ({"id": True}, "id"),
        ({"admin_graphql_api_id": "gid://shopify/Order/../1"}, "admin_graphql_api_id"),
        ({"admin_graphql_api_id": "gid://shopify/Order/٣"}, "admin_graphql_api_id"),
        ({"admin_graphql_api_id": "gid://shopify/Refund/5001"}, "admin_graphql_api_id"),
    ],
)
def test_an_order_that_can_not_mean_anything_names_its_field(changes: Body, path: str) -> None:
    found = outcome("orders/create", order(**changes))
    assert isinstance(found, NotUnderstood)
    assert found.path == path


def test_a_huge_order_is_refused_quickly() -> None:
    body = raw(order(line_items=[line(n) for n in range(15_000)]))
    start = process_time()
    assert isinstance(translate("orders/create", body, SETTING), NotUnderstood)
    assert process_time() - start < 2


@given(cents=st.integers(0, 10**12), units=st.integers(1, 1000))
def test_amounts_are_exact(cents: int, units: int) -> None:
    one = line(price=decimal_text(cents, "HKD"), quantity=units, current_quantity=units)
    assert only("orders/create", order(line_items=[one])).lines[0].amount == cents * units


@given(cents=st.integers(0, 10**14))
def test_amounts_written_as_numbers_are_exact(cents: int) -> None:
    text = decimal_text(cents, "HKD")
    body = raw(order(total_price="@", payment_gateway_names=["cash"])).replace(b'"@"', text.encode())
    found = translate("orders/create", body, SETTING)
    assert isinstance(found, Understood)
    assert found.events[0].tenders[0].amount == cents  # type: ignore[attr-defined]


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["", "0", "-1", "1e999", "gid://shopify/Order/1", "\ud800", "2026-01-01", "HKD", "paid"]),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a body."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, inner in steps for found in ((*path, key), *places(inner, (*path, key)))]


def changed(value: Any, path: tuple[Any, ...], odd: object) -> Any:
    if not path:
        return odd
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(value[path[0]], path[1:], odd)
    return copy


@given(data=st.data(), seed=st.sampled_from(SEEDS), odd=st.lists(ODD, min_size=1, max_size=3))
def test_any_change_to_a_body_gives_an_outcome(data: st.DataObject, seed: tuple[str, Body], odd: list[object]) -> None:
    topic, body = seed
    for value in odd:
        body = changed(body, data.draw(st.sampled_from(places(body)), label="place"), value)
    found = translate(topic, json.dumps(body).encode(), SETTING)
    assert isinstance(found, Understood | Ignored | NotUnderstood)
    if isinstance(found, Understood):
        for event in found.events:
            event.check()


@given(topic=st.sampled_from(sorted(HANDLERS)), body=st.binary(max_size=200))
@example(topic="orders/create", body=b"{}")
@example(topic="customers/merge", body=b"{}")
def test_any_bytes_give_an_outcome(topic: str, body: bytes) -> None:
    assert isinstance(translate(topic, body, SETTING), Understood | Ignored | NotUnderstood)


@given(data=st.data(), seed=st.sampled_from(SEEDS))
def test_any_cut_or_flip_of_the_bytes_gives_an_outcome(data: st.DataObject, seed: tuple[str, Body]) -> None:
    body = bytearray(raw(seed[1]))
    body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    del body[data.draw(st.integers(0, len(body))) :]
    assert isinstance(translate(seed[0], bytes(body), SETTING), Understood | Ignored | NotUnderstood)


@given(topic=st.sampled_from(sorted(HANDLERS)), seed=st.sampled_from(SEEDS))
def test_a_body_under_another_topic_never_means_something_else(topic: str, seed: tuple[str, Body]) -> None:
    own, body = seed
    family = {"customers": "customers", "inventory_levels": "inventory_levels"}.get(topic.split("/", maxsplit=1)[0])
    if topic.split("/", maxsplit=1)[0] != own.split("/")[0] and family is None:
        assert not isinstance(outcome(topic, body), Understood)
