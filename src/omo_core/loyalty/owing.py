"""What was taken though it was not there, and what makes up for it.

A claw-back takes a purchase's own points. Those that are gone, spent or held, are made up for: by points of other lots,
by debt, or not at all, where the programme forgives. A redemption that found too little owes the rest. Debt is repaid
by the next points that become usable: then those stand in for what was missing.

When the missing points turn up, because a hold ends or a redemption is given back, all this is undone as if they had
been there at once: what was forgiven first, then what is owed, then what stood in, the latest first. So it makes no
difference in which order purchases are returned.
"""

from __future__ import annotations

from typing import Final

from attrs import Factory, define

from omo_core.loyalty.lots import Taken

FOR_GOOD: Final = "for good"
"""The cause of what deductions and transfers owe: they are never undone."""


def spent(redemption: str) -> str:
    """Name a redemption as a cause."""
    return f"spent:{redemption}"


@define
class Owing:
    """What makes up for the missing points of one cause."""

    debt: int = 0
    """What is still owed."""
    forgiven: int = 0
    """What the programme does not want."""
    stand_ins: Taken = Factory(list)
    """Points of other lots: taken at once, or by repaying the debt."""


@define
class Owings:
    """All that makes up for missing points of a member. A cause is a lot that was clawed back, or a redemption."""

    causes: dict[str, Owing] = Factory(dict)
    queue: list[str] = Factory(list)
    """The causes with debt, the first to owe first: that is repaid first."""
    debt: int = 0
    forgiven: int = 0

    def owe(self, cause: str, points: int) -> None:
        """Owe points that could not be found."""
        if points:
            owing = self._of(cause)
            if not owing.debt:
                self.queue.append(cause)
            owing.debt += points
            self.debt += points

    def forgive(self, cause: str, points: int) -> None:
        """Let go of points that could not be found."""
        if points:
            self._of(cause).forgiven += points
            self.forgiven += points

    def stand_in(self, cause: str, taken: Taken) -> None:
        """Let points of other lots stand in for those that could not be found."""
        if taken and cause != FOR_GOOD:
            self._of(cause).stand_ins += taken

    def repay(self, lot: str, points: int) -> int:
        """Let points of a lot stand in for what is owed, as far as there is debt; says how many do."""
        left = points
        while self.queue and left:
            cause = self.queue[0]
            owing = self.causes[cause]
            part = min(owing.debt, left)
            owing.debt -= part
            self.stand_in(cause, [(lot, part)])
            if not owing.debt:
                self.queue.pop(0)
            left -= part
        self.debt -= points - left
        return points - left

    def make_good(self, cause: str, points: int) -> tuple[int, Taken, int]:
        """Undo what makes up for points that turn up.

        Says how many had been forgiven, what of other lots is free, and how many points were not missing.
        """
        owing = self.causes.get(cause)
        if owing is None:
            return 0, [], points
        forgiven = min(owing.forgiven, points)
        owing.forgiven -= forgiven
        self.forgiven -= forgiven
        owed = min(owing.debt, points - forgiven)
        owing.debt -= owed
        self.debt -= owed
        if owed and not owing.debt:
            self.queue.remove(cause)
        freed, rest = _last(owing.stand_ins, points - forgiven - owed)
        return forgiven, freed, rest

    def _of(self, cause: str) -> Owing:
        return self.causes.setdefault(cause, Owing())


def _last(taken: Taken, points: int) -> tuple[Taken, int]:
    """Take the last so many points off a list, the latest first; says which, and how many it did not have."""
    freed: Taken = []
    while taken and points:
        lot, count = taken.pop()
        part = min(count, points)
        freed.append((lot, part))
        if part < count:
            taken.append((lot, count - part))
        points -= part
    return freed, points
