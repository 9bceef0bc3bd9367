"""The quick way to read a document never reads anything else than the careful one would."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from omo_adapters import strict_json
from omo_core.errors import Malformed

TEXTS = st.text(st.sampled_from('ab"\\/\n\u0000é中😀'), max_size=4)
NUMBERS = st.one_of(st.integers(), st.integers(-(10**30), 10**30), st.floats(allow_nan=False, allow_infinity=False))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=12,
)


def carefully(raw: bytes) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(strict_json, "_at_a_glance", lambda _: None)
        return outcome(raw)


def outcome(raw: bytes) -> object:
    try:
        return strict_json.decode(raw)
    except Malformed as complaint:
        return complaint.path, complaint.why


@given(st.dictionaries(TEXTS, VALUES, max_size=5), st.booleans())
def test_what_json_can_say_is_read_alike(body: dict[str, object], plain: bool) -> None:
    raw = json.dumps(body, ensure_ascii=plain).encode()
    assert outcome(raw) == carefully(raw)


@given(st.lists(st.tuples(TEXTS, VALUES), max_size=5))
def test_keys_that_stand_twice_are_seen(pairs: list[tuple[str, object]]) -> None:
    raw = ("{" + ",".join(f"{json.dumps(name)}:{json.dumps(value)}" for name, value in pairs) + "}").encode()
    assert outcome(raw) == carefully(raw)


@given(st.binary(max_size=40))
@example(b'{"a":1,"\\u0061":2}')
@example(b'{"a\\\\":1,"b":"\\\\\\""}')
@example(b'{"a":{"b":1.50,"b":"1.50"}}')
@example(b'{"a":"x","a":2.5}')
@example(b'{"a":-0.0,"b":1E400,"c":18446744073709551616}')
@example(b'{"a":"\\ud800"}')
@example(b'\xef\xbb\xbf{"a":1}')
@example(b'{"a":NaN}')
@example(b'{"a":"\xff"}')
@example(b'{"a":' + b"9" * 5000 + b"}")
@example(b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}")
@example(b'{"a":' + b"[" * 63 + b"]" * 63 + b"}")
@example(b"[1]")
def test_odd_bytes_are_read_alike(raw: bytes) -> None:
    assert outcome(raw) == carefully(raw)


@given(st.binary(max_size=12), st.integers(0, 200))
def test_a_document_with_a_few_bytes_exchanged_is_read_alike(bytes_: bytes, place: int) -> None:
    raw = json.dumps({"id": 1, "a\\": ['"', None, 1.25, {"x": "y", "z": None}], "name": "中文", "n": -1}).encode()
    place %= len(raw)
    changed = raw[:place] + bytes_ + raw[place + len(bytes_) :]
    assert outcome(changed) == carefully(changed)


def test_an_ordinary_document_takes_the_quick_way() -> None:
    assert strict_json._at_a_glance(b'{"a":"12.50","b":{"c":null,"d":[1,1.5,"\\"\\\\"]}}') == {
        "a": "12.50",
        "b": {"d": [1, "1.5", '"\\']},
    }
