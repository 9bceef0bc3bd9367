"""``omo tick``, ``omo liability`` and ``omo statement``: what time has brought, what is owed, and why."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console

from omo_adapters.cli.exits import BadArgument
from omo_adapters.cli.points import ProgrammeOption, WhoArgument, counted, moved, profile_of, programme_of, shown
from omo_adapters.cli.session import (
    DEFAULT_DB,
    AsOfOption,
    DbOption,
    JsonOption,
    KnownAtOption,
    Session,
    opened,
)
from omo_adapters.cli.telling import moment, number, plain, table, tell
from omo_adapters.cli.tiers import became
from omo_adapters.clockwork import tick as ticked
from omo_adapters.clockwork import told
from omo_adapters.storage.progress import SqliteProgress
from omo_core.instants import local_day, start_of_day
from omo_core.loyalty import Books, Programme

_ROWS = (
    ("opening", "at the beginning"),
    ("issued", "issued"),
    ("redeemed", "redeemed"),
    ("expired", "expired"),
    ("clawed_back", "taken back"),
    ("given_away", "given to others"),
    ("closing", "at the end"),
)


def tick(
    *,
    at: Annotated[str, typer.Option("--at", metavar="INSTANT", help="Up to when; now, unless said.")] = "",
    since: Annotated[
        str,
        typer.Option("--since", metavar="DAY", help="The first time: from which day on; that of --at, unless said."),
    ] = "",
    soon_days: Annotated[int, typer.Option("--soon-days", min=1, max=3650, help="How soon is soon.")] = 30,
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Tell what time has brought since it was last told: points usable, expired, expiring soon, tiers reviewed."""
    with opened(db) as session:
        until = session.moment(at)
        floor = _begins(session, since) or _begins(session, local_day(until, session.zone).isoformat())
        marks = SqliteProgress(session.database)
        run = ticked(session.shop, marks, until, since=floor or until, soon_days=soon_days)
        flat = [{"key": each.key, "member": each.member, "programme": each.programme, **_notice(each.notice)}
                for each in run.notices]  # fmt: skip

        def show(out: Console) -> None:
            rows = [
                (moment(each.notice.at, session.zone), each.member, each.notice.what.replace("_", " "),
                 number(each.notice.points) if each.notice.points else "", each.notice.subject)
                for each in run.notices
            ]  # fmt: skip
            if rows:
                out.print(table(("when", "member", "what", "points#", "of"), rows))
            out.print(f"{number(len(rows))} to tell up to {moment(until, session.zone)}.")

        tell({"at": run.at, "since": run.since, "notices": flat}, show, as_json=as_json)
        told(marks, run)


def _notice(notice: object) -> dict[str, object]:
    names = ("what", "at", "subject", "points", "until")
    return {name: getattr(notice, name) for name in names}


def liability(
    *,
    since: Annotated[
        str, typer.Option("--from", metavar="DAY", help="The period's first day; the month's first, unless said.")
    ] = "",
    to: Annotated[str, typer.Option("--to", metavar="DAY", help="Its last day; today, unless said.")] = "",
    known_at: KnownAtOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Show what the shop owes in points and credit, and how that moved in a period, programme by programme."""
    with opened(db) as session:
        end = session.instant(to, "--to")
        end = session.shop.now() if end is None else end + timedelta(microseconds=1 if len(to) == 10 else 0)
        first = local_day(end - timedelta(microseconds=1), session.zone).replace(day=1)
        start = _begins(session, since) or start_of_day(first, session.zone)
        if start >= end:
            raise BadArgument("the period ends before it begins")
        books = session.shop.liability(start, end, known_at=session.instant(known_at, "--known-at"))

        def show(out: Console) -> None:
            out.print(f"From {moment(start, session.zone)} until {moment(end, session.zone)}")
            for each in books:
                _show(out, session, each)

        tell({"start": start, "end": end, "books": books}, show, as_json=as_json)


def _show(out: Console, session: Session, books: Books) -> None:
    programme: Programme = session.shop.programme(books.programme)
    title = f"{books.programme}{f' of {books.brand}' if books.brand else ''}, in {books.unit}"
    rows = [(said, counted(getattr(books.movement, name), programme)) for name, said in _ROWS]
    owed = books.outstanding
    parts = (
        ("to spend", owed.spendable),
        ("not usable yet", owed.pending),
        ("held", owed.held),
        ("owed by", owed.debt),
    )
    out.print(table(("", "#"), rows, title=plain(title)))
    said = ", ".join(f"{counted(count, programme)} {what}" for what, count in parts if count)
    out.print(plain(f"  {number(owed.members)} members{': ' if said else ''}{said}"))


def statement(
    who: WhoArgument,
    *,
    programme: ProgrammeOption = "",
    as_of: AsOfOption = "",
    known_at: KnownAtOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Show every movement of a member's points: because of which event, by which rule of which version."""
    with opened(db) as session:
        which, profile = programme_of(session, programme), profile_of(session, who)
        lines = session.shop.statement(
            profile,
            programme=which.name,
            as_of=session.instant(as_of, "--as-of"),
            known_at=session.instant(known_at, "--known-at"),
        )

        def show(out: Console) -> None:
            rows = [
                (moment(line.at, session.zone), became(line, which), moved(line.points, which),
                 shown(line.balance, which), line.event, line.rule, line.version)
                for line in lines
            ]  # fmt: skip
            columns = ("when", "what", "points#", "balance#", "because of", "by the rule", "of version")
            out.print(table(columns, rows, title=plain(f"{profile}: {which.name}")))

        tell({"member": profile, "programme": which.name, "statement": lines}, show, as_json=as_json)


def _begins(session: Session, day: str) -> datetime | None:
    """Give the first instant of a day in the shop's zone, or the instant that was written."""
    at = session.instant(day, "the day")
    return start_of_day(local_day(at, session.zone), session.zone) if at is not None and len(day) == 10 else at
