"""One row of a member list, whatever file it stood in: a customer record in one of its versions.

A record is ``<source>:<member id>``. Its version is the row's own ``updated_at``, else the instant that the file as a
whole is of. Identifiers are taken as verified by whoever kept the list, unless the row says that they are not.

A balance of points is an opening balance and is granted once per record: of several files that state one, the
earliest counts, so that importing a later export does not grant again what was earned in between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from attrs import evolve, field, frozen

from omo_adapters.identifiers import claim_key
from omo_adapters.inbound import Context, Outcome, Personal, Understood
from omo_adapters.names.traits import Name
from omo_adapters.tables.values import day_of, instant_of, whole_of, yes_or_no
from omo_core.errors import Malformed
from omo_core.events import VERSION_MAX
from omo_core.identifiers import EventId, ProfileId
from omo_core.instants import micros
from omo_core.loyalty.events import PointsGranted
from omo_core.members import Claim, ProfileSeen
from omo_core.members.events import Proof

KEYS: Final = ("card", "phone", "email", "line", "whatsapp", "app", "shopify")
"""The identifiers that a row has columns for, in the order in which they stand on a record."""
_CHANNELS: Final = ("email", "line", "sms", "whatsapp")
_BETWEEN_TAGS: Final = re.compile(r"[,;|，；、]")


@frozen(kw_only=True)
class Borne:
    """An identifier as a row states it."""

    kind: str
    value: str
    proof: str = "import"
    provider: str = ""
    since: str = ""
    until: str = ""
    seen: str = ""
    place: str = ""
    """Where it stood, for complaints: ``claims[2]``; empty for one in columns."""

    def where(self, name: str) -> str:
        """Name the place of one of its parts."""
        return f"{self.place}.{name}" if self.place else "last_seen_at" if name == "seen" else self.kind


@frozen(kw_only=True)
class MemberRow:
    """What a row says, before anything is made of it."""

    cells: Mapping[str, str]
    """By column, trimmed; empty ones are left out."""
    tags: tuple[str, ...] = ()
    """Those that came as a list; a cell may have more."""
    borne: tuple[Borne, ...] = field(default=())
    """Identifiers beside those in columns."""


def member_outcome(row: MemberRow, context: Context, source: str, as_of: datetime | None) -> Outcome:
    """Say what a row means; ``as_of`` is the instant that the file is of, for rows that do not say."""
    cells = row.cells
    profile = ProfileId(f"{source}:{cells.get('record', '')}")
    if "record" not in cells:
        raise Malformed("record", "is empty")
    updated = _instant(cells, "updated_at", context) or as_of
    if updated is None:
        raise Malformed("updated_at", "is empty, and the file states no instant of its own")
    notes: list[str] = []
    borne = _read(row, context, notes)
    seen = ProfileSeen(
        id=EventId(f"profile/{profile}"),
        at=_instant(cells, "joined_at", context) or as_of or updated,
        version=micros(updated),
        source=source,
        profile=profile,
        claims=tuple(_claim(each, context) for each in borne),
        consents=_consents(cells),
        tags=_tags(row),
        updated_at=updated,
    )
    name = Name(text=cells.get("name", ""), first=cells.get("first_name", ""), last=cells.get("last_name", ""))
    opening = _opening(cells, profile, seen.source, as_of or updated, context)
    events = (seen, *context.traits(seen, name), *opening)
    for event in events:
        event.check()
    personal = Personal(profile=profile, version=seen.version, fields=_personal(cells, borne, name))
    return Understood(events=events, personal=(personal,), notes=tuple(notes))


def _instant(cells: Mapping[str, str], name: str, context: Context) -> datetime | None:
    return instant_of(cells[name], context.zone, name) if name in cells else None


def _read(row: MemberRow, context: Context, notes: list[str]) -> tuple[Borne, ...]:
    """Bring identifiers to their one spelling; what can't be read is left out and noted, so that points don't wait."""
    found: dict[tuple[str, str, str], Borne] = {}
    for each in (*_in_columns(row), *row.borne):
        try:
            value = claim_key(each.kind, each.value, context.region)
        except Malformed as complaint:
            notes.append(f"{each.place or each.kind}: {complaint.why}")
        else:
            found.setdefault((each.kind, value, each.provider), evolve(each, value=value))
    return tuple(found.values())


def _in_columns(row: MemberRow) -> Iterator[Borne]:
    cells, last = row.cells, row.cells.get("last_seen_at", "")
    for kind in KEYS:
        if kind in cells:
            told = f"{kind}_verified"
            checked = told not in cells or yes_or_no(cells[told], told)
            provider = cells.get("line_provider", "") if kind == "line" else ""
            proof = "import" if checked else "typed"
            yield Borne(kind=kind, value=cells[kind], proof=proof, provider=provider, seen=last)


def _claim(borne: Borne, context: Context) -> Claim:
    since, until, seen = (
        instant_of(text, context.zone, borne.where(name)) if text else None
        for name, text in (("since", borne.since), ("until", borne.until), ("seen", borne.seen))
    )
    return Claim(
        kind=borne.kind,
        fingerprint=context.fingerprint(borne.kind, borne.value, borne.provider),
        proof=_proof(borne.proof),
        provider=borne.provider,
        since=since,
        until=until,
        seen=seen,
    )


def _proof(text: str) -> Proof:
    return text  # type: ignore[return-value]  # Claim.check knows the proofs


def _personal(cells: Mapping[str, str], borne: tuple[Borne, ...], named: Name) -> dict[str, str]:
    """Give what belongs into the vault; of several identifiers of one kind the further ones are numbered."""
    fields = {"name": named.whole} if named.whole else {}
    fields.update((name, cells[name]) for name in ("first_name", "last_name") if name in cells)
    for each in borne:
        count = sum(other.kind == each.kind for other in borne[: borne.index(each)])
        name = f"{each.kind}_{count + 1}" if count else each.kind
        fields[name] = each.value
        if each.provider:
            fields[f"{name}_provider"] = each.provider
    if "birthday" in cells:
        fields["birthday"] = day_of(cells["birthday"], "birthday").isoformat()
    return fields


def _consents(cells: Mapping[str, str]) -> tuple[tuple[str, bool], ...]:
    return tuple(
        (channel, yes_or_no(cells[f"consent_{channel}"], f"consent_{channel}"))
        for channel in _CHANNELS
        if f"consent_{channel}" in cells
    )


def _tags(row: MemberRow) -> tuple[str, ...]:
    tags = (tag.strip() for tag in (*_BETWEEN_TAGS.split(row.cells.get("tags", "")), *row.tags))
    return tuple(sorted({tag for tag in tags if tag}))


def _opening(
    cells: Mapping[str, str], profile: ProfileId, source: str, at: datetime, context: Context
) -> tuple[PointsGranted, ...]:
    points = whole_of(cells["points"], "points") if "points" in cells else 0
    if not points:
        return ()
    granted = PointsGranted(
        id=EventId(f"points/{profile}/opening"),
        at=at,
        version=VERSION_MAX - micros(at),
        source=source,
        profile=profile,
        points=points,
        expires_at=_instant(cells, "points_expire_at", context) if points > 0 else None,
        reason="opening balance",
    )
    return (granted,)
