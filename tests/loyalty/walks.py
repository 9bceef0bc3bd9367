"""Random walks of a member who tries everything, and in the end gives everything back: nothing may be left (law 8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from attrs import evolve

from omo_core.events import Event
from omo_core.loyalty import (
    CaptureHold,
    Case,
    HoldCaptured,
    HoldPoints,
    HoldVoided,
    PointsGranted,
    PointsRedeemed,
    Programme,
    RedeemPoints,
    VoidHold,
    account,
    decide_capture,
    decide_hold,
    decide_redeem,
    decide_void,
    fold,
)
from omo_core.money import split
from omo_core.trade import HandedLine, HandedOver, Refund, RefundLine, Sale, Tender
from tests.loyalty import worlds

RECORDS = ("crm:1", "web:9")


class Walk:
    """What a member with two records did so far; they are one from some moment on, and till then each asks alone."""

    def __init__(self, seed: int, change: Callable[[Programme], Programme] = lambda programme: programme) -> None:
        self.rng = Random(seed)
        self.programme = change(worlds.programme(self.rng))
        self.profiles = frozenset(RECORDS)
        self.merged = self.rng.random() < 0.6
        self.now = worlds.START + timedelta(days=1)
        self.events: list[Event] = []
        self.open: dict[str, dict[str, list[int]]] = {}
        """By order and line: units and money not given back yet."""
        self.holds: list[str] = []
        self.given = dict.fromkeys(RECORDS, 0)
        self.count = 0

    def name(self, what: str) -> str:
        self.count += 1
        return f"{what}-{self.count}"

    def later(self) -> datetime:
        """Let some time pass: seconds, days, now and then a year."""
        self.now += timedelta(
            seconds=self.rng.choice((0, 1, 3600, 86_400, 86_400, 20 * 86_400, 90 * 86_400, 400 * 86_400))
        )
        return self.now

    def who(self) -> str:
        return self.rng.choice(RECORDS)

    # What somebody may do.

    def grant(self) -> None:
        points = self.rng.choice((10, 50, 200))
        who = self.who()
        self.given[who] += points
        self.events.append(
            PointsGranted(
                id=self.name("grant"),
                at=self.later(),
                profile=who,
                points=points,
                reason="test",
                never_expires=True,
            )
        )

    def buy(self) -> None:
        rng, order, at = self.rng, self.name("o"), self.later()
        lines = tuple(worlds.sale_line(rng, str(place)) for place in range(rng.randrange(1, 4)))
        total = sum(line.amount for line in lines)
        tenders: tuple[Tender, ...] = ()
        points = rng.randrange(1, 60) if rng.random() < 0.5 else 0
        if points and self.redeem(points, order, at) and rng.random() < 0.7:
            paid = min(total, points)
            tenders = (Tender(kind="points", amount=paid), Tender(kind="card", amount=total - paid))
        status = "open" if rng.random() < 0.05 else "paid"
        self.events.append(
            Sale(
                id=f"sale/{order}",
                at=at,
                order=order,
                profile=self.who(),
                channel=rng.choice(("web", "store")),
                currency="HKD",
                lines=lines,
                tenders=tenders,
                status=status,
            )
        )
        self.open[order] = {line.line: [line.units, line.amount] for line in lines}

    def redeem(self, points: int, order: str, at: datetime) -> bool:
        """Ask for a redemption as a till does, or be a till that can't ask."""
        who = self.who()
        if self.rng.random() < 0.2:
            self.events.append(PointsRedeemed(id=self.name("red"), at=at, profile=who, points=points, order=order))
            return True
        terms = {"currency": "HKD", "order_amount": 9_000, "channel": "web"} if self.rng.random() < 0.3 else {}
        command = RedeemPoints(request=self.name("r"), at=at, profile=who, points=points, order=order, **terms)
        return self.decided(decide_redeem(self.case(who), command))

    def case(self, who: str) -> Case:
        """What is decided on: what the record has, and the other one's too once they are one member."""
        profiles = self.profiles if self.merged else frozenset({who})
        return Case(fold(self.programme, self.events, profiles), lambda: self.events)

    def decided(self, answer: object) -> bool:
        self.events += getattr(answer, "events", ())
        return hasattr(answer, "events")

    def merge(self) -> None:
        """The two records turn out to be one person's."""
        self.merged = True

    def hold(self) -> None:
        at, name, who = self.later(), self.name("h"), self.who()
        until = at + timedelta(seconds=self.rng.choice((60, 86_400, 50 * 86_400)))
        points = self.rng.randrange(1, 40)
        command = HoldPoints(request=name, at=at, profile=who, hold=name, points=points, until=until)
        self.decided(decide_hold(self.case(who), command))
        self.holds.append(name)

    def capture(self) -> None:
        """Capture for an order that is bought with it: asked for, or by a till, too late or too much."""
        if not (self.holds and self.open):
            return
        at, who, hold, order = self.later(), self.who(), self.rng.choice(self.holds), self.rng.choice(list(self.open))
        points, name = self.rng.randrange(1, 40), self.name("cap")
        if self.rng.random() < 0.4:
            command = CaptureHold(request=name, at=at, profile=who, hold=hold, points=points, order=order)
            self.decided(decide_capture(self.case(who), command))
            return
        self.events.append(
            HoldCaptured(id=name, at=at, profile=who, hold=hold, points=points, order=order,
                         ends=self.rng.random() < 0.5)
        )  # fmt: skip

    def void(self) -> None:
        if not self.holds:
            return
        at, who, hold, name = self.later(), self.who(), self.rng.choice(self.holds), self.name("void")
        if self.rng.random() < 0.4:
            command = VoidHold(request=name, at=at, profile=who, hold=hold)
            self.decided(decide_void(self.case(who), command))
        else:
            self.events.append(HoldVoided(id=name, at=at, profile=who, hold=hold))

    def hand_over(self) -> None:
        if self.open:
            order = self.rng.choice(list(self.open))
            lines = tuple(
                HandedLine(line=line, sku="TEE", units=max(1, left[0])) for line, left in self.open[order].items()
            )
            self.events.append(
                HandedOver(id=self.name("out"), at=self.later(), order=order, location="w", how="shipped", lines=lines)
            )

    def give_back(self) -> None:
        """Give part of an order back: a part of the money of some lines."""
        if not self.open:
            return
        order = self.rng.choice(list(self.open))
        back = {}
        for line, (units, amount) in self.open[order].items():
            if self.rng.random() < 0.6:
                part = split(amount, (self.rng.randrange(0, 5), 5))[0] if amount else 0
                back[line] = (min(units, self.rng.randrange(0, 2)), part)
        self.refund(order, back)

    def refund(self, order: str, back: dict[str, tuple[int, int]]) -> None:
        lines = []
        for line, (units, amount) in back.items():
            self.open[order][line][0] -= units
            self.open[order][line][1] -= amount
            lines.append(RefundLine(line=line, sku="TEE", units=units, amount=amount))
        if lines:
            self.events.append(
                Refund(id=self.name("refund"), at=self.later(), order=order, currency="HKD", lines=tuple(lines))
            )

    def bring_back(self) -> None:
        """Some goods come back without the receipt, whoever bought them."""
        line = RefundLine(line="1", sku=self.rng.choice(worlds.SKUS), units=1, amount=self.rng.choice((500, 5_000)))
        name = self.name("brought")
        self.events.append(
            Refund(id=name, at=self.later(), order=f"{name}/return", currency="HKD", lines=(line,), profile=self.who())
        )

    def cancel(self) -> None:
        """The source says that an order has ended."""
        self.say_anew(status="cancelled", ended_at=self.later())

    def reopen(self) -> None:
        """The source says that it was a mistake: the order has not ended, or is paid now."""
        self.say_anew(status="paid", ended_at=None)

    def say_anew(self, **changes: object) -> None:
        if self.open:
            order = self.rng.choice(list(self.open))
            *_, sale = (event for event in self.events if isinstance(event, Sale) and event.order == order)
            self.events.append(evolve(sale, version=sale.version + 1, **changes))

    def end(self) -> None:
        """Everything goes back: the rest of every order, and every hold."""
        for order, lines in self.open.items():
            self.refund(order, {line: (left[0], left[1]) for line, left in lines.items()})
        for hold in self.holds:
            self.events.append(HoldVoided(id=self.name("void"), at=self.later(), profile="crm:1", hold=hold))
        self.now += timedelta(days=60)


