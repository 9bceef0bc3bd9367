"""What became of an import, counted as it goes and told at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from attrs import Factory, define, frozen

from omo_adapters.inbound import Ignored, NotUnderstood, Parcel, Understood
from omo_core.events import Event
from omo_core.ports import Recorded

LISTED_MAX: Final = 100
"""So many files that were passed over are named; the rest is counted."""
REASON_MAX: Final = 120


@frozen(kw_only=True)
class EventCounts:
    """What became of the events of one kind."""

    new: int = 0
    known: int = 0
    conflicts: int = 0
    """Of the new ones: the same document and version is kept with another content."""


@frozen(kw_only=True)
class ImportResult:
    """What one import did."""

    source: str
    files: int
    skipped: Mapping[str, str]
    """Files of no known format, and why; the first hundred."""
    unreadable: Mapping[str, str]
    """Files that claim a format but are not it; the first hundred."""
    documents: int
    understood: Mapping[str, int]
    """Documents by kind."""
    ignored: Mapping[str, int]
    """Documents that mean nothing to omo by design, by kind and reason."""
    set_aside: Mapping[str, int]
    """Documents that went to quarantine, by kind."""
    events: Mapping[str, EventCounts]
    """By kind of event."""
    notes: Mapping[str, str]
    """What was left out of documents that were understood, by place; the first hundred."""
    noted: int
    """In how many documents something was left out."""
    late: int
    """New facts that happened long before the newest one that was known when the import began."""
    learned: int
    """Articles whose sku a catalogue document named."""
    driven: int
    """Documents in quarantine that could be understood after that."""
    resumed_at: int
    """Documents that an interrupted run before had taken in already."""

    @property
    def quarantined(self) -> int:
        """Count the documents that went to quarantine."""
        return sum(self.set_aside.values())

    def total(self, what: str) -> int:
        """Sum the new, known or conflicting events over all kinds."""
        return sum(int(getattr(counts, what)) for counts in self.events.values())


@define
class Tally:
    """The counting itself."""

    files: int = 0
    documents: int = 0
    noted: int = 0
    late: int = 0
    learned: int = 0
    driven: int = 0
    resumed_at: int = 0
    skipped: dict[str, str] = Factory(dict)
    unreadable: dict[str, str] = Factory(dict)
    notes: dict[str, str] = Factory(dict)
    understood: Counter[str] = Factory(Counter)
    ignored: Counter[str] = Factory(Counter)
    set_aside: Counter[str] = Factory(Counter)
    events: dict[str, Counter[str]] = Factory(dict)

    def parcel(self, parcel: Parcel, place: str = "") -> None:
        """Count a document by what it means; ``place`` is where its notes are told to belong."""
        self.documents += 1
        match parcel.outcome:
            case Understood(notes=notes):
                self.understood[parcel.kind] += 1
                if notes:
                    self.noted += 1
                    self.passed_over(self.notes, place, "; ".join(notes))
            case Ignored(reason=reason):
                self.ignored[f"{parcel.kind}: {reason[:REASON_MAX]}"] += 1
            case NotUnderstood():
                self.set_aside[parcel.kind] += 1

    def passed_over(self, where: dict[str, str], name: str, why: str) -> None:
        """Note a file that was not read, or a document that was not read whole."""
        if len(where) < LISTED_MAX:
            where[name] = why

    def recorded(self, events: Iterable[Event], recorded: Recorded) -> None:
        """Count what an append said of its events."""
        kinds = {event.id: event.kind for event in events}
        lists = (("new", recorded.new), ("known", recorded.known), ("conflicts", recorded.conflicts))
        for what, ids in lists:
            for name in ids:
                self.events.setdefault(kinds[name], Counter())[what] += 1

    def result(self, source: str) -> ImportResult:
        """Freeze the counts."""
        return ImportResult(
            source=source,
            files=self.files,
            skipped=self.skipped,
            unreadable=self.unreadable,
            documents=self.documents,
            understood=dict(sorted(self.understood.items())),
            ignored=dict(sorted(self.ignored.items())),
            set_aside=dict(sorted(self.set_aside.items())),
            events={kind: EventCounts(**counts) for kind, counts in sorted(self.events.items())},
            notes=self.notes,
            noted=self.noted,
            late=self.late,
            learned=self.learned,
            driven=self.driven,
            resumed_at=self.resumed_at,
        )
