"""``omo units queue``: who gets what of an article is there and to come, in the order in which they are served."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import typer
from attrs import frozen
from rich.console import Console

from omo_adapters.cli.session import DEFAULT_DB, AsOfOption, DbOption, JsonOption, Session, opened
from omo_adapters.cli.shelves import SkuArgument, known_article
from omo_adapters.cli.telling import moment, number, table, tell
from omo_core.identifiers import LocationId
from omo_core.instants import FOREVER
from omo_core.stock import Positions
from omo_core.stock.sequence import Served, place_sequence, pool_sequence


@frozen(kw_only=True)
class TurnView:
    """Somebody who waits for an article: an order line, a hold, a transfer that is to leave."""

    name: str
    location: LocationId | None
    """Where the units are to come from; none: from the pool."""
    since: datetime
    asked: int
    now: int
    """What is there for it."""
    later: tuple[tuple[datetime, int], ...]
    """What is announced for it, and for when."""
    uncovered: int
    """What nobody has announced."""


def queue(
    sku: SkuArgument,
    *,
    horizon: Annotated[
        str, typer.Option("--horizon", metavar="INSTANT", help="Who waits for later than that gets nothing yet.")
    ] = "",
    as_of: AsOfOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Show who waits for an article, in turn: what is there for each, what is announced, and what is not."""
    with opened(db) as session:
        article = known_article(session, sku)
        at = session.instant(as_of, "--as-of")
        when = at or session.shop.now()
        until = session.instant(horizon, "--horizon") or FOREVER
        turns = tuple(_turns(session, session.shop.stock(article, as_of=at), when, until))
        tell({"sku": article, "as_of": when, "turns": turns}, lambda out: _show(out, session, turns), as_json=as_json)


def _turns(session: Session, positions: Positions, at: datetime, horizon: datetime) -> Iterator[TurnView]:
    """Give the turns in the pool, then in each place in order of name."""
    rules = session.settings.rules.stock
    yield from (_view(one, None) for one in pool_sequence(positions, rules, at, horizon=horizon))
    for location in positions.locations():
        yield from (_view(one, location) for one in place_sequence(positions, rules, location, at))


def _view(one: Served, location: LocationId | None) -> TurnView:
    return TurnView(
        name=one.name,
        location=location,
        since=one.at,
        asked=one.asked,
        now=one.now,
        later=one.later,
        uncovered=one.uncovered,
    )


def _show(out: Console, session: Session, turns: tuple[TurnView, ...]) -> None:
    if not turns:
        out.print("Nobody waits for it.")
        return
    rows = [
        (
            "pool" if one.location is None else session.settings.location_name(one.location),
            one.name,
            moment(one.since, session.zone),
            number(one.asked),
            number(one.now),
            ", ".join(f"{number(units)} on {moment(at, session.zone)}" for at, units in one.later),
            number(one.uncovered),
        )
        for one in turns
    ]
    out.print(table(("from", "who", "since", "asked#", "there#", "announced", "nobody knows#"), rows))
