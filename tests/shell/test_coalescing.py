"""Callers who share a commit: none waits for ever, none is told something that did not happen."""

import threading
import time

import pytest

from omo_adapters.coalescing import BATCH_MAX, Coalescer
from omo_adapters.errors import StoreUnavailable


def run_with(coalescer: Coalescer, works: list, outcomes: dict) -> list[threading.Thread]:
    """Submit each piece of work from a thread of its own, once the one before is queued."""

    def submit(work) -> None:
        try:
            outcomes[work] = coalescer.submit(work)
        except BaseException as trouble:  # noqa: BLE001  (looked at by the test)
            outcomes[work] = trouble

    threads = []
    for place, work in enumerate(works):
        thread = threading.Thread(target=submit, args=(work,))
        thread.start()
        threads.append(thread)
        while place and len(coalescer._queue) < place:
            time.sleep(0.001)
        if not place:
            time.sleep(0.02)
    return threads


@pytest.fixture
def gate() -> threading.Event:
    return threading.Event()


def test_who_comes_while_one_is_writing_shares_the_next_batch(gate: threading.Event) -> None:
    batches: list[list[int]] = []

    def write(works):
        batches.append(list(works))
        if len(batches) == 1:
            gate.wait(5)
        return [work * 10 for work in works]

    outcomes: dict[int, object] = {}
    threads = run_with(Coalescer(write), [1, 2, 3, 4], outcomes)
    gate.set()
    for thread in threads:
        thread.join(5)
    assert batches == [[1], [2, 3, 4]]
    assert outcomes == {1: 10, 2: 20, 3: 30, 4: 40}


def test_one_callers_trouble_is_its_own(gate: threading.Event) -> None:
    def write(works):
        if works == [0]:
            gate.wait(5)
        if 3 in works:
            raise ValueError("three")
        return [work * 10 for work in works]

    outcomes: dict[int, object] = {}
    threads = run_with(Coalescer(write), [0, 2, 3, 4], outcomes)
    gate.set()
    for thread in threads:
        thread.join(5)
    assert isinstance(outcomes.pop(3), ValueError)
    assert outcomes == {0: 0, 2: 20, 4: 40}


def test_when_the_one_who_writes_is_interrupted_the_others_are_told_to_ask_again(gate: threading.Event) -> None:
    def write(works):
        if works == [1]:
            gate.wait(5)
            return [1]
        raise KeyboardInterrupt

    coalescer = Coalescer(write)
    outcomes: dict[int, object] = {}
    threads = run_with(coalescer, [1, 2, 3], outcomes)
    gate.set()
    for thread in threads:
        thread.join(5)
    assert outcomes[1] == 1
    assert isinstance(outcomes[2], KeyboardInterrupt)
    assert isinstance(outcomes[3], StoreUnavailable)
    assert outcomes[3].worth_retrying


def test_after_an_interruption_the_next_caller_is_served() -> None:
    interrupted = iter([True])

    def write(works):
        if next(interrupted, False):
            raise KeyboardInterrupt
        return works

    coalescer = Coalescer(write)
    with pytest.raises(KeyboardInterrupt):
        coalescer.submit("a")
    assert coalescer.submit("b") == "b"


@pytest.mark.parametrize("called", [False, True])
def test_a_caller_who_is_interrupted_while_waiting_keeps_nobody_waiting(gate: threading.Event, called: bool) -> None:
    # What a Ctrl-C does to a waiting thread: ``wait`` raises. With ``called``, just after the lead was passed to it.
    def write(works):
        if works == ["first"]:
            gate.wait(5)
        return works

    coalescer = Coalescer(write)
    outcomes: dict[str, object] = {}
    threads = run_with(coalescer, ["first"], outcomes)
    real_wait = threading.Event.wait

    class Interrupted(threading.Event):
        def wait(self, timeout=None):
            if called:
                gate.set()
                real_wait(self, 5)
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("omo_adapters.coalescing.Event", Interrupted)
        with pytest.raises(KeyboardInterrupt):
            coalescer.submit("impatient")
    gate.set()
    assert coalescer.submit("next") == "next"
    for thread in threads:
        thread.join(5)
    assert outcomes == {"first": "first"}


def test_a_batch_has_a_limit(gate: threading.Event) -> None:
    sizes: list[int] = []

    def write(works):
        sizes.append(len(works))
        if len(sizes) == 1:
            gate.wait(20)
        return works

    outcomes: dict[int, object] = {}
    threads = run_with(Coalescer(write), list(range(BATCH_MAX + 3)), outcomes)
    gate.set()
    for thread in threads:
        thread.join(20)
    assert sizes == [1, BATCH_MAX, 2]
    assert outcomes == {number: number for number in range(BATCH_MAX + 3)}
