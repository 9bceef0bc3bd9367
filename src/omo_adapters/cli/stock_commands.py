"""``omo transfer-stock``, ``omo source`` and ``omo rebalance``: moving goods, planning where they should come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from importlib.util import find_spec
from typing import Annotated
from uuid import uuid4

import typer
from rich.console import Console
from rich.progress import track

from omo_adapters.cli.exits import BadArgument, Exit
from omo_adapters.cli.refusals import answer_document
from omo_adapters.cli.session import DEFAULT_DB, AtOption, DbOption, JsonOption, RequestOption, Session, opened
from omo_adapters.cli.telling import number, plain, table, tell
from omo_core.decisions import Command, Refused
from omo_core.identifiers import EventId, LocationId, OrderId, RequestId, Sku
from omo_core.stock import (
    From,
    OrderTransfer,
    Positions,
    SourcedLine,
    SourceOrder,
    TransferId,
    TransferReceived,
    TransferSent,
    Wanted,
)
from omo_core.stock.balancing import Balance, Imbalance, Lane, Level, as_commands, balance_greedily
from omo_core.stock.sourcing import Plan, Policy, Problem, Site, needs_of, plan, sites_with_stock

SOLD = frozenset({"sold", "collected", "shipped"})
"""What the ledger calls goods that customers took."""
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Show the plan; commit nothing.")]


def transfer(  # noqa: PLR0913  (a command's parameters are its options)
    sku: Annotated[str, typer.Argument(metavar="SKU", help="The article.")],
    origin: Annotated[str, typer.Argument(metavar="FROM", help="Where it is.")],
    destination: Annotated[str, typer.Argument(metavar="TO", help="Where it should go.")],
    units: Annotated[int, typer.Argument(metavar="UNITS")],
    *,
    name: Annotated[str, typer.Option("--name", help="The transfer's own id.")] = "",
    sent: Annotated[bool, typer.Option("--sent", help="Record that they have left.")] = False,
    received: Annotated[bool, typer.Option("--received", help="Record that they arrived, and that was all.")] = False,
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Promise units of one location to another; with --sent or --received, record what happened to them."""
    request = request or f"cli-{uuid4()}"
    with opened(db) as session:
        when, transfer_id = session.moment(at), TransferId(name or request)
        ends = _known(session, origin), _known(session, destination)
        if sent or received:
            common = {"at": when, "source": "cli", "sku": Sku(sku), "units": units, "transfer": transfer_id}
            fact: TransferSent | TransferReceived = (
                TransferSent(id=EventId(f"sent/{request}"), origin=ends[0], destination=ends[1], **common)  # type: ignore[arg-type]  # one dict for both kinds
                if sent
                else TransferReceived(id=EventId(f"arrived/{request}"), location=ends[1], **common)  # type: ignore[arg-type]  # as above
            )
            session.shop.record(fact)
            said = f"Recorded: {units} of {sku} {'sent' if sent else 'received'} (transfer {transfer_id})."
            tell({"event": fact}, lambda out: out.print(plain(said)), as_json=as_json)
            return
        command = OrderTransfer(
            request=RequestId(request),
            at=when,
            transfer=transfer_id,
            origin=ends[0],
            destination=ends[1],
            lines=(Wanted(sku=Sku(sku), units=units),),
        )
        _ask(session, [command], f"{units} of {sku} promised to {destination} (transfer {transfer_id})", as_json)


