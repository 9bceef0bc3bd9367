"""What tiers promise, as checks on worlds from a seed: a check raises where a promise is not kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from attrs import evolve

from omo_core.events import Event
from omo_core.identifiers import OrderId
from omo_core.loyalty import (
    Earning,
    Folding,
    Missing,
    Programme,
    Tier,
    TierGranted,
    TierView,
    Version,
    fold,
    view,
)
from omo_core.loyalty.tallying import Counted
from omo_core.trade import Refund, Sale
from tests.loyalty import laws, worlds

PROFILES = laws.PROFILES
INSTANT = timedelta(microseconds=1)


def looked_at(seed: int) -> tuple[Programme, list[Event], datetime]:
    """Make up a programme, a history and an instant."""
    rng, programme, events = laws.world(seed, 30)
    return programme, events, worlds.START + timedelta(days=rng.randrange(1200), hours=rng.randrange(24))


def folded(programme: Programme, events: list[Event], at: datetime) -> tuple[Folding, TierView | None]:
    """Fold what had happened by an instant; nothing that comes later is in it."""
    folding = fold(programme, events, PROFILES, until=at)
    return folding, view(folding, at).tier


def after_review(folding: Folding, until: datetime) -> TierView | None:
    """Let time pass up to a review, and over any days of grace."""
    tier = view(folding, until).tier
    if tier is not None and tier.in_grace and tier.until is not None:
        return view(folding, tier.until).tier
    return tier


def what_is_projected_comes_true(seed: int) -> None:
    """If nothing more happens, the tier after the review is the projected one; nothing is missing where it is kept."""
    programme, events, at = looked_at(seed)
    folding, tier = folded(programme, events, at)
    if tier is None:
        return
    after = after_review(folding, tier.until) if tier.until is not None else tier
    assert (after.name if after is not None else "") == tier.projected, f"seed {seed} at {at}"
    if tier.to_keep != Missing():
        assert tier.projected != tier.name, f"seed {seed} at {at}"


def who_does_what_is_missing_keeps_the_tier(seed: int) -> None:
    """A purchase of what is missing, by any of its measures, keeps the tier; what is missing for the next wins it.

    Unless other rules come in between, or a rung that is reached on the way uses up what reached it.
    """
    programme, events, at = looked_at(seed)
    folding, tier = folded(programme, events, at)
    ladder = folding.tiers.ladder
    if tier is None or ladder is None:
        return
    uses_up = ladder.overshoot != "kept" or ladder.window == "term"
    for spend, points, visits in _ways(tier.to_keep):
        if tier.until is None or any(at < since <= tier.until for since, _ in programme.ladders):
            continue
        folding, _ = folded(programme, events, at)
        folding.advance(tier.until - INSTANT)
        if uses_up and folding.tiers.earned < _place(folding, tier.name):
            continue
        _buy(folding, tier.until - INSTANT, spend, points, visits)
        after = after_review(folding, tier.until)
        assert after is not None
        assert _place(folding, after.name) >= _place(folding, tier.name), f"seed {seed} at {at}"
    folding, _ = folded(programme, events, at)
    for spend, points, visits in _ways(tier.to_reach):
        if uses_up and (visits > 1 or folding.tiers.earned < _place(folding, tier.name)):
            continue
        folding, _ = folded(programme, events, at)
        _buy(folding, at, spend, points, visits)
        now = view(folding, at).tier
        assert now is not None
        if ladder.upgrade == "at_once":
            assert _place(folding, now.name) > _place(folding, tier.name), f"seed {seed} at {at}"


def _ways(missing: Missing) -> list[tuple[int, int, int]]:
    """Each measure by itself."""
    ways = ((missing.spend, 0, 0), (0, missing.points, 0), (0, 0, missing.visits))
    return [way for way in ways if any(way)]


def _buy(folding: Folding, at: datetime, spend: int, points: int, visits: int) -> None:
    """Buy: so much, or what earns so many points, or so often the least that counts."""
    ladder = folding.rules(at).ladder
    assert ladder is not None
    if visits:
        for number in range(visits):
            folding.tiers.count(Counted(at, OrderId(f"more-{number}"), "XXX", 1, 0))
    else:
        folding.tiers.count(Counted(at, OrderId("more"), ladder.currency, spend, points))
    folding.plan()


def _place(folding: Folding, name: str) -> int:
    assert folding.tiers.ladder is not None
    return folding.tiers.ladder.place(name) or 0


def nothing_that_is_given_costs_a_tier(seed: int) -> None:
    """Who was given a tier is never on a lower one than without, then or later."""
    rng, programme, events = laws.world(seed, 30)
    programme = evolve(programme, versions=tuple(_without_restarts(version) for version in programme.versions))
    bare = [event for event in events if not isinstance(event, TierGranted)]
    for at in (worlds.START + timedelta(days=rng.randrange(1500)) for _ in range(4)):
        with_gifts, tier = folded(programme, events, at)
        _, without = folded(programme, bare, at)
        if tier is not None and without is not None:
            assert _place(with_gifts, tier.name) >= _place(with_gifts, without.name), f"seed {seed} at {at}"


def _without_restarts(version: Version) -> Version:
    """Leave out what begins to count anew with a tier, and what earns less for earning more."""
    ladder = version.ladder
    if ladder is not None:
        window = "rolling" if ladder.window == "term" else ladder.window
        ladder = evolve(ladder, overshoot="kept", window=window)
    earnings = tuple(dict.fromkeys(evolve(rule, tiers=()) for rule in version.earnings))
    return evolve(version, cap=0, over_cap="cut", earnings=earnings, ladder=ladder)


def what_comes_back_at_once_was_never_bought(seed: int) -> None:
    """With ``immediate``, a purchase that is given back in full leaves the tier as if it had never been."""
    rng, programme, events = laws.world(seed, 30)
    programme = evolve(programme, versions=tuple(_at_once(version) for version in programme.versions))
    events = [event for event in events if not isinstance(event, Refund)]
    counted = fold(programme, events, PROFILES).tiers.tally.counted
    later = {entry.order for entry in counted[1:]}  # the first one begins the member's own year
    mine = [sale for sale in events if isinstance(sale, Sale) and sale.status == "paid" and sale.order in later]
    if not mine:
        return
    gone = rng.choice(mine)
    at = max(event.at for event in events) + timedelta(days=rng.randrange(40))
    back = evolve(gone, version=1, status="cancelled", ended_at=at)
    _, tier = folded(programme, [*events, back], at)
    _, never = folded(programme, [event for event in events if event is not gone], at)
    assert tier == never, f"seed {seed} at {at}"


def _at_once(version: Version) -> Version:
    """Rules under which a purchase does nothing for another: everything counts for the tier, nothing by the tier."""
    ladder = version.ladder
    if ladder is not None:
        down = "to_earned" if ladder.downgrade == "never" else ladder.downgrade
        tiers = tuple(_plain(tier) for tier in ladder.tiers)
        ladder = evolve(ladder, refund="immediate", downgrade=down, tiers=tiers, counts="goods")
    return evolve(version, earnings=(Earning(currency="HKD", per=500),), ladder=ladder)


def _plain(tier: Tier) -> Tier:
    return evolve(tier, multiplier=(1, 1), sold_as=(), sold_months=12)


PROMISES = {
    "what is projected comes true": (what_is_projected_comes_true, 800),
    "who does what is missing keeps the tier": (who_does_what_is_missing_keeps_the_tier, 800),
    "nothing that is given costs a tier": (nothing_that_is_given_costs_a_tier, 300),
    "what comes back at once was never bought": (what_comes_back_at_once_was_never_bought, 500),
}
"""Each with how many worlds it is put to in the short run."""
