"""Reads a CSV file row by row, whatever program wrote it, and says of each row that is broken which one it is.

The delimiter is a comma, a semicolon or a tab, whichever makes the header's names known ones. Names of columns are
matched without regard to case, spaces, underscores and width, and by the aliases that a table gives; columns that a
table does not know are passed over. A quote that is never closed costs the row it stands in, not the rest of the file.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import deque
from collections.abc import Iterator, Mapping
from io import TextIOBase
from typing import BinaryIO, Final

from attrs import frozen

from omo_adapters.inbound import NotUnderstood, Outcome
from omo_adapters.tables.decoding import decoded
from omo_adapters.tables.writing import unguarded
from omo_core.errors import Malformed

ROW_CHARACTERS_MAX: Final = 100_000
"""The longest row, all its lines and cells together."""
ROW_LINES_MAX: Final = 200
"""The most lines that one row may run over (inside of quotes)."""
COLUMNS_MAX: Final = 500
DELIMITERS: Final = (",", ";", "\t")

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_IGNORED: Final = re.compile(r"[\s_\-./()（）:：*＊]+")


@frozen(kw_only=True)
class Table:
    """What a reader knows of its columns."""

    columns: Mapping[str, tuple[str, ...]]
    """Each column with the further names that it goes by."""
    required: tuple[str, ...] = ()

    def known(self, header: str) -> str | None:
        """Say which column a header names."""
        plain = _plain(header)
        return next((name for name, others in self.columns.items() if plain in map(_plain, (name, *others))), None)


@frozen(kw_only=True)
class Row:
    """One row: its cells by column, or what is wrong with it."""

    number: int
    """The line of the file that it starts on; the header is 1."""
    cells: Mapping[str, str]
    """Trimmed; columns that are empty in this row are left out."""
    raw: bytes
    """Header and row, in UTF-8: a file of its own that can be read again."""
    wrong: Outcome | None = None


def read_rows(stream: BinaryIO, table: Table, encoding: str | None = None) -> Iterator[Row]:
    """Give every row that is not blank; raise ``Malformed`` when the file as a whole is no such table."""
    with decoded(stream, encoding) as text:
        yield from _rows(_Lines(text), table)


def _rows(lines: _Lines, table: Table) -> Iterator[Row]:
    header = lines.take() or ""
    if not header.strip() or len(header) > ROW_CHARACTERS_MAX:
        raise Malformed("line 1", "is no header" if header else "the file has no header")
    delimiter, names = _header(header, table)
    shown = header.rstrip()
    while (line := lines.take()) is not None:
        if not line.strip():
            continue
        number = lines.number
        record, cells, problem = _record(lines, line, delimiter)
        if not problem and len(cells) != len(names):
            problem = f"has {len(cells)} cells, but the header has {len(names)}"
        raw = f"{shown}\r\n{record}".encode("utf-8", "replace")
        wrong = NotUnderstood(path=f"row {number}", reason=problem) if problem else None
        yield Row(number=number, cells={} if problem else _named(names, cells), raw=raw, wrong=wrong)


def _named(names: list[str | None], cells: list[str]) -> dict[str, str]:
    return {
        name: text
        for name, cell in zip(names, cells, strict=True)
        if name is not None and (text := unguarded(cell).strip())
    }


def _plain(header: str) -> str:
    return _IGNORED.sub("", unicodedata.normalize("NFKC", header)).casefold()


def _header(line: str, table: Table) -> tuple[str, list[str | None]]:
    """Find the delimiter that makes most names known (the first of equals), and which column stands where."""
    best: tuple[str, list[str | None]] = (",", [])
    for delimiter in DELIMITERS:
        cells = _split(line, delimiter)
        if len(cells) > COLUMNS_MAX:
            raise Malformed("line 1", f"has {len(cells)} columns, the limit is {COLUMNS_MAX}")
        names = [table.known(cell) for cell in cells]
        if sum(map(bool, names)) > sum(map(bool, best[1])):
            best = (delimiter, names)
    known = [name for name in best[1] if name is not None]
    for name in known:
        if known.count(name) > 1:
            raise Malformed(f"line 1.{name}", "stands in the header more than once")
    for name in table.required:
        if name not in known:
            raise Malformed(f"line 1.{name}", "is missing in the header")
    return best


def _split(record: str, delimiter: str) -> list[str]:
    if record.count('"') % 2:
        raise Malformed("line 1", "has a quote that is never closed")
    try:
        return next(csv.reader([record], delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        raise Malformed("line 1", f"is not CSV: {error}") from None


def _record(lines: _Lines, line: str, delimiter: str) -> tuple[str, list[str], str]:
    """Read the row that starts on a line: its text, its cells, and what is wrong with it.

    While a quote is open the row goes on with the next line. When that does not make a row in the end, only the line
    that it started on is wrong, and reading goes on with the line after it.
    """
    if len(line) > ROW_CHARACTERS_MAX:
        return line[:1_000], [], f"is longer than {ROW_CHARACTERS_MAX} characters"
    record, more = line, list[str]()
    while record.count('"') % 2 and len(more) < ROW_LINES_MAX and len(record) <= ROW_CHARACTERS_MAX:
        following = lines.take()
        if following is None:
            break
        more.append(following)
        record += following
    try:
        cells = _split(record, delimiter)
    except Malformed as complaint:
        lines.put_back(more)
        return line, [], complaint.why
    return record, cells, "has a control character in it" if _CONTROL.search(record) else ""


class _Lines:
    """Physical lines with their number, some of which may be put back."""

    def __init__(self, text: TextIOBase) -> None:
        self._text = text
        self._back: deque[str] = deque()
        self.number = 0

    def take(self) -> str | None:
        """Give the next line with its line end, none at the end; of a line that is too long only its beginning."""
        line = self._back.popleft() if self._back else self._text.readline(ROW_CHARACTERS_MAX + 2)
        if not line:
            return None
        self.number += 1
        if len(line) > ROW_CHARACTERS_MAX and not line.endswith(("\n", "\r")):
            rest = line
            while rest and not rest.endswith(("\n", "\r")):
                rest = self._text.readline(ROW_CHARACTERS_MAX)
        return line

    def put_back(self, lines: list[str]) -> None:
        """Let lines be taken again."""
        self._back.extendleft(reversed(lines))
        self.number -= len(lines)
