"""Where a member stands on the ladder, what is missing, and what is going to come of it."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from omo_core.instants import FOREVER
from omo_core.loyalty.granting import Grant
from omo_core.loyalty.ladder import Ladder, Measures, Standard
from omo_core.loyalty.terms import INSTANT
from omo_core.loyalty.tiers import Tiers


@frozen(kw_only=True)
class Missing:
    """What is still to be done for a rung, by each measure; any one of them is enough. 0: not by this measure."""

    spend: int = 0
    points: int = 0
    visits: int = 0


@frozen(kw_only=True)
class TierView:
    """Where a member stands on the ladder."""

    name: str
    since: datetime | None
    """When the present term began."""
    until: datetime | None
    """When it is reviewed, or a tier that was given ends (exclusive); none where neither ever comes."""
    in_grace: bool
    currency: str
    """The ladder's."""
    spend: int
    """What counts in the window now, in minor units of that."""
    points: int
    visits: int
    next: str
    """The next rung; empty on the highest."""
    to_reach: Missing
    """What is missing for the next rung today."""
    to_keep: Missing
    """What is missing to keep the present rung at its review, of all that will count then."""
    projected: str
    """The rung after that review, and any days of grace, if nothing more happens until then."""
    counted: tuple[str, ...]
    """The orders that count now, oldest first."""

    @property
    def missing(self) -> int:
        """Give how much more spend reaches the next rung."""
        return self.to_reach.spend


def tier_view(tiers: Tiers, ladder: Ladder, as_of: datetime) -> TierView:
    """Look at the tier part of a fold at an instant up to which time has passed."""
    tiers.wake(as_of)
    standing, place, tally = tiers.standing, tiers.place, tiers.tally
    given = tiers.granted(as_of)
    by_grant = bool(given) and tiers.earned < place
    start = tiers.judge.window_start(ladder, standing, as_of)
    done = tiers.judge.done(ladder, standing, start)
    above = ladder.tiers[place + 1] if place + 1 < len(ladder.tiers) else None
    until = given[0].until if by_grant else max([standing.until, *(each.until for each in given)])
    to_keep, projected = _to_come(tiers, until)
    return TierView(
        name=ladder.tiers[place].name,
        since=min(each.at for each in given) if by_grant else standing.since,
        until=None if until == FOREVER else until,
        in_grace=standing.due is not None and not given,
        currency=ladder.currency,
        spend=done.spend,
        points=done.points,
        visits=done.visits,
        next=above.name if above else "",
        to_reach=_missing(ladder, above.reach, done) if above else Missing(),
        to_keep=to_keep,
        projected=projected,
        counted=tuple([entry.order for entry in tally.counted[tally.before(start) :] if entry.spend or entry.points]),
    )


def _to_come(tiers: Tiers, until: datetime) -> tuple[Missing, str]:
    """Let time pass in a copy: say what is missing at the next review, and where it leads."""
    ahead = tiers.ahead()
    lacking, place = Missing(), ahead.place
    if until < FOREVER:
        ahead.pass_time(until - INSTANT)
        place = ahead.place
        lacking = _lacking(ahead, until) if ahead.ladder is not None else lacking
        ahead.pass_time(until)
        if ahead.standing.due is not None and ahead.earned == ahead.place:
            ahead.pass_time(ahead.standing.until)
    ladder = ahead.ladder
    if ladder is None:
        return Missing(), ""
    return lacking if ahead.place < place else Missing(), ladder.tiers[ahead.place].name


def _lacking(tiers: Tiers, until: datetime) -> Missing:
    """Say what the rung asks for that is not there, an instant before it is judged."""
    ladder, standing, place = tiers.ladder, tiers.standing, tiers.place
    if ladder is None or place == 0:
        return Missing()
    tier, grant = ladder.tiers[place], _ending(tiers, until)
    if grant is not None and not grant.reviewed:
        if ladder.upgrade == "at_review":
            return Missing()  # what is reached now is entered too late
        start = tiers.judge.window_start(ladder, standing, until)
        return _missing(ladder, tier.reach, tiers.judge.done(ladder, standing, start))
    if grant is not None:
        start = tiers.judge.grant_start(ladder, standing, grant)
        return _missing(ladder, tier.keeps, tiers.judge.done(ladder, standing, start))
    start = tiers.judge.review_start(ladder, standing, standing.due or until)
    return _missing(ladder, tier.keeps, tiers.judge.done(ladder, standing, start, keeping=True))


def _ending(tiers: Tiers, until: datetime) -> Grant | None:
    """Find what was given and ends then."""
    return next((each for each in tiers.granted(until - INSTANT) if each.until == until), None)


def _missing(ladder: Ladder, standard: Standard, done: Measures) -> Missing:
    """Give what each measure lacks; nothing where any one of them is reached. One order must do all by itself."""
    if standard.met_by(done):
        return Missing()
    sofar = Measures(visits=done.visits) if ladder.single_order else done
    return Missing(
        spend=max(0, standard.spend - sofar.spend),
        points=max(0, standard.points - sofar.points),
        visits=max(0, standard.visits - sofar.visits),
    )
