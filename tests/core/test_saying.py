"""What a later release adds with a default changes nothing of what an earlier one has said."""

from datetime import UTC, datetime, timedelta, timezone
from typing import ClassVar

from attrs import evolve, frozen

from omo_adapters.codecs.answers import fingerprint_of
from omo_adapters.testing.samples import line, sale
from omo_core.decisions import Command
from omo_core.events import content_hash
from omo_core.identifiers import HoldId, LocationId, ProfileId, RequestId, Sku
from omo_core.loyalty import RedeemPoints
from omo_core.saying import saying
from omo_core.stock import HoldUnits, Wanted
from omo_core.trade import Sale, SaleLine

AT = datetime(2026, 1, 5, tzinfo=UTC)


@frozen(kw_only=True)
class LaterLine(SaleLine):
    """A line as a later release may have it."""

    engraving: str = ""


@frozen(kw_only=True)
class LaterSale(Sale):
    """A sale as a later release may have it."""

    gift: bool = False
    notes: tuple[str, ...] = ()


@frozen(kw_only=True)
class LaterRedeem(RedeemPoints):
    """A command as a later release may have it."""

    kind: ClassVar[str] = "redeem_points"
    terminal: str = ""


def as_later(bought: Sale, **more: object) -> LaterSale:
    lines = tuple(
        LaterLine(line=each.line, sku=each.sku, units=each.units, amount=each.amount, location=each.location)
        for each in bought.lines
    )
    return LaterSale(
        id=bought.id, at=bought.at, order=bought.order, profile=bought.profile, location=bought.location,
        currency=bought.currency, lines=lines, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_field_that_a_later_release_adds_does_not_change_the_hash_of_what_did_not_use_it() -> None:
    bought = sale()
    assert content_hash(as_later(bought)) == content_hash(bought)
    assert content_hash(as_later(bought, gift=True)) != content_hash(bought)


def test_a_retry_across_an_upgrade_is_the_same_request() -> None:
    asked = {"request": RequestId("r"), "at": AT, "profile": ProfileId("p1"), "points": 10}
    assert fingerprint_of(LaterRedeem(**asked)) == fingerprint_of(RedeemPoints(**asked))  # type: ignore[arg-type]
    assert fingerprint_of(LaterRedeem(**asked, terminal="7")) != fingerprint_of(RedeemPoints(**asked))  # type: ignore[arg-type]


def test_a_retry_a_second_later_is_the_same_request_and_another_wish_is_not() -> None:
    asked = HoldUnits(
        request=RequestId("r"), at=AT, hold=HoldId("h"), lines=(Wanted(sku=Sku("TEE"), units=1),),
        until=AT + timedelta(days=1),
    )  # fmt: skip
    assert fingerprint_of(evolve(asked, at=AT + timedelta(seconds=1))) == fingerprint_of(asked)
    for other in (
        evolve(asked, until=AT + timedelta(days=2)),
        evolve(asked, location=LocationId("S1")),
        evolve(asked, lines=(Wanted(sku=Sku("TEE"), units=2),)),
        evolve(asked, lines=(*asked.lines, *asked.lines)),
    ):
        assert fingerprint_of(other) != fingerprint_of(asked)


def test_what_is_said_is_written_as_the_page_says() -> None:
    bought = sale("o1", 0, line("1", 100), profile=None, tenders=[("cash", 100)], channel="web")
    hour = timezone(timedelta(hours=8))
    assert saying(evolve(bought, at=datetime(2026, 1, 5, 8, tzinfo=hour)), without=("id",)) == (
        "{at=25:2026-01-05T00:00:00+00:00channel=3:webcurrency=3:HKDlines=[{amount=100;line=1:1sku=3:TEEunits=1;}]"
        "location=2:S1order=2:o1tenders=[{amount=100;kind=4:cash}]}"
    )


def test_the_saying_of_a_command_names_its_kind() -> None:
    class Other(Command):
        kind: ClassVar[str] = "other"

    assert fingerprint_of(Command(request=RequestId("r"), at=AT)) != fingerprint_of(
        Other(request=RequestId("r"), at=AT)
    )
