"""``omo programme``: whether a programme file is right, what it says, and what is different in another one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from omo_adapters.cli.exits import Exit
from omo_adapters.cli.session import JsonOption
from omo_adapters.cli.telling import plain, tell
from omo_adapters.importing.sources import Unreadable
from omo_adapters.programme_comparing import changes
from omo_adapters.programme_telling import explained
from omo_adapters.programmes import load_programme
from omo_core.errors import Malformed
from omo_core.loyalty import Programme

programme_app = typer.Typer(help="Check, explain and compare programme files.", no_args_is_help=True)

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="A programme as TOML, or as JSON (*.json).")]


@programme_app.command("check")
def check(file: FileArgument, *, as_json: JsonOption = False) -> None:
    """Say whether a programme file means something, and where it contradicts itself."""
    problem: Malformed | None = None
    try:
        _read(file)
    except Malformed as complaint:
        problem = complaint
    document = {"good": problem is None, "path": problem.path if problem else "", "why": problem.why if problem else ""}

    def show(out: Console) -> None:
        out.print(plain(f"{file.name}: good." if problem is None else str(problem)))

    tell(document, show, as_json=as_json)
    if problem is not None:
        raise typer.Exit(Exit.NO)


@programme_app.command("explain")
def explain(file: FileArgument, *, as_json: JsonOption = False) -> None:
    """Say the rules of a programme file in sentences, the unwritten ones too."""
    chapters = explained(_read(file))

    def show(out: Console) -> None:
        for chapter in chapters:
            out.print(plain(chapter.head))
            for sentence in chapter.sentences:
                out.print(plain(f"  {sentence}"), soft_wrap=True)

    tell({"chapters": chapters}, show, as_json=as_json)


@programme_app.command("diff")
def diff(
    before: FileArgument,
    after: Annotated[Path, typer.Argument(metavar="OTHER", help="The other one.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Say which rules only one of two programme files has; the answer is yes when there are none."""
    found = changes(_read(before), _read(after))

    def show(out: Console) -> None:
        where = ""
        for change in found:
            if change.where != where:
                where = change.where
                out.print(plain(where))
            out.print(plain(f"  {'+' if change.added else '-'} {change.says}"), soft_wrap=True)
        if not found:
            out.print("The same rules.")

    tell({"same": not found, "changes": found}, show, as_json=as_json)
    if found:
        raise typer.Exit(Exit.NO)


def _read(file: Path) -> Programme:
    if not file.is_file():
        raise Unreadable(f"there is no file {file}")
    return load_programme(file)
