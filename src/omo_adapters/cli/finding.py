"""Finding members, records and identifiers by whatever a clerk has at hand: a phone, an e-mail, a card, an id."""

from __future__ import annotations

import re
from typing import Annotated, Final

import typer
from attrs import frozen

from omo_adapters.cli.exits import BadArgument
from omo_adapters.shop import Shop
from omo_core.errors import Malformed
from omo_core.identifiers import Fingerprint, ProfileId
from omo_core.members import Member

PhoneOption = Annotated[str, typer.Option("--phone", help="By phone number.")]
EmailOption = Annotated[str, typer.Option("--email", help="By e-mail.")]
CardOption = Annotated[str, typer.Option("--card", help="By card number.")]
IdOption = Annotated[str, typer.Option("--id", help="By a record's id, such as crm:88.")]
RecordArgument = Annotated[str, typer.Argument(metavar="RECORD", help="A record's id, such as crm:88.")]
KeyArgument = Annotated[
    str,
    typer.Argument(metavar="KEY", help="An identifier: phone:91234567, email:…, card:4711, line:U8189…; or its hash."),
]
ProviderOption = Annotated[
    str, typer.Option("--provider", help="Who hands that identifier out, where several do: the LINE provider.")
]
_HASHED: Final = re.compile(r"[^:]+:[0-9a-f]{32}")
"""An identifier as the journal knows it."""


@frozen(kw_only=True)
class Sought:
    """Who is looked for, by exactly one of these."""

    anything: str = ""
    """Whatever was given without saying what it is."""
    phone: str = ""
    email: str = ""
    card: str = ""
    id: str = ""


def found(shop: Shop, sought: Sought) -> tuple[Member, ...]:
    """Find everybody who bears what was given, in order of their ids."""
    given = [name for name in ("anything", "phone", "email", "card", "id") if getattr(sought, name)]
    if len(given) != 1:
        raise BadArgument("say who is meant, in one way: a phone, an e-mail, a card or a record's id")
    if sought.id:
        return _by_id(shop, sought.id)
    if sought.anything:
        return _guessed(shop, sought.anything)
    claims = {name: str(getattr(sought, name)) for name in given}
    return shop.find(**claims)


def the_one(shop: Shop, sought: Sought) -> Member | None:
    """Find the one who bears what was given; several are asked to be told apart."""
    members = found(shop, sought)
    if len(members) > 1:
        raise BadArgument(f"{len(members)} members bear that; name one by id: {', '.join(m.id for m in members[:5])}")
    return members[0] if members else None


def _by_id(shop: Shop, name: str) -> tuple[Member, ...]:
    member = shop.member(ProfileId(name))
    return () if member is None else (member,)


def _guessed(shop: Shop, text: str) -> tuple[Member, ...]:
    """Take text for an e-mail, a record's id, a phone or a card: the first that somebody bears."""
    if "@" in text:
        return shop.find(email=text)
    members = _by_id(shop, text)
    for kind in ("phone", "card"):
        if not members:
            try:
                members = shop.find(**{kind: text})
            except Malformed:
                members = ()
    return members


def record_of(shop: Shop, text: str) -> ProfileId:
    """Find the record that is meant: by its own id, else the one member who bears what was given."""
    if shop.member(ProfileId(text)) is not None:
        return ProfileId(text)
    member = the_one(shop, Sought(anything=text))
    if member is None:
        raise BadArgument(f"nobody bears {text[:60]!r}")
    return ProfileId(member.id)


@frozen
class Key:
    """An identifier as it was given."""

    kind: str
    fingerprint: Fingerprint


def key_of(shop: Shop, text: str, provider: str = "") -> Key:
    """Read an identifier: ``phone:91234567``, a bare e-mail or phone, or the hash that explanations show."""
    kind, told, value = text.partition(":")
    if _HASHED.fullmatch(text) and not provider:
        return Key(kind, Fingerprint(text))
    kinds = {rule.kind for rule in shop.rules.identity.keys}
    if not told or kind not in kinds:
        kind, value = ("email" if "@" in text else "phone"), text
    try:
        return Key(kind, shop.fingerprint(kind, value, provider))
    except Malformed as complaint:
        known = ", ".join(sorted(kinds))
        hint = "" if told else f"; say what it is, such as card:{text[:40]} (there are {known})"
        raise BadArgument(f"{text[:60]!r}: {complaint}{hint}") from None
