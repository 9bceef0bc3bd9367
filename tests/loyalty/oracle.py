"""A slow, obvious model of points and tiers: every point is a coin that lies somewhere.

Written from the design's table, for reading, not for speed: it imports the events and the programme's data, and none
of the rules. Whatever is due is looked for by asking everything at every step.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import groupby

from omo_core.loyalty import (
    Earning,
    ExpiredPointsReinstated,
    HoldCaptured,
    HoldVoided,
    PointsGranted,
    PointsHeld,
    PointsRedeemed,
    PointsTransferred,
    TierGranted,
)
from omo_core.trade import HandedOver, Refund, Sale
from tests.loyalty.oracle_tiers import Climb

NEVER = datetime(9999, 12, 31, tzinfo=UTC)


class Coin:
    """One point."""

    def __init__(self, lot, place):
        self.lot, self.place = lot, place


class Lot:
    """Where coins come from."""

    def __init__(self, name, usable, gone, lapses=False):
        self.name, self.usable, self.gone, self.lapses = name, usable, gone, lapses
        self.has_gone_at = None


class Bought:
    """A purchase, and what of it came back."""

    def __init__(self, sale, version, tier):
        self.sale, self.version, self.tier = sale, version, tier
        self.refunds, self.handed, self.over = [], [], False
        self.points = self.basis = 0


class Model:
    """One member."""

    def __init__(self, programme, profiles):
        self.programme, self.profiles, self.zone = programme, profiles, programme.zone
        self.coins, self.lots, self.gaps = [], {}, {}
        self.earned = self.spent = self.given = self.clawed = 0
        self.spends, self.holds, self.ended = {}, {}, []
        self.bought, self.early, self.paid_with = {}, {}, {}
        self.debts = []
        self.active = None
        self.climb = Climb(programme)
        self.now = datetime(1970, 1, 1, tzinfo=UTC)

    @property
    def level(self):
        """The rung that the member stands on."""
        return self.climb.level()

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

    def rules(self, at):
        found = None
        for version in self.programme.versions:
            if version.since <= at:
                found = version
        return found

    def gone_at(self, expiry, usable):
        day, n = self.day(usable), expiry.after
        if expiry.kind in ("never", "inactivity"):
            return NEVER
        if expiry.kind == "days":
            last = day + timedelta(days=n)
        elif expiry.kind == "months":
            last = self.months(day, n)
        elif expiry.kind == "end_of_month":
            last = self.months(day.replace(day=1), n + 1) - timedelta(days=1)
        elif expiry.kind == "end_of_quarter":
            last = self.months(day.replace(day=1), n)
            while last.month % 3:
                last = self.months(last, 1)
            last = self.months(last, 1) - timedelta(days=1)
        elif expiry.kind == "end_of_year":
            last = date(day.year + n, 12, 31)
        else:
            last, passed = day, 0
            while True:
                hits = [(m, min(d, monthrange(last.year, m)[1])) for m, d in set(expiry.dates)]
                if (last.month, last.day) in hits:
                    if passed == n:
                        break
                    passed += 1
                last += timedelta(days=1)
        return self.midnight(last + timedelta(days=1))

    @staticmethod
    def expiry_of(version, level):
        """The tier's own rule, or everybody's."""
        own = version.ladder.tiers[level].expiry if version.ladder is not None else None
        return version.expiry if own is None else own

    # --- coins

    def lying(self, place):
        return [coin for coin in self.coins if coin.place == place]

    def credit(self, name, n, usable, gone, lapses=False):
        lot = self.lots[name] = Lot(name, usable, gone, lapses)
        self.earned += n
        for _ in range(n):
            coin = Coin(lot, "pending")
            self.coins.append(coin)
            if usable <= self.now:
                self.open(coin)

    def open(self, coin):
        """A coin becomes usable, unless something is owed: then it fills the gap that has been owed for longest."""
        if self.debts:
            gap = self.debts[0]
            gap[gap.index("debt")] = coin
            coin.place = "repaid"
            self.debts = [each for each in self.debts if "debt" in each]
        else:
            coin.place = "usable"

    def owe(self, name, n):
        """So many coins are missing, and are owed."""
        gap = self.gaps.setdefault(name, [])
        if n and not any(each is gap for each in self.debts):
            self.debts.append(gap)
        gap += ["debt"] * n

    @property
    def debt(self):
        return sum(gap.count("debt") for gap in self.gaps.values())

    @property
    def forgiven(self):
        return sum(gap.count("forgiven") for gap in self.gaps.values())

    def order(self, at):
        version = self.rules(at)
        if version is not None and version.spending == "oldest":
            return lambda coin: (coin.lot.usable, coin.lot.gone, coin.lot.name)
        return lambda coin: (coin.lot.gone, coin.lot.usable, coin.lot.name)

    def take(self, n, at):
        """Take usable coins in spending order; owe what is missing."""
        return sorted(self.lying("usable"), key=self.order(at))[:n]

    def home(self, coins):
        """Coins go back where they came from, in turn: first to the gap that looks for them, then into their lot."""
        ways = [(None, coins)]
        while ways:
            key, coins = ways.pop()
            if key is None:
                runs = [(lot, list(run)) for lot, run in groupby(coins, key=lambda coin: coin.lot)]
                ways += reversed(runs)
                continue
            freed, rest = self.fill(key.name, coins)
            for coin in rest:
                if key.has_gone_at is not None and key.gone <= self.now:
                    coin.place = "expired"
                else:
                    self.open(coin)
            ways.append((None, freed))

    def fill(self, name, coins):
        """Coins that were missed turn up; says which coins need stand in no longer, and which were not missed.

        What was forgiven is filled first, then what is owed, then what others stand in for, the latest of them first.
        """
        gap, coins, freed = self.gaps.get(name, []), list(coins), []
        for kind in ("forgiven", "debt"):
            while coins and kind in gap:
                gap.remove(kind)
                self.vanish(coins.pop(), kind == "forgiven")
        self.debts = [each for each in self.debts if "debt" in each]
        while coins and gap:
            self.vanish(coins.pop(), False)
            freed.append(gap.pop())
        return freed, coins

    def vanish(self, coin, forgiven):
        """A coin is where a claw-back looked for it; one that was only owed has never been there."""
        self.clawed += forgiven
        if coin is not None:
            coin.place = "clawed"

    def give_back(self, name, target):
        spend = self.spends[name]
        lots = []
        for coin in spend["coins"]:
            key = coin.lot.name if coin is not None else ""
            if key not in lots:
                lots.append(key)
        taken = {key: [c for c in spend["coins"] if (c.lot.name if c is not None else "") == key] for key in lots}
        now = min(target, spend["points"]) - sum(spend["back"].values())
        if now <= 0:
            return
        shares = apportion(now, [len(taken[key]) - spend["back"].get(key, 0) for key in lots])
        for key, share in zip(lots, shares, strict=True):
            already = spend["back"].get(key, 0)
            self.spent -= share
            if key:
                self.home(taken[key][already : already + share])
            else:
                freed, over = self.fill(("spent", name), [None] * share)
                assert not over
                self.home(freed)
            spend["back"][key] = already + share

    # --- time

    def pass_time(self, to):
        while True:
            due = [hold["until"] for hold in self.holds.values()]
            due += [coin.lot.usable for coin in self.lying("pending") if coin.lot.usable < NEVER]
            due += [lot.gone for lot in self.lots.values() if lot.gone < NEVER and lot.has_gone_at is None]
            due += [self.lapse(lot) for lot in self.lots.values() if self.lapse(lot) is not None]
            due += [self.climb.next()] if self.climb.next() < NEVER else []
            due = [at for at in due if at <= to]
            if not due:
                return
            self.now = max(self.now, min(due))
            self.at_instant(min(due))

    def at_instant(self, at):
        for name in sorted(name for name, hold in self.holds.items() if hold["until"] <= at):
            self.end_hold(name)
        for coin in sorted(self.lying("pending"), key=lambda coin: (coin.lot.usable, ":".join(coin.lot.name))):
            if coin.lot.usable <= at:
                self.open(coin)
        self.climb.pass_time(at)
        for lot in self.lots.values():
            if lot.gone <= at and lot.has_gone_at is None:
                lot.has_gone_at = lot.gone
                for coin in self.coins:
                    if coin.lot is lot and coin.place in ("usable", "pending"):
                        coin.place = "expired"
        for lot in self.lots.values():
            if self.lapse(lot) is not None and self.lapse(lot) <= at:
                lot.has_gone_at, lot.gone = self.lapse(lot), at
                for coin in self.coins:
                    if coin.lot is lot and coin.place in ("usable", "pending"):
                        coin.place = "expired"

    def lapse(self, lot):
        """When a lot that lives by activity is gone, if there is no more, by the rule in force on that day."""
        if not lot.lapses or lot.has_gone_at is not None:
            return None
        versions = self.programme.versions
        for place, version in enumerate(versions):
            end = versions[place + 1].since if place + 1 < len(versions) else NEVER
            if version.expiry.kind == "inactivity":
                last = self.day(max(self.active, version.since))
                gone = self.midnight(self.months(last, version.expiry.after) + timedelta(days=1))
                if gone < end:
                    return gone
        return None

    def end_hold(self, name):
        hold = self.holds.pop(name)
        self.ended.append(name)
        self.home(hold["coins"])

    # --- what happens

    def happen(self, event):
        self.pass_time(event.at)
        self.now = max(self.now, event.at)
        getattr(self, "on_" + type(event).__name__.lower())(event)

    def on_sale(self, sale):
        version = self.rules(sale.at)
        bought = Bought(sale, version, self.level)
        self.bought[sale.order] = bought
        if sale.status != "open" and self.mine(bought):
            self.active = max(self.active or sale.at, sale.at)
            self.earn(bought)
        for event in self.early.pop(sale.order, []):
            self.follow(bought, event)

    def mine(self, bought):
        """Whether the member bought it, and not only paid for it with points."""
        return bought.sale.profile in self.profiles

    def earn(self, bought):
        sale, version = bought.sale, bought.version
        bought.basis, bought.points = self.worth(bought)
        if bought.points:
            usable = NEVER
            if version.pending_after == "sale" or self.all_gone(bought):
                usable = self.usable(sale.at, version)
            expiry = self.expiry_of(version, bought.tier)
            gone = self.gone_at(expiry, usable) if usable < NEVER else NEVER
            lapses = expiry.kind in ("never", "inactivity") and expiry is version.expiry
            self.credit(("order", sale.order), bought.points, usable, gone, lapses)
        if bought.basis or bought.points:
            self.climb.buy(sale.at, sale.order, sale.currency, bought.basis, bought.points)
        for tier, months in self.memberships(bought).items():
            if months:
                self.climb.sell(sale.at, sale.order, tier, months)

    def usable(self, at, version):
        if version.pending_days == 0:
            return at
        return self.midnight(self.day(at) + timedelta(days=version.pending_days))

    @staticmethod
    def all_gone(bought):
        """Units that left do not leave again when they come back; units that never left are not waited for."""
        for line in bought.sale.lines:
            if line.kind == "goods" and line.handing in ("ship", "pickup"):
                handed = sum(h.units for e in bought.handed for h in e.lines if h.line == line.line)
                back = [r for e in bought.refunds for r in e.lines if r.line == line.line]
                returned = sum(r.units for r in back if r.restock == "return")
                if max(handed, returned) + sum(r.units for r in back if r.restock != "return") < line.units:
                    return False
        return True

    def follow(self, bought, event):
        if isinstance(event, HandedOver):
            if not event.cancelled:
                bought.handed.append(event)
        else:
            if isinstance(event, Refund | PartOfReturn):
                bought.refunds.append(event)
            else:
                bought.over = True
            if bought.sale.status != "open" and self.mine(bought):
                self.unearn(bought)
            for name, points in self.paid_with.get(bought.sale.order, []):
                self.give_back(name, self.share(bought, points))
        self.activate(bought)

    def activate(self, bought):
        lot = self.lots.get(("order", bought.sale.order))
        waiting = lot is not None and any(coin.lot is lot and coin.place == "pending" for coin in self.coins)
        if lot is not None and lot.usable == NEVER and (waiting or lot.has_gone_at is None) and self.all_gone(bought):
            if not hasattr(lot, "dated"):
                lot.dated = True
                lot.usable = max(self.now, self.usable(self.now, bought.version))
                lot.gone = self.gone_at(self.expiry_of(bought.version, bought.tier), lot.usable)
            for coin in self.coins:
                if coin.lot is lot and coin.place == "pending" and lot.usable <= self.now:
                    self.open(coin)

    def unearn(self, bought):
        basis, points = self.worth(bought)
        lost_points, lost_basis = max(0, bought.points - points), bought.basis - basis
        if lost_points:
            bought.points = points
            self.claw(("order", bought.sale.order), lost_points, bought.version)
        if lost_basis > 0 or lost_points or self.memberships(bought):
            bought.basis = min(bought.basis, basis)
            months = self.memberships(bought)
            self.climb.give_back(self.now, bought.sale.order, bought.basis, bought.points, months)

    def memberships(self, bought):
        """What memberships were bought, and for how many months by what is left of them."""
        found = {}
        for tier in bought.version.ladder.tiers if bought.version.ladder is not None else ():
            for line in bought.sale.lines:
                if line.sku in tier.sold_as:
                    units = sum(back.units for e in bought.refunds for back in e.lines if back.line == line.line)
                    all_back = line.amount > 0 and self.line_back(bought, line.line) >= line.amount
                    left = 0 if all_back or self.all_back(bought) else max(0, line.units - units)
                    found[tier.name] = found.get(tier.name, 0) + tier.sold_months * left
        return found

    def claw(self, name, n, version):
        key = self.order_by(version)
        own = [c for c in self.coins if c.lot.name == name and c.place in ("pending", "usable")]
        own += [c for c in self.coins if c.lot.name == name and c.place == "expired"]
        others = sorted((c for c in self.lying("usable") if c.lot.name != name), key=key)
        found = (own + others)[:n]
        for coin in found:
            coin.place = "clawed"
        missing = n - len(found)
        room = {"debt": missing, "clamp": 0, "limit": max(0, version.debt_limit - self.debt)}[version.debt]
        owed = min(missing, room)
        if n > len(own):
            gap = self.gaps.setdefault(name, [])
            gap += found[len(own) :]
            self.owe(name, owed)
            gap += ["forgiven"] * (missing - owed)
        self.clawed += len(found) + owed

    @staticmethod
    def order_by(version):
        if version.spending == "oldest":
            return lambda coin: (coin.lot.usable, coin.lot.gone, coin.lot.name)
        return lambda coin: (coin.lot.gone, coin.lot.usable, coin.lot.name)

    def on_refund(self, event):
        if event.order in self.bought:
            self.follow(self.bought[event.order], event)
        elif getattr(event, "profile", None) is not None:
            if event.profile in self.profiles:
                self.without_receipt(event)
        else:
            self.early.setdefault(event.order, []).append(event)

    on_cancelled = on_handedover = on_refund

    def without_receipt(self, event):
        """Coin by coin of money: each is of the latest purchase that still has some of the article."""
        parts = []
        for back in event.lines:
            money, units = back.amount, back.units
            for bought in reversed(self.bought.values()):
                if not self.mine(bought) or bought.sale.status == "open" or bought.sale.currency != event.currency:
                    continue
                for line in bought.sale.lines:
                    now = sum(p["money"] for p in parts if p["bought"] is bought and p["line"] == line.line)
                    left = line.amount - self.line_back(bought, line.line) - now
                    share = min(money, left)
                    if line.sku == back.sku and line.kind == "goods" and share > 0:
                        moved = min(units, line.units)
                        parts.append({"bought": bought, "line": line.line, "money": share, "units": moved,
                                      "how": back.restock})  # fmt: skip
                        money, units = money - share, units - moved
        purchases = []
        for part in parts:
            if part["bought"] not in purchases:
                purchases.append(part["bought"])
        weights = [sum(p["money"] for p in parts if p["bought"] is bought) for bought in purchases]
        weights.append(max(0, sum(line.amount for line in event.lines) - sum(weights)))
        for place, bought in enumerate(purchases):
            tenders = [Paid(t.kind, apportion(t.amount, weights)[place]) for t in event.tenders]
            mine = [BackLine(p["line"], p["money"], p["units"], p["how"]) for p in parts if p["bought"] is bought]
            self.follow(bought, PartOfReturn(event.currency, mine, tenders))

    def spend(self, event, coins, n):
        owed = n - len(coins)
        self.owe(("spent", event.id), owed)
        self.spent += n
        for coin in coins:
            coin.place = "spent"
        self.spends[event.id] = {"coins": [*coins, *[None] * owed], "points": n, "back": {}}
        self.active = max(self.active or event.at, event.at)
        if event.order is not None:
            self.paid_with.setdefault(event.order, []).append((event.id, n))
            bought = self.bought.get(event.order)
            if bought is not None and (bought.refunds or bought.over):
                self.give_back(event.id, self.share(bought, n))

    def on_pointsredeemed(self, event):
        self.spend(event, self.take(event.points, event.at), event.points)

    def on_pointsgranted(self, event):
        if event.points > 0:
            self.active = max(self.active or event.at, event.at)
            rule = self.rules(event.at).expiry
            gone = NEVER if event.never_expires else event.expires_at or self.gone_at(rule, event.at)
            lapses = rule.kind in ("never", "inactivity") and not event.never_expires and event.expires_at is None
            self.credit(("grant", event.id), event.points, event.at, gone, lapses)
        else:
            coins = self.take(-event.points, event.at)
            for coin in coins:
                coin.place = "clawed"
            self.owe("for good", -event.points - len(coins))
            self.clawed += -event.points

    def on_pointsheld(self, event):
        coins = self.take(event.points, event.at)
        for coin in coins:
            coin.place = "held"
        key = (event.profile, event.hold)
        self.ended = [each for each in self.ended if each != key]
        hold = self.holds.setdefault(key, {"coins": [], "until": event.until})
        lots = list(dict.fromkeys(coin.lot for coin in (*hold["coins"], *coins)))
        hold["coins"] = sorted([*hold["coins"], *coins], key=lambda coin: lots.index(coin.lot))
        hold["until"] = max(hold["until"], event.until)

    def meant(self, event):
        """The record's own hold of that name, alive or not; else another record's, those alive first."""
        known = [*self.holds, *self.ended]
        if (event.profile, event.hold) in known:
            return (event.profile, event.hold)
        return next((key for key in known if key[1] == event.hold), None)

    def on_holdcaptured(self, event):
        key = self.meant(event)
        hold = self.holds.get(key)
        coins = hold["coins"][: event.points] if hold else []
        if hold:
            hold["coins"] = hold["coins"][event.points :]
        for coin in coins:
            coin.place = "spent"
        more = self.take(event.points - len(coins), event.at)
        everything = [*coins, *more]
        owed = event.points - len(everything)
        self.owe(("spent", event.id), owed)
        self.spent += event.points
        for coin in everything:
            coin.place = "spent"
        if hold and (event.ends or not hold["coins"]):
            self.end_hold(key)
        self.spends[event.id] = {"coins": [*everything, *[None] * owed], "points": event.points, "back": {}}
        self.active = max(self.active or event.at, event.at)
        if event.order is not None:
            self.paid_with.setdefault(event.order, []).append((event.id, event.points))
            bought = self.bought.get(event.order)
            if bought is not None and (bought.refunds or bought.over):
                self.give_back(event.id, self.share(bought, event.points))

    def on_holdvoided(self, event):
        if self.meant(event) in self.holds:
            self.end_hold(self.meant(event))

    def on_pointstransferred(self, event):
        if event.profile in self.profiles:
            coins = self.take(event.points, event.at)
            for coin in coins:
                coin.place = "given"
            self.owe("for good", event.points - len(coins))
            self.given += event.points
        if event.receiver in self.profiles:
            for place, parcel in enumerate(event.parcels):
                self.credit(("transfer", f"{event.id}/{place}"), parcel.points, event.at, parcel.expires_at or NEVER)

    def on_expiredpointsreinstated(self, event):
        since = event.expired_since
        back = [coin for coin in self.coins if coin.place == "expired" and coin.lot.has_gone_at >= since]
        for coin in back:
            self.coins.remove(coin)
        self.earned -= len(back)
        if back:
            self.credit(("reinstated", event.id), len(back), datetime(1970, 1, 1, tzinfo=UTC), event.expires_at)

    def on_tiergranted(self, event):
        self.climb.give(event.at, event.tier, event.until, event.reviewed)

    # --- worth

    def worth(self, bought):
        sale, version = bought.sale, bought.version
        ladder = version.ladder
        tier = ladder.tiers[bought.tier] if ladder is not None else None
        times = Fraction(*tier.multiplier) if tier is not None else Fraction(1)
        rules = [rule for rule in version.earnings if rule.currency == sale.currency]
        if self.all_back(bought):
            return 0, 0
        points = 0
        for rule in rules:
            if rule.channels and sale.channel not in rule.channels:
                continue
            if rule.stores and sale.location not in rule.stores:
                continue
            if rule.tiers and (tier is None or tier.name not in rule.tiers):
                continue
            left = [self.line_left(rule, bought, line) for line in sale.lines]
            counts = self.basis([rule], bought)
            if counts == 0:
                continue
            points += rule.flat
            parts = [counts]
            if rule.each_line:
                parts = [max(0, value) for value in left]
                if rule.shipping:
                    parts.append(max(0, sale.shipping - sum(e.shipping for e in self.same_money(bought))))
                parts = apportion(counts, parts)
            for part in parts if rule.per else ():
                steps = rounded(Fraction(part, rule.per), rule.rounding) * rule.points
                points += rounded(steps * times, rule.rounding) if rule.multiplied else steps
        if version.cap and points > version.cap:
            points = version.cap if version.over_cap == "cut" else 0
        points = min(points, 10**12)
        goods = [Earning(currency=sale.currency, per=10**9)]
        counting = rules or goods
        if ladder is not None and ladder.counts == "goods":
            counting = goods
        return self.basis(counting, bought), points

    @staticmethod
    def paid(bought):
        return sum(line.amount for line in bought.sale.lines) + bought.sale.shipping

    def lines_back(self, bought):
        """Refund by refund the money that came back for each line, in the money that was paid."""
        units, told = {}, []
        for refund in bought.refunds:
            amounts = []
            for back in refund.lines:
                amount = back.amount
                if refund.currency != bought.sale.currency:
                    amount = 0
                    for line in bought.sale.lines:
                        if line.line == back.line and line.units > 0:
                            before = min(line.units, units.get(line.line, 0))
                            after = min(line.units, units.get(line.line, 0) + back.units)
                            amount = line.amount * after // line.units - line.amount * before // line.units
                units[back.line] = units.get(back.line, 0) + back.units
                amounts.append((back.line, amount))
            told.append(amounts)
        return told

    @staticmethod
    def same_money(bought):
        return [refund for refund in bought.refunds if refund.currency == bought.sale.currency]

    def money_back(self, bought):
        lines = sum(amount for amounts in self.lines_back(bought) for _, amount in amounts)
        return lines + sum(e.shipping + e.adjustment for e in self.same_money(bought))

    def line_back(self, bought, name):
        return sum(amount for amounts in self.lines_back(bought) for line, amount in amounts if line == name)

    def loose(self, bought):
        """What belongs to no line: said so, for a line that is not there, or beyond what a line cost."""
        cost = {line.line: line.amount for line in bought.sale.lines}
        named = {line for amounts in self.lines_back(bought) for line, _ in amounts}
        beyond = sum(max(0, self.line_back(bought, line) - max(0, cost.get(line, 0))) for line in named)
        return beyond + sum(e.adjustment for e in self.same_money(bought))

    def paid_back(self, bought):
        """How it was paid back: as refunds say; what they do not say is of each means what was left of it then."""
        paid = {}
        for tender in bought.sale.tenders:
            paid[tender.kind] = paid.get(tender.kind, 0) + tender.amount
        untold = max(0, self.paid(bought) - sum(paid.values()))
        back = {}
        for refund, amounts in zip(bought.refunds, self.lines_back(bought), strict=True):
            money = sum(amount for _, amount in amounts)
            if refund.currency == bought.sale.currency:
                money += refund.shipping + refund.adjustment
                for tender in refund.tenders:
                    back[tender.kind] = back.get(tender.kind, 0) + tender.amount
                    money -= tender.amount
            left = [max(0, amount - back.get(kind, 0)) for kind, amount in paid.items()]
            if money > 0 and any(left):
                shares = apportion(min(money, sum(left) + untold), [*left, untold])
                for kind, share in zip(paid, shares, strict=False):
                    back[kind] = back.get(kind, 0) + share
        return back

    def all_back(self, bought):
        return bought.over or self.money_back(bought) >= self.paid(bought) > 0

    @staticmethod
    def counts(rule, line):
        if line.kind == "fee" or (line.kind == "gift_card" and not rule.gift_cards):
            return 0
        if line.category in rule.idle_categories or line.sku in rule.idle_skus:
            return 0
        if rule.only_skus and line.sku not in rule.only_skus:
            return 0
        if rule.only_categories and line.category not in rule.only_categories:
            return 0
        return line.amount if rule.tax else line.amount - line.tax

    def line_left(self, rule, bought, line):
        counts = self.counts(rule, line)
        back = self.line_back(bought, line.line)
        if counts == 0 or back == 0:
            return counts
        if back >= line.amount:
            return 0
        return apportion(counts, [line.amount - back, back])[0]

    def basis(self, rules, bought):
        """What counts by any of some rules: of each line as much as the rule counts that counts most of it.

        What pays without earning, and money back for no line, is off all goods alike.
        """
        sale = bought.sale
        shipping = any(rule.shipping for rule in rules)
        counts = [max((self.counts(rule, line) for rule in rules), key=abs) for line in sale.lines]
        total = max(0, sum(counts) + (max(0, sale.shipping) if shipping else 0))
        now = sum(max((self.line_left(rule, bought, line) for rule in rules), key=abs) for line in sale.lines)
        left = [max(0, line.amount - self.line_back(bought, line.line)) for line in sale.lines]
        earning = sum(amount for amount, part in zip(left, counts, strict=True) if part)
        other = sum(left) - earning
        if shipping:
            delivery = max(0, sale.shipping - sum(e.shipping for e in self.same_money(bought)))
            now, earning = now + delivery, earning + delivery

        def earns_nowhere(kind):
            return all(kind in rule.idle_tenders for rule in rules)

        idle = sum(t.amount for t in sale.tenders if earns_nowhere(t.kind))
        if idle:
            idle -= sum(amount for kind, amount in self.paid_back(bought).items() if earns_nowhere(kind))
        off = min(max(0, self.loose(bought)) + max(0, idle), earning + other)
        if off:
            now -= apportion(off, [earning, other])[0]
        return min(total, max(0, now))

    def share(self, bought, points):
        if bought.over:
            return points
        said = [e.lines for e in bought.refunds]
        said += [e.adjustment or e.shipping or e.tenders for e in self.same_money(bought)]
        if not any(said):
            return 0
        back, paid = self.money_back(bought), self.paid(bought)
        with_points = sum(t.amount for t in bought.sale.tenders if t.kind == self.programme.tender)
        if with_points > 0:
            back, paid = self.paid_back(bought).get(self.programme.tender, 0), with_points
        elif self.lowers_the_price(bought) or paid <= 0:
            back, paid = self.by_lines(bought)
        return points if paid <= 0 or back >= paid else max(0, points * back // paid)

    def lowers_the_price(self, bought):
        """Points that are a discount come back with the lines whose price they lowered."""
        sale = bought.sale
        terms = [each for each in bought.version.redemptions if each.currency == sale.currency]
        terms = [each for each in terms if not each.channels or sale.channel in each.channels]
        terms = [each for each in terms if not each.stores or not sale.location or sale.location in each.stores]
        return bool(terms) and terms[0].kind == "discount" and any(line.discount for line in bought.sale.lines)

    def by_lines(self, bought):
        """Each line weighs what was taken off it; where nothing was paid nor taken off, as many as its units."""
        back = whole = 0
        for line in bought.sale.lines:
            weight = line.discount if self.lowers_the_price(bought) else line.units
            done, full = sum(r.units for e in bought.refunds for r in e.lines if r.line == line.line), line.units
            if line.amount:
                done, full = self.line_back(bought, line.line), line.amount
            back += weight * min(done, full) // full
            whole += weight
        return back, whole

    def numbers(self):
        """Give what the account must show."""
        lots = {}
        for coin in self.coins:
            if coin.place in ("usable", "pending"):
                lots[coin.lot.name] = lots.get(coin.lot.name, 0) + 1
        return {
            "earned": self.earned,
            "spendable": len(self.lying("usable")),
            "pending": len(self.lying("pending")),
            "held": sum(len(hold["coins"]) for hold in self.holds.values()),
            "spent": self.spent,
            "given": self.given,
            "expired": len(self.lying("expired")),
            "clawed_back": self.clawed,
            "debt": self.debt,
            "forgiven": self.forgiven,
            "lots": lots,
        }


class Paid:
    """A means of payment."""

    def __init__(self, kind, amount):
        self.kind, self.amount = kind, amount


class BackLine:
    """What came back of a line."""

    def __init__(self, line, amount, units, restock):
        self.line, self.amount, self.units, self.restock = line, amount, units, restock


class PartOfReturn:
    """What of a return without a receipt is one purchase's."""

    shipping = adjustment = 0

    def __init__(self, currency, lines, tenders):
        self.currency, self.lines, self.tenders = currency, lines, tenders


