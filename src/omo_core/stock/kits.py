"""Kits: articles that are made of others. A kit has no stock of its own; it takes its parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import evolve, frozen

from omo_core.decisions import require
from omo_core.errors import Malformed
from omo_core.events import check_items
from omo_core.identifiers import Sku
from omo_core.quantities import UNITS_MAX, text
from omo_core.trade import KitPart, Sale, SaleLine

Kits = Mapping[Sku, tuple[KitPart, ...]]
"""What each kit is made of, down to articles that are counted."""


@frozen(kw_only=True)
class Kit:
    """An article that is made of others, of kits too."""

    sku: Sku
    parts: tuple[KitPart, ...]

    def check(self) -> None:
        """Raise ``Malformed`` when the kit can't mean anything."""
        text(self.sku, "sku")
        require(bool(self.parts), "parts", "is empty")
        check_items(self.parts, "parts", KitPart)


def opened(kits: Iterable[Kit]) -> Kits:
    """Open kits down to articles that are counted; a kit that contains itself is refused."""
    known = {kit.sku: kit for kit in kits}
    return {sku: _parts(known, sku, 1, ()) for sku in known}


def _parts(known: Mapping[Sku, Kit], sku: Sku, times: int, within: tuple[Sku, ...]) -> tuple[KitPart, ...]:
    if sku in within:
        raise Malformed("kits", f"{sku} contains itself")
    if times > UNITS_MAX:
        raise Malformed("kits", f"{within[0]} takes more than {UNITS_MAX} units of {sku}")
    if sku not in known:
        return (KitPart(sku=sku, units=times),)
    total: dict[Sku, int] = {}
    for part in known[sku].parts:
        for leaf in _parts(known, part.sku, part.units * times, (*within, sku)):
            total[leaf.sku] = total.get(leaf.sku, 0) + leaf.units
    return tuple(KitPart(sku=name, units=units) for name, units in total.items())


def kits_in(parts: Iterable[KitPart], free: Mapping[Sku, int]) -> int:
    """Say how many kits the free units of its parts make."""
    return min((max(0, free.get(part.sku, 0)) // part.units for part in parts), default=0)


def with_parts(sale: Sale, kits: Kits) -> Sale:
    """Write into a sale what its kits are made of, where its source did not say."""
    if not any(line.sku in kits and not line.parts for line in sale.lines):
        return sale
    return evolve(sale, lines=tuple(_with_parts(line, kits) for line in sale.lines))


def _with_parts(line: SaleLine, kits: Kits) -> SaleLine:
    return evolve(line, parts=kits[line.sku]) if line.sku in kits and not line.parts else line
