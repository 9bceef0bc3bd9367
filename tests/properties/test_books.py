"""Law 2: the books balance, for every account at every instant, and for every article in every place."""

from datetime import timedelta

from hypothesis import strategies as st

from omo_adapters.testing.samples import START
from omo_adapters.testing.strategies import PROFILES, SKUS, days, histories, instants
from omo_core.loyalty import account, fold, statement
from omo_core.loyalty.timeline import timeline
from omo_core.stock import Movement, positions
from tests.properties.law import law
from tests.properties.test_order import fresh_shop
from tests.shell.asking import NOW, PROGRAMME
from tests.shell.telling import tell


def assert_balanced(one) -> None:
    there = one.spendable + one.pending + one.held
    assert one.earned == there + one.spent + one.given + one.expired + one.clawed_back - one.debt
    assert min(one.spendable, one.pending, one.held, one.spent, one.given, one.expired, one.debt, one.forgiven) >= 0
    assert sum(hold.points for hold in one.holds) == one.held
    assert sum(lot.left for lot in one.lots if not lot.pending) == one.spendable
    assert sum(lot.left for lot in one.lots if lot.pending) == one.pending


@law(told=histories(), at=instants())
def test_points_balance_at_every_instant(told, at) -> None:
    for as_of in (at, *(event.at for event in told), NOW):
        assert_balanced(account(PROGRAMME, told, PROFILES, as_of))


@law(told=histories())
def test_points_balance_after_every_event(told) -> None:
    folding = fold(PROGRAMME, (), PROFILES)
    for event in timeline(told, PROFILES):
        folding.feed(event)
        ledger = folding.ledger
        gone = ledger.spent + ledger.given + ledger.expired + ledger.clawed_back
        assert ledger.earned == ledger.balance() + gone
        assert ledger.spendable == sum(lot.left for lot in ledger.lots.values() if not lot.pending)


@law(told=histories(), at=instants())
def test_a_statement_sums_to_the_balance_it_shows(told, at) -> None:
    now = account(PROGRAMME, told, PROFILES, at)
    lines = statement(PROGRAMME, told, PROFILES, at)
    assert sum(line.points for line in lines) == now.spendable + now.pending + now.held - now.debt
    if lines:
        assert lines[-1].balance == now.spendable + now.pending + now.held - now.debt


@law(told=histories(), at=instants())
def test_every_line_of_a_statement_leads_from_one_balance_to_the_next(told, at) -> None:
    balance = 0
    for line in statement(PROGRAMME, told, PROFILES, at):
        balance += line.points
        assert line.balance == balance


@law(told=histories())
def test_the_movements_of_a_place_sum_to_what_lies_there(told) -> None:
    for sku in SKUS:
        lines: list[Movement] = []
        folded = positions(sku, told, lines=lines)
        for place in folded.locations():
            here = [line for line in lines if line.location == place]
            assert sum(line.units for line in here) == folded.on_hand(place)
            running = 0
            for line in here:
                running += line.units
                assert line.on_hand == running


@law(told=histories())
def test_what_is_allocated_is_what_the_promises_wait_for(told) -> None:
    for sku in SKUS:
        folded = positions(sku, told)
        for place in (*folded.locations(), None):
            waiting = sum(promise.units for promise in folded.promises.values() if promise.location == place)
            assert folded.allocated(place) == waiting
        assert all(promise.units > 0 for promise in folded.promises.values())


@law(told=histories(max_size=8), day=days(max_size=8), minutes=st.integers(0, 60 * 24 * 41))
def test_points_balance_after_commands_too(told, day, minutes) -> None:
    shop = fresh_shop()
    tell(shop, (*told, *day))
    for profile in PROFILES:
        assert_balanced(shop.account(profile))
        assert_balanced(shop.account(profile, as_of=START + timedelta(minutes=minutes)))
