"""A purchase as the account fold remembers it: what was bought, by which rules, and what of it came back."""

from __future__ import annotations

from attrs import Factory, define

from omo_core.identifiers import OrderId
from omo_core.loyalty.earning import NOTHING, Back, worth
from omo_core.loyalty.expiring import tier_expiry
from omo_core.loyalty.expiry import Expiry
from omo_core.loyalty.ladder import Tier
from omo_core.loyalty.programme import Earning, Version
from omo_core.money import split
from omo_core.purchases import Cancelled
from omo_core.trade import HandedOver, Refund, RefundLine, Sale, SaleLine, Tender


@define
class Returned:
    """What of a purchase came back so far, in the money that was paid."""

    money: int = 0
    """On lines and off them."""
    lines: dict[str, int] = Factory(dict)
    units: dict[str, int] = Factory(dict)
    """Of goods that had left the shop, and of others."""
    given_up: dict[str, int] = Factory(dict)
    """Units of these that never left."""
    shipping: int = 0
    loose: int = 0
    """What belongs to no line."""
    tenders: dict[str, int] = Factory(dict)
    """By means of payment; where a refund does not say, what was left of each of them then, pro rata."""
    all: bool = False
    """The purchase was cancelled."""


@define
class Purchase:
    """A purchase with the rules of its day."""

    sale: Sale
    version: Version
    rules: tuple[Earning, ...]
    tier: Tier | None
    """The tier that the member was in."""
    basis: int = 0
    """What it counts for tiers, less what was given back so far."""
    points: int = 0
    """What it has earned, less claw-backs so far."""
    back: Returned | None = None
    """None while nothing was ever given back."""
    handed: dict[str, int] | None = None
    """Units per line that were handed over; none while none were."""

    @property
    def multiplier(self) -> tuple[int, int]:
        """Give what the tier multiplies points by."""
        return (1, 1) if self.tier is None else self.tier.multiplier

    @property
    def expiry(self) -> Expiry:
        """Give the rule by which its points are gone."""
        return tier_expiry(self.tier, self.version.expiry)

    @property
    def paid(self) -> int:
        """Give what was to be paid, by whatever means."""
        return sum([line.amount for line in self.sale.lines]) + self.sale.shipping

    def left_to_pay(self, *, discounted: bool) -> int:
        """Give what it costs, less what came back; ``discounted``: before what was taken off, points included."""
        off = sum(line.discount for line in self.sale.lines) if discounted else 0
        if self.back is None:
            return max(0, self.paid + off)
        money = self.back.money
        return 0 if self.back.all or 0 < money >= self.paid else max(0, self.paid + off - money)

    def names(self) -> tuple[OrderId, ...]:
        """Give every order id that the purchase goes by."""
        return (self.sale.order, *self.sale.also)

    def worth(self) -> tuple[int, int]:
        """Give what it counts for tiers and the points it is worth, after what was given back."""
        return worth(self.version, self.rules, self.sale, self.multiplier, self.left_out())

    def touched(self) -> bool:
        """Say whether anything was given back; a refund may say nothing."""
        back = self.back
        return back is not None and bool(back.all or back.lines or back.money or back.tenders)

    def left_out(self) -> Back:
        """Give what was given back as the earning rules want it told.

        Money for a line that the purchase does not have, or beyond what a line had cost, belongs to no line.
        """
        back = self.back
        if back is None or not self.touched():
            return NOTHING
        cost = {line.line: line.amount for line in self.sale.lines}
        beyond = sum([max(0, amount - max(0, cost.get(line, 0))) for line, amount in back.lines.items()])
        return Back(
            lines=back.lines,
            shipping=back.shipping,
            loose=back.loose + beyond,
            tenders=back.tenders,
            whole=back.all or (back.money >= self.paid > 0),
        )

    def give_back(self, refund: Refund | Cancelled) -> None:
        """Add a refund to what was given back so far; a cancellation gives back whatever is left."""
        back = self.back = self.back or Returned()
        if isinstance(refund, Cancelled):
            back.all, back.money = True, max(back.money, self.paid)
            return
        before, same_money = back.money, refund.currency == self.sale.currency
        for line in refund.lines:
            amount = line.amount if same_money else self._cost_of(line, back.units.get(line.line, 0))
            back.lines[line.line] = back.lines.get(line.line, 0) + amount
            back.units[line.line] = back.units.get(line.line, 0) + line.units
            if line.restock != "return":
                back.given_up[line.line] = back.given_up.get(line.line, 0) + line.units
            back.money += amount
        if same_money:
            back.shipping += refund.shipping
            back.loose += refund.adjustment
            back.money += refund.shipping + refund.adjustment
        self._pay_back(back, refund.tenders if same_money else (), back.money - before)

    def _pay_back(self, back: Returned, tenders: tuple[Tender, ...], money: int) -> None:
        """Note how money was given back: as the refund says, and what it does not say pro rata to what is left."""
        for tender in tenders:
            back.tenders[tender.kind] = back.tenders.get(tender.kind, 0) + tender.amount
            money -= tender.amount
        if money <= 0 or not self.sale.tenders:
            return
        paid: dict[str, int] = {}
        for tender in self.sale.tenders:
            paid[tender.kind] = paid.get(tender.kind, 0) + tender.amount
        left = [max(0, amount - back.tenders.get(kind, 0)) for kind, amount in paid.items()]
        untold = max(0, self.paid - sum(paid.values()))
        if any(left):
            for kind, share in zip(paid, split(min(money, sum(left) + untold), (*left, untold)), strict=False):
                back.tenders[kind] = back.tenders.get(kind, 0) + share

    def _cost_of(self, back: RefundLine, before: int) -> int:
        """Give what units had cost. So a refund in other money than was paid is counted: nothing is ever converted."""
        line = next((line for line in self.sale.lines if line.line == back.line and line.units > 0), None)
        if line is None:
            return 0
        after = min(line.units, before + back.units)
        return line.amount * after // line.units - line.amount * min(line.units, before) // line.units

    def hand_over(self, event: HandedOver) -> None:
        """Note which units have left."""
        if event.cancelled:
            return
        handed = self.handed = self.handed or {}
        for line in event.lines:
            handed[line.line] = handed.get(line.line, 0) + line.units

    def all_gone(self) -> bool:
        """Say whether nothing is waited for any more: every line is carried, handed over or given up."""
        return all(
            line.handing in ("carried", "none") or self._units_gone(line.line) >= line.units
            for line in self.sale.lines
            if line.kind == "goods"
        )

    def _units_gone(self, line: str) -> int:
        """Count units that left, whether or not they came back, and units that never will leave."""
        back = self.back or Returned()
        given_up = back.given_up.get(line, 0)
        handed = self.handed.get(line, 0) if self.handed is not None else 0
        return given_up + max(handed, back.units.get(line, 0) - given_up)

    def memberships(self) -> dict[str, int]:
        """Name the tiers that were bought with it, each with its months by what was not given back."""
        ladder, sold = self.version.ladder, dict[str, int]()
        if ladder is None or not ladder.sells:
            return sold
        back = self.left_out()
        units_back = self.back.units if self.back is not None else {}
        for tier in ladder.tiers:
            lines = [line for line in self.sale.lines if line.sku in tier.sold_as]
            kept = [
                0
                if back.whole or 0 < line.amount <= back.lines.get(line.line, 0)
                else max(0, line.units - units_back.get(line.line, 0))
                for line in lines
            ]
            if lines:
                sold[tier.name] = tier.sold_months * sum(kept)
        return sold

    def _taken_off_back(self) -> tuple[int, int] | None:
        """Give what was taken off what came back, and off everything; nothing where money measures better."""
        terms = self.version.redemption_in(self.sale.currency, self.sale.channel, self.sale.location or "")
        goods = [line for line in self.sale.lines if line.units > 0]
        if terms is not None and terms.kind == "discount" and any(line.discount > 0 for line in goods):
            weights = [max(0, line.discount) for line in goods]
        elif self.paid <= 0:
            weights = [line.units for line in goods]
        else:
            return None
        return sum(self._part_back(line, weight) for line, weight in zip(goods, weights, strict=True)), sum(weights)

    def _part_back(self, line: SaleLine, weight: int) -> int:
        """Give as much of a line's weight as came back of it: by its money, or by its units where it cost none."""
        back = self.back or Returned()
        done, whole = back.units.get(line.line, 0), line.units
        if line.amount > 0:
            done, whole = back.lines.get(line.line, 0), line.amount
        return weight * min(max(0, done), whole) // whole

    def share_back(self, points: int, tender: str) -> int:
        """Say how many of the points that paid for it are to be returned by now, in the measure of what came back.

        Where the sale says how much was paid with them (by the means of payment that they stand under), the measure is
        what was given back as them. Where points lower the price, it is what was taken off the lines that came back.
        Else it is the money; of an order that cost none, the units.
        """
        given = self.back
        if given is None or not self.touched():
            return 0
        back, paid = self._taken_off_back() or (given.money, self.paid)
        with_points = sum([paid_by.amount for paid_by in self.sale.tenders if paid_by.kind == tender])
        if with_points > 0:
            back, paid = given.tenders.get(tender, 0), with_points
        return points if given.all or paid <= 0 or back >= paid else max(0, points * back // paid)
