"""Points that paid for an order which somebody else bought, or nobody in particular, come back when it is refunded."""

from itertools import permutations

import pytest

from omo_adapters.shop import memory_shop
from omo_adapters.testing.samples import START, granted, line, moment, redeemed, refund, sale
from omo_core.events import Event
from omo_core.identifiers import ProfileId
from omo_core.loyalty import Account, simple_programme

PROGRAMME = simple_programme("HKD", per=100, zone_name="Asia/Hong_Kong")
MEMBER = ProfileId("p1")


def facts(buyer: str | None) -> tuple[Event, ...]:
    """100 points given, 60 of them pay for an order of HK$100 that somebody else bought; half of it is refunded."""
    return (
        granted("g1", 100, 1, profile=MEMBER),
        sale("o1", 2, line("1", 10_000), profile=buyer),
        redeemed("r1", 60, 3, profile=MEMBER, order="o1"),
        refund("r", "o1", 4, amount=5_000),
    )


@pytest.mark.parametrize("buyer", ["p2", None])
def test_a_refund_gives_back_what_paid_for_it(buyer: str | None) -> None:
    for order in permutations(facts(buyer)):
        shop = memory_shop(PROGRAMME, now=lambda: moment(5))
        for fact in order:
            shop.record(fact)
            shop.account(MEMBER)
        for account in (shop.account(MEMBER), shop.account(MEMBER, as_of=moment(5))):
            assert (account.spendable, account.spent, account.earned) == (70, 30, 100), order


@pytest.mark.parametrize("buyer", ["p2", None])
def test_it_earns_the_payer_nothing_and_the_buyer_what_it_earned(buyer: str | None) -> None:
    shop = memory_shop(PROGRAMME, now=lambda: START)
    shop.record(*facts(buyer))
    earned = [line.points for line in shop.statement(MEMBER, as_of=moment(5)) if line.what == "earned"]
    assert earned == []
    if buyer is not None:
        bought: Account = shop.account(ProfileId(buyer), as_of=moment(5))
        assert (bought.earned, bought.clawed_back, bought.spendable) == (100, 50, 50)
