"""Random programmes and histories, each from a seed: small enough to follow by hand, odd enough to hurt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from attrs import evolve

from omo_core.events import Event
from omo_core.loyalty import (
    Earning,
    ExpiredPointsReinstated,
    Expiry,
    HoldCaptured,
    HoldVoided,
    Ladder,
    PointsGranted,
    PointsHeld,
    PointsRedeemed,
    PointsTransferred,
    Programme,
    Redemption,
    Standard,
    Tier,
    TierGranted,
    Version,
)
from omo_core.loyalty.events import Parcel
from omo_core.trade import HandedLine, HandedOver, Refund, RefundLine, Sale, SaleLine, Tender

START = datetime(2023, 11, 20, tzinfo=UTC)
ZONES = ("Asia/Hong_Kong", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC")
SKUS = ("TEE", "CAP", "BAG", "MUG")
CARDS = ("SILVER", "GOLD")
"""Memberships that can be bought, where a tier is sold."""
CATEGORIES = ("food", "wear", "")
TIERS = ("base", "silver", "gold", "gold", "black", "plus", "none such")


def programme(rng: Random) -> Programme:
    """Make up a programme of one version or several; a later one may keep the ladder, change it or have none."""
    versions = [version(rng, "one", make_ladder(rng) if rng.random() < 0.8 else None)]
    since = START
    for name in ("two", "three")[: rng.choice((0, 0, 1, 1, 2))]:
        since += timedelta(days=rng.randrange(30, 400), hours=rng.randrange(24))
        ladder = later_ladder(rng, [each.ladder for each in versions])
        versions.append(evolve(version(rng, name, ladder), since=since))
    return Programme(zone=ZoneInfo(rng.choice(ZONES)), versions=tuple(versions))


def later_ladder(rng: Random, before: list[Ladder | None]) -> Ladder | None:
    """Make up the ladder that follows: the same, another one, the same with a rung less or a new one, or none."""
    last = next((ladder for ladder in reversed(before) if ladder is not None), None)
    how = rng.random()
    if how < 0.25:
        return before[-1]
    if how < 0.55 or last is None or len(last.tiers) == 1:
        return None if how < 0.33 else make_ladder(rng)
    tiers = list(last.tiers)
    gone = tiers.pop(rng.randrange(1, len(tiers)))
    if rng.random() < 0.6 and gone.name != "plus" and "plus" not in [tier.name for tier in tiers]:
        replaces = (gone.name,) if rng.random() < 0.5 else ()
        plus = Tier(name="plus", at_least=50_000, visits=9, points=400, replaces=replaces)
        tiers.append(evolve(plus, multiplier=gone.multiplier))
    policy = rng.choice((last.refund, "immediate", "protect", "at_review"))
    if last.downgrade == "never" and policy == "immediate":
        policy = "protect"
    return evolve(last, tiers=tuple(tiers), refund=policy, currency=rng.choice(("HKD", "HKD", "TWD")))


def version(rng: Random, name: str, ladder: Ladder | None) -> Version:
    """Make up the rules of one time."""
    debt = rng.choice(("debt", "debt", "clamp", "limit"))
    cap = rng.choice((0, 0, 0, 60))
    return Version(
        name=name,
        earnings=make_earnings(rng, ladder),
        cap=cap,
        over_cap=rng.choice(("cut", "nothing")) if cap else "cut",
        pending_days=rng.choice((0, 0, 0, 1, 14)),
        pending_after=rng.choice(("sale", "sale", "handover")),
        expiry=make_expiry(rng),
        spending=rng.choice(("soonest_expiry", "oldest")),
        redemptions=make_redemptions(rng),
        hold_seconds=rng.choice((60, 900, 900, 86_400)),
        capture=rng.choice(("releases_rest", "keeps_rest")),
        debt=debt,
        debt_limit=rng.choice((5, 40)) if debt == "limit" else 0,
        ladder=ladder,
    )


def make_earnings(rng: Random, ladder: Ladder | None) -> tuple[Earning, ...]:
    """Make up no, one or several earning rules, none twice."""
    return tuple(dict.fromkeys(make_earning(rng, ladder) for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 0)))))


def make_earning(rng: Random, ladder: Ladder | None) -> Earning:
    """Make up an earning rule."""
    per, flat = rng.choice((100, 250, 1000, 333)), rng.choice((0, 0, 0, 7))
    if flat and rng.random() < 0.5:
        per = 0  # so many points per order, whatever it costs
    stepped = per > 0
    return Earning(
        currency="TWD" if rng.random() < 0.1 else "HKD",
        points=rng.choice((1, 1, 3, 10)) if stepped else 1,
        per=per,
        flat=flat,
        rounding=rng.choice(("floor", "half_up", "half_even", "ceil")) if stepped else "floor",
        each_line=stepped and rng.random() < 0.25,
        tax=rng.random() < 0.7,
        shipping=rng.random() < 0.3,
        idle_tenders=rng.choice((("points", "gift_card"), (), ("points", "gift_card", "store_credit"))),
        idle_categories=rng.choice(((), (), ("food",))),
        idle_skus=rng.choice(((), (), (), ("MUG",))),
        only_categories=rng.choice(((), (), (), ("wear",))),
        only_skus=rng.choice(((), (), (), ("TEE", "BAG"))),
        channels=rng.choice(((), (), ("web",))),
        stores=rng.choice(((), (), (), ("S1",))),
        tiers=(ladder.tiers[-1].name,) if ladder is not None and rng.random() < 0.15 else (),
        gift_cards=rng.random() < 0.2,
        multiplied=rng.random() < 0.8,
    )


def make_redemptions(rng: Random) -> tuple[Redemption, ...]:
    """Make up what points are worth, if anything: a step of some points for some cents, with or without limits."""
    if rng.random() < 0.4:
        return ()
    points = rng.choice((1, 1, 5))
    usual = Redemption(currency="HKD", amount=10, kind=rng.choice(("tender", "discount")))
    rule = Redemption(
        currency="HKD",
        kind=rng.choice(("tender", "discount")),
        points=points,
        amount=points * rng.choice((1, 10)),
        minimum=rng.choice((0, 0, 10)),
        maximum=rng.choice((0, 0, 30)),
        max_amount=rng.choice((0, 0, 400)),
        max_percent=rng.choice((100, 100, 50)),
        bands=rng.choice(((), (), ((1000, 20), (9000, 50)))),
        channels=rng.choice(((), (), ("web",))),
        stores=rng.choice(((), (), (), ("S1",))),
    )
    return (rule, usual) if rule.leaves_to(usual) and rng.random() < 0.5 else (rule,)


KINDS = ("never", "days", "months", "end_of_month", "end_of_quarter", "end_of_year", "fixed_dates", "inactivity")


def make_expiry(rng: Random, *, alone: bool = False) -> Expiry:
    """Make up an expiry rule; a tier's own can't be by activity."""
    kind = rng.choice(KINDS[:-1] if alone else KINDS)
    if kind == "never":
        return Expiry(kind=kind)
    if kind == "fixed_dates":
        return Expiry(kind=kind, after=rng.choice((0, 1)), dates=rng.choice((((6, 30), (12, 31)), ((2, 29),))))
    after = {"days": (0, 30, 400), "months": (0, 1, 6), "end_of_year": (0, 1), "inactivity": (1, 6)}.get(
        kind, (0, 1, 6)
    )
    return Expiry(kind=kind, after=rng.choice(after))


RUNGS = (("silver",), ("silver", "gold"), ("silver", "gold"), ("gold", "black"), ("silver", "gold", "black"))


def make_ladder(rng: Random) -> Ladder:
    """Make up a ladder of two to four rungs."""
    tiers = [Tier(name="base")]
    kept_by = rng.choice(("reach", "reach", "spend", "visits"))
    for place, name in enumerate(rng.choice(RUNGS), start=1):
        sold = rng.random() < 0.4
        measure = rng.choice(("spend", "spend", "points", "visits", "any"))
        kept = {"spend": Standard(spend=8000 * place - 5000), "visits": Standard(visits=2 * place - 1), "reach": None}
        keep = kept[kept_by]
        tiers.append(
            Tier(
                name=name,
                at_least=8000 * place if measure in ("spend", "any") else 0,
                points=60 * place if measure in ("points", "any") else 0,
                visits=2 * place if measure in ("visits", "any") else 0,
                keep=keep,
                multiplier=rng.choice(((1, 1), (3, 2), (2, 1))),
                expiry=rng.choice((None, None, make_expiry(rng, alone=True))),
                sold_as=(name.upper(),) if sold else (),
                sold_months=rng.choice((1, 12)) if sold else 12,
            )
        )
    single = rng.random() < 0.15
    window = rng.choice(("rolling", "rolling", "calendar_year", "anniversary", "lifetime", "term"))
    term = rng.choice((12, 12, 1, 6, 0, 14, 24)) if window != "lifetime" else rng.choice((0, 12))
    reviewed = window != "lifetime" and term > 0
    downgrade = rng.choice(("to_earned", "by_one", "never") if reviewed else ("to_earned", "never"))
    months = rng.choice((12, 6, 1))
    return Ladder(
        currency="HKD" if rng.random() < 0.9 else "TWD",
        tiers=tuple(tiers),
        counts=rng.choice(("earning", "earning", "goods")),
        window=window,
        months=months if window == "rolling" else 12,
        single_order=single,
        term_months=term,
        grace_days=rng.choice((0, 0, 10, 45)) if reviewed and downgrade != "never" else 0,
        upgrade="at_review" if reviewed and rng.random() < 0.2 else "at_once",
        downgrade=downgrade,
        overshoot=rng.choice(("kept", "lost") if single else ("kept", "lost", "excess")),
        refund=rng.choice(("at_review", "protect") if downgrade == "never" else ("at_review", "immediate", "protect")),
    )


class History:
    """A history in the making; facts only, in any combination that a clumsy world may produce."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.events: list[Event] = []
        self.sales: list[Sale] = []
        self.holds: list[tuple[str, datetime]] = []
        self.count = 0

    def moment(self) -> datetime:
        """Pick an instant; now and then an exact local midnight or one that was picked before."""
        rng = self.rng
        if self.events and rng.random() < 0.1:
            return rng.choice(self.events).at
        at = START + timedelta(days=rng.randrange(900), hours=rng.randrange(24), minutes=rng.randrange(60))
        return at.replace(hour=16, minute=0) if rng.random() < 0.15 else at

    def name(self, what: str) -> str:
        """Make up an id."""
        self.count += 1
        return f"{what}-{self.count}"


