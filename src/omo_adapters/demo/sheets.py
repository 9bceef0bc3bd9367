"""The week's tables: the member lists, one of them from an old computer, and what was counted."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final

from omo_adapters.demo.brand import ARTICLES, DAYS, HOT, NOVELTY, PLACES, Place, at
from omo_adapters.demo.counting import Shelves
from omo_adapters.demo.people import BIG5, People, Person

OPENING_POINTS: Final = {"4711": 240, "4763": 0}
"""What the story's members bring along; the others have what chance gives them."""
_EXPORTED: Final = "2026-11-08 18:00"


def member_list(people: People, random: Random) -> bytes:
    """Write the shop's own list, in UTF-8."""
    header = "member_id name phone email card line birthday joined_at updated_at points consent_email".split()
    rows = [
        (
            one.member,
            one.name,
            one.phone,
            one.email,
            one.card,
            one.line,
            one.birthday,
            _joined(random),
            _EXPORTED,
            _points(one, random),
            "yes" if one.subscribed else "no",
        )
        for one in people.members[:-BIG5]
    ]
    return _table(header, rows).encode()


def old_member_list(people: People, random: Random) -> bytes:
    """Write Mong Kok's old list, in Big5 and with Chinese headers."""
    header = "會員編號 姓名 手提電話 電郵 會員卡號 生日 入會日期 更新日期 積分".split()
    rows = [
        (
            one.member,
            one.name,
            one.phone.replace(" ", ""),
            one.email,
            one.card,
            one.birthday,
            _joined(random),
            _EXPORTED,
            _points(one, random),
        )
        for one in people.members[-BIG5:]
    ]
    return _table(header, rows).encode("big5")


def _joined(random: Random) -> str:
    return (at(DAYS[0], 0) - timedelta(days=random.randrange(30, 2_000))).date().isoformat()


def _points(person: Person, random: Random) -> int:
    return OPENING_POINTS.get(person.card, random.choice((0, 0, random.randrange(20, 900))))


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def opening_counts(shelves: Shelves) -> bytes:
    """Count every place on Sunday evening."""
    when = at(DAYS[0], 21)
    return _counts(shelves, when, PLACES, {})


def recount(shelves: Shelves, place: Place, when: datetime) -> bytes:
    """Count one store again: a tote has gone missing, and a mug has turned up."""
    return _counts(shelves, when, (place,), {HOT.sku: -1, "MUG-ENAMEL-WHT": 1})


def _counts(shelves: Shelves, when: datetime, places: Sequence[Place], off: dict[str, int]) -> bytes:
    rows = []
    for place in places:
        for article in ARTICLES:
            if article is not NOVELTY:
                wrong = off.get(article.sku, 0)
                units = shelves.on_hand(place, article.sku, when) + wrong
                rows.append((article.sku, place.id, units, f"{when:%Y-%m-%d %H:%M}"))
                if wrong:
                    shelves.receive(place, article.sku, wrong, when)
    return _table(("sku", "location", "units", "counted_at"), rows).encode()
