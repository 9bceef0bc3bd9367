"""Law 3: no command ever promises or spends more than there is, whatever else happens at the same time."""

import multiprocessing
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import strategies as st

from omo_adapters.errors import Contention
from omo_adapters.shop import Shop, memory_shop, open_shop
from omo_adapters.testing.samples import START, counted, granted, held, line, redeemed, refund, sale
from omo_adapters.testing.strategies import LOCATIONS, PROFILES, SKUS, THEMES, days, histories, one_command
from omo_core.decisions import Accepted
from omo_core.fulfilment import PlacePickupOrder
from omo_core.identifiers import HoldId, LocationId, ProfileId, RequestId, Sku
from omo_core.loyalty import RedeemPoints, fold
from omo_core.loyalty.commands import AdjustPoints, HoldPoints, TransferPoints
from omo_core.ports import Batch, Stale
from omo_core.stock import HoldUnits, Wanted
from tests.properties.law import law
from tests.properties.test_order import fresh_shop
from tests.shell.asking import NOW, PROGRAMME, RULES
from tests.shell.telling import tell

AT = START + timedelta(days=30)
TEE, S1 = Sku("TEE"), LocationId("S1")


# One after the other: what a single decision may do.


def owed(shop: Shop, profile: ProfileId) -> tuple[int, int, int]:
    """What a member owes now, and what was ever overdrawn or forgiven, folded from nothing."""
    member = shop.member(profile)
    profiles = frozenset(member.profiles if member is not None else (profile,))
    folding = fold(PROGRAMME, shop.history(profile), profiles)
    folding.advance(NOW)
    return folding.ledger.debt, folding.ledger.overdrawn, folding.ledger.forgiven


@law(told=histories(*THEMES[1]), command=one_command(RedeemPoints, AdjustPoints, HoldPoints, TransferPoints))
def test_no_accepted_command_leaves_a_member_owing_more(told, command) -> None:
    shop = fresh_shop()
    shop.record(*told)
    before = {profile: owed(shop, profile) for profile in PROFILES}
    if isinstance(shop.execute(command), Accepted):
        for profile in PROFILES:
            assert all(now <= then for now, then in zip(owed(shop, profile), before[profile], strict=True))


@law(told=histories(*THEMES[2]), command=one_command(HoldUnits, PlacePickupOrder))
def test_no_accepted_command_promises_units_that_are_not_free(told, command) -> None:
    shop = fresh_shop()
    shop.record(*told)
    if not isinstance(shop.execute(command), Accepted):
        return
    shop.forget_states()
    for sku in {each.sku for each in command.lines}:
        stock = shop.stock(sku)
        if command.location is not None:
            assert stock.free_raw(command.location, command.at) >= 0
        else:
            pool = sum(stock.free(place, command.at) for place in stock.locations())
            assert pool >= stock.allocated(None) + stock.held(None, command.at)


@law(day=days(), location=st.sampled_from(LOCATIONS), sku=st.sampled_from(SKUS))
def test_what_is_free_is_what_can_be_held(day, location, sku) -> None:
    shop = fresh_shop()
    tell(shop, day)
    stock = shop.stock(sku)
    pool = stock.locations()
    here = stock.free(location, NOW)
    free = min(here, stock.free_in_pool(pool, NOW)) if location in pool else here
    for units, yes in ((free + 1, False), (free, True)):
        if units:
            ask = HoldUnits(
                request=RequestId(f"all{units}"),
                at=NOW,
                hold=HoldId("all"),
                lines=(Wanted(sku=sku, units=units),),
                location=location,
                until=NOW + timedelta(minutes=1),
            )
            assert isinstance(shop.execute(ask), Accepted) is yes


def test_the_lines_of_one_command_are_summed_before_any_is_checked() -> None:
    shop = fresh_shop()
    shop.record(counted(3))
    twice = (Wanted(sku=TEE, units=2), Wanted(sku=TEE, units=2))
    ask = HoldUnits(
        request=RequestId("r"), at=AT, hold=HoldId("h"), lines=twice, location=S1, until=AT + timedelta(minutes=1)
    )
    (short,) = shop.execute(ask).reason.shortages
    assert (short.asked, short.free) == (4, 3)


