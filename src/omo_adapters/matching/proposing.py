"""A matcher's proposals become items of the review queue: only pairs that are still two, and only what is new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from attrs import evolve, frozen

from omo_adapters.shop import Shop
from omo_adapters.storage.listing import personal_fields
from omo_core.events import current
from omo_core.identifiers import EventId, ProfileId, compound
from omo_core.members import MatchProposed, Survey
from omo_core.ports import Matcher, Proposal

BATCH: Final = 500


@frozen(kw_only=True)
class Proposed:
    """What a matcher's run came to."""

    records: int
    """How many records it looked at: those of which the vault keeps something."""
    pairs: int
    """How many pairs of different members it found alike."""
    new: int
    known: int
    """Pairs that it had proposed before, as alike as now."""
    taken_back: int
    """Pairs that it had proposed before and does not find alike any more."""


def propose_matches(shop: Shop, matcher: Matcher, survey: Survey) -> Proposed:
    """Ask a matcher about everybody, and write down what it proposes beyond what is joined already.

    Asked again about the same records nothing is written. The survey says who is one person by now.
    """
    records = known_fields(shop, survey)
    apart = [each for each in matcher.propose(records) if not survey.together(each.one, each.other)]
    before = current(event for event in shop.describing() if isinstance(event, MatchProposed))
    events = list(changed_proposals(apart, before, survey, shop.now()))
    for start in range(0, len(events), BATCH):
        shop.record(*events[start : start + BATCH])
    gone = sum(event.likeness == 0 for event in events)
    return Proposed(
        records=len(records),
        pairs=len(apart),
        new=len(events) - gone,
        known=len(apart) - (len(events) - gone),
        taken_back=gone,
    )


def known_fields(shop: Shop, survey: Survey) -> Mapping[ProfileId, Mapping[str, str]]:
    """Give what the vault keeps of each record that is surveyed, in order of the records' names."""
    known = survey.parting.columns
    if shop.database is not None:
        return {name: fields for name, fields in personal_fields(shop.database) if known.place(name) is not None}
    found = ((name, shop.vault.look(name)) for name in sorted(known.names))
    return {name: fields for name, fields in found if fields}


def changed_proposals(
    proposals: Iterable[Proposal], before: Iterable[MatchProposed], survey: Survey, at: datetime
) -> Iterator[MatchProposed]:
    """Give what is proposed otherwise than before, each as the next version of its pair's document.

    A pair that was proposed before and is not now is taken back, unless it has become one person: then the proposal
    has done its work and stays.
    """
    standing = {event.id: event for event in before}
    found = {_pair(each): each for each in sorted(proposals, key=lambda each: (each.one, each.other, each.likeness))}
    for name, each in sorted(found.items()):
        known = standing.get(name)
        if known is None or known.likeness != each.likeness:
            one, other = sorted((each.one, each.other))
            yield MatchProposed(
                id=name,
                at=at,
                version=0 if known is None else known.version + 1,
                source="matcher",
                one=one,
                other=other,
                likeness=each.likeness,
            )
    for name, event in sorted(standing.items()):
        mine = event.source == "matcher" and event.likeness and name not in found
        if mine and not survey.together(event.one, event.other):
            yield evolve(event, at=at, version=event.version + 1, likeness=0)


def _pair(proposal: Proposal) -> EventId:
    one, other = sorted((proposal.one, proposal.other))
    return compound("match", one, other)
