"""Forgetting and handing over: what becomes of personal data outside of the journal.

The journal knows a person by opaque ids and keyed fingerprints only. Everything else lies in the vault, and in
documents that were not understood; both are scrubbed here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from attrs import frozen

from omo_adapters.storage.quarantine import SqliteQuarantine
from omo_core.decisions import Accepted
from omo_core.events import Event
from omo_core.identifiers import ProfileId, profile_stream
from omo_core.members.statements import RecordErased
from omo_core.ports import Journal, Vault

IDENTIFYING: Final = ("name", "email", "phone", "card", "line", "note", "address_address1")
"""The personal fields by which a document is known to be about somebody."""
_SHORTEST: Final = 2
"""A shorter text than this identifies nobody."""


@frozen(kw_only=True)
class Export:
    """What is kept of one record: only what came from it, whoever it was merged with."""

    profile: ProfileId
    personal: Mapping[str, str]
    events: tuple[Event, ...]


def collect(journal: Journal, vault: Vault, profile: ProfileId) -> Export:
    """Collect what is kept of one record, by provenance."""
    stream = profile_stream(profile)
    events = [event for event in journal.read((stream,)).events if stream in (*event.homes, *event.streams)]
    return Export(profile=profile, personal=dict(vault.look(profile)), events=tuple(events))


def erased_by(items: Iterable[object], results: Iterable[object]) -> tuple[ProfileId, ...]:
    """Name the records that facts or accepted commands have erased."""
    events: list[object] = list(items)
    for result in results:
        if isinstance(result, Accepted):
            events += result.events
    return tuple(dict.fromkeys(event.profile for event in events if isinstance(event, RecordErased)))


def scrub(vault: Vault, quarantine: SqliteQuarantine, profiles: Sequence[ProfileId], at: datetime) -> None:
    """Remove the personal data of records; asked again, it does what is still to be done.

    Documents in quarantine that name them go first, while the vault still says what to look for.
    """
    for profile in profiles:
        quarantine.forget(_words(vault.look(profile)), at)
        vault.erase(profile)


def _words(fields: Mapping[str, str]) -> Iterator[bytes]:
    for name in IDENTIFYING:
        text = fields.get(name, "")
        if len(text) >= _SHORTEST:
            yield text.encode("utf-8", "backslashreplace")
            yield json.dumps(text)[1:-1].encode()
            yield json.dumps(text, ensure_ascii=False)[1:-1].encode("utf-8", "backslashreplace")
