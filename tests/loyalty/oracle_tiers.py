"""The tier part of the slow, obvious model: everything is looked at anew at every step, nothing is kept in sums.

Written from the design's table and from what the pages say about tiers. It imports none of the rules.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)


class Buy:
    """A purchase: what is left of it, and what it was when a term began that it had counted for."""

    def __init__(self, at, order, money, spend, points):
        self.at, self.order, self.money, self.spend, self.points = at, order, money, spend, points
        self.forgotten = []  # refunds that do not count for keeping: (term's beginning, spend, points, visits)

    @property
    def visits(self):
        return 1 if self.spend > 0 else 0


class Gift:
    """A tier given by hand or paid for."""

    def __init__(self, at, tier, until, reviewed, order=None, months=0):
        self.at, self.tier, self.until, self.reviewed = at, tier, until, reviewed
        self.order, self.months = order, months


class Rise:
    """A higher rung was reached: when, in a window that began when, and by a standard that asked for what."""

    def __init__(self, at, start, ladder, asked, buys):
        self.at, self.start, self.ladder, self.asked, self.buys = at, start, ladder, asked, list(buys)


class Climb:
    """One member on the ladder."""

    def __init__(self, programme):
        self.programme, self.zone = programme, programme.zone
        self.happened = []
        self.start_over()

    def start_over(self):
        self.tier, self.since, self.until, self.due, self.rises = "", None, NEVER, None, []
        self.buys, self.gifts = [], []
        self.now = BEGINNING

    # --- calendar

    def day(self, at):
        return at.astimezone(self.zone).date()

    def midnight(self, day):
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC)

    @staticmethod
    def months(day, n):
        month = day.month - 1 + n
        year, month = day.year + month // 12, month % 12 + 1
        return date(year, month, min(day.day, monthrange(year, month)[1]))

    def own_year(self, at, later=0):
        joined = self.day(self.buys[0].at if self.buys else at)
        years = 0
        while self.months(joined, 12 * (years + 1)) <= self.day(at):
            years += 1
        while self.months(joined, 12 * years) > self.day(at):
            years -= 1
        return self.months(joined, 12 * years + later)

    # --- the ladder of a day

    def ladder(self, at):
        found = None
        for version in self.programme.versions:
            if version.since <= at:
                found = version.ladder
        return found

    def ladders_since(self, at, until):
        """Each ladder that came into force after one instant and by another, with the one before it."""
        before, pairs = None, []
        for version in self.programme.versions:
            if at < version.since <= until and version.ladder != before:
                pairs.append((version.since, before, version.ladder))
            before = version.ladder
        return pairs

    @staticmethod
    def names(ladder):
        return [tier.name for tier in ladder.tiers]

    def moved(self, name, old, new):
        """Where somebody is who was in a tier of the old ladder."""
        place = self.names(old).index(name)
        while place > 0:
            for there, tier in enumerate(new.tiers):
                if tier.name == self.names(old)[place] or self.names(old)[place] in tier.replaces:
                    return tier.name if there else ""
            place -= 1
        return ""

    def place(self, ladder, name):
        """From the bottom up; nobody's name is everybody's tier."""
        if name == "":
            return 0
        return self.names(ladder).index(name) if name in self.names(ladder) else None

    # --- what counts

    def inside(self, start):
        return [buy for buy in self.buys if buy.at >= start]

    def amounts(self, buy, ladder, *, keeping):
        """Spend, points, visits of one purchase; for keeping a tier, with what came back after it was reached."""
        spend, points, visits = buy.spend, buy.points, buy.visits
        if keeping and ladder.refund == "protect":
            for term, less_spend, less_points, less_visits in buy.forgotten:
                if term == self.since:
                    spend, points, visits = spend + less_spend, points + less_points, visits + less_visits
        return (spend if buy.money == ladder.currency else 0, points, visits)

    def left_over(self, number, ladder, *, keeping):
        """What was more than a rung asked for when it was reached, by what is left of everything now."""
        rise = self.rises[number]
        rows = [self.amounts(buy, ladder, keeping=keeping) for buy in rise.buys if rise.start <= buy.at]
        if number and self.counts_on(self.rises[number - 1], rise.start, rise.ladder):
            rows.append(self.left_over(number - 1, ladder, keeping=keeping))
        asked = (rise.asked.spend, rise.asked.points, rise.asked.visits)
        over = [max(0, sum(row[i] for row in rows) - asked[i]) for i in range(3)]
        return (over[0] if rise.ladder.currency == ladder.currency else 0, over[1], over[2])

    @staticmethod
    def counts_on(rise, start, ladder):
        return rise.ladder.overshoot == "excess" and ladder.overshoot == "excess" and rise.at + TICK >= start

    def done(self, ladder, start, *, keeping=False):
        """Spend, points and visits from an instant on; one order by itself where the ladder wants that."""
        rows = [self.amounts(buy, ladder, keeping=keeping) for buy in self.inside(start)]
        if self.rises and self.counts_on(self.rises[-1], start, ladder):
            rows.append(self.left_over(len(self.rises) - 1, ladder, keeping=keeping))
        if not rows:
            return 0, 0, 0
        gather = max if ladder.single_order else sum
        return gather(row[0] for row in rows), gather(row[1] for row in rows), sum(row[2] for row in rows)

    @staticmethod
    def met(standard, done):
        asked = (standard.spend, standard.points, standard.visits)
        return not any(asked) or any(0 < want <= has for want, has in zip(asked, done, strict=True))

    @staticmethod
    def asks(standard):
        return bool(standard.spend or standard.points or standard.visits)

    def reached(self, ladder, done):
        return max([0, *[i for i, tier in enumerate(ladder.tiers) if i and self.met(tier.reach, done)]])

    def held(self, tier, done):
        return self.met(tier.keeps, done) or self.met(tier.reach, done)

    def not_before(self, ladder, since):
        """What a term or lost overshoot leaves out."""
        start = BEGINNING
        if ladder.window == "term" and since is not None:
            start = max(start, since + TICK)
        if ladder.overshoot in ("lost", "excess") and self.rises:
            start = max(start, self.rises[-1].at + TICK)
        return start

    def window(self, ladder, at):
        if ladder.window == "rolling":
            start = self.midnight(self.months(self.day(at), -ladder.months))
        elif ladder.window == "calendar_year":
            start = self.midnight(date(self.day(at).year, 1, 1))
        elif ladder.window == "anniversary":
            start = self.midnight(self.own_year(at))
        else:
            start = BEGINNING
        return max(start, self.not_before(ladder, self.since))

    def looks_back(self, ladder, at, since):
        """Where a review begins to look: with years, at the beginning of the last one that is over."""
        if ladder.window == "calendar_year":
            start = self.midnight(date(self.day(at).year - 1, 1, 1))
        elif ladder.window == "anniversary":
            start = self.midnight(self.own_year(self.midnight(self.own_year(at)) - TICK))
        elif ladder.window == "rolling":
            start = self.midnight(self.months(self.day(at), -ladder.months))
        else:
            start = BEGINNING
        return max(start, self.not_before(ladder, since))

    # --- time

    def next(self):
        """When time does something next; to somebody who has done nothing, it does nothing."""
        if not self.buys and not self.gifts:
            return NEVER
        ends = [gift.until for gift in self.gifts if gift.until > self.now]
        starts = [since for since, _, _ in self.ladders_since(self.now, NEVER)]
        review = [self.until] if self.ladder(self.now) is not None else []
        return min([*review, *ends, *starts, NEVER])

    def pass_time(self, to):
        while self.next() <= to:
            at = self.next()
            before = self.now
            self.now = at
            for _, old, new in self.ladders_since(before, at):
                self.new_rules(old, new, at)
            if self.ladder(at) is not None and self.until <= at:
                self.review(self.ladder(at), at)
            self.gifts_end(at)

    def new_rules(self, old, new, at):
        if new is None:
            return  # nothing is judged until there are tiers again
        old = old or self.last_ladder(new)
        if old is not None and self.tier:
            name = self.moved(self.tier, old, new)
            if name != self.tier:
                stands_for_it = name and self.tier in new.tiers[self.place(new, name)].replaces
                self.since = self.since if stands_for_it else at
                self.tier, self.due = name, None
        if not self.is_reviewed(new):
            self.until, self.due = NEVER, None
        elif self.until == NEVER:
            self.until = self.term(new, at, self.day(at))
        else:
            self.until = max(self.until, at)
        if new.upgrade == "at_once":
            self.look_up(new, at)

    def is_reviewed(self, ladder):
        if ladder.term_months == 0 or ladder.window == "lifetime":
            return False
        return self.tier != "" or (ladder.upgrade == "at_review" and len(self.buys) > 0)

    def look_up(self, ladder, at):
        place = self.place(ladder, self.tier)
        start = self.window(ladder, at)
        reached = self.reached(ladder, self.done(ladder, start))
        if reached > place:
            self.enter(ladder, reached, at, self.term(ladder, at, self.day(at)))
            self.rises.append(Rise(at, start, ladder, ladder.tiers[reached].reach, self.buys))
        elif self.due is not None:
            done = self.done(ladder, self.looks_back(ladder, self.due, self.since), keeping=True)
            if self.held(ladder.tiers[place], done):
                self.enter(ladder, place, at, self.follows(ladder, self.due, at))

    def review(self, ladder, at):
        place, ended = self.place(ladder, self.tier), self.due or at
        start = self.looks_back(ladder, ended, self.since)
        kept = self.done(ladder, start, keeping=True)
        reached = self.reached(ladder, self.done(ladder, start))
        after = self.follows(ladder, ended, at)
        if self.due is None and reached > place:
            self.enter(ladder, reached, at, after)
            self.rises.append(Rise(at, start, ladder, ladder.tiers[reached].reach, self.buys))
        elif place == 0 or ladder.downgrade == "never" or self.held(ladder.tiers[place], kept):
            self.enter(ladder, place, at, after)
        elif ladder.grace_days and self.due is None:
            self.due, self.until = at, self.midnight(self.day(at) + timedelta(days=ladder.grace_days))
        elif ladder.downgrade == "by_one":
            self.enter(ladder, place - 1, at, after)
        else:
            lower = [i for i in range(1, place) if self.held(ladder.tiers[i], kept)]
            self.enter(ladder, max([0, *lower]), at, after)

    def enter(self, ladder, place, at, until):
        self.tier, self.since, self.due = ladder.tiers[place].name if place else "", at, None
        self.until = until if self.is_reviewed(ladder) else NEVER

    def term(self, ladder, at, day):
        if ladder.term_months == 0 or ladder.window == "lifetime":
            return NEVER
        more = max(0, ladder.term_months - 12)
        if ladder.window == "calendar_year":
            return self.midnight(self.months(date(self.day(at).year + 1, 1, 1), more))
        if ladder.window == "anniversary":
            return self.midnight(self.own_year(at, 12 + more))
        return self.midnight(self.months(day, ladder.term_months) + timedelta(days=1))

    def follows(self, ladder, ended, at):
        """A term that follows on another; if it is over already, one from today."""
        end = self.term(ladder, ended, self.day(ended) - timedelta(days=1))
        return end if end > at else self.term(ladder, at, self.day(at))

    # --- what was given

    def name_at(self, gift, at):
        name = gift.tier
        for _, old, new in self.ladders_since(gift.at, at):
            last = old or self.last_ladder(new)
            if last is not None and new is not None and name in self.names(last):
                name = self.moved(name, last, new)
        return name

    def gift_place(self, gift):
        ladder = self.ladder(self.now)
        return None if ladder is None else self.place(ladder, self.name_at(gift, self.now))

    def last_ladder(self, new):
        """The last ladder there was before one that comes after a time without."""
        found = None
        for version in self.programme.versions:
            if version.ladder is new:
                return found
            found = version.ladder or found
        return found

    def given(self):
        live = [gift for gift in self.gifts if gift.at <= self.now < gift.until]
        return max([0, *[self.gift_place(gift) or 0 for gift in live]])

    def gifts_end(self, at):
        ladder = self.ladder(at)
        over = [gift for gift in self.gifts if gift.until == at and gift.reviewed]
        if ladder is None:
            return
        for gift in sorted(over, key=lambda gift: (self.gift_place(gift) or 0, gift.at), reverse=True):
            rung = self.gift_place(gift) or 0
            if rung > max(self.place(ladder, self.tier), self.given()):
                done = self.done(ladder, self.looks_back(ladder, at, gift.at))
                tier = ladder.tiers[rung]
                if self.met(tier.reach, done) or (self.asks(tier.keeps) and self.met(tier.keeps, done)):
                    self.enter(ladder, rung, at, self.follows(ladder, at, at))

    # --- what happens

    def wake(self, at):
        self.pass_time(at)
        self.now = max(self.now, at)

    def buy(self, at, order, money, spend, points):
        if all(version.ladder is None for version in self.programme.versions):
            return
        self.wake(at)
        self.buys.append(Buy(at, order, money, spend, points))
        ladder = self.ladder(at)
        if ladder is None:
            return
        if ladder.upgrade == "at_once":
            self.look_up(ladder, at)
        elif self.until == NEVER:
            self.until = self.term(ladder, at, self.day(at))

    def give(self, at, tier, until, reviewed=True):
        if all(version.ladder is None for version in self.programme.versions):
            return
        self.wake(at)
        if until > at:
            self.gifts.append(Gift(at, tier, until, reviewed))

    def sell(self, at, order, tier, months):
        """A membership was bought; while one of its tier lasts, it goes on from there."""
        self.wake(at)
        self.gifts.append(Gift(at, tier, at, True, order, months))
        self.reckon()

    def reckon(self):
        paid = []
        for gift in [gift for gift in self.gifts if gift.order is not None]:
            begins = gift.at
            for one in paid:
                if self.name_at(one, gift.at) == gift.tier and one.until > begins:
                    begins = one.until - TICK
            gift.until = self.midnight(self.months(self.day(begins), gift.months) + timedelta(days=1))
            paid.append(gift)

    def give_back(self, at, order, spend, points, months):
        """So much is left of a purchase, and of the memberships that were bought with it."""
        bought = next((buy for buy in self.buys if buy.order == order), None)
        self.wake(at)
        was = [gift.months for gift in self.gifts]
        for gift in self.gifts:
            if gift.order is not None and gift.order == order:
                gift.months = months.get(gift.tier, gift.months)
        other = was != [gift.months for gift in self.gifts]
        self.gifts = [gift for gift in self.gifts if gift.order is None or gift.months]
        self.reckon()
        ladder = self.ladder(at)
        if bought is None:
            if other and ladder is not None and ladder.refund == "immediate":
                self.as_if_never_bought(at)
            return
        less = (bought.spend - spend, bought.points - points, bought.visits - (1 if spend > 0 else 0))
        bought.spend, bought.points = spend, points
        if ladder is None:
            return
        if ladder.refund == "protect" and self.tier and bought.at <= self.since:
            bought.forgotten.append((self.since, *less))
        if ladder.refund == "immediate":
            self.as_if_never_bought(at)

    def as_if_never_bought(self, at):
        """Live it all again with what is left."""
        told = [(buy.at, 1, buy) for buy in self.buys] + [(gift.at, 0, gift) for gift in self.gifts]
        self.start_over()
        for _, _, what in sorted(told, key=lambda each: each[:2]):
            if isinstance(what, Buy):
                self.buy(what.at, what.order, what.money, what.spend, what.points)
            else:
                self.wake(what.at)
                self.gifts.append(what)
        self.wake(at)

    # --- what is shown

    def level(self):
        ladder = self.ladder(self.now)
        return 0 if ladder is None else max(self.place(ladder, self.tier) or 0, self.given())

    def shown(self, at):
        """Tier, its term, and what counts now."""
        ladder, place = self.ladder(at), self.level()
        if ladder is None:
            return None
        earned = self.place(ladder, self.tier) or 0
        live = [g for g in self.gifts if g.at <= at < g.until and (self.gift_place(g) or 0) == place > 0]
        since, until = self.since, self.until
        if live and earned < place:
            since, until = min(gift.at for gift in live), max(gift.until for gift in live)
        elif live:
            until = max(until, *(gift.until for gift in live))
        spend, points, visits = self.done(ladder, self.window(ladder, at))
        counted = tuple(buy.order for buy in self.inside(self.window(ladder, at)) if buy.spend or buy.points)
        return {
            "name": ladder.tiers[place].name,
            "since": since,
            "until": None if until == NEVER else until,
            "in_grace": self.due is not None and not live,
            "spend": spend,
            "points": points,
            "visits": visits,
            "counted": counted,
        }
