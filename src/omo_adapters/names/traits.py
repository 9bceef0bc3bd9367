"""A name becomes traits: what it says of the surname, in each script, as keyed fingerprints.

Two records whose names are written in Chinese are compared by the sign, folded from simplified to traditional; where
one of them is in Latin script, by spelling, and 黃 and 王 are both Wong. A name that does not say which of its words is
the surname has none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Final

from omo_adapters.names.surnames import FOLDED, LATIN, SPELLED
from omo_core.identifiers import EventId, Fingerprint
from omo_core.members import ProfileSeen, TraitsSeen, fingerprint

_HAN: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_WORDS: Final = re.compile(r"[a-z]+")
_TITLES: Final = frozenset(["mr", "mrs", "ms", "miss", "dr", "mdm"])
Fold = Callable[[str], str]


def surname_spellings(name: str, fold: Fold | None = None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the ways in which a name's surname may be meant: the signs, and the Latin spellings.

    ``fold`` brings further signs from traditional to simplified or back; the surnames of the table need none.
    """
    text = unicodedata.normalize("NFKC", name).strip()
    han = _HAN.search(text)
    if han is not None:
        return _han(han.group(), fold)
    words = [word for word in _WORDS.findall(text.casefold()) if word not in _TITLES]
    known = [word for word in dict.fromkeys((words[0], words[-1])) if word in LATIN] if words else []
    joined = "".join(words[:2])
    return (), tuple(known) if joined not in LATIN else (joined,)


def _han(signs: str, fold: Fold | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    first = signs[:2] if signs[:2] in FOLDED else signs[:1]
    sign = FOLDED.get(first) or (FOLDED.get(fold(first), fold(first)) if fold is not None else first)
    return (sign,), SPELLED.get(sign, ())


def name_traits(seen: ProfileSeen, name: str, key: bytes, fold: Fold | None = None) -> TraitsSeen:
    """Say what a record's name says of its surname, as of a version of the record."""
    signs, spellings = surname_spellings(name, fold)
    traits: list[tuple[str, tuple[Fingerprint, ...]]] = []
    for kind, values in (("surname", signs), ("surname_latin", spellings)):
        if values:
            traits.append((kind, tuple(sorted(fingerprint(key, kind, value) for value in values))))
    return TraitsSeen(
        id=EventId(f"traits/{seen.profile}"),
        at=seen.at,
        version=seen.version,
        source=seen.source,
        profile=seen.profile,
        traits=tuple(traits),
    )