def apportion(whole, weights):
    """Share out by largest remainder; equal remainders go to the larger weight, then to the first."""
    total = sum(weights)
    exact = [Fraction(whole * weight, total) for weight in weights]
    parts = [int(value) for value in exact]
    order = sorted(range(len(weights)), key=lambda i: (-(exact[i] - parts[i]), -weights[i], i))
    for i in order[: whole - sum(parts)]:
        parts[i] += 1
    return parts


def rounded(value, rounding):
    """Round to a whole number by name."""
    down = value.numerator // value.denominator
    rest = value - down
    if rounding == "floor" or rest == 0:
        return down
    if rounding == "ceil":
        return down + 1
    if rounding == "half_up":
        return down + (rest >= Fraction(1, 2))
    return down + (rest > Fraction(1, 2) or (rest == Fraction(1, 2) and down % 2 == 1))


RANKS = {
    TierGranted: 29, Sale: 30, PointsGranted: 31, ExpiredPointsReinstated: 31, PointsRedeemed: 32, PointsHeld: 33,
    PointsTransferred: 33, HoldCaptured: 34, HoldVoided: 34, HandedOver: 35, Refund: 40,
}  # fmt: skip


class Cancelled:
    """A sale that ended."""

    def __init__(self, sale):
        self.id, self.at, self.order = f"{sale.id}/cancelled", sale.ended_at or sale.at, sale.order


def model(programme, events, profiles, as_of):
    """Play a history, given in any order, up to an instant."""
    latest = {}
    for event in events:
        if event.at <= as_of and (event.id not in latest or event.version > latest[event.id].version):
            latest[event.id] = event
    todo = []
    for event in latest.values():
        if getattr(event, "withdrawn", False):
            continue
        if isinstance(event, Sale):
            if event.status == "cancelled" and (event.ended_at or event.at) <= as_of:
                todo.append(((event.ended_at or event.at, 45, f"{event.id}/cancelled"), Cancelled(event)))
        elif not isinstance(event, Refund | HandedOver):
            mine = event.profile in profiles or getattr(event, "receiver", None) in profiles
            if not mine:
                continue
        todo.append(((event.at, RANKS[type(event)], event.id), event))
    member = Model(programme, profiles)
    for _, event in sorted(todo, key=lambda pair: pair[0]):
        member.happen(event)
    member.pass_time(as_of)
    member.climb.wake(as_of)
    return member
