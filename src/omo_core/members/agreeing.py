"""Whether two records' traits speak for one person, against it, or not at all."""

from __future__ import annotations

from collections.abc import Iterable

from omo_core.members.columns import Traits


def agree(one: Traits, other: Traits, groups: tuple[tuple[str, ...], ...]) -> bool | None:
    """Compare two records' traits, group by group: nothing in common in any of them speaks against.

    Within a group the first kind that both have decides, so that two names written in one script are not compared by
    how they might be spelled in another. A kind without a value says nothing.
    """
    mine, theirs = dict(one), dict(other)
    found: bool | None = None
    for kinds in groups:
        for kind in kinds:
            values, others = mine.get(kind), theirs.get(kind)
            if values and others:
                if set(values).isdisjoint(others):
                    return False
                found = True
                break
    return found


def contested(found: Iterable[Traits | None], groups: tuple[tuple[str, ...], ...]) -> bool:
    """Say whether there are different names among those of some records."""
    known: list[Traits] = []
    for traits in found:
        if traits is None:
            continue
        for each in known:
            if traits is each:
                break
            if agree(traits, each, groups) is False:
                return True
        else:
            known.append(traits)
    return False
