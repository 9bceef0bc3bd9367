"""``omo hold``, ``omo capture``, ``omo void`` and ``omo transfer``: points set apart, and points that change hands."""

from __future__ import annotations

from typing import Annotated

import typer

from omo_adapters.cli.exits import BadArgument
from omo_adapters.cli.points import (
    ByOption,
    ChannelOption,
    CurrencyOption,
    OrderAmountOption,
    OrderOption,
    PricelessOption,
    ProgrammeOption,
    StoreOption,
    WhoArgument,
    amount_in,
    answered,
    drawn,
    money_of,
    profile_of,
    programme_of,
)
from omo_adapters.cli.session import DEFAULT_DB, AtOption, DbOption, JsonOption, RequestOption, opened
from omo_core.identifiers import HoldId, OrderId
from omo_core.loyalty import CaptureHold, HoldPoints, TransferPoints, VoidHold

HoldArgument = Annotated[str, typer.Argument(metavar="HOLD", help="The hold's name.")]


def hold(  # noqa: PLR0913  (a command's parameters are its options)
    who: WhoArgument,
    points: Annotated[int, typer.Argument(metavar="POINTS", help="How many.")],
    *,
    name: Annotated[str, typer.Option("--hold", metavar="NAME", help="What the hold is called, to be captured by.")],
    until: Annotated[
        str, typer.Option("--until", metavar="INSTANT", help="Until when; as the programme says, unless said.")
    ] = "",
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
    """Set points apart for a purchase that is not certain yet; the rules for paying with them hold already."""
    with opened(db) as session:
        programme_of(session, programme)
        code = "" if priceless else currency or money_of(session, programme)
        command = HoldPoints(
            request=drawn(request),
            at=session.moment(at),
            actor=by,
            profile=profile_of(session, who),
            programme=programme,
            hold=HoldId(name),
            points=points,
            until=session.end(until, "--until"),
            order=OrderId(order) if order else None,
            currency=code,
            order_amount=amount_in(session, amount_of_order, code),
            channel=channel,
            store=store,
        )
        answered(session, command, as_json=as_json)


def capture(  # noqa: PLR0913  (a command's parameters are its options)
    who: WhoArgument,
    name: HoldArgument,
    points: Annotated[int, typer.Argument(metavar="POINTS", help="How many of those held.")],
    *,
    order: OrderOption = "",
    amount_of_order: OrderAmountOption = "",
    channel: ChannelOption = "",
    store: StoreOption = "",
    currency: Annotated[str, typer.Option("--currency", help="As the hold was opened for, unless said.")] = "",
    programme: ProgrammeOption = "",
    by: ByOption = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Spend points of a hold; the rest is let go, unless the programme keeps it."""
    with opened(db) as session:
        programme_of(session, programme)
        command = CaptureHold(
            request=drawn(request),
            at=session.moment(at),
            actor=by,
            profile=profile_of(session, who),
            programme=programme,
            hold=HoldId(name),
            points=points,
            order=OrderId(order) if order else None,
            currency=currency,
            order_amount=amount_in(session, amount_of_order, currency),
            channel=channel,
            store=store,
        )
        answered(session, command, as_json=as_json)


def void(  # noqa: PLR0913  (a command's parameters are its options)
    who: WhoArgument,
    name: HoldArgument,
    *,
    programme: ProgrammeOption = "",
    by: ByOption = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Let go what a hold still holds."""
    with opened(db) as session:
        programme_of(session, programme)
        command = VoidHold(
            request=drawn(request),
            at=session.moment(at),
            actor=by,
            profile=profile_of(session, who),
            programme=programme,
            hold=HoldId(name),
        )
        answered(session, command, as_json=as_json)


def transfer(  # noqa: PLR0913  (a command's parameters are its options)
    who: WhoArgument,
    to: Annotated[str, typer.Argument(metavar="TO", help="Who receives them, found like WHO.")],
    points: Annotated[int, typer.Argument(metavar="POINTS", help="How many.")],
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why; it stands in both statements.")] = "",
    programme: ProgrammeOption = "",
    by: ByOption = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Give points to another member; they keep their expiry. Goods go with transfer-stock."""
    with opened(db) as session:
        programme_of(session, programme)
        giver, receiver = profile_of(session, who), profile_of(session, to)
        if giver == receiver:
            raise BadArgument(f"{who[:60]!r} and {to[:60]!r} are one member")
        command = TransferPoints(
            request=drawn(request),
            at=session.moment(at),
            actor=by,
            profile=giver,
            programme=programme,
            receiver=receiver,
            points=points,
            reason=reason,
        )
        answered(session, command, as_json=as_json)
