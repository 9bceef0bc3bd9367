"""Loyalty cases as stories: what happened, event by event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, Final

from attrs import Factory, define

from tests.scenarios.shared_cases import loyalty_expecting
from tests.scenarios.shared_cases.loyalty_kinds import kind_of
from tests.scenarios.shared_cases.rules import NAMES, programme_of
from tests.scenarios.shared_cases.telling import NotYet, Story, Told, Translation, instant_of

MEMBER: Final = "crm:1"
AREAS: Final = {"birthday": "birthday gifts"}


@define
class Case:
    """A loyalty case being told."""

    story: Story
    given: Told
    events: list[Told]
    expect: Told
    refunded: set[str] = Factory(set)
    """Earnings that are given back later: they must be purchases."""
    undone: set[str] = Factory(set)
    """Redemptions that are undone later: they must pay for something."""
    paid: dict[str, str] = Factory(dict)
    """What a purchase cost, by its ref."""
    earned_at: list[tuple[str, str]] = Factory(list)
    """Record and lot of each earning, in order."""
    tiers_at: list[tuple[str, str]] = Factory(list)
    """Instant and record of each question for a tier."""
    ends: dict[date, date] = Factory(dict)
    """Purchases whose points have an end of their own: day of purchase, day of the end."""
    number: int = 0

    def next(self, event: Told, what: str) -> str:
        """Name a document: by its ref, else by its number."""
        self.number += 1
        return str(event.get("ref") or f"{what}-{self.number}")


def translate(case: Mapping[str, Any]) -> Translation:
    """Turn a case into stories."""
    if case.get("area") in AREAS:
        raise NotYet(AREAS[case["area"]])
    own = kind_of(case)
    if own is not None:
        return own(case)
    story = Story(f"{case['id']}: {case.get('area', '')}")
    told = Case(
        story=story,
        given=Told(case["given"], NAMES),
        events=[Told(event, {}) for event in case["events"]],
        expect=Told(case["expect"], loyalty_expecting.NAMES),
    )
    programme_of(story, told.given, case["id"])
    _look_ahead(told)
    _opening(told)
    for place, event in enumerate(told.events):
        _event(told, event, place)
    readings = loyalty_expecting.expectations(told)
    _understood(told)
    _versions(told)
    return Translation(
        readings=readings,
        lacks=tuple(story.lacks),
        unread=tuple(told.expect.unread()),
        differs=tuple(story.differs),
    )


def _look_ahead(told: Case) -> None:
    kinds = {"refund_full": told.refunded, "refund": told.refunded, "spend_rollback": told.undone}
    for event in told.events:
        if event.get("type") in kinds and "ref" in event:
            kinds[event.get("type")].add(event.get("ref"))


def _understood(told: Case) -> None:
    """Refuse a case in which a word was passed over."""
    missing = told.given.unread() + [word for event in told.events for word in event.unread()]
    if missing:
        raise NotYet(*missing)


def _event(told: Case, event: Told, place: int) -> None:
    kind = event.get("type")
    if kind not in EVENTS:
        raise NotYet(f"events of kind {kind!r}")
    told.story.when(event)
    EVENTS[kind](told, event)
    loyalty_expecting.after_event(told, place, kind)


def _opening(told: Case) -> None:
    story = told.story
    if "opening" in told.given:
        story.at(instant_of("2026-01-01"))
        story.say(granted=told.given.get("opening"), by=MEMBER, reason="opening", never_expires=True)
    if "points" in told.given:
        story.at(instant_of("2026-01-01"))
        for name, points in told.given.get("points").items():
            story.say(granted=points, by=f"crm:{name}", reason="opening", never_expires=True)
    if "base_points" in told.given:
        story.at(instant_of("2026-01-01"))
        story.say(sale="base", by=MEMBER, amount=f"{told.given.get('base_points')}.00")
        told.earned_at.append((MEMBER, "base"))


def _versions(told: Case) -> None:
    """Give purchases an end of their own by rules of their day."""
    if not told.ends:
        return
    rules = dict(told.story.programme)
    zone, versions = {"zone": "UTC", "currency": "HKD"}, [{"name": "else", **rules}]
    for day, end in sorted(told.ends.items()):
        own = {"kind": "days", "after": (end - day).days - 1}
        versions.append({**rules, "name": f"of {day}", "since": day.isoformat(), "expiry": own})
        after = (day + timedelta(days=1)).isoformat()
        versions.append({**rules, "name": f"after {day}", "since": after})
    starts = [version.get("since") for version in versions]
    if len(set(starts)) != len(starts):
        raise NotYet("purchases of neighbouring days whose points end differently")
    told.story.programme.clear()
    told.story.programme.update({**zone, "versions": versions})


# Points as such.


def _amount_for(told: Case, points: int) -> str:
    """Give the amount that earns so many points."""
    rate = told.story.programme["earnings"][0]
    cents = Fraction(points) * Fraction(rate["per"]) * 100 / rate.get("points", 1)
    if cents.denominator != 1:
        raise NotYet("points between two steps")
    return f"{cents.numerator // 100}.{cents.numerator % 100:02d}"


def _earn(told: Case, event: Told) -> None:
    points, ref, expires = event.need("points"), event.get("ref"), event.get("expires")
    name = told.next(event, "earn")
    told.earned_at.append((MEMBER, name))
    if ref in told.refunded:
        told.paid[name] = _amount_for(told, points)
        told.story.say(sale=name, by=MEMBER, amount=told.paid[name])
        if expires is not None:
            told.ends[date.fromisoformat(told.story.now()[:10])] = date.fromisoformat(expires[:10])
        return
    never = expires is None and told.story.programme["expiry"] == {"kind": "never"}
    told.story.say(granted=points, by=MEMBER, name=name, expires=expires, never_expires=never or None)


def _activate(told: Case, event: Told) -> None:
    name = told.next(event, "lot")
    told.earned_at.append((MEMBER, name))
    told.story.say(granted=event.get("points", 1), by=MEMBER, name=name)


def _spend(told: Case, event: Told) -> None:
    points, ref = event.need("points"), event.get("ref")
    if points == 0:
        return
    name = told.next(event, "spend")
    refused = told.expect.get("last_event") == "rejected" or told.expect.get("rejected") is True
    rejected = refused and event is told.events[-1]
    order = name if ref in told.undone or ref in told.refunded else None
    if told.given.get("negative") == "allow":
        told.story.say(redeemed=points, by=MEMBER, id=name, order=order)
    else:
        answer = "not_enough_points" if rejected else None
        told.story.say(redeem=points, by=MEMBER, request=f"spend/{name}", order=order, answer=answer)
    if order is not None and name not in told.paid:
        told.paid[name] = f"{points}.00"
        told.story.say(sale=name, by=MEMBER, amount=told.paid[name], tenders={"points": told.paid[name]})


def _give_back_all(told: Case, event: Told) -> None:
    ref = event.need("ref")
    told.story.say(refund=ref, id=f"refund/{ref}/all", all=True)


def _merge(told: Case, event: Told) -> None:
    told.story.say(joined=[f"crm:{event.need('source')}", f"crm:{event.need('into')}"])


def _time(told: Case, event: Told) -> None:
    """Let time pass; what is due happens by itself."""


# Purchases.


def _purchase(told: Case, event: Told) -> None:
    name = told.next(event, "purchase")
    record = _in_tier(told, event, name)
    lines, extra = purchase_lines(told, event)
    told.paid[name] = str(sum(Fraction(line["amount"]) for line in lines))
    told.earned_at.append((record, name))
    told.story.say(sale=name, by=record, lines=lines, **extra)


def _in_tier(told: Case, event: Told, name: str) -> str:
    """Give the member who buys; one who buys in a tier has reached it a day before."""
    if "tier" not in event:
        return MEMBER
    tier, record = event.get("tier"), f"crm:{name}"
    ladder = told.story.programme.get("ladder", {}).get("tiers", [])
    rung = next((rung for rung in ladder if rung["name"] == tier), None)
    if rung is None:
        raise NotYet(f"a rate of its own for tier {tier!r}")
    if "at_least" in rung and Fraction(rung["at_least"]) > 0:
        now = datetime.fromisoformat(told.story.now())
        told.story.at(now - timedelta(days=1))
        told.story.say(sale=f"{name}/before", by=record, amount=rung["at_least"])
        told.story.at(now)
    return record


def purchase_lines(told: Case, event: Told) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Give a purchase's lines, and what is said of the purchase besides."""
    extra: dict[str, Any] = {}
    if "shipping" in event:
        extra["shipping"] = str(event.get("shipping"))
    if "items" in event:
        return _items(event, extra)
    if "lines" in event:
        return _lines(told, event), extra
    gross = _first(event, "total", "total_incl_tax", "amount", "basis", "goods", "pre_tax")
    if gross is None:
        raise NotYet("a purchase without an amount")
    line = {"sku": "goods", "amount": str(gross), "handing": "none"}
    if "pre_tax" in event and "total" in event:
        line["tax"] = str(_minus(gross, event.get("pre_tax")))
    elif "tax" in event:
        line["tax"] = str(event.get("tax"))
    return [line], extra


