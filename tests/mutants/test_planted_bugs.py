"""Bugs planted in the rules, each caught by the law or the example that is there for it.

Each row: what is wrong, how it is planted, and what must fail. That the same checks hold without the bug is what the
rest of the suite is for.
"""

import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from heapq import merge

import pytest
from attrs import evolve

from omo_adapters import desk, shell, shop, states
from omo_adapters.codecs.answers import decode_answer
from omo_adapters.shop import memory_shop
from omo_adapters.storage.memory import MemoryJournal
from omo_adapters.testing.samples import granted
from omo_core import events, purchases
from omo_core.decisions import Refused
from omo_core.fulfilment import LineState
from omo_core.instants import FOREVER
from omo_core.loyalty import buying, folding, ledger, lots, moves, owing, purchase
from omo_core.loyalty import deciding as points_deciding
from omo_core.loyalty.lots import lot_of
from omo_core.stock import deciding as stock_deciding
from omo_core.stock import position
from omo_core.stock.events import StockCounted
from omo_core.trade import Refund, Sale
from tests.core import test_purchases
from tests.core.fulfilment import test_flow
from tests.core.loyalty import test_paying, test_points
from tests.core.stock import test_positions
from tests.mutants import journals
from tests.properties import (
    law,
    test_books,
    test_limits,
    test_order,
    test_repeats,
    test_replay,
    test_value,
)
from tests.shell import asking, test_kept_states

# The packages give the functions of these names away; here the modules are meant.
points_timeline, stock_timeline = (sys.modules[f"omo_core.{of}.timeline"] for of in ("loyalty", "stock"))

Plant = Callable[[pytest.MonkeyPatch], None]


def put(where: object, name: str, what: object) -> Plant:
    return lambda patch: patch.setattr(where, name, what)


def both(*plants: Plant) -> Plant:
    def planted(patch: pytest.MonkeyPatch) -> None:
        for plant in plants:
            plant(patch)

    return planted


def on_memory(test: Callable[..., None]) -> Callable[[], None]:
    def checked() -> None:
        def of(rules):
            opened = memory_shop(rules, now=lambda: test_paying.NOW)
            opened.record(granted(points=10_000, never_expires=True))
            return opened

        test(of)

    return checked


def only_the_last_of_a_name(ledger, event, spending):
    taken, short = ledger.take(event.points, spending)
    ledger.holds[moves.hold_key(event.profile, event.hold)] = lots.Hold(event.profile, event.hold, event.until, taken)
    ledger.held += event.points - short


def gives_what_lapses(ledger, points, order, lapse):
    return PARCELS(ledger, points, order, moves.EPOCH)


def history(name: str) -> Callable[[], None]:
    def told() -> None:
        opened = memory_shop(asking.RULES, now=lambda: asking.NOW)
        test_kept_states.told_one_by_one(opened, *test_kept_states.HISTORIES[name])

    return told


def row(test: Callable[..., None], *values: object) -> Callable[[], None]:
    return lambda: test(*values)


def table(test: Callable[..., None]) -> Callable[[], None]:
    """Every row of an example's own table."""
    (mark,) = test.pytestmark

    def all_rows() -> None:
        for values in mark.args[1]:
            test(*values)

    return all_rows


# The bugs.


def folded_by_arrival(told):
    latest = {event.id: event for event in told}
    return iter(latest.values())


def each_purchase_as_often_as_it_was_seen(latest):
    return [event for event in latest if isinstance(event, Sale)]


