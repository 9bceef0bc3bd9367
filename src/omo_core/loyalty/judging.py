"""When a tier is judged, what comes of it, and what would come of it if nothing more were bought."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from omo_core.instants import FOREVER
from omo_core.loyalty import granting, tiers
from omo_core.loyalty.ladder import Ladder
from omo_core.loyalty.standing import Measures, Standing

_INSTANT: Final = timedelta(microseconds=1)


def judge(standing: Standing, ladder: Ladder | None, at: datetime, where: ZoneInfo) -> bool:
    """Review a tier whose term is over, then end what was granted until now; says whether the tier was judged."""
    granted = granting.floor(standing, at - _INSTANT)
    was, judged = max(standing.level, granted), False
    if standing.until <= at:
        judged = standing.level >= granted
        if ladder is None:
            standing.until = FOREVER
        else:
            tiers.review(standing, ladder, where)
        judged = judged and not standing.in_grace
    if ladder is not None and granting.level_at(standing, at) < granted == was:
        judged = True
        tiers.keeps_granted(standing, ladder, granted, at, where)
    return judged


@frozen
class Outlook:
    """What awaits a member's tier."""

    judged_at: datetime
    """When it is judged next; ``FOREVER`` where it never is."""
    level: int
    """The rung that the member is on afterwards, if nothing more is bought."""
    reached: Measures
    """What of what was bought so far will count then."""


def outlook(standing: Standing, ladder: Ladder, at: datetime, where: ZoneInfo) -> Outlook:
    """Look ahead to when the present tier is judged next, by the rules of today."""
    level = granting.level_at(standing, at)
    judged_at = covered_until(standing, at)
    if judged_at == FOREVER:
        return Outlook(FOREVER, level, Measures())
    start = tiers.review_begins(standing, ladder, judged_at, where)
    reached = tiers.measures(standing, ladder, start, judged_at)
    ahead, now = evolve(standing, counted=list(standing.counted)), at
    while (due := min(ahead.until, granting.next_end(ahead, now))) <= judged_at or ahead.in_grace:
        judge(ahead, ladder, due, where)
        now = due
    return Outlook(judged_at, granting.level_at(ahead, now), reached)


def covered_until(standing: Standing, at: datetime) -> datetime:
    """Say until when a member is sure of the present tier."""
    granted = granting.floor(standing, at)
    if granted > standing.level:
        return granting.covered_until(standing, granted, at)
    return standing.until
