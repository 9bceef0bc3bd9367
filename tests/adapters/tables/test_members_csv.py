"""Member lists from spreadsheets."""

import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omo_adapters.inbound import Context, NotUnderstood, Parcel, Personal, Understood
from omo_adapters.tables import read_members
from omo_core.errors import Malformed
from omo_core.events import current
from omo_core.instants import micros
from omo_core.loyalty.events import PointsGranted
from omo_core.members import ProfileSeen

SHOP = Context(key=b"a secret of the shop's own" * 2)
AS_OF = datetime(2026, 1, 1, tzinfo=UTC)

CHINESE = (
    "會員編號,電話,電郵,姓名,生日,積分,標籤,電郵推廣,入會日期\r\n"
    "88,9123 4567,Ann@Example.com,陳大文,1990/2/9,120,VIP、舊客,是,2020-01-05\r\n"
)
ENGLISH = (
    "Member ID,Mobile,E-mail,Full Name,Date of Birth,Points Balance,Tags,Accepts Email,Joined\n"
    "88,9123 4567,Ann@Example.com,陳大文,1990/2/9,120,VIP|舊客,yes,2020-01-05\n"
)


def parcels(text: str | bytes, *, encoding: str | None = None, as_of: datetime | None = AS_OF) -> list[Parcel]:
    raw = text.encode() if isinstance(text, str) else text
    return list(read_members(io.BytesIO(raw), SHOP, as_of=as_of, encoding=encoding))


def member(text: str) -> Understood:
    (parcel,) = parcels(text)
    assert isinstance(parcel.outcome, Understood), parcel.outcome
    return parcel.outcome


def complaint(text: str, *, as_of: datetime | None = AS_OF) -> NotUnderstood:
    (parcel,) = parcels(text, as_of=as_of)
    assert isinstance(parcel.outcome, NotUnderstood), parcel.outcome
    return parcel.outcome


def test_a_row_is_a_record_with_its_identifiers_as_imported() -> None:
    found = member(CHINESE)
    seen, granted = found.events
    assert seen == ProfileSeen(
        id="profile/crm:88",
        at=datetime(2020, 1, 4, 16, tzinfo=UTC),
        version=micros(AS_OF),
        source="crm",
        profile="crm:88",
        claims=seen.claims if isinstance(seen, ProfileSeen) else (),
        consents=(("email", True),),
        tags=("VIP", "舊客"),
        updated_at=AS_OF,
    )
    assert isinstance(seen, ProfileSeen)
    assert [(claim.kind, claim.proof) for claim in seen.claims] == [("phone", "import"), ("email", "import")]
    assert seen.claims[0].fingerprint == SHOP.fingerprint("phone", "+85291234567")
    assert isinstance(granted, PointsGranted)
    assert (granted.points, granted.reason, granted.profile) == (120, "opening balance", "crm:88")


def test_personal_data_goes_to_the_vault_and_nowhere_else() -> None:
    found = member(CHINESE)
    assert found.personal == (
        Personal(
            profile="crm:88",
            version=micros(AS_OF),
            fields={
                "name": "陳大文",
                "email": "ann@example.com",
                "phone": "+85291234567",
                "birthday": "1990-02-09",
            },
        ),
    )
    assert not any(text in repr(found.events) for text in ("9123", "example", "大文", "1990"))


def test_headers_in_english_and_chinese_mean_the_same() -> None:
    assert member(ENGLISH) == member(CHINESE)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    assert member(CHINESE.replace(",", delimiter)) == member(CHINESE)


@pytest.mark.parametrize(
    ("encoding", "stated"),
    [
        ("utf-8", None),
        ("utf-8", "big5hkscs"),
        ("utf-8-sig", None),
        ("utf-16", None),
        ("utf-16", "big5"),
        ("big5", "big5"),
        ("big5hkscs", "big5hkscs"),
        ("gb18030", "gb18030"),
    ],
)
def test_a_mark_or_the_content_or_the_sender_says_the_encoding(encoding: str, stated: str | None) -> None:
    (parcel,) = parcels(CHINESE.encode(encoding), encoding=stated)
    assert parcel.outcome == member(CHINESE)


@pytest.mark.parametrize("encoding", ["big5", "gb18030"])
def test_an_encoding_is_never_guessed(encoding: str) -> None:
    with pytest.raises(Malformed, match="state its encoding"):
        parcels(CHINESE.encode(encoding))


def test_a_file_that_is_not_what_its_sender_says_is_refused() -> None:
    with pytest.raises(Malformed, match="throughout"):
        parcels(b"id\n\xff\xff\n", encoding="big5")
    with pytest.raises(Malformed, match="unknown encoding"):
        parcels(b"id\n\xff\xff\n", encoding="no-such")


