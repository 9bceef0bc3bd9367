"""Members from a CSV file: what a CRM or an older membership system exports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from omo_adapters.inbound import Context, Outcome, Parcel, understand
from omo_adapters.tables.member_columns import MEMBERS
from omo_adapters.tables.member_rows import MemberRow, member_outcome
from omo_adapters.tables.reading import Row, read_rows
from omo_core.errors import Malformed


def read_members(
    stream: BinaryIO,
    context: Context,
    *,
    source: str = "crm",
    as_of: datetime | None = None,
    encoding: str | None = None,
) -> Iterator[Parcel]:
    """Read members row by row; raise ``Malformed`` only when the file as a whole is no member list.

    ``as_of`` is the instant that the file is of, for rows that do not say when they were updated.
    """
    for row in read_rows(stream, MEMBERS, encoding):
        result = row.wrong or _outcome(row, context, source, as_of)
        yield Parcel(kind="csv:members", place=f"row {row.number}", raw=row.raw, outcome=result)


def _outcome(row: Row, context: Context, source: str, as_of: datetime | None) -> Outcome:
    def translate() -> Outcome:
        try:
            return member_outcome(MemberRow(cells=row.cells), context, source, as_of)
        except Malformed as complaint:
            raise complaint.under(f"row {row.number}") from None

    return understand(translate)
