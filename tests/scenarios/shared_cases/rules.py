"""From a case's ``given`` to a programme, policy by policy."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, Final

from tests.scenarios.shared_cases.telling import NotYet, Story, Told

NAMES: Final[dict[str, str]] = {}
"""What a case's word is called in the shop, where the rules lack it."""

DEBTS: Final = {
    ("negative", "allow"): "debt",
    ("negative", "clamp_to_zero"): "clamp",
    ("point_deduction", "active, allow_negative"): "debt",
    ("point_deduction", "active, prevent_negative"): "clamp",
    ("return_policy", "unlimited"): "debt",
    ("return_policy", "within_balance"): "clamp",
}
UNSTATED: Final[dict[str, dict[str, Any]]] = {"SQ": {"debt": "clamp"}}
"""What a system does without a case saying so: Square sets a balance below zero to zero."""
FLOORS_EACH_REFUND: Final = ("SQ",)
"""Systems that round every refund on its own."""
SPENDING: Final = {"soonest_expiry_first_then_never": "soonest_expiry", "oldest_first": "oldest", "fifo": "oldest"}


def programme_of(story: Story, given: Told, case: str) -> None:
    """Fill a story's programme with what a case is given."""
    lacking = [NAMES[key] for key in given.keys() if key in NAMES]  # noqa: SIM118 - not a mapping
    if lacking:
        raise NotYet(*lacking)
    system = case.partition("-")[0]
    story.programme.update({"expiry": {"kind": "never"}, **UNSTATED.get(system, {})})
    if system in FLOORS_EACH_REFUND:
        story.differs.append("refunds are worked out from what is left of the purchase, never rounded one by one")
    for key, policy in (("consume_order", _spending), ("expiry", _expiry), ("rounding", None)):
        if key in given and policy is not None:
            policy(story, given.get(key))
    for key in ("negative", "point_deduction", "return_policy"):
        if key in given:
            _debt(story, key, given.get(key))
    if given.get("recredit") not in (None, "original lot and original expiry", "original expiry"):
        raise NotYet("redeemed points that come back with another end")
    _earning(story, given)
    _redemption(story, given)
    _tiers(story, given)
    if "pending_days" in given:
        story.programme["pending_days"] = given.get("pending_days")


def _spending(story: Story, order: str) -> None:
    if order not in SPENDING:
        raise NotYet(f"spending order {order!r}")
    story.programme["spending"] = SPENDING[order]


def _debt(story: Story, key: str, value: str) -> None:
    if (key, value) not in DEBTS:
        raise NotYet(f"refund policy {value!r}")
    story.programme["debt"] = DEBTS[key, value]


# Earning.


def _earning(story: Story, given: Told) -> None:
    rate: dict[str, Any] | None = None
    for key in ("rule", "earn", "rate", "rules", "collection_factor", "base_points"):
        if key in given:
            rate = _rate(story, key, given.get(key))
    if "rate_percent" in given:
        rate = {"per": _per(Fraction(100, given.get("rate_percent")[next(iter(given.get("rate_percent")))]))}
        _multipliers(story, given.get("rate_percent"))
    if "promotion" in given:
        _promotion(story, given.get("promotion"))
    if given.get("scope", "per order") != "per order":
        raise NotYet(f"earning {given.get('scope')!r}")
    if rate is None:
        rate = {"per": "0.01", "idle_tenders": ["points"]}  # a point per cent: an order earns what the case says
    if "rounding" in given:
        rate["rounding"] = _rounding(given.get("rounding"))
    if "exclude" in given and set(given.get("exclude")) - {"shipping"}:
        raise NotYet("excluding " + ", ".join(given.get("exclude")))
    story.programme["earnings"] = [rate, *story.programme.pop("more_earnings", [])]
    if "basis" in given and "tiers" not in given:
        _basis(rate, given.get("basis"))


