"""Purchases brought back in another order (law 8)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from attrs import asdict, evolve

from omo_core.events import Event
from omo_core.loyalty import Account, Programme, account, fold
from omo_core.trade import Refund, RefundLine
from tests.loyalty.walks import STEPS, Walk


def returned_in_any_order(seed: int) -> None:
    """In which order purchases are brought back makes no difference, whatever expired before and whatever is spent.

    Where points that stand in for others have come to their end meanwhile, it may: they go on standing in as long as
    they are wanted, and are gone the moment they are not. Then only what is there and what has expired add up alike.
    """
    walk = Walk(seed, one_policy)
    for _ in range(walk.rng.randrange(2, 14)):
        walk.rng.choices(list(STEPS), list(STEPS.values()))[0](walk)
    walk.later()
    orders = [order for order in walk.open if walk.rng.random() < 0.7]
    told = [_brought_back(walk, walk.rng.sample(orders, len(orders))) for _ in range(2)]
    first, second = (account(walk.programme, events, walk.profiles, walk.now) for events in told)
    apart = ("expired", "spendable", "debt") if _some_stand_in_after_their_end(walk) else ()
    assert _numbers(first, apart) == _numbers(second, apart), f"seed {seed}"
    assert _worth(first) == _worth(second), f"seed {seed}"


def _some_stand_in_after_their_end(walk: Walk) -> bool:
    folding = fold(walk.programme, walk.events, walk.profiles, until=walk.now)
    folding.advance(walk.now)
    ledger = folding.ledger
    stand_ins = [lot for owing in ledger.owings.causes.values() for lot, _ in owing.stand_ins]
    return any(ledger.expired_by(ledger.lots[lot]) for lot in stand_ins)


def _worth(one: Account) -> int:
    return one.spendable + one.pending + one.held + one.expired - one.debt


def _numbers(one: Account, apart: Collection[str]) -> dict[str, object]:
    """Leave out what is history (what came back too late), and which of the member's other lots had to stand in."""
    numbers = asdict(one, recurse=False)
    return {name: value for name, value in numbers.items() if name not in ("tier", "returned_expired", "lots", *apart)}


def one_policy(programme: Programme) -> Programme:
    """Let each version take back alike: else it is the purchases that differ, and not their order.

    What is forgiven depends on what a member has and owes at that moment, until everything has come back.
    """
    same = {"spending": programme.versions[0].spending, "debt": "debt"}
    return evolve(programme, versions=tuple(evolve(version, **same) for version in programme.versions))


def _brought_back(walk: Walk, orders: list[str]) -> list[Event]:
    """Give the history with these orders brought back one after the other, all within an instant's time."""
    events = list(walk.events)
    for place, order in enumerate(orders):
        lines = tuple(
            RefundLine(line=line, sku="TEE", units=units, amount=amount)
            for line, (units, amount) in walk.open[order].items()
        )
        at = walk.now - timedelta(microseconds=len(orders) - place)
        events.append(Refund(id=f"back-{order}", at=at, order=order, currency="HKD", lines=lines))
    return events