def history(rng: Random, size: int) -> list[Event]:
    """Make up what happened to one member's two records."""
    world = History(rng)
    for _ in range(size):
        step = rng.choices(
            (sale, refund, bring_back, redeem, grant, hold, capture, void, transfer, handover, promote, reinstate),
            (30, 14, 4, 12, 8, 12, 14, 4, 4, 8, 2, 2),
        )[0]
        event = step(world)
        if event is not None:
            world.events.append(event)
    return world.events


def who(rng: Random) -> str:
    """Pick one of the member's records."""
    return rng.choice(("crm:1", "web:9"))


def sale(world: History) -> Event:
    """Somebody bought something."""
    rng, order = world.rng, world.name("o")
    lines = tuple(sale_line(rng, str(place)) for place in range(rng.randrange(1, 4)))
    total = sum(line.amount for line in lines)
    tenders = ()
    if rng.random() < 0.4:
        idle = rng.randrange(0, total + 1)
        tenders = (
            Tender(kind=rng.choice(("points", "gift_card")), amount=idle),
            Tender(kind="card", amount=total - idle),
        )
    at = world.moment()
    status = rng.choices(("paid", "open", "cancelled"), (85, 5, 10))[0]
    ended = at + timedelta(days=rng.randrange(0, 40)) if status == "cancelled" else None
    bought = Sale(
        id=f"sale/{order}", at=at, order=order, profile=who(rng) if rng.random() < 0.92 else "stranger",
        channel=rng.choice(("web", "store")), location=rng.choice((None, "S1", "S2")), lines=lines,
        currency=rng.choices(("HKD", "TWD"), (90, 10))[0],
        shipping=rng.choice((0, 0, 300)), tenders=tenders, status=status, ended_at=ended,
    )  # fmt: skip
    world.sales.append(bought)
    return bought


