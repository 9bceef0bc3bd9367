"""A shop's stock, walked through: whatever a till, a warehouse and a web shop may do, in any order, late and twice.

The walk keeps no stock of its own. After each step it asks what must hold whatever happened; after each command, that
nobody was promised more than there is, and that a no has changed nothing. What is short is added up anew from what was
promised, held and counted, by another way than the rules take.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import chain, combinations
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from omo_adapters.desk import Rules
from omo_adapters.shop import Shop, memory_shop, open_shop
from omo_core.decisions import Accepted, Command, Refused
from omo_core.events import Event, current
from omo_core.fulfilment import CancelOrder, CollectOrder, OrderLine, PlacePickupOrder
from omo_core.stock import (
    AllocateLine,
    AllocationMove,
    From,
    HoldUnits,
    Movement,
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
    TransferReceived,
    TransferSent,
    Wanted,
    positions,
)
from omo_core.trade import HandedLine, HandedOver, Refund, RefundLine, Sale, SaleLine
from tests.shell.asking import PROGRAMME, seen_stock

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
PLACES = ("S1", "S2", "WH")
CHANNELS = ("web", "market")
SKUS = ("TEE", "CAP")
POOLS = {"web": ("S1", "WH"), "market": ("WH",), "": ("S1", "S2", "WH")}
RULES = Rules(programme=PROGRAMME, stock=StockRules(pool=POOLS[""], pools={name: POOLS[name] for name in CHANNELS}))

places, skus, units = st.sampled_from(PLACES), st.sampled_from(SKUS), st.integers(1, 4)
minutes = st.integers(0, 30)
late = st.sampled_from((False, False, False, True))


def shortfall(article: Positions, at: datetime) -> int:
    """How many units are promised that are not there: in each place, and of the pools as well as they can be served."""
    live = [part for part in article.holds.parts() if part.until > at]
    shares = [(promise.channel, share) for promise in article.promises.values() for share in promise.shares]
    free, short = {}, 0
    for place in article.locations():
        taken = sum(part.units for part in live if part.location == place)
        taken += sum(share.units for _, share in shares if share.location == place)
        taken += sum(one.ordered for one in article.transfers.values() if one.origin == place)
        there = article.on_hand(place) - article.unavailable(place) - article.expired(place, at) - taken
        free[place] = max(0, there)
        short += max(0, -there)
    owed: Counter[str] = Counter()
    for part in live:
        owed[part.channel] += part.units if part.location is None else 0
    for channel, share in shares:
        owed[channel] += share.units if share.location is None else 0
    return short + _worst(free, owed)


def _worst(free: Mapping[str, int], owed: Mapping[str, int]) -> int:
    """What the worst-off set of channels lacks of what they owe together."""
    asked = [channel for channel, count in owed.items() if count]
    sets = chain.from_iterable(combinations(asked, size) for size in range(len(asked) + 1))
    return max(
        sum(owed[channel] for channel in chosen)
        - sum(free.get(place, 0) for place in {one for channel in chosen for one in POOLS.get(channel, POOLS[""])})
        for chosen in sets
    )


class StockWalk(RuleBasedStateMachine):
    """A walk; ``store`` says where the shop keeps its journal."""

    store = "memory"

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.shop = self.opened()
        self.orders: dict[str, tuple[SaleLine, ...]] = {}
        self.told: list[Event] = []
        self.pocket: list[Event] = []
        self.asked: list[tuple[Command, Any]] = []
        self.number = 0

    def opened(self) -> Shop:
        if self.store == "memory":
            return memory_shop(RULES, now=lambda: self.now)
        return open_shop(":memory:", RULES, now=lambda: self.now)

    # What the walk does.

    def name(self, kind: str) -> str:
        self.number += 1
        return f"{kind}{self.number}"

    def tell(self, event: Event, *, later: bool = False) -> None:
        """Tell a fact now, or keep it in the pocket of somebody who is offline."""
        if later:
            self.pocket.append(event)
            return
        self.told.append(event)
        self.shop.record(event)

    def ask(self, command: Command) -> Any:
        """Ask for something; whatever the answer, no promise that could be kept is broken by it."""
        before = {sku: shortfall(self.shop.stock(sku), command.at) for sku in SKUS}
        seen = [seen_stock(self.shop.stock(sku)) for sku in SKUS]
        answer = self.shop.execute(command)
        self.asked.append((command, answer))
        if isinstance(answer, Refused):
            assert [seen_stock(self.shop.stock(sku)) for sku in SKUS] == seen, "a no changed something"
        for sku in SKUS:
            short = shortfall(self.shop.stock(sku), command.at)
            assert short <= before[sku], f"{command} left {short} of {sku} that can't be kept, before {before[sku]}"
        if isinstance(answer, Accepted):
            self._gave_what_was_asked(command)
        return answer

    def _gave_what_was_asked(self, command: Command) -> None:
        """A yes is to all that was asked for, its lines together."""
        if not isinstance(command, HoldUnits | PlacePickupOrder | OrderTransfer):
            return
        asked: Counter[str] = Counter()
        for line in command.lines:
            asked[line.sku] += line.units
        for sku, count in asked.items():
            article = self.shop.stock(sku)
            if isinstance(command, HoldUnits):
                got = sum(part.units for part in article.holds.live(command.hold, command.at))
            elif isinstance(command, PlacePickupOrder):
                got = sum(promise.units for promise in article.promises_of(command.order))
            else:
                got = article.transfers[command.transfer].ordered
            assert got == count, f"{command} was to get {count} of {sku} and got {got}"

    # The shelves.

    @initialize(counts=st.tuples(*[st.integers(0, 6)] * 6))
    def open_the_shop(self, counts: tuple[int, ...]) -> None:
        spots = [(sku, place) for sku in SKUS for place in PLACES]
        for (sku, place), count in zip(spots, counts, strict=True):
            self.tell(StockCounted(id=self.name("c"), at=START, sku=sku, location=place, units=count))

    @rule(passed=st.sampled_from((1, 5, 20, 90)))
    def wait(self, passed: int) -> None:
        self.now += timedelta(minutes=passed)

    @rule(sku=skus, place=places, count=st.integers(0, 8), ago=minutes, later=late)
    def count(self, sku: str, place: str, count: int, ago: int, later: bool) -> None:
        at = self.now - timedelta(minutes=ago)
        self.tell(StockCounted(id=self.name("c"), at=at, sku=sku, location=place, units=count), later=later)

    @rule(
        sku=skus,
        place=places,
        moved=st.integers(-3, 5),
        lot=st.sampled_from(("", "", "A")),
        lasts=st.integers(1, 60),
        later=late,
    )
    def move(self, sku: str, place: str, moved: int, lot: str, lasts: int, later: bool) -> None:
        event = StockMoved(
            id=self.name("m"),
            at=self.now,
            sku=sku,
            location=place,
            units=moved,
            reason="received" if moved > 0 else "lost",
            lot=lot,
            expires_at=self.now + timedelta(minutes=lasts) if lot else None,
        )
        self.tell(event, later=later)

    @rule(sku=skus, place=places, aside=st.integers(0, 3), later=late)
    def set_aside(self, sku: str, place: str, aside: int, later: bool) -> None:
        event = StockSetAside(
            id=self.name("q"), at=self.now, sku=sku, location=place, units=aside, reason="quality_control"
        )
        self.tell(event, later=later)

    @rule(sku=skus, place=places, sold=units, ago=minutes, later=late)
    def sell(self, sku: str, place: str, sold: int, ago: int, later: bool) -> None:
        order = self.name("till")
        line = SaleLine(line="1", sku=sku, units=sold, amount=100)
        at = self.now - timedelta(minutes=ago)
        sale = Sale(id=f"sale/{order}", at=at, order=order, currency="HKD", location=place, lines=(line,))
        self.tell(sale, later=later)

    # Holds.

    @rule(
        sku=skus,
        wanted=units,
        place=st.one_of(st.none(), places),
        channel=st.sampled_from(("", *CHANNELS)),
        lasts=st.integers(1, 60),
        basket=st.sampled_from(("b1", "b2", "b3")),
    )
    def hold(self, sku: str, wanted: int, place: str | None, channel: str, lasts: int, basket: str) -> None:
        other = SKUS[SKUS.index(sku) - 1]
        lines = (Wanted(sku=sku, units=wanted), Wanted(sku=other, units=1), Wanted(sku=sku, units=1))
        ask = HoldUnits(
            request=self.name("r"),
            at=self.now,
            hold=basket,
            lines=lines[: 1 + wanted % 3],
            location=place,
            channel=channel,
            until=self.now + timedelta(minutes=lasts),
        )
        self.ask(ask)

    @rule(sku=skus, place=st.one_of(st.none(), places), channel=st.sampled_from(("", *CHANNELS)), split=st.booleans())
    def want_the_last_ones(self, sku: str, place: str | None, channel: str, split: bool) -> None:
        """Customers want all that is left, one after the other, one of them in two lines."""
        article = self.shop.stock(sku)
        left = sum(article.free(one, self.now) for one in ((place,) if place else POOLS[channel]))
        for line in ((left,), (left - 1, 1) if split else (1,), (1,)):
            wanted = tuple(Wanted(sku=sku, units=count) for count in line if count > 0)
            ask = HoldUnits(
                request=self.name("r"),
                at=self.now,
                hold=self.name("b"),
                lines=wanted or (Wanted(sku=sku, units=1),),
                location=place,
                channel=channel,
                until=self.now + timedelta(minutes=15),
            )
            self.ask(ask)

    @rule(sku=skus, basket=st.sampled_from(("b1", "b2", "b3")), lasts=st.integers(1, 60))
    def renew(self, sku: str, basket: str, lasts: int) -> None:
        until = self.now + timedelta(minutes=lasts)
        self.ask(RenewHold(request=self.name("r"), at=self.now, hold=basket, skus=(sku,), until=until))

    @rule(sku=skus, basket=st.sampled_from(("b1", "b2", "b3")))
    def release(self, sku: str, basket: str) -> None:
        self.ask(ReleaseHold(request=self.name("r"), at=self.now, hold=basket, sku=sku))

    # Orders.

    @rule(
        sku=skus,
        counts=st.lists(units, min_size=1, max_size=2),
        channel=st.sampled_from(CHANNELS),
        place=st.sampled_from((None, None, None, *PLACES)),
        later=late,
    )
    def order(self, sku: str, counts: list[int], channel: str, place: str | None, later: bool) -> None:
        order = self.name("o")
        lines = tuple(
            SaleLine(line=str(number), sku=sku, units=count, amount=100, handing="ship", location=place)
            for number, count in enumerate(counts, 1)
        )
        self.orders[order] = lines
        sale = Sale(id=f"sale/{order}", at=self.now, order=order, currency="HKD", channel=channel, lines=lines)
        self.tell(sale, later=later)

    @rule(sku=skus, counts=st.lists(units, min_size=1, max_size=2), place=places, basket=st.sampled_from((None, "b1")))
    def place_for_pickup(self, sku: str, counts: list[int], place: str, basket: str | None) -> None:
        order = self.name("o")
        lines = tuple(
            OrderLine(line=str(number), sku=sku, units=count, amount=100) for number, count in enumerate(counts, 1)
        )
        ask = PlacePickupOrder(
            request=self.name("r"),
            at=self.now,
            order=order,
            location=place,
            currency="HKD",
            lines=lines,
            hold=basket,
        )
        if isinstance(self.ask(ask), Accepted):
            self.orders[order] = tuple(
                SaleLine(line=line.line, sku=line.sku, units=line.units, amount=100, location=place) for line in lines
            )

    def chosen(self, data: st.DataObject) -> tuple[str, SaleLine]:
        """Draw a line of an order, mostly of one that still waits for something."""
        waiting = [name for name in self.orders if any(self.shop.stock(sku).promises_of(name) for sku in SKUS)]
        order = data.draw(st.sampled_from(waiting[-3:] + list(self.orders)[-2:]))
        return order, data.draw(st.sampled_from(self.orders[order]))

    def given_at(self, data: st.DataObject, order: str, line: SaleLine) -> str:
        """Draw a place, mostly one that the line is to come from."""
        shares = [
            share.location
            for promise in self.shop.stock(line.sku).promises_of(order)
            for share in promise.shares
            if promise.line == line.line and share.location is not None
        ]
        return data.draw(st.sampled_from([*shares, *shares, *PLACES]))

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), ways=st.permutations(PLACES), pieces=st.integers(0, 2), whole=st.booleans())
    def source(self, data: st.DataObject, ways: list[str], pieces: int, whole: bool) -> None:
        order, _ = self.chosen(data)
        lines = []
        for line in self.orders[order] if whole else self.orders[order][:1]:
            left, parts = line.units, []
            for place in ways[:pieces]:
                count = data.draw(st.integers(0, left))
                parts += [From(location=place, units=count)] if count else []
                left -= count
            lines.append(SourcedLine(line=line.line, sku=line.sku, parts=tuple(parts)))
        self.ask(SourceOrder(request=self.name("r"), at=self.now, order=order, lines=tuple(lines)))

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), place=st.one_of(st.none(), places))
    def allocate(self, data: st.DataObject, place: str | None) -> None:
        order, line = self.chosen(data)
        ask = AllocateLine(
            request=self.name("r"), at=self.now, order=order, line=line.line, sku=line.sku, location=place
        )
        self.ask(ask)

    @precondition(lambda self: self.orders)
    @rule(data=st.data())
    def pick(self, data: st.DataObject) -> None:
        order, line = self.chosen(data)
        place = self.given_at(data, order, line)
        ask = StartPicking(request=self.name("r"), at=self.now, order=order, location=place, skus=(line.sku,))
        self.ask(ask)

    @precondition(lambda self: self.orders)
    @rule(
        data=st.data(),
        lacking=units,
        effect=st.sampled_from(("none", "missing", "empty", "damaged")),
        later=late,
    )
    def pick_short(self, data: st.DataObject, lacking: int, effect: str, later: bool) -> None:
        order, line = self.chosen(data)
        place = self.given_at(data, order, line)
        event = PickedShort(
            id=self.name("short"),
            at=self.now,
            order=order,
            line=line.line,
            sku=line.sku,
            location=place,
            units=lacking,
            reason="not found",
            effect=effect,  # type: ignore[arg-type]  # one of the four
        )
        self.tell(event, later=later)

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), left=units, later=late)
    def ship(self, data: st.DataObject, left: int, later: bool) -> None:
        order, line = self.chosen(data)
        place = self.given_at(data, order, line)
        parcel = (HandedLine(line=line.line, sku=line.sku, units=left),)
        event = HandedOver(id=self.name("out"), at=self.now, order=order, location=place, how="shipped", lines=parcel)
        self.tell(event, later=later)

    @precondition(lambda self: self.orders)
    @rule(data=st.data())
    def collect(self, data: st.DataObject) -> None:
        order, _ = self.chosen(data)
        self.ask(CollectOrder(request=self.name("r"), at=self.now, order=order))

    @precondition(lambda self: self.orders)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        order, _ = self.chosen(data)
        self.ask(CancelOrder(request=self.name("r"), at=self.now, order=order))

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), back=units, way=st.sampled_from(("cancel", "return", "none")), place=places, later=late)
    def give_back(self, data: st.DataObject, back: int, way: str, place: str, later: bool) -> None:
        order, line = self.chosen(data)
        one = RefundLine(
            line=line.line,
            sku=line.sku,
            units=back,
            amount=0,
            restock=way,  # type: ignore[arg-type]  # one of the three
            location=place if way == "return" else None,
        )
        event = Refund(id=self.name("back"), at=self.now, order=order, currency="HKD", lines=(one,))
        self.tell(event, later=later)

    # Transfers.

    @rule(sku=skus, ends=st.permutations(PLACES), count=units, name=st.sampled_from(("t1", "t2")))
    def order_transfer(self, sku: str, ends: list[str], count: int, name: str) -> None:
        ask = OrderTransfer(
            request=self.name("r"),
            at=self.now,
            transfer=name,
            origin=ends[0],
            destination=ends[1],
            lines=(Wanted(sku=sku, units=count),),
        )
        self.ask(ask)

    @rule(
        sku=skus,
        ends=st.permutations(PLACES),
        count=units,
        name=st.sampled_from(("t1", "t2")),
        final=st.booleans(),
        later=late,
    )
    def send(self, sku: str, ends: list[str], count: int, name: str, final: bool, later: bool) -> None:
        event = TransferSent(
            id=self.name("sent"),
            at=self.now,
            sku=sku,
            units=count,
            transfer=name,
            origin=ends[0],
            destination=ends[1],
            final=final,
        )
        self.tell(event, later=later)

    @rule(sku=skus, place=places, count=units, name=st.sampled_from(("t1", "t2")), final=st.booleans(), later=late)
    def arrive(self, sku: str, place: str, count: int, name: str, final: bool, later: bool) -> None:
        event = TransferReceived(
            id=self.name("here"), at=self.now, sku=sku, units=count, transfer=name, location=place, final=final
        )
        self.tell(event, later=later)

    # What goes wrong on the way.

    @precondition(lambda self: self.pocket)
    @rule(data=st.data())
    def hear_late(self, data: st.DataObject) -> None:
        self.tell(self.pocket.pop(data.draw(st.integers(0, len(self.pocket) - 1))))

    @precondition(lambda self: self.told)
    @rule(data=st.data())
    def hear_again(self, data: st.DataObject) -> None:
        seen = [seen_stock(self.shop.stock(sku)) for sku in SKUS]
        self.shop.record(data.draw(st.sampled_from(self.told)))
        assert [seen_stock(self.shop.stock(sku)) for sku in SKUS] == seen, "heard twice, it counted twice"

    @precondition(lambda self: self.asked)
    @rule(data=st.data())
    def ask_again(self, data: st.DataObject) -> None:
        command, answer = data.draw(st.sampled_from(self.asked))
        seen = [seen_stock(self.shop.stock(sku)) for sku in SKUS]
        assert self.shop.execute(command) == answer, "asked twice, it was answered otherwise"
        assert [seen_stock(self.shop.stock(sku)) for sku in SKUS] == seen, "asked twice, it was done twice"

    @rule()
    def forget(self) -> None:
        self.shop.forget_states()

    # What holds after each step.

    @invariant()
    def the_books_are_the_shelves(self) -> None:
        for sku in SKUS:
            history = self.shop.history_of(sku)
            ledger: list[Movement] = []
            book: list[AllocationMove] = []
            folded = positions(sku, history, until=self.now, lines=ledger, book=book)
            assert seen_stock(self.shop.stock(sku)) == seen_stock(folded), "what is kept is not what happened"
            levels: Counter[str] = Counter()
            for line in ledger:
                levels[line.location] += line.units
                assert levels[line.location] == line.on_hand
            assert {place: folded.on_hand(place) for place in levels} == dict(levels), "the ledger is not the level"
            self._every_fact_is_in_the_ledger(sku, history, ledger)
            _allocations_are_named(folded, ledger, book)

    def _every_fact_is_in_the_ledger(self, sku: str, history: tuple[Event, ...], ledger: list[Movement]) -> None:
        """Nothing that came or went is lost, nothing is told twice, and a count leaves just what was counted."""
        moved: Counter[str] = Counter()
        for line in ledger:
            moved[line.event] += line.units
        for event in current(one for one in history if one.at <= self.now):
            if (isinstance(event, StockMoved) and event.sku == sku) or (
                isinstance(event, TransferReceived) and event.sku == sku
            ):
                assert moved[event.id] == event.units
            elif isinstance(event, TransferSent) and event.sku == sku:
                assert moved[event.id] == -event.units
            elif isinstance(event, Sale):
                carried = [line for line in event.lines if line.handing == "carried" and line.sku == sku]
                assert moved[event.id] == -sum(line.units for line in carried)
            elif isinstance(event, Refund):
                back = [line for line in event.lines if line.restock == "return" and line.sku == sku]
                assert moved[event.id] == sum(line.units for line in back)
        counted = {one.id: one.units for one in history if isinstance(one, StockCounted)}
        assert all(line.on_hand == counted[line.event] for line in ledger if line.what == "counted")

    def teardown(self) -> None:
        """Law 1 and 4: the same in another order, some of it twice, on another store; and read back from this one."""
        history = {sku: self.shop.history_of(sku) for sku in SKUS}
        events = list(dict.fromkeys(event for told in history.values() for event in told))
        other = memory_shop(RULES, now=lambda: self.now)
        for event in [*events[::-1], *events[::2]]:
            other.record(event)
        self.shop.forget_states()
        for sku in SKUS:
            expected = seen_stock(positions(sku, events, until=self.now))
            assert seen_stock(other.stock(sku)) == expected, "another order of telling gives another stock"
            assert seen_stock(self.shop.stock(sku)) == expected, "what was written is not what is read"
        self.shop.close()


def _allocations_are_named(folded: Positions, ledger: list[Movement], book: list[AllocationMove]) -> None:
    """What leaves for an order consumes an allocation by name, and no allocation gives more than it has."""
    left: Counter[tuple[str, str, str, str | None]] = Counter()
    consumed: Counter[str] = Counter()
    for move in book:
        key = (move.order, move.line, move.allocation, move.location)
        left[key] += move.units
        assert left[key] >= 0
        if move.what in ("shipped", "collected"):
            consumed[move.event] -= move.units
    shares: Counter[tuple[str, str, str, str | None]] = Counter()
    for promise in folded.promises.values():
        for share in promise.shares:
            shares[promise.order, promise.line, promise.name_of(share), share.location] += share.units
    assert +left == shares
    out: Counter[str] = Counter()
    for line in ledger:
        if line.what in ("shipped", "collected"):
            out[line.event] -= line.units
    assert +out == +consumed
