"""The page about stock, written from what is kept: ``python -m benchmarks.stock_figures``. It measures nothing."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import mean
from string import Template
from typing import Any

from benchmarks.figures import Rows, markdown

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "benchmarks" / "results" / "stock.json"
PAGE = ROOT / "docs" / "explanation" / "figures-stock.md"
WORDS = Path(__file__).with_name("figures-stock.md.in")
GOAL_PERCENT = 0.5
NOT_MEASURED = "Not measured yet: `{}`."


def kept() -> dict[str, Any]:
    """Give what was kept so far."""
    return json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}


def page(told: dict[str, Any]) -> str:
    """Fill the words of the page in; what was never measured says so."""
    tables = {
        "plan_times": plan_times,
        "plans": plans,
        "strategies": strategies,
        "batches": batch_table,
        "proven": proven,
        "balance": balance,
        "article": article,
        "imports": imports,
        "crowd": crowd,
    }
    filled = {}
    for name, table in tables.items():
        needs = _NEEDS.get(name, name)
        there = told if name == "imports" and ("import" in told or "import_full" in told) else told.get(needs)
        filled[name] = (
            NOT_MEASURED.format(needs) if there is None else table(there if name == "imports" else there["found"])
        )
    return Template(WORDS.read_text("utf-8")).substitute(filled, measured=measured_when(told))


_NEEDS = {"strategies": "plans", "proven": "batches", "imports": "import"}


def write_page() -> None:
    """Write the page anew."""
    PAGE.write_text(page(kept()), "utf-8")


def measured_when(told: dict[str, Any]) -> str:
    """Say on what and under which load each part was measured."""
    rows: Rows = [("part", "machine", "Python", "SQLite", "load at the start")]
    for name, each in sorted(told.items()):
        about = each["machine"]
        what = f"{about['cores']} cores, {about['ram_gib']} GiB, {about['system']}"
        rows.append((f"`{name}`", what, about["python"], about["sqlite"], str(about["load_at_start"])))
    return markdown(rows)


def plan_times(rows: list[dict[str, Any]]) -> str:
    """Give how long plans took."""
    table: Rows = [("aims", "locations", "plans", "median ms", "99 % ms", "longest ms", "goal for the median, ms")]
    for row in rows:
        goal = "-" if row["goal_ms"] is None else f"{row['goal_ms']:g} {'met' if row['met'] else 'missed'}"
        times = (_figure(row[name]) for name in ("median_ms", "p99_ms", "most_ms"))
        table.append((", ".join(row["aims"]), str(row["locations"]), f"{row['instances']:,}", *times, goal))
    return markdown(table)


def plans(rows: list[dict[str, Any]]) -> str:
    """Give how plans compare with the solver's."""
    table: Rows = [("aims", "locations", "instances", "compared", "equal", "search or solver did not finish", "seed")]
    for row in rows:
        stopped = f"{row['unfinished']} / {row['solver_unfinished']}"
        numbers = (f"{row[name]:,}" for name in ("instances", "compared", "equal"))
        table.append((", ".join(row["aims"]), str(row["locations"]), *numbers, stopped, str(row["seed"])))
    return markdown(table)


def strategies(rows: list[dict[str, Any]]) -> str:
    """Give how far the greedy strategies cost above the exact plan, where the aim is cost."""
    by_cost = [row for row in rows if row["aims"][0] == "cost"]
    names = list(by_cost[0]["above_percent"])
    table: Rows = [("locations", *names)]
    for row in by_cost:
        gaps = (row["above_percent"][name] for name in names)
        table.append((str(row["locations"]), *(f"{_figure(each)} / {_figure(most)}" for each, most in gaps)))
    return markdown(table)


def batch_table(rows: list[dict[str, Any]]) -> str:
    """Give each family's batches; the bound is the better of the solver's and ours."""
    head = (
        "family",
        "batches",
        "wanted / there",
        "batch",
        "in turn, exact",
        "in turn, nearest",
        "solver alone",
        "goal",
    )
    table: Rows = [head]
    for family in dict.fromkeys(row["family"] for row in rows):
        mine = [row for row in rows if row["family"] == family]
        gaps = {way: [_above(row, _cost(row, way)) for row in mine] for way in _WAYS}
        solver = [_above(row, row["solver"]["cost"]) for row in mine if row["solver"]["cost"] is not None]
        wanted = sum(row["wanted"] for row in mine) / sum(row["there"] for row in mine)
        within = sum(gap <= GOAL_PERCENT for gap in gaps["batch"])
        table.append(
            (
                family,
                str(len(mine)),
                f"{wanted:.2f}",
                *(_spread(gaps[way]) for way in _WAYS),
                _spread(solver) if solver else "found none",
                f"{within} of {len(mine)} within {GOAL_PERCENT} %",
            )
        )
    return markdown(table)


