"""Bugs planted into what keeps units for those they are there for: each is caught by the law, or by its example."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

from omo_adapters import wiring
from omo_adapters.desk import Desk
from omo_core.fulfilment import deciding as orders
from omo_core.stock import committing, deciding
from omo_core.stock.moving import Moving
from omo_core.stock.places import Incoming, Place
from omo_core.stock.position import Positions
from omo_core.stock.refusals import WasShort
from omo_core.stock.rules import StockRules
from omo_core.stock.shifting import Shift, _Scene
from omo_core.stock.standing import Standing
from tests.core.fulfilment import test_counter as counter
from tests.core.stock import test_in_time as in_time
from tests.core.stock import test_kits_held as kits
from tests.core.stock import test_lots_on_the_move as lots
from tests.core.stock import test_nothing_silent as silent
from tests.core.stock import test_others_first as others
from tests.properties import test_overselling as overselling
from tests.properties.law import breaks

Plant = Callable[[pytest.MonkeyPatch], None]


def turns_are_not_asked(patch: pytest.MonkeyPatch) -> None:
    """A later order is given what is there for an earlier one."""
    patch.setattr(_Scene, "losers", lambda self: ())


def pools_are_not_asked(patch: pytest.MonkeyPatch) -> None:
    """A lack is moved from a store to a pool, or units out of it."""
    patch.setattr(_Scene, "short_pools", lambda self: ())


def places_are_not_asked(patch: pytest.MonkeyPatch) -> None:
    """A place is to give more than it has."""
    patch.setattr(_Scene, "short_places", lambda self: ())


def pickers_go_first(patch: pytest.MonkeyPatch) -> None:
    """Who begins to pick takes what is there for somebody who came before."""
    patch.setattr(committing, "losers_at", lambda *_: ())


def counters_go_first(patch: pytest.MonkeyPatch) -> None:
    """Who stands at the counter is handed what is there for somebody who came before."""
    patch.setattr(wiring, "refuse_leaving", lambda *_: None)


def renewing_asks_nobody(patch: pytest.MonkeyPatch) -> None:
    """A hold goes on with units that are somebody else's from its end on."""
    patch.setattr(deciding, "_hindered_later", lambda *_: None)


LAW: list[Plant] = [
    turns_are_not_asked,
    pools_are_not_asked,
    places_are_not_asked,
    pickers_go_first,
    counters_go_first,
    renewing_asks_nobody,
]


