"""Members from a CSV file: what a CRM or an older membership system exports.

Each row is one version of one customer record, ``<source>:<member id>``. The version is the row's own ``updated_at``,
else the instant that the file as a whole is of. Identifiers are taken as verified by whoever kept the list.

A balance of points is an opening balance and is granted once per record: of several files that state one, the
earliest counts, so that importing a later export does not grant again what was earned in between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import BinaryIO, Final

from omo_adapters.identifiers import card_key, email_key, phone_e164
from omo_adapters.inbound import Context, Outcome, Parcel, Personal, Understood, understand
from omo_adapters.tables.reading import Row, Table, read_rows
from omo_adapters.tables.values import day_of, instant_of, whole_of, yes_or_no
from omo_core.errors import Malformed
from omo_core.events import VERSION_MAX
from omo_core.identifiers import EventId, ProfileId
from omo_core.instants import micros
from omo_core.loyalty.events import PointsGranted
from omo_core.members import Claim, ProfileSeen

MEMBERS: Final = Table(
    columns={
        "record": (
            "member_id",
            "id",
            "member no",
            "customer id",
            "會員編號",
            "会员编号",
            "會員號碼",
            "客戶編號",
            "顧客編號",
        ),
        "card": ("card number", "member card", "barcode", "卡號", "會員卡號", "会员卡号", "卡号"),
        "phone": (
            "mobile",
            "phone number",
            "tel",
            "電話",
            "手機",
            "手機號碼",
            "手提電話",
            "聯絡電話",
            "电话",
            "手机",
            "手机号",
        ),
        "email": ("e-mail", "email address", "電郵", "電郵地址", "電子郵件", "电子邮箱", "邮箱"),
        "line": ("line id", "line user id", "line uid"),
        "name": ("full name", "姓名", "名稱", "會員姓名", "会员姓名"),
        "birthday": ("date of birth", "dob", "birth date", "生日", "出生日期"),
        "joined_at": (
            "joined",
            "joined on",
            "registered at",
            "created at",
            "入會日期",
            "註冊日期",
            "注册日期",
            "入会日期",
        ),
        "updated_at": ("updated", "modified at", "更新時間", "更新日期", "更新时间"),
        "points": ("balance", "points balance", "積分", "點數", "積分餘額", "點數餘額", "积分", "积分余额"),
        "points_expire_at": ("points expiry", "points expire on", "積分到期日", "點數到期日", "积分到期日"),
        "tags": ("tag", "labels", "標籤", "标签"),
        "consent_email": ("accepts email", "email marketing", "電郵推廣", "電郵訂閱"),
        "consent_sms": ("accepts sms", "sms marketing", "短訊推廣", "簡訊行銷"),
        "consent_line": ("accepts line", "line marketing", "line推廣"),
    },
    required=("record",),
)
"""The columns of a member list, and what other systems call them."""

_PERSONAL: Final = ("name", "email", "phone", "birthday", "card", "line")
_BETWEEN_TAGS: Final = re.compile(r"[,;|，；、]")


def read_members(
    stream: BinaryIO,
    context: Context,
    *,
    source: str = "crm",
    as_of: datetime | None = None,
    encoding: str | None = None,
) -> Iterator[Parcel]:
    """Read members row by row; raise ``Malformed`` only when the file as a whole is no member list.

    ``as_of`` is the instant that the file is of, for rows that do not say when they were updated.
    """
    for row in read_rows(stream, MEMBERS, encoding):
        result = row.wrong or _outcome(row, context, source, as_of)
        yield Parcel(kind="csv:members", place=f"row {row.number}", raw=row.raw, outcome=result)


def _outcome(row: Row, context: Context, source: str, as_of: datetime | None) -> Outcome:
    def translate() -> Outcome:
        try:
            return _member(row.cells, context, source, as_of)
        except Malformed as complaint:
            raise complaint.under(f"row {row.number}") from None

    return understand(translate)


def _member(cells: Mapping[str, str], context: Context, source: str, as_of: datetime | None) -> Outcome:
    profile = ProfileId(f"{source}:{cells.get('record', '')}")
    if "record" not in cells:
        raise Malformed("record", "is empty")
    updated = _instant(cells, "updated_at", context) or as_of
    if updated is None:
        raise Malformed("updated_at", "is empty, and the file states no instant of its own")
    plain, notes = _plain(cells, context)
    seen = ProfileSeen(
        id=EventId(f"profile/{profile}"),
        at=_instant(cells, "joined_at", context) or as_of or updated,
        version=micros(updated),
        source=source,
        profile=profile,
        claims=_claims(plain, context),
        consents=_consents(cells),
        tags=_tags(cells),
    )
    events = (seen, *_opening(cells, profile, seen.source, as_of or updated, context))
    for event in events:
        event.check()
    personal = Personal(profile=profile, version=seen.version, fields=plain)
    return Understood(events=events, personal=(personal,), notes=notes)


def _instant(cells: Mapping[str, str], name: str, context: Context) -> datetime | None:
    return instant_of(cells[name], context.zone, name) if name in cells else None


def _plain(cells: Mapping[str, str], context: Context) -> tuple[dict[str, str], tuple[str, ...]]:
    """Give the personal fields, identifiers in their one spelling; those that can't be read are left out and noted."""
    fields = {name: cells[name] for name in _PERSONAL if name in cells}
    notes: list[str] = []
    spellings = (
        ("phone", lambda given: phone_e164(given, context.region)),
        ("email", email_key),
        ("card", card_key),
    )
    for name, spelling in spellings:
        if name in fields:
            try:
                fields[name] = spelling(fields[name])
            except Malformed as complaint:
                del fields[name]
                notes.append(str(complaint))
    if "birthday" in fields:
        fields["birthday"] = day_of(fields["birthday"], "birthday").isoformat()
    return fields, tuple(notes)


def _claims(plain: Mapping[str, str], context: Context) -> tuple[Claim, ...]:
    return tuple(
        Claim(kind=kind, fingerprint=context.fingerprint(kind, plain[kind]), proof="import")
        for kind in ("card", "phone", "email", "line")
        if kind in plain
    )


def _consents(cells: Mapping[str, str]) -> tuple[tuple[str, bool], ...]:
    return tuple(
        (channel, yes_or_no(cells[f"consent_{channel}"], f"consent_{channel}"))
        for channel in ("email", "line", "sms")
        if f"consent_{channel}" in cells
    )


def _tags(cells: Mapping[str, str]) -> tuple[str, ...]:
    tags = (tag.strip() for tag in _BETWEEN_TAGS.split(cells.get("tags", "")))
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
