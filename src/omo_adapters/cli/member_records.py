"""``omo members tag``, ``consent``, ``forget`` and ``export``: what is kept of a record, and what its bearer says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from attrs import evolve

from omo_adapters import wording
from omo_adapters.cli.exits import BadArgument, Exit
from omo_adapters.cli.finding import RecordArgument
from omo_adapters.cli.member_asking import ByOption, RoleOption, ask, asked
from omo_adapters.cli.member_statements import role_of
from omo_adapters.cli.points import drawn
from omo_adapters.cli.session import DEFAULT_DB, AtOption, DbOption, JsonOption, RequestOption, Session, opened
from omo_adapters.importing.sources import Unreadable
from omo_adapters.member_questions import export
from omo_adapters.privacy import Export
from omo_adapters.tables.values import yes_or_no
from omo_adapters.wiring import Answer
from omo_core.decisions import Accepted, Refused
from omo_core.errors import Malformed
from omo_core.identifiers import ProfileId
from omo_core.members import TagsChanged
from omo_core.members.commands import ExportMember, ForgetMember, NoteProfile, SetConsent, TagProfile
from omo_core.members.events import MARKETING


def tag(  # noqa: PLR0913  (a command's parameters are its options)
    record: RecordArgument,
    *,
    add: Annotated[list[str] | None, typer.Option("--add", metavar="TAG", help="To put on; may be repeated.")] = None,
    remove: Annotated[list[str] | None, typer.Option("--remove", metavar="TAG", help="To take off.")] = None,
    role: RoleOption = "clerk",
    by: ByOption = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Put tags on a record, or take them off. A member has those of all its records."""
    with opened(db) as session:
        command = TagProfile(
            request=drawn(request),
            at=session.moment(at),
            actor=by,
            role=role_of(role),
            profile=ProfileId(record),
            added=tuple(add or ()),
            removed=tuple(remove or ()),
        )
        ask(session, command, command.profile, as_json=as_json, how=lambda: _in_words(session, command))


def _in_words(session: Session, command: TagProfile) -> Answer:
    """Ask, and tell the answer with the words that were asked with."""
    answer = wording.tag(session.shop, command)
    if isinstance(answer, Refused):
        return answer
    return Accepted(
        tuple(
            evolve(event, added=command.added, removed=command.removed) if isinstance(event, TagsChanged) else event
            for event in answer.events
        )
    )


def note(  # noqa: PLR0913  (as above)
    record: RecordArgument,
    words: Annotated[str, typer.Argument(metavar="WORDS", help="What is to be remembered.")],
    *,
    role: RoleOption = "clerk",
    by: ByOption = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Write something about a customer down. It is shown with the member, and erased with the record."""
    with opened(db) as session:
        command = NoteProfile(
            request=drawn(request), at=session.moment(at), actor=by, role=role_of(role), profile=ProfileId(record)
        )
        ask(session, command, command.profile, as_json=as_json, how=lambda: wording.note(session.shop, command, words))


def consent(  # noqa: PLR0913  (as above)
    record: RecordArgument,
    channel: Annotated[str, typer.Argument(metavar="CHANNEL", help="email, sms, line, whatsapp, or your own.")],
    answer: Annotated[str, typer.Argument(metavar="yes|no", help="What they say.")],
    *,
    purpose: Annotated[str, typer.Option("--purpose", help="What it is for.")] = MARKETING,
    role: RoleOption = "clerk",
    by: ByOption = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Write down what a customer says about one channel, for one purpose. Of a member's, the strictest counts."""
    with opened(db) as session:
        try:
            allowed = yes_or_no(answer, "yes|no")
        except Malformed as complaint:
            raise BadArgument(str(complaint)) from None
        command = SetConsent(
            request=drawn(request),
            at=session.moment(at),
            actor=by,
            role=role_of(role),
            profile=ProfileId(record),
            channel=channel,
            allowed=allowed,
            purpose=purpose,
        )
        ask(session, command, command.profile, as_json=as_json)


def forget(  # noqa: PLR0913  (as above)
    record: RecordArgument,
    *,
    role: RoleOption,
    whole: Annotated[bool, typer.Option("--whole", help="All records of the member, not this one alone.")] = False,
    sure: Annotated[bool, typer.Option("--yes", help="Erasing can't be undone; without this nothing happens.")] = False,
    by: ByOption = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Erase what is kept of a record's bearer. What was bought stays on the books, under the record's bare id."""
    if not sure:
        raise BadArgument(f"erasing {record[:60]} can't be undone; say --yes if it is meant")
    with opened(db) as session:
        command = ForgetMember(
            request=drawn(request),
            at=session.moment(at),
            actor=by,
            role=role_of(role),
            profile=ProfileId(record),
            whole=whole,
        )
        ask(session, command, command.profile, as_json=as_json)


def export_(  # noqa: PLR0913  (as above)
    record: RecordArgument,
    *,
    role: RoleOption,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Where to write the copy; with --json, else the answer."),
    ] = None,
    by: ByOption = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Give what is kept of one record, and of it alone, to be handed to its bearer; that it was, is written down."""
    if out is None and not as_json:
        raise BadArgument("say where the copy should go with --out FILE, or take it with --json")
    with opened(db) as session:
        command = ExportMember(
            request=drawn(request), at=session.moment(at), actor=by, role=role_of(role), profile=ProfileId(record)
        )

        def copy() -> Mapping[str, object]:
            document = _document(export(session.shop, command.profile))
            if out is None:
                return {"export": document}
            _write(out, document)
            return {"file": str(out)}

        yes = asked(session, command, (command.profile,), as_json=as_json, more=copy)
    if not yes:
        raise typer.Exit(Exit.NO)


def _document(copy: Export) -> dict[str, object]:
    events = [{"kind": event.kind, **msgspec.to_builtins(event)} for event in copy.events]
    notes = [{"id": name, "words": words} for name, words in copy.notes.items()]
    return {
        "profile": copy.profile,
        "personal": dict(copy.personal),
        "tags": copy.tags,
        "notes": notes,
        "events": events,
    }


def _write(file: Path, document: Mapping[str, object]) -> None:
    try:
        file.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", "utf-8")
    except OSError as trouble:
        raise Unreadable(f"{file} can't be written: {trouble.strerror}") from None
