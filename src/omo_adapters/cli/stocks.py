"""``omo stock``, ``omo count`` and ``omo receive``: where an article lies, who waits for it, what is free."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import uuid4

import typer
from attrs import frozen
from rich.console import Console

from omo_adapters.cli.exits import BadArgument, Exit
from omo_adapters.cli.session import (
    DEFAULT_DB,
    AsOfOption,
    AtOption,
    DbOption,
    JsonOption,
    KnownAtOption,
    RequestOption,
    Session,
    WhyOption,
    opened,
)
from omo_adapters.cli.telling import moment, number, plain, signed, table, tell
from omo_core.events import Event
from omo_core.identifiers import EventId, LocationId, OrderId, Sku
from omo_core.stock import Movement, Positions, StockCounted, StockMoved

SkuArgument = Annotated[str, typer.Argument(metavar="SKU", help="The article.")]
LocationArgument = Annotated[str, typer.Argument(metavar="LOCATION", help="The shop's own id of the place.")]


@frozen(kw_only=True)
class PlaceView:
    """An article in one location."""

    location: LocationId
    name: str
    in_pool: bool
    on_hand: int
    set_aside: dict[str, int]
    allocated: int
    held: int
    free: int
    """What can be promised, never below zero."""
    free_raw: int
    """Negative when more is promised or sold than is there."""


@frozen(kw_only=True)
class PromiseView:
    """A promise that what lies there can't keep."""

    location: LocationId
    order: OrderId
    line: str
    units: int
    at: datetime


@frozen(kw_only=True)
class StockCard:
    """An article in all locations."""

    sku: Sku
    as_of: datetime
    places: tuple[PlaceView, ...]
    pool_free: int
    """What the web may promise: each location's free units, less what the pool owes and holds."""
    pool_allocated: int
    pool_held: int
    at_risk: tuple[PromiseView, ...]
    ledger: tuple[Movement, ...] = ()
    """Every movement, with ``--why``."""


def stock(
    sku: SkuArgument,
    *,
    why: WhyOption = False,
    as_of: AsOfOption = "",
    known_at: KnownAtOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Show an article in every location: on hand, promised, held, free; with --why its ledger."""
    with opened(db) as session:
        at, known = session.instant(as_of, "--as-of"), session.instant(known_at, "--known-at")
        positions = session.shop.stock(Sku(sku), as_of=at, known_at=known)
        ledger = session.shop.stock_ledger(Sku(sku), as_of=at, known_at=known) if why else ()
        card = stock_card(session, positions, at or session.shop.now(), ledger)
        tell(card, lambda out: _show(out, session, card), as_json=as_json)
    if not card.places:
        raise typer.Exit(Exit.NO)


def stock_card(session: Session, positions: Positions, at: datetime, ledger: tuple[Movement, ...] = ()) -> StockCard:
    """Put an article's card together."""
    pool = session.settings.rules.stock.pool_of(positions)
    locations = positions.locations()
    return StockCard(
        sku=positions.sku,
        as_of=at,
        places=tuple(_place(session, positions, location, at, location in pool) for location in locations),
        pool_free=positions.free_in_pool(pool, at),
        pool_allocated=positions.allocated(None),
        pool_held=positions.held(None, at),
        at_risk=tuple(
            PromiseView(location=place, order=risk.order, line=risk.line, units=risk.units, at=risk.at)
            for place in locations
            for risk in positions.at_risk(place)
        ),
        ledger=ledger,
    )


def _place(session: Session, positions: Positions, location: LocationId, at: datetime, in_pool: bool) -> PlaceView:
    kept = positions.places.get(location)
    return PlaceView(
        location=location,
        name=session.settings.location_name(location),
        in_pool=in_pool,
        on_hand=positions.on_hand(location),
        set_aside={reason: units for reason, units in sorted(kept.set_aside.items()) if units} if kept else {},
        allocated=positions.allocated(location),
        held=positions.held(location, at),
        free=positions.free(location, at),
        free_raw=positions.free_raw(location, at),
    )


def _show(out: Console, session: Session, card: StockCard) -> None:
    if not card.places:
        out.print(f"Nothing was ever heard of {plain(card.sku)}.")
        return
    out.print(f"{plain(card.sku)} (as of {moment(card.as_of, session.zone)})")
    columns = ("location", "on hand#", "set aside#", "allocated#", "held#", "free#", "", "in pool")
    out.print(table(columns, [_row(place) for place in card.places]))
    owed = f" ({number(card.pool_allocated)} promised, {number(card.pool_held)} held in the pool itself)"
    out.print(f"  free in the pool: {number(card.pool_free)}{owed if card.pool_allocated or card.pool_held else ''}")
    for risk in card.at_risk:
        out.print(f"  at risk: {plain(risk.order)} line {plain(risk.line)}, {risk.units} at {plain(risk.location)}")
    if card.ledger:
        rows = [
            (moment(m.at, session.zone), m.location, signed(m.units), number(m.on_hand), m.what, m.event)
            for m in card.ledger
        ]
        out.print(table(("when", "location", "units#", "on hand#", "what", "because of"), rows))


def _row(place: PlaceView) -> tuple[object, ...]:
    aside = ", ".join(f"{reason} {units}" for reason, units in place.set_aside.items())
    short = f"short by {number(-place.free_raw)}" if place.free_raw < 0 else ""
    return (
        place.name,
        number(place.on_hand),
        aside or "0",
        number(place.allocated),
        number(place.held),
        number(place.free),
        short,
        "yes" if place.in_pool else "",
    )


def count(
    sku: SkuArgument,
    location: LocationArgument,
    units: Annotated[int, typer.Argument(metavar="UNITS", help="How many lie there.")],
    *,
    at: AtOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Record a count: so many units lie there at that instant."""
    with opened(db) as session:
        when = session.moment(at)
        name = EventId(f"count/{location}:{sku}:{when.isoformat()}")
        event = StockCounted(
            id=name, at=when, source="cli", sku=Sku(sku), location=_known(session, location), units=units
        )
        _record(session, event, f"{sku} at {location}: counted {units}", as_json=as_json)


def receive(  # noqa: PLR0913  (a command's parameters are its options)
    sku: SkuArgument,
    location: LocationArgument,
    units: Annotated[int, typer.Argument(metavar="UNITS", help="Negative when they went.")],
    *,
    reason: Annotated[str, typer.Option("--reason", help="received, damaged, found, lost, …")] = "received",
    document: Annotated[str, typer.Option("--document", help="The delivery note or transfer order.")] = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Record that units came, or went, for another reason than a sale."""
    with opened(db) as session:
        event = StockMoved(
            id=EventId(f"move/{request or uuid4()}"),
            at=session.moment(at),
            source="cli",
            sku=Sku(sku),
            location=_known(session, location),
            units=units,
            reason=reason,
            document=document,
        )
        _record(session, event, f"{sku} at {location}: {signed(units)} {reason}", as_json=as_json)


def _known(session: Session, location: str) -> LocationId:
    """Accept a location of the shop; a typing mistake must not open a new one."""
    known = [place.id for place in session.settings.config.locations]
    if known and location not in known:
        raise BadArgument(f"{location[:60]!r} is none of the shop's locations: {', '.join(known)}")
    return LocationId(location)


def _record(session: Session, event: Event, said: str, *, as_json: bool) -> None:
    recorded = session.shop.record(event)
    again = "" if recorded.new else " (known already)"
    document = {"event": event, "new": bool(recorded.new), "conflict": bool(recorded.conflicts)}
    tell(document, lambda out: out.print(plain(f"Recorded: {said}{again}.")), as_json=as_json)
