"""What the commands about goods share: places, articles and quantities as people type them, facts told once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction
from typing import Annotated
from uuid import uuid4

import typer
from rich.console import Console

from omo_adapters.cli.exits import BadArgument, Exit
from omo_adapters.cli.refusals import answer_document
from omo_adapters.cli.session import Session
from omo_adapters.cli.telling import moment, plain, tell
from omo_core.decisions import Accepted, Command, Refused
from omo_core.errors import Malformed
from omo_core.events import Event
from omo_core.identifiers import EventId, LocationId, RequestId, Sku, stock_stream
from omo_core.instants import start_of_day

SkuArgument = Annotated[str, typer.Argument(metavar="SKU", help="The article.")]
LocationArgument = Annotated[str, typer.Argument(metavar="LOCATION", help="The shop's own id of the place.")]
UnitOption = Annotated[
    str, typer.Option("--unit", metavar="UNIT", help="What UNITS are counted in: a unit of stock.measures.")
]
NewOption = Annotated[bool, typer.Option("--new", help="The article is new: nothing was heard of it before.")]


def place(session: Session, location: str) -> LocationId:
    """Accept a location of the shop; a typing mistake must not open a new one."""
    known = [one.id for one in session.settings.config.locations]
    if known and location not in known:
        raise BadArgument(f"{location[:60]!r} is none of the shop's locations: {', '.join(known)}")
    return LocationId(location)


def places(session: Session, locations: Iterable[str]) -> frozenset[LocationId]:
    """Accept locations of the shop."""
    return frozenset(place(session, location) for location in locations)


def article(session: Session, sku: str, *, new: bool = False) -> Sku:
    """Accept an article that was heard of; where the shop has a catalogue, a new one must be said to be new."""
    catalogue = {*session.settings.items.values(), *session.books.settings.learned().values()}
    if new or sku in catalogue or not catalogue or heard_of(session, Sku(sku)):
        return Sku(sku)
    raise BadArgument(f"nothing was ever heard of article {sku[:60]!r}; if it is new, say so with --new")


def known_article(session: Session, sku: str) -> Sku:
    """Accept an article that was heard of."""
    if heard_of(session, Sku(sku)):
        return Sku(sku)
    raise BadArgument(f"nothing was ever heard of article {sku[:60]!r}")


def heard_of(session: Session, sku: Sku) -> bool:
    """Say whether an article has a history, or is made of articles."""
    if sku in session.shop.rules.stock.opened_kits:
        return True
    return bool(session.shop.journal.read((stock_stream(sku),)).entries)


def base_units(session: Session, sku: Sku, text: str, unit: str) -> int:
    """Read a quantity: whole units as stock counts them, or an exact amount of another unit."""
    try:
        amount = Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise BadArgument(f"{text[:40]!r} is not a number of units") from None
    measures = session.settings.measures.get(sku)
    if not unit:
        if amount.denominator != 1:
            raise BadArgument(f"{text[:40]!r} is not a whole number of units; say which with --unit")
        return amount.numerator
    if measures is None:
        raise BadArgument(f"no units are known for article {sku[:60]!r}: name them under stock.measures in shop.toml")
    try:
        return measures.units(amount, unit)
    except Malformed as complaint:
        raise BadArgument(complaint.why) from None


def day_begins(session: Session, text: str, path: str) -> datetime | None:
    """Read the first instant of a day in the shop's zone; none when nothing was said."""
    if not text:
        return None
    try:
        return start_of_day(date.fromisoformat(text), session.zone)
    except ValueError:
        raise BadArgument(f"{path} {text[:40]!r} is not a day such as 2026-03-31") from None


def later(session: Session, at: datetime) -> str:
    """Say of what bears a date to come that it counts from then on."""
    return f", from {moment(at, session.zone)} on" if at > session.shop.now() else ""


def named(request: str) -> RequestId:
    """Name a request that nobody named."""
    return RequestId(request or f"cli-{uuid4()}")


def document_of(kind: str, request: str) -> EventId:
    """Name a fact that has no document of its own after the request that told it."""
    return EventId(f"{kind}/{request}")


def tell_fact(session: Session, request: RequestId, fact: Event, said: str, *, as_json: bool) -> None:
    """Write a fact down, once for each request, and tell what is written."""
    known = session.shop.journal.recall(request) is not None
    answer = session.shop.record_once(request, fact)
    if isinstance(answer, Refused):
        tell(
            answer_document(answer, request),
            lambda out: out.print(f"No: {plain(answer.reason.say())}"),
            as_json=as_json,
        )
        raise typer.Exit(Exit.NO)
    again = " (known already)" if known else ""
    document = {"event": answer.events[0], "new": not known, "conflict": False, "request": request}
    tell(document, lambda out: out.print(plain(f"Recorded: {said}{again}.")), as_json=as_json)


def ask(session: Session, commands: Iterable[Command], done: str, *, as_json: bool, first: object = None) -> None:
    """Ask for one thing after the other; the first no is told, and is the exit code."""
    asked = list(commands)
    answers = [session.shop.execute(command) for command in asked]

    def show(out: Console) -> None:
        if callable(first):
            first(out)
        for command, answer in zip(asked, answers, strict=True):
            yes = isinstance(answer, Accepted)
            out.print(f"Yes: {plain(done)}." if yes else f"No: {plain(answer.reason.say())}")  # type: ignore[union-attr]  # refused
            out.print(f"Request {plain(command.request)}")

    told = [answer_document(answer, command.request) for command, answer in zip(asked, answers, strict=True)]
    tell(told[0] if len(told) == 1 else {"answers": told}, show, as_json=as_json)
    if any(isinstance(answer, Refused) for answer in answers):
        raise typer.Exit(Exit.NO)
