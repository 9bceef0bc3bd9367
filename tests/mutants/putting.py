"""Puts a broken journal to every clause of a contract, without pytest around each: gives the names of what failed."""

import inspect
from contextlib import contextmanager
from itertools import product

from omo_adapters.testing.contract import Contract


def failing(suite: type[Contract], broken: type, *, but: frozenset[str] = frozenset()) -> set[str]:
    """Name the clauses that a journal fails, those of the options in ``but`` left out."""

    @contextmanager
    def opened():
        yield broken()

    exam = type("Exam", (suite,), {"max_examples": 60, "shrink": False, "thread_rounds": 15})()
    return {
        name for name, clause in suite.clauses.items() if _option(clause) not in but and _fails(exam, clause, opened)
    }


def _option(clause):
    return getattr(clause, "needs_option", "")


def _fails(exam, clause, opened) -> bool:
    tables = [mark.args for mark in getattr(clause, "pytestmark", ()) if mark.name == "parametrize"]
    for row in product(*[[(names, value) for value in values] for names, values in tables]):
        with opened() as journal:
            fixtures = {"journal": journal, "vault": journal, "open_journal": opened, **dict(row)}
            wanted = inspect.signature(clause).parameters.keys() & fixtures.keys()
            try:
                clause(exam, **{name: fixtures[name] for name in wanted})
            except BaseException:  # noqa: BLE001  (whatever a broken journal raises is a failure)
                return True
    return False
