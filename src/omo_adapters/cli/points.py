"""``omo redeem`` and ``omo adjust``: points spent, given or taken, by a named request."""

from __future__ import annotations

from typing import Annotated
from uuid import uuid4

import typer
from rich.console import Console

from omo_adapters.cli.exits import BadArgument, Exit
from omo_adapters.cli.finding import Sought, the_one
from omo_adapters.cli.refusals import answer_document, worded
from omo_adapters.cli.session import (
    DEFAULT_DB,
    AtOption,
    DbOption,
    JsonOption,
    RequestOption,
    Session,
    opened,
)
from omo_adapters.cli.telling import amount, number, plain, signed, tell
from omo_core.decisions import Accepted, Refused
from omo_core.identifiers import OrderId, ProfileId, RequestId
from omo_core.loyalty import AdjustPoints, PointsGranted, PointsRedeemed, RedeemPoints
from omo_core.members import Member

WhoArgument = Annotated[str, typer.Argument(metavar="WHO", help="A phone, an e-mail, a card or a record's id.")]
ByOption = Annotated[str, typer.Option("--by", help="Who asks: a member of staff, a till.")]


def redeem(  # noqa: PLR0913  (a command's parameters are its options)
    who: WhoArgument,
    points: Annotated[int, typer.Argument(metavar="POINTS", help="How many.")],
    *,
    order: Annotated[str, typer.Option("--order", help="The purchase they pay for; a refund of it returns them.")] = "",
    currency: Annotated[str, typer.Option("--currency", help="What they are worth in; the shop's own.")] = "",
    priceless: Annotated[bool, typer.Option("--no-money", help="They buy something that has no price.")] = False,
    by: ByOption = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Spend a member's points, if they are there."""
    request = request or _drawn()
    with opened(db) as session:
        command = RedeemPoints(
            request=RequestId(request),
            at=session.moment(at),
            actor=by,
            profile=_profile(session, who),
            points=points,
            order=OrderId(order) if order else None,
            currency="" if priceless else currency or session.currency,
        )
        _answer(session, command, as_json=as_json)


def adjust(  # noqa: PLR0913  (a command's parameters are its options)
    who: WhoArgument,
    points: Annotated[int, typer.Argument(metavar="POINTS", help="Positive gives, negative takes.")],
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why; it stands in the statement.")],
    by: Annotated[str, typer.Option("--by", help="Who answers for it.")],
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Give or take points by hand; taking goes no lower than zero."""
    request = request or _drawn()
    with opened(db) as session:
        command = AdjustPoints(
            request=RequestId(request),
            at=session.moment(at),
            actor=by,
            profile=_profile(session, who),
            points=points,
            reason=reason,
        )
        _answer(session, command, as_json=as_json)


def _drawn() -> str:
    return f"cli-{uuid4()}"


def _profile(session: Session, who: str) -> ProfileId:
    member: Member | None = the_one(session.shop, Sought(anything=who))
    if member is None:
        raise BadArgument(f"nobody bears {who[:60]!r}")
    return ProfileId(member.id)


def _answer(session: Session, command: RedeemPoints | AdjustPoints, *, as_json: bool) -> None:
    answer = session.shop.execute(command)
    left = session.shop.account(command.profile).spendable
    document = {**answer_document(answer, command.request), "member": command.profile, "spendable": left}

    def show(out: Console) -> None:
        if isinstance(answer, Refused):
            out.print(f"No: {plain(worded(answer.reason))}.")
        else:
            out.print(f"Yes: {_done(answer)}; {number(left)} points left to spend.")
        out.print(f"Request {plain(command.request)}")

    tell(document, show, as_json=as_json)
    if isinstance(answer, Refused):
        raise typer.Exit(Exit.NO)


def _done(answer: Accepted) -> str:
    """Say what an accepted command did to the points."""
    said = []
    for event in answer.events:
        if isinstance(event, PointsRedeemed):
            worth = f", worth {amount(event.amount, event.currency)}" if event.amount else ""
            said.append(f"{signed(-event.points)} points{worth}")
        elif isinstance(event, PointsGranted):
            said.append(f"{signed(event.points)} points")
    return ", ".join(said)
