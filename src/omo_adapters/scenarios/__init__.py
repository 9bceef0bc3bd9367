"""Scenarios: a shop's rules told as stories in TOML or JSON, and checked.

``run_scenario`` plays one story on a shop of its own through the real shell, ``run_files`` plays many; an ``Outcome``
says what came out differently than was expected. Under pytest, files named ``*.scenario.toml`` or ``*.scenario.json``
are tests (``omo_adapters.testing.plugin``). The format is described in docs/reference/scenarios.md.
"""

from omo_adapters.scenarios.difference import Difference, Outcome
from omo_adapters.scenarios.reading import Scenario, read_scenario
from omo_adapters.scenarios.running import run_files, run_scenario

__all__ = ["Difference", "Outcome", "Scenario", "read_scenario", "run_files", "run_scenario"]