def _rate(story: Story, key: str, value: Any) -> dict[str, Any]:
    if key == "collection_factor":
        return {"per": str(value)}
    if key == "base_points":
        return {"per": "1.00"}
    if isinstance(value, str):
        found = re.match(r"([0-9]+) per \$?([0-9.]+)(?: of discounted total)?$", value)
        if found is None:
            raise NotYet(f"earning rule {value!r}")
        return {"points": int(found.group(1)), "per": found.group(2)}
    if key == "rules":
        return _several(story, value)
    if "only_category" in value:
        return {"points": value["points_per_unit"], "per": "1.00", "only": value["only_category"]}
    known = {"points", "per", "amount", "basis", "kind"}
    if set(value) - known or ("per" not in value and "amount" not in value):
        raise NotYet(f"earning rule with {', '.join(sorted(set(value) - known)) or 'no step'}")
    rate = {"points": value["points"], "per": str(value.get("per") or value["amount"])}
    if value.get("basis") is not None:
        rate["tax"] = {"pre-tax": False, "after-tax": True, "with tax": True}.get(value["basis"])
        if rate["tax"] is None:
            raise NotYet(f"earning on {value['basis']!r}")
    return rate


def _several(story: Story, rules: list[dict[str, Any]]) -> dict[str, Any]:
    """Take several rates, whose points add up, with one factor; or so many points for each thing that is done."""
    if {rule["kind"] for rule in rules} - {"per_amount", "multiplier", "fixed"}:
        raise NotYet("earning rules of other kinds")
    for rule in rules:
        if rule["kind"] == "multiplier":
            _promotion(story, rule)
    rates = [_rate_of(rule) for rule in rules if rule["kind"] != "multiplier"]
    story.programme["more_earnings"] = rates[1:]
    return rates[0]


def _rate_of(rule: dict[str, Any]) -> dict[str, Any]:
    if not rule.get("stackable", True):
        raise NotYet("rules of which only one counts")
    return {"flat": rule["points"]} if rule["kind"] == "fixed" else {"points": rule["points"], "per": str(rule["per"])}


def _promotion(story: Story, promotion: dict[str, Any]) -> None:
    if promotion.get("kind") != "multiplier":
        raise NotYet(f"promotions of kind {promotion.get('kind')!r}")
    story.programme["ladder"] = {"tiers": [{"name": "everybody", "multiplier": str(promotion["factor"])}]}


def _multipliers(story: Story, percents: dict[str, int]) -> None:
    """Turn a rate per tier into the first tier's rate and multipliers on it."""
    first = next(iter(percents.values()))
    story.programme["ladder"] = {
        "tiers": [
            {
                "name": name,
                "multiplier": str(Fraction(percent, first)),
                **({"at_least": f"{place}000.00"} if place else {}),
            }
            for place, (name, percent) in enumerate(percents.items())
        ]
    }


def _rounding(word: str) -> str:
    known = {"floor": "floor", "half_up": "half_up", "half-up": "half_up", "round": "half_up", "ceil": "ceil"}
    if word not in known:
        raise NotYet(f"rounding {word!r}")
    return known[word]


def _per(step: Fraction) -> str:
    cents = step * 100
    if cents.denominator != 1:
        raise NotYet("a step finer than a cent")
    return f"{cents.numerator // 100}.{cents.numerator % 100:02d}"


def _basis(rate: dict[str, Any], words: str) -> None:
    """Read "grand total - shipping - tax - …": what is subtracted does not earn."""
    if words == "amount actually paid after discounts":
        return
    whole, *less = [part.strip() for part in words.split(" - ")]
    known = {"shipping", "tax", "discounts", "store credit", "gift cards", "points"}
    if whole != "grand total" or set(less) - known:
        raise NotYet(f"earning on {words!r}")
    rate["tax"], rate["shipping"] = "tax" not in less, "shipping" not in less
    tenders = {"store credit": "store_credit", "gift cards": "gift_card", "points": "points"}
    rate["idle_tenders"] = [kind for word, kind in tenders.items() if word in less]


def _redemption(story: Story, given: Told) -> None:
    if "redeem" in given:
        terms = given.get("redeem")
        story.programme["redemptions"] = [{"points": terms["points"], "amount": str(terms["value"])}]


