"""How a shop lets names speak: not at all, by their surnames, or whole."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from omo_adapters.names.folding import opencc_fold
from omo_adapters.names.traits import Fold, Name, name_traits
from omo_core.members import ProfileSeen, TraitsSeen

Setting = Literal["off", "surnames", "full"]
"""``surnames`` needs nothing installed; ``full`` compares given names too, in both Chinese scripts."""


@frozen(kw_only=True)
class NameEvidence:
    """Turns the names that readers meet into evidence for and against two records being one person."""

    fold: Fold | None = None
    """Brings signs to simplified ones; without it surnames speak alone."""

    def of(self, seen: ProfileSeen, name: Name, key: bytes) -> TraitsSeen:
        """Say what a record's name says; a record without a name takes back what an earlier version had said."""
        return name_traits(seen, name, key, self.fold, given=self.fold is not None)


def evidence(setting: Setting) -> NameEvidence | None:
    """Read a shop's setting; ``Misconfigured`` where it needs what is not installed."""
    match setting:
        case "off":
            return None
        case "surnames":
            return NameEvidence()
        case "full":
            return NameEvidence(fold=opencc_fold())
