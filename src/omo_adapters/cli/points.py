"""``omo redeem`` and ``omo adjust``: points spent, given or taken, by a named request."""

from __future__ import annotations

from typing import Annotated
from uuid import uuid4

import typer
from rich.console import Console

from omo_adapters.cli.exits import BadArgument, Exit
from omo_adapters.cli.finding import Sought, the_one
from omo_adapters.cli.refusals import answer_document
from omo_adapters.cli.session import (
    DEFAULT_DB,
    AtOption,
    DbOption,
    JsonOption,
    RequestOption,
    Session,
    opened,
)
from omo_adapters.cli.telling import amount, moment, number, plain, signed, tell
from omo_core.decisions import Accepted, Refused
from omo_core.errors import Malformed
from omo_core.events import Event
from omo_core.identifiers import OrderId, ProfileId, RequestId
from omo_core.loyalty import (
    AdjustPoints,
    ExpiredPointsReinstated,
    HoldCaptured,
    HoldVoided,
    PointsCommand,
    PointsGranted,
    PointsHeld,
    PointsRedeemed,
    PointsTransferred,
    Programme,
    RedeemPoints,
    TierGranted,
)
from omo_core.members import Member
from omo_core.money import minor_units

WhoArgument = Annotated[str, typer.Argument(metavar="WHO", help="A phone, an e-mail, a card or a record's id.")]
ByOption = Annotated[str, typer.Option("--by", help="Who asks: a member of staff, a till.")]
ProgrammeOption = Annotated[
    str, typer.Option("--programme", metavar="NAME", help="Which points, where the shop has several kinds.")
]
OrderOption = Annotated[str, typer.Option("--order", help="The purchase they pay for; a refund of it returns them.")]


OrderAmountOption = Annotated[
    str, typer.Option("--order-amount", metavar="AMOUNT", help="What the whole order costs, for limits per order.")
]
ChannelOption = Annotated[str, typer.Option("--channel", help="Where they pay: web, store; for limits.")]
StoreOption = Annotated[str, typer.Option("--store", help="In which location; for limits.")]
CurrencyOption = Annotated[str, typer.Option("--currency", help="What they are worth in; the shop's own.")]
PricelessOption = Annotated[bool, typer.Option("--no-money", help="They buy something that has no price.")]


def money_of(session: Session, programme: str) -> str:
    """Give the money that a programme's points pay in unless somebody says another: their own, or the shop's."""
    unit = programme_of(session, programme).unit
    return session.currency if unit == "points" else unit


def amount_in(session: Session, told: str, code: str) -> int:
    """Read what an order costs; 0 where nobody says."""
    return minor_units(told, code or session.currency, "--order-amount") if told else 0


