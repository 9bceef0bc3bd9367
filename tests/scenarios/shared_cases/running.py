"""Runs the shared cases, each as the stories it was translated to."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from omo_adapters.scenarios import Outcome, run_scenario
from omo_core.errors import Malformed
from tests.scenarios.shared_cases import identity, loyalty, stock
from tests.scenarios.shared_cases.telling import NotYet, OnPurpose, Status, Translation, Verdict

TRANSLATORS: Final[Mapping[str, Callable[[Mapping[str, Any]], Translation]]] = {
    "loyalty": loyalty.translate,
    "stock": stock.translate,
    "identity": identity.translate,
}


def cases_in(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    """Read the cases of each file, in the order written."""
    return [(name, case) for name in TRANSLATORS for case in json.loads((folder / f"{name}.json").read_text("utf-8"))]


def verdict(area: str, case: Mapping[str, Any]) -> Verdict:
    """Run a case and say how it came out."""
    contrast = case.get("pattern") == "contrast"
    try:
        translation = _translated(area, case)
    except OnPurpose as reason:
        return Verdict(case=case["id"], status="on purpose", why=str(reason))
    except NotYet as missing:
        return Verdict(case=case["id"], status="not yet", why=_sentence(missing.policies))
    if translation.instead:
        return _instead(case, translation)
    problem = _first_that_holds(translation)
    if translation.checks and translation.differs:
        status: Status = "fails" if problem else "on purpose"
        return Verdict(case=case["id"], status=status, why=_sentence(translation.differs), detail=problem or "")
    if problem is None:
        return _held(case, translation, contrast=contrast)
    if contrast or translation.differs:
        why = _sentence(translation.differs) or "the case shows what omo must not do"
        return Verdict(case=case["id"], status="on purpose", why=why, detail=problem)
    if translation.lacks or translation.unread:
        why = _sentence((*translation.lacks, *translation.unread))
        return Verdict(case=case["id"], status="not yet", why=why, detail=problem)
    return Verdict(case=case["id"], status="fails", detail=problem)


def _translated(area: str, case: Mapping[str, Any]) -> Translation:
    """Translate a case; one that is written in a way of its own is not understood yet."""
    try:
        translation = TRANSLATORS[area](case)
    except (ArithmeticError, AttributeError, LookupError, StopIteration, TypeError, ValueError) as error:
        raise NotYet(f"cases written like this ({type(error).__name__}: {error})") from error
    if translation.checks:
        return translation
    if not all(_expects_something(scenario) for scenario in (*translation.readings, *translation.instead)):
        raise NotYet(*(translation.unread or ("cases that expect nothing of omo",)))
    return translation


def _expects_something(scenario: dict[str, Any]) -> bool:
    """Say whether a story could come out wrong at all."""
    return any(step.get("answer") or any((step.get("expect") or {}).values()) for step in scenario["step"])


def _instead(case: Mapping[str, Any], translation: Translation) -> Verdict:
    """What omo does on purpose, it does."""
    outcomes = [_played(scenario) for scenario in translation.instead]
    wrong = next((outcome.render() for outcome in outcomes if not outcome.ok), None)
    if wrong is not None:
        return Verdict(case=case["id"], status="fails", detail=wrong)
    return Verdict(case=case["id"], status="on purpose", why=_sentence(translation.differs))


def _held(case: Mapping[str, Any], translation: Translation, *, contrast: bool) -> Verdict:
    if contrast:
        return Verdict(case=case["id"], status="fails", detail="omo does what the case warns of")
    if translation.unread:
        return Verdict(case=case["id"], status="not yet", why=_sentence(translation.unread) + " (the rest holds)")
    return Verdict(case=case["id"], status="holds")


def _first_that_holds(translation: Translation) -> str | None:
    """Play the readings until one holds; else say what is wrong with the first. Of checks, all must hold."""
    if translation.checks:
        wrong = [f"{check.what}: expected {check.expected!r}, but it is {check.actual!r}"
                 for check in translation.checks if check.expected != check.actual]  # fmt: skip
        return "\n".join(wrong) or None
    outcomes = [_played(scenario) for scenario in translation.readings]
    if any(outcome.ok for outcome in outcomes):
        return None
    return outcomes[0].render()


def _played(scenario: dict[str, Any]) -> Outcome:
    try:
        return run_scenario(scenario)
    except Malformed as complaint:
        return Outcome(title=str(scenario["title"]), problem=str(complaint))


def _sentence(parts: tuple[str, ...]) -> str:
    return "; ".join(dict.fromkeys(parts))
