"""What kits are made of."""

from __future__ import annotations

from attrs import frozen

from omo_core.identifiers import Sku
from omo_core.quantities import text, units


@frozen(kw_only=True)
class KitPart:
    """What one unit of a kit takes of an article."""

    sku: Sku
    units: int

    def check(self) -> None:
        """Raise ``Malformed`` when the part can't mean anything."""
        text(self.sku, "sku")
        units(self.units, "units", low=1)
