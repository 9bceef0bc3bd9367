"""Both policies of merging, and bonuses had once, through everything that a shop can be asked."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import evolve

from omo_adapters.following import follow
from omo_adapters.member_questions import effect_without
from omo_adapters.shop import Shop, memory_shop, open_shop
from omo_core.decisions import Accepted, Refused
from omo_core.identifiers import ProfileId, RequestId
from omo_core.loyalty import AdjustPoints, GivenBefore, Programme, RedeemPoints
from omo_core.members.commands import JoinProfiles, WithdrawStatement
from tests.core.loyalty.test_merging import AS_ONE, AS_RECORDED, BEFORE, bought, on, welcome
from tests.core.members.observations import joined

JOIN = JoinProfiles(
    request=RequestId("j"), at=on(10), actor="ann", role="manager", one="a", other="b", reason="showed both cards"
)


def opened(path: Path, programme: Programme) -> Iterator[Shop]:
    clock = iter(on(12) + timedelta(minutes=number) for number in range(10**6))
    with open_shop(path, programme, now=lambda: next(clock)) as shop:
        shop.record(*BEFORE)
        assert isinstance(shop.execute(JOIN), Accepted)
        yield shop


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[Shop]:
    yield from opened(tmp_path / "recorded.db", AS_RECORDED)


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Shop]:
    yield from opened(tmp_path / "one.db", AS_ONE)


def test_every_question_gives_the_same_account_by_either_policy(recorded: Shop, one: Shop) -> None:
    for shop, earned in ((recorded, 200), (one, 300)):
        assert shop.account("b").earned == earned
        assert shop.account("a", as_of=on(12)).earned == earned
        assert shop.statement("a")[-1].balance == earned
        (books,) = shop.liability(on(0), on(13))
        assert books.movement.issued == earned
        (change,) = [each for step in follow(shop, until=on(20)) for each in step.regroupings]
        assert [holding.account.earned for holding in change.before] == [100, 100]
        assert [holding.account.earned for holding in change.after] == [earned]
        effect = effect_without(shop, "joined/a+b", ("a",))
        assert [worth.spendable for worth in effect.before] == [earned]
        assert [worth.spendable for worth in effect.after] == [100, 100]


def test_a_late_purchase_of_before_keeps_its_rate_though_the_account_was_kept() -> None:
    shop = memory_shop(AS_RECORDED, now=lambda: on(12))
    shop.record(bought(1, "a", 1, 100_000), bought(2, "b", 2, 50_000), joined("a", "b", at=10))
    assert shop.account("a").earned == 150
    shop.record(bought(8, "b", 9, 10_000))  # before they were one, heard of after
    assert shop.account("a").earned == 160
    shop.record(bought(7, "b", 11, 10_000))
    kept = shop.account("a").earned
    shop.forget_states()
    assert kept == shop.account("a").earned == 180


def test_points_are_redeemed_against_the_account_of_the_policy(recorded: Shop, one: Shop) -> None:
    ask = RedeemPoints(request=RequestId("r"), at=on(12), profile=ProfileId("b"), points=250)
    assert isinstance(recorded.execute(ask), Refused)
    assert isinstance(one.execute(ask), Accepted)


def test_unmerging_gives_each_its_own_with_what_happened_in_between_and_debt(one: Shop) -> None:
    one.record(bought(4, "b", 11, 30_000))
    assert isinstance(one.execute(RedeemPoints(request="r", at=on(12), profile="b", points=350)), Accepted)
    assert one.account("a").spendable == 300 + 60 - 350
    back = WithdrawStatement(
        request=RequestId("w"), at=on(13), actor="ann", role="manager", profile="a", statement="joined/a+b"
    )
    assert isinstance(one.execute(back), Accepted)
    a, b = one.account("a"), one.account("b")
    assert (a.spendable, a.debt, a.earned) == (100, 0, 100)
    assert (b.spendable, b.debt, b.earned, b.spent) == (0, 350 - 160, 160, 350)


def test_a_bonus_is_given_once_however_it_is_asked_for(one: Shop) -> None:
    ask = AdjustPoints(
        request=RequestId("1"), at=on(12), profile="a", points=500, reason="welcome", once="welcome", actor="ann"
    )
    assert isinstance(one.execute(ask), Accepted)
    for kept in (True, False):
        if not kept:
            one.forget_states()
        again = one.execute(evolve(ask, request=f"2{kept}", profile="b"))
        assert isinstance(again, Refused)
        assert again.reason == GivenBefore(once="welcome", grant="grant/1")
    one.record(welcome("b", 11))  # a till that could not ask
    assert one.account("a").earned == 300 + 500
    assert [line.event for line in one.statement("a") if line.what == "had before"] == ["grant/1"]


def test_a_state_kept_beside_the_journal_remembers_what_was_had(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    with open_shop(path, AS_ONE, now=lambda: on(50)) as shop:
        shop.record(welcome("a", 1), *(bought(number, "a", 2, 1000) for number in range(100)))
        assert shop.account("a").earned == 500 + 100
    with open_shop(path, AS_ONE, now=lambda: on(50)) as shop:
        shop.record(welcome("a", 20, 2))
        assert shop.account("a").earned == 600
