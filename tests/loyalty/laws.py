"""The laws of points as checks on worlds from a seed: a check raises where a law is broken.

Kept apart from the tests, so that a planted bug can be put to the same checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from random import Random

from attrs import evolve

from omo_adapters.codecs.memos import decode_person, encode_person
from omo_adapters.states import Person
from omo_core.events import Event
from omo_core.instants import EPOCH
from omo_core.loyalty import Account, Line, Programme, account, fold, liability, movement, statement, view
from omo_core.members import Member
from omo_core.trade import Refund, Sale
from tests.loyalty import worlds

PROFILES = frozenset({"crm:1", "web:9"})
MEMBER = Member(id="crm:1", profiles=tuple(sorted(PROFILES)), links=())
INSTANT = timedelta(microseconds=1)


def world(seed: int, size: int = 20) -> tuple[Random, Programme, list[Event]]:
    """Make up a programme and a history."""
    rng = Random(seed)
    return rng, worlds.programme(rng), worlds.history(rng, rng.randrange(2, size))


def instants(rng: Random, events: Sequence[Event]) -> list[datetime]:
    """Give every instant at which something happened, one before it, and a few on which nothing did."""
    at = {event.at for event in events} | {event.at - INSTANT for event in events}
    quiet = {worlds.START + timedelta(days=rng.randrange(1500), hours=rng.randrange(24)) for _ in range(4)}
    return sorted(at | quiet)


# Law 1.


def told_in_any_order(seed: int) -> None:
    """Any order and any number of times give the same account and the same statement."""
    rng, programme, events = world(seed)
    for as_of in rng.sample(instants(rng, events), 3):
        first = account(programme, events, PROFILES, as_of), statement(programme, events, PROFILES, as_of)
        for _ in range(3):
            told = rng.sample(events, len(events)) + rng.choices(events, k=len(events) // 2)
            rng.shuffle(told)
            again = account(programme, told, PROFILES, as_of), statement(programme, told, PROFILES, as_of)
            assert again == first, f"seed {seed} at {as_of}"


# Law 2.


def balanced(one: Account, lines: Sequence[Line]) -> None:
    """Every number of an account agrees with every other, and with its statement."""
    gone = one.spent + one.given + one.expired + one.clawed_back
    assert one.earned == one.spendable + one.pending + one.held + gone - one.debt
    numbers = (one.spendable, one.pending, one.held, one.spent, one.given, one.expired, one.debt, one.forgiven)
    assert min(numbers) >= 0
    assert sum(lot.left for lot in one.lots if not lot.pending) == one.spendable
    assert sum(lot.left for lot in one.lots if lot.pending) == one.pending
    assert sum(hold.points for hold in one.holds) == one.held
    balance = 0
    for line in lines:
        balance += line.points
        assert line.balance == balance
        assert line.version
    assert balance == one.spendable + one.pending + one.held - one.debt


def balanced_at_every_instant(seed: int) -> None:
    """The books balance at every instant, and every period closes where the next one opens."""
    rng, programme, events = world(seed)
    whole: list[Line] = []
    closing, before = 0, EPOCH
    for as_of in instants(rng, events):
        lines: list[Line] = []
        one = view(fold(programme, events, PROFILES, until=as_of, lines=lines), as_of)
        balanced(one, lines)
        assert account(programme, events, PROFILES, as_of) == one
        period = movement(lines, before, as_of + INSTANT)
        owed = liability((one,))
        assert (period.opening, period.closing) == (closing, owed.outstanding - owed.debt), f"seed {seed} at {as_of}"
        closing, before, whole = period.closing, as_of + INSTANT, lines
    assert movement(whole, EPOCH, before).closing == closing


# Law 4.


def heard_one_by_one(seed: int) -> None:
    """An account that hears of one thing after the other is the account folded anew, also when it was kept as bytes."""
    rng, programme, events = world(seed, 25)
    rng.shuffle(events)
    if rng.random() < 0.7:  # mostly in order, as in life
        events.sort(key=lambda event: event.at + timedelta(days=rng.choice((0, 0, 0, 0, 30))))
    live = _anew(programme, ())
    for place, event in enumerate(events):
        told = events[: place + 1]
        after = max(_over(each) for each in told) + timedelta(days=rng.randrange(60))
        kept = _kept(live)
        hearers = [live] if isinstance(event, Sale) and _heard_before(told, event) else [live, kept]
        for each in hearers:
            if not each.feed(event):
                each.foldings = _anew(programme, told).foldings
            assert _shown(each, after) == account(programme, told, PROFILES, after), f"seed {seed}: {event.id}"
        if rng.random() < 0.2:
            _ask(live, max(_over(each) for each in told))


def _over(event: Event) -> datetime:
    """Say when the last thing happens that an event tells of."""
    return max(event.at, getattr(event, "ended_at", None) or event.at)


def _heard_before(told: Sequence[Event], event: Event) -> bool:
    """Whoever keeps bytes asks the journal whether something of the purchase was heard of before (``states``)."""
    orders = {getattr(each, "order", None) for each in told[:-1]} - {None}
    return getattr(event, "order", None) in orders


def _anew(programme: Programme, told: Iterable[Event]) -> Person:
    return Person(MEMBER, {programme.name: fold(programme, told, PROFILES)}, known=True)


def _kept(person: Person) -> Person:
    """Write a person down and bring it back."""
    programmes = [folding.programme for folding in person.foldings.values()]
    found = decode_person(encode_person(person.member, person.foldings), programmes)
    assert found is not None
    return Person(*found, known=True)


def _ask(person: Person, at: datetime) -> None:
    """Let time pass, as a question does."""
    for folding in person.foldings.values():
        if folding.clock <= at:
            folding.advance(at)


def _shown(person: Person, at: datetime) -> Account:
    """Look without touching: time passes in a copy only."""
    (folding,) = _kept(person).foldings.values()
    return view(folding, at)


# Law 7.


def merged_and_parted(seed: int) -> None:
    """Two records' points together are their points apart, wherever the rules do not ask who somebody is."""
    rng, programme, events = world(seed)
    events = [event for event in events if not _asks_who(event)]
    programme = evolve(programme, versions=tuple(_for_everybody(version) for version in programme.versions))
    as_of = worlds.START + timedelta(days=rng.randrange(1500))
    one, other = (account(programme, events, {profile}, as_of) for profile in sorted(PROFILES))
    both = account(programme, events, PROFILES, as_of)
    assert both.earned == one.earned + other.earned, f"seed {seed}"
    assert both.given == one.given + other.given
    assert both.spent == one.spent + other.spent
    taken = [each.clawed_back + each.forgiven for each in (both, one, other)]
    assert taken[0] == taken[1] + taken[2], f"seed {seed}"
    assert both == account(programme, list(reversed(events)), tuple(sorted(PROFILES, reverse=True)), as_of)


def _asks_who(event: Event) -> bool:
    """Goods without a receipt are looked for among all that somebody has bought."""
    return isinstance(event, Refund) and event.profile is not None


def _for_everybody(version: worlds.Version) -> worlds.Version:
    """Leave out what depends on all that somebody has bought: tiers."""
    return evolve(version, ladder=None, earnings=tuple(evolve(rule, tiers=()) for rule in version.earnings))
