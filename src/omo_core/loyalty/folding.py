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
from omo_core.loyalty import buying, expiring, moves
from omo_core.loyalty.book import Book
from omo_core.loyalty.events import HoldCaptured, PointsEvent, PointsRedeemed
from omo_core.loyalty.ladder import Ladder, Tier
from omo_core.loyalty.ledger import Ledger
from omo_core.loyalty.lots import Line, lot_name, lot_of
from omo_core.loyalty.posting import post
from omo_core.loyalty.programme import Programme, Version
from omo_core.loyalty.purchase import Purchase
from omo_core.loyalty.tiers import Tiers
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
        "tiers",
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
        self.tiers = Tiers.of(programme)
        self.last: Moment = (EPOCH, -1, "")
        """The canonical place of the last event fed, or of the last instant at which time itself did something."""
        self.active = EPOCH
        """When the member last bought or redeemed something."""
        self.purchases: dict[OrderId, Purchase] = {}
        self.early: dict[OrderId, list[Later]] = {}
        self.redeemed: dict[OrderId, list[tuple[str, int]]] = {}
        """Redemptions that paid for an order: event id and points."""
        self.book = Book(programme, lines)
        self.tiers.turns = None if lines is None else []
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
            buying.buy(self, event)
        elif isinstance(event, Refund | Cancelled | HandedOver):
            buying.follow_up(self, event)
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
                self.book.note_lot(at, lot, "activated", points, "earning", moved=0, version=self._made_by(lot))
            if self.tiers.due <= at:
                self.tiers.pass_time(at)
                self.book.turns(self.tiers.turns)
            for lot, points in self.ledger.expire_due(at):
                self.book.note_lot(at, lot, "expired", -points, "expiry", version=self._made_by(lot))
            if self.lapses() <= at:
                for lot, points in moves.lapse(self.ledger, at):
                    self.book.note_lot(at, lot, "expired", -points, "inactivity", version=self._made_by(lot))
            self.last = max(self.last, (at, -1, ""))  # a grant may have been over when it was made
            self.plan()

    def plan(self) -> None:
        """Note the next instant at which time itself changes something."""
        ledger, due = self.ledger, self.tiers.due
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

    def tier_of(self, sale: Sale, ladder: Ladder | None) -> Tier | None:
        """Give the tier by which a purchase earns: the member's of that moment, unless its record was apart then."""
        if self.rates:
            for name in (sale.order, *sale.also):
                if name in self.rates:
                    return self.rates[name]
        return self.tiers.tier(ladder)

    def let_go(self, at: datetime, cause: str, ended: moves.LetGo) -> None:
        """Write down what of returned or released points is not the member's any more."""
        self.book.note(at, cause, "expired", -ended.expired, "expiry")
        self.book.note(at, cause, "clawed back", -ended.reclaimed, "refund")
