"""A whole customer base at once, as a back-fill resolves it: the same persons as ever, told in numbers.

What is read of one document is forgotten before the next is read, so that a base of a million records takes the memory
of its columns and not of its events.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Final

from attrs import define, field, frozen

from omo_core.events import Event, canonical, current
from omo_core.identifiers import Fingerprint, ProfileId
from omo_core.members.columns import NAMED, Columns
from omo_core.members.events import ProfileSeen, ProfilesJoined
from omo_core.members.observing import Observed, add_statement, columns, observe
from omo_core.members.parting import part
from omo_core.members.persons import Parting
from omo_core.members.reasons import Demoted, Stopped
from omo_core.members.resolving import demoted, evidence, kept_apart
from omo_core.members.rules import IdentityRules
from omo_core.members.statements import (
    ClaimSettled,
    KeyShared,
    MatchProposed,
    NumberRecycled,
    ProfilesParted,
    RecordErased,
    TraitsSeen,
)

Again = Callable[[Sequence[ProfileId]], Iterable[Event]]
"""Reads everything that describes some records once more."""
OF_ONE_RECORD: Final = (ProfileSeen, ClaimSettled, RecordErased, TraitsSeen)
SURVEYED: Final = (*OF_ONE_RECORD, ProfilesJoined, ProfilesParted, KeyShared, NumberRecycled, MatchProposed)
"""The kinds of event that say who is who; consents and tags don't."""
CHUNK: Final = 500


@frozen(kw_only=True)
class Survey:
    """A customer base in numbers, with all that a guard kept apart."""

    records: int
    members: int
    sizes: tuple[tuple[int, int], ...]
    """How many members have so many records, the smallest first."""
    links: tuple[tuple[str, int], ...]
    """How many links each kind of key has made; ``joined`` for statements, ``match`` for proposals."""
    demoted: tuple[Demoted, ...]
    stopped: tuple[Stopped, ...]
    parting: Parting

    @property
    def waiting(self) -> tuple[Stopped, ...]:
        """Give the items for review."""
        return tuple(item for item in self.stopped if not item.decided)

    def together(self, one: ProfileId, other: ProfileId) -> bool:
        """Say whether two records are one member."""
        places = [self.parting.columns.place(each) for each in (one, other)]
        heads = [None if place is None else self.parting.find(place) for place in places]
        return one == other or (heads[0] is not None and heads[0] == heads[1])


@define
class _Gathered:
    """Columns under construction."""

    rules: IdentityRules
    filled: Columns = field(factory=Columns)
    statements: list[Event] = field(factory=list)
    odd: dict[ProfileId, None] = field(factory=dict)
    """Records of which more than one document speaks: what they bear is found out from all that was said of them."""
    pairs: dict[tuple[str, tuple[Fingerprint, ...]], tuple[str, tuple[Fingerprint, ...]]] = field(factory=dict)

    def take(self, versions: Sequence[Event]) -> None:
        """Take all versions of one document."""
        (latest,) = current(versions)
        if not isinstance(latest, OF_ONE_RECORD):
            self.statements.append(latest)
            return
        place = self.filled.place(latest.profile)
        if isinstance(latest, ProfileSeen) and (place is None or self.filled.ranks[place] == NAMED):
            self._fill(observe(versions))
        elif isinstance(latest, TraitsSeen) and place is not None and place not in self.filled.traits:
            pairs = ((kind, tuple(sorted(values))) for kind, values in sorted(latest.traits))
            self.filled.traits[place] = tuple(self.pairs.setdefault(pair, pair) for pair in pairs)
        else:
            self.odd[latest.profile] = None

    def _fill(self, observed: Observed) -> None:
        columns(observed, self.rules, into=self.filled)
        for profile, (rank, born) in observed.ages.items():
            self.filled.set_age(self.filled.add_record(profile, 0, NAMED), rank, born)

    def finish(self, again: Again, also: Iterable[ProfileId]) -> Columns:
        """Fill in what could not be filled in document by document."""
        erased: dict[ProfileId, None] = {}
        if self.odd:
            self.filled.forget([place for each in self.odd if (place := self.filled.place(each)) is not None])
        for chunk in _chunks(list(self.odd)):
            mine = dict.fromkeys(chunk)
            said = [event for event in again(chunk) if isinstance(event, OF_ONE_RECORD) and event.profile in mine]
            observed = observe(said)
            erased.update(observed.erased)
            self._fill(observed)
        for profile in also:
            self.filled.add_record(profile, 0, NAMED)
        for statement in sorted(self.statements, key=canonical):
            add_statement(self.filled, statement, erased)
        return self.filled


def survey(events: Iterable[Event], rules: IdentityRules, again: Again, *, also: Iterable[ProfileId] = ()) -> Survey:
    """Resolve a whole base from all that says who is who, told document by document.

    All versions of one document must come one after the other; ``again`` reads what describes some records once more.
    Nothing else about the order matters, and the persons are those that ``resolve`` gives.
    """
    gathered = _Gathered(rules)
    for _, versions in groupby(events, key=attrgetter("id")):
        gathered.take(tuple(versions))
    parting = part(gathered.finish(again, also), rules)
    persons = Counter(parting.find(record) for record in range(len(parting.heads)))
    links = Counter(evidence(parting, each.key)[0] for each in parting.links)
    return Survey(
        records=len(parting.heads),
        members=len(persons),
        sizes=tuple(sorted(Counter(persons.values()).items())),
        links=tuple(sorted(links.items())),
        demoted=demoted(parting),
        stopped=kept_apart(parting),
        parting=parting,
    )


def _chunks(profiles: Sequence[ProfileId]) -> Iterable[Sequence[ProfileId]]:
    return (profiles[start : start + CHUNK] for start in range(0, len(profiles), CHUNK))
