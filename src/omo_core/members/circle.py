"""What a decision about who is who is made on: all that is known around some records, and who may ask."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from attrs import evolve, frozen

from omo_core.decisions import Accepted, Refused
from omo_core.events import Event, current
from omo_core.identifiers import EventId, ProfileId
from omo_core.instants import micros
from omo_core.members.commands import MemberCommand
from omo_core.members.observing import Observed, columns, observe
from omo_core.members.parting import part
from omo_core.members.persons import Parting
from omo_core.members.refusals import MemberRefusal, NotAllowed, RecordForgotten, RecordUnknown
from omo_core.members.resolving import Member, Partition, told
from omo_core.members.rules import IdentityRules

Answer = Accepted | Refused[MemberRefusal]


@frozen(slots=False)
class Circle:
    """All that is known around the records that a decision is about."""

    events: tuple[Event, ...]
    rules: IdentityRules
    profiles: tuple[ProfileId, ...]
    """The records that are asked about."""
    unknown: tuple[ProfileId, ...] = ()
    """Those of them of which nothing was ever heard."""

    @cached_property
    def observed(self) -> Observed:
        """What counts of it."""
        return observe(self.events)

    @cached_property
    def parting(self) -> Parting:
        """How its records are parted into persons."""
        return part(columns(self.observed, self.rules, self.profiles), self.rules)

    @cached_property
    def partition(self) -> Partition:
        """Who is who now."""
        return told(self.parting, self.observed)

    def member(self, profile: ProfileId) -> Member:
        """Give the member that bears a record."""
        return next(member for member in self.partition.members if profile in member.profiles)

    def with_event(self, event: Event) -> Circle:
        """Give what would be known if one more thing were said."""
        return evolve(self, events=(*self.events, event))

    def without(self, name: EventId) -> Circle:
        """Give what would be known if one document did not exist."""
        return evolve(self, events=tuple(event for event in self.events if event.id != name))

    def standing(self, name: EventId) -> Event | None:
        """Give the version that counts of a document."""
        return next(iter(current(event for event in self.events if event.id == name)), None)

    def next_version(self, name: EventId) -> int:
        """Give the version after the last of a document that only omo writes."""
        return max((event.version + 1 for event in self.events if event.id == name), default=0)

    def version_now(self, name: EventId, command: MemberCommand) -> int:
        """Give the version of what is said at the moment of asking: it counts over all that is known."""
        return max(micros(command.at), self.next_version(name))


def admitted(circle: Circle, command: MemberCommand, profiles: Iterable[ProfileId]) -> Refused[MemberRefusal] | None:
    """Refuse who may not ask, and what is asked about nobody."""
    may = circle.rules.roles.get(command.kind, ())
    if command.role not in may:
        return Refused(NotAllowed(role=command.role, needs=tuple(may)))
    for profile in profiles:
        if profile in circle.unknown:
            return Refused(RecordUnknown(profile=profile))
        if profile in circle.observed.erased:
            return Refused(RecordForgotten(profile=profile))
    return None
