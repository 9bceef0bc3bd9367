"""Loyalty cases that are written in a way of their own: quotes, holds, store credit, the books, tiers by the year."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, Final

from omo_adapters.programmes import read_programme
from omo_core.errors import Malformed
from omo_core.loyalty.liability import price_share, revenue_due
from tests.scenarios.shared_cases.telling import Check, NotYet, Story, Told, Translation, instant_of

MEMBER: Final = "crm:1"
POINT_A_DOLLAR: Final = {"per": "1.00", "idle_tenders": ["points", "store_credit"]}
BALANCE: Final = "a tier rests on what was bought, never on the spendable balance: spending points costs no tier"
ZERO_RATE: Final = "redemptions[0].points"
Kind = Callable[[Mapping[str, Any]], Translation]


def kind_of(case: Mapping[str, Any]) -> Kind | None:
    """Give the way in which a case is written, if it is one of these."""
    return next((translate for is_so, translate in KINDS if is_so(case)), None)


def _types(case: Mapping[str, Any]) -> set[str]:
    return {event.get("type") for event in case["events"]}


def _story(case: Mapping[str, Any], **programme: Any) -> Story:
    story = Story(f"{case['id']}: {case.get('area', '')}")
    story.programme.update({"expiry": {"kind": "never"}, "earnings": [dict(POINT_A_DOLLAR)], **programme})
    story.at(instant_of("2026-01-01"))
    return story


def _told(case: Mapping[str, Any]) -> tuple[Told, list[Told], Told]:
    return Told(case["given"], {}), [Told(event, {}) for event in case["events"]], Told(case["expect"], {})


def _done(story: Story, *parts: Told, **more: Any) -> Translation:
    """Give the translation, unless a word was passed over."""
    unread = [word for part in parts for word in part.unread()]
    if unread:
        raise NotYet(*unread)
    return Translation(**({"readings": (story.scenario(),)} | more))


def _cents(amount: Any) -> int:
    cents = Fraction(re.sub(r" \(any\)$", "", str(amount))) * 100
    if cents.denominator != 1:
        raise NotYet("parts of a cent")
    return cents.numerator


def _text(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


# How many points may pay for an order.


def _quote(case: Mapping[str, Any]) -> Translation:
    given, events, expect = _told(case)
    event = events[0]
    terms, refused = _terms(given)
    story = _story(case, **({"redemptions": [terms]} if terms is not None else {}))
    event.get("type")
    balance = event.get("balance", 1_000_000)
    story.say(granted=balance, by=MEMBER, never_expires=True)
    order = _text(event.get("order_minor")) if "order_minor" in event else f"{event.get('order')}.00"
    wish: dict[str, Any] = {"order": order, "currency": "HKD"}
    if "requested" in event:
        wish["asked"] = event.get("requested")
    for key, field in (("points", "gives"), ("max_redeemable", "gives")):
        if key in expect:
            wish[field] = expect.get(key)
    if "amount_minor" in expect:
        wish["worth"] = _text(expect.get("amount_minor"))
    story.expect(members={MEMBER: {"redeemable": [wish]}})
    if refused is not None and refused.path != ZERO_RATE:
        raise NotYet(f"a programme that is refused: {refused}")
    return _done(story, given, event, expect)


def _terms(given: Told) -> tuple[dict[str, Any] | None, Malformed | None]:
    """Give the redemption rule; one that means nothing is refused when it is read, and then nothing can be redeemed."""
    if "steps" in given:
        bands = [{"at_least": f"{low}.00", "points": most} for low, _, most in given.get("steps")]
        return {"points": 1, "amount": "0.01", "bands": bands}, None
    rule = given.get("conversion")
    terms = {"points": rule["points"], "amount": _text(rule["amount_minor"]), "minimum": rule["min_points"]}
    terms["max_percent"] = rule["max_percent"]
    try:
        read_programme({"zone": "UTC", "currency": "HKD", "redemptions": [terms]})
    except Malformed as complaint:
        return None, complaint
    return terms, None


# Holds.


def _holds(case: Mapping[str, Any]) -> Translation:
    given, events, expect = _told(case)
    timeout, cost = given.get("timeout_seconds"), given.get("reward_cost", 0)
    story = _story(case, hold=f"{timeout} sec" if timeout else "30 days")
    opening = given.get("opening", 1000)
    story.say(granted=opening, by=MEMBER, never_expires=True)
    held = [_hold_event(story, event, cost, last=event is events[-1], expect=expect) for event in events]
    story.expect(members={MEMBER: _held_numbers(expect, opening, max(held))})
    expect.get("last_event")
    return _done(story, given, *events, expect)


def _hold_event(story: Story, event: Told, cost: int, *, last: bool, expect: Told) -> int:
    """Tell one event of a hold; gives how many points it set apart."""
    story.when(event)
    kind, name = event.get("type"), event.get("ref", "h")
    answer = None
    if last and expect.get("last_event") == "rejected":
        answer = "not_enough_points" if kind == "spend" else "hold_ended"
    amount = event.get("amount", cost)
    if kind in ("hold", "reward_create"):
        story.say(hold_points=amount, by=MEMBER, called=name)
        return int(amount)
    if kind in ("capture", "reward_redeem"):
        story.say(capture_points=amount, by=MEMBER, of=name, answer=answer)
    elif kind == "reward_delete":
        story.say(void_points=name, by=MEMBER, answer=answer)
    elif kind == "spend":
        story.say(redeem=event.get("points"), by=MEMBER, answer=answer)
    elif kind == "clock":
        event.get("at")
    else:
        raise NotYet(f"events of kind {kind!r}")
    return 0


def _held_numbers(expect: Told, opening: int, held: int) -> dict[str, Any]:
    numbers: dict[str, Any] = {}
    for key, field in (("available", "spendable"), ("balance_available", "spendable"), ("pending", "held")):
        if key in expect:
            numbers[field] = expect.get(key)
    if "posted" in expect:
        numbers["spent"] = expect.get("posted")
    if "released" in expect:  # what was neither held before nor is held now
        numbers["spendable"] = opening - held + expect.get("released")
    if "reward" in expect:
        numbers["entries"] = {"redeemed": {"ISSUED": 0, "REDEEMED": 1}[expect.get("reward")]}
    return numbers


# Store credit.


def _credit_story(case: Mapping[str, Any], **more: Any) -> Story:
    story = _story(case)
    story.head["more_programmes"] = [{"name": "credit", "unit": "HKD", "expiry": {"kind": "never"}, **more}]
    return story


def _credited(story: Story, name: str, cents: int, **more: Any) -> None:
    story.say(granted=cents, by=MEMBER, programme="credit", name=name, **more)


def _credit_is(story: Story, **numbers: Any) -> None:
    story.expect(members={MEMBER: {"programmes": {"credit": numbers}}})


def _credit(case: Mapping[str, Any]) -> Translation:
    given, events, expect = _told(case)
    keeps = "authorized" in expect
    story = _credit_story(case, spending="oldest", **({"capture": "keeps_rest"} if keeps else {}))
    opening = _cents(given.get("amount", "0")) or 100_000
    given.get("credit")
    for credit in given.get("credits", ()):
        story.at(instant_of(story.now()) + timedelta(days=1))
        _credited(story, credit["id"], _cents(credit["amount"]))
    if "credits" not in given:
        _credited(story, "opening", opening)
    _used(story, given)
    for event in events:
        _credit_event(story, event, given, expect)
    _credit_numbers(story, expect, given)
    return _done(story, given, *events, expect)


def _used(story: Story, given: Told) -> None:
    """Tell what was used and authorised before the case begins."""
    used = given.get("used") or given.get("captured")
    if used is not None:
        story.at(instant_of(story.now()) + timedelta(days=1))
        story.say(redeem=_cents(used), by=MEMBER, programme="credit", order="used")
        story.say(sale="used", by=MEMBER, amount=used, tenders={"store_credit": used})
    if "authorized" in given:
        story.say(hold_points=_cents(given.get("authorized")), by=MEMBER, called="open", programme="credit")
    given.get("credit_to_new_allocation")


def _credit_event(story: Story, event: Told, given: Told, expect: Told) -> None:
    kind = event.get("type")
    story.when(event)
    cents = _cents(event.get("amount", given.get("order", "0")))
    if kind == "authorize" and "currency" in event:
        # What may be held is asked in points; in which money it would pay is asked with the redemption.
        given.get("credit_currency")
        code, answer = event.get("currency"), expect.get("last_event") == "rejected"
        refused = {"refused": "currency_not_redeemable", "currency": code} if answer else None
        story.say(redeem=cents, by=MEMBER, programme="credit", currency=code, answer=refused)
    elif kind == "authorize":
        story.say(hold_points=cents, by=MEMBER, called="h", programme="credit", lasts="1 hours")
        story.at(instant_of(story.now()) - timedelta(days=1) + timedelta(minutes=1))
    elif kind == "capture":
        story.at(instant_of(story.now()))
        story.say(capture_points=cents, by=MEMBER, of="h", programme="credit")
    elif kind == "credit":
        story.say(refund="used", amount=event.get("amount"), tenders={"store_credit": event.get("amount")})
    elif kind == "apply":
        story.say(redeem=cents, by=MEMBER, programme="credit")
    else:
        raise NotYet(f"events of kind {kind!r}")


def _credit_numbers(story: Story, expect: Told, given: Told) -> None:
    numbers: dict[str, Any] = {}
    for key, field in (("authorized", "held"), ("used", "spent"), ("remaining", "spendable")):
        if key in expect:
            numbers[field] = _cents(expect.get(key))
    if "applied" in expect:
        applied = expect.get("applied")
        numbers["lots"] = {each["id"]: _cents(each["amount"]) - _cents(applied[each["id"]])
                           for each in given.get("credits")}  # fmt: skip
    if numbers:
        _credit_is(story, **numbers)


def _credited_too_much(case: Mapping[str, Any]) -> Translation:
    """More is given back than was taken: a refund is a fact, but no more credit comes of it."""
    given, (event,), expect = _told(case)
    story = _credit_story(case)
    opening, captured = 100_000, _cents(given.get("captured"))
    _credited(story, "opening", opening)
    _used(story, given)
    _credit_event(story, event, given, expect)
    expect.get("last_event")
    _credit_is(story, spendable=opening, spent=0, earned=opening, entries={"returned": int(captured > 0)})
    why = "a refund is a fact and is not refused; no more credit comes back than was taken"
    return _done(story, given, event, expect, readings=(), instead=(story.scenario(),), differs=(why,))


def _wallet(case: Mapping[str, Any]) -> Translation:
    given, (event,), expect = _told(case)
    story = _credit_story(case)
    _credited(story, "wallet", _cents(given.get("ewallet")))
    story.when(event)
    event.get("type")
    paid = _cents(event.get("pay_with")["ewallet"])
    total = _cents(event.get("total_incl_tax", _text(paid)))
    story.say(redeem=paid, by=MEMBER, programme="credit", order="o", answer={"worth": _text(paid)})
    tenders = {"store_credit": _text(paid), "cash": _text(total - paid)}
    tax = event.get("tax")
    story.say(sale="o", by=MEMBER, amount=_text(total), tax=tax and f"{tax}.00", tenders=tenders)
    if "topup" in event:
        _credited(story, "topup", _cents(event.get("topup")))
    if "ewallet" in expect:
        _credit_is(story, spendable=_cents(expect.get("ewallet")))
    order = {field: f"{expect.get(key)}.00" for key, field in (("amount_due", "due"), ("tax", "tax")) if key in expect}
    if order:
        story.expect(orders={"o": order})
    return _done(story, given, event, expect)


def _credit_back(case: Mapping[str, Any]) -> Translation:
    given, (credit, order, refund), expect = _told(case)
    given.get("recredit")
    story = _credit_story(case)
    for event, word in ((credit, "store_credit"), (order, "order"), (refund, "refund_full")):
        if event.get("type") != word:
            raise NotYet(f"events of kind {event.get('type')!r}")
    _credited(story, "credit", _cents(credit.get("amount")), expires=credit.get("expires"))
    story.when(order)
    paid, name = order.get("pay_with"), order.get("ref")
    order.get("at")
    story.say(redeem=_cents(paid), by=MEMBER, programme="credit", order=name)
    story.say(sale=name, by=MEMBER, amount=f"{paid}.00", tenders={"store_credit": f"{paid}.00"})
    story.when(refund)
    story.say(refund=refund.get("ref"), all=True)
    lot = {"left": _cents(expect.get("store_credit")), "expires_at": expect.get("expires")}
    _credit_is(story, spendable=_cents(expect.get("store_credit")), lots={"credit": lot})
    return _done(story, given, credit, order, refund, expect)


def _credit_earned(case: Mapping[str, Any]) -> Translation:
    """A purchase in a tier earns store credit. The case expects it to live for a year, and does not say why."""
    given, (event,), expect = _told(case)
    tier = event.get("tier")
    rule = {"per": f"{given.get('per_step')}.00", "points": _cents(given.get(f"{tier.lower()}_per_step"))}
    tiers = [{"name": "base"}, {"name": tier, "at_least": "1.00"}]
    story = _credit_story(
        case,
        currency="HKD",
        earnings=[{**rule, "tiers": [tier]}],
        ladder={"tiers": tiers},
        expiry={"kind": "months", "after": 12},
    )
    event.get("type")
    story.say(sale="before", by=MEMBER, amount="1.00")
    bought = instant_of(story.now()) + timedelta(days=1)
    story.at(bought)
    story.say(sale="o", by=MEMBER, amount=f"{event.get('amount')}.00")
    last = (bought + timedelta(days=expect.get("valid_days"))).date()
    lot = {"left": _cents(expect.get("store_credit")), "usable_through": last.isoformat()}
    _credit_is(story, spendable=_cents(expect.get("store_credit")), lots={"o": lot})
    return _done(story, given, event, expect)


# The books.


def _books(case: Mapping[str, Any]) -> Translation:
    """What is set aside for points, and what of it is due when they are redeemed: amounts in whole units."""
    given, events, expect = _told(case)
    checks = []
    if "allocated" in expect:
        goods = int(given.get("sale"))
        points = given.get("expected_redeemed") * int(given.get("price_per_point"))
        given.get("points")
        parts = dict(zip(("products", "points"), price_share(goods, goods, points), strict=True))
        checks += [Check(what=name, expected=int(wanted), actual=parts[name])
                   for name, wanted in expect.get("allocated").items()]  # fmt: skip
    else:
        set_aside, redeemed, recognised = int(given.get("allocated_to_points")), 0, 0
        for key in ("sale", "points"):
            given.get(key)
        usual = given.get("expected_redeemed")
        for event in events:
            event.get("type")
            redeemed += event.get("points")
            due = revenue_due(set_aside, redeemed, event.get("expected", usual), recognised)
            recognised += due
            key = f"revenue_year_{event.get('year')}"
            if key in expect:
                checks.append(Check(what=key, expected=int(expect.get(key)), actual=due))
    return _done(Story(case["id"]), given, *events, expect, readings=(), checks=tuple(checks))


# Expiry.


def _reinstated(case: Mapping[str, Any]) -> Translation:
    given, events, expect = _told(case)
    story = _story(case)
    story.at(instant_of("2025-12-01"))
    *lots, last = events
    for place, lot in enumerate(lots):
        lot.get("type")
        story.say(granted=lot.get("points"), by=MEMBER, name=f"lot-{place}", expires=lot.get("expired_on"))
    last.get("type")
    at = instant_of(last.get("at"))
    story.at(at)
    since = at - timedelta(days=given.get("reinstatement_window_days"))
    story.say(reinstated=since.date().isoformat(), by=MEMBER, expires=(at + timedelta(days=30)).date().isoformat())
    story.expect(members={MEMBER: {"spendable": expect.get("reinstated"), "entries": {"reinstated": 1}}})
    return _done(story, given, *events, expect)


def _inactivity(case: Mapping[str, Any]) -> Translation:
    """A rule that is switched on takes nothing before its own full length: not on the day before, but with that day."""
    given, (event,), expect = _told(case)
    rule = {"kind": "inactivity", "after": given.get("inactivity_months")}
    began = {"name": "began", "since": given.get("policy_enabled_at"), "expiry": rule}
    story = _story(case)
    earnings = story.programme.pop("earnings")
    story.programme.pop("expiry")
    before = {"name": "before", "expiry": {"kind": "never"}, "earnings": earnings}
    story.programme["versions"] = [before, {**began, "earnings": earnings}]
    event.get("type")
    story.when(event)
    story.say(sale="o", by=MEMBER, amount="100.00")
    first = date.fromisoformat(expect.get("first_possible_expiry"))
    story.expect(at=f"{first - timedelta(days=1)} 23:59:59", members={MEMBER: {"spendable": 100, "expired": 0}})
    story.expect(at=f"{first + timedelta(days=1)} 00:00:00", members={MEMBER: {"spendable": 0, "expired": 100}})
    return _done(story, given, event, expect)


# What an order earns at most.


def _capped(case: Mapping[str, Any]) -> Translation:
    given, (event,), expect = _told(case)
    story = _story(case, cap=given.get("max_points_per_transaction"), over_cap="nothing")
    event.get("type")
    story.say(sale="o", by=MEMBER, amount=f"{event.get('points')}.00")
    (earned,) = expect.get("earned")
    story.expect(members={MEMBER: {"earned": earned}})
    return _done(story, given, event, expect)


# Tiers.


def _renewal(case: Mapping[str, Any]) -> Translation:
    """A tier held by hand for a year, what was done in it, and the review at its end."""
    given, (event,), expect = _told(case)
    asks = given.get("renew_if_any")
    keep = {"spend": f"{asks['purchase']}.00", "visits": asks["visits"]}
    rungs = [{"name": "base"}, {"name": "kept", "at_least": "999999.00", "keep": keep}]
    story = _story(case, ladder={"tiers": rungs})
    story.say(tier_granted="kept", by=MEMBER, until="2027-01-01")
    event.get("type")
    visits, spent = event.get("visits"), _cents(event.get("purchase"))
    for number in range(visits):
        story.at(instant_of("2026-03-01") + timedelta(days=number))
        share = spent // visits + (spent % visits if number == 0 else 0)
        story.say(sale=f"o{number}", by=MEMBER, amount=_text(share))
    remaining = expect.get("remaining")
    missing = {"to_keep": f"{remaining['purchase']}.00", "to_keep_visits": remaining["visits"]}
    story.expect(at="2026-12-31 12:00", members={MEMBER: {"tier": "kept", **missing}})
    story.expect(at="2027-01-01", members={MEMBER: {"tier": "kept" if expect.get("renewed") else "base"}})
    return _done(story, given, event, expect)


def _upgrade(case: Mapping[str, Any]) -> Translation:
    """What was counted before an upgrade counts no more."""
    given, (join, upgrade), expect = _told(case)
    asks = {name: re.match(r"[0-9]+", str(asks)) for name, asks in given.get("tiers").items()}
    tiers = [{"name": name, "at_least": f"{found.group(0)}.00"} for name, found in asks.items() if found is not None]
    tiers[0].pop("at_least")
    lost = given.get("progress") == "resets at upgrade"
    ladder = {"tiers": tiers, "term_months": given.get("term_months"), "overshoot": "lost" if lost else "kept"}
    story = _story(case, ladder=ladder)
    join.get("type"), join.get("at"), upgrade.get("type")
    story.at(instant_of(upgrade.get("at")).replace(hour=12))
    story.say(sale="reaches", by=MEMBER, amount=tiers[-1]["at_least"])
    story.expect(members={MEMBER: {"tier": tiers[-1]["name"], "tier_spend": "0.00"}})
    counts = instant_of(expect.get("progress_counts_from")).replace(hour=12) + timedelta(minutes=1)
    story.at(counts)
    story.say(sale="after", by=MEMBER, amount="1.00")
    story.expect(members={MEMBER: {"tier_spend": "1.00"}})
    readings = [_with(story, {field: expect.get("tier_until")}) for field in ("tier_until", "tier_through")]
    return _done(story, given, join, upgrade, expect, readings=tuple(readings))


def _with(story: Story, expected: dict[str, Any]) -> dict[str, Any]:
    scenario = story.scenario()
    return {**scenario, "step": [*scenario["step"], {"expect": {"members": {MEMBER: expected}}}]}


def _anniversary(case: Mapping[str, Any]) -> Translation:
    """A year that begins with joining; the case does not say how far somebody falls who buys nothing."""
    readings = tuple(_by_year(case, {"window": "anniversary", "downgrade": how}) for how in ("to_earned", "by_one"))
    return Translation(readings=readings)


def _by_year(case: Mapping[str, Any], ladder: dict[str, Any]) -> dict[str, Any]:
    given, events, expect = _told(case)
    for key in ("basis", "review"):
        given.get(key)
    rungs = [
        {"name": name, "at_least": f"{asks}.00"} for asks, name in re.findall(r"(\d+) is (\w+)", given.get("tiers"))
    ]
    story = _story(case, ladder={**ladder, "tiers": [{"name": "none"}, *rungs]})
    joined: datetime | None = None
    for number, event in enumerate(events):
        kind = event.get("type")
        if kind == "join":
            joined = instant_of(event.get("at"))
            story.at(joined)
            continue
        if "at" in event:
            story.when(event)
        if kind in ("purchase", "purchase_total"):
            story.say(sale=f"o{number}", by=MEMBER, amount=f"{event.get('amount')}.00")
        elif kind == "tier_review":
            event.get("spend")
        else:
            raise NotYet(f"events of kind {kind!r}")
        for word in {1: ("after_first",), 2: ("after_second",)}.get(number, ()):
            if word in expect:
                story.expect(members={MEMBER: {"tier": expect.get(word)}})
    for key in expect.keys():  # noqa: SIM118 - not a mapping
        _expect_of_year(story, expect, key)
    unread = [word for part in (given, *events, expect) for word in part.unread()]
    if unread:
        raise NotYet(*unread)
    return story.scenario()


def _expect_of_year(story: Story, expect: Told, key: str) -> None:
    what, _, day = key.partition("_after_")
    if key == "spend_since_anniversary":
        story.expect(members={MEMBER: {"tier_spend": f"{expect.get(key)}.00"}})
    elif day:
        value = expect.get(key)
        wanted = {"tier": value} if what == "tier" else {"tier_spend": f"{value}.00"}
        story.expect(at=f"{day} 12:00", members={MEMBER: wanted})


def _calendar(case: Mapping[str, Any]) -> Translation:
    given, events, expect = _told(case)
    given.get("model")
    rungs = [{"name": name, "at_least": f"{asks}.00"} for name, asks in given.get("tiers").items()]
    rungs[0].pop("at_least")
    story = _story(case, ladder={"tiers": rungs, "window": "calendar_year"})
    tiers = iter(expect.get("tiers"))
    for number, event in enumerate(events):
        if event.get("type") == "query":
            story.expect(at=f"{event.get('at')} 12:00", members={MEMBER: {"tier": next(tiers)}})
        else:
            story.at(datetime(event.get("year"), 5, 1))  # noqa: DTZ001 - the cases' own local time
            story.say(sale=f"o{number}", by=MEMBER, amount=f"{event.get('amount')}.00")
    return _done(story, given, *events, expect)


# What omo does otherwise.


def _on_balance(case: Mapping[str, Any]) -> Translation:
    """Points are spent down to what was left; the tier stays where what was bought has put it."""
    rungs = [{"name": name, **({"points": asks} if asks else {})} for name, asks in case["given"]["tiers"].items()]
    story = _story(case, ladder={"tiers": rungs})
    earned = spent = 0
    for number, event in enumerate(case["events"]):
        if event["type"] not in ("earn", "spend") or not event["points"]:
            continue
        story.when(Told(event, {}))
        if event["type"] == "earn":
            earned += event["points"]
            story.say(sale=f"o{number}", by=MEMBER, amount=f"{event['points']}.00")
        else:
            spent += event["points"]
            story.say(redeem=event["points"], by=MEMBER)
        tier = [rung["name"] for rung in rungs if rung.get("points", 0) <= earned][-1]
        story.expect(members={MEMBER: {"spendable": earned - spent, "tier": tier, "tier_points": earned}})
    return Translation(instead=(story.scenario(),), differs=(BALANCE,))


def _redeemed_at_once(case: Mapping[str, Any]) -> Translation:
    """What is redeemed as soon as it is there still counts for the tier."""
    asks = case["given"]["tier_threshold"]
    story = _story(case, ladder={"tiers": [{"name": "base"}, {"name": "reached", "points": asks}]})
    for number, event in enumerate(case["events"]):
        story.say(sale=f"o{number}", by=MEMBER, amount=f"{event['points']}.00")
        story.say(redeem=case["given"]["auto_redeem_at"], by=MEMBER)
    story.expect(members={MEMBER: {"spendable": case["expect"]["balance"], "tier": "reached"}})
    return Translation(instead=(story.scenario(),), differs=(BALANCE,))


KINDS: Final[tuple[tuple[Callable[[Mapping[str, Any]], bool], Kind], ...]] = (
    (lambda case: _types(case) == {"redeem_quote"}, _quote),
    (lambda case: case["area"] == "liability", _books),
    (lambda case: case["given"].get("basis") in ("balance", "active points"), _on_balance),
    (lambda case: "auto_redeem_at" in case["given"], _redeemed_at_once),
    (lambda case: "captured" in case["given"], _credited_too_much),
    (lambda case: case["area"] == "store_credit", _credit),
    (lambda case: "ewallet" in case["given"], _wallet),
    (lambda case: "store_credit" in _types(case), _credit_back),
    (lambda case: "store_credit" in case["expect"], _credit_earned),
    (lambda case: case["area"] == "hold" or "hold" in _types(case), _holds),
    (lambda case: "reinstatement_window_days" in case["given"], _reinstated),
    (lambda case: "inactivity_months" in case["given"], _inactivity),
    (lambda case: "max_points_per_transaction" in case["given"], _capped),
    (lambda case: "renew_if_any" in case["given"], _renewal),
    (lambda case: "upgrade" in _types(case), _upgrade),
    (lambda case: case["given"].get("basis") == "spend since anniversary", _anniversary),
    (lambda case: "calendar year" in str(case["given"].get("model")), _calendar),
)
"""How a case is known to be of a kind, and how it is told; the first that fits."""
