"""Where a member stands on the ladder, as the tier fold works on it."""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime

from attrs import Factory, define, frozen

from omo_core.instants import EPOCH, FOREVER


@define
class Counted:
    """A purchase as the ladder counts it; what is given back is taken off."""

    at: datetime
    order: str
    """Empty for what was left over of an upgrade: it counts on like a purchase of that instant."""
    basis: int
    """What counts of it, in the money it was paid in."""
    spend: int
    """As much of that as is in the ladder's money."""
    points: int
    visits: int = 1
    """One, as long as anything counts of it."""
    since: datetime | None = None
    """Of what was left over: from when on it had been counted."""


@frozen
class Measures:
    """What was reached in a window."""

    spend: int = 0
    points: int = 0
    visits: int = 0


@define
class Grant:
    """A rung that was given by hand or bought; as long as it lasts, nobody falls below it."""

    level: int
    since: datetime
    until: datetime
    """Exclusive."""
    order: str = ""
    """The purchase that it was bought with."""
    tier: str = ""
    """What it was bought as."""
    months: int = 0
    """How long it lasts where it was bought; bought again meanwhile, it lasts so much longer."""


@define
class Standing:
    """The working state of the tier fold; held by the account fold only."""

    level: int = 0
    """The rung that was earned, 0 is the lowest; a grant may put the member higher."""
    since: datetime | None = None
    until: datetime = FOREVER
    """When it is reviewed (the tier is kept up to this instant); ``FOREVER`` where it never is."""
    in_grace: bool = False
    """The tier would be lost, but for the grace days that run until ``until``."""
    counts_from: datetime = EPOCH
    """What was counted before does not count any more (overshoot lost, window by term)."""
    won_from: datetime = EPOCH
    """From when on what was done, up to ``since``, has won the present rung."""
    first: datetime | None = None
    """When the member's first purchase was: the anniversary."""
    grants: list[Grant] = Factory(list)
    """Those that are not over, in order of their beginning."""
    counted: list[Counted] = Factory(list)
    """Every purchase that ever counted, in the order of time."""
    head: int = 0
    """The place of the first purchase in the present window; the sums are of it and what follows."""
    summed_from: datetime = EPOCH
    spend: int = 0
    points: int = 0
    visits: int = 0

    def add(self, entry: Counted) -> None:
        """Count an entry, in its place."""
        counted = self.counted
        if counted and counted[-1].at > entry.at:
            counted.insert(bisect_right(counted, entry.at, key=lambda each: each.at), entry)
        else:
            counted.append(entry)
        self.sum(entry.spend, entry.points, entry.visits)

    def sum(self, spend: int, points: int, visits: int) -> None:
        """Add to what is summed up of the present window."""
        self.spend += spend
        self.points += points
        self.visits += visits
