"""What tills and the web shop asked omo while a customer waited, and what the answer was."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from attrs import frozen

from omo_adapters.demo.brand import HOT
from omo_adapters.demo.opening import Stage
from omo_core.decisions import Command, Refusal, Refused
from omo_core.fulfilment import CollectOrder, MarkReady, OrderLine, PlacePickupOrder
from omo_core.fulfilment.refusals import NotInStore
from omo_core.identifiers import EventId, HoldId, LocationId, OrderId, ProfileId, RequestId, Sku
from omo_core.loyalty import NotEnoughPoints, RedeemPoints
from omo_core.stock import AllocateLine, HoldUnits, NotEnoughUnits, StockSetAside, Wanted
from omo_core.trade import Tender

HOLD: Final = timedelta(minutes=15)
SKU: Final = Sku(HOT.sku)


@frozen(kw_only=True)
class Asked:
    """One question of the week."""

    at: datetime
    what: str
    details: Mapping[str, str]

    def number(self, name: str) -> int:
        """Give a whole number of the question."""
        return int(self.details.get(name, "0"))

    @property
    def store(self) -> LocationId:
        """Give the store that asks, or that is asked of."""
        return LocationId(self.details.get("store", ""))


@frozen(kw_only=True)
class Told:
    """A question and its answer."""

    asked: Asked
    question: str
    answer: str
    yes: bool


def questions(week: Path) -> list[Asked]:
    """Read what was asked, in order of time."""
    found: list[dict[str, object]] = json.loads((week / "asked.json").read_bytes())
    return [
        Asked(
            at=datetime.fromisoformat(str(one["at"])),
            what=str(one["ask"]),
            details={name: str(value) for name, value in one.items()},
        )
        for one in found
    ]


def ask(stage: Stage, asked: Asked) -> Told:
    """Put a question to the shop; the one statement among them is a fact and never refused."""
    stage.clock.now = asked.at
    if asked.what == "set_aside":
        stage.shop.record(_set_aside(asked))
        return Told(asked=asked, question=_question(stage, asked), answer="noted", yes=True)
    answer = stage.shop.execute(_command(stage, asked))
    if isinstance(answer, Refused):
        return Told(asked=asked, question=_question(stage, asked), answer=_refusal(answer.reason), yes=False)
    return Told(asked=asked, question=_question(stage, asked), answer=_accepted(stage, asked), yes=True)


def _set_aside(asked: Asked) -> StockSetAside:
    return StockSetAside(
        id=EventId(f"set-aside/{asked.store}/{HOT.sku}/{asked.at.isoformat()}"),
        at=asked.at,
        source="omo",
        sku=SKU,
        location=asked.store,
        units=asked.number("units"),
        reason=asked.details["reason"],
    )


def _command(stage: Stage, asked: Asked) -> Command:
    """Make the command that a question is."""
    details, request = asked.details, RequestId(f"{asked.what}@{asked.at.isoformat()}")
    order = OrderId(details.get("order", ""))
    match asked.what:
        case "redeem":
            member = stage.shop.find(card=details["card"])[0]
            return RedeemPoints(
                request=request,
                at=asked.at,
                actor=f"till:{asked.store}",
                profile=ProfileId(member.id),
                points=asked.number("points"),
                order=order or None,
                currency="HKD",
            )
        case "hold":
            wanted = (Wanted(sku=SKU, units=asked.number("units")),)
            hold = HoldId(details["hold"])
            until = asked.at + HOLD
            return HoldUnits(
                request=request, at=asked.at, hold=hold, lines=wanted, location=asked.store or None, until=until
            )
        case "place":
            return _place(asked, request)
        case "ready":
            return MarkReady(request=request, at=asked.at, actor=f"staff:{asked.store}", order=order)
        case "collect":
            return CollectOrder(request=request, at=asked.at, actor=f"staff:{asked.store}", order=order)
        case _:
            return AllocateLine(
                request=request, at=asked.at, order=order, line=details["line"], sku=SKU, location=asked.store
            )


def _place(asked: Asked, request: RequestId) -> PlacePickupOrder:
    units = asked.number("units")
    line = OrderLine(line="1", sku=SKU, units=units, amount=HOT.price * units)
    return PlacePickupOrder(
        request=request,
        at=asked.at,
        order=OrderId(asked.details["order"]),
        profile=ProfileId(f"shopify:{asked.details['account']}"),
        location=asked.store,
        currency="HKD",
        lines=(line,),
        tenders=(Tender(kind="card", amount=line.amount),),
        hold=HoldId(asked.details["hold"]) if "hold" in asked.details else None,
    )


def _question(stage: Stage, asked: Asked) -> str:
    """Say in the shop's words who asks for what."""
    where = stage.name_of(asked.store)
    bags = _bags(asked.number("units"))
    match asked.what:
        case "redeem":
            return f"{where}: {asked.number('points'):,} points of card {asked.details['card']}"
        case "hold":
            return f"{where or 'LINE live show'}: keep {bags} for {HOLD.seconds // 60} minutes"
        case "place":
            return f"Web: {bags} to pick up in {where}, {asked.details['order']}"
        case "ready":
            return f"{where}: {asked.details['order']} lies ready"
        case "collect":
            return f"{where}: {asked.details['order']} is collected"
        case "set_aside":
            return f"{where}: {bags} {asked.details['reason']}, not for sale"
        case _:
            return f"{where} to send web order …{asked.details['order'][-6:]} from its shelf"


def _bags(units: int) -> str:
    return "1 Ferry Tote" if units == 1 else f"{units} Ferry Totes"


def _refusal(reason: Refusal) -> str:
    """Say no with the numbers that explain it."""
    if isinstance(reason, NotEnoughPoints):
        return f"No: {reason.spendable:,} points to spend"
    if isinstance(reason, NotEnoughUnits):
        short = reason.shortages[0]
        return f"No: {short.free} free{'' if short.location else ' in all places together'}"
    if isinstance(reason, NotInStore):
        return f"No: {reason.missing[0].free} free there"
    return f"No: {reason.kind.replace('_', ' ')}"


def _accepted(stage: Stage, asked: Asked) -> str:
    """Say yes, and what is left."""
    match asked.what:
        case "redeem":
            member = stage.shop.find(card=asked.details["card"])[0]
            return f"Yes: {stage.shop.account(member).spendable:,} points left"
        case "hold" | "place":
            return f"Yes: {stage.shop.stock(SKU).free(asked.store, asked.at)} left to promise there"
        case "ready":
            return "Yes: it waits at the counter"
        case "collect":
            return "Yes: handed over, off the shelf"
        case _:
            return "Yes: promised from there"
