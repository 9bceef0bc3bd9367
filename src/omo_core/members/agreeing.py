"""Whether two records' traits speak for one person, against it, or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from omo_core.members.columns import Traits


@lru_cache(maxsize=1 << 16)
def agree(one: Traits, other: Traits, groups: tuple[tuple[str, ...], ...]) -> bool | None:
    """Compare two records' traits, group by group: nothing in common in any of them speaks against.

    Within a group the first kind that both have decides, so that two names written in one script are not compared by
    how they might be spelled in another.
    """
    mine, theirs = dict(one), dict(other)
    found: bool | None = None
    for kinds in groups:
        kind = next((kind for kind in kinds if kind in mine and kind in theirs), None)
        if kind is not None:
            if set(mine[kind]).isdisjoint(theirs[kind]):
                return False
            found = True
    return found


def contested(found: Iterable[Traits | None], groups: tuple[tuple[str, ...], ...]) -> bool:
    """Say whether there are different names among those of some records."""
    known: list[Traits] = []
    for traits in found:
        if traits is None or any(traits is each for each in known):
            continue
        if any(agree(traits, each, groups) is False for each in known):
            return True
        known.append(traits)
    return False
