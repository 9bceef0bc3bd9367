"""``omo units``: units set apart for a basket, and where an order's units come from; each asked, and answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated

import typer

from omo_adapters.cli.exits import BadArgument
from omo_adapters.cli.session import DEFAULT_DB, AtOption, DbOption, JsonOption, RequestOption, Session, opened
from omo_adapters.cli.shelves import LocationArgument, SkuArgument, ask, known_article, named, place
from omo_core.identifiers import HoldId, OrderId, Sku
from omo_core.stock import AllocateLine, HoldUnits, ReleaseHold, RenewHold, StartPicking, Wanted

HoldArgument = Annotated[str, typer.Argument(metavar="HOLD", help="The basket's own id.")]
OrderArgument = Annotated[str, typer.Argument(metavar="ORDER", help="The order's id.")]
LineArgument = Annotated[str, typer.Argument(metavar="LINE", help="The line's id within its order.")]
SkusArgument = Annotated[list[str], typer.Argument(metavar="SKU...", help="The articles; of a kit, its parts.")]
UntilOption = Annotated[
    str, typer.Option("--until", metavar="INSTANT", help="Until when; in --minutes, unless said. Exclusive.")
]
MinutesOption = Annotated[int, typer.Option("--minutes", min=1, max=525_600, help="For how long.")]
AllocationOption = Annotated[
    str, typer.Option("--allocation", metavar="ID", help="Which part of the line, as the plan named it; else all.")
]


def hold(  # noqa: PLR0913  (a command's parameters are its options)
    name: HoldArgument,
    lines: Annotated[list[str], typer.Argument(metavar="SKU=UNITS...", help="What, and how many: TEE=2 CAP=1.")],
    *,
    location: Annotated[str, typer.Option("--location", help="In one location; else in the pool.")] = "",
    channel: Annotated[str, typer.Option("--channel", help="Whose pool, buffer and backorders count.")] = "",
    until: UntilOption = "",
    minutes: MinutesOption = 15,
    ahead: Annotated[
        bool, typer.Option("--ahead", help="Also what is not there yet, as far as backorders go.")
    ] = False,
    instead: Annotated[bool, typer.Option("--instead", help="In place of what that hold holds of them now.")] = False,
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Set units apart for a basket until an instant; all of them or none. With --instead, change what it holds."""
    with opened(db) as session:
        when = session.moment(at)
        command = HoldUnits(
            request=named(request),
            at=when,
            hold=HoldId(name),
            lines=tuple(_wanted(session, line) for line in lines),
            location=place(session, location) if location else None,
            until=_end(session, when, until, minutes),
            channel=channel,
            ahead=ahead,
            instead=instead,
        )
        ask(session, [command], f"held as {name}", as_json=as_json)


def _wanted(session: Session, text: str) -> Wanted:
    """Read ``TEE=2``; what stands before the last sign is the article."""
    sku, _, units = text.rpartition("=")
    if not sku or not units.isascii() or not units.isdecimal():
        raise BadArgument(f"{text[:60]!r} does not say what and how many, such as TEE=2")
    return Wanted(sku=known_article(session, sku), units=int(units[:20]))


def _end(session: Session, when: datetime, until: str, minutes: int) -> datetime:
    return session.instant(until, "--until") or when + timedelta(minutes=minutes)


def _articles(session: Session, skus: Iterable[str]) -> tuple[Sku, ...]:
    return tuple(known_article(session, sku) for sku in skus)


def renew(  # noqa: PLR0913  (a command's parameters are its options)
    name: HoldArgument,
    skus: SkusArgument,
    *,
    until: UntilOption = "",
    minutes: MinutesOption = 15,
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Let a hold that lives end at another instant, if its units are still there for it then."""
    with opened(db) as session:
        when = session.moment(at)
        command = RenewHold(
            request=named(request),
            at=when,
            hold=HoldId(name),
            skus=_articles(session, skus),
            until=_end(session, when, until, minutes),
        )
        ask(session, [command], f"{name} goes on", as_json=as_json)


def release(
    name: HoldArgument,
    skus: SkusArgument,
    *,
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Let go what a hold still holds of these articles; all of them or none."""
    with opened(db) as session:
        first, *also = _articles(session, skus)
        command = ReleaseHold(
            request=named(request), at=session.moment(at), hold=HoldId(name), sku=first, also=tuple(also)
        )
        ask(session, [command], f"{name} let them go", as_json=as_json)


def allocate(  # noqa: PLR0913  (a command's parameters are its options)
    order: OrderArgument,
    line: LineArgument,
    sku: SkuArgument,
    location: Annotated[str, typer.Argument(metavar="[LOCATION]", help="Without one, back to the pool.")] = "",
    *,
    allocation: AllocationOption = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Let what an order line waits for come from one location, or put it back to the pool; until picking starts."""
    with opened(db) as session:
        command = AllocateLine(
            request=named(request),
            at=session.moment(at),
            order=order,
            line=line,
            sku=known_article(session, sku),
            location=place(session, location) if location else None,
            allocation=allocation,
        )
        done = f"{order} line {line} lies at {location}" if location else f"{order} line {line} lies in the pool"
        ask(session, [command], done, as_json=as_json)


def pick(  # noqa: PLR0913  (a command's parameters are its options)
    order: OrderArgument,
    location: LocationArgument,
    skus: SkusArgument,
    *,
    allocation: AllocationOption = "",
    by: Annotated[str, typer.Option("--by", help="Who picks.")] = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Let a location begin to pick what of an order is allocated to it; from now on it stays there."""
    with opened(db) as session:
        command = StartPicking(
            request=named(request),
            at=session.moment(at),
            actor=by,
            order=OrderId(order),
            location=place(session, location),
            skus=_articles(session, skus),
            allocation=allocation,
        )
        ask(session, [command], f"{location} picks {order}", as_json=as_json)
