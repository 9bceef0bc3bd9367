"""Members as JSON Lines: the columns of the CSV, and what a cell has no room for."""

import io
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omo_adapters.importing.formats import FORMATS, Asked
from omo_adapters.inbound import Context, NotUnderstood, Parcel, Understood
from omo_adapters.tables import read_member_lines, read_members
from omo_adapters.tables.members_jsonl import LINE_BYTES_MAX, is_member_line
from omo_core.members import ProfileSeen

SHOP = Context(key=b"a secret of the shop's own" * 2)
AS_OF = datetime(2026, 1, 1, tzinfo=UTC)
LINE = "U8189cf6745fc0d808977bdb0b9f22995"


def parcels(*lines: object) -> list[Parcel]:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    return list(read_member_lines(io.BytesIO(text.encode("utf-8", "surrogatepass")), SHOP, as_of=AS_OF))


def member(line: object) -> Understood:
    (parcel,) = parcels(line)
    assert isinstance(parcel.outcome, Understood), parcel.outcome
    return parcel.outcome


def seen(line: object) -> ProfileSeen:
    event = member(line).events[0]
    assert isinstance(event, ProfileSeen)
    return event


def path(line: object) -> str:
    (parcel,) = parcels(line)
    assert isinstance(parcel.outcome, NotUnderstood), parcel.outcome
    return parcel.outcome.path


def test_a_line_says_what_a_row_with_the_same_columns_says() -> None:
    row = (
        b"member_id,Mobile,email,name,birthday,points,consent_email\n88,9123 4567,A@Example.com,Ann,1990/2/9,120,yes\n"
    )
    (parcel,) = read_members(io.BytesIO(row), SHOP, as_of=AS_OF)
    line = {
        "member_id": 88,
        "Mobile": "9123 4567",
        "email": "A@Example.com",
        "name": "Ann",
        "birthday": "1990/2/9",
        "points": 120,
        "consent_email": True,
        "shoe size": None,
    }
    assert member(line) == parcel.outcome


def test_a_line_has_room_for_any_number_of_identifiers() -> None:
    claims = [
        {"kind": "phone", "value": "9222 3333", "proof": "otp", "since": "2024-01-01", "until": "2025-01-01"},
        {"kind": "line", "value": LINE.upper(), "provider": "north", "proof": "login", "seen": "2025-06-01"},
        {"kind": "phone", "value": "9123 4567"},
    ]
    found = member({"id": "88", "phone": "+852 9123 4567", "claims": claims})
    record = found.events[0]
    assert isinstance(record, ProfileSeen)
    assert [(each.kind, each.proof, each.provider) for each in record.claims] == [
        ("phone", "import", ""),
        ("phone", "otp", ""),
        ("line", "login", "north"),
    ]
    _, old, line = record.claims
    assert (old.since, old.until) == (datetime(2023, 12, 31, 16, tzinfo=UTC), datetime(2024, 12, 31, 16, tzinfo=UTC))
    assert line.fingerprint == SHOP.fingerprint("line", LINE, "north")
    assert found.personal[0].fields == {
        "phone": "+85291234567",
        "phone_2": "+85292223333",
        "line": LINE,
        "line_provider": "north",
    }


def test_an_identifier_that_nobody_checked_is_typed() -> None:
    line = {"id": 1, "phone": "9123 4567", "phone_verified": False, "email": "a@b.example", "email_verified": "yes"}
    assert [(each.kind, each.proof) for each in seen(line).claims] == [("phone", "typed"), ("email", "import")]


def test_a_record_tells_when_its_bearer_was_last_there() -> None:
    (claim,) = seen({"id": 1, "phone": "9123 4567", "last_seen_at": "2025-12-24 18:00"}).claims
    assert claim.seen == datetime(2025, 12, 24, 10, tzinfo=UTC)


