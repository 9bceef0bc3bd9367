"""A programme in plain sentences.

Every rule is told, also where it is the usual one, so two programmes that differ never read the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from zoneinfo import ZoneInfo

from attrs import frozen

from omo_adapters.written import duration_text
from omo_core.instants import EPOCH
from omo_core.loyalty import Earning, Expiry, Ladder, Programme, Redemption, Standard, Tier, Version
from omo_core.loyalty.programme import Merging
from omo_core.money import decimal_text

_ROUNDINGS: Final = {
    "floor": "a part of a step does not count",
    "half_up": "half a step and more counts as a whole one",
    "half_even": "half a step is rounded to the even number of steps",
    "ceil": "a part of a step counts as a whole one",
}
_WINDOWS: Final = {
    "calendar_year": "in the calendar year",
    "anniversary": "in the member's own year since the first purchase",
    "lifetime": "ever",
    "term": "since the present tier was reached",
}
_DEBTS: Final = {
    "debt": "are owed, and the next points repay them",
    "clamp": "are forgiven",
}
_REFUNDS: Final = {
    "at_review": "A refund counts at the next review.",
    "immediate": "A refund counts at once: the tier is what it would be without what came back.",
    "protect": "A refund of what has counted for the present tier does not cost it; others count at the next review.",
}
_OVERSHOOTS: Final = {
    "kept": "what has reached it goes on counting",
    "lost": "what has reached it counts no more",
    "excess": "of what has reached it, what was more than it asks for goes on counting",
}
_DOWNGRADES: Final = {
    "to_earned": "Who misses it falls to the tier that is still kept by what was done.",
    "by_one": "Who misses it falls by one tier.",
    "never": "A tier is never lost.",
}


@frozen(kw_only=True)
class Chapter:
    """What holds from one instant on."""

    head: str
    sentences: tuple[str, ...]


_MERGING: Final[Mapping[Merging, str]] = {
    "as_one": "Records that turn out to be one member earn at its rate, as if they had always been one.",
    "as_recorded": "What was bought before records were one member keeps its rate; from then on they are one.",
}


def explained(programme: Programme) -> tuple[Chapter, ...]:
    """Give the rules in sentences, version by version."""
    of = f" of {programme.brand}" if programme.brand else ""
    unit = "points"
    if programme.unit != "points":
        unit = f"money: a point is {programme.unit} {decimal_text(1, programme.unit)}"
    about = (
        f"The programme {programme.name!r}{of} keeps {unit}.",
        f"In sales and refunds it stands under the means of payment {programme.tender!r}.",
        _MERGING[programme.merging],
        f"Its days, months and years are those of {programme.zone.key}.",
    )
    told = [_version(version, programme.zone) for version in programme.versions]
    return (Chapter(head="Programme", sentences=about), *told)


def _version(version: Version, where: ZoneInfo) -> Chapter:
    since = "from the beginning" if version.since == EPOCH else f"from {version.since.astimezone(where).isoformat(' ')}"
    return Chapter(head=f"Version {version.name!r}, {since}", sentences=tuple(_rules(version)))


def _rules(version: Version) -> Iterator[str]:
    for earning in version.earnings:
        yield from _earning(earning)
    if not version.earnings:
        yield "Purchases earn nothing."
    if version.cap:
        over = f"earns {version.cap}" if version.over_cap == "cut" else "earns nothing"
        yield f"An order that would earn more than {version.cap} points {over}."
    yield _usable(version)
    yield _expiry(version.expiry)
    order = "that expire soonest" if version.spending == "soonest_expiry" else "that are oldest"
    yield f"The points {order} are spent first."
    for redemption in version.redemptions:
        yield from _redemption(redemption)
    if not version.redemptions:
        yield "Points pay for nothing."
    rest = "lets the rest go" if version.capture == "releases_rest" else "leaves the rest held"
    yield f"Points that are set apart stay so for {duration_text(version.hold_seconds)}; capturing a part {rest}."
    owed = _DEBTS.get(version.debt, f"are owed up to {version.debt_limit} points, and forgiven beyond")
    yield f"Points that a refund takes back and that are spent already {owed}."
    yield from _ladder(version.ladder) if version.ladder is not None else ("There are no tiers.",)


def _usable(version: Version) -> str:
    if version.pending_days == 0 and version.pending_after == "sale":
        return "Points are usable at once."
    since = "sale" if version.pending_after == "sale" else "whole order was handed over"
    if version.pending_days == 0:
        return f"Points are usable when the {since}."
    start = "after the sale" if version.pending_after == "sale" else f"after the {since}"
    return f"Points are usable from the start of the day {_count(version.pending_days, 'day')} {start}."


def _earning(rule: Earning) -> Iterator[str]:
    code, what = rule.currency, []
    if rule.per:
        what.append(f"{_count(rule.points, 'point')} for every {code} {decimal_text(rule.per, code)}")
    if rule.flat:
        what.append(f"{_count(rule.flat, 'point')} for every order in {code}")
    on = "each line by itself" if rule.each_line else "the order as a whole"
    rounding = f"; {on}, and {_ROUNDINGS[rule.rounding]}" if rule.per else ""
    earns = [("tax", rule.tax), ("delivery", rule.shipping), ("buying a gift card", rule.gift_cards)]
    parts = ", ".join(f"{name} {'earns' if does else 'does not earn'}" for name, does in earns)
    only = [
        ("categories", rule.only_categories),
        ("articles", rule.only_skus),
        ("channels", rule.channels),
        ("stores", rule.stores),
        ("tiers", rule.tiers),
    ]
    idle = [
        ("what is paid with", rule.idle_tenders),
        ("categories", rule.idle_categories),
        ("articles", rule.idle_skus),
    ]
    said = f"{' and '.join(what)}{rounding}; {_times(rule)}; {parts}"
    yield "; ".join([said, *_named("only for", only), *_named("not for", idle)]) + "."


def _times(rule: Earning) -> str:
    """Say what a tier multiplies: points per step, never those for the order."""
    if not rule.multiplied:
        return "no tier multiplies it"
    if rule.per and rule.flat:
        return "the tier multiplies the points for steps"
    return "the tier multiplies it" if rule.per else "a tier multiplies points for steps only"


def _named(word: str, lists: list[tuple[str, tuple[str, ...]]]) -> list[str]:
    return [f"{word} {kind} {', '.join(map(repr, names))}" for kind, names in lists if names]


def _expiry(expiry: Expiry) -> str:
    after = expiry.after
    if expiry.kind == "never":
        return "Points never expire."
    if expiry.kind in ("days", "months"):
        return f"Points can be used through the day {_count(after, expiry.kind[:-1])} after they became usable."
    if expiry.kind == "fixed_dates":
        dates = ", ".join(f"{month:02d}-{day:02d}" for month, day in expiry.dates)
        return f"Points can be used through the next of {dates}, after {_count(after, 'such date')} passed over."
    if expiry.kind == "inactivity":
        return f"All points are gone {_count(after, 'month')} after the last purchase, redemption or gift of points."
    unit = expiry.kind.removeprefix("end_of_")
    later = _count(after, "year" if unit == "year" else "month")
    return f"Points can be used to the end of the {unit} that lies {later} after they became usable."


def _redemption(terms: Redemption) -> Iterator[str]:
    code = terms.currency
    does = "Paying" if terms.kind == "tender" else "Lowering the price"
    step = f"every whole {terms.points} points are" if terms.points > 1 else "a point is"
    yield f"{does}, {step} worth {code} {decimal_text(terms.amount, code)}."
    limits = []
    if terms.minimum:
        limits.append(f"at least {terms.minimum} points at once")
    if terms.maximum:
        limits.append(f"at most {terms.maximum} points for an order")
    if terms.max_amount:
        limits.append(f"at most {code} {decimal_text(terms.max_amount, code)} of an order")
    if terms.max_percent < 100:
        limits.append(f"at most {terms.max_percent}% of an order")
    limits += [f"at most {most} points for orders from {code} {decimal_text(at, code)}" for at, most in terms.bands]
    limits += _named("only in", [("channels", terms.channels), ("stores", terms.stores)])
    if limits:
        yield f"In {code}: {'; '.join(limits)}."


def _ladder(ladder: Ladder) -> Iterator[str]:
    rolling = f"in the last {_count(ladder.months, 'month')}"
    window = _WINDOWS.get(ladder.window, rolling)
    by = "one order by itself" if ladder.single_order else "all orders together, of every channel"
    what = "what earns by any rule" if ladder.counts == "earning" else "all goods, as far as they are paid with money"
    yield f"Tiers count what was bought {window}: {by}. As spend in {ladder.currency} counts {what}."
    for tier in ladder.tiers:
        yield _tier(tier, ladder.currency)
    when = "at once" if ladder.upgrade == "at_once" else "at the next review"
    yield f"A tier that is reached is entered {when}; {_OVERSHOOTS[ladder.overshoot]}."
    yield f"A tier is kept {_term(ladder)}."
    if ladder.reviews or ladder.downgrade == "never":
        yield _DOWNGRADES[ladder.downgrade]
    if ladder.grace_days:
        yield f"A tier that would be lost is kept {_count(ladder.grace_days, 'day')} more, to be earned in them."
    yield _REFUNDS[ladder.refund]


def _term(ladder: Ladder) -> str:
    """Say how long a tier is kept."""
    if not ladder.reviews:
        return "for ever" if ladder.term_months == 0 else "for ever, since nothing ceases to count"
    if ladder.window not in ("calendar_year", "anniversary"):
        return f"for {_count(ladder.term_months, 'month')}, then reviewed"
    year = "the calendar year" if ladder.window == "calendar_year" else "the member's own year"
    more = f" and {_count(ladder.term_months - 12, 'month')} more" if ladder.term_months > 12 else ""
    less = f" (its term is {_count(ladder.term_months, 'month')})" if ladder.term_months < 12 else ""
    return f"to the end of {year}{more}{less}, then reviewed by the last year that is over and what came since"


def _tier(tier: Tier, code: str) -> str:
    reach = _standard(tier.reach, code) or "nothing: it is everybody's"
    said = [f"Tier {tier.name!r} asks for {reach}"]
    if tier.keep is not None:
        said.append(f"it is kept by {_standard(tier.keep, code) or 'everybody who has it'}")
    if tier.multiplier != (1, 1):
        said.append(f"points are multiplied by {'/'.join(map(str, tier.multiplier))}")
    if tier.expiry is not None:
        said.append(f"of points earned in it: {_expiry(tier.expiry).removesuffix('.')}")
    if tier.sold_as:
        said.append(f"{', '.join(map(repr, tier.sold_as))} buys {_count(tier.sold_months, 'month')} of it")
    if tier.replaces:
        said.append(f"who was in {' or '.join(map(repr, tier.replaces))} before is in it")
    return "; ".join(said) + "."


def _standard(standard: Standard, code: str) -> str:
    asks = [f"{code} {decimal_text(standard.spend, code)}"] if standard.spend else []
    asks += [_count(standard.points, "point")] if standard.points else []
    asks += [_count(standard.visits, "purchase")] if standard.visits else []
    return " or ".join(asks)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
