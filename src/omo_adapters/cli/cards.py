"""A member's card: who it is, why that is one person, what they have and what they did."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from attrs import evolve, frozen

from omo_adapters.cli.session import Session
from omo_adapters.knowing import Known
from omo_adapters.member_questions import plain_values
from omo_adapters.wording import Note, notes, tags
from omo_core.events import Event, current
from omo_core.fulfilment import Order
from omo_core.identifiers import EventId, OrderId, ProfileId, profile_stream
from omo_core.instants import EPOCH
from omo_core.loyalty import Account, Line
from omo_core.members import Claim, Link, Member, ProfileSeen
from omo_core.members.observing import Observed, observe
from omo_core.trade import Sale

RECENT = 10
"""So many lines of the statement, and orders, are shown unless all are asked for."""


@frozen(kw_only=True)
class ClaimView:
    """An identifier on a record."""

    kind: str
    value: str
    """From the vault, masked unless it was asked for in full; empty when the vault does not have it."""
    proof: str
    since: datetime | None
    until: datetime | None
    provider: str
    """Whose identifier it is, where several hand out their own."""


@frozen(kw_only=True)
class RecordView:
    """One record of one source."""

    profile: ProfileId
    name: str
    seen_at: datetime | None
    """When the record was made; none for one that was only ever bought on."""
    deleted: bool
    claims: tuple[ClaimView, ...]


@frozen(kw_only=True)
class KnownView:
    """What counts about one field of a member, and by whose word."""

    field: str
    value: str
    """Masked unless it was asked for in full."""
    profile: ProfileId
    event: EventId
    """The document that it came with, and its version."""
    version: int
    decided: str
    among: int


@frozen(kw_only=True)
class OrderLine:
    """A purchase in one line."""

    order: OrderId
    at: datetime | None
    channel: str
    state: str
    amount: int
    refunded: int
    currency: str


@frozen(kw_only=True)
class MemberCard:
    """Everything about one member."""

    member: Member
    known: tuple[KnownView, ...]
    """Of each field the word that counts, by the shop's rules."""
    records: tuple[RecordView, ...]
    programme: str
    """Whose points, tier and statement these are."""
    account: Account
    statement: tuple[Line, ...]
    """Movements of points, oldest first; the most recent ones, or all with ``--why``."""
    statement_lines: int
    orders: tuple[OrderLine, ...]
    orders_all: int
    notes: tuple[Note, ...] = ()
    """What staff wrote about them, oldest first; words only where they were asked for in full."""


@frozen(kw_only=True)
class Wanted:
    """How a card is asked for."""

    as_of: datetime | None = None
    known_at: datetime | None = None
    why: bool = False
    reveal: bool = False
    programme: str = ""
    """Which points, where the shop has several kinds; empty: the main ones."""


def member_card(session: Session, member: Member, wanted: Wanted) -> MemberCard:
    """Put a member's card together."""
    shop = session.shop
    history = shop.history(member)
    lines = shop.statement(member, programme=wanted.programme, as_of=wanted.as_of, known_at=wanted.known_at)
    until = wanted.as_of or shop.now()
    names = _order_names(event for event in history if event.at <= until)
    shown = len(names) if wanted.why else RECENT
    return MemberCard(
        member=evolve(member, tags=tags(shop, member)),
        known=tuple(_known(each, reveal=wanted.reveal) for each in shop.known(member)),
        records=tuple(_record(session, profile, wanted.known_at, reveal=wanted.reveal) for profile in member.profiles),
        programme=shop.programme(wanted.programme).name,
        account=shop.account(member, programme=wanted.programme, as_of=wanted.as_of, known_at=wanted.known_at),
        statement=lines if wanted.why else lines[-RECENT:],
        statement_lines=len(lines),
        orders=tuple(_order(shop.order(name, as_of=wanted.as_of, known_at=wanted.known_at)) for name in names[-shown:]),
        orders_all=len(names),
        notes=tuple(each if wanted.reveal else evolve(each, words="") for each in notes(shop, member.profiles)),
    )


def _order_names(history: Iterable[Event]) -> list[OrderId]:
    return list(dict.fromkeys(event.order for event in history if isinstance(event, Sale)))


def _order(found: Order) -> OrderLine:
    sale = found.sale
    return OrderLine(
        order=found.order,
        at=found.placed_at,
        channel=sale.channel if sale else "",
        state=found.state,
        amount=sum(line.amount for line in found.lines) + (sale.shipping if sale else 0),
        refunded=found.refunded,
        currency=sale.currency if sale else "",
    )


def _known(known: Known, *, reveal: bool) -> KnownView:
    return KnownView(
        field=known.field,
        value=known.value if reveal else masked_field(known.field, known.value),
        profile=known.profile,
        event=known.event,
        version=known.version,
        decided=known.decided,
        among=known.among,
    )


def _record(session: Session, profile: ProfileId, known_at: datetime | None, *, reveal: bool) -> RecordView:
    """Show a record with what it bears by now: as its source says, and as was settled since."""
    shop = session.shop
    events = shop.journal.read((profile_stream(profile),), known_at=known_at).events
    mine = [event for event in current(events) if isinstance(event, ProfileSeen) and event.profile == profile]
    observed, values = observe(events), plain_values(shop, [profile])
    gone = mine[-1].claims if mine and profile in observed.erased else ()
    claims = (*observed.claims.get(profile, {}).values(), *gone)
    name = shop.vault.look(profile).get("name", "")
    return RecordView(
        profile=profile,
        name=name if reveal else masked_name(name),
        seen_at=_made_at(observed, profile) if mine else None,
        deleted=mine[-1].deleted if mine else False,
        claims=tuple(_claim(claim, values.get(claim.fingerprint, ""), reveal=reveal) for claim in claims),
    )


def _made_at(observed: Observed, profile: ProfileId) -> datetime:
    _, born = observed.ages[profile]
    return EPOCH + timedelta(microseconds=born)


def _claim(claim: Claim, value: str, *, reveal: bool) -> ClaimView:
    return ClaimView(
        kind=claim.kind,
        value=value if reveal else masked(value),
        proof=claim.proof,
        since=claim.since,
        until=claim.until,
        provider=claim.provider,
    )


def masked(value: str) -> str:
    """Show enough of an identifier to recognise it, and too little to use it."""
    if "@" in value:
        local, _, domain = value.rpartition("@")
        return f"{local[:1]}…@{domain}"
    if len(value) <= 4:
        return "…" if value else ""
    return f"{value[:4] if value.startswith('+') else ''}…{value[-2:]}"


def masked_field(field: str, value: str) -> str:
    """Show a name's initials, enough of an identifier to recognise it, and nothing of anything else."""
    if field == "name":
        return masked_name(value)
    return masked(value) if field.partition("_")[0] in ("email", "phone", "card", "line") else "…"


def masked_name(name: str) -> str:
    """Show a name's initials."""
    return " ".join(f"{part[:1]}…" for part in name.split())


def why_linked(link: Link) -> str:
    """Say in words why two records are one person."""
    how = f"by what somebody said ({link.evidence})" if link.by == "joined" else f"by the same {link.by}"
    return f"{link.one} and {link.other} are one person {how}"
