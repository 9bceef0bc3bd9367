"""Holds and transfers: points that leave their lots without being spent yet, and points that change hands."""

from __future__ import annotations

from datetime import datetime

from omo_core.loyalty.events import Parcel
from omo_core.loyalty.ledger import Ledger
from omo_core.loyalty.lots import Ending, Hold, Spend, Taken


def hold(ledger: Ledger, id: str, points: int, until: datetime, order: str) -> None:
    """Set points apart; as far as there are any (a hold is only ever accepted when there are)."""
    taken, short = ledger.take(points, order)
    ledger.holds[id] = Hold(id, until, taken)
    ledger.held += points - short


def capture(ledger: Ledger, id: str, event: str, points: int, order: str, *, ends: bool) -> int:
    """Spend points of a hold, first taken first; what it does not have is redeemed from the rest, or owed.

    Says how many points of what it lets go have expired by now.
    """
    held = ledger.holds.get(id)
    first, rest = _cut(held.taken if held is not None else [], points)
    got = sum(count for _, count in first)
    ledger.held -= got
    ledger.spends[event] = Spend(event, points, first)
    ledger.spent += points
    if got < points:
        more, short = ledger.take(points - got, order)
        ledger.spends[event].taken = _joined(first, more, short)
        ledger.overdraw(short)
    if held is not None:
        held.taken = rest
        if ends or not rest:
            return end(ledger, id, "captured")[1]
    return 0


def end(ledger: Ledger, id: str, how: Ending) -> tuple[int, int]:
    """Let go what a hold still holds; says how many points that were, and how many of them have expired by now."""
    held = ledger.holds.pop(id, None)
    if held is None:
        return 0, 0
    ledger.ended_holds[id] = how
    points = sum(count for _, count in held.taken)
    ledger.held -= points
    return points, sum(ledger.put_back(lot, count) for lot, count in held.taken)


def time_out(ledger: Ledger, at: datetime) -> list[tuple[str, int, int]]:
    """Let go every hold whose time has run out; says which, how many points, how many of them expired."""
    over = sorted(held.id for held in ledger.holds.values() if held.until <= at)
    return [(name, *end(ledger, name, "timed_out")) for name in over]


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