def test_tags_are_a_list_or_a_text() -> None:
    assert seen({"id": 1, "tags": ["vip", "a, b"]}).tags == ("a, b", "vip")
    assert seen({"id": 1, "tags": "vip|old"}).tags == ("old", "vip")


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("{broken", "line 1"),
        ("[1]", "line 1"),
        ('{"id": 1, "id": 2}', "line 1"),
        ({"id": 1, "member_id": 2}, "line 1.member_id"),
        ({"name": "Ann"}, "line 1.record"),
        ({"id": 1, "name": ["Ann"]}, "line 1.name"),
        ({"id": 1, "name": "A\nnn\x00"}, "line 1.name"),
        ({"id": 1, "points": "1.5"}, "line 1.points"),
        ({"id": 1, "birthday": "9/2/1990"}, "line 1.birthday"),
        ({"id": 1, "tags": [1.5, {}]}, "line 1.tags[1]"),
        ({"id": 1, "claims": {}}, "line 1.claims"),
        ({"id": 1, "claims": ["x"]}, "line 1.claims[0]"),
        ({"id": 1, "claims": [{"kind": "phone"}]}, "line 1.claims[0].value"),
        ({"id": 1, "claims": [{"kind": "phone", "value": "9123 4567", "color": "red"}]}, "line 1.claims[0].color"),
        ({"id": 1, "claims": [{"kind": "app", "value": "7", "proof": "gossip"}]}, "line 1.claims[0].proof"),
        ({"id": 1, "claims": [{"kind": "app", "value": "7", "since": "soon"}]}, "line 1.claims[0].since"),
        ({"id": 1, "phone": "9123 4567", "last_seen_at": "soon"}, "line 1.last_seen_at"),
        ({"id": 1, "claims": [{"kind": "app", "value": str(n)} for n in range(101)]}, "line 1.claims"),
        ({"id": 1, "phone": "9123 4567", "phone_verified": "perhaps"}, "line 1.phone_verified"),
    ],
)
def test_a_line_that_cant_be_read_names_its_field(line: object, where: str) -> None:
    assert path(line) == where


def test_an_identifier_that_cant_be_read_is_noted_with_its_place() -> None:
    found = member({"id": 1, "phone": "12", "claims": [{"kind": "email", "value": "mıke@example.com"}], "points": 5})
    assert len(found.events) == 2
    assert [note.partition(":")[0] for note in found.notes] == ["phone", "claims[0]"]


def test_one_broken_line_is_set_aside_and_the_next_is_read() -> None:
    outcomes = [parcel.outcome for parcel in parcels({"id": 1}, "{", "", {"id": 2})]
    assert [type(outcome).__name__ for outcome in outcomes] == ["Understood", "NotUnderstood", "Understood"]


def test_a_line_that_is_too_long_is_set_aside_with_its_beginning() -> None:
    long, fine = parcels({"id": 1, "name": "x" * LINE_BYTES_MAX}, {"id": 2})
    assert isinstance(long.outcome, NotUnderstood)
    assert len(long.raw) < LINE_BYTES_MAX
    assert isinstance(fine.outcome, Understood)


def test_the_format_is_known_by_its_first_line() -> None:
    def known(head: str) -> str:
        return next((each.name for each in FORMATS if each.knows(("x.jsonl",), head.encode(), Asked())), "")

    assert known('{"member_id": "88", "phone": "9123 4567"}\n{"member_id": "89"}\n') == "member-lines"
    assert known('{"schema": "omo.receipt/1", "id": "1"}\n') == "receipts"
    assert known('{"sku": "TEE"}\n') == ""
    assert not is_member_line(b"[]")


@given(
    st.dictionaries(
        st.sampled_from(["id", "name", "phone", "email", "points", "tags", "claims", "joined_at", "line_provider"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
            max_leaves=6,
        ),
    )
)
def test_any_line_can_be_written_or_is_set_aside(line: dict[str, object]) -> None:
    for parcel in parcels(line):
        if isinstance(parcel.outcome, Understood):
            for event in parcel.outcome.events:
                event.check()
