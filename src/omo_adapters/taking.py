"""Taking one document from outside: what it means is written down, what it does not say clearly is put aside.

The order is the guarantee. Personal data goes to the vault first: an event may be seen only once its person can be
shown. Then the events, in one append; all of it may be done again without harm.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from threading import RLock
from weakref import finalize

from omo_adapters.admitting import check, expect_events
from omo_adapters.inbound import Ignored, NotUnderstood, Parcel, Understood
from omo_adapters.keeping import keep_personal, keep_words, without_words
from omo_adapters.privacy import asks_to_forget, erased_by, scrub
from omo_adapters.shell import Shell
from omo_adapters.storage.database import Database
from omo_adapters.storage.quarantine import SetAside, SqliteQuarantine
from omo_adapters.storage.vault import SqliteVault
from omo_adapters.wiring import Answer
from omo_core.errors import Malformed
from omo_core.events import Event
from omo_core.identifiers import RequestId
from omo_core.ports import Journal, Recorded, Vault
from omo_core.quantities import text

Took = Recorded | Ignored | NotUnderstood
"""What became of a document: its events are durable, it means nothing by design, or it waits in quarantine."""


class TakingShop(ABC):
    """The part of a shop that takes documents from outside."""

    journal: Journal
    vault: Vault
    now: Callable[[], datetime]
    _shell: Shell
    _asking: RLock

    @abstractmethod
    def record(self, *events: Event) -> Recorded:
        """Write down what happened."""

    def record_once(self, request: RequestId, *events: Event) -> Answer:
        """Write down what happened under a request id: told again, with or without another time, nothing happens.

        For facts that have no document of their own: a delivery typed in at a counter. Gives the facts that were
        written first; refused only when the id was used for something else.
        """
        expect_events(events)
        text(request, "request")
        for event in events:
            check(event)
        with self._asking:
            answer = self._shell.record_once(request, events)
        if asks_to_forget(events):
            scrub(self.vault, self.quarantine, erased_by((), (answer,)), self.now())
        return answer

    def take(self, parcel: Parcel, *, where: str = "") -> Took:
        """Take a document as a reader gave it: facts are recorded, personal data kept, what is unclear put aside.

        ``where`` says what it came in, for people. When this returns, everything is durable: a sender may be told so.
        For a whole file, ``Importer`` does the same in batches.
        """
        parcel = checked(parcel)
        outcome = parcel.outcome
        if isinstance(outcome, NotUnderstood):
            self.quarantine.put([set_aside(parcel, where, self.now())])
        if not isinstance(outcome, Understood):
            return outcome
        events, words = without_words(outcome.events, self.vault.key())
        keep_personal(self.vault, outcome.personal)
        keep_words(self.journal, self.vault, words)
        return self.record(*events)

    @cached_property
    def quarantine(self) -> SqliteQuarantine:
        """Give the documents that were not understood, with their bytes and the reason."""
        if isinstance(self.vault, SqliteVault):
            return SqliteQuarantine(self.vault.database)
        memory = Database(":memory:")
        finalize(self, memory.close)
        return SqliteQuarantine(memory)


def checked(parcel: Parcel) -> Parcel:
    """Check each event that a document means; give the document as not understood when one can't be kept."""
    if isinstance(parcel.outcome, Understood):
        try:
            for event in parcel.outcome.events:
                event.check()
        except Malformed as complaint:
            outcome = NotUnderstood(path=complaint.path, reason=complaint.why)
            return Parcel(kind=parcel.kind, place=parcel.place, raw=parcel.raw, outcome=outcome)
    return parcel


def place_of(parcel: Parcel, where: str) -> str:
    """Say where in which file a document stood."""
    return where if parcel.place in where else f"{where}: {parcel.place}" if where else parcel.place


def set_aside(parcel: Parcel, where: str, at: datetime) -> SetAside:
    """Make the quarantine's entry of a document that was not understood."""
    path, reason = "", ""
    if isinstance(parcel.outcome, NotUnderstood):
        path, reason = parcel.outcome.path, parcel.outcome.reason
    return SetAside(
        kind=parcel.kind, place=place_of(parcel, where), path=path, reason=reason, raw=parcel.raw, received_at=at
    )
