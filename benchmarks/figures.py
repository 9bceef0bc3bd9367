"""Results kept as JSON, and the page that shows them: docs/explanation/figures.md is written from here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any

RESULTS = Path(__file__).with_name("results")
PAGE = Path(__file__).parents[1] / "docs" / "explanation" / "figures.md"
WORDS = Path(__file__).with_name("figures.md.in")

Rows = list[tuple[str, ...]]
HEAD = ("what", "omo per second", "against, per second", "ratio (lowest to highest)", "goal", "rounds × operations")
LOOKUP_HEAD = ("what", "median", "99th percentile", "times a bare read", "asked")


def save(name: str, told: Mapping[str, Any]) -> None:
    """Keep a run's results, and write the page anew."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    write_page()


def write_page() -> None:
    """Write the page from the results that are kept; it needs those of both runs."""
    if not all((RESULTS / f"{name}.json").exists() for name in ("bench", "year")):
        return
    bench, year = (json.loads((RESULTS / f"{name}.json").read_text("utf-8")) for name in ("bench", "year"))
    words = Template(WORDS.read_text("utf-8"))
    tables = "\n\n".join(f"### {section}\n\n{markdown(rows)}" for section, rows in cells(bench).items())
    page = words.substitute(
        machine=machine_told(bench["machine"]),
        seed=bench["seed"],
        delay=(bench["flush_delay_us"] or {}).get("seen", "-"),
        tables=tables,
        year=markdown(year_rows(year)),
        derived=markdown(derived_rows(year)),
        load=f"{bench['machine']['load_at_start']} and {year['machine']['load_at_start']}",
    )
    PAGE.write_text(page, encoding="utf-8")


def cells(told: Mapping[str, Any]) -> dict[str, Rows]:
    """Give every table of a quick run, by its title."""
    tables: dict[str, Rows] = {}
    for figure in told["figures"]:
        tables.setdefault(figure["section"], [HEAD]).append(_row(figure))
    if told["lookup"]:
        bare = told["lookup"][0]["median_us"]
        title = f"A member by phone among {told['events_in_lookup']:,} events"
        tables[title] = [LOOKUP_HEAD, *(_lookup_row(one, bare) for one in told["lookup"])]
    return tables


def _row(figure: Mapping[str, Any]) -> tuple[str, ...]:
    ratio, unit = figure["ratio"], figure["unit"]
    sign = "×" if figure["reading"] == "speed" else "× its time"
    goal = "-" if figure["goal"] is None else f"{figure['goal']} {'met' if figure['met'] else 'missed'}"
    note = f" ({figure['note']})" if figure["note"] else ""
    return (
        f"{figure['what']}{note}",
        f"{_short(figure['per_second']['median'])} {unit}s",
        _short(figure["against_per_second"]["median"]),
        f"{_ratio(ratio['median'])} {sign} ({_ratio(ratio['low'])} to {_ratio(ratio['high'])})",
        goal,
        f"{figure['rounds']} × {figure['operations']:,}",
    )


def _lookup_row(one: Mapping[str, Any], bare: float) -> tuple[str, ...]:
    times = f"{one['median_us'] / bare:.0f}" if one["median_us"] != bare else "1"
    return (one["what"], f"{one['median_us']:.0f} µs", f"{one['p99_us']:.0f} µs", times, f"{one['asked']:,}")


def year_rows(year: Mapping[str, Any]) -> Rows:
    """Give the import of the year as a table."""
    memory = ", ".join(f"{when}: {size}" for when, size in year["rss_mib"].items())
    return [
        ("what", "measured"),
        ("baskets, lines, households", f"{year['baskets']:,}, {year['lines']:,}, {year['households']:,}"),
        ("imported durably, in batches of", f"{year['batch']:,} events"),
        (
            "time",
            f"{year['seconds']:.0f} s, of which reading and translating alone take {year['read_alone_seconds']} s",
        ),
        ("throughput", f"{year['baskets_per_second']:,} baskets or {year['lines_per_second']:,} lines per second"),
        ("memory in MiB (whole process, file reader included)", f"{memory}; highest: {year['peak_rss_mib']}"),
        ("database", f"{year['database_mib']:,} MiB"),
        ("all accounts derived, one process per core", f"{year['derive_all_cores_seconds']} s"),
    ]


def derived_rows(year: Mapping[str, Any]) -> Rows:
    """Give the accounts that were derived and checked as a table."""
    head = ("at the start of", "accounts", "equal", "earned", "expired", "spendable", "pending", "tiers", "one process")
    return [head, *(_derived_row(check) for check in year["derived"])]


def _derived_row(check: Mapping[str, Any]) -> tuple[str, ...]:
    numbers = (f"{check[name]:,}" for name in ("accounts", "equal", "earned", "expired", "spendable", "pending"))
    tiers = ", ".join(f"{name} {count:,}" for name, count in check["tiers"].items())
    return (check["at_start_of"], *numbers, tiers, f"{check['seconds']} s")


def machine_told(about: Mapping[str, Any]) -> str:
    """Describe the machine in a sentence."""
    versions = ", ".join(f"{name} {version}" for name, version in about["versions"].items())
    return (
        f"{about['cores']} cores ({about['cpu']}, virtual), {about['ram_gib']} GiB, {about['system']}, "
        f"CPython {about['python']}, SQLite {about['sqlite']}; {versions}"
    )


def markdown(rows: Rows) -> str:
    """Write rows as a Markdown table."""
    head, *rest = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join((head, f"|{' --- |' * len(rows[0])}", *rest))


def _short(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 else f"{number:.2g}"


def _ratio(number: float) -> str:
    return f"{number:.0f}" if number >= 100 else f"{number:.2g}" if number >= 10 else f"{number:.2f}"


if __name__ == "__main__":
    write_page()