def source(  # noqa: PLR0913  (a command's parameters are its options)
    order: Annotated[str, typer.Argument(metavar="ORDER", help="The order's id.")],
    *,
    dry_run: DryRunOption = False,
    strategy: Annotated[str, typer.Option("--strategy", help="exact, nearest, priority, balance, …")] = "exact",
    parcels: Annotated[int | None, typer.Option("--max-parcels", min=1)] = None,
    exclude: Annotated[list[str] | None, typer.Option("--exclude", help="A location that is not asked.")] = None,
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Plan where an order's units come from, say why, and commit it."""
    with opened(db) as session:
        when, name = session.moment(at), OrderId(order)
        policy = Policy(strategy=strategy, parcels_max=parcels, excluded=frozenset(map(LocationId, exclude or ())))
        made = _planned(session, name, when, policy)
        if not dry_run and made.parcels:
            command = _committing(name, made, RequestId(request or f"cli-{uuid4()}"), when)
            _ask(session, [command], "committed", as_json, lambda out: _show_plan(out, session, made))
        else:
            tell({"plan": made}, lambda out: _show_plan(out, session, made), as_json=as_json)
    if made.short:
        raise typer.Exit(Exit.NO)


def _planned(session: Session, order: OrderId, when: datetime, policy: Policy) -> Plan:
    sold = session.shop.order(order).sale
    if sold is None:
        raise BadArgument(f"nothing was ever heard of order {order[:60]!r}")
    skus = dict.fromkeys(sku for line in sold.lines if line.moves_stock for sku in line.skus)
    stock = {sku: session.shop.stock(sku) for sku in skus}
    each = {line.line: max(0, line.amount) // max(1, line.units) for line in sold.lines}
    needs = needs_of(stock, order, each)
    if not needs:
        raise BadArgument(f"order {order[:60]!r} waits for nothing that could still be sourced")
    sites = sites_with_stock(_network(session, stock.values()), stock, order, when)
    problem = Problem(needs=needs, sites=sites, policy=policy)
    problem.check()
    return plan(problem)


def _network(session: Session, articles: Iterable[Positions]) -> tuple[Site, ...]:
    """Give the locations of the pool, in the order of the settings."""
    places = dict.fromkeys(place for article in articles for place in session.settings.rules.stock.pool_of(article))
    return tuple(Site(location=place, priority=rank) for rank, place in enumerate(places))


def _committing(order: OrderId, made: Plan, request: RequestId, when: datetime) -> SourceOrder:
    parts: dict[tuple[str, Sku], list[From]] = {}
    for parcel in made.parcels:
        for picked in parcel.picked:
            parts.setdefault((picked.line, picked.sku), []).append(From(location=parcel.location, units=picked.units))
    lines = tuple(SourcedLine(line=line, sku=sku, parts=tuple(froms)) for (line, sku), froms in parts.items())
    return SourceOrder(request=request, at=when, order=order, lines=lines)


def _show_plan(out: Console, session: Session, made: Plan) -> None:
    rows = [
        (session.settings.location_name(parcel.location), picked.line, picked.sku, number(picked.units))
        for parcel in made.parcels
        for picked in parcel.picked
    ]
    out.print(table(("from", "line", "article", "units#"), rows))
    for lacking in made.short:
        out.print(f"  short: {plain(lacking.sku)} line {plain(lacking.line)}, {lacking.units}")
    how = "no plan is better" if made.proven else f"no plan has fewer than {made.bound.parcels} parcels"
    out.print(f"  {made.score.parcels} parcels, {plain(made.method)}: {how}")
    for verdict in made.verdicts:
        out.print(f"  {plain(session.settings.location_name(verdict.location))}: {verdict.why.replace('_', ' ')}")


def rebalance(  # noqa: PLR0913  (a command's parameters are its options)
    skus: Annotated[list[str], typer.Argument(metavar="SKU...", help="The articles.")],
    *,
    days: Annotated[int, typer.Option("--days", min=1, help="For how many days there should be enough.")] = 14,
    looking_back: Annotated[int, typer.Option("--looking-back", min=1, help="Days of sales to go by.")] = 28,
    display: Annotated[int, typer.Option("--display", min=0, help="What lies in each place at least.")] = 0,
    minimum: Annotated[int, typer.Option("--minimum", min=1, help="The fewest units worth a lane.")] = 1,
    commit: Annotated[bool, typer.Option("--commit", help="Order the transfers, not only propose them.")] = False,
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Propose transfers from where articles lie to where they sell."""
    with opened(db) as session:
        when = session.moment(at)
        wanted = dict.fromkeys(map(Sku, skus))
        problems = [
            _imbalance(session, sku, when, (days, looking_back, display, minimum))
            for sku in track(wanted, "reading", transient=True, disable=as_json or len(wanted) < 20)
        ]
        balances = _balanced(problems)
        commands = as_commands(balances, request or f"cli-{uuid4()}", when)
        if commit and commands:
            _ask(session, commands, "ordered", as_json, lambda out: _show_balances(out, session, balances))
        else:
            tell({"proposals": balances}, lambda out: _show_balances(out, session, balances), as_json=as_json)


def _balanced(problems: Sequence[Imbalance]) -> Sequence[Balance]:
    """Use the solver where it is installed, the cheapest lane first where it is not."""
    if find_spec("highspy") is None:
        return [balance_greedily(problem) for problem in problems]
    from omo_adapters.optimizing import HighsOptimizer  # noqa: PLC0415  (an extra: it may not be there)

    return HighsOptimizer().balance(problems)


def _imbalance(session: Session, sku: Sku, when: datetime, wishes: tuple[int, int, int, int]) -> Imbalance:
    days, looking_back, display, minimum = wishes
    article = session.shop.stock(sku)
    since = when - timedelta(days=looking_back)
    gone: dict[LocationId, int] = {}
    for movement in session.shop.stock_ledger(sku):
        if movement.what in SOLD and since <= movement.at <= when:
            gone[movement.location] = gone.get(movement.location, 0) - movement.units
    levels = tuple(
        Level(
            location=place,
            free=article.free(place, when),
            inbound=article.in_transit(place),
            sells=max(0, gone.get(place, 0)) * 1_000 // looking_back,
            cover_days=days,
            display_min=display,
        )
        for place in article.locations()
    )
    lanes = tuple(
        Lane(origin=one.location, destination=other.location, unit_cost=1, minimum=minimum)
        for one in levels
        if one.surplus
        for other in levels
        if other.need and other.location != one.location
    )
    return Imbalance(sku=sku, levels=levels, lanes=lanes, missing_cost=1_000)


def _show_balances(out: Console, session: Session, balances: Sequence[Balance]) -> None:
    name = session.settings.location_name
    rows = [
        (balance.sku, name(move.origin), name(move.destination), number(move.units))
        for balance in balances
        for move in balance.moves
    ]
    out.print(table(("article", "from", "to", "units#"), rows) if rows else "Nothing should move.")
    for balance in balances:
        if balance.missing:
            out.print(f"  {plain(balance.sku)}: {number(balance.missing)} units stay missing")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("transfer-stock")(transfer)
    app.command("source")(source)
    app.command("rebalance")(rebalance)


def _known(session: Session, location: str) -> LocationId:
    """Accept a location of the shop; a typing mistake must not open a new one."""
    known = [place.id for place in session.settings.config.locations]
    if known and location not in known:
        raise BadArgument(f"{location[:60]!r} is none of the shop's locations: {', '.join(known)}")
    return LocationId(location)


def _ask(session: Session, commands: Sequence[Command], done: str, as_json: bool, first: object = None) -> None:
    """Ask for one thing after the other; the first no is told, and is the exit code."""
    answers = [session.shop.execute(command) for command in commands]

    def show(out: Console) -> None:
        if callable(first):
            first(out)
        for command, answer in zip(commands, answers, strict=True):
            out.print(f"No: {plain(answer.reason.say())}" if isinstance(answer, Refused) else f"Yes: {plain(done)}.")
            out.print(f"Request {plain(command.request)}")

    told = [answer_document(answer, command.request) for command, answer in zip(commands, answers, strict=True)]
    tell(told[0] if len(told) == 1 else {"answers": told}, show, as_json=as_json)
    if any(isinstance(answer, Refused) for answer in answers):
        raise typer.Exit(Exit.NO)
