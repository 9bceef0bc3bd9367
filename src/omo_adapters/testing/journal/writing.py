"""What the clauses write with, and read back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeVar

from omo_adapters.testing.samples import START
from omo_core.events import Event
from omo_core.identifiers import RequestId, StreamName
from omo_core.ports import Answer, Batch, Feed, Journal, Reading, Recorded

T = TypeVar("T")
R = TypeVar("R")

HEARD: Final = START + timedelta(days=1)
TEE: Final = StreamName("stock/TEE")
CAP: Final = StreamName("stock/CAP")
P1: Final = StreamName("profile/p1")
P2: Final = StreamName("profile/p2")


class FedJournal(Journal, Feed, Protocol):
    """A journal that can also be read in order of arrival."""


OpenJournal = Callable[[], AbstractContextManager[FedJournal]]


def write(journal: Journal, *events: Event, at: datetime = HEARD) -> Recorded:
    """Append facts."""
    recorded = journal.append(Batch(events=events), recorded_at=at)
    assert isinstance(recorded, Recorded), "facts expect nothing and are never refused"
    return recorded


def ids(reading: Reading) -> list[str]:
    """Give the ids of what was read, in order."""
    return [event.id for event in reading.events]


def answer(request: str, body: bytes = b"yes") -> Answer:
    """Make an answer to be kept."""
    return Answer(request=RequestId(request), asked=b"asked", kind="redeem_points", body=body)


def together(work: Callable[[T], R], parts: Sequence[T]) -> list[R]:
    """Do some work in as many threads as there are parts, all let go at the same moment."""
    barrier = threading.Barrier(len(parts))

    def run(part: T) -> R:
        barrier.wait()
        return work(part)

    with ThreadPoolExecutor(len(parts)) as pool:
        return [done.result() for done in [pool.submit(run, part) for part in parts]]
