"""What has several parts has them as a tuple, and each part is what it should be; the complaint names the place."""

from datetime import timedelta

import pytest
from attrs import evolve

from omo_adapters.shop import memory_shop
from omo_adapters.testing.samples import START, card, handed, line, moved, refund, sale, seen
from omo_core.errors import Malformed
from omo_core.fulfilment import OrderLine, PlacePickupOrder
from omo_core.identifiers import EventId, HoldId, LocationId, OrderId, ProfileId, RequestId, Sku
from omo_core.loyalty.events import Parcel, PointsTransferred
from omo_core.members.events import TagsChanged, TagsSeen
from omo_core.stock import HoldUnits, Wanted
from omo_core.trade import Tender
from tests.shell.asking import RULES

GIFT = PointsTransferred(
    id=EventId("g"), at=START, profile=ProfileId("p1"), receiver=ProfileId("p2"), parcels=(Parcel(points=1),)
)
HOLD = HoldUnits(
    request=RequestId("r"), at=START, hold=HoldId("h"), lines=(Wanted(sku=Sku("TEE"), units=1),),
    until=START + timedelta(days=1),
)  # fmt: skip
PICKUP = PlacePickupOrder(
    request=RequestId("p"), at=START, order=OrderId("o"), location=LocationId("S1"), currency="HKD",
    lines=(OrderLine(line="1", sku=Sku("TEE"), units=1, amount=100),),
)  # fmt: skip
TAGS = TagsSeen(id=EventId("t"), at=START, profile=ProfileId("p1"))
CHANGE = TagsChanged(id=EventId("c"), at=START, profile=ProfileId("p1"))
CASES = [
    (sale(), {"lines": [line()]}, "lines"),
    (sale(), {"lines": (line(), "x")}, "lines[1]"),
    (sale(), {"lines": (Tender(kind="cash", amount=1),)}, "lines[0]"),
    (sale(), {"lines": None}, "lines"),
    (sale(), {"tenders": (line(),)}, "tenders[0]"),
    (sale(), {"tenders": [Tender(kind="cash", amount=1)]}, "tenders"),
    (sale(), {"also": ["x"]}, "also"),
    (sale(), {"also": "x"}, "also"),
    (sale(), {"also": ("x", 1)}, "also[1]"),
    (refund(), {"lines": [refund().lines[0]]}, "lines"),
    (refund(), {"lines": (line(),)}, "lines[0]"),
    (handed(), {"lines": (None,)}, "lines[0]"),
    (seen(), {"claims": [card()]}, "claims"),
    (seen(), {"claims": ("x",)}, "claims[0]"),
    (seen(), {"tags": ["vip"]}, "tags"),
    (seen(), {"tags": "vip"}, "tags"),
    (seen(), {"consents": (("email",),)}, "consents[0]"),
    (seen(), {"consents": (("email", 1),)}, "consents"),
    (seen(), {"consents": (["email", True],)}, "consents[0]"),
    (TAGS, {"tags": {"vip"}}, "tags"),
    (CHANGE, {"added": ["vip"]}, "added"),
    (CHANGE, {"removed": (7,)}, "removed[0]"),
    (GIFT, {"parcels": [Parcel(points=1)]}, "parcels"),
    (GIFT, {"parcels": (moved(),)}, "parcels[0]"),
    (HOLD, {"lines": [Wanted(sku=Sku("TEE"), units=1)]}, "lines"),
    (HOLD, {"lines": ("TEE",)}, "lines[0]"),
    (HOLD, {"lines": (Wanted(sku=Sku("TEE"), units=0),)}, "lines[0].units"),
    (PICKUP, {"lines": []}, "lines"),
    (PICKUP, {"tenders": (Wanted(sku=Sku("TEE"), units=1),)}, "tenders[0]"),
]


@pytest.mark.parametrize(("item", "wrong", "path"), CASES)
def test_a_wrong_shape_is_told_with_its_place(item, wrong, path: str) -> None:
    shop = memory_shop(RULES, now=lambda: START)
    with pytest.raises(Malformed) as told:
        shop.run([evolve(item, **wrong)])
    assert told.value.path == path
    assert shop.journal.after(0, limit=10) == ()
