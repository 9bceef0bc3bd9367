"""Programmes as files: TOML or JSON to ``omo_core.loyalty.Programme`` and back.

    zone = "Asia/Hong_Kong"
    currency = "HKD"
    earnings = [{ per = "10.00" }]
    redemptions = [{ points = 100, amount = "1.00" }]

Whatever is wrong is told as one ``Malformed`` with the field's path and the contradiction in the shop's words.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from omo_adapters.complaints import shaped
from omo_adapters.programme_models import (
    EarningModel,
    LadderModel,
    ProgrammeModel,
    RedemptionModel,
    RulesModel,
    VersionModel,
)
from omo_adapters.toml import toml_text
from omo_adapters.written import Written, instant
from omo_core.errors import Malformed
from omo_core.instants import EPOCH, zone
from omo_core.loyalty import Earning, Expiry, Ladder, Programme, Redemption, Tier, Version, check_programme
from omo_core.money import decimal_text

TEXT_LENGTH_MAX: Final = 1_000_000
"""No programme or scenario that a person wrote is longer."""


def programme_from_toml(text: str) -> Programme:
    """Read a programme from TOML text."""
    return read_programme(toml_tables(text))


def load_programme(path: str | Path) -> Programme:
    """Read a programme from a file: ``.json`` as JSON, anything else as TOML."""
    place = Path(path)
    try:
        return read_programme(file_tables(place))
    except Malformed as complaint:
        raise Malformed(f"{place.name}: {complaint.path}" if complaint.path else place.name, complaint.why) from None


def read_programme(mapping: Mapping[str, object]) -> Programme:
    """Read a programme from what a TOML or JSON parser gave."""
    model = shaped(ProgrammeModel, dict(mapping))
    where = zone(model.zone)
    parts = model.versions or (model,)
    versions = tuple(_version(part, model.currency, where, _at(model, place)) for place, part in enumerate(parts))
    programme = Programme(name=model.name, zone=where, versions=versions)
    try:
        check_programme(programme)
    except Malformed as complaint:
        raise Malformed(_as_written(model, complaint.path), complaint.why) from None
    return programme


def programme_to_toml(programme: Programme) -> str:
    """Write a programme so that ``programme_from_toml`` gives an equal one."""
    versions = [_version_table(version, programme.zone) for version in programme.versions]
    return toml_text({"name": programme.name, "zone": programme.zone.key, "versions": versions})


def programme_schema() -> str:
    """Give the JSON Schema that editors check a written programme with."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:omo:programme:1",
        **ProgrammeModel.model_json_schema(),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def file_tables(path: Path) -> dict[str, object]:
    """Read a written file's tables: ``.json`` as JSON, anything else as TOML."""
    try:
        with path.open("rb") as file:
            raw = file.read(TEXT_LENGTH_MAX + 1)
        text = raw.decode("utf-8")
    except OSError as error:
        raise Malformed("", f"can't be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise Malformed("", "is not UTF-8 text") from None
    return json_tables(text) if path.suffix == ".json" else toml_tables(text)


def toml_tables(text: str) -> dict[str, object]:
    """Parse TOML, or say in which line it is broken."""
    _not_too_long(text)
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, ValueError) as error:
        raise Malformed("", f"is not TOML: {error}") from None
    except RecursionError:
        raise Malformed("", "is nested too deeply") from None


def json_tables(text: str) -> dict[str, object]:
    """Parse JSON whose top is an object; a key that stands twice is a mistake."""
    _not_too_long(text)
    try:
        found = json.loads(text, object_pairs_hook=_once)
    except ValueError as error:
        raise Malformed("", f"is not JSON: {error}") from None
    except RecursionError:
        raise Malformed("", "is nested too deeply") from None
    if not isinstance(found, dict):
        raise Malformed("", "is not a table")
    return found


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _not_too_long(text: str) -> None:
    if len(text) > TEXT_LENGTH_MAX:
        raise Malformed("", f"is longer than {TEXT_LENGTH_MAX} characters")


def _at(model: ProgrammeModel, place: int) -> str:
    return f"versions[{place}]." if model.versions else ""


def _as_written(model: ProgrammeModel, path: str) -> str:
    """Give a path of the programme as the file has it: rules without versions stand at the top."""
    return path if model.versions else path.removeprefix("versions[0]").removeprefix(".")


# From the file to the rules.