def _items(event: Told, extra: dict[str, Any]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Items before tax and discount; gift cards pay a part."""
    tax = Fraction(str(event.get("tax", "0")))
    paid = Fraction(event.get("items")) - Fraction(str(event.get("discount", "0"))) + tax
    due = paid + Fraction(str(event.get("shipping", "0")))
    card = Fraction(str(event.get("gift_card", "0")))
    if card:
        extra["tenders"] = {"gift_card": _text(card), "cash": _text(due - card)}
    return [{"sku": "goods", "amount": _text(paid), "tax": _text(tax), "handing": "none"}], extra


def _lines(told: Case, event: Told) -> list[dict[str, Any]]:
    bare = event.get("lines")
    rows = [row if isinstance(row, dict) else {"sku": f"line{i}", "amount": row} for i, row in enumerate(bare, 1)]
    amounts = [Fraction(str(row["amount"])) for row in rows]
    amounts = _discounted(rows, amounts, event)
    coupon = event.get("coupon")
    if coupon is not None:  # an order's coupon lies on all lines by their weight
        parts = [Fraction(coupon) * amount / sum(amounts) for amount in amounts]
        cents = [int(part * 100) for part in parts]
        cents[0] += int(Fraction(coupon) * 100) - sum(cents)
        amounts = [amount - Fraction(part, 100) for amount, part in zip(amounts, cents, strict=True)]
    only = told.story.programme["earnings"][0].pop("only", None)
    if only is not None:
        idle = sorted({row.get("category", "") for row in rows} - {only})
        told.story.programme["earnings"][0]["idle_categories"] = idle
    return [
        {"sku": row["sku"], "amount": _text(amount), "category": row.get("category", ""), "handing": "none"}
        for row, amount in zip(rows, amounts, strict=True)
    ]


def _discounted(rows: list[dict[str, Any]], amounts: list[Fraction], event: Told) -> list[Fraction]:
    discount = event.get("discount")
    if discount is None:
        return amounts
    scope = str(discount.get("scope", "order")).removesuffix(" only")
    left = 1 - Fraction(discount["percent"], 100)
    return [
        amount * left if scope in ("order", row.get("category")) else amount
        for row, amount in zip(rows, amounts, strict=True)
    ]


def _action(told: Case, event: Told) -> None:
    """Each time that something is done is an order of its own, whatever it costs."""
    times = event.need("quantity")
    if told.given.get("occurrences", times) != times:
        raise NotYet("actions of which not all count")
    for number in range(times):
        told.story.say(sale=f"action-{number}", by=MEMBER, amount="0.01")


def _order(told: Case, event: Told) -> None:
    """An order that earns and is paid with points: a point is worth a cent here."""
    name, earn, spend = told.next(event, "order"), event.need("earn"), event.need("spend")
    told.story.programme.setdefault("redemptions", [{"points": 1, "amount": "0.01"}])
    cash, points = _amount_for(told, earn), _text(Fraction(spend, 100))
    total = _text(Fraction(cash) + Fraction(points))
    told.paid[name] = total
    told.story.say(redeem=spend, by=MEMBER, order=name)
    told.story.say(sale=name, by=MEMBER, amount=total, tenders={"cash": cash, "points": points})
    told.earned_at.append((MEMBER, name))


def _refund(told: Case, event: Told) -> None:
    ref = event.need("ref")
    sale = next((step for step in told.story.steps if step.get("sale") == ref), None)
    if sale is None:
        raise NotYet("a refund of a purchase that the case does not tell of")
    told.number += 1
    back = _refunded(told, event, sale)
    told.story.say(refund=ref, id=f"refund/{ref}/{told.number}", **back)


def _refunded(told: Case, event: Told, sale: dict[str, Any]) -> dict[str, Any]:
    if "fraction" in event:
        part = Fraction(event.get("fraction"))
        tenders = {kind: _text(Fraction(paid) * part) for kind, paid in sale.get("tenders", {}).items()}
        return {"amount": _text(Fraction(told.paid[event.get("ref")]) * part), "tenders": tenders or None}
    if "lines" in event:
        return _refunded_lines(event, sale)
    amount = _first(event, "amount", "refunded", "pre_tax", "basis")
    if amount is None:
        raise NotYet("a refund without an amount")
    if "pre_tax" in event and "lines" in sale and "tax" in sale["lines"][0]:
        gross = Fraction(sale["lines"][0]["amount"])
        net = gross - Fraction(sale["lines"][0]["tax"])
        amount = _text(Fraction(round(Fraction(amount) * gross / net * 100), 100))
    return {"amount": str(amount)}


def _refunded_lines(event: Told, sale: dict[str, Any]) -> dict[str, Any]:
    """Name the lines by their price; what was refunded beyond what a line had cost is an adjustment."""
    money, lines = Fraction(event.get("refunded")), []
    prices = [Fraction(amount) for amount in event.get("lines")]
    for place, line in enumerate(sale["lines"], 1):
        paid = Fraction(line["amount"])
        near = next((price for price in prices if price >= paid and price - paid < price / 2), None)
        if near is not None and len(lines) < len(prices):
            prices.remove(near)
            lines.append({"line": str(place), "amount": _text(min(paid, money))})
            money -= min(paid, money)
    if prices:
        raise NotYet("a refund of lines that the case does not tell of")
    return {"lines": lines, "adjustment": _text(money) if money else None}


def _redeem_all(told: Case, event: Told) -> None:
    """Redeem what the case says was earned, after checking that it was."""
    points = told.expect.get("earned")
    told.story.expect(members={MEMBER: {"spendable": points}})
    value = told.expect.get("value")
    answer = None if value is None else {"worth": str(value)}
    told.story.say(redeem=points, by=MEMBER, answer=answer)


# Tiers.


def _rungs(told: Case) -> list[dict[str, Any]]:
    return told.story.programme["ladder"]["tiers"]


def _threshold(told: Case, tier: str | None) -> str:
    rungs = _rungs(told)
    wanted = rungs[-1]["name"] if tier is None else tier
    rung = next((rung for rung in rungs if rung["name"].casefold() == wanted.casefold()), None)
    if rung is None and len(rungs) == 2 and rungs[1]["name"] == "qualified":
        rung = rungs[1]
    if rung is None:
        raise NotYet(f"tier {wanted!r}")
    return rung.get("at_least", "0")


def _qualify(told: Case, event: Told) -> None:
    at = instant_of(told.story.now()) + timedelta(hours=12)
    told.story.at(at)
    told.story.say(sale=told.next(event, "qualify"), by=MEMBER, amount=_threshold(told, event.get("tier")))


def _in_term(told: Case, amount: str, months: int = 6) -> None:
    told.number += 1
    at = instant_of(told.story.now())
    told.story.at(at.replace(hour=12) + timedelta(days=30 * months))
    told.story.say(sale=f"term-{told.number}", by=MEMBER, amount=amount)


def _term_spend(told: Case, event: Told) -> None:
    first = next(step for step in told.story.steps if "sale" in step)
    told.story.at(instant_of(first["at"]))
    _in_term(told, str(event.need("amount")))


def _renew(told: Case, event: Told) -> None:
    """Renewed is who spends as much again within the term."""
    renewed = told.story.now()
    first = next(step for step in told.story.steps if "sale" in step)
    told.story.at(instant_of(first["at"]))
    _in_term(told, first["amount"])
    told.story.at(instant_of(renewed))


def _tier_review(told: Case, event: Told) -> None:
    """A member in a tier, what they spent in the twelve months before, and the review."""
    if "windows" in told.expect:
        _window(told)
        return
    if "spend_12m" not in event:
        raise NotYet("reviews on days of their own")
    tier, spend = event.need("tier"), event.need("spend_12m")
    record = f"crm:{tier}"
    start = instant_of("2026-01-10").replace(hour=12)
    told.story.at(start)
    told.story.say(sale=f"reach-{tier}", by=record, amount=_threshold(told, tier))
    told.story.at(start + timedelta(days=180))
    told.story.say(sale=f"spend-{tier}", by=record, amount=str(spend))
    told.tiers_at.append((tier, record))


def _window(told: Case) -> None:
    """A window counts what was bought on its first and on its last day, and not what was bought the day before it."""
    told.given.get("checked_on_day")
    check, place = instant_of(told.story.now()), len(told.tiers_at)
    first, last = (instant_of(day) for day in told.expect.get("windows")[place])
    record = f"crm:window-{place}"
    told.tiers_at.append((told.story.now(), record))
    for name, at in (("before", first - timedelta(minutes=1)), ("first", first), ("last", last + timedelta(hours=23))):
        told.story.at(at)
        told.story.say(sale=f"{record}/{name}", by=record, amount="1.00")
    told.story.at(check)
    told.story.expect(members={record: {"tier_spend": "2.00"}})


EVENTS: Final[Mapping[str, Callable[[Case, Told], None]]] = {
    "earn": _earn,
    "activate": _activate,
    "spend": _spend,
    "expire_run": _time,
    "clock": _time,
    "refund_full": _give_back_all,
    "spend_rollback": _give_back_all,
    "refund": _refund,
    "merge": _merge,
    "action": _action,
    "purchase": _purchase,
    "order": _order,
    "redeem_all": _redeem_all,
    "qualify": _qualify,
    "term_spend": _term_spend,
    "renew": _renew,
    "tier_review": _tier_review,
}


def _first(event: Told, *names: str) -> Any:
    return next((event.get(name) for name in names if name in event), None)


def _minus(one: Any, other: Any) -> str:
    return _text(Fraction(str(one)) - Fraction(str(other)))


def _text(amount: Fraction) -> str:
    cents = amount * 100
    if cents.denominator != 1:
        raise NotYet("parts of a cent")
    sign, value = ("-" if cents < 0 else ""), abs(cents.numerator)
    return f"{sign}{value // 100}.{value % 100:02d}"
