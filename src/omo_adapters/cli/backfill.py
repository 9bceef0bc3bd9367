"""``omo members backfill``: a whole customer file taken in, resolved, and told in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from attrs import frozen
from rich.console import Console

from omo_adapters.cli.exits import Exit
from omo_adapters.cli.importing import (
    EncodingOption,
    FormatOption,
    RecordsOption,
    TableOfOption,
    progress,
    show_import,
    source_of,
)
from omo_adapters.cli.member_documents import Names, demoted_document, shown, stopped_document
from omo_adapters.cli.member_statements import show_review
from omo_adapters.cli.session import DEFAULT_DB, DbOption, JsonOption, Session, opened
from omo_adapters.cli.telling import number, plain, table, tell
from omo_adapters.importing import Importer, format_named
from omo_adapters.importing.formats import Asked
from omo_adapters.matching import Proposed, propose_matches
from omo_adapters.matching.splink import ready
from omo_adapters.matching.usual import CustomerMatcher
from omo_adapters.member_questions import plain_values
from omo_core.members import Survey
from omo_core.members.explaining import TEXTS, reason_in_words

LIKELY_PERCENT = 50


def backfill(  # noqa: PLR0913  (a command's parameters are its options)
    source: Annotated[str, typer.Argument(metavar="FILE|FOLDER|-", help="A member list, or many; - is stdin.")],
    *,
    records: RecordsOption = "",
    as_of: TableOfOption = "",
    format: FormatOption = "",
    encoding: EncodingOption = "",
    match: Annotated[
        bool, typer.Option("--match", help="Let Splink propose likely pairs for review; needs omo[matching].")
    ] = False,
    likely: Annotated[
        int, typer.Option("--likely", metavar="PERCENT", min=1, max=100, help="How alike a proposed pair is at least.")
    ] = LIKELY_PERCENT,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=1_000_000, help="How many items for review to show.")
    ] = 20,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 when anything was set aside.")] = False,
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Take in a whole customer file and say who is who in it. Interrupted, it goes on; repeated, it changes nothing."""
    if match:
        ready()
    known = format_named(format) if format else None
    with source_of(source) as found, opened(db) as session:
        late = session.settings.config.late_hours
        asked = Asked(source=records, as_of=session.instant(as_of, "--as-of"), encoding=encoding)
        with progress(quiet=as_json) as watch:
            importer = Importer(session.shop, session.books, session.context(), late_hours=late, watch=watch)
            result = importer.run(found, format=known, asked=asked)
        survey, proposed = _surveyed(session, match=match, at_least=likely * 10_000, quiet=as_json)
        told = _Told(survey, proposed, limit, _names(session, survey, limit))

    def show(out: Console) -> None:
        show_import(out, result, late)
        told.show(out)

    tell({"import": result, **told.document()}, show, as_json=as_json)
    if result.unreadable:
        raise typer.Exit(Exit.FILE)
    if strict and result.set_aside:
        raise typer.Exit(Exit.NO)


@frozen
class _Told:
    """Who is who in numbers: how large members are, what joined them, what joins nobody, what waits."""

    survey: Survey
    proposed: Proposed | None
    limit: int
    names: Names

    def document(self) -> dict[str, object]:
        found = self.survey
        return {
            "records": found.records,
            "members": found.members,
            "sizes": dict(found.sizes),
            "links": dict(found.links),
            "useless": len(found.demoted),
            "waiting": dict(_reasons(found)),
            "proposed": self.proposed,
            "demoted": [demoted_document(each, self.names) for each in found.demoted[: self.limit]],
            "review": [stopped_document(item, self.names) for item in found.waiting[: self.limit]],
        }

    def show(self, out: Console) -> None:
        found = self.survey
        out.print(f"{number(found.records)} records are {number(found.members)} members.")
        out.print(table(("records each#", "members#"), [(size, number(count)) for size, count in found.sizes]))
        if found.links:
            out.print(table(("joined by", "links#"), [(kind, number(count)) for kind, count in found.links]))
        if found.demoted:
            page = found.demoted[: self.limit]
            rows = [(each.by, self.names.get(each.fingerprint, ""), reason_in_words(each.why)) for each in page]
            out.print(f"{number(len(found.demoted))} identifiers join nobody:")
            out.print(table(("kind", "identifier", "because"), rows))
        if self.proposed is not None:
            looked = f"The matcher looked at {number(self.proposed.records)} records and proposes "
            pairs = f"{number(self.proposed.pairs)} pairs: {number(self.proposed.new)} new"
            out.print(f"{looked}{pairs}, {number(self.proposed.taken_back)} taken back.")
        for kind, count in _reasons(found):
            out.print(plain(f"{number(count)} wait for a decision: {TEXTS[kind]}."))
        show_review(out, found.waiting[: self.limit], self.names, len(found.waiting))


def _names(session: Session, survey: Survey, limit: int) -> Names:
    """Give what the identifiers that are shown are called, masked."""
    records = [name for item in survey.waiting[:limit] for name in (item.one, item.other)]
    records += [name for each in survey.demoted[:limit] for name in session.shop.bearers(each.fingerprint)[:1]]
    return shown(plain_values(session.shop, dict.fromkeys(records)), reveal=False)


def _surveyed(session: Session, *, match: bool, at_least: int, quiet: bool) -> tuple[Survey, Proposed | None]:
    with _working("resolving", quiet=quiet):
        survey = session.shop.survey()
    if not match:
        return survey, None
    with _working("matching", quiet=quiet):
        proposed = propose_matches(session.shop, CustomerMatcher(at_least=at_least), survey)
    if not (proposed.new or proposed.taken_back):
        return survey, proposed
    with _working("resolving", quiet=quiet):
        return session.shop.survey(), proposed


@contextmanager
def _working(what: str, *, quiet: bool) -> Iterator[None]:
    """Say on stderr what takes its time, to a person who watches."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield
        return
    with console.status(what):
        yield


def _reasons(survey: Survey) -> list[tuple[str, int]]:
    counts = Counter(item.why.kind for item in survey.waiting)
    return sorted(counts.items(), key=lambda found: (-found[1], found[0]))