# Expiry.

PHRASES: Final = (
    (r"never", lambda _: {"kind": "never"}),
    (r"end[_ ]of[_ ](?:the[_ ])?(month|quarter)", lambda m: {"kind": f"end_of_{m.group(1)}", "after": 0}),
    (r"end[_ ]of[_ ](?:the[_ ])?year|31 December of the same year", lambda _: {"kind": "end_of_year", "after": 0}),
    (r"31 December of the next year|end of the next year.*", lambda _: {"kind": "end_of_year", "after": 1}),
    (r"same month next year, month end", lambda _: {"kind": "end_of_month", "after": 12}),
    (r"(\d+) (days|months)", lambda m: {"kind": m.group(2), "after": int(m.group(1))}),
)


def _expiry(story: Story, value: Any) -> None:
    story.programme["expiry"] = _phrase(value) if isinstance(value, str) else _expiry_table(dict(value))


def _phrase(words: str) -> dict[str, Any]:
    for pattern, made in PHRASES:
        found = re.fullmatch(pattern, words)
        if found is not None:
            return made(found)
    raise NotYet(f"expiry {words!r}")


def _expiry_table(table: dict[str, Any]) -> dict[str, Any]:
    rounded, kind = table.pop("round_up_to", None), table.pop("kind", None)
    if set(table) - {"months", "days", "years"} or len(table) != 1 or kind not in (None, "fixed", "rolling"):
        raise NotYet("expiry by " + ", ".join(sorted(table) or [str(kind)]))
    (unit, after), *_ = table.items()
    if unit == "years":
        unit, after = "months", 12 * after
    if rounded is None:
        return {"kind": unit, "after": after}
    if unit != "months" or rounded not in ("end_of_month", "end_of_quarter", "month", "quarter"):
        raise NotYet(f"expiry rounded up to {rounded!r}")
    return {"kind": f"end_of_{rounded.removeprefix('end_of_')}", "after": after}


# Tiers.


def _tiers(story: Story, given: Told) -> None:
    thresholds = given.get("tiers", given.get("retain_spend"))
    retain = given.get("retain_spend", {})
    months = _months(given)
    if thresholds is None:
        if months is not None and "ladder" not in story.programme:
            thresholds = {"before": 0, "qualified": 100}
        else:
            return
    if "basis" in given:
        months = _tier_basis(given.get("basis"), months)
    if not isinstance(thresholds, dict) or not all(_number(asks) for asks in thresholds.values()):
        raise NotYet("tiers by " + str(thresholds))
    if min(Fraction(str(asks)) for asks in thresholds.values()) > 0:
        thresholds = {"none": 0, **thresholds}
    story.programme["ladder"] = {
        "months": months or 12,
        "term_months": min(months or 12, 1200),
        "tiers": [_rung(name, asks, keep=retain.get(name)) for name, asks in thresholds.items()],
    }


def _rung(name: str, asks: Any, keep: Any) -> dict[str, Any]:
    """A rung; where the case only says what keeps it, twice as much reaches it."""
    if keep is None:
        return {"name": name, "at_least": str(asks)}
    return {"name": name, "at_least": str(2 * Fraction(str(asks))), "keep": {"spend": str(keep)}}


def _months(given: Told) -> int | None:
    for key in ("term_months", "window_months"):
        if key in given:
            return int(given.get(key))
    for key in ("term", "window"):
        found = re.match(r"(?:rolling )?([0-9]+) months(?: ending the day before the check)?$", str(given.get(key, "")))
        if found is not None:
            return int(found.group(1))
    return None


def _tier_basis(words: str, months: int | None) -> int | None:
    if words.startswith("lifetime spend"):
        return 1200
    if words.startswith(("spend in", "spend, rolling")):
        return months
    raise NotYet(f"tiers on {words!r}")


def _number(value: Any) -> bool:
    return re.fullmatch(r"[0-9]+(\.[0-9]+)?", str(value)) is not None
