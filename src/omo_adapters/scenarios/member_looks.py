"""What a scenario expects of members, compared with their account and their records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from omo_adapters.scenarios.expecting import Expected, LineExpected, LotExpected, MemberExpected
from omo_adapters.scenarios.looking import Look, Moment, names_of, pairs_of, told, written
from omo_adapters.scenarios.scene import Scene
from omo_adapters.written import Written
from omo_core.identifiers import ProfileId
from omo_core.instants import FOREVER
from omo_core.loyalty import Account, Line, LotView, TierView
from omo_core.loyalty.expiring import last_usable_day

ACCOUNT: Final[Mapping[str, Callable[[Account], int]]] = MappingProxyType(
    {
        "balance": lambda account: account.spendable + account.pending - account.debt,
        "spendable": lambda account: account.spendable,
        "pending": lambda account: account.pending,
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
    {"tier": lambda tier: tier.name, "next_tier": lambda tier: tier.next}
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


def member_looks(moment: Moment, record: str, expected: MemberExpected) -> Iterator[Look]:
    """Compare what is expected of the member that bears a record, in the order written."""
    where, account = f"members.{record}", moment.account(record)
    because: tuple[str, ...] | None = None
    for field, value in written(expected).items():
        if field == "lots":
            yield from _lots(moment, account, f"{where}.lots", expected.lots or {})
        elif field == "statement":
            yield from _statement(moment.statement(record), f"{where}.statement", expected.statement or ())
        elif field == "entries":
            yield from _entries(moment.statement(record), f"{where}.entries", expected.entries or {})
        elif field == "expiring":
            yield from _expiring(moment, account, f"{where}.expiring", expected.expiring or {})
        else:
            wanted, actual = _of_account(moment, account, field, value) or _of_member(moment, record, field, value)
            if wanted != actual and because is None and field in ACCOUNT:
                because = tuple(_told_line(line, moment.scene) for line in moment.statement(record))
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
    if field == "tier_through":
        day = None if tier is None else last_usable_day(tier.until or FOREVER, moment.scene.zone)
        return str(value), "never" if day is None else day.isoformat()
    if field in TIER_MOMENTS and isinstance(value, date):
        actual = "no tiers in this programme" if tier is None else moment.told(TIER_MOMENTS[field](tier))
        return moment.told(moment.scene.instant(value, field)), actual
    return None


def _of_member(moment: Moment, record: str, field: str, value: object) -> tuple[str, str]:
    """Give what is expected and what is, for who the member is."""
    member = moment.scene.shop.member(ProfileId(record))
    if member is None:
        return str(value), "never heard of"
    if field == "member":
        return str(value), str(member.id)
    if field == "consents" and isinstance(value, dict):
        known = dict(member.consents)
        return pairs_of(value), pairs_of({channel: known.get(channel) for channel in value})
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


def _told_line(line: Line, scene: Scene) -> str:
    rule = f"{line.version}: {line.rule}"
    return f"{told(line.at, scene)}  {line.what} {line.points:+d} = {line.balance}  ({line.event}; {rule})"


def person_looks(moment: Moment, expected: Expected) -> Iterator[Look]:
    """Compare who is one person, and who is not."""
    for place, group in enumerate(expected.persons):
        actual = {names_of(moment.records(record)) for record in group}
        yield Look(where=f"persons[{place}]", expected=names_of(group), actual=" | ".join(sorted(actual)))
    for place, group in enumerate(expected.apart):
        person_of = {record: names_of(moment.records(record)) for record in group}
        same = [record for record in group if list(person_of.values()).count(person_of[record]) > 1]
        yield Look(
            where=f"apart[{place}]", expected="all apart", actual=f"one: {names_of(same)}" if same else "all apart"
        )


def _one(same: list[str]) -> str:
    return f"one: {names_of(same)}" if same else "all apart"
