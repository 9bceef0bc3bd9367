"""What is known of a member: of each field the word that counts, with the record and the observation it came from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Final

from attrs import frozen

from omo_adapters.desk import Rules
from omo_core.events import current
from omo_core.identifiers import EventId, ProfileId, profile_stream
from omo_core.instants import EPOCH
from omo_core.members import Member, ProfileSeen
from omo_core.members.surviving import Decided, Sighting, Survivor, survive
from omo_core.ports import Journal, Vault

PARTS: Final[Mapping[str, tuple[str, ...]]] = {"name": ("name", "first_name", "last_name")}
"""Fields that mean something together only: whose name it is decides for all of its parts."""
_ADDRESS: Final = "address_"


@frozen(kw_only=True)
class Known:
    """What counts about one field of a member."""

    field: str
    """``name``, ``email``, ``birthday``, …; ``address`` has parts."""
    values: Mapping[str, str]
    """By the vault's own name of each part; one that has no parts stands under its own name."""
    profile: ProfileId
    """The record that says so."""
    source: str
    event: EventId
    """The document that was observed, and its version; empty where only the vault knows of the record."""
    version: int
    decided: Decided
    """Why this record: the only one that says anything, the more trusted source, newest, oldest, longest, or by id."""
    among: int

    @property
    def value(self) -> str:
        """Give it as one text."""
        return self.values.get(self.field) or ", ".join(self.values.values())


class KnowingShop(ABC):
    """The part of a shop that knows what its members are called, and by whose word."""

    journal: Journal
    vault: Vault
    rules: Rules

    @abstractmethod
    def member(self, profile: ProfileId) -> Member | None:
        """Say who bears a record."""

    def known(self, member: Member | ProfileId) -> tuple[Known, ...]:
        """Give what is known of a member, field by field: each from the record that the rules believe about it.

        Nothing is stored: when records join or part, or one is erased, the next asking gives what is so then.
        """
        found = member if isinstance(member, Member) else self.member(member)
        if found is None:
            return ()
        said = {profile: grouped(self.vault.look(profile)) for profile in found.profiles}
        survivors = survive(_sightings(self.journal, said), self.rules.identity.fields)
        return tuple(_known(survivor, said[survivor.profile][survivor.field]) for survivor in survivors)


def _known(survivor: Survivor, values: Mapping[str, str]) -> Known:
    return Known(
        field=survivor.field,
        values=values,
        profile=survivor.profile,
        source=survivor.source,
        event=survivor.event,
        version=survivor.version,
        decided=survivor.decided,
        among=survivor.among,
    )


def _sightings(journal: Journal, said: Mapping[ProfileId, Mapping[str, Mapping[str, str]]]) -> Iterator[Sighting]:
    for profile, fields in said.items():
        seen = _seen(journal, profile) if fields else None
        for name, parts in fields.items():
            yield Sighting(
                field=name,
                profile=profile,
                source=seen.source if seen else "",
                event=seen.id if seen else EventId(""),
                version=seen.version if seen else 0,
                at=(seen.updated_at or seen.at) if seen else EPOCH,
                length=sum(map(len, parts.values())),
            )


def _seen(journal: Journal, profile: ProfileId) -> ProfileSeen | None:
    """Give the last that was seen of a record."""
    events = journal.read((profile_stream(profile),)).events
    mine = [event for event in current(events) if isinstance(event, ProfileSeen) and event.profile == profile]
    return mine[-1] if mine else None


def grouped(fields: Mapping[str, str]) -> Mapping[str, Mapping[str, str]]:
    """Put a record's personal fields together as far as they belong together; empty ones say nothing."""
    groups: dict[str, dict[str, str]] = {}
    for name, value in sorted(fields.items()):
        if value and not name.endswith("_provider"):
            groups.setdefault(_group(name), {})[name] = value
    return groups


def _group(name: str) -> str:
    if name.startswith(_ADDRESS):
        return "address"
    return next((whole for whole, parts in PARTS.items() if name in parts), name)
