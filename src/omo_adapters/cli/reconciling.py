"""``omo reconcile``: an outside count, or a platform's levels, against what omo has; every difference named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import Progress

from omo_adapters.cli.exits import Exit
from omo_adapters.cli.importing import EncodingOption, FormatOption, TableOfOption, TopicOption, source_of
from omo_adapters.cli.session import DEFAULT_DB, DbOption, JsonOption, Session, opened
from omo_adapters.cli.telling import moment, number, plain, signed, table, tell
from omo_adapters.importing.formats import Asked, format_named
from omo_adapters.reconciling import Reconciliation, Statements, Watch, compare, read_statements

WHY: Final = {
    "unknown_there": "they do not list it",
    "unknown_here": "omo never heard of it there",
    "not_heard_there": "they have not heard of omo's last movements",
    "promised_here": "they count what omo has promised or set aside",
    "unexplained": "nothing in the history explains it",
}


def reconcile(  # noqa: PLR0913  (a command's parameters are its options)
    source: Annotated[str, typer.Argument(metavar="FILE|FOLDER|-", help="Counts or levels; - is stdin.")],
    *,
    record: Annotated[bool, typer.Option("--record", help="They are right: record what they say as counts.")] = False,
    whole: Annotated[
        bool, typer.Option("--whole", help="It lists everything in its places: what it leaves out counts as none.")
    ] = False,
    format: FormatOption = "",
    topic: TopicOption = "",
    as_of: TableOfOption = "",
    encoding: EncodingOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Compare an outside count, or Shopify's levels, with what omo had at that instant; name every difference."""
    known = format_named(format) if format else None
    with source_of(source) as found, opened(db) as session, _progress(quiet=as_json) as watch:
        asked = Asked(topic=topic, as_of=session.instant(as_of, "--as-of"), encoding=encoding)
        stated = read_statements(found, session.context(), asked, known)
        result = compare(session.shop, stated.counts, whole=whole, watch=watch)
        if record and stated.counts:
            session.shop.record(*stated.counts)
        document = {
            "stated": result.stated,
            "agree": result.agree,
            "differences": result.drifts,
            "contradictions": result.contradictions,
            "not_read": stated.not_read,
            "recorded": record and bool(stated.counts),
        }
        tell(document, lambda out: _show(out, session, result, stated, record=record), as_json=as_json)
    if stated.not_read:
        raise typer.Exit(Exit.FILE)
    if result.drifts or result.contradictions:
        raise typer.Exit(Exit.NO)


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Watch]:
    """Show how far it is, on stderr and only to a person who watches."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=quiet or not console.is_terminal) as progress:
        task = progress.add_task("comparing", total=None)

        def watch(done: int, of: int) -> None:
            progress.update(task, completed=done, total=of)

        yield watch


def _show(out: Console, session: Session, result: Reconciliation, stated: Statements, *, record: bool) -> None:
    out.print(f"{number(result.stated)} levels stated, {number(result.agree)} agree.")
    name = session.settings.location_name
    rows = [
        (
            drift.difference.sku,
            name(drift.difference.location),
            drift.difference.basis.replace("_", " "),
            number(drift.difference.ours),
            number(drift.difference.theirs),
            signed(drift.difference.units),
            WHY[drift.difference.why],
            ", ".join(drift.difference.because_of),
            moment(drift.at, session.zone),
        )
        for drift in result.drifts
    ]
    if rows:
        columns = ("article", "location", "of", "omo#", "they#", "difference#", "why", "because of", "as of")
        out.print(table(columns, rows))
    for count in result.contradictions:
        out.print(f"said otherwise elsewhere: {plain(count.sku)} at {plain(count.location)}, {number(count.units)}")
    for where, why in stated.not_read:
        out.print(f"not read: {plain(where)}: {plain(why)}")
    if record and stated.counts:
        out.print(f"Recorded {number(len(stated.counts))} counts.")
