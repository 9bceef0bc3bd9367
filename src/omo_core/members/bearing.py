"""Who bears a key at an instant, for whoever proves that it reaches them."""

from __future__ import annotations

from attrs import frozen

from omo_core.members.columns import Columns
from omo_core.members.crowding import crowds
from omo_core.members.reasons import GivenUp, Reason
from omo_core.members.rules import IdentityRules
from omo_core.members.running import Run, broken_by, crowded, cut, ruled, too_many


@frozen
class Bearers:
    """Who bears a key at an instant; nobody, where something speaks against all who ever did."""

    records: tuple[int, ...] = ()
    why: Reason | None = None


def bearing(columns: Columns, rules: IdentityRules, key: int, at: int) -> Bearers:
    """Say who bears a key when somebody proves at an instant that it reaches them.

    Only those count whose own claim links, and who have not lost the key since: given up, recycled, or unused for so
    long that nobody can tell.
    """
    by, claims = ruled(columns, rules), columns.claims_of(key)
    why = by.useless(key, len(claims))
    if why is not None or all(columns.record[claim] in columns.gone for claim in claims):
        return Bearers(why=why)
    apart = cut(by, key, claims)
    run = apart[-1]
    if run.made_up:
        lost = len(apart) > 1 or columns.keys[key] in columns.recycled
        return Bearers(why=GivenUp()) if lost else _records(columns, run, at)
    many = too_many(by, key, run, crowds(columns, rules, crowded(by, key, [run])))
    lost_by = many or broken_by(by, key, run, (max(at, run.since), None))
    return _records(columns, run, at) if lost_by is None else Bearers(why=lost_by)


def _records(columns: Columns, run: Run, at: int) -> Bearers:
    """Give those of a run who still bear the key: of several, some may have given it up, a made-up record as well."""
    found = tuple(columns.record[claim] for claim in run.claims if columns.until[claim] > at)
    return Bearers(found, None if found else GivenUp())


def reached(columns: Columns, rules: IdentityRules, key: int) -> list[int]:
    """Give every record that a key may join to somebody, now or as somebody comes to bear it."""
    by, claims = ruled(columns, rules), columns.claims_of(key)
    if not claims or by.useless(key, len(claims)) is not None:
        return []
    apart = cut(by, key, claims)
    people = crowds(columns, rules, crowded(by, key, apart))
    return [columns.record[claim] for run in apart if too_many(by, key, run, people) is None for claim in run.claims]
