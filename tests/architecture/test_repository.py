"""What the repository must and must not hold: no machine's paths, no registry's hosts, a docstring in every module."""

import ast
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

NOT_HERE = {
    "an absolute path of somebody's machine": re.compile(
        r"(?<![\w.~}/-])/(?:home|root|Users|work|opt|mnt)/\w|\b[A-Z]:\\Users\\"
    ),
    "a package registry's host": re.compile(
        r"pypi\.(?:org|python)|pythonhosted\.org|npmjs\.(?:org|com)|deb\.debian\.org|crates\.io|proxy\.golang\.org"
    ),
    "a pip option that names an index": re.compile(r"(?<!no-emit-)\b(?:index[-_]url|find[-_]links|trusted[-_]host)\b"),
}


def complaints(text: str) -> list[str]:
    """What a text must not say, as ``line: what``."""
    return [
        f"{number}: {what}"
        for number, line in enumerate(text.splitlines(), 1)
        for what, pattern in NOT_HERE.items()
        if pattern.search(line)
    ]


def tracked_files() -> list[Path]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git work tree")
    listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return ""  # not a text


def test_no_tracked_file_names_a_machine_or_a_registry() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{complaint}" for path in tracked_files() for complaint in complaints(text_of(path))
    ]
    assert found == []


@pytest.mark.parametrize(
    "planted",
    [
        "see /ho" + "me/ann/omo",
        'open("/ro' + 'ot/x")',
        "PYTHON=/op" + "t/python",
        "C:\\Us" + "ers\\ann",
        "https://pypi" + ".org/simple",
        "--index" + "-url x",
        "pip install --find" + "-links wheels",
    ],
)
def test_a_planted_place_is_caught(planted: str) -> None:
    assert complaints(planted) != []


@pytest.mark.parametrize("harmless", ["GET /orders/home/1", "docs/work/x", "--no-emit-index-url", "/usr/bin/env bash"])
def test_what_is_no_place_is_left_alone(harmless: str) -> None:
    assert complaints(harmless) == []


def test_every_module_says_what_it_is_for() -> None:
    folders = [ROOT / name for name in ("src", "benchmarks", "examples", "tools")]
    silent = [
        path.relative_to(ROOT).as_posix()
        for folder in folders
        for path in sorted(folder.rglob("*.py"))
        if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert silent == []


def test_both_packages_are_typed() -> None:
    assert (ROOT / "src" / "omo_core" / "py.typed").is_file()
    assert (ROOT / "src" / "omo_adapters" / "py.typed").is_file()


def _pins(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9][\w.-]*)==(\S+)", text, flags=re.MULTILINE))


def _declared() -> dict[str, list[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    groups = {"base": project["dependencies"], **project["optional-dependencies"]}
    return {group: [re.split(r"[\[<>=~! ]", line)[0] for line in lines] for group, lines in groups.items()}


@pytest.mark.parametrize("layer", ["dev", "bench", "matching"])
def test_every_requirements_file_agrees_with_the_base(layer: str) -> None:
    assert _pins("base").items() <= _pins(layer).items()


@pytest.mark.parametrize("layer", ["base", "dev", "bench"])
def test_everything_declared_is_pinned(layer: str) -> None:
    assert set(_declared()[layer]) <= _pins(layer).keys()


def test_matching_and_names_are_pinned_together() -> None:
    assert {*_declared()["matching"], *_declared()["names"]} <= _pins("matching").keys()


def test_every_dependency_is_explained() -> None:
    explained = set(re.findall(r"^\| `([^`]+)`", (ROOT / "docs" / "dependencies.md").read_text("utf-8"), re.MULTILINE))
    declared = {name for names in _declared().values() for name in names}
    assert declared - explained == set()
    assert explained - declared == set()