def test_a_stream_that_cant_be_rewound_is_read_too() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    (parcel,) = read_members(Pipe(CHINESE.encode()), SHOP, as_of=AS_OF)
    assert parcel.outcome == member(CHINESE)


def test_the_file_is_left_open_for_whoever_opened_it() -> None:
    file = io.BytesIO(CHINESE.encode())
    list(read_members(file, SHOP, as_of=AS_OF))
    assert not file.closed


def test_a_row_that_says_when_it_was_updated_has_that_version() -> None:
    (parcel,) = parcels("id,updated_at\n88,2026-01-05 18:30\n", as_of=None)
    assert isinstance(parcel.outcome, Understood)
    assert parcel.outcome.events[0].version == micros(datetime(2026, 1, 5, 10, 30, tzinfo=UTC))


def test_a_row_without_any_instant_is_set_aside() -> None:
    assert complaint("id\n88\n", as_of=None).path == "row 2.updated_at"


def test_of_several_opening_balances_the_earliest_counts() -> None:
    later = datetime(2026, 6, 1, tzinfo=UTC)
    both = [
        event
        for as_of, points in ((later, 900), (AS_OF, 120))
        for parcel in parcels(f"id,points\n88,{points}\n", as_of=as_of)
        if isinstance(parcel.outcome, Understood)
        for event in parcel.outcome.events
        if isinstance(event, PointsGranted)
    ]
    assert [event.points for event in current(both)] == [120]
    assert [event.points for event in current(reversed(both))] == [120]


def test_points_may_be_none_or_debt_and_may_end() -> None:
    assert len(member("id,points\n88,0\n").events) == 1
    assert isinstance(member("id,points\n88,-20\n").events[1], PointsGranted)
    granted = member("id,points,points_expire_at\n88,20,2026-12-31\n").events[1]
    assert isinstance(granted, PointsGranted)
    assert granted.expires_at == datetime(2026, 12, 30, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("birthday", "9/2/1990"),
        ("birthday", "1990-02-30"),
        ("joined_at", "yesterday"),
        ("updated_at", "2026-13-01"),
        ("points", "1.5"),
        ("points", '"1,200"'),
        ("points", "１２０"),
        ("points", "1e3"),
        ("points", "9" * 15),
        ("consent_email", "perhaps"),
        ("tags", "a" * 300),
    ],
)
def test_a_cell_that_cant_be_read_names_row_and_column(column: str, value: str) -> None:
    (fine, broken) = parcels(f"id,{column}\n1,\n88,{value}\n")
    assert isinstance(fine.outcome, Understood)
    assert isinstance(broken.outcome, NotUnderstood)
    assert broken.outcome.path.startswith("row 3")
    assert column in broken.outcome.path


@pytest.mark.parametrize(("column", "value"), [("phone", "12"), ("email", "ann"), ("card", "?")])
def test_points_do_not_wait_for_an_identifier_that_cant_be_read(column: str, value: str) -> None:
    (parcel,) = parcels(f"id,points,name,{column}\n88,20,Ann,{value}\n")
    found = parcel.outcome
    assert isinstance(found, Understood)
    assert [type(event).__name__ for event in found.events] == ["ProfileSeen", "PointsGranted"]
    assert found.personal[0].fields == {"name": "Ann"}
    assert len(found.notes) == 1
    assert found.notes[0].startswith(f"{column}: ")


def test_a_record_without_an_id_is_set_aside() -> None:
    assert complaint("id,name\n,Ann\n").path == "row 2.record"


@given(file=st.binary(max_size=200), encoding=st.sampled_from([None, "big5hkscs", "gb18030", "utf-16"]))
def test_any_bytes_are_parcels_or_one_refusal(file: bytes, encoding: str | None) -> None:
    try:
        parcels(b"id,name,points\n" + file, encoding=encoding)
    except Malformed:
        return


@given(
    cells=st.dictionaries(
        st.sampled_from(["id", "name", "phone", "email", "points", "tags", "joined_at", "consent_email"]),
        st.text(max_size=30),
        min_size=1,
    )
)
def test_any_cells_can_be_written_or_are_set_aside(cells: dict[str, str]) -> None:
    quoted = ('"' + cell.replace('"', '""') + '"' for cell in cells.values())
    try:
        found = parcels((",".join(["id", *cells]) + "\n" + ",".join(["88", *quoted]) + "\n").encode("utf-8", "replace"))
    except Malformed:
        assert "id" in cells
        return
    for parcel in found:
        if isinstance(parcel.outcome, Understood):
            for event in parcel.outcome.events:
                event.check()
