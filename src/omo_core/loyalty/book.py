"""The statement in the making: every movement of points with the event, the rule and the rule's version."""

from __future__ import annotations

from datetime import datetime

from attrs import define, evolve

from omo_core.loyalty.lots import Line, lot_name
from omo_core.loyalty.programme import Programme, Version
from omo_core.loyalty.purchase import Purchase
from omo_core.loyalty.turns import Turn


@define
class Book:
    """Statement lines, if anybody wants them. Each line's balance is the one that it leaves."""

    programme: Programme
    lines: list[Line] | None = None
    balance: int = 0

    def note(
        self,
        at: datetime,
        event: str,
        what: str,
        points: int,
        rule: str,
        *,
        moved: int | None = None,
        version: Version | None = None,
    ) -> None:
        """Write a movement down; ``moved`` is what it does to the balance if that is not the same.

        The rule is that of the version in force unless another one is named.
        """
        if self.lines is None or points == 0:
            return
        moved = points if moved is None else moved
        self.balance += moved
        line = Line(
            at=at,
            event=event,
            what=what,
            points=moved,
            balance=self.balance,
            rule=rule,
            amount=abs(points),
            version=self._name_of(version, at),
        )
        self.lines.append(line)

    def note_lot(
        self,
        at: datetime,
        lot: str,
        what: str,
        points: int,
        rule: str,
        *,
        moved: int | None = None,
        version: Version | None = None,
    ) -> None:
        """Write down what time did to a lot."""
        self.note(at, lot_name(lot), what, points, rule, moved=moved, version=version)
        if self.lines and points:
            self.lines[-1] = evolve(self.lines[-1], lot=lot)

    def earned(self, bought: Purchase) -> None:
        """Write down what a purchase has earned, by which rules and in which tier."""
        if self.lines is not None:
            sale, version = bought.sale, bought.version
            self.note(sale.at, sale.id, "earned", bought.points, _rules_of(bought), version=version)

    def turns(self, turns: list[Turn] | None, event: str = "") -> None:
        """Write down what has become of the tier, and by which event; without one, time has brought it."""
        if self.lines is None or not turns:
            return
        for turn in turns:
            line = Line(
                at=turn.at,
                event=event or turn.tier,
                what=turn.what,
                points=0,
                balance=self.balance,
                rule=turn.cause,
                version=self._name_of(None, turn.at),
                tier=turn.tier,
            )
            self.lines.append(line)
        turns.clear()

    def _name_of(self, version: Version | None, at: datetime) -> str:
        version = version or self.programme.version_at(at)
        return version.name if version is not None else ""


def _rules_of(bought: Purchase) -> str:
    """Name the rules that a purchase fell under, by their places in the version, and the tier if it multiplies."""
    mine = {id(rule) for rule in bought.rules}
    places = [place for place, rule in enumerate(bought.version.earnings) if id(rule) in mine]
    said = ", ".join([f"earnings[{place}]" for place in places])
    top, bottom = bought.multiplier
    if bought.tier is None or top == bottom or not any(rule.multiplied and rule.per for rule in bought.rules):
        return said
    return f"{said}, {bought.tier.name} × {top}" + (f"/{bottom}" if bottom > 1 else "")
