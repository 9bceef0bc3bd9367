"""How a tier is won, reviewed, and carried from one version of the rules to the next: the decisions, each by itself.

A standing is what was *earned*. A tier given by hand or paid for lies on top of it (``tiers``) and changes nothing of
it until it ends.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from omo_core.errors import Malformed, ensure
from omo_core.instants import EPOCH, FOREVER, add_days, local_day, start_of_day
from omo_core.loyalty.granting import Grant
from omo_core.loyalty.ladder import Ladder, Measures
from omo_core.loyalty.tallying import NOTHING, Counted, Tally
from omo_core.loyalty.terms import INSTANT, reviewed_from, term_ends, window_begins


@frozen
class Over:
    """What was done beyond what a rung asked for when it was reached; it goes on counting."""

    since: datetime
    """The window in which the rung was reached began then."""
    at: datetime
    """It counts as if it had been done then, right after the rung was reached."""
    upto: int
    """How many purchases there were then."""
    currency: str
    left: Measures
    spared: Measures = NOTHING
    """What came back of it and counts for keeping the present tier."""

    def without(self, off: Measures, currency: str, *, spare: bool) -> Over:
        """Take off it what came back of what it was made of."""
        off = off if currency == self.currency else evolve(off, spend=0)
        left = self.left.beyond(off)
        gone = self.left.beyond(left)
        return evolve(self, left=left, spared=self.spared.plus(gone) if spare else self.spared.beyond(off.beyond(gone)))


@frozen(kw_only=True)
class Standing:
    """The rung that somebody has earned, and until when."""

    tier: str = ""
    """By name; empty: everybody's."""
    since: datetime | None = None
    """When its present term began; none while nothing was ever won."""
    until: datetime = FOREVER
    """When it is reviewed; ``FOREVER`` where it never is."""
    due: datetime | None = None
    """The review at which it would have been lost, but for the grace days that run until ``until``."""
    risen: datetime | None = None
    """When a higher rung was last reached: where overshoot is lost, nothing from before counts."""
    overs: tuple[Over, ...] = ()
    """Where the excess counts on: what was left over then, and what that was made of."""

    def counts_from(self, ladder: Ladder) -> datetime:
        """Give the first instant that may count at all, by what became of the member so far."""
        start = EPOCH
        if ladder.window == "term" and self.since is not None:
            start = self.since + INSTANT
        if ladder.overshoot != "kept" and self.risen is not None:
            start = max(start, self.risen + INSTANT)
        return start

    def without(self, place: int, entry: Counted, off: Measures, *, spare: bool) -> Standing:
        """Take what came back of a purchase off what was left over of it, and of what was left over of that."""
        at, currency, overs = entry.at, entry.currency, list[Over]()
        for over in self.overs:
            after = over
            if at >= over.since and place < over.upto:
                after = over.without(off, currency, spare=spare)
                at, currency, off = over.at, over.currency, over.left.beyond(after.left)
            overs.append(after)
        return evolve(self, overs=tuple(overs))


