"""Laws of points in whole shops: on every store, with and without kept states, merged and parted again."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from omo_adapters.shop import Shop, memory_shop, open_shop
from omo_core.events import Event
from omo_core.identifiers import EventId, ProfileId
from omo_core.loyalty import Account, Line, Programme, account, statement
from omo_core.members import ProfilesJoined
from tests.loyalty import laws, worlds

NOW = worlds.START + timedelta(days=1600)
RECORDS = tuple(ProfileId(name) for name in sorted(laws.PROFILES))


def joined(version: int = 0, *, withdrawn: bool = False) -> ProfilesJoined:
    """Somebody says that the two records are one person, or takes it back."""
    one, other = RECORDS
    return ProfilesJoined(
        id=EventId("joined/1"), at=worlds.START, version=version, one=one, other=other, withdrawn=withdrawn
    )


def on_every_store(seed: int) -> None:
    """Any order, any store, states kept or forgotten: the same; and a merge that is taken back never was."""
    rng, programme, events = laws.world(seed, 18)
    moments = [NOW, *(worlds.START + timedelta(days=rng.randrange(1500)) for _ in range(2))]
    with open_shop(":memory:", programme, now=lambda: NOW) as kept:
        shops = (memory_shop(programme, now=lambda: NOW), kept)
        for shop in shops:
            tell(rng, shop, events)
        apart = [answers(shop, moments) for shop in shops]
        assert apart[0] == apart[1] == alone(programme, events, moments), f"seed {seed}: apart"
        for shop in shops:
            shop.record(joined())
            assert answers(shop, moments) == together(programme, events, moments), f"seed {seed}: together"
            shop.record(joined(1, withdrawn=True))
            assert answers(shop, moments) == apart[0], f"seed {seed}: apart again"


def tell(rng: Random, shop: Shop, events: list[Event]) -> None:
    """Tell a shop everything in an order of its own, some of it twice, with questions in between."""
    told = rng.sample(events, len(events)) + rng.choices(events, k=len(events) // 3)
    for event in told:
        shop.record(event)
        if rng.random() < 0.3:
            shop.account(rng.choice(RECORDS))
        if rng.random() < 0.2:
            shop.forget_states()


Answers = list[tuple[Account, tuple[Line, ...]]]


def answers(shop: Shop, moments: list[datetime]) -> Answers:
    """Ask for everything: of the present as it is kept, of other moments as it is folded anew."""
    return [
        (shop.account(record) if at == NOW else shop.account(record, as_of=at), shop.statement(record, as_of=at))
        for record in RECORDS
        for at in moments
    ]


def alone(programme: Programme, events: list[Event], moments: list[datetime]) -> Answers:
    """Fold each record by itself."""
    return [
        (account(programme, events, {record}, at), statement(programme, events, {record}, at))
        for record in RECORDS
        for at in moments
    ]


def together(programme: Programme, events: list[Event], moments: list[datetime]) -> Answers:
    """Fold both records as one person."""
    one = [(account(programme, events, laws.PROFILES, at), statement(programme, events, laws.PROFILES, at))
           for at in moments]  # fmt: skip
    return one * len(RECORDS)