def test_a_redemption_dated_back_takes_nothing_that_was_clawed_back_since() -> None:
    shop = fresh_shop()
    shop.record(sale(when=0), refund(when=60 * 24 * 10))
    late = RedeemPoints(
        request=RequestId("r"), at=START + timedelta(days=5), profile=ProfileId("p1"), points=100, currency="HKD"
    )
    assert not isinstance(shop.execute(late), Accepted)


# All at once: threads and processes.


def redeem(number: str, points: int = 10) -> RedeemPoints:
    return RedeemPoints(
        request=RequestId(f"r{number}"), at=START + timedelta(minutes=1), profile=ProfileId("p1"), points=points
    )


def hold(number: str, units: int = 1) -> HoldUnits:
    return HoldUnits(
        request=RequestId(f"h{number}"),
        at=AT,
        hold=HoldId(f"h{number}"),
        lines=(Wanted(sku=TEE, units=units),),
        location=S1,
        until=AT + timedelta(hours=1),
    )


def hammer(work: Callable[[str], bool], *, threads: int, times: int) -> int:
    """Ask from many threads at once; gives how often the answer was yes."""
    barrier, yes = threading.Barrier(threads), [0] * threads

    def run(who: int) -> None:
        barrier.wait()
        for number in range(times):
            yes[who] += work(f"{who}/{number}")

    crowd = [threading.Thread(target=run, args=(who,)) for who in range(threads)]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()
    return sum(yes)


@pytest.fixture(params=["memory", "sqlite"])
def shop(request, tmp_path):
    if request.param == "memory":
        yield memory_shop(RULES, now=lambda: AT)
    else:
        with open_shop(tmp_path / "shop.sqlite3", RULES, now=lambda: AT) as in_file:
            yield in_file


def test_threads_never_redeem_more_than_there_is(shop: Shop) -> None:
    shop.record(granted(points=100, when=0, never_expires=True))
    accepted = hammer(lambda who: isinstance(shop.execute(redeem(who)), Accepted), threads=8, times=5)
    assert accepted == 10
    account = shop.account(ProfileId("p1"))
    assert (account.spendable, account.spent, account.debt) == (0, 100, 0)


def test_threads_never_hold_more_than_there_is(shop: Shop) -> None:
    shop.record(counted(12))
    assert hammer(lambda who: isinstance(shop.execute(hold(who)), Accepted), threads=8, times=3) == 12
    assert shop.stock(TEE).free_raw(S1, AT) == 0


def test_sales_that_happen_meanwhile_are_never_lost(shop: Shop) -> None:
    shop.record(counted(50))

    def sell_or_hold(who: str) -> bool:
        shop.record(sale(who, 1, line()))
        return isinstance(shop.execute(hold(who)), Accepted)

    accepted = hammer(sell_or_hold, threads=4, times=8)
    stock = shop.stock(TEE)
    assert stock.on_hand(S1) == 50 - 32
    assert stock.held(S1, AT) == accepted
    assert stock.free_raw(S1, AT) == 50 - 32 - accepted


def test_two_shops_over_one_memory_journal_never_oversell() -> None:
    one = memory_shop(RULES, now=lambda: AT)
    other = Shop(one.journal, one.vault, RULES, now=lambda: AT)
    one.record(counted(20))
    shops = (one, other)
    accepted = hammer(lambda who: isinstance(shops[int(who[0]) % 2].execute(hold(who)), Accepted), threads=4, times=10)
    assert accepted == 20


def test_the_same_request_from_many_threads_is_done_once(shop: Shop) -> None:
    shop.record(granted(points=100, when=0, never_expires=True))
    assert hammer(lambda who: isinstance(shop.execute(redeem("same")), Accepted), threads=8, times=3) == 24
    assert shop.account(ProfileId("p1")).spent == 10


