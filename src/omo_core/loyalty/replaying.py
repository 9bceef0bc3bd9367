"""A whole history folded anew, by the rate that the programme names for records that became one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from omo_core.events import Event
from omo_core.identifiers import OrderId, ProfileId
from omo_core.instants import FOREVER
from omo_core.joinings import Joining
from omo_core.loyalty.folding import Folding
from omo_core.loyalty.ladder import Ladder, Tier
from omo_core.loyalty.lots import Line
from omo_core.loyalty.programme import Programme
from omo_core.loyalty.timeline import timeline
from omo_core.trade import Sale


def fold(
    programme: Programme,
    events: Iterable[Event],
    profiles: Collection[ProfileId],
    *,
    until: datetime = FOREVER,
    lines: list[Line] | None = None,
    joined: Sequence[Joining] = (),
) -> Folding:
    """Fold the whole of a history, or what had happened by an instant; ``joined`` as for ``Folding``."""
    folding = Folding(programme, profiles, lines=lines, joined=joined)
    if folding.joined:
        events = list(events)
        folding.rates = _rates(programme, events, folding.joined, until)
    _feed(folding, events, until)
    return folding


def _feed(folding: Folding, events: Iterable[Event], until: datetime) -> None:
    known = (event for event in events if event.at <= until)
    for event in timeline(known, folding.profiles, folding.programme):
        if event.at <= until:  # a sale's cancellation may come later than the sale
            folding.feed(event)


def _rates(
    programme: Programme, events: Sequence[Event], joined: Sequence[Joining], until: datetime
) -> Mapping[OrderId, Tier | None]:
    """Give the tiers by which purchases earned while the records that they were made on were not one with all others.

    Where two groups of records become one, each is folded up to then as if that had never come. What was bought by
    then keeps its tier through all later joinings.
    """
    groups: dict[ProfileId, tuple[ProfileId, ...]] = {}
    rates: dict[OrderId, Tier | None] = {}
    for joining in joined:
        sides = [groups.get(each, (each,)) for each in (joining.one, joining.other)]
        before = [event for event in events if event.at < joining.at]
        new: dict[OrderId, Tier | None] = {}
        for side in sides:
            apart = _Apart(programme, side)
            apart.rates = rates
            _feed(apart, before, until)
            new |= apart.written
        rates |= new
        both = (*sides[0], *sides[1])
        groups.update(dict.fromkeys(both, both))
    return rates


class _Apart(Folding):
    """A fold of records that are not one with all others yet; it writes down by which tier each purchase earned."""

    __slots__ = ("written",)

    def __init__(self, programme: Programme, profiles: Collection[ProfileId]) -> None:
        super().__init__(programme, profiles)
        self.written: dict[OrderId, Tier | None] = {}

    def tier_of(self, sale: Sale, ladder: Ladder | None) -> Tier | None:
        """Give the tier by which a purchase earns, and write it down where it is one of these records'."""
        tier = super().tier_of(sale, ladder)
        if sale.profile in self.profiles:
            self.written.update(dict.fromkeys((sale.order, *sale.also), tier))
        return tier
