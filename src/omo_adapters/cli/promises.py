"""``omo promise``: when an order, or one that could be placed now, can be handed over, and why then."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer
from rich.console import Console

from omo_adapters.cli.exits import BadArgument, Exit
from omo_adapters.cli.session import DEFAULT_DB, AtOption, DbOption, JsonOption, Session, opened
from omo_adapters.cli.shelves import known_article, place
from omo_adapters.cli.sourcing import planned
from omo_adapters.cli.telling import moment, number, plain, table, tell
from omo_core.identifiers import OrderId
from omo_core.quantities import UNITS_MAX
from omo_core.stock import Wanted
from omo_core.stock.dating import PartDate, PromiseDate
from omo_core.stock.sourcing import Plan


def promise(  # noqa: PLR0913  (a command's parameters are its options)
    order: Annotated[
        str, typer.Argument(metavar="[ORDER]", help="The order's id; without one, say what is wanted.")
    ] = "",
    *,
    want: Annotated[
        list[str] | None,
        typer.Option("--want", metavar="SKU=UNITS", help="If this were ordered now; once for each article."),
    ] = None,
    channel: Annotated[str, typer.Option("--channel", help="With --want: where it would be ordered.")] = "web",
    collect: Annotated[
        str, typer.Option("--collect", metavar="LOCATION", help="With --want: the store where it would be collected.")
    ] = "",
    to: Annotated[
        str,
        typer.Option("--to", metavar="PLACE", help="With ORDER: where it goes, for the plan of where it comes from."),
    ] = "",
    at: AtOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Say on which day an order can be handed over, out of stock, deliveries, opening hours and lead times, and why."""
    if bool(order) == bool(want):
        raise BadArgument("name an order, or what is wanted with --want SKU=UNITS")
    with opened(db) as session:
        when, timetable = session.moment(at), session.settings.timetable()
        if want:
            wanted = [_wanted(session, each) for each in want]
            store = place(session, collect) if collect else None
            found = session.shop.date_if_ordered(wanted, timetable, channel=channel, collect_at=store, at=when)
        else:
            found = _of_order(session, OrderId(order), when, to)
        tell({"promise": found}, lambda out: _show(out, session, found), as_json=as_json)
    if found.on is None and found.parts:
        raise typer.Exit(Exit.NO)


def _of_order(session: Session, name: OrderId, when: datetime, to: str) -> PromiseDate:
    timetable = session.settings.timetable()
    found = session.shop.promise_date(name, timetable, at=when)
    if found is None:
        raise BadArgument(f"nothing was ever heard of order {name[:60]!r}")
    if any(part.because == "there" for part in found.parts) and not any(part.sourced for part in found.parts):
        found = session.shop.promise_date(name, timetable, at=when, plan=_plan(session, name, when, to)) or found
    return found


def _plan(session: Session, name: OrderId, when: datetime, to: str) -> Plan:
    return planned(session, name, when, session.settings.policy, to=to).plan


def _wanted(session: Session, text: str) -> Wanted:
    sku, _, units = text.rpartition("=")
    if not sku or not units.isascii() or not units.isdigit() or not 0 < int(units) <= UNITS_MAX:
        raise BadArgument(f"--want {text[:60]!r} is not an article and a number, such as TEE=2")
    return Wanted(sku=known_article(session, sku), units=int(units))


def _show(out: Console, session: Session, found: PromiseDate) -> None:
    if not found.parts:
        out.print(f"{plain(found.order)} waits for nothing.")
        return
    out.print(f"{plain(found.order)}: {plain(_day(session, found))}")
    columns = ("on", "line", "article", "units#", "from", "leaves", "why")
    out.print(table(columns, (_row(session, part) for part in found.parts)))


def _day(session: Session, found: PromiseDate) -> str:
    if found.on is None:
        return "nobody can say when"
    if found.ready_at is not None:
        return f"ready to be collected on {moment(found.ready_at, session.zone)}"
    return f"with the customer on {_written(found.on)}"


def _written(day: date | None) -> str:
    return "" if day is None else f"{day:%a} {day.isoformat()}"


def _row(session: Session, part: PartDate) -> tuple[str, ...]:
    return (
        _written(part.dated.on) or "?",
        part.line,
        part.sku,
        number(part.units),
        session.settings.location_name(part.location) if part.location else "",
        _written(part.dated.leaves_on),
        _why(session, part),
    )


def _why(session: Session, part: PartDate) -> str:
    """Say what the day depends on."""
    if part.because == "unknown":
        return "more is wanted than is there or told to come by a day"
    if part.because == "coming":
        due = "" if part.available_at is None else moment(part.available_at, session.zone)
        return f"comes with {', '.join(part.documents) or 'what comes elsewhere'} on {due}"
    told = "lies there" if part.sourced else "lies there; not sourced yet, other places are not slower"
    return told if part.dated.on is not None else f"{told}, but it does not open"
