"""Many callers, one commit: whoever comes while a commit is under way shares the next one.

A durable commit costs a flush of the disk however little it writes. So the first caller of a moment becomes the
leader, takes along whoever is waiting, runs all their work as one batch, and passes the lead on. Nobody waits for
longer than one batch before their own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from threading import Event, Lock
from typing import Final, Generic, TypeVar

from omo_adapters.errors import StoreUnavailable

W = TypeVar("W")
R = TypeVar("R")

BATCH_MAX: Final = 256
"""The most callers whose work is written together."""


class _Ticket(Generic[W, R]):
    __slots__ = ("called", "done", "failure", "leads", "result", "work")

    def __init__(self, work: W) -> None:
        self.work = work
        self.called = Event()
        self.leads = False
        self.done = False
        self.result: R | None = None
        self.failure: BaseException | None = None


class Coalescer(Generic[W, R]):
    """Runs the work of concurrent callers in batches, one batch at a time."""

    def __init__(self, run: Callable[[Sequence[W]], Sequence[R]]) -> None:
        """Run batches with a function that gives one result per piece of work, in order."""
        self._run = run
        self._lock = Lock()
        self._queue: deque[_Ticket[W, R]] = deque()
        self._busy = False

    def submit(self, work: W) -> R:
        """Have a piece of work done; returns when it is durable. What goes wrong is raised to its own caller."""
        ticket: _Ticket[W, R] = _Ticket(work)
        with self._lock:
            if self._busy:
                self._queue.append(ticket)
            else:
                self._busy = ticket.leads = True
        if not ticket.leads:
            self._wait(ticket)
        if ticket.leads:
            self._lead(ticket)
        if ticket.failure is not None:
            raise ticket.failure
        return ticket.result  # type: ignore[return-value]  # set by whoever led

    def _wait(self, ticket: _Ticket[W, R]) -> None:
        try:
            ticket.called.wait()
        except BaseException:  # an interrupted caller must not keep the others waiting
            with self._lock:
                if ticket in self._queue:
                    self._queue.remove(ticket)
            if ticket.leads:
                self._pass_on()
            raise

    def _lead(self, own: _Ticket[W, R]) -> None:
        with self._lock:
            batch = [own, *(self._queue.popleft() for _ in range(min(len(self._queue), BATCH_MAX - 1)))]
        try:
            self._do(batch)
        except BaseException:  # the leader was interrupted: it raises, and the others are told to ask again
            for ticket in batch[1:]:
                if not ticket.done:
                    ticket.failure = StoreUnavailable("the writing was interrupted; nothing is known of its outcome")
            raise
        finally:
            self._pass_on()
            for ticket in batch[1:]:
                ticket.called.set()

    def _pass_on(self) -> None:
        """Give the lead to whoever has waited longest."""
        with self._lock:
            heir = self._queue.popleft() if self._queue else None
            self._busy = heir is not None
            if heir is not None:
                heir.leads = True
                heir.called.set()

    def _do(self, batch: list[_Ticket[W, R]]) -> None:
        try:
            for ticket, result in zip(batch, self._run([ticket.work for ticket in batch]), strict=True):
                ticket.result, ticket.done = result, True
        except Exception as failure:  # noqa: BLE001  (raised again in the caller that it belongs to)
            if len(batch) == 1:
                batch[0].failure, batch[0].done = failure, True
                return
            # One caller's trouble is not the others': nothing of the batch was written, so each is tried alone.
            for ticket in batch:
                self._do([ticket])
