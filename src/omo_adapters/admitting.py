"""What a shop lets in: facts that omo stores, commands that omo answers, instants that say which they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from attrs import evolve

from omo_adapters.codecs.events import EVENT_CLASSES
from omo_adapters.shell import Item, Result
from omo_adapters.wiring import DECISIONS
from omo_core.decisions import Command
from omo_core.errors import Malformed
from omo_core.events import Event
from omo_core.identifiers import EventId
from omo_core.instants import utc
from omo_core.ports import Recorded

_STORED: Final = frozenset(EVENT_CLASSES)


def expect_events(items: Iterable[object]) -> None:
    """Raise ``Malformed`` unless all of these are facts."""
    for item in items:
        if not isinstance(item, Event):
            raise Malformed("event", f"{type(item).__name__} is not something that happened; execute takes commands")


def expect_commands(items: Iterable[object]) -> None:
    """Raise ``Malformed`` unless all of these are commands."""
    for item in items:
        if not isinstance(item, Command):
            raise Malformed("command", f"{type(item).__name__} is not a command; record takes what happened")


def check(item: object) -> None:
    """Check one item of a batch: first that it is something that omo knows, then what it says."""
    if not isinstance(item, Event | Command):
        raise Malformed("item", f"{type(item).__name__} is neither an event nor a command")
    if isinstance(item, Event) and type(item) not in _STORED:
        raise Malformed("event", f"{type(item).__name__} is not an event that omo stores")
    if isinstance(item, Command) and type(item) not in DECISIONS:
        raise Malformed("command", f"{type(item).__name__} is not a command that omo answers")
    item.check()


def own_outcomes(items: Sequence[Item], results: Sequence[Result]) -> list[Result]:
    """Leave out of a caller's outcomes what became of the facts of others that were written with them."""
    mine = {item.id for item in items if isinstance(item, Event)}

    def own(ids: tuple[EventId, ...]) -> tuple[EventId, ...]:
        return tuple(name for name in ids if name in mine)

    return [
        evolve(each, new=own(each.new), known=own(each.known), conflicts=own(each.conflicts))
        if isinstance(each, Recorded)
        else each
        for each in results
    ]


def moments(as_of: datetime | None, known_at: datetime | None) -> tuple[datetime | None, datetime | None]:
    """Accept the two instants that a question may name; a naive one is refused, never guessed."""
    return (
        None if as_of is None else utc(as_of, "as_of"),
        None if known_at is None else utc(known_at, "known_at"),
    )
