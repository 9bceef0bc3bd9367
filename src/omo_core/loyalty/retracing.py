"""The trail of a member's standing, so that it can be walked again when something of it came back.

With ``refund = "immediate"`` a tier is at once what it would be if what came back had never been bought. That is the
walk from the purchase on, with what is left of everything. Most steps of it need no look: less was bought than when it
was walked first, so where nothing was reached then, from the same rung and counting no less, nothing is reached now.
"""

from __future__ import annotations

from bisect import bisect_right

from attrs import Factory, define

from omo_core.loyalty.judging import Standing
from omo_core.loyalty.ladder import Ladder


@define
class Trail:
    """For every purchase the standing that was had before it counted; equal ones that follow each other once."""

    places: list[int] = Factory(lambda: [0])
    """From which purchase on."""
    standings: list[Standing] = Factory(lambda: [Standing()])
    stale: int | None = None
    """The first purchase of which something came back that did not change the standing then."""

    def note(self, place: int, standing: Standing) -> None:
        """Write down the standing before a purchase, and before those that follow."""
        if self.standings[-1] is standing:
            return
        if self.places[-1] == place:
            self.standings[-1] = standing
        else:
            self.places.append(place)
            self.standings.append(standing)

    def before(self, place: int) -> Standing:
        """Give the standing before a purchase."""
        return self.standings[bisect_right(self.places, place) - 1]

    def cut(self, place: int) -> Trail:
        """Forget what was had from a purchase on, and give what was."""
        old = Trail(self.places, self.standings)
        keep = bisect_right(self.places, place)
        self.places, self.standings = self.places[:keep], self.standings[:keep]
        self.stale = None
        return old

    def next_look(self, place: int, standing: Standing, ladder: Ladder) -> int | None:
        """Say at which purchase from a place on something may be reached, by what this trail knows; none: at none."""
        run = bisect_right(self.places, place) - 1
        was = self.standings[run]
        if standing.due is not None or was.due is not None or was.tier != standing.tier:
            return place
        if was.counts_from(ladder) > standing.counts_from(ladder) or was.overs != standing.overs:
            return place
        return self.places[run + 1] - 1 if run + 1 < len(self.places) else None
