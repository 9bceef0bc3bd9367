"""Why stock is not promised, in order of precedence: where several apply, the first is given."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from omo_core.decisions import Refusal
from omo_core.identifiers import HoldId, LocationId, Sku


@frozen(kw_only=True)
class HoldExists(Refusal):
    """A hold goes by that id already."""

    kind: ClassVar[str] = "hold_exists"
    hold: HoldId

    def say(self) -> str:
        """Say it to people."""
        return f"A hold is called {self.hold} already."


@frozen(kw_only=True)
class HoldUnknown(Refusal):
    """No such hold, or it has ended."""

    kind: ClassVar[str] = "hold_unknown"
    hold: HoldId

    def say(self) -> str:
        """Say it to people."""
        return f"There is no hold {self.hold}, or it has ended."


@frozen(kw_only=True)
class LineUnknown(Refusal):
    """No order line of that id waits for the article."""

    kind: ClassVar[str] = "line_unknown"
    order: str
    line: str

    def say(self) -> str:
        """Say it to people."""
        return f"No line {self.line} of order {self.order} waits for the article."


@frozen(kw_only=True)
class AllocationUnknown(Refusal):
    """The order line has no part of that name."""

    kind: ClassVar[str] = "allocation_unknown"
    order: str
    line: str
    allocation: str

    def say(self) -> str:
        """Say it to people."""
        return f"Line {self.line} of order {self.order} has no allocation {self.allocation}."


@frozen(kw_only=True)
class PickingUnderway(Refusal):
    """The units are being picked: they stay where they are until they are handed over or not found."""

    kind: ClassVar[str] = "picking_underway"
    order: str
    location: LocationId

    def say(self) -> str:
        """Say it to people."""
        return f"{self.location} is picking order {self.order} already."


@frozen(kw_only=True)
class NotAllocatedThere(Refusal):
    """Nothing of the order was to come from that location."""

    kind: ClassVar[str] = "not_allocated_there"
    order: str
    location: LocationId

    def say(self) -> str:
        """Say it to people."""
        return f"Nothing of order {self.order} was to come from {self.location}."


@frozen(kw_only=True)
class MoreThanAwaited(Refusal):
    """The plan gives a line more units than it waits for."""

    kind: ClassVar[str] = "more_than_awaited"
    order: str
    line: str
    asked: int
    awaited: int

    def say(self) -> str:
        """Say it to people."""
        return f"Line {self.line} of order {self.order} waits for {self.awaited}, not for {self.asked}."


@frozen(kw_only=True)
class WasShort(Refusal):
    """The location could not give this line before, and is not asked again for it."""

    kind: ClassVar[str] = "was_short"
    order: str
    line: str
    location: LocationId

    def say(self) -> str:
        """Say it to people."""
        return f"{self.location} could not give line {self.line} of order {self.order} before."


@frozen(kw_only=True)
class TransferExists(Refusal):
    """A transfer goes by that id already."""

    kind: ClassVar[str] = "transfer_exists"
    transfer: str

    def say(self) -> str:
        """Say it to people."""
        return f"A transfer is called {self.transfer} already."


@frozen(kw_only=True)
class Short(Refusal):
    """Fewer units of one article are free than were asked for, all lines of the command together."""

    kind: ClassVar[str] = "short"
    sku: Sku
    location: LocationId | None
    """None: in the pool."""
    asked: int
    free: int

    def say(self) -> str:
        """Say it to people."""
        where = self.location or "all places together"
        return f"{self.asked} of {self.sku} were asked for, {self.free} are free in {where}."


@frozen(kw_only=True)
class NotEnoughUnits(Refusal):
    """Not all that was asked for is free; nothing was held."""

    kind: ClassVar[str] = "not_enough_units"
    worth_retrying: ClassVar[bool] = True
    shortages: tuple[Short, ...]
    """Every article that falls short, in the order asked."""

    def say(self) -> str:
        """Say it to people."""
        return " ".join(short.say() for short in self.shortages)


@frozen(kw_only=True)
class PromisedToOthers(Refusal):
    """The units are there, but for others: whoever was promised first is served first."""

    kind: ClassVar[str] = "promised_to_others"
    worth_retrying: ClassVar[bool] = True
    sku: Sku
    others: tuple[str, ...]
    """Order lines, holds and transfers that would lose units, in the order in which they are served."""

    def say(self) -> str:
        """Say it to people."""
        more = f" and {len(self.others) - 3} more" if len(self.others) > 3 else ""
        return f"What is there of {self.sku} is promised to {', '.join(self.others[:3])}{more}."


@frozen(kw_only=True)
class Full(Refusal):
    """A location has no place left in a slot for so many parcels."""

    kind: ClassVar[str] = "full"
    location: LocationId
    slot: str
    asked: int
    free: int

    def say(self) -> str:
        """Say it to people."""
        return f"{self.location} can pack {self.free} parcels more in {self.slot}, not {self.asked}."


@frozen(kw_only=True)
class SlotsFull(Refusal):
    """Not every location can pack what was asked of it in its slot; nothing was held or committed."""

    kind: ClassVar[str] = "slots_full"
    worth_retrying: ClassVar[bool] = True
    full: tuple[Full, ...]
    """Every slot that is full, in the order asked."""

    def say(self) -> str:
        """Say it to people."""
        return " ".join(one.say() for one in self.full)


StockRefusal = (
    HoldExists
    | HoldUnknown
    | LineUnknown
    | AllocationUnknown
    | PickingUnderway
    | NotAllocatedThere
    | MoreThanAwaited
    | WasShort
    | TransferExists
    | NotEnoughUnits
    | PromisedToOthers
    | SlotsFull
)
