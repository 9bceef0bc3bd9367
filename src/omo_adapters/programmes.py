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

from attrs import evolve

from omo_adapters.complaints import shaped
from omo_adapters.ladder_models import LadderModel, StandardModel, TierModel
from omo_adapters.programme_models import (
    EarningModel,
    ProgrammeModel,
    RedemptionModel,
    RulesModel,
    VersionModel,
)
from omo_adapters.programme_writing import programme_tables, usual_tender
from omo_adapters.toml import toml_text
from omo_adapters.written import Written, instant
from omo_core.errors import Malformed
from omo_core.instants import EPOCH, zone
from omo_core.loyalty import Earning, Ladder, Programme, Redemption, Standard, Tier, Version, check_programme
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
    code = model.currency or (model.unit if model.unit != "points" else None)
    parts = model.versions or (model,)
    versions = tuple(_version(part, code, where, _at(model, place)) for place, part in enumerate(parts))
    if model.unit != "points":
        versions = tuple(_worth_itself(version, model.unit) for version in versions)
    programme = Programme(
        name=model.name,
        brand=model.brand,
        unit=model.unit,
        tender=model.tender or usual_tender(model.unit),
        merging=model.merging,
        zone=where,
        versions=versions,
    )
    try:
        check_programme(programme)
    except Malformed as complaint:
        raise Malformed(_as_written(model, complaint.path), complaint.why) from None
    return programme


def programme_to_toml(programme: Programme) -> str:
    """Write a programme so that ``programme_from_toml`` gives an equal one."""
    return toml_text(programme_tables(programme))


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
    return Version(
        name=dated.name if dated is not None else "1",
        since=since,
        earnings=tuple(_earning(e, code, f"{path}earnings[{i}]") for i, e in enumerate(part.earnings)),
        cap=part.cap,
        over_cap=part.over_cap,
        pending_days=part.pending_days,
        pending_after=part.pending_after,
        expiry=part.expiry.rule(),
        spending=part.spending,
        redemptions=tuple(_redemption(r, code, f"{path}redemptions[{i}]") for i, r in enumerate(part.redemptions)),
        hold_seconds=part.hold,
        capture=part.capture,
        debt=part.debt,
        debt_limit=part.debt_limit,
        ladder=None if part.ladder is None else _ladder(part.ladder, code, f"{path}ladder"),
    )


def _worth_itself(version: Version, unit: str) -> Version:
    """Store credit pays what it is, where the file does not say more."""
    return version if version.redemptions else evolve(version, redemptions=(Redemption(currency=unit, amount=1),))


def _earning(model: EarningModel, code: str | None, path: str) -> Earning:
    code = _code(model.currency, code, path)
    endless = "points per step of nothing would have no end"
    return Earning(
        currency=code,
        points=model.points,
        per=0 if model.per is None else _above_zero(model.per, code, f"{path}.per", endless),
        flat=model.flat,
        rounding=model.rounding,
        each_line=model.each_line,
        tax=model.tax,
        shipping=model.shipping,
        idle_tenders=model.idle_tenders,
        idle_categories=model.idle_categories,
        idle_skus=model.idle_skus,
        only_categories=model.only_categories,
        only_skus=model.only_skus,
        channels=model.channels,
        stores=model.stores,
        tiers=model.tiers,
        gift_cards=model.gift_cards,
        multiplied=model.multiplied,
    )


def _redemption(model: RedemptionModel, code: str | None, path: str) -> Redemption:
    code = _code(model.currency, code, path)
    nothing = "leave it out for no such limit"
    most = model.max_amount
    return Redemption(
        currency=code,
        kind=model.kind,
        points=model.points,
        amount=_above_zero(model.amount, code, f"{path}.amount", "points that are worth nothing can't pay"),
        minimum=model.minimum,
        maximum=model.maximum,
        max_amount=0 if most is None else _above_zero(most, code, f"{path}.max_amount", nothing),
        max_percent=model.max_percent,
        bands=tuple(
            (band.at_least.units(code, f"{path}.bands[{place}].at_least"), band.points)
            for place, band in enumerate(model.bands)
        ),
        channels=model.channels,
        stores=model.stores,
    )


def _ladder(model: LadderModel, code: str | None, path: str) -> Ladder:
    code = _code(model.currency, code, path)
    return Ladder(
        currency=code,
        tiers=tuple(_tier(tier, place, code, f"{path}.tiers[{place}]") for place, tier in enumerate(model.tiers)),
        counts=model.counts,
        window=model.window,
        months=model.months,
        single_order=model.single_order,
        term_months=model.term_months,
        grace_days=model.grace_days,
        upgrade=model.upgrade,
        downgrade=model.downgrade,
        overshoot=model.overshoot,
        refund=model.refund,
    )


def _tier(model: TierModel, place: int, code: str, path: str) -> Tier:
    if place and model.at_least is None and not (model.points or model.visits):
        raise Malformed(f"{path}.at_least", "is missing: only the first tier is everybody's")
    return Tier(
        name=model.name,
        at_least=_units(model.at_least, code, f"{path}.at_least"),
        points=model.points,
        visits=model.visits,
        keep=None if model.keep is None else _standard(model.keep, code, f"{path}.keep"),
        multiplier=model.multiplier,
        expiry=model.own_expiry(),
        sold_as=model.sold_as,
        sold_months=model.sold_months,
        replaces=model.replaces,
    )


def _standard(model: StandardModel, code: str, path: str) -> Standard:
    return Standard(spend=_units(model.spend, code, f"{path}.spend"), points=model.points, visits=model.visits)


def _units(amount: Written | None, code: str, path: str) -> int:
    return 0 if amount is None else amount.units(code, path)


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


if __name__ == "__main__":
    sys.stdout.write(programme_schema())
