"""What an article's history says for rebalancing: what each place has, sells, and will get without anybody's doing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from attrs import frozen

from omo_core.identifiers import LocationId
from omo_core.instants import FOREVER
from omo_core.quantities import UNITS_MAX, whole
from omo_core.stock.balancing import Level
from omo_core.stock.places import Movement
from omo_core.stock.pooling import free_for
from omo_core.stock.rules import StockRules
from omo_core.stock.standing import Standing

SOLD: Final = frozenset({"sold", "collected", "shipped"})
"""What the ledger calls goods that customers took."""
DAYS_MAX: Final = 3_660


@frozen(kw_only=True)
class Cover:
    """What a shop wants to lie in its places."""

    days: int = 14
    """For how many days of sales there should be enough."""
    looking_back_days: int = 28
    """Of how many days the sales are counted."""
    display_min: int = 0
    """What lies in each place at least."""

    def check(self) -> None:
        """Raise ``Malformed`` when the wish can't mean anything."""
        whole(self.days, "days", low=0, high=DAYS_MAX)
        whole(self.looking_back_days, "looking_back_days", low=1, high=DAYS_MAX)
        whole(self.display_min, "display_min", low=0, high=UNITS_MAX)


def levels_of(
    positions: Standing,
    ledger: Iterable[Movement],
    rules: StockRules,
    at: datetime,
    cover: Cover,
    *,
    also: Iterable[LocationId] = (),
) -> tuple[Level, ...]:
    """Give an article's levels in every place that it was ever in, and in those that are named ``also``.

    What others were promised, also in a pool, is not spared. A place should have its safety stock at least.
    """
    cover.check()
    since = at - timedelta(days=cover.looking_back_days)
    gone: dict[LocationId, int] = {}
    for movement in ledger:
        if movement.what in SOLD and since < movement.at <= at:
            gone[movement.location] = gone.get(movement.location, 0) - movement.units
    return tuple(
        Level(
            location=place,
            free=positions.free(place, at),
            spare=free_for(positions, rules, place, at),
            inbound=inbound(positions, place, at, at + timedelta(days=cover.days)),
            sells=max(0, gone.get(place, 0)) * 1_000 // cover.looking_back_days,
            cover_days=cover.days,
            display_min=max(cover.display_min, rules.kept_in(place, positions.sku, at, "")),
        )
        for place in dict.fromkeys((*positions.locations(), *also))
    )


def inbound(positions: Standing, location: LocationId, at: datetime, by: datetime) -> int:
    """Give what will come to a place: of transfers what is still to leave too, and deliveries that are expected.

    A delivery that comes too late does not count, nor one that is overdue; one that nobody has told a day of does, for
    goods that were bought once need not be brought a second time.
    """
    moved = sum(
        one.ordered + max(0, one.in_transit) for one in positions.transfers.values() if one.destination == location
    )
    expected = sum(
        one.units
        for one in positions.incoming.values()
        if one.location == location and (at <= one.due_at <= by or one.due_at == FOREVER)
    )
    return moved + expected
