"""Steps about purchases: sold, given back, ended, handed over."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from attrs import evolve
from pydantic import Field, model_validator

from omo_adapters.complaints import Shape
from omo_adapters.scenarios.scene import Scene
from omo_adapters.scenarios.steps import FactStep, LineModel
from omo_adapters.written import Amount, Moment, Name
from omo_core.errors import Malformed
from omo_core.events import Event
from omo_core.identifiers import EventId, LocationId, OrderId
from omo_core.trade import HandedLine, HandedOver, Handing, Refund, RefundLine, Restock, Sale, SaleLine, Status, Tender


class SaleLineModel(LineModel):
    """A line of a sale."""

    handing: Handing | None = None
    """`carried` out of the store, to `ship`, `pickup`, or `none` when no goods move; else as the sale says."""
    kind: Literal["goods", "gift_card", "fee"] = "goods"


class SaleStep(FactStep):
    """`sale = "1001"`: a purchase, or a new version of its document."""

    sale: Name
    """The order's or receipt's id."""
    by: Name | None = None
    """Who bought: a record such as `crm:88`, or what was shown at the counter: `card:4711`, `phone:9123 4567`."""
    amount: Amount | None = None
    """What was paid. A sale with an amount needs no lines."""
    lines: tuple[SaleLineModel, ...] = Field(default=(), strict=False)
    tax: Amount | None = None
    """The tax in `amount`, where there are no lines."""
    shipping: Amount | None = None
    tenders: dict[str, Amount] = Field(default_factory=dict)
    """How it was paid: `{ cash = "300.00", points = "98.00" }`."""
    currency: str | None = None
    channel: Name = "store"
    location: Name | None = None
    """The store."""
    handing: Handing = "carried"
    """How its lines reach the customer."""
    staff: str = ""
    status: Status = "paid"
    ended: Moment | None = None
    """When it was cancelled."""
    also: tuple[Name, ...] = Field(default=(), strict=False)
    """Other ids of the same purchase."""
    authority: int = 0
    """Whose word counts when a purchase is seen twice: 1 for the till's own, 0 for a platform's copy."""
    source: str = ""
    version: int = 0
    """The document's revision; the highest counts, whenever it is heard of."""

    @model_validator(mode="after")
    def _says_how_much(self) -> SaleStep:
        if self.amount is None and not self.lines:
            raise ValueError("says neither an amount nor lines")
        if self.tax is not None and self.lines:
            raise ValueError("with lines, tax stands in the lines")
        return self

    def events(self, scene: Scene, at: datetime) -> tuple[Event, ...]:
        """Give the sale, after the record that it was bought on if no step describes it."""
        seen = () if self.by is None else scene.bearer(self.by)[1]
        sale = self.built(scene, at)
        if sale.version >= scene.sales.get(sale.order, sale).version:
            scene.sales[sale.order] = sale
        return (*seen, sale)

    def built(self, scene: Scene, at: datetime) -> Sale:
        """Give the sale with its short forms filled in."""
        code = self.currency or scene.currency
        order = OrderId(self.sale)
        lines = tuple(self._line(line, str(i + 1), scene, code) for i, line in enumerate(self.lines))
        shipping = scene.money(self.shipping, "shipping", code)
        if self.amount is not None:
            lines = self._lines_of_amount(lines, shipping, scene, code)
        return Sale(
            id=EventId(self.id or f"sale/{order}"),
            at=at,
            version=self.version,
            source=self.source,
            order=order,
            also=tuple(OrderId(other) for other in self.also),
            authority=self.authority,
            profile=None if self.by is None else scene.bearer(self.by)[0],
            channel=self.channel,
            location=None if self.location is None else LocationId(self.location),
            staff=self.staff,
            currency=code,
            lines=lines,
            shipping=shipping,
            tenders=tenders_of(self.tenders, scene, code),
            status=self.status,
            ended_at=None if self.ended is None else scene.instant(self.ended, "ended"),
        )

    def _line(self, line: SaleLineModel, place: str, scene: Scene, code: str) -> SaleLine:
        way = line.handing or self.handing
        store = line.location or (self.location if way in ("carried", "pickup") else None)
        return SaleLine(
            line=line.line or place,
            sku=scene.article(line.sku),
            units=line.units,
            amount=line.amount.units(code, "amount"),
            tax=scene.money(line.tax, "tax", code),
            discount=scene.money(line.discount, "discount", code),
            category=line.category,
            handing=way,
            location=None if store is None else LocationId(store),
            kind=line.kind,
        )

    def _lines_of_amount(
        self, lines: tuple[SaleLine, ...], shipping: int, scene: Scene, code: str
    ) -> tuple[SaleLine, ...]:
        paid = scene.money(self.amount, "amount", code)
        if lines:
            stated = sum(line.amount for line in lines) + shipping
            if stated != paid:
                raise Malformed("amount", f"is {paid} in minor units, but lines and shipping make {stated}")
            return lines
        tax = scene.money(self.tax, "tax", code)
        goods = SaleLine(line="1", sku=scene.article("goods"), units=1, amount=paid - shipping, tax=tax, handing="none")
        return (goods,)


class RefundLineModel(Shape):
    """A line, or part of it, that money was given back for."""

    line: Name
    """The sale line's id."""
    units: int | None = None
    """Without a number: the whole line if no amount is said either, else none or, for goods that came back, one."""
    amount: Amount | None = None
    """Without one, all that the line cost."""
    restock: Restock | None = None
    location: Name | None = None


