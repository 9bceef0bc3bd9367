"""A name becomes traits: what it says of the surname and of given names, in each script, as keyed fingerprints.

Two records whose names are written in Chinese are compared by the sign, folded from simplified to traditional. Where
one of them is in Latin script, they are compared by the surnames that a spelling stands for: Wong is 黃 and 王, Ip and
Yip are 葉. A name of which it is not certain which word is the surname may stand for several, and nothing in common
with any of them speaks against.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Final

from attrs import frozen

from omo_adapters.names.surnames import FOLDED, MEANT, RANK, REVISION, SPELLED
from omo_core.events import VERSION_MAX
from omo_core.identifiers import EventId
from omo_core.members import ProfileSeen, TraitsSeen, fingerprint

Fold = Callable[[str], str]
Said = tuple[tuple[str, tuple[str, ...]], ...]
"""Per kind of trait, all that a name may stand for."""
_HAN: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_WORDS: Final = re.compile(r"[a-z]+")
_TITLES: Final = frozenset(["mr", "mrs", "ms", "miss", "dr", "mdm", "prof"])
_HONORIFICS: Final = ("先生", "小姐", "太太", "女士", "夫人", "生", "太", "姐")
_HONORIFIC_ENDS: Final = frozenset(honorific[-1] for honorific in _HONORIFICS)
_NICKNAMES: Final = frozenset("小阿老大")
"""How a pet name begins, which says nothing of the surname."""


@frozen(kw_only=True)
class Name:
    """A name as a source states it: whole, or in parts."""

    text: str = ""
    first: str = ""
    last: str = ""

    @property
    def whole(self) -> str:
        """Write it as one: the surname first where it is in Chinese."""
        if self.text:
            return self.text
        if _HAN.fullmatch(_plain(self.first)) and _HAN.fullmatch(_plain(self.last)):
            return f"{self.last}{self.first}"
        return " ".join(part for part in (self.first, self.last) if part)


def spoken(name: Name | str, fold: Fold | None = None) -> Said:
    """Give what a name says: of the surname in both scripts, and of the given names in each.

    ``fold`` brings signs from traditional to simplified. The surnames of the table need none; without it nothing is
    said of given names in signs, because one name in two scripts would look like two.
    """
    if isinstance(name, str):
        found = _whole(name, fold)
    else:
        first, last = _plain(name.first), _plain(name.last)
        found = _in_parts(first, last, fold) if first and last else _whole(name.text or name.first or name.last, fold)
    return tuple([each for each in found if each[1]])


def _whole(name: str, fold: Fold | None) -> list[tuple[str, tuple[str, ...]]]:
    text = _plain(name)
    han = None if text.isascii() else _HAN.search(text)
    return _han(han.group(), fold) if han is not None else _latin(_words(text))


def _plain(text: str) -> str:
    return text.strip() if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def _words(text: str) -> list[str]:
    """Give the words of a name in Latin script, without accents and titles; a surname of two words is one."""
    words = [word for word in _WORDS.findall(_bare(text).casefold()) if word not in _TITLES]
    for place in range(len(words) - 1):
        if "".join(words[place : place + 2]) in _TWO_WORDS:
            return [*words[:place], "".join(words[place : place + 2]), *words[place + 2 :]]
    return words


def _bare(text: str) -> str:
    if text.isascii():
        return text
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


_TWO_WORDS: Final = frozenset(spelling for sign, each in SPELLED.items() if len(sign) == 2 for spelling in each)


def _han(signs: str, fold: Fold | None) -> list[tuple[str, tuple[str, ...]]]:
    size = 2 if len(signs) > 1 and len(_surname(signs[:2], fold)) == 2 and _surname(signs[:2], fold) in SPELLED else 1
    plain = _without_honorific(signs, size)
    surnames = [] if signs[0] in _NICKNAMES else [_surname(signs[:size], fold)]
    if surnames and size == 1 and len(plain) >= 4 and plain[1] in FOLDED:
        surnames.append(_surname(plain[1], fold))  # a married name: the husband's surname before one's own
    given = fold(plain[size * max(1, len(surnames)) :]) if fold is not None and surnames else ""
    return [("surname", tuple(surnames)), _meant(surnames), ("given", (given,) if given else ())]


def _surname(signs: str, fold: Fold | None) -> str:
    folded = fold(signs) if fold is not None else signs
    return FOLDED.get(signs) or FOLDED.get(folded, folded)


def _meant(surnames: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Give what is compared with a Latin spelling: nothing, where nobody knows how the sign is spelled."""
    known = all(surname in SPELLED for surname in surnames)
    return "surname_latin", tuple(surnames) if known else ()