def test_the_naive_way_does_oversell() -> None:
    # The control: read, look and write, with nothing that ties them together. If it held, the others would prove
    # nothing.
    shop = memory_shop(RULES, now=lambda: AT)
    shop.record(counted(12))
    meet = threading.Barrier(8)

    def naive(who: str) -> bool:
        free = shop.stock(TEE, as_of=AT).free(S1, AT)
        meet.wait()
        if free < 1:
            return False
        shop.record(held(who, when=0, until=AT + timedelta(hours=1)))
        return True

    assert hammer(naive, threads=8, times=3) > 12


def work_in_a_process(path: Path, who: int, times: int, results) -> None:
    """What each of several processes does to one file."""
    with open_shop(path, RULES, now=lambda: AT) as shop:
        held_units = redeemed = 0
        for number in range(times):
            shop.record(sale(f"o{who}/{number}", 1, line(sku="CAP"), profile=None))
            shop.record(sale("seen by all", 1, line(sku="CAP"), profile=None))
            held_units += isinstance(shop.execute(hold(f"{who}/{number}")), Accepted)
            redeemed += isinstance(shop.execute(redeem(f"{who}/{number}")), Accepted)
        shop.execute(redeem("same", 1))
        results.put((held_units, redeemed))


def test_four_processes_on_one_file_never_exceed_anything(tmp_path: Path) -> None:
    path = tmp_path / "shop.sqlite3"
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    crowd = [context.Process(target=work_in_a_process, args=(path, who, 12, results)) for who in range(4)]
    with open_shop(path, RULES, now=lambda: AT) as shop:
        shop.record(counted(20), granted(points=201, when=0, never_expires=True))
        for each in crowd:
            each.start()
        outcomes = [results.get(timeout=60) for _ in crowd]
        for each in crowd:
            each.join()
        assert [sum(column) for column in zip(*outcomes, strict=True)] == [20, 20]
        assert shop.stock(Sku("CAP")).on_hand(S1) == -(4 * 12 + 1)
        account = shop.account(ProfileId("p1"))
        assert (account.spendable, account.spent, account.debt) == (0, 201, 0)
        assert shop.database is not None
        assert shop.database.integrity() == ()


def test_processes_that_open_a_new_file_at_once_all_get_in(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    path = tmp_path / "new.sqlite3"
    crowd = [context.Process(target=work_in_a_process, args=(path, who, 1, results)) for who in range(4)]
    for each in crowd:
        each.start()
    outcomes = [results.get(timeout=60) for _ in crowd]
    for each in crowd:
        each.join()
    assert outcomes == [(0, 0)] * 4


def test_a_decision_on_a_journal_that_moves_on_is_made_again() -> None:
    shop = memory_shop(RULES, now=lambda: AT)
    shop.record(granted(points=100, when=0, never_expires=True))
    journal, meanwhile = shop.journal, [redeemed("elsewhere", 100, 1)]
    append = journal.append

    def overtaken(batch: Batch, *, recorded_at):
        if meanwhile and batch.answers:
            append(Batch(events=(meanwhile.pop(),)), recorded_at=recorded_at)
        return append(batch, recorded_at=recorded_at)

    journal.append = overtaken
    assert not isinstance(shop.execute(redeem("1", 100)), Accepted)
    assert shop.account(ProfileId("p1")).spent == 100


def test_giving_up_is_said_as_such() -> None:
    shop = memory_shop(RULES, now=lambda: AT)
    journal = shop.journal
    append = journal.append

    def always_stale(batch: Batch, *, recorded_at):
        if batch.expects or batch.answers:
            return Stale(stream="profile/p1", expected=0, found=1)
        return append(batch, recorded_at=recorded_at)

    journal.append = always_stale
    shop.record(granted())
    with pytest.raises(Contention):
        shop.execute(redeem("1"))
    assert shop.account(ProfileId("p1")).spent == 0
