"""Resolving a whole customer base: quality, speed and memory, beside plain keys (and Splink where it is installed).

    python -m benchmarks.identity --records 100000 --seed 1 [--arm plain|blocked|omo|splink|splink-tuned] [--json FILE]

Without ``--arm`` each arm runs in a process of its own, one after the other, on the same records.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from attrs import asdict, evolve

from benchmarks.customer_base import DAY, PLACEHOLDER_EMAILS, PLACEHOLDER_PHONES, Record, records
from benchmarks.scoring import score
from omo_adapters.names.traits import spoken
from omo_core.identifiers import Fingerprint, ProfileId
from omo_core.members import DEFAULT_RULES, IdentityRules, KeyRule
from omo_core.members.columns import Columns, Traits
from omo_core.members.parting import part

ARMS = ("plain", "blocked", "omo-strict", "omo", "omo-shuffled")
SPLINK = ("splink", "splink-tuned")
BLOCKED = tuple(Fingerprint(value) for value in (*PLACEHOLDER_PHONES, *PLACEHOLDER_EMAILS))


def columns(rows: Sequence[Record]) -> Columns:
    """Write the base down in columns, as a back-fill does."""
    filled, traits = Columns(), dict[str, Traits | None]()
    for row in rows:
        record = filled.add_record(ProfileId(row.name), row.at * DAY)
        for kind, value in (("card", row.card), ("email", row.email), ("phone", row.phone)):
            if value:
                filled.add_claim(record, (kind, ""), Fingerprint(value), row.at * DAY, row.seen * DAY)
        if row.said not in traits:
            traits[row.said] = _traits(row.said)
        mine = traits[row.said]
        if mine:
            filled.traits[record] = mine
    return filled


def _traits(name: str) -> Traits:
    return tuple((kind, tuple(Fingerprint(value) for value in values)) for kind, values in spoken(name, str))


def rules(arm: str) -> IdentityRules:
    """Give the rules of an arm: bare keys, with placeholders blocked, or with every guard."""
    usual = evolve(
        DEFAULT_RULES, keys=tuple(key for key in DEFAULT_RULES.keys if key.kind in {"card", "email", "phone"})
    )
    if arm.startswith("omo"):
        vouching = tuple(evolve(key, names_vouch=arm != "omo-strict") for key in usual.keys)
        return evolve(usual, blocked=BLOCKED, keys=vouching)
    bare = tuple(KeyRule(kind=key.kind, proofs=key.proofs, profiles_max=10**9) for key in usual.keys)
    return evolve(usual, keys=bare, records_max=10**9, blocked=BLOCKED if arm == "blocked" else ())


def run(arm: str, count: int, seed: int) -> dict[str, object]:
    """Run one arm; gives its figures."""
    rows = list(records(count, seed))
    truth = [row.person for row in rows]
    if arm in SPLINK:
        from benchmarks.splink_arm import clusters  # noqa: PLC0415  (only where it is asked for)

        begin = time.perf_counter()
        found = clusters(rows, tuned=arm == "splink-tuned")
        figures: dict[str, object] = {"seconds": round(time.perf_counter() - begin, 2)}
    else:
        found, figures = _resolve(arm, rows, seed)
    result = asdict(score(found, truth))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    rounded = {name: round(value, 4) if isinstance(value, float) else value for name, value in result.items()}
    return {"arm": arm, "records": count, "seed": seed, **rounded, **figures, "peak_mb": peak}


def _resolve(arm: str, rows: list[Record], seed: int) -> tuple[list[object], dict[str, object]]:
    order = list(range(len(rows)))
    if arm == "omo-shuffled":
        from random import Random  # noqa: PLC0415

        Random(seed).shuffle(order)
    gc.disable()
    begin = time.perf_counter()
    filled = columns([rows[place] for place in order])
    prepared = time.perf_counter()
    parting = part(filled, rules(arm))
    done = time.perf_counter()
    found: list[object] = [None] * len(rows)
    for at, place in enumerate(order):
        found[place] = parting.find(at)
    return found, {
        "prepare_seconds": round(prepared - begin, 2),
        "resolve_seconds": round(done - prepared, 2),
        "records_per_second": round(len(rows) / (done - prepared)),
        "claims": len(filled.key),
        "review_items": len(parting.stopped),
        "demoted_keys": len(parting.demoted),
    }


def main(arguments: Sequence[str] | None = None, *, show: Callable[[str], None] = print) -> int:
    """Run one arm, or all of them."""
    parser = argparse.ArgumentParser(prog="benchmarks.identity")
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--arm", choices=(*ARMS, *SPLINK))
    parser.add_argument("--splink", action="store_true", help="run Splink too, which has to be installed")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args(arguments)
    if asked.arm:
        show(json.dumps(run(asked.arm, asked.records, asked.seed)))
        return 0
    found = []
    for arm in (*ARMS, *(SPLINK if asked.splink else ())):
        command = [sys.executable, "-m", "benchmarks.identity", "--arm", arm]
        command += ["--records", str(asked.records), "--seed", str(asked.seed)]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        found.append(json.loads(text.strip().splitlines()[-1]))
        show(text.strip().splitlines()[-1])
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
