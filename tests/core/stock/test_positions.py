"""What lies where, by hand: a page of histories, the answer beside each."""

from itertools import permutations

import pytest

from omo_adapters.testing.samples import START, counted, handed, held, line, moment, moved, refund, sale
from omo_core.events import Event
from omo_core.identifiers import EventId, LocationId, OrderId, Sku
from omo_core.stock import Movement, StockRules, StockSetAside, UnitsAllocated, at_risk, free_for, positions

S1, S2 = LocationId("S1"), LocationId("S2")
WAITS = line(handing="ship", location="S1", units=3)


def aside(units: int, reason: str = "damaged", when: int = 1) -> StockSetAside:
    return StockSetAside(
        id=EventId(f"aside/{reason}/{when}"), at=moment(when), sku=Sku("TEE"), location=S1, units=units, reason=reason
    )


def allocated(to: str | None, when: int = 2) -> UnitsAllocated:
    place = None if to is None else LocationId(to)
    return UnitsAllocated(
        id=EventId(f"allocation/{when}"), at=moment(when), order=OrderId("o1"), line="1", sku=Sku("TEE"), location=place
    )


@pytest.mark.parametrize(
    ("name", "events", "on_hand", "free"),
    [
        ("a count sets", [moved(9), counted(7, when=1)], 7, 7),
        ("a movement adds", [counted(7), moved(-2, when=1)], 5, 5),
        ("a sale after the count is taken off it", [counted(7), sale(when=1)], 6, 6),
        ("a sale before the count is in it", [sale(when=0), counted(7, when=1)], 7, 7),
        ("a sale at the instant of the count comes after it", [sale(when=1), counted(7, when=1)], 6, 6),
        ("sold beyond what was known to be there", [sale()], -1, 0),
        ("what is set aside lies there but is not free", [counted(7), aside(2)], 7, 5),
        (
            "reasons add up, the latest word on each counts",
            [counted(7), aside(2), aside(1, when=2), aside(1, "qc")],
            7,
            5,
        ),
        ("what waits lies there but is not free", [counted(7), sale("o1", 1, WAITS)], 7, 4),
        ("what was handed over is gone", [counted(7), sale("o1", 1, WAITS), handed(units=2)], 5, 4),
        (
            "a second report of it finds nothing waiting",
            [counted(7), sale("o1", 1, WAITS), handed(units=3), handed("h2", units=3)],
            4,
            4,
        ),
        (
            "a parcel that was taken back never left",
            [counted(7), sale("o1", 1, WAITS), handed(units=3, cancelled=True)],
            7,
            4,
        ),
        ("carried goods have left with their sale", [counted(7), sale(when=1), handed()], 6, 6),
        (
            "a cancelled order waits no more",
            [counted(7), sale("o1", 1, WAITS, status="cancelled", ended_at=moment(5))],
            7,
            7,
        ),
        (
            "a refund that cancels frees the units",
            [counted(7), sale("o1", 1, WAITS), refund(units=2, restock="cancel")],
            7,
            6,
        ),
        (
            "a refund that returns brings them back",
            [counted(7), sale(when=1), refund(restock="return", location="S1")],
            7,
            7,
        ),
        ("a refund of money alone moves nothing", [counted(7), sale(when=1), refund()], 6, 6),
        ("a hold lies there but is not free", [counted(7), held(units=2, when=1, until=99)], 7, 5),
        ("a hold that has run out is free", [counted(7), held(units=2, when=1, until=60)], 7, 7),
        (
            "a free count adds what is spoken for",
            [sale("o1", 0, WAITS), aside(1), counted(4, when=2, basis="available")],
            8,
            4,
        ),
        (
            "another article's history changes nothing",
            [counted(7), moved(9, sku="CAP"), counted(1, when=1, sku="CAP", name="c2")],
            7,
            7,
        ),
    ],
)
def test_what_lies_there_and_what_is_free(name: str, events: list[Event], on_hand: int, free: int) -> None:
    at = moment(60)
    for told in permutations(events) if len(events) < 4 else [events, events[::-1]]:
        folded = positions(Sku("TEE"), told)
        assert (folded.on_hand(S1), folded.free(S1, at)) == (on_hand, free), name


def test_a_count_uploaded_late_takes_its_place_in_time() -> None:
    told = [sale(f"o{hour}", hour * 60) for hour in range(10, 18)]
    folded = positions(Sku("TEE"), [*told, counted(7, when=9 * 60)])
    assert folded.on_hand(S1) == 7 - 8


def test_units_wait_in_the_pool_until_they_are_sourced() -> None:
    waits = sale("o1", 1, line(handing="ship", units=2))
    told = [counted(5), counted(5, location="S2", name="c2"), waits]
    pooled = positions(Sku("TEE"), told)
    assert (pooled.allocated(None), pooled.free_in_pool((S1, S2), moment(9))) == (2, 8)
    sourced = positions(Sku("TEE"), [*told, allocated("S2")])
    assert (sourced.allocated(None), sourced.allocated(S2), sourced.free(S2, moment(9))) == (0, 2, 3)
    back = positions(Sku("TEE"), [*told, allocated("S2"), allocated(None, when=3)])
    assert (back.allocated(None), back.allocated(S2)) == (2, 0)


def test_one_stores_deficit_never_eats_anothers_stock() -> None:
    folded = positions(Sku("TEE"), [sale(when=1), counted(3, location="S2", name="c2")])
    assert (folded.free_raw(S1, START), folded.free(S1, START), folded.free_in_pool((S1, S2), START)) == (-1, 0, 3)


def test_what_is_promised_in_one_store_leaves_the_pool_too() -> None:
    told = [counted(5), held(units=5, location=None, when=1, until=99)]
    folded = positions(Sku("TEE"), told)
    assert free_for(folded, StockRules(), S1, moment(2)) == 0
    assert free_for(folded, StockRules(pool=(S2,)), S1, moment(2)) == 5


def test_the_promise_made_last_is_at_risk_first() -> None:
    first, last = (
        sale("a", 1, line(handing="pickup", location="S1")),
        sale("b", 2, line(handing="pickup", location="S1")),
    )
    folded = positions(Sku("TEE"), [last, counted(1), first])
    assert [risk.order for risk in at_risk(folded, StockRules(), START)] == ["b"]
    assert at_risk(positions(Sku("TEE"), [first, counted(1)]), StockRules(), START) == ()


def test_goods_whose_place_nobody_told_are_booked_nowhere() -> None:
    folded = positions(Sku("TEE"), [sale(location=None)])
    assert folded.locations() == ("unknown",)


def test_the_ledger_says_what_moved_and_what_was_left() -> None:
    lines: list[Movement] = []
    positions(Sku("TEE"), [counted(7), sale(when=1), refund(restock="return", location="S1")], lines=lines)
    assert [(line.what, line.units, line.on_hand) for line in lines] == [
        ("counted", 7, 7),
        ("sold", -1, 6),
        ("returned", 1, 7),
    ]
