"""``omo stock``: where an article lies, who waits for it, what is free, what is on its way."""

from __future__ import annotations

import typer
from rich.console import Console
from rich.table import Table

from omo_adapters.cli.exits import Exit
from omo_adapters.cli.session import (
    DEFAULT_DB,
    AsOfOption,
    DbOption,
    JsonOption,
    KnownAtOption,
    Session,
    WhyOption,
    opened,
)
from omo_adapters.cli.shelves import SkuArgument
from omo_adapters.cli.stock_views import DeliveryView, StockCard, stock_card
from omo_adapters.cli.telling import moment, number, plain, signed, table, tell
from omo_core.identifiers import Sku


def stock(
    sku: SkuArgument,
    *,
    why: WhyOption = False,
    as_of: AsOfOption = "",
    known_at: KnownAtOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Show an article in every location: on hand, spoken for, free, on its way; with --why its ledger."""
    with opened(db) as session:
        at, known = session.instant(as_of, "--as-of"), session.instant(known_at, "--known-at")
        when = at or session.shop.now()
        positions = session.shop.stock(Sku(sku), as_of=at, known_at=known)
        ledger = session.shop.stock_ledger(Sku(sku), as_of=when, known_at=known) if why else ()
        book = session.shop.allocations(Sku(sku), as_of=when, known_at=known) if why else ()
        misfits = session.shop.misfits(Sku(sku), as_of=when, known_at=known) if why else ()
        card = stock_card(session, positions, when, ledger, book, misfits)
        tell(card, lambda out: _show(out, session, card), as_json=as_json)
    if not card.places and card.kits is None:
        raise typer.Exit(Exit.NO)


def _show(out: Console, session: Session, card: StockCard) -> None:
    if card.kits is not None:
        out.print(f"{plain(card.sku)} is a kit: its parts make {number(card.kits)} of it.")
    if not card.places:
        if card.kits is None:
            out.print(f"Nothing was ever heard of {plain(card.sku)}.")
        return
    out.print(f"{plain(card.sku)} (as of {moment(card.as_of, session.zone)})")
    out.print(_table_of(card))
    owed = f" ({number(card.pool_allocated)} promised, {number(card.pool_held)} held in the pool itself)"
    out.print(f"  free in the pool: {number(card.pool_free)}{owed if card.pool_allocated or card.pool_held else ''}")
    for channel in card.channels:
        out.print(
            f"  free for {plain(channel.channel)}: {number(channel.free)} (from {plain(', '.join(channel.pool))})"
        )
    for delivery in card.deliveries:
        out.print(f"  {plain(_said(delivery, session))}")
    for risk in card.at_risk:
        where = plain(risk.location) if risk.location is not None else "the pool"
        announced = ", ".join(f"{units} expected {moment(due, session.zone)}" for due, units in risk.expected)
        lacking = f"{number(risk.units)} of {number(risk.promised)} in {where}"
        out.print(f"  at risk: {plain(risk.name)}, {lacking}{f' ({announced})' if announced else ''}")
    _show_lots(out, session, card)
    _show_books(out, session, card)


def _table_of(card: StockCard) -> Table:
    """Lay the quantities out; a column that is empty everywhere is left out, so the rest fits a screen."""
    columns = {
        "location": [place.name for place in card.places],
        "on hand#": [number(place.on_hand) for place in card.places],
        "set aside#": [", ".join(f"{why} {n}" for why, n in place.set_aside.items()) or "0" for place in card.places],
        "expired#": [number(place.expired) for place in card.places],
        "allocated#": [number(place.allocated) for place in card.places],
        "held#": [number(place.held) for place in card.places],
        "leaving#": [number(place.leaving) for place in card.places],
        "free#": [number(place.free) for place in card.places],
        "": [f"short by {number(-place.free_raw)}" if place.free_raw < 0 else "" for place in card.places],
        "in transit#": [number(place.in_transit) for place in card.places],
        "expected#": [number(place.expected) for place in card.places],
        "trusted#": [f"{place.trusted / 10:.1f} %" for place in card.places],
        "in pool": ["yes" if place.in_pool else "" for place in card.places],
    }
    always = {"location", "on hand#", "set aside#", "allocated#", "held#", "free#", "", "in pool"}
    shown = {name: cells for name, cells in columns.items() if name in always or any(cell != "0" for cell in cells)}
    return table(shown, zip(*shown.values(), strict=True))


def _said(one: DeliveryView, session: Session) -> str:
    due = f", due {moment(one.due_at, session.zone)}" if one.due_at else ""
    if one.origin is None:
        return f"expected: {one.document}, {number(one.units)} at {one.destination}{due}"
    parts = [f"{number(one.ordered)} still to leave"] if one.ordered else []
    parts += [f"{number(one.units)} in transit"] if one.units else []
    parts += [f"{number(-one.discrepancy)} lost"] if one.discrepancy < 0 else []
    parts += [f"{number(one.discrepancy)} more arrived than left"] if one.discrepancy > 0 else []
    return f"transfer {one.document} from {one.origin} to {one.destination}: {', '.join(parts) or 'nothing'}{due}"


def _show_lots(out: Console, session: Session, card: StockCard) -> None:
    rows = [
        (place.name, lot.lot, number(lot.units), moment(lot.expires_at, session.zone) or "never")
        for place in card.places
        for lot in place.lots
    ]
    if rows:
        out.print(table(("location", "lot", "units#", "expires"), rows))


def _show_books(out: Console, session: Session, card: StockCard) -> None:
    zone = session.zone
    if card.ledger:
        rows = [
            (moment(m.at, zone), m.location, signed(m.units), number(m.on_hand), m.what, m.event) for m in card.ledger
        ]
        out.print(table(("when", "location", "units#", "on hand#", "what", "because of"), rows))
    if card.allocations:
        rows = [
            (
                moment(m.at, zone),
                f"{m.order} line {m.line}",
                m.allocation,
                m.location or "pool",
                signed(m.units),
                m.what,
            )
            for m in card.allocations
        ]
        out.print(table(("when", "promised to", "allocation", "at", "units#", "what"), rows))
    if card.misfits:
        rows = [
            (moment(m.at, zone), f"{m.order} line {m.line}", m.location or "", number(m.units), m.what, m.event)
            for m in card.misfits
        ]
        out.print(table(("when", "does not fit", "at", "units#", "why", "because of"), rows))
