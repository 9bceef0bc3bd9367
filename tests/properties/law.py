"""A law: a check, and what it is checked on. Kept apart, so that a planted bug can be put to the same check."""

import functools
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings


def law(**strategies: Any) -> Callable[[Callable[..., None]], Callable[[], None]]:
    """Make a test of a check; ``breaks(test)`` says whether it fails now."""

    def made(check: Callable[..., None]) -> Callable[[], None]:
        def once_more() -> Any:
            @functools.wraps(check)  # another function, since Hypothesis keeps what it knows of one on it
            def checked(*drawn: Any, **named: Any) -> None:
                check(*drawn, **named)

            return given(**strategies)(checked)

        test: Any = given(**strategies)(check)
        test.once_more = once_more
        return test

    return made


def breaks(test: Any, examples: int = 500) -> bool:
    """Say whether a law is broken, without looking for the smallest example.

    A plant that does not fit the rules any more is a mistake of its own, and breaks nothing.
    """
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
        quick(test.once_more())()
    except (AttributeError, NameError, TypeError):
        raise
    except Exception:  # noqa: BLE001  (an error counts: a planted bug may trip over an ensure)
        return True
    return False
