"""Quarantine, driven again: what was not understood is read once more, with what the shop says and knows by now."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from omo_adapters.importing.formats import Asked, read_again
from omo_adapters.importing.learning import learned_from
from omo_adapters.importing.results import EventCounts, Tally
from omo_adapters.importing.sources import Unreadable
from omo_adapters.importing.writing import Books, Writer
from omo_adapters.inbound import Context, NotUnderstood, Outcome, Parcel, Personal, Understood
from omo_adapters.shop import Shop
from omo_adapters.storage.quarantine import SetAside
from omo_adapters.taking import checked
from omo_core.errors import Malformed
from omo_core.events import Event


@frozen(kw_only=True)
class DriveResult:
    """What became of the documents that were driven again."""

    tried: int
    settled: int
    waiting: int
    """How many were not understood this time either."""
    events: dict[str, EventCounts]


class Driver:
    """Drives documents out of quarantine."""

    def __init__(self, shop: Shop, books: Books, context: Context, *, asked: Asked | None = None) -> None:
        """Read again with a context."""
        self._shop = shop
        self._books = books
        self._context = context
        self._asked = asked or Asked()

    def run(self, *, kind: str = "", numbers: Iterable[int] = ()) -> DriveResult:
        """Try everything that waits, or one kind, or some documents by number."""
        tally = Tally()
        writer = Writer(self._shop, self._books, tally, late_hours=24)
        tried = settled = 0
        wanted = list(numbers)
        documents = (self._find(number) for number in wanted) if wanted else self._books.quarantine.each(kind=kind)
        for document in documents:
            tried += 1
            settled += self._try(document, writer)
            if writer.full:
                writer.flush()
        writer.flush()
        events = tally.result("quarantine").events
        return DriveResult(tried=tried, settled=settled, waiting=tried - settled, events=dict(events))

    def _find(self, number: int) -> SetAside:
        found = self._books.quarantine.find(number)
        if found is None or found.settled_at is not None:
            raise Malformed("number", f"no document {number} waits in quarantine")
        return found

    def _try(self, document: SetAside, writer: Writer) -> bool:
        try:
            parcels = [checked(parcel) for parcel in self._again(document)]
        except (Malformed, Unreadable) as complaint:
            self._books.quarantine.blame(document.id, getattr(complaint, "path", ""), str(complaint))
            return False
        outcome = _together(parcels)
        if isinstance(outcome, NotUnderstood):
            self._books.quarantine.blame(document.id, outcome.path, outcome.reason)
            return False
        writer.settle(document.id, outcome if isinstance(outcome, Understood) else None)
        for parcel in parcels:
            writer.learn(learned_from(parcel))
        return True

    def _again(self, document: SetAside) -> tuple[Parcel, ...]:
        parcels = read_again(document.kind, document.raw, self._context, self._asked)
        if not parcels:
            raise Unreadable("nothing could be read of it")
        return parcels


def _together(parcels: Iterable[Parcel]) -> Outcome:
    """Take all parts of a document as one: it is understood when each part is."""
    events: list[Event] = []
    personal: list[Personal] = []
    notes: list[str] = []
    last: Outcome = NotUnderstood(path="", reason="nothing could be read of it")
    for parcel in parcels:
        last = parcel.outcome
        if isinstance(last, NotUnderstood):
            return last
        if isinstance(last, Understood):
            events += last.events
            personal += last.personal
            notes += last.notes
    return Understood(events=tuple(events), personal=tuple(personal), notes=tuple(notes)) if events else last
