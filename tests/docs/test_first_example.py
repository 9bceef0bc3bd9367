"""README's first example is what a newcomer runs: alone, in an empty folder, it prints what the page says."""

import re
import subprocess
import sys
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE, OutputChecker
from pathlib import Path

README = Path(__file__).resolve().parents[2] / "README.md"


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert found is not None, f"README.md has no {language} block"
    return found[1]


def run(folder: Path) -> str:
    script = folder / "first.py"
    script.write_text(block("python"), "utf-8")
    return subprocess.run([sys.executable, script], cwd=folder, check=True, capture_output=True, text=True).stdout


def test_the_first_example_prints_what_the_page_says(tmp_path: Path) -> None:
    printed, told = run(tmp_path), block("text")
    assert OutputChecker().check_output(told, printed, ELLIPSIS | NORMALIZE_WHITESPACE), printed


def test_run_again_the_first_example_finds_what_is_left(tmp_path: Path) -> None:
    first, again = run(tmp_path).splitlines(), run(tmp_path).splitlines()
    assert again[0] == "card:4711 has 9 points"
    assert again[1:] == first[1:]


def test_the_first_example_is_what_the_type_checker_reads() -> None:
    checked = (README.parent / "tests" / "typing" / "readme.py").read_text("utf-8")
    assert checked.partition("\n\n")[2] == block("python")
