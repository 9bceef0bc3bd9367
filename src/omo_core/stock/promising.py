"""Who waits for units, and from where: the part of the fold that keeps promises."""

from __future__ import annotations

from omo_core.identifiers import LocationId, OrderId
from omo_core.stock.events import AllocationId, PickedShort, PickingStarted, UnitsAllocated
from omo_core.stock.places import UNSOURCED, Promise, Share
from omo_core.stock.standing import Standing
from omo_core.trade import HandedOver, Refund


class Promising(Standing):
    """Keeps promises."""

    __slots__ = ()

    def _promise(self, promise: Promise, location: LocationId | None, units: int) -> None:
        """Let an order line wait."""
        key = (promise.order, promise.line)
        self.promises[key] = promise
        self._lines_of.setdefault(promise.order, {})[promise.line] = None
        self._put(promise, Share(UNSOURCED, location, units))

    def _put(self, promise: Promise, share: Share) -> None:
        """Add a share, to one that is just like it if there is one."""
        self._allocated[share.location] = self._allocated.get(share.location, 0) + share.units
        for known in promise.shares:
            same = (known.allocation, known.location, known.picking)
            if same == (share.allocation, share.location, share.picking):
                known.units += share.units
                return
        promise.shares.append(share)

    def _take(self, promise: Promise, share: Share, units: int) -> int:
        """Take units off a share, as far as it goes; says how many. What waits for nothing is forgotten."""
        taken = min(share.units, units)
        share.units -= taken
        self._allocated[share.location] -= taken
        if not self._allocated[share.location]:
            del self._allocated[share.location]
        if share.units == 0:
            promise.shares.remove(share)
        return taken

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
        self, event: HandedOver | Refund, line: str, units: int, location: LocationId | None, allocation: str = ""
    ) -> int:
        """Take units off what a line waits for, as far as it waits; says how many.

        The allocation that is named goes first, then what was to come from that location, then what was not sourced,
        then the rest in the order in which it was allocated.
        """
        promise = self._waiting(event.order, line)
        if promise is None:
            return 0
        promise.settled_at = max(promise.settled_at, event.at)
        left = units
        for share in sorted(promise.shares, key=lambda share: _nearness(share, location, allocation)):
            left -= self._take(promise, share, left)
            if left == 0:
                break
        self._forget_if_done(promise)
        return units - left

    def _cancel(self, order: OrderId) -> None:
        for promise in self.promises_of(order):
            for share in tuple(promise.shares):
                self._take(promise, share, share.units)
            self._forget_if_done(promise)

    def _allocate(self, event: UnitsAllocated) -> None:
        """Share a line out anew, but for what is being picked; never more than the line waits for."""
        promise = self._waiting(event.order, event.line)
        if promise is None:
            return
        promise.settled_at = max(promise.settled_at, event.at)
        loose = sum(self._take(promise, share, share.units) for share in tuple(promise.shares) if not share.picking)
        picking = {share.allocation for share in promise.shares}
        for part in event.parts:
            units = min(part.units, loose)
            if units and (part.allocation not in picking or part.allocation == UNSOURCED):
                self._put(promise, Share(part.allocation, part.location, units))
                loose -= units
        if loose:
            self._put(promise, Share(UNSOURCED, event.location, loose))

    def _pick(self, event: PickingStarted) -> None:
        waiting = self.promises_of(event.order) if self.sku in event.skus else ()
        if not waiting and self.sku in event.skus:
            self.early[event.order] = None
        for promise in waiting:
            promise.settled_at = max(promise.settled_at, event.at)
            for share in promise.shares:
                if share.location == event.location:
                    share.picking = True

    def _picked_short(self, event: PickedShort) -> None:
        """Put units back to the pool that a location could not give, and never ask it again for that line."""
        promise = self._waiting(event.order, event.line)
        if promise is None:
            return
        promise.settled_at = max(promise.settled_at, event.at)
        left = event.units
        for share in [share for share in promise.shares if share.location == event.location]:
            left -= self._take(promise, share, left)
        if left < event.units:
            self._put(promise, Share(UNSOURCED, None, event.units - left))
        if event.location not in promise.short_at:
            promise.short_at.append(event.location)


def _nearness(share: Share, location: LocationId | None, allocation: str) -> tuple[bool, int, bool]:
    named = bool(allocation) and share.allocation == AllocationId(allocation)
    place = 0 if share.location == location else 1 if share.location is None else 2
    return not named, place, not share.picking
