"""``omo order``: what was bought, what has left, what came back."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from omo_adapters.cli.exits import Exit
from omo_adapters.cli.session import DEFAULT_DB, AsOfOption, DbOption, JsonOption, KnownAtOption, Session, opened
from omo_adapters.cli.telling import amount, moment, number, plain, table, tell
from omo_core.fulfilment import Order
from omo_core.identifiers import OrderId


def order(
    name: Annotated[str, typer.Argument(metavar="ORDER", help="shopify:5001, till:S1/2/2026-01-05/7/881, or 5001.")],
    *,
    as_of: AsOfOption = "",
    known_at: KnownAtOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Show an order with its lines and its state."""
    with opened(db) as session:
        found = _found(session, name, as_of, known_at)
        document = {"known": found.sale is not None, "order": found}
        tell(document, lambda out: _show(out, session, found), as_json=as_json)
    if found.sale is None:
        raise typer.Exit(Exit.NO)


def _found(session: Session, name: str, as_of: str, known_at: str) -> Order:
    """Find an order by its name; a bare number may be a web order's."""
    at, known = session.instant(as_of, "--as-of"), session.instant(known_at, "--known-at")
    found = session.shop.order(OrderId(name), as_of=at, known_at=known)
    if found.sale is None and ":" not in name:
        other = session.shop.order(OrderId(f"shopify:{name}"), as_of=at, known_at=known)
        return other if other.sale is not None else found
    return found


def _show(out: Console, session: Session, found: Order) -> None:
    sale = found.sale
    if sale is None:
        out.print(f"No purchase goes by {plain(found.order)}.")
        return
    also = f" (also {', '.join(sale.also)})" if sale.also else ""
    out.print(f"Order {plain(found.order + also)}: {found.state.replace('_', ' ')}")
    where = session.settings.location_name(sale.location) if sale.location else ""
    facts = (moment(found.placed_at, session.zone), sale.channel, where, sale.staff, found.profile or "nobody's")
    out.print(f"  {plain(', '.join(fact for fact in facts if fact))}")
    rows = [
        (
            line.line,
            line.sku,
            number(line.units),
            amount(line.amount, sale.currency),
            line.handing,
            line.location or "",
            number(line.handed_over),
            number(line.refunded),
            number(line.open),
        )
        for line in found.lines
    ]
    columns = ("line", "sku", "units#", "amount#", "handing", "from", "handed over#", "given back#", "open#")
    out.print(table(columns, rows))
    total = sum(line.amount for line in found.lines) + sale.shipping
    back = f", {amount(found.refunded, sale.currency)} given back" if found.refunded else ""
    out.print(f"  {amount(total, sale.currency)} with {amount(sale.shipping, sale.currency)} delivery{back}")
    if sale.tenders:
        paid = ", ".join(f"{tender.kind} {amount(tender.amount, sale.currency)}" for tender in sale.tenders)
        out.print(f"  paid: {plain(paid)}")
