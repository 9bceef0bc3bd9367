"""Files and functions stay small, nothing is left for later, no error is swallowed: house style as a test."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))

FUNCTION_LINES_MAX = 40
FILE_LINES_ASK = 300
FILE_LINES_MAX = 400

LONG_FILES: dict[str, tuple[date, str]] = {}
"""Files over 300 lines that were looked at: ``"src/…": (date(2026, 11, 21), "why it is one file")``."""

NOT_CODE = {
    tokenize.COMMENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
    tokenize.INDENT,
    tokenize.NEWLINE,
    tokenize.NL,
}


def code_lines(source: str) -> set[int]:
    """Numbers of the lines that bear code: neither blank nor comment alone."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in NOT_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    return lines


def long_functions(source: str) -> list[str]:
    """Functions over the limit, as ``line: name (n lines)``; decorators and docstring do not count."""
    lines = code_lines(source)
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        own = set(range(node.lineno, (node.end_lineno or node.lineno) + 1)) & lines
        first = node.body[0]
        if ast.get_docstring(node, clean=False) is not None:
            own -= set(range(first.lineno, (first.end_lineno or first.lineno) + 1))
        if len(own) > FUNCTION_LINES_MAX:
            found.append(f"{node.lineno}: {node.name} ({len(own)} lines)")
    return found


def file_complaint(name: str, lines: int, excused: dict[str, tuple[date, str]]) -> str | None:
    """What is wrong with a file's length, if anything."""
    if lines > FILE_LINES_MAX:
        return f"{name}: {lines} lines, more than {FILE_LINES_MAX}; split it"
    if lines > FILE_LINES_ASK and name not in excused:
        return f"{name}: {lines} lines, more than {FILE_LINES_ASK}; split it, or say why in LONG_FILES"
    if lines <= FILE_LINES_ASK and name in excused:
        return f"{name}: only {lines} lines; take it out of LONG_FILES"
    return None


LEFTOVERS = {
    "left for later": re.compile(r"\b(?:TODO|FIXME|HACK)\b"),
    "type: ignore without a code": re.compile(r"#\s*type:\s*ignore(?!\[)"),
    "noqa without a code": re.compile(r"#\s*noqa(?!\s*:)", re.IGNORECASE),
}


def leftovers(source: str) -> list[str]:
    """Notes to self and blanket silencers, as ``line: what``."""
    return [
        f"{number}: {what}"
        for number, line in enumerate(source.splitlines(), 1)
        for what, pattern in LEFTOVERS.items()
        if pattern.search(line)
    ]


def swallowed_errors(source: str) -> list[str]:
    """Handlers that catch everything unnamed or do nothing, as ``line: what``."""
    return [f"{line}: {what}" for line, what in sorted(_swallowed(ast.parse(source)))]


def _swallowed(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            if node.type is None:
                yield node.lineno, "bare except"
            if all(_does_nothing(statement) for statement in node.body):
                yield node.lineno, "silent except"
        elif isinstance(node, ast.Call) and _suppresses_all(node):
            yield node.lineno, "silent except"


def _suppresses_all(call: ast.Call) -> bool:
    named = ast.unparse(call.func).rpartition(".")[2] == "suppress"
    return named and any(ast.unparse(argument) in {"Exception", "BaseException"} for argument in call.args)


def _does_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.Pass)


def _everywhere(check: str) -> list[str]:
    checks = {"functions": long_functions, "leftovers": leftovers, "errors": swallowed_errors}
    return [
        f"{path.relative_to(ROOT).as_posix()}:{finding}"
        for path in SOURCES
        for finding in checks[check](path.read_text("utf-8"))
    ]


def test_functions_are_short() -> None:
    assert _everywhere("functions") == []


def test_files_are_short() -> None:
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in SOURCES}
    complaints = [file_complaint(name, lines, LONG_FILES) for name, lines in lengths.items()]
    gone = [f"{name}: is gone; take it out of LONG_FILES" for name in LONG_FILES if name not in lengths]
    assert [complaint for complaint in complaints if complaint] + gone == []


def test_nothing_is_left_for_later() -> None:
    assert _everywhere("leftovers") == []


def test_no_error_is_swallowed() -> None:
    assert _everywhere("errors") == []


def _function(lines: int) -> str:
    return "def f():\n" + '    """Say\n    something."""\n\n    # why\n' + "    x = 1\n" * (lines - 1)


def test_a_function_of_forty_lines_passes_and_one_more_is_caught() -> None:
    assert long_functions(_function(40)) == []
    assert long_functions(_function(41)) == ["1: f (41 lines)"]


def test_a_long_method_is_caught_too() -> None:
    source = "class C:\n" + "".join(f"    {line}\n" for line in _function(41).splitlines())
    assert long_functions(source) == ["2: f (41 lines)"]


@pytest.mark.parametrize(
    ("lines", "excused", "complains"),
    [
        (300, False, False),
        (301, False, True),
        (301, True, False),
        (400, True, False),
        (401, True, True),
        (300, True, True),
    ],
)
def test_a_long_file_needs_an_excuse_and_an_excuse_needs_a_long_file(
    lines: int, excused: bool, complains: bool
) -> None:
    excuses = {"a.py": (date(2026, 11, 21), "one table")} if excused else {}
    assert (file_complaint("a.py", lines, excuses) is not None) is complains


@pytest.mark.parametrize(
    "planted",
    [
        "# TO" + "DO: later",
        '"""FIX' + 'ME"""',
        "x = f()  # type: " + "ignore",
        "x = f()  # no" + "qa",
    ],
)
def test_a_planted_leftover_is_caught(planted: str) -> None:
    assert leftovers(planted) != []


def test_a_named_silencer_is_left_alone() -> None:
    assert leftovers("x = f()  # type: ignore[arg-type]\ny = g()  # noqa: S608 - a constant") == []


@pytest.mark.parametrize(
    "planted",
    [
        "try:\n    f()\nexcept:\n    g()",
        "try:\n    f()\nexcept KeyError:\n    pass",
        "try:\n    f()\nexcept KeyError:\n    ...",
        "with contextlib.suppress(Exception):\n    f()",
    ],
)
def test_a_planted_swallowed_error_is_caught(planted: str) -> None:
    assert swallowed_errors(planted) != []


def test_a_handled_error_is_left_alone() -> None:
    assert swallowed_errors("try:\n    f()\nexcept KeyError:\n    g()") == []
    assert swallowed_errors("with contextlib.suppress(KeyError):\n    f()") == []
