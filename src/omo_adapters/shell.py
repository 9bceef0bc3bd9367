"""The one place that calls the ports: facts are appended as they are, commands are decided and then appended.

The basic operation takes a batch. Commands of a batch are decided one after the other at one desk, then written with
one append; a single command is a batch of one. A request that was answered before gets its first answer again,
before anything is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Final

from omo_adapters.codecs.answers import decode_answer, encode_answer, fingerprint_of, fingerprint_of_facts
from omo_adapters.desk import Desk, Memos, Rules, Shelves
from omo_adapters.errors import Contention
from omo_adapters.wiring import Answer, decide
from omo_core.decisions import Accepted, Command, Refused, RequestReused
from omo_core.events import Event
from omo_core.identifiers import RequestId
from omo_core.ports import Answer as Kept
from omo_core.ports import Batch, Journal, Recorded, Stale
from omo_core.stock import with_parts
from omo_core.trade import Sale

ATTEMPTS_MAX = 20
"""How often a batch is decided anew when others keep changing what it reads."""
FACTS: Final = "facts"
"""Under which kind a request is kept that was no command: facts, to be written once."""
Item = Event | Command
Result = Recorded | Answer


class Shell:
    """Facts and commands in, answers out, over any journal."""

    def __init__(self, journal: Journal, rules: Rules, memos: Memos, now: Callable[[], datetime]) -> None:
        """Work over a journal by a shop's rules; ``now`` stamps when omo heard of something."""
        self.journal = journal
        self.rules = rules
        self.memos = memos
        self.shelves = Shelves()
        self._now = now

    def run(self, items: Sequence[Item]) -> list[Result]:
        """Take facts and commands in order; each run of either kind is one append.

        The items have been checked (``Event.check``, ``Command.check``), each by whoever takes it from its caller.
        """
        results: list[Result] = []
        for is_command, run in groupby(items, key=lambda item: isinstance(item, Command)):
            if is_command:
                results += self._execute([item for item in run if isinstance(item, Command)])
            else:
                events = tuple(self._in_full(item) for item in run if isinstance(item, Event))
                results += [self._record(events)] * len(events)
        return results

    def record_once(self, request: RequestId, events: tuple[Event, ...]) -> Answer:
        """Write facts down under a request: asked again, they are not written again, and the first ones are given."""
        asked = fingerprint_of_facts(events)
        events = tuple(map(self._in_full, events))
        kept = Kept(request=request, asked=asked, kind=FACTS, body=encode_answer(Accepted(events)))
        with self.journal.turn():
            for _ in range(ATTEMPTS_MAX):
                first = self.journal.recall(request)
                if first is not None:
                    return _again(first, FACTS, asked)
                batch = Batch(events=events, answers=(kept,))
                if not isinstance(self.journal.append(batch, recorded_at=self._now()), Stale):
                    return Accepted(events)
        raise Contention(f"tried {ATTEMPTS_MAX} times, and each time somebody else was faster")

    def _in_full(self, event: Event) -> Event:
        """A kit that is sold takes its parts, whatever its source calls it."""
        kits = self.rules.stock.opened_kits
        return with_parts(event, kits) if kits and isinstance(event, Sale) else event

    def _record(self, events: tuple[Event, ...]) -> Recorded:
        recorded = self.journal.append(Batch(events=events), recorded_at=self._now())
        if isinstance(recorded, Stale):
            raise Contention("a store refused facts, which expect nothing")
        return recorded

    def _execute(self, commands: list[Command]) -> list[Answer]:
        with self.journal.turn():
            for _ in range(ATTEMPTS_MAX):
                answers = self._attempt(commands)
                if answers is not None:
                    return answers
                self.shelves.clear()
        raise Contention(f"decided {ATTEMPTS_MAX} times, and each time somebody else was faster")

    def _attempt(self, commands: list[Command]) -> list[Answer] | None:
        """Decide and write once; None when what was read has changed meanwhile."""
        desk = Desk(self.journal, self.rules, self.shelves, self.memos, now=self._now())
        told: dict[RequestId, Kept] = {}
        new: list[Kept] = []
        answers = []
        for command in commands:
            asked = fingerprint_of(command)
            first = told.get(command.request) or self.journal.recall(command.request)
            if first is None:
                answer = decide(desk, command)
                if isinstance(answer, Accepted):
                    desk.stage(answer.events)
                first = Kept(request=command.request, asked=asked, kind=command.kind, body=encode_answer(answer))
                told[command.request] = first
                new.append(first)
                answers.append(answer)
            else:
                answers.append(_again(first, command.kind, asked))
        if not new:
            return answers
        batch = Batch(events=tuple(desk.staged), expects=desk.expects, answers=tuple(new))
        outcome = self.journal.append(batch, recorded_at=self._now())
        if isinstance(outcome, Stale):
            return None
        desk.settle(outcome)
        return answers


def _again(first: Kept, kind: str, asked: bytes) -> Answer:
    """Give the first answer again, unless the id was used for something else."""
    if first.asked != asked or first.kind != kind:
        return Refused(RequestReused(request=first.request, first_kind=first.kind))
    return decode_answer(first.body)
