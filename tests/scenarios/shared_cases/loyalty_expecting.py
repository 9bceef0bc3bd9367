"""What a loyalty case expects, as expectations of a scenario."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from tests.scenarios.shared_cases.telling import NotYet, instant_of

if TYPE_CHECKING:
    from tests.scenarios.shared_cases.loyalty import Case

MEMBER: Final = "crm:1"
NAMES: Final = {
    "reward": "rewards",
    "ewallet": "store credit",
    "store_credit": "earning store credit",
    "reinstated": "reinstating expired points",
    "points": "quotes: how many points an order may use",
    "amount_minor": "quotes: how many points an order may use",
    "max_redeemable": "quotes: how many points an order may use",
    "gift_date": "birthday gifts",
    "remaining": "tiers by any of several conditions",
    "progress_counts_from": "what counts anew after an upgrade",
    "kept_spend": "what is left of a purchase, as a number",
    "posted": "holding points until they are captured, released or timed out",
}
NUMBERS: Final = {
    "balance": "balance",
    "deficit": "debt",
    "negative": "debt",
    "earned": "earned",
    "total_points": "earned",
    "clawed_back": "clawed_back",
    "expired_points": "expired",
    "available": "spendable",
    "active": "spendable",
    "kept_points": "balance",
    "pending": "pending",
    "returned_but_expired": "returned_expired",
}
ENTRIES: Final = {
    "expire_entries": "expired",
    "clawback_entries": "clawed back",
    "redeem_entries": "redeemed",
    "rollback_entries": "returned",
}


def after_event(told: Case, place: int, kind: str) -> None:
    """Expect what the case says of the moment after an event: ``after_order``, ``after_1``."""
    for key in (f"after_{kind}", f"after_{place + 1}"):
        if key in told.expect:
            value = told.expect.get(key)
            field = "balance" if type(value) is int else "tier"
            told.story.expect(members={MEMBER: {field: value}})


def expectations(told: Case) -> tuple[dict[str, Any], ...]:
    """Add all expectations to the story; a sentence that can be read in two ways gives two stories."""
    member: dict[str, Any] = {}
    for key in told.expect.keys():  # noqa: SIM118 - not a mapping: asking for a key marks it as understood
        if key in NUMBERS:
            _number(told, member, key)
        elif key in ENTRIES:
            member.setdefault("entries", {})[ENTRIES[key]] = told.expect.get(key)
        elif key in LATER:
            LATER[key](told, member)
        elif key.startswith("tier_on_"):
            day = date.fromisoformat(key.removeprefix("tier_on_"))
            told.story.expect(at=f"{day} 12:00:00", members={MEMBER: {"tier": told.expect.get(key)}})
    if member:
        told.story.expect(members={MEMBER: member})
    if "tier_until" in told.expect or "tier_until_first" in told.expect:
        return _tier_until(told)
    return (told.story.scenario(),)


def _number(told: Case, member: dict[str, Any], key: str) -> None:
    value = told.expect.get(key)
    if type(value) is int:
        member[NUMBERS[key]] = value
    elif isinstance(value, list) and key == "earned" and len(value) == len(told.earned_at):
        for (record, lot), points in zip(told.earned_at, value, strict=True):
            told.story.expect(members={record: {"lots": {lot: points}}})
    else:
        raise NotYet(f"{key} as {value!r}")


def _lots(key: str) -> Callable[[Case, dict[str, Any]], None]:
    def add(told: Case, member: dict[str, Any]) -> None:
        member.setdefault("lots", {}).update(told.expect.get(key))

    return add


def _last_days(key: str) -> Callable[[Case, dict[str, Any]], None]:
    """Expect the last day on which each earning can be used."""

    def add(told: Case, member: dict[str, Any]) -> None:
        days = told.expect.get(key)
        days = days if isinstance(days, list) else [days]
        for (_, lot), day in zip(told.earned_at, days, strict=True):
            known = member.setdefault("lots", {}).setdefault(lot, {})
            known["usable_through"] = day

    return add


def _expires_at(told: Case, member: dict[str, Any]) -> None:
    (_, lot), at = told.earned_at[0], told.expect.get("expires_at")
    member.setdefault("lots", {}).setdefault(lot, {})["expires_at"] = at.replace("T", " ")


def _expiring(told: Case, member: dict[str, Any]) -> None:
    member["expiring"] = told.expect.get("points_expiring_at_or_before")


def _tier(told: Case, member: dict[str, Any]) -> None:
    member["tier"] = told.expect.get("tier")


def _active_on(told: Case, member: dict[str, Any]) -> None:
    _, lot = told.earned_at[-1]
    member.setdefault("lots", {}).setdefault(lot, {})["usable_from"] = told.expect.get("active_on")


def _amount_due(told: Case, member: dict[str, Any]) -> None:
    _, order = told.earned_at[-1]
    told.story.expect(orders={order: {"total": str(told.expect.get("amount_due"))}})


def _basis(told: Case, member: dict[str, Any]) -> None:
    """What counts for points counts for tiers, so a ladder shows it."""
    told.story.programme.setdefault("ladder", {"tiers": [{"name": "everybody"}]})
    member["tier_spend"] = str(told.expect.get("basis"))


def _value(told: Case, member: dict[str, Any]) -> None:
    told.expect.get("value")  # asked with the redemption


def _last_event(told: Case, member: dict[str, Any]) -> None:
    if told.expect.get("last_event") != "rejected":
        raise NotYet(f"last event {told.expect.get('last_event')!r}")


def _points(told: Case, member: dict[str, Any]) -> None:
    for name, points in _table(told, "points").items():
        told.story.expect(members={f"crm:{name}": {"balance": points}})


def _table(told: Case, key: str) -> dict[str, Any]:
    table = told.expect.get(key)
    if not isinstance(table, dict):
        raise NotYet(NAMES.get(key, key))
    return table


def _renewed(told: Case, member: dict[str, Any]) -> None:
    for (tier, record), kept in zip(told.tiers_at, told.expect.get("renewed"), strict=True):
        steps = [step for step in told.story.steps if step.get("by") == record]
        end = instant_of(steps[0]["at"]).replace(hour=0)
        review = f"{end.replace(year=end.year + 1) + timedelta(days=2)}"
        names = [rung["name"] for rung in told.story.programme["ladder"]["tiers"]]
        below = names[names.index(tier) - 1]
        told.story.expect(at=review, members={record: {"tier": tier if kept else below}})


def _tier_until(told: Case) -> tuple[dict[str, Any], ...]:
    """Read "until D" as up to D or with D: the word alone does not say."""
    story, before = told.story, list(told.story.steps)
    bought = next(step for step in before if "sale" in step)
    readings = []
    for field in ("tier_until", "tier_through"):
        story.steps = list(before)
        for key, day in _untils(told):
            at = bought["at"] if key != "tier_until_after_renewal" else f"{_first_until(told)} 00:00:00"
            if key == "tier_until_after_renewal":
                at = f"{date.fromisoformat(_first_until(told)) + timedelta(days=1)} 12:00:00"
            story.expect(at=at, members={MEMBER: {field: day}})
        readings.append(story.scenario())
    return tuple(readings)


def _untils(told: Case) -> list[tuple[str, str]]:
    keys = ("tier_until", "tier_until_first", "tier_until_after_renewal")
    return [(key, told.expect.get(key)) for key in keys if key in told.expect]


def _first_until(told: Case) -> str:
    return str(told.expect.get("tier_until_first"))


LATER: Final[Mapping[str, Callable[[Case, dict[str, Any]], None]]] = {
    "lots": _lots("lots"),
    "lots_usable": _lots("lots_usable"),
    "usable_through": _last_days("usable_through"),
    "expires_on": _last_days("expires_on"),
    "expires_at": _expires_at,
    "points_expiring_at_or_before": _expiring,
    "tier": _tier,
    "active_on": _active_on,
    "amount_due": _amount_due,
    "basis": _basis,
    "value": _value,
    "last_event": _last_event,
    "points": _points,
    "renewed": _renewed,
}
