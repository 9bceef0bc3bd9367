"""Holds and transfers: points that leave their lots without being spent yet, and points that change hands."""

from __future__ import annotations

from datetime import datetime
from itertools import chain
from typing import Final

from attrs import frozen

from omo_core.instants import EPOCH, FOREVER
from omo_core.loyalty.events import HoldCaptured, Parcel, PointsHeld
from omo_core.loyalty.ledger import Ledger
from omo_core.loyalty.lots import Ending, Hold, Lot, Spend, Taken
from omo_core.loyalty.owing import spent


@frozen
class LetGo:
    """What became of points that a hold let go."""

    points: int
    expired: int
    """How many of them have expired by now."""
    reclaimed: int
    """How many go to the claw-back that had found them gone."""


NOTHING: Final = LetGo(0, 0, 0)


def hold_key(profile: str, name: str) -> str:
    """Tell holds apart: a record and a name that it gave; neither may have a line break in it."""
    return f"{profile}\n{name}"


def find(ledger: Ledger, profile: str, name: str) -> str | None:
    """Say which hold a record means by a name: its own; else one of another record that is the same member's.

    Among those of others the first to be opened that is alive, else the first that ended.
    """
    own = hold_key(profile, name)
    if own in ledger.holds or own in ledger.ended_holds:
        return own
    others = (key for key in (*ledger.holds, *ledger.ended_holds) if key.partition("\n")[2] == name)
    return next(others, None)


def hold(ledger: Ledger, event: PointsHeld, spending: str) -> int:
    """Set points apart; as far as there are any (a hold is only ever accepted when there are); says how many.

    A record that says so twice under one name has set more apart, until the later of the two ends.
    """
    taken, short = ledger.take(event.points, spending)
    key = hold_key(event.profile, event.hold)
    ledger.ended_holds.pop(key, None)
    opened = Hold(event.profile, event.hold, event.until, [], event.order or "", event.currency)
    held = ledger.holds.setdefault(key, opened)
    held.taken = _joined(held.taken, taken)
    held.until = max(held.until, event.until)
    ledger.held += event.points - short
    return event.points - short


def capture(ledger: Ledger, id: str | None, event: HoldCaptured, spending: str) -> LetGo:
    """Spend points of a hold, first taken first; what it does not have is redeemed from the rest, or owed.

    Says what became of what it lets go.
    """
    held = ledger.holds.get(id or "")
    first, rest = _cut(held.taken if held is not None else [], event.points)
    got = sum(count for _, count in first)
    ledger.held -= got
    ledger.spends[event.id] = Spend(event.id, event.points, first, event.order or "")
    ledger.spent += event.points
    if got < event.points:
        more, short = ledger.take(event.points - got, spending)
        ledger.spends[event.id].taken = _joined(first, more, [("", short)])
        ledger.overdraw(short, spent(event.id))
    if held is not None:
        held.taken = rest
        if event.ends or not rest:
            return end(ledger, id, "captured")
    return NOTHING


def end(ledger: Ledger, id: str | None, how: Ending) -> LetGo:
    """Let go what a hold still holds."""
    held = ledger.holds.pop(id or "", None)
    if held is None or id is None:
        return NOTHING
    ledger.ended_holds[id] = how
    points = sum(count for _, count in held.taken)
    ledger.held -= points
    expired = reclaimed = 0
    for lot, count in held.taken:
        too_late, taken = ledger.put_back(lot, count)
        expired += too_late
        reclaimed += taken
    return LetGo(points, expired, reclaimed)


def time_out(ledger: Ledger, at: datetime) -> list[tuple[str, LetGo]]:
    """Let go every hold whose time has run out."""
    over = sorted(key for key, held in ledger.holds.items() if held.until <= at)
    return [(ledger.holds[key].id, end(ledger, key, "timed_out")) for key in over]


def next_time_out(ledger: Ledger) -> datetime | None:
    """Say when the next hold runs out."""
    return min((held.until for held in ledger.holds.values()), default=None)


def give(ledger: Ledger, points: int, order: str) -> None:
    """Let points go to another member; what is missing is owed."""
    _, short = ledger.take(points, order)
    ledger.overdraw(short)
    ledger.given += points


def parcels(ledger: Ledger, points: int, order: str, lapse: datetime) -> tuple[Parcel, ...]:
    """Say how so many points would be taken, without taking them: by expiry, in spending order.

    What would lapse for the giver without any more activity ends on that day for the receiver, active or not.
    """
    found: dict[datetime, int] = {}
    for lot_id, count in ledger.would_take(points, order):
        lot = ledger.lots[lot_id]
        expires = lapse if lot.lapses else lot.expires_at
        found[expires] = found.get(expires, 0) + count
    return tuple(
        Parcel(points=count, expires_at=None if expires == FOREVER else expires) for expires, count in found.items()
    )


def lapse(ledger: Ledger, at: datetime) -> list[tuple[str, int]]:
    """Let go the lots that live by activity; says how much of which.

    They have ended: what comes back to them from a hold or a redemption is gone too.
    """
    ledger.lapsed = at
    gone = []
    for lot in ledger.lots.values():
        if lot.lapses and lot.gone_at is None:
            lot.gone_at = at
            if lot.left:
                gone.append((lot.id, lot.left))
                ledger.expire(lot)
    return gone


def expired_since(ledger: Ledger, since: datetime) -> list[Lot]:
    """Give the lots of which something has expired on or after an instant."""
    return [lot for lot in ledger.lots.values() if lot.expired and lot.gone_at is not None and lot.gone_at >= since]


def reinstate(ledger: Ledger, since: datetime, id: str, expires_at: datetime) -> int:
    """Make one new lot of what expired on or after an instant; says how much that was."""
    back = 0
    for lot in expired_since(ledger, since):
        back += lot.expired
        ledger.expired -= lot.expired
        lot.points -= lot.expired
        lot.expired = 0
    if back:
        ledger.earned -= back
        ledger.credit(id, back, EPOCH, EPOCH, expires_at)
    return back


def _cut(taken: Taken, points: int) -> tuple[Taken, Taken]:
    """Part what was taken into the first so many points and the rest."""
    first: Taken = []
    rest: Taken = []
    for lot, count in taken:
        share = min(count, points)
        points -= share
        first += [(lot, share)] if share else []
        rest += [(lot, count - share)] if count > share else []
    return first, rest


def _joined(*takings: Taken) -> Taken:
    """Put takings together, each lot once."""
    total: dict[str, int] = {}
    for lot, count in chain.from_iterable(takings):
        if count:
            total[lot] = total.get(lot, 0) + count
    return list(total.items())
