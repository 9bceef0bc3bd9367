"""Why each location is in a plan or is not, with the least that any plan with it would cost."""

from __future__ import annotations

from omo_core.stock.sourcing.plan import Verdict
from omo_core.stock.sourcing.scoring import Scored


def verdicts(view: Scored, chosen: tuple[int, ...], weight: int) -> tuple[Verdict, ...]:
    """Give one verdict per location, in the order of their names."""
    told = [Verdict(location=location, why=why) for location, why in view.ruled_out.items()]
    units = _units_at_least(view)
    for number, site in enumerate(view.sites):
        if number in chosen:
            told.append(Verdict(location=site.location, why="chosen", at_best=view.score(weight)))
            continue
        least = units + view.fixed[number] + _others(view, number)
        why = "costs_more" if least > weight else "not_better"
        told.append(Verdict(location=site.location, why=why, at_best=view.score(least)))
    return tuple(sorted(told, key=lambda verdict: verdict.location))


def _others(view: Scored, number: int) -> int:
    """Give what others must add at least when a location can't give everything by itself."""
    alone = all(caps[number] >= needed for caps, needed in zip(view.caps, view.needed, strict=True))
    if alone or len(view.fixed) == 1:
        return 0
    return view.fixed[1] if number == 0 else view.fixed[0]  # they stand in order of their fixed cost


def _units_at_least(view: Scored) -> int:
    total = 0
    for caps, unit, needed in zip(view.caps, view.unit, view.needed, strict=True):
        total += needed * min((each for each, cap in zip(unit, caps, strict=True) if cap), default=0)
    return total
