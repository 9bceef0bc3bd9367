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
from omo_core.identifiers import EventId
from omo_core.members import ProfileSeen, TraitsSeen, fingerprint

_HAN: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_WORDS: Final = re.compile(r"[a-z]+")
_TITLES: Final = frozenset(["mr", "mrs", "ms", "miss", "dr", "mdm"])
Fold = Callable[[str], str]


_HONORIFICS: Final = ("先生", "小姐", "太太", "女士", "生", "太")


def spoken(name: str, fold: Fold | None = None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Give what a name says: of the surname in both scripts, and of the given names in each.

    ``fold`` brings signs from traditional to simplified. The surnames of the table need none; without it nothing is
    said of given names in signs, because one name in two scripts would look like two.
    """
    text = unicodedata.normalize("NFKC", name).strip()
    han = _HAN.search(text)
    found = _han(han.group(), fold) if han is not None else _latin(text)
    return tuple((kind, values) for kind, values in found if values)


def _han(signs: str, fold: Fold | None) -> list[tuple[str, tuple[str, ...]]]:
    first = signs[:2] if signs[:2] in FOLDED else signs[:1]
    folded = fold(signs) if fold is not None else signs
    sign = FOLDED.get(first) or FOLDED.get(folded[: len(first)], folded[: len(first)])
    rest = signs[len(first) :]
    given = "" if fold is None or rest in _HONORIFICS else folded[len(first) :]
    return [("surname", (sign,)), ("surname_latin", SPELLED.get(sign, ())), ("given", (given,) if given else ())]


def _latin(text: str) -> list[tuple[str, tuple[str, ...]]]:
    words = [word for word in _WORDS.findall(text.casefold()) if word not in _TITLES]
    if len(words) > 1 and "".join(words[:2]) in LATIN:
        words = ["".join(words[:2]), *words[2:]]
    surnames = tuple(word for word in dict.fromkeys((words[0], words[-1])) if word in LATIN) if words else ()
    given = words[1:] if words and words[0] in LATIN and words[-1] not in LATIN else words[:-1]
    if len(surnames) != 1:
        given = []
    return [
        ("surname_latin", surnames),
        ("given_latin", ("".join(given),) if len(given) > 1 else ()),
        ("english", tuple(given) if len(given) == 1 and len(words) == 2 else ()),
    ]


def name_traits(seen: ProfileSeen, name: str, key: bytes, fold: Fold | None = None) -> TraitsSeen:
    """Say what a record's name says, as of a version of the record."""
    traits = tuple(
        (kind, tuple(sorted(fingerprint(key, kind, value) for value in values))) for kind, values in spoken(name, fold)
    )
    return TraitsSeen(
        id=EventId(f"traits/{seen.profile}"),
        at=seen.at,
        version=seen.version,
        source=seen.source,
        profile=seen.profile,
        traits=traits,
    )
