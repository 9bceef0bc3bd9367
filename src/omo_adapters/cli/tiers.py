"""A member's tier in words, and ``omo grant-tier`` and ``omo reinstate``: what staff may give besides points."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from omo_adapters.cli.exits import BadArgument
from omo_adapters.cli.points import ProgrammeOption, WhoArgument, answered, drawn, profile_of, programme_of, shown
from omo_adapters.cli.session import DEFAULT_DB, AtOption, DbOption, JsonOption, RequestOption, Session, opened
from omo_adapters.cli.telling import amount, moment, number, plain
from omo_core.instants import local_day, start_of_day
from omo_core.loyalty import GrantTier, Line, Missing, Programme, ReinstatePoints, TierView

SHOWN = 10
"""So many of the orders that count are named."""
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; it stands in the statement.")]
StaffOption = Annotated[str, typer.Option("--by", help="Who answers for it.")]


def became(line: Line, programme: Programme) -> str:
    """Say what a line of a statement is about: of which tier; of how many points, where the balance does not say."""
    if line.tier:
        return f"{line.what}: {line.tier}"
    return line.what if line.points or not line.amount else f"{line.what} ({shown(line.amount, programme)})"


def tier_lines(tier: TierView, zone: ZoneInfo) -> Iterator[str]:
    """Say where a member stands, what comes of it and what would change it."""
    since = f" since {moment(tier.since, zone)}" if tier.since else ""
    until = f", until {moment(tier.until, zone)}" if tier.until else ""
    yield plain(f"tier {tier.name}{since}{until}{', in its days of grace' if tier.in_grace else ''}")
    if tier.until is not None:
        keeps = _more(tier.to_keep, tier.currency)
        yield plain(f"  then {tier.projected or 'none'}, as it stands{f'; {keeps} keeps {tier.name}' if keeps else ''}")
    reaches = _more(tier.to_reach, tier.currency)
    if reaches:
        yield plain(f"  {reaches} reaches {tier.next}")
    if tier.counted:
        named = ", ".join(tier.counted[-SHOWN:]) + (" and earlier ones" if len(tier.counted) > SHOWN else "")
        done = f"{amount(tier.spend, tier.currency)}, {number(tier.points)} points, {number(tier.visits)} purchases"
        yield plain(f"  now count {done}: {named}")


def _more(missing: Missing, currency: str) -> str:
    """Say what is missing: any one of it is enough."""
    ways = [f"{amount(missing.spend, currency)} more"] if missing.spend else []
    ways += [f"{number(missing.points)} points more"] if missing.points else []
    ways += [f"{number(missing.visits)} purchases more"] if missing.visits else []
    return " or ".join(ways)


def grant_tier(  # noqa: PLR0913  (a command's parameters are its options)
    who: WhoArgument,
    tier: Annotated[str, typer.Argument(metavar="TIER", help="Its name in the programme of that day.")],
    *,
    until: Annotated[str, typer.Option("--until", metavar="DAY", help="Through which day, or until which instant.")],
    reason: ReasonOption,
    by: StaffOption,
    ends: Annotated[
        bool,
        typer.Option("--just-ends", help="It is not reviewed at its end: nothing done in it keeps it."),
    ] = False,
    programme: ProgrammeOption = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Put a member into a tier until a day, whatever is earned; nothing that is earned is touched by it."""
    with opened(db) as session:
        programme_of(session, programme)
        command = GrantTier(
            request=drawn(request),
            at=session.moment(at),
            actor=by,
            profile=profile_of(session, who),
            programme=programme,
            tier=tier,
            until=_through(session, until, "--until"),
            reason=reason,
            reviewed=not ends,
        )
        answered(session, command, as_json=as_json)


def reinstate(  # noqa: PLR0913  (a command's parameters are its options)
    who: WhoArgument,
    *,
    since: Annotated[str, typer.Option("--since", metavar="DAY", help="What has expired on that day or later.")],
    until: Annotated[str, typer.Option("--until", metavar="DAY", help="Through which day it can be used again.")],
    reason: ReasonOption,
    by: StaffOption,
    programme: ProgrammeOption = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Give back what had expired, for a while."""
    with opened(db) as session:
        programme_of(session, programme)
        begins = session.instant(since, "--since")
        if begins is None:
            raise BadArgument("--since names no day")
        if len(since) == 10:
            begins = start_of_day(local_day(begins, session.zone), session.zone)
        command = ReinstatePoints(
            request=drawn(request),
            at=session.moment(at),
            actor=by,
            profile=profile_of(session, who),
            programme=programme,
            expired_since=begins,
            expires_at=_through(session, until, "--until"),
            reason=reason,
        )
        answered(session, command, as_json=as_json)


def _through(session: Session, text: str, path: str) -> datetime:
    """Read through which day something lasts, or until which instant."""
    end = session.end(text, path)
    if end is None:
        raise BadArgument(f"{path} names no day")
    return end
