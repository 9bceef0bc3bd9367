"""Every command line that the pages show exists, with its options."""

import re
import shlex
from functools import lru_cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from omo_adapters.cli.main import app

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINE = re.compile(r"^ {4}(?:\$ )?omo ([a-z].*?)(?:  +#.*)?$|`omo ([a-z][^`]*)`", re.MULTILINE)


def shown() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        for block, inline in LINE.findall(page.read_text("utf-8")):
            found.append((page.relative_to(ROOT).as_posix(), block or inline))
    return list(dict.fromkeys(found))


@lru_cache(maxsize=64)
def help_of(*command: str) -> str:
    result = CliRunner().invoke(app, [*command, "--help"])
    return result.output if result.exit_code == 0 else ""


@pytest.mark.parametrize(("page", "line"), shown())
def test_a_command_that_is_shown_exists(page: str, line: str) -> None:
    words = shlex.split(line)
    groups = ("config", "members", "programme", "quarantine", "units")
    command = tuple(words[: 2 if words[0] in groups and len(words) > 1 and not words[1].startswith("-") else 1])
    told = help_of(*command)
    assert f"omo {' '.join(command)}" in told, f"{page}: {line}"
    assert [word for word in words if word.startswith("--") and word.partition("=")[0] not in told] == []
