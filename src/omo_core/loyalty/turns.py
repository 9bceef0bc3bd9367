"""What becomes of a member's tier, in the words of a statement: won, kept, lost, in grace, renamed."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from attrs import frozen

from omo_core.loyalty.judging import Standing
from omo_core.loyalty.ladder import Ladder

Became = Literal[
    "tier won", "tier kept", "tier lost", "tier in grace", "tier renamed", "tier granted", "tier not known"
]
Cause = Literal["purchase", "review", "grant", "refund", "programme"]


@frozen(kw_only=True)
class Turn:
    """What became of a tier at an instant."""

    at: datetime
    what: Became
    tier: str
    """The tier that it is about: won, kept, lost down to, given."""
    cause: Cause


@frozen(kw_only=True)
class Seen:
    """Where somebody stands, to be compared with where they stand afterwards."""

    ladder: Ladder | None
    place: int
    """The higher of what is earned and what was given."""
    standing: Standing

    @property
    def name(self) -> str:
        """Name the tier; empty where there are none."""
        return self.ladder.tiers[self.place].name if self.ladder is not None else ""


def turned(before: Seen, after: Seen) -> Became | None:
    """Say what became of a tier, if anything did."""
    if before.ladder != after.ladder:
        return _carried(before, after)
    if after.place != before.place:
        return "tier won" if after.place > before.place else "tier lost"
    if after.standing is before.standing or after.name != after.standing.tier:
        return None  # nothing happened, or not to the tier that shows
    if after.standing.due is not None and before.standing.due is None:
        return "tier in grace"
    return "tier kept" if after.standing.since != before.standing.since else None


def _carried(before: Seen, after: Seen) -> Became | None:
    """Compare with the rung of the new ladder that stands for the old one; nobody has won or lost everybody's."""
    if before.ladder is None or after.ladder is None:
        return "tier won" if after.place else "tier lost" if before.place else None
    name = before.name if before.place else ""
    there = after.ladder.place(after.ladder.carried(name, before.ladder)) or 0
    if after.place > there:
        return "tier won"
    if after.name == before.name or not before.place:
        return None
    return "tier renamed" if before.name in after.ladder.tiers[after.place].replaces else "tier lost"