STEPS = {
    Walk.buy: 30, Walk.grant: 6, Walk.hold: 10, Walk.capture: 8, Walk.void: 4, Walk.hand_over: 8, Walk.give_back: 20,
    Walk.bring_back: 4, Walk.cancel: 4, Walk.reopen: 3, Walk.merge: 3,
}  # fmt: skip


def walked(seed: int, steps: int = 10) -> Walk:
    """Walk for a while, then give everything back."""
    walk = Walk(seed)
    for _ in range(walk.rng.randrange(1, steps)):
        walk.rng.choices(list(STEPS), list(STEPS.values()))[0](walk)
    walk.end()
    return walk


def nothing_is_left(seed: int, steps: int = 10) -> None:
    """After everything is given back there is no more than what was given for nothing; for each record alone too."""
    walk = walked(seed, steps)
    ladders = [rules.ladder for rules in walk.programme.versions if rules.ladder is not None]
    protected = any(ladder.refund == "protect" for ladder in ladders)
    told = walk.rng.sample(walk.events, len(walk.events))
    for profiles in (walk.profiles, *({record} for record in RECORDS)):
        given = sum(walk.given[record] for record in profiles)
        end = account(walk.programme, told, profiles, walk.now)
        left = end.spendable + end.pending + end.held - end.debt
        where = f"seed {seed}, {sorted(profiles)}"
        assert (end.spent, end.held) == (0, 0), where
        assert (end.earned - end.clawed_back, end.forgiven) == (given, 0), where
        assert left + end.expired == given, where
        if end.tier is not None and not protected:
            assert (end.tier.spend, end.tier.points, end.tier.visits) == (0, 0, 0), where
