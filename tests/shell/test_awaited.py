"""The awaited shop gives the answers of the plain one, and many awaiters share their commits."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from omo_adapters.awaited import AwaitedShop
from omo_adapters.shop import memory_shop, open_shop
from omo_core.decisions import Accepted, Refused
from omo_core.loyalty import PointsGranted, RedeemPoints, simple_programme

PROGRAMME = simple_programme("HKD", per=100, zone_name="Asia/Hong_Kong")
NOON = datetime(2026, 1, 5, 4, tzinfo=UTC)
GRANT = PointsGranted(id="g", at=NOON, profile="p", points=100, reason="opening balance")


def redeem(number: int, points: int) -> RedeemPoints:
    return RedeemPoints(request=f"r{number}", at=NOON + timedelta(seconds=number + 1), profile="p", points=points)


def test_facts_commands_and_questions_are_awaited() -> None:
    async def day() -> tuple[object, object, int]:
        async with AwaitedShop(memory_shop(PROGRAMME, now=lambda: NOON + timedelta(days=1))) as shop:
            recorded = await shop.record(GRANT)
            answer = await shop.execute(redeem(1, 30))
            account = await shop.ask(shop.shop.account, "p")
            return recorded, answer, account.spendable

    recorded, answer, spendable = asyncio.run(day())
    assert recorded.new == ("g",)
    assert isinstance(answer, Accepted)
    assert spendable == 70


def test_a_hundred_awaiters_never_redeem_more_than_there_is(tmp_path) -> None:
    async def rush() -> list[object]:
        async with AwaitedShop(open_shop(tmp_path / "shop.db", PROGRAMME)) as shop:
            await shop.record(GRANT)
            return list(await asyncio.gather(*(shop.execute(redeem(number, 10)) for number in range(100))))

    answers = asyncio.run(rush())
    assert sum(isinstance(answer, Accepted) for answer in answers) == 10
    assert sum(isinstance(answer, Refused) for answer in answers) == 90


def test_a_cancelled_caller_finds_its_answer_by_its_request() -> None:
    async def impatient() -> object:
        async with AwaitedShop(memory_shop(PROGRAMME)) as shop:
            await shop.record(GRANT)
            asking = asyncio.ensure_future(shop.execute(redeem(1, 60)))
            await asyncio.sleep(0)
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            return await shop.execute(redeem(1, 60)), await shop.execute(redeem(2, 60))

    first, second = asyncio.run(impatient())
    assert isinstance(first, Accepted)
    assert isinstance(second, Refused)
