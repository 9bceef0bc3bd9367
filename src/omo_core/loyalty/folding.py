"""The account fold: every number of a member's account from the events of its records.

The fold walks the events in canonical order. Before each it lets time pass: at every instant on the way points
become usable, then a tier is reviewed, then points expire; only then comes what happened at that instant.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from omo_core.events import Event, canonical
from omo_core.identifiers import OrderId, ProfileId
from omo_core.instants import EPOCH, FOREVER
from omo_core.loyalty import earning, expiring, tiers
from omo_core.loyalty.events import PointsGranted, PointsRedeemed
from omo_core.loyalty.ledger import Ledger, Line
from omo_core.loyalty.programme import Programme, Version
from omo_core.loyalty.purchase import Purchase
from omo_core.loyalty.timeline import timeline
from omo_core.purchases import Cancelled
from omo_core.trade import Refund, Sale

_NO_RULES = Version(name="none")
Moment = tuple[datetime, int, str]


class Folding:
    """The account fold in progress: feed it events in canonical order."""

    __slots__ = (
        "_due",
        "early",
        "last",
        "ledger",
        "lines",
        "partial",
        "programme",
        "purchases",
        "redeemed",
        "standing",
    )

    def __init__(self, programme: Programme, *, lines: list[Line] | None = None) -> None:
        """Start empty; with ``lines``, write every movement of points there."""
        self.programme = programme
        self.ledger = Ledger()
        self.standing = tiers.Standing()
        self.last: Moment = (EPOCH, -1, "")
        """The canonical place of the last event fed, or of the last instant at which time itself did something."""
        self.purchases: dict[OrderId, Purchase] = {}
        self.early: dict[OrderId, list[Refund | Cancelled]] = {}
        self.redeemed: dict[OrderId, list[PointsRedeemed]] = {}
        self.lines = lines
        self.partial = False
        """Brought back from a memo, which does not remember the purchases: refunds need the whole history."""
        self._due = FOREVER

    @property
    def clock(self) -> datetime:
        """Say how far the fold has come."""
        return self.last[0]

    def feed(self, event: Event) -> None:
        """Let time pass up to an event, then let it happen."""
        if event.at >= self._due:
            self.advance(event.at)
        self.last = canonical(event)
        if isinstance(event, Sale):
            self._sale(event)
        elif isinstance(event, Refund | Cancelled):
            self._refund(event)
        elif isinstance(event, PointsRedeemed):
            self._redeem(event)
        elif isinstance(event, PointsGranted):
            self._grant(event)

    def extends(self, event: Event, *, first: bool = False) -> bool:
        """Say whether feeding this event now gives what folding everything anew would.

        ``first`` promises that nothing was ever heard of the document; without it only a version 0 is taken for new.
        """
        first = first or event.version == 0
        if canonical(event) <= self.last:
            return False
        if isinstance(event, Sale):
            names = (event.order, *event.also)
            seen = any(name in self.purchases or name in self.early or name in self.ledger.lots for name in names)
            return not seen and not event.also and event.status != "cancelled"
        if isinstance(event, Refund):
            return first and not self.partial
        if isinstance(event, PointsRedeemed):
            return first and not (self.partial and event.order is not None)
        return not isinstance(event, PointsGranted) or first

    def advance(self, to: datetime) -> None:
        """Let time pass: at each instant that is due, up to and with ``to``, activate, review, expire.

        Where nothing is due nothing changes, so an event that is heard of later still finds its place.
        """
        while self._due <= to:
            at = self._due
            self.ledger.activate_due(at)
            if self.standing.until <= at:
                self._review(at)
            for lot, points in self.ledger.expire_due(at):
                self._note(at, lot, "expired", -points, "expiry")
            self.last = max(self.last, (at, -1, ""))  # a grant may have been over when it was made
            self.plan()

    def plan(self) -> None:
        """Note the next instant at which time itself changes something."""
        ledger = self.ledger
        due = self.standing.until
        if ledger.waiting and ledger.waiting[0][0] < due:
            due = ledger.waiting[0][0]
        if ledger.expiring and ledger.expiring[0][0] < due:
            due = ledger.expiring[0][0]
        self._due = due

    def rules(self, at: datetime) -> Version:
        """Give the programme's version of an instant."""
        return self.programme.version_at(at) or _NO_RULES

    def _note(self, at: datetime, event: str, what: str, points: int, rule: str) -> None:
        if self.lines is not None and points:
            balance = self.ledger.balance()
            self.lines.append(Line(at=at, event=event, what=what, points=points, balance=balance, rule=rule))

    def _review(self, at: datetime) -> None:
        ladder = self.rules(at).ladder
        if ladder is None:
            self.standing.until = FOREVER
        else:
            tiers.review(self.standing, ladder, self.programme.zone)

    def _sale(self, sale: Sale) -> None:
        version = self.rules(sale.at)
        bought = Purchase(sale, version, tiers.multiplier(self.standing, version.ladder))
        for name in bought.names():
            self.purchases[name] = bought
        if sale.status != "open":
            self._earn(bought)
        for name in bought.names():
            for refund in self.early.pop(name, ()):
                self._give_back(bought, refund)

    def _earn(self, bought: Purchase) -> None:
        sale, version, where = bought.sale, bought.version, self.programme.zone
        rate = version.earning_in(sale.currency)
        if rate is None:
            return
        bought.basis = earning.basis(rate, sale)
        bought.points = earning.points_for(bought.basis, rate, bought.multiplier)
        if bought.points:
            usable = expiring.usable_from(sale.at, version.pending_days, where)
            gone = expiring.expires_at(version.expiry, usable, where)
            self.ledger.credit(sale.order, bought.points, sale.at, usable, gone)
            self._note(sale.at, sale.id, "earned", bought.points, f"{version.name}: earning")
        ladder = version.ladder
        if bought.basis and ladder is not None and ladder.currency == sale.currency:
            tiers.count(self.standing, ladder, sale.at, sale.order, bought.basis, where)
        self.plan()

    def _refund(self, refund: Refund | Cancelled) -> None:
        bought = self.purchases.get(refund.order)
        if bought is None:
            self.early.setdefault(refund.order, []).append(refund)
        else:
            self._give_back(bought, refund)

    def _give_back(self, bought: Purchase, refund: Refund | Cancelled) -> None:
        """Let one refund have all its consequences: earned points, tier, redeemed points."""
        bought.add(refund)
        rate = bought.version.earning_in(bought.sale.currency)
        if rate is not None and bought.sale.status != "open":
            idle_back = bought.idle_back(rate.idle_tenders)
            left = earning.basis_left(rate, bought.sale, bought.lines_back, bought.loose_back, idle_back)
            self._unearn(bought, refund, min(left, bought.basis), earning.points_for(left, rate, bought.multiplier))
        for name in bought.names():
            for redemption in self.redeemed.get(name, ()):
                self._return(bought, redemption, refund)

    def _unearn(self, bought: Purchase, refund: Event, basis: int, points: int) -> None:
        version, ladder = bought.version, bought.version.ladder
        if points < bought.points:
            lost, bought.points = bought.points - points, points
            done = self.ledger.claw_back(bought.sale.order, lost, version.spending, version.debt, version.debt_limit)
            self._note(refund.at, refund.id, "clawed back", -done, f"{version.name}: refund")
        if basis < bought.basis:
            lost, bought.basis = bought.basis - basis, basis
            if ladder is not None and ladder.currency == bought.sale.currency:
                tiers.uncount(self.standing, ladder, refund.at, bought.sale.order, lost, self.programme.zone)
        self.plan()

    def _redeem(self, event: PointsRedeemed) -> None:
        self.ledger.spend(event.id, event.points, self.rules(event.at).spending)
        self._note(event.at, event.id, "redeemed", -event.points, "redemption")
        if event.order is None:
            return
        self.redeemed.setdefault(event.order, []).append(event)
        bought = self.purchases.get(event.order)
        if bought is not None and (bought.back or bought.tenders_back):
            self._return(bought, event, event)

    def _return(self, bought: Purchase, redemption: PointsRedeemed, cause: Event) -> None:
        """Give redeemed points back in the measure in which the purchase was."""
        back, paid = bought.back, bought.paid
        with_points = sum(tender.amount for tender in bought.sale.tenders if tender.kind == "points")
        if with_points and bought.tenders_told:
            back, paid = bought.tenders_back.get("points", 0), with_points
        target = redemption.points if back >= paid else redemption.points * back // paid
        returned, expired = self.ledger.give_back(redemption.id, target)
        self._note(
            cause.at, cause.id, "returned", returned, f"refund, {expired} of them expired" if expired else "refund"
        )
        if expired:
            self._note(cause.at, cause.id, "expired", -expired, "expiry")

    def _grant(self, event: PointsGranted) -> None:
        version = self.rules(event.at)
        if event.points < 0:
            self.ledger.deduct(-event.points, version.spending)
        else:
            gone = event.expires_at or expiring.expires_at(version.expiry, event.at, self.programme.zone)
            gone = FOREVER if event.never_expires else gone
            self.ledger.credit(event.id, event.points, event.at, event.at, gone)
            self.plan()
        self._note(event.at, event.id, "granted" if event.points > 0 else "taken", event.points, event.reason)


def fold(
    programme: Programme,
    events: Iterable[Event],
    profiles: Collection[ProfileId],
    *,
    until: datetime = FOREVER,
    lines: list[Line] | None = None,
) -> Folding:
    """Fold the whole of a history, or what had happened by an instant."""
    folding = Folding(programme, lines=lines)
    for event in timeline((event for event in events if event.at <= until), profiles):
        if event.at <= until:  # a sale's cancellation may come later than the sale
            folding.feed(event)
    return folding
