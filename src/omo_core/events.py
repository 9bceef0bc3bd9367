"""What every event has, and the one order in which a fold meets a set of them.

An event is one *version* of one *document*: ``id`` names the document for ever, ``version`` is the source's own
revision of it. A till's receipt has one version; a Shopify order has one per ``updated_at``. Of all versions the
highest counts, whenever it arrived. Two different contents under the same id and version are a conflict: both are
kept, and the one with the larger content hash counts until somebody decides, so that every store agrees.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import ClassVar, TypeVar

from attrs import field, frozen

from omo_core.errors import Malformed
from omo_core.identifiers import EventId, StreamName
from omo_core.instants import utc
from omo_core.quantities import LINES_MAX, text, whole
from omo_core.saying import saying

VERSION_MAX = 2**62


@frozen(kw_only=True)
class Event:
    """Something that happened, or that was decided; never changed, never refused."""

    kind: ClassVar[str] = ""
    """The name under which stores keep it. It is the storage format: never renamed."""
    rank: ClassVar[int] = 50
    """Which kind goes first among events of the same instant (lower first)."""

    id: EventId
    """The document that this is a version of."""
    at: datetime = field(converter=utc)
    """When it happened in the world, as its source says; not when omo heard of it."""
    version: int = 0
    """The source's revision of the document; 0 where the source has none."""
    source: str = ""
    """Who says so: ``shopify:main``, ``till:S1``, ``omo``."""

    @property
    def homes(self) -> tuple[StreamName, ...]:
        """Name the streams that this event belongs to by nature (its order, its profile).

        Events that share a home travel together: each of them stands in every stream that any of them stands in.
        So a refund that knows only its order's number still reaches the member's history, and a new version of an
        order reaches the stock of an article that it no longer contains. Versions of one document travel together
        as well, home or not.
        """
        return ()

    @property
    def streams(self) -> tuple[StreamName, ...]:
        """Name the further streams that this event stands in."""
        return ()

    def check(self) -> None:
        """Raise ``Malformed`` when the content can't mean anything; called before anything is written."""
        text(self.id, "id")
        text(self.source, "source", empty=True)
        whole(self.version, "version", low=0, high=VERSION_MAX)


E = TypeVar("E", bound=Event)


def canonical(event: Event) -> tuple[datetime, int, str]:
    """Sort key of every fold: by instant, then by kind, then by document id (which is unique after ``current``)."""
    return event.at, event.rank, event.id


def content_hash(event: Event) -> str:
    """Hash what an event says; used only to settle conflicts the same way everywhere, in every release."""
    return sha256(f"{event.kind} {saying(event)}".encode("utf-8", "surrogatepass")).hexdigest()


def current(events: Iterable[E]) -> list[E]:
    """Keep one version of each document, the highest, in canonical order."""
    latest: dict[str, E] = {}
    for event in events:
        known = latest.get(event.id)
        if known is None or _counts_over(event, known):
            latest[event.id] = event
    return sorted(latest.values(), key=canonical)


def _counts_over(event: Event, known: Event) -> bool:
    if event.version != known.version:
        return event.version > known.version
    return event != known and content_hash(event) > content_hash(known)


def check_items(items: object, path: str, kind: type | None = None) -> None:
    """Check each part of an event that has a ``check`` of its own, and name its place in the complaint.

    A list is refused where a tuple is meant: whoever holds the list could change what has happened.
    """
    for place, item in enumerate(check_tuple(items, path)):
        check_part(item, f"{path}[{place}]", kind)


def check_part(item: object, path: str, kind: type | None = None) -> None:
    """Check a part of an event or a command that has a ``check`` of its own."""
    checked = getattr(item, "check", None)
    if checked is None or (kind is not None and type(item) is not kind):
        raise Malformed(path, f"{item!r:.40} is not a {kind.__name__ if kind is not None else 'part of it'}")
    try:
        checked()
    except Malformed as complaint:
        raise complaint.under(path) from None


def check_lines(items: object, kind: type) -> None:
    """Check the lines of a document, of which there are not too many."""
    if len(check_tuple(items, "lines")) > LINES_MAX:
        raise Malformed("lines", f"has more than {LINES_MAX} lines")
    check_items(items, "lines", kind)


def check_texts(items: object, path: str) -> None:
    """Check each of a tuple of names."""
    for place, item in enumerate(check_tuple(items, path)):
        text(item, f"{path}[{place}]")


def check_serials(serials: object, units: int) -> None:
    """Check the serial numbers of units: no more of them than units, each once."""
    named = len(check_tuple(serials, "serials"))
    if named > min(abs(units), LINES_MAX):
        raise Malformed("serials", f"{named} serial numbers for {units} units")
    check_texts(serials, "serials")
    if len(set(check_tuple(serials, "serials"))) < named:
        raise Malformed("serials", "names a unit twice")


def check_tuple(items: object, path: str) -> tuple[object, ...]:
    """Accept a tuple, and nothing else that could be walked through."""
    if type(items) is not tuple:
        raise Malformed(path, f"{items!r:.40} is not a tuple")
    return items