def _version(part: RulesModel, code: str | None, where: ZoneInfo, path: str) -> Version:
    code = part.currency or code
    dated = part if isinstance(part, VersionModel) else None
    since = instant(dated.since, where, f"{path}since") if dated is not None and dated.since is not None else EPOCH
    earnings = tuple(_earning(e, code, f"{path}earnings[{i}]") for i, e in enumerate(part.earnings))
    redemptions = tuple(_redemption(r, code, f"{path}redemptions[{i}]") for i, r in enumerate(part.redemptions))
    for what, items in (("earnings", earnings), ("redemptions", redemptions)):
        codes = [item.currency for item in items]
        if len(set(codes)) != len(codes):
            raise Malformed(f"{path}{what}", "a currency stands twice: which of the two holds?")
    return Version(
        name=dated.name if dated is not None else "1",
        since=since,
        earnings=earnings,
        pending_days=part.pending_days,
        expiry=Expiry(kind=part.expiry.kind, after=part.expiry.after),
        spending=part.spending,
        redemptions=redemptions,
        debt=part.debt,
        debt_limit=part.debt_limit,
        ladder=None if part.ladder is None else _ladder(part.ladder, code, f"{path}ladder"),
    )


def _earning(model: EarningModel, code: str | None, path: str) -> Earning:
    code = _code(model.currency, code, path)
    return Earning(
        currency=code,
        points=model.points,
        per=_above_zero(model.per, code, f"{path}.per", "points per step of nothing would have no end"),
        rounding=model.rounding,
        tax=model.tax,
        shipping=model.shipping,
        idle_tenders=model.idle_tenders,
        idle_categories=model.idle_categories,
        idle_skus=model.idle_skus,
        gift_cards=model.gift_cards,
    )


def _redemption(model: RedemptionModel, code: str | None, path: str) -> Redemption:
    code = _code(model.currency, code, path)
    worth = _above_zero(model.amount, code, f"{path}.amount", "points that are worth nothing can't pay")
    return Redemption(currency=code, points=model.points, amount=worth, minimum=model.minimum)


def _ladder(model: LadderModel, code: str | None, path: str) -> Ladder:
    code = _code(model.currency, code, path)
    tiers = []
    for place, tier in enumerate(model.tiers):
        asks = 0 if tier.at_least is None else tier.at_least.units(code, f"{path}.tiers[{place}].at_least")
        if place and tier.at_least is None:
            raise Malformed(f"{path}.tiers[{place}].at_least", "is missing: only the first tier is everybody's")
        tiers.append(Tier(name=tier.name, at_least=asks, multiplier=tier.multiplier))
    return Ladder(
        currency=code, tiers=tuple(tiers), months=model.months, term_months=model.term_months, refund=model.refund
    )


def _code(own: str | None, inherited: str | None, path: str) -> str:
    code = own or inherited
    if code is None:
        raise Malformed(f"{path}.currency", "is missing: say it here or once at the top of the programme")
    return code


def _above_zero(amount: Written, code: str, path: str, why: str) -> int:
    units = amount.units(code, path)
    if units <= 0:
        raise Malformed(path, f"{decimal_text(units, code)} is not above zero: {why}")
    return units


# From the rules to the file.


def _version_table(version: Version, where: ZoneInfo) -> dict[str, object]:
    table: dict[str, object] = {"name": version.name}
    if version.since != EPOCH:
        table["since"] = version.since.astimezone(where)
    table |= {"pending_days": version.pending_days, "spending": version.spending, "debt": version.debt}
    if version.debt == "limit":
        table["debt_limit"] = version.debt_limit
    table["expiry"] = {"kind": version.expiry.kind}
    if version.expiry.kind != "never":
        table["expiry"] = {"kind": version.expiry.kind, "after": version.expiry.after}
    table["earnings"] = [_earning_table(earning) for earning in version.earnings]
    table["redemptions"] = [
        {
            "currency": r.currency,
            "points": r.points,
            "amount": decimal_text(r.amount, r.currency),
            "minimum": r.minimum,
        }
        for r in version.redemptions
    ]
    if version.ladder is not None:
        table["ladder"] = _ladder_table(version.ladder)
    return table


def _earning_table(earning: Earning) -> dict[str, object]:
    return {
        "currency": earning.currency,
        "points": earning.points,
        "per": decimal_text(earning.per, earning.currency),
        "rounding": earning.rounding,
        "tax": earning.tax,
        "shipping": earning.shipping,
        "gift_cards": earning.gift_cards,
        "idle_tenders": list(earning.idle_tenders),
        "idle_categories": list(earning.idle_categories),
        "idle_skus": list(earning.idle_skus),
    }


def _ladder_table(ladder: Ladder) -> dict[str, object]:
    return {
        "currency": ladder.currency,
        "months": ladder.months,
        "term_months": ladder.term_months,
        "refund": ladder.refund,
        "tiers": [
            {
                "name": tier.name,
                "at_least": decimal_text(tier.at_least, ladder.currency),
                "multiplier": "/".join(str(part) for part in tier.multiplier),
            }
            for tier in ladder.tiers
        ],
    }


if __name__ == "__main__":
    sys.stdout.write(programme_schema())
