"""What differs between two programmes: the sentences that only one of them says, version by version."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from omo_adapters.programme_telling import explained
from omo_core.loyalty import Programme, Version


@frozen(kw_only=True)
class Change:
    """A sentence that only one of two programmes says."""

    where: str
    says: str
    added: bool


def changes(before: Programme, after: Programme) -> tuple[Change, ...]:
    """Give the sentences that only one of two programmes says, version by version.

    A version that is called otherwise, or begins on another day, is still compared rule by rule.
    """
    old, new = explained(before), explained(after)
    found = list(_differing(old[0].head, old[0].sentences, new[0].sentences))
    for was, now in _pairs(before, after):
        gone = old[1 + was] if was is not None else None
        come = new[1 + now] if now is not None else None
        heads = [chapter.head for chapter in (gone, come) if chapter is not None]
        both = len(set(heads)) > 1
        found += _differing(
            heads[0],
            ((f"{heads[0]}.",) if both else ()) + (gone.sentences if gone is not None else ()),
            ((f"{heads[1]}.",) if both else ()) + (come.sentences if come is not None else ()),
        )
    if not found and before != after:
        found.append(Change(where="Programme", says="The same sentences in another order.", added=True))
    return tuple(found)


def _differing(head: str, gone: tuple[str, ...], come: tuple[str, ...]) -> Iterator[Change]:
    yield from (Change(where=head, says=line, added=False) for line in gone if line not in come)
    yield from (Change(where=head, says=line, added=True) for line in come if line not in gone)


def _pairs(before: Programme, after: Programme) -> list[tuple[int | None, int | None]]:
    """Pair versions of one name, then those of one day; what is left stands by itself."""
    rest = list(range(len(after.versions)))
    found: dict[int, int] = {}
    for told in (_name, _since):
        for was, one in enumerate(before.versions):
            now = next((place for place in rest if told(one) == told(after.versions[place])), None)
            if was not in found and now is not None:
                found[was] = now
                rest.remove(now)
    pairs = [(was, found.get(was)) for was in range(len(before.versions))]
    return [*pairs, *((None, now) for now in rest)]


def _name(version: Version) -> object:
    return version.name


def _since(version: Version) -> object:
    return version.since
