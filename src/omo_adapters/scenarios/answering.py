"""Compares what omo answered a request with what a scenario expects it to answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import asdict

from omo_adapters.scenarios.looking import Look
from omo_adapters.scenarios.scene import Scene
from omo_adapters.wiring import Answer
from omo_core.decisions import Accepted
from omo_core.errors import Malformed
from omo_core.loyalty import PointsRedeemed
from omo_core.money import decimal_text, minor_units


def answer_looks(scene: Scene, expected: Mapping[str, object], answer: Answer) -> Iterator[Look]:
    """Give the answer as one value, and what was granted as another where the scenario asks for it."""
    if isinstance(answer, Accepted):
        yield Look(where="answer", expected=_expected(expected), actual="accepted")
        if "worth" in expected and "refused" not in expected:
            yield _worth(scene, expected["worth"], answer)
        return
    reason = asdict(answer.reason)
    same = expected.get("refused") == answer.reason.kind and all(
        _agrees(wanted, reason[name]) for name, wanted in expected.items() if name != "refused"
    )
    actual = _refused(answer.reason.kind, reason)
    yield Look(where="answer", expected=actual if same else _expected(expected), actual=actual)


def _worth(scene: Scene, expected: object, answer: Accepted) -> Look:
    """Give what redeemed points were worth in money."""
    if not isinstance(expected, str):
        raise Malformed("answer.worth", 'is not an amount such as "10.00"')
    redeemed = [event for event in answer.events if isinstance(event, PointsRedeemed)]
    code = next((event.currency for event in redeemed), "") or scene.currency
    wanted = decimal_text(minor_units(expected, code, "answer.worth"), code)
    actual = decimal_text(sum(event.amount for event in redeemed), code)
    return Look(where="answer.worth", expected=wanted, actual=actual)


def _agrees(expected: object, actual: object) -> bool:
    """Say whether a part of a refusal is as expected; of tables only what is written is compared."""
    if isinstance(expected, Mapping):
        return isinstance(actual, Mapping) and all(_agrees(value, actual.get(key)) for key, value in expected.items())
    if isinstance(expected, list | tuple):
        same_length = isinstance(actual, list | tuple) and len(actual) == len(expected)
        return same_length and all(_agrees(one, other) for one, other in zip(expected, _items(actual), strict=True))
    return expected == actual


def _items(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def _expected(expected: Mapping[str, object]) -> str:
    kind = expected.get("refused")
    if kind is None:
        return "accepted"
    return _refused(str(kind), {name: value for name, value in expected.items() if name != "refused"})


def _refused(kind: str, numbers: Mapping[str, object]) -> str:
    return f"refused: {kind}" + (f" ({_told(numbers)})" if numbers else "")


def _told(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_told(part)}" for name, part in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(_told(item) for item in value)
    return str(value)
