"""A purchase as the account fold remembers it: what was bought, by which rules, and what of it came back."""

from __future__ import annotations

from attrs import Factory, define

from omo_core.identifiers import OrderId
from omo_core.loyalty.programme import Version
from omo_core.purchases import Cancelled
from omo_core.trade import Refund, Sale


@define
class Purchase:
    """A purchase as the fold remembers it, with the rules of its day."""

    sale: Sale
    version: Version
    multiplier: tuple[int, int]
    basis: int = 0
    points: int = 0
    """What it has earned, less claw-backs so far."""
    back: int = 0
    """Money given back so far, on lines and off them."""
    lines_back: dict[str, int] = Factory(dict)
    loose_back: int = 0
    tenders_back: dict[str, int] = Factory(dict)
    tenders_told: bool = True
    """Whether every refund so far has said how it was paid back."""

    @property
    def paid(self) -> int:
        """Give what was to be paid, by whatever means."""
        return sum(line.amount for line in self.sale.lines) + self.sale.shipping

    def names(self) -> tuple[OrderId, ...]:
        """Give every order id that the purchase goes by."""
        return (self.sale.order, *self.sale.also)

    def add(self, refund: Refund | Cancelled) -> None:
        """Add a refund to what was given back so far; a cancellation gives back whatever is left."""
        if isinstance(refund, Cancelled):
            self.lines_back = {line.line: line.amount for line in self.sale.lines}
            self.lines_back["shipping"] = self.sale.shipping
            self.back = max(self.back, self.paid)
            self.tenders_told = False
            return
        for line in refund.lines:
            self.lines_back[line.line] = self.lines_back.get(line.line, 0) + line.amount
        self.lines_back["shipping"] = self.lines_back.get("shipping", 0) + refund.shipping
        self.loose_back += refund.adjustment
        self.back += sum(line.amount for line in refund.lines) + refund.shipping + refund.adjustment
        self.tenders_told = self.tenders_told and bool(refund.tenders)
        for tender in refund.tenders:
            self.tenders_back[tender.kind] = self.tenders_back.get(tender.kind, 0) + tender.amount

    def idle_back(self, idle_tenders: tuple[str, ...]) -> int | None:
        """Say how much went back to means of payment that do not earn; None when a refund did not tell."""
        if not self.tenders_told:
            return None
        return sum(self.tenders_back.get(kind, 0) for kind in idle_tenders)
