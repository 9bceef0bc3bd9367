"""A purchase as the account fold remembers it: what was bought, by which rules, and what of it came back."""

from __future__ import annotations

from attrs import Factory, define

from omo_core.identifiers import OrderId
from omo_core.loyalty.earning import NOTHING, Back, worth
from omo_core.loyalty.programme import Earning, Version
from omo_core.purchases import Cancelled
from omo_core.trade import HandedOver, Refund, Sale


@define
class Purchase:
    """A purchase with the rules of its day."""

    sale: Sale
    version: Version
    rules: tuple[Earning, ...]
    multiplier: tuple[int, int]
    basis: int = 0
    """What it counts for tiers, less what was given back so far."""
    points: int = 0
    """What it has earned, less claw-backs so far."""
    money_back: int = 0
    """Money given back so far, on lines and off them."""
    lines_back: dict[str, int] = Factory(dict)
    units_gone: dict[str, int] = Factory(dict)
    """Units per line that were handed over or given up."""
    shipping_back: int = 0
    loose_back: int = 0
    tenders_back: dict[str, int] = Factory(dict)
    tenders_told: bool = True
    """Whether every refund so far has said how it was paid back."""
    ended: bool = False

    @property
    def paid(self) -> int:
        """Give what was to be paid, by whatever means."""
        return sum(line.amount for line in self.sale.lines) + self.sale.shipping

    def left_to_pay(self, *, discounted: bool) -> int:
        """Give what it costs, less what came back; ``discounted``: before what was taken off, points included."""
        if self.ended:
            return 0
        off = sum(line.discount for line in self.sale.lines) if discounted else 0
        return max(0, self.paid + off - self.money_back) if self.money_back < self.paid or not self.money_back else 0

    def names(self) -> tuple[OrderId, ...]:
        """Give every order id that the purchase goes by."""
        return (self.sale.order, *self.sale.also)

    def worth(self) -> tuple[int, int]:
        """Give what it counts for tiers and the points it is worth, after what was given back."""
        return worth(self.version, self.rules, self.sale, self.multiplier, self._back())

    def touched(self) -> bool:
        """Say whether anything was given back."""
        return self.ended or bool(self.lines_back or self.money_back or self.tenders_back)

    def _back(self) -> Back:
        if not self.touched():
            return NOTHING
        return Back(
            lines=self.lines_back,
            shipping=self.shipping_back,
            loose=self.loose_back,
            idle=self.tenders_back if self.tenders_told else None,
            whole=self.ended or (self.money_back >= self.paid > 0),
        )

    def give_back(self, refund: Refund | Cancelled) -> None:
        """Add a refund to what was given back so far; a cancellation gives back whatever is left."""
        if isinstance(refund, Cancelled):
            self.ended, self.tenders_told = True, False
            self.money_back = max(self.money_back, self.paid)
            return
        for line in refund.lines:
            self.lines_back[line.line] = self.lines_back.get(line.line, 0) + line.amount
            self.units_gone[line.line] = self.units_gone.get(line.line, 0) + line.units
        self.shipping_back += refund.shipping
        self.loose_back += refund.adjustment
        self.money_back += sum(line.amount for line in refund.lines) + refund.shipping + refund.adjustment
        self.tenders_told = self.tenders_told and bool(refund.tenders)
        for tender in refund.tenders:
            self.tenders_back[tender.kind] = self.tenders_back.get(tender.kind, 0) + tender.amount

    def hand_over(self, event: HandedOver) -> None:
        """Note which units have left."""
        for line in () if event.cancelled else event.lines:
            self.units_gone[line.line] = self.units_gone.get(line.line, 0) + line.units

    def all_gone(self) -> bool:
        """Say whether nothing is waited for any more: every line is carried, handed over or given up."""
        return all(
            line.handing in ("carried", "none") or self.units_gone.get(line.line, 0) >= line.units
            for line in self.sale.lines
            if line.kind == "goods"
        )

    def share_back(self, points: int, tender: str) -> int:
        """Say how many of the points that paid for it are to be returned by now, in the measure of what came back.

        Where sale and refunds say how much was paid with them (the means of payment that they stand under) and given
        back as them, that is the measure; else it is the money.
        """
        if not self.touched():
            return 0
        back, paid = self.money_back, self.paid
        with_points = sum(paid_by.amount for paid_by in self.sale.tenders if paid_by.kind == tender)
        if with_points and self.tenders_told:
            back, paid = self.tenders_back.get(tender, 0), with_points
        return points if self.ended or back >= paid else points * back // paid
