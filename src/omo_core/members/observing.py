"""Events become columns: of each record what counts, of each claim since when it was borne and last seen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from attrs import define, field

from omo_core.events import Event, current
from omo_core.identifiers import EventId, Fingerprint, ProfileId
from omo_core.instants import micros
from omo_core.members.columns import NAMED, OPEN, Columns, Pair
from omo_core.members.events import Claim, ProfileSeen, ProfilesJoined
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

Ages = Mapping[ProfileId, tuple[int, int]]
Name = tuple[str, str, Fingerprint]
"""What tells an identifier from all others: its kind, whose it is (the provider), and its fingerprint."""
Dates = dict[tuple[ProfileId, Name], tuple[int, int]]
Borne = dict[ProfileId, dict[Name, Claim]]


@define
class Observed:
    """A history: what counts of it, in canonical order, and what all its versions together say of dates."""

    known: Sequence[Event]
    """All of it, in any order."""
    latest: Sequence[Event]
    ages: Ages
    dates: Dates
    claims: Borne = field(factory=dict)
    """The identifiers of each record that is alive."""
    gone: Borne = field(factory=dict)
    """Those of each record whose bearer was erased: they link nobody, and still count among a key's bearers."""
    erased: dict[ProfileId, None] = field(factory=dict)

    @property
    def ever(self) -> Mapping[ProfileId, Mapping[Name, None]]:
        """Give every identifier that each record bears or ever bore."""
        found: dict[ProfileId, dict[Name, None]] = {}
        for profile, name in self.dates:
            found.setdefault(profile, {})[name] = None
        return found

    def bearers(self, key: Fingerprint) -> tuple[ProfileId, ...]:
        """Name the records that bear an identifier, however it was verified, whatever its kind and provider."""
        return tuple(profile for profile, claims in self.claims.items() if any(name[2] == key for name in claims))


def name_of(claim: Claim) -> Name:
    """Name an identifier."""
    return claim.kind, claim.provider, claim.fingerprint


def observe(events: Iterable[Event]) -> Observed:
    """Find out which identifiers each record bears.

    What its source says, less and more what was settled since. A record that its source deleted, or that was erased,
    bears none.
    """
    known = list(events)
    latest = current(known)
    observed = Observed(known, latest, _ages(known), _dates(known))
    for event in latest:
        if isinstance(event, RecordErased):
            observed.erased[event.profile] = None
    for event in latest:
        if isinstance(event, ProfileSeen) and not event.deleted:
            observed.claims[event.profile] = {name_of(claim): claim for claim in event.claims}
    for event in latest:
        if isinstance(event, ClaimSettled):
            borne = observed.claims.setdefault(event.profile, {})
            if event.holds:
                borne[name_of(event.claim)] = event.claim
            else:
                borne.pop(name_of(event.claim), None)
    for profile in observed.erased:
        if profile in observed.claims:
            observed.gone[profile] = observed.claims.pop(profile)
    return observed


def columns(
    observed: Observed, rules: IdentityRules, also: Iterable[ProfileId] = (), *, into: Columns | None = None
) -> Columns:
    """Write what was observed down in columns; only what can be a key by the rules is in it."""
    filled = Columns() if into is None else into
    for profile, (rank, born) in observed.ages.items():
        filled.add_record(profile, born, rank)
    for profile in also:
        filled.add_record(profile, 0, NAMED)
    for profile in observed.gone:
        filled.gone[filled.add_record(profile, 0, NAMED)] = None
    for profile, claims in (*observed.claims.items(), *observed.gone.items()):
        record = filled.add_record(profile, 0, NAMED)
        for name, claim in claims.items():
            if rules.links(claim):
                _add_claim(filled, record, claim, observed.dates[profile, name])
            elif rules.knows(claim.kind):
                filled.add_weak(record, (claim.kind, claim.provider), claim.fingerprint)
    for event in observed.latest:
        add_statement(filled, event, observed.erased)
    return filled


