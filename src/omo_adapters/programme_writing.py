"""A programme as the tables of a file. Most of what stands at its default is left out, so that it stays short."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from omo_adapters.written import duration_text
from omo_core.instants import EPOCH
from omo_core.loyalty import Earning, Expiry, Ladder, Programme, Redemption, Standard, Tier, Version
from omo_core.money import decimal_text

Table = dict[str, object]


def programme_tables(programme: Programme) -> Table:
    """Give a programme as a file has it, with all versions named."""
    table: Table = {"name": programme.name, "zone": programme.zone.key}
    table |= _unlike(programme, Programme(zone=programme.zone, versions=()), ("brand", "unit", "merging"))
    if programme.tender != usual_tender(programme.unit):
        table["tender"] = programme.tender
    return table | {"versions": [_version(version, programme.zone) for version in programme.versions]}


def usual_tender(unit: str) -> str:
    """Name the means of payment that points or store credit stand under unless a programme says otherwise."""
    return "points" if unit == "points" else "store_credit"


def _unlike(thing: object, usual: object, names: Iterable[str]) -> Table:
    """Give the fields that differ from the usual ones, as TOML can say them."""
    found = {name: getattr(thing, name) for name in names if getattr(thing, name) != getattr(usual, name)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}


def _version(version: Version, where: ZoneInfo) -> Table:
    table: Table = {"name": version.name}
    if version.since != EPOCH:
        table["since"] = version.since.astimezone(where)
    plain = ("cap", "over_cap", "pending_days", "pending_after", "spending", "capture", "debt")
    table |= _unlike(version, Version(), plain)
    if version.hold_seconds != Version().hold_seconds:
        table["hold"] = duration_text(version.hold_seconds)
    if version.debt == "limit":
        table["debt_limit"] = version.debt_limit
    table["expiry"] = _expiry(version.expiry)
    table["earnings"] = [_earning(earning) for earning in version.earnings]
    table["redemptions"] = [_redemption(redemption) for redemption in version.redemptions]
    if version.ladder is not None:
        table["ladder"] = _ladder(version.ladder)
    return table


def _expiry(expiry: Expiry) -> Table:
    table: Table = {"kind": expiry.kind}
    if expiry.kind != "never":
        table["after"] = expiry.after
    if expiry.dates:
        table["dates"] = [f"{month:02d}-{day:02d}" for month, day in expiry.dates]
    return table


def _earning(earning: Earning) -> Table:
    code, usual = earning.currency, Earning(currency=earning.currency, per=0)
    table: Table = {"currency": code}
    if earning.per:
        table |= {"points": earning.points, "per": decimal_text(earning.per, code), "rounding": earning.rounding}
    table |= _unlike(earning, usual, ("flat", "tax", "shipping", "gift_cards", "multiplied"))
    table |= _unlike(earning, usual, ("each_line", "idle_tenders", "idle_categories", "idle_skus", "only_categories"))
    return table | _unlike(earning, usual, ("only_skus", "channels", "stores", "tiers"))


def _redemption(redemption: Redemption) -> Table:
    code = redemption.currency
    table: Table = {"currency": code, "points": redemption.points, "amount": decimal_text(redemption.amount, code)}
    usual = Redemption(currency=code, amount=redemption.amount)
    table |= _unlike(redemption, usual, ("kind", "minimum", "maximum", "max_percent", "channels", "stores"))
    if redemption.max_amount:
        table["max_amount"] = decimal_text(redemption.max_amount, code)
    if redemption.bands:
        table["bands"] = [{"at_least": decimal_text(start, code), "points": most} for start, most in redemption.bands]
    return table


def _ladder(ladder: Ladder) -> Table:
    code = ladder.currency
    table: Table = {"currency": code}
    rolling = ("months",) if ladder.window == "rolling" else ()
    names = (
        *rolling,
        "counts",
        "window",
        "single_order",
        "term_months",
        "grace_days",
        "upgrade",
        "downgrade",
        "overshoot",
    )
    table |= _unlike(ladder, Ladder(currency=code, tiers=()), (*names, "refund"))
    return table | {"tiers": [_tier(tier, code) for tier in ladder.tiers]}


def _tier(tier: Tier, code: str) -> Table:
    table: Table = {"name": tier.name}
    if tier.at_least:
        table["at_least"] = decimal_text(tier.at_least, code)
    table |= _unlike(tier, Tier(name=tier.name), ("points", "visits", "sold_as", "sold_months", "replaces"))
    if tier.expiry is not None:
        table["expiry"] = _expiry(tier.expiry)
    if tier.multiplier != (1, 1):
        table["multiplier"] = "/".join(str(part) for part in tier.multiplier)
    if tier.keep is not None:
        table["keep"] = _standard(tier.keep, code)
    return table


def _standard(standard: Standard, code: str) -> Table:
    return {"spend": decimal_text(standard.spend, code), "points": standard.points, "visits": standard.visits}
