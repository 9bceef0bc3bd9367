"""Which tier a member is in: what was done in all channels in a window, kept for a term, then reviewed.

What counts are purchases: their spend, the points they earned, their number; never the spendable balance, so redeeming
points costs nobody a tier. What is earned and what was given by hand are kept apart: the tier is the higher of the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from attrs import Factory, define, evolve

from omo_core.identifiers import OrderId
from omo_core.instants import FOREVER
from omo_core.loyalty.granting import Grant, Grants
from omo_core.loyalty.judging import Judge, Standing
from omo_core.loyalty.ladder import Ladder, RefundPolicy, Tier
from omo_core.loyalty.programme import Ladders, Programme
from omo_core.loyalty.retracing import Trail
from omo_core.loyalty.tallying import Counted, Tally
from omo_core.loyalty.turns import Became, Cause, Seen, Turn, turned

NO_MONTHS: Final[Mapping[str, int]] = MappingProxyType({})


@define(eq=False)
class Tiers:
    """The tier part of the account fold: what counts, what is earned by it, what was given on top."""

    judge: Judge
    grants: Grants
    _ladders: Ladders
    _trail: Trail | None = None
    """Kept where a ladder lets refunds cost a tier at once."""
    standing: Standing = Factory(Standing)
    ladder: Ladder | None = None
    """The one in force as far as time has passed."""
    _last: Ladder | None = None
    """The one that the standing speaks of: the last that there was."""
    _next: int = 0
    """The place of the ladder that comes next."""
    _given: int = 0
    """The place of the highest rung that is given now."""
    _ends: datetime = FOREVER
    """When anything that is given ends next."""
    turns: list[Turn] | None = None
    """What becomes of the tier is written there, if anybody wants it."""

    @classmethod
    def of(cls, programme: Programme) -> Tiers:
        """Start with nothing."""
        ladders, where = programme.ladders, programme.zone
        trail = Trail() if any(ladder and ladder.refund == "immediate" for _, ladder in ladders) else None
        return cls(Judge(Tally(), where), Grants(ladders, where), ladders, trail)

    def bring_back(self, at: datetime, standing: Standing, grants: Iterable[Grant], counted: Iterable[Counted]) -> None:
        """Go on from what was kept at an instant; where the trail led is forgotten."""
        self.judge = Judge(Tally(counted), self.judge.where)
        self.grants.all = list(grants)
        self._go_to(at, standing)

    def ahead(self) -> Tiers:
        """Give a copy in which time may pass without anything having happened here."""
        return evolve(self, grants=self.grants.copy(), turns=None)

    @property
    def tally(self) -> Tally:
        """Give what counts."""
        return self.judge.tally

    @property
    def is_idle(self) -> bool:
        """Say whether nothing was ever done; then time changes nothing either."""
        return not (self.tally.counted or self.grants.all)

    @property
    def due(self) -> datetime:
        """Say when time itself changes something next."""
        if self.is_idle:
            return FOREVER
        change = self._ladders[self._next][0] if self._next < len(self._ladders) else FOREVER
        return min(FOREVER if self.ladder is None else self.standing.until, change, self._ends)

    @property
    def earned(self) -> int:
        """Give the place of the rung that was earned."""
        return 0 if self.ladder is None else self.ladder.place(self.standing.tier) or 0

    @property
    def place(self) -> int:
        """Give the place of the rung that somebody stands on: the higher of what was earned and what was given."""
        return max(self.earned, self._given)

    def tier(self, ladder: Ladder | None) -> Tier | None:
        """Give the rung that somebody stands on, of the ladder in force."""
        return None if ladder is None else ladder.tiers[self.place]

    def granted(self, at: datetime) -> tuple[Grant, ...]:
        """Give what was given and puts somebody on the rung they stand on, the last to end first."""
        ladder = self.ladder
        if ladder is None or not self._given or self._given < self.earned:
            return ()
        live = [each for each in self.grants.live(at) if self.grants.rung(each, ladder, at) == self._given]
        return tuple(sorted(live, key=lambda each: (each.until, each.at, each.reviewed), reverse=True))

    def pass_time(self, to: datetime) -> None:
        """Let everything happen that is due by an instant: new rules, then reviews, then ends of what was given."""
        while (at := self.due) <= to:
            if self.tally.upto is not None:
                self.tally.upto = self.tally.before(at)
            while self._next < len(self._ladders) and self._ladders[self._next][0] <= at:
                self._begin(at)
            if self.ladder is not None and self.standing.until <= at:
                self._stand(at, "review", self.judge.review(self.ladder, self.standing))
            if self._ends <= at:
                self._end_grants(at)

    def count(self, entry: Counted) -> None:
        """Count a purchase; time has passed up to it."""
        if not self._ladders:
            return
        self.wake(entry.at)
        place, before = len(self.tally.counted), self.standing
        self.tally.add(entry)
        if self.ladder is not None:
            self._stand(entry.at, "purchase", self.judge.counted(self.ladder, before, entry.at))
        if self._trail is not None:
            self._trail.note(place, before)
            self._trail.note(place + 1, self.standing)

    def give_back(
        self, order: OrderId, spend: int, points: int, at: datetime, months: Mapping[str, int] = NO_MONTHS
    ) -> None:
        """Leave so much of a purchase, and so many months of each membership that was bought with it.

        What that means for the tier now is the ladder's to say.
        """
        before, place = self._seen(), self.tally.place(order)
        since = self.grants.shorten(order, months) if months else None
        if since is not None:
            self._look_at_grants(at)
        policy = self.ladder.refund if self.ladder is not None else "at_review"
        if place is not None:
            self._lower(place, spend, points, policy)
        elif since is not None and self.tally.counted:
            place = max(0, self.tally.before(since) - 1)  # from the purchase before it: its end was reviewed since
        if self._trail is not None and place is not None:
            self._trail.stale = min(place, len(self.tally.counted) if self._trail.stale is None else self._trail.stale)
            if policy == "immediate":
                self._retrace(self._trail, self._trail.stale, at)
        self._tell(before, at, "refund")

    def grant(self, grant: Grant) -> None:
        """Put a member into a tier by hand; until it ends nothing takes it away."""
        if not self._ladders:
            return
        self.wake(grant.at)
        before = self._seen()
        if grant.until > grant.at:
            self.grants.all.append(grant)
            self._look_at_grants(grant.at)
        known = self.ladder is not None and self.ladder.place(grant.tier) is not None
        self._tell(before, grant.at, "grant", "tier granted" if known else "tier not known", grant.tier)

    def sell(self, order: OrderId, tier: str, months: int, at: datetime) -> None:
        """Put a member into a tier that was paid for; one bought meanwhile goes on from where it ends."""
        self.wake(at)
        before = self._seen()
        self.grants.sell(order, tier, months, at)
        self._look_at_grants(at)
        self._tell(before, at, "purchase")

    def wake(self, at: datetime) -> None:
        """Find the ladder in force when the first thing happens; nobody has kept time for who has done nothing."""
        if self.is_idle:
            self._go_to(at, self.standing)

    def _go_to(self, at: datetime, standing: Standing) -> None:
        """Stand somewhere at an instant, as time has brought it."""
        self.standing = standing
        past = [ladder for since, ladder in self._ladders if since <= at]
        self._next, self.ladder = len(past), past[-1] if past else None
        self._last = next((ladder for ladder in reversed(past) if ladder is not None), None)
        self._look_at_grants(at)

    def _begin(self, at: datetime) -> None:
        """Begin a new version's ladder."""
        before, ladder = self._seen(), self._ladders[self._next][1]
        self.standing = self.judge.carry(self._last, ladder, self.standing, at)
        self.ladder, self._last = ladder, ladder or self._last
        self._next += 1
        self._look_at_grants(at)
        self._tell(before, at, "programme")

    def _end_grants(self, at: datetime) -> None:
        """Let what was given end; the highest is judged first, and only where nothing else holds its rung."""
        before, ladder = self._seen(), self.ladder
        ended = self.grants.ending(ladder, at)
        self._look_at_grants(at)
        for rung, each in ended:
            if ladder is not None and rung > self.place:
                self.standing = self.judge.granted_ends(ladder, self.standing, rung, each)
        self._tell(before, at, "grant")

    def _look_at_grants(self, at: datetime) -> None:
        """See what is given at an instant, and when of it something ends next."""
        if self._trail is None:
            self.grants.forget(at)
        self._given = self.grants.highest(self.ladder, at)
        self._ends = self.grants.next_end(at)

    def _lower(self, place: int, spend: int, points: int, policy: RefundPolicy) -> None:
        entry, term = self.tally.counted[place], self.standing.since if self.standing.tier else None
        spare = policy == "protect" and term is not None and entry.at <= term
        off = self.tally.lower(place, spend, points, term if spare else None)
        if self.standing.overs:
            self.standing = self.standing.without(place, entry, off, spare=spare)

    def _retrace(self, trail: Trail, place: int, now: datetime) -> None:
        """Walk again from a purchase on, with what is left of everything."""
        turns, self.turns = self.turns, None
        counted, old = self.tally.counted, trail.cut(place)
        self.tally.spare_nothing()
        self._go_to(counted[place].at, trail.before(place))
        while place < len(counted):
            self.tally.upto = place
            self.pass_time(counted[place].at)
            trail.note(place, self.standing)
            self.tally.upto = place + 1
            if self.ladder is not None:
                self.standing = self.judge.counted(self.ladder, self.standing, counted[place].at)
            trail.note(place + 1, self.standing)
            place = self._next_look(old, place + 1)
        self.tally.upto = len(counted)
        self.pass_time(now)
        self._look_at_grants(now)
        self.tally.upto, self.turns = None, turns

    def _next_look(self, old: Trail, place: int) -> int:
        """Say at which purchase from a place on anything may change: by time, or because a rung is reached."""
        ladder, end = self.ladder, self.tally.before(self.due)
        if ladder is None:
            return end
        if ladder.upgrade == "at_review":
            return place if self.standing.until == FOREVER and ladder.reviews else end
        if self.standing.due is None and self.earned == len(ladder.tiers) - 1:
            return end
        look = old.next_look(place, self.standing, ladder)
        return end if look is None else min(look, end)

    def _stand(self, at: datetime, cause: Cause, standing: Standing) -> None:
        if standing is not self.standing:
            before = self._seen()
            self.standing = standing
            self._tell(before, at, cause)

    def _seen(self) -> Seen:
        return Seen(ladder=self.ladder, place=self.place, standing=self.standing)

    def _tell(self, before: Seen, at: datetime, cause: Cause, else_: Became | None = None, tier: str = "") -> None:
        """Write down what has become of the tier, if anybody wants to know."""
        if self.turns is None:
            return
        after = self._seen()
        what = turned(before, after)
        if what is not None:
            self.turns.append(Turn(at=at, what=what, tier=after.name or before.name, cause=cause))
        elif else_ is not None:
            self.turns.append(Turn(at=at, what=else_, tier=tier, cause=cause))
