"""What counts towards tiers: every purchase once, with what is left of it, added up over a window in little time.

Purchases are added in the order of time; a refund lowers one of them where it stands. Sums over a window that slides
are kept as it slides. What a sliding sum can't give, the best single order or a window of the past, is read off trees
that are grown when they are first asked for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from datetime import datetime
from operator import add
from typing import Final

from attrs import Factory, define, evolve

from omo_core.identifiers import OrderId
from omo_core.loyalty.ladder import Ladder, Measures

NOTHING: Final = Measures()


@define
class Counted:
    """A purchase as it counts; what is given back is taken off."""

    at: datetime
    order: OrderId
    currency: str
    spend: int
    points: int
    spared: Measures = NOTHING
    """What refunds took off it that still counts for keeping the tier whose term began then."""
    spared_since: datetime | None = None

    @property
    def visits(self) -> int:
        """Count a purchase as a visit as long as anything is left of it."""
        return int(self.spend > 0)


@define
class Window:
    """Sums over the purchases from a place to the latest; moved, it adds what comes in and takes off what goes out."""

    currency: str
    head: int = 0
    tail: int = 0
    spend: int = 0
    points: int = 0
    visits: int = 0

    def move(self, counted: list[Counted], head: int, tail: int) -> None:
        """Slide to other places; what lies between the old and the new ones is walked once."""
        if head >= self.tail:
            self.head = self.tail = head
            self.spend = self.points = self.visits = 0
        for entry in counted[self.tail : tail]:
            self.count(entry, 1)
        for entry in counted[self.head : head]:
            self.count(entry, -1)
        for entry in counted[head : self.head]:
            self.count(entry, 1)
        self.head, self.tail = head, tail

    def count(self, entry: Counted, sign: int) -> None:
        """Add a purchase, or take it off."""
        if entry.currency == self.currency:
            self.spend += sign * entry.spend
        self.points += sign * entry.points
        self.visits += sign * entry.visits


@define
class Tree:
    """Numbers in a row, of any stretch of which the sum (or the largest) is known in few steps."""

    gather: Callable[[int, int], int]
    size: int = 1
    nodes: list[int] = Factory(lambda: [0, 0])

    def put(self, place: int, value: int) -> None:
        """Set the number at a place; the row grows as it must."""
        while place >= self.size:
            self._grow()
        node = self.size + place
        self.nodes[node] = value
        while node > 1:
            node //= 2
            self.nodes[node] = self.gather(self.nodes[2 * node], self.nodes[2 * node + 1])

    def _grow(self) -> None:
        row = self.nodes[self.size :]
        self.size *= 2
        self._plant(row)

    def _plant(self, row: list[int]) -> None:
        self.nodes = [0] * self.size + row + [0] * (self.size - len(row))
        for node in range(self.size - 1, 0, -1):
            self.nodes[node] = self.gather(self.nodes[2 * node], self.nodes[2 * node + 1])

    def fill(self, row: list[int]) -> None:
        """Set the whole row at once."""
        while len(row) > self.size:
            self.size *= 2
        self._plant(row)

    def between(self, first: int, last: int) -> int:
        """Gather from a place until another (exclusive)."""
        found = 0
        low, high = first + self.size, last + self.size
        while low < high:
            if low % 2:
                found = self.gather(found, self.nodes[low])
                low += 1
            if high % 2:
                high -= 1
                found = self.gather(found, self.nodes[high])
            low, high = low // 2, high // 2
        return found


class Tally:
    """Everything that ever counted, in the order of time."""

    __slots__ = ("_places", "_spared", "_trees", "_window", "counted", "upto")

    def __init__(self, counted: Iterable[Counted] = ()) -> None:
        """Start with what counted so far."""
        self.counted = list(counted)
        self.upto: int | None = None
        """While the past is looked at, how many purchases there were; else none."""
        self._places = {entry.order: place for place, entry in enumerate(self.counted)}
        self._spared = [place for place, entry in enumerate(self.counted) if entry.spared_since is not None]
        self._window = Window("")
        self._trees: dict[str, Tree] = {}

    @property
    def first(self) -> datetime | None:
        """Say when the first purchase was: the anniversary."""
        return self.counted[0].at if self.counted else None

    @property
    def now(self) -> int:
        """Say how many purchases there are, or were at the time that is looked at."""
        return len(self.counted) if self.upto is None else self.upto

    def add(self, entry: Counted) -> None:
        """Count one more purchase."""
        self._places[entry.order] = len(self.counted)
        self.counted.append(entry)
        for name, tree in self._trees.items():
            tree.put(len(self.counted) - 1, _leaf(name, entry))

    def place(self, order: OrderId) -> int | None:
        """Find a purchase; none where it never counted."""
        return self._places.get(order)

    def lower(self, place: int, spend: int, points: int, spare_since: datetime | None) -> Measures:
        """Leave so much of a purchase and say what came off; it may be spared for a term, to count for keeping."""
        entry = self.counted[place]
        off = Measures(entry.spend - spend, entry.points - points, entry.visits - int(spend > 0))
        inside = self._window.head <= place < self._window.tail
        if inside:
            self._window.count(entry, -1)
        entry.spend, entry.points = spend, points
        if inside:
            self._window.count(entry, 1)
        for name, tree in self._trees.items():
            tree.put(place, _leaf(name, entry))
        if spare_since is not None:
            again = entry.spared_since == spare_since
            entry.spared, entry.spared_since = entry.spared.plus(off) if again else off, spare_since
            self._spared = [each for each in self._spared if self.counted[each].spared_since == spare_since]
            self._spared += [] if again else [place]
        return off

    def spare_nothing(self) -> None:
        """Let what came back count for nothing any more, not even for keeping a tier."""
        for place in self._spared:
            self.counted[place].spared_since = None
        self._spared.clear()

    def before(self, at: datetime) -> int:
        """Say how many purchases came before an instant."""
        return bisect_left(self.counted, at, key=lambda entry: entry.at)

    def since(self, start: datetime, ladder: Ladder) -> Measures:
        """Add up what counts from an instant until now; of single orders, the best of each measure."""
        if ladder.single_order or self.upto is not None:
            return self._off_trees(start, ladder)
        if self._window.currency != ladder.currency:
            self._window = Window(ladder.currency)
        window, counted, head = self._window, self.counted, self._window.head
        if (head < len(counted) and counted[head].at < start) or (head and counted[head - 1].at >= start):
            head = self.before(start)
        window.move(counted, head, len(counted))
        return Measures(window.spend, window.points, window.visits)

    def kept_since(self, start: datetime, ladder: Ladder, term: datetime | None) -> Measures:
        """Add up what counts for keeping a tier: with what came back of purchases that had counted for its term."""
        done = self.since(start, ladder)
        if ladder.refund != "protect" or self.upto is not None:
            return done
        for entry in (self.counted[place] for place in self._spared):
            if entry.spared_since == term and entry.at >= start:
                spared = entry.spared if entry.currency == ladder.currency else evolve(entry.spared, spend=0)
                done = _best(done, entry, spared, ladder) if ladder.single_order else done.plus(spared)
        return done

    def _off_trees(self, start: datetime, ladder: Ladder) -> Measures:
        first, last = self.before(start), self.now
        if first >= last:
            return NOTHING
        how = "most" if ladder.single_order else "sum"
        return Measures(
            self._tree(f"{how} {ladder.currency}").between(first, last),
            self._tree(f"{how} points").between(first, last),
            self._tree("sum visits").between(first, last),
        )

    def _tree(self, name: str) -> Tree:
        tree = self._trees.get(name)
        if tree is None:
            tree = self._trees[name] = Tree(max if name.startswith("most") else add)
            tree.fill([_leaf(name, entry) for entry in self.counted])
        return tree


def _leaf(name: str, entry: Counted) -> int:
    what = name.partition(" ")[2]
    if what in ("points", "visits"):
        return entry.points if what == "points" else entry.visits
    return entry.spend if entry.currency == what else 0


def _best(done: Measures, entry: Counted, spared: Measures, ladder: Ladder) -> Measures:
    """Give the best single order of each measure, where one of them counts with what was given back."""
    spend = spared.spend + (entry.spend if entry.currency == ladder.currency else 0)
    points, visits = spared.points + entry.points, spared.visits + done.visits
    return Measures(max(done.spend, spend), max(done.points, points), visits)
