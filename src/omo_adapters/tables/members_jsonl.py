"""Members as JSON Lines: one object per line, with the names of the CSV columns, and room for what a cell has not.

Beside the columns a line may have ``tags`` as a list, and ``claims``: any number of identifiers of any kind, each with
``kind`` and ``value``, and where they are known ``proof``, ``provider``, ``since``, ``until`` and ``seen``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import BinaryIO, Final

from attrs import fields_dict

from omo_adapters.inbound import Context, NotUnderstood, Outcome, Parcel, understand
from omo_adapters.strict_json import decode
from omo_adapters.tables.member_columns import MEMBERS
from omo_adapters.tables.member_rows import Borne, MemberRow, member_outcome
from omo_core.errors import Malformed

LINE_BYTES_MAX: Final = 1 << 20
"""The longest line. A longer one is set aside with its first kilobytes only."""
KEPT_OF_LONG: Final = 64 << 10
KIND: Final = "jsonl:members"

_BORNE: Final = tuple(name for name in fields_dict(Borne) if name != "place")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def read_member_lines(
    stream: BinaryIO, context: Context, *, source: str = "crm", as_of: datetime | None = None
) -> Iterator[Parcel]:
    """Read members line by line; a broken line is set aside by itself."""
    number = 0
    while line := stream.readline(LINE_BYTES_MAX + 1):
        number += 1
        if len(line) > LINE_BYTES_MAX:
            rest = line
            while rest and not rest.endswith(b"\n"):
                rest = stream.readline(LINE_BYTES_MAX)
            long = NotUnderstood(path=f"line {number}", reason=f"is longer than {LINE_BYTES_MAX} bytes")
            yield Parcel(kind=KIND, place=f"line {number}", raw=line[:KEPT_OF_LONG], outcome=long)
        elif raw := line.removeprefix(b"\xef\xbb\xbf").strip():
            result = _outcome(raw, number, context, source, as_of)
            yield Parcel(kind=KIND, place=f"line {number}", raw=raw, outcome=result)


def is_member_line(raw: bytes) -> bool:
    """Say whether a line is a member's: an object that names a record."""
    try:
        return any(MEMBERS.known(name) == "record" for name in decode(raw))
    except Malformed:
        return False


def _outcome(raw: bytes, number: int, context: Context, source: str, as_of: datetime | None) -> Outcome:
    def translate() -> Outcome:
        try:
            return member_outcome(_row(decode(raw)), context, source, as_of)
        except Malformed as complaint:
            raise complaint.under(f"line {number}") from None

    return understand(translate)


def _row(document: Mapping[str, object]) -> MemberRow:
    cells: dict[str, str] = {}
    tags: tuple[str, ...] = ()
    borne: tuple[Borne, ...] = ()
    for name, value in document.items():
        column = MEMBERS.known(name)
        if name == "claims":
            borne = tuple(_borne(each, f"claims[{place}]") for place, each in enumerate(_list(value, name)))
        elif column == "tags" and isinstance(value, list):
            tags = tuple(_text(each, f"{name}[{place}]") for place, each in enumerate(value))
        elif column is not None:
            if column in cells:
                raise Malformed(name, f"says the {column} a second time")
            cells[column] = _text(value, name)
    return MemberRow(cells={name: cell for name, cell in cells.items() if cell}, tags=tags, borne=borne)


def _borne(value: object, path: str) -> Borne:
    if not isinstance(value, dict):
        raise Malformed(path, "is not an object")
    for name in value:
        if name not in _BORNE:
            raise Malformed(f"{path}.{name}", f"is none of {', '.join(_BORNE)}")
    said = {name: _text(part, f"{path}.{name}") for name, part in value.items()}
    for name in ("kind", "value"):
        if not said.get(name):
            raise Malformed(f"{path}.{name}", "is missing")
    return Borne(**said, place=path)


def _list(value: object, path: str) -> list[object]:
    if not isinstance(value, list):
        raise Malformed(path, "is not a list")
    return value


def _text(value: object, path: str) -> str:
    """Take a text, a whole number, or a yes or no; every other value stands for nothing that a cell could say."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, str):
        raise Malformed(path, "is not a text")
    if _CONTROL.search(value):
        raise Malformed(path, "has a control character in it")
    return value.strip()
