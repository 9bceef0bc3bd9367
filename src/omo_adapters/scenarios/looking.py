"""One value that a scenario looks at, and the moment at which it looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from attrs import frozen

from omo_adapters.complaints import Shape
from omo_adapters.scenarios.scene import Scene
from omo_core.identifiers import ProfileId, Sku
from omo_core.loyalty import Account, Line
from omo_core.money import decimal_text
from omo_core.stock import Positions


@frozen(kw_only=True)
class Look:
    """One value that was looked at."""

    where: str
    expected: str
    actual: str
    because: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Say whether it is as expected."""
        return self.expected == self.actual


@frozen(kw_only=True)
class Moment:
    """When a scenario looks, and what omo knew."""

    scene: Scene
    at: datetime
    known: datetime | None = None

    def account(self, record: str, programme: str = "") -> Account:
        """Give a member's account."""
        return self.scene.shop.account(ProfileId(record), programme=programme, as_of=self.at, known_at=self.known)

    def statement(self, record: str, programme: str = "") -> tuple[Line, ...]:
        """Give a member's statement."""
        return self.scene.shop.statement(ProfileId(record), programme=programme, as_of=self.at, known_at=self.known)

    def stock(self, sku: str) -> Positions:
        """Give an article's positions."""
        return self.scene.shop.stock(Sku(sku), as_of=self.at, known_at=self.known)

    def records(self, record: str) -> tuple[str, ...]:
        """Give all records of the person that bears one."""
        member = self.scene.shop.member(ProfileId(record))
        return () if member is None else tuple(sorted(member.profiles))

    def told(self, at: datetime | None) -> str:
        """Write an instant in the shop's time."""
        return "never" if at is None else told(at, self.scene)

    def money(self, amount: int, code: str = "") -> str:
        """Write an amount."""
        return decimal_text(amount, code or self.scene.currency)


def told(at: datetime, scene: Scene) -> str:
    """Write an instant in the shop's time: ``2026-01-05 10:00``, or the day alone at its first instant."""
    local = at.astimezone(scene.zone).replace(tzinfo=None)
    text = local.isoformat(" ", timespec="auto")
    return text.removesuffix(" 00:00:00").removesuffix(":00") if text.endswith(":00") else text


def written(model: Shape) -> dict[str, object]:
    """Give the fields that somebody wrote."""
    return {name: getattr(model, name) for name in type(model).model_fields if name in model.model_fields_set}


def names_of(names: Iterable[str]) -> str:
    """List names in order, as text."""
    return ", ".join(sorted(names)) or "nothing"


def pairs_of(table: Mapping[str, object]) -> str:
    """List a table in order, as text."""
    return ", ".join(f"{name} = {value}" for name, value in sorted(table.items()))
