"""Results kept as JSON, and the page that shows them: docs/explanation/figures.md is written from here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results")
PAGE = Path(__file__).parents[1] / "docs" / "explanation" / "figures.md"
WORDS = Path(__file__).with_name("figures.md.in")


def save(name: str, told: dict[str, Any]) -> None:
    """Keep a run's results, and write the page anew."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
