"""What translating a case needs: words that must all be understood, a story to tell it as, and how it came out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

from attrs import Factory, define, frozen

Status = Literal["holds", "by hand", "not yet", "on purpose", "fails"]
STATUSES: Final[tuple[Status, ...]] = ("holds", "by hand", "not yet", "on purpose", "fails")
FIRST_DAY: Final = date(2026, 1, 1)
"""When the first event happens that does not say when."""


class NotYet(Exception):
    """A case needs a policy that the rules do not have."""

    def __init__(self, *policies: str) -> None:
        super().__init__(", ".join(policies))
        self.policies = policies


class OnPurpose(Exception):
    """omo does otherwise, and means to."""


class Told:
    """A table of a case, every word of which must be asked for; what is not understood is named, never passed over."""

    def __init__(self, table: Mapping[str, Any], names: Mapping[str, str]) -> None:
        self._table = dict(table)
        self._names = names
        self._asked: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._table

    def get(self, key: str, default: Any = None) -> Any:
        self._asked.add(key)
        return self._table.get(key, default)

    def need(self, key: str) -> Any:
        if key not in self._table:
            raise NotYet(f"an event without {key!r}")
        return self.get(key)

    def keys(self) -> list[str]:
        return list(self._table)

    def unread(self) -> list[str]:
        """Name the policies behind the words that nobody asked for."""
        return [self._names.get(key, key.replace("_", " ")) for key in self._table if key not in self._asked]


@frozen(kw_only=True)
class Check:
    """A number of a case that a rule gives without a story."""

    what: str
    expected: Any
    actual: Any


@frozen(kw_only=True)
class Translation:
    """A case as stories: one of the readings must hold. Or as checks: all of them must."""

    readings: tuple[dict[str, Any], ...] = ()
    checks: tuple[Check, ...] = ()
    instead: tuple[dict[str, Any], ...] = ()
    """What omo does where it means to do otherwise: all of these must hold."""
    lacks: tuple[str, ...] = ()
    """Policies that the case states and the rules lack: if it holds all the same, it holds."""
    unread: tuple[str, ...] = ()
    """Expectations that can't be put to omo yet: the case is open even if the rest holds."""
    differs: tuple[str, ...] = ()
    """Why omo may come out differently, and means to. Beside checks: these say what omo does instead, and must hold."""


@frozen(kw_only=True)
class Verdict:
    """How a case came out."""

    case: str
    status: Status
    why: str = ""
    detail: str = ""
    """What came out differently, in full."""


@define
class Story:
    """A scenario under construction."""

    title: str
    programme: dict[str, Any] = Factory(dict)
    head: dict[str, Any] = Factory(dict)
    """Identity, stock, shuffle and the like."""
    steps: list[dict[str, Any]] = Factory(list)
    lacks: list[str] = Factory(list)
    differs: list[str] = Factory(list)
    _last: datetime = datetime(2025, 12, 31)  # noqa: DTZ001 - the cases' own local time

    def when(self, event: Told) -> str:
        """Say when an event happens: as it says, else on the day after the one before."""
        written, day = event.get("at"), event.get("day")
        if written is not None:
            self._last = instant_of(written)
        elif day is not None:
            self._last = datetime.combine(FIRST_DAY, datetime.min.time()) + timedelta(days=int(day) - 1)
        else:
            self._last += timedelta(days=1)
        return self.now()

    def now(self) -> str:
        """Give the instant of the last event."""
        return self._last.isoformat(" ")

    def at(self, moment: datetime) -> str:
        """Move to an instant."""
        self._last = moment
        return self.now()

    def say(self, **step: Any) -> None:
        """Add a step at the last event's instant."""
        self.steps.append({"at": self.now(), **{name: value for name, value in step.items() if value is not None}})

    def expect(self, at: str | None = None, **expected: Any) -> None:
        """Add an expectation."""
        self.steps.append({"at": at or self.now(), "expect": expected})

    def scenario(self) -> dict[str, Any]:
        """Give the scenario as a file would have it."""
        return {
            "title": self.title,
            "zone": "UTC",
            "programme": {"zone": "UTC", "currency": "HKD", **self.programme},
            **self.head,
            "step": self.steps,
        }


def instant_of(written: str) -> datetime:
    """Read a day or a time in UTC, as the cases write them."""
    return datetime.fromisoformat(written).replace(tzinfo=None)


def money(written: Any) -> str:
    """Give an amount as decimal text: the cases write "1000", "19.99" and 1000."""
    return str(written)