def floors_each_refund(folding_, bought, cause, at):
    given = sum(line.amount for line in cause.lines) if isinstance(cause, Refund) else bought.paid
    per = bought.rules[0].per if bought.rules else 1
    lost = min(bought.points, given // per)
    bought.points -= lost
    if lost:
        folding_.ledger.claw_back(lot_of("order", bought.sale.order), lost, "soonest_expiry", "debt", 0)


def forgets_what_expired(self, id, *rest):
    lot = self.lots[id]
    expired, lot.expired = lot.expired, 0
    done = CLAW_BACK(self, id, *rest)
    lot.expired = expired
    return done


def forgives_debt(self, id, points, order, policy, limit):
    return CLAW_BACK(self, id, points, order, "clamp", 0)


def rounds_each_part(whole, weights):
    total = sum(weights)
    return tuple((whole * weight + total // 2) // total for weight in weights)


def gives_what_is_left_to_the_first(whole, weights):
    total = sum(weights)
    parts = [whole * weight // total for weight in weights]
    parts[0] += whole - sum(parts)
    return tuple(parts)


def expires_an_instant_later(self, id, points, at, usable_from, expires_at, **more):
    CREDIT(self, id, points, at, usable_from, min(expires_at + timedelta(microseconds=1), FOREVER), **more)


def absorbs_what_comes_later(told):
    rest = list(STOCK_TIMELINE(told))
    return iter(sorted(rest, key=lambda event: isinstance(event, StockCounted)))


def hands_over_what_nobody_waits_for(self, event):
    for each in () if event.cancelled else event.lines:
        if each.sku == self.sku:
            self._settle(event.order, each.line, each.units)
            self._move(event, event.location, -each.units, event.how)


def looks_at_each_line_alone(lines):
    total = {}
    for each in lines:
        total[each.sku] = max(total.get(each.sku, 0), each.units)
    return total


def forgets_holds_on_the_pool(self, pool, at, *, own=None):
    return max(0, sum(self.free(location, at, own=own) for location in dict.fromkeys(pool)) - self.allocated(None))


def asks_only_about_then(self, now, points, event):
    return now.ledger.spendable >= points


def feeds_strangers(told, profiles, programme=None):
    latest = events.current(told)
    sales = list(purchases.purchases(latest))
    rest = [event for event in latest if not isinstance(event, Sale)]
    return list(merge(sales, sorted(rest, key=events.canonical), key=events.canonical))


def answers_without_looking(first, command, asked):
    return decode_answer(first.body)


def takes_the_time_for_part_of_the_question(command):
    return FINGERPRINT(command) + command.at.isoformat().encode()


def leaves_a_mark(desk, command):
    answer = DECIDE(desk, command)
    if isinstance(answer, Refused):
        desk.stage([granted(f"mark/{command.request}", points=1, when=0)])
    return answer


def appends_without_answers(self, batch, *, recorded_at):
    return APPEND(self, evolve(batch, answers=()), recorded_at=recorded_at)


def appends_without_looking(self, batch, *, recorded_at):
    time.sleep(0.001)
    return APPEND(self, evolve(batch, expects={}), recorded_at=recorded_at)


def counts_in_silence(self, event):
    self._place(event.location).on_hand = event.units


def waits_for_what_was_given_up(self):
    return max(0, self.units - max(self.handed_over, self.refunded))


SEEN_THRICE = (test_purchases.AT_THE_TILL, test_purchases.ON_SHOPIFY, test_purchases.BY_THIRD)
CLAW_BACK, CREDIT = ledger.Ledger.claw_back, ledger.Ledger.credit
STOCK_TIMELINE, FINGERPRINT, DECIDE, APPEND = (
    stock_timeline.timeline,
    shell.fingerprint_of,
    shell.decide,
    MemoryJournal.append,
)

PARCELS = moves.parcels
BUGS: dict[str, tuple[Plant, Callable[[], None]]] = {
    "the last arrival counts, not the highest version": (
        put(events, "_counts_over", lambda event, known: True),
        test_order.test_the_pure_folds_know_no_order_of_arrival,
    ),
    "of two contents the first to come counts": (
        put(events, "content_hash", lambda event: ""),
        test_order.test_the_pure_folds_know_no_order_of_arrival,
    ),
    "stock is folded by arrival": (
        put(position, "timeline", folded_by_arrival),
        test_order.test_the_pure_folds_know_no_order_of_arrival,
    ),
    "an order's streams do not reach the member": (
        put(shop, "MemoryJournal", journals.TravelsNowhere),
        test_order.test_a_shop_says_what_the_bare_set_of_events_says,
    ),
    "versions of a grant stay in their own streams": (
        put(shop, "MemoryJournal", journals.VersionsStayBehind),
        test_order.test_a_shop_says_what_the_bare_set_of_events_says,
    ),
    "a purchase seen twice earns twice": (
        put(points_timeline, "purchases", each_purchase_as_often_as_it_was_seen),
        row(test_purchases.test_three_sightings_earn_once_and_move_stock_once, SEEN_THRICE),
    ),
    "a purchase seen twice moves stock twice": (
        put(stock_timeline, "purchases", each_purchase_as_often_as_it_was_seen),
        row(test_purchases.test_seen_twice_it_earns_once_and_moves_stock_once, SEEN_THRICE[:2]),
    ),
    "each refund is rounded by itself": (
        put(buying, "_unearn", floors_each_refund),
        test_value.test_buying_and_returning_everything_leaves_what_was_there_before,
    ),
    "a claw-back asks for points that expired": (
        put(ledger.Ledger, "claw_back", forgets_what_expired),
        test_points.test_a_claw_back_does_not_ask_for_points_that_expired,
    ),
    "what is owed is dropped": (
        put(ledger.Ledger, "claw_back", forgives_debt),
        test_value.test_points_spent_before_everything_comes_back_are_owed,
    ),
    "each part of a whole is rounded by itself": (
        put(test_value, "split", rounds_each_part),
        test_value.test_parts_sum_to_the_whole_and_none_is_off_by_a_unit,
    ),
    "what is left over goes to whoever stands first": (
        put(test_value, "split", gives_what_is_left_to_the_first),
        test_value.test_permuting_the_weights_permutes_the_parts,
    ),
    "returned points are rounded lot by lot": (
        put(ledger, "split", rounds_each_part),
        test_value.test_redeemed_points_come_back_to_the_point_however_often_they_are_refunded,
    ),
    "points live one instant too long": (
        put(ledger.Ledger, "credit", expires_an_instant_later),
        test_points.test_a_lot_is_gone_at_the_very_instant_it_ends,
    ),
    "points that come back to an expired lot live again": (
        put(ledger.Ledger, "expired_by", lambda self, lot: False),
        test_points.test_what_comes_back_to_a_lot_that_has_ended_is_gone_at_once_and_said_so,
    ),
    "a hold of one name is written over": (
        put(moves, "hold", only_the_last_of_a_name),
        test_points.test_a_record_that_says_twice_that_it_holds_has_set_more_apart,
    ),
    "two records have one hold": (
        put(moves, "hold_key", lambda profile, name: f"\n{name}"),
        test_points.test_a_hold_of_each_of_two_records_lives_on_when_they_are_one_member,
    ),
    "what repaid a debt is gone for good": (
        put(owing.Owings, "stand_in", lambda self, cause, taken: None),
        test_points.test_points_that_repaid_a_debt_keep_their_end_when_they_are_free_again,
    ),
    "a sleeping receiver loses what it is given": (
        put(moves, "parcels", gives_what_lapses),
        test_points.test_points_that_change_hands_keep_the_day_on_which_they_would_have_lapsed,
    ),
    "each redemption has the order's limits for itself": (
        put(ledger.Ledger, "paid_for", lambda self, orders, besides="": 0),
        on_memory(test_paying.test_the_limits_of_an_order_are_for_all_that_pays_for_it_together),
    ),
    "money pays in any money": (
        put(points_deciding, "currency_of", lambda programme, command, held_for="": command.currency),
        on_memory(test_paying.test_store_credit_never_pays_in_another_money),
    ),
    "points that lowered a price come back by the money": (
        put(purchase.Purchase, "_taken_off_back", lambda self: None),
        test_points.test_points_that_lowered_the_price_come_back_with_the_lines_that_they_lowered,
    ),
    "expired points are never taken off": (
        put(ledger.Ledger, "expire", lambda self, lot: None),
        test_points.test_a_lot_is_gone_at_the_very_instant_it_ends,
    ),
    "spent points are counted, but not taken": (
        put(ledger.Ledger, "_lower", lambda self, lot, points: None),
        test_books.test_points_balance_after_every_event,
    ),
    "a movement is not written down": (
        put(
            position.Positions,
            "_count",
            lambda self, event: setattr(self._place(event.location), "on_hand", event.units),
        ),
        test_books.test_the_movements_of_a_place_sum_to_what_lies_there,
    ),
    "a request id is not remembered": (
        both(
            put(MemoryJournal, "recall", lambda self, request: None),
            put(MemoryJournal, "append", appends_without_answers),
        ),
        test_repeats.test_every_request_asked_again_gets_its_first_answer,
    ),
    "a request id answers whatever is asked under it": (
        put(shell, "_again", answers_without_looking),
        test_repeats.test_a_request_id_used_for_something_else_is_refused,
    ),
    "a retry a little later is another request": (
        put(shell, "fingerprint_of", takes_the_time_for_part_of_the_question),
        test_repeats.test_asking_again_a_little_later_is_asking_the_same,
    ),
    "a refusal leaves a mark": (
        put(shell, "decide", leaves_a_mark),
        test_repeats.test_a_refusal_changes_nothing,
    ),
    "a late event extends an account": (
        put(folding.Folding, "extends", lambda self, event, *, first=False: True),
        test_replay.test_an_extended_state_is_a_state_folded_anew,
    ),
    "a late event extends an article": (
        put(position.Positions, "extends", lambda self, event, *, first=False: True),
        history("a count that comes late"),
    ),
    "an older version that comes late extends an account": (
        put(shop, "MemoryJournal", journals.NeverSaysAgain),
        history("an older version of a withdrawn grant comes late"),
    ),
    "a sale extends whatever was heard of it before": (
        put(states, "_told_in_full", lambda journal, told, position: True),
        history("a second sighting under the same order id"),
    ),
    "another person's points extend an account": (
        put(states, "timeline", feeds_strangers),
        test_replay.test_an_extended_state_is_a_state_folded_anew,
    ),
    "a stream's version is not looked at when a state is caught up": (
        put(desk, "catch_up", lambda journal, kept: True),
        test_replay.test_an_extended_state_is_a_state_folded_anew,
    ),
    "a count absorbs later sales": (
        put(position, "timeline", absorbs_what_comes_later),
        test_positions.test_a_count_uploaded_late_takes_its_place_in_time,
    ),
    "a hand-over is counted twice": (
        put(position.Positions, "_handed_over", hands_over_what_nobody_waits_for),
        table(test_positions.test_what_lies_there_and_what_is_free),
    ),
    "each line of a command is checked by itself": (
        put(stock_deciding, "demand", looks_at_each_line_alone),
        test_limits.test_the_lines_of_one_command_are_summed_before_any_is_checked,
    ),
    "holds on the pool are forgotten": (
        put(position.Positions, "free_in_pool", forgets_holds_on_the_pool),
        test_positions.test_what_is_promised_in_one_store_leaves_the_pool_too,
    ),
    "nobody asks what a redemption means for later ones": (
        put(points_deciding.Case, "fits", asks_only_about_then),
        test_limits.test_a_redemption_dated_back_takes_nothing_that_was_clawed_back_since,
    ),
    "writers neither wait nor look": (
        both(
            put(MemoryJournal, "turn", lambda self: nullcontext()),
            put(MemoryJournal, "append", appends_without_looking),
            put(shop.Shop, "_run_all", lambda self, batches: [self._shell.run(batch) for batch in batches]),
        ),
        test_limits.test_two_shops_over_one_memory_journal_never_oversell,
    ),
    "nobody says which versions a decision has read": (
        put(desk.Desk, "expects", {}),
        test_limits.test_a_decision_on_a_journal_that_moves_on_is_made_again,
    ),
    "of one version the last arrival counts": (
        put(events, "_counts_over", lambda event, known: event.version >= known.version),
        test_order.test_the_pure_folds_know_no_order_of_arrival,
    ),
    "a given-up line is waited for": (
        put(LineState, "open", property(waits_for_what_was_given_up)),
        table(test_flow.test_the_state_is_read_off_what_happened),
    ),
}


def fails(check: Callable[[], None]) -> bool:
    if hasattr(check, "once_more"):
        return law.breaks(check)
    try:
        check()
    except Exception:  # noqa: BLE001  (an error counts: a planted bug may trip over an ensure)
        return True
    return False


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_caught(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant, check = BUGS[bug]
    with monkeypatch.context() as patch:
        plant(patch)
        assert fails(check)


@pytest.mark.mutants
@pytest.mark.parametrize("check", {id(check): check for _, check in BUGS.values()}.values())
def test_without_the_bug_the_check_holds(check: Callable[[], None]) -> None:
    assert not fails(check)
