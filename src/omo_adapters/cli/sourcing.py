"""``omo source``: where an order's units come from, planned, explained and committed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated

import typer
from attrs import evolve, frozen
from rich.console import Console

from omo_adapters.cli.exits import BadArgument, Exit
from omo_adapters.cli.refusals import answer_document
from omo_adapters.cli.session import DEFAULT_DB, AtOption, DbOption, JsonOption, RequestOption, Session, opened
from omo_adapters.cli.shelves import ask, named, places
from omo_adapters.cli.telling import amount, number, plain, table, tell
from omo_adapters.codecs.answers import decode_answer
from omo_core.decisions import Accepted, Refused
from omo_core.identifiers import HoldId, LocationId, OrderId, RequestId, Sku
from omo_core.money import minor_units
from omo_core.stock import From, HoldSlots, InSlot, Positions, SourcedLine, SourceOrder, UnitsAllocated
from omo_core.stock.capacity import sites_with_slots
from omo_core.stock.sourcing import Need, Plan, Policy, Problem, Score, Site, needs_of, plan, sites_with_stock
from omo_core.trade import Sale

ALL_AIMS = ("parcels", "cost", "distance")
HOLD_MINUTES = 15
"""How long a plan that was only shown keeps the places of its parcels, where that is asked for."""


@frozen(kw_only=True)
class Planned:
    """A plan, and what it was made of."""

    plan: Plan
    problem: Problem
    order: OrderId
    day: str
    """The slot that it was planned for."""
    slot: str
    """The one that was asked for, if any."""
    lying: Mapping[tuple[str, Sku], Mapping[LocationId, int]]
    """Where units of the order lie already, by line and article; but for what is being picked."""


def source(  # noqa: PLR0913  (a command's parameters are its options)
    order: Annotated[str, typer.Argument(metavar="ORDER", help="The order's id.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan; commit nothing.")] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="With --dry-run: hold the parcels' places in the stores for 15 minutes.")
    ] = False,
    to: Annotated[
        str,
        typer.Option("--to", metavar="PLACE", help="Where it goes: latitude,longitude or one of stock.destinations."),
    ] = "",
    strategy: Annotated[str, typer.Option("--strategy", help="exact, nearest, priority, balance, …")] = "",
    parcels: Annotated[int | None, typer.Option("--max-parcels", min=1)] = None,
    parcel_value: Annotated[
        str, typer.Option("--min-parcel-value", metavar="AMOUNT", help="Where it is split, no parcel is worth less.")
    ] = "",
    zone: Annotated[list[str] | None, typer.Option("--zone", help="Only locations in this zone.")] = None,
    exclude: Annotated[list[str] | None, typer.Option("--exclude", help="A location that is not asked.")] = None,
    slot: Annotated[
        str, typer.Option("--slot", metavar="DAY", help="When it is to be packed, where stores have a capacity; today.")
    ] = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Plan where an order's units come from, say why, and commit it. What is not said here is as in shop.toml."""
    with opened(db) as session:
        asked = named(request)
        if not dry_run and _answered_before(session, OrderId(order), asked, as_json=as_json):
            return
        policy = _policy(session, strategy, parcels, parcel_value, zone or (), exclude or ())
        made = planned(session, OrderId(order), session.moment(at), policy, to=to, slot=slot)
        _finish(session, made, asked, session.moment(at), dry_run=dry_run, keep=keep, as_json=as_json)


def _policy(
    session: Session,
    strategy: str,
    parcels: int | None,
    parcel_value: str,
    zones: Sequence[str],
    excluded: Iterable[str],
) -> Policy:
    """Give what the settings want of a plan, in so far as the command does not say otherwise."""
    usual = session.settings.policy
    least = minor_units(parcel_value, session.currency, "--min-parcel-value") if parcel_value else None
    known = dict.fromkeys(site.zone for site in session.settings.network.sites.values() if site.zone)
    for zone in zones:
        if zone not in known:
            raise BadArgument(
                f"{zone[:60]!r} is none of the zones of the shop's locations: {', '.join(known) or 'none'}"
            )
    return evolve(
        usual,
        strategy=strategy or usual.strategy,
        parcels_max=usual.parcels_max if parcels is None else parcels,
        parcel_value_min=usual.parcel_value_min if least is None else least,
        zones=frozenset(zones) or usual.zones,
        excluded=usual.excluded | places(session, excluded),
    )