def sale_line(rng: Random, line: str) -> SaleLine:
    """One line of a purchase."""
    amount, sku = rng.choice((0, 99, 1000, 2550, 10_000, rng.randrange(1, 9000))), rng.choice((*SKUS, *CARDS))
    return SaleLine(
        line=line, sku=sku, units=rng.randrange(1, 4), amount=amount, tax=amount // 21,
        discount=rng.choice((0, 0, 100, 550)), category=rng.choice(CATEGORIES),
        handing=rng.choice(("carried", "ship", "pickup")),
        kind=rng.choices(("goods", "gift_card", "fee"), (90, 5, 5))[0],
    )  # fmt: skip


def refund(world: History) -> Event | None:
    """Money went back: part of a line, all of it, or without a line; maybe before the sale, by a clock that is off."""
    if not world.sales:
        return None
    rng, bought = world.rng, world.rng.choice(world.sales)
    whole = rng.random() < 0.3
    lines = [
        RefundLine(line=line.line, sku=line.sku, units=line.units if whole else rng.randrange(line.units + 1),
                   amount=line.amount if whole else rng.randrange(line.amount + 1),
                   restock=rng.choice(("none", "cancel", "return")))
        for line in bought.lines if whole or rng.random() < 0.6
    ]  # fmt: skip
    loose = rng.choice((0, 0, 0, 150, 900, -40)) if not whole else 0
    if lines and rng.random() < 0.1:  # a till that names a line of its own, or gives back more than was paid
        odd = rng.choice((evolve(lines[0], line="9"), evolve(lines[0], amount=lines[0].amount + 2_000)))
        lines = [odd, *lines[1:]]
    back = sum(line.amount for line in lines) + loose
    tenders = ()
    if bought.tenders and rng.random() < 0.6:
        first = min(back, bought.tenders[0].amount)
        tenders = (Tender(kind=bought.tenders[0].kind, amount=first), Tender(kind="card", amount=back - first))
    at = bought.at + timedelta(days=rng.randrange(-1, 200), hours=rng.randrange(24))
    money = bought.currency if rng.random() < 0.93 else "JPY"
    return Refund(
        id=world.name("refund"), at=at, order=bought.order, currency=money, lines=tuple(lines),
        adjustment=loose, shipping=bought.shipping if whole else 0, tenders=tenders,
    )  # fmt: skip


