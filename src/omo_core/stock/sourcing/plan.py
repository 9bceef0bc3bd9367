"""A plan: which location sends what, what it costs, how good it is at best, and why each location won or lost."""

from __future__ import annotations

from attrs import frozen

from omo_core.identifiers import LocationId, Sku


@frozen(kw_only=True)
class Score:
    """What a plan costs; smaller is better, in the order that the policy names."""

    parcels: int
    cost: int
    distance: int


@frozen(kw_only=True)
class Picked:
    """Units of a line that one location gives."""

    line: str
    sku: Sku
    units: int


@frozen(kw_only=True)
class Parcel:
    """What one location sends (or, where the order is collected there, has lying ready)."""

    location: LocationId
    picked: tuple[Picked, ...]


@frozen(kw_only=True)
class Verdict:
    """Why a location is in the plan, or is not."""

    location: LocationId
    why: str
    """``chosen``; ``excluded``, ``outside_zone``, ``no_capacity``, ``not_for_pickup``, ``nothing_of_it``,
    ``not_all_of_it`` (of lines that stay together), ``not_trusted``, ``was_short``; or ``costs_more``, ``not_better``.
    """
    at_best: Score | None = None
    """What no plan that uses it can beat; a plan with it may well cost more than that."""


@frozen(kw_only=True)
class Plan:
    """Where the units of an order are to come from."""

    parcels: tuple[Parcel, ...]
    short: tuple[Picked, ...] = ()
    """What is not in it: no location has it, or the policy does not let it go."""
    withheld: bool = False
    """Locations have some of what is short; the policy (parcels, worth, what must be used) keeps it back."""
    score: Score
    bound: Score
    """No plan can be better than this."""
    proven: bool
    """It is known that no plan is better: score and bound are one."""
    method: str
    """``exact``, the name of a greedy strategy, or of a solver."""
    nodes: int = 0
    """How many partial plans were looked at."""
    verdicts: tuple[Verdict, ...] = ()

    @property
    def complete(self) -> bool:
        """Say whether everything that was needed is in it."""
        return not self.short