def _finish(
    session: Session, made: Planned, asked: RequestId, when: datetime, *, dry_run: bool, keep: bool, as_json: bool
) -> None:
    """Show a plan, and commit it or hold its places."""
    if not dry_run and made.plan.parcels:
        command = _committing(made, asked, when)
        ask(session, [command], "committed", as_json=as_json, first=lambda out: show_plan(out, session, made))
    elif keep and made.plan.parcels and session.settings.rules.stock.capacities:
        until = when + timedelta(minutes=HOLD_MINUTES)
        slots = tuple(InSlot(location=parcel.location, slot=made.day) for parcel in made.plan.parcels)
        hold = HoldSlots(
            request=asked, at=when, hold=HoldId(f"plan/{made.order}"), slots=slots, until=until, order=made.order
        )
        ask(session, [hold], "places held", as_json=as_json, first=lambda out: show_plan(out, session, made))
    else:
        tell({"plan": made.plan}, lambda out: show_plan(out, session, made), as_json=as_json)
    if made.plan.short:
        raise typer.Exit(Exit.NO)


def _answered_before(session: Session, order: OrderId, request: RequestId, *, as_json: bool) -> bool:
    """Tell what a request was answered the first time; nothing is planned anew for it."""
    first = session.shop.journal.recall(request)
    if first is None:
        return False
    answer = decode_answer(first.body)
    events = answer.events if isinstance(answer, Accepted) else ()
    parts = [(event, part) for event in events if isinstance(event, UnitsAllocated) for part in event.parts]
    if first.kind != SourceOrder.kind or any(event.order != order for event, _ in parts):
        raise BadArgument(f"request {request[:60]!r} was used before, for something else")
    rows = [
        (session.settings.location_name(part.location or ""), e.line, e.sku, number(part.units)) for e, part in parts
    ]

    def show(out: Console) -> None:
        out.print(f"Request {plain(request)} was answered before; nothing was planned anew.")
        if isinstance(answer, Refused):
            out.print(f"No: {plain(answer.reason.say())}")
        out.print(table(("from", "line", "article", "units#"), rows))

    tell({**answer_document(answer, request), "again": True}, show, as_json=as_json)
    if isinstance(answer, Refused):
        raise typer.Exit(Exit.NO)
    return True


def planned(
    session: Session, name: OrderId, when: datetime, policy: Policy, *, to: str = "", slot: str = ""
) -> Planned:
    """Plan an order's units from what is free now."""
    shop, rules = session.shop, session.settings.rules.stock
    order = shop.order(name)
    if order.sale is None:
        raise BadArgument(f"nothing was ever heard of order {name[:60]!r}")
    skus = dict.fromkeys(sku for line in order.sale.lines if line.moves_stock for sku in line.skus)
    stock = {sku: shop.stock(sku) for sku in skus}
    needs = _together(session, needs_of(stock, order.order, _values(order.sale)))
    if not needs:
        raise BadArgument(f"order {name[:60]!r} waits for nothing that could still be sourced")
    counter = next((one.location for one in order.lines if one.handing == "pickup" and one.location is not None), None)
    sites = sites_with_stock(_network(session, stock, to, counter), stock, order.order, when, rules)
    day = slot or rules.day_of(when)
    if rules.capacities:
        names = frozenset((order.sale.order, *order.sale.also))
        slots = {site.location: shop.slot(site.location, day) for site in sites}
        sites = sites_with_slots(sites, slots, rules, when, orders=names)
    problem = Problem(needs=needs, sites=sites, policy=policy, pickup_at=counter)
    problem.check()
    lying = {(need.line, need.sku): _lying(stock[need.sku], order.order, need.line) for need in needs}
    return Planned(plan=plan(problem), problem=problem, order=order.order, day=day, slot=slot, lying=lying)


def _lying(article: Positions, order: OrderId, line: str) -> Mapping[LocationId, int]:
    found: dict[LocationId, int] = {}
    for promise in article.promises_of(order):
        for share in promise.shares if promise.line == line else ():
            if share.location is not None and not share.picking:
                found[share.location] = found.get(share.location, 0) + share.units
    return found


