"""A member's points as lots, and the movements between them. This is the working state of the account fold.

The one law of this file, true after every movement::

    earned = spendable + pending + held + spent + given + expired + clawed_back - debt

``spent`` counts what redemptions took, whether from lots or into debt; ``given`` what went to other members; ``debt``
is what is owed and shrinks with the next credit. Holds and transfers are in ``moves``. The state is mutable for
speed; nobody but the fold holds it, and what leaves the fold is frozen.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Collection
from datetime import datetime
from heapq import heappop, heappush

from attrs import Factory, define

from omo_core.errors import ensure
from omo_core.instants import EPOCH, FOREVER
from omo_core.loyalty.lots import SPENDING_ORDERS, Ending, Hold, Key, Lot, Spend, Taken
from omo_core.loyalty.owing import FOR_GOOD, Owings, spent
from omo_core.loyalty.programme import DebtPolicy
from omo_core.money import split


@define
class Ledger:
    """All lots of a member and what became of them."""

    lots: dict[str, Lot] = Factory(dict)
    open: list[Key] = Factory(list)
    """Lots that can be spent from, soonest expiry first; some may be used up and are dropped when they are met."""
    waiting: list[tuple[datetime, str]] = Factory(list)
    """Heap of pending lots by the instant they become usable."""
    expiring: list[tuple[datetime, str]] = Factory(list)
    """Heap of lots that expire, by that instant."""
    spends: dict[str, Spend] = Factory(dict)
    holds: dict[str, Hold] = Factory(dict)
    """Holds that are alive."""
    ended_holds: dict[str, Ending] = Factory(dict)
    """How each hold ended that did; both by record and name (``hold_key``)."""
    earned: int = 0
    spendable: int = 0
    pending: int = 0
    held: int = 0
    spent: int = 0
    given: int = 0
    """What went to other members."""
    expired: int = 0
    clawed_back: int = 0
    owings: Owings = Factory(Owings)
    lapsed: datetime = EPOCH
    """When lots were last gone for want of activity."""
    overdrawn: int = 0
    """All debt that redemptions and deductions ever caused, repaid or not: what a command must never add to."""
    returned_expired: int = 0
    """What refunds gave back to lots that had expired by then."""

    @property
    def debt(self) -> int:
        """Give what is owed."""
        return self.owings.debt

    @property
    def forgiven(self) -> int:
        """Give what claw-backs could not find and the programme does not want."""
        return self.owings.forgiven

    def balance(self) -> int:
        """Give what a member would call the balance: usable, coming and held points, less what is owed."""
        return self.spendable + self.pending + self.held - self.debt

    def credit(
        self, id: str, points: int, at: datetime, usable_from: datetime, expires_at: datetime, *, lapses: bool = False
    ) -> None:
        """Add a lot. Debt is repaid when its points become usable, before anything else can use them."""
        ensure(id not in self.lots, f"lot {id} is credited twice")
        lot = Lot(id, points, usable_from, expires_at, points, lapses=lapses)
        self.lots[id] = lot
        self.earned += points
        if expires_at < FOREVER:
            heappush(self.expiring, (expires_at, id))
        if usable_from > at:
            lot.pending = True
            self.pending += points
            if usable_from < FOREVER:
                heappush(self.waiting, (usable_from, id))
        else:
            self._open(lot, points)

    def activate_due(self, at: datetime) -> list[tuple[str, int]]:
        """Make usable what was waiting for this instant; says how much of which lots."""
        active = []
        while self.waiting and self.waiting[0][0] <= at:
            lot = self.lots[heappop(self.waiting)[1]]
            lot.pending = False
            self.pending -= lot.left
            active.append((lot.id, lot.left))
            self._open(lot, lot.left)
        return active

    def expire_due(self, at: datetime) -> list[tuple[str, int]]:
        """Let go what may be used no longer from this instant on, and say how much of which lots."""
        gone = []
        while self.expiring and self.expiring[0][0] <= at:
            lot = self.lots[heappop(self.expiring)[1]]
            if lot.left:
                gone.append((lot.id, lot.left))
                self.expire(lot)
            lot.gone_at = lot.expires_at
        return gone

    def spend(self, id: str, points: int, spending: str, order: str = "") -> int:
        """Take points for a redemption; what is missing becomes debt, and is returned."""
        ensure(id not in self.spends, f"redemption {id} is counted twice")
        taken, short = self.take(points, spending)
        if short:
            taken.append(("", short))
            self.overdraw(short, spent(id))
        self.spends[id] = Spend(id, points, taken, order)
        self.spent += points
        return short

    def paid_for(self, orders: Collection[str], besides: str = "") -> int:
        """Say how many points pay for an order, by any of its names: redeemed and not given back, or held for it."""
        spends = (spend for spend in self.spends.values() if spend.order in orders)
        holds = (held for key, held in self.holds.items() if held.order in orders and key != besides)
        return sum(each.points - sum(each.returned.values()) for each in spends) + sum(held.points for held in holds)

    def overdraw(self, points: int, cause: str = FOR_GOOD) -> None:
        """Owe points that a redemption, a transfer or a deduction could not find."""
        self.owings.owe(cause, points)
        self.overdrawn += points

    def give_back(self, id: str, target: int) -> tuple[int, int, int]:
        """Undo a redemption up to ``target`` points in all, pro rata to the lots they came from.

        Points return to their own lot with its own expiry. Where that has passed they expire again at once; returns
        how many came back now, how many of those had expired, and how many go where they had been clawed back.
        """
        spend = self.spends[id]
        back = min(target, spend.points) - sum(spend.returned.values())
        if back <= 0:
            return 0, 0, 0
        expired = reclaimed = 0
        still_out = [points - spend.returned.get(lot_id, 0) for lot_id, points in spend.taken]
        for (lot_id, _), share in zip(spend.taken, split(back, still_out), strict=True):
            if share:
                spend.returned[lot_id] = spend.returned.get(lot_id, 0) + share
                self.spent -= share
                too_late, taken = self.put_back(lot_id or spent(id), share)
                expired += too_late
                reclaimed += taken
        self.returned_expired += expired
        return back, expired, reclaimed

    def claw_back(self, id: str, points: int, order: str, policy: DebtPolicy, limit: int) -> int:
        """Take earned points back: from their own lot, from what expired of it, from other lots, then as debt.

        What the debt policy does not want owed is forgiven. What others make up for is undone when the lot's own points
        come back from where they were spent or held. Returns what was really taken or is owed.
        """
        lot = self.lots[id]
        rest = points
        own = min(rest, lot.left)
        self._lower(lot, own)
        rest -= own
        stale = min(rest, lot.expired)
        lot.expired -= stale
        self.expired -= stale
        rest -= stale
        done = points - (self._make_up(id, rest, order, policy, limit) if rest else 0)
        self.clawed_back += done
        return done

    def _make_up(self, id: str, points: int, order: str, policy: DebtPolicy, limit: int) -> int:
        """Make up for points of a lot that are gone: by other lots, then by debt; says how many are forgiven."""
        taken, rest = self.take(points, order)
        room = {"debt": rest, "clamp": 0, "limit": max(0, limit - self.debt)}[policy]
        owed = min(rest, room)
        self.owings.stand_in(id, taken)
        self.owings.owe(id, owed)
        self.owings.forgive(id, rest - owed)
        return rest - owed

    def deduct(self, points: int, order: str) -> None:
        """Take points by hand; what is missing becomes debt."""
        _, short = self.take(points, order)
        self.overdraw(short)
        self.clawed_back += points

    def _open(self, lot: Lot, points: int) -> None:
        """Make points of a lot spendable, after they have repaid what is owed."""
        repaid = self.owings.repay(lot.id, points) if self.owings.debt else 0
        lot.left -= repaid
        self.spendable += points - repaid
        if lot.left and not lot.listed:
            insort(self.open, (lot.expires_at, lot.usable_from, lot.id))
            lot.listed = True

    def _lower(self, lot: Lot, points: int) -> None:
        lot.left -= points
        if lot.pending:
            self.pending -= points
        else:
            self.spendable -= points

    def expire(self, lot: Lot) -> None:
        """Let go what is left of a lot."""
        points = lot.left
        lot.expired += points
        self.expired += points
        self._lower(lot, points)

    def put_back(self, cause: str, points: int) -> tuple[int, int]:
        """Put points back to a lot, or to the redemption that had owed them; says how many expired, how many are taken.

        Where a claw-back looked for them, it has found them: what had made up for them is free, and goes back to where
        it came from in turn.
        """
        expired = reclaimed = 0
        homeward = [(cause, points)]
        while homeward:
            cause, points = homeward.pop()
            forgiven, freed, rest = self.owings.make_good(cause, points)
            self.clawed_back += forgiven
            reclaimed += forgiven
            homeward += reversed(freed)
            expired += self._lay_down(self.lots[cause], rest) if rest else 0
        return expired, reclaimed

    def _lay_down(self, lot: Lot, points: int) -> int:
        """Let points lie in their lot again; says how many of them have expired."""
        lot.left += points
        if not self.expired_by(lot):
            self._open(lot, points)
            return 0
        self.spendable += points
        self.expire(lot)
        return points

    def set_usable(self, id: str, usable_from: datetime, expires_at: datetime) -> None:
        """Set the day of a lot that waits for something to happen."""
        lot = self.lots[id]
        if not lot.pending or lot.usable_from != FOREVER:
            return
        lot.usable_from, lot.expires_at = usable_from, expires_at
        heappush(self.waiting, (usable_from, id))
        if expires_at < FOREVER:
            heappush(self.expiring, (expires_at, id))

    def expired_by(self, lot: Lot) -> bool:
        """Say whether a lot's end has come: its entry has left the heap of lots that will expire, or it has lapsed."""
        if lot.lapses:
            return lot.gone_at is not None
        return lot.expires_at < FOREVER and (not self.expiring or self.expiring[0] > (lot.expires_at, lot.id))

    def would_take(self, points: int, order: str) -> Taken:
        """Say which lots so many points would come from, in spending order, as far as there are any."""
        taken: Taken = []
        for key in SPENDING_ORDERS[order](self.open):
            if points == 0:
                break
            share = min(points, self.lots[key[2]].left)
            if share:
                taken.append((key[2], share))
                points -= share
        return taken

    def take(self, points: int, order: str) -> tuple[Taken, int]:
        """Take from usable lots in spending order; gives what was taken from which, and what was missing."""
        taken = self.would_take(points, order)
        for lot_id, share in taken:
            self._lower(self.lots[lot_id], share)
            points -= share
        self._drop_used_up()
        return taken, points

    def _drop_used_up(self) -> None:
        """Forget the lots at the head of the list that have nothing left."""
        used_up = 0
        for key in self.open:
            if self.lots[key[2]].left:
                break
            self.lots[key[2]].listed = False
            used_up += 1
        del self.open[:used_up]
