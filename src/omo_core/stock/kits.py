"""Kits: articles that are made of others. A kit has no stock of its own; it takes its parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from attrs import evolve, frozen

from omo_core.decisions import require
from omo_core.errors import Malformed
from omo_core.events import check_items
from omo_core.identifiers import Sku
from omo_core.kit_parts import KitPart
from omo_core.quantities import UNITS_MAX, text
from omo_core.trade import Sale, SaleLine

Kits = Mapping[Sku, tuple[KitPart, ...]]
"""What each kit is made of, down to articles that are counted."""
NO_KITS: Final[Kits] = MappingProxyType({})


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
    """Open kits down to articles that are counted, each kit once; a kit that contains itself is refused."""
    known = {kit.sku: kit for kit in kits}
    parts: dict[Sku, dict[Sku, int]] = {}
    for sku in known:
        _open(known, sku, parts)
    return {sku: tuple(KitPart(sku=name, units=units) for name, units in parts[sku].items()) for sku in known}


def _open(known: Mapping[Sku, Kit], kit: Sku, parts: dict[Sku, dict[Sku, int]]) -> None:
    """Work out what a kit is made of, after all the kits that it contains."""
    opening: dict[Sku, None] = {}
    left = [kit]
    while left:
        sku = left[-1]
        inner = [part.sku for part in known[sku].parts if part.sku in known and part.sku not in parts]
        if sku in parts or not inner:
            left.pop()
            opening.pop(sku, None)
            parts.setdefault(sku, _summed(known[sku], parts))
            continue
        opening[sku] = None
        again = next((name for name in inner if name in opening), None)
        if again is not None:
            raise Malformed("kits", f"{again} contains itself")
        left += inner


def _summed(kit: Kit, parts: Mapping[Sku, Mapping[Sku, int]]) -> dict[Sku, int]:
    """Sum what a kit's parts are made of."""
    total: dict[Sku, int] = {}
    for part in kit.parts:
        for sku, units in parts.get(part.sku, {part.sku: 1}).items():
            total[sku] = total.get(sku, 0) + units * part.units
            require(total[sku] <= UNITS_MAX, "kits", f"{kit.sku} takes more than {UNITS_MAX} units of {sku}")
    return total


def counted(skus: Iterable[Sku], kits: Kits) -> tuple[Sku, ...]:
    """Name the articles that are counted, each once: of a kit its parts."""
    return tuple(dict.fromkeys(part for sku in skus for part in ([each.sku for each in kits.get(sku, ())] or [sku])))


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
