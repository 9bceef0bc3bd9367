"""Bugs planted in tiers, each caught by the model with coins or by a promise of tiers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from attrs import evolve

from omo_core.instants import add_months
from omo_core.loyalty import judging, terms, tier_view
from omo_core.loyalty.granting import Grants
from omo_core.loyalty.judging import Judge, Standing
from omo_core.loyalty.ladder import Ladder, Measures, Tier
from omo_core.loyalty.retracing import Trail
from omo_core.loyalty.tallying import Tally, Tree, Window
from omo_core.loyalty.terms import INSTANT, window_begins
from omo_core.loyalty.tiers import Tiers
from tests.core.loyalty import test_tiers as by_hand
from tests.loyalty import test_policies_tiers, tier_laws, walks
from tests.mutants.test_points_laws import Plant, caught, model, put


def kept_by_what_reaches(self, done):
    return self.reached_by(done)


def never_kept_by_what_reaches(self, done):
    return self.keeps.met_by(done)


def counts_anew_after_every_rise(self, ladder_):
    return COUNTS_FROM(self, evolve(ladder_, overshoot="lost"))


def on_the_same_step(self, name, before):
    place = min(before.place(name) or 0, len(self.tiers) - 1)
    return self.tiers[place].name if place else ""


def ends_with_what_was_given(self, grant):
    GRANT(self, grant)
    if self.standing.tier == grant.tier and grant.until > grant.at:
        self.standing = evolve(self.standing, until=grant.until)


def only_the_last_one(self, ladder_, at):
    live = self.live(at)
    return self.rung(live[-1], ladder_, at) if live and ladder_ is not None else 0


def side_by_side(self):
    for number, each in enumerate(self.all):
        if each.order is not None:
            self.all[number] = evolve(each, until=self._months_later(each.at, each.months))


def kept_without_paying(self, order, months):
    return None


def never_earned_meanwhile(self, ladder_, standing, place, grant):
    return standing


def always_earned_meanwhile(self, ladder_, standing, place, grant):
    return self._enter(ladder_, standing, place, grant.until, ended=grant.until)


def leaves_everything_over(self, entered, ladder_, place, start, done):
    bare = evolve(ladder_.tiers[place], at_least=0, points=0, visits=0)
    tiers_ = tuple(bare if number == place else tier for number, tier in enumerate(ladder_.tiers))
    return RISEN(self, entered, evolve(ladder_, tiers=tiers_), place, start, done)


def leaves_over_what_went_back(self, place, entry, off, *, spare):
    return self


def reviews_the_days_of_grace(self, ladder_, standing, place, ended):
    return IS_HELD(self, ladder_, evolve(standing, since=None), place, standing.until)


def protects_everything(self, place, spend, points, spare_since):
    return Measures() if spare_since is not None else LOWER(self, place, spend, points, None)


def protects_nothing(self, start, ladder_, term):
    return self.since(start, ladder_)


def protects_for_ever(self, start, ladder_, term):
    spared = next((each.spared_since for each in self.counted if each.spared_since is not None), term)
    return KEPT_SINCE(self, start, ladder_, spared)


def leaves_the_tier_as_it_is(self, trail, place, now):
    trail.stale = None


def looks_at_the_present_only(self, trail, place, now):
    RETRACE(self, trail, len(self.tally.counted) - 1, now)


def looks_nowhere(self, place, standing, ladder_):
    return None


def looks_at_the_wrong_run(self, place, standing, ladder_):
    return self.places[-1] if self.places[-1] >= place else None


def any_money(self, entry, sign):
    self.spend += sign * entry.spend
    self.points += sign * entry.points
    self.visits += sign * entry.visits


def one_money_only(self, entry):
    if self.ladder is None or entry.currency == self.ladder.currency:
        COUNT(self, entry)


def only_under_a_ladder(self, entry):
    if self.ladder is not None or not self._ladders or self.is_idle:
        COUNT(self, entry)


def forgets_what_slides_out(self, counted, head, tail):
    for entry in counted[self.tail : tail]:
        self.count(entry, 1)
    self.head, self.tail = head, tail


def forgets_the_last(self, first, last):
    return BETWEEN(self, first, last - 1)


def judged_by_todays_window(self, ladder_, standing, at):
    return self.window_start(ladder_, standing, at)


def looks_at_this_year_only(ladder_, at, where, first):
    return window_begins(ladder_, at - INSTANT, where, first)


def never_moves_up_by_new_rules(self, before, ladder_, standing, at):
    waits = evolve(ladder_, upgrade="at_review") if ladder_ is not None else None
    return CARRY(self, before, waits, standing, at)


def says_what_is_there_today(tiers_, until):
    ladder_ = tiers_.ladder
    if ladder_ is None:
        return tier_view.Missing(), ""
    return TO_COME(tiers_, until)[0], ladder_.tiers[tiers_.place].name


def needs_what_the_window_lacks(tiers_, until):
    at = max([entry.at for entry in tiers_.tally.counted], default=until)
    ladder_ = tiers_.ladder
    start = tiers_.judge.window_start(ladder_, tiers_.standing, at)
    return tier_view._missing(ladder_, ladder_.tiers[tiers_.place].keeps, tiers_.tally.since(start, ladder_))


def one_order_finishes_another(ladder_, standard, done):
    return MISSING(evolve(ladder_, single_order=False), standard, done)


def a_year_from_the_28th(first, at, where, *, later=0):
    return add_months(YEAR_OF(first, at, where), later)


def on_a_leap_day(_: int) -> None:
    for name in test_policies_tiers.LEAPERS:
        test_policies_tiers.test_who_joined_on_a_leap_day_has_years_that_end(name)


def for_one_term(_: int) -> None:
    by_hand.test_protect_keeps_what_was_reached_for_one_term()


COUNTS_FROM, GRANT, RISEN, IS_HELD = Standing.counts_from, Tiers.grant, Judge._risen, Judge._is_held
LOWER, KEPT_SINCE, RETRACE, COUNT = Tally.lower, Tally.kept_since, Tiers._retrace, Tiers.count
BETWEEN, CARRY = Tree.between, Judge.carry
TO_COME, MISSING, YEAR_OF = tier_view._to_come, tier_view._missing, terms._year_of
AHEAD = tier_laws.what_is_projected_comes_true
KEEPS = tier_laws.who_does_what_is_missing_keeps_the_tier
GIVEN = tier_laws.nothing_that_is_given_costs_a_tier
AT_ONCE = tier_laws.what_comes_back_at_once_was_never_bought

BUGS: dict[str, tuple[Plant, Callable[[int], object], int]] = {
    "kept by what reaches": (put(Tier, "held_by", kept_by_what_reaches), model, 600),
    "never kept by what reaches": (put(Tier, "held_by", never_kept_by_what_reaches), model, 6000),
    "the running year": (put(judging, "reviewed_from", judging.window_begins), model, 600),
    "this year only": (put(judging, "reviewed_from", looks_at_this_year_only), model, 600),
    "a leap day's year": (put(terms, "_year_of", a_year_from_the_28th), on_a_leap_day, 1),
    "overshoot lost": (put(Standing, "counts_from", counts_anew_after_every_rise), model, 400),
    "excess is everything": (put(Judge, "_risen", leaves_everything_over), model, 2000),
    "excess of what went back": (put(Standing, "without", leaves_over_what_went_back), model, 4000),
    "excess of what went back is value": (
        put(Standing, "without", leaves_over_what_went_back),
        walks.nothing_is_left,
        4000,
    ),
    "by place, not by name": (put(Ladder, "carried", on_the_same_step), model, 1000),
    "given until, earned until": (put(Tiers, "grant", ends_with_what_was_given), GIVEN, 2000),
    "the last grant only": (put(Grants, "highest", only_the_last_one), model, 2000),
    "memberships side by side": (put(Grants, "_reckon", side_by_side), model, 6000),
    "memberships for nothing": (put(Grants, "shorten", kept_without_paying), model, 2000),
    "granted, never earned": (put(Judge, "granted_ends", never_earned_meanwhile), model, 2000),
    "granted, always earned": (put(Judge, "granted_ends", always_earned_meanwhile), model, 1000),
    "grace by its own days": (put(Judge, "_is_held", reviews_the_days_of_grace), model, 2000),
    "protect counts on": (put(Tally, "lower", protects_everything), model, 2000),
    "protect protects nothing": (put(Tally, "kept_since", protects_nothing), model, 6000),
    "protect for ever": (put(Tally, "kept_since", protects_for_ever), for_one_term, 1),
    "immediate is never": (put(Tiers, "_retrace", leaves_the_tier_as_it_is), AT_ONCE, 1000),
    "immediate by the present only": (put(Tiers, "_retrace", looks_at_the_present_only), AT_ONCE, 2000),
    "immediate skips": (put(Trail, "next_look", looks_nowhere), model, 4000),
    "immediate skips some": (put(Trail, "next_look", looks_at_the_wrong_run), model, 8000),
    "any money is spend": (put(Window, "count", any_money), model, 600),
    "other money is no visit": (put(Tiers, "count", one_money_only), model, 600),
    "before the ladder nothing": (put(Tiers, "count", only_under_a_ladder), model, 2000),
    "nothing slides out": (put(Window, "move", forgets_what_slides_out), model, 600),
    "one less in the tree": (put(Tree, "between", forgets_the_last), model, 1000),
    "new rules, old tiers": (put(Judge, "carry", never_moves_up_by_new_rules), model, 2000),
    "review by today's window": (put(Judge, "review_start", judged_by_todays_window), model, 600),
    "projected is present": (put(tier_view, "_to_come", says_what_is_there_today), AHEAD, 200),
    "to keep by the present window": (put(tier_view, "_lacking", needs_what_the_window_lacks), KEEPS, 2000),
    "to keep by pieces": (put(tier_view, "_missing", one_order_finishes_another), KEEPS, 2000),
}
QUICK = ("overshoot lost", "any money is spend", "projected is present")


@pytest.mark.parametrize("name", QUICK)
def test_a_planted_bug_is_caught_soon(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant, law, within = BUGS[name]
    plant(monkeypatch)
    assert caught(law, within)


@pytest.mark.mutants
@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant, law, within = BUGS[name]
    plant(monkeypatch)
    assert caught(law, within)
