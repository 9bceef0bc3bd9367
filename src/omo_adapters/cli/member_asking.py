"""Asking something about members: put the question, tell the answer, and who is who after it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated

import typer
from rich.console import Console

from omo_adapters.cli.exits import Exit
from omo_adapters.cli.refusals import answer_document
from omo_adapters.cli.session import Session
from omo_adapters.cli.telling import plain, tell
from omo_adapters.wiring import Answer
from omo_core.decisions import Accepted, Refused
from omo_core.events import Event
from omo_core.identifiers import ProfileId
from omo_core.members import (
    ClaimSettled,
    ConsentSeen,
    KeyShared,
    Member,
    NoteTaken,
    NumberRecycled,
    ProfilesJoined,
    ProfilesParted,
    RecordErased,
    RecordExported,
    TagsChanged,
)
from omo_core.members.commands import MemberCommand
from omo_core.members.consenting import consent_key

RoleOption = Annotated[
    str,
    typer.Option("--role", help="In which role they ask: shopper, clerk, manager, privacy or system."),
]
ByOption = Annotated[str, typer.Option("--by", help="Who asks: a member of staff, an application.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; it is kept with the statement.")]


def asked(
    session: Session,
    command: MemberCommand,
    records: Iterable[ProfileId],
    *,
    as_json: bool,
    more: Callable[[], Mapping[str, object]] = dict,
    how: Callable[[], Answer] | None = None,
) -> bool:
    """Ask, tell the answer with the members that bear some records now, and say whether it was yes.

    ``more`` gives what else belongs into the document of a yes; ``how`` asks where asking the shop is not all.
    """
    answer = session.shop.execute(command) if how is None else how()
    members = _members(session, records)
    document = {
        **answer_document(answer, command.request),
        "members": [{"id": member.id, "profiles": member.profiles} for member in members],
        **(more() if isinstance(answer, Accepted) else {}),
    }

    def show(out: Console) -> None:
        if isinstance(answer, Refused):
            out.print(f"No: {plain(answer.reason.say())}")
        else:
            out.print(plain(f"Yes: {'; '.join(map(said, answer.events)) or 'nothing was left to do'}."))
            for member in members:
                out.print(plain(f"  member {member.id}: {', '.join(member.profiles)}"))
        out.print(f"Request {plain(command.request)}")

    tell(document, show, as_json=as_json)
    return isinstance(answer, Accepted)


def ask(
    session: Session,
    command: MemberCommand,
    *records: ProfileId,
    as_json: bool,
    how: Callable[[], Answer] | None = None,
) -> None:
    """Ask and tell the answer; a no is the exit code of one."""
    if not asked(session, command, records, as_json=as_json, how=how):
        raise typer.Exit(Exit.NO)


def _members(session: Session, records: Iterable[ProfileId]) -> list[Member]:
    found = [session.shop.member(record) for record in records]
    return list({member.id: member for member in found if member is not None}.values())


def said(event: Event) -> str:
    """Say what an accepted command did."""
    match event:
        case ProfilesJoined() | ProfilesParted() if event.withdrawn:
            return f"{event.id} is taken back"
        case ProfilesJoined():
            return f"{event.one} and {event.other} are one person ({event.id})"
        case ProfilesParted():
            return f"{', '.join(event.ones)} and {', '.join(event.others)} are not one person ({event.id})"
        case ClaimSettled():
            return f"{event.profile} {'bears' if event.holds else 'does not bear'} that {event.claim.kind}"
        case NumberRecycled():
            return f"from {event.at.isoformat()} on it is somebody else's"
        case KeyShared():
            return "it may join records again" if event.withdrawn else "several people use it; it joins nobody"
        case RecordErased():
            return f"{event.profile} is erased"
        case RecordExported():
            return f"{event.profile} is handed over"
        case TagsChanged():
            return ", ".join((*(f"+{tag}" for tag in event.added), *(f"-{tag}" for tag in event.removed)))
        case ConsentSeen():
            return f"{consent_key(event.channel, event.purpose)} {'yes' if event.allowed else 'no'}"
        case NoteTaken():
            return f"a note on {event.profile} is kept"
        case _:
            return event.kind
