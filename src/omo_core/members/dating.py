"""Since when records are one person: the instant at which the later of two came to share what joins them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from omo_core.events import Event
from omo_core.identifiers import EventId
from omo_core.instants import EPOCH, micros
from omo_core.joinings import Joining
from omo_core.members.persons import Parting
from omo_core.members.statements import MatchProposed


def joinings(parting: Parting, latest: Iterable[Event]) -> Mapping[int, Sequence[Joining]]:
    """Give all that makes records one, by the record that stands for the person.

    A key does from the day on which the later of two bearers had it, a statement or a proposal from its own.
    """
    found: dict[int, list[Joining]] = {}
    since, record = parting.columns.since, parting.columns.record
    for level in parting.runs:
        for run in level:
            last: dict[int, int] = {}
            for claim in sorted(run, key=lambda claim: (since[claim], parting.columns.names[record[claim]])):
                person = parting.find(record[claim])
                if person in last:
                    _add(found, parting, since[claim], (last[person], record[claim]))
                last[person] = record[claim]
    for pair in parting.columns.pairs:
        if pair.together and parting.find(pair.ones[0]) == parting.find(pair.others[0]):
            _add(found, parting, pair.at, (pair.ones[0], pair.others[0]))
    _add_proposals(found, parting, latest)
    return found


def _add_proposals(found: dict[int, list[Joining]], parting: Parting, latest: Iterable[Event]) -> None:
    enough = parting.rules.match_joins_at
    if enough is None:
        return
    at: dict[EventId, int] = {event.id: micros(event.at) for event in latest if isinstance(event, MatchProposed)}
    for likeness, name, one, other in parting.columns.proposals:
        if likeness >= enough and parting.find(one) == parting.find(other):
            _add(found, parting, at[name], (one, other))


def _add(found: dict[int, list[Joining]], parting: Parting, at: int, records: tuple[int, int]) -> None:
    one, other = sorted(parting.columns.names[record] for record in records)
    joining = Joining(at=EPOCH + timedelta(microseconds=at), one=one, other=other)
    found.setdefault(parting.find(records[0]), []).append(joining)
