"""What time has brought, told once: the work of a clock that may run whenever it likes, or never.

No balance depends on it. What was told is kept as marks beside the journal, one for each notice; dropping them changes
nothing but that everything is told again. Marks are set after the notices were handed over: a run that is interrupted
in between tells some of them twice, with the same key each time.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import blake2b

from attrs import frozen

from omo_adapters.storage.progress import SqliteProgress
from omo_adapters.whole import MemberNotice, WholeShop
from omo_core.instants import EPOCH, micros

_BEGAN = "tick/began"


@frozen(kw_only=True)
class Tick:
    """What a run of the clock has to tell."""

    at: datetime
    since: datetime
    """Nothing that was over by then is ever told."""
    notices: tuple[MemberNotice, ...]


def tick(shop: WholeShop, marks: SqliteProgress, at: datetime, *, since: datetime, soon_days: int = 30) -> Tick:
    """Gather what time has brought and nobody was told of yet; the first run says since when.

    What is heard of late is told late: all that the clock has begun with is looked at each time.
    """
    began = marks.done(_BEGAN)
    floor = EPOCH + timedelta(microseconds=began) if began else since
    found = shop.notices(EPOCH, at, soon_days=soon_days)
    fresh = [each for each in found if _matters(each, floor) and not marks.done(_mark(each))]
    unlike = {each.key: each for each in fresh}
    return Tick(at=at, since=floor, notices=tuple(unlike.values()))


def told(marks: SqliteProgress, run: Tick) -> None:
    """Mark everything that a run had to tell as told."""
    marks.reach(
        {_BEGAN: max(1, micros(run.since)), **{_mark(each): micros(each.notice.at) or 1 for each in run.notices}}
    )


def _matters(each: MemberNotice, floor: datetime) -> bool:
    """Say whether a notice is not older than the clock; points that expire soon are news until they are gone."""
    return (each.notice.until or each.notice.at) > floor


def _mark(each: MemberNotice) -> str:
    return f"tick/{blake2b(each.key.encode(), digest_size=16).hexdigest()}"