_WAYS = ("batch", "in turn, exact", "in turn, nearest first")


def proven(rows: list[dict[str, Any]]) -> str:
    """Give the batches whose best plan the solver could prove to within the goal, and how far ours is from it."""
    able = [row for row in rows if _solver_gap(row) <= GOAL_PERCENT]
    if not able:
        return "The solver alone proved none of them to within the goal."
    gaps = [100 * (_cost(row, "batch") - row["solver"]["bound"]) / row["solver"]["bound"] for row in able]
    met = sum(gap <= GOAL_PERCENT for gap in gaps)
    return (
        f"The solver alone came to within {GOAL_PERCENT} % of its own bound on {len(able)} of {len(rows)} batches. Of "
        f"those, ours is within {GOAL_PERCENT} % of that bound on {met}: {_spread(gaps)} percent above it."
    )


def _solver_gap(row: dict[str, Any]) -> float:
    found = row["solver"]
    if found["cost"] is None or found["bound"] <= 0:
        return float("inf")
    return 100 * (found["cost"] - found["bound"]) / found["bound"]


def _cost(row: dict[str, Any], way: str) -> int:
    return next(each["cost"] for each in row["ways"] if each["way"] == way)


def _above(row: dict[str, Any], cost: int) -> float:
    bound = max(row["bound"], row["solver"]["bound"])
    return 100 * (cost - bound) / bound


def balance(told: dict[str, Any]) -> str:
    """Give what rebalancing costs and how long it takes."""
    least = told["ways"]["min-cost flow"]["cost"]
    table: Rows = [("how", "cost", "above the flow", "seconds")]
    for way, each in told["ways"].items():
        above = f"{100 * (each['cost'] - least) / least:.1f} %"
        table.append((way, f"{each['cost']:,}", above, _figure(each["seconds"])))
    return (
        f"{told['locations']} locations, {told['skus']:,} articles, {told['lanes']:,} lanes, seed {told['seed']}.\n\n"
        f"{markdown(table)}\n\nThe cheapest paths, found without a solver, cost the same on {told['equal']} of the "
        f"{told['checked']} articles that were asked about."
    )


def article(told: dict[str, Any]) -> str:
    """Give what is asked of one article."""
    table: Rows = [("what", "median ms", "99 % ms", "times")]
    asked = {**told["questions"], **told["commands"], "history folded in the core": told["folded"]}
    for what, each in asked.items():
        table.append((what, _figure(each["median_ms"]), _figure(each["p99_ms"]), str(each["times"])))
    return (
        f"{told['locations']} locations, {told['promises']:,} open promises. The folded state holds "
        f"{told['state_mib']:.1f} MiB, kept beside the journal it is {told['memo_bytes'] / 2**20:.2f} MiB; the "
        f"measuring process had {told['peak_rss_mib']:.0f} MiB at most.\n\n{markdown(table)}"
    )


def imports(told: dict[str, Any]) -> str:
    """Give the imports that were measured, the smaller one first."""
    found = [told[name]["found"] for name in ("import", "import_full") if name in told]
    table: Rows = [
        ("articles × locations", "counts", "seconds", "processor seconds", "per second", "memory MiB", "store MiB")
    ]
    asked: Rows = [("asked of a new process", "articles", "median ms", "99 % ms", "times")]
    for each in found:
        done = each["imported"]
        table.append(
            (
                f"{each['skus']:,} × {each['locations']}",
                f"{done['counts']:,}",
                _figure(done["seconds"]),
                _figure(done["processor_seconds"]),
                f"{done['per_second']:,.0f}",
                f"{done['peak_rss_mib']:.0f}",
                f"{done['store_mib']:,.0f}",
            )
        )
        for what, one in each["asked"].items():
            times = (_figure(one["median_ms"]), _figure(one["p99_ms"]), str(one["times"]))
            asked.append((what, f"{each['skus']:,}", *times))
    return f"{markdown(table)}\n\n{markdown(asked)}"


def crowd(rows: list[dict[str, Any]]) -> str:
    """Give what eight processes sold, asked and unasked."""
    table: Rows = [("stock", "demand", "sold by asking", "sold by looking, then writing", "oversold")]
    for row in rows:
        asked, wrote = row["asked"], row["looked_then_wrote"]
        numbers = (
            asked["stock"],
            asked["demand"],
            asked["sold"],
            wrote["sold"],
            max(0, wrote["sold"] - wrote["stock"]),
        )
        table.append(tuple(map(str, numbers)))
    return markdown(table)


def _figure(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.2g}" if number < 10 else f"{number:.1f}"


def _spread(numbers: list[float]) -> str:
    return f"{mean(numbers):.2f} ({min(numbers):.2f} to {max(numbers):.2f})"


if __name__ == "__main__":
    write_page()