def _add_claim(filled: Columns, record: int, claim: Claim, dates: tuple[int, int]) -> None:
    since = dates[0] if claim.since is None else micros(claim.since)
    until = OPEN if claim.until is None else micros(claim.until)
    filled.add_claim(record, (claim.kind, claim.provider), claim.fingerprint, since, dates[1], until)


def add_statement(filled: Columns, event: Event, erased: Collection[ProfileId]) -> None:
    """Write down what was said, less what was said of the erased."""
    match event:
        case ProfilesJoined(withdrawn=False):
            _pair(filled, event, ((event.one,), (event.other,)), erased, together=True)
        case ProfilesParted(withdrawn=False):
            _pair(filled, event, (event.ones, event.others), erased, together=False)
        case KeyShared(withdrawn=False):
            filled.shared[event.fingerprint] = event.id
        case NumberRecycled(withdrawn=False):
            filled.recycled.setdefault(event.fingerprint, []).append(micros(event.at))
        case TraitsSeen() if event.profile not in erased:
            filled.traits[filled.add_record(event.profile, 0, NAMED)] = tuple(
                (kind, tuple(sorted(values))) for kind, values in sorted(event.traits)
            )
        case MatchProposed():
            pair = [filled.add_record(each, 0, NAMED) for each in (event.one, event.other) if each not in erased]
            if len(pair) == 2:
                filled.proposals.append((event.likeness, event.id, pair[0], pair[1]))
        case _:
            pass


def _pair(
    filled: Columns,
    event: Event,
    sides: tuple[tuple[ProfileId, ...], tuple[ProfileId, ...]],
    erased: Collection[ProfileId],
    *,
    together: bool,
) -> None:
    ones, others = (tuple(filled.add_record(each, 0, NAMED) for each in side if each not in erased) for side in sides)
    if ones and others:
        filled.pairs.append(Pair(micros(event.at), event.id, ones, others, together))


def _ages(known: Iterable[Event]) -> Ages:
    """Give each record's age: whether somebody keeps it, and since when.

    A record is as old as the earliest of all its versions, whichever of them counts. Its deletion makes it no younger
    and no older, unless nothing else was ever seen of it.
    """
    alive: dict[ProfileId, int] = {}
    gone: dict[ProfileId, int] = {}
    kept: dict[ProfileId, None] = {}
    for event in known:
        if isinstance(event, ProfileSeen):
            ages, at = gone if event.deleted else alive, micros(event.at)
            ages[event.profile] = min(at, ages.get(event.profile, at))
            if not event.inferred:
                kept[event.profile] = None
    return {profile: (int(profile not in kept), born) for profile, born in {**gone, **alive}.items()}


def _dates(known: Sequence[Event]) -> Dates:
    """Give the first and the last instant at which each record is known to have borne each identifier.

    A version says what was so when its source made it. Where it also says when the bearer was last there, the
    identifier was in use until then; and if nothing is known of the record without it, since the record was made.
    """
    dates: Dates = {}
    lowest = _lowest(known)
    for event in known:
        if isinstance(event, ProfileSeen):
            borne, stated = event.claims, micros(event.updated_at or event.at)
            made = micros(event.at) if event.version == lowest[event.id] else stated
        elif isinstance(event, ClaimSettled) and event.holds:
            borne, stated = (event.claim,), micros(event.at)
            made = stated
        else:
            continue
        for claim in borne:
            last = stated if claim.seen is None else micros(claim.seen)
            first = last if claim.seen is None else min(last, made)
            key = event.profile, name_of(claim)
            known_first, known_last = dates.get(key, (first, last))
            dates[key] = (min(known_first, first), max(known_last, last))
    return dates


def _lowest(known: Sequence[Event]) -> Mapping[EventId, int]:
    """Give the lowest version that is known of each record's document."""
    lowest: dict[EventId, int] = {}
    for event in known:
        if isinstance(event, ProfileSeen):
            lowest[event.id] = min(event.version, lowest.get(event.id, event.version))
    return lowest
