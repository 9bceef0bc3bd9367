"""One spelling per identifier."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omo_adapters.identifiers import card_key, claim_key, email_key, phone_e164
from omo_core.errors import Malformed


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("9123 4567", "HK", "+85291234567"),
        ("+85291234567", "HK", "+85291234567"),
        ("+852 9123-4567", "TW", "+85291234567"),
        ("0085291234567", "HK", "+85291234567"),
        ("００８５２９１２３４５６７", "HK", "+85291234567"),
        ("＋８５２　９１２３ ４５６７".replace("\u3000", " "), "HK", "+85291234567"),
        ("（852）91234567", "HK", "+85291234567"),
        ("９１２３　４５６７", "HK", "+85291234567"),
        ("001 852 9123 4567", "HK", "+85291234567"),
        ("002 852 9123 4567", "TW", "+85291234567"),
        ("00 1 212 555 0123", "HK", "+12125550123"),
        ("0033 1 23 45 67 89", "HK", "+33123456789"),
        ("0912-345-678", "TW", "+886912345678"),
        ("+886912345678", "HK", "+886912345678"),
        ("(02) 2345‑6789", "TW", "+886223456789"),
        ("6612 3456", "MO", "+85366123456"),
    ],
)
def test_a_phone_number_has_one_spelling(text: str, region: str, number: str) -> None:
    assert phone_e164(text, region) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12345678901234567890",
        "0085291234567 ext 5",
        "9123 4567 x5",
        "tel:+85291234567;ext=5",
        "123",
        "555-555-SHIP",
        "00000000",
        "9" * 300,
        "+",
        "91234567\u0000",
    ],
)
def test_what_can_not_be_called_is_refused(text: str) -> None:
    with pytest.raises(Malformed) as complaint:
        phone_e164(text, "HK")
    assert complaint.value.path == "phone"
    assert not text or text not in str(complaint.value)


@pytest.mark.parametrize(
    ("text", "region"), [("001 65 9456 7890", "HK"), ("009 65 9456 7890", "TW"), ("0081 90 1234 5678", "HK")]
)
def test_what_may_be_either_of_two_numbers_is_refused(text: str, region: str) -> None:
    with pytest.raises(Malformed, match="either of two numbers"):
        phone_e164(text, region)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Mei@Example.com", "mei@example.com"),
        (" mei.chan+shop@example.com ", "mei.chan+shop@example.com"),
        ("mei@bücher.example.com", "mei@xn--bcher-kva.example.com"),
    ],
)
def test_an_email_has_one_spelling(text: str, key: str) -> None:
    assert email_key(text) == key


def test_dots_and_tags_are_not_folded() -> None:
    assert len({email_key(text) for text in ("a.b@gmail.com", "ab@gmail.com", "ab+x@gmail.com")}) == 3


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mei",
        "@example.com",
        "mei@",
        "mıke@example.com",
        "ｍei@example.com",
        "a b@example.com",
        "a@b\x00.com",
        "a" * 250 + "@example.com",
        "mei@example.com\nbcc: x@y.z",
        '"a b"@example.com',
        "mei@[127.0.0.1]",
    ],
)
def test_what_is_no_certain_email_is_refused(text: str) -> None:
    with pytest.raises(Malformed) as complaint:
        email_key(text)
    assert complaint.value.path == "email"


@pytest.mark.parametrize(("text", "key"), [("vip-0012 34", "VIP001234"), ("００１２", "0012"), ("a1", "A1")])
def test_a_card_has_one_spelling(text: str, key: str) -> None:
    assert card_key(text) == key


@pytest.mark.parametrize("text", ["", " - ", "卡12", "12/34", "1" * 65, "12\n34", "ı1", "ß1", "ﬁ1", "ſ1", "\u212a1"])
def test_what_is_no_card_number_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        card_key(text)


LINE = "U8189cf6745fc0d808977bdb0b9f22995"


@pytest.mark.parametrize(
    ("kind", "text", "key"),
    [
        ("line", f" {LINE} ", LINE),
        ("line", LINE.upper(), LINE),
        ("line", "Uother", "Uother"),
        ("shopify", "gid://shopify/Customer/7", "7"),
        ("shopify", "7", "7"),
        ("whatsapp", "HK.1342ab", "HK.1342ab"),
        ("app", "a7F", "a7F"),
        ("badge", " Jade Seven ", "Jade Seven"),
    ],
)
def test_a_platforms_id_has_one_spelling(kind: str, text: str, key: str) -> None:
    assert claim_key(kind, text, "HK") == key


@pytest.mark.parametrize("kind", ["line", "whatsapp", "app", "shopify"])
@pytest.mark.parametrize("text", ["", "  ", "a b", "ＵＡ", "a\u200bb", "a\nb", "x" * 201])
def test_what_no_platform_hands_out_is_refused(kind: str, text: str) -> None:
    with pytest.raises(Malformed) as complaint:
        claim_key(kind, text, "HK")
    assert complaint.value.path == kind


@given(st.text(max_size=40), st.sampled_from(["HK", "TW", "MO", "CN", "US"]))
def test_any_text_gives_a_spelling_that_stays_or_is_refused(text: str, region: str) -> None:
    for spell in (lambda value: phone_e164(value, region), email_key, card_key):
        try:
            once = spell(text)
        except Malformed:
            continue
        assert spell(once) == once
