"""What a scenario expects of the shop's books and of redemptions, compared with what omo says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from omo_adapters.scenarios.expecting import BooksExpected, RedeemableExpected
from omo_adapters.scenarios.looking import Look, Moment, written
from omo_core.instants import EPOCH
from omo_core.loyalty import Account, quote_redemption
from omo_core.loyalty.redeeming import worth


def book_looks(moment: Moment, name: str, expected: BooksExpected) -> Iterator[Look]:
    """Compare a programme's books from an instant up to now, this instant included."""
    scene = moment.scene
    start = EPOCH if expected.since is None else scene.instant(expected.since, "since")
    end = moment.at + timedelta(microseconds=1)
    programme = scene.shop.programme(name).name
    books = next(
        each for each in scene.shop.liability(start, end, known_at=moment.known) if each.programme == programme
    )
    for field, value in written(expected).items():
        if field == "since":
            continue
        of = books.outstanding if field in ("outstanding", "members") else books.movement
        yield Look(where=f"books.{name}.{field}", expected=str(value), actual=str(getattr(of, field)))


def redeemable_looks(
    moment: Moment, programme: str, account: Account, where: str, expected: tuple[RedeemableExpected, ...]
) -> Iterator[Look]:
    """Compare how many points may pay for an order, what they are worth, and what allows no more."""
    scene = moment.scene
    version = scene.shop.programme(programme).version_at(moment.at)
    for place, wish in enumerate(expected):
        code = wish.currency or scene.redeemable_in(programme, moment.at) or scene.currency
        terms = None if version is None else version.redemption_in(code, wish.channel, wish.store)
        order = None if wish.order is None else scene.money(wish.order, "order", code)
        asked = account.spendable if wish.asked is None else wish.asked
        allowed = quote_redemption(terms, account.spendable, asked, order)
        spot = f"{where}[{place}]"
        if wish.gives is not None:
            yield Look(where=f"{spot}.gives", expected=str(wish.gives), actual=str(allowed.points))
        if wish.limit is not None:
            yield Look(where=f"{spot}.limit", expected=wish.limit, actual=allowed.limit)
        if wish.worth is not None:
            paid = 0 if terms is None else worth(terms, allowed.points)
            wanted = moment.money(scene.money(wish.worth, "worth", code), code)
            yield Look(where=f"{spot}.worth", expected=wanted, actual=moment.money(paid, code))