def _without_honorific(signs: str, size: int) -> str:
    for honorific in _HONORIFICS if signs[-1] in _HONORIFIC_ENDS else ():
        rest = signs.removesuffix(honorific)
        long_enough = len(honorific) == 2 or len(rest) == size  # 陳生 is Mr Chan, 陳樂生 is a name
        if rest != signs and len(rest) >= size and long_enough:
            return rest
    return signs


def _latin(words: list[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Find the surname: at either end, or second where an English name goes before.

    Where several words may be it, it may be any of them; what is left beside the most common one are the given names.
    """
    places = [place for place in (0, len(words) - 1) if words and words[place] in MEANT]
    if len(words) > 2 and words[0] not in MEANT and words[1] in MEANT:
        places.append(1)
    places = sorted(dict.fromkeys(places))
    surnames = tuple(dict.fromkeys(sign for place in places for sign in MEANT[words[place]]))
    if not places:
        return []
    likely = min(places, key=lambda place: (RANK[words[place]], place))
    english, rest = _rest(words, likely)
    return [("surname_latin", surnames), ("given_latin", _given(rest)), ("english", (english,) if english else ())]


def _rest(words: Sequence[str], place: int) -> tuple[str, Sequence[str]]:
    """Give the English name and the given names, with the surname in one place."""
    if place == 1 and len(words) > 2:
        return words[0], words[2:]
    rest = [word for other, word in enumerate(words) if other != place]
    return (rest[0], ()) if len(rest) == 1 and len(rest[0]) > 1 and rest[0] not in MEANT else ("", rest)


def _given(words: Sequence[str]) -> tuple[str, ...]:
    """Give what given names may be: an English name before or after them, or initials, must not make them others."""
    if len(words) < 2 or any(len(word) == 1 for word in words):
        return ()
    pairs = ("".join(words[place : place + 2]) for place in range(len(words) - 1))
    return tuple(dict.fromkeys((*pairs, "".join(words))))


def _in_parts(first: str, last: str, fold: Fold | None) -> list[tuple[str, tuple[str, ...]]]:
    """Take a source at its word about which part is the surname, as far as people fill in forms."""
    han = _HAN.fullmatch(last)
    if han is not None and (len(last) == 1 or last in FOLDED):
        return _han(last + first if _HAN.fullmatch(first) else last, fold)
    if _HAN.search(last) or _HAN.search(first):
        mixed = _HAN.search(last) or _HAN.search(first)
        return _han(mixed.group(), fold) if mixed is not None and len(mixed.group()) > 2 else []
    surname, given = _words(last), _words(first)
    sure = len(surname) == 1 and (len(given) > 1 or not any(word in MEANT for word in given))
    if not sure or (surname[0] not in MEANT and any(word in MEANT for word in given)):
        return _latin([*given, *surname])
    meant = MEANT.get(surname[0], (surname[0],))
    return [
        ("surname_latin", meant),
        ("given_latin", _given(given)),
        ("english", tuple(given) if len(given) == 1 and len(given[0]) > 1 else ()),
    ]


SURNAMES: Final = ("surname", "surname_latin")
"""The kinds of trait that speak of surnames; the others speak of given names."""
_METHODS: Final = 16
"""How many ways of reading a name have a number of their own."""


def name_traits(
    seen: ProfileSeen, name: Name | str, key: bytes, fold: Fold | None = None, *, given: bool = True
) -> TraitsSeen:
    """Say what a record's name says, as of a version of the record; with ``given`` false, of the surname alone.

    The same version read in another way (with a fold, with given names, by larger tables) is a later word on it.
    """
    traits = tuple(
        (kind, tuple(sorted(fingerprint(key, kind, value) for value in values)))
        for kind, values in spoken(name, fold)
        if given or kind in SURNAMES
    )
    method = 2 * REVISION + given
    return TraitsSeen(
        id=EventId(f"traits/{seen.profile}"),
        at=seen.at,
        version=min(VERSION_MAX, seen.version * _METHODS + method),
        source=seen.source,
        profile=seen.profile,
        traits=traits,
    )
