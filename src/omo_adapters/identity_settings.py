"""From what a shop wrote about identity to the rules that it means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from attrs import evolve

from omo_adapters.complaints import did_you_mean
from omo_adapters.identifiers import claim_key
from omo_adapters.identity_models import IdentityModel, KeyModel
from omo_adapters.placeholders import Placeholders
from omo_core.errors import Malformed
from omo_core.members import DEFAULT_RULES, IdentityRules, KeyRule
from omo_core.members.events import Proof
from omo_core.members.rules import ROLES, Role
from omo_core.members.surviving import USUAL_FIELDS, FieldRule

CHECKED: Final[tuple[Proof, ...]] = ("otp", "login", "clerk", "import", "platform")
"""What makes a key of a shop's own kind link, unless the shop says so: everything but typing."""
USUAL: Final[Mapping[str, KeyRule]] = {rule.kind: rule for rule in DEFAULT_RULES.keys}


def identity_rules(model: IdentityModel) -> IdentityRules:
    """Give the rules that were written; what was not said is as usual, so that no guard is lost by a word."""
    keys = _keys(model)
    return IdentityRules(
        keys=tuple(key for key in keys if key.proofs),
        records_max=model.records_max,
        traits=DEFAULT_RULES.traits if model.traits is None else model.traits,
        prefer=model.prefer,
        match_joins_at=model.match_joins_at,
        fields=_fields(model),
        otp_minutes=model.otp_minutes,
        roles=_roles(model),
    )


def placeholders(model: IdentityModel, region: str) -> Placeholders:
    """Give the values that join nobody, each in its one spelling; one that can't be read is refused."""
    kinds = [key.kind for key in _keys(model)]
    found = []
    for place, written in enumerate(model.blocked):
        kind, told, value = written.partition(":")
        if not told or kind not in kinds:
            raise Malformed(f"blocked[{place}]", f"{written!r:.40} is no kind and value such as phone:21234567")
        try:
            found.append((kind, claim_key(kind, value, region)))
        except Malformed as complaint:
            raise Malformed(f"blocked[{place}]", complaint.why) from None
    return Placeholders(values=tuple(found), usual=model.block_usual)


def _keys(model: IdentityModel) -> list[KeyRule]:
    """Put the most trusted kinds first, then the usual order, then the shop's own in the order written."""
    own: dict[str, KeyModel] = {}
    for place, key in enumerate(model.keys):
        if key.kind in own:
            raise Malformed(f"keys[{place}].kind", f"there are two rules for {key.kind}; keep one")
        own[key.kind] = key
    known = dict.fromkeys((*(() if model.only_these else USUAL), *own))
    usual = [kind for kind in USUAL if kind in known]
    for place, kind in enumerate(model.priority):
        if kind not in known or kind in model.priority[:place]:
            why = "stands there twice" if kind in known else f"has no rule{did_you_mean(kind, known)}"
            raise Malformed(f"priority[{place}]", f"{kind!r:.40} {why}")
    kinds = dict.fromkeys((*model.priority, *usual, *known))
    return [_key(own[kind]) if kind in own else USUAL[kind] for kind in kinds]


def _key(key: KeyModel) -> KeyRule:
    usual = USUAL.get(key.kind, KeyRule(kind=key.kind, proofs=CHECKED))
    said = {name: getattr(key, name) for name in key.model_fields_set if getattr(key, name) is not None}
    for name in ("values_max", "stale_days"):
        if name in said:
            said[name] = said[name] or None
    return evolve(usual, **said)


def _fields(model: IdentityModel) -> tuple[FieldRule, ...]:
    for place, each in enumerate(model.fields):
        if each.field in [other.field for other in model.fields[:place]]:
            raise Malformed(f"fields[{place}].field", f"there are two rules for {each.field}; keep one")
    own = tuple(FieldRule(field=each.field, prefer=each.prefer, sources=each.sources) for each in model.fields)
    return own or USUAL_FIELDS


def _roles(model: IdentityModel) -> Mapping[str, tuple[Role, ...]]:
    unknown: Iterable[str] = (kind for kind in model.roles if kind not in ROLES)
    for kind in unknown:
        raise Malformed(f"roles.{kind}", f"is no command about members{did_you_mean(kind, ROLES)}")
    return {**ROLES, **model.roles}
