"""The core reads no clock, draws no lots, opens nothing: proven on its syntax trees.

import-linter watches the same border for modules; this test also sees calls, literals and statements.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "src" / "omo_core"

ALLOWED_IMPORTS = frozenset(
    {
        "__future__",
        "abc",
        "array",
        "attr",
        "attrs",
        "bisect",
        "calendar",
        "collections",
        "contextlib",
        "datetime",
        "decimal",
        "enum",
        "fractions",
        "functools",
        "hashlib",
        "heapq",
        "hmac",
        "itertools",
        "math",
        "omo_core",
        "operator",
        "re",
        "string",
        "types",
        "typing",
        "unicodedata",
        "zoneinfo",
    }
)
"""Top-level names. Anything else is a decision for an ADR, not for a pull request."""

BANNED_NAMES = {
    "__import__": "loads code at run time",
    "breakpoint": "talks to a terminal",
    "compile": "makes code at run time",
    "complex": "is made of floats",
    "eval": "runs text as code",
    "exec": "runs text as code",
    "float": "is inexact; use integers or Fraction",
    "globals": "reaches into module state",
    "hash": "differs with the hash seed",
    "input": "talks to a terminal",
    "open": "does I/O",
    "print": "does I/O",
}

BANNED_METHODS = {
    "fromtimestamp": "reads the machine's time zone",
    "now": "reads the clock",
    "timestamp": "gives a float",
    "today": "reads the clock",
    "total_seconds": "gives a float; divide by timedelta(seconds=1) with //",
    "utcfromtimestamp": "gives a naive instant",
    "utcnow": "reads the clock",
}

BANNED_STATEMENTS: dict[type[ast.AST], str] = {
    ast.Assert: "assert is stripped by python -O; use ensure",
    ast.AsyncFor: "the core is not async",
    ast.AsyncFunctionDef: "the core is not async",
    ast.AsyncWith: "the core is not async",
    ast.Await: "the core is not async",
    ast.Div: "/ on integers gives a float; use // or Fraction(a, b)",
    ast.Global: "global is module state",
}

SETTLES_ORDER = frozenset({"all", "any", "frozenset", "len", "max", "min", "set", "sorted", "sum"})
"""Calls whose result does not depend on the order in which they are fed."""

KEEPS_ORDER = frozenset({"dict", "enumerate", "iter", "list", "map", "tuple", "zip"})
"""Calls whose result shows the order in which they are fed."""


def findings(source: str) -> list[str]:
    """What is impure in a module, as ``line: reason``, in the order of the file."""
    tree = ast.parse(source)
    harmless = {
        id(argument)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SETTLES_ORDER
        for argument in node.args
    }
    found: set[tuple[int, str]] = set()
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            found.add((line, BANNED_STATEMENTS[ast.Div]))
        elif type(node) in BANNED_STATEMENTS and not isinstance(node, ast.Div):
            found.add((line, BANNED_STATEMENTS[type(node)]))
        found.update((line, reason) for reason in _imports(node))
        found.update((line, reason) for reason in _values(node))
        found.update((line, reason) for reason in _sorting_key(node))
        found.update((line, reason) for reason in _set_order(node, harmless))
    return [f"{line}: {reason}" for line, reason in sorted(found)]


def _imports(node: ast.AST) -> Iterator[str]:
    names: list[str] = []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.level == 0:
        names = [node.module or ""]
    for name in names:
        if name.partition(".")[0] not in ALLOWED_IMPORTS:
            yield f"imports {name}"
    if isinstance(node, ast.FunctionDef | ast.Lambda):
        for inner in ast.walk(node):
            if isinstance(inner, ast.Import | ast.ImportFrom):
                yield f"imports inside a function (line {inner.lineno})"


def _values(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
        yield f"float literal {node.value}"
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BANNED_NAMES:
        yield f"{node.func.id}() {BANNED_NAMES[node.func.id]}"
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr in BANNED_METHODS:
            yield f".{node.func.attr}() {BANNED_METHODS[node.func.attr]}"
        elif node.func.attr == "astimezone" and not (node.args or node.keywords):
            yield ".astimezone() without a zone reads the machine's time zone"


def _sorting_key(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.keyword) and node.arg == "key" and ast.unparse(node.value) in {"id", "hash"}:
        yield f"sorts by {ast.unparse(node.value)}, which differs from run to run"


def _set_order(node: ast.AST, harmless: set[int]) -> Iterator[str]:
    reason = "the order of a set differs from run to run; sort it by a full key"
    if isinstance(node, ast.For) and _is_set(node.iter):
        yield reason
    elif isinstance(node, ast.ListComp | ast.DictComp | ast.GeneratorExp) and id(node) not in harmless:
        if any(_is_set(generator.iter) for generator in node.generators):
            yield reason
    elif isinstance(node, ast.Starred) and _is_set(node.value):
        yield reason
    if isinstance(node, ast.Call) and any(_is_set(argument) for argument in node.args) and _keeps_order(node, harmless):
        yield reason


def _keeps_order(call: ast.Call, harmless: set[int]) -> bool:
    if isinstance(call.func, ast.Name):
        return call.func.id in KEEPS_ORDER and id(call) not in harmless
    return isinstance(call.func, ast.Attribute) and call.func.attr in {"extend", "fromkeys", "join"}


def _is_set(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr | ast.BitAnd | ast.Sub | ast.BitXor):
        return _is_set(node.left) or _is_set(node.right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id in {"set", "frozenset"}
    return isinstance(node, ast.Set | ast.SetComp)


def test_every_core_module_is_pure() -> None:
    impure = [
        f"{path.relative_to(ROOT)}:{finding}"
        for path in sorted(CORE.rglob("*.py"))
        for finding in findings(path.read_text("utf-8"))
    ]
    assert impure == []


@pytest.mark.parametrize(
    ("planted", "reason"),
    [
        ("import json", "imports json"),
        ("import os.path", "imports os.path"),
        ("from random import choice", "imports random"),
        ("import datetime, time", "imports time"),
        ("from pydantic import BaseModel", "imports pydantic"),
        ("def f():\n    import decimal", "imports inside a function"),
        ("assert True", "assert"),
        ("def f():\n    global x\n    x = 1", "global"),
        ("async def f(): ...", "async"),
        ("print('hi')", "print()"),
        ("open('x')", "open()"),
        ("eval('1')", "eval()"),
        ("hash('x')", "hash()"),
        ("sorted(xs, key=id)", "sorts by id"),
        ("rate = 0.5", "float literal 0.5"),
        ("rate = 1e3", "float literal 1000.0"),
        ("float('1')", "float()"),
        ("half = whole / 2", "gives a float"),
        ("whole /= 2", "gives a float"),
        ("datetime.now(UTC)", ".now()"),
        ("datetime.datetime.utcnow()", ".utcnow()"),
        ("date.today()", ".today()"),
        ("datetime.fromtimestamp(0, UTC)", ".fromtimestamp()"),
        ("at.timestamp()", ".timestamp()"),
        ("delta.total_seconds()", ".total_seconds()"),
        ("at.astimezone()", ".astimezone()"),
        ("for x in {1, 2}: ...", "order of a set"),
        ("for x in set(xs): ...", "order of a set"),
        ("for x in set(xs) | set(ys): ...", "order of a set"),
        ("for x in {f(y) for y in ys}: ...", "order of a set"),
        ("[x for x in frozenset(xs)]", "order of a set"),
        ("f(x for x in set(xs))", "order of a set"),
        ("list(set(xs))", "order of a set"),
        ("tuple({1, 2})", "order of a set"),
        ("(*set(xs),)", "order of a set"),
        ("','.join({'a', 'b'})", "order of a set"),
        ("dict.fromkeys(set(xs))", "order of a set"),
    ],
)
def test_a_planted_impurity_is_caught(planted: str, reason: str) -> None:
    assert any(reason in finding for finding in findings(planted)), planted


@pytest.mark.parametrize(
    "pure",
    [
        "from collections.abc import Mapping",
        "import attrs\nfrom omo_core.money import Money",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from decimal import Decimal",
        "for x in sorted(set(xs)): ...",
        "sorted(x for x in set(xs))",
        "total = sum(f(x) for x in {1, 2})",
        "{x for x in set(xs)}",
        "half = whole // 2",
        "at.astimezone(zone)",
        "seconds = delta // timedelta(seconds=1)",
        "for x in dict.fromkeys(xs): ...",
    ],
)
def test_what_is_pure_is_left_alone(pure: str) -> None:
    assert findings(pure) == []
