"""Writes the demo's week: ``python -m omo_adapters.demo.making FOLDER``. The same files every time.

Nothing of omo reads or writes here: what a shop's systems say must not depend on what omo understands of it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Final

from omo_adapters.demo.brand import CENTRAL, DAYS, MONG_KOK, TSUEN_WAN, Place, at
from omo_adapters.demo.counting import stocked
from omo_adapters.demo.deliveries import Post
from omo_adapters.demo.people import make_people
from omo_adapters.demo.sending import send_week
from omo_adapters.demo.sheets import member_list, old_member_list, opening_counts, recount
from omo_adapters.demo.tills import Numbers, poslog, receipt_lines
from omo_adapters.demo.week_plan import Plan, Receipt, fill
from omo_adapters.demo.week_story import OFFLINE_DAYS, asked, tell

SEED: Final = 20261109
Files = Iterator[tuple[str, bytes]]


def make_week() -> dict[str, bytes]:
    """Give every file of the week by its path."""
    random = Random(SEED)  # noqa: S311 - seeded on purpose: the same week every time
    plan = Plan(people=make_people(random))
    fill(plan, random)
    tell(plan)
    numbers = plan.numbers()
    shelves = stocked(plan, random)
    sheets = [
        (f"{DAYS[0]}/counts-all-places.csv", opening_counts(shelves)),
        ("lists/members.csv", member_list(plan.people, random)),
        ("lists/members-mong-kok-big5.csv", old_member_list(plan.people, random)),
        (f"{DAYS[3]}/counts-mong-kok.csv", recount(shelves, MONG_KOK, at(DAYS[3], 8, 30))),
    ]
    post = Post(random=random)
    tablet = {one.web.place: numbers[one] for one in plan.receipts if one.web is not None}
    send_week(plan, post, shelves, tablet)
    questions = json.dumps(asked(plan, numbers), ensure_ascii=False, indent=1).encode() + b"\n"
    return {**dict(sheets), **dict(_tills(plan, numbers)), **dict(_webhooks(post)), "asked.json": questions}


def _tills(plan: Plan, numbers: Numbers) -> Files:
    """Give each store's files; the till that was offline uploads on Friday, and once more because it was not sure."""
    for day in DAYS[1:]:
        for store, version in ((CENTRAL, "2.2"), (MONG_KOK, "6.0")):
            sold = [one for one in _on(plan, day, store) if one.web is None]
            yield f"{day}/{store.id}.poslog.xml", poslog(sold, numbers, version)
        tablet = [one for one in _on(plan, day, MONG_KOK) if one.web is not None]
        yield f"{day}/mong-kok-tablet.jsonl", receipt_lines(tablet, numbers)
        online = [one for one in _on(plan, day, TSUEN_WAN) if not _offline(one)]
        raw = receipt_lines(online, numbers)
        yield f"{day}/tsuen-wan.jsonl", _miscounted(raw) if day == DAYS[2] else raw
    offline = receipt_lines(
        [one for day in OFFLINE_DAYS for one in _on(plan, day, TSUEN_WAN) if _offline(one)], numbers
    )
    yield f"{DAYS[5]}/tsuen-wan-till-2-offline-wed-thu.jsonl", offline
    yield f"{DAYS[6]}/tsuen-wan-till-2-offline-wed-thu-again.jsonl", offline


def _on(plan: Plan, day: date, store: Place) -> list[Receipt]:
    mine = [one for one in plan.receipts if one.store is store and one.at.date() == day]
    return sorted(mine, key=lambda one: (one.at, one.register))


def _offline(receipt: Receipt) -> bool:
    return receipt.register == "2" and receipt.at.date() in OFFLINE_DAYS


def _miscounted(raw: bytes) -> bytes:
    """Let the last receipt state a total that is not what its lines come to."""
    lines = raw.splitlines(keepends=True)
    last = json.loads(lines[-1])
    last["total"] = f"{int(last['total'].partition('.')[0]) + 10}.00"
    return b"".join(lines[:-1]) + json.dumps(last, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _webhooks(post: Post) -> Files:
    """Give each delivery in the folder of the day on which it came, by its place in the order of arrival."""
    for place, one in enumerate(post.arrived(), 1):
        name = f"{place:04d}-{one.topic.replace('/', '-').replace('_', '-')}.http"
        day = max(one.arrives.date(), DAYS[0])
        yield f"{min(day, DAYS[-1])}/shopify/{name}", one.dump()


def main(arguments: Sequence[str]) -> int:
    """Write the week into a folder."""
    if len(arguments) != 1:
        print("usage: python -m omo_adapters.demo.making FOLDER", file=sys.stderr)
        return 2
    for name, raw in make_week().items():
        path = Path(arguments[0], name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
