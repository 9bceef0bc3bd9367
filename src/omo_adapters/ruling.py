"""The rules that a shop is opened with, checked before anything rests on them."""

from __future__ import annotations

from pathlib import Path

from attrs import evolve

from omo_adapters.desk import Rules
from omo_adapters.programmes import load_programme
from omo_core.errors import Malformed
from omo_core.loyalty import Programme, check_programme

Given = Programme | Rules | str | Path
"""What a shop may be opened with: a programme, all its rules, or the file that a programme is written in."""


def rules_of(given: Given) -> Rules:
    """Check the programmes, or read one from a file; events that name none speak of the first."""
    if isinstance(given, str | Path):
        given = load_programme(given)
    rules = given if isinstance(given, Rules) else Rules(programme=given)
    rules = evolve(
        rules,
        programme=evolve(rules.programme, main=True),
        more=tuple(evolve(programme, main=False) for programme in rules.more),
    )
    for place, programme in enumerate(rules.programmes):
        check_programme(programme)
        if programme.name in [other.name for other in rules.programmes[:place]]:
            raise Malformed("programmes", f"two programmes are called {programme.name!r:.40}")
    rules.stock.check()
    return rules
