"""What all contract suites share: named options, and no way to switch a clause off unseen.

A suite is a class of tests. An integrator subclasses it, gives it a fixture, and pytest runs every clause against their
adapter. A clause belongs to an option or is required; leaving an option out skips its clauses and says so. A clause
can't be overridden or set to None; the one door is ``xfail`` with a reason, which the report shows::

    class TestAcmeJournal(JournalContract):
        options = JournalContract.options - {"threads"}
        xfail = {"test_a_turn_ends_when_what_happens_in_it_goes_wrong": "Acme's locks end with the session"}
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

import pytest

F = TypeVar("F", bound=Callable[..., Any])
Clause = Callable[..., None]


def needs(option: str) -> Callable[[F], F]:
    """Mark a clause as belonging to an option."""

    def marked(clause: F) -> F:
        clause.needs_option = option  # type: ignore[attr-defined]  # read below
        return clause

    return marked


class Contract:
    """Base of the suites. A suite is declared with ``suite=True``; every other subclass is an adapter sitting it."""

    options: ClassVar[frozenset[str]] = frozenset()
    """What the adapter offers. A suite starts with all of its options; an adapter takes away what it does not offer."""
    xfail: ClassVar[Mapping[str, str]] = {}
    """Clauses that are known to fail, each with the reason."""
    clauses: ClassVar[Mapping[str, Clause]] = {}
    """The suite's clauses by name."""

    def __init_subclass__(cls, *, suite: bool = False, **more: object) -> None:
        """Collect a suite's clauses; refuse an adapter's silent override, and mark what it leaves out."""
        super().__init_subclass__(**more)
        if suite:
            inherited = {name: clause for base in cls.__bases__ for name, clause in _clauses_of(base).items()}
            cls.clauses = {**inherited, **_own_tests(cls)}
            return
        for name in cls.clauses.keys() & vars(cls).keys():
            raise TypeError(f"{cls.__name__} overrides {name}; to accept that it fails, name it in xfail, with why")
        for name, why in cls.xfail.items():
            if name not in cls.clauses or not why.strip():
                raise TypeError(f"{cls.__name__}.xfail[{name!r}] names no clause, or gives no reason")
        strange = cls.options - {getattr(clause, "needs_option", None) for clause in cls.clauses.values()}
        if strange:
            raise TypeError(f"{cls.__name__}.options: no clause needs {', '.join(sorted(strange))}")
        for name, clause in cls.clauses.items():
            _mark(cls, name, clause)


def _clauses_of(base: type) -> Mapping[str, Clause]:
    return base.clauses if issubclass(base, Contract) else {}


def _own_tests(cls: type) -> Mapping[str, Clause]:
    return {name: clause for name, clause in vars(cls).items() if name.startswith("test_")}


def _mark(cls: type[Contract], name: str, clause: Clause) -> None:
    """Give an adapter its own copy of a clause that it skips, or that is known to fail."""
    option = getattr(clause, "needs_option", None)
    if option is not None and option not in cls.options:
        setattr(cls, name, pytest.mark.skip(reason=f"{cls.__name__} does not offer {option!r}")(_copied(clause)))
    elif name in cls.xfail:
        setattr(cls, name, pytest.mark.xfail(reason=cls.xfail[name], strict=True)(_copied(clause)))


def _copied(clause: Clause) -> Clause:
    @functools.wraps(clause)
    def copied(*args: object, **fixtures: object) -> None:
        clause(*args, **fixtures)

    return copied
