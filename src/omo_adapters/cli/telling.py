"""What a command tells: one JSON document for machines, or text and tables for people, in the shop's zone."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from omo_core.instants import local_day
from omo_core.money import decimal_text

PIPED_WIDTH = 200
"""How wide a table may be when nobody's screen limits it."""


def console() -> Console:
    """Write to wherever stdout goes now; what people typed is never taken for markup, and a pipe gets no colour."""
    piped = not sys.stdout.isatty()
    return Console(file=sys.stdout, width=PIPED_WIDTH if piped else None, markup=False, emoji=False, highlight=False)


def tell(document: object, show: Callable[[Console], None], *, as_json: bool) -> None:
    """Give the answer once, in the form that was asked for."""
    if as_json:
        text = msgspec.json.format(msgspec.json.encode(document, enc_hook=_other), indent=2).decode()
        sys.stdout.write(text + "\n")
    else:
        show(console())
    sys.stdout.flush()


def _other(value: object) -> object:
    if isinstance(value, ZoneInfo):
        return str(value)
    raise NotImplementedError(f"{type(value).__name__} has no JSON form")


def plain(text: object) -> str:
    """Show text that may come from anywhere: no control characters, nothing that steers a terminal."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in str(text))


def table(columns: Iterable[str], rows: Iterable[Iterable[object]], *, title: str = "") -> Table:
    """Lay rows out; a column whose name ends in ``#`` holds numbers."""
    made = Table(title=title or None, box=SIMPLE_HEAD, pad_edge=False, title_justify="left")
    for column in columns:
        made.add_column(column.rstrip("#"), justify="right" if column.endswith("#") else "left", overflow="fold")
    for row in rows:
        made.add_row(*(plain(cell) for cell in row))
    return made


def amount(minor: int, currency: str) -> str:
    """Show money: ``HKD 1,234.50``."""
    text = decimal_text(abs(minor), currency)
    whole, point, part = text.partition(".")
    return f"{'-' if minor < 0 else ''}{currency} {int(whole):,}{point}{part}"


def number(value: int) -> str:
    """Show a whole number with its thousands parted."""
    return f"{value:,}"


def signed(value: int) -> str:
    """Show a movement with its sign."""
    return f"{value:+,}"


def moment(at: datetime | None, zone: ZoneInfo) -> str:
    """Show an instant on the shop's clock."""
    return "" if at is None else at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def last_day(end: datetime | None, zone: ZoneInfo) -> str:
    """Show the last day on which something with an exclusive end can still be used."""
    return "never ends" if end is None else local_day(end - timedelta(microseconds=1), zone).isoformat()
