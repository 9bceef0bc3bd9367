"""Tiers that are given by hand or bought: for a while they lift a member above what was earned.

They lie on top and take nothing away: underneath, what is earned goes its own way, and is there again afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from attrs import Factory, define, evolve, frozen

from omo_core.errors import Malformed
from omo_core.identifiers import OrderId
from omo_core.instants import FOREVER, add_days, add_months, local_day, start_of_day
from omo_core.loyalty.ladder import Ladder
from omo_core.loyalty.programme import Ladders
from omo_core.loyalty.terms import INSTANT


@frozen(kw_only=True)
class Grant:
    """A tier given by hand or bought."""

    at: datetime
    tier: str
    """As it was called then."""
    until: datetime
    """Exclusive."""
    reviewed: bool = True
    """Whether it is reviewed at its end like a tier that was earned, or just ends."""
    order: OrderId | None = None
    """The purchase that paid for it."""
    months: int = 0
    """For how long that did, by what is left of it."""


@define(eq=False)
class Grants:
    """What was given to one member."""

    _ladders: Ladders
    _where: ZoneInfo
    all: list[Grant] = Factory(list)
    """In the order in which they were given."""

    def copy(self) -> Grants:
        """Give a copy that may change by itself."""
        return Grants(self._ladders, self._where, list(self.all))

    def live(self, at: datetime) -> list[Grant]:
        """Give what is in force at an instant."""
        return [each for each in self.all if each.at <= at < each.until]

    def name(self, grant: Grant, at: datetime) -> str:
        """Name the tier that was given as it is called at an instant, through all versions since."""
        name, before = grant.tier, None
        for since, ladder in self._ladders:
            if since > at:
                break
            if since > grant.at and ladder is not None and before is not None and before.place(name) is not None:
                name = ladder.carried(name, before)
            before = ladder or before
        return name

    def rung(self, grant: Grant, ladder: Ladder, at: datetime) -> int:
        """Find the rung that was given; 0 where the ladder has none of that name."""
        return ladder.place(self.name(grant, at)) or 0

    def highest(self, ladder: Ladder | None, at: datetime) -> int:
        """Give the place of the highest rung that is given at an instant."""
        return 0 if ladder is None else max([self.rung(each, ladder, at) for each in self.live(at)], default=0)

    def next_end(self, at: datetime) -> datetime:
        """Say when anything ends next."""
        return min([each.until for each in self.all if each.until > at], default=FOREVER)

    def ending(self, ladder: Ladder | None, at: datetime) -> list[tuple[int, Grant]]:
        """Give what ends at an instant and is reviewed then, with its rung, the highest first."""
        if ladder is None:
            return []
        ended = [(self.rung(each, ladder, at), each) for each in self.all if each.until == at and each.reviewed]
        return sorted(ended, key=lambda pair: (pair[0], pair[1].at), reverse=True)

    def forget(self, at: datetime) -> None:
        """Drop what is over; memberships stay, since the next of their tier begins where they end."""
        self.all = [each for each in self.all if each.order is not None or at < each.until]

    def sell(self, order: OrderId, tier: str, months: int, at: datetime) -> None:
        """Add a membership."""
        self.all.append(Grant(at=at, tier=tier, until=at, order=order, months=months))
        self._reckon()

    def shorten(self, order: OrderId, months: Mapping[str, int]) -> datetime | None:
        """Leave so many months of what an order paid for; without any it was never bought.

        Says from when on that makes a difference, if it makes one.
        """
        kept = [
            evolve(each, months=months.get(each.tier, each.months)) if each.order == order else each
            for each in self.all
        ]
        changed = [each.at for each, before in zip(kept, self.all, strict=True) if each.months != before.months]
        if not changed:
            return None
        self.all = [each for each in kept if each.order is None or each.months]
        self._reckon()
        return min(changed)

    def _reckon(self) -> None:
        """Say when each membership ends: after its last day; one of a tier that is paid for goes on from there."""
        last: dict[tuple[str, int], Grant] = {}
        for number, each in enumerate(self.all):
            if each.order is not None:
                ends = [one.until for one in last.values() if self.name(one, each.at) == each.tier]
                begins = max([each.at, *(end - INSTANT for end in ends)])
                sold = self.all[number] = evolve(each, until=self._months_later(begins, each.months))
                called = sold.tier, sum(since <= sold.at for since, _ in self._ladders)
                last[called] = max(sold, last.get(called, sold), key=_end)

    def _months_later(self, begins: datetime, months: int) -> datetime:
        try:
            last = add_months(local_day(begins, self._where), months)
            return min(start_of_day(add_days(last, 1), self._where), FOREVER)
        except (Malformed, OverflowError):
            return FOREVER  # beyond the calendar is never


def _end(grant: Grant) -> datetime:
    return grant.until
