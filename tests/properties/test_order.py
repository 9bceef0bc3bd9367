"""Law 1: any order of arrival, any repetition, any store: the same state, byte for byte."""

from hypothesis import strategies as st

from omo_adapters.shop import Shop, memory_shop, open_shop
from omo_adapters.testing.strategies import ORDERS, PROFILES, SKUS, histories, shuffled
from omo_core.events import Event, current
from omo_core.fulfilment import order
from omo_core.loyalty import account
from omo_core.members import DEFAULT_RULES, resolve
from omo_core.purchases import purchases
from omo_core.stock import positions
from tests.properties.law import law
from tests.shell.asking import NOW, PROGRAMME, RULES, at_all_times, everything, seen_stock

TWO_ORDERS = histories().flatmap(lambda told: st.tuples(st.just(told), shuffled(told)))


def fresh_shop() -> Shop:
    return memory_shop(RULES, now=lambda: NOW)


def read_purely(events: tuple[Event, ...]) -> bytes:
    """Everything about the small world, by the pure folds over the bare set."""
    partition = resolve(events, DEFAULT_RULES, also=PROFILES)
    members = [partition.member_of(profile) for profile in PROFILES]
    answers = (
        current(events),
        purchases(current(events)),
        partition,
        [account(PROGRAMME, events, member.profiles, NOW) for member in members if member is not None],
        [seen_stock(positions(sku, events)) for sku in SKUS],
        [order(name, events) for name in ORDERS],
    )
    return repr(answers).encode()


@law(orders=TWO_ORDERS)
def test_the_pure_folds_know_no_order_of_arrival(orders) -> None:
    one, other = orders
    assert read_purely(one) == read_purely(other)


@law(orders=TWO_ORDERS)
def test_a_shop_says_the_same_whatever_came_first(orders) -> None:
    one, other = orders
    told_at_once, told_one_by_one = fresh_shop(), fresh_shop()
    told_at_once.record(*one)
    for event in other:
        told_one_by_one.record(event)
    assert repr(at_all_times(told_at_once)) == repr(at_all_times(told_one_by_one))


@law(orders=TWO_ORDERS)
def test_sqlite_says_what_memory_says(orders) -> None:
    one, other = orders
    in_memory = fresh_shop()
    in_memory.record(*one)
    with open_shop(":memory:", RULES, now=lambda: NOW) as in_sqlite:
        for event in other:
            in_sqlite.record(event)
        assert repr(at_all_times(in_memory)) == repr(at_all_times(in_sqlite))


@law(told=histories())
def test_a_shop_says_what_the_bare_set_of_events_says(told) -> None:
    shop = fresh_shop()
    shop.record(*told)
    partition = resolve(told, DEFAULT_RULES, also=PROFILES)
    for profile in PROFILES:
        known, member = shop.member(profile), partition.member_of(profile)
        assert member is not None
        assert known is None or (known.profiles, known.id, known.tags, known.consents) == (
            member.profiles,
            member.id,
            member.tags,
            member.consents,
        )
        assert shop.account(profile) == account(PROGRAMME, told, member.profiles, NOW)
    for sku in SKUS:
        assert seen_stock(shop.stock(sku)) == seen_stock(positions(sku, told))
    for name in ORDERS:
        assert shop.order(name) == order(name, told)


@law(told=histories())
def test_telling_everything_again_changes_nothing(told) -> None:
    shop = fresh_shop()
    shop.record(*told)
    before, place = everything(shop), shop.journal.read(()).position
    recorded = shop.record(*told)
    assert (recorded.new, recorded.conflicts, recorded.position) == ((), (), place)
    assert everything(shop) == before