def bring_back(world: History) -> Event:
    """Goods came back without a receipt."""
    rng, name = world.rng, world.name("brought")
    lines = tuple(
        RefundLine(line=str(place), sku=rng.choice(SKUS), units=rng.randrange(3), amount=rng.choice((0, 500, 4_000)))
        for place in range(rng.randrange(1, 3))
    )
    back = sum(line.amount for line in lines)
    return Refund(
        id=name, at=world.moment(), order=f"{name}/return", currency=rng.choice(("HKD", "HKD", "TWD")), lines=lines,
        tenders=(Tender(kind=rng.choice(("points", "card")), amount=back),) if rng.random() < 0.4 else (),
        profile=who(rng) if rng.random() < 0.9 else rng.choice((None, "stranger")),
    )  # fmt: skip


def redeem(world: History) -> Event:
    """Points were spent, now and then more than there were."""
    rng = world.rng
    order = rng.choice(world.sales).order if world.sales and rng.random() < 0.6 else None
    return PointsRedeemed(
        id=world.name("red"), at=world.moment(), profile=who(rng), points=rng.randrange(1, 80), order=order,
        withdrawn=rng.random() < 0.05,
    )  # fmt: skip


def grant(world: History) -> Event:
    """Points were given or taken by hand."""
    rng, at = world.rng, world.moment()
    points = rng.choice((-30, -5, 10, 50, 100, 300))
    expires = at + timedelta(days=rng.randrange(1, 300)) if rng.random() < 0.4 else None
    return PointsGranted(
        id=world.name("grant"), at=at, profile=who(rng), points=points, expires_at=expires, reason="test",
        never_expires=rng.random() < 0.2,
    )  # fmt: skip


