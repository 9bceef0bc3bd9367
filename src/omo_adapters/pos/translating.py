"""A receipt's events: what was sold is one ``Sale``, what came back is a ``Refund`` of the purchase it belongs to.

An exchange is both, on one receipt. Goods returned without a receipt come back into stock and their money is recorded
as a refund of an order of their own (``…/return``) that has no sale; who showed a card is named on it, so that points
are taken back off the purchases that the goods may be of. A post-void is a refund of everything, goods and all; it
leaves the voided sale's own document as it was.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve

from omo_adapters.inbound import Context, Ignored, Outcome, Understood
from omo_adapters.pos.bearers import profile_of, seen
from omo_adapters.pos.till import Reading, Receipt, Returned
from omo_core.errors import Malformed
from omo_core.events import Event
from omo_core.identifiers import EventId, OrderId, ProfileId
from omo_core.loyalty.events import PointsRedeemed
from omo_core.trade import Refund, RefundLine, Restock, Sale, SaleLine, Tender

EXCHANGED = "exchange"
"""The tender that goods brought back make on the receipt of what they were exchanged for."""


def outcome(reading: Reading, context: Context) -> Outcome:
    """Say what a document means; every event is checked, so that what is understood can be written."""
    if not isinstance(reading, Receipt):
        return reading
    events = tuple(_events(reading, context))
    if not events:
        return Ignored(reason="nothing was sold or returned")
    for event in events:
        event.check()
    return Understood(events=events, notes=reading.notes)


def _events(receipt: Receipt, context: Context) -> Iterable[Event]:
    if receipt.voids is not None:
        yield from _voiding(receipt, receipt.voids)
        return
    if not receipt.sold and not receipt.returned:
        return
    profile = None
    if receipt.bearer is not None:
        profile = profile_of(receipt.bearer, context)
        yield from seen(receipt.bearer, context)
    paid, given_back = _tenders(receipt)
    if receipt.sold:
        yield _sale(receipt, profile, paid)
    yield from _refunds(receipt, given_back, profile)
    if receipt.redeemed is not None:
        yield _redeemed(receipt, profile)


def _sale(receipt: Receipt, profile: ProfileId | None, tenders: tuple[Tender, ...]) -> Sale:
    return Sale(
        id=EventId(f"sale/{receipt.order}"),
        at=receipt.at,
        source=receipt.source,
        order=receipt.order,
        also=receipt.also,
        authority=1,
        profile=profile,
        location=receipt.location,
        staff=receipt.staff,
        currency=receipt.currency,
        lines=receipt.sold,
        tenders=tenders,
    )


def _redeemed(receipt: Receipt, profile: ProfileId | None) -> PointsRedeemed:
    if profile is None or receipt.redeemed is None:
        why = "; ".join(("the receipt names no member", *receipt.notes))
        raise Malformed("points_redeemed", f"nobody's points: {why}")
    return PointsRedeemed(
        id=EventId(f"points/{receipt.order}"),
        at=receipt.at,
        source=receipt.source,
        profile=profile,
        points=receipt.redeemed.points,
        order=receipt.order,
        amount=receipt.redeemed.amount,
        currency=receipt.currency,
        actor=receipt.staff,
    )


def _tenders(receipt: Receipt) -> tuple[tuple[Tender, ...], tuple[Tender, ...]]:
    """Give what paid the sale and what was given back for the returns, each summing to its own side.

    On an exchange the cheaper side is settled by the goods themselves; the money belongs to the other side.
    """
    sold, back = sum(line.amount for line in receipt.sold), sum(line.amount for line in receipt.returned)
    if not receipt.returned:
        return receipt.tenders, ()
    flipped = tuple(Tender(kind=tender.kind, amount=-tender.amount) for tender in receipt.tenders)
    if not receipt.sold:
        return (), flipped
    traded = (Tender(kind=EXCHANGED, amount=min(sold, back)),)
    return ((*receipt.tenders, *traded), traded) if sold >= back else (traded, (*flipped, *traded))


def _refunds(receipt: Receipt, tenders: tuple[Tender, ...], profile: ProfileId | None) -> Iterable[Refund]:
    """Give one refund per purchase that goods came back from.

    How it was given back is known for the receipt as a whole, so only a refund that is alone says it.
    """
    by_order: dict[OrderId | None, list[Returned]] = {}
    for line in receipt.returned:
        by_order.setdefault(line.order, []).append(line)
    for place, (order, lines) in enumerate(by_order.items()):
        name = f"refund/{receipt.order}" + (f"/{place + 1}" if place else "")
        own = order or OrderId(f"{receipt.order}/return")
        made = _refund(receipt, name, own, lines, tenders if len(by_order) == 1 else ())
        yield made if order is not None else evolve(made, profile=profile)


def _refund(receipt: Receipt, name: str, order: OrderId, lines: list[Returned], tenders: tuple[Tender, ...]) -> Refund:
    """Give one refund; money whose line the till does not name is given back for the purchase as a whole."""
    return Refund(
        id=EventId(name),
        at=receipt.at,
        source=receipt.source,
        order=order,
        currency=receipt.currency,
        lines=tuple(
            RefundLine(
                line=line.line,
                sku=line.sku,
                units=line.units,
                amount=line.amount if _by_line(line) else 0,
                restock=line.restock,
                location=line.location or receipt.location,
            )
            for line in lines
        ),
        adjustment=sum(line.amount for line in lines if not _by_line(line)),
        tenders=tuple(tender for tender in tenders if tender.amount),
    )


def _by_line(line: Returned) -> bool:
    """Say whether money is given back for a line: its id must be known, and bottle money in it goes the other way.

    Without a receipt there is no other line than this one, and it is the article that counts.
    """
    return (line.exact or line.order is None) and line.amount >= 0


def _voiding(receipt: Receipt, voided: OrderId) -> Iterable[Event]:
    if receipt.returned:
        raise Malformed("voids", "the receipt declares a return void; that has to be corrected by hand")
    if not receipt.sold:
        raise Malformed("voids", "the receipt does not list what the void one had sold")
    lines = [_back(line, voided, exact=receipt.voids_by_line) for line in receipt.sold]
    flipped = tuple(Tender(kind=tender.kind, amount=abs(tender.amount)) for tender in receipt.tenders)
    yield _refund(receipt, f"refund/{receipt.order}", voided, lines, flipped)


def _back(line: SaleLine, voided: OrderId, *, exact: bool) -> Returned:
    """Take a sold line back: goods that had left come back, goods that still waited are free again."""
    restock: Restock = "none" if not line.moves_stock else "return" if line.handing == "carried" else "cancel"
    return Returned(
        order=voided,
        line=line.line,
        exact=exact,
        sku=line.sku,
        units=line.units,
        amount=line.amount,
        restock=restock,
        location=line.location,
    )
