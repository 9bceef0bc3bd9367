"""``omo why``, ``omo why-not`` and ``omo what-if-without``: how it comes that records are one member, or are not."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from omo_adapters.cli.exits import BadArgument, Exit
from omo_adapters.cli.finding import ProviderOption, key_of, record_of
from omo_adapters.cli.member_documents import Names, effect_document, shown, why_document, why_not_document
from omo_adapters.cli.points import counted
from omo_adapters.cli.session import DEFAULT_DB, DbOption, JsonOption, Session, opened
from omo_adapters.cli.telling import plain, tell
from omo_adapters.member_questions import Effect, Worth, effect_without, explain, plain_values
from omo_core.events import Event
from omo_core.identifiers import EventId, ProfileId
from omo_core.members.explaining import Why, WhyNot, in_words

OneArgument = Annotated[str, typer.Argument(metavar="A", help="A record's id, or a phone, an e-mail, a card.")]
OtherArgument = Annotated[str, typer.Argument(metavar="B", help="The other one.")]
RevealOption = Annotated[bool, typer.Option("--reveal", help="Show identifiers in full.")]


def why(
    one: OneArgument,
    other: OtherArgument,
    *,
    reveal: RevealOption = False,
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Say why two records are one member: the chain of links that made them one, and what it hangs on."""
    if not _told(db, (one, other), Why, reveal=reveal, as_json=as_json):
        raise typer.Exit(Exit.NO)


def why_not(
    one: OneArgument,
    other: OtherArgument,
    *,
    reveal: RevealOption = False,
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Say what keeps two records from being one member, and what would change it."""
    if not _told(db, (one, other), WhyNot, reveal=reveal, as_json=as_json):
        raise typer.Exit(Exit.NO)


def _told(db: Path, pair: tuple[str, str], hoped: type[Why | WhyNot], *, reveal: bool, as_json: bool) -> bool:
    """Explain two records, and say whether it is what was asked for."""
    with opened(db) as session:
        one, other = (record_of(session.shop, text) for text in pair)
        if one == other:
            raise BadArgument(f"{pair[0][:60]!r} and {pair[1][:60]!r} are one record")
        found = explain(session.shop, one, other)
        names = _names(session, (one, other), reveal=reveal)
    together = isinstance(found, Why)
    document = {
        "one": one,
        "other": other,
        "together": together,
        "why": why_document(found, names) if isinstance(found, Why) else None,
        "why_not": why_not_document(found, names) if isinstance(found, WhyNot) else None,
        "says": in_words(found, names),
    }
    tell(document, lambda out: out.print(plain(in_words(found, names))), as_json=as_json)
    return isinstance(found, hoped)


def what_if_without(
    claim: Annotated[
        str,
        typer.Argument(metavar="CLAIM", help="An identifier, such as phone:91234567, or the id of a statement."),
    ],
    *,
    provider: ProviderOption = "",
    reveal: RevealOption = False,
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Show who would be parted without one identifier or one statement, and what each would have. Nothing changes."""
    with opened(db) as session:
        evidence, records = _about(session, claim, provider)
        if not records:
            tell(
                {"without": evidence, "known": False},
                lambda out: out.print(plain(f"No record bears {claim[:60]}.")),
                as_json=as_json,
            )
            raise typer.Exit(Exit.NO)
        effect = effect_without(session.shop, evidence, records)
        names = _names(session, records, reveal=reveal)
        document = {**effect_document(effect, names), "known": True, "says": in_words(effect.found, names)}
        tell(document, lambda out: _show(out, session, effect, names), as_json=as_json)


def _about(session: Session, claim: str, provider: str) -> tuple[str, tuple[ProfileId, ...]]:
    """Give what is taken away, and the records that it says something of."""
    statement = session.shop.document(EventId(claim))
    if statement:
        return claim, tuple(dict.fromkeys(record for event in statement for record in _records(event)))
    key = key_of(session.shop, claim, provider).fingerprint
    return key, session.shop.bearers(key)


def _records(event: Event) -> Iterable[ProfileId]:
    streams = (*event.homes, *event.streams)
    return (ProfileId(name.removeprefix("profile/")) for name in streams if name.startswith("profile/"))


def _names(session: Session, records: Iterable[ProfileId], *, reveal: bool) -> Names:
    members = (session.shop.member(record) for record in records)
    profiles = dict.fromkeys(profile for member in members if member is not None for profile in member.profiles)
    return shown(plain_values(session.shop, profiles), reveal=reveal)


def _show(out: Console, session: Session, effect: Effect, names: Names) -> None:
    out.print(plain(in_words(effect.found, names)))
    for programme in dict.fromkeys(each.programme for each in effect.before):
        now, then = (_have(session, worths, programme) for worths in (effect.before, effect.after))
        out.print(plain(f"  {programme}: now {now}; then {then}"))


def _have(session: Session, worths: Iterable[Worth], programme: str) -> str:
    """Say what each member has of one programme; a debt is less than nothing."""
    kept = session.shop.programme(programme)
    mine = (each for each in worths if each.programme == programme)
    return ", ".join(f"{each.member} {counted(each.spendable - each.debt, kept)}" for each in mine)
