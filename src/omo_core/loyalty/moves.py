"""Holds and transfers: points that leave their lots without being spent yet, and points that change hands."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from attrs import frozen

from omo_core.instants import EPOCH
from omo_core.loyalty.events import Parcel
from omo_core.loyalty.ledger import Ledger
from omo_core.loyalty.lots import Ending, Hold, Spend, Taken


@frozen
class LetGo:
    """What became of points that a hold let go."""

    points: int
    expired: int
    """How many of them have expired by now."""
    reclaimed: int
    """How many go to the claw-back that had found them gone."""


NOTHING: Final = LetGo(0, 0, 0)


def hold(ledger: Ledger, id: str, points: int, until: datetime, order: str) -> None:
    """Set points apart; as far as there are any (a hold is only ever accepted when there are)."""
    taken, short = ledger.take(points, order)
    ledger.holds[id] = Hold(id, until, taken, ledger.next_number())
    ledger.held += points - short


def capture(ledger: Ledger, id: str, event: str, points: int, order: str, *, ends: bool) -> LetGo:
    """Spend points of a hold, first taken first; what it does not have is redeemed from the rest, or owed.

    Says what became of what it lets go.
    """
    held = ledger.holds.get(id)
    first, rest = _cut(held.taken if held is not None else [], points)
    got = sum(count for _, count in first)
    ledger.held -= got
    number = held.number if held is not None else ledger.next_number()
    ledger.spends[event] = Spend(event, points, first, number=number)
    ledger.spent += points
    if got < points:
        more, short = ledger.take(points - got, order)
        ledger.spends[event].taken = _joined(first, more, short)
        ledger.overdraw(short)
    if held is not None:
        held.taken = rest
        if ends or not rest:
            return end(ledger, id, "captured")
    return NOTHING


def end(ledger: Ledger, id: str, how: Ending) -> LetGo:
    """Let go what a hold still holds."""
    held = ledger.holds.pop(id, None)
    if held is None:
        return NOTHING
    ledger.ended_holds[id] = how
    points = sum(count for _, count in held.taken)
    ledger.held -= points
    expired = reclaimed = 0
    for lot, count in held.taken:
        too_late, taken = ledger.put_back(lot, count, held.number)
        expired += too_late
        reclaimed += taken
    return LetGo(points, expired, reclaimed)


def time_out(ledger: Ledger, at: datetime) -> list[tuple[str, LetGo]]:
    """Let go every hold whose time has run out."""
    over = sorted(held.id for held in ledger.holds.values() if held.until <= at)
    return [(name, end(ledger, name, "timed_out")) for name in over]


def next_time_out(ledger: Ledger) -> datetime | None:
    """Say when the next hold runs out."""
    return min((held.until for held in ledger.holds.values()), default=None)


def give(ledger: Ledger, points: int, order: str) -> None:
    """Let points go to another member; what is missing is owed."""
    _, short = ledger.take(points, order)
    ledger.overdraw(short)
    ledger.given += points


def parcels(ledger: Ledger, points: int, order: str, forever: datetime) -> tuple[Parcel, ...]:
    """Say how so many points would be taken, without taking them: by expiry, in spending order."""
    found: dict[datetime, int] = {}
    for lot_id, count in ledger.would_take(points, order):
        expires = ledger.lots[lot_id].expires_at
        found[expires] = found.get(expires, 0) + count
    return tuple(
        Parcel(points=count, expires_at=None if expires == forever else expires) for expires, count in found.items()
    )


def lapse(ledger: Ledger, at: datetime) -> list[tuple[str, int]]:
    """Let go everything that is usable, for want of activity; says how much of which lots."""
    gone = [(lot.id, lot.left) for lot in ledger.lots.values() if lot.left and not lot.pending]
    for lot_id, _ in gone:
        ledger.expire(ledger.lots[lot_id])
        ledger.lots[lot_id].gone_at = at
    return gone


def reinstate(ledger: Ledger, expired_since: datetime, id: str, expires_at: datetime) -> int:
    """Make one new lot of what expired on or after an instant; says how much that was."""
    back = 0
    for lot in ledger.lots.values():
        if lot.expired and lot.gone_at is not None and lot.gone_at >= expired_since:
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


def _joined(first: Taken, more: Taken, short: int) -> Taken:
    """Put two takings together, each lot once."""
    total: dict[str, int] = {}
    for lot, count in (*first, *more, ("", short)):
        if count:
            total[lot] = total.get(lot, 0) + count
    return list(total.items())
