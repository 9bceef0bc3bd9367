"""Matchers: they propose pairs of records for review, and decide nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from omo_core.identifiers import EventId
from omo_core.members import MatchProposed
from omo_core.ports import Proposal


def proposed(proposals: Iterable[Proposal], at: datetime) -> Iterator[MatchProposed]:
    """Write proposals down as events; the same pair proposed again is a later version of the same."""
    for each in proposals:
        one, other = sorted((each.one, each.other))
        yield MatchProposed(
            id=EventId(f"match/{one}:{other}"),
            at=at,
            version=each.likeness,
            source="matcher",
            one=one,
            other=other,
            likeness=each.likeness,
        )
