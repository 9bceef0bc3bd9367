"""Who waits for units, and from where: the part of the fold that keeps promises."""

from __future__ import annotations

from omo_core.events import Event
from omo_core.identifiers import LocationId, OrderId
from omo_core.purchases import Cancelled
from omo_core.stock.line_events import AllocationId, PickedShort, PickingStarted, UnitsAllocated
from omo_core.stock.places import UNSOURCED, AllocationMove, Promise, Share
from omo_core.stock.standing import Standing
from omo_core.trade import HandedLine, HandedOver, Refund, RefundLine


class Promising(Standing):
    """Keeps promises."""

    __slots__ = ()

    def _promise(self, event: Event, promise: Promise, location: LocationId | None, units: int) -> None:
        """Let an order line wait."""
        key = (promise.order, promise.line)
        self.promises[key] = promise
        self._lines_of.setdefault(promise.order, {})[promise.line] = None
        self._put(event, promise, Share(UNSOURCED, location, units), "promised")

    def _put(self, event: Event, promise: Promise, share: Share, what: str) -> None:
        """Add a share, to one that is just like it if there is one."""
        self._allocate_units(promise, share, share.units)
        self._enter(event, promise, share, share.units, what)
        for known in promise.shares:
            same = (known.allocation, known.location, known.picking)
            if same == (share.allocation, share.location, share.picking):
                known.units += share.units
                return
        promise.shares.append(share)

    def _take(self, event: Event, promise: Promise, share: Share, units: int, what: str) -> int:
        """Take units off a share, as far as it goes; says how many. What waits for nothing is forgotten."""
        taken = min(share.units, units)
        share.units -= taken
        self._allocate_units(promise, share, -taken)
        if share.units == 0:
            promise.shares.remove(share)
        self._enter(event, promise, share, -taken, what)
        return taken

    def _enter(self, event: Event, promise: Promise, share: Share, units: int, what: str) -> None:
        """Write a line of the book of allocations."""
        if self.book is None or not units:
            return
        self.book.append(
            AllocationMove(
                at=event.at,
                event=event.id,
                order=promise.order,
                line=promise.line,
                allocation=promise.name_of(share),
                location=share.location,
                units=units,
                what=what,
            )
        )

    def _forget_if_done(self, promise: Promise) -> None:
        if promise.shares:
            return
        del self.promises[promise.order, promise.line]
        lines = self._lines_of[promise.order]
        del lines[promise.line]
        if not lines:
            del self._lines_of[promise.order]

    def _waiting(self, order: OrderId, line: str) -> Promise | None:
        """Find the promise of a line; an order that nothing is known of is remembered."""
        promise = self.promises.get((self.names.get(order, order), line))
        if promise is None:
            self.early[order] = None
        return promise

    def _settle(
        self, event: HandedOver | Refund, line: HandedLine | RefundLine, units: int, location: LocationId | None
    ) -> list[tuple[AllocationId, int]]:
        """Take units off what a line waits for, as far as it waits; says how many, and of which allocations.

        The allocation that is named goes first, then what was to come from that location, then what was not sourced,
        then the rest in the order in which it was allocated.
        """
        promise = self._waiting(event.order, line.line)
        if promise is None:
            self._misfit(event, "not_awaited", line, location, units)
            return []
        promise.settled_at = max(promise.settled_at, event.at)
        self._known_allocation(event, promise, line, location, units)
        left, what = units, event.how if isinstance(event, HandedOver) else "cancelled"
        settled = []
        for share in _nearest_first(promise, location, line.allocation):
            taken = self._take(event, promise, share, left, what)
            settled.append((promise.name_of(share), taken))
            left -= taken
            if left == 0:
                break
        else:
            self._misfit(event, "not_awaited", line, location, left)
        self._forget_if_done(promise)
        return settled

    def _known_allocation(
        self,
        event: HandedOver | Refund | PickedShort,
        promise: Promise,
        line: HandedLine | RefundLine | PickedShort,
        location: LocationId | None,
        units: int,
    ) -> None:
        """Note when a document names an allocation that the line does not have."""
        if line.allocation and all(promise.name_of(share) != line.allocation for share in promise.shares):
            self._misfit(event, "unknown_allocation", line, location, units)

    def _cancel(self, event: Cancelled) -> None:
        for promise in self.promises_of(event.order):
            for share in tuple(promise.shares):
                self._take(event, promise, share, share.units, "cancelled")
            self._forget_if_done(promise)

    def _allocate(self, event: UnitsAllocated) -> None:
        """Share a line out anew, but for what is being picked; never more than the line waits for."""
        promise = self._waiting(event.order, event.line)
        if promise is None:
            return
        promise.settled_at = max(promise.settled_at, event.at)
        loose = sum(
            self._take(event, promise, share, share.units, "sourced")
            for share in tuple(promise.shares)
            if not share.picking
        )
        picking = {share.allocation for share in promise.shares}
        for part in event.parts:
            units = min(part.units, loose)
            if units and (part.allocation not in picking or part.allocation == UNSOURCED):
                self._put(event, promise, Share(part.allocation, part.location, units), "sourced")
                loose -= units
        if loose:
            self._put(event, promise, Share(UNSOURCED, event.location, loose), "sourced")

    def _pick(self, event: PickingStarted) -> None:
        waiting = self.promises_of(event.order) if self.sku in event.skus else ()
        if not waiting and self.sku in event.skus:
            self.early[event.order] = None
        for promise in waiting:
            promise.settled_at = max(promise.settled_at, event.at)
            for share in promise.shares:
                if share.location == event.location and event.allocation in ("", promise.name_of(share)):
                    share.picking = True

    def _picked_short(self, event: PickedShort) -> str:
        """Put units back to the pool that a location could not give, and never ask it again for that line.

        Gives the allocation that lost units, if it was one.
        """
        promise = self._waiting(event.order, event.line)
        if promise is None:
            self._misfit(event, "not_awaited", event, event.location, event.units)
            return ""
        promise.settled_at = max(promise.settled_at, event.at)
        self._known_allocation(event, promise, event, event.location, event.units)
        left, names = event.units, dict[str, None]()
        for share in _nearest_first(promise, event.location, event.allocation):
            if left and share.location == event.location:
                names[promise.name_of(share)] = None
                left -= self._take(event, promise, share, left, "picked short")
        if left < event.units:
            self._put(event, promise, Share(UNSOURCED, None, event.units - left), "picked short")
        self._misfit(event, "not_allocated_there", event, event.location, left)
        if event.location not in promise.short_at:
            promise.short_at.append(event.location)
        return next(iter(names)) if len(names) == 1 else ""


def _nearest_first(promise: Promise, location: LocationId | None, allocation: str) -> list[Share]:
    """Order the parts of a line by how well they fit what a document says of the units that it moved."""

    def nearness(share: Share) -> tuple[bool, int, bool]:
        named = bool(allocation) and promise.name_of(share) == allocation
        place = 0 if share.location == location else 1 if share.location is None else 2
        return not named, place, not share.picking

    return sorted(promise.shares, key=nearness)