def redeem(  # noqa: PLR0913  (a command's parameters are its options)
    who: WhoArgument,
    points: Annotated[int, typer.Argument(metavar="POINTS", help="How many.")],
    *,
    order: OrderOption = "",
    amount_of_order: OrderAmountOption = "",
    channel: ChannelOption = "",
    store: StoreOption = "",
    currency: CurrencyOption = "",
    priceless: PricelessOption = False,
    programme: ProgrammeOption = "",
    by: ByOption = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Spend a member's points, if they are there and the rules let them pay."""
    with opened(db) as session:
        programme_of(session, programme)
        code = "" if priceless else currency or money_of(session, programme)
        command = RedeemPoints(
            request=drawn(request),
            at=session.moment(at),
            actor=by,
            profile=profile_of(session, who),
            programme=programme,
            points=points,
            order=OrderId(order) if order else None,
            currency=code,
            order_amount=amount_in(session, amount_of_order, code),
            channel=channel,
            store=store,
        )
        answered(session, command, as_json=as_json)


def adjust(  # noqa: PLR0913  (a command's parameters are its options)
    who: WhoArgument,
    points: Annotated[int, typer.Argument(metavar="POINTS", help="Positive gives, negative takes.")],
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why; it stands in the statement.")],
    by: Annotated[str, typer.Option("--by", help="Who answers for it.")],
    once: Annotated[
        str, typer.Option("--once", metavar="NAME", help="Names what a person gets once, such as welcome.")
    ] = "",
    expires: Annotated[
        str,
        typer.Option(
            "--expires",
            metavar="DAY",
            help="Through which day they last, or until which instant; as the programme says.",
        ),
    ] = "",
    for_ever: Annotated[bool, typer.Option("--for-ever", help="They never expire.")] = False,
    programme: ProgrammeOption = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Give or take points by hand; taking goes no lower than zero."""
    with opened(db) as session:
        command = AdjustPoints(
            request=drawn(request),
            at=session.moment(at),
            actor=by,
            profile=profile_of(session, who),
            programme=programme,
            points=points,
            reason=reason,
            once=once,
            expires_at=session.end(expires, "--expires"),
            never_expires=for_ever,
        )
        answered(session, command, as_json=as_json)


def drawn(request: str) -> RequestId:
    """Name a request that nobody named."""
    return RequestId(request or f"cli-{uuid4()}")


def programme_of(session: Session, name: str) -> Programme:
    """Find the programme that is meant; without a name, the shop's main one."""
    try:
        return session.shop.programme(name)
    except Malformed:
        known = ", ".join(programme.name for programme in session.shop.rules.programmes)
        raise BadArgument(f"there is no programme {name[:60]!r}; there are {known}") from None


def profile_of(session: Session, who: str) -> ProfileId:
    """Find the one member who bears what was given."""
    member: Member | None = the_one(session.shop, Sought(anything=who))
    if member is None:
        raise BadArgument(f"nobody bears {who[:60]!r}")
    return ProfileId(member.id)


def answered(session: Session, command: PointsCommand, *, as_json: bool) -> None:
    """Ask, and tell the answer with what the member has left."""
    programme = programme_of(session, command.programme)
    answer = session.shop.execute(command)
    account = session.shop.account(command.profile, programme=programme.name, as_of=command.at)
    document = {
        **answer_document(answer, command.request),
        "member": command.profile,
        "programme": programme.name,
        "spendable": account.spendable,
        "held": account.held,
    }

    def show(out: Console) -> None:
        if isinstance(answer, Refused):
            out.print(f"No: {plain(answer.reason.say())}")
        else:
            out.print(plain(f"Yes: {_done(answer, programme)}; {counted(account.spendable, programme)} left to spend."))
        out.print(f"Request {plain(command.request)}")

    tell(document, show, as_json=as_json)
    if isinstance(answer, Refused):
        raise typer.Exit(Exit.NO)


def counted(points: int, programme: Programme) -> str:
    """Show points, or money where that is what the programme keeps."""
    return f"{number(points)} points" if programme.unit == "points" else amount(points, programme.unit)


def shown(points: int, programme: Programme) -> str:
    """Show a number of points as a column has it, or money."""
    return number(points) if programme.unit == "points" else amount(points, programme.unit)


def moved(points: int, programme: Programme) -> str:
    """Show a movement with its sign."""
    return signed(points) if programme.unit == "points" else f"{'+' if points >= 0 else ''}{shown(points, programme)}"


def _done(answer: Accepted, programme: Programme) -> str:
    """Say what an accepted command did to the points."""
    return ", ".join(_did(event, programme) for event in answer.events)


def _changed(points: int, programme: Programme) -> str:
    return f"{moved(points, programme)}{' points' if programme.unit == 'points' else ''}"


def _did(event: Event, programme: Programme) -> str:
    match event:
        case PointsRedeemed():
            worth = f", worth {amount(event.amount, event.currency)}" if event.amount else ""
            return f"{_changed(-event.points, programme)}{worth if programme.unit == 'points' else ''}"
        case PointsGranted():
            return _changed(event.points, programme)
        case PointsHeld():
            until = moment(event.until, programme.zone)
            return f"{counted(event.points, programme)} held as {event.hold} until {until}"
        case HoldCaptured():
            rest = ", the rest is free" if event.ends else ""
            return f"{counted(event.points, programme)} captured of {event.hold}{rest}"
        case HoldVoided():
            return f"{event.hold} is let go"
        case PointsTransferred():
            return f"{counted(event.points, programme)} given to {event.receiver}"
        case TierGranted():
            return f"in tier {event.tier} until {moment(event.until, programme.zone)}"
        case ExpiredPointsReinstated():
            return f"what had expired is there until {moment(event.expires_at, programme.zone)}"
        case _:
            return event.kind
