"""What a scenario expects of who is who: persons, who is apart, what waits for review, keys that join nobody."""

from __future__ import annotations

from collections.abc import Iterator

from omo_adapters.scenarios.expecting import Expected
from omo_adapters.scenarios.looking import Look, Moment, names_of
from omo_adapters.scenarios.member_requests import fingerprint_of


def person_looks(moment: Moment, expected: Expected) -> Iterator[Look]:
    """Compare who is one person, and who is not."""
    for place, group in enumerate(expected.persons):
        actual = {names_of(moment.records(record)) for record in group}
        yield Look(where=f"persons[{place}]", expected=names_of(group), actual=" | ".join(sorted(actual)))
    for place, group in enumerate(expected.apart):
        person_of = {record: names_of(moment.records(record)) for record in group}
        same = [record for record in group if list(person_of.values()).count(person_of[record]) > 1]
        yield Look(
            where=f"apart[{place}]", expected="all apart", actual=f"one: {names_of(same)}" if same else "all apart"
        )
    if expected.waiting is not None:
        yield _waiting(moment, expected)
    if expected.useless is not None:
        yield _useless(moment, expected)


def _waiting(moment: Moment, expected: Expected) -> Look:
    """Compare the review queue, whole; of each item the reason too, where it is written."""
    told = {tuple(sorted((item.one, item.other))): item.why for item in expected.waiting or ()}
    wanted, actual = [], []
    for pair, why in told.items():
        wanted.append("+".join(pair) + (f": {why}" if why else ""))
    for item in moment.scene.shop.survey().waiting:
        pair = (item.one, item.other)
        actual.append("+".join(pair) + (f": {item.why.kind}" if told.get(pair, "x") else ""))
    return Look(where="waiting", expected=names_of(wanted), actual=names_of(dict.fromkeys(actual)))


def _useless(moment: Moment, expected: Expected) -> Look:
    """Compare the keys that join nobody, by what they are."""
    named = {fingerprint_of(moment.scene, key): key for key in expected.useless or ()}
    found = [named.get(each.fingerprint, each.fingerprint) for each in moment.scene.shop.survey().demoted]
    return Look(where="useless", expected=names_of(named.values()), actual=names_of(found))
