"""A kept state that is extended says what folding the whole history anew says, whatever comes in whatever order."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from omo_adapters.shop import Shop, memory_shop, open_shop
from omo_adapters.testing.samples import (
    START,
    card,
    counted,
    granted,
    handed,
    held,
    joined,
    line,
    moved,
    redeemed,
    refund,
    sale,
    seen,
)
from omo_core.decisions import Accepted
from omo_core.events import Event
from omo_core.identifiers import HoldId, OrderId, ProfileId, RequestId, Sku
from omo_core.loyalty import RedeemPoints
from omo_core.members import DEFAULT_RULES
from omo_core.stock import HoldUnits, ReleaseHold, Wanted
from tests.shell.asking import RULES, everything

NOW = START + timedelta(days=1)


@pytest.fixture(params=["memory", "sqlite with memos"])
def shop(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    if request.param == "memory":
        yield memory_shop(RULES, now=lambda: NOW)
    else:
        monkeypatch.setattr("omo_adapters.storage.memos.WORTH_KEEPING", 1)
        with open_shop(":memory:", RULES, now=lambda: NOW) as opened:
            yield opened


def told_one_by_one(shop: Shop, *events: Event) -> None:
    """Tell a shop one event after the other, and ask it everything after each."""
    for event in events:
        shop.record(event)
        everything(shop)
    extended = everything(shop)
    shop.forget_states()
    assert extended == everything(shop)


HISTORIES: dict[str, tuple[Event, ...]] = {
    "an older version of a withdrawn grant comes late": (
        granted(when=1, version=1, withdrawn=True),
        granted(when=2),
    ),
    "an older version of a sale that was another's comes late": (
        sale(when=1, version=1, profile="p2"),
        sale(when=2, profile="p1"),
    ),
    "a sale without a record follows a redemption on its order": (
        granted(),
        redeemed(order="o1"),
        sale(when=20, profile=None),
    ),
    "another's redemption on one's order": (
        sale(),
        granted(name="g2", profile="p2"),
        redeemed(profile="p2", order="o1", when=30),
    ),
    "a second sighting under the same order id": (
        sale(when=1),
        sale(when=2, id="sale/copy"),
    ),
    "a second sighting that names the first": (
        sale(order="till", when=1),
        sale(order="web", when=2, also=("till",)),
    ),
    "a second sighting that the first named": (
        sale(order="web", when=1, also=("till",)),
        sale(order="till", when=2, authority=1),
    ),
    "a refund of an order before its sale": (
        redeemed(order="o1", when=1),
        refund(when=2, restock="return"),
        sale(when=3),
    ),
    "a refund whose clock stands before its sale": (
        refund(when=2, restock="return", location="S1"),
        counted(7, when=5),
        sale(when=9),
    ),
    "an older count comes after its correction": (
        counted(5, when=1, version=1),
        counted(50, when=2),
    ),
    "a record of another person with the same typed phone": (
        seen("p1", card()),
        *(seen(f"c{number}", card()) for number in range(6)),
        granted(profile="p1"),
        granted(name="g2", profile="p2", when=5),
        seen("p2", card(), when=6),
        granted(name="g3", profile="p2", when=7),
    ),
    "two records are joined and parted": (
        granted(profile="p1"),
        granted(name="g2", profile="p2", when=2),
        joined("j", "p1", "p2", when=3),
        joined("j", "p1", "p2", when=3, version=1, withdrawn=True),
        granted(name="g3", profile="p2", when=4),
    ),
    "a free count while units are held, and the hold released": (
        counted(10, when=0),
        held(units=2, when=1),
        counted(5, when=2, name="c2", basis="available"),
        held(units=2, when=1, version=1, released=True),
    ),
    "a parcel before its order, and another after": (
        moved(10),
        handed(when=2),
        sale("o1", 3, line(handing="ship", location="S1", units=3)),
        handed("h2", when=4, units=2),
    ),
    "a sale is cancelled, then the sale as it first was comes in": (
        sale(when=1, version=2, status="cancelled", ended_at=NOW),
        sale(when=1, version=1),
    ),
    "a count that comes late": (
        moved(9, when=9),
        counted(7, when=1),
    ),
    "a grant that was over when it was made": (
        granted(when=2, expires_at=START),
        redeemed(when=1),
    ),
    "a sale moves to another record": (
        sale(when=1, version=1, profile="p1"),
        sale(when=1, version=2, profile="p2"),
    ),
    "a grant moves to another record": (
        granted(profile="p1"),
        granted(profile="p2", version=1),
    ),
    "a count moves to another article": (
        counted(5, sku="TEE"),
        counted(5, sku="CAP", version=1),
    ),
}


@pytest.mark.parametrize("name", HISTORIES)
def test_extended_is_what_folding_anew_gives(shop: Shop, name: str) -> None:
    told_one_by_one(shop, *HISTORIES[name])


@pytest.mark.parametrize("name", HISTORIES)
def test_told_backwards_it_comes_to_the_same(shop: Shop, name: str) -> None:
    forwards = memory_shop(RULES, now=lambda: NOW)
    forwards.record(*HISTORIES[name])
    told_one_by_one(shop, *reversed(HISTORIES[name]))
    assert everything(shop) == everything(forwards)


def test_a_batch_of_commands_for_strangers_who_share_a_key_keeps_them_apart(shop: Shop) -> None:
    crowd = [seen(f"c{number}", card()) for number in range(DEFAULT_RULES.profiles_max("card"))]
    shop.record(*crowd, seen("p1", card()), seen("p2", card()), granted(profile="p1"), granted(name="g2", profile="p2"))
    ask = [
        RedeemPoints(request=RequestId(name), at=NOW, profile=ProfileId(name), points=60, currency="HKD")
        for name in ("p1", "p2")
    ]
    assert [type(answer) for answer in shop.run(ask)] == [Accepted, Accepted]
    assert [shop.account(ProfileId(name)).spendable for name in ("p1", "p2")] == [40, 40]


def test_a_hold_that_was_released_can_be_made_again_and_holds(shop: Shop) -> None:
    shop.record(counted(3))
    for number, until in enumerate((15, 30)):
        end = NOW + timedelta(minutes=until)
        hold = HoldUnits(
            request=RequestId(f"hold{number}"),
            at=NOW,
            hold=HoldId("basket"),
            lines=(Wanted(sku=Sku("TEE"), units=3),),
            until=end,
        )
        assert isinstance(shop.execute(hold), Accepted)
        assert shop.stock(Sku("TEE")).held(None, NOW) == 3
        shop.forget_states()
        assert shop.stock(Sku("TEE")).held(None, NOW) == 3
        if number == 0:
            release = ReleaseHold(request=RequestId("release"), at=NOW, hold=HoldId("basket"), sku=Sku("TEE"))
            assert isinstance(shop.execute(release), Accepted)


def test_a_members_history_holds_nobody_elses_events(shop: Shop) -> None:
    crowd = [seen(f"c{number}", card()) for number in range(DEFAULT_RULES.profiles_max("card") + 1)]
    shop.record(*crowd, granted(profile="c0"), granted(name="g2", profile="c1"))
    assert {event.id for event in shop.history(ProfileId("c0"))} == {"profile/c0", "grant/g1"}


def test_an_account_before_a_cancellation_does_not_know_of_it(shop: Shop) -> None:
    shop.record(sale(when=0, status="cancelled", ended_at=START + timedelta(minutes=60)))
    before = START + timedelta(minutes=30)
    assert shop.account(ProfileId("p1"), as_of=before).spendable == 100
    assert shop.account(ProfileId("p1")).spendable == 0
    assert [line.what for line in shop.statement(ProfileId("p1"), as_of=before)] == ["earned"]


def test_stock_before_a_cancellation_does_not_know_of_it(shop: Shop) -> None:
    waits = line(handing="ship", location="S1")
    shop.record(counted(5), sale("o1", 1, waits, status="cancelled", ended_at=START + timedelta(minutes=60)))
    before = shop.stock(Sku("TEE"), as_of=START + timedelta(minutes=30))
    assert [before.allocated(place) for place in before.locations()] == [1]


def test_an_order_before_its_cancellation_is_placed(shop: Shop) -> None:
    waits = line(handing="ship", location="S1")
    shop.record(sale("o1", 1, waits, status="cancelled", ended_at=START + timedelta(minutes=60)))
    assert shop.order(OrderId("o1"), as_of=START + timedelta(minutes=30)).state == "placed"
    assert shop.order(OrderId("o1")).state == "cancelled"


def test_recording_nothing_is_no_mistake(shop: Shop) -> None:
    assert shop.record().new == ()
