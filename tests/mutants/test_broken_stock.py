"""Bugs that shops have met, planted into the stock rules: each must be caught by the law that forbids it."""

from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve
from hypothesis import Phase

from omo_adapters.codecs import memos
from omo_adapters.storage.memory import MemoryJournal
from omo_core.stock import deciding
from omo_core.stock.moving import Moving
from omo_core.stock.pooling import Shelves
from omo_core.stock.position import Positions
from omo_core.stock.promising import Promising
from omo_core.stock.slots import Slot
from omo_core.stock.sourcing.dealing import Floors
from omo_core.stock.sourcing.filling import Filling
from omo_core.stock.sourcing.partial import Partial
from omo_core.stock.sourcing.searching import Found
from omo_core.stock.standing import Standing
from tests.core.stock import test_capacity as capacity
from tests.core.stock import test_interleavings as interleavings
from tests.core.stock import test_pools as pools
from tests.core.stock import test_promises as promises
from tests.core.stock import test_stock_laws as laws
from tests.core.stock import test_walks as walks
from tests.core.stock.sourcing import test_wishes as wishes
from tests.core.stock.walking import StockWalk
from tests.properties import test_limits as limits

Plant = Callable[[pytest.MonkeyPatch], None]


def late_events_extend(patch: pytest.MonkeyPatch) -> None:
    """Law 1: what comes late is fed as if it were new."""
    patch.setattr(Positions, "extends", lambda *_, **__: True)


def transfers_are_not_in_the_ledger(patch: pytest.MonkeyPatch) -> None:
    """Law 2: goods leave the level but not the books."""
    whole = Moving._move

    def silent(self: Any, event: Any, location: Any, units: int, what: str, lot: str = "") -> None:
        lines, self.lines = self.lines, None if what == "arrived" else self.lines
        whole(self, event, location, units, what, lot)
        self.lines = lines

    patch.setattr(Moving, "_move", silent)


def holds_hold_nothing(patch: pytest.MonkeyPatch) -> None:
    """Law 3: what others hold is promised again."""
    patch.setattr(Standing, "held", lambda *_, **__: 0)


def each_line_by_itself(patch: pytest.MonkeyPatch) -> None:
    """Law 3: two lines of one article are each checked alone."""
    patch.setattr(deciding, "demand", lambda lines, kits=None: {line.sku: line.units for line in lines})


def parcels_keep_their_promise(patch: pytest.MonkeyPatch) -> None:
    """Law 2: what leaves is still waited for."""
    patch.setattr(Promising, "_take", lambda self, event, promise, share, units, what: min(share.units, units))


def early_news_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    """Law 4: a kept state takes a sale that something was heard of before."""
    whole = Positions.extends

    def careless(self: Any, event: Any, *, first: bool = False) -> bool:
        self.early.clear()
        self.last = min(self.last, (event.at, -1, ""))
        return whole(self, event, first=first)

    patch.setattr(Positions, "extends", careless)


def answers_are_forgotten(patch: pytest.MonkeyPatch) -> None:
    """Law 5: a request is answered anew each time."""
    patch.setattr(MemoryJournal, "recall", lambda *_: None)


def refusals_take_the_units(patch: pytest.MonkeyPatch) -> None:
    """Law 10: a look at what is free drops the hold that stood in the way."""
    whole = Standing.held

    def spoiling(self: Any, location: Any, at: Any, *, own: Any = None) -> int:
        found = whole(self, location, at, own=own)
        for part in [part for part in self.holds.parts() if part.location == location]:
            self.holds.drop(part)
        return found

    patch.setattr(Standing, "held", spoiling)


def held_places_are_free(patch: pytest.MonkeyPatch) -> None:
    """Law 3: a place in a slot that is held, but not confirmed, is given again."""
    confirmed = Slot.taken

    def taken(self: Slot, at: Any, **own: Any) -> int:
        return confirmed(evolve(self, kept=tuple(one for one in self.kept if one.confirmed)), at, **own)

    patch.setattr(Slot, "taken", taken)


def counters_ask_no_channel(patch: pytest.MonkeyPatch) -> None:
    """Law 3: whoever stands in a store may have what a channel promised from it."""
    patch.setattr(Shelves, "room_at", lambda self, place: self.free[place])


def channels_are_summed(patch: pytest.MonkeyPatch) -> None:
    """The decision on pools: what one channel owes is taken off every other's."""
    patch.setattr(
        Shelves,
        "room_in",
        lambda self, pool: sum(n for i, n in enumerate(self.free) if pool >> i & 1) - sum(self.owed.values()),
    )


def no_parcel_is_asked_what_it_is_worth(patch: pytest.MonkeyPatch) -> None:
    """The planner: where an order is split, parcels may be worth anything."""
    patch.setattr(Filling, "floors", lambda self, chosen: Floors({}, [one for one in chosen if one in self.must]))


