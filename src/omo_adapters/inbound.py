"""What every reader of outside documents gives: for each document, what it means, or why it means nothing.

A reader takes bytes and gives ``Parcel``s, one per document, lazily: a file of a million receipts costs the memory of
one. It never raises for what a document says; only a file that can't be read at all (not the announced format) raises
``Malformed``. The raw bytes travel along, so that what is not understood can be kept and tried again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from attrs import Factory, frozen

from omo_adapters.names.evidence import NameEvidence
from omo_adapters.names.traits import Name
from omo_adapters.placeholders import Placeholders
from omo_core.errors import Malformed
from omo_core.events import Event
from omo_core.identifiers import Fingerprint, LocationId, OrderId, ProfileId, Sku
from omo_core.instants import utc, zone
from omo_core.members import ProfileSeen, TraitsSeen

_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?",
    re.ASCII,
)


@frozen(kw_only=True)
class Personal:
    """Personal data of a record, for the vault: never part of an event."""

    profile: ProfileId
    version: int
    fields: Mapping[str, str]
    """``name``, ``email``, ``phone``, ``birthday``, ``card``, ``line`` and whatever else the source has."""


@frozen(kw_only=True)
class Understood:
    """The document means these events."""

    events: tuple[Event, ...]
    personal: tuple[Personal, ...] = ()
    notes: tuple[str, ...] = ()
    """What was left out of it because it can't be read, field and reason; for somebody to look at. An identifier may
    be left out, since goods and money need not wait for it; an amount or an article never."""


@frozen(kw_only=True)
class Ignored:
    """The document was understood and, by design, means nothing to omo."""

    reason: str


@frozen(kw_only=True)
class NotUnderstood:
    """The document goes to quarantine with its raw bytes; it can be driven again later."""

    path: str
    reason: str


Outcome = Understood | Ignored | NotUnderstood


@frozen(kw_only=True)
class Parcel:
    """One document as it came in."""

    kind: str
    """What it claims to be: ``shopify:orders/create``, ``poslog:transaction``, ``receipt``, ``csv:members``."""
    place: str
    """Where in the delivery it stood: ``line 12``, ``transaction 9/34/160``; for people."""
    raw: bytes
    outcome: Outcome


@frozen(kw_only=True)
class Context:
    """What a reader must know of the shop to translate its documents."""

    key: bytes
    """The secret that fingerprints are keyed with (``Vault.key()``)."""
    currency: str = "HKD"
    """For documents that name none."""
    zone: str = "Asia/Hong_Kong"
    """For timestamps that name none: the store's local time."""
    region: str = "HK"
    """Where phone numbers without a country code belong."""
    locations: Mapping[str, LocationId] = Factory(dict)
    """What sources call a location (``shopify:905684977``, ``till:9``) to the shop's own id; else the source's name."""
    items: Mapping[str, Sku] = Factory(dict)
    """What sources call an article (``shopify:inventory_item:271878346596884015``) to its sku."""
    secrets: tuple[bytes, ...] = ()
    """Webhook secrets that are good now, newest first."""
    placeholders: Placeholders = Factory(Placeholders)
    """Values that are nobody's, whoever hands them out."""
    names: NameEvidence | None = None
    """How names speak for or against two records being one person; without it they say nothing."""

    def fingerprint(self, kind: str, value: str, provider: str = "") -> Fingerprint:
        """Hash an identifier that is already in its one spelling."""
        return self.placeholders.hashed(self.key, self.region, (kind, value), provider)

    def traits(self, seen: ProfileSeen, name: Name) -> tuple[TraitsSeen, ...]:
        """Say what a record's name says, where the shop lets names speak."""
        return () if self.names is None else (self.names.of(seen, name, self.key),)

    def location(self, source: str, name: str) -> LocationId:
        """Give the shop's own id of a place."""
        return self.locations.get(f"{source}:{name}", LocationId(f"{source}:{name}"))


def understand(translate: Callable[[], Outcome]) -> Outcome:
    """Run a translation; broken input becomes quarantine with its path and reason, whatever it is."""
    try:
        return translate()
    except Malformed as complaint:
        return NotUnderstood(path=complaint.path, reason=complaint.why)


def receipt_order(location: str, register: str, number: str) -> OrderId:
    """Name a purchase as a platform knows the receipt that a till reported to it.

    A till's numbers restart, so this is a further name (``Sale.also``) of receipts that say they were reported, and
    never what a till's own file calls them. A slash inside a part is escaped: two receipts never share a name by it.
    """
    return OrderId("till:" + "/".join(escaped(part) for part in (location, register, number)))


def escaped(part: str) -> str:
    """Write one part of a name that is put together with slashes; an empty one becomes ``-``."""
    return part.replace("%", "%25").replace("/", "%2F") or "-"


def local_instant(text: str, where: str, path: str = "at") -> datetime:
    """Read an ISO 8601 date and time; one without an offset is the local time of a zone.

    An hour that the clock shows twice is taken as the first of the two, one that it skips as if it had not: tills do
    not say which they mean, and every reading of the same text must give the same instant.
    """
    found = _INSTANT.fullmatch(text)
    if found is None:
        raise Malformed(path, f"{text[:40]!r} is not a date and time such as 2026-11-21T18:30:00+08:00")
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise Malformed(path, f"{text[:40]!r} is not in the calendar") from None
    try:
        return utc(read if read.tzinfo is not None else read.replace(tzinfo=zone(where)), path)
    except OverflowError:
        raise Malformed(path, f"{text[:40]!r} is outside of the calendar") from None
