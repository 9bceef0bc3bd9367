"""A law: a check, and what it is checked on. Kept apart, so that a planted bug can be put to the same check."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings


def law(**strategies: Any) -> Callable[[Callable[..., None]], Callable[[], None]]:
    """Make a test of a check; ``breaks(test)`` says whether it fails now."""

    def made(check: Callable[..., None]) -> Callable[[], None]:
        test: Any = given(**strategies)(check)
        test.again = lambda: given(**strategies)(_copy(check))
        return test

    return made


def _copy(check: Callable[..., None]) -> Callable[..., None]:
    """Hypothesis refuses to wrap one function in two ways."""

    def checked(**drawn: Any) -> None:
        check(**drawn)

    checked.__signature__ = __import__("inspect").signature(check)  # type: ignore[attr-defined]
    checked.__name__ = check.__name__
    checked.__annotations__ = dict(check.__annotations__)
    return checked


def breaks(test: Any, examples: int = 500) -> bool:
    """Say whether a law is broken, without looking for the smallest example."""
    quick = settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        report_multiple_bugs=False,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )
    try:
        quick(test.again())()
    except Exception:  # noqa: BLE001  (an error counts: a planted bug may trip over an ensure)
        return True
    return False
