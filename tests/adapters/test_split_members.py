"""After two records turn out not to be one person, neither is answered with the other's kept state."""

from datetime import UTC, datetime

from attrs import evolve

from omo_adapters.shop import Shop, memory_shop
from omo_core.decisions import Refused
from omo_core.identifiers import EventId, OrderId, ProfileId, RequestId, Sku
from omo_core.loyalty import RedeemPoints, simple_programme
from omo_core.members import ProfilesJoined
from omo_core.trade import Sale, SaleLine

AT = datetime(2026, 1, 5, tzinfo=UTC)
ANN, BEN = ProfileId("crm:ann"), ProfileId("crm:ben")


def joined_then_split() -> Shop:
    shop = memory_shop(simple_programme("HKD", per=100, zone_name="Asia/Hong_Kong"), now=lambda: AT)
    bought = SaleLine(line="1", sku=Sku("TEE"), units=1, amount=5800)
    shop.record(
        Sale(id=EventId("sale/1"), at=AT, order=OrderId("1"), profile=ANN, currency="HKD", lines=(bought,)),
    )
    one = ProfilesJoined(id=EventId("join/1"), at=AT, one=ANN, other=BEN)
    shop.record(one)
    assert shop.account(BEN).spendable == 58
    shop.record(evolve(one, version=1, withdrawn=True))
    assert shop.account(ANN).spendable == 58
    return shop


def test_the_record_that_was_split_off_has_its_own_account() -> None:
    assert joined_then_split().account(BEN).spendable == 0


def test_the_record_that_was_split_off_can_not_spend_the_others_points() -> None:
    shop = joined_then_split()
    asked = RedeemPoints(request=RequestId("r"), at=AT, profile=BEN, points=1, currency="HKD")
    assert isinstance(shop.execute(asked), Refused)
    assert shop.member(BEN).profiles == (BEN,)  # type: ignore[union-attr]
