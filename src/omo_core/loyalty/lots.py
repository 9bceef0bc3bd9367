"""Lots of points, what is taken from them, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final, Literal, get_args

from attrs import Factory, define, frozen

Origin = Literal["grant", "order", "reinstated", "transfer"]
"""What a lot comes from."""
ORIGINS: Final[Mapping[str, Origin]] = MappingProxyType({origin: origin for origin in get_args(Origin)})


def lot_of(of: Origin, name: str) -> str:
    """Name a lot after what it comes from: an order and a grant may bear the same name, and are two lots."""
    return f"{of}:{name}"


def lot_name(id: str) -> str:
    """Give the order, the grant or the transfer that a lot is named after."""
    return id.partition(":")[2]


@define
class Lot:
    """Points that were credited together and are gone together."""

    id: str
    """What it comes from and that thing's name (``lot_of``)."""
    points: int
    """What it was credited with; less what was clawed back."""
    usable_from: datetime
    expires_at: datetime
    """Exclusive; ``FOREVER`` for never."""
    left: int = 0
    """What of it can still be spent, now or once it is usable."""
    expired: int = 0
    """What of it expired unspent."""
    gone_at: datetime | None = None
    """When the latest of that expired."""
    pending: bool = False
    lapses: bool = False
    """Whether it may go for want of activity: no rule and no word set its end, or said that there is none."""
    listed: bool = False
    """Whether it stands in the list of lots that can be spent from."""


Taken = list[tuple[str, int]]
"""Lot id and points, in the order taken; what was missing stands under the empty id."""


@define
class Spend:
    """A redemption, with the lots it took from so that it can be undone exactly."""

    id: str
    points: int
    taken: Taken
    order: str = ""
    """The purchase that it paid for, if any."""
    returned: dict[str, int] = Factory(dict)
    """Lot id to points given back so far."""


Ending = Literal["captured", "voided", "timed_out"]


@define
class Hold:
    """Points that are set apart; they have left their lots already."""

    profile: str
    """The record that opened it: two records may call their holds by one name, and be one member later."""
    id: str
    until: datetime
    taken: Taken
    order: str = ""
    """The purchase that it is to pay for, and in which money, where its opening said so."""
    currency: str = ""

    @property
    def points(self) -> int:
        """Give how many points it holds."""
        return sum(points for _, points in self.taken)


@frozen(kw_only=True)
class Line:
    """One line of a statement: which event moved how many points, and by which rule."""

    at: datetime
    event: str
    what: str
    points: int
    """What it did to the balance (usable, pending and held points, less debt)."""
    balance: int
    """Afterwards."""
    rule: str
    amount: int = 0
    """How many points it is about, whether or not the balance moves."""
    version: str = ""
    """The programme's version whose rule it was."""
    lot: str = ""
    """The lot that it is about, where it is about one (``lot_of``)."""
    tier: str = ""
    """Where it is about a tier, which one: won, kept, lost down to, given."""


Key = tuple[datetime, datetime, str]
"""Expiry, first usable instant, lot id."""


def _soonest_expiry(open_lots: list[Key]) -> list[Key]:
    return list(open_lots)


def _oldest(open_lots: list[Key]) -> list[Key]:
    return sorted(open_lots, key=lambda key: (key[1], key[0], key[2]))


SPENDING_ORDERS: Final[Mapping[str, Callable[[list[Key]], list[Key]]]] = MappingProxyType(
    {"soonest_expiry": _soonest_expiry, "oldest": _oldest}
)
"""Which lot is spent first. Equal lots: the other date, then what the lot comes from
(grants, orders, reinstated, transfers) and its name. What never expires comes last."""
