"""Law 3 for stock: no command of stock or fulfilment oversells, whatever was asked and heard before.

A shop with pools that overlap or not, buffers, safety stock and backorders is told and asked all sorts of things.
After each command that is accepted, everything is added up anew from the bare state, with other means than the rules
use: no place and no pool is further below zero than it was (but as deep as the shop's own rules for backorders allow),
and nobody else has lost units that were there for them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain, combinations
from typing import TypeVar

from attrs import define, frozen
from hypothesis import settings
from hypothesis import strategies as st

from omo_adapters.desk import Rules
from omo_adapters.shop import Shop, memory_shop
from omo_adapters.testing.samples import START
from omo_core.decisions import Accepted, Command
from omo_core.events import Event
from omo_core.fulfilment import CancelOrder, CollectOrder, MarkReady, OrderLine, PlacePickupOrder
from omo_core.kit_parts import KitPart
from omo_core.stock import (
    AllocateLine,
    Backorder,
    Buffer,
    From,
    HoldUnits,
    Kit,
    OrderTransfer,
    PickedShort,
    Positions,
    ReleaseHold,
    RenewHold,
    SourcedLine,
    SourceOrder,
    StartPicking,
    StockCounted,
    StockMoved,
    StockRules,
    StockSetAside,
    SupplyExpected,
    Transfer,
    TransferId,
    TransferReceived,
    TransferSent,
    Wanted,
)
from omo_core.trade import HandedLine, HandedOver, Refund, RefundLine, Sale, SaleLine
from tests.properties.law import law
from tests.shell.asking import PROGRAMME

T = TypeVar("T")
E = TypeVar("E", bound=Event)
C = TypeVar("C", bound=Command)
PLACES = ("S1", "S2", "WH")
SKUS = ("TEE", "CAP")
CHANNELS = ("", "store", "web", "market")
WORLDS = (
    StockRules(),
    StockRules(pool=PLACES, backorders=(Backorder(channel="web", depth=2, incoming=True),)),
    StockRules(pool=("WH",), safety=(Buffer(units=1),), buffers=(Buffer(channel="web", units=1),)),
    StockRules(pool=("S1", "WH"), safety=(Buffer(location="S1", units=2),), priorities={"market": -1}),
    StockRules(
        pool=("S1",),
        pools={"web": ("S1", "WH"), "market": ("WH", "S2")},
        safety=(Buffer(channel="web", location="WH", units=1),),
        backorders=(Backorder(depth=1),),
    ),
    StockRules(
        pool=("S1", "WH"), kits=(Kit(sku="SET", parts=(KitPart(sku="TEE", units=2), KitPart(sku="CAP", units=1))),)
    ),
)


# What is told and asked: in a world so small that everything gets in the way of everything else. What is drawn are
# numbers; each step reads them against what there is by now, so that most commands are about something that exists.

Step = tuple[int, Callable[["World"], Event | Command], tuple[int, ...]]
FAR = START + timedelta(days=900)
LOTS = (("", None), ("", None), ("old", START - timedelta(days=1)), ("new", FAR))


class Dice:
    """Numbers that decide what a step is about."""

    def __init__(self, numbers: tuple[int, ...]) -> None:
        self._left = list(numbers)

    def pick(self, choices: Sequence[T]) -> T:
        return choices[(self._left.pop() if self._left else 0) % len(choices)]

    def some(self, choices: Sequence[T], most: int) -> list[T]:
        """One or more, each once."""
        found = dict.fromkeys(self.pick(choices) for _ in range(self.pick(range(1, most + 1))))
        return list(found)


@define
class World:
    """A shop, and the numbers that the next step is read from."""

    shop: Shop
    dice: Dice
    at: datetime
    number: int

    @property
    def sku(self) -> str:
        return self.dice.pick(("TEE", "TEE", "TEE", "CAP"))

    @property
    def wares(self) -> tuple[str, ...]:
        """What is sold: articles, and kits of them."""
        return (*SKUS, *(kit.sku for kit in self.shop.rules.stock.kits))

    @property
    def ware(self) -> str:
        return self.dice.pick(("TEE", "TEE", *self.wares))

    @property
    def place(self) -> str:
        return self.dice.pick(PLACES)

    @property
    def spot(self) -> str | None:
        return self.dice.pick((None, *PLACES))

    @property
    def few(self) -> int:
        return self.dice.pick((1, 2, 3))

    @property
    def later(self) -> datetime:
        return self.at + timedelta(minutes=self.dice.pick((30, 5, 600)))

    def waiting(self) -> tuple[str, str, str]:
        """An order line that waits, with its article; or one that nobody has heard of."""
        lines = [(sku, *key) for sku in SKUS for key in self.shop.stock(sku).promises]
        return self.dice.pick(lines or [("TEE", "nobody", "1")])

    def held(self) -> tuple[str, str]:
        """A hold that lives, with an article that it holds; or one that nobody has heard of."""
        holds = [
            (sku, name)
            for sku in SKUS
            for name, parts in self.shop.stock(sku).holds.items()
            if parts[0].until > self.at
        ]
        return self.dice.pick(holds or [("TEE", "nobody")])

    def on_its_way(self) -> tuple[str, Transfer]:
        """A transfer, with its article."""
        known = [(sku, one) for sku in SKUS for one in self.shop.stock(sku).transfers.values()]
        return self.dice.pick(known or [("TEE", Transfer(TransferId("t0"), "S1", "WH"))])

    def fact(self, kind: type[E], **told: object) -> E:
        return kind(id=f"{kind.kind}/{self.number}", at=self.at, **told)

    def command(self, kind: type[C], **asked: object) -> C:
        return kind(request=f"r{self.number}", at=self.at, **asked)


def sold(world: World) -> Event:
    handings = ("ship", "ship", "ship", "pickup", "carried")
    lines = tuple(
        SaleLine(
            line=str(number),
            sku=world.ware,
            units=world.few,
            amount=100,
            handing=world.dice.pick(handings),
            location=world.dice.pick((None, None, *PLACES)),
        )
        for number in range(1, world.dice.pick((2, 2, 3)))
    )
    return world.fact(
        Sale,
        order=f"o{world.number}",
        currency="HKD",
        channel=world.dice.pick(("web", "market", "store")),
        location=world.place,
        lines=lines,
    )


def counted(world: World) -> Event:
    return world.fact(StockCounted, sku=world.sku, location=world.place, units=world.dice.pick(range(6)))


def moved(world: World) -> Event:
    lot, expires_at = world.dice.pick(LOTS)
    units = world.dice.pick((1, 2, 3, -1, -2))
    return world.fact(
        StockMoved,
        sku=world.sku,
        location=world.place,
        units=units,
        reason="moved",
        lot=lot,
        expires_at=expires_at,
    )


def set_aside(world: World) -> Event:
    return world.fact(
        StockSetAside, sku=world.sku, location=world.place, units=world.dice.pick(range(3)), reason="damaged"
    )


def left(world: World) -> Event:
    sku, order, line = world.waiting()
    handed = HandedLine(line=line, sku=sku, units=world.few)
    return world.fact(HandedOver, order=order, location=world.place, how="shipped", lines=(handed,))


def given_back(world: World) -> Event:
    sku, order, line = world.waiting()
    back = RefundLine(line=line, sku=sku, units=world.few, amount=0, restock=world.dice.pick(("cancel", "return")))
    return world.fact(Refund, order=order, currency="HKD", lines=(back,))


def not_found(world: World) -> Event:
    sku, order, line = world.waiting()
    effect = world.dice.pick(("none", "missing", "empty", "damaged"))
    return world.fact(
        PickedShort,
        order=order,
        line=line,
        sku=sku,
        location=world.place,
        units=world.few,
        reason="not found",
        effect=effect,
    )


def expected(world: World) -> Event:
    return world.fact(
        SupplyExpected, sku=world.sku, location=world.place, units=world.few, document="PO", due_at=world.later
    )


def sent(world: World) -> Event:
    sku, one = world.on_its_way()
    return world.fact(
        TransferSent,
        sku=sku,
        units=world.few,
        transfer=one.transfer,
        origin=one.origin,
        destination=one.destination,
    )


def arrived(world: World) -> Event:
    sku, one = world.on_its_way()
    return world.fact(TransferReceived, sku=sku, units=world.few, transfer=one.transfer, location=one.destination)


def hold(world: World) -> Command:
    where = world.spot
    return world.command(
        HoldUnits,
        hold=world.dice.pick(("h1", "h2", "h3")),
        lines=tuple(Wanted(sku=sku, units=world.few) for sku in world.dice.some(world.wares, 2)),
        location=where,
        until=world.later,
        channel=world.dice.pick(CHANNELS),
        ahead=where is None and world.dice.pick((False, True)),
        instead=world.dice.pick((True, False)),
    )


def renew(world: World) -> Command:
    sku, name = world.held()
    return world.command(RenewHold, hold=name, skus=(sku,), until=world.later)


def release(world: World) -> Command:
    sku, name = world.held()
    return world.command(ReleaseHold, hold=name, sku=world.dice.pick((sku, sku, *world.wares)))


def allocate(world: World) -> Command:
    sku, order, line = world.waiting()
    return world.command(AllocateLine, order=order, line=line, sku=sku, location=world.spot)


def source(world: World) -> Command:
    sku, order, line = world.waiting()
    parts = tuple(From(location=where, units=world.few) for where in world.dice.some(PLACES, 2))
    parts = parts[: world.dice.pick((2, 1, 0))]
    return world.command(SourceOrder, order=order, lines=(SourcedLine(line=line, sku=sku, parts=parts),))


def pick(world: World) -> Command:
    sku, order, line = world.waiting()
    shares = world.shop.stock(sku).promises.get((order, line))
    where = next((share.location for share in shares.shares if share.location), "S1") if shares else "S1"
    return world.command(StartPicking, order=order, location=where, skus=(sku,))


def transfer(world: World) -> Command:
    origin = world.place
    return world.command(
        OrderTransfer,
        transfer=world.dice.pick(("t1", "t2", "t3", "t4")),
        origin=origin,
        destination=world.dice.pick([place for place in PLACES if place != origin]),
        lines=(Wanted(sku=world.ware, units=world.few),),
    )


def pickup(world: World) -> Command:
    return world.command(
        PlacePickupOrder,
        order=f"o{world.number}",
        location=world.place,
        channel=world.dice.pick(("web", "store")),
        currency="HKD",
        lines=(OrderLine(line="1", sku=world.ware, units=world.few, amount=1),),
        hold=world.dice.pick((None, "h1", "h2")),
    )


def collect(world: World) -> Command:
    sku, order, line = world.waiting()
    shares = world.shop.stock(sku).promises.get((order, line))
    where = shares.location if shares else None
    return world.command(CollectOrder, order=order, location=world.dice.pick((where, where, None)))


def ready(world: World) -> Command:
    return world.command(MarkReady, order=world.waiting()[1], location=world.spot)


def cancel(world: World) -> Command:
    return world.command(CancelOrder, order=world.waiting()[1])


FACTS = (sold, sold, sold, counted, counted, moved, set_aside, left, given_back, not_found, expected, sent, arrived)
COMMANDS = (
    *(hold, hold, hold, renew, renew, release, allocate, allocate, source, source, source, pick, transfer),
    *(pickup, pickup, collect, collect, ready, cancel),
)
THEMES = (
    (*FACTS, *COMMANDS),
    (sold, counted, hold, hold, renew, renew, release),
    (sold, sold, counted, moved, hold, allocate, source, source),
    (sold, counted, pickup, pick, pick, collect, collect, allocate),
    (sold, counted, transfer, sent, arrived, hold, source, pickup),
)
"""What a day is about; drawn from all of it at once, two steps would seldom meet."""
DICE = st.lists(st.integers(0, 11), min_size=10, max_size=10).map(tuple)
LATER = st.sampled_from((0, 1, 1, 4, 20, -2))
STEPS = st.sampled_from(THEMES).flatmap(
    lambda theme: st.lists(st.tuples(LATER, st.sampled_from(theme), DICE), min_size=8, max_size=30)
)
"""So many minutes later (or by a slower clock), this is told or asked."""
COUNTS = st.lists(st.integers(0, 4), min_size=6, max_size=6)


# Adding up anew.


@frozen
class Claim:
    """Somebody who waits."""

    name: str
    owner: str
    where: str | None
    channel: str
    units: int
    turn: tuple[object, ...]


def claims(article: Positions, rules: StockRules, at: datetime) -> Iterator[Claim]:
    for promise in article.promises.values():
        rank = rules.priorities.get(promise.channel, 0)
        for share in promise.shares:
            name = f"{promise.order}/{promise.line}"
            turn = (not share.picking, rank, promise.at, name)
            yield Claim(name, f"order {promise.order}", share.location, promise.channel, share.units, turn)
    for part in article.holds.parts():
        if part.until > at:
            turn = (True, rules.priorities.get(part.channel, 0), part.since or part.at, f"hold/{part.hold}")
            yield Claim(f"hold/{part.hold}", f"hold {part.hold}", part.location, part.channel, part.units, turn)
    for one in article.transfers.values():
        if one.ordered:
            turn = (True, 0, one.at, f"transfer/{one.transfer}")
            yield Claim(f"transfer/{one.transfer}", f"transfer {one.transfer}", one.origin, "", one.ordered, turn)


def lying(article: Positions, where: str, at: datetime) -> int:
    """What lies in a place and may be sold."""
    there = article.places.get(where)
    if there is None:
        return 0
    spoilt = sum(lot.units for lot in there.lots.values() if lot.expires_at <= at)
    return there.on_hand - sum(there.set_aside.values()) - spoilt


def kept(free: Mapping[str, int], owed: Iterable[tuple[frozenset[str], int]]) -> int:
    """What can be kept of what pools owe: no set of pools gives more than lies in its places."""
    sums: Counter[frozenset[str]] = Counter()
    for pool, units in owed:
        sums[pool] += units
    whole, most = sum(sums.values()), sum(sums.values())
    for chosen in chain.from_iterable(combinations(sums, size) for size in range(1, len(sums) + 1)):
        there = sum(units for where, units in free.items() if any(where in pool for pool in chosen))
        most = min(most, there + whole - sum(sums[pool] for pool in chosen))
    return most


@frozen
class Sums:
    """What an article comes to at an instant."""

    levels: dict[str, int]
    """Free in each place and in the pool of each channel; negative where more is promised than is there."""
    have: dict[tuple[str, str, str | None], int]
    """How many units are there for each claim: its name, whose it is, where it lies."""


def add_up(article: Positions, rules: StockRules, at: datetime) -> Sums:
    waiting = sorted(claims(article, rules, at), key=lambda one: one.turn)
    levels: dict[str, int] = {}
    have: Counter[tuple[str, str, str | None]] = Counter()
    for where in PLACES:
        left = lying(article, where, at)
        for one in waiting:
            if one.where == where:
                have[one.name, one.owner, where] += max(0, min(one.units, left))
                left -= one.units
        levels[where] = left
    free = {where: max(0, units) for where, units in levels.items()}
    pools = {name: frozenset(rules.pools.get(name, rules.pool) or PLACES) for name in CHANNELS}
    owed = [(pools[one.channel], one.units) for one in waiting if one.where is None]
    for name, pool in pools.items():
        mine = sum(units for each, units in owed if each == pool)
        others = [pair for pair in owed if pair[0] != pool]
        levels[f"pool of {name or 'all'}"] = kept(free, [*others, (pool, 10**6)]) - kept(free, others) - mine
    before: list[tuple[frozenset[str], int]] = []
    for one in waiting:
        if one.where is None:
            without = kept(free, before)
            before.append((pools[one.channel], one.units))
            have[one.name, one.owner, None] += kept(free, before) - without
    return Sums(levels, dict(have))


def owners(command: Command) -> set[str]:
    """Whose claims a command is about; nobody else may lose by it."""
    named = {(kind, getattr(command, kind, None)) for kind in ("order", "hold", "transfer")}
    return {f"{kind} {name}" for kind, name in named if name is not None}


def floor(command: Command, article: Positions, rules: StockRules, name: str, was: int) -> int:
    """How far below zero a place or a pool may be afterwards: no further than it was, but for holds that reach ahead.

    Such a hold may bring its own pool as far down as the rules allow, and others that overlap with it down by as much.
    """
    if not name.startswith("pool") or not isinstance(command, HoldUnits | RenewHold):
        return min(0, was)
    ahead = isinstance(command, HoldUnits) and command.ahead
    if not ahead and not any(part.ahead for part in article.holds.get(command.hold, ())):
        return min(0, was)
    deep = max(rules.ahead(article, channel, command.at) for channel in CHANNELS)
    return min(0, was) - deep if rules.pools else min(0, was, -deep)


def complaints(
    command: Command, rules: StockRules, article: Positions, before: Mapping[datetime, Sums]
) -> Iterator[str]:
    """Say what an accepted command made worse for anybody."""
    mine = owners(command)
    for at, was in before.items():
        now = add_up(article, rules, at)
        for name, level in now.levels.items():
            if level < floor(command, article, rules, name, was.levels[name]):
                yield f"{article.sku} at {at}: {name} from {was.levels[name]} to {level}"
        lost: Counter[str] = Counter()
        for (name, owner, _), units in was.have.items():
            if owner not in mine:
                lost[name] += units
        for (name, _, _), units in now.have.items():
            lost[name] -= units
        for name, units in lost.items():
            if units > 0:
                yield f"{article.sku} at {at}: {name} lost {units}"


def instants(article: Positions, at: datetime) -> list[datetime]:
    """When it is asked, and whenever a hold ends after that: then what it held is somebody else's again."""
    return sorted({at, *(part.until for part in article.holds.parts() if part.until > at)})


