"""Goods that come back without a receipt: whose purchase they are taken off."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import Factory, define, evolve

from omo_core.loyalty.purchase import Purchase
from omo_core.money import split
from omo_core.trade import Refund, RefundLine, SaleLine, Tender


@define
class _Part:
    """What of a return is taken off one purchase."""

    bought: Purchase
    lines: list[RefundLine] = Factory(list)

    @property
    def money(self) -> int:
        """Give how much money that is."""
        return sum(line.amount for line in self.lines)


def parts_of(refund: Refund, purchases: Iterable[Purchase]) -> list[tuple[Purchase, Refund]]:
    """Part a return without a receipt between the purchases that its goods may be of, the latest first.

    Each article is taken off the purchases in the same money that still have some of it. What is found in none was
    never bought by this member, and nothing is taken back for it.
    """
    found: dict[int, _Part] = {}
    held = [bought for bought in purchases if bought.sale.currency == refund.currency]
    for back in refund.lines:
        _take(found, back, held)
    parts = list(found.values())
    rest = sum(line.amount for line in refund.lines) - sum(part.money for part in parts)
    tenders = _shared_out(refund, [*(part.money for part in parts), max(0, rest)])
    return [(part.bought, _as_refund_of(part, refund, paid)) for part, paid in zip(parts, tenders, strict=False)]


def _take(found: dict[int, _Part], back: RefundLine, held: list[Purchase]) -> None:
    """Take one article's money off the purchases that have some of it."""
    money, units = back.amount, back.units
    for bought in held:
        for line in bought.sale.lines:
            if line.sku != back.sku or line.kind != "goods":
                continue
            share = min(money, _left_of(line, bought, found))
            if share > 0:
                moved = min(units, line.units)
                part = found.setdefault(id(bought), _Part(bought))
                part.lines.append(evolve(back, line=line.line, amount=share, units=moved))
                money, units = money - share, units - moved


def _left_of(line: SaleLine, bought: Purchase, found: dict[int, _Part]) -> int:
    """Give what of a line's money has not come back, not even by this return."""
    gone = bought.back.lines.get(line.line, 0) if bought.back is not None else 0
    part = found.get(id(bought))
    now = sum(back.amount for back in part.lines if back.line == line.line) if part is not None else 0
    return line.amount - gone - now


def _shared_out(refund: Refund, weights: list[int]) -> list[tuple[Tender, ...]]:
    """Share each means of payment out over the purchases, and what belongs to none."""
    if not any(weights):
        return [() for _ in weights]
    shares = [split(tender.amount, weights) for tender in refund.tenders]
    return [
        tuple(evolve(tender, amount=share[place]) for tender, share in zip(refund.tenders, shares, strict=True))
        for place in range(len(weights))
    ]


def _as_refund_of(part: _Part, refund: Refund, paid: tuple[Tender, ...]) -> Refund:
    order = part.bought.sale.order
    return evolve(refund, order=order, lines=tuple(part.lines), adjustment=0, shipping=0, tenders=paid, profile=None)