@pytest.mark.mutants
@pytest.mark.timeout(600)
@pytest.mark.parametrize("plant", LAW, ids=lambda each: each.__name__)
def test_the_law_catches_a_planted_bug(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        plant(patch)
        assert breaks(overselling.test_no_command_oversells, examples=8_000)


def stores_are_asked_again(patch: pytest.MonkeyPatch) -> None:
    """A store that could not find a line's units is asked for them again."""
    patch.setattr(committing, "_asked_again", lambda *_: None)


def safety_stock_is_stock(patch: pytest.MonkeyPatch) -> None:
    """A plan takes what was to stay in the store."""
    patch.setattr(StockRules, "kept_in", lambda *_: 0)


def the_goods_are_where_the_order_says(patch: pytest.MonkeyPatch) -> None:
    """What was re-decided is forgotten at the counter."""
    patch.setattr(orders, "_lies_at", lambda line, counter, awaited: line.location == counter)


def the_oldest_lot_is_sold_even_when_expired(patch: pytest.MonkeyPatch) -> None:
    """First expired, first out, whatever the day."""
    patch.setattr(Place, "give_lots", lambda self, units, at, named="": self.drop_lots(units, named))


def lots_stay_behind(patch: pytest.MonkeyPatch) -> None:
    """A transfer brings units of no lot."""
    patch.setattr(Moving, "_add_lot", lambda self, location, lot, units, at, expires_at=None: None)


def numbers_stay_behind(patch: pytest.MonkeyPatch) -> None:
    """Serial numbers do not travel."""
    whole = Moving._see_serial

    def stays(self: Any, serial: str, now: str, *came_from: str) -> None:
        if not now.startswith("transfer/"):
            whole(self, serial, self.serials.get(serial, now), *came_from)

    patch.setattr(Moving, "_see_serial", stays)


def finished_names_are_free(patch: pytest.MonkeyPatch) -> None:
    """A transfer that is over may be ordered again by its name."""
    patch.setattr(Desk, "is_known", lambda self, stream: False)


def what_was_released_never_was(patch: pytest.MonkeyPatch) -> None:
    """A hold that was let go is not shown as of the time it lived."""
    patch.setattr(import_module("omo_core.stock.timeline"), "_begun_and_ended", lambda event: (event,))


def one_delivery_one_place(patch: pytest.MonkeyPatch) -> None:
    """The last statement of a delivery counts, wherever it goes."""

    def expect(self: Any, event: Any) -> None:
        self.incoming = {key: one for key, one in self.incoming.items() if key[0] != event.document}
        self.incoming[event.document, event.location] = Incoming(
            event.document, event.location, event.units, event.due_at
        )

    patch.setattr(Moving, "_expect_supply", expect)


def overdue_is_on_its_way(patch: pytest.MonkeyPatch) -> None:
    """A delivery that should have come long ago is promised for ever."""
    whole = Standing.expected
    patch.setattr(Standing, "expected", lambda self, pool, by, since=None: whole(self, pool, by))


def expired_goods_keep_promises(patch: pytest.MonkeyPatch) -> None:
    """Nobody is told of a promise whose goods have expired."""
    patch.setattr(Standing, "expired", lambda *_: 0)


def nothing_is_odd(patch: pytest.MonkeyPatch) -> None:
    """What does not fit is dropped."""
    patch.setattr(Standing, "_misfit", lambda *_: None)


def what_is_picked_may_be_asked_for_once_more(patch: pytest.MonkeyPatch) -> None:
    """A store that picks a part of a line may be asked for as much again, although it was short."""

    def asked_again(promise: Any, given: Any) -> Any:
        worse = [place for place in promise.short_at if given.get(place, 0) > promise.at_location(place)]
        return WasShort(order=promise.order, line=promise.line, location=worse[0]) if worse else None

    patch.setattr(committing, "_asked_again", asked_again)


def a_count_of_tomorrow_counts_today(patch: pytest.MonkeyPatch) -> None:
    """A wrong clock closes a shelf for years."""
    patch.setattr(Desk, "article_for", lambda self, sku, at: self.article(sku))


def what_came_back_is_not_weighed(patch: pytest.MonkeyPatch) -> None:
    """Twenty units of a line of three come back, and nobody wonders."""
    patch.setattr(Positions, "_note_gone", lambda *_: None)


def kits_are_articles(patch: pytest.MonkeyPatch) -> None:
    """A kit that is held as its parts is looked for by its own name."""
    patch.setattr(deciding, "counted", lambda skus, kits: tuple(skus))


def units_lay_then_where_they_lie_now(patch: pytest.MonkeyPatch) -> None:
    """An order that was decided twice in one instant stands in its own way."""
    patch.setattr(Shift, "in_scene", lambda self, then: self)


EXAMPLES: list[tuple[Plant, Callable[[], None]]] = [
    (stores_are_asked_again, others.test_a_location_that_was_short_for_a_line_is_not_asked_again_for_it),
    (safety_stock_is_stock, others.test_safety_stock_is_given_to_no_order_of_the_web),
    (
        the_goods_are_where_the_order_says,
        counter.test_an_order_whose_goods_lie_elsewhere_is_not_collected_with_somebody_elses,
    ),
    (the_oldest_lot_is_sold_even_when_expired, lots.test_a_sale_takes_nothing_that_has_expired),
    (lots_stay_behind, lots.test_a_lot_arrives_with_its_expiry),
    (numbers_stay_behind, lots.test_a_serial_number_follows_its_unit_there_and_back),
    (finished_names_are_free, in_time.test_a_transfers_name_is_taken_for_ever),
    (what_was_released_never_was, in_time.test_a_hold_that_was_released_was_held_until_then),
    (what_was_released_never_was, in_time.test_a_transfer_that_was_withdrawn_was_leaving_until_then),
    (one_delivery_one_place, in_time.test_one_delivery_may_go_to_several_places),
    (overdue_is_on_its_way, in_time.test_what_is_overdue_is_promised_to_nobody_until_a_new_date_is_told),
    (expired_goods_keep_promises, lots.test_expired_goods_keep_no_promise),
    (
        what_is_picked_may_be_asked_for_once_more,
        others.test_a_location_that_picks_a_part_and_was_short_of_the_rest_is_not_asked_for_the_rest,
    ),
    (
        units_lay_then_where_they_lie_now,
        others.test_what_an_order_has_is_free_to_it_however_often_it_is_decided_in_one_instant,
    ),
    (a_count_of_tomorrow_counts_today, in_time.test_a_count_of_a_day_to_come_says_nothing_yet),
    (what_came_back_is_not_weighed, silent.test_what_comes_back_beyond_what_left_is_booked_and_noted),
    (kits_are_articles, kits.test_a_kit_in_a_basket_is_renewed_and_let_go_by_its_name),
    (nothing_is_odd, silent.test_a_parcel_of_more_than_was_ordered_books_what_was_and_keeps_the_rest_in_mind),
]


@pytest.mark.mutants
@pytest.mark.parametrize(("plant", "example"), EXAMPLES, ids=lambda each: each.__name__)
def test_the_example_catches_a_planted_bug(
    plant: Plant, example: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    example()
    with monkeypatch.context() as patch:
        plant(patch)
        with pytest.raises((AssertionError, AttributeError, KeyError, ValueError)):
            example()
