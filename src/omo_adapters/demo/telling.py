"""What the demo prints, section by section; a hundred columns, and as readable in a file as on a screen."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from io import TextIOWrapper
from pathlib import Path
from shlex import join
from shutil import which
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from omo_adapters.demo.asking import Told
from omo_adapters.demo.deliveries_seen import Arrivals
from omo_adapters.demo.opening import DATABASE
from omo_adapters.demo.taking_in import Week
from omo_adapters.demo.wording import clock
from omo_adapters.importing import ImportResult
from omo_adapters.storage.quarantine import SetAside

WIDTH: Final = 100
_SYSTEMS: Final = (
    ("shopify:", "Shopify webhooks"),
    ("poslog:", "Tills, ARTS POSLog"),
    ("receipt", "Tills, receipts as JSON lines"),
    ("csv:members", "Member lists, UTF-8 and Big5"),
    ("csv:counts", "Stock counts"),
)


def console() -> Console:
    """Write to a person or to a file, never wider than a hundred columns, and without colour where none is wanted."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without Chinese shows question marks, not a traceback
    wide = Console(file=sys.stdout, highlight=False, emoji=False)
    width = min(wide.width, WIDTH) if wide.is_terminal else WIDTH
    return Console(file=sys.stdout, width=width, highlight=False, emoji=False, soft_wrap=False)


def heading(out: Console, number: int, title: str) -> None:
    """Begin a section."""
    out.print()
    out.print(f"[bold cyan]{number}[/bold cyan]  [bold]{title}[/bold]")


def say(out: Console, text: str) -> None:
    """Print a paragraph under its heading; the text is plain."""
    out.print(Padding(Text(text), (0, 0, 0, 3), expand=False))


def command(out: Console, *words: str | Path) -> None:
    """Print an ``omo`` command to type; it is never wrapped, so that it can be copied."""
    out.print("   " + join((_omo(), *map(str, words))), markup=False, soft_wrap=True)


def _omo() -> str:
    """Say how ``omo`` is called from here: by its name, or where the environment of this very Python has it."""
    beside = Path(sys.executable).parent / "omo"
    if which("omo") is not None or not beside.exists():
        return "omo"
    here = Path.cwd()
    return str(beside.relative_to(here) if beside.is_relative_to(here) else beside)


Cell = str | Text


def grid(columns: Iterable[str], rows: Iterable[Sequence[Cell]], *, header: bool = True) -> Padding:
    """Lay rows out under a heading; a column whose name ends in ``#`` holds numbers."""
    box = SIMPLE_HEAD if header else None
    made = Table(box=box, show_header=header, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for name in columns:
        right = name.endswith("#")
        made.add_column(name.rstrip("#"), justify="right" if right else "left", no_wrap=right, header_style="dim")
    for row in rows:
        made.add_row(*(_coloured(cell) if isinstance(cell, str) else cell for cell in row))
    return Padding(made, (0, 0, 0, 3), expand=False)


def _coloured(cell: str) -> Text:
    """Colour what deserves a second look; whoever can't see colours reads the same words."""
    for start, style in (
        ("ok", "green"),
        ("WRONG", "bold red"),
        ("No: ", "yellow"),
        ("short by", "red"),
        ("owes", "red"),
    ):
        if cell.startswith(start):
            return Text(cell, style=style)
    return Text(cell)


def what_came_in(out: Console, week: Week, seen: Arrivals, twice: int) -> None:
    """Tell what was delivered, by system, and what of it was late, double, ignored or put aside."""
    results = [result for taken in week.days for result in taken.results]
    rows = []
    for start, name in _SYSTEMS:
        counts = [_of(result, start) for result in results]
        understood, ignored, aside = (sum(count[place] for count in counts) for place in range(3))
        rows.append((name, *(f"{count:,}" for count in (understood + ignored + aside, understood, ignored, aside))))
    out.print()
    out.print(grid(("system", "documents#", "understood#", "nothing to do#", "put aside#"), rows))
    out.print()
    new, known = (sum(result.total(what) for result in results) for what in ("new", "known"))
    late, driven = sum(result.late for result in results), sum(result.driven for result in results)
    say(out, f"{new:,} events are kept. {known:,} more were known already and changed nothing.")
    rows = [
        (f"{seen.repeated}", f"of {seen.deliveries} webhooks came twice, {seen.overtaken} came after a younger one"),
        (f"{twice}", "sales on Mong Kok's tablet came from Shopify and from the store's file; each counts once"),
        (f"{late}", "facts came more than a day late, from a till that was offline; they count on their own day"),
        (f"{driven}", "stock level came before its article was in the catalogue; it waited, and was read on Friday"),
    ]
    out.print(grid(("#", ""), rows, header=False))


def _of(result: ImportResult, start: str) -> tuple[int, int, int]:
    tables = (result.understood, result.ignored, result.set_aside)
    understood, ignored, aside = (
        sum(count for kind, count in table.items() if kind.startswith(start)) for table in tables
    )
    return understood, ignored, aside


def what_was_asked(out: Console, told: Sequence[Told]) -> None:
    """Tell what tills and the web shop asked, and the answers."""
    rows = [(clock(one.asked.at), one.question, one.answer) for one in told]
    out.print(grid(("when", "asked", "answer"), rows))


def what_waits(out: Console, waiting: Sequence[SetAside], folder: Path) -> None:
    """List the quarantine, and say how a document is driven again."""
    rows = [(str(one.id), _file(one), _reason(one)) for one in waiting]
    out.print(grid(("#", "document", "why it waits"), rows))
    out.print()
    for one in waiting:
        if one.path == "inventory_item_id":
            item = one.reason.split()[2]
            settings, database = folder / "shop.toml", folder / DATABASE
            say(out, f"Nothing is lost. Number {one.id} is understood once {settings} names its article at the end:")
            say(out, f'[items]\n"shopify:inventory_item:{item}" = "BAG-PAPER"')
            command(out, "config", "set-file", "--db", database, settings)
            command(out, "quarantine", "drive", "--db", database, str(one.id))


def _reason(document: SetAside) -> str:
    said = f"{document.path}: {document.reason}".removeprefix(": ")
    return said.partition(": import ")[0]


def _file(document: SetAside) -> str:
    return document.place.removeprefix("shopify/").replace(": line", ", line")
