"""Figures of points and tiers: what was measured and tried is kept as JSON, and the page is written from it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.arms import machine

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
PAGE = ROOT / "docs" / "explanation" / "figures-loyalty.md"

HEAD = """\
<!-- Written by `python -m benchmarks.loyalty --save` from benchmarks/results/loyalty.json and laws.json. -->

# Figures of points and tiers

What [points and tiers](points-and-tiers.md) cost, and how far their laws were tried. Figures are ratios between arms
that took turns in one run; [figures](figures.md) says how to read them. Rates are for orientation only.

"""
LAWS = """
## The laws, tried long

The short runs are part of `make test`; `make laws-loyalty ARGS=--save` wrote what stands here. Worlds are made up from
whole numbers (seeds), programme and history alike, by `tests/loyalty/worlds.py` and `walks.py`. The model with coins
(`oracle.py`) is written from the design without importing the rules. Seconds are those of one core.

| what | tried | seeds | broken | seconds |
| --- | ---: | --- | ---: | ---: |
"""


def page(told: dict[str, Any], laws: dict[str, Any]) -> str:
    """Give the page of what was measured."""
    machine_ = told["machine"]
    parts = [HEAD, f"Machine: {machine_['cores']} cores, {machine_['ram_gib']} GiB, {machine_['system']}, "]
    parts.append(f"CPython {machine_['python']}; load {machine_['load_at_start']} at the start.\n")
    section = ""
    for figure in told["figures"]:
        if figure["section"] != section:
            section = figure["section"]
            parts.append(f"\n## {section}\n\n| what | per second | against, per second | ratio (lowest to highest) |\n")
            parts.append("| --- | ---: | ---: | --- |\n")
        parts.append(_row(figure))
    held = told["memory"]
    each = held["account_bytes"] // held["events"]
    parts.append(f"\nA folded account of {held['events']:,} events holds {held['account_bytes'] // 1024:,} KiB beside ")
    parts.append(
        f"its events, {each} bytes for each: {held['lots']} lots and what their purchases are remembered by.\n"
    )
    if told.get("year"):
        parts.append(_year(told["year"]))
    parts.append(LAWS)
    parts += [
        f"| {law['what']} | {law['tried']:,} | {law['seeds']} | {law['broken']} | {law['seconds']:,} |\n"
        for law in laws["laws"]
    ]
    if laws.get("machine"):
        parts.append(f"\nMachine: {laws['machine']}.\n")
    return "".join(parts)


def keep_laws(tried: Sequence[dict[str, Any]]) -> None:
    """Keep how far the laws were tried, and write the page anew."""
    about = machine()
    laws = {"laws": list(tried), "machine": f"{about['cores']} cores, {about['system']}, CPython {about['python']}"}
    (RESULTS / "laws.json").write_text(json.dumps(laws, indent=1, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")
    PAGE.write_text(page(json.loads((RESULTS / "loyalty.json").read_text("utf-8")), laws), "utf-8")


def _row(figure: dict[str, Any]) -> str:
    ratio, unit = figure["ratio"], "× its time" if figure["reading"] == "time" else "× as fast"
    spread = f"{ratio['median']:.3g} {unit} ({ratio['low']:.3g} to {ratio['high']:.3g})"
    note = f" ({figure['note']})" if figure["note"] else ""
    rates = [f"{figure[key]['median']:,.0f} {figure['unit']}s" for key in ("per_second", "against_per_second")]
    return f"| {figure['what']}{note} | {rates[0]} | {rates[1]} | {spread} |\n"


def _year(told: dict[str, Any]) -> str:
    ratio = told["ratio"]
    return (
        f"\n## All accounts of a grocer's year\n\n{told['accounts']:,} households, {told['baskets']:,} baskets "
        "(The Complete Journey): every account read and folded from the journal alone.\n\n"
        "| | seconds |\n| --- | ---: |\n"
        f"| one process | {told['one_process_seconds']} |\n| one process per core | {told['all_cores_seconds']} |\n\n"
        f"All cores are {ratio['median']} × as fast ({ratio['low']} to {ratio['high']}, {told['rounds']} rounds). "
        f"Most memory of the measuring process, import included: {told['peak_rss_mib']} MiB.\n"
    )