@settings(max_examples=300)
@law(rules=st.sampled_from(WORLDS), counts=COUNTS, steps=STEPS)
def test_no_command_oversells(rules: StockRules, counts: list[int], steps: list[Step]) -> None:
    shop = memory_shop(Rules(programme=PROGRAMME, stock=rules), now=lambda: FAR)
    tell_counts(shop, counts)
    clock = START
    for number, (later, made, numbers) in enumerate(steps, 1):
        clock += timedelta(minutes=later)
        item = made(World(shop, Dice(numbers), clock, number))
        if isinstance(item, Event):
            shop.record(item)
            continue
        before = {
            name: {at: add_up(article, rules, at) for at in instants(article, clock)}
            for name in SKUS
            for article in (shop.stock(name),)
        }
        answer = shop.execute(item)
        found = [one for name in SKUS for one in complaints(item, rules, shop.stock(name), before[name])]
        assert not found, (item, found)
        if not isinstance(answer, Accepted):
            assert all(add_up(shop.stock(name), rules, at) == was for name in SKUS for at, was in before[name].items())


def tell_counts(shop: Shop, counts: list[int]) -> None:
    """Let every place be counted before anything else happens."""
    for number, units in enumerate(counts):
        article, where = SKUS[number % 2], PLACES[number // 2]
        shop.record(
            StockCounted(
                id=f"first/{article}/{where}", at=START - timedelta(days=1), sku=article, location=where, units=units
            )
        )
