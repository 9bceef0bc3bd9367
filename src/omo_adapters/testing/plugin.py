"""Makes pytest collect scenarios: every ``*.scenario.toml`` and ``*.scenario.json`` is a test.

A scenario that comes out differently fails with the difference as its text. ``--omo-store sqlite`` plays them on
SQLite files; ``-m scenario`` selects them. Nothing of omo is imported before the first such file is met.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from _pytest._code.code import ExceptionInfo, TerminalRepr

    from omo_adapters.scenarios import Outcome


class ScenarioFailed(Exception):
    """A scenario came out differently than it expects."""

    def __init__(self, outcome: Outcome) -> None:
        """Keep how it came out."""
        super().__init__(outcome.render())
        self.outcome = outcome


class ScenarioItem(pytest.Item):
    """One scenario as a test."""

    def runtest(self) -> None:
        """Play the scenario."""
        from omo_adapters.scenarios import run_scenario  # noqa: PLC0415 - pytest starts quicker without it

        outcome = run_scenario(self.path, store=self.config.getoption("omo_store"))
        if not outcome.ok:
            raise ScenarioFailed(outcome)

    def repr_failure(  # type: ignore[override]  # pytest's own signature names a private type
        self, excinfo: ExceptionInfo[BaseException]
    ) -> str | TerminalRepr:
        """Tell what came out differently, or what is wrong with the file; anything else is a bug and told in full."""
        from omo_core.errors import Malformed  # noqa: PLC0415 - as above

        if isinstance(excinfo.value, ScenarioFailed | Malformed):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Name the test in reports."""
        return self.path, None, f"scenario {self.path.name}"


class ScenarioFile(pytest.File):
    """A file that holds one scenario."""

    def collect(self) -> Iterable[ScenarioItem]:
        """Give the one test."""
        item = ScenarioItem.from_parent(self, name="scenario")
        item.add_marker(pytest.mark.scenario)
        yield item


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say where scenarios are played."""
    group = parser.getgroup("omo", "scenarios of a shop's rules")
    group.addoption(
        "--omo-store",
        choices=("memory", "sqlite"),
        default="memory",
        dest="omo_store",
        help="the store that *.scenario.toml files are played on",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", "scenario: a shop's rules told as a story (*.scenario.toml, *.scenario.json)")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ScenarioFile | None:
    """Take scenario files."""
    if file_path.name.endswith((".scenario.toml", ".scenario.json")):
        return ScenarioFile.from_parent(parent, path=file_path)
    return None
