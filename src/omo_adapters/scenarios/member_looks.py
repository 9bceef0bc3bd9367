"""What a scenario expects of members, compared with their account and their records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from omo_adapters.scenarios.book_looks import redeemable_looks
from omo_adapters.scenarios.expecting import LineExpected, LotExpected, MemberExpected
from omo_adapters.scenarios.looking import Look, Moment, names_of, pairs_of, told, written
from omo_adapters.scenarios.scene import Scene
from omo_adapters.written import Written
from omo_core.identifiers import ProfileId
from omo_core.instants import FOREVER
from omo_core.loyalty import Account, Line, LotView, TierView
from omo_core.loyalty.expiring import last_usable_day

ACCOUNT: Final[Mapping[str, Callable[[Account], int]]] = MappingProxyType(
    {
        "balance": lambda account: account.spendable + account.pending + account.held - account.debt,
        "spendable": lambda account: account.spendable,
        "pending": lambda account: account.pending,
        "held": lambda account: account.held,
        "given": lambda account: account.given,
        "debt": lambda account: account.debt,
        "earned": lambda account: account.earned,
        "spent": lambda account: account.spent,
        "expired": lambda account: account.expired,
        "clawed_back": lambda account: account.clawed_back,
        "returned_expired": lambda account: account.returned_expired,
        "forgiven": lambda account: account.forgiven,
    }
)
TIER_NAMES: Final[Mapping[str, Callable[[TierView], str]]] = MappingProxyType(
    {
        "tier": lambda tier: tier.name,
        "next_tier": lambda tier: tier.next,
        "projected": lambda tier: tier.projected,
        "missing_points": lambda tier: str(tier.to_reach.points),
        "missing_visits": lambda tier: str(tier.to_reach.visits),
        "tier_points": lambda tier: str(tier.points),
        "tier_visits": lambda tier: str(tier.visits),
        "to_keep_points": lambda tier: str(tier.to_keep.points),
        "to_keep_visits": lambda tier: str(tier.to_keep.visits),
    }
)
TIER_MONEY: Final[Mapping[str, Callable[[TierView], int]]] = MappingProxyType(
    {
        "tier_spend": lambda tier: tier.spend,
        "missing": lambda tier: tier.missing,
        "to_keep": lambda tier: tier.to_keep.spend,
    }
)
TIER_MOMENTS: Final[Mapping[str, Callable[[TierView], datetime | None]]] = MappingProxyType(
    {"tier_since": lambda tier: tier.since, "tier_until": lambda tier: tier.until}
)


def member_looks(moment: Moment, record: str, expected: MemberExpected, programme: str = "") -> Iterator[Look]:
    """Compare what is expected of the member that bears a record, in the order written."""
    where, account = f"members.{record}", moment.account(record, programme)
    where += f".programmes.{programme}" if programme else ""
    because: tuple[str, ...] | None = None
    for field, value in written(expected).items():
        if field in TABLES:
            yield from TABLES[field](moment, record, programme, expected)
        elif field == "programmes":
            for name, there in (expected.programmes or {}).items():
                yield from member_looks(moment, record, there, name)
        else:
            wanted, actual = _of_account(moment, account, field, value) or _of_member(moment, record, field, value)
            if wanted != actual and because is None and field in ACCOUNT:
                because = tuple(_told_line(line, moment.scene) for line in moment.statement(record, programme))
            yield Look(where=f"{where}.{field}", expected=wanted, actual=actual, because=because or ())


def _of_account(moment: Moment, account: Account, field: str, value: object) -> tuple[str, str] | None:
    """Give what is expected and what is, for what the account says."""
    if field in ACCOUNT:
        return str(value), str(ACCOUNT[field](account))
    tier = account.tier
    if field in TIER_NAMES:
        return str(value), "no tiers in this programme" if tier is None else TIER_NAMES[field](tier)
    if field in TIER_MONEY and isinstance(value, Written):
        actual = "no tiers in this programme" if tier is None else moment.money(TIER_MONEY[field](tier))
        return moment.money(moment.scene.money(value, field)), actual
    if field in ("holds", "counted"):
        return _listed(field, value, account)
    if field == "tier_through":
        day = None if tier is None else last_usable_day(tier.until or FOREVER, moment.scene.zone)
        return str(value), "never" if day is None else day.isoformat()
    if field in TIER_MOMENTS and isinstance(value, date):
        actual = "no tiers in this programme" if tier is None else moment.told(TIER_MOMENTS[field](tier))
        return moment.told(moment.scene.instant(value, field)), actual
    return None


def _listed(field: str, value: object, account: Account) -> tuple[str, str]:
    """Give holds and counted orders, in order of name."""
    if field == "holds" and isinstance(value, dict):
        return pairs_of(value), pairs_of({hold.hold: hold.points for hold in account.holds})
    counted = () if account.tier is None else account.tier.counted
    return names_of(value if isinstance(value, tuple) else ()), names_of(counted)


def _of_member(moment: Moment, record: str, field: str, value: object) -> tuple[str, str]:
    """Give what is expected and what is, for who the member is."""
    member = moment.scene.shop.member(ProfileId(record))
    if member is None:
        return str(value), "never heard of"
    if field == "member":
        return str(value), str(member.id)
    if field == "erased":
        return str(value), str(member.erased)
    if field in ("known", "known_from") and isinstance(value, dict):
        counts = {each.field: each for each in moment.scene.shop.known(member)}
        said = {name: each.value if field == "known" else each.profile for name, each in counts.items()}
        return pairs_of(value), pairs_of({name: said.get(name, "") for name in value})
    if field == "consents" and isinstance(value, dict):
        allowed = dict(member.consents)
        return pairs_of(value), pairs_of({channel: allowed.get(channel) for channel in value})
    actual = member.profiles if field == "records" else member.tags
    return names_of(value if isinstance(value, tuple) else ()), names_of(actual)


def _lots(moment: Moment, account: Account, where: str, expected: Mapping[str, LotExpected]) -> Iterator[Look]:
    for name, wanted in expected.items():
        lot = next((lot for lot in account.lots if lot.id in (name, f"grant/{name}")), None)
        for field, value in written(wanted).items():
            actual = _of_lot(moment, lot, field)
            if isinstance(value, date):
                value = moment.told(moment.scene.instant(value, field))  # noqa: PLW2901
            yield Look(where=f"{where}.{name}.{field}", expected=str(value), actual=actual)


def _of_lot(moment: Moment, lot: LotView | None, field: str) -> str:
    if lot is None:
        return "0" if field == "left" else "nothing left of it"
    if field == "usable_through":
        day = last_usable_day(lot.expires_at or FOREVER, moment.scene.zone)
        return "never" if day is None else day.isoformat()
    if field == "never_expires":
        return str(lot.expires_at is None)
    instants = {"usable_from": lot.usable_from, "expires_at": lot.expires_at}
    return moment.told(instants[field]) if field in instants else str(lot.left if field == "left" else lot.pending)


def _expiring(moment: Moment, account: Account, where: str, expected: Mapping[str, int]) -> Iterator[Look]:
    for day, points in expected.items():
        by = moment.scene.instant(_moment_of(day), where)
        gone = sum(lot.left for lot in account.lots if lot.expires_at is not None and lot.expires_at <= by)
        yield Look(where=f"{where}.{day}", expected=str(points), actual=str(gone))


def _moment_of(written: str) -> date:
    return datetime.fromisoformat(written) if len(written) > 10 else date.fromisoformat(written)


def _statement(lines: tuple[Line, ...], where: str, expected: tuple[LineExpected, ...]) -> Iterator[Look]:
    yield Look(where=f"{where} (lines)", expected=str(len(expected)), actual=str(len(lines)))
    for place, (wanted, line) in enumerate(zip(expected, lines, strict=False), 1):
        for field, value in written(wanted).items():
            actual = {
                "what": line.what,
                "points": line.points,
                "balance": line.balance,
                "event": line.event,
                "rule": line.rule,
                "version": line.version,
            }[field]
            yield Look(where=f"{where}[{place}].{field}", expected=str(value), actual=str(actual))


def _entries(lines: tuple[Line, ...], where: str, expected: Mapping[str, int]) -> Iterator[Look]:
    for what, wanted in expected.items():
        actual = sum(line.what == what for line in lines)
        yield Look(where=f"{where}.{what}", expected=str(wanted), actual=str(actual))


def _where(record: str, programme: str, field: str) -> str:
    return f"members.{record}.{f'programmes.{programme}.' if programme else ''}{field}"


TABLES: Final[Mapping[str, Callable[[Moment, str, str, MemberExpected], Iterator[Look]]]] = MappingProxyType(
    {
        "lots": lambda moment, record, name, expected: _lots(
            moment, moment.account(record, name), _where(record, name, "lots"), expected.lots or {}
        ),
        "statement": lambda moment, record, name, expected: _statement(
            moment.statement(record, name), _where(record, name, "statement"), expected.statement or ()
        ),
        "entries": lambda moment, record, name, expected: _entries(
            moment.statement(record, name), _where(record, name, "entries"), expected.entries or {}
        ),
        "expiring": lambda moment, record, name, expected: _expiring(
            moment, moment.account(record, name), _where(record, name, "expiring"), expected.expiring or {}
        ),
        "redeemable": lambda moment, record, name, expected: redeemable_looks(
            moment, name, moment.account(record, name), _where(record, name, "redeemable"), expected.redeemable or ()
        ),
    }
)
"""Expectations that are made of several values."""


def _told_line(line: Line, scene: Scene) -> str:
    rule = f"{line.version}: {line.rule}"
    return f"{told(line.at, scene)}  {line.what} {line.points:+d} = {line.balance}  ({line.event}; {rule})"
