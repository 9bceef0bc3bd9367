"""Resolving a whole customer base: quality, speed and memory, beside plain keys and Splink.

    python -m benchmarks.identity [--records 100000 1000000] [--seed 1] [--arm ARM] [--save]

Each arm runs in a process of its own, one after the other, on the same records; those of Splink where it is installed
(`make identity-bench` installs it). Rates count processor time of one core, which other work on the machine disturbs
less than a clock does; the clock stands beside it.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from typing import Any, Final

from attrs import asdict, evolve

from benchmarks.customer_base import DAY, PLACEHOLDER_EMAILS, PLACEHOLDER_PHONES, Record, records
from benchmarks.identity_figures import keep
from benchmarks.scoring import score
from omo_adapters.matching.usual import CustomerMatcher
from omo_adapters.names.traits import spoken
from omo_core.identifiers import Fingerprint, ProfileId
from omo_core.members import DEFAULT_RULES, IdentityRules, KeyRule
from omo_core.members.columns import Columns, Traits
from omo_core.members.parting import Parting, part

BARE: Final = ("plain", "blocked")
OMO: Final = ("omo-strict", "omo", "omo-rare", "omo-shuffled")
MATCHED: Final = ("omo-matched",)
SPLINK: Final = ("splink", "splink-tuned")
ARMS: Final = (*BARE, *OMO, *MATCHED, *SPLINK)
MATCHED_MAX: Final = 200_000
"""The usual matcher looks at all pairs of one name, which are too many in a larger base made up of few names."""
JOINS_AT: Final = 500_000
"""From which likeness a proposal joins in the arm with a matcher, where no guard stops it: more likely than not."""
KINDS: Final = (("card", ""), ("email", ""), ("phone", ""))
BLOCKED = tuple(Fingerprint(value) for value in (*PLACEHOLDER_PHONES, *PLACEHOLDER_EMAILS))


def columns(rows: Sequence[Record]) -> Columns:
    """Write the base down in columns, as a back-fill does."""
    filled, traits = Columns(), dict[str, Traits | None]()
    for row in rows:
        record = filled.add_record(ProfileId(row.name), row.at * DAY)
        for kind, value in zip(KINDS, (row.card, row.email, row.phone), strict=True):
            if value:
                filled.add_claim(record, kind, Fingerprint(value), row.at * DAY, row.seen * DAY)
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
    if arm in BARE:
        bare = tuple(KeyRule(kind=key.kind, proofs=key.proofs, profiles_max=10**9) for key in usual.keys)
        return evolve(usual, keys=bare, records_max=10**9, blocked=BLOCKED if arm == "blocked" else ())
    keys = tuple(evolve(key, names_vouch=arm != "omo-strict") for key in usual.keys)
    if arm in ("omo-rare", *MATCHED):
        keys = tuple(evolve(key, stale_days=None) for key in keys)
    return evolve(usual, blocked=BLOCKED, keys=keys, match_joins_at=JOINS_AT if arm in MATCHED else None)


def run(arm: str, count: int, seed: int) -> dict[str, Any]:
    """Run one arm; gives its figures."""
    rows = list(records(count, seed))
    truth = [row.person for row in rows]
    began, worked = time.perf_counter(), time.process_time()
    if arm in SPLINK:
        from benchmarks.splink_arm import clusters  # noqa: PLC0415  (only where it is asked for)

        found: Sequence[object] = clusters(rows, tuned=arm == "splink-tuned")
        figures: dict[str, Any] = {}
    else:
        found, figures = _resolve(arm, rows, seed)
    figures |= {"seconds": round(time.perf_counter() - began, 2), "cpu_seconds": round(time.process_time() - worked, 2)}
    result = asdict(score(found, truth))  # type: ignore[arg-type]  # whatever tells clusters apart
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    rounded = {name: round(value, 4) if isinstance(value, float) else value for name, value in result.items()}
    return {"arm": arm, "records": count, "seed": seed, **rounded, **figures, "peak_mb": peak}


def _resolve(arm: str, rows: list[Record], seed: int) -> tuple[list[object], dict[str, Any]]:
    order = list(range(len(rows)))
    if arm == "omo-shuffled":
        from random import Random  # noqa: PLC0415

        Random(seed).shuffle(order)
    gc.disable()
    begin = time.process_time()
    filled = columns([rows[place] for place in order])
    prepared = time.process_time()
    matching = _propose(filled, rows) if arm in MATCHED else 0.0
    parting, resolving = _part(filled, rules(arm))
    found: list[object] = [None] * len(rows)
    for at, place in enumerate(order):
        found[place] = parting.find(at)
    return found, {
        "prepare_seconds": round(prepared - begin, 2),
        "resolve_seconds": round(resolving, 2),
        "matcher_seconds": round(matching, 2),
        "records_per_second": round(len(rows) / resolving),
        "records_per_second_in_all": round(len(rows) / (resolving + prepared - begin)),
        "claims": len(filled.key),
        "review_items": len(parting.stopped),
        "demoted_keys": len(parting.demoted),
    }


def _part(filled: Columns, by: IdentityRules) -> tuple[Parting, float]:
    begin = time.process_time()
    parting = part(filled, by)
    return parting, time.process_time() - begin


def _propose(filled: Columns, rows: Sequence[Record]) -> float:
    """Let the usual matcher propose pairs, by what a vault would keep; gives how long that took."""
    begin, blocked = time.process_time(), frozenset(BLOCKED)
    known: Mapping[ProfileId, Mapping[str, str]] = {
        row.name: {
            "name": row.said,
            "phone": "" if row.phone in blocked else row.phone,
            "email": "" if row.email in blocked else row.email,
        }
        for row in rows
    }
    for each in CustomerMatcher(at_least=JOINS_AT).propose(known):
        one, other = filled.place(each.one), filled.place(each.other)
        if one is not None and other is not None:
            filled.proposals.append((each.likeness, f"match/{each.one}:{each.other}", one, other))
    return time.process_time() - begin


def arms_for(count: int) -> tuple[str, ...]:
    """Name the arms that can run here on so many records."""
    if find_spec("splink") is None:
        return (*BARE, *OMO)
    return ARMS if count <= MATCHED_MAX else (*BARE, *OMO, *SPLINK)


def main(arguments: Sequence[str] | None = None, *, show: Callable[[str], None] = print) -> int:
    """Run one arm, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--arm", choices=ARMS)
    parser.add_argument("--save", action="store_true", help="keep the figures and write the page")
    asked = parser.parse_args(arguments)
    if asked.arm:
        show(json.dumps(run(asked.arm, asked.records[0], asked.seed)))
        return 0
    runs = []
    for count in asked.records:
        runs.append([])
        for arm in arms_for(count):
            command = [sys.executable, "-m", "benchmarks.identity", "--arm", arm]
            command += ["--records", str(count), "--seed", str(asked.seed)]
            text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            runs[-1].append(json.loads(text.strip().splitlines()[-1]))
            show(text.strip().splitlines()[-1])
    if asked.save:
        keep("base", {"runs": runs})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
