"""Forgetting and handing over: what becomes of personal data outside of the journal.

The journal knows a person by opaque ids and keyed fingerprints only. Everything else lies in the vault, and in
documents that were not understood; both are scrubbed here. An erasure is written down first, so that one that was
interrupted is found and finished.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from attrs import frozen

from omo_adapters.keeping import places_of, shelf_of
from omo_adapters.storage.quarantine import SqliteQuarantine
from omo_adapters.storage.vault import SqliteVault
from omo_adapters.traces import Traces
from omo_core.decisions import Accepted, Refused
from omo_core.events import Event
from omo_core.identifiers import EventId, ProfileId, StreamName, profile_stream
from omo_core.members.commands import ForgetMember
from omo_core.members.refusals import RecordForgotten
from omo_core.members.statements import RecordErased
from omo_core.ports import Journal, Vault


@frozen(kw_only=True)
class Export:
    """What is kept of one record: only what came from it, whoever it was merged with."""

    profile: ProfileId
    personal: Mapping[str, str]
    tags: tuple[str, ...]
    """Every tag that was ever put on it, in words."""
    notes: Mapping[EventId, str]
    """What staff wrote about its bearer, by the event that says when and who."""
    events: tuple[Event, ...]


def collect(journal: Journal, vault: Vault, profile: ProfileId) -> Export:
    """Collect what is kept of one record, by provenance: what names it, and what belongs to its purchases."""
    mine = profile_stream(profile)
    events = [event for event in journal.read((mine,)).events if _concerns(event, mine)]
    return Export(
        profile=profile,
        personal=dict(vault.look(profile)),
        tags=tuple(sorted(vault.look(shelf_of(profile, "tags")).values())),
        notes=dict(vault.look(shelf_of(profile, "notes"))),
        events=tuple(events),
    )


def _concerns(event: Event, mine: StreamName) -> bool:
    """Say whether an event is about a record: it names it, or it names nobody (a refund, a parcel of its purchase)."""
    names = (*event.homes, *event.streams)
    return mine in names or not any(name.startswith("profile/") for name in names)


def erased_by(items: Iterable[object], results: Iterable[object]) -> tuple[ProfileId, ...]:
    """Name the records that facts or accepted commands have erased, or that were found to be erased already."""
    found: list[ProfileId] = [item.profile for item in items if isinstance(item, RecordErased)]
    for result in results:
        if isinstance(result, Accepted):
            found += [event.profile for event in result.events if isinstance(event, RecordErased)]
        elif isinstance(result, Refused) and isinstance(result.reason, RecordForgotten):
            found.append(result.reason.profile)
    return tuple(dict.fromkeys(found))


def asks_to_forget(items: Iterable[object]) -> bool:
    """Say whether any of these may erase something."""
    return any(isinstance(item, RecordErased | ForgetMember) for item in items)


def scrub(vault: Vault, quarantine: SqliteQuarantine, profiles: Sequence[ProfileId], at: datetime) -> None:
    """Remove the personal data of records; asked again, it does what is still to be done.

    Documents in quarantine that speak of them go first, while the vault still says what to look for.
    """
    places = [place for profile in profiles for place in places_of(profile)]
    if places:
        quarantine.forget(Traces.of([vault.look(profile) for profile in profiles]), at)
    if not isinstance(vault, SqliteVault):
        for place in places:
            vault.erase(place)
    elif places:
        vault.erase_all(places)
    else:
        vault.database.empty_log()


def unfinished(vault: Vault) -> tuple[ProfileId, ...]:
    """Name the records whose erasure is written down and was not carried out: somebody was interrupted."""
    if not isinstance(vault, SqliteVault):
        return ()
    return tuple(vault.unfinished())
