"""A contract can fail under ``python -O`` too: its assertions are not those that the interpreter leaves out."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ADAPTER = """
from contextlib import contextmanager

import pytest

from omo_adapters.testing.journal import JournalContract
from tests.mutants.journals import KeepsEverythingTwice


@contextmanager
def opened():
    yield KeepsEverythingTwice()


class TestJournal(JournalContract):
    @pytest.fixture
    def open_journal(self):
        return opened
"""
CLAUSE = "test_the_same_event_again_changes_nothing_and_is_reported_known"


@pytest.mark.parametrize("flags", [(), ("-O",)])
def test_a_broken_adapter_fails_however_python_was_started(tmp_path: Path, flags: tuple[str, ...]) -> None:
    (tmp_path / "test_adapter.py").write_text(ADAPTER, "utf-8")
    command = [sys.executable, *flags, "-m", "pytest", "-q", "-k", CLAUSE, "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"FAILED test_adapter.py::TestJournal::{CLAUSE}" in done.stdout
