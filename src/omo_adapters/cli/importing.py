"""``omo import`` and ``omo quarantine``: documents in, and what could not be understood of them."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from omo_adapters.cli.exits import BadArgument, Exit
from omo_adapters.cli.session import DEFAULT_DB, DbOption, JsonOption, Session, opened
from omo_adapters.cli.telling import moment, number, plain, table, tell
from omo_adapters.importing import (
    FORMATS,
    Driver,
    DriveResult,
    EventCounts,
    Importer,
    ImportResult,
    Piece,
    Source,
    Unreadable,
    file_source,
    folder_source,
    format_named,
    stream_source,
)
from omo_adapters.importing.formats import Asked
from omo_adapters.importing.pipeline import Watcher
from omo_adapters.importing.results import Tally
from omo_adapters.storage.quarantine import SetAside

quarantine_app = typer.Typer(help="Documents that were not understood.", no_args_is_help=True)

_NAMES = ", ".join(known.name for known in FORMATS)
FormatOption = Annotated[str, typer.Option("--format", metavar="NAME", help=f"One of {_NAMES}; else omo looks.")]
TopicOption = Annotated[str, typer.Option("--topic", help="The Shopify topic of files whose folder does not say it.")]
RecordsOption = Annotated[str, typer.Option("--source", help="What a table's records are called: crm gives crm:88.")]
EncodingOption = Annotated[str, typer.Option("--encoding", help="Of tables that are not UTF-8: big5hkscs, gb18030.")]
TableOfOption = Annotated[
    str, typer.Option("--as-of", metavar="INSTANT", help="When a table was made, for rows that do not say.")
]
NumberArgument = Annotated[int, typer.Argument(metavar="NUMBER", help="As omo quarantine list shows it.")]
NumbersArgument = Annotated[list[int], typer.Argument(metavar="NUMBER...", help="As omo quarantine list shows them.")]
FolderArgument = Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to write them.")]
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=100_000, help="How many to show.")]
KindOption = Annotated[str, typer.Option("--kind", help="Only documents of this kind.")]


def import_(  # noqa: PLR0913  (a command's parameters are its options)
    source: Annotated[str, typer.Argument(metavar="FILE|FOLDER|-", help="What to read; - is stdin.")],
    *,
    db: DbOption = DEFAULT_DB,
    format: FormatOption = "",
    topic: TopicOption = "",
    records: RecordsOption = "",
    as_of: TableOfOption = "",
    encoding: EncodingOption = "",
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 when anything was set aside.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Take in what other systems wrote. Interrupted, it goes on where it was; repeated, it changes nothing."""
    known = format_named(format) if format else None
    with source_of(source) as found, opened(db) as session, progress(quiet=as_json) as watch:
        asked = Asked(topic=topic, source=records, as_of=session.instant(as_of, "--as-of"), encoding=encoding)
        late = session.settings.config.late_hours
        importer = Importer(session.shop, session.books, session.context(), late_hours=late, watch=watch)
        result = importer.run(found, format=known, asked=asked)
    tell(result, lambda out: show_import(out, result, late), as_json=as_json)
    if result.unreadable:
        raise typer.Exit(Exit.FILE)
    if strict and result.set_aside:
        raise typer.Exit(Exit.NO)


@contextmanager
def source_of(name: str) -> Iterator[Source]:
    """Find what is to be read: a file, a folder, or stdin."""
    path = Path(name)
    if name == "-":
        with stream_source(sys.stdin.buffer) as source:
            yield source
    elif path.is_dir():
        yield folder_source(path)
    elif path.exists():
        yield file_source(path)
    else:
        raise Unreadable(f"there is no file or folder {name}")


@contextmanager
def progress(*, quiet: bool) -> Iterator[Watcher]:
    """Show how far an import is, on stderr and only to a person who watches."""
    shown = not quiet and sys.stderr.isatty()
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not shown) as progress:
        task = progress.add_task("reading")

        def watch(tally: Tally, piece: Piece) -> None:
            aside = sum(tally.set_aside.values())
            said = f"{plain(piece.name)}: {number(tally.documents)} documents, {number(aside)} set aside"
            progress.update(task, description=said)

        yield watch


def show_import(out: Console, result: ImportResult, late_hours: int) -> None:
    """Tell what an import did: documents by kind, events by kind, and whatever deserves a second look."""
    kinds = sorted({*result.understood, *result.set_aside})
    rows = [(kind, number(result.understood.get(kind, 0)), number(result.set_aside.get(kind, 0))) for kind in kinds]
    out.print(f"{plain(result.source)}: {number(result.documents)} documents in {number(result.files)} files")
    if rows:
        out.print(table(("documents", "understood#", "set aside#"), rows))
    if result.ignored:
        reasons = [(why, number(count)) for why, count in _by_reason(result.ignored)]
        out.print(table(("ignored by design", "documents#"), reasons))
    show_events(out, result.events)
    for line in _remarks(result, late_hours):
        out.print(line)


def _by_reason(ignored: Mapping[str, int]) -> list[tuple[str, int]]:
    """Sum what was ignored by reason, whatever the kind; the most frequent first."""
    counts: Counter[str] = Counter()
    for name, count in ignored.items():
        counts[name.partition(": ")[2]] += count
    return sorted(counts.items(), key=lambda found: (-found[1], found[0]))


def show_events(out: Console, events: Mapping[str, EventCounts]) -> None:
    """Tell what became of the events of each kind."""
    if events:
        rows = [(kind, number(n.new), number(n.known), number(n.conflicts)) for kind, n in events.items()]
        out.print(table(("events", "new#", "known already#", "conflicts#"), rows))


