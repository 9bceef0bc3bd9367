"""``omo transfer-stock``: goods promised to another location, sent, received, or not needed there after all."""

from __future__ import annotations

from typing import Annotated

import typer
from attrs import evolve, frozen

from omo_adapters.cli.exits import BadArgument
from omo_adapters.cli.session import DEFAULT_DB, AtOption, DbOption, JsonOption, RequestOption, Session, opened
from omo_adapters.cli.shelves import ask, base_units, day_begins, document_of, known_article, named, place, tell_fact
from omo_adapters.cli.telling import number
from omo_core.identifiers import RequestId, Sku
from omo_core.instants import FOREVER
from omo_core.stock import OrderTransfer, TransferId, TransferOrdered, TransferReceived, TransferSent, Wanted

SentOption = Annotated[bool, typer.Option("--sent", help="Record that they have left.")]
ReceivedOption = Annotated[bool, typer.Option("--received", help="Record that they arrived.")]
WithdrawOption = Annotated[bool, typer.Option("--withdraw", help="Nothing more of it will leave.")]
LotOption = Annotated[str, typer.Option("--lot", help="The lot of what is sent or received.")]
SerialOption = Annotated[
    list[str] | None, typer.Option("--serial", help="A sent or received unit's serial number; once for each.")
]
UnorderedOption = Annotated[bool, typer.Option("--unordered", help="They left, or came, without having been ordered.")]


@frozen(kw_only=True)
class Told:
    """What is said of goods that left or arrived."""

    final: bool
    damaged: int
    lot: str
    serials: tuple[str, ...]
    unordered: bool


def transfer(  # noqa: PLR0913  (a command's parameters are its options)
    sku: Annotated[str, typer.Argument(metavar="SKU", help="The article.")],
    origin: Annotated[str, typer.Argument(metavar="FROM", help="Where it is.")],
    destination: Annotated[str, typer.Argument(metavar="TO", help="Where it should go.")],
    units: Annotated[str, typer.Argument(metavar="UNITS", help="How many.")],
    *,
    name: Annotated[str, typer.Option("--name", help="The transfer's own id; needed once it is ordered.")] = "",
    sent: SentOption = False,
    received: ReceivedOption = False,
    withdraw: WithdrawOption = False,
    partial: Annotated[bool, typer.Option("--partial", help="More will leave, or arrive, later.")] = False,
    damaged: Annotated[int, typer.Option("--damaged", min=0, help="How many of those that arrived are.")] = 0,
    due: Annotated[str, typer.Option("--due", metavar="DAY", help="When they should be there.")] = "",
    lot: LotOption = "",
    serial: SerialOption = None,
    unordered: UnorderedOption = False,
    unit: Annotated[str, typer.Option("--unit", metavar="UNIT", help="What UNITS are counted in.")] = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Promise goods of one location to another; with --sent, --received or --withdraw, record what became of them."""
    steps = [step for step, asked in (("--sent", sent), ("--received", received), ("--withdraw", withdraw)) if asked]
    told = Told(final=not partial, damaged=damaged, lot=lot, serials=tuple(serial or ()), unordered=unordered)
    _refuse_what_contradicts(steps, name, told)
    with opened(db) as session:
        asked = named(request)
        one = OrderTransfer(
            request=asked,
            at=session.moment(at),
            transfer=TransferId(name or asked),
            origin=place(session, origin),
            destination=place(session, destination),
            lines=(_wanted(session, sku, units, unit),),
            due_at=day_begins(session, due, "--due") or FOREVER,
        )
        if not steps:
            ask(session, [one], f"promised to {destination} (transfer {one.transfer})", as_json=as_json)
            return
        _step(session, one, steps[0], told, as_json=as_json)


def _wanted(session: Session, sku: str, units: str, unit: str) -> Wanted:
    article = known_article(session, sku)
    return Wanted(sku=article, units=base_units(session, article, units, unit))


def _refuse_what_contradicts(steps: list[str], name: str, told: Told) -> None:
    if len(steps) > 1:
        raise BadArgument(f"{' and '.join(steps)} are two steps; record one after the other")
    if steps and not name:
        raise BadArgument(f"{steps[0]} needs the transfer's id: --name")
    if not told.final and (not steps or steps[0] == "--withdraw"):
        raise BadArgument("--partial goes with --sent or --received")
    if (told.lot or told.serials) and steps not in (["--sent"], ["--received"]):
        raise BadArgument("--lot and --serial go with --sent or --received")
    if told.damaged and steps != ["--received"]:
        raise BadArgument("--damaged goes with --received")


def _known(session: Session, sku: Sku, transfer: TransferId, *, unordered: bool) -> None:
    """A typing mistake in a name must not open another transfer beside the one that waits."""
    if unordered or any(getattr(event, "transfer", None) == transfer for event in session.shop.history_of(sku)):
        return
    raise BadArgument(
        f"no transfer of {sku[:60]} is called {transfer[:60]!r}; if it was never ordered, say --unordered"
    )


def _step(session: Session, one: OrderTransfer, step: str, told: Told, *, as_json: bool) -> None:
    """Record what became of a transfer."""
    one.check()
    (wanted,) = one.lines
    _known(session, wanted.sku, one.transfer, unordered=told.unordered and step != "--withdraw")
    if step == "--withdraw":
        _withdraw(session, one, as_json=as_json)
        return
    fact = _sent(one, wanted, told) if step == "--sent" else _received(one, wanted, told)
    said = f"{number(wanted.units)} of {wanted.sku} {step.removeprefix('--')} (transfer {one.transfer})"
    tell_fact(session, one.request, fact, said, as_json=as_json)


def _sent(one: OrderTransfer, wanted: Wanted, told: Told) -> TransferSent:
    return TransferSent(
        id=document_of("sent", one.request),
        at=one.at,
        source="cli",
        sku=wanted.sku,
        units=wanted.units,
        transfer=one.transfer,
        origin=one.origin,
        destination=one.destination,
        due_at=one.due_at,
        final=told.final,
        lot=told.lot,
        serials=told.serials,
    )


def _received(one: OrderTransfer, wanted: Wanted, told: Told) -> TransferReceived:
    return TransferReceived(
        id=document_of("arrived", one.request),
        at=one.at,
        source="cli",
        sku=wanted.sku,
        units=wanted.units,
        transfer=one.transfer,
        location=one.destination,
        damaged=told.damaged,
        final=told.final,
        lot=told.lot,
        serials=told.serials,
    )


def _withdraw(session: Session, one: OrderTransfer, *, as_json: bool) -> None:
    (wanted,) = one.lines
    told = [event for event in session.shop.history_of(wanted.sku) if isinstance(event, TransferOrdered)]
    mine = [event for event in told if event.transfer == one.transfer]
    if not mine:
        raise BadArgument(f"transfer {one.transfer[:60]!r} of {wanted.sku[:60]} was never ordered")
    last = max(mine, key=lambda event: event.version)
    over = last if last.withdrawn else evolve(last, version=last.version + 1, withdrawn=True, withdrawn_at=one.at)
    said = f"nothing more of {wanted.sku} leaves {last.origin} (transfer {one.transfer})"
    tell_fact(session, RequestId(f"{over.id}#{over.version}"), over, said, as_json=as_json)