@frozen
class Judge:
    """Decides by what counted so far. Every decision gives a new standing, or the old one where nothing changes."""

    tally: Tally
    where: ZoneInfo

    def window_start(self, ladder: Ladder, standing: Standing, at: datetime) -> datetime:
        """Give the first instant that counts now towards a higher rung."""
        return max(standing.counts_from(ladder), window_begins(ladder, at, self.where, self.tally.first))

    def review_start(self, ladder: Ladder, standing: Standing, at: datetime) -> datetime:
        """Give the first instant that counts at a review."""
        return max(standing.counts_from(ladder), reviewed_from(ladder, at, self.where, self.tally.first))

    def grant_start(self, ladder: Ladder, standing: Standing, grant: Grant) -> datetime:
        """Give the first instant that counts when a tier that was given is judged at its end."""
        return self.review_start(ladder, evolve(standing, since=grant.at), grant.until)

    def done(self, ladder: Ladder, standing: Standing, start: datetime, *, keeping: bool = False) -> Measures:
        """Add up what counts from an instant on: purchases, and what was left over when a rung was reached."""
        done = self.tally.kept_since(start, ladder, standing.since) if keeping else self.tally.since(start, ladder)
        over = standing.overs[-1] if standing.overs and ladder.overshoot == "excess" else None
        if over is None or over.at < start:
            return done
        left = over.left.plus(over.spared) if keeping and ladder.refund == "protect" else over.left
        return done.plus(left if over.currency == ladder.currency else evolve(left, spend=0))

    def counted(self, ladder: Ladder, standing: Standing, at: datetime) -> Standing:
        """Look at a member who has just bought something: a rung that is reached is entered at once, or waited for."""
        if ladder.upgrade == "at_once":
            return self.rise(ladder, standing, at)
        if standing.until == FOREVER and ladder.reviews:
            return evolve(standing, until=self._term(ladder, at, at, local_day(at, self.where)))
        return standing

    def rise(self, ladder: Ladder, standing: Standing, at: datetime) -> Standing:
        """Enter the highest rung that is reached; a tier in its grace days is kept once its standard is met."""
        place = ladder.place(standing.tier) or 0
        if standing.due is None and place == len(ladder.tiers) - 1:
            return standing
        start = self.window_start(ladder, standing, at)
        done = self.done(ladder, standing, start)
        reached = ladder.reached(done)
        if reached > place:
            return self._risen(self._enter(ladder, standing, reached, at), ladder, reached, start, done)
        if standing.due is not None and self._is_held(ladder, standing, place, standing.due):
            return self._enter(ladder, standing, place, at, ended=standing.due)
        return standing

    def review(self, ladder: Ladder, standing: Standing) -> Standing:
        """Judge a tier at the end of its term: kept if its standard is met, else down as the ladder says.

        Days of grace lengthen the time under review, and only that: the next term is counted from the day on which
        the last one ended, so that a year of membership stays a year however often it is renewed.
        """
        at, ended = standing.until, standing.due or standing.until
        place = ladder.place(standing.tier) or 0
        start = self.review_start(ladder, standing, ended)
        if standing.due is None:
            done = self.done(ladder, standing, start)
            reached = ladder.reached(done)
            if reached > place:
                entered = self._enter(ladder, standing, reached, at, ended=ended)
                return self._risen(entered, ladder, reached, start, done)
        if place == 0 or ladder.downgrade == "never" or self._is_held(ladder, standing, place, ended):
            return self._enter(ladder, standing, place, at, ended=ended)
        if ladder.grace_days and standing.due is None:
            return evolve(standing, due=at, until=self._days_later(at, ladder.grace_days))
        lower = place - 1
        if ladder.downgrade == "to_earned":
            lower = ladder.held(self.done(ladder, standing, start, keeping=True), place)
        return self._enter(ladder, standing, lower, at, ended=ended)

    def granted_ends(self, ladder: Ladder, standing: Standing, place: int, grant: Grant) -> Standing:
        """Judge a rung that was given, at its end, as one that was earned: kept if its standard is met."""
        done = self.done(ladder, standing, self.grant_start(ladder, standing, grant))
        tier = ladder.tiers[place]
        if (tier.keeps.asks and tier.keeps.met_by(done)) or tier.reached_by(done):
            return self._enter(ladder, standing, place, grant.until, ended=grant.until)
        return standing

    def carry(self, before: Ladder | None, ladder: Ladder | None, standing: Standing, at: datetime) -> Standing:
        """Bring a member under a new version's ladder. Its rules hold from now on; no tier is taken for them.

        The term that runs goes on. A tier that no version from now on has is the nearest below; who had one for ever
        gets a term. What was bought before counts, so that a rung that is reached now is entered now. While a version
        has no ladder nothing is judged; what was due then is judged now.
        """
        if ladder is None:
            return standing
        tier = "" if before is None else ladder.carried(standing.tier, before)
        if tier != standing.tier:
            renamed = standing.tier in ladder.tiers[ladder.place(tier) or 0].replaces
            standing = evolve(standing, tier=tier, due=None, since=standing.since if renamed else at)
        waits = ladder.upgrade == "at_review" and self.tally.first is not None
        if not (ladder.reviews and (tier or waits)):
            standing = evolve(standing, due=None, until=FOREVER)
        elif standing.until == FOREVER:
            standing = evolve(standing, until=self._term(ladder, at, at, local_day(at, self.where)))
        elif standing.until < at:
            standing = evolve(standing, until=at)
        return self.rise(ladder, standing, at) if ladder.upgrade == "at_once" else standing

    def _is_held(self, ladder: Ladder, standing: Standing, place: int, ended: datetime) -> bool:
        """Say whether a tier is kept by what counts from the start of the time under review until now."""
        done = self.done(ladder, standing, self.review_start(ladder, standing, ended), keeping=True)
        return ladder.tiers[place].held_by(done)

    def _enter(
        self, ladder: Ladder, standing: Standing, place: int, at: datetime, ended: datetime | None = None
    ) -> Standing:
        """Begin a new term on a rung; one that follows on another is counted from the other's last day."""
        until = FOREVER
        if ladder.reviews and (place or ladder.upgrade == "at_review"):
            until = self._term(
                ladder, at, ended or at, add_days(local_day(ended or at, self.where), -1 if ended else 0)
            )
        name = ladder.tiers[place].name if place else ""
        overs = tuple([evolve(over, spared=NOTHING) for over in standing.overs])
        return evolve(standing, tier=name, since=at, until=until, due=None, overs=overs)

    def _risen(self, entered: Standing, ladder: Ladder, place: int, start: datetime, done: Measures) -> Standing:
        """Note when a rung was reached, and what was left over."""
        at = entered.since or start
        overs: tuple[Over, ...] = ()
        if ladder.overshoot == "excess":
            asked = ladder.tiers[place].reach
            left = done.beyond(Measures(asked.spend, asked.points, asked.visits))
            linked = entered.overs if entered.overs and entered.overs[-1].at >= start else ()
            overs = (*linked, Over(start, at + INSTANT, self.tally.now, ladder.currency, left))
        return evolve(entered, risen=at, overs=overs)

    def _term(self, ladder: Ladder, at: datetime, of: datetime, day: date) -> datetime:
        """Give the end of a term that is counted from a day; one that is over already is counted from now."""
        end = term_ends(ladder, of, day, self.where, self.tally.first)
        if end <= at:
            end = term_ends(ladder, at, local_day(at, self.where), self.where, self.tally.first)
        ensure(end > at, "a term ends after it has begun")  # else time would stand still at this review
        return end

    def _days_later(self, at: datetime, days: int) -> datetime:
        try:
            return min(start_of_day(add_days(local_day(at, self.where), days), self.where), FOREVER)
        except (Malformed, OverflowError):
            return FOREVER  # beyond the calendar is never