def _remarks(result: ImportResult, late_hours: int) -> Iterator[str]:
    if result.resumed_at:
        yield f"An earlier run had taken in {number(result.resumed_at)} of it; this one went on from there."
    if result.late:
        yield f"{number(result.late)} facts came more than {late_hours} hours late, and count where they belong."
    if result.learned:
        drawn = f"; {number(result.driven)} documents that had waited for them were read" if result.driven else ""
        yield f"{number(result.learned)} articles were learned from the catalogue{drawn}."
    if result.total("conflicts"):
        yield f"{number(result.total('conflicts'))} conflicts: see omo verify."
    if result.quarantined:
        yield f"{number(result.quarantined)} documents were set aside, whole: see omo quarantine list."
    if result.noted:
        yield f"{number(result.noted)} documents were taken without something that can't be read:"
    for name, why in result.notes.items():
        yield f"  {plain(name)}: {plain(why)}"
    for name, why in (*result.skipped.items(), *result.unreadable.items()):
        yield f"not read: {plain(name)} ({plain(why)})"


@quarantine_app.command("list")
def list_(
    db: DbOption = DEFAULT_DB, kind: KindOption = "", limit: LimitOption = 50, as_json: JsonOption = False
) -> None:
    """List the documents that wait, with the reason."""
    with opened(db) as session:
        counts, page = session.books.quarantine.counts(), session.books.quarantine.open(kind=kind, limit=limit)
        zone = session.zone
    rows = [(d.id, d.kind, d.place, f"{d.path}: {d.reason}".lstrip(": "), moment(d.received_at, zone)) for d in page]

    def show(out: Console) -> None:
        out.print(table(("#", "kind", "where", "why", "since"), rows) if rows else "Nothing waits.")
        if sum(counts.values()) > len(rows):
            out.print(f"{number(sum(counts.values()))} wait in all; --limit shows more.")

    tell({"counts": counts, "documents": [_described(d) for d in page]}, show, as_json=as_json)


@quarantine_app.command("show")
def show(document: NumberArgument, db: DbOption = DEFAULT_DB, as_json: JsonOption = False) -> None:
    """Show one document: why it was not understood, and its bytes."""
    with opened(db) as session:
        found = _found(session, document)
        zone = session.zone
    body = found.raw.decode("utf-8", "replace")

    def told(out: Console) -> None:
        out.print(f"{plain(found.kind)}, {plain(found.place)}, since {moment(found.received_at, zone)}")
        out.print(f"{plain(found.path)}: {plain(found.reason)}".lstrip(": "))
        out.out("\n".join(plain(line) for line in body.splitlines()))

    tell({**_described(found), "body": body}, told, as_json=as_json)


@quarantine_app.command("drive")
def drive(
    documents: Annotated[
        list[int] | None, typer.Argument(metavar="[NUMBER]...", help="Only these.", show_default=False)
    ] = None,
    *,
    db: DbOption = DEFAULT_DB,
    kind: KindOption = "",
    topic: TopicOption = "",
    records: RecordsOption = "",
    as_of: TableOfOption = "",
    as_json: JsonOption = False,
) -> None:
    """Read what waits once more, with what the shop says and knows by now."""
    with opened(db) as session:
        asked = Asked(topic=topic, source=records, as_of=session.instant(as_of, "--as-of"))
        driver = Driver(session.shop, session.books, session.context(), asked=asked)
        result = driver.run(kind=kind, numbers=documents or ())
    tell(result, lambda out: _show_drive(out, result), as_json=as_json)


def _show_drive(out: Console, result: DriveResult) -> None:
    out.print(f"{number(result.tried)} tried, {number(result.settled)} understood, {number(result.waiting)} still wait")
    show_events(out, result.events)


@quarantine_app.command("settle")
def settle(documents: NumbersArgument, db: DbOption = DEFAULT_DB, as_json: JsonOption = False) -> None:
    """Let go documents that somebody has seen to in another way; their bytes are dropped."""
    with opened(db) as session:
        for name in documents:
            _found(session, name)
        session.books.quarantine.settle(documents, session.shop.now())
    tell({"settled": documents}, lambda out: out.print(f"{len(documents)} let go"), as_json=as_json)


@quarantine_app.command("export")
def export(
    folder: FolderArgument, db: DbOption = DEFAULT_DB, kind: KindOption = "", as_json: JsonOption = False
) -> None:
    """Write each document's bytes to a file of its own, named by its number."""
    if folder.exists() and not folder.is_dir():
        raise BadArgument(f"{folder} is not a folder")
    written = []
    with opened(db) as session:
        folder.mkdir(parents=True, exist_ok=True)
        for document in session.books.quarantine.each(kind=kind):
            path = folder / f"{document.id:06}.raw"
            path.write_bytes(document.raw)
            written.append({**_described(document), "file": str(path)})
    tell({"documents": written}, lambda out: out.print(f"{len(written)} written to {plain(folder)}"), as_json=as_json)


def _found(session: Session, number: int) -> SetAside:
    found = session.books.quarantine.find(number)
    if found is None:
        raise BadArgument(f"there is no document {number} in quarantine; see omo quarantine list")
    return found


def _described(document: SetAside) -> dict[str, object]:
    return {
        "id": document.id,
        "kind": document.kind,
        "place": document.place,
        "path": document.path,
        "reason": document.reason,
        "bytes": len(document.raw),
        "received_at": document.received_at,
        "settled_at": document.settled_at,
    }
