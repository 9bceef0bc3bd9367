"""``omo rebalance``: where articles should rather lie, proposed; ordered only when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib.util import find_spec
from typing import Annotated
from uuid import uuid4

import typer
from rich.console import Console
from rich.progress import track

from omo_adapters.cli.session import DEFAULT_DB, AtOption, DbOption, JsonOption, RequestOption, Session, opened
from omo_adapters.cli.shelves import ask, known_article, places
from omo_adapters.cli.telling import number, plain, table, tell
from omo_core.identifiers import LocationId, Sku
from omo_core.stock.balancing import Balance, Imbalance, Lane, as_commands, balance_greedily
from omo_core.stock.levelling import DAYS_MAX, Cover, levels_of

MISSING_COST = 10**6
"""More than any lane costs: what a place lacks is brought wherever it can be."""


def rebalance(  # noqa: PLR0913  (a command's parameters are its options)
    skus: Annotated[list[str], typer.Argument(metavar="SKU...", help="The articles.")],
    *,
    days: Annotated[
        int, typer.Option("--days", min=1, max=DAYS_MAX, help="For how many days there should be enough.")
    ] = 14,
    looking_back: Annotated[
        int, typer.Option("--looking-back", min=1, max=DAYS_MAX, help="Days of sales to go by.")
    ] = 28,
    display: Annotated[int, typer.Option("--display", min=0, help="What lies in each place at least.")] = 0,
    minimum: Annotated[int, typer.Option("--minimum", min=1, help="The fewest units worth a lane.")] = 1,
    also: Annotated[
        list[str] | None, typer.Option("--also", metavar="LOCATION", help="A place that should have it and never had.")
    ] = None,
    commit: Annotated[bool, typer.Option("--commit", help="Order the transfers, not only propose them.")] = False,
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Propose transfers from where articles lie to where they sell, the nearest places first."""
    with opened(db) as session:
        when = session.moment(at)
        wanted = dict.fromkeys(known_article(session, sku) for sku in skus)
        cover = Cover(days=days, looking_back_days=looking_back, display_min=display)
        more = sorted(places(session, also or ()))
        problems = [
            _imbalance(session, sku, when, (cover, minimum, more))
            for sku in track(wanted, "reading", transient=True, disable=as_json or len(wanted) < 20)
        ]
        balances = _balanced(problems)
        commands = as_commands(balances, request or f"cli-{uuid4()}", when)
        if commit and commands:
            ask(session, commands, "ordered", as_json=as_json, first=lambda out: _show_balances(out, session, balances))
        else:
            tell({"proposals": balances}, lambda out: _show_balances(out, session, balances), as_json=as_json)


def _balanced(problems: Sequence[Imbalance]) -> Sequence[Balance]:
    """Use the solver where it is installed, the cheapest lane first where it is not."""
    if find_spec("highspy") is None:
        return [balance_greedily(problem) for problem in problems]
    from omo_adapters.optimizing import HighsOptimizer  # noqa: PLC0415  (an extra: it may not be there)

    return HighsOptimizer().balance(problems)


def _imbalance(
    session: Session, sku: Sku, when: datetime, wishes: tuple[Cover, int, Sequence[LocationId]]
) -> Imbalance:
    cover, minimum, also = wishes
    shop, rules = session.shop, session.settings.rules.stock
    levels = levels_of(shop.stock(sku), shop.stock_ledger(sku), rules, when, cover, also=also)
    lanes = tuple(
        Lane(
            origin=one.location,
            destination=other.location,
            unit_cost=1 + session.settings.network.metres(one.location, other.location) // 1_000,
            minimum=minimum,
        )
        for one in levels
        if one.surplus
        for other in levels
        if other.need and other.location != one.location
    )
    return Imbalance(sku=sku, levels=levels, lanes=lanes, missing_cost=MISSING_COST)


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
