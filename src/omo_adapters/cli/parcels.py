"""``omo units short``, ``ship``, ``cancel``, ``return``: what became of an order's units, told once by a request."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import typer

from omo_adapters.cli.exits import BadArgument
from omo_adapters.cli.reserving import AllocationOption, LineArgument, OrderArgument
from omo_adapters.cli.session import DEFAULT_DB, AtOption, DbOption, JsonOption, RequestOption, Session, opened
from omo_adapters.cli.shelves import LocationArgument, SkuArgument, document_of, named, place, tell_fact
from omo_adapters.cli.telling import number
from omo_core.fulfilment import Order
from omo_core.identifiers import OrderId, Sku
from omo_core.stock import PickedShort
from omo_core.stock.line_events import EFFECTS
from omo_core.trade import HandedLine, HandedOver, Refund, RefundLine, Sale

UnitsArgument = Annotated[int, typer.Argument(metavar="UNITS", help="How many.")]
LotOption = Annotated[str, typer.Option("--lot", help="The lot that the units are of.")]
HOWS: Final = ("shipped", "collected")


def short(  # noqa: PLR0913  (a command's parameters are its options)
    order: OrderArgument,
    line: LineArgument,
    sku: SkuArgument,
    location: LocationArgument,
    units: UnitsArgument,
    *,
    reason: Annotated[str, typer.Option("--reason", help="In the shop's words.")] = "not found",
    effect: Annotated[
        str, typer.Option("--effect", help="What it says of the shelf: none, missing, empty (nothing there), damaged.")
    ] = "none",
    allocation: AllocationOption = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Record that a location could not give units of an order line: they lie in the pool again, for another one."""
    with opened(db) as session:
        asked = named(request)
        kind = next((one for one in EFFECTS if one == effect), None)
        if kind is None:
            raise BadArgument(f"--effect {effect[:40]!r} is none of {', '.join(EFFECTS)}")
        event = PickedShort(
            id=document_of("short", asked),
            at=session.moment(at),
            source="cli",
            order=_sale(session, order, line, sku).order,
            line=line,
            sku=Sku(sku),
            location=place(session, location),
            units=units,
            reason=reason,
            effect=kind,
            allocation=allocation,
        )
        tell_fact(
            session, asked, event, f"{location} is short of {number(units)} of {sku} for {order}", as_json=as_json
        )


def ship(  # noqa: PLR0913  (a command's parameters are its options)
    order: OrderArgument,
    line: LineArgument,
    sku: SkuArgument,
    location: LocationArgument,
    units: UnitsArgument,
    *,
    how: Annotated[str, typer.Option("--how", help="shipped or collected.")] = "shipped",
    allocation: AllocationOption = "",
    lot: LotOption = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Record that units of an order line have left a location, in a parcel or with the customer."""
    with opened(db) as session:
        asked = named(request)
        left: Literal["shipped", "collected"] | None = next((one for one in HOWS if one == how), None)
        if left is None:
            raise BadArgument(f"--how {how[:40]!r} is none of {', '.join(HOWS)}")
        event = HandedOver(
            id=document_of("parcel", asked),
            at=session.moment(at),
            source="cli",
            order=_sale(session, order, line, sku).order,
            location=place(session, location),
            how=left,
            lines=(HandedLine(line=line, sku=Sku(sku), units=units, allocation=allocation, lot=lot),),
        )
        tell_fact(
            session, asked, event, f"{number(units)} of {sku} {left} from {location} for {order}", as_json=as_json
        )


def cancel(  # noqa: PLR0913  (a command's parameters are its options)
    order: OrderArgument,
    line: LineArgument,
    sku: SkuArgument,
    units: UnitsArgument,
    *,
    allocation: AllocationOption = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Record that an order line does not wait for units any more; money is given back by the document that says so."""
    with opened(db) as session:
        given_up = RefundLine(line=line, sku=Sku(sku), units=units, amount=0, restock="cancel", allocation=allocation)
        said = f"{order} waits for {number(units)} of {sku} less"
        _tell_refund(session, order, given_up, said, at=at, request=request, as_json=as_json)


def return_(  # noqa: PLR0913  (a command's parameters are its options)
    order: OrderArgument,
    line: LineArgument,
    sku: SkuArgument,
    location: LocationArgument,
    units: UnitsArgument,
    *,
    lot: LotOption = "",
    serial: Annotated[list[str] | None, typer.Option("--serial", help="A unit's serial number; once for each.")] = None,
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Record that goods came back, into any location; money is given back by the document that says so."""
    with opened(db) as session:
        back = RefundLine(
            line=line,
            sku=Sku(sku),
            units=units,
            amount=0,
            restock="return",
            location=place(session, location),
            lot=lot,
            serials=tuple(serial or ()),
        )
        said = f"{number(units)} of {sku} back at {location} from {order}"
        _tell_refund(session, order, back, said, at=at, request=request, as_json=as_json)


def _tell_refund(
    session: Session, order: str, line: RefundLine, said: str, *, at: str, request: str, as_json: bool
) -> None:
    """Tell a refund of no money: it moves goods, or lets them go."""
    asked, sale = named(request), _sale(session, order, line.line, line.sku)
    event = Refund(
        id=document_of("goods", asked),
        at=session.moment(at),
        source="cli",
        order=sale.order,
        currency=sale.currency,
        lines=(line,),
    )
    tell_fact(session, asked, event, said, as_json=as_json)


def _sale(session: Session, order: str, line: str, sku: str) -> Sale:
    """Find the sale: a typing mistake must not be told of an order that nobody made, or of another line's article."""
    found: Order = session.shop.order(OrderId(order))
    if found.sale is None:
        raise BadArgument(f"nothing was ever heard of order {order[:60]!r}")
    skus = {name for one in found.sale.lines if one.line == line for name in (one.sku, *one.skus)}
    if sku not in skus:
        known = ", ".join(f"{one.line} ({one.sku})" for one in found.sale.lines[:20])
        raise BadArgument(f"order {order[:60]!r} has no line {line[:40]!r} of {sku[:60]!r}; its lines are {known}")
    return found.sale
