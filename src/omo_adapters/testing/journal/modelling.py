"""Any journal against the model: the same appends in any order leave the same in both, as far as can be read.

The model is ``MemoryJournal``. Positions are compared by rank only.
"""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from attrs import evolve
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from omo_adapters.storage.memory import MemoryJournal
from omo_adapters.testing.contract import Contract, needs
from omo_adapters.testing.journal.writing import HEARD, FedJournal, OpenJournal, answer
from omo_adapters.testing.strategies import ORDERS, PROFILES, SKUS, one_event, sales
from omo_core.identifiers import (
    Fingerprint,
    OrderId,
    StreamName,
    claim_stream,
    order_stream,
    profile_stream,
    stock_stream,
)
from omo_core.ports import Answer, Batch, Reading, Recorded

if TYPE_CHECKING:
    from omo_core.events import Event
    from omo_core.trade import Sale

STREAMS = (
    *map(order_stream, ORDERS),
    *map(profile_stream, PROFILES),
    *map(stock_stream, SKUS),
    *(claim_stream(Fingerprint(name)) for name in ("card:a", "card:b", "phone:a", "phone:b")),
)


class JournalMachine(RuleBasedStateMachine):
    """Does everything to a journal and to the model, and compares what they say."""

    opened: ClassVar[OpenJournal]

    def __init__(self) -> None:
        """Open an empty journal, and an empty model."""
        super().__init__()
        self.stack = ExitStack()
        self.journal: FedJournal = self.stack.enter_context(type(self).opened())
        self.model = MemoryJournal()
        self.told: list[Event] = []
        self.clock = HEARD
        self.read_before: list[tuple[Reading, Reading]] = []
        self.requests = 0

    @initialize()
    def start(self) -> None:
        """Begin with nothing, and remember that there was nothing: what is decided on it is stale ever after."""
        self.compare(STREAMS)
        self.read_before.append((self.journal.read(STREAMS), self.model.read(STREAMS)))

    def append(self, mine: Batch, theirs: Batch) -> None:
        """Write to both; the answers must be alike but for positions."""
        self.clock += timedelta(microseconds=1)
        outcome = self.journal.append(mine, recorded_at=self.clock)
        expected = self.model.append(theirs, recorded_at=self.clock)
        assert type(outcome) is type(expected), f"{outcome} where the model gave {expected}"
        if isinstance(outcome, Recorded) and isinstance(expected, Recorded):
            assert (outcome.new, outcome.known, outcome.conflicts) == (expected.new, expected.known, expected.conflicts)
            assert outcome.versions.keys() == expected.versions.keys()
        self.compare_fresh(*self.read_before[-1])
        self.read_before.append((self.journal.read(STREAMS), self.model.read(STREAMS)))

    @rule(events=st.lists(one_event(), min_size=1, max_size=4))
    def tell(self, events: list[Event]) -> None:
        """Tell some facts."""
        self.told += events
        batch = Batch(events=tuple(events))
        self.append(batch, batch)

    @precondition(lambda self: self.told)
    @rule(data=st.data(), count=st.integers(1, 3))
    def tell_again(self, data: Any, count: int) -> None:
        """Tell some of it again."""
        batch = Batch(events=tuple(data.draw(st.sampled_from(self.told)) for _ in range(count)))
        self.append(batch, batch)

    @precondition(lambda self: self.told)
    @rule(data=st.data(), source=st.sampled_from(("a", "b")), more=st.sampled_from((0, 0, 1)))
    def tell_otherwise(self, data: Any, source: str, more: int) -> None:
        """Tell something again in other words: a conflict, or another version."""
        event = data.draw(st.sampled_from(self.told))
        other = evolve(event, source=source, version=event.version + more)
        self.told.append(other)
        self.append(Batch(events=(other,)), Batch(events=(other,)))

    @rule(bought=sales(), orders=st.permutations(ORDERS))
    def bridge(self, bought: Sale, orders: list[OrderId]) -> None:
        """Tell that two orders are one purchase."""
        both = evolve(bought, order=orders[0], also=(orders[1],))
        self.told.append(both)
        self.append(Batch(events=(both,)), Batch(events=(both,)))

    @rule(streams=st.sets(st.sampled_from(STREAMS), min_size=1, max_size=4))
    def remember(self, streams: set[StreamName]) -> None:
        """Read some streams, to decide on them later."""
        names = sorted(streams)
        self.read_before.append((self.journal.read(names), self.model.read(names)))

    @precondition(lambda self: self.read_before)
    @rule(data=st.data(), events=st.lists(one_event(), max_size=3), answered=st.integers(0, 2))
    def decide(self, data: Any, events: list[Event], answered: int) -> None:
        """Write on versions that were read some time ago, with some answers."""
        mine, theirs = data.draw(st.sampled_from(self.read_before))
        first = self.requests + 1 - data.draw(st.integers(0, 1))
        answers: tuple[Answer, ...] = tuple(answer(f"r{first + number}") for number in range(answered))
        self.requests = max(self.requests, first + answered - 1)
        self.append(
            Batch(events=tuple(events), expects=mine.versions, answers=answers),
            Batch(events=tuple(events), expects=theirs.versions, answers=answers),
        )
        for each in answers:
            assert self.journal.recall(each.request) == self.model.recall(each.request)

    @rule(streams=st.lists(st.sampled_from(STREAMS), min_size=1, max_size=5), known=st.integers(-1, 10))
    def look(self, streams: list[StreamName], known: int) -> None:
        """Read some streams, all of them or as they were known once."""
        self.compare(streams)
        known_at = self.clock - timedelta(microseconds=known)
        mine = self.journal.read(streams, known_at=known_at)
        assert [e.event for e in mine.entries] == [e.event for e in self.model.read(streams, known_at=known_at).entries]

    @precondition(lambda self: self.read_before)
    @rule(data=st.data())
    def read_on(self, data: Any) -> None:
        """Read on from where something was read before."""
        self.compare_fresh(*data.draw(st.sampled_from(self.read_before)))

    def compare_fresh(self, mine: Reading, theirs: Reading) -> None:
        """Compare what came after a reading, and whether anything was missed by reading on."""
        fresh = self.journal.read(mine.versions, after=mine.position)
        expected = self.model.read(theirs.versions, after=theirs.position)
        assert [(e.event, e.again, e.conflict) for e in fresh.entries] == [
            (e.event, e.again, e.conflict) for e in expected.entries
        ]
        assert dict(fresh.fresh) == dict(expected.fresh)
        for name, version in mine.versions.items():
            missed = fresh.versions[name] - version - fresh.fresh[name]
            assert (missed != 0) == (expected.versions[name] - theirs.versions[name] - expected.fresh[name] != 0)

    @rule(limit=st.integers(1, 5))
    def follow(self, limit: int) -> None:
        """Read the feed from the beginning in pieces."""
        entries, position = [], 0
        while piece := self.journal.after(position, limit=limit):
            entries += list(piece)
            position = piece[-1].position
        assert [e.event for e in entries] == [e.event for e in self.model.after(0, limit=10**6)]

    def compare(self, streams: object) -> None:
        """Compare what both say of some streams; the versions' numbers may differ, but not whether they are zero."""
        names = list(streams)  # type: ignore[call-overload]  # any iterable of names
        mine, theirs = self.journal.read(names), self.model.read(names)
        told = [(e.event, e.recorded_at, e.conflict, e.again) for e in mine.entries]
        assert told == [(e.event, e.recorded_at, e.conflict, e.again) for e in theirs.entries]
        assert mine.versions.keys() == theirs.versions.keys()
        assert all((mine.versions[name] == 0) == (theirs.versions[name] == 0) for name in names)
        assert self.journal.read(names, after=mine.position).entries == ()

    def teardown(self) -> None:
        """Compare everything once more, and close."""
        with self.stack:
            for name in STREAMS:
                self.compare((name,))


def machine_over(opened: OpenJournal) -> type[RuleBasedStateMachine]:
    """Bind the machine to a journal."""
    return type("BoundMachine", (JournalMachine,), {"opened": staticmethod(opened)})


class ModelClauses(Contract, suite=True):
    """What no single clause thought of."""

    max_examples: ClassVar[int] = 50
    """How many histories are tried; each opens a journal of its own."""
    steps: ClassVar[int] = 20
    """How many appends and readings a history has at most."""
    shrink: ClassVar[bool] = True
    """Whether a failing history is made as small as it gets, which takes a minute on a slow store."""

    @needs("model")
    def test_any_history_leaves_what_it_leaves_in_the_model(self, open_journal: OpenJournal) -> None:
        """The model is ``MemoryJournal``. If this fails, look at the smallest history printed, and at the model."""
        run_state_machine_as_test(
            machine_over(open_journal),
            settings=settings(
                max_examples=self.max_examples,
                stateful_step_count=self.steps,
                deadline=None,
                phases=tuple(Phase) if self.shrink else (Phase.explicit, Phase.reuse, Phase.generate),
                suppress_health_check=list(HealthCheck),
            ),
        )
