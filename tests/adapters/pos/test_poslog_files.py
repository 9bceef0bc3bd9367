"""POSLog as files: encodings, attacks, uploads that were cut off, and how much memory a large one takes."""

import builtins
import io
import socket
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omo_adapters.inbound import Ignored, NotUnderstood, Understood
from omo_adapters.pos import read_poslog
from omo_adapters.pos.cutting import cut
from omo_core.errors import Malformed
from tests.adapters.pos.logs_made_up import SHOP, goods, log, outcomes, parcels, tender, total, transaction, understood

CHINESE = goods(1, sku="茶葉") + goods(2, sku="TEE")
DAY = log(*(transaction(goods(), tender("199.00"), total("199.00"), number=str(number)) for number in range(3)))


def test_each_transaction_comes_with_bytes_that_can_be_read_again() -> None:
    log_of_three = log(*(transaction(CHINESE, number=str(number)) for number in range(3)))
    for parcel in parcels(log_of_three):
        (again,) = parcels(parcel.raw)
        assert again.outcome == parcel.outcome
        assert again.raw == parcel.raw


def test_a_transaction_says_where_it_stood() -> None:
    assert [parcel.place for parcel in parcels(DAY)] == [
        "transaction S1/2/0 (line 3)",
        "transaction S1/2/1 (line 4)",
        "transaction S1/2/2 (line 5)",
    ]


def test_a_transaction_may_be_the_whole_file() -> None:
    (parcel,) = parcels(transaction(goods()).encode())
    assert isinstance(parcel.outcome, Understood)
    assert parcel.raw == transaction(goods()).encode()


@pytest.mark.parametrize("encoding", ["UTF-8", "utf-8-sig", "UTF-16", "UTF-16-LE", "UTF-16-BE"])
def test_encodings_of_unicode_say_the_same(encoding: str) -> None:
    declared = "UTF-16" if encoding.startswith("UTF-16") else "UTF-8"
    text = log(transaction(CHINESE)).decode().replace('encoding="UTF-8"', f'encoding="{declared}"')
    found = parcels(text.encode(encoding))
    assert understood(found) == understood(parcels(log(transaction(CHINESE))))
    assert understood(parcels(found[0].raw)) == understood(found)


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "windows-1252", "US-ASCII"])
def test_encodings_of_one_byte_are_read(encoding: str) -> None:
    sku = "Öl" if encoding != "US-ASCII" else "Oil"
    assert understood(parcels(log(transaction(goods(sku=sku)), encoding=encoding))) == understood(
        parcels(log(transaction(goods(sku=sku))))
    )


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"no xml",
        b"<html/>",
        b"\x1f\x8b\x08\x00",
        b"PK\x03\x04",
        b'{"a": 1}',
        b"\xff\xfe<\x00P",
        b'<?xml version="1.0" encoding="UTF-7"?>' + log().partition(b"?>")[2],
        b'<?xml version="1.0" encoding="big5"?>' + log().partition(b"?>")[2],
        b'<?xml version="1.0" encoding="no-such"?>' + log().partition(b"?>")[2],
        b"\xef\xbb\xbf" + log().replace(b"UTF-8", b"UTF-16"),
        b"<POSLog><Transaction>"[:5],
    ],
)
def test_a_file_that_is_no_poslog_is_refused_as_a_whole(file: bytes) -> None:
    with pytest.raises(Malformed):
        parcels(file)


DOCTYPES = [
    b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
    b'<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:9/x">]>',
    b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    b'<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
    b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>',
    b"<!DOCTYPE x>",
]


