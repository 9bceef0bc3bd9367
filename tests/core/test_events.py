from datetime import timedelta

import pytest

from omo_adapters.testing.samples import START, counted, granted, refund, sale
from omo_core.errors import InvariantBroken, Malformed, ensure
from omo_core.events import canonical, content_hash, current


def test_of_all_versions_the_highest_counts_whenever_it_came() -> None:
    assert current([sale(version=2), sale(version=10), sale(version=1)]) == [sale(version=10)]


def test_a_conflict_is_settled_by_content_and_not_by_arrival() -> None:
    one, other = sale(staff="ann"), sale(staff="bob")
    winner = max(one, other, key=content_hash)
    assert current([one, other]) == current([other, one, other]) == [winner]


def test_events_are_met_by_instant_then_kind_then_id() -> None:
    late = sale("a", 2)
    told = [refund("z", when=1), granted("b", when=1), granted("a", when=1), counted(when=1), late]
    met = current(told)
    assert [event.id for event in met] == ["count/c1", "grant/a", "grant/b", "refund/z", "sale/a"]
    assert met == sorted(told, key=canonical)


def test_malformed_keeps_its_path_on_the_way_out() -> None:
    inner = Malformed("amount", "is not a whole number").under("lines[2]")
    assert (inner.path, str(inner)) == ("lines[2].amount", "lines[2].amount: is not a whole number")


def test_a_broken_promise_raises() -> None:
    ensure(True, "fine")
    with pytest.raises(InvariantBroken, match="two lots"):
        ensure(False, "two lots")


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"id": ""}, "id"),
        ({"version": -1}, "version"),
        ({"version": True}, "version"),
        ({"version": 2**62 + 1}, "version"),
        ({"source": "a\nb"}, "source"),
        ({"currency": "XXX"}, "currency"),
        ({"currency": "hkd"}, "currency"),
        ({"shipping": 10**15 + 1}, "shipping"),
        ({"status": "gone"}, "status"),
        ({"authority": 10}, "authority"),
        ({"channel": ""}, "channel"),
    ],
)
def test_what_is_wrong_with_a_sale_is_named(change: dict[str, object], path: str) -> None:
    with pytest.raises(Malformed) as complaint:
        sale(**change).check()
    assert complaint.value.path == path


def test_an_end_is_an_instant_too() -> None:
    assert sale(ended_at=START + timedelta(days=1)).ended_at == START + timedelta(days=1)
    with pytest.raises(Malformed):
        sale(ended_at=(START + timedelta(days=1)).replace(tzinfo=None))
