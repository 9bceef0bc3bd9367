"""One member across the web, three tills and LINE: every movement of points, with where it comes from and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from attrs import frozen

from omo_adapters.demo.brand import DAYS, at
from omo_adapters.demo.opening import Stage
from omo_adapters.demo.wording import CHANNELS, goods, money, order_name
from omo_core.events import Event
from omo_core.identifiers import ProfileId
from omo_core.loyalty import Account, Line, PointsGranted, PointsRedeemed
from omo_core.members import Link, Member
from omo_core.trade import Refund, Sale

CARD: Final = "4711"
CONFIRMED: Final = at(DAYS[4], 10, 22, 9)
"""When she confirmed her e-mail in the web shop."""
EVE: Final = at(DAYS[3], 23, 30)
"""The evening before."""


@frozen(kw_only=True)
class Step:
    """One line of the story."""

    at: datetime
    where: str
    what: str
    points: str
    balance: str
    tier: str
    """What was spent in twelve months by then, and the tier."""
    why: str


@frozen(kw_only=True)
class Before:
    """What omo took one of the records for, when it did not know yet that they are one person's."""

    record: str
    account: Account


@frozen(kw_only=True)
class Story:
    """The member, and how she came to what she has."""

    name: str
    member: Member
    account: Account
    steps: tuple[Step, ...]
    before: tuple[Before, ...]
    then: Account
    """The same evening, with what is known now."""
    link: Link


def member_story(stage: Stage) -> Story:
    """Tell the story of card 4711."""
    shop = stage.shop
    member = shop.find(card=CARD)[0]
    web = next(profile for profile in member.profiles if profile.startswith("shopify:"))
    list_record = next(profile for profile in member.profiles if profile.startswith("crm:"))
    return Story(
        name=shop.vault.look(list_record).get("name", CARD),
        member=member,
        account=shop.account(member),
        steps=tuple(_steps(stage, member)),
        before=(
            Before(record=f"store card {CARD}", account=_as_known(stage, list_record)),
            Before(record="web account, e-mail not confirmed", account=_as_known(stage, web)),
        ),
        then=shop.account(member, as_of=EVE),
        link=next(link for link in member.links if web in (link.one, link.other)),
    )


def _as_known(stage: Stage, profile: ProfileId) -> Account:
    return stage.shop.account(profile, as_of=EVE, known_at=EVE)


def _steps(stage: Stage, member: Member) -> Iterator[Step]:
    """Give every movement of points in order of time, and between them the moment when two records became one."""
    events: Mapping[str, Event] = {event.id: event for event in stage.shop.history(member)}
    confirmed = False
    for line in stage.shop.statement(member):
        if line.at > CONFIRMED and not confirmed:
            confirmed = True
            yield _confirmation(stage, member)
        yield _step(stage, member, line, events[line.event])


def _confirmation(stage: Stage, member: Member) -> Step:
    account = stage.shop.account(member, as_of=CONFIRMED)
    return Step(
        at=CONFIRMED,
        where="Web shop",
        what="confirms her e-mail",
        points="",
        balance=f"{account.spendable:,}",
        tier=_tier(account),
        why="the store card has the same one: two records are one person",
    )


def _step(stage: Stage, member: Member, line: Line, event: Event) -> Step:
    after = stage.shop.account(member, as_of=line.at)
    balance = f"{after.spendable:,}" if not after.debt else f"owes {after.debt:,}"
    where, what = _said(stage, event)
    why = _why(stage, member, line, event, after)
    points, tier = f"{line.points:+,}", _tier(after)
    return Step(at=line.at, where=where, what=what, points=points, balance=balance, tier=tier, why=why)


def _tier(account: Account) -> str:
    tier = account.tier
    return "" if tier is None else f"{money(tier.spend)} {tier.name}"


def _said(stage: Stage, event: Event) -> tuple[str, str]:
    """Say where something happened, and what."""
    match event:
        case Sale():
            where = CHANNELS.get(event.channel) or stage.name_of(event.location or event.channel)
            return where, goods(event.lines)
        case Refund():
            return "Web shop", f"all of {order_name(event.order)} goes back"
        case PointsRedeemed():
            return stage.name_of(event.actor.removeprefix("till:")), "pays with points"
        case PointsGranted():
            return "Member list", event.reason
        case _:
            return event.source, event.kind


def _why(stage: Stage, member: Member, line: Line, event: Event, after: Account) -> str:
    """Give the reason of one number, in numbers."""
    match event:
        case Sale():
            return _earned(stage, member, line, event, after)
        case Refund():
            owed = f"; most is spent, so {after.debt:,} are owed" if after.debt else ""
            return f"what it earned goes back too{owed}"
        case PointsRedeemed():
            return f"{money(event.amount)}; soonest to expire go first"
        case _:
            return line.rule if not isinstance(event, PointsGranted) else f"granted once, from {event.profile}"


def _earned(stage: Stage, member: Member, line: Line, sale: Sale, after: Account) -> str:
    """Say what of a purchase earned, at which rate."""
    paid = sum(one.amount for one in sale.lines)
    with_points = sum(tender.amount for tender in sale.tenders if tender.kind == "points")
    basis = f"({money(paid)} - {money(with_points)} in points)" if with_points else money(paid)
    debt = stage.shop.account(member, as_of=line.at - timedelta(seconds=1)).debt
    base = (paid - with_points) // 100
    rate = f" x 1.2 as {after.tier.name}" if after.tier is not None and line.points != base else ""
    repaid = f"; repays the {debt:,} owed first" if debt else ""
    return f"{order_name(sale.order)}: {basis}{rate}{repaid}"
