"""Writes tables that people open in a spreadsheet, and that our own import reads back as they were.

A spreadsheet runs a cell that starts with ``=``, ``+``, ``-`` or ``@`` as a formula, so a member's name could be a
program on a colleague's desk. Text that starts so (or with a tab or line end, after which it looks again) gets an
apostrophe in front, which spreadsheets take for "this is text" and our import takes off again. Numbers are numbers,
negative ones too, and are left alone.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import TextIOWrapper
from typing import BinaryIO, Final

RISKY: Final = tuple("=+-@\t\r\n＝＋－＠")


def write_table(stream: BinaryIO, header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> None:
    """Write a header and rows as UTF-8 with a byte order mark, by which spreadsheets know it for UTF-8."""
    text = TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    for row in _chained(header, rows):
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
    text.flush()
    text.detach()


def _chained(header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> Iterable[Sequence[str | int]]:
    yield header
    yield from rows


def guarded(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would run, or that already looks as if it had one."""
    return f"'{text}" if _is_risky(text) else text


def unguarded(text: str) -> str:
    """Take the apostrophe off again."""
    return text[1:] if text.startswith("'") and _is_risky(text[1:]) else text


def _is_risky(text: str) -> bool:
    return text.lstrip("'").startswith(RISKY)
