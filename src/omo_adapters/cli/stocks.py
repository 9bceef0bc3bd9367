"""``omo count``, ``omo receive``, ``omo set-aside``, ``omo expect``: what happens to goods, told once by a request."""

from __future__ import annotations

from typing import Annotated

import typer
from attrs import evolve

from omo_adapters.cli.exits import BadArgument
from omo_adapters.cli.session import DEFAULT_DB, AtOption, DbOption, JsonOption, RequestOption, Session, opened
from omo_adapters.cli.shelves import (
    LocationArgument,
    NewOption,
    SkuArgument,
    UnitOption,
    article,
    base_units,
    day_begins,
    document_of,
    known_article,
    later,
    named,
    place,
    tell_fact,
)
from omo_adapters.cli.telling import number, signed
from omo_core.identifiers import EventId, RequestId
from omo_core.instants import FOREVER
from omo_core.stock import StockCounted, StockMoved, StockSetAside, SupplyExpected


def count(  # noqa: PLR0913  (a command's parameters are its options)
    sku: SkuArgument,
    location: LocationArgument,
    units: Annotated[str, typer.Argument(metavar="UNITS", help="How many lie there.")],
    *,
    unit: UnitOption = "",
    new: NewOption = False,
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Record a count: so many units lie there at that instant."""
    with opened(db) as session:
        when, counted = session.moment(at), article(session, sku, new=new)
        event = StockCounted(
            id=EventId(f"count/{request or f'{location}:{sku}:{when.isoformat()}'}"),
            at=when,
            source="cli",
            sku=counted,
            location=place(session, location),
            units=base_units(session, counted, units, unit),
        )
        if not request:
            event = _corrected(session, event)
        said = f"{sku} at {location}: counted {number(event.units)}{later(session, when)}"
        tell_fact(session, RequestId(request or f"{event.id}#{event.version}"), event, said, as_json=as_json)


def _corrected(session: Session, event: StockCounted) -> StockCounted:
    """What was counted in one place at one instant is one count; told otherwise, it is corrected."""
    told = [one for one in session.shop.history_of(event.sku) if one.id == event.id and isinstance(one, StockCounted)]
    last = max(told, key=lambda one: one.version, default=None)
    if last is None or last.units == event.units:
        return event if last is None else last
    return evolve(event, version=last.version + 1)


def receive(  # noqa: PLR0913  (a command's parameters are its options)
    sku: SkuArgument,
    location: LocationArgument,
    units: Annotated[str, typer.Argument(metavar="UNITS", help="Negative when they went.")],
    *,
    reason: Annotated[str, typer.Option("--reason", help="received, damaged, found, lost, …")] = "received",
    document: Annotated[str, typer.Option("--document", help="The delivery note or purchase order.")] = "",
    unit: UnitOption = "",
    lot: Annotated[str, typer.Option("--lot", help="The lot that the units are of.")] = "",
    expires: Annotated[
        str, typer.Option("--expires", metavar="DAY", help="From this day on the lot is not for sale.")
    ] = "",
    serial: Annotated[list[str] | None, typer.Option("--serial", help="A unit's serial number; once for each.")] = None,
    new: NewOption = False,
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Record that units came, or went, for another reason than a sale."""
    with opened(db) as session:
        asked, moved = named(request), article(session, sku, new=new)
        if expires and not lot:
            raise BadArgument("--expires says when a lot expires; name it with --lot")
        event = StockMoved(
            id=document_of("move", asked),
            at=session.moment(at),
            source="cli",
            sku=moved,
            location=place(session, location),
            units=base_units(session, moved, units, unit),
            reason=reason,
            document=document,
            lot=lot,
            expires_at=day_begins(session, expires, "--expires"),
            serials=tuple(serial or ()),
        )
        said = f"{sku} at {location}: {signed(event.units)} {reason}{later(session, event.at)}"
        tell_fact(session, asked, event, said, as_json=as_json)


def set_aside(  # noqa: PLR0913  (a command's parameters are its options)
    sku: SkuArgument,
    location: LocationArgument,
    units: Annotated[int, typer.Argument(metavar="UNITS", help="How many in all; 0: none any more.")],
    *,
    reason: Annotated[str, typer.Option("--reason", help="damaged, quality_control, safety_stock, …")] = "damaged",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Record that so many units lie there but are not for sale, for a reason."""
    with opened(db) as session:
        asked = named(request)
        event = StockSetAside(
            id=document_of("aside", asked),
            at=session.moment(at),
            source="cli",
            sku=known_article(session, sku),
            location=place(session, location),
            units=units,
            reason=reason,
        )
        said = f"{sku} at {location}: {number(units)} {reason}, not for sale"
        tell_fact(session, asked, event, said, as_json=as_json)


def expect(  # noqa: PLR0913  (a command's parameters are its options)
    sku: SkuArgument,
    location: LocationArgument,
    units: Annotated[str, typer.Argument(metavar="UNITS", help="How many are still to come; 0: none any more.")],
    *,
    document: Annotated[str, typer.Option("--document", help="The purchase order; receipts that name it come off.")],
    due: Annotated[str, typer.Option("--due", metavar="DAY", help="From when on it can be counted on.")] = "",
    unit: UnitOption = "",
    new: NewOption = False,
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Record that a delivery is expected."""
    with opened(db) as session:
        asked, expected = named(request), article(session, sku, new=new)
        event = SupplyExpected(
            id=document_of("supply", asked),
            at=session.moment(at),
            source="cli",
            sku=expected,
            location=place(session, location),
            units=base_units(session, expected, units, unit),
            document=document,
            due_at=day_begins(session, due, "--due") or FOREVER,
        )
        said = f"{sku} at {location}: {number(event.units)} expected by {document}"
        tell_fact(session, asked, event, said, as_json=as_json)
