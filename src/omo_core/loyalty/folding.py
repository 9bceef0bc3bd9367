"""The account fold: every number of a member's account from the events of its records.

The fold walks the events in canonical order. Before each it lets time pass: at every instant on the way holds run
out, points become usable, a tier is reviewed, points expire - in that order; only then comes what happened at that
instant.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from omo_core.events import Event, canonical
from omo_core.identifiers import OrderId, ProfileId
from omo_core.instants import EPOCH, FOREVER
from omo_core.joinings import Joining
from omo_core.loyalty import expiring, moves, tiers
from omo_core.loyalty.book import Book
from omo_core.loyalty.earning import rules_for
from omo_core.loyalty.events import HoldCaptured, PointsEvent, PointsRedeemed
from omo_core.loyalty.ladder import Ladder, Tier
from omo_core.loyalty.ledger import Ledger
from omo_core.loyalty.lots import Line, lot_name, lot_of
from omo_core.loyalty.posting import post
from omo_core.loyalty.programme import Expiry, Programme, Version
from omo_core.loyalty.purchase import Purchase
from omo_core.purchases import Cancelled
from omo_core.trade import HandedOver, Refund, Sale

_NO_RULES = Version(name="none")
Moment = tuple[datetime, int, str]
Later = Refund | Cancelled | HandedOver
"""What may be heard of before the purchase that it belongs to."""


class Folding:
    """The account fold in progress: feed it events in canonical order."""

    __slots__ = (
        "_due",
        "_may_lapse",
        "active",
        "book",
        "early",
        "given",
        "joined",
        "last",
        "ledger",
        "partial",
        "profiles",
        "programme",
        "purchases",
        "rates",
        "redeemed",
        "standing",
    )

    def __init__(
        self,
        programme: Programme,
        profiles: Collection[ProfileId],
        *,
        lines: list[Line] | None = None,
        joined: Sequence[Joining] = (),
    ) -> None:
        """Start empty, for a member that bears these records; with ``lines``, write every movement of points there.

        ``joined`` says since when the records are one, in order of time; some programmes ask for it.
        """
        self.programme = programme
        self.profiles = profiles
        self.joined = joined if programme.merging == "as_recorded" else ()
        self.rates: Mapping[OrderId, Tier | None] = {}
        """The tiers by which purchases of records that were not one yet earned."""
        self.given: dict[str, str] = {}
        """What a person gets once, and the grant that it came by."""
        self.ledger = Ledger()
        self.standing = tiers.Standing()
        self.last: Moment = (EPOCH, -1, "")
        """The canonical place of the last event fed, or of the last instant at which time itself did something."""
        self.active = EPOCH
        """When the member last bought or redeemed something."""
        self.purchases: dict[OrderId, Purchase] = {}
        self.early: dict[OrderId, list[Later]] = {}
        self.redeemed: dict[OrderId, list[tuple[str, int]]] = {}
        """Redemptions that paid for an order: event id and points."""
        self.book = Book(programme, lines)
        self.partial = False
        """Brought back from a memo, which does not remember the purchases: refunds need the whole history."""
        self._due = FOREVER
        self._may_lapse = programme.may_lapse

    @property
    def clock(self) -> datetime:
        """Say how far the fold has come."""
        return self.last[0]

    def rules(self, at: datetime) -> Version:
        """Give the programme's version of an instant."""
        return self.programme.version_at(at) or _NO_RULES

    def feed(self, event: Event) -> None:
        """Let time pass up to an event, then let it happen."""
        if event.at >= self._due:
            self.advance(event.at)
        self.last = canonical(event)
        if isinstance(event, Sale):
            self._sale(event)
        elif isinstance(event, Refund | Cancelled | HandedOver):
            self._later(event)
        elif isinstance(event, PointsEvent):
            post(self, event)
            self.plan()

    def extends(self, event: Event, *, first: bool = False) -> bool:
        """Say whether feeding this event now gives what folding everything anew would.

        ``first`` promises that nothing was ever heard of the document; without it only a version 0 is taken for new.
        """
        first = first or event.version == 0
        if canonical(event) <= self.last:
            return False
        if isinstance(event, Sale):
            names = (event.order, *event.also)
            seen = any(
                name in self.purchases or name in self.early or lot_of("order", name) in self.ledger.lots
                for name in names
            )
            apart = bool(self.joined) and event.at < self.joined[-1].at
            return not seen and not event.also and event.status != "cancelled" and not apart
        if isinstance(event, Refund | HandedOver):
            return first and not self.partial
        if isinstance(event, PointsRedeemed | HoldCaptured):
            return first and not (self.partial and event.order is not None)
        return not isinstance(event, PointsEvent) or first

    def advance(self, to: datetime) -> None:
        """Let time pass: at each instant that is due, up to and with ``to``, in the fixed order.

        Where nothing is due nothing changes, so an event that is heard of later still finds its place.
        """
        while self._due <= to:
            at = max(self._due, self.clock)
            for hold, ended in moves.time_out(self.ledger, at):
                self.book.note(at, hold, "hold timed out", ended.points, "hold", moved=0)
                self.let_go(at, hold, ended)
            for lot, points in self.ledger.activate_due(at):
                self.book.note(at, lot_name(lot), "activated", points, "earning", moved=0, version=self._made_by(lot))
            if self.standing.until <= at:
                self._review(at)
            for lot, points in self.ledger.expire_due(at):
                self.book.note(at, lot_name(lot), "expired", -points, "expiry", version=self._made_by(lot))
            if self.lapses() <= at:
                for lot, points in moves.lapse(self.ledger, at):
                    self.book.note(at, lot_name(lot), "expired", -points, "inactivity", version=self._made_by(lot))
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
        if ledger.holds:
            due = min(due, moves.next_time_out(ledger) or due)
        self._due = min(due, self.lapses()) if self._may_lapse else due

    def _made_by(self, lot: str) -> Version:
        """Give the version that a lot was credited by: of the day of the purchase, or of the day of the grant."""
        bought = self.purchases.get(OrderId(lot_name(lot))) if lot.startswith("order:") else None
        return bought.version if bought is not None else self.rules(self.ledger.lots[lot].usable_from)

    def lapses(self) -> datetime:
        """Say when points are gone next for want of activity, if there is no more of it."""
        if not self._may_lapse or self.active == EPOCH:
            return FOREVER
        at = expiring.lapses_at(self.programme, self.active)
        return at if at > self.ledger.lapsed else FOREVER

    def _review(self, at: datetime) -> None:
        ladder = self.rules(at).ladder
        if ladder is None:
            self.standing.until = FOREVER
            return
        before = self.standing.level
        tiers.review(self.standing, ladder, self.programme.zone)
        after = self.standing.level
        tier = tiers.tier_now(self.standing, ladder)
        if tier is not None and not self.standing.in_grace and (before or after):
            what = "tier won" if after > before else "tier lost" if after < before else "tier kept"
            self.book.reviewed(at, tier.name, what)

    def _sale(self, sale: Sale) -> None:
        version = self.rules(sale.at)
        tier = self.tier_of(sale, version.ladder)
        rules = rules_for(version, sale, tier.name if tier is not None else "")
        bought = Purchase(sale, version, rules, tier.multiplier if tier is not None else (1, 1))
        for name in bought.names():
            self.purchases[name] = bought
        if sale.status != "open" and self._is_mine(bought):
            self.active = max(self.active, sale.at)
            self._earn(bought, expiring.tier_expiry(tier, version.expiry))
        for name in bought.names():
            for event in self.early.pop(name, ()):
                self._follow(bought, event, sale.at)

    def tier_of(self, sale: Sale, ladder: Ladder | None) -> Tier | None:
        """Give the tier by which a purchase earns: the member's of that moment, unless its record was apart then."""
        if self.rates:
            for name in (sale.order, *sale.also):
                if name in self.rates:
                    return self.rates[name]
        return tiers.tier_now(self.standing, ladder)

    def _is_mine(self, bought: Purchase) -> bool:
        """Say whether the member bought it; else it is followed only to give back the points that paid for it."""
        return bought.sale.profile in self.profiles

    def _earn(self, bought: Purchase, expiry: Expiry) -> None:
        sale, version, where = bought.sale, bought.version, self.programme.zone
        bought.basis, bought.points = bought.worth()
        if bought.points:
            usable = FOREVER
            if version.pending_after == "sale" or bought.all_gone():
                usable = expiring.usable_from(sale.at, version.pending_days, where)
            gone = expiring.expires_at(expiry, usable, where) if usable < FOREVER else FOREVER
            lapses = expiring.may_lapse(expiry) and expiry is version.expiry
            self.ledger.credit(lot_of("order", sale.order), bought.points, sale.at, usable, gone, lapses=lapses)
            self.book.note(sale.at, sale.id, "earned", bought.points, "earning", version=version)
        ladder = version.ladder
        if bought.basis and ladder is not None and ladder.currency == sale.currency:
            tiers.count(self.standing, ladder, tiers.Counted(sale.at, sale.order, bought.basis, bought.points), where)
        self.plan()

    def _later(self, event: Later) -> None:
        bought = self.purchases.get(event.order)
        if bought is None:
            self.early.setdefault(event.order, []).append(event)
        else:
            self._follow(bought, event, event.at)

    def _follow(self, bought: Purchase, event: Later, at: datetime) -> None:
        """Let one event that belongs to a purchase have all its consequences, at an instant not before the purchase."""
        if isinstance(event, HandedOver):
            bought.hand_over(event)
        else:
            bought.give_back(event)
            if bought.sale.status != "open" and self._is_mine(bought):
                self._unearn(bought, event, at)
            for name in bought.names():
                for redemption, points in self.redeemed.get(name, ()):
                    self.give_back_points(bought, redemption, points, event, at)
        self._activate(bought, at)
        self.plan()

    def _activate(self, bought: Purchase, at: datetime) -> None:
        """Points that wait for the whole order to leave get their day when it has."""
        lot = self.ledger.lots.get(lot_of("order", bought.sale.order))
        if lot is None or not lot.pending or lot.usable_from != FOREVER or not bought.all_gone():
            return
        where, version = self.programme.zone, bought.version
        usable = max(at, expiring.usable_from(at, version.pending_days, where))
        expiry = expiring.tier_expiry(tiers.tier_now(self.standing, version.ladder), version.expiry)
        self.ledger.set_usable(lot.id, usable, expiring.expires_at(expiry, usable, where))
        self.ledger.activate_due(at)

    def _unearn(self, bought: Purchase, cause: Event, at: datetime) -> None:
        version, ladder = bought.version, bought.version.ladder
        basis, points = bought.worth()
        less_basis, less_points = max(0, bought.basis - basis), max(0, bought.points - points)
        lost = tiers.Counted(bought.sale.at, bought.sale.order, less_basis, less_points)
        if lost.points:
            bought.points = points
            lot, balance = lot_of("order", bought.sale.order), self.ledger.balance()
            done = self.ledger.claw_back(lot, lost.points, version.spending, version.debt, version.debt_limit)
            moved = self.ledger.balance() - balance  # what had expired of it left the balance then
            self.book.note(at, cause.id, "clawed back", -done, "refund", moved=moved, version=version)
        if lost.spend > 0 or lost.points:
            bought.basis = min(bought.basis, basis)
            if ladder is not None and ladder.currency == bought.sale.currency:
                tiers.uncount(self.standing, ladder, at, lost, self.programme.zone)

    def give_back_points(self, bought: Purchase, redemption: str, points: int, cause: Event, at: datetime) -> None:
        """Give redeemed points back in the measure in which the purchase was."""
        done = self.ledger.give_back(redemption, bought.share_back(points, self.programme.tender))
        self.book.note(at, cause.id, "returned", done[0], "refund")
        self.let_go(at, cause.id, moves.LetGo(*done))

    def let_go(self, at: datetime, cause: str, ended: moves.LetGo) -> None:
        """Write down what of returned or released points is not the member's any more."""
        self.book.note(at, cause, "expired", -ended.expired, "expiry")
        self.book.note(at, cause, "clawed back", -ended.reclaimed, "refund")
