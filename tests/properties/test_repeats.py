"""Law 5: the same request twice has one effect and one answer. Law 10: a refusal, or bad input, changes nothing."""

import time
from datetime import datetime, timedelta

import pytest
from attrs import evolve, fields
from hypothesis import given
from hypothesis import strategies as st

from omo_adapters.shop import Shop, open_shop
from omo_adapters.testing.strategies import days, histories, one_command, one_event
from omo_core.decisions import Accepted, Command, Refused, RequestReused
from omo_core.errors import Malformed
from omo_core.identifiers import RequestId
from omo_core.loyalty import RedeemPoints
from tests.properties.law import law
from tests.properties.test_order import fresh_shop
from tests.shell.asking import NOW, RULES, everything
from tests.shell.telling import tell


def size(shop: Shop) -> int:
    return shop.journal.read(()).position


@law(day=days())
def test_every_request_asked_again_gets_its_first_answer(day) -> None:
    shop = fresh_shop()
    commands = [item for item in day if isinstance(item, Command)]
    first = [answer for answer in tell(shop, day) if isinstance(answer, Accepted | Refused)]
    before, events = everything(shop), size(shop)
    assert tell(shop, commands) == first
    assert shop.run(commands) == first
    assert (everything(shop), size(shop)) == (before, events)


@law(told=histories(max_size=6), command=one_command(), times=st.integers(2, 4))
def test_a_request_repeated_within_a_batch_is_done_once(told, command, times) -> None:
    once, often = fresh_shop(), fresh_shop()
    answer = tell(once, (*told, command))[-1]
    assert often.run((*told, *[command] * times))[len(told) :] == [answer] * times
    assert everything(once) == everything(often)


@law(told=histories(max_size=6), command=one_command(), seconds=st.integers(1, 59))
def test_asking_again_a_little_later_is_asking_the_same(told, command, seconds) -> None:
    shop = fresh_shop()
    answer = tell(shop, (*told, command))[-1]
    assert shop.execute(evolve(command, at=command.at + timedelta(seconds=seconds))) == answer


@law(told=histories(max_size=6), one=one_command(), other=one_command())
def test_a_request_id_used_for_something_else_is_refused(told, one, other) -> None:
    shop = fresh_shop()
    other = evolve(other, request=one.request)
    tell(shop, (*told, one))
    before = everything(shop)
    same = type(one) is type(other) and evolve(one, at=other.at) == other
    again = shop.execute(other)
    assert same or again == Refused(RequestReused(request=one.request, first_kind=one.kind))
    assert everything(shop) == before


@law(told=histories(max_size=10), command=one_command())
def test_a_refusal_changes_nothing(told, command) -> None:
    shop = fresh_shop()
    shop.record(*told)
    before, events = everything(shop), size(shop)
    answer = shop.execute(command)
    assert isinstance(answer, Accepted) or (everything(shop), size(shop)) == (before, events)
    assert isinstance(answer, Refused) or size(shop) == events + len(answer.events)


BAD = (None, "", "x" * 201, "a\0b", "\ud800", True, -1, 10**18, 2**63, 1.5, float("nan"), "10", b"x")


def spoilt(item: object, name: str, bad: object) -> object:
    """The same thing with one field replaced, as if a caller had got it wrong."""
    copy = evolve(item)
    object.__setattr__(copy, name, bad)
    return copy


@pytest.mark.parametrize("store", ["memory", "sqlite"])
def test_bad_input_gives_one_typed_error_at_once_and_changes_nothing(store: str) -> None:
    shop = fresh_shop() if store == "memory" else open_shop(":memory:", RULES, now=lambda: NOW)

    @given(data=st.data())
    def run(data) -> None:
        item = data.draw(st.one_of(one_event(), one_command()))
        plain = [each.name for each in fields(type(item)) if isinstance(getattr(item, each.name), str | int)]
        name, bad = data.draw(st.sampled_from(plain)), data.draw(st.sampled_from(BAD))
        good = data.draw(one_event())
        before, started = size(shop), time.thread_time()
        try:
            shop.run((good, spoilt(item, name, bad)))
        except Malformed as complaint:
            wrong = [not complaint.path, size(shop) != before, len(str(complaint)) > 300]
        else:
            wrong = []  # not every bad value is bad in every field
        assert not any(wrong)
        assert time.thread_time() - started < 0.1

    run()
    shop.close()


@pytest.mark.parametrize("at", [datetime(2026, 1, 1), "2026-01-01", None])  # noqa: DTZ001  (that is the case)
def test_a_command_without_a_time_zone_is_never_made(at: object) -> None:
    with pytest.raises(Malformed) as complaint:
        RedeemPoints(request=RequestId("r"), at=at, profile="p1", points=1)
    assert complaint.value.path == "at"
