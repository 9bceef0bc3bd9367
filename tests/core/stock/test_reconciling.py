"""Our level against somebody else's: every difference is named, and explained where the history explains it."""

from datetime import UTC, datetime

from omo_core.stock import StockCounted, StockMoved, UnitsHeld, positions
from omo_core.stock.reconciling import Stated, as_counts, reconcile
from omo_core.stock.sequence import Waiting, in_sequence

AT = datetime(2026, 1, 2, tzinfo=UTC)


def folded() -> tuple[object, list[object]]:
    ledger: list[object] = []
    events = [
        *(
            StockCounted(id=f"c/{place}", at=AT.replace(day=1), sku="TEE", location=place, units=units)
            for place, units in (("S1", 5), ("S2", 4), ("S3", 3), ("S4", 2))
        ),
        StockMoved(id="m/1", at=AT.replace(hour=1), sku="TEE", location="S2", units=-1, reason="lost"),
        StockMoved(id="m/2", at=AT.replace(hour=2), sku="TEE", location="S2", units=-1, reason="lost"),
        UnitsHeld(id="h/1", at=AT, hold="h", sku="TEE", units=1, location="S3", until=AT.replace(day=9)),
    ]
    return positions("TEE", events, lines=ledger), ledger


def test_every_difference_is_named_with_its_likely_reason() -> None:
    tees, ledger = folded()
    told = [
        Stated(sku="TEE", location="S1", units=5),
        Stated(sku="TEE", location="S2", units=3),
        Stated(sku="TEE", location="S3", units=3, basis="available"),
        Stated(sku="TEE", location="S9", units=7),
        Stated(sku="CAP", location="S1", units=99),
    ]
    found = reconcile(tees, told, AT.replace(day=3), ledger)
    assert [(one.location, one.ours, one.theirs, one.why, one.because_of) for one in found] == [
        ("S2", 2, 3, "not_heard_there", ("m/2",)),
        ("S3", 2, 3, "promised_here", ()),
        ("S9", 0, 7, "unknown_here", ()),
        ("S4", 2, 0, "unknown_there", ()),
    ]
    assert [one.units for one in found] == [1, 1, 7, -2]
    assert [count.units for count in as_counts(told[:1], AT, "pos", "recount/1")] == [5]


def test_the_promise_goes_by_sequence_and_the_horizon_locks_nothing_beyond_it() -> None:
    demand = [(5, 2), (3, 3), (20, 4), (20, 5), (15, 6)]
    waiting = [Waiting(name=f"P{day}", units=units, at=AT.replace(day=day)) for units, day in demand]
    served = in_sequence(20, reversed(waiting))
    assert [(one.now, one.before) for one in served] == [(5, 0), (3, 5), (12, 8), (0, 28), (0, 48)]
    near = in_sequence(20, waiting, horizon=AT.replace(day=3))
    assert [one.now for one in near] == [5, 3, 0, 0, 0]
    urgent = [*waiting, Waiting(name="VIP", units=4, at=AT.replace(day=9), priority=-1)]
    assert in_sequence(20, urgent)[0].now == 4