def who_must_may_stay_out(patch: pytest.MonkeyPatch) -> None:
    """The planner: a location that must be used is in the set, and gives nothing."""
    floors = Filling.floors
    patch.setattr(Filling, "floors", lambda self, chosen: Floors(floors(self, chosen).worth, []))


def the_first_few_will_do(patch: pytest.MonkeyPatch) -> None:
    """The planner: what is left short is left short greedily, and called proven."""

    def greedily(self: Partial, must: tuple[int, ...] = ()) -> Found:
        self.sizes, self.payers = [1] * len(self.problem.items), frozenset()
        self._evaluate(must, list(self.problem.needed), 0)
        weight = None if self.best is None else self.best[1]
        return Found(weight, self.chosen, weight or 0, proven=True, nodes=1)

    patch.setattr(Partial, "run", greedily)


def four_hundred_wishes() -> None:
    for seed in range(400):
        wishes.nothing_better(seed)


def kept_states_lose_the_holds(patch: pytest.MonkeyPatch) -> None:
    """Law 4: what is written beside the journal leaves something out."""
    whole = memos.encode_stock

    def forgetful(article: Positions) -> bytes:
        kept = memos.decode_stock(whole(article))
        for part in tuple(kept.holds.parts()) if kept is not None else ():
            kept.holds.drop(part)
        return whole(kept if kept is not None else article)

    patch.setattr("omo_adapters.storage.memos.WORTH_KEEPING", 1)
    patch.setattr("omo_adapters.storage.memos.encode_stock", forgetful)


def on_walks() -> None:
    """The laws on walks, as many as a change is tried with, or a few more; the first that breaks is enough."""
    walks.walk(StockWalk, **QUICK)


def on_walks_in_a_database() -> None:
    """The same with states that are kept in a database."""
    walks.walk(walks.InDatabase, **QUICK)


QUICK: dict[str, Any] = {
    "max_examples": 150,
    "derandomize": True,
    "database": None,
    "print_blob": False,
    "phases": (Phase.generate,),
}

CAUGHT: list[tuple[Plant, Callable[[], None]]] = [
    (late_events_extend, laws.test_any_order_and_repetition_gives_the_same_positions),
    (transfers_are_not_in_the_ledger, laws.test_the_ledger_is_the_level_and_every_sum_is_the_sum_of_its_parts),
    (holds_hold_nothing, interleavings.test_no_interleaving_of_three_clients_sells_what_is_not_there),
    (each_line_by_itself, limits.test_the_lines_of_one_command_are_summed_before_any_is_checked),
    (parcels_keep_their_promise, promises.test_a_parcel_from_elsewhere_consumes_the_allocation_and_the_shelf_it_left),
    (early_news_is_forgotten, laws.test_the_kept_state_is_the_fold_of_the_journal),
    (held_places_are_free, capacity.test_no_interleaving_of_three_clients_takes_the_last_place_twice),
    (counters_ask_no_channel, pools.test_a_store_may_not_sell_over_the_counter_what_any_channel_needs_of_it),
    (counters_ask_no_channel, pools.test_just_so_much_can_be_promised_that_nothing_else_is_kept_worse),
    (channels_are_summed, pools.test_just_so_much_can_be_promised_that_nothing_else_is_kept_worse),
    (no_parcel_is_asked_what_it_is_worth, four_hundred_wishes),
    (who_must_may_stay_out, four_hundred_wishes),
    (the_first_few_will_do, four_hundred_wishes),
    (late_events_extend, on_walks),
    (transfers_are_not_in_the_ledger, on_walks),
    (parcels_keep_their_promise, on_walks),
    (holds_hold_nothing, on_walks),
    (each_line_by_itself, on_walks),
    (counters_ask_no_channel, on_walks),
    (early_news_is_forgotten, on_walks),
    (kept_states_lose_the_holds, on_walks_in_a_database),
    (answers_are_forgotten, on_walks),
    (refusals_take_the_units, on_walks),
    (answers_are_forgotten, laws.test_asked_twice_is_answered_once_and_a_refusal_changes_nothing),
    (refusals_take_the_units, laws.test_asked_twice_is_answered_once_and_a_refusal_changes_nothing),
]


@pytest.mark.mutants
@pytest.mark.parametrize(("plant", "law"), CAUGHT, ids=lambda each: each.__name__)
def test_a_planted_bug_is_caught(plant: Plant, law: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    interleavings.decided.cache_clear()
    capacity.decided.cache_clear()
    with monkeypatch.context() as patch:
        plant(patch)
        with pytest.raises(BaseException):  # noqa: B017, PT011  (a law fails in many ways: a sum, a key, a group of both)
            law()
    interleavings.decided.cache_clear()
    capacity.decided.cache_clear()