@pytest.mark.parametrize("doctype", DOCTYPES)
def test_a_document_type_is_refused_without_opening_anything(doctype: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        pytest.fail("something was opened")

    monkeypatch.setattr(builtins, "open", refuse)
    monkeypatch.setattr(io, "open", refuse)
    monkeypatch.setattr(socket, "socket", refuse)
    head, mark, rest = log(transaction(goods(sku="&e;"))).partition(b"?>")
    with pytest.raises(Malformed, match="document type"):
        parcels(head + mark + doctype + rest)


@pytest.mark.parametrize(
    "broken", [b"<y:Sale/>", b"<Sale></Sold>", b"&e;", b"]]>", b"\x00", b"\xff", b"</POSLog><POSLog>"]
)
def test_what_is_no_xml_is_reported_with_its_line_after_all_that_was_whole(broken: bytes) -> None:
    file = log(transaction(goods()), transaction(goods()).replace("<RetailTransaction >", "<RetailTransaction >@@"))
    first, rest = parcels(file.replace(b"@@", broken))
    assert isinstance(first.outcome, Understood)
    assert isinstance(rest.outcome, NotUnderstood)
    assert (rest.place, rest.outcome.path) == ("line 4", "line 4")


def test_a_second_root_element_is_reported() -> None:
    *whole, rest = outcomes(DAY + b"<POSLog/>")
    assert [type(each) for each in whole] == [Understood] * 3
    assert isinstance(rest, NotUnderstood)


def test_what_a_comment_or_a_quotation_holds_is_no_transaction() -> None:
    trick = "<!-- </Transaction> <Transaction> --><x:Note><![CDATA[</Transaction>]]></x:Note>"
    assert [type(each) for each in outcomes(log(transaction(trick, goods()), transaction(goods())))] == [Understood] * 2


def test_an_upload_that_is_cut_off_gives_every_transaction_that_arrived_whole() -> None:
    whole = parcels(DAY)
    starts = DAY.index(b"<Transaction")
    ends = [place + 14 for place in range(len(DAY)) if DAY.startswith(b"</Transaction>", place)]
    for end in range(starts, len(DAY)):
        found = parcels(DAY[:end])
        complete = sum(each <= end for each in ends)
        assert found[:complete] == whole[:complete]
        assert [type(parcel.outcome) for parcel in found[complete:]] == ([] if end >= len(DAY) - 1 else [NotUnderstood])


@pytest.mark.parametrize("bytes_at_once", [1, 7, 1 << 20])
def test_it_does_not_matter_in_which_pieces_a_file_arrives(bytes_at_once: int) -> None:
    class Trickle(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 0, bytes_at_once))

    assert list(read_poslog(Trickle(DAY), SHOP)) == parcels(DAY)


def test_too_deep_and_too_many_elements_end_the_reading() -> None:
    deep = log(transaction("<a>" * 10_000))
    many = log(transaction("<a/>" * 300_000))
    for file in (deep, many):
        (rest,) = outcomes(file)
        assert isinstance(rest, NotUnderstood)
        assert "more than" in rest.reason


def test_a_transaction_that_never_ends_is_given_up() -> None:
    file = log(transaction("x" * (9 << 20)))
    (parcel,) = parcels(file)
    assert isinstance(parcel.outcome, NotUnderstood)
    assert len(parcel.raw) <= 1 << 20


def test_a_large_file_takes_the_memory_of_one_transaction() -> None:
    class Endless(io.RawIOBase):
        """A log of ten thousand transactions that is made up while it is read."""

        def __init__(self) -> None:
            head, foot = log().split(b"\n\n")
            one = transaction(goods(), total("199.00")).encode()
            self.pieces = iter([head, *[one] * 10_000, foot])

        def read(self, size: int = -1, /) -> bytes:
            return next(self.pieces, b"")

    tracemalloc.start()
    count = sum(1 for _ in read_poslog(Endless(), SHOP))  # type: ignore[arg-type]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 10_000
    assert peak < 2 << 20


@given(file=st.binary(max_size=300))
def test_any_bytes_are_parcels_or_one_refusal(file: bytes) -> None:
    try:
        parcels(file)
    except Malformed:
        return


@given(data=st.data())
def test_a_log_with_any_bytes_changed_is_parcels_or_one_refusal(data: st.DataObject) -> None:
    file = bytearray(DAY)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(file) - 1))
        file[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    try:
        found = parcels(bytes(file))
    except Malformed:
        return
    for parcel in found:
        assert isinstance(parcel.outcome, Understood | NotUnderstood | Ignored)


def test_only_announced_roots_are_read() -> None:
    with pytest.raises(Malformed, match="root element"):
        list(cut(io.BytesIO(b"<POSLog><Transaction/></POSLog>"), frozenset({"DigitalReceipt"})))


@pytest.mark.shared
def test_every_kind_of_real_file_is_read(shared: Path) -> None:
    folder = shared / "fixtures" / "poslog-ncr-acs-kjbreil"
    for name in ("POSLog.xml", "SMALL.xml"):
        with (folder / name).open("rb") as file:
            assert all(isinstance(p.outcome, Understood | Ignored) for p in read_poslog(file, SHOP))