class RefundStep(FactStep):
    """`refund = "1001"`: money given back for a purchase, which may be told of later."""

    refund: Name
    """The purchase's id."""
    amount: Amount | None = None
    """So much; on the line if the purchase has one, else as an adjustment."""
    all: bool = False
    """Everything that was paid."""
    lines: tuple[RefundLineModel, ...] = Field(default=(), strict=False)
    shipping: Amount | None = None
    adjustment: Amount | None = None
    tenders: dict[str, Amount] = Field(default_factory=dict)
    """How it was paid back, where the source says so."""
    restock: Restock = "none"
    """`return` when the goods came back, `cancel` when they never left."""
    returned_to: Name | None = None
    """The location that took the goods back; means `restock = "return"`."""
    version: int = 0

    @model_validator(mode="after")
    def _says_how_much(self) -> RefundStep:
        ways = [self.amount is not None, self.all, bool(self.lines)]
        if sum(ways) > 1:
            raise ValueError("says how much in more than one way: amount, all or lines")
        if not any((*ways, self.adjustment, self.shipping)):
            raise ValueError("says neither an amount, nor all, nor lines")
        return self

    def events(self, scene: Scene, at: datetime) -> tuple[Event, ...]:
        """Give the refund."""
        sale = scene.sale(self.refund)
        code = sale.currency if sale is not None else scene.currency
        lines, adjustment = self._lines(sale, code)
        number = scene.number(f"refund/{self.refund}")
        shipping = sale.shipping if self.all and sale is not None else scene.money(self.shipping, "shipping", code)
        event = Refund(
            id=EventId(self.id or f"refund/{self.refund}/{number}"),
            at=at,
            version=self.version,
            order=OrderId(self.refund),
            currency=code,
            lines=lines,
            adjustment=adjustment + scene.money(self.adjustment, "adjustment", code),
            shipping=shipping,
            tenders=tenders_of(self.tenders, scene, code),
        )
        return (event,)

    def _lines(self, sale: Sale | None, code: str) -> tuple[tuple[RefundLine, ...], int]:
        """Give the lines, and what of the amount stands on no line."""
        known = sale.lines if sale is not None else ()
        if self.amount is not None and len(known) != 1:
            return (), self.amount.units(code, "amount")
        if (self.all or self.lines) and sale is None:
            raise Malformed("refund", f"no sale {self.refund!r} in this scenario; an amount is needed")
        if self.all:
            return tuple(self._back(line, line.units, line.amount) for line in known), 0
        if self.amount is not None:
            paid = self.amount.units(code, "amount")
            whole = paid >= known[0].amount or self._way() != "none"
            on_line = min(paid, known[0].amount)
            return (self._back(known[0], known[0].units if whole else 0, on_line),), paid - on_line
        return tuple(self._line(model, known, i, code) for i, model in enumerate(self.lines)), 0

    def _line(self, model: RefundLineModel, known: tuple[SaleLine, ...], place: int, code: str) -> RefundLine:
        line = next((line for line in known if line.line == model.line), None)
        if line is None:
            raise Malformed(f"lines[{place}].line", f"the sale has no line {model.line!r}")
        amount = line.amount if model.amount is None else model.amount.units(code, f"lines[{place}].amount")
        units = model.units
        if units is None:
            moved = (model.restock or self._way()) != "none"
            units = line.units if model.amount is None else int(moved)
        return self._back(line, units, amount, model)

    def _back(self, line: SaleLine, units: int, amount: int, model: RefundLineModel | None = None) -> RefundLine:
        place = (model.location if model is not None else None) or self.returned_to
        way = (model.restock if model is not None else None) or self._way()
        return RefundLine(
            line=line.line,
            sku=line.sku,
            units=units,
            amount=amount,
            restock=way,
            location=LocationId(place) if place is not None else line.location if way == "return" else None,
        )

    def _way(self) -> Restock:
        return "return" if self.returned_to is not None else self.restock


class CancelledStep(FactStep):
    """`cancelled = "1001"`: the source says that a purchase ended; the document's next version."""

    cancelled: Name

    def events(self, scene: Scene, at: datetime) -> tuple[Event, ...]:
        """Give the sale's next version."""
        sale = scene.needed_sale(self.cancelled, "cancelled")
        ended = evolve(sale, version=sale.version + 1, status="cancelled", ended_at=at)
        scene.sales[sale.order] = ended
        return (ended,)


class HandedOverStep(FactStep):
    """`handed_over = "1001"`: goods of an order left a location."""

    handed_over: Name
    location: Name
    how: Literal["shipped", "collected"] = "shipped"
    units: dict[str, int] | None = None
    """Units per line id; without it, everything that is not carried out."""
    taken_back: bool = False
    """The parcel never left."""
    version: int = 0

    def events(self, scene: Scene, at: datetime) -> tuple[Event, ...]:
        """Give the hand-over."""
        sale = scene.needed_sale(self.handed_over, "handed_over")
        waiting = {line.line: line.units for line in sale.lines if line.handing in ("ship", "pickup")}
        skus = {line.line: line.sku for line in sale.lines}
        wanted = waiting if self.units is None else self.units
        unknown = [name for name in wanted if name not in skus]
        if unknown:
            raise Malformed("units", f"the sale has no line {unknown[0]!r}")
        number = scene.number(f"handover/{sale.order}")
        event = HandedOver(
            id=EventId(self.id or f"handover/{sale.order}/{number}"),
            at=at,
            version=self.version,
            order=sale.order,
            location=LocationId(self.location),
            how=self.how,
            lines=tuple(HandedLine(line=name, sku=skus[name], units=units) for name, units in wanted.items()),
            cancelled=self.taken_back,
        )
        return (event,)


def tenders_of(tenders: dict[str, Amount], scene: Scene, code: str) -> tuple[Tender, ...]:
    """Give means of payment, in the order written."""
    return tuple(Tender(kind=kind, amount=scene.money(paid, f"tenders.{kind}", code)) for kind, paid in tenders.items())
