"""``omo member``: a member's card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from omo_adapters.cli.cards import ClaimView, MemberCard, Wanted, member_card, why_linked
from omo_adapters.cli.exits import Exit
from omo_adapters.cli.finding import CardOption, EmailOption, IdOption, PhoneOption, Sought, found
from omo_adapters.cli.points import ProgrammeOption, counted, moved, programme_of, shown
from omo_adapters.cli.session import (
    DEFAULT_DB,
    AsOfOption,
    DbOption,
    JsonOption,
    KnownAtOption,
    Session,
    WhyOption,
    opened,
)
from omo_adapters.cli.telling import amount, last_day, moment, number, plain, table, tell
from omo_adapters.cli.tiers import became, tier_lines
from omo_core.loyalty import Line, Programme

DECIDED: Final[Mapping[str, str]] = {
    "only": "no other record says anything",
    "source": "its source is more trusted",
    "newest": "it is the newest",
    "oldest": "it is the oldest",
    "longest": "it says most",
    "id": "of two alike, the smaller id",
}
"""Why a record is believed about a field, in words."""


def member(  # noqa: PLR0913  (a command's parameters are its options)
    who: Annotated[str, typer.Argument(metavar="[WHO]", help="A phone, an e-mail, a card or a record's id.")] = "",
    *,
    phone: PhoneOption = "",
    email: EmailOption = "",
    card: CardOption = "",
    record: IdOption = "",
    why: WhyOption = False,
    as_of: AsOfOption = "",
    known_at: KnownAtOption = "",
    reveal: Annotated[bool, typer.Option("--reveal", help="Show personal data in full.")] = False,
    programme: ProgrammeOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Show a member: records, points, tier, and what they bought. Several may bear one phone."""
    sought = Sought(anything=who, phone=phone, email=email, card=card, id=record)
    with opened(db) as session:
        wanted = Wanted(
            as_of=session.instant(as_of, "--as-of"),
            known_at=session.instant(known_at, "--known-at"),
            why=why,
            reveal=reveal,
            programme=programme_of(session, programme).name,
        )
        cards = [member_card(session, one, wanted) for one in found(session.shop, sought)]
        tell({"members": cards}, lambda out: _show_all(out, session, cards, why=why), as_json=as_json)
    if not cards:
        raise typer.Exit(Exit.NO)


def _show_all(out: Console, session: Session, cards: list[MemberCard], *, why: bool) -> None:
    if not cards:
        out.print("Nobody bears that.")
    for card in cards:
        _show(out, session, card, why=why)


def _show(out: Console, session: Session, card: MemberCard, *, why: bool) -> None:
    zone = session.zone
    name = next((each.value for each in card.known if each.field == "name"), "")
    out.print(f"Member {plain(card.member.id)}  {plain(name)}".rstrip())
    for line in _about(card, session):
        out.print(f"  {line}")
    _show_records(out, card, zone)
    if why:
        _show_known(out, card)
        for link in card.member.links:
            out.print(f"  {plain(why_linked(link))}")
    programme = session.shop.programme(card.programme)
    _show_lots(out, card, programme)
    _show_statement(out, card, zone, programme)
    _show_orders(out, card, zone)


def _about(card: MemberCard, session: Session) -> list[str]:
    account, zone, programme = card.account, session.zone, session.shop.programme(card.programme)
    balance = f"{counted(account.spendable, programme)} to spend"
    parts = [(account.pending, "not usable yet"), (account.held, "held"), (account.debt, "owed")]
    balance += "".join(f", {counted(count, programme)} {what}" for count, what in parts if count)
    lines = [f"{balance} (as of {moment(account.as_of, zone)})"]
    sums = [("earned", account.earned), ("spent", account.spent), ("expired", account.expired)]
    sums.append(("clawed back", account.clawed_back))
    lines.append(", ".join(f"{what} {counted(count, programme)}" for what, count in sums))
    lines += tier_lines(account.tier, zone) if account.tier is not None else ()
    consents = ", ".join(f"{channel} {'yes' if yes else 'no'}" for channel, yes in card.member.consents)
    lines += [f"marketing: {plain(consents)}"] if consents else []
    told = [note for note in card.notes if note.words]
    lines += [f"note of {moment(note.at, zone)}: {plain(' '.join(note.words.split()))}" for note in told]
    lines += [f"{number(len(card.notes))} notes; --reveal shows them"] if card.notes and not told else []
    lines += [f"tags: {plain(', '.join(card.member.tags))}"] if card.member.tags else []
    return lines


def _show_records(out: Console, card: MemberCard, zone: ZoneInfo) -> None:
    rows = []
    for record in card.records:
        claims = ", ".join(map(_borne, record.claims))
        rows.append((record.profile, moment(record.seen_at, zone), "deleted" if record.deleted else "", claims))
    out.print(table(("record", "since", "", "bears"), rows))


def _borne(claim: ClaimView) -> str:
    """Say what a record bears: ``line …95 of brandA (import)``."""
    whose = f" of {plain(claim.provider)}" if claim.provider else ""
    return f"{claim.kind} {claim.value}".strip() + f"{whose} ({claim.proof})"


def _show_known(out: Console, card: MemberCard) -> None:
    if card.known:
        rows = [(each.field, each.value, each.profile, DECIDED[each.decided]) for each in card.known]
        out.print(table(("known", "", "says", "because"), rows))


def _show_lots(out: Console, card: MemberCard, programme: Programme) -> None:
    lots = card.account.lots
    if lots:
        rows = [
            (
                lot.id,
                shown(lot.left, programme),
                last_day(lot.expires_at, programme.zone),
                moment(lot.usable_from, programme.zone) * lot.pending,
            )
            for lot in lots
        ]
        out.print(table(("points from", "left#", "last usable day", "usable from"), rows))


def _show_statement(out: Console, card: MemberCard, zone: ZoneInfo, programme: Programme) -> None:
    if card.statement:
        rows = [
            (
                moment(line.at, zone),
                became(line, programme),
                moved(line.points, programme),
                shown(line.balance, programme),
                line.event,
                _rule(line),
            )
            for line in card.statement
        ]
        out.print(table(("when", "what", "points#", "balance#", "because of", "by the rule"), rows))
    if len(card.statement) < card.statement_lines:
        out.print(f"  the last {len(card.statement)} of {card.statement_lines} movements; --why shows all")


def _rule(line: Line) -> str:
    """Name a rule with its version: ``2026: earning``."""
    return f"{line.version}: {line.rule}" if line.version else line.rule


def _show_orders(out: Console, card: MemberCard, zone: ZoneInfo) -> None:
    if card.orders:
        rows = [
            (
                moment(order.at, zone),
                order.order,
                order.channel,
                order.state.replace("_", " "),
                amount(order.amount, order.currency) if order.currency else "",
                amount(order.refunded, order.currency) if order.refunded and order.currency else "",
            )
            for order in card.orders
        ]
        out.print(table(("when", "order", "channel", "state", "paid#", "given back#"), rows))
    if len(card.orders) < card.orders_all:
        out.print(f"  the last {len(card.orders)} of {card.orders_all} orders; --why shows all")