def _values(sale: Sale) -> Mapping[str, int]:
    """Say what a unit of each line is worth; of a kit, what each unit of its parts is, one like another."""
    parts = {line.line: sum(part.units for part in line.parts) or 1 for line in sale.lines}
    return {line.line: max(0, line.amount) // max(1, line.units * parts[line.line]) for line in sale.lines}


def _together(session: Session, needs: Sequence[Need]) -> tuple[Need, ...]:
    """Mark the articles that the settings want from one location."""
    groups = session.settings.config.stock.sourcing.together
    name_of = {sku: f"group {number}" for number, skus in enumerate(groups, 1) for sku in skus}
    return tuple(need if need.together else evolve(need, together=name_of.get(need.sku, "")) for need in needs)


def _network(session: Session, stock: Mapping[Sku, Positions], to: str, counter: LocationId | None) -> tuple[Site, ...]:
    """Give the locations of the pool, in the order of the settings, with what they cost and how far they are.

    Where an order is collected belongs to them, whether the web may promise from it or not.
    """
    pool = dict.fromkeys(place for article in stock.values() for place in session.settings.rules.stock.pool_of(article))
    pool |= {} if counter is None else {counter: None}
    goal = session.settings.network.destination(to)
    return tuple(session.settings.network.site(place, rank, goal) for rank, place in enumerate(pool))


def _committing(made: Planned, request: RequestId, when: datetime) -> SourceOrder:
    """Commit what the plan gives; what stays short stays where it lies, so that nobody else is asked for it."""
    parts: dict[tuple[str, Sku], dict[LocationId, int]] = {}
    for parcel in made.plan.parcels:
        for picked in parcel.picked:
            parts.setdefault((picked.line, picked.sku), {})[parcel.location] = picked.units
    for lacking in made.plan.short:
        left, line = lacking.units, (lacking.line, lacking.sku)
        given = parts.setdefault(line, {})
        for place, units in sorted(made.lying[line].items()):
            staying = min(left, max(0, units - given.get(place, 0)))
            given |= {place: given.get(place, 0) + staying} if staying else {}
            left -= staying
    lines = tuple(
        SourcedLine(line=line, sku=sku, parts=tuple(From(location=place, units=n) for place, n in places.items()))
        for (line, sku), places in parts.items()
    )
    return SourceOrder(request=request, at=when, order=made.order, lines=lines, slot=made.slot)


def show_plan(out: Console, session: Session, made: Planned) -> None:
    """Show what comes from where, what that costs, how far it is from the best, and why each location won or lost."""
    name = session.settings.location_name
    rows = [
        (name(parcel.location), picked.line, picked.sku, number(picked.units))
        for parcel in made.plan.parcels
        for picked in parcel.picked
    ]
    out.print(table(("from", "line", "article", "units#"), rows))
    for lacking in made.plan.short:
        out.print(f"  short: {plain(lacking.sku)} line {plain(lacking.line)}, {lacking.units}")
    out.print(f"  {_score(session, made.plan.score)} ({plain(made.plan.method)}): {_gap(session, made)}")
    out.print(table(("location", "why", "at best", "km#", "free#", "trusted#", "can pack#"), _verdicts(session, made)))


def _score(session: Session, score: Score, aims: Sequence[str] = ALL_AIMS) -> str:
    """Say what a plan costs, in so far as it was asked for."""
    told = {
        "parcels": f"{score.parcels} parcel{'' if score.parcels == 1 else 's'}",
        "cost": amount(score.cost, session.currency) if score.cost else "",
        "distance": f"{score.distance / 1000:.1f} km" if score.distance else "",
    }
    return ", ".join(said for aim, said in told.items() if aim in aims and said) or "nothing"


def _gap(session: Session, made: Planned) -> str:
    if made.plan.proven:
        return "no plan leaves less short" if made.plan.withheld else "no plan is better"
    return f"no plan is better than {_score(session, made.plan.bound, made.problem.policy.aims)}"


def _verdicts(session: Session, made: Planned) -> Iterable[tuple[str, ...]]:
    sites = {site.location: site for site in made.problem.sites}
    needed = dict.fromkeys(need.sku for need in made.problem.needs)
    for verdict in made.plan.verdicts:
        site = sites[verdict.location]
        trusted = min((site.confidence.get(sku, 1_000) for sku in needed), default=1_000)
        yield (
            session.settings.location_name(verdict.location),
            verdict.why.replace("_", " "),
            "" if verdict.at_best is None else _score(session, verdict.at_best, made.problem.policy.aims),
            f"{site.distance / 1000:.1f}" if site.distance else "",
            ", ".join(number(site.free.get(sku, 0)) for sku in needed),
            f"{trusted / 10:.1f} %",
            "" if site.capacity is None else number(site.capacity),
        )
