"""Which of a member's records is believed about what: its name, its birthday, its address.

The rules see who said something, when, and how much of it; never what. The values are personal and lie in the vault,
so a survivor names the observation that its value came with, and whoever may see the value looks it up there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, Literal

import attrs
from attrs import frozen

from omo_core.identifiers import EventId, ProfileId
from omo_core.instants import micros, utc

ANY: Final = "*"
"""Names the rule of every field that has none of its own."""
Preference = Literal["newest", "oldest", "longest"]
Decided = Literal["only", "source", "newest", "oldest", "longest", "id"]
"""What told the record from the others: it was the only one, the more trusted, …, or the one with the smaller id."""


@frozen(kw_only=True)
class FieldRule:
    """Whose word counts about a field: the most trusted source's, of equally trusted ones the preferred."""

    field: str
    prefer: Preference = "newest"
    sources: tuple[str, ...] = ()
    """The trusted sources, the most trusted first; all others come after them, alike."""

    def trust(self, source: str) -> int:
        """Say how far down a source stands; ``shopify`` stands for ``shopify:main`` too."""
        ranks = (rank for rank, name in enumerate(self.sources) if source == name or source.startswith(f"{name}:"))
        return next(ranks, len(self.sources))


@frozen(kw_only=True)
class Sighting:
    """A record says something about a field. A record that says nothing of it is no sighting."""

    field: str
    profile: ProfileId
    source: str
    event: EventId
    """The document that it was observed in, and its version."""
    version: int
    at: datetime = attrs.field(converter=utc)
    """When its source said so last."""
    length: int
    """How much it says, in characters."""


@frozen(kw_only=True)
class Survivor:
    """The record that is believed about a field, and the observation that its word came with."""

    field: str
    profile: ProfileId
    source: str
    event: EventId
    version: int
    decided: Decided
    among: int
    """How many records said something."""


USUAL_FIELDS: Final = (FieldRule(field=ANY),)


def survive(sightings: Iterable[Sighting], rules: Sequence[FieldRule] = USUAL_FIELDS) -> tuple[Survivor, ...]:
    """Say for each field whose word counts, in order of the fields.

    Ties go to the newest, then to the record with the smaller id, so that every order of observing gives the same.
    """
    said: dict[str, list[Sighting]] = {}
    for sighting in sightings:
        said.setdefault(sighting.field, []).append(sighting)
    return tuple(_survivor(candidates, _rule(name, rules)) for name, candidates in sorted(said.items()))


def _rule(name: str, rules: Sequence[FieldRule]) -> FieldRule:
    found = [rule for wanted in (name, ANY) for rule in rules if rule.field == wanted]
    return found[0] if found else FieldRule(field=ANY)


def _survivor(candidates: Sequence[Sighting], rule: FieldRule) -> Survivor:
    best = sorted(candidates, key=lambda each: (*_worth(each, rule), each.profile))
    first = best[0]
    decided: Decided = "only"
    if len(best) > 1:
        steps: tuple[Decided, ...] = ("source", rule.prefer, "newest")
        pairs = zip(steps, _worth(first, rule), _worth(best[1], rule), strict=True)
        decided = next((step for step, mine, other in pairs if mine != other), "id")
    return Survivor(
        field=first.field,
        profile=first.profile,
        source=first.source,
        event=first.event,
        version=first.version,
        decided=decided,
        among=len(best),
    )


def _worth(sighting: Sighting, rule: FieldRule) -> tuple[int, int, int]:
    """Give how good a sighting is, the smaller the better: by trust, by preference, by age."""
    preferred = {"newest": -micros(sighting.at), "oldest": micros(sighting.at), "longest": -sighting.length}
    return rule.trust(sighting.source), preferred[rule.prefer], -micros(sighting.at)
