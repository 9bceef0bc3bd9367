"""``omo members``: what somebody says about who is who, and what waits for somebody to say it."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from omo_adapters.cli.exits import BadArgument
from omo_adapters.cli.finding import KeyArgument, RecordArgument, key_of, record_of
from omo_adapters.cli.member_asking import ByOption, ReasonOption, RoleOption, ask
from omo_adapters.cli.member_documents import Names, shown, stopped_document
from omo_adapters.cli.points import drawn
from omo_adapters.cli.session import DEFAULT_DB, AtOption, DbOption, JsonOption, RequestOption, Session, opened
from omo_adapters.cli.telling import number, plain, table, tell
from omo_adapters.cli.why import OneArgument, OtherArgument, RevealOption
from omo_adapters.member_questions import plain_values, review
from omo_core.identifiers import EventId, ProfileId
from omo_core.members import Claim, Stopped
from omo_core.members.commands import (
    BindProfile,
    JoinProfiles,
    OtpProof,
    PartProfiles,
    ResolveReview,
    WithdrawStatement,
)
from omo_core.members.explaining import REMEDIES, reason_in_words
from omo_core.members.rules import Role

ChallengeOption = Annotated[
    str, typer.Option("--challenge", help="The sender's own number of the one-time password, for disputes.")
]
ProvenOption = Annotated[
    str, typer.Option("--proven-at", metavar="INSTANT", help="When the one-time password was typed in; else --at.")
]


def bind(  # noqa: PLR0913  (a command's parameters are its options)
    record: RecordArgument,
    key: KeyArgument,
    *,
    challenge: ChallengeOption,
    proven_at: ProvenOption = "",
    sent_to: Annotated[
        str, typer.Option("--sent-to", metavar="KEY", help="Where the one-time password was sent; else KEY.")
    ] = "",
    role: RoleOption = "clerk",
    by: ByOption = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Bind a record (a LINE account, an app) to whoever bears a phone or e-mail that was just proven."""
    with opened(db) as session:
        claimed, sent = key_of(session.shop, key), key_of(session.shop, sent_to or key)
        when = session.moment(at)
        proof = OtpProof(
            fingerprint=sent.fingerprint, at=session.instant(proven_at, "--proven-at") or when, challenge=challenge
        )
        command = BindProfile(
            request=drawn(request),
            at=when,
            actor=by,
            role=role_of(role),
            profile=ProfileId(record),
            claim=Claim(kind=claimed.kind, fingerprint=claimed.fingerprint, proof="otp"),
            otp=proof,
        )
        ask(session, command, ProfileId(record), as_json=as_json)


def join(  # noqa: PLR0913  (as above)
    one: OneArgument,
    other: OtherArgument,
    *,
    reason: ReasonOption,
    role: RoleOption = "clerk",
    by: ByOption = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Make one member of the bearers of two records, whatever keys and names say. Nothing moves; it can be undone."""
    with opened(db) as session:
        first, second = pair_of(session, one, other)
        command = JoinProfiles(
            request=drawn(request),
            at=session.moment(at),
            actor=by,
            role=role_of(role),
            one=first,
            other=second,
            reason=reason,
        )
        ask(session, command, first, second, as_json=as_json)


def part(  # noqa: PLR0913  (as above)
    records: Annotated[
        list[str], typer.Argument(metavar="RECORD...", help="The records that belong together, and not to the rest.")
    ],
    *,
    reason: ReasonOption,
    role: RoleOption = "clerk",
    by: ByOption = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Split a member: say that some of its records are not the same person as the others. No key overrules it."""
    with opened(db) as session:
        profiles = tuple(map(ProfileId, records))
        before = [session.shop.member(profile) for profile in profiles]
        whole = [profile for member in before if member is not None for profile in member.profiles]
        command = PartProfiles(
            request=drawn(request),
            at=session.moment(at),
            actor=by,
            role=role_of(role),
            profiles=profiles,
            reason=reason,
        )
        ask(session, command, *profiles, *whole, as_json=as_json)


def withdraw(  # noqa: PLR0913  (as above)
    record: RecordArgument,
    statement: Annotated[str, typer.Argument(metavar="STATEMENT", help="Its id, as omo why shows it.")],
    *,
    role: RoleOption = "manager",
    by: ByOption = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Take back that records were joined or parted: as if it had never been said, with what happened since."""
    with opened(db) as session:
        command = WithdrawStatement(
            request=drawn(request),
            at=session.moment(at),
            actor=by,
            role=role_of(role),
            profile=ProfileId(record),
            statement=EventId(statement),
        )
        member = session.shop.member(command.profile)
        whole = member.profiles if member is not None else ()
        ask(session, command, command.profile, *whole, as_json=as_json)


def resolve(  # noqa: PLR0913  (as above)
    one: OneArgument,
    other: OtherArgument,
    *,
    same: Annotated[bool, typer.Option("--same/--different", help="Whether they are one person.")],
    reason: ReasonOption,
    role: RoleOption = "manager",
    by: ByOption = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Decide an item of the review queue."""
    with opened(db) as session:
        first, second = pair_of(session, one, other)
        command = ResolveReview(
            request=drawn(request),
            at=session.moment(at),
            actor=by,
            role=role_of(role),
            one=first,
            other=second,
            same=same,
            reason=reason,
        )
        ask(session, command, first, second, as_json=as_json)


def review_(
    who: Annotated[str, typer.Argument(metavar="[WHO]", help="Only what concerns this member.")] = "",
    *,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1_000_000, help="How many to show.")] = 50,
    reveal: RevealOption = False,
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """List what waits for a decision: records that share something and were not joined, each with the reason."""
    with opened(db) as session:
        items = review(session.shop, record_of(session.shop, who)) if who else session.shop.survey().waiting
        page = items[:limit]
        values = plain_values(session.shop, dict.fromkeys(name for item in page for name in (item.one, item.other)))
        names = shown(values, reveal=reveal)
    document = {"waiting": len(items), "review": [stopped_document(item, names) for item in page]}
    tell(document, lambda out: show_review(out, page, names, len(items)), as_json=as_json)


def show_review(out: Console, items: tuple[Stopped, ...], names: Names, waiting: int) -> None:
    """Show items of the review queue, and how many there are."""
    if not items:
        out.print("Nothing waits for a decision.")
        return
    rows = [
        (
            item.one,
            item.other,
            f"{item.by} {names.get(item.evidence, item.evidence)}",
            reason_in_words(item.why),
            "; ".join(REMEDIES[remedy] for remedy in item.why.remedies),
        )
        for item in items
    ]
    out.print(table(("one", "other", "share", "but", "they are one if"), rows))
    rest = f" {number(waiting)} wait in all; --limit shows more." if waiting > len(items) else ""
    out.print(plain(f"Decide with: omo members resolve ONE OTHER --same --reason WHY, or --different.{rest}"))


def pair_of(session: Session, one: str, other: str) -> tuple[ProfileId, ProfileId]:
    """Find the two records that are meant."""
    first, second = record_of(session.shop, one), record_of(session.shop, other)
    if first == second:
        raise BadArgument(f"{one[:60]!r} and {other[:60]!r} are one record")
    return first, second


def role_of(text: str) -> Role:
    """Take a role as it was given; the command itself refuses what is none."""
    return text  # type: ignore[return-value]  # MemberCommand.check knows the roles