def hold(world: History) -> Event:
    """Points were set apart."""
    rng, at = world.rng, world.moment()
    name = "cart" if rng.random() < 0.3 else world.name("hold")
    carts = [since for named, since in world.holds if named == name]
    at = carts[-1] + timedelta(minutes=rng.randrange(20)) if carts and rng.random() < 0.7 else at
    world.holds.append((name, at))
    until = at + timedelta(minutes=rng.choice((15, 60 * 24 * 30)))
    return PointsHeld(id=world.name("ph"), at=at, profile=who(rng), hold=name, points=rng.randrange(1, 60), until=until)


def capture(world: History) -> Event | None:
    """Points of a hold were spent, perhaps after it had ended."""
    if not world.holds:
        return None
    rng = world.rng
    order = rng.choice(world.sales).order if world.sales and rng.random() < 0.4 else None
    name, since = rng.choice(world.holds)
    return HoldCaptured(
        id=world.name("cap"), at=soon_after(world, since), profile=who(rng), hold=name,
        points=rng.choice((1, 5, rng.randrange(1, 50))), order=order, ends=rng.random() < 0.4,
    )  # fmt: skip


def void(world: History) -> Event | None:
    """A hold was let go."""
    if not world.holds:
        return None
    name, since = world.rng.choice(world.holds)
    return HoldVoided(id=world.name("void"), at=soon_after(world, since), profile=who(world.rng), hold=name)


def soon_after(world: History, since: datetime) -> datetime:
    """Mostly while a hold is alive, else whenever."""
    rng = world.rng
    return since + timedelta(minutes=rng.choice((1, 14, 15, 60 * 24 * 20))) if rng.random() < 0.7 else world.moment()


def transfer(world: History) -> Event:
    """Points went to or came from another member, or from one of the member's own records to the other."""
    rng, at = world.rng, world.moment()
    giver, receiver = rng.choice((("crm:1", "other"), ("other", "web:9"), ("crm:1", "web:9")))
    parcels = tuple(
        Parcel(points=rng.randrange(1, 30), expires_at=at + timedelta(days=rng.randrange(1, 300)))
        for _ in range(rng.randrange(1, 3))
    )
    return PointsTransferred(id=world.name("gift"), at=at, profile=giver, receiver=receiver, parcels=parcels)


def handover(world: History) -> Event | None:
    """Goods left the shop."""
    if not world.sales:
        return None
    rng, bought = world.rng, world.rng.choice(world.sales)
    lines = tuple(HandedLine(line=line.line, sku=line.sku, units=line.units) for line in bought.lines)
    at = bought.at + timedelta(days=rng.randrange(0, 20), hours=rng.randrange(24))
    return HandedOver(
        id=world.name("out"), at=at, order=bought.order, location="w", how="shipped", lines=lines,
        cancelled=rng.random() < 0.1,
    )  # fmt: skip


def promote(world: History) -> Event:
    """A member was put into a tier by hand."""
    at, tier = world.moment(), world.rng.choice(TIERS)
    return TierGranted(
        id=world.name("tier"), at=at, profile=who(world.rng), tier=tier,
        until=at + timedelta(days=world.rng.randrange(-3, 500)), reason="test", reviewed=world.rng.random() < 0.7,
    )  # fmt: skip


def reinstate(world: History) -> Event:
    """Expired points were given back."""
    at = world.moment()
    return ExpiredPointsReinstated(
        id=world.name("again"), at=at, profile=who(world.rng), expired_since=at - timedelta(days=30),
        expires_at=at + timedelta(days=60), reason="test",
    )  # fmt: skip
