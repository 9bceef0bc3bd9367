"""Steps that commit an order's units to locations: planned or by hand, packed in a slot, picked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from omo_adapters.scenarios.scene import Scene
from omo_adapters.scenarios.steps import RequestStep
from omo_adapters.stock_models import SourcingModel
from omo_adapters.stock_settings import policy_of
from omo_adapters.written import Moment, Name, Names
from omo_core.decisions import Command
from omo_core.errors import Malformed
from omo_core.identifiers import HoldId, LocationId, OrderId, RequestId, Sku
from omo_core.stock import From, HoldSlots, InSlot, RenewHold, SourcedLine, SourceOrder, StartPicking, with_parts
from omo_core.stock.sourcing import Need, Plan, Problem, Site, needs_of, plan, sites_with_stock
from omo_core.trade import Sale, SaleLine


class SourceStep(RequestStep):
    """`source_order = "1001"`: may the order's units come from these locations? By a plan, or as `parts` says."""

    source_order: Name
    parts: dict[str, dict[str, int]] | None = None
    """By line and location, of a kit in kits; what is left over waits in the pool. Without it, omo plans."""
    policy: SourcingModel = SourcingModel()
    """What is wanted of the plan, as in shop.toml."""
    priority: Names = ()
    """Locations in the order in which a plan by priority asks them; without it, by name."""
    slot: str = ""
    kept_by: Name | None = None
    """The hold that kept the places of the parcels."""

    def command(self, scene: Scene, at: datetime, request: str) -> Command:
        """Give the plan that is to be committed."""
        sale = _opened(scene, self.source_order, "source_order")
        lines = self._by_hand(scene, sale) if self.parts is not None else self._planned(scene, sale, at)
        return SourceOrder(
            request=RequestId(request),
            at=at,
            actor=self.actor,
            order=OrderId(self.source_order),
            lines=lines,
            slot=self.slot,
            hold=None if self.kept_by is None else HoldId(self.kept_by),
        )

    def _by_hand(self, scene: Scene, sale: Sale) -> tuple[SourcedLine, ...]:
        takes = {line.line: _takes(line) for line in sale.lines}
        unknown = next((name for name in self.parts or {} if name not in takes), None)
        if unknown is not None:
            raise Malformed("parts", f"the sale has no line {unknown!r}")
        return tuple(
            SourcedLine(line=line, sku=scene.article(sku), parts=_parts(places, each))
            for line, places in (self.parts or {}).items()
            for sku, each in takes[line].items()
        )

    def _planned(self, scene: Scene, sale: Sale, at: datetime) -> tuple[SourcedLine, ...]:
        stock = {sku: scene.shop.stock(sku) for line in sale.lines if line.moves_stock for sku in line.skus}
        needs = needs_of(stock, sale.order)
        if not needs:
            raise Malformed("source_order", f"order {self.source_order!r} waits for nothing that could be sourced")
        rules = scene.shop.rules.stock
        places = dict.fromkeys((*self.priority, *(one for each in stock.values() for one in rules.pool_of(each))))
        sites = sites_with_stock(
            (Site(location=one, priority=n) for n, one in enumerate(places)), stock, sale.order, at, rules
        )
        made = plan(Problem(needs=needs, sites=sites, policy=policy_of(self.policy, scene.currency)))
        return _lines_of(made, needs)


def _opened(scene: Scene, order: str, path: str) -> Sale:
    """Find a purchase, its kits written as what they are made of: that is what waits for units."""
    return with_parts(scene.needed_sale(order, path), scene.shop.rules.stock.opened_kits)


def _takes(line: SaleLine) -> dict[Sku, int]:
    """Say how many units of which article one unit of a line is: of a kit, what its parts are."""
    takes: dict[Sku, int] = {}
    for part in line.parts:
        takes[part.sku] = takes.get(part.sku, 0) + part.units
    return takes or {line.sku: 1}


def _parts(places: dict[str, int], each: int) -> tuple[From, ...]:
    return tuple(From(location=LocationId(location), units=units * each) for location, units in places.items())


def _lines_of(made: Plan, needs: tuple[Need, ...]) -> tuple[SourcedLine, ...]:
    parts: dict[tuple[str, Sku], list[From]] = {(need.line, need.sku): [] for need in needs}
    for parcel in made.parcels:
        for picked in parcel.picked:
            parts[picked.line, picked.sku].append(From(location=parcel.location, units=picked.units))
    return tuple(SourcedLine(line=line, sku=sku, parts=tuple(froms)) for (line, sku), froms in parts.items())


class PickStep(RequestStep):
    """`pick = "1001"`: a location begins to pick what is allocated to it; from now on it stays there."""

    pick: Name
    location: Name
    allocation: str = ""
    """Which part of its lines; without one, all that is allocated there."""

    def command(self, scene: Scene, at: datetime, request: str) -> Command:
        """Give the wish."""
        sale = _opened(scene, self.pick, "pick")
        return StartPicking(
            request=RequestId(request),
            at=at,
            actor=self.actor,
            order=OrderId(self.pick),
            location=LocationId(self.location),
            skus=tuple(dict.fromkeys(sku for line in sale.lines if line.moves_stock for sku in line.skus)),
            allocation=self.allocation,
        )


class RenewStep(RequestStep):
    """`renew = "B1"`: let a hold that lives end at another instant."""

    renew: Name
    skus: Names
    until: Moment | None = None
    minutes: int = 15

    def command(self, scene: Scene, at: datetime, request: str) -> Command:
        """Give the wish."""
        return RenewHold(
            request=RequestId(request),
            at=at,
            actor=self.actor,
            hold=HoldId(self.renew),
            skus=tuple(map(scene.article, self.skus)),
            until=until(scene, at, self.until, self.minutes),
        )


class HoldSlotsStep(RequestStep):
    """`hold_slots = "B1"`: may a location keep the places of so many parcels in a slot? Until an instant."""

    hold_slots: Name
    location: Name
    slot: Name
    parcels: Annotated[int, Field(ge=0)] = 1
    order: Name | None = None
    until: Moment | None = None
    minutes: int = 15

    def command(self, scene: Scene, at: datetime, request: str) -> Command:
        """Give the wish."""
        place = InSlot(location=LocationId(self.location), slot=self.slot, parcels=self.parcels)
        return HoldSlots(
            request=RequestId(request),
            at=at,
            actor=self.actor,
            hold=HoldId(self.hold_slots),
            slots=(place,),
            order=None if self.order is None else OrderId(self.order),
            until=until(scene, at, self.until, self.minutes),
        )


def until(scene: Scene, at: datetime, moment: Moment | None, minutes: int) -> datetime:
    """Say when a hold ends."""
    return at + timedelta(minutes=minutes) if moment is None else scene.instant(moment, "until")
