"""``omo verify``, ``omo report`` and ``omo scenario``: is it right, how is it going, does it behave."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from omo_adapters.cli.exits import Exit
from omo_adapters.cli.session import DEFAULT_DB, DbOption, JsonOption, Session, opened
from omo_adapters.cli.telling import moment, number, plain, table, tell
from omo_adapters.importing.sources import Unreadable
from omo_adapters.reporting import gather, to_html, write_sheets
from omo_adapters.scenarios import Outcome, run_files
from omo_adapters.verifying import Verification
from omo_adapters.verifying import verify as verified


def verify(
    *,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Drop every kept state first and make it anew.")] = False,
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Derive everything from the journal once more, and compare it with what is kept."""
    with opened(db) as session:
        found = verified(session.shop, session.database, session.memos, rebuild=rebuild)
        document = {"good": found.good, "found": found, "quarantine": session.books.quarantine.counts()}
        tell(document, lambda out: _show_verified(out, session, found), as_json=as_json)
    if not found.good:
        raise typer.Exit(Exit.NO)


def _show_verified(out: Console, session: Session, found: Verification) -> None:
    counts = (("events", found.events), ("streams", found.streams), ("answers", found.answers))
    more = (("members", found.members), ("articles", found.articles))
    out.print(", ".join(f"{number(count)} {what}" for what, count in (*counts, *more)) + " derived anew.")
    if found.memos_dropped:
        out.print(f"{number(found.memos_dropped)} kept states were dropped and made anew.")
    if found.differences:
        out.print(table(("where", "what differs"), [(d.where, d.what) for d in found.differences]))
        out.print(f"NOT as it should be: {number(found.differences_all)} differences.")
    else:
        out.print(f"All of it is as the journal says. {found.hash} as of {moment(found.as_of, session.zone)}")
    if found.conflicts:
        rows = [(c.position, c.id, c.version) for c in found.conflicts]
        out.print(table(("event#", "document", "version#"), rows, title="Conflicts: two contents are kept"))
    waiting = sum(session.books.quarantine.counts().values())
    if waiting:
        out.print(f"{number(waiting)} documents wait in quarantine.")


def report(
    to: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write the page.")] = Path("report.html"),
    *,
    sheets: Annotated[Path | None, typer.Option("--csv", metavar="FOLDER", help="Also write tables there.")] = None,
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Write the shop's figures as one HTML page, and as tables for a spreadsheet."""
    with opened(db) as session:
        found = gather(session.shop, session.database, session.settings, session.books)
    _write(to, to_html(found))
    written = [str(path) for path in write_sheets(found, sheets)] if sheets is not None else []
    document = {"page": str(to), "sheets": written, "events": found.events, "members": found.membership.known}

    def show(out: Console) -> None:
        for name in (str(to), *written):
            out.print(plain(name))

    tell(document, show, as_json=as_json)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as trouble:
        raise Unreadable(f"{path} can't be written: {trouble.strerror}") from None


def scenario(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE|FOLDER...", help="Named *.scenario.toml or *.scenario.json.")
    ],
    *,
    as_json: JsonOption = False,
) -> None:
    """Play scenarios, each on a shop of its own, and say what came out differently than they expect."""
    for path in files:
        if not path.exists():
            raise Unreadable(f"there is no file or folder {path}")
    outcomes = run_files(files)
    if not outcomes:
        raise Unreadable("there are no scenarios there; their names end in .scenario.toml or .scenario.json")
    if as_json:
        told = [json.loads(outcome.to_json()) for outcome in outcomes]
        tell({"good": all(o.ok for o in outcomes), "scenarios": told}, lambda _: None, as_json=True)
    else:
        sys.stdout.write("".join(f"{_lines(outcome)}\n" for outcome in outcomes))
    if any(outcome.problem for outcome in outcomes):
        raise typer.Exit(Exit.FILE)
    if not all(outcome.ok for outcome in outcomes):
        raise typer.Exit(Exit.NO)


def _lines(outcome: Outcome) -> str:
    return "\n".join(plain(line) for line in outcome.render().splitlines())
