"""CSV as it is found: broken rows, odd headers, and what was written read back."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omo_adapters.tables.reading import Row, Table, read_rows
from omo_adapters.tables.writing import guarded, unguarded, write_table
from omo_core.errors import Malformed

NAMES = Table(columns={"id": ("編號",), "name": ("姓名", "full name"), "note": ()}, required=("id",))


def rows(text: str | bytes) -> list[Row]:
    return list(read_rows(io.BytesIO(text.encode() if isinstance(text, str) else text), NAMES))


def seen(text: str | bytes) -> list[tuple[int, dict[str, str]] | int]:
    """Each row's number and cells, or its number alone where it is broken."""
    return [row.number if row.wrong is not None else (row.number, dict(row.cells)) for row in rows(text)]


def test_names_of_columns_are_matched_without_case_spaces_and_width() -> None:
    assert seen("ＩＤ,FULL_Name,extra\n1,Ann,x\n") == [(2, {"id": "1", "name": "Ann"})]


def test_blank_rows_are_passed_over_and_numbers_are_those_of_the_file() -> None:
    assert seen("id,name\n\n1,Ann\n   \n2,Bob\n") == [(3, {"id": "1", "name": "Ann"}), (5, {"id": "2", "name": "Bob"})]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_is_one(end: str) -> None:
    assert [row.number for row in rows(f"id,name{end}1,a{end}2,b{end}")] == [2, 3]


def test_line_ends_may_be_mixed_and_stand_in_quotes() -> None:
    assert seen('id,name\r\n1,"a\nb"\n2,c\r') == [(2, {"id": "1", "name": "a\nb"}), (4, {"id": "2", "name": "c"})]


def test_a_quote_that_is_never_closed_costs_one_row() -> None:
    assert seen('id,name\n1,a\n2,"b\n3,c\n4,d\n') == [
        (2, {"id": "1", "name": "a"}),
        3,
        (4, {"id": "3", "name": "c"}),
        (5, {"id": "4", "name": "d"}),
    ]


def test_two_open_quotes_cost_their_two_rows() -> None:
    assert seen('id,name\n1,"a\n2,b\n3,c"c\n4,d\n') == [
        2,
        (3, {"id": "2", "name": "b"}),
        4,
        (5, {"id": "4", "name": "d"}),
    ]


LONG = ["1," + "x" * 200_000, '1,"' + "x\n" * 90_000, "1" + "," * 99_999]


@pytest.mark.parametrize("row", ["1", "1,2,3", '1,"a"b', "1,\x00", "1,a\x07", *LONG])
def test_a_row_that_is_none_is_set_aside_with_its_number(row: str) -> None:
    first, *_ = rows(f"id,name\n{row}\n")
    assert first.number == 2
    assert first.wrong is not None
    assert first.cells == {}


@pytest.mark.parametrize(
    "file",
    [
        "",
        "\n",
        "name\nAnn\n",
        "id,ID\n1,2\n",
        "id,編號\n1,2\n",
        "," * 1_000_000,
        'id,"name\n1,2\n',
        "id," + "x" * 200_000,
        b"\x1f\x8b\x08",
        b"PK\x03\x04",
        b"id\n\xff\n",
        b"\xef\xbb\xbfid\n\xff\n",
    ],
)
def test_a_file_that_is_no_such_table_is_refused_as_a_whole(file: str | bytes) -> None:
    with pytest.raises(Malformed):
        rows(file)


def test_what_was_set_aside_is_a_file_of_its_own() -> None:
    (row,) = rows("id,name\r\n1,陳\r\n")
    assert row.raw.decode() == "id,name\r\n1,陳\r\n"
    assert seen(row.raw) == [(2, {"id": "1", "name": "陳"})]


# --- writing ---------------------------------------------------------------------------------------------------------

RISKY = ['=HYPERLINK("http://x","c")', "+1", "-1+1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", "'=1", "''=1", '=1","2']


def table(*cells: str | int) -> bytes:
    stream = io.BytesIO()
    write_table(stream, ["id", "name", "note"], [["1", cell, ""] for cell in cells])
    return stream.getvalue()


@pytest.mark.parametrize("text", RISKY)
def test_no_text_starts_as_a_formula(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["", "Ann", "'", "'tis", "O'Neill", "1=1", " =1", "a\n=1"])
def test_harmless_text_is_left_alone(text: str) -> None:
    assert guarded(text) == unguarded(text) == text


def test_numbers_are_numbers() -> None:
    assert table(-5).decode("utf-8-sig") == "id,name,note\r\n1,-5,\r\n"


@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("'=+-@\",;\n\r\t"), max_size=30))
def test_what_was_written_is_read_back(text: str) -> None:
    (row,) = rows(table(text))
    assert row.wrong is None
    assert row.cells.get("name", "") == text.strip()


@given(text=st.text(max_size=12))
def test_the_apostrophe_comes_off_exactly_as_it_went_on(text: str) -> None:
    assert unguarded(guarded(text)) == text


@given(file=st.text(st.sampled_from("\"',;\n\r\t=1a\x00é"), max_size=60))
def test_any_text_is_rows(file: str) -> None:
    for row in rows("id,name\n" + file):
        assert (row.wrong is None) is bool(row.cells) or row.wrong is None
