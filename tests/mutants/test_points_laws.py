"""Bugs planted in points, each caught by the law that is there for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from attrs import evolve

from omo_adapters import desk
from omo_adapters.codecs import memos as memo_codec
from omo_adapters.storage import memos
from omo_core import money
from omo_core.instants import FOREVER
from omo_core.loyalty import (
    book,
    buying,
    earning,
    expiring,
    ledger,
    lots,
    moves,
    owing,
    posting,
    replaying,
)
from omo_core.loyalty.folding import Folding
from omo_core.loyalty.ledger import Ledger
from omo_core.loyalty.purchase import Purchase
from tests.loyalty import calendar_check, laws, returns, shops, splits, walks
from tests.loyalty import test_statements as by_hand
from tests.loyalty.test_oracle import compare

Plant = Callable[[pytest.MonkeyPatch], None]


def put(where: object, name: str, what: object) -> Plant:
    return lambda patch: patch.setattr(where, name, what)


def caught(law: Callable[[int], object], within: int) -> bool:
    """Say whether a law is broken in one of so many worlds; a rule that trips over itself counts.

    A plant that does not fit the rules any more is a mistake of its own, and catches nothing.
    """
    for seed in range(within):
        try:
            law(seed)
        except (AttributeError, NameError, TypeError):
            raise
        except Exception:  # noqa: BLE001
            return True
    return False


# Law 1: what counts on the order of arrival.


def in_order_of_arrival(events, profiles, programme=None):
    """Nobody puts events into the one order."""
    events = list(events)
    told = TIMELINE(events, profiles, programme)
    places = {event.id: place for place, event in enumerate(events)}
    return sorted(told, key=lambda event: (event.at, places.get(event.id.removesuffix("/cancelled"), 0)))


def never_catches_up(journal, kept):
    """A state that is kept is taken for the present one."""
    return True


def forgets_what_came_early(folding_, event):
    """A refund that was heard of before its purchase is lost."""
    bought = folding_.purchases.get(event.order)
    if bought is not None:
        buying._follow(folding_, bought, event, event.at)


# Law 2: what loses or makes points.


def expires_without_a_trace(self, lot):
    self._lower(lot, lot.left)


def keeps_what_is_captured(ledger, id, event, spending):
    held = ledger.holds.get(id)
    before = list(held.taken) if held is not None else []
    done = CAPTURE(ledger, id, event, spending)
    if id in ledger.holds:
        ledger.holds[id].taken = before
    return done


def holds_what_is_not_there(ledger, event, spending):
    taken, _ = ledger.take(event.points, spending)
    ledger.holds[moves.hold_key(event.profile, event.hold)] = lots.Hold(event.profile, event.hold, event.until, taken)
    ledger.held += event.points
    return event.points


def notes_nothing_that_expires(self, at, event, what, points, *rest, **more):
    if what != "expired":
        NOTE(self, at, event, what, points, *rest, **more)


def lets_go_without_a_word(folding_, event, ended):
    folding_.let_go(event.at, event.id, ended)


def receives_twice(folding_, event):
    TRANSFER(folding_, event)
    folding_.ledger.earned += event.points if event.receiver in folding_.profiles else 0


# Law 4: what an incremental fold forgets.


def always_extends(self, event, *, first=False):
    return True


def forgets_holds(member, foldings):
    for each in foldings.values():
        each.ledger.ended_holds.clear()
        each.ledger.holds.clear()
    return ENCODE(member, foldings)


def forgets_activity(programme, profiles, memo):
    back = BACK(programme, profiles, memo)
    back.active = laws.EPOCH
    back.plan()
    return back


def looks_once(self):
    self._due = self.tiers.due


# Law 7: what a merge adds or loses.


def everybody_is_a_stranger(folding_, bought):
    return bought.sale.profile == min(folding_.profiles)


# Law 8: what leaks.


def floors_each_refund(folding_, bought, cause, at):
    """Each refund is rounded on its own: many small ones take nothing."""
    before = bought.points
    UNEARN(folding_, bought, cause, at)
    lost = before - bought.points
    if lost == 1:
        bought.points += 1
        folding_.ledger.clawed_back -= 1
        folding_.ledger.earned -= 1


def never_gives_back(self, id, target):
    return 0, 0, 0


def forgives_for_good(self, cause, points):
    self.forgiven += points


def keeps_what_stood_in(taken, points):
    return [], points


def zeroes_debt(self, points, cause=""):
    self.overdrawn += points


def by_todays_rules(self):
    rules = self.version.earnings
    return earning.worth(self.version, rules[:1], self.sale, (1, 1), self.left_out())


# Law 9: what rounding loses.


def rounds_each_part(whole, weights):
    return tuple(whole * weight // sum(weights) for weight in weights)


def rest_to_the_first(whole, weights):
    parts = [whole * weight // sum(weights) for weight in weights]
    parts[0] += whole - sum(parts)
    return tuple(parts)


# Time.


def thirty_days_a_month(day, months):
    return day + timedelta(days=30 * months)


def first_day_gone_is_the_last(day, expiry):
    return MONTHS(day, expiry) - timedelta(days=1)


def a_day_is_24_hours(day, where):
    return START(laws.EPOCH.date(), where) + (day - laws.EPOCH.date())


# What counts of a purchase, by the model with coins.


def lines_pay_with_anything(rule, sale, basis, back):
    return [max(0, earning._line_left((rule,), line, back.lines.get(line.line, 0))) for line in sale.lines]


def the_largest_rule_counts(rules, sale, back):
    return max([BASIS((rule,), sale, back) for rule in rules])


def nothing_belongs_to_no_line(self):
    back = LEFT_OUT(self)
    return back if back is earning.NOTHING else evolve(back, loose=self.back.loose)


def takes_any_money(self, back, before):
    return back.amount


def never_bought_here(refund, purchases):
    return []


def everything_lapses(self, id, points, at, usable_from, expires_at, *, lapses=False):
    CREDIT(self, id, points, at, usable_from, expires_at, lapses=expires_at == FOREVER)


TIMELINE = replaying.timeline
CAPTURE, NOTE, TRANSFER = moves.capture, book.Book.note, posting._transfer
ENCODE, BACK, UNEARN = memo_codec.encode_person, memo_codec._folding, buying._unearn
MONTHS, START = expiring._months, expiring.start_of_day
CREDIT, BASIS, LEFT_OUT = Ledger.credit, earning._basis, Purchase.left_out


A_DAY_TOO_EARLY = {**expiring.FIRST_DAY_GONE, "months": first_day_gone_is_the_last}


def calendar(_: int) -> None:
    days = calendar_check.Calendar()
    for zone in calendar_check.ZONES:
        for day in calendar_check.days(211):
            calendar_check.check_day(days, day, calendar_check.ZoneInfo(zone))


def parts(seed: int) -> None:
    splits.money_is_split_exactly(splits.Random(seed))
    splits.points_come_back_exactly(splits.Random(seed))


def model(seed: int) -> None:
    compare(seed, 30)


def held_by_the_lines(_: int) -> None:
    by_hand.test_what_is_held_and_let_go_has_its_lines()


BUGS: dict[str, tuple[Plant, Callable[[int], object], int]] = {
    "1 order of arrival": (put(replaying, "timeline", in_order_of_arrival), laws.told_in_any_order, 60),
    "1 what came early": (put(buying, "follow_up", forgets_what_came_early), model, 400),
    "2 expires without a trace": (put(Ledger, "expire", expires_without_a_trace), laws.balanced_at_every_instant, 30),
    "2 capture keeps": (put(moves, "capture", keeps_what_is_captured), laws.balanced_at_every_instant, 400),
    "2 holds what is not there": (put(moves, "hold", holds_what_is_not_there), laws.balanced_at_every_instant, 60),
    "2 silent expiry": (put(book.Book, "note", notes_nothing_that_expires), laws.balanced_at_every_instant, 30),
    "2 let go without a word": (put(posting, "_let_go", lets_go_without_a_word), held_by_the_lines, 1),
    "2 received twice": (put(posting, "_transfer", receives_twice), laws.balanced_at_every_instant, 60),
    "4 always extends": (put(Folding, "extends", always_extends), laws.heard_one_by_one, 60),
    "4 memo without holds": (put(laws, "encode_person", forgets_holds), laws.heard_one_by_one, 200),
    "4 memo without activity": (put(memo_codec, "_folding", forgets_activity), laws.heard_one_by_one, 400),
    "4 time is not planned": (put(Folding, "plan", looks_once), model, 60),
    "7 one record only": (put(buying, "_is_mine", everybody_is_a_stranger), laws.merged_and_parted, 60),
    "8 each refund floored": (put(buying, "_unearn", floors_each_refund), walks.nothing_is_left, 2000),
    "8 spent for good": (put(Ledger, "give_back", never_gives_back), walks.nothing_is_left, 200),
    "8 forgiven for good": (put(owing.Owings, "forgive", forgives_for_good), walks.nothing_is_left, 2000),
    "8 stand-ins are kept": (put(owing, "_last", keeps_what_stood_in), walks.nothing_is_left, 600),
    "8 order of returns": (put(owing, "_last", keeps_what_stood_in), returns.returned_in_any_order, 600),
    "8 debt is zeroed": (put(Ledger, "overdraw", zeroes_debt), walks.nothing_is_left, 200),
    "8 rules of another day": (put(Purchase, "worth", by_todays_rules), model, 200),
    "9 each part rounded": (put(splits, "split", rounds_each_part), parts, 50),
    "9 the rest to the first": (put(splits, "split", rest_to_the_first), parts, 50),
    "9 points rounded": (put(ledger, "split", rounds_each_part), parts, 50),
    "time: thirty days": (put(expiring, "add_months", thirty_days_a_month), calendar, 1),
    "time: a day too early": (put(expiring, "FIRST_DAY_GONE", A_DAY_TOO_EARLY), calendar, 1),
    "time: 24 hours": (put(expiring, "start_of_day", a_day_is_24_hours), calendar, 1),
    "earning: lines paid with anything": (put(earning, "_parts", lines_pay_with_anything), model, 400),
    "earning: the largest rule": (put(earning, "_basis", the_largest_rule_counts), model, 400),
    "refunds: money of no line": (put(Purchase, "left_out", nothing_belongs_to_no_line), model, 2000),
    "refunds: any money": (put(Purchase, "_cost_of", takes_any_money), model, 400),
    "refunds: without a receipt": (put(buying, "parts_of", never_bought_here), model, 200),
    "expiry: everything lapses": (put(Ledger, "credit", everything_lapses), model, 600),
    "every store: kept states are old": (put(desk, "catch_up", never_catches_up), shops.on_every_store, 20),
}
QUICK = ("1 order of arrival", "2 silent expiry", "4 always extends", "7 one record only", "8 spent for good",
         "9 points rounded", "time: thirty days")  # fmt: skip


def is_caught(name: str, patch: pytest.MonkeyPatch) -> bool:
    plant, law, within = BUGS[name]
    patch.setattr(memos, "WORTH_KEEPING", 1)
    plant(patch)
    expiring._gone.cache_clear()
    try:
        return caught(law, within)
    finally:
        patch.undo()
        expiring._gone.cache_clear()


@pytest.mark.parametrize("name", QUICK)
def test_a_planted_bug_is_caught_soon(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_caught(name, monkeypatch)


@pytest.mark.mutants
@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_caught(name, monkeypatch)


def test_the_money_that_is_split_here_is_the_money_of_the_rules() -> None:
    assert splits.split is money.split is ledger.split
